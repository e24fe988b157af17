//! Clipper: cuts peaks off at a ceiling, which holds on every common true-peak meter.
//!
//! ```text
//! in --> drive / ceiling --+--> emphasis --> up --> clip(x) - x, smooth --> down --> emphasis back --+
//!                          `--> wait ------------------------------------------------------------(+) <-'
//!                                                                  (x) ceiling --> gain of a millisecond --> out
//! ```
//!
//! Each channel is clipped by itself, by a curve with or without a knee (`dsp::waveshape::clip`), at a multiple of the rate;
//! only what clipping takes away is oversampled, so what stays under the knee passes as it came. What comes down from the
//! high rate, or back from the emphasis, may again stand a little above the ceiling: a short gain over all channels
//! (`dsp::dynamics::ceiling_gain`) holds that, and what it guarantees is what the limiter does.
//!
//! Moving: `Moving`, and the emphasis as a design of its own. State: `path` and `ceiling_gain` with words of their own;
//! `driven`, what waits beside the curve; `ceilings`, those of the frames that come out; `knees`, where they begin to bend.
//! `position` is the place in what waits; `clipped` and `limited` are readings of the latest frames.
//!
//! Latency: that of the half-band filters, a millisecond for the gain, 36 frames for its detector. Cost: the filters, two
//! parabolas per side and step of the high rate, and the limiter's detector.

mod params;

pub use params::{ClipperConfig, ClipperParams, ClipperReadings};

use crate::base::audio::Block;
use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::Spec;
use crate::base::units::{decibels_to_gain, gain_to_decibels};
use crate::dsp::delay_line;
use crate::dsp::dynamics::ceiling_gain::{self, CeilingGain, CeilingGainRef};
use crate::dsp::dynamics::latest::Latest;
use crate::dsp::filter::emphasis::Emphasis;
use crate::dsp::oversample::{MOST_OCTAVES, Phase};
use crate::dsp::waveshape::clip::Clip;
use crate::dsp::waveshape::curve_path::{self, CurvePath, CurvePathRef, HighFrames};
use crate::dsp::waveshape::{BEFORE, BEHIND, Shaper};
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, Run, Setup};
use crate::params::Id;
use crate::params::ramp::{CHUNK, Change};
use crate::params::smoothed::{Frames, Smoother, smoothed};
use fearless_simd::Simd;

processor! {
    /// Cuts peaks off at a ceiling, without audible aliases.
    /// As many channels out as in. They are clipped each by itself and turned down, where that is needed, alike. The ceiling
    /// holds on the meters, and with the exceptions, that the limiter names.
    pub Clipper = ClipperKind {
        key: "clipper",
        label: "Clipper",
        params: ClipperParams,
        config: ClipperConfig,
        readings: ClipperReadings,
        memory: Memory / MemoryRef by Sizes,
    }
}

smoothed! {
    /// What moves in a [`Clipper`].
    pub struct Moving {
        /// Amplitude factors: before the curve in units of its ceiling, and the ceiling.
        drive, ceiling,
        /// How far below 1 the curve begins to bend.
        knee,
    }
}

/// The curve ends so far below the ceiling: what a flat top is read over by the detector, which guards against what lies
/// between its points by sec(pi/16). So the gain behind it has only to do where something stands out.
const BELOW_DB: f64 = 0.175;
/// Frames of the high rate for one of the low.
const MOST_PART: usize = 1 << MOST_OCTAVES;
/// A frame that is less than this from what came in was not clipped: -80 dB.
const CLIPS: f64 = 1e-4;

/// Decibels that a gain takes.
fn limited_db(gain: f64) -> f64 {
    gain_to_decibels(1.0 / gain.max(1e-9))
}

/// Channels and delays.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    channels: usize,
    path: curve_path::Sizes,
    gain: ceiling_gain::Sizes,
}

impl Sizes {
    const fn new(spec: &Spec, config: &ClipperConfig) -> Self {
        let ClipperConfig { oversampling, antialiasing } = *config;
        let channels = spec.inputs;
        let path =
            curve_path::Sizes::new(channels, spec.sample_rate, oversampling, antialiasing, Phase::Linear);
        Self { channels, path, gain: ceiling_gain::Sizes::new(spec) }
    }
}

layout! {
    /// The words of a clipper.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        driven: [T; sizes.channels * sizes.path.latency()],
        ceilings: [T; sizes.path.latency()],
    } with {
        path: CurvePath / CurvePathRef by sizes.path,
        ceiling_gain: CeilingGain / CeilingGainRef by sizes.gain,
    }
}

/// The state of a [`Clipper`].
#[derive(Debug)]
pub struct State<T> {
    gain: ceiling_gain::State<T>,
    emphasis: Smoother<Emphasis>,
    /// Per frame, the ratio of what came to what was left, of the channel that was clipped most, and the gain behind.
    clipped: Latest,
    limited: Latest,
    /// The largest ratio of what came to what was left, and the lowest gain.
    clipped_most: f64,
    lowest_gain: f64,
    clipped_frames: u64,
    frames: u64,
    position: usize,
}

fn emphasis_of(setup: &Setup<'_, ClipperKind>) -> Emphasis {
    let ClipperParams { emphasis_db, emphasis_hz, .. } = setup.params();
    Emphasis::high_db(emphasis_db, emphasis_hz, setup.spec.sample_rate)
}

/// All numbers of some frames.
struct Numbers<T> {
    moving: Frames<Moving>,
    drive: [T; CHUNK],
    ceiling: [f64; CHUNK],
    /// What the gain behind the curve holds.
    limit: [f64; CHUNK],
    knee: [f64; CHUNK],
    emphasis: Frames<Emphasis>,
    has_emphasis: bool,
    /// Whether any of them is on its way.
    moves: bool,
}

impl<T: Sample> Numbers<T> {
    const EMPTY: Self = Self {
        moving: Frames::EMPTY,
        drive: [T::ONE; CHUNK],
        ceiling: [1.0; CHUNK],
        limit: [1.0; CHUNK],
        knee: [1.0; CHUNK],
        emphasis: Frames::EMPTY,
        has_emphasis: false,
        moves: true,
    };

    /// Takes the numbers of the next frames, and tells how many those are: not beyond one at which some come to rest.
    #[inline(always)]
    fn fill(
        &mut self,
        moving: &mut Smoother<Moving>,
        emphasis: &mut Smoother<Emphasis>,
        most: usize,
    ) -> usize {
        let moves = !moving.is_settled() || !emphasis.is_settled();
        if !moves && !self.moves {
            return most;
        }
        let left = [moving.frames_left(), emphasis.frames_left()];
        let frames = left.into_iter().filter(|left| *left > 0).fold(most, usize::min);
        if moving.is_settled() {
            moving.repeat(&mut self.moving)
        } else {
            moving.fill(&mut self.moving, frames)
        }
        if emphasis.is_settled() {
            emphasis.repeat(&mut self.emphasis);
        } else {
            emphasis.fill(&mut self.emphasis, frames);
        }
        let above = decibels_to_gain(BELOW_DB);
        self.drive = self.moving.map(|moving| T::from_f64(moving.drive));
        self.ceiling = self.moving.map(|moving| moving.ceiling);
        self.limit = self.ceiling.map(|ceiling| ceiling * above);
        self.knee = self.moving.map(|moving| moving.knee);
        self.has_emphasis = moves || emphasis.target() != Emphasis::NONE;
        self.moves = moves;
        frames
    }
}

impl ProcessorKind for ClipperKind {
    type Moving = Moving;
    type State<T: Sample> = State<T>;

    fn design(setup: &Setup<'_, Self>) -> Moving {
        let ClipperParams { drive_db, ceiling_db, softness_db, .. } = setup.params();
        let ceiling = ceiling_gain::usable(ceiling_db - BELOW_DB);
        Moving {
            drive: decibels_to_gain(drive_db) / ceiling,
            ceiling,
            knee: 1.0 - decibels_to_gain(-softness_db),
        }
    }

    fn start<T: Sample>(setup: &Setup<'_, Self>, mut memory: Memory<'_, T>) -> State<T> {
        let rate = setup.spec.sample_rate;
        memory.path.start(&setup.sizes.path);
        memory.ceilings.fill(T::from_f64(Self::design(setup).ceiling));
        State {
            gain: memory.ceiling_gain.start(&setup.sizes.gain, rate),
            emphasis: Smoother::new(emphasis_of(setup), rate),
            clipped: Latest::EMPTY,
            limited: Latest::EMPTY,
            clipped_most: 1.0,
            lowest_gain: 1.0,
            clipped_frames: 0,
            frames: 0,
            position: 0,
        }
    }

    fn change<T: Sample>(run: Run<'_, Self, T>, _: Id, change: Change) {
        run.moving.change(Self::design(&run.setup), change);
        run.state.emphasis.change_to(emphasis_of(&run.setup), change);
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let Run { setup, moving, state, mut memory } = run;
        let mut numbers = Numbers::EMPTY;
        dispatch!(setup.spec.simd, s => {
            let mut done = 0;
            while done < block.frames() {
                let most = block.frames().min(done + CHUNK) - done;
                let end = done + numbers.fill(moving, &mut state.emphasis, most);
                state.chunk(s, setup.sizes, &numbers, &mut memory, &mut block.part(done, end));
                done = end;
            }
        });
    }

    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        let Run { setup, mut memory, .. } = run;
        memory.path.flush_denormals(&setup.sizes.path);
    }

    fn end<T: Sample>(state: &mut State<T>) {
        state.gain.end();
    }

    fn latency(setup: &Setup<'_, Self>) -> usize {
        setup.sizes.path.latency() + setup.sizes.gain.latency()
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        let emphasis = &look.state.emphasis;
        let left = emphasis.frames_left().max(look.moving.frames_left());
        let path = look.setup.sizes.path.oversample.tail();
        Some(path + look.setup.sizes.gain.latency() + emphasis.target().tail() + left)
    }

    fn static_curve_db<T: Sample>(look: Look<'_, Self, T>, level_db: f64) -> Option<f64> {
        let Moving { drive, ceiling, knee } = Self::design(&look.setup);
        let value = ceiling * Clip::new(knee).value(drive * decibels_to_gain(level_db));
        Some(gain_to_decibels(value.max(1e-10)))
    }

    fn reading<T: Sample>(look: Look<'_, Self, T>, id: Id) -> Option<f64> {
        let state = look.state;
        if state.frames == 0 || id.item() != 0 {
            return None;
        }
        match id.typed() {
            ClipperReadings::CLIPPED_DB => state.clipped.newest().map(gain_to_decibels),
            ClipperReadings::CLIPPED_MAX_DB => Some(gain_to_decibels(state.clipped_most)),
            ClipperReadings::CLIPPED_SHARE => Some(state.clipped_frames as f64 / state.frames as f64),
            ClipperReadings::LIMITED_DB => state.limited.newest().map(limited_db),
            ClipperReadings::LIMITED_MAX_DB => Some(limited_db(state.lowest_gain)),
            _ => None,
        }
    }

    fn trace<T: Sample>(look: Look<'_, Self, T>, id: Id, out: &mut [f64]) -> usize {
        let (latest, decibels): (_, fn(f64) -> f64) = match id.typed() {
            ClipperReadings::CLIPPED_DB => (&look.state.clipped, gain_to_decibels),
            ClipperReadings::LIMITED_DB => (&look.state.limited, limited_db),
            _ => return 0,
        };
        let known = latest.write(out);
        let from = out.len() - known;
        out[from..].iter_mut().for_each(|value| *value = decibels(*value));
        known
    }
}

impl<T: Sample> State<T> {
    /// Some frames, at most [`CHUNK`].
    #[inline(always)]
    fn chunk<S: Simd>(
        &mut self,
        simd: S,
        sizes: &Sizes,
        numbers: &Numbers<T>,
        memory: &mut Memory<'_, T>,
        block: &mut Block<'_, '_, T>,
    ) {
        let frames = block.frames();
        let Numbers { drive, ceiling, has_emphasis, .. } = numbers;
        let mut ceilings = ceiling.map(T::from_f64);
        delay_line::wait(memory.ceilings, self.position, &mut ceilings[..frames]);
        let mut clipped = [T::ONE; CHUNK];
        let delay = sizes.path.latency();
        for channel in 0..sizes.channels {
            let samples = block.channel(channel);
            let mut added = [T::ZERO; CHUNK];
            for ((added, sample), drive) in added.iter_mut().zip(&mut *samples).zip(drive) {
                *sample *= *drive;
                *added = *sample;
            }
            let emphasis = if *has_emphasis { core::slice::from_ref(&numbers.emphasis) } else { &[] };
            memory.path.run(
                simd,
                &sizes.path,
                channel,
                emphasis,
                &mut added[..frames],
                #[inline(always)]
                |high| {
                    clip(simd, sizes, numbers, frames, high);
                },
            );
            delay_line::wait(&mut memory.driven[channel * delay..][..delay], self.position, samples);
            for (f, sample) in samples.iter_mut().enumerate() {
                let cut = *sample + added[f];
                let ratio = ratio(sample.abs(), cut.abs());
                clipped[f] = if ratio > clipped[f] { ratio } else { clipped[f] };
                *sample = ceilings[f] * cut;
            }
        }
        let mut kept = [1.0; CHUNK];
        for (kept, ratio) in kept.iter_mut().zip(&clipped[..frames]) {
            *kept = ratio.to_f64();
            self.clipped_frames += u64::from(*kept > 1.0);
            self.clipped_most = if *kept > self.clipped_most { *kept } else { self.clipped_most };
        }
        self.clipped.keep(&kept[..frames]);
        let gains = memory.ceiling_gain.run(simd, &sizes.gain, &mut self.gain, &numbers.limit, block);
        self.limited.keep(&gains[..frames]);
        self.lowest_gain = gains[..frames].iter().fold(self.lowest_gain, |a, b| if *b < a { *b } else { a });
        self.frames += frames as u64;
        self.position = (self.position + frames) % delay.max(1);
    }
}

/// By how much clipping turned a sample down, 1 where it hardly did: of what stands above the knee.
#[inline(always)]
fn ratio<T: Sample>(driven: T, cut: T) -> T {
    let least = T::from_f64(1e-9);
    let ratio = driven / if cut > least { cut } else { least };
    let counts = (driven > T::from_f64(0.5)) & (ratio > T::from_f64(1.0 + CLIPS));
    if counts { ratio } else { T::ONE }
}

/// What clipping adds to frames of the high rate; frame by frame of the low one while the knee moves.
#[inline(always)]
fn clip<S: Simd, T: Sample>(
    simd: S,
    sizes: &Sizes,
    numbers: &Numbers<T>,
    frames: usize,
    high: HighFrames<'_, T>,
) {
    let octaves = sizes.path.oversample.octaves;
    let smooth = sizes.path.smooth;
    let HighFrames { course, x, added } = high;
    let bias = [T::ZERO; CHUNK];
    if !numbers.moves {
        let clip = Clip::new(numbers.knee[0]);
        Shaper::new(course, x, octaves, &bias[..frames]).add(simd, &clip, smooth, None, added);
        return;
    }
    let mut part = [T::ZERO; BEFORE + MOST_PART + BEHIND];
    for frame in 0..frames {
        let from = frame << octaves;
        let length = BEFORE + (1 << octaves) + BEHIND;
        part[BEFORE..length].copy_from_slice(&x[from + BEFORE..from + length]);
        let clip = Clip::new(numbers.knee[frame]);
        // What a vector writes beyond the frame, the next one writes again.
        added[from..from + BEHIND + (1 << octaves)].fill(T::ZERO);
        Shaper::new(course, &mut part[..length], octaves, &bias[..1]).add(
            simd,
            &clip,
            smooth,
            None,
            &mut added[from..],
        );
    }
}
