//! Crossover: cuts audio into bands that add up flat again.
//!
//! ```text
//! in --+--> low 0 ----------------> all-pass 1 --> ...  --> band 0
//!      `--> high 0 --+--> low 1 -----------------> ...  --> band 1
//!                    `--> high 1 ----------------> ...  --> band 2 and higher
//! ```
//!
//! Linkwitz-Riley filters of 12, 24 or 48 dB per octave, -6 dB at the split; see `filter::crossover`. With
//! 12 dB per octave every band above a split is turned round, as it must be for the sum.
//!
//! Splits count from the first: what lies above one is cut at the next. A split that is set below the one
//! before leaves next to nothing between the two; the bands still add up flat, so splits may pass each other
//! while they move.
//!
//! With linear phase (`linear_phase`) the bands fall alike and add up to the input itself, for a latency.
//!
//! State: the sections, see `filter::crossover`; `splits`, where each split is, see `filter::moving_splits`.
//!
//! Latency is 0 with minimum phase: the sum is the input through the all-passes of the splits. Cost: at rest one vector step per
//! section of the longest path and eight bands times channels: a stereo crossover of four bands with 24 dB
//! per octave is six steps per frame.

#[cfg(feature = "fft")]
mod linear_phase;
#[cfg(not(feature = "fft"))]
#[path = "no_linear_phase.rs"]
mod linear_phase;

mod params;

pub use params::{CrossoverConfig, CrossoverParams, CrossoverPhase, CrossoverSlope, Split};

use crate::base::audio::{Block, MAX_CHANNELS};
use crate::base::error::Error;
use crate::base::layout::layout;
use crate::base::memory::{Store, Word};
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::dsp::filter::crossover::{self, Network, Packed, SPLITS};
use crate::dsp::filter::moving_splits::MovingSplits;
use crate::dsp::filter::svf_states::flush_denormals;
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, ResponseAt, Run, Setup};
use crate::params::ramp::Change;
use crate::params::{Id, Row, Value};
use core::f64::consts::TAU;
use linear_phase::LinearPhase;
use num_complex::Complex;

processor! {
    /// Cuts audio into bands that come out separately and add up flat.
    /// Two to six bands.
    ///
    /// The spec's outputs are bands times inputs, at most 24, band by band from the lowest: band `b` of input `c`
    /// comes out at channel `b * inputs + c`. A stereo crossover gives low left, low right, next left, and so on.
    pub Crossover = CrossoverKind {
        key: "crossover",
        label: "Crossover",
        groups: [splits: Split],
        config: CrossoverConfig,
        memory: Memory / MemoryRef by Sizes,
    }
}

/// What follows from spec and config.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    network: Network,
    linear: Option<linear_phase::Sizes>,
}

impl Sizes {
    const fn new(spec: &Spec, config: &CrossoverConfig) -> Self {
        let linear = if config.is_linear() { Some(linear_phase::Sizes::new(spec, config)) } else { None };
        Self { network: config.network(spec.inputs), linear }
    }

    /// Vectors of sections: none with linear phase.
    const fn packed(&self) -> usize {
        if self.linear.is_some() { 0 } else { self.network.packed() }
    }

    const fn linear_words<T: Sample>(&self) -> usize {
        match &self.linear {
            Some(sizes) => sizes.words::<T>(),
            None => 0,
        }
    }

    fn latency(&self) -> usize {
        self.linear.map_or(0, |sizes| sizes.latency())
    }
}

layout! {
    /// The words of a crossover.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// What runs while no split moves.
        packed: [Packed<T>; sizes.packed()],
        /// `s1` and `s2` of all sections.
        states: [crossover::State<T>; sizes.packed()],
        /// Those of linear phase.
        linear: [Word; sizes.linear_words::<T>()],
    }
}

/// The state of a [`Crossover`].
#[derive(Debug)]
pub struct State<T: Sample> {
    linear: Option<LinearPhase<T>>,
    /// What runs with minimum phase.
    splits: Option<MovingSplits>,
}

/// Where the parameters want all splits.
fn splits_hz(setup: &Setup<'_, CrossoverKind>) -> [f64; SPLITS] {
    let count = setup.config.splits as usize;
    core::array::from_fn(|at| if at < count { setup.item::<Split>(at).frequency_hz } else { 1.0 })
}

fn band_response<T: Sample>(
    look: &Look<'_, CrossoverKind, T>,
    band: usize,
    frequency_hz: f64,
    at: ResponseAt,
) -> Complex<f64> {
    if let Some(linear) = &look.state.linear {
        let at = (frequency_hz, at == ResponseAt::Settled);
        let turns = frequency_hz / look.setup.spec.sample_rate * look.setup.sizes.latency() as f64;
        let delay = Complex::from_polar(1.0, -TAU * (turns - libm::floor(turns)));
        return delay * linear.band_gain(splits_hz(&look.setup), look.memory.linear, band, at);
    }
    match &look.state.splits {
        Some(splits) => splits.band_response(band, frequency_hz / look.setup.spec.sample_rate, at),
        None => Complex::ZERO,
    }
}

impl<T: Sample, S: Store> Crossover<T, S> {
    /// Response of one band, from 0, to a steady sine of `frequency_hz`: of the coefficients that run once
    /// everything has come to rest, or of those of this moment. `None` for a band that is not there.
    ///
    /// [`Processor::response`](crate::Processor::response) is that of all bands together.
    pub fn band_response(&self, band: usize, frequency_hz: f64, at: ResponseAt) -> Option<Complex<f64>> {
        let bands = self.config().splits as usize + 1;
        self.look(|look| (band < bands).then(|| band_response(&look, band, frequency_hz, at)))
    }
}

impl ProcessorKind for CrossoverKind {
    type Moving = ();
    type State<T: Sample> = State<T>;

    const MAY_ALLOCATE: bool = cfg!(feature = "fft");

    fn check_without_heap(config: &CrossoverConfig) -> Result<(), Error> {
        if !config.is_linear() {
            return Ok(());
        }
        let (value, choices) = (config.phase.to_number(), &CrossoverPhase::TEXTS[..1]);
        Err(Error::Range { key: "phase", item: None, value, minimum: 0.0, maximum: 0.0, unit: "", choices })
    }

    fn check(spec: &Spec, config: &CrossoverConfig) -> Result<(), Error> {
        if cfg!(not(feature = "fft")) {
            Self::check_without_heap(config)?;
        }
        let bands = config.splits as usize + 1;
        let (most, lanes) = (MAX_CHANNELS / bands, config.network(spec.inputs).lanes());
        if spec.inputs > most {
            return Err(Error::Channels { what: "inputs", value: spec.inputs, minimum: 1, maximum: most });
        }
        if spec.outputs != lanes {
            let value = spec.outputs;
            return Err(Error::Channels { what: "outputs", value, minimum: lanes, maximum: lanes });
        }
        Ok(())
    }

    fn design(_: &Setup<'_, Self>) {}

    fn range(row: &Row, spec: &Spec, config: &CrossoverConfig) -> (f64, f64) {
        let (minimum, maximum) = row.range_at(spec.sample_rate);
        let is_split = row.id() == Split::FREQUENCY_HZ.any();
        (if is_split && config.is_linear() { config.lowest_hz.min(maximum) } else { minimum }, maximum)
    }

    fn start<T: Sample>(setup: &Setup<'_, Self>, memory: Memory<'_, T>) -> State<T> {
        let Setup { spec, sizes, .. } = *setup;
        match sizes.linear {
            Some(_) => {
                let linear = LinearPhase::new(spec, setup.config, splits_hz(setup), memory.linear);
                State { linear: Some(linear), splits: None }
            }
            None => {
                let splits =
                    MovingSplits::new(sizes.network, memory.packed, splits_hz(setup), spec.sample_rate);
                State { linear: None, splits: Some(splits) }
            }
        }
    }

    /// The plans of transforms stay.
    fn restart<T: Sample>(setup: &Setup<'_, Self>, state: &mut State<T>, memory: Memory<'_, T>) {
        match &mut state.linear {
            Some(linear) => linear.restart(splits_hz(setup), memory.linear),
            None => *state = Self::start(setup, memory),
        }
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let Run { setup, state, memory: Memory { packed, states, linear: words, .. }, .. } = run;
        if let Some(linear) = &mut state.linear {
            return linear.process(splits_hz(&setup), words, &mut block);
        }
        if let Some(splits) = &mut state.splits {
            splits.process(setup.spec.simd, packed, states, &mut block);
        }
    }

    fn change<T: Sample>(run: Run<'_, Self, T>, id: Id, change: Change) {
        let Run { setup, state, .. } = run;
        if let Some(linear) = &mut state.linear {
            return linear.change();
        }
        let split = id.item() as usize;
        let frequency_hz = setup.item::<Split>(split).frequency_hz;
        if let Some(splits) = &mut state.splits {
            splits.change(split, frequency_hz, setup.spec.sample_rate, change);
        }
    }

    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        flush_denormals(run.memory.states.as_flattened_mut().as_flattened_mut());
    }

    fn latency(setup: &Setup<'_, Self>) -> usize {
        setup.sizes.latency()
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        if let Some(sizes) = &look.setup.sizes.linear {
            return Some(sizes.tail());
        }
        look.state.splits.as_ref().map(MovingSplits::tail)
    }

    fn response<T: Sample>(look: Look<'_, Self, T>, hz: f64, at: ResponseAt) -> Option<Complex<f64>> {
        let bands = 0..look.setup.sizes.network.splits + 1;
        Some(bands.map(|band| band_response(&look, band, hz, at)).sum())
    }
}
