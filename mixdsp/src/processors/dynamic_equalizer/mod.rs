//! Dynamic equalizer: bands whose gain gives way to what is loud in them.
//!
//! ```text
//! in or key --> ear of each band --> change of its gain, per frame
//!                                        |
//! in --> band 0 --> band 1 --> ... --> out          gain = gain_db + change
//! ```
//!
//! Every band listens to the unit's input, not to what earlier bands made of it, or to the key: a bell through a
//! band-pass of its own frequency and Q, a shelf through a low-pass or high-pass (Q 0.707) at its frequency. The
//! level is that of a sine's peak; all channels count, the loudest decides, and all are changed alike. Above the
//! threshold the gain changes by (level - threshold)(1 - 1/ratio), up to the range, in the range's direction. It
//! moves by the smooth decoupled ballistics of a compressor (Giannoulis, Massberg, Reiss, JAES 60(6), 2012).
//!
//! The curve at every gain is the matched design for that gain (`filter::flexible`), not a bell from a bilinear
//! filter, so a band at 15 kHz keeps its shape while it moves. Below the threshold a band is the equalizer's; one
//! without `gain_db` then passes everything to the bit.
//!
//! The change never exceeds the range of the moment, not by what is left of an earlier one either: a range that
//! is set lower takes it along, and one that turns round takes it to nothing first.
//!
//! State: `designs`, per band the seven designs of its section downwards and upwards, ramps; `terms`, their
//! polynomials once all has come to rest; `ears`, ramps of `EAR` numbers; `packed`, `curves` and `heard`, what
//! eight ears at once work with; `shares`, of the frames at hand; `state`, `s1` and `s2` per channel and band.
//!
//! Latency is 0. Cost: ears eight at a time; a band with a range takes one set of coefficients per frame while it
//! is above its threshold, and no more than a plain band below it. A change of a parameter designs the band seven
//! times, about 15 µs; a glide does so every 16 frames.

mod band;
mod band_detector;

pub use band::{DynamicBand, DynamicKey, DynamicKind};

use crate::base::audio::Block;
use crate::engine::old::Key;
use crate::base::error::Error;
use crate::base::layout::layout;
use crate::base::memory::{Storage, Word};
use crate::base::sample::Sample;
use crate::base::simd::{SimdLevel, dispatch};
use crate::base::spec::Spec;
use crate::dsp::filter::design::Svf;
use crate::dsp::filter::gain_morph::{self as flexible, GainMorph as Flexible, TERMS};
use crate::dsp::filter::svf_states::STATE;
use crate::dsp::filter::svf::{self, COEFFICIENTS, Course};
use crate::engine::old::{Core, Kind, Moment, Setup};
use crate::engine::automation::words_for_params;
use crate::engine::unit::Unit;
use crate::params::ramp::{CHUNK, Change, Ramp, ramp_frames};
use crate::params::{Group, Id, ParamTable, Row, Settings, Table, params, readings};
use band::{EAR, REACH_DB};
use band_detector::{Curves, Ears, Heard, LANES, Sound, listen, set_ear};
use num_complex::Complex;

params! {
    /// What is fixed when a [`DynamicEqualizer`] is built.
    pub struct DynamicEqualizerConfig {
        /// How many bands there are.
        BANDS = 1001, bands ("Bands"): whole(1..=32, "") = 4;
    }
}

readings! {
    /// What a [`DynamicEqualizer`] reports.
    pub struct DynamicEqualizerReadings {
        /// Change of a band's gain at the last frame; the id's item is the band.
        CHANGE_DB = 2001, change_db ("Change"): "dB";
    }
}

/// Settings of a [`DynamicEqualizer`]: its bands from the first on. Bands not given have no gain and no range.
#[derive(Clone, Copy, Debug, Default)]
pub struct DynamicEqualizerParams<'a> {
    /// The bands.
    pub bands: &'a [DynamicBand],
}

impl Settings for DynamicEqualizerParams<'_> {
    fn each(&self, visit: &mut dyn FnMut(Id, f64)) {
        for (item, band) in (0u16..).zip(self.bands) {
            band.each_at(item, visit);
        }
    }
}

/// Bells and shelves whose gain changes with the level in them. As many channels out as in; with key channels
/// bands may listen to them.
pub type DynamicEqualizer<T, S = Storage> = Unit<DynamicEqualizerKind, T, S>;

/// Designs of a band: downwards and upwards.
const DESIGNS: usize = 2 * TERMS;

layout! {
    /// The words of a dynamic equalizer.
    struct Memory<T>, read as MemoryRef (bands: usize, groups: usize, inputs: usize, listeners: usize) {
        designs: [Ramp<5>; bands * DESIGNS],
        terms: [Flexible; bands * 2],
        ears: [Ramp<EAR>; bands],
        packed: [Ears<T>; groups],
        curves: [Curves; groups],
        heard: [Heard<T>; groups * listeners],
        shares: [[f64; LANES]; groups * CHUNK],
        state: [T; bands * inputs * STATE],
    }
}

/// Channels that are listened to: the larger of key and input, so that the unit may also run without key.
const fn listeners(spec: &Spec) -> usize {
    if spec.keys > spec.inputs { spec.keys } else { spec.inputs }
}

impl<T: Sample> DynamicEqualizer<T> {
    /// Words that a dynamic equalizer needs.
    pub const fn memory(spec: &Spec, config: &DynamicEqualizerConfig) -> usize {
        let bands = config.bands as usize;
        let own = Memory::<T>::words(bands, bands.div_ceil(LANES), spec.inputs, listeners(spec));
        words_for_params(bands * DynamicBand::ROWS.len()).saturating_add(own)
    }
}

/// The catalogue's entry for [`DynamicEqualizer`].
#[derive(Debug)]
pub struct DynamicEqualizerKind;

crate::engine::old::adapt! { DynamicEqualizerKind, "DynamicEqualizer", latency: |_, _| 0, has: [DynamicBand, DynamicEqualizerReadings], before: 0 }

impl Kind for DynamicEqualizerKind {
    const KEY: &'static str = "dynamic_equalizer";
    const NAME: &'static str = "Dynamic equalizer";
    const DOC: &'static str = "Bells and shelves whose gain changes with the level in them.";
    const PARAMS: ParamTable =
        ParamTable { rows: &[], groups: &[Group { key: "bands", rows: DynamicBand::ROWS, count: "bands" }] };
    const READINGS: &'static [Row] = DynamicEqualizerReadings::ROWS;
    const LISTENS: bool = true;
    type Config = DynamicEqualizerConfig;
    type Core<T: Sample> = DynamicEqualizerCore;

    fn check(spec: &Spec, _config: &DynamicEqualizerConfig) -> Result<(), Error> {
        spec.check_same_channels()
    }

    fn range(row: &Row, spec: &Spec, _config: &DynamicEqualizerConfig) -> (f64, f64) {
        let (minimum, maximum) = row.range_at(spec.sample_rate);
        let needs_key = row.number == DynamicBand::KEY.number() && spec.keys == 0;
        (minimum, if needs_key { minimum } else { maximum })
    }

    fn memory<T: Sample>(spec: &Spec, config: &DynamicEqualizerConfig) -> usize {
        DynamicEqualizer::<T>::memory(spec, config)
    }

    fn core<T: Sample>(
        setup: &Setup<'_, DynamicEqualizerConfig>,
        words: &mut [Word],
    ) -> DynamicEqualizerCore {
        start(setup, carve::<T>(setup, words));
        DynamicEqualizerCore { moving: false, ran: false }
    }
}

fn sizes(setup: &Setup<'_, DynamicEqualizerConfig>) -> [usize; 4] {
    let bands = setup.config.bands as usize;
    [bands, bands.div_ceil(LANES), setup.spec.inputs, listeners(setup.spec)]
}

fn carve<'a, T: Sample>(setup: &Setup<'_, DynamicEqualizerConfig>, words: &'a mut [Word]) -> Memory<'a, T> {
    let [bands, groups, inputs, listeners] = sizes(setup);
    Memory::carve(words, bands, groups, inputs, listeners)
}

fn read<'a, T: Sample>(setup: &Setup<'_, DynamicEqualizerConfig>, words: &'a [Word]) -> MemoryRef<'a, T> {
    let [bands, groups, inputs, listeners] = sizes(setup);
    MemoryRef::read(words, bands, groups, inputs, listeners)
}

/// At rest, in silence.
fn start<T: Sample>(setup: &Setup<'_, DynamicEqualizerConfig>, memory: Memory<'_, T>) {
    let rate = setup.spec.sample_rate;
    let frames = ramp_frames(rate);
    memory.heard.fill([[T::ZERO; LANES]; 8]);
    memory.shares.fill([0.0; LANES]);
    memory.state.fill(T::ZERO);
    memory.curves.iter_mut().for_each(Curves::clear);
    for band in 0..setup.config.bands as usize {
        let values: DynamicBand = setup.item(0, band);
        let section = values.section(rate);
        for (ramp, design) in memory.designs[band * DESIGNS..].iter_mut().zip(section.as_flattened()) {
            *ramp = Ramp::of_design(*design, frames);
        }
        memory.terms[2 * band..][..2].copy_from_slice(&section.map(|designs| flexible::terms(&designs)));
        let ear = values.ear(rate);
        memory.ears[band] = Ramp::of_design(ear, frames);
        let (group, lane) = (band / LANES, band % LANES);
        memory.curves[group].set_times(lane, values.times(rate));
        memory.curves[group].aim(lane, &ear);
        memory.curves[group].set(lane, &ear);
        set_ear(&mut memory.packed[group], lane, &ear);
    }
    // Lanes without a band hear nothing and stay within a range of one decibel.
    for lane in setup.config.bands as usize..memory.curves.len() * LANES {
        memory.curves[lane / LANES].set(lane % LANES, &[1.0; EAR]);
    }
}

/// The inside of a [`DynamicEqualizer`].
#[derive(Debug)]
pub struct DynamicEqualizerCore {
    /// Whether some ramp may be on the move.
    moving: bool,
    /// Whether anything was heard since reset.
    ran: bool,
}

impl<T: Sample> Memory<'_, T> {
    /// Frames until the next of all ramps comes to rest; `None` when none moves.
    fn frames_to_next_rest(&self) -> Option<usize> {
        let ramps = self.designs.iter().map(Ramp::frames_left).chain(self.ears.iter().map(Ramp::frames_left));
        ramps.filter(|frames| *frames > 0).min()
    }

    /// Works out the shares of the next frames, at most [`CHUNK`]; no ramp comes to rest within them.
    fn hear(&mut self, inputs: usize, simd: SimdLevel, part: &Block<'_, '_, T>, key: Key<'_, T>) {
        let frames = part.frames();
        let groups = self.packed.len();
        let listeners = self.heard.len() / groups.max(1);
        let mut powers = [[T::ZERO; LANES]; CHUNK];
        for group in 0..groups {
            let bands = self.ears.len() - group * LANES;
            let ears = &mut self.ears[group * LANES..][..bands.min(LANES)];
            let moves = ears.iter().any(|ear| !ear.is_settled());
            let heard = &mut self.heard[group * listeners..][..listeners];
            let (packed, curves) = (&mut self.packed[group], &mut self.curves[group]);
            let shares = &mut self.shares[group * CHUNK..][..frames];
            powers[..frames].fill([T::ZERO; LANES]);
            if !moves {
                for (channel, heard) in heard.iter_mut().enumerate() {
                    let sound = sound(channel, inputs, part, key);
                    let powers = &mut powers[..frames];
                    dispatch!(simd, s => listen(s, packed, heard, &sound, 0, powers));
                }
                let powers = &powers[..frames];
                dispatch!(simd, s => { let _ = s; curves.follow(powers, shares) });
                continue;
            }
            let mut path = [[0.0; CHUNK]; EAR];
            // Frame by frame while an ear moves: rare, and the same kernel.
            for f in 0..frames {
                for (lane, ear) in ears.iter_mut().enumerate() {
                    if ear.is_settled() && f > 0 {
                        continue;
                    }
                    let now = if ear.is_settled() {
                        ear.target()
                    } else {
                        ear.fill(&mut path, 1);
                        path.each_ref().map(|values| values[0])
                    };
                    set_ear(packed, lane, &now);
                    curves.set(lane, &now);
                }
                for (channel, heard) in heard.iter_mut().enumerate() {
                    let sound = sound_at(channel, inputs, part, key, f);
                    let powers = &mut powers[f..f + 1];
                    dispatch!(simd, s => listen(s, packed, heard, &sound, 0, powers));
                }
                let (powers, shares) = (&powers[f..f + 1], &mut shares[f..f + 1]);
                dispatch!(simd, s => { let _ = s; curves.follow(powers, shares) });
            }
            for (lane, ear) in ears.iter().enumerate().filter(|(_, ear)| ear.is_settled()) {
                set_ear(packed, lane, &ear.target());
                curves.set(lane, &ear.target());
            }
        }
    }

    /// Runs one band over the next frames; `coefficients` is room for those of a gain that moves.
    fn filter(
        &mut self,
        band: usize,
        inputs: usize,
        simd: SimdLevel,
        part: &mut Block<'_, '_, T>,
        coefficients: &mut [[T; CHUNK]; COEFFICIENTS],
    ) {
        let frames = part.frames();
        let designs = &mut self.designs[band * DESIGNS..][..DESIGNS];
        let stride = self.ears.len() * STATE;
        let place = |channel: usize| [0, 1].map(|i| channel * stride + band * STATE + i);
        let moving = designs.iter().any(|design| !design.is_settled());
        let rest = designs[0].target();
        let flexible = designs.iter().any(|design| design.target() != rest);
        if !moving && !flexible && Svf::from(rest).is_identity() {
            for channel in 0..inputs {
                place(channel).into_iter().for_each(|at| self.state[at] = T::ZERO);
            }
            return;
        }
        let mut shares = [0.0; CHUNK];
        let (rows, lane) = (&self.shares[band / LANES * CHUNK..][..frames], band % LANES);
        shares.iter_mut().zip(rows).for_each(|(share, row)| *share = row[lane]);
        let state = &mut *self.state;
        if !moving && (!flexible || shares == [0.0; CHUNK]) {
            let coefficients = svf::coefficients(rest).map(T::from_f64);
            let course = Course::Constant(&coefficients);
            dispatch!(simd, s => svf::across_channels(s, course, state, place, inputs, part));
            return;
        }
        if moving {
            *coefficients = dispatch!(simd, s => {
                let _ = s;
                svf::moving(&flexible::designs(designs, &shares, frames))
            });
        } else {
            let [falls, rises] = [&self.terms[2 * band], &self.terms[2 * band + 1]];
            let sizes = shares.map(f64::abs);
            let run = |terms, to: &mut [[T; CHUNK]; COEFFICIENTS]| {
                dispatch!(simd, s => flexible::coefficients_at(s, terms, &sizes, frames, to));
            };
            let downwards = shares[..frames].iter().any(|share| *share < 0.0);
            run(if downwards { falls } else { rises }, coefficients);
            if downwards && shares[..frames].iter().any(|share| *share > 0.0) {
                // The range passes zero just here.
                let mut upwards = [[T::ZERO; CHUNK]; COEFFICIENTS];
                run(rises, &mut upwards);
                for (to, from) in coefficients.iter_mut().zip(&upwards) {
                    let frames = to.iter_mut().zip(from).zip(&shares).filter(|(_, share)| **share > 0.0);
                    frames.for_each(|((to, from), _)| *to = *from);
                }
            }
        }
        let course = Course::Moving(coefficients);
        dispatch!(simd, s => svf::across_channels(s, course, state, place, inputs, part));
    }
}

/// What a channel brings to listen to. A channel that is not there is silent; without a key the input is one.
fn sound<T: Sample>(channel: usize, inputs: usize, part: &Block<'_, '_, T>, key: Key<'_, T>) -> Sound<T> {
    let frames = part.frames();
    let mut sound = Sound { own: [T::ZERO; CHUNK], key: [T::ZERO; CHUNK] };
    if channel < inputs {
        sound.own[..frames].copy_from_slice(part.input(channel));
    }
    if key.channels() == 0 {
        sound.key = sound.own;
    } else if channel < key.channels() {
        sound.key.iter_mut().zip(key.samples(channel)).for_each(|(sample, heard)| *sample = heard);
    }
    sound
}

/// The same for one frame.
fn sound_at<T: Sample>(
    channel: usize,
    inputs: usize,
    part: &Block<'_, '_, T>,
    key: Key<'_, T>,
    frame: usize,
) -> Sound<T> {
    let mut sound = Sound { own: [T::ZERO; CHUNK], key: [T::ZERO; CHUNK] };
    if channel < inputs {
        sound.own[0] = part.input(channel)[frame];
    }
    if key.channels() == 0 {
        sound.key[0] = sound.own[0];
    } else if channel < key.channels() {
        key.part(frame, frame + 1).samples(channel).for_each(|heard| sound.key[0] = heard);
    }
    sound
}

impl<T: Sample> Core<T> for DynamicEqualizerCore {
    type Config = DynamicEqualizerConfig;

    fn change(
        &mut self,
        setup: &Setup<'_, DynamicEqualizerConfig>,
        words: &mut [Word],
        id: Id,
        change: Change,
    ) {
        let memory = carve::<T>(setup, words);
        let band = id.item() as usize;
        let values: DynamicBand = setup.item(0, band);
        let rate = setup.spec.sample_rate;
        let section = values.section(rate);
        for (ramp, design) in memory.designs[band * DESIGNS..].iter_mut().zip(section.as_flattened()) {
            move_to(ramp, *design, change);
        }
        memory.terms[2 * band..][..2].copy_from_slice(&section.map(|designs| flexible::terms(&designs)));
        let ear = values.ear(rate);
        memory.curves[band / LANES].aim(band % LANES, &ear);
        move_to(&mut memory.ears[band], ear, change);
        memory.curves[band / LANES].set_times(band % LANES, values.times(rate));
        self.moving = true;
    }

    fn run(
        &mut self,
        setup: &Setup<'_, DynamicEqualizerConfig>,
        words: &mut [Word],
        mut block: Block<'_, '_, T>,
        key: Key<'_, T>,
    ) {
        let mut memory = carve::<T>(setup, words);
        let (inputs, simd) = (setup.spec.inputs, setup.spec.simd);
        let mut coefficients = [[T::ZERO; CHUNK]; COEFFICIENTS];
        let mut done = 0;
        while done < block.frames() {
            let next_rest = if self.moving { memory.frames_to_next_rest() } else { None };
            self.moving = next_rest.is_some();
            let count = (block.frames() - done).min(CHUNK).min(next_rest.unwrap_or(CHUNK));
            let mut part = block.part(done, done + count);
            memory.hear(inputs, simd, &part, key.part(done, done + count));
            for band in 0..setup.config.bands as usize {
                memory.filter(band, inputs, simd, &mut part, &mut coefficients);
            }
            done += count;
            self.ran = true;
        }
    }

    fn snap(&mut self, setup: &Setup<'_, DynamicEqualizerConfig>, words: &mut [Word]) {
        let memory = carve::<T>(setup, words);
        let heard = memory.heard.iter_mut().flatten().flatten();
        heard.chain(memory.state).for_each(|value| *value = value.snap());
        memory.curves.iter_mut().for_each(Curves::snap);
    }

    fn reset(&mut self, setup: &Setup<'_, DynamicEqualizerConfig>, words: &mut [Word]) {
        start(setup, carve::<T>(setup, words));
        *self = Self { moving: false, ran: false };
    }

    fn tail(&self, setup: &Setup<'_, DynamicEqualizerConfig>, words: &[Word]) -> Option<usize> {
        let memory = read::<T>(setup, words);
        let decay = |(band, sides): (usize, &[Flexible])| {
            let left = memory.curves[band / LANES].share(band % LANES).abs();
            let reach = left.max(memory.ears[band].target()[EAR - 1].abs() / REACH_DB);
            let at = |terms: &Flexible, step: usize| {
                let design = flexible::design_at(terms, reach * step as f64 / TERMS as f64);
                Svf::from(design).decay_frames(120.0)
            };
            sides.iter().flat_map(|terms| (0..=TERMS).map(move |step| at(terms, step))).fold(0.0, f64::max)
        };
        let decays: f64 = memory.terms.chunks_exact(2).enumerate().map(decay).sum();
        let ramps = memory.designs.iter().map(Ramp::frames_left);
        Some(libm::ceil(decays) as usize + ramps.max().unwrap_or(0))
    }

    /// Settled is the response below all thresholds; now is that of the gains of the last frame.
    fn response(
        &self,
        setup: &Setup<'_, DynamicEqualizerConfig>,
        words: &[Word],
        frequency_hz: f64,
        moment: Moment,
    ) -> Option<Complex<f64>> {
        let memory = read::<T>(setup, words);
        let bands = memory.designs.chunks_exact(DESIGNS).enumerate();
        let each = bands.map(|(band, designs)| {
            let design = match moment {
                Moment::Settled => designs[0].target(),
                Moment::Now => {
                    let share = memory.curves[band / LANES].share(band % LANES);
                    let side = if share < 0.0 { 0 } else { TERMS };
                    let now = core::array::from_fn(|i| designs[side + i].value());
                    flexible::design_at(&flexible::terms(&now), share.abs())
                }
            };
            Svf::from(design).response(frequency_hz, setup.spec.sample_rate)
        });
        Some(each.product())
    }

    fn reading(&self, setup: &Setup<'_, DynamicEqualizerConfig>, words: &[Word], id: Id) -> Option<f64> {
        let band = id.item() as usize;
        if !self.ran || band >= setup.config.bands as usize {
            return None;
        }
        let change = read::<T>(setup, words).curves[band / LANES].change_db(band % LANES);
        let values: DynamicBand = setup.item(0, band);
        Some(if values.enabled { change } else { 0.0 })
    }
}

/// Starts a ramp where there is somewhere to go.
fn move_to<const N: usize>(ramp: &mut Ramp<N>, values: [f64; N], change: Change) {
    if !ramp.is_settled() || ramp.target() != values {
        ramp.change(values, change);
    }
}
