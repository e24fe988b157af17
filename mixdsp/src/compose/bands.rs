//! Bands: a crossover, and one processor for each of its bands.
//!
//! ```text
//! in --> crossover --+--> band 0 --> processor --> wait --+--> solo, bypass --+
//!                    |       `-----------------> wait ----'                   |
//!                    |--> band 1 --> ...                                     (+)--> out
//!                    `--> ...
//! ```
//!
//! With nothing in the bands, they add up to the crossover's sum: flat in level. Every band waits for the slowest
//! processor, and so does what a bypassed band gives instead.
//!
//! State: `levels`, per band how much of the processed and of the bypassed is heard. Latency is that of the slowest
//! member, and of the crossover where it is of linear phase. Cost: the crossover, and four copies or additions per sample and band.

use crate::base::audio::Block;
use crate::base::error::Error;
use crate::base::memory::{Store, Word};
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::compose::blend::{Levels, blend};
use crate::compose::members::{self, Members};
use crate::compose::node::{
    CHUNK, Join, Latencies, Node, PathResponse, Paths, Shape, add, copy, planes, views,
};
use crate::engine::automation::words_for_params;
use crate::engine::declare::processor;
use crate::engine::kind::{ProcessorKind, ResponseAt, Run, Setup};
use crate::engine::processor::Processor;
use crate::engine::unit::Unit;
use crate::params::ramp::Change;
use crate::params::smoothed::Smoother;
use crate::params::{Id, Settings, Table, params};
use crate::processors::crossover::{Crossover, CrossoverConfig, Split};
use num_complex::Complex;

/// Most bands.
const BANDS: usize = 6;

params! {
    /// What is fixed when the switches of bands are built.
    pub struct BandSwitchesConfig {
        /// How many bands there are.
        BANDS = 1001, bands ("Bands"): whole(2..=6, "") = 2;
    }
}

params! {
    /// The switches of one band.
    pub struct BandSwitches {
        /// Lets only bands be heard that are soloed.
        SOLO = 1, solo ("Solo"): switch() = false;
        /// Takes the band's processor out.
        BYPASS = 2, bypass ("Bypass"): switch() = false;
    }
}

processor! {
    /// Chooses for each band between processed and bypassed, and which bands are heard.
    /// The bypassed bands are the audio, the processed ones the sidechain.
    pub BandLevels = BandsKind {
        key: "bands", label: "Bands", groups: [bands: BandSwitches], config: BandSwitchesConfig, sidechain: true,
    }
}

/// The levels of each band.
#[derive(Debug)]
pub struct State {
    levels: [Smoother<Levels>; BANDS],
}

/// Where the switches want the levels of a band.
fn target(setup: &Setup<'_, BandsKind>, band: usize) -> Levels {
    let bands = setup.config.bands as usize;
    let switches = |band| setup.item::<BandSwitches>(band);
    if band >= bands {
        return Levels { wet: 0.0, dry: 0.0 };
    }
    let BandSwitches { solo, bypass } = switches(band);
    let is_heard = solo || !(0..bands).any(|other| switches(other).solo);
    Levels { wet: f64::from(is_heard && !bypass), dry: f64::from(is_heard && bypass) }
}

impl ProcessorKind for BandsKind {
    type Moving = ();
    type State<T: Sample> = State;

    fn design(_: &Setup<'_, Self>) {}

    fn start<T: Sample>(setup: &Setup<'_, Self>, (): ()) -> State {
        let rate = setup.spec.sample_rate;
        State { levels: core::array::from_fn(|band| Smoother::new(target(setup, band), rate)) }
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let (frames, bands) = (block.frames(), run.setup.config.bands as usize);
        let channels = block.channels() / bands;
        for (band, levels) in run.state.levels.iter_mut().take(bands).enumerate() {
            blend(levels, block.part(0, frames), band * channels..(band + 1) * channels);
        }
    }

    fn change<T: Sample>(run: Run<'_, Self, T>, _: Id, change: Change) {
        for (band, levels) in run.state.levels.iter_mut().enumerate() {
            levels.change_to(target(&run.setup, band), change);
        }
    }
}

const WORDS: usize = words_for_params(BANDS * BandSwitches::ROWS.len());

/// A crossover before the members, and the switches behind them.
#[derive(Debug)]
pub struct BandsJoin<T: Sample, S> {
    crossover: Crossover<T, S>,
    switches: Unit<BandsKind, T, [Word; WORDS]>,
}

/// Of some settings those for the splits, or the others.
struct Share<'a> {
    settings: &'a dyn Settings,
    splits: bool,
}

impl Settings for Share<'_> {
    fn each(&self, visit: &mut dyn FnMut(Id, f64)) {
        self.settings.each(&mut |id, value| {
            if is_split(id) == self.splits {
                visit(id, value);
            }
        });
    }
}

/// Whether a parameter is one of the crossover's.
fn is_split(id: Id) -> bool {
    id.table() == Split::TABLE
}

/// What so many bands need.
const fn shape(channels: usize, bands: usize) -> Shape {
    let all = channels.saturating_mul(bands);
    Shape { member: channels, dry: all, lanes: 2 * all }
}

/// The spec of the crossover.
const fn crossover_spec(spec: &Spec, config: &CrossoverConfig) -> Spec {
    spec.with_outputs(spec.inputs.saturating_mul(config.splits as usize + 1)).with_sidechain(0)
}

impl<T: Sample, S: Store> BandsJoin<T, S> {
    fn new(
        spec: &Spec,
        config: CrossoverConfig,
        settings: &dyn Settings,
        members: usize,
        storage: impl FnOnce(&Spec) -> Result<S, Error>,
    ) -> Result<Self, Error> {
        spec.check()?;
        spec.check_same_channels()?;
        let bands = config.splits as usize + 1;
        if members != bands {
            return Err(Error::Members { needed: bands, given: members });
        }
        let split = crossover_spec(spec, &config);
        let share = |splits| Share { settings, splits };
        let crossover = Crossover::new_in(split, config, share(true), storage(&split)?)?;
        let all = Spec { inputs: split.outputs, sidechain: split.outputs, ..split };
        let config = BandSwitchesConfig { bands: bands as u32 };
        Ok(Self { crossover, switches: Unit::new_in(all, config, share(false), [0; WORDS])? })
    }
}

impl<T: Sample, M: Members<T>, S: Store> Join<T, M> for BandsJoin<T, S> {
    const OWN_NODES: u16 = 1;

    fn shape(&self, channels: usize, bands: usize) -> Shape {
        shape(channels, bands)
    }

    fn own(&self, id: Id) -> Option<&dyn Processor<T>> {
        if is_split(id) { Some(&self.crossover) } else { Some(&self.switches) }
    }

    fn own_mut(&mut self, id: Id) -> Option<&mut dyn Processor<T>> {
        if is_split(id) { Some(&mut self.crossover) } else { Some(&mut self.switches) }
    }

    fn reset(&mut self) {
        self.crossover.reset();
        self.switches.reset();
    }

    fn latency(&self) -> usize {
        self.crossover.latency()
    }

    fn tail(&self) -> Option<usize> {
        self.crossover.tail()
    }

    fn process(
        &mut self,
        members: &mut M,
        mut paths: Paths<'_, T>,
        audio: &mut [&mut [T]],
        sidechain: &[&[T]],
    ) -> Result<(), Error> {
        let (channels, frames) = (audio.len(), audio.first().map_or(0, |channel| channel.len()));
        let all = self.crossover.spec().outputs;
        let (wet, dry) = core::mem::take(&mut paths.lanes).split_at_mut(all * CHUNK);
        let (mut bands, mut bypassed) = (planes(wet, frames), planes(dry, frames));
        let (bands, bypassed) = (&mut bands[..all], &mut bypassed[..all]);
        copy(audio, bands);
        self.crossover.process(bands, &[])?;
        copy(bands, bypassed);
        let mut each = bands.chunks_exact_mut(channels);
        members.try_each_mut(|member| {
            let Some(band) = each.next() else { return Ok(()) };
            member.process(band, sidechain)?;
            paths.align(band);
            Ok(())
        })?;
        paths.align_dry(bypassed);
        self.switches.process(bypassed, &views(wet, frames)[..all])?;
        audio.iter_mut().for_each(|channel| channel.fill(T::ZERO));
        bypassed.chunks_exact(channels).for_each(|band| add(band, audio));
        Ok(())
    }

    fn response(&self, members: &M, look: &PathResponse<'_>) -> Option<Complex<f64>> {
        let levels = |band: usize| {
            self.switches.look(|at| match look.moment {
                ResponseAt::Settled => at.state.levels[band].target(),
                ResponseAt::Now => at.state.levels[band].value(),
            })
        };
        let mut sum = Complex::from(0.0);
        let all = look.each(members, |band, response| {
            let band_response = self.crossover.band_response(band, look.frequency_hz, look.moment);
            if let Some(band_response) = band_response {
                let Levels { wet, dry } = levels(band);
                sum += band_response * (response * wet + look.dry() * dry);
            }
        });
        all.then_some(sum)
    }
}

/// A processor for each band of a crossover, from the lowest. As many channels out as in, at most 24 in all bands
/// together; every member takes as many.
///
/// Node 0 has the splits, [`Split::FREQUENCY_HZ`] as on a [`Crossover`], and the switches of each band,
/// [`BandSwitches`]; the members are nodes 1 and up.
pub type Bands<T, M, S = crate::base::memory::Storage> = Node<BandsJoin<T, S>, T, M, S>;

impl<T: Sample, M: Members<T>> Bands<T, M> {
    /// Words that the crossover and the node need.
    pub fn memory(spec: &Spec, config: &CrossoverConfig, members: &M) -> [usize; 2] {
        let crossover = Crossover::<T>::memory(&crossover_spec(spec, config), config);
        let shape = shape(spec.inputs, config.splits as usize + 1);
        [crossover, Latencies::of::<T>(members).words::<T>(shape)]
    }

    /// Bands that own their memory. There is a member for each: one more than the config has splits.
    #[cfg(any(feature = "alloc", test))]
    pub fn new(
        spec: Spec,
        config: CrossoverConfig,
        members: M,
        params: impl Settings,
    ) -> Result<Self, Error> {
        let storage = |split: &Spec| {
            let needed = Crossover::<T>::words_needed(split, &config)?;
            Ok(alloc::vec![0; needed].into_boxed_slice())
        };
        let join = BandsJoin::new(&spec, config, &params, members::count::<T>(&members), storage)?;
        Node::boxed(spec, join, members)
    }
}

impl<T: Sample, M: Members<T>, S: Store> Bands<T, M, S> {
    /// Bands in memory of the caller, in the order of [`memory`](Bands::memory).
    pub fn new_in(
        spec: Spec,
        config: CrossoverConfig,
        members: M,
        params: impl Settings,
        [crossover, own]: [S; 2],
    ) -> Result<Self, Error> {
        let count = members::count::<T>(&members);
        let join = BandsJoin::new(&spec, config, &params, count, |_| Ok(crossover))?;
        Node::build(spec, join, members, own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Align, AlignConfig, Compressor, CompressorConfig, CompressorParams, CrossoverParams, Gain, NoConfig,
    };
    use alloc::vec;
    use alloc::vec::Vec;
    use core::f64::consts::TAU;

    const SPEC: Spec = Spec::new(48_000.0, 1);
    const THREE: CrossoverConfig = CrossoverConfig::bands(3);
    const SPLITS: CrossoverParams<'_> = CrossoverParams { frequencies_hz: &[200.0, 3_000.0] };

    /// The largest distance from 0 dB of the level that comes out, from the impulse response.
    fn ripple(node: &mut dyn Processor<f64>) -> f64 {
        let mut audio = vec![0.0; 48_000];
        audio[0] = 1.0;
        node.process(&mut [&mut audio], &[]).unwrap();
        let decibels = (0..60).map(|step| {
            let hz = 20.0 * 1_000f64.powf(f64::from(step) / 59.0);
            let turn = |f: usize| Complex::from_polar(1.0, -TAU * (hz / 48_000.0 * f as f64).fract());
            let sum: Complex<f64> = audio.iter().enumerate().map(|(f, y)| turn(f) * *y).sum();
            20.0 * sum.norm().log10()
        });
        decibels.map(f64::abs).fold(0.0, f64::max)
    }

    #[test]
    #[cfg(feature = "fft")]
    fn bands_of_linear_phase_add_up_to_the_input() {
        let config = THREE.with_linear_phase(150.0);
        let compressor = |lookahead_ms| {
            let config = CompressorConfig { lookahead_ms, ..Default::default() };
            let params = CompressorParams { ratio: 1.0, ..Default::default() };
            Compressor::<f64>::new(SPEC, config, params).unwrap()
        };
        let members = [compressor(0.0), compressor(5.0), compressor(1.0)];
        let mut node = Bands::new(SPEC, config, members, SPLITS).unwrap();
        let latency = node.latency();
        let input: Vec<f64> = (0..20_000).map(|f| (f as f64 * f as f64 * 1e-4).sin()).collect();
        let mut audio = input.clone();
        node.process(&mut [&mut audio], &[]).unwrap();
        let off = audio[latency..].iter().zip(&input).map(|(y, x)| (y - x).abs()).fold(0.0, f64::max);
        assert!(off < 1e-12, "{off}");
        let node = Bands::<f64, _>::new(SPEC, config, ((), (), ()), SPLITS).unwrap();
        let told = node.response(440.0, ResponseAt::Now).unwrap();
        let delay = Complex::from_polar(1.0, -TAU * (440.0 / 48_000.0 * node.latency() as f64).fract());
        assert!((told - delay).norm() < 1e-9, "{told} for {delay}");
    }

    #[test]
    fn empty_bands_and_compressors_of_ratio_1_add_up_flat() {
        let off = ripple(&mut Bands::new(SPEC, THREE, ((), (), ()), SPLITS).unwrap());
        assert!(off <= 0.001, "empty: {off} dB");
        let compressor = |lookahead_ms| {
            let config = CompressorConfig { lookahead_ms, ..Default::default() };
            let params = CompressorParams { ratio: 1.0, ..Default::default() };
            Compressor::<f64>::new(SPEC, config, params).unwrap()
        };
        let members = [compressor(0.0), compressor(5.0), compressor(1.0)];
        let mut node = Bands::new(SPEC, THREE, members, SPLITS).unwrap();
        assert_eq!(node.latency(), 240);
        let off = ripple(&mut node);
        assert!(off <= 0.001, "ratio 1: {off} dB");
    }

    /// Level of a sine in the second half of a second.
    fn level_db(node: &mut dyn Processor<f64>, hz: f64) -> f64 {
        let mut audio: Vec<f64> = (0..48_000).map(|f| (TAU * hz / 48_000.0 * f64::from(f)).sin()).collect();
        node.process(&mut [&mut audio], &[]).unwrap();
        let energy: f64 = audio[24_000..].iter().map(|y| y * y).sum();
        10.0 * (energy / 12_000.0).log10()
    }

    #[test]
    fn solo_lets_one_band_be_heard_and_bypass_takes_its_processor_out() {
        let gain = || Gain::<f64>::new(SPEC, NoConfig, &[(crate::GainParams::GAIN_DB, -30.0)][..]).unwrap();
        let align = Align::<f64>::new(SPEC, AlignConfig { frames: 100 }, ()).unwrap();
        let mut node = Bands::new(SPEC, THREE, (gain(), (gain(), align), gain()), SPLITS).unwrap();
        assert!((level_db(&mut node, 800.0) + 30.0).abs() < 0.1);
        let switch = |row: Id<BandSwitches>, band| row.at(band).any();
        node.set(switch(BandSwitches::BYPASS, 1), 1.0).unwrap();
        assert!(level_db(&mut node, 800.0).abs() < 0.1, "the middle band without its processor");
        assert!((level_db(&mut node, 20.0) + 30.0).abs() < 0.1);
        node.set(switch(BandSwitches::SOLO, 0), 1.0).unwrap();
        assert!(level_db(&mut node, 3_000.0) < -80.0, "only the lowest band is heard");
        assert!((level_db(&mut node, 20.0) + 30.0).abs() < 0.1);
        // Without any solo and with all bypassed the sum is flat again, late by the latency.
        node.set(switch(BandSwitches::SOLO, 0), 0.0).unwrap();
        (0..3).for_each(|band| node.set(switch(BandSwitches::BYPASS, band), 1.0).unwrap());
        node.reset();
        let off = ripple(&mut node);
        assert!(off <= 0.001, "{off} dB");
    }

    #[test]
    fn the_response_told_is_the_one_that_runs() {
        let gain =
            |gain_db| Gain::<f64>::new(SPEC, NoConfig, &[(crate::GainParams::GAIN_DB, gain_db)][..]).unwrap();
        let align = Align::<f64>::new(SPEC, AlignConfig { frames: 12 }, ()).unwrap();
        let bypass = [(BandSwitches::BYPASS.at(2).any(), 1.0)];
        let mut node =
            Bands::new(SPEC, THREE, (gain(-4.0), (gain(2.0), align), gain(-9.0)), &bypass[..]).unwrap();
        let frequencies = [150.0, 210.0, 2_000.0, 9_000.0];
        let told = frequencies.map(|hz| node.response(hz, ResponseAt::Now).unwrap());
        assert_eq!(told, frequencies.map(|hz| node.response(hz, ResponseAt::Settled).unwrap()));
        let mut audio = vec![0.0; 20_000];
        audio[0] = 1.0;
        node.process(&mut [&mut audio], &[]).unwrap();
        for (hz, told) in frequencies.into_iter().zip(told) {
            let turn = |f: usize| Complex::from_polar(1.0, -TAU * (hz / 48_000.0 * f as f64).fract());
            let heard: Complex<f64> = audio.iter().enumerate().map(|(f, y)| turn(f) * *y).sum();
            assert!((told - heard).norm() < 1e-9, "{hz} Hz: {told} for {heard}");
        }
    }

    #[test]
    fn node_0_has_splits_and_switches_and_the_members_follow() {
        let gain = || Gain::<f64>::new(SPEC, NoConfig, ()).unwrap();
        let settings = [(Split::FREQUENCY_HZ.at(1).any(), 5_000.0), (BandSwitches::SOLO.at(2).any(), 1.0)];
        let mut node = Bands::new(SPEC, THREE, [gain(), gain(), gain()], &settings[..]).unwrap();
        assert_eq!(node.nodes(), 4);
        assert_eq!(node.get(Split::FREQUENCY_HZ.at(1).any()), Some(5_000.0));
        assert_eq!(node.get(BandSwitches::SOLO.at(2).any()), Some(1.0));
        node.set(crate::GainParams::GAIN_DB.in_node(3), -3.0).unwrap();
        assert_eq!(node.members()[2].get(crate::GainParams::GAIN_DB), Some(-3.0));
        assert!(matches!(
            node.set(Split::FREQUENCY_HZ.any(), 1.0),
            Err(Error::Range { key: "frequency_hz", .. })
        ));
        assert!(node.set(BandSwitches::SOLO.at(3).any(), 1.0).is_err());
        let refused = Bands::<f64, _>::new(SPEC, THREE, (gain(), gain()), ()).unwrap_err();
        assert_eq!(refused, Error::Members { needed: 3, given: 2 });
    }
}
