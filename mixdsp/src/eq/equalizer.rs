//! Equalizer: any number of bands whose curves are the analogue ones up to 20 kHz.
//!
//! ```text
//! in --> band 0 --> band 1 --> ... --> out          each a second-order section in every channel
//! ```
//!
//! A band's curve is that of its analogue prototype (R. Bristow-Johnson, "Audio EQ Cookbook"), fitted by
//! [`filter::design::matched`](crate::filter::design::matched). When a band is set it is designed once, in
//! f64; its five numbers `g, k, m0, m1, m2` then move by the ramp, per frame. A change of kind moves the
//! same way: the outputs of the section crossfade while its frequency moves. Gliding bands are designed
//! anew every 16 frames.
//!
//! State, per band: `ramp`, its five numbers on the move. Per group of eight bands: `coefficients`, what a
//! resting group multiplies with, per set. Per channel and group: `state`, the `s1` and `s2` of eight
//! sections, per frame.
//!
//! Latency is 0. Cost: eight resting bands run as one pipeline of vectors; a group with a moving band runs
//! band by band while it moves. A band at rest without effect costs nothing unless its group runs.

use super::band::Band;
use crate::audio::{self, Block, Key};
use crate::error::Error;
use crate::filter::cascade::{self, SECTIONS, STATE};
use crate::filter::design::{Svf, matched};
use crate::filter::svf::{self, COEFFICIENTS, Course};
use crate::kind::{Core, Kind, Setup};
use crate::memory::{Storage, Store, Word, layout};
use crate::param::{Group, Id, ParamTable, Row, Settings, Table, params};
use crate::ramp::{CHUNK, Change, Ramp, ramp_frames};
use crate::sample::Sample;
use crate::simd::dispatch;
use crate::spec::Spec;
use crate::unit::{Unit, words_for_params};
use num_complex::Complex;

params! {
    /// What is fixed when an [`Equalizer`] is built.
    pub struct EqualizerConfig {
        /// How many bands there are.
        BANDS = 1001, bands ("Bands"): whole(1..=64, "") = 8;
    }
}

/// Settings of an [`Equalizer`]: its bands from the first on. Bands not given are bells without gain.
#[derive(Clone, Copy, Debug, Default)]
pub struct EqualizerParams<'a> {
    /// The bands.
    pub bands: &'a [Band],
}

impl Settings for EqualizerParams<'_> {
    fn each(&self, visit: &mut dyn FnMut(Id, f64)) {
        for (item, band) in (0u16..).zip(self.bands) {
            band.each_at(item, visit);
        }
    }
}

/// Bells, shelves, high-pass and low-pass in series. As many channels out as in.
pub type Equalizer<T, S = Storage> = Unit<EqualizerKind, T, S>;

layout! {
    /// The words of an equalizer.
    struct Memory<T>, read as MemoryRef (bands: usize, channels: usize) {
        ramp: [Ramp<5>; bands],
        coefficients: [[[T; SECTIONS]; COEFFICIENTS]; bands.div_ceil(SECTIONS)],
        state: [T; bands.div_ceil(SECTIONS) * channels * STATE],
    }
}

impl<T: Sample> Equalizer<T> {
    /// Words that an equalizer needs.
    pub const fn memory(spec: &Spec, config: &EqualizerConfig) -> usize {
        let bands = config.bands as usize;
        words_for_params(bands * Band::ROWS.len()).saturating_add(Memory::<T>::words(bands, spec.inputs))
    }
}

impl<T: Sample, S: Store> Equalizer<T, S> {
    /// Response to a steady sine of `frequency_hz` once everything has come to rest: magnitude and phase
    /// of the coefficients that then run.
    pub fn response(&self, frequency_hz: f64) -> Complex<f64> {
        self.look(|_, setup, words| response::<T>(setup, words, frequency_hz, |ramp| ramp.target()))
    }

    /// The same for the coefficients of this moment.
    pub fn response_now(&self, frequency_hz: f64) -> Complex<f64> {
        self.look(|_, setup, words| response::<T>(setup, words, frequency_hz, |ramp| ramp.value()))
    }
}

fn response<T: Sample>(
    setup: &Setup<'_, EqualizerConfig>,
    words: &[Word],
    frequency_hz: f64,
    design: impl Fn(&Ramp<5>) -> [f64; 5],
) -> Complex<f64> {
    let memory = MemoryRef::<T>::read(words, setup.config.bands as usize, setup.spec.inputs);
    let bands = memory.ramp.iter().map(|ramp| Svf::from(design(ramp)));
    bands.map(|band| band.response(frequency_hz, setup.spec.sample_rate)).product()
}

/// The catalogue's entry for [`Equalizer`].
#[derive(Debug)]
pub struct EqualizerKind;

impl Kind for EqualizerKind {
    const KEY: &'static str = "equalizer";
    const NAME: &'static str = "Equalizer";
    const DOC: &'static str =
        "Shapes tone by bells, shelves and passes that follow the analogue curve up to 20 kHz.";
    const PARAMS: ParamTable =
        ParamTable { rows: &[], groups: &[Group { key: "bands", rows: Band::ROWS, count: "bands" }] };
    const READINGS: &'static [Row] = &[];
    type Config = EqualizerConfig;
    type Core<T: Sample> = EqualizerCore;

    fn check(spec: &Spec, _config: &EqualizerConfig) -> Result<(), Error> {
        spec.check_same_channels()
    }

    fn memory<T: Sample>(spec: &Spec, config: &EqualizerConfig) -> usize {
        Equalizer::<T>::memory(spec, config)
    }

    fn core<T: Sample>(setup: &Setup<'_, EqualizerConfig>, words: &mut [Word]) -> EqualizerCore {
        let mut memory = carve::<T>(setup, words);
        let frames = ramp_frames(setup.spec.sample_rate);
        for (band, ramp) in memory.ramp.iter_mut().enumerate() {
            *ramp = Ramp::new(design(setup, band), frames);
        }
        (0..memory.coefficients.len()).for_each(|group| write_coefficients(&mut memory, group));
        EqualizerCore
    }
}

fn carve<'a, T: Sample>(setup: &Setup<'_, EqualizerConfig>, words: &'a mut [Word]) -> Memory<'a, T> {
    Memory::carve(words, setup.config.bands as usize, setup.spec.inputs)
}

/// The five numbers that a band's parameters ask for. A band that is off keeps its place in frequency and
/// passes everything, so that it moves there and back without a click.
fn design(setup: &Setup<'_, EqualizerConfig>, band: usize) -> [f64; 5] {
    let band: Band = setup.item(0, band);
    let on = Band { enabled: true, ..band };
    let svf = on.prototype().map_or(Svf::IDENTITY, |prototype| matched(&prototype, setup.spec.sample_rate));
    if band.enabled { svf.into() } else { Svf { m0: 1.0, m1: 0.0, m2: 0.0, ..svf }.into() }
}

/// Whether a design passes everything as it is.
fn is_identity([_, _, m0, m1, m2]: [f64; 5]) -> bool {
    m0 == 1.0 && m1 == 0.0 && m2 == 0.0
}

/// Writes what a resting group multiplies with. Places without a band, or with one without effect, pass on.
fn write_coefficients<T: Sample>(memory: &mut Memory<'_, T>, group: usize) {
    let bands = &memory.ramp[group * SECTIONS..];
    for place in 0..SECTIONS {
        let design = bands.get(place).map_or(Svf::IDENTITY.into(), Ramp::target);
        for (lanes, coefficient) in memory.coefficients[group].iter_mut().zip(svf::coefficients(design)) {
            lanes[place] = T::from_f64(coefficient);
        }
    }
}

/// The inside of an [`Equalizer`]. Everything lies in its words.
#[derive(Debug)]
pub struct EqualizerCore;

impl<T: Sample> Core<T> for EqualizerCore {
    type Config = EqualizerConfig;

    fn change(&mut self, setup: &Setup<'_, EqualizerConfig>, words: &mut [Word], id: Id, change: Change) {
        let mut memory = carve::<T>(setup, words);
        let band = id.item() as usize;
        memory.ramp[band].change(design(setup, band), change);
        write_coefficients(&mut memory, band / SECTIONS);
    }

    fn run(
        &mut self,
        setup: &Setup<'_, EqualizerConfig>,
        words: &mut [Word],
        mut block: Block<'_, '_, T>,
        _key: Key<'_, T>,
    ) {
        let mut memory = carve::<T>(setup, words);
        for group in 0..memory.coefficients.len() {
            if group > 0 {
                clean(setup.spec.inputs, &mut block);
            }
            run_group(setup, &mut memory, group, &mut block);
        }
    }

    fn snap(&mut self, setup: &Setup<'_, EqualizerConfig>, words: &mut [Word]) {
        carve::<T>(setup, words).state.iter_mut().for_each(|s| *s = s.snap());
    }

    fn reset(&mut self, setup: &Setup<'_, EqualizerConfig>, words: &mut [Word]) {
        let mut memory = carve::<T>(setup, words);
        for (band, ramp) in memory.ramp.iter_mut().enumerate() {
            ramp.jump(design(setup, band));
        }
        (0..memory.coefficients.len()).for_each(|group| write_coefficients(&mut memory, group));
        memory.state.fill(T::ZERO);
    }

    fn tail(&self, setup: &Setup<'_, EqualizerConfig>, words: &[Word]) -> Option<usize> {
        let memory = MemoryRef::<T>::read(words, setup.config.bands as usize, setup.spec.inputs);
        let bands = memory.ramp.iter().map(Ramp::target).filter(|design| !is_identity(*design));
        let frames: f64 = bands.map(|design| Svf::from(design).decay_frames(120.0)).sum();
        let moving = memory.ramp.iter().any(|ramp| !ramp.is_settled());
        let ramp = if moving { 2 * ramp_frames(setup.spec.sample_rate) } else { 0 };
        Some(frames as usize + 1 + ramp)
    }
}

/// Keeps what one group hands to the next within ±1e9. Eight bands cannot overflow f32 from there, 64 can.
fn clean<T: Sample>(channels: usize, block: &mut Block<'_, '_, T>) {
    for channel in 0..channels {
        audio::clean(block.channel(channel));
    }
}

/// Runs one group of bands over a block.
fn run_group<T: Sample>(
    setup: &Setup<'_, EqualizerConfig>,
    memory: &mut Memory<'_, T>,
    group: usize,
    block: &mut Block<'_, '_, T>,
) {
    let first = group * SECTIONS;
    let count = (memory.ramp.len() - first).min(SECTIONS);
    let mut done = 0;
    while done < block.frames() {
        let bands = &mut memory.ramp[first..first + count];
        // A stretch ends exactly where the last band comes to rest, whatever the cut.
        let left = block.frames() - done;
        let moving = bands.iter().map(Ramp::frames_left).max().unwrap_or(0);
        let frames = if moving > 0 { left.min(CHUNK).min(moving) } else { left };
        let mut part = block.part(done, done + frames);
        let mut group = GroupRun {
            bands,
            coefficients: &memory.coefficients[group],
            state: &mut memory.state[group * setup.spec.inputs * STATE..][..setup.spec.inputs * STATE],
            channels: setup.spec.inputs,
        };
        if moving > 0 {
            group.move_bands(setup, &mut part);
        } else {
            group.rest(setup, &mut part);
        }
        done += frames;
    }
}

/// One group of bands and what it needs to run.
struct GroupRun<'a, T> {
    bands: &'a mut [Ramp<5>],
    coefficients: &'a [[T; SECTIONS]; COEFFICIENTS],
    state: &'a mut [T],
    channels: usize,
}

impl<T: Sample> GroupRun<'_, T> {
    /// All bands at rest: eight at once, or the only one that has an effect. Bands that do not run forget
    /// what they heard, so that they start from silence when they are needed again.
    fn rest(&mut self, setup: &Setup<'_, EqualizerConfig>, block: &mut Block<'_, '_, T>) {
        let mut working = (0..self.bands.len()).filter(|band| !is_identity(self.bands[*band].target()));
        match (working.next(), working.next()) {
            (None, _) => self.state.fill(T::ZERO),
            (Some(band), None) => {
                let idle = self.state.iter_mut().enumerate().filter(|(at, _)| at % SECTIONS != band);
                idle.for_each(|(_, s)| *s = T::ZERO);
                let coefficients = core::array::from_fn(|i| self.coefficients[i][band]);
                self.one(setup, band, Course::Constant(&coefficients), block);
            }
            _ => dispatch!(setup.spec.simd, s => {
                cascade::eight_sections(s, self.coefficients, self.state, self.channels, block);
            }),
        }
    }

    /// Some band on the move: one band after the other, for at most [`CHUNK`] frames.
    fn move_bands(&mut self, setup: &Setup<'_, EqualizerConfig>, block: &mut Block<'_, '_, T>) {
        for band in 0..self.bands.len() {
            if self.bands[band].is_settled() {
                let coefficients = core::array::from_fn(|i| self.coefficients[i][band]);
                self.one(setup, band, Course::Constant(&coefficients), block);
            } else {
                let mut designs = [[0.0; CHUNK]; 5];
                self.bands[band].fill(&mut designs, block.frames());
                let coefficients = dispatch!(setup.spec.simd, s => { let _ = s; svf::moving(&designs) });
                self.one(setup, band, Course::Moving(&coefficients), block);
            }
        }
    }

    fn one(
        &mut self,
        setup: &Setup<'_, EqualizerConfig>,
        band: usize,
        course: Course<'_, T>,
        block: &mut Block<'_, '_, T>,
    ) {
        let place = |channel: usize| [channel * STATE + band, channel * STATE + SECTIONS + band];
        dispatch!(setup.spec.simd, s => {
            svf::across_channels(s, course, self.state, place, self.channels, block);
        });
    }
}
