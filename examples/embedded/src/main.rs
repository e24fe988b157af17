//! Gain, equalizer and delay on a Cortex-M4 with a floating-point unit: no std, no heap, no operating
//! system. All memory is static, and its size is known when the program is compiled.
//!
//! ```text
//! a pluck --> gain --> equalizer --> delay --> level        in blocks, as a codec's interrupt hands them over
//! ```
//!
//! `cargo run --release` in this folder runs it in qemu, which ends with an error if a level is wrong.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use cortex_m_semihosting::debug::{EXIT_FAILURE, EXIT_SUCCESS, exit};
use cortex_m_semihosting::hprintln;
use mixdsp::{
    Band, Delay, DelayConfig, DelayParams, Equalizer, EqualizerConfig, EqualizerParams, Error, Gain, GainParams,
    NoConfig, Processor, Spec,
};
use panic_semihosting as _;

const SPEC: Spec = Spec::new(48_000.0, 1);
const BANDS: EqualizerConfig = EqualizerConfig::bands(3);
const LONGEST: DelayConfig = DelayConfig { maximum_seconds: 0.25 };
const GAIN_WORDS: usize = Gain::<f32>::memory(&SPEC, &NoConfig);
const EQUALIZER_WORDS: usize = Equalizer::<f32>::memory(&SPEC, &BANDS);
const DELAY_WORDS: usize = Delay::<f32>::memory(&SPEC, &LONGEST);
/// Frames per block: a millisecond.
const FRAMES: usize = 48;
/// Milliseconds between the pluck and its echo.
const ECHO_MS: usize = 200;

#[entry]
fn main() -> ! {
    // `entry` hands these over as exclusive references; each lies at a fixed address.
    static mut GAIN: [u64; GAIN_WORDS] = [0; GAIN_WORDS];
    static mut EQUALIZER: [u64; EQUALIZER_WORDS] = [0; EQUALIZER_WORDS];
    static mut DELAY: [u64; DELAY_WORDS] = [0; DELAY_WORDS];
    let words = GAIN.len() + EQUALIZER.len() + DELAY.len();
    hprintln!("three processors in {} bytes of static memory", 8 * words);
    match run(GAIN, EQUALIZER, DELAY) {
        Ok((pluck, echo)) => {
            hprintln!("peak of the pluck {}, of its echo {}", pluck, echo);
            // Half the level, an echo at 0.3 of it.
            let sound = (0.4..0.6).contains(&pluck) && (0.1..0.2).contains(&echo);
            exit(if sound { EXIT_SUCCESS } else { EXIT_FAILURE });
        }
        Err(error) => {
            hprintln!("{}", error);
            exit(EXIT_FAILURE);
        }
    }
    loop {
        cortex_m::asm::wfi();
    }
}

/// The peaks of the pluck and of its echo.
fn run(gain: &mut [u64], equalizer: &mut [u64], delay: &mut [u64]) -> Result<(f32, f32), Error> {
    let half = GainParams { gain_db: -6.02, ..GainParams::default() };
    let bands = [Band::high_pass(30.0, 0.7071), Band::bell(320.0, -2.0, 1.2), Band::high_shelf(9_000.0, 1.5, 0.7071)];
    let echo = DelayParams { time_ms: ECHO_MS as f64, feedback: 0.0, mix: 0.3, ..DelayParams::default() };
    let mut chain = (
        Gain::<f32, _>::new_in(SPEC, NoConfig, half, gain)?,
        Equalizer::<f32, _>::new_in(SPEC, BANDS, EqualizerParams { bands: &bands }, equalizer)?,
        Delay::<f32, _>::new_in(SPEC, LONGEST, echo, delay)?,
    );
    let mut peaks = [0.0f32; 2];
    for block in 0..ECHO_MS + 100 {
        // A string of 1 kHz, plucked at the start: 48 samples are a turn.
        let level = if block < 50 { 1.0 - block as f32 / 50.0 } else { 0.0 };
        let mut audio: [f32; FRAMES] = core::array::from_fn(|n| level * triangle(n));
        chain.process(&mut [&mut audio], &[])?;
        let peak = audio.iter().fold(0.0f32, |peak, y| peak.max(y.abs()));
        let which = usize::from(block >= ECHO_MS);
        peaks[which] = peaks[which].max(peak);
    }
    Ok((peaks[0], peaks[1]))
}

/// One turn of a triangle wave in 48 samples.
fn triangle(n: usize) -> f32 {
    let phase = n as f32 / FRAMES as f32;
    1.0 - 4.0 * (phase - 0.5).abs()
}
