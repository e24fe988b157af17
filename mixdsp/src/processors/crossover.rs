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
//! State: the sections, see `filter::crossover`; `splits`, where each split is, by a ramp of its own; `moving`, whether
//! any of them may be on the move.
//!
//! Latency is 0: the sum is the input through the all-passes of the splits. Cost: at rest one vector step per
//! section of the longest path and eight bands times channels: a stereo crossover of four bands with 24 dB
//! per octave is six steps per frame.

use crate::base::audio::{Block, MAX_CHANNELS};
use crate::base::error::Error;
use crate::base::layout::layout;
use crate::base::memory::Store;
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::Spec;
use crate::dsp::filter::crossover::{
    self, Network, NetworkCoefficients, Packed, SPLITS, Shapes, SplitTangent, Splits,
};
use crate::dsp::filter::svf_states::flush_denormals;
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, ResponseAt, Run, Setup};
use crate::params::ramp::{CHUNK, Change, next_rest};
use crate::params::smoothed::{Frames, Smoother};
use crate::params::{Id, Settings, choices, params};
use num_complex::Complex;

choices! {
    /// How fast the bands of a crossover fall, in decibels per octave.
    pub enum CrossoverSlope {
        /// 12 dB per octave: Linkwitz-Riley of second order.
        Db12 = "12",
        /// 24 dB per octave: Linkwitz-Riley of fourth order.
        Db24 = "24",
        /// 48 dB per octave: Linkwitz-Riley of eighth order.
        Db48 = "48",
    }
}

params! {
    /// What is fixed when a [`Crossover`] is built.
    pub struct CrossoverConfig {
        /// How many frequencies there are at which audio is split; the bands are one more.
        SPLITS = 1001, splits ("Splits"): whole(1..=5, "") = 1;
        /// How fast the bands fall beyond their splits.
        SLOPE_DB_PER_OCTAVE = 1002, slope_db_per_octave ("Slope"): choice(CrossoverSlope) = CrossoverSlope::Db24;
    }
}

impl CrossoverConfig {
    /// So many bands, 2 to 6, with 24 dB per octave.
    pub const fn bands(bands: u32) -> Self {
        Self { splits: bands.saturating_sub(1), slope_db_per_octave: CrossoverSlope::Db24 }
    }

    /// The same with another slope.
    pub const fn with_slope(self, slope_db_per_octave: CrossoverSlope) -> Self {
        Self { slope_db_per_octave, ..self }
    }

    const fn network(&self, inputs: usize) -> Network {
        let order = match self.slope_db_per_octave {
            CrossoverSlope::Db12 => 1,
            CrossoverSlope::Db24 => 2,
            CrossoverSlope::Db48 => 4,
        };
        Network { splits: self.splits as usize, order, inputs }
    }
}

params! {
    /// One split of a [`Crossover`].
    pub struct Split {
        /// Where the band below ends and the band above begins: both are 6 dB down.
        FREQUENCY_HZ = 1, frequency_hz ("Frequency"): frequency(20.0..=20000.0) = 200.0;
    }
}

/// Settings of a [`Crossover`]: the frequencies of its splits in hertz, from the first on. Splits not given
/// are at 200 Hz.
#[derive(Clone, Copy, Debug, Default)]
pub struct CrossoverParams<'a> {
    /// The splits, lowest first.
    pub frequencies_hz: &'a [f64],
}

impl Settings for CrossoverParams<'_> {
    fn each(&self, visit: &mut dyn FnMut(Id, f64)) {
        for (item, frequency_hz) in (0u16..).zip(self.frequencies_hz) {
            visit(Split::FREQUENCY_HZ.at(item).any(), *frequency_hz);
        }
    }
}

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
        memory: Memory / MemoryRef by Network = network,
    }
}

const fn network(spec: &Spec, config: &CrossoverConfig) -> Network {
    config.network(spec.inputs)
}

layout! {
    /// The words of a crossover.
    pub struct Memory<T>, read as MemoryRef (network: Network) {
        /// What runs while no split moves.
        packed: [Packed<T>; network.packed()],
        /// `s1` and `s2` of all sections.
        states: [crossover::State<T>; network.packed()],
    }
}

/// The state of a [`Crossover`].
#[derive(Debug)]
pub struct State {
    /// What the sections are, apart from where the splits are.
    shapes: Shapes,
    splits: [Smoother<SplitTangent>; SPLITS],
    /// Whether some split may be on the move.
    moving: bool,
}

impl State {
    fn targets(&self) -> Splits {
        self.splits.each_ref().map(Smoother::target)
    }

    fn frames_to_next_rest(&self) -> Option<usize> {
        next_rest(self.splits.iter().map(Smoother::frames_left))
    }
}

/// Where the parameters want a split; one that is not there stays at one.
fn tangent(setup: &Setup<'_, CrossoverKind>, split: usize) -> SplitTangent {
    if split >= setup.sizes.splits {
        return SplitTangent { g: 1.0 };
    }
    setup.sizes.tangent(setup.item::<Split>(split).frequency_hz, setup.spec.sample_rate)
}

fn band_response<T: Sample>(
    look: &Look<'_, CrossoverKind, T>,
    band: usize,
    frequency_hz: f64,
    at: ResponseAt,
) -> Complex<f64> {
    let splits = match at {
        ResponseAt::Settled => look.state.targets(),
        ResponseAt::Now => look.state.splits.each_ref().map(Smoother::value),
    };
    let sections = look.setup.sizes.sections(band, splits);
    sections.map(|section| section.response(frequency_hz, look.setup.spec.sample_rate)).product()
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
    type State<T: Sample> = State;

    fn check(spec: &Spec, config: &CrossoverConfig) -> Result<(), Error> {
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

    fn start<T: Sample>(setup: &Setup<'_, Self>, memory: Memory<'_, T>) -> State {
        let splits =
            core::array::from_fn(|split| Smoother::new(tangent(setup, split), setup.spec.sample_rate));
        let state = State { shapes: setup.sizes.shapes(), splits, moving: false };
        setup.sizes.write(memory.packed, state.targets());
        state
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let Run { setup, state, memory: Memory { packed, states, .. }, .. } = run;
        let (network, simd) = (setup.sizes, setup.spec.simd);
        let mut done = 0;
        while done < block.frames() {
            let left = block.frames() - done;
            match if state.moving { state.frames_to_next_rest() } else { None } {
                Some(frames) => {
                    let count = left.min(CHUNK).min(frames);
                    let mut splits = [Frames::EMPTY; SPLITS];
                    for (split, frames) in state.splits.iter_mut().zip(&mut splits) {
                        split.fill(frames, count);
                    }
                    let mut part = block.part(done, done + count);
                    let coefficients = NetworkCoefficients::Moving(&splits, &state.shapes);
                    dispatch!(simd, s => crossover::run(s, network, coefficients, states, &mut part));
                    done += count;
                }
                None => {
                    if state.moving {
                        network.write(packed, state.targets());
                        state.moving = false;
                    }
                    let mut part = block.part(done, done + left);
                    let coefficients = NetworkCoefficients::AtRest(packed);
                    dispatch!(simd, s => crossover::run(s, network, coefficients, states, &mut part));
                    done += left;
                }
            }
        }
    }

    fn change<T: Sample>(run: Run<'_, Self, T>, id: Id, change: Change) {
        let split = id.item() as usize;
        run.state.splits[split].change(tangent(&run.setup, split), change);
        run.state.moving = true;
    }

    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        flush_denormals(run.memory.states.as_flattened_mut().as_flattened_mut());
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        // The longest path has two Butterworth filters at every split.
        let network = look.setup.sizes;
        let sections = network.sections(network.splits, look.state.targets());
        let decay: f64 = sections.map(|section| libm::ceil(section.decay_frames(120.0))).sum();
        let moving = look.state.splits.iter().map(Smoother::frames_left).max().unwrap_or(0);
        Some(decay as usize + moving)
    }

    fn response<T: Sample>(look: Look<'_, Self, T>, hz: f64, at: ResponseAt) -> Option<Complex<f64>> {
        let bands = 0..look.setup.sizes.splits + 1;
        Some(bands.map(|band| band_response(&look, band, hz, at)).sum())
    }
}
