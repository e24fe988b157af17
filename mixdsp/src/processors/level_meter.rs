//! Floor 5: the level meter: peak with ballistics, held peak, and root mean square, per channel.
//!
//! ```text
//! in --> magnitude --> rises by the attack, falls by so many dB per second --> peak --> hold --> held peak
//!   `--> square --> one-pole average --> RMS
//! out = in
//! ```
//!
//! With an attack of 0, the default, the peak is the sample peak and falls by 20 dB in 1.7 s, as digital
//! peak meters do (IEC 60268-18). With an attack it is a quasi-peak: short peaks read less than they are.
//! The held peak stays for `hold_seconds` and then falls as the peak does. An average of 77 ms moves like a
//! VU meter: 300 ms after a sine begins its level is read to 1 %.
//!
//! State: `ballistics`, what the parameters ask for, per set; `has_heard`, whether there was a frame since reset. In the
//! words, per channel and frame, in f64: `Level`.
//!
//! Audio passes through untouched; latency and tail are 0. Cost: about 15 operations per sample.

use crate::base::audio::Block;
use crate::base::layout::layout;
use crate::base::memory::plain;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::base::units::{decibels_to_gain, gain_to_decibels};
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, Run, Setup};
use crate::params::ramp::Change;
use crate::params::{Id, NoConfig, params, readings};

params! {
    /// Settings of a [`LevelMeter`].
    pub struct LevelMeterParams {
        /// Time constant with which the peak rises; 0 reads every sample in full.
        ATTACK_MS = 1, attack_ms ("Attack"): linear(0.0..=100.0, "ms") = 0.0;
        /// How fast the peak falls.
        FALL_DB_PER_SECOND = 2, fall_db_per_second ("Fall"): log(1.0..=1000.0, "dB/s") = 11.8;
        /// How long the held peak stays before it falls.
        HOLD_SECONDS = 3, hold_seconds ("Hold"): linear(0.0..=60.0, "s") = 1.0;
        /// Time constant of the mean square.
        AVERAGE_MS = 4, average_ms ("Average"): log(1.0..=10_000.0, "ms") = 77.0;
    }
}

readings! {
    /// What a [`LevelMeter`] reports; silence has no level. For readings of a channel, the id's item is the
    /// channel: `CHANNEL_PEAK_DB.at(1)`.
    pub struct LevelMeterReadings {
        /// Peak of the channel whose peak is highest.
        PEAK_DB = 2001, peak_db ("Peak"): "dBFS";
        /// Held peak of the channel whose held peak is highest.
        HELD_PEAK_DB = 2002, held_peak_db ("Held peak"): "dBFS";
        /// Highest peak of any channel since reset.
        PEAK_MAX_DB = 2003, peak_max_db ("Peak max"): "dBFS";
        /// Root mean square of the channel where it is highest; a full-scale sine reads -3.01.
        RMS_DB = 2004, rms_db ("RMS"): "dBFS";
        /// Highest root mean square of any channel since reset.
        RMS_MAX_DB = 2005, rms_max_db ("RMS max"): "dBFS";
        /// Peak of a channel.
        CHANNEL_PEAK_DB = 2101, channel_peak_db ("Peak of a channel"): "dBFS";
        /// Held peak of a channel.
        CHANNEL_HELD_PEAK_DB = 2102, channel_held_peak_db ("Held peak of a channel"): "dBFS";
        /// Highest peak of a channel since reset.
        CHANNEL_PEAK_MAX_DB = 2103, channel_peak_max_db ("Peak max of a channel"): "dBFS";
        /// Root mean square of a channel.
        CHANNEL_RMS_DB = 2104, channel_rms_db ("RMS of a channel"): "dBFS";
        /// Highest root mean square of a channel since reset.
        CHANNEL_RMS_MAX_DB = 2105, channel_rms_max_db ("RMS max of a channel"): "dBFS";
    }
}

plain! {
    /// What one channel remembers, as amplitudes and squares.
    pub(crate) struct Level {
        /// The peak.
        peak: f64,
        /// The held peak, and frames since it was reached.
        held: f64,
        age: u64,
        /// The average of the squares.
        mean_square: f64,
        /// The largest peak and the largest average since reset.
        peak_max: f64,
        mean_square_max: f64,
    }
}

/// What a level meter keeps.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    channels: usize,
}

impl Sizes {
    const fn new(spec: &Spec, _: &NoConfig) -> Self {
        Self { channels: spec.inputs }
    }
}

layout! {
    /// The words of a level meter.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// What each channel remembers.
        levels: [Level; sizes.channels],
    }
}

processor! {
    /// Measures peak and RMS with ballistics and peak hold.
    /// Audio passes through untouched. 1 to 24 channels, as many out as in.
    pub LevelMeter = LevelMeterKind {
        key: "level_meter",
        label: "LevelMeter",
        params: LevelMeterParams,
        readings: LevelMeterReadings,
        memory: Memory / MemoryRef by Sizes,
    }
}

/// What the parameters ask for, per frame.
#[derive(Clone, Copy, Debug)]
struct Ballistics {
    /// Share of what lies above the peak that it rises by.
    rise: f64,
    /// Factor of the peak.
    fall: f64,
    /// Frames for which the held peak stays.
    hold: u64,
    /// Share of the new square in the mean.
    share: f64,
}

impl Ballistics {
    fn new(params: &LevelMeterParams, sample_rate: f64) -> Self {
        let LevelMeterParams { attack_ms, fall_db_per_second, hold_seconds, average_ms } = *params;
        let share = |milliseconds: f64| -libm::expm1(-1e3 / (milliseconds * sample_rate));
        Self {
            rise: if attack_ms > 0.0 { share(attack_ms) } else { 1.0 },
            fall: decibels_to_gain(-fall_db_per_second / sample_rate),
            hold: libm::round(hold_seconds * sample_rate) as u64,
            share: share(average_ms),
        }
    }
}

impl Level {
    fn follow<T: Sample>(&mut self, ballistics: &Ballistics, samples: &[T]) {
        let Ballistics { rise, fall, hold, share } = *ballistics;
        let mut now = *self;
        for sample in samples {
            let magnitude = sample.abs().to_f64();
            now.peak *= fall;
            let above = magnitude - now.peak;
            // At a rise of 1 the peak is the sample, bit for bit.
            let risen = if rise == 1.0 { magnitude } else { now.peak + rise * above };
            now.peak = if above > 0.0 { risen } else { now.peak };
            let fallen = if now.age < hold { now.held } else { now.held * fall };
            let is_new = now.peak >= fallen;
            now.held = if is_new { now.peak } else { fallen };
            now.age = if is_new { 0 } else { now.age + 1 };
            now.mean_square += share * (magnitude * magnitude - now.mean_square);
            now.peak_max = now.peak_max.max(now.peak);
            now.mean_square_max = now.mean_square_max.max(now.mean_square);
        }
        *self = now;
    }
}

/// The state of a [`LevelMeter`].
#[derive(Debug)]
pub struct State {
    ballistics: Ballistics,
    has_heard: bool,
}

impl ProcessorKind for LevelMeterKind {
    type Moving = ();
    type State<T: Sample> = State;

    fn design(_: &Setup<'_, Self>) {}

    fn start<T: Sample>(setup: &Setup<'_, Self>, _: Memory<'_, T>) -> State {
        let ballistics = Ballistics::new(&setup.params(), setup.spec.sample_rate);
        State { ballistics, has_heard: false }
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        run.state.has_heard |= block.frames() != 0;
        let ballistics = run.state.ballistics;
        for (channel, level) in run.memory.levels.iter_mut().enumerate() {
            level.follow(&ballistics, block.input(channel));
        }
    }

    fn change<T: Sample>(run: Run<'_, Self, T>, _: Id, _: Change) {
        run.state.ballistics = Ballistics::new(&run.setup.params(), run.setup.spec.sample_rate);
    }

    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        for level in run.memory.levels {
            for value in [&mut level.peak, &mut level.held, &mut level.mean_square] {
                *value = value.flushed();
            }
        }
    }

    fn reading<T: Sample>(look: Look<'_, Self, T>, id: Id) -> Option<f64> {
        let highest = highest(look.memory.levels, id)?;
        (look.state.has_heard && highest > 0.0).then(|| gain_to_decibels(highest))
    }
}

/// A reading as an amplitude: of one channel, or of the one where it is highest.
fn highest(levels: &[Level], id: Id) -> Option<f64> {
    type R = LevelMeterReadings;
    let amplitude = |level: &Level| match id.at(0).typed() {
        R::PEAK_DB | R::CHANNEL_PEAK_DB => level.peak,
        R::HELD_PEAK_DB | R::CHANNEL_HELD_PEAK_DB => level.held,
        R::PEAK_MAX_DB | R::CHANNEL_PEAK_MAX_DB => level.peak_max,
        R::RMS_DB | R::CHANNEL_RMS_DB => libm::sqrt(level.mean_square),
        R::RMS_MAX_DB | R::CHANNEL_RMS_MAX_DB => libm::sqrt(level.mean_square_max),
        _ => 0.0,
    };
    if id.number() < R::CHANNEL_PEAK_DB.number() {
        Some(levels.iter().map(amplitude).fold(0.0, f64::max))
    } else {
        levels.get(id.item() as usize).map(amplitude)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Processor;
    use alloc::vec::Vec;
    type P = LevelMeterParams;
    type R = LevelMeterReadings;

    const RATE: f64 = 48_000.0;

    fn meter(params: LevelMeterParams, channels: usize) -> LevelMeter<f32> {
        LevelMeter::new(Spec::new(RATE, channels), NoConfig, params).unwrap()
    }

    fn sine(seconds: f64, amplitude: f64) -> Vec<f32> {
        let turn = 2.0 * core::f64::consts::PI * 1_000.0 / RATE;
        (0..(seconds * RATE) as usize).map(|n| (amplitude * libm::sin(turn * n as f64)) as f32).collect()
    }

    #[test]
    fn a_sine_reads_its_peak_and_its_rms() {
        let mut meter = meter(P::default(), 2);
        for id in [R::PEAK_DB, R::RMS_DB, R::PEAK_MAX_DB] {
            assert_eq!(meter.get(id), None, "before the first frame");
        }
        let (mut left, mut right) = (sine(1.0, 0.5), sine(1.0, 0.1));
        let before = left.clone();
        meter.process(&mut [&mut left, &mut right], &[]).unwrap();
        assert_eq!(left, before, "audio passes untouched");
        let read = |id| meter.get(id).unwrap();
        assert!((read(R::PEAK_DB) + 6.0206).abs() < 0.01);
        assert!((read(R::RMS_DB) + 9.0309).abs() < 0.05);
        assert!((read(R::CHANNEL_RMS_DB.at(1)) + 23.01).abs() < 0.05);
        assert!((read(R::CHANNEL_PEAK_MAX_DB.at(1)) + 20.0).abs() < 1e-3);
        assert_eq!(meter.get(R::CHANNEL_PEAK_DB.at(2)), None, "there are two channels");
        meter.reset();
        assert_eq!(meter.get(R::PEAK_MAX_DB), None);
    }

    #[test]
    fn the_peak_falls_20_db_in_1_7_s_and_the_held_one_waits() {
        let mut meter = meter(P::default(), 1);
        meter.process(&mut [&mut [1.0]], &[]).unwrap();
        let mut wait = |frames: usize| {
            meter.process(&mut [&mut alloc::vec![0.0; frames]], &[]).unwrap();
            [R::PEAK_DB, R::HELD_PEAK_DB, R::PEAK_MAX_DB].map(|id| meter.get(id).unwrap())
        };
        let [peak, held, _] = wait(48_000);
        assert!((peak + 11.8).abs() < 1e-6 && held == 0.0, "{peak} {held}");
        let [peak, held, max] = wait(33_600);
        assert!((peak + 20.06).abs() < 1e-3, "after 1.7 s: {peak}");
        assert!((held + 8.26).abs() < 1e-3, "0.7 s after its hold: {held}");
        assert_eq!(max, 0.0);
    }

    #[test]
    fn the_rms_rises_by_its_time_constant() {
        let mut meter = meter(P { average_ms: 100.0, ..P::default() }, 1);
        let mut steady = alloc::vec![0.5; 4_800];
        meter.process(&mut [&mut steady], &[]).unwrap();
        let expected = 20.0 * libm::log10(0.5) + 10.0 * libm::log10(1.0 - libm::exp(-1.0));
        assert!((meter.get(R::RMS_DB).unwrap() - expected).abs() < 1e-6);
        // The default reads a sine to 1 % after 300 ms.
        let mut meter = self::meter(P::default(), 1);
        meter.process(&mut [&mut sine(0.3, 1.0)], &[]).unwrap();
        let after = meter.get(R::RMS_DB).unwrap();
        assert!((decibels_to_gain(after + 3.0103) - 0.99).abs() < 0.002, "{after}");
    }

    #[test]
    fn with_an_attack_a_short_peak_reads_less() {
        let mut meter = meter(P { attack_ms: 5.0, fall_db_per_second: 1.0, ..P::default() }, 1);
        let mut steady = alloc::vec![1.0; 240];
        meter.process(&mut [&mut steady], &[]).unwrap();
        let expected = 20.0 * libm::log10(1.0 - libm::exp(-1.0));
        assert!((meter.get(R::PEAK_DB).unwrap() - expected).abs() < 0.01);
    }
}
