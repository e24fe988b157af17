//! What the library finds out about the processor is what the standard library says.
#![cfg(all(target_arch = "x86_64", not(miri)))]

#[test]
fn agrees_with_the_standard_library() {
    let features = [
        is_x86_feature_detected!("avx2"),
        is_x86_feature_detected!("bmi1"),
        is_x86_feature_detected!("bmi2"),
        is_x86_feature_detected!("cmpxchg16b"),
        is_x86_feature_detected!("f16c"),
        is_x86_feature_detected!("fma"),
        is_x86_feature_detected!("fxsr"),
        is_x86_feature_detected!("lzcnt"),
        is_x86_feature_detected!("movbe"),
        is_x86_feature_detected!("popcnt"),
        is_x86_feature_detected!("xsave"),
    ];
    let expected = if features.iter().all(|has| *has) { "AVX2" } else { "SSE2" };
    assert_eq!(mixdsp_c::simd::best().name(), expected);
}
