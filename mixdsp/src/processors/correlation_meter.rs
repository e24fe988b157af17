//! Floor 5: the correlation meter: how alike left and right are, and which is louder.
//!
//! ```text
//! left, right --> left², right², left x right --> one-pole averages --> correlation, balance, loss in mono
//! out = in
//! ```
//!
//! What these say of the channels: see `dsp::stereo_means`.
//!
//! State: the three `means`, per frame, in f64; `patience`, the frames of a time constant, per set; `heard`, frames since
//! reset; `lowest`, the lowest correlation, looked at every 512 frames once a time constant has passed.
//!
//! Audio passes through untouched; latency and tail are 0. Cost: nine operations per frame.

use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::dsp::stereo_means::StereoMeans;
use crate::engine::declare::processor;
use crate::engine::kind::{Channels, Look, ProcessorKind, Run, Setup};
use crate::params::ramp::Change;
use crate::params::{Id, params, readings};

params! {
    /// Settings of a [`CorrelationMeter`].
    pub struct CorrelationMeterParams {
        /// Time constant of the averages.
        AVERAGE_MS = 1, average_ms ("Average"): log(10.0..=10_000.0, "ms") = 300.0;
    }
}

readings! {
    /// What a [`CorrelationMeter`] reports.
    pub struct CorrelationMeterReadings {
        /// From 1, mono, over 0, unrelated, to -1, where a mono sum cancels. `None` while a channel is under
        /// -120 dBFS.
        CORRELATION = 2001, correlation ("Correlation"): "";
        /// The lowest since reset.
        CORRELATION_MIN = 2002, correlation_min ("Correlation min"): "";
        /// From -1, all of the energy on the left, to 1, all on the right. `None` while both are under
        /// -120 dBFS.
        BALANCE = 2003, balance ("Balance"): "";
        /// By how much the mono sum is quieter than both channels together: 0 for mono, 3 for unrelated channels, at most
        /// 120. `None` while both are under -120 dBFS.
        MONO_LOSS_DB = 2004, mono_loss_db ("Loss in mono"): "dB";
    }
}

processor! {
    /// Measures how alike left and right are, and which is louder.
    /// Audio passes through untouched. Two channels.
    pub CorrelationMeter = CorrelationMeterKind {
        key: "correlation_meter",
        label: "CorrelationMeter",
        params: CorrelationMeterParams,
        readings: CorrelationMeterReadings,
        channels: Channels::Exactly(2),
    }
}

/// The state of a [`CorrelationMeter`].
#[derive(Debug)]
pub struct State {
    means: StereoMeans,
    /// Frames of a time constant.
    patience: u64,
    /// Frames since reset.
    heard: u64,
    lowest: f64,
}

impl State {
    fn design(&mut self, params: &CorrelationMeterParams, sample_rate: f64) {
        let frames = params.average_ms * 1e-3 * sample_rate;
        self.means.average_over(frames);
        self.patience = frames as u64;
    }
}

impl ProcessorKind for CorrelationMeterKind {
    type Moving = ();
    type State<T: Sample> = State;

    fn design(_: &Setup<'_, Self>) {}

    fn start<T: Sample>(setup: &Setup<'_, Self>, (): ()) -> State {
        let mut state = State { means: StereoMeans::new(1.0), patience: 0, heard: 0, lowest: f64::INFINITY };
        state.design(&setup.params(), setup.spec.sample_rate);
        state
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        run.state.means.hear(block.input(0), block.input(1));
        run.state.heard += block.frames() as u64;
    }

    fn change<T: Sample>(run: Run<'_, Self, T>, _: Id, _: Change) {
        run.state.design(&run.setup.params(), run.setup.spec.sample_rate);
    }

    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        let state = run.state;
        state.means.flush_denormals();
        if let Some(correlation) = state.means.correlation().filter(|_| state.heard >= state.patience) {
            state.lowest = state.lowest.min(correlation);
        }
    }

    fn reading<T: Sample>(look: Look<'_, Self, T>, id: Id) -> Option<f64> {
        let state = look.state;
        match id.typed() {
            CorrelationMeterReadings::CORRELATION => state.means.correlation(),
            CorrelationMeterReadings::CORRELATION_MIN => state.lowest.is_finite().then_some(state.lowest),
            CorrelationMeterReadings::BALANCE => state.means.balance(),
            CorrelationMeterReadings::MONO_LOSS_DB => state.means.mono_loss_db(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NoConfig, Processor, Spec};
    use alloc::vec::Vec;
    type R = CorrelationMeterReadings;

    fn measured(left: Vec<f64>, right: Vec<f64>) -> CorrelationMeter<f64> {
        let mut meter = CorrelationMeter::new(Spec::new(48_000.0, 2), NoConfig, ()).unwrap();
        assert_eq!(meter.get(R::CORRELATION), None);
        let (mut l, mut r) = (left.clone(), right);
        meter.process(&mut [&mut l, &mut r], &[]).unwrap();
        assert_eq!(l, left, "audio passes untouched");
        meter
    }

    fn sine(phase_deg: f64, amplitude: f64) -> Vec<f64> {
        let turn = 2.0 * core::f64::consts::PI;
        (0..144_000)
            .map(|n| amplitude * libm::sin(turn * (1_000.0 * n as f64 / 48_000.0 + phase_deg / 360.0)))
            .collect()
    }

    #[test]
    fn sines_correlate_by_the_cosine_of_their_phase() {
        for (phase, cosine) in [(0.0, 1.0), (60.0, 0.5), (90.0, 0.0), (120.0, -0.5), (180.0, -1.0)] {
            let meter = measured(sine(0.0, 0.5), sine(phase, 0.05));
            let is = meter.get(R::CORRELATION).unwrap();
            assert!((is - cosine).abs() < 1e-3, "{phase} degrees: {is}");
            let least = meter.get(R::CORRELATION_MIN).unwrap();
            assert!((least - cosine).abs() < 1e-3, "{phase} degrees: {least}");
        }
    }

    #[test]
    fn balance_is_that_of_the_energies() {
        let balance = |left, right| measured(sine(0.0, left), sine(0.0, right)).get(R::BALANCE);
        assert!(balance(0.5, 0.5).unwrap().abs() < 1e-12);
        assert_eq!(balance(0.5, 0.0), Some(-1.0));
        assert_eq!(balance(0.0, 0.5), Some(1.0));
        // 3 to 1 in energy
        let right = 0.5 * libm::sqrt(3.0);
        assert!((balance(0.5, right).unwrap() - 0.5).abs() < 1e-9);
        assert_eq!(balance(0.0, 0.0), None);
    }

    #[test]
    fn the_mono_sum_loses_by_the_phase() {
        let loss = |phase| measured(sine(0.0, 0.5), sine(phase, 0.5)).get(R::MONO_LOSS_DB).unwrap();
        for (phase, expected) in [(0.0, 0.0), (60.0, 1.249_387), (90.0, 3.0103), (120.0, 6.0206)] {
            assert!((loss(phase) - expected).abs() < 0.01, "{phase} degrees: {}", loss(phase));
        }
        assert!(loss(180.0) > 100.0, "{}", loss(180.0));
    }

    #[test]
    fn the_lowest_stays_and_a_silent_channel_has_none() {
        let mut meter = measured(sine(0.0, 0.5), sine(180.0, 0.5));
        let (mut left, mut right) = (sine(0.0, 0.5), sine(0.0, 0.5));
        meter.process(&mut [&mut left, &mut right], &[]).unwrap();
        assert!(meter.get(R::CORRELATION).unwrap() > 0.99);
        assert!(meter.get(R::CORRELATION_MIN).unwrap() < -0.99);
        assert_eq!(measured(sine(0.0, 0.5), sine(0.0, 0.0)).get(R::CORRELATION), None);
        assert!(CorrelationMeter::<f32>::new(Spec::new(48_000.0, 3), NoConfig, ()).is_err());
    }
}
