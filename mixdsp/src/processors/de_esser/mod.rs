//! De-esser: turns highs down while they are too large a share of the sound.
//!
//! ```text
//!                  +--> low  --> ( )² --> 2 one-poles --+
//! in --> split ----+                                    +--> high / (low + high) in dB --> curve --> attack, release
//!                  +--> high --> ( )² --> 3 one-poles --+                                             |
//! shelf:  in --> high shelf whose gain moves <-------------------------------------------------------+--> out
//! split:  low + gain x high              <-----------------------------------------------------------+
//! ```
//!
//! What counts is the share of the highs in the energy of all channels together, not their level: soft and loud
//! words are treated alike. All channels are turned down alike. The split is a Linkwitz-Riley crossover of 24 dB per octave
//! (`dsp::filter::crossover`); energies are seen through two one-poles of 1.5 ms, so that single waves do not show, that of the highs through one
//! more of 0.5 ms. Curve
//! and times are a compressor's (`dsp::envelope`).
//!
//! The shelf is the equalizer's matched design at every gain (`dsp::filter::morphing_section`): where nothing is taken, it
//! passes everything to the bit. `mode` `split` turns down the upper band itself: steeper, at the price of the
//! crossover's phase. From one mode to the other it crossfades.
//!
//! Moving: `Moving`. State: `shapes`, the crossover's sections apart from where they are; `energies`, low and high in
//! each of the two one-poles, and `late`, the third; `ballistics` and what it remembers; `latest`, the latest reductions. In the words: the
//! crossover of each pair of channels and what it gave, the shelf's designs and its state.
//!
//! Latency is 0. Cost: a crossover of two bands, one logarithm and one recursion per frame; the shelf takes one set of
//! coefficients per frame while it works, and no more than a plain band while it does not.

mod params;

pub use params::{DeEsserMode, DeEsserParams, DeEsserReadings};

use crate::base::audio::Block;
use crate::base::layout::layout;
use crate::base::math::FastMath;
use crate::base::sample::Sample;
use crate::base::simd::{SimdLevel, dispatch};
use crate::base::spec::Spec;
use crate::base::units::DECIBELS_PER_OCTAVE;
use crate::dsp::dynamics::latest::Latest;
use crate::dsp::envelope::ballistics::{self, Ballistics};
use crate::dsp::envelope::curve::Curve;
use crate::dsp::envelope::smaller;
use crate::dsp::filter::crossover::{
    self, Network, NetworkCoefficients, Packed, SPLITS, Shapes, SplitTangent,
};
use crate::dsp::filter::design::{Prototype, Shape, matched};
use crate::dsp::filter::gain_morph::{GainMorph, constant, gain_morph};
use crate::dsp::filter::morphing_section::{self, DESIGNS, MorphingSection};
use crate::dsp::filter::svf::COEFFICIENTS;
use crate::dsp::filter::svf_states::{self, STATE, SvfStates};
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, Run, Setup};
use crate::params::ramp::{CHUNK, Change, Ramp, next_rest};
use crate::params::smoothed::{Frames, smoothed};
use crate::params::{Id, NoConfig};
use core::f64::consts::FRAC_1_SQRT_2;

processor! {
    /// Turns highs down while they are too large a share of the sound.
    /// As many channels out as in, all turned down alike.
    pub DeEsser = DeEsserKind {
        key: "de_esser",
        label: "De-esser",
        params: DeEsserParams,
        readings: DeEsserReadings,
        memory: Memory / MemoryRef by Sizes,
    }
}

smoothed! {
    /// What moves in a [`DeEsser`].
    pub struct Moving {
        /// Where the crossover is.
        g,
        threshold_db,
        slope,
        knee_db,
        range_db,
        /// Share of the split mode.
        split,
        /// Share of the highs in what is heard.
        listen,
    }
}

/// The crossover of two channels: two bands of 24 dB per octave.
const PAIR: Network = Network { splits: 1, order: 2, inputs: 2 };
/// Its sections one after the other, and its rows: low of both channels, high of both.
const LAYERS: usize = PAIR.layers();
const ROWS: usize = PAIR.lanes();

/// The largest range, which a share of 1 is.
const REACH_DB: f64 = 24.0;
/// Time constant of each of the two one-poles that energies pass.
const ENERGY_SECONDS: f64 = 0.0015;
/// That of another one that the high's energy passes: the crossover's low is late, so that whatever begins would begin
/// with highs.
const LATE_SECONDS: f64 = 0.0005;
/// Energy that does not count, -110 dB: what begins out of silence would begin with highs.
const NOTHING: f64 = 1e-11;

/// How many channels.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    channels: usize,
    pairs: usize,
}

impl Sizes {
    const fn new(spec: &Spec, _: &NoConfig) -> Self {
        Self { channels: spec.inputs, pairs: spec.inputs.div_ceil(2) }
    }
}

layout! {
    /// The words of a de-esser.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// What the crossovers multiply with while they rest, and their states.
        packed: [Packed<T>; LAYERS],
        split_states: [crossover::State<T>; sizes.pairs * LAYERS],
        /// Per pair of channels, what the crossover gave in the frames at hand.
        bands: [[T; CHUNK]; sizes.pairs * ROWS],
        /// Designs of the shelf, on the move, and their polynomials; its state in each channel.
        designs: [Ramp<5>; DESIGNS],
        terms: [GainMorph; 2],
        shelf_states: [T; sizes.channels * STATE],
    }
}

/// The state of a [`DeEsser`].
#[derive(Debug)]
pub struct State {
    shapes: Shapes,
    /// Whether what moves may be on the move.
    moving: bool,
    energies: [[f64; 2]; 2],
    /// The third one-pole of the high's energy.
    late: f64,
    ballistics: Ballistics,
    remembered: [ballistics::Memory; 1],
    latest: Latest,
}

fn ballistics_of(setup: &Setup<'_, DeEsserKind>) -> Ballistics {
    let DeEsserParams { attack_ms, release_ms, .. } = setup.params();
    Ballistics::new(attack_ms, release_ms, setup.spec.sample_rate)
}

/// The shelf's designs: falling, and nothing above where it rests.
fn shelf(setup: &Setup<'_, DeEsserKind>) -> [GainMorph; 2] {
    let DeEsserParams { frequency_hz, .. } = setup.params();
    let design = |gain_db: f64| {
        let prototype = Prototype { shape: Shape::HighShelf, frequency_hz, q: FRAC_1_SQRT_2, gain_db };
        matched(&prototype, setup.spec.sample_rate).into()
    };
    [gain_morph(|share| design(-REACH_DB * share)), constant(design(0.0))]
}

impl<T: Sample> Memory<'_, T> {
    fn section(&mut self) -> MorphingSection<'_> {
        MorphingSection { designs: &mut *self.designs, terms: &mut *self.terms }
    }

    /// Splits every pair of channels.
    fn split(
        &mut self,
        simd: SimdLevel,
        moving: Option<(&[Frames<SplitTangent>; SPLITS], &Shapes)>,
        block: &Block<'_, '_, T>,
    ) {
        let (channels, frames) = (block.channels(), block.frames());
        let states = self.split_states.chunks_exact_mut(LAYERS);
        for (pair, (rows, states)) in self.bands.chunks_exact_mut(ROWS).zip(states).enumerate() {
            for (side, row) in rows.iter_mut().enumerate().take(PAIR.inputs) {
                let channel = 2 * pair + side;
                if channel < channels {
                    row[..frames].copy_from_slice(block.input(channel));
                } else {
                    row.fill(T::ZERO);
                }
            }
            let [a, b, c, d] = rows else { continue };
            let mut rows = [a, b, c, d].map(|row| &mut row[..frames]);
            let mut part = Block::new(&mut rows, &[], 0, frames);
            let coefficients = match moving {
                Some((splits, shapes)) => NetworkCoefficients::Moving(splits, shapes),
                None => NetworkCoefficients::AtRest(&*self.packed),
            };
            dispatch!(simd, s => crossover::run(s, &PAIR, coefficients, states, &mut part));
        }
    }

    /// The upper band of a channel; the lower one stands [`PAIR`]'s inputs before it.
    fn high(&self, channel: usize) -> usize {
        channel / 2 * ROWS + PAIR.inputs + channel % 2
    }
}

impl State {
    /// The reductions that come of what the crossovers gave.
    fn reductions<T: Sample>(
        &mut self,
        simd: SimdLevel,
        (bands, sample_rate): (&[[T; CHUNK]], f64),
        numbers: &Frames<Moving>,
        frames: usize,
    ) -> [f64; CHUNK] {
        let [keep, keep_late] =
            [ENERGY_SECONDS, LATE_SECONDS].map(|seconds| libm::exp(-1.0 / (seconds * sample_rate)));
        dispatch!(simd, s => {
            let mut energies = [[0.0; CHUNK]; 2];
            for rows in bands.chunks_exact(PAIR.inputs * 2) {
                for (band, rows) in rows.chunks_exact(PAIR.inputs).enumerate() {
                    for row in rows {
                        for f in 0..CHUNK {
                            let x = row[f].to_f64();
                            energies[band][f] += x * x;
                        }
                    }
                }
            }
            for f in 0..frames {
                for band in 0..2 {
                    let mut x = energies[band][f];
                    for pole in &mut self.energies {
                        pole[band] = x + keep * (pole[band] - x);
                        x = pole[band];
                    }
                    energies[band][f] = x;
                }
                let x = energies[1][f];
                self.late = x + keep_late * (self.late - x);
                energies[1][f] = self.late;
            }
            let [low, high] = &energies;
            let mut asked = [[0.0; CHUNK]];
            for f in 0..CHUNK {
                let Moving { threshold_db, slope, knee_db, range_db, .. } = numbers.at(f);
                let share = high[f] / (low[f] + high[f] + NOTHING);
                let share_db = FastMath::log2(share) * (0.5 * DECIBELS_PER_OCTAVE);
                let reduction_db = Curve::new(threshold_db, slope, knee_db).reduction_db(share_db);
                asked[0][f] = smaller(reduction_db, range_db);
            }
            self.ballistics.run(s, &mut self.remembered, &mut asked, frames);
            asked[0]
        })
    }
}

impl ProcessorKind for DeEsserKind {
    type Moving = Moving;
    type State<T: Sample> = State;

    fn design(setup: &Setup<'_, Self>) -> Moving {
        let DeEsserParams { frequency_hz, threshold_db, slope, knee_db, range_db, listen, mode, .. } =
            setup.params();
        let SplitTangent { g } = PAIR.tangent(frequency_hz, setup.spec.sample_rate);
        let share = |is: bool| f64::from(u8::from(is));
        let (split, listen) = (share(mode == DeEsserMode::Split), share(listen));
        Moving { g, threshold_db, slope, knee_db, range_db, split, listen }
    }

    fn start<T: Sample>(setup: &Setup<'_, Self>, mut memory: Memory<'_, T>) -> State {
        let SplitTangent { g } = PAIR.tangent(setup.params().frequency_hz, setup.spec.sample_rate);
        PAIR.write(memory.packed, [SplitTangent { g }; SPLITS]);
        memory.section().start(&shelf(setup), setup.spec.sample_rate);
        State {
            shapes: PAIR.shapes(),
            moving: false,
            energies: [[0.0; 2]; 2],
            late: 0.0,
            ballistics: ballistics_of(setup),
            remembered: [[0.0; 2]],
            latest: Latest::EMPTY,
        }
    }

    fn change<T: Sample>(mut run: Run<'_, Self, T>, id: Id, change: Change) {
        run.moving.change(Self::design(&run.setup), change);
        if id.typed() == DeEsserParams::FREQUENCY_HZ {
            run.memory.section().change(&shelf(&run.setup), change);
        }
        run.state.ballistics = ballistics_of(&run.setup);
        run.state.moving = true;
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let Run { setup, moving, state, mut memory } = run;
        let (simd, rate) = (setup.spec.simd, setup.spec.sample_rate);
        let mut numbers = Frames::EMPTY;
        let mut coefficients = [[T::ZERO; CHUNK]; COEFFICIENTS];
        moving.repeat(&mut numbers);
        let mut done = 0;
        while done < block.frames() {
            let designs = memory.designs.iter().map(Ramp::frames_left);
            let rest = if state.moving { next_rest(designs.chain([moving.frames_left()])) } else { None };
            let count = (block.frames() - done).min(CHUNK).min(rest.unwrap_or(CHUNK));
            let mut part = block.part(done, done + count);
            if rest.is_some() {
                let mut splits = [Frames::EMPTY; SPLITS];
                if moving.is_settled() {
                    moving.repeat(&mut numbers);
                } else {
                    moving.fill(&mut numbers, count);
                }
                splits[0] = Frames::of([numbers.map(|moving| moving.g)]);
                memory.split(simd, Some((&splits, &state.shapes)), &part);
            } else {
                if state.moving {
                    moving.repeat(&mut numbers);
                    PAIR.write(memory.packed, [SplitTangent { g: moving.target().g }; SPLITS]);
                    state.moving = false;
                }
                memory.split(simd, None, &part);
            }
            let reductions_db = state.reductions(simd, (memory.bands, rate), &numbers, count);
            let shelves = (0..count).any(|f| numbers.at(f).split < 1.0);
            if (0..count).any(|f| numbers.at(f).split > 0.0) {
                turn_down(&mut memory, simd, &reductions_db);
            }
            let mut sections = SvfStates { states: &mut *memory.shelf_states, sections: 1 };
            if shelves {
                let shares = reductions_db.map(|reduction_db| reduction_db * (-1.0 / REACH_DB));
                let (designs, terms) = (&mut *memory.designs, &mut *memory.terms);
                let mut section = MorphingSection { designs, terms };
                section.run((&mut sections, 0), &shares, simd, &mut part, &mut coefficients);
            } else {
                sections.forget(0);
            }
            if (0..count).any(|f| numbers.at(f).listen > 0.0 || numbers.at(f).split > 0.0) {
                blend(&memory, &numbers, &mut part);
            }
            // High bands die away within a stretch of the grid: what is too small to matter does not come out.
            part.each_channel(|channel| channel.iter_mut().for_each(|sample| *sample = sample.flushed()));
            state.latest.keep(&reductions_db[..count]);
            done += count;
        }
    }

    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        let Memory { split_states, shelf_states, .. } = run.memory;
        svf_states::flush_denormals(split_states.as_flattened_mut().as_flattened_mut());
        svf_states::flush_denormals(shelf_states);
        let State { energies, late, remembered, .. } = run.state;
        *late = late.flushed();
        energies.iter_mut().chain(remembered).flatten().for_each(|value| *value = value.flushed());
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        let moving = look.moving.target();
        let moves = look.memory.designs.iter().map(Ramp::frames_left).max().unwrap_or(0);
        let moves = moves.max(look.moving.frames_left());
        let heard = moving.listen > 0.0 || moving.split > 0.0 || moves > 0;
        let splits = [SplitTangent { g: moving.g }; SPLITS];
        let split: f64 =
            PAIR.sections(1, splits).map(|section| libm::ceil(section.decay_frames(120.0))).sum();
        let reach =
            look.state.remembered[0][1].max(look.state.remembered[0][0]).max(moving.range_db) / REACH_DB;
        let shelf = morphing_section::decay_frames(look.memory.terms, reach.min(1.0));
        Some(libm::ceil(shelf + if heard { split } else { 0.0 }) as usize + moves)
    }

    fn reading<T: Sample>(look: Look<'_, Self, T>, id: Id) -> Option<f64> {
        look.state.latest.newest().filter(|_| id.item() == 0)
    }

    fn trace<T: Sample>(look: Look<'_, Self, T>, id: Id, out: &mut [f64]) -> usize {
        if id.typed() == DeEsserReadings::GAIN_REDUCTION_DB { look.state.latest.write(out) } else { 0 }
    }
}

/// Adds the upper bands, turned down, to the lower ones.
fn turn_down<T: Sample>(memory: &mut Memory<'_, T>, simd: SimdLevel, reductions_db: &[f64; CHUNK]) {
    dispatch!(simd, s => {
        let _ = s;
        let mut factors = [T::ONE; CHUNK];
        for f in 0..CHUNK {
            factors[f] = T::from_f64(FastMath::exp2(reductions_db[f] * (-1.0 / DECIBELS_PER_OCTAVE)));
        }
        for rows in memory.bands.chunks_exact_mut(ROWS) {
            let (low, high) = rows.split_at_mut(PAIR.inputs);
            for (low, high) in low.iter_mut().zip(high) {
                for f in 0..CHUNK {
                    low[f] += factors[f] * high[f];
                }
            }
        }
    });
}

/// Lets the sum of the bands, and the upper ones by themselves, be heard by their shares.
fn blend<T: Sample>(memory: &Memory<'_, T>, numbers: &Frames<Moving>, part: &mut Block<'_, '_, T>) {
    for channel in 0..part.channels() {
        let high = memory.high(channel);
        let rows = memory.bands[high - PAIR.inputs].iter().zip(&memory.bands[high]);
        for (f, (sample, (sum, high))) in part.channel(channel).iter_mut().zip(rows).enumerate() {
            let Moving { split, listen, .. } = numbers.at(f);
            let (split, listen) = (T::from_f64(split), T::from_f64(listen));
            let out = *sample * (T::ONE - split) + *sum * split;
            *sample = out * (T::ONE - listen) + *high * listen;
        }
    }
}
