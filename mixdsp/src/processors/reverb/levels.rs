//! Floor 5: the levels of a reverb: how much enters, and what comes out.
//!
//! Moving: [`Levels`], per frame.

use crate::base::sample::Sample;
use crate::params::ramp::CHUNK;
use crate::params::smoothed::{Frames, Smoother, smoothed};
use crate::processors::reverb::hadamard::{LANES, LINES, LaneBlock, TILE};
use crate::processors::reverb::lengths::Delays;
use crate::processors::reverb::params::ReverbParams;

smoothed! {
    /// What moves from frame to frame.
    pub struct Levels {
        /// Shares of the reverb and of the dry sound.
        wet,
        dry,
        /// Width of the reverb.
        width,
        /// Depth of the modulation.
        depth,
        /// Level at which sound enters the network.
        entering,
        /// Levels of what is heard before the network is: single reflections, and what the diffuser gives.
        early,
        diffuse,
    }
}

impl Levels {
    /// What the parameters ask for.
    pub(super) fn new(params: &ReverbParams, delays: &Delays, sample_rate: f64) -> Self {
        // A sum of equal energy would be as loud for noise, and a little louder for what has tones; so a third of a decibel less.
        let (wet, dry) = (params.mix, libm::sqrt((1.0 - params.mix) * (1.0 + 0.7 * params.mix)));
        let levels =
            Self { wet, dry, width: params.width, depth: 0.0, entering: 0.0, early: 0.0, diffuse: 0.0 };
        if params.freeze {
            return levels;
        }
        let [entering, before] = shares(delays, params.decay_seconds, sample_rate);
        let diffuse = before * libm::sqrt(1.0 - params.early * params.early);
        Self { depth: params.modulation, entering, early: before * params.early, diffuse, ..levels }
    }
}

/// Levels at which sound enters the network and at which it is heard before, so that a click dies away evenly from the
/// start, and steady noise comes out as loud as it went in.
///
/// The energy of an even decay of 60 dB in T is 13.8 / T exp(-13.8 t / T). What the network gives after its absorption
/// is a renewal process: as dense as one arrival per mean delay, and decayed as far as its time says, from the middle of
/// the diffuser on. Its share of all energy is that of a geometric series, and the rest comes before.
fn shares(delays: &Delays, decay_seconds: f64, sample_rate: f64) -> [f64; 2] {
    let left = |seconds: f64| libm::pow(10.0, -6.0 * seconds / decay_seconds);
    let mean = |value: &dyn Fn(f64) -> f64| {
        let seconds = delays.network.iter().map(|frames| *frames as f64 / sample_rate);
        seconds.map(value).sum::<f64>() / LINES as f64
    };
    let rate = 6.0 * core::f64::consts::LN_10 / decay_seconds;
    let entering = mean(&|seconds| seconds) * rate * left(delays.middle_seconds);
    let round = mean(&left);
    let late = entering * round / (1.0 - round);
    [libm::sqrt(entering), libm::sqrt((1.0 - late).max(0.0))]
}

/// The levels of a tile's frames.
pub(super) struct LevelBlocks<T> {
    pub(super) wet: LaneBlock<T>,
    pub(super) dry: LaneBlock<T>,
    pub(super) width: LaneBlock<T>,
    pub(super) depth: LaneBlock<T>,
    pub(super) entering: LaneBlock<T>,
    pub(super) early: LaneBlock<T>,
    pub(super) diffuse: LaneBlock<T>,
    /// Whether reflections are heard at all.
    pub(super) reflects: bool,
}

impl<T: Sample> LevelBlocks<T> {
    /// Those of the next `frames` frames.
    #[inline(always)]
    pub(super) fn next(levels: &mut Smoother<Levels>, frames: usize) -> Self {
        const { assert!(TILE <= CHUNK) }
        if levels.is_settled() {
            let Levels { wet, dry, width, depth, entering, early, diffuse } = levels.target();
            return Self {
                wet: constant(wet),
                dry: constant(dry),
                width: constant(width),
                depth: constant(depth),
                entering: constant(entering),
                early: constant(early),
                diffuse: constant(diffuse),
                reflects: early != 0.0,
            };
        }
        let mut numbers = Frames::EMPTY;
        levels.fill(&mut numbers, frames);
        // One level after the other: together they would not be worked on as vectors.
        macro_rules! block {
            ($level:ident) => {{
                let mut block = [[T::ZERO; LANES]; TILE / LANES];
                for (frame, sample) in block.as_flattened_mut().iter_mut().enumerate() {
                    *sample = T::from_f64(numbers.at(frame).$level);
                }
                block
            }};
        }
        let (wet, dry, width) = (block!(wet), block!(dry), block!(width));
        let (depth, entering) = (block!(depth), block!(entering));
        Self {
            wet,
            dry,
            width,
            depth,
            entering,
            early: block!(early),
            diffuse: block!(diffuse),
            reflects: true,
        }
    }
}

#[inline(always)]
fn constant<T: Sample>(level: f64) -> LaneBlock<T> {
    [[T::from_f64(level); LANES]; TILE / LANES]
}

/// Draws two channels together: all of the side at a width of 1, none at 0.
#[inline(always)]
pub(super) fn narrow<T: Sample>(wet: &mut [LaneBlock<T>; 2], width: &LaneBlock<T>) {
    let half = T::from_f64(0.5);
    let [left, right] = wet;
    let channels = left.as_flattened_mut().iter_mut().zip(right.as_flattened_mut());
    for ((left, right), width) in channels.zip(width.as_flattened()) {
        let (mid, side) = ((*left + *right) * half, (*left - *right) * half * *width);
        (*left, *right) = (mid + side, mid - side);
    }
}
