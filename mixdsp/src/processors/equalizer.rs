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
//! side: how much goes where moves ([`Placement`]). Gliding bands are designed anew every 16 frames.
//!
//! State: a cascade of all bands' sections, see `filter::svf_cascade`.
//!
//! Latency is 0. Cost: at rest, eight sections run as one pipeline of vectors and a section by itself runs four
//! frames at a time; while a band moves, section after section. Sections without effect, such as a bell without
//! gain, cost nothing. Eight sections of which one works on a part of the channels run as a pipeline of their own,
//! about a quarter slower.

use crate::base::audio::Block;
use crate::base::memory::Store;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::dsp::filter::band::{Band, Slope};
use crate::dsp::filter::band_cascade::BandCascade;
use crate::dsp::filter::placement::Placement;
use crate::dsp::filter::svf_cascade::{Sizes, State, SvfCascade, SvfCascadeRef};
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, ResponseAt, Run, Setup};
use crate::params::ramp::Change;
use crate::params::{Id, Row, Settings, params};
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
}

/// Settings of an [`Equalizer`]: its bands from the first on. Bands not given are bells without gain.
#[derive(Clone, Copy, Debug, Default)]
pub struct EqualizerParams<'a> {
    /// The bands.
    pub bands: &'a [Band],
}

impl Settings for EqualizerParams<'_> {
    fn each(&self, visit: &mut dyn FnMut(Id, f64)) {
        self.bands.each(visit);
    }
}

processor! {
    /// Shapes tone by bands that follow the analogue curve up to 20 kHz.
    /// Bands in series: bells, shelves, passes, notches, all-passes, tilts. As many channels out as in; bands placed
    /// on left, right, mid or side need two.
    pub Equalizer = EqualizerKind {
        key: "equalizer",
        label: "Equalizer",
        groups: [bands: Band],
        config: EqualizerConfig,
        memory: SvfCascade / SvfCascadeRef by Sizes = sizes,
    }
}

/// Only two channels have parts to work on.
const fn sizes(spec: &Spec, config: &EqualizerConfig) -> Sizes {
    let sections = config.bands as usize * config.steepest_slope.sections();
    Sizes { sections, channels: spec.inputs, placed: spec.inputs == 2, block_of_four: true }
}

impl<T: Sample, S: Store> Equalizer<T, S> {
    /// Response to a steady sine that stands in one place, as heard in that place: with `Placement::Left` from
    /// the left channel to the left, with `Placement::Mid` from two channels alike to half of their sum, with
    /// `Placement::Side` from two opposite channels to half of their difference. [`Placement::All`] is the mid.
    ///
    /// [`Processor::response`](crate::Processor::response) tells the same for all. A unit of other than two
    /// channels has one response, whatever the placement.
    pub fn response_in(&self, placement: Placement, frequency_hz: f64, at: ResponseAt) -> Complex<f64> {
        self.look(|look| look.memory.response(placement, frequency_hz, look.setup.spec.sample_rate, at))
    }
}

fn bands(setup: &Setup<'_, EqualizerKind>) -> BandCascade {
    BandCascade { steepest_slope: setup.config.steepest_slope, sample_rate: setup.spec.sample_rate }
}

impl ProcessorKind for EqualizerKind {
    type Moving = ();
    type State<T: Sample> = State;

    fn range(row: &Row, spec: &Spec, config: &EqualizerConfig) -> (f64, f64) {
        let bands = BandCascade { steepest_slope: config.steepest_slope, sample_rate: spec.sample_rate };
        bands.range(row, spec.inputs == 2)
    }

    fn design(_: &Setup<'_, Self>) {}

    fn start<T: Sample>(setup: &Setup<'_, Self>, mut cascade: SvfCascade<'_, T>) -> State {
        bands(setup).start(&mut cascade, |band| setup.item(band))
    }

    fn process<T: Sample>(mut run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        run.memory.process(run.state, run.setup.spec.simd, &mut block);
    }

    fn change<T: Sample>(run: Run<'_, Self, T>, id: Id, change: Change) {
        let Run { setup, state, memory: mut cascade, .. } = run;
        let item = id.item() as usize;
        bands(&setup).change(&mut cascade, state, (item, &setup.item(item)), change);
    }

    fn flush_denormals<T: Sample>(mut run: Run<'_, Self, T>) {
        run.memory.flush_denormals();
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        Some(look.memory.tail())
    }

    fn response<T: Sample>(look: Look<'_, Self, T>, hz: f64, at: ResponseAt) -> Option<Complex<f64>> {
        Some(look.memory.response(Placement::All, hz, look.setup.spec.sample_rate, at))
    }
}
