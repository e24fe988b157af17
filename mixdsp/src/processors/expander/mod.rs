//! Expander: turns down what is softer than a threshold, the more the softer it is.
//!
//! ```text
//! sidechain or in --> filter --> |x| in dB --> curve --> least of the hold --> link --> attack, release --> gain
//! in --> wait for the look-ahead -------------------------------------------------------------------------(x)--> out
//! ```
//!
//! The curve is a compressor's turned round: reduction (ratio - 1)(threshold - level), a knee, at most the range. The
//! least reduction of the last `hold_ms` and of the look-ahead counts, so that the gain does not follow the single waves
//! of a bass. It moves in decibels, 63.2 % of the way in `attack_ms` upward or `release_ms` downward, and begins
//! smoothly (`dsp::envelope::smooth_ballistics`). It begins as after silence.
//!
//! What it listens to tells `dsp::dynamics::detector`, how channels are linked and turned down `gain_path`.
//!
//! Moving: `Moving`. State: that of the path; in the words, what the curve asked for in the hold, for all channels
//! together and for each. Latency is the look-ahead. Cost: one logarithm, a sliding minimum, five multiply-adds in a
//! recursion, and one power per frame; the same per channel once the link has been below 1.

mod params;

pub use params::{ExpanderConfig, ExpanderParams, ExpanderReadings};

use crate::base::audio::Block;
use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::Spec;
use crate::base::units::seconds_to_frames;
use crate::dsp::dynamics::detector;
use crate::dsp::dynamics::fixed_gain::{from_whole, to_whole};
use crate::dsp::dynamics::gain_path::{self, GainPath, GainPathRef, Rule, Shares};
use crate::dsp::dynamics::peaks;
use crate::dsp::envelope::curve::Curve;
use crate::dsp::envelope::smooth_ballistics::SmoothBallistics;
use crate::dsp::envelope::{SlidingMinimum, minimum_words, smaller};
use crate::dsp::filter::band::Band;
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, Run, Setup};
use crate::params::ramp::{CHUNK, Change};
use crate::params::smoothed::{Frames, smoothed};
use crate::params::{Id, Row};
use fearless_simd::Simd;

processor! {
    /// Turns down what is softer than a threshold, the more the softer it is.
    /// As many channels out as in; with sidechain channels it listens to them.
    pub Expander = ExpanderKind {
        key: "expander",
        label: "Expander",
        params: ExpanderParams,
        groups: [sidechain_bands: Band],
        config: ExpanderConfig,
        readings: ExpanderReadings,
        sidechain: true,
        memory: Memory / MemoryRef by Sizes,
    }
}

smoothed! {
    /// What moves in an [`Expander`].
    pub struct Moving {
        threshold_db,
        /// Of the curve under the threshold: ratio - 1.
        slope,
        knee_db,
        range_db,
        link,
        /// Share of the key in what is heard.
        listen,
    }
}

/// Channels and frames.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    path: gain_path::Sizes,
    listeners: usize,
    /// Frames whose least reduction counts.
    window: usize,
}

impl Sizes {
    const fn new(spec: &Spec, config: &ExpanderConfig) -> Self {
        let path = gain_path::Sizes::new(spec, config.lookahead_ms, config.sidechain_bands);
        let window = path.lookahead + seconds_to_frames(config.hold_ms * 1e-3, spec.sample_rate) + 1;
        Self { path, listeners: spec.inputs + 1, window }
    }
}

layout! {
    /// The words of an expander.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// Reductions of the hold as whole numbers: for all channels together, then for each.
        held: [u32; sizes.listeners * minimum_words(sizes.window)],
    } with {
        path: GainPath / GainPathRef by sizes.path,
    }
}

/// The state of an [`Expander`].
#[derive(Debug)]
pub struct State {
    path: gain_path::State,
    /// Frames since reset.
    at: u64,
}

/// The curve of a threshold in decibels, a slope and a knee in decibels, for levels times -1.
#[inline(always)]
fn curve(threshold_db: f64, slope: f64, knee_db: f64) -> Curve {
    Curve::new(-threshold_db, slope, knee_db)
}

/// What the curve asks for in some frames.
struct HeldCurve<'a> {
    frames: &'a Frames<Moving>,
    held: &'a mut [u32],
    window: usize,
    at: u64,
}

impl<T: Sample> Rule<T> for HeldCurve<'_> {
    const OPENS: bool = true;

    #[inline(always)]
    fn asked<S: Simd>(
        &mut self,
        simd: S,
        listener: usize,
        peaks: &[T; CHUNK],
        frames: usize,
        asked_db: &mut [f64; CHUNK],
    ) {
        let levels_db = peaks::decibels(simd, peaks);
        for f in 0..CHUNK {
            let Moving { threshold_db, slope, knee_db, .. } = self.frames.at(f);
            asked_db[f] = curve(threshold_db, slope, knee_db).reduction_db(-levels_db[f]);
        }
        let mut whole = to_whole(asked_db);
        let words = minimum_words(self.window);
        let held = &mut self.held[listener * words..][..words];
        least_of(simd, held, self.window, &mut whole[..frames], self.at);
        for f in 0..CHUNK {
            asked_db[f] = smaller(from_whole(whole[f]), self.frames.at(f).range_db);
        }
    }
}

/// The least of a window. A function of its own: it is long, and used in several places.
#[inline(never)]
fn least_of<S: Simd>(simd: S, held: &mut [u32], window: usize, values: &mut [u32], at: u64) {
    simd.vectorize(
        #[inline(always)]
        || SlidingMinimum::new(held, window).run(values, at),
    );
}

fn ballistics(setup: &Setup<'_, ExpanderKind>) -> SmoothBallistics {
    let ExpanderParams { attack_ms, release_ms, .. } = setup.params();
    SmoothBallistics::new(attack_ms, release_ms, setup.spec.sample_rate)
}

impl ProcessorKind for ExpanderKind {
    type Moving = Moving;
    type State<T: Sample> = State;

    fn range(row: &Row, spec: &Spec, _: &ExpanderConfig) -> (f64, f64) {
        detector::range(row, spec)
    }

    fn design(setup: &Setup<'_, Self>) -> Moving {
        let ExpanderParams { threshold_db, ratio, knee_db, range_db, link, listen, .. } = setup.params();
        let listen = f64::from(u8::from(listen));
        Moving { threshold_db, slope: ratio - 1.0, knee_db, range_db, link, listen }
    }

    fn start<T: Sample>(setup: &Setup<'_, Self>, memory: Memory<'_, T>) -> State {
        let Memory { mut path, held, .. } = memory;
        SlidingMinimum::clear(held);
        let params = setup.params();
        path.start::<HeldCurve<'_>>(params.reduction_db(SILENCE_DB));
        let detector = path.detector.start(setup.spec.sample_rate, 1.0, |band| setup.item(band));
        let path = gain_path::State::new(setup.sizes.path, detector, ballistics(setup), params.link == 1.0);
        State { path, at: 0 }
    }

    fn change<T: Sample>(mut run: Run<'_, Self, T>, id: Id, change: Change) {
        let (setup, state, memory) = (&run.setup, run.state, &mut run.memory);
        if id.table() == Band::TABLE {
            let (item, rate) = (id.item() as usize, setup.spec.sample_rate);
            let band = (item, &setup.item(item));
            return memory.path.detector.change(rate, band, change);
        }
        let design = Self::design(setup);
        if state.path.part(&mut memory.path, design.link) {
            let words = minimum_words(setup.sizes.window);
            for listener in 1..setup.sizes.listeners {
                memory.held.copy_within(..words, listener * words);
            }
        }
        run.moving.change(design, change);
        state.path.ballistics = ballistics(setup);
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        let Run { setup, moving, state, mut memory } = run;
        let (level, window) = (setup.spec.simd, setup.sizes.window);
        dispatch!(level, s => moving.over_chunks(block, #[inline(always)] |part, frames, _| {
            let link = &frames.map(|moving| moving.link);
            let listen = frames.map(|moving| moving.listen);
            let monitor = (listen != [0.0; CHUNK]).then_some(&listen);
            let mut rule = HeldCurve { frames, held: &mut *memory.held, window, at: state.at };
            memory.path.run(s, &mut state.path, &mut rule, Shares { link, monitor }, part);
            state.at += part.frames() as u64;
        }));
    }

    fn flush_denormals<T: Sample>(mut run: Run<'_, Self, T>) {
        run.memory.path.flush_denormals();
    }

    fn latency(setup: &Setup<'_, Self>) -> usize {
        setup.sizes.path.lookahead
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        let monitors = look.moving.target().listen > 0.0 || !look.moving.is_settled();
        let moves = if monitors { look.moving.frames_left() } else { 0 };
        Some(look.memory.path.tail(&look.state.path, monitors) + moves)
    }

    fn static_curve_db<T: Sample>(look: Look<'_, Self, T>, level_db: f64) -> Option<f64> {
        Some(level_db - look.setup.params().reduction_db(level_db))
    }

    fn reading<T: Sample>(look: Look<'_, Self, T>, id: Id) -> Option<f64> {
        look.state.path.latest.newest().filter(|_| id.item() == 0)
    }

    fn trace<T: Sample>(look: Look<'_, Self, T>, id: Id, out: &mut [f64]) -> usize {
        if id.typed() == ExpanderReadings::GAIN_REDUCTION_DB { look.state.path.latest.write(out) } else { 0 }
    }
}

/// The level of silence, by whose reduction it begins.
const SILENCE_DB: f64 = -700.0;
