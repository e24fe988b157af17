//! Which vector instructions this processor has, asked without std.
//!
//! On 64-bit x86 the processor is asked by CPUID, and XGETBV tells whether the system saves the wide
//! registers (Intel, "Software Developer's Manual", volume 1, chapter 14.3). 64-bit ARM always has NEON.

use fearless_simd::Level;
use mixdsp::SimdLevel;

/// The best level that this machine runs.
pub fn best() -> SimdLevel {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    if has_avx2() {
        // SAFETY: `has_avx2` found every feature that the token stands for.
        return SimdLevel::from(Level::Avx2(unsafe { fearless_simd::Avx2::assume_supported() }));
    }
    SimdLevel::from(Level::baseline())
}

/// AVX2 and all that the vector token stands for beside it: x86-64-v3.
#[cfg(all(target_arch = "x86_64", not(miri)))]
#[allow(unused_unsafe, reason = "CPUID is safe to ask from Rust 1.94 on")]
fn has_avx2() -> bool {
    use core::arch::x86_64::{__cpuid, __cpuid_count};
    // SAFETY: every 64-bit x86 processor has CPUID.
    let leaf = |number| unsafe { __cpuid(number) };
    if leaf(0).eax < 7 || leaf(0x8000_0000).eax < 0x8000_0001 {
        return false;
    }
    let bits = |register: u32, wanted: &[u32]| wanted.iter().all(|bit| register >> bit & 1 == 1);
    let basic = leaf(1);
    // SSE3, SSSE3, FMA, CMPXCHG16B, SSE4.1, SSE4.2, MOVBE, POPCNT, XSAVE, OSXSAVE, AVX, F16C; FXSR
    let first = bits(basic.ecx, &[0, 9, 12, 13, 19, 20, 22, 23, 26, 27, 28, 29]) && bits(basic.edx, &[24]);
    // SAFETY: as above; leaf 7 exists, its number was compared.
    let extended = unsafe { __cpuid_count(7, 0) };
    // BMI1, AVX2, BMI2; then LZCNT
    first && bits(extended.ebx, &[3, 5, 8]) && bits(leaf(0x8000_0001).ecx, &[5]) && saves_wide_registers()
}

/// Whether the system keeps the 256-bit registers of each thread. Asked only where OSXSAVE is set.
#[cfg(all(target_arch = "x86_64", not(miri)))]
fn saves_wide_registers() -> bool {
    let low: u32;
    // SAFETY: OSXSAVE, which the caller found, says that XGETBV may be used; it reads register 0 alone.
    unsafe {
        core::arch::asm!("xgetbv", in("ecx") 0, out("eax") low, out("edx") _, options(nomem, nostack, preserves_flags));
    }
    low & 6 == 6
}
