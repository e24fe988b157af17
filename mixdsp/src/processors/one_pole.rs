//! One pole: the gentlest low-pass, 6 dB per octave.
//!
//! ```text
//! in --> 1 / (s + 1), s in units of the corner frequency --> out
//! ```
//!
//! The magnitude follows the analogue curve up to 20 kHz
//! ([`filter::design::matched`](crate::dsp::filter::design::matched)); at the corner the level has fallen by 3 dB.
//!
//! State: a cascade of one section, see `filter::svf_cascade`. Latency is 0. Cost: one second-order section, whose
//! second pole and zero serve the fit.

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
use num_complex::Complex;

params! {
    /// Settings of a [`OnePole`].
    pub struct OnePoleParams {
        /// Corner, where the level has fallen by 3 dB.
        FREQUENCY_HZ = 1, frequency_hz ("Frequency"): frequency(10.0..=20000.0) = 1000.0;
    }
}

processor! {
    /// Takes away above a frequency, gently: 6 dB per octave.
    /// As many channels out as in.
    pub OnePole = OnePoleKind {
        key: "one_pole",
        label: "One-pole low-pass",
        params: OnePoleParams,
        memory: SvfCascade / SvfCascadeRef by Sizes = sizes,
    }
}

const fn sizes(spec: &Spec, _: &NoConfig) -> Sizes {
    Sizes { sections: 1, channels: spec.inputs, placed: false, block_of_four: true }
}

/// The section that the parameters ask for.
fn section(setup: &Setup<'_, OnePoleKind>) -> Svf {
    let OnePoleParams { frequency_hz } = setup.params();
    let prototype = Prototype { shape: Shape::LowPass1, frequency_hz, q: 1.0, gain_db: 0.0 };
    matched(&prototype, setup.spec.sample_rate)
}

impl ProcessorKind for OnePoleKind {
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

    #[test]
    fn it_falls_by_6_db_per_octave_from_its_corner() {
        let params = OnePoleParams { frequency_hz: 500.0 };
        let mut storage = [0u64; 256];
        let unit =
            OnePole::<f64, _>::new_in(Spec::new(48_000.0, 1), NoConfig, params, &mut storage[..]).unwrap();
        let level = |frequency_hz: f64| {
            gain_to_decibels(unit.response(frequency_hz, ResponseAt::Settled).map_or(f64::NAN, |h| h.norm()))
        };
        assert!((level(500.0) + 3.0103).abs() < 0.02, "{}", level(500.0));
        for frequency_hz in [20.0, 125.0, 2_000.0, 8_000.0, 19_000.0] {
            let analogue = -10.0 * libm::log10(1.0 + (frequency_hz / 500.0) * (frequency_hz / 500.0));
            assert!((level(frequency_hz) - analogue).abs() < 0.02, "{frequency_hz}: {}", level(frequency_hz));
        }
    }
}
