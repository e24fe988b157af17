//! Crossfeed: for headphones, lets each ear hear some of the other side's lows, as from loudspeakers.
//!
//! ```text
//! left  --+--> high shelf --(+)--(x gain)--> left
//!          `-> low-pass ----|---.
//!          .-> low-pass ----'    `---.
//! right --+--> high shelf ---------(+)--(x gain)--> right
//! ```
//!
//! Each ear's own side is lowered below the frequency, and the other side comes in there, both by filters of first order;
//! the low-pass delays as the way around the head does, about 0.3 ms. What both sides have alike keeps its level at 0 Hz
//! and loses highs: 1.8 dB with a feed of 4.5 dB, 1.1 dB with one of 9.5. The numbers are those of bs2b (B. Mikhaylov, "Bauer
//! stereophonic-to-binaural DSP", 2005), after B. B. Bauer, "Stereophonic Earphones and Binaural Loudspeakers", JAES 9,
//! 1961: with a feed of F dB, of the lowest frequencies the own side keeps F / 6 - 3 dB, and -5 F / 6 - 3 dB cross.
//!
//! Moving: the numbers of both filters. State: one number per filter and channel, in f64. Latency is 0. Cost: eight
//! multiplications per frame. The response is that of what left and right have alike.

use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::base::units::decibels_to_gain;
use crate::engine::declare::processor;
use crate::engine::kind::{Channels, Look, Preset, ProcessorKind, ResponseAt, Run, Setup};
use crate::params::smoothed::smoothed;
use crate::params::{Settings, params};
use core::f64::consts::TAU;
use num_complex::Complex;

params! {
    /// Settings of a [`Crossfeed`].
    pub struct CrossfeedParams {
        /// Below which the sides are mixed.
        FREQUENCY_HZ = 1, frequency_hz ("Frequency"): frequency(300.0..=2000.0) = 700.0;
        /// How far the other side is below the own one at the lowest frequencies: the less, the narrower.
        FEED_DB = 2, feed_db ("Feed"): linear(1.0..=15.0, "dB") = 4.5;
    }
}

/// Usual settings of bs2b.
const PRESETS: &[Preset] = &[
    Preset {
        key: "standard",
        doc: "Nearest to a pair of loudspeakers at 60 degrees, 3 m away: the default.",
        each: |visit| CrossfeedParams::default().each(visit),
    },
    Preset {
        key: "chu_moy",
        doc: "As in the amplifier by Chu Moy.",
        each: |visit| CrossfeedParams { frequency_hz: 700.0, feed_db: 6.0 }.each(visit),
    },
    Preset {
        key: "jan_meier",
        doc: "As in the amplifiers by Jan Meier: the gentlest.",
        each: |visit| CrossfeedParams { frequency_hz: 650.0, feed_db: 9.5 }.each(visit),
    },
];

processor! {
    /// Lets each ear hear some of the other side's lows, for headphones.
    /// Two channels.
    pub Crossfeed = CrossfeedKind {
        key: "crossfeed",
        label: "Crossfeed",
        params: CrossfeedParams,
        presets: PRESETS,
        channels: Channels::Exactly(2),
    }
}

smoothed! {
    /// Both filters: y = in in + before x1 + back y1.
    pub design struct Filters { low_in, low_back, high_in, high_before, high_back }
}

impl Filters {
    fn new(params: &CrossfeedParams, sample_rate: f64) -> Self {
        let CrossfeedParams { frequency_hz, feed_db } = *params;
        let low_db = feed_db * -5.0 / 6.0 - 3.0;
        let low_gain = decibels_to_gain(low_db);
        let high_gain = 1.0 - decibels_to_gain(feed_db / 6.0 - 3.0);
        let high_hz = frequency_hz * libm::exp2((low_db - 20.0 * libm::log10(high_gain)) / 12.0);
        let pole = |hz: f64| libm::exp(-TAU * hz / sample_rate);
        let (low, high) = (pole(frequency_hz), pole(high_hz));
        // What both sides have alike keeps its level.
        let gain = 1.0 / (1.0 - high_gain + low_gain);
        Self {
            low_in: gain * low_gain * (1.0 - low),
            low_back: low,
            high_in: gain * (1.0 - high_gain * (1.0 - high)),
            high_before: -gain * high,
            high_back: high,
        }
    }
}

/// The state of a [`Crossfeed`]: of each channel.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    /// What the low-pass gave.
    low: f64,
    /// What the shelf keeps between frames.
    high: f64,
}

impl Memory {
    /// One frame through the low-pass and the shelf.
    #[inline(always)]
    fn step(&mut self, by: &Filters, x: f64) -> [f64; 2] {
        self.low = by.low_in * x + by.low_back * self.low;
        let high = by.high_in * x + self.high;
        self.high = by.high_before * x + by.high_back * high;
        [self.low, high]
    }
}

impl ProcessorKind for CrossfeedKind {
    type Moving = Filters;
    type State<T: Sample> = [Memory; 2];

    fn design(setup: &Setup<'_, Self>) -> Filters {
        Filters::new(&setup.params(), setup.spec.sample_rate)
    }

    fn start<T: Sample>(_: &Setup<'_, Self>, (): ()) -> [Memory; 2] {
        Default::default()
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        let mut of = *run.state;
        run.moving.over_chunks(block, |block, filters, _| {
            let [left, right] = block.channels_from::<2>(0);
            for (f, (l, r)) in left.iter_mut().zip(right).enumerate() {
                let by = filters.at(f);
                let [left_low, left_high] = of[0].step(&by, l.to_f64());
                let [right_low, right_high] = of[1].step(&by, r.to_f64());
                *l = T::from_f64(left_high + right_low);
                *r = T::from_f64(right_high + left_low);
            }
        });
        *run.state = of;
    }

    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        for Memory { low, high } in run.state {
            (*low, *high) = (low.flushed(), high.flushed());
        }
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        let Filters { low_back, high_back, .. } = look.moving.target();
        let slowest = low_back.max(high_back);
        let decay = -120.0 / (20.0 * libm::log10(slowest));
        Some(libm::ceil(decay) as usize + look.moving.frames_left())
    }

    fn response<T: Sample>(look: Look<'_, Self, T>, hz: f64, at: ResponseAt) -> Option<Complex<f64>> {
        let Filters { low_in, low_back, high_in, high_before, high_back } = look.moving_at(at);
        let z1 = Complex::from_polar(1.0, -TAU * hz / look.setup.spec.sample_rate);
        Some(low_in / (1.0 - low_back * z1) + (high_in + high_before * z1) / (1.0 - high_back * z1))
    }
}
