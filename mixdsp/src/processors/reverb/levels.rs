//! Floor 5: the levels of a reverb: how much enters, and what comes out.
//!
//! Moving: [`Levels`], per frame.

use crate::base::sample::Sample;
use crate::base::units::decibels_to_gain;
use crate::params::ramp::CHUNK;
use crate::params::smoothed::{Frames, Smoother, smoothed};
use crate::processors::reverb::hadamard::{LANES, LINES, LaneBlock, TILE};
use crate::processors::reverb::lengths::{self, Delays};
use crate::processors::reverb::params::ReverbParams;

/// Level of the wet sound for steady noise, below the input: quiet enough that not even a resonance of the
/// room makes the default louder than the input.
const WET_DB: f64 = -10.0;

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
    }
}

impl Levels {
    /// What the parameters ask for.
    pub(super) fn new(params: &ReverbParams, delays: &Delays, sample_rate: f64) -> Self {
        let (entering, depth) = match params.freeze {
            true => (0.0, 0.0),
            false => (entering(delays, params.decay_seconds, sample_rate), params.modulation),
        };
        Self { wet: params.mix, dry: 1.0 - params.mix, width: params.width, depth, entering }
    }
}

/// Level at which sound enters, so that steady noise comes out at `WET_DB`: the energy that the network
/// gathers grows as 1 / (1 - g^2), g the factor of the middle line's round.
fn entering(delays: &Delays, decay_seconds: f64, sample_rate: f64) -> f64 {
    let mean = lengths::sum(&delays.network) as f64 / LINES as f64;
    let round = libm::pow(10.0, -3.0 * mean / (sample_rate * decay_seconds));
    decibels_to_gain(WET_DB) * libm::sqrt(1.0 - round * round)
}

/// The levels of a tile's frames.
pub(super) struct LevelBlocks<T> {
    pub(super) wet: LaneBlock<T>,
    pub(super) dry: LaneBlock<T>,
    pub(super) width: LaneBlock<T>,
    pub(super) depth: LaneBlock<T>,
    pub(super) entering: LaneBlock<T>,
}

impl<T: Sample> LevelBlocks<T> {
    /// Those of the next `frames` frames.
    #[inline(always)]
    pub(super) fn next(levels: &mut Smoother<Levels>, frames: usize) -> Self {
        const { assert!(TILE <= CHUNK) }
        if levels.is_settled() {
            let Levels { wet, dry, width, depth, entering } = levels.target();
            return Self {
                wet: constant(wet),
                dry: constant(dry),
                width: constant(width),
                depth: constant(depth),
                entering: constant(entering),
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
        Self { wet, dry, width, depth: block!(depth), entering: block!(entering) }
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
