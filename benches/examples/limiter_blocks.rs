//! Blocks of 512 frames through a limiter, for benches/worst_block to count the instructions of each. The
//! audio changes all the time: silence, hits, bass, noise far over the ceiling, lone impulses.

use mixdsp::{Limiter, LimiterConfig, LimiterParams, Processor, Spec};

const FRAMES: usize = 512;
const BLOCKS: usize = 480;

fn main() {
    let preset = std::env::args().nth(1).unwrap_or_default();
    let (config, params) = match preset.as_str() {
        "mastering" => (LimiterConfig::mastering(), LimiterParams::mastering()),
        "live" => (LimiterConfig::live(), LimiterParams::live()),
        _ => (LimiterConfig::mix(), LimiterParams::mix()),
    };
    let spec = Spec::new(48_000.0, 2);
    let mut limiter = Limiter::<f32>::new(spec, config, params).expect("a preset");
    let mut seed = 1u32;
    let mut random = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    for block in 0..BLOCKS {
        let mut audio = [[0f32; FRAMES]; 2];
        // Each kind lasts some blocks; at their borders one follows on the other within a block.
        for frame in 0..FRAMES {
            let at = block * FRAMES + frame;
            let bass = (at as f32 * 0.0079).sin();
            let sample = match (at + 200) / (8 * FRAMES) % 6 {
                0 => 0.0,
                1 => 4.0 * random(),
                2 => 2.5 * bass,
                3 if at.is_multiple_of(97) => 3.0,
                3 => 0.0,
                4 => 0.1 * random(),
                _ => 1.5 * bass + 2.0 * random() * (-((at % 4_800) as f32) * 0.002).exp(),
            };
            audio[0][frame] = sample;
            audio[1][frame] = -0.7 * sample + 0.01 * random();
        }
        one_block(&mut limiter, &mut audio);
    }
}

/// What is counted.
#[inline(never)]
fn one_block(limiter: &mut Limiter<f32>, audio: &mut [[f32; FRAMES]; 2]) {
    let [left, right] = audio;
    limiter.process(&mut [left, right], &[]).expect("two channels of one length");
    std::hint::black_box(audio);
}
