//! Floor 5: the filters of a delay's loop: a high-pass and a low-pass, 12 dB per octave each, either of them off.
//!
//! Plain bilinear Butterworth sections, because they never raise the level at any frequency: then the loop
//! loses level at every round whatever the filters are set to. A matched design is up to 0.2 dB too loud
//! somewhere.
//!
//! Moving: per filter `design`, its five numbers `g, k, m0, m1, m2`, per frame. State: per filter `coefficients`, what
//! it multiplies with at rest, per set; per channel and filter `s1` and `s2`, per frame, in the caller's words.

use crate::base::audio::{Block, MAX_CHANNELS};
use crate::base::sample::Sample;
use crate::dsp::filter::design::{Prototype, Shape, Svf, bilinear};
use crate::dsp::filter::svf::{self, COEFFICIENTS, Place, SvfCoefficients};
use crate::params::ramp::{CHUNK, Change, Ramp};
use crate::processors::delay::params::DelayParams;
use core::f64::consts::FRAC_1_SQRT_2;
use fearless_simd::Simd;
use num_complex::Complex;

/// Words of state per channel: two numbers for each filter.
pub(super) const STATE: usize = 2 * FILTERS;
const FILTERS: usize = 2;

/// Both filters.
#[derive(Debug)]
pub(super) struct Tone<T> {
    filters: [Filter<T>; FILTERS],
}

#[derive(Debug)]
struct Filter<T> {
    design: Ramp<5>,
    coefficients: [T; COEFFICIENTS],
}

/// What the parameters ask for; a filter that is off keeps its frequency and passes everything.
fn designs(params: &DelayParams, sample_rate: f64) -> [[f64; 5]; FILTERS] {
    let design = |shape, frequency_hz, on: bool| {
        let prototype = Prototype { shape, frequency_hz, q: FRAC_1_SQRT_2, gain_db: 0.0 };
        let svf = bilinear(&prototype, sample_rate);
        if on && !params.freeze { svf.into() } else { Svf { m0: 1.0, m1: 0.0, m2: 0.0, ..svf }.into() }
    };
    [
        design(Shape::HighPass, params.low_cut_hz, params.low_cut),
        design(Shape::LowPass, params.high_cut_hz, params.high_cut),
    ]
}

impl<T: Sample> Filter<T> {
    /// Whether it changes what goes through, or will.
    fn works(&self) -> bool {
        let [_, _, m0, m1, m2] = self.design.target();
        !(self.design.is_settled() && m0 == 1.0 && m1 == 0.0 && m2 == 0.0)
    }

    fn write_coefficients(&mut self) {
        self.coefficients = svf::coefficients(self.design.target()).map(T::from_f64);
    }
}

impl<T: Sample> Tone<T> {
    /// Both filters at rest.
    pub(super) fn new(params: &DelayParams, sample_rate: f64, ramp_frames: usize) -> Self {
        let filters = designs(params, sample_rate).map(|design| {
            let design = Ramp::of_design(design, ramp_frames);
            let mut filter = Filter { design, coefficients: [T::ZERO; COEFFICIENTS] };
            filter.write_coefficients();
            filter
        });
        Self { filters }
    }

    /// Moves to what the parameters ask for.
    pub(super) fn change(&mut self, params: &DelayParams, sample_rate: f64, change: Change) {
        for (filter, design) in self.filters.iter_mut().zip(designs(params, sample_rate)) {
            let arrives = filter.design.is_settled() || change == Change::Ramp;
            if !(arrives && filter.design.target() == design) {
                filter.design.change(design, change);
                filter.write_coefficients();
            }
        }
    }

    /// Whether either filter is on, or moving.
    pub(super) fn works(&self) -> bool {
        self.filters.iter().any(Filter::works)
    }

    /// Whether both filters stay as they are.
    pub(super) fn is_settled(&self) -> bool {
        self.filters.iter().all(|filter| filter.design.is_settled())
    }

    /// How many of the next `frames` pass until a filter comes to rest.
    pub(super) fn undisturbed(&self, frames: usize) -> usize {
        let moving = self.filters.iter().filter(|filter| !filter.design.is_settled());
        moving.fold(frames, |frames, filter| frames.min(filter.design.frames_left()))
    }

    /// Filters `frames` frames of every channel in place; the channels lie `stride` samples apart. A filter
    /// that is off forgets what it heard.
    #[inline(always)]
    pub(super) fn run<S: Simd>(
        &mut self,
        simd: S,
        audio: &mut [T],
        stride: usize,
        frames: usize,
        state: &mut [T],
    ) {
        let channels = state.len() / STATE;
        let mut parts = audio.chunks_exact_mut(stride);
        let mut slices: [&mut [T]; MAX_CHANNELS] = core::array::from_fn(|_| parts.next().unwrap_or_default());
        let mut block = Block::new(&mut slices[..channels], &[], 0, frames);
        for (at, filter) in self.filters.iter_mut().enumerate() {
            let place = Place { first: 2 * at, stride: STATE };
            if !filter.works() {
                (0..channels).for_each(|channel| state[place.of(channel)..][..2].fill(T::ZERO));
            } else if filter.design.is_settled() {
                let constant = SvfCoefficients::Constant(&filter.coefficients);
                svf::across_channels(simd, constant, state, place, channels, &mut block);
            } else {
                let mut designs = [[0.0; CHUNK]; 5];
                filter.design.fill(&mut designs, frames);
                let moving = svf::moving(&designs);
                svf::across_channels(
                    simd,
                    SvfCoefficients::Moving(&moving),
                    state,
                    place,
                    channels,
                    &mut block,
                );
            }
        }
    }

    /// Response of both filters, of the designs that `numbers` picks.
    pub(super) fn response(
        &self,
        frequency_hz: f64,
        sample_rate: f64,
        numbers: impl Fn(&Ramp<5>) -> [f64; 5],
    ) -> Complex<f64> {
        let designs = self.filters.iter().map(|filter| Svf::from(numbers(&filter.design)));
        designs.map(|svf| svf.response(frequency_hz, sample_rate)).product()
    }

    /// A bound of the loop's decay, in nepers per frame: what a loop of `delay` frames that loses `loss`
    /// nepers per round keeps up with the filters inside.
    ///
    /// Inside the circle of radius exp(-d) a Butterworth section whose poles decay by r per frame is at most
    /// exp(1.4 d / r), for d up to r / 2 (computed over the whole range of g). So no pole of the loop decays
    /// more slowly than the d with `loss = d delay + the sum of 1.4 d / r`.
    pub(super) fn loop_decay(&self, delay: f64, loss: f64) -> f64 {
        let working = self.filters.iter().filter(|filter| filter.works());
        let rates = working.map(|filter| decay_rate(filter.design.target()));
        let (lag, slowest) = rates.fold((0.0, f64::INFINITY), |(lag, slowest), rate| {
            (lag + 1.4 / rate, f64::min(slowest, 0.5 * rate))
        });
        (loss / (delay + lag)).min(slowest)
    }
}

/// Nepers per frame by which the poles of a Butterworth section decay.
fn decay_rate([g, k, ..]: [f64; 5]) -> f64 {
    libm::atanh((g * k / (1.0 + g * g)).min(1.0 - f64::EPSILON))
}
