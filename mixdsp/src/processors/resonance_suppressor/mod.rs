//! Resonance suppressor: finds what sticks out of the spectrum and stays, and turns it down.
//!
//! ```text
//! in or sidechain --> windows of a third of a second --> cells of a 48th of an octave --> history of each
//!                                                                                          |
//! in --> bell 0 --> bell 1 --> ... --> out                     peaks that stick out <------+
//!         +---------+------ frequency, Q, gain of each <--- attack, release
//! ```
//!
//! A resonance multiplies whatever is played by the same curve, so it is in almost every window; notes come and go.
//! What a cell has in nine windows of ten, against its neighbourhood, is what sticks out (`history`). Tones that last
//! are told from resonances by their width and by their overtones (`search`). Each resonance is turned down by a bell
//! of its own frequency, width and height (`bells`), which for a resonance of second order is its inverse, phase
//! included.
//!
//! It hears slowly and acts slowly: nothing before a third of `persistence_seconds` was heard, then by attack and
//! release. Silence is not counted and changes nothing. Where nothing is found it passes everything to the bit. All
//! channels are heard together and turned down alike; mid and side, or left and right, go through nodes of their own,
//! and what is taken away is heard through a delta.
//!
//! State: `spectrum`, the plan of the transform; `used`, how many cells lie below half the rate; `third`, where what is
//! heard is written, `at`, how many frames of it there are, and `energy`, theirs; `hops`, how many were whole since
//! reset, `loud`, whether the latest one was heard; `weight`, of all windows that count; `cascade`, which way the bells
//! run; `reduction_db`, the largest, and `latest`, what it was in the latest frames.
//!
//! Latency is 0: the windows are behind the sound, the bells are not. The work on a window is spread over the next hop;
//! a transform of two channels is one piece, about 0.1 ms at 48 kHz. Memory for audio lies in the caller's words; the
//! plan of the transform is allocated when it is built.

mod bells;
mod cells;
mod history;
mod memory;
mod params;
mod search;
mod spectrum;

pub use params::{ResonanceSuppressorConfig, ResonanceSuppressorParams, ResonanceSuppressorReadings};

use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::dsp::dynamics::latest::Latest;
use crate::dsp::filter::design::Svf;
use crate::dsp::filter::placement::Placement;
use crate::dsp::filter::stereo_placement::EVERYWHERE;
use crate::dsp::filter::svf_cascade;
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, ResponseAt, Run, Setup};
use crate::params::Id;
use crate::params::ramp::{CHUNK, Change, ramp_frames};
use history::History;
use memory::{Memory, MemoryRef, PARTS, Sizes};
use num_complex::Complex;
use search::Peak;
use spectrum::Spectrum;

processor! {
    /// Turns down resonances: what sticks out of the spectrum and stays.
    /// As many channels out as in, all turned down alike; with sidechain channels it listens to them. Feature `fft`.
    pub ResonanceSuppressor = ResonanceSuppressorKind {
        key: "resonance_suppressor",
        label: "Resonance suppressor",
        params: ResonanceSuppressorParams,
        config: ResonanceSuppressorConfig,
        readings: ResonanceSuppressorReadings,
        sidechain: true,
        allocates: true,
        memory: Memory / MemoryRef by Sizes,
    }
}

/// Pairs of channels that are transformed one by one, each in a part of a hop of its own; then the history and the
/// search.
const PAIRS: usize = 12;
/// Mean power of a hop, over all channels, that counts as silence.
const SILENCE: f64 = 1e-10;
/// Share of the persistence that has to be heard first.
const FIRST: f64 = 1.0 / 3.0;

/// The state of a [`ResonanceSuppressor`].
#[derive(Debug)]
pub struct State<T: Sample> {
    spectrum: Spectrum<T>,
    used: usize,
    third: usize,
    at: usize,
    energy: f64,
    hops: usize,
    loud: bool,
    weight: f64,
    cascade: svf_cascade::State,
    reduction_db: f64,
    latest: Latest,
}

/// Everything but the plan, at rest.
fn start<T: Sample>(
    setup: &Setup<'_, ResonanceSuppressorKind>,
    mut memory: Memory<'_, T>,
    spectrum: Spectrum<T>,
) -> State<T> {
    let rate = setup.spec.sample_rate;
    spectrum::shape(memory.shape);
    State {
        spectrum,
        used: cells::lay_out(memory.cells, rate / setup.sizes.window as f64, rate),
        third: 0,
        at: 0,
        energy: 0.0,
        hops: 0,
        loud: false,
        weight: 0.0,
        cascade: memory.cascade.start(rate, |_| Svf::IDENTITY, |_| EVERYWHERE),
        reduction_db: 0.0,
        latest: Latest::EMPTY,
    }
}

impl<T: Sample> State<T> {
    /// A part of a hop is full: a part of the work on the window before it.
    fn work(&mut self, setup: &Setup<'_, ResonanceSuppressorKind>, memory: &mut Memory<'_, T>, part: usize) {
        if self.hops < 2 || !self.loud {
            return;
        }
        let (sizes, simd) = (setup.sizes, setup.spec.simd);
        match part {
            pair if pair < PAIRS => {
                if pair == 0 {
                    memory.power.fill(0.0);
                }
                self.spectrum.add(memory, sizes, simd, (pair, self.third + 2));
            }
            PAIRS => self.observe(setup, memory),
            part if part == PAIRS + 1 => self.search(setup, memory),
            _ => {}
        }
    }

    fn seconds_per_hop(setup: &Setup<'_, ResonanceSuppressorKind>) -> f64 {
        setup.sizes.hop() as f64 / setup.spec.sample_rate
    }

    fn observe(&mut self, setup: &Setup<'_, ResonanceSuppressorKind>, memory: &mut Memory<'_, T>) {
        let keep = libm::exp(-Self::seconds_per_hop(setup) / setup.params().persistence_seconds);
        let levels = cells::levels(&memory.cells[..self.used], memory.power);
        self.weight = self.weight * keep + 1.0;
        let Memory { histograms, counts, around, .. } = memory;
        History { histograms, counts, around }.observe(&levels, self.used, keep, self.weight);
    }

    fn search(&mut self, setup: &Setup<'_, ResonanceSuppressorKind>, memory: &mut Memory<'_, T>) {
        let (params, seconds) = (setup.params(), Self::seconds_per_hop(setup));
        let Memory { histograms, counts, around, excess, bells, cascade, .. } = memory;
        let levels = History { histograms, counts, around }.levels_db(self.used);
        let mut peaks = [Peak::default(); search::MOST];
        let found = search::search(&levels[..self.used], &params, excess, &mut peaks);
        let enough = FIRST * params.persistence_seconds / seconds;
        let mut known = 0;
        for at in 0..found {
            if counts[peaks[at].cell] >= enough {
                peaks.swap(known, at);
                known += 1;
            }
        }
        bells::follow(bells, &peaks[..known], &params, seconds);
        self.reduction_db = bells.iter().map(|bell| bell.reduction_db).fold(0.0, f64::max);
        bells::design(bells, cascade, &mut self.cascade, setup.spec.sample_rate);
    }
}

impl ProcessorKind for ResonanceSuppressorKind {
    type Moving = ();
    type State<T: Sample> = State<T>;

    fn design(_: &Setup<'_, Self>) {}

    fn start<T: Sample>(setup: &Setup<'_, Self>, memory: Memory<'_, T>) -> State<T> {
        start(setup, memory, Spectrum::new(setup.sizes.window, setup.spec.simd))
    }

    /// The plan of the transform stays: nothing is allocated.
    fn restart<T: Sample>(setup: &Setup<'_, Self>, state: &mut State<T>, mut memory: Memory<'_, T>) {
        let rate = setup.spec.sample_rate;
        spectrum::shape(memory.shape);
        cells::lay_out(memory.cells, rate / setup.sizes.window as f64, rate);
        state.cascade = memory.cascade.start(rate, |_| Svf::IDENTITY, |_| EVERYWHERE);
        (state.third, state.at, state.energy) = (0, 0, 0.0);
        (state.hops, state.loud, state.weight) = (0, false, 0.0);
        (state.reduction_db, state.latest) = (0.0, Latest::EMPTY);
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let Run { setup, state, mut memory, .. } = run;
        let hop = setup.sizes.hop();
        let length = hop / PARTS;
        let mut done = 0;
        while done < block.frames() {
            let count = (block.frames() - done).min(length - state.at % length);
            let mut part = block.part(done, done + count);
            state.energy += spectrum::hear(memory.heard, hop, (state.third, state.at), &part);
            memory.cascade.process(&mut state.cascade, setup.spec.simd, &mut part);
            state.latest.keep(&[state.reduction_db; CHUNK][..count.min(CHUNK)]);
            state.at += count;
            if state.at % length == 0 {
                state.work(&setup, &mut memory, state.at / length - 1);
            }
            if state.at == hop {
                state.loud = state.energy > SILENCE * hop as f64;
                (state.at, state.energy, state.third) = (0, 0.0, (state.third + 1) % 3);
                state.hops = state.hops.saturating_add(1);
            }
            done += count;
        }
    }

    fn change<T: Sample>(_: Run<'_, Self, T>, _: Id, _: Change) {}

    fn flush_denormals<T: Sample>(mut run: Run<'_, Self, T>) {
        run.memory.cascade.flush_denormals();
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        let Look { setup, memory, .. } = look;
        let rate = setup.spec.sample_rate;
        let bells: f64 = memory.bells.iter().map(|bell| bell.decay_frames(rate)).sum();
        // The last window may still change them.
        Some(2 * setup.sizes.hop() + ramp_frames(rate) + libm::ceil(bells) as usize + memory.cascade.tail())
    }

    fn response<T: Sample>(look: Look<'_, Self, T>, hz: f64, at: ResponseAt) -> Option<Complex<f64>> {
        Some(look.memory.cascade.response(Placement::All, hz, look.setup.spec.sample_rate, at))
    }

    fn reading<T: Sample>(look: Look<'_, Self, T>, id: Id) -> Option<f64> {
        let Look { state, memory, .. } = look;
        let bell = memory.bells.get(id.item() as usize).filter(|bell| !bell.rests());
        if id.number() == ResonanceSuppressorReadings::FREQUENCY_HZ.number() {
            bell.map(|bell| bell.frequency_hz)
        } else if id.number() == ResonanceSuppressorReadings::REDUCTION_DB.number() {
            bell.map(|bell| bell.reduction_db)
        } else {
            state.latest.newest().filter(|_| id.item() == 0)
        }
    }

    fn trace<T: Sample>(look: Look<'_, Self, T>, id: Id, out: &mut [f64]) -> usize {
        let is_known = id.typed() == ResonanceSuppressorReadings::GAIN_REDUCTION_DB;
        if is_known { look.state.latest.write(out) } else { 0 }
    }
}
