//! Linear-phase equalizer: the curves of the equalizer without its phase.
//!
//! ```text
//! in --> bands below the limit: sections in series --> all other bands: one symmetric filter --> out
//! ```
//!
//! The filter's magnitude is that of the bands' analogue prototypes and its phase a pure delay, exactly: its
//! taps are symmetric. Bands set below `minimum_phase_below_hz` run as in the
//! [`Equalizer`](crate::processors::equalizer::Equalizer) instead, without latency and without the long pre-ringing that narrow low bands have; what is left above
//! needs a far shorter filter: that is mixed phase.
//!
//! How long the filter is follows from the narrowest bandwidth it shall follow to 0.1 dB; see `zero_phase`
//! for the rule. It is applied by convolution in partitions of B frames, see `fft::convolver`.
//!
//! A change of the other bands is a new filter: its curve is sampled in eight steps, one per partition, and
//! then faded to in 20 ms. A change meanwhile waits for the end of the fade, so bands that glide move in steps
//! of 8 B frames and 20 ms, each faded. A band that is moved across the limit is heard in both places, or in
//! neither, for as long as the filter is late.
//!
//! State: `natural`, that of the cascade of bands below the limit; `convolver` and `transform`, the plans of the
//! transforms and where the convolution is; `live`, the filter that is heard; `fade`, the share of the other, per frame
//! by the ramp; `stage`, how far a new filter is, per partition; `stale`, whether parameters have changed since it was
//! begun.
//!
//! Latency is half the filter and one partition. Memory for audio lies in the caller's words; the plans of the
//! transforms are allocated when it is built.

mod memory;
mod params;
mod zero_phase;

pub use params::LinearPhaseConfig;

use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::dsp::fft::{Convolver, Transform, linear_taps};
use crate::dsp::filter::band::Band;
use crate::dsp::filter::design::{Svf, matched};
use crate::dsp::filter::placement::Placement;
use crate::dsp::filter::stereo_placement::EVERYWHERE;
use crate::dsp::filter::svf_cascade::{self, SvfCascade};
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, ResponseAt, Run, Setup};
use crate::params::ramp::{CHUNK, Change, Ramp, ramp_frames};
use crate::params::{Id, Row};
use core::f64::consts::TAU;
use memory::{Memory, MemoryRef, Sizes};
use num_complex::Complex;
use zero_phase::STEPS;

processor! {
    /// Shapes tone like the equalizer, with all or the higher bands in linear phase.
    /// As many channels out as in. Feature `fft`.
    ///
    /// Its bands are those of the [`Equalizer`](crate::processors::equalizer::Equalizer) and are set alike
    /// ([`EqualizerParams`](crate::processors::equalizer::EqualizerParams)), except that they work on all channels; a
    /// band that turns the phase only has no effect.
    /// [`LinearPhaseConfig::for_bands`] finds the length that a list of bands needs.
    pub LinearPhase = LinearPhaseKind {
        key: "linear_phase",
        label: "LinearPhase",
        groups: [bands: Band],
        config: LinearPhaseConfig,
        allocates: true,
        memory: Memory / MemoryRef by Sizes,
    }
}

/// How far a new filter is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    /// There is none.
    Rest,
    /// So many steps of its curve are sampled.
    Sampling(usize),
    /// It is being faded to.
    Fading,
}

/// The state of a [`LinearPhase`].
#[derive(Debug)]
pub struct State<T: Sample> {
    sizes: Sizes,
    natural: svf_cascade::State,
    convolver: Convolver<T>,
    transform: Transform<f64>,
    live: usize,
    fade: Ramp<1>,
    stage: Stage,
    stale: bool,
}

/// The bands that are left to the filter.
fn linear_bands(setup: &Setup<'_, LinearPhaseKind>) -> impl Iterator<Item = Band> {
    let bands = (0..setup.config.bands as usize).map(|item| setup.item::<Band>(item));
    bands.filter(|band| band.frequency_hz >= setup.config.minimum_phase_below_hz)
}

/// A band's section in the cascade; one that has no effect keeps its place in frequency.
fn section_of(setup: &Setup<'_, LinearPhaseKind>, item: usize, section: usize) -> Svf {
    let band: Band = setup.item(item);
    let on = Band { enabled: true, ..band };
    let is_natural = band.frequency_hz < setup.config.minimum_phase_below_hz;
    let wanted = band.prototype(section).filter(|_| is_natural);
    let place = wanted.or(on.prototype(section)).or(on.prototype(0));
    let svf = place.map_or(Svf::IDENTITY, |prototype| matched(&prototype, setup.spec.sample_rate));
    if wanted.is_some() { svf } else { svf.bypassed() }
}

fn start_natural<T: Sample>(
    setup: &Setup<'_, LinearPhaseKind>,
    cascade: &mut SvfCascade<'_, T>,
) -> svf_cascade::State {
    let per_band = setup.config.steepest_slope.sections();
    let section = |at: usize| section_of(setup, at / per_band, at % per_band);
    cascade.start(setup.spec.sample_rate, section, |_| EVERYWHERE)
}

impl<T: Sample> State<T> {
    /// The filter of the present parameters is heard at once.
    fn start_filter(&mut self, setup: &Setup<'_, LinearPhaseKind>, memory: &mut Memory<'_, T>) {
        zero_phase::take_curve(memory.design.sections, linear_bands(setup));
        for step in 0..STEPS {
            self.sample(setup, memory, step);
        }
        self.finish(memory, 0);
    }

    /// Samples one step of the curve.
    fn sample(&self, setup: &Setup<'_, LinearPhaseKind>, memory: &mut Memory<'_, T>, step: usize) {
        let (rate, simd) = (setup.spec.sample_rate, setup.spec.simd);
        zero_phase::sample(&mut memory.design, self.sizes.size.length, rate, step, simd);
    }

    /// Makes filter 0 or 1 from the sampled curve.
    fn finish(&mut self, memory: &mut Memory<'_, T>, filter: usize) {
        let length = self.sizes.size.length;
        zero_phase::finish(&mut memory.design, length, &mut self.transform, filter);
        let taps = &memory.design.taps[filter * length.taps()..][..length.taps()];
        self.convolver.load(memory.convolver, filter, taps);
    }

    /// A partition is full: one step towards a new filter, then the convolution.
    fn turn(&mut self, setup: &Setup<'_, LinearPhaseKind>, memory: &mut Memory<'_, T>) {
        if self.stage == Stage::Fading && self.fade.is_settled() {
            self.live = 1 - self.live;
            self.fade.jump([0.0]);
            self.stage = Stage::Rest;
        }
        match self.stage {
            Stage::Rest if self.stale => {
                self.stale = false;
                if zero_phase::take_curve(memory.design.sections, linear_bands(setup)) {
                    self.stage = Stage::Sampling(0);
                }
            }
            Stage::Sampling(step) if step < STEPS => {
                self.sample(setup, memory, step);
                self.stage = Stage::Sampling(step + 1);
            }
            Stage::Sampling(_) => {
                self.finish(memory, 1 - self.live);
                self.fade.set([1.0]);
                self.stage = Stage::Fading;
            }
            Stage::Rest | Stage::Fading => {}
        }
        let both = self.stage == Stage::Fading;
        self.convolver.turn(memory.convolver, setup.spec.simd, self.live, both);
    }
}

impl ProcessorKind for LinearPhaseKind {
    type Moving = ();
    type State<T: Sample> = State<T>;

    fn range(row: &Row, spec: &Spec, config: &LinearPhaseConfig) -> (f64, f64) {
        let (minimum, maximum) = row.range_at(spec.sample_rate);
        let number = row.number;
        if number == Band::SLOPE_DB_PER_OCTAVE.number() {
            (minimum, config.steepest_slope as usize as f64)
        } else if number == Band::PLACEMENT.number() {
            (minimum, minimum)
        } else {
            (minimum, maximum)
        }
    }

    fn design(_: &Setup<'_, Self>) {}

    fn start<T: Sample>(setup: &Setup<'_, Self>, mut memory: Memory<'_, T>) -> State<T> {
        let (sizes, simd) = (*setup.sizes, setup.spec.simd);
        let mut state = State {
            sizes,
            natural: start_natural(setup, &mut memory.cascade),
            convolver: Convolver::new(sizes.convolution, simd),
            transform: sizes.size.length.transform(simd),
            live: 0,
            fade: Ramp::new([0.0], ramp_frames(setup.spec.sample_rate)),
            stage: Stage::Rest,
            stale: false,
        };
        state.start_filter(setup, &mut memory);
        state
    }

    /// The plans of the transforms stay: nothing is allocated.
    fn restart<T: Sample>(setup: &Setup<'_, Self>, state: &mut State<T>, mut memory: Memory<'_, T>) {
        state.natural = start_natural(setup, &mut memory.cascade);
        state.convolver.clear(memory.convolver);
        (state.live, state.stage, state.stale) = (0, Stage::Rest, false);
        state.fade.jump([0.0]);
        state.start_filter(setup, &mut memory);
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let Run { setup, state, mut memory, .. } = run;
        let mut done = 0;
        while done < block.frames() {
            let fading = state.stage == Stage::Fading;
            let most = if fading { CHUNK } else { usize::MAX };
            let count = (block.frames() - done).min(state.convolver.frames_left()).min(most);
            let mut part = block.part(done, done + count);
            memory.cascade.process(&mut state.natural, setup.spec.simd, &mut part);
            let mut shares = [[0.0; CHUNK]];
            if fading {
                state.fade.fill(&mut shares, count);
            }
            let shares = shares[0].map(T::from_f64);
            let shares = fading.then_some(&shares[..]);
            state.convolver.exchange(memory.convolver, &mut part, state.live, shares);
            if state.convolver.frames_left() == 0 {
                state.turn(&setup, &mut memory);
            }
            done += count;
        }
    }

    fn change<T: Sample>(run: Run<'_, Self, T>, id: Id, change: Change) {
        let Run { setup, state, memory: Memory { mut cascade, .. }, .. } = run;
        state.stale = true;
        if setup.sizes.cascade.sections == 0 {
            return;
        }
        let item = id.item() as usize;
        let per_band = setup.config.steepest_slope.sections();
        for at in 0..per_band {
            let section = section_of(&setup, item, at);
            cascade.change(&mut state.natural, item * per_band + at, section, change);
        }
    }

    fn flush_denormals<T: Sample>(mut run: Run<'_, Self, T>) {
        run.memory.cascade.flush_denormals();
    }

    fn latency(setup: &Setup<'_, Self>) -> usize {
        setup.sizes.size.length.half + setup.sizes.convolution.partition
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        let Sizes { size, convolution, .. } = *look.setup.sizes;
        Some(size.length.taps() + convolution.partition + look.memory.cascade.tail())
    }

    fn response<T: Sample>(look: Look<'_, Self, T>, hz: f64, at: ResponseAt) -> Option<Complex<f64>> {
        let Look { setup, state, memory, .. } = look;
        let (rate, taps) = (setup.spec.sample_rate, setup.sizes.size.length.taps());
        let of = |filter| linear_taps::response(&memory.design.taps[filter * taps..][..taps], hz / rate);
        let magnitude = match (at, state.stage) {
            // Not designed yet: it will be this to 0.1 dB.
            (ResponseAt::Settled, _) if state.stale || matches!(state.stage, Stage::Sampling(_)) => {
                linear_bands(&setup).map(|band| band.curve(hz).norm()).product()
            }
            (ResponseAt::Settled, Stage::Fading) => of(1 - state.live),
            (ResponseAt::Now, Stage::Fading) => {
                let [share] = state.fade.value();
                of(state.live) * (1.0 - share) + of(1 - state.live) * share
            }
            _ => of(state.live),
        };
        let delay = -TAU * hz / rate * Self::latency(&setup) as f64;
        let natural = memory.cascade.response(Placement::All, hz, rate, at);
        Some(natural * Complex::from_polar(1.0, delay) * magnitude)
    }
}
