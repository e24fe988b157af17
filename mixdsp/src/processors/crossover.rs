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
//! State: the sections, see `filter::crossover`; per split `place`, the `g` of its sections, per frame by the
//! ramp.
//!
//! Latency is 0: the sum is the input through the all-passes of the splits. Cost: at rest one vector step per
//! section of the longest path and eight bands times channels: a stereo crossover of four bands with 24 dB
//! per octave is six steps per frame.

use crate::base::audio::{Block, MAX_CHANNELS};
use crate::base::error::Error;
use crate::base::layout::layout;
use crate::base::memory::{Storage, Store, Word};
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::Spec;
use crate::dsp::filter::crossover::{self, Course, Network, Numbers, Packed, SPLITS, State};
use crate::engine::automation::words_for_params;
use crate::engine::old::Key;
use crate::engine::old::{Core, Kind, Moment, Setup};
use crate::engine::unit::Unit;
use crate::params::ramp::{CHUNK, Change, Ramp, ramp_frames};
use crate::params::{Group, Id, ParamTable, Row, Settings, Table, choices, params};
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

/// Cuts audio into 2 to 6 bands that add up flat.
///
/// The spec's outputs are bands times inputs, at most 24, band by band from the lowest: band `b` of input `c`
/// comes out at channel `b * inputs + c`. A stereo crossover gives low left, low right, next left, and so on.
pub type Crossover<T, S = Storage> = Unit<CrossoverKind, T, S>;

layout! {
    /// The words of a crossover.
    struct Memory<T>, read as MemoryRef (packed: usize) {
        packed: [Packed<T>; packed],
        state: [State<T>; packed],
    }
}

impl<T: Sample> Crossover<T> {
    /// Words that a crossover needs.
    pub const fn memory(spec: &Spec, config: &CrossoverConfig) -> usize {
        let params = config.splits as usize * Split::ROWS.len();
        words_for_params(params).saturating_add(Memory::<T>::words(config.network(spec.inputs).packed()))
    }
}

impl<T: Sample, S: Store> Crossover<T, S> {
    /// Response of one band, from 0, to a steady sine of `frequency_hz`: of the coefficients that run once
    /// everything has come to rest, or of those of this moment. `None` for a band that is not there.
    ///
    /// [`Processor::response`](crate::Processor::response) is that of all bands together.
    pub fn band_response(&self, band: usize, frequency_hz: f64, moment: Moment) -> Option<Complex<f64>> {
        let bands = self.config().splits as usize + 1;
        self.look_core(|core, setup, _| {
            (band < bands).then(|| core.response(setup, band, frequency_hz, moment))
        })
    }
}

/// The catalogue's entry for [`Crossover`].
#[derive(Debug)]
pub struct CrossoverKind;

crate::engine::old::adapt! { CrossoverKind, "Crossover", latency: |_, _| 0, has: [Split], before: 0 }

impl Kind for CrossoverKind {
    const KEY: &'static str = "crossover";
    const NAME: &'static str = "Crossover";
    const DOC: &'static str = "Cuts audio into bands that come out separately and add up flat.";
    const PARAMS: ParamTable =
        ParamTable { rows: &[], groups: &[Group { key: "splits", rows: Split::ROWS, count: "splits" }] };
    const READINGS: &'static [Row] = &[];
    type Config = CrossoverConfig;
    type Core<T: Sample> = CrossoverCore;

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

    fn memory<T: Sample>(spec: &Spec, config: &CrossoverConfig) -> usize {
        Crossover::<T>::memory(spec, config)
    }

    fn core<T: Sample>(setup: &Setup<'_, CrossoverConfig>, words: &mut [Word]) -> CrossoverCore {
        let network = setup.config.network(setup.spec.inputs);
        let frames = ramp_frames(setup.spec.sample_rate);
        let places = core::array::from_fn(|split| Ramp::new([place(&network, setup, split)], frames));
        let core = CrossoverCore { network, numbers: network.numbers(), places, moving: false };
        network.write(carve::<T>(&network, words).packed, core.targets());
        core
    }
}

fn carve<'a, T: Sample>(network: &Network, words: &'a mut [Word]) -> Memory<'a, T> {
    Memory::carve(words, network.packed())
}

/// The place that the parameters ask for; splits that are not there stay at one.
fn place(network: &Network, setup: &Setup<'_, CrossoverConfig>, split: usize) -> f64 {
    if split >= network.splits {
        return 1.0;
    }
    network.place(setup.item::<Split>(0, split).frequency_hz, setup.spec.sample_rate)
}

/// The inside of a [`Crossover`].
#[derive(Debug)]
pub struct CrossoverCore {
    network: Network,
    numbers: Numbers,
    places: [Ramp<1>; SPLITS],
    /// Whether some split may be on the move.
    moving: bool,
}

impl CrossoverCore {
    fn targets(&self) -> [f64; SPLITS] {
        core::array::from_fn(|split| self.places[split].target()[0])
    }

    /// Frames until the next split comes to rest; `None` when all are.
    fn frames_to_next_rest(&self) -> Option<usize> {
        self.places.iter().map(Ramp::frames_left).filter(|frames| *frames > 0).min()
    }

    fn response(
        &self,
        setup: &Setup<'_, CrossoverConfig>,
        band: usize,
        frequency_hz: f64,
        moment: Moment,
    ) -> Complex<f64> {
        let places = match moment {
            Moment::Settled => self.targets(),
            Moment::Now => core::array::from_fn(|split| self.places[split].value()[0]),
        };
        let sections = self.network.sections(band, places);
        sections.map(|section| section.response(frequency_hz, setup.spec.sample_rate)).product()
    }
}

impl<T: Sample> Core<T> for CrossoverCore {
    type Config = CrossoverConfig;

    fn change(&mut self, setup: &Setup<'_, CrossoverConfig>, _: &mut [Word], id: Id, change: Change) {
        let split = id.item() as usize;
        self.places[split].change([place(&self.network, setup, split)], change);
        self.moving = true;
    }

    fn run(
        &mut self,
        setup: &Setup<'_, CrossoverConfig>,
        words: &mut [Word],
        mut block: Block<'_, '_, T>,
        _: Key<'_, T>,
    ) {
        let Memory { packed, state, .. } = carve::<T>(&self.network, words);
        let simd = setup.spec.simd;
        let mut done = 0;
        while done < block.frames() {
            let left = block.frames() - done;
            match if self.moving { self.frames_to_next_rest() } else { None } {
                Some(frames) => {
                    let count = left.min(CHUNK).min(frames);
                    let mut places = [[0.0; CHUNK]; SPLITS];
                    for (ramp, places) in self.places.iter_mut().zip(&mut places) {
                        ramp.fill(core::array::from_mut(places), count);
                    }
                    let mut part = block.part(done, done + count);
                    let course = Course::Moving(&places, &self.numbers);
                    dispatch!(simd, s => crossover::run(s, &self.network, course, state, &mut part));
                    done += count;
                }
                None => {
                    if self.moving {
                        self.network.write(packed, self.targets());
                        self.moving = false;
                    }
                    let mut part = block.part(done, done + left);
                    let course = Course::Rest(packed);
                    dispatch!(simd, s => crossover::run(s, &self.network, course, state, &mut part));
                    done += left;
                }
            }
        }
    }

    fn snap(&mut self, _: &Setup<'_, CrossoverConfig>, words: &mut [Word]) {
        let memory = carve::<T>(&self.network, words);
        memory.state.as_flattened_mut().as_flattened_mut().iter_mut().for_each(|s| *s = s.snap());
    }

    fn reset(&mut self, setup: &Setup<'_, CrossoverConfig>, words: &mut [Word]) {
        carve::<T>(&self.network, words).state.fill([[T::ZERO; 8]; 2]);
        *self = CrossoverKind::core::<T>(setup, words);
    }

    fn tail(&self, _: &Setup<'_, CrossoverConfig>, _: &[Word]) -> Option<usize> {
        // The longest path has two Butterworth filters at every split.
        let sections = self.network.sections(self.network.splits, self.targets());
        let decay: f64 = sections.map(|section| libm::ceil(section.decay_frames(120.0))).sum();
        let moving = self.places.iter().map(Ramp::frames_left).max().unwrap_or(0);
        Some(decay as usize + moving)
    }

    fn response(
        &self,
        setup: &Setup<'_, CrossoverConfig>,
        _: &[Word],
        frequency_hz: f64,
        moment: Moment,
    ) -> Option<Complex<f64>> {
        let bands = 0..self.network.splits + 1;
        Some(bands.map(|band| self.response(setup, band, frequency_hz, moment)).sum())
    }
}
