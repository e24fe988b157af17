//! DC blocker: takes away what stands still, and leaves the bass.
//!
//! ```text
//! in --> s^2 / (s^2 + sqrt(2) s + 1), s in units of the corner frequency --> out
//! ```
//!
//! A Butterworth high-pass of second order ([`filter::design::matched`](crate::dsp::filter::design::matched)). At the
//! default corner of 5 Hz a tone of 20 Hz loses 0.02 dB and turns by 20 degrees; an offset has fallen by 120 dB after
//! 0.7 s. It comes first in a chain: an offset takes headroom and makes compressors and saturation lopsided.
//!
//! State: a cascade of one section, see `filter::svf_cascade`. Latency is 0. Cost: one second-order section.

use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::dsp::filter::design::{Prototype, Shape, Svf, matched};
use crate::dsp::filter::placement::Placement;
use crate::dsp::filter::stereo_placement::EVERYWHERE;
use crate::dsp::filter::svf_cascade::{Sizes, State, SvfCascade, SvfCascadeRef};
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, ResponseAt, Run, Setup};
use crate::params::ramp::Change;
use crate::params::{Id, NoConfig, params};
use core::f64::consts::FRAC_1_SQRT_2;
use num_complex::Complex;

params! {
    /// Settings of a [`DcBlocker`].
    pub struct DcBlockerParams {
        /// Corner, where the level has fallen by 3 dB.
        FREQUENCY_HZ = 1, frequency_hz ("Frequency"): frequency(1.0..=40.0) = 5.0;
    }
}

processor! {
    /// Takes away a constant offset and leaves the bass.
    /// As many channels out as in.
    pub DcBlocker = DcBlockerKind {
        key: "dc_blocker",
        label: "DC blocker",
        params: DcBlockerParams,
        memory: SvfCascade / SvfCascadeRef by Sizes = sizes,
    }
}

const fn sizes(spec: &Spec, _: &NoConfig) -> Sizes {
    Sizes { sections: 1, channels: spec.inputs, placed: false, block_of_four: true }
}

/// The section that the parameters ask for.
fn section(setup: &Setup<'_, DcBlockerKind>) -> Svf {
    let DcBlockerParams { frequency_hz } = setup.params();
    let prototype = Prototype { shape: Shape::HighPass, frequency_hz, q: FRAC_1_SQRT_2, gain_db: 0.0 };
    matched(&prototype, setup.spec.sample_rate)
}

impl ProcessorKind for DcBlockerKind {
    type Moving = ();
    type State<T: Sample> = State;

    fn design(_: &Setup<'_, Self>) {}

    fn start<T: Sample>(setup: &Setup<'_, Self>, mut cascade: SvfCascade<'_, T>) -> State {
        cascade.start(setup.spec.sample_rate, |_| section(setup), |_| EVERYWHERE)
    }

    fn process<T: Sample>(mut run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        run.memory.process(run.state, run.setup.spec.simd, &mut block);
    }

    fn change<T: Sample>(mut run: Run<'_, Self, T>, _: Id, change: Change) {
        run.memory.change(run.state, 0, section(&run.setup), change);
    }

    fn flush_denormals<T: Sample>(mut run: Run<'_, Self, T>) {
        run.memory.flush_denormals();
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        Some(look.memory.tail())
    }

    fn response<T: Sample>(look: Look<'_, Self, T>, hz: f64, at: ResponseAt) -> Option<Complex<f64>> {
        Some(look.memory.response(Placement::All, hz, look.setup.spec.sample_rate, at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Processor;
    use crate::base::units::gain_to_decibels;

    fn level_db(unit: &DcBlocker<f64>, frequency_hz: f64) -> f64 {
        gain_to_decibels(unit.response(frequency_hz, ResponseAt::Settled).map_or(f64::NAN, |h| h.norm()))
    }

    #[test]
    fn it_is_the_butterworth_filter_of_second_order() {
        for rate in [8_000.0, 48_000.0, 384_000.0] {
            let unit = DcBlocker::<f64>::new(Spec::new(rate, 1), NoConfig, ()).unwrap();
            for frequency_hz in [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 100.0, 3_000.0] {
                let ratio: f64 = 5.0 / frequency_hz;
                let analogue = -10.0 * libm::log10(1.0 + ratio.powi(4));
                let level = level_db(&unit, frequency_hz);
                assert!((level - analogue).abs() < 0.01, "{rate}, {frequency_hz}: {level}, not {analogue}");
            }
        }
    }

    #[test]
    fn an_offset_is_gone_after_less_than_a_second_and_the_bass_stays() {
        let rate = 48_000.0;
        let mut unit = DcBlocker::<f32>::new(Spec::new(rate, 1), NoConfig, ()).unwrap();
        let tone = |n: usize| libm::sin(core::f64::consts::TAU * 40.0 * n as f64 / rate);
        let mut audio: alloc::vec::Vec<f32> = (0..144_000).map(|n| (0.5 + 0.25 * tone(n)) as f32).collect();
        unit.process(&mut [&mut audio], &[]).unwrap();
        let last = &audio[96_000..];
        let offset = last.iter().map(|y| f64::from(*y)).sum::<f64>() / last.len() as f64;
        let power = last.iter().map(|y| f64::from(*y).powi(2)).sum::<f64>() / last.len() as f64;
        let level = gain_to_decibels((2.0 * power).sqrt() / 0.25);
        std::println!("offset {:.1} dBFS, 40 Hz {level:+.4} dB", gain_to_decibels(offset.abs()));
        assert!(gain_to_decibels(offset.abs()) < -120.0, "{offset}");
        assert!(level.abs() < 0.01, "{level} dB");
    }

    #[test]
    fn its_tail_is_the_time_in_which_an_offset_falls_by_120_db() {
        let mut unit = DcBlocker::<f64>::new(Spec::new(48_000.0, 1), NoConfig, ()).unwrap();
        let tail = unit.tail().unwrap();
        let mut audio = alloc::vec![1.0; tail + 1_000];
        unit.process(&mut [&mut audio], &[]).unwrap();
        let after = audio[tail..].iter().fold(0.0, |peak: f64, y| peak.max(y.abs()));
        std::println!("tail {tail} frames, then {:.1} dB", gain_to_decibels(after));
        assert!(gain_to_decibels(after) < -119.0 && tail < 48_000, "{tail} frames, then {after}");
    }
}
