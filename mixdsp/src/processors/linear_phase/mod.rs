//! Linear-phase equalizer: the curves of the equalizer without its phase.
//!
//! ```text
//! in --> bands below the limit: sections in series --> all other bands: one symmetric filter --> out
//! ```
//!
//! The filter's magnitude is that of the bands' analogue prototypes and its phase a pure delay, exactly: its
//! taps are symmetric. Bands set below `minimum_phase_below_hz` run as in the [`Equalizer`](crate::processors::equalizer::Equalizer)
//! instead, without latency and without the long pre-ringing that narrow low bands have; what is left above
//! needs a far shorter filter: that is mixed phase.
//!
//! How long the filter is follows from the narrowest bandwidth it shall follow to 0.1 dB; see `eq::zero_phase`
//! for the rule. It is applied by convolution in partitions of B frames, see `fft::convolver`.
//!
//! A change of the other bands is a new filter: its curve is sampled in eight steps, one per partition, and
//! then faded to in 20 ms. A change meanwhile waits for the end of the fade, so bands that glide move in steps
//! of 8 B frames and 20 ms, each faded. A band that is moved across the limit is heard in both places, or in
//! neither, for as long as the filter is late.
//!
//! State: `live`, the filter that is heard; `fade`, the share of the other, per frame by the ramp; `stage`,
//! how far a new filter is, per partition; `stale`, whether parameters have changed since it was begun.
//!
//! Latency is half the filter and one partition. Memory for audio lies in the caller's words; the plans of the
//! transforms are allocated when it is built.

mod zero_phase;

use crate::base::audio::Block;
use crate::base::error::Error;
use crate::base::layout::layout;
use crate::base::memory::{Carver, Reader, Storage, Word};
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::dsp::fft::{self, Convolver, Sizes, Transform};
use crate::dsp::filter::band::{Band, Slope};
use crate::dsp::filter::design::{Svf, matched};
use crate::dsp::filter::placed::EVERYWHERE;
use crate::dsp::filter::series::{self, Packed, STATE, Series, Status};
use crate::engine::automation::words_for_params;
use crate::engine::old::Key;
use crate::engine::old::{Core, Kind, Moment, Setup};
use crate::engine::unit::Unit;
use crate::params::ramp::{CHUNK, Change, Ramp, ramp_frames};
use crate::params::{Group, Id, ParamTable, Row, Table, params};
use core::f64::consts::TAU;
use num_complex::Complex;
use zero_phase::{Length, STEPS};

params! {
    /// What is fixed when a [`LinearPhase`] is built.
    pub struct LinearPhaseConfig {
        /// How many bands there are.
        BANDS = 1001, bands ("Bands"): whole(1..=64, "") = 8;
        /// The narrowest bandwidth that is followed to 0.1 dB; it sets length and latency.
        BANDWIDTH_HZ = 1002, bandwidth_hz ("Bandwidth"): log(2.0..=2000.0, "Hz") = 25.0;
        /// Bands at lower frequencies run with their natural phase and without latency.
        MINIMUM_PHASE_BELOW_HZ = 1003, minimum_phase_below_hz ("Minimum phase below"): linear(0.0..=20000.0, "Hz") = 0.0;
        /// The steepest slope that a band may have; each 12 dB per octave take memory.
        STEEPEST_SLOPE = 1004, steepest_slope ("Steepest slope"): choice(Slope) = Slope::Db48;
    }
}

impl LinearPhaseConfig {
    /// For these bands: as many, and as long as the narrowest of them needs.
    pub fn for_bands(bands: &[Band]) -> Self {
        Self::mixed(bands, 0.0)
    }

    /// The same where bands below a frequency keep their natural phase.
    pub fn mixed(bands: &[Band], minimum_phase_below_hz: f64) -> Self {
        let linear = bands.iter().filter(|band| band.frequency_hz >= minimum_phase_below_hz);
        let narrowest = linear.map(zero_phase::bandwidth_hz).fold(f64::INFINITY, f64::min);
        let steepest = bands.iter().map(|band| band.slope_db_per_octave).max_by_key(|slope| slope.order());
        Self {
            bands: bands.len().clamp(1, 64) as u32,
            bandwidth_hz: narrowest.clamp(2.0, 2_000.0),
            minimum_phase_below_hz,
            steepest_slope: steepest.unwrap_or(Slope::Db12),
        }
    }

    /// Sections with their natural phase.
    const fn sections(&self) -> usize {
        if self.minimum_phase_below_hz > 0.0 { self.most_sections() } else { 0 }
    }

    const fn most_sections(&self) -> usize {
        self.bands as usize * self.steepest_slope.sections()
    }

    const fn length(&self, sample_rate: f64) -> Length {
        Length::new(sample_rate, self.bandwidth_hz, self.most_sections())
    }

    /// Partitions are about a sixteenth of the filter.
    const fn sizes(&self, spec: &Spec) -> Sizes {
        let length = self.length(spec.sample_rate);
        let share = length.half / 8;
        let partition = if share < 64 { 64 } else { 1 << share.ilog2() };
        let partition = if partition > 2_048 { 2_048 } else { partition };
        Sizes::new(spec.inputs, partition, length.taps())
    }
}

/// Equalizes without turning the phase. As many channels out as in. Feature `fft`.
///
/// Its bands are those of the [`Equalizer`](crate::processors::equalizer::Equalizer) and are set alike
/// ([`EqualizerParams`](crate::processors::equalizer::EqualizerParams)), except that they work on all channels; a band that turns the phase
/// only has no effect.
/// [`LinearPhaseConfig::for_bands`] finds the length that a list of bands needs.
pub type LinearPhase<T, S = Storage> = Unit<LinearPhaseKind, T, S>;

layout! {
    /// The words of the sections with their natural phase.
    struct Natural<T>, read as NaturalRef (sections: usize, channels: usize) {
        ramps: [Ramp<5>; sections],
        working: [u32; sections],
        packed: [Packed<T>; sections.div_ceil(8)],
        state: [T; sections * channels * STATE],
    }
}

/// All words: the sections, the design, the convolution.
struct Parts<'a, T: Sample> {
    natural: Natural<'a, T>,
    design: zero_phase::Memory<'a, T>,
    convolver: &'a mut [Word],
}

impl<T: Sample> LinearPhase<T> {
    /// Words that a linear-phase equalizer needs.
    pub const fn memory(spec: &Spec, config: &LinearPhaseConfig) -> usize {
        let params = config.bands as usize * Band::ROWS.len();
        words_for_params(params)
            .saturating_add(Natural::<T>::words(config.sections(), spec.inputs))
            .saturating_add(zero_phase::Memory::<T>::words(config.length(spec.sample_rate)))
            .saturating_add(fft::Memory::<T>::words(config.sizes(spec)))
    }
}

fn parts<'a, T: Sample>(setup: &Setup<'_, LinearPhaseConfig>, words: &'a mut [Word]) -> Parts<'a, T> {
    let (sections, channels) = (setup.config.sections(), setup.spec.inputs);
    let length = setup.config.length(setup.spec.sample_rate);
    let mut carver = Carver::new(words);
    let natural = carver.take::<Word>(Natural::<T>::words(sections, channels));
    let design = carver.take::<Word>(zero_phase::Memory::<T>::words(length));
    Parts {
        natural: Natural::carve(natural, sections, channels),
        design: zero_phase::Memory::carve(design, length),
        convolver: carver.rest(),
    }
}

fn series<'a, T: Sample>(natural: Natural<'a, T>, channels: usize) -> Series<'a, T> {
    let Natural { ramps, working, packed, state, .. } = natural;
    let (shares, packed_shares, matrix, waiting) = Default::default();
    Series { ramps, shares, state, working, packed, packed_shares, matrix, waiting, channels }
}

/// The catalogue's entry for [`LinearPhase`].
#[derive(Debug)]
pub struct LinearPhaseKind;

crate::engine::old::adapt! { LinearPhaseKind, "LinearPhase", latency: |spec, config| config.length(spec.sample_rate).half + config.sizes(spec).partition, has: [Band], before: 0 }

impl Kind for LinearPhaseKind {
    const KEY: &'static str = "linear_phase";
    const NAME: &'static str = "LinearPhase";
    const DOC: &'static str = "Shapes tone like the equalizer, with all or the higher bands in linear phase.";
    const PARAMS: ParamTable =
        ParamTable { rows: &[], groups: &[Group { key: "bands", rows: Band::ROWS, count: "bands" }] };
    const READINGS: &'static [Row] = &[];
    const ALLOCATES: bool = true;
    type Config = LinearPhaseConfig;
    type Core<T: Sample> = LinearPhaseCore<T>;

    fn check(spec: &Spec, _config: &LinearPhaseConfig) -> Result<(), Error> {
        spec.check_same_channels()
    }

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

    fn memory<T: Sample>(spec: &Spec, config: &LinearPhaseConfig) -> usize {
        LinearPhase::<T>::memory(spec, config)
    }

    fn core<T: Sample>(setup: &Setup<'_, LinearPhaseConfig>, words: &mut [Word]) -> LinearPhaseCore<T> {
        let length = setup.config.length(setup.spec.sample_rate);
        let mut core = LinearPhaseCore {
            length,
            natural: Status::default(),
            convolver: Convolver::new(setup.config.sizes(setup.spec), setup.spec.simd),
            transform: zero_phase::transform(length, setup.spec.simd),
            live: 0,
            fade: Ramp::new([0.0], ramp_frames(setup.spec.sample_rate)),
            stage: Stage::Rest,
            stale: false,
        };
        core.start(setup, words);
        core
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

/// The inside of a [`LinearPhase`].
#[derive(Debug)]
pub struct LinearPhaseCore<T: Sample> {
    length: Length,
    natural: Status,
    convolver: Convolver<T>,
    transform: Transform<f64>,
    live: usize,
    fade: Ramp<1>,
    stage: Stage,
    stale: bool,
}

/// The bands that are left to the filter.
fn linear_bands(setup: &Setup<'_, LinearPhaseConfig>) -> impl Iterator<Item = Band> {
    let bands = (0..setup.config.bands as usize).map(|item| setup.item::<Band>(0, item));
    bands.filter(|band| band.frequency_hz >= setup.config.minimum_phase_below_hz)
}

/// The five numbers of a section of a band; one that has no effect keeps its place in frequency.
fn design(setup: &Setup<'_, LinearPhaseConfig>, item: usize, section: usize) -> [f64; 5] {
    let band: Band = setup.item(0, item);
    let on = Band { enabled: true, ..band };
    let is_natural = band.frequency_hz < setup.config.minimum_phase_below_hz;
    let wanted = band.prototype(section).filter(|_| is_natural);
    let place = wanted.or(on.prototype(section)).or(on.prototype(0));
    let svf = place.map_or(Svf::IDENTITY, |prototype| matched(&prototype, setup.spec.sample_rate));
    match wanted {
        Some(_) => svf.into(),
        None => Svf { m0: 1.0, m1: 0.0, m2: 0.0, ..svf }.into(),
    }
}

impl<T: Sample> LinearPhaseCore<T> {
    /// At rest with the present parameters, in silence.
    fn start(&mut self, setup: &Setup<'_, LinearPhaseConfig>, words: &mut [Word]) {
        let per_band = setup.config.steepest_slope.sections();
        let mut parts = parts::<T>(setup, words);
        let mut natural = series(parts.natural, setup.spec.inputs);
        let frames = ramp_frames(setup.spec.sample_rate);
        self.natural =
            natural.start(frames, |at| design(setup, at / per_band, at % per_band), |_| EVERYWHERE);
        self.convolver.clear(parts.convolver);
        zero_phase::take_curve(parts.design.sections, linear_bands(setup));
        for step in 0..STEPS {
            zero_phase::sample(&mut parts.design, self.length, setup.spec.sample_rate, step, setup.spec.simd);
        }
        (self.live, self.stage, self.stale) = (0, Stage::Rest, false);
        self.fade.jump([0.0]);
        self.finish(&mut parts.design, parts.convolver, 0);
    }

    /// Makes filter 0 or 1 from the sampled curve.
    fn finish(&mut self, design: &mut zero_phase::Memory<'_, T>, words: &mut [Word], filter: usize) {
        zero_phase::finish(design, self.length, &mut self.transform, filter);
        let taps = self.length.taps();
        self.convolver.load(words, filter, &design.taps[filter * taps..][..taps]);
    }

    /// A partition is full: one step towards a new filter, then the convolution.
    fn turn(&mut self, setup: &Setup<'_, LinearPhaseConfig>, words: &mut [Word]) {
        let mut parts = parts::<T>(setup, words);
        if self.stage == Stage::Fading && self.fade.is_settled() {
            self.live = 1 - self.live;
            self.fade.jump([0.0]);
            self.stage = Stage::Rest;
        }
        match self.stage {
            Stage::Rest if self.stale => {
                self.stale = false;
                if zero_phase::take_curve(parts.design.sections, linear_bands(setup)) {
                    self.stage = Stage::Sampling(0);
                }
            }
            Stage::Sampling(step) if step < STEPS => {
                zero_phase::sample(
                    &mut parts.design,
                    self.length,
                    setup.spec.sample_rate,
                    step,
                    setup.spec.simd,
                );
                self.stage = Stage::Sampling(step + 1);
            }
            Stage::Sampling(_) => {
                self.finish(&mut parts.design, parts.convolver, 1 - self.live);
                self.fade.set([1.0]);
                self.stage = Stage::Fading;
            }
            Stage::Rest | Stage::Fading => {}
        }
        let both = self.stage == Stage::Fading;
        self.convolver.turn(parts.convolver, setup.spec.simd, self.live, both);
    }
}

impl<T: Sample> Core<T> for LinearPhaseCore<T> {
    type Config = LinearPhaseConfig;

    fn change(&mut self, setup: &Setup<'_, LinearPhaseConfig>, words: &mut [Word], id: Id, change: Change) {
        self.stale = true;
        if setup.config.sections() == 0 {
            return;
        }
        let item = id.item() as usize;
        let per_band = setup.config.steepest_slope.sections();
        let mut natural = series(parts::<T>(setup, words).natural, setup.spec.inputs);
        for section in 0..per_band {
            let design = design(setup, item, section);
            natural.change(&mut self.natural, item * per_band + section, design, change);
        }
    }

    fn run(
        &mut self,
        setup: &Setup<'_, LinearPhaseConfig>,
        words: &mut [Word],
        mut block: Block<'_, '_, T>,
        _: Key<'_, T>,
    ) {
        let mut done = 0;
        while done < block.frames() {
            let fading = self.stage == Stage::Fading;
            let most = if fading { CHUNK } else { usize::MAX };
            let count = (block.frames() - done).min(self.convolver.frames_left()).min(most);
            let mut part = block.part(done, done + count);
            let parts = parts::<T>(setup, words);
            series(parts.natural, setup.spec.inputs).run(&mut self.natural, setup.spec.simd, &mut part);
            let mut shares = [[0.0; CHUNK]];
            if fading {
                self.fade.fill(&mut shares, count);
            }
            let shares = shares[0].map(T::from_f64);
            let shares = fading.then_some(&shares[..]);
            self.convolver.exchange(parts.convolver, &mut part, self.live, shares);
            if self.convolver.frames_left() == 0 {
                self.turn(setup, words);
            }
            done += count;
        }
    }

    fn snap(&mut self, setup: &Setup<'_, LinearPhaseConfig>, words: &mut [Word]) {
        series(parts::<T>(setup, words).natural, setup.spec.inputs).snap();
    }

    fn reset(&mut self, setup: &Setup<'_, LinearPhaseConfig>, words: &mut [Word]) {
        self.start(setup, words);
    }

    fn latency(&self, setup: &Setup<'_, LinearPhaseConfig>) -> usize {
        self.length.half + setup.config.sizes(setup.spec).partition
    }

    fn tail(&self, setup: &Setup<'_, LinearPhaseConfig>, words: &[Word]) -> Option<usize> {
        let partition = setup.config.sizes(setup.spec).partition;
        let natural = NaturalRef::<T>::read(words, setup.config.sections(), setup.spec.inputs);
        Some(self.length.taps() + partition + series::tail(natural.ramps, &[]))
    }

    fn response(
        &self,
        setup: &Setup<'_, LinearPhaseConfig>,
        words: &[Word],
        frequency_hz: f64,
        moment: Moment,
    ) -> Option<Complex<f64>> {
        let (sections, channels) = (setup.config.sections(), setup.spec.inputs);
        let mut reader = Reader::new(words);
        let natural = reader.take::<Word>(Natural::<T>::words(sections, channels));
        let natural = NaturalRef::<T>::read(natural, sections, channels);
        let design = zero_phase::MemoryRef::<T>::read(reader.rest(), self.length);
        let rate = setup.spec.sample_rate;
        let taps = self.length.taps();
        let of = |filter| zero_phase::response(&design.taps[filter * taps..][..taps], frequency_hz / rate);
        let magnitude = match (moment, self.stage) {
            // Not designed yet: it will be this to 0.1 dB.
            (Moment::Settled, _) if self.stale || matches!(self.stage, Stage::Sampling(_)) => {
                linear_bands(setup).map(|band| band.curve(frequency_hz).norm()).product()
            }
            (Moment::Settled, Stage::Fading) => of(1 - self.live),
            (Moment::Now, Stage::Fading) => {
                let [share] = self.fade.value();
                of(self.live) * (1.0 - share) + of(1 - self.live) * share
            }
            _ => of(self.live),
        };
        let delay = -TAU * frequency_hz / rate * Core::<T>::latency(self, setup) as f64;
        let natural = series::response(natural.ramps, frequency_hz, rate, moment);
        Some(natural * Complex::from_polar(1.0, delay) * magnitude)
    }
}
