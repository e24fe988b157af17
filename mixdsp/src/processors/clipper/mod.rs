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
use crate::dsp::oversample::Phase;
use crate::dsp::waveshape::Shaper;
use crate::dsp::waveshape::clip::Clip;
use crate::dsp::waveshape::curve_path::{self, CurvePath, CurvePathRef, HighFrames};
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
/// A frame that is less than this from what came in was not clipped: -80 dB.
const CLIPS: f64 = 1e-4;

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
        ceilings: [f64; sizes.path.latency()],
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
    clipped: Latest,
    limited: Latest,
    clipped_max_db: f64,
    limited_max_db: f64,
    clipped_frames: u64,
    frames: u64,
    position: usize,
}

fn emphasis_of(setup: &Setup<'_, ClipperKind>) -> Emphasis {
    let ClipperParams { emphasis_db, emphasis_hz, .. } = setup.params();
    Emphasis::high_db(emphasis_db, emphasis_hz, setup.spec.sample_rate)
}

/// All numbers of some frames.
struct Numbers {
    moving: Frames<Moving>,
    emphasis: Frames<Emphasis>,
    has_emphasis: bool,
    knee_moves: bool,
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
        memory.ceilings.fill(Self::design(setup).ceiling);
        State {
            gain: memory.ceiling_gain.start(&setup.sizes.gain, rate),
            emphasis: Smoother::new(emphasis_of(setup), rate),
            clipped: Latest::EMPTY,
            limited: Latest::EMPTY,
            clipped_max_db: 0.0,
            limited_max_db: 0.0,
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
        let mut numbers = Numbers {
            moving: Frames::EMPTY,
            emphasis: Frames::EMPTY,
            has_emphasis: false,
            knee_moves: false,
        };
        dispatch!(setup.spec.simd, s => {
            let mut done = 0;
            while done < block.frames() {
                let left = [moving.frames_left(), state.emphasis.frames_left()];
                let most = (block.frames() - done).min(CHUNK);
                let frames = left.into_iter().filter(|left| *left > 0).fold(most, usize::min);
                let moves = left != [0, 0];
                if moves || done == 0 || numbers.knee_moves {
                    moving.fill(&mut numbers.moving, CHUNK.min(if moves { frames } else { CHUNK }));
                    state.emphasis.fill(&mut numbers.emphasis, CHUNK.min(if moves { frames } else { CHUNK }));
                    numbers.has_emphasis = moves || state.emphasis.target() != Emphasis::NONE;
                    numbers.knee_moves = moves;
                }
                state.chunk(s, setup.sizes, &numbers, &mut memory, &mut block.part(done, done + frames));
                done += frames;
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
            ClipperReadings::CLIPPED_DB => state.clipped.newest(),
            ClipperReadings::CLIPPED_MAX_DB => Some(state.clipped_max_db),
            ClipperReadings::CLIPPED_SHARE => Some(state.clipped_frames as f64 / state.frames as f64),
            ClipperReadings::LIMITED_DB => state.limited.newest(),
            ClipperReadings::LIMITED_MAX_DB => Some(state.limited_max_db),
            _ => None,
        }
    }

    fn trace<T: Sample>(look: Look<'_, Self, T>, id: Id, out: &mut [f64]) -> usize {
        match id.typed() {
            ClipperReadings::CLIPPED_DB => look.state.clipped.write(out),
            ClipperReadings::LIMITED_DB => look.state.limited.write(out),
            _ => 0,
        }
    }
}

impl<T: Sample> State<T> {
    /// Some frames, at most [`CHUNK`].
    #[inline(always)]
    fn chunk<S: Simd>(
        &mut self,
        simd: S,
        sizes: &Sizes,
        numbers: &Numbers,
        memory: &mut Memory<'_, T>,
        block: &mut Block<'_, '_, T>,
    ) {
        let frames = block.frames();
        let mut ceilings = numbers.moving.map(|moving| moving.ceiling);
        let above = decibels_to_gain(BELOW_DB);
        let present = ceilings.map(|ceiling| ceiling * above);
        delay_line::wait(memory.ceilings, self.position, &mut ceilings[..frames]);
        let mut clipped = [0.0; CHUNK];
        let delay = sizes.path.latency();
        for channel in 0..sizes.channels {
            let samples = block.channel(channel);
            let mut added = [0.0; CHUNK];
            for (f, (added, sample)) in added.iter_mut().zip(&mut *samples).enumerate() {
                *added = numbers.moving.at(f).drive * sample.to_f64();
                *sample = T::from_f64(*added);
            }
            let emphasis = core::slice::from_ref(&numbers.emphasis);
            let emphasis = if numbers.has_emphasis { emphasis } else { &[] };
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
                let driven = sample.to_f64();
                let cut = driven + added[f];
                // Of what stands above the knee, by how much: in decibels it is found later.
                let ratio = driven.abs() / cut.abs().max(1e-9);
                let counts = driven.abs() > 0.5 && ratio > 1.0 + CLIPS;
                clipped[f] = if counts && ratio > clipped[f] { ratio } else { clipped[f] };
                *sample = T::from_f64(ceilings[f] * cut);
            }
        }
        let mut clipped_db = [0.0; CHUNK];
        for f in 0..frames {
            if clipped[f] > 0.0 {
                clipped_db[f] = gain_to_decibels(clipped[f]);
                self.clipped_max_db = self.clipped_max_db.max(clipped_db[f]);
                self.clipped_frames += 1;
            }
        }
        self.clipped.keep(&clipped_db[..frames]);
        let gains = memory.ceiling_gain.run(simd, &sizes.gain, &mut self.gain, &present, block);
        let mut limited_db = [0.0; CHUNK];
        for f in 0..frames {
            if gains[f] < 1.0 {
                limited_db[f] = gain_to_decibels(1.0 / gains[f].max(1e-9));
                self.limited_max_db = self.limited_max_db.max(limited_db[f]);
            }
        }
        self.limited.keep(&limited_db[..frames]);
        self.frames += frames as u64;
        self.position = (self.position + frames) % delay.max(1);
    }
}

/// What clipping adds to frames of the high rate; frame by frame of the low one while the knee moves.
#[inline(always)]
fn clip<S: Simd, T: Sample>(
    simd: S,
    sizes: &Sizes,
    numbers: &Numbers,
    frames: usize,
    high: HighFrames<'_, T>,
) {
    let octaves = sizes.path.oversample.octaves;
    let part = if numbers.knee_moves { 1 } else { frames };
    let HighFrames { course, samples, added } = high;
    let parts = samples.chunks(part << octaves).zip(added.chunks_mut(part << octaves));
    for (at, (samples, added)) in parts.enumerate() {
        let clip = Clip::new(numbers.moving.at(at * part).knee);
        let bias = [T::ZERO; CHUNK];
        Shaper::new(course, samples, octaves, &bias[..part]).add(simd, &clip, sizes.path.smooth, None, added);
    }
}
