//! Equalizer: any number of bands whose curves are the analogue ones up to 20 kHz.
//!
//! ```text
//! in --> band 0 --> band 1 --> ... --> out          each one or more second-order sections
//! ```
//!
//! A band's curve is that of its analogue prototype ([`Band`] defines them all), fitted by
//! [`filter::design::matched`](crate::dsp::filter::design::matched). When a band is set it is designed once, in f64; the
//! five numbers of its sections then move by the ramp, per frame. A change of kind, on or off moves the same way:
//! the outputs of a section crossfade while its frequency moves. So does the placement on left, right, mid or
//! side: the shares of the channels move ([`Placement`]). Gliding bands are designed anew every 16 frames.
//!
//! State: the sections in series, see `filter::series`.
//!
//! Latency is 0. Cost: at rest, eight sections run as one pipeline of vectors and a section by itself runs four
//! frames at a time; while a band moves, section after section. Sections without effect, such as a bell without
//! gain, cost nothing. Eight sections of which one works on a part of the channels run as a pipeline of their own,
//! about a quarter slower.

use crate::base::audio::Block;
use crate::base::error::Error;
use crate::base::layout::layout;
use crate::base::memory::{Storage, Store, Word};
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::dsp::filter::band::{Band, Slope};
use crate::dsp::filter::design::{Svf, matched};
use crate::dsp::filter::four::{Four, Waiting};
use crate::dsp::filter::placed::Matrix;
use crate::dsp::filter::placement::Placement;
use crate::dsp::filter::series::{self, Packed, PackedShares, STATE, Series, Status};
use crate::engine::automation::words_for_params;
use crate::engine::old::Key;
use crate::engine::old::{Core, Kind, Moment, Setup};
use crate::engine::unit::Unit;
use crate::params::ramp::{Change, Ramp, ramp_frames};
use crate::params::{Group, Id, ParamTable, Row, Settings, Table, params};
use num_complex::Complex;

params! {
    /// What is fixed when an [`Equalizer`] is built.
    pub struct EqualizerConfig {
        /// How many bands there are.
        BANDS = 1001, bands ("Bands"): whole(1..=64, "") = 8;
        /// The steepest slope that a band may have; each 12 dB per octave take memory.
        STEEPEST_SLOPE = 1002, steepest_slope ("Steepest slope"): choice(Slope) = Slope::Db48;
    }
}

impl EqualizerConfig {
    /// So many bands, with slopes up to 48 dB per octave.
    pub const fn bands(bands: u32) -> Self {
        Self { bands, steepest_slope: Slope::Db48 }
    }

    const fn sections(&self) -> usize {
        self.bands as usize * self.steepest_slope.sections()
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

/// Bands in series: bells, shelves, passes, notches, all-passes, tilts. As many channels out as in; bands placed
/// on left, right, mid or side need two.
pub type Equalizer<T, S = Storage> = Unit<EqualizerKind, T, S>;

layout! {
    /// The words of an equalizer.
    struct Memory<T>, read as MemoryRef (sections: usize, channels: usize) {
        ramps: [Ramp<5>; sections],
        shares: [Ramp<3>; shares(sections, channels)],
        working: [u32; sections],
        packed: [Packed<T>; sections.div_ceil(8)],
        packed_shares: [PackedShares<T>; shares(sections, channels).div_ceil(8)],
        state: [T; sections * channels * STATE],
        matrix: [Four<T>; 1],
        waiting: [Waiting<T>; channels],
    }
}

/// Only two channels have parts to work on.
const fn shares(sections: usize, channels: usize) -> usize {
    if channels == 2 { sections } else { 0 }
}

impl<T: Sample> Equalizer<T> {
    /// Words that an equalizer needs.
    pub const fn memory(spec: &Spec, config: &EqualizerConfig) -> usize {
        let params = config.bands as usize * Band::ROWS.len();
        words_for_params(params).saturating_add(Memory::<T>::words(config.sections(), spec.inputs))
    }
}

impl<T: Sample, S: Store> Equalizer<T, S> {
    /// Response to a steady sine that stands in one place, as heard in that place: with `Placement::Left` from
    /// the left channel to the left, with `Placement::Mid` from two channels alike to half of their sum, with
    /// `Placement::Side` from two opposite channels to half of their difference. [`Placement::All`] is the mid.
    ///
    /// [`Processor::response`](crate::Processor::response) tells the same for all. A unit of other than two
    /// channels has one response, whatever the placement.
    pub fn response_in(&self, placement: Placement, frequency_hz: f64, moment: Moment) -> Complex<f64> {
        self.look_core(|_, setup, words| response::<T>(setup, words, placement, frequency_hz, moment))
    }
}

fn response<T: Sample>(
    setup: &Setup<'_, EqualizerConfig>,
    words: &[Word],
    placement: Placement,
    frequency_hz: f64,
    moment: Moment,
) -> Complex<f64> {
    let memory = MemoryRef::<T>::read(words, setup.config.sections(), setup.spec.inputs);
    let rate = setup.spec.sample_rate;
    if memory.shares.is_empty() {
        return series::response(memory.ramps, frequency_hz, rate, moment);
    }
    let [[ll, lr], [rl, rr]]: Matrix =
        series::placed_response(memory.ramps, memory.shares, frequency_hz, rate, moment);
    match placement {
        Placement::All | Placement::Mid => 0.5 * (ll + lr + rl + rr),
        Placement::Side => 0.5 * (ll - lr - rl + rr),
        Placement::Left => ll,
        Placement::Right => rr,
    }
}

/// The catalogue's entry for [`Equalizer`].
#[derive(Debug)]
pub struct EqualizerKind;

crate::engine::old::adapt! { EqualizerKind, "Equalizer", latency: |_, _| 0, has: [Band], before: 0 }

impl Kind for EqualizerKind {
    const KEY: &'static str = "equalizer";
    const NAME: &'static str = "Equalizer";
    const DOC: &'static str = "Shapes tone by bands that follow the analogue curve up to 20 kHz.";
    const PARAMS: ParamTable =
        ParamTable { rows: &[], groups: &[Group { key: "bands", rows: Band::ROWS, count: "bands" }] };
    const READINGS: &'static [Row] = &[];
    type Config = EqualizerConfig;
    type Core<T: Sample> = EqualizerCore;

    fn check(spec: &Spec, _config: &EqualizerConfig) -> Result<(), Error> {
        spec.check_same_channels()
    }

    fn range(row: &Row, spec: &Spec, config: &EqualizerConfig) -> (f64, f64) {
        let (minimum, maximum) = row.range_at(spec.sample_rate);
        let number = row.number;
        if number == Band::SLOPE_DB_PER_OCTAVE.number() {
            (minimum, config.steepest_slope as usize as f64)
        } else if number == Band::PLACEMENT.number() && spec.inputs != 2 {
            (minimum, minimum)
        } else {
            (minimum, maximum)
        }
    }

    fn memory<T: Sample>(spec: &Spec, config: &EqualizerConfig) -> usize {
        Equalizer::<T>::memory(spec, config)
    }

    fn core<T: Sample>(setup: &Setup<'_, EqualizerConfig>, words: &mut [Word]) -> EqualizerCore {
        EqualizerCore { status: start(&mut sections::<T>(setup, words), setup) }
    }
}

/// The sections in a unit's words.
fn sections<'a, T: Sample>(setup: &Setup<'_, EqualizerConfig>, words: &'a mut [Word]) -> Series<'a, T> {
    let channels = setup.spec.inputs;
    let memory = Memory::carve(words, setup.config.sections(), channels);
    let Memory { ramps, shares, working, packed, packed_shares, state, matrix, waiting, .. } = memory;
    Series { ramps, shares, state, working, packed, packed_shares, matrix, waiting, channels }
}

fn start<T: Sample>(series: &mut Series<'_, T>, setup: &Setup<'_, EqualizerConfig>) -> Status {
    let per_band = setup.config.steepest_slope.sections();
    let band = |section: usize| -> Band { setup.item(0, section / per_band) };
    let mut place = Svf::IDENTITY;
    series.start(
        ramp_frames(setup.spec.sample_rate),
        |section| design(&band(section), section % per_band, setup.spec.sample_rate, &mut place),
        |section| band(section).placement.share(),
    )
}

/// The five numbers of a band's section; sections are asked for in order, and `place` is kept between them. One
/// that the band does not need takes the place of the first in frequency and passes everything, and so do all
/// while the band is off, each in its own place: they move there and back without a click.
fn design(band: &Band, section: usize, sample_rate: f64, place: &mut Svf) -> [f64; 5] {
    let prototype = Band { enabled: true, ..*band }.prototype(section);
    let svf = prototype.map_or(*place, |prototype| matched(&prototype, sample_rate));
    if section == 0 {
        *place = svf;
    }
    if prototype.is_some() && band.enabled {
        return svf.into();
    }
    Svf { m0: 1.0, m1: 0.0, m2: 0.0, ..svf }.into()
}

/// The inside of an [`Equalizer`].
#[derive(Debug)]
pub struct EqualizerCore {
    status: Status,
}

impl<T: Sample> Core<T> for EqualizerCore {
    type Config = EqualizerConfig;

    fn change(&mut self, setup: &Setup<'_, EqualizerConfig>, words: &mut [Word], id: Id, change: Change) {
        let mut series = sections::<T>(setup, words);
        let item = id.item() as usize;
        let band: Band = setup.item(0, item);
        let per_band = setup.config.steepest_slope.sections();
        let mut place = Svf::IDENTITY;
        for section in 0..per_band {
            let design = design(&band, section, setup.spec.sample_rate, &mut place);
            series.change(&mut self.status, item * per_band + section, design, change);
            series.place(&mut self.status, item * per_band + section, band.placement.share(), change);
        }
    }

    fn run(
        &mut self,
        setup: &Setup<'_, EqualizerConfig>,
        words: &mut [Word],
        mut block: Block<'_, '_, T>,
        _key: Key<'_, T>,
    ) {
        sections(setup, words).run(&mut self.status, setup.spec.simd, &mut block);
    }

    fn snap(&mut self, setup: &Setup<'_, EqualizerConfig>, words: &mut [Word]) {
        sections::<T>(setup, words).snap();
    }

    fn reset(&mut self, setup: &Setup<'_, EqualizerConfig>, words: &mut [Word]) {
        self.status = start(&mut sections::<T>(setup, words), setup);
    }

    fn tail(&self, setup: &Setup<'_, EqualizerConfig>, words: &[Word]) -> Option<usize> {
        let memory = MemoryRef::<T>::read(words, setup.config.sections(), setup.spec.inputs);
        Some(series::tail(memory.ramps, memory.shares))
    }

    fn response(
        &self,
        setup: &Setup<'_, EqualizerConfig>,
        words: &[Word],
        frequency_hz: f64,
        moment: Moment,
    ) -> Option<Complex<f64>> {
        Some(response::<T>(setup, words, Placement::All, frequency_hz, moment))
    }
}
