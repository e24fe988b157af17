//! Equalizer, compressor, delay and reverb on a Cortex-M4 with a floating-point unit: no std, no heap, no
//! operating system. All memory is static, and its size is known when the program is compiled.
//!
//! ```text
//! a pluck --> equalizer --> compressor --> delay --> reverb --> level     in blocks, as a codec's interrupt
//! ```                                                                      hands them over
//!
//! `cargo run --release` in this folder runs it in qemu, which ends with an error if a level is wrong. It
//! prints what each processor takes: bytes, and instructions per block of a millisecond.

#![no_std]
#![no_main]

use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m_rt::entry;
use cortex_m_semihosting::debug::{EXIT_FAILURE, EXIT_SUCCESS, exit};
use cortex_m_semihosting::hprintln;
use mixdsp::{
    Band, Compressor, CompressorConfig, CompressorParams, Delay, DelayConfig, DelayParams, Equalizer,
    EqualizerConfig, EqualizerParams, Error, Processor, Reverb, ReverbConfig, ReverbParams, Spec,
};
use panic_semihosting as _;

const SPEC: Spec = Spec::new(48_000.0, 1);
const BANDS: EqualizerConfig = EqualizerConfig::bands(3);
const NO_LOOK_AHEAD: CompressorConfig = CompressorConfig::DEFAULT;
const LONGEST: DelayConfig = DelayConfig { maximum_seconds: 0.25 };
const ROOM: ReverbConfig = ReverbConfig { size: 0.3, pre_delay_ms: 0.0, distance: 0.3 };
const EQUALIZER_WORDS: usize = Equalizer::<f32>::memory(&SPEC, &BANDS);
const COMPRESSOR_WORDS: usize = Compressor::<f32>::memory(&SPEC, &NO_LOOK_AHEAD);
const DELAY_WORDS: usize = Delay::<f32>::memory(&SPEC, &LONGEST);
const REVERB_WORDS: usize = Reverb::<f32>::memory(&SPEC, &ROOM);
/// Frames per block: a millisecond.
const FRAMES: usize = 48;
/// Milliseconds between the pluck and its echo.
const ECHO_MS: usize = 200;
const BLOCKS: usize = ECHO_MS + 100;
/// qemu counts time in instructions (`-icount shift=0`: a nanosecond each), and this board's timer ticks at 25 MHz.
const INSTRUCTIONS_PER_TICK: u32 = 40;
const TIMER_MASK: u32 = 0x00ff_ffff;

#[entry]
fn main() -> ! {
    // `entry` hands these over as exclusive references; each lies at a fixed address.
    static mut EQUALIZER: [u64; EQUALIZER_WORDS] = [0; EQUALIZER_WORDS];
    static mut COMPRESSOR: [u64; COMPRESSOR_WORDS] = [0; COMPRESSOR_WORDS];
    static mut DELAY: [u64; DELAY_WORDS] = [0; DELAY_WORDS];
    static mut REVERB: [u64; REVERB_WORDS] = [0; REVERB_WORDS];
    let mut timer = cortex_m::Peripherals::take().expect("taken once").SYST;
    timer.set_clock_source(SystClkSource::Core);
    timer.set_reload(TIMER_MASK);
    timer.clear_current();
    timer.enable_counter();
    match run(EQUALIZER, COMPRESSOR, DELAY, REVERB) {
        Ok((pluck, echo)) => {
            hprintln!("peak of the pluck {}, of its echo {}", pluck, echo);
            // The compressor holds the pluck down; of its echo the delay takes 0.3 of a louder moment, and the room a little.
            let sound = (0.2..0.6).contains(&pluck) && (0.15..0.3).contains(&echo);
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
fn run(
    equalizer: &mut [u64],
    compressor: &mut [u64],
    delay: &mut [u64],
    reverb: &mut [u64],
) -> Result<(f32, f32), Error> {
    let bytes = [equalizer.len(), compressor.len(), delay.len(), reverb.len()].map(|words| 8 * words);
    let bands =
        [Band::high_pass(30.0, 0.7), Band::bell(320.0, -2.0, 1.2), Band::high_shelf(9_000.0, 1.5, 0.7)];
    let gentle = CompressorParams { threshold_db: -18.0, ratio: 2.0, ..CompressorParams::default() };
    let echo = DelayParams { time_ms: ECHO_MS as f64, feedback: 0.0, mix: 0.3, ..DelayParams::default() };
    let mut equalizer =
        Equalizer::<f32, _>::new_in(SPEC, BANDS, EqualizerParams { bands: &bands }, equalizer)?;
    let mut compressor = Compressor::<f32, _>::new_in(SPEC, NO_LOOK_AHEAD, gentle, compressor)?;
    let mut delay = Delay::<f32, _>::new_in(SPEC, LONGEST, echo, delay)?;
    let mut reverb = Reverb::<f32, _>::new_in(SPEC, ROOM, ReverbParams::default(), reverb)?;
    let mut chain: [(&str, &mut dyn Processor<f32>); 4] = [
        ("equalizer, 3 bands", &mut equalizer),
        ("compressor", &mut compressor),
        ("delay, 250 ms", &mut delay),
        ("reverb, small room", &mut reverb),
    ];

    let mut peaks = [0.0f32; 2];
    let mut ticks = [0u32; 4];
    for block in 0..BLOCKS {
        // A string of 1 kHz, plucked at the start: 48 samples are a turn.
        let level = if block < 50 { 1.0 - block as f32 / 50.0 } else { 0.0 };
        let mut audio: [f32; FRAMES] = core::array::from_fn(|n| level * triangle(n));
        for ((_, processor), ticks) in chain.iter_mut().zip(&mut ticks) {
            let before = SYST::get_current();
            processor.process(&mut [&mut audio], &[])?;
            *ticks += before.wrapping_sub(SYST::get_current()) & TIMER_MASK;
        }
        let peak = audio.iter().fold(0.0f32, |peak, y| peak.max(y.abs()));
        let which = usize::from(block >= ECHO_MS);
        peaks[which] = peaks[which].max(peak);
    }

    hprintln!("{:20} {:>9} {:>24}", "mono, 48 kHz", "bytes", "instructions per block");
    for (((name, _), bytes), ticks) in chain.iter().zip(bytes).zip(ticks) {
        hprintln!("{:20} {:>9} {:>24}", name, bytes, ticks / BLOCKS as u32 * INSTRUCTIONS_PER_TICK);
    }
    Ok((peaks[0], peaks[1]))
}

/// One turn of a triangle wave in 48 samples.
fn triangle(n: usize) -> f32 {
    let phase = n as f32 / FRAMES as f32;
    1.0 - 4.0 * (phase - 0.5).abs()
}
