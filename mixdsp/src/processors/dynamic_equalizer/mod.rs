//! Dynamic equalizer: bands whose gain gives way to what is loud in them.
//!
//! ```text
//! in or sidechain --> detector of each band --> gain computer --> change of its gain, per frame
//!                                                                  |
//! in --> band 0 --> band 1 --> ... --> out                         +--> gain = gain_db + change
//! ```
//!
//! Every band listens to the unit's input, not to what earlier bands made of it, or to the sidechain: a bell through a
//! band-pass of its own frequency and Q, a shelf through a low-pass or high-pass (Q 0.707) at its frequency. The
//! level is that of a sine's peak; all channels count, the loudest decides, and all are changed alike. Above the
//! threshold the gain changes by (level - threshold)(1 - 1/ratio), up to the range, in the range's direction. It
//! moves by the smooth decoupled ballistics of a compressor (Giannoulis, Massberg, Reiss, JAES 60(6), 2012).
//!
//! The curve at every gain is the matched design for that gain (`filter::gain_morph`), not a bell from a bilinear
//! filter, so a band at 15 kHz keeps its shape while it moves. Below the threshold a band is the equalizer's; one
//! without `gain_db` then passes everything to the bit.
//!
//! The change never exceeds the range of the moment, not by what is left of an earlier one either: a range that
//! is set lower takes it along, and one that turns round takes it to nothing first.
//!
//! State: per band its designs, its detector and its filter, see `memory`; `moving`, whether any number may be on the
//! move; `ran`, whether anything was heard since reset.
//!
//! Latency is 0. Cost: detectors eight at a time; a band with a range takes one set of coefficients per frame while it
//! is above its threshold, and no more than a plain band below it. A change of a parameter designs the band seven
//! times, about 15 µs; a glide does so every 16 frames.

mod band;
mod band_detector;
mod band_filter;
mod detection;
mod gain_computer;
mod memory;
mod params;

pub use params::{
    DynamicBand, DynamicEqualizerConfig, DynamicEqualizerParams, DynamicEqualizerReadings, DynamicKey,
    DynamicKind,
};

use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::dsp::filter::design::Svf;
use crate::dsp::filter::gain_morph::{self, GainMorph, TERMS};
use crate::dsp::filter::morphing_section::{self, DESIGNS};
use crate::dsp::filter::svf::COEFFICIENTS;
use crate::dsp::filter::svf_states;
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, ResponseAt, Run, Setup};
use crate::params::ramp::{CHUNK, Change, Ramp, next_rest, ramp_frames};
use crate::params::smoothed::Smoothed;
use crate::params::{Id, Row};
use band::{BandDetector, REACH_DB};
use band_detector::{LANES, set_lane};
use gain_computer::GainComputer;
use memory::{Memory, MemoryRef, Sizes};
use num_complex::Complex;

processor! {
    /// Bells and shelves whose gain changes with the level in them.
    /// As many channels out as in; with sidechain channels bands may listen to them.
    pub DynamicEqualizer = DynamicEqualizerKind {
        key: "dynamic_equalizer",
        label: "Dynamic equalizer",
        groups: [bands: DynamicBand],
        config: DynamicEqualizerConfig,
        readings: DynamicEqualizerReadings,
        sidechain: true,
        memory: Memory / MemoryRef by Sizes,
    }
}

/// The state of a [`DynamicEqualizer`].
#[derive(Debug)]
pub struct State {
    /// Whether some number may be on the move.
    moving: bool,
    /// Whether anything was heard since reset.
    ran: bool,
}

impl<T: Sample> Memory<'_, T> {
    fn frames_to_next_rest(&self) -> Option<usize> {
        let designs = self.designs.iter().map(Ramp::frames_left);
        next_rest(designs.chain(self.detectors.iter().map(Ramp::frames_left)))
    }
}

impl ProcessorKind for DynamicEqualizerKind {
    type Moving = ();
    type State<T: Sample> = State;

    fn range(row: &Row, spec: &Spec, _: &DynamicEqualizerConfig) -> (f64, f64) {
        let (minimum, maximum) = row.range_at(spec.sample_rate);
        let needs_sidechain = row.number == DynamicBand::KEY.number() && spec.sidechain == 0;
        (minimum, if needs_sidechain { minimum } else { maximum })
    }

    fn design(_: &Setup<'_, Self>) {}

    fn start<T: Sample>(setup: &Setup<'_, Self>, mut memory: Memory<'_, T>) -> State {
        let rate = setup.spec.sample_rate;
        let frames = ramp_frames(rate);
        for band in 0..setup.sizes.bands {
            let values: DynamicBand = setup.item(band);
            memory.section(band).start(&values.section(rate), rate);
            let detector = values.detector(rate);
            memory.detectors[band] = Ramp::of_design(detector.values(), frames);
            let (group, lane) = (band / LANES, band % LANES);
            set_lane(&mut memory.packed[group], lane, &detector);
            let computer = &mut memory.gain_computers[group];
            computer.set_times(lane, values.times(rate));
            computer.aim(lane, detector.range_db);
            computer.set(lane, &detector);
        }
        // Lanes without a band hear nothing and stay within a range of one decibel.
        for lane in setup.sizes.bands..setup.sizes.groups * LANES {
            let nothing = BandDetector::named([1.0; BandDetector::COUNT]);
            memory.gain_computers[lane / LANES].set(lane % LANES, &nothing);
        }
        State { moving: false, ran: false }
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let Run { setup, state, mut memory, .. } = run;
        let (sizes, simd) = (setup.sizes, setup.spec.simd);
        let mut coefficients = [[T::ZERO; CHUNK]; COEFFICIENTS];
        let mut done = 0;
        while done < block.frames() {
            let next_rest = if state.moving { memory.frames_to_next_rest() } else { None };
            state.moving = next_rest.is_some();
            let count = (block.frames() - done).min(CHUNK).min(next_rest.unwrap_or(CHUNK));
            let mut part = block.part(done, done + count);
            memory.detect(sizes.inputs, simd, &part);
            for band in 0..sizes.bands {
                memory.filter(band, simd, &mut part, &mut coefficients);
            }
            done += count;
            state.ran = true;
        }
    }

    fn change<T: Sample>(run: Run<'_, Self, T>, id: Id, change: Change) {
        let Run { setup, state, mut memory, .. } = run;
        let band = id.item() as usize;
        let values: DynamicBand = setup.item(band);
        let rate = setup.spec.sample_rate;
        memory.section(band).change(&values.section(rate), change);
        let detector = values.detector(rate);
        let (computer, lane) = (&mut memory.gain_computers[band / LANES], band % LANES);
        computer.aim(lane, detector.range_db);
        computer.set_times(lane, values.times(rate));
        memory.detectors[band].change_to(detector.values(), change);
        state.moving = true;
    }

    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        let Memory { detector_states, states, gain_computers, .. } = run.memory;
        svf_states::flush_denormals(detector_states.as_flattened_mut().as_flattened_mut());
        svf_states::flush_denormals(states);
        gain_computers.iter_mut().for_each(GainComputer::flush_denormals);
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        let memory = look.memory;
        let decay = |(band, sides): (usize, &[GainMorph])| {
            let left = memory.gain_computers[band / LANES].share(band % LANES).abs();
            let target = BandDetector::named(memory.detectors[band].target());
            let reach = left.max(target.range_db.abs() / REACH_DB);
            morphing_section::decay_frames(sides, reach)
        };
        let decays: f64 = memory.terms.chunks_exact(2).enumerate().map(decay).sum();
        let ramps = memory.designs.iter().map(Ramp::frames_left);
        Some(libm::ceil(decays) as usize + ramps.max().unwrap_or(0))
    }

    /// Settled is the response below all thresholds; now is that of the gains of the last frame.
    fn response<T: Sample>(look: Look<'_, Self, T>, hz: f64, at: ResponseAt) -> Option<Complex<f64>> {
        let memory = look.memory;
        let bands = memory.designs.chunks_exact(DESIGNS).enumerate();
        let each = bands.map(|(band, designs)| {
            let design = match at {
                ResponseAt::Settled => designs[0].target(),
                ResponseAt::Now => {
                    let share = memory.gain_computers[band / LANES].share(band % LANES);
                    let side = if share < 0.0 { 0 } else { TERMS };
                    let now = core::array::from_fn(|i| designs[side + i].value());
                    gain_morph::design_at(&gain_morph::terms(&now), share.abs())
                }
            };
            Svf::from(design).response(hz, look.setup.spec.sample_rate)
        });
        Some(each.product())
    }

    fn reading<T: Sample>(look: Look<'_, Self, T>, id: Id) -> Option<f64> {
        let band = id.item() as usize;
        if !look.state.ran || band >= look.setup.sizes.bands {
            return None;
        }
        let change = look.memory.gain_computers[band / LANES].change_db(band % LANES);
        let values: DynamicBand = look.setup.item(band);
        Some(if values.enabled { change } else { 0.0 })
    }
}
