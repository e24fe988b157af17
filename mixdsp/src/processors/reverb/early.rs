//! Floor 5: early reflections: the walls nearest to a listener in a box, each heard once or twice.
//!
//! ```text
//! left in --> pre-delay --+--> ten delays ----------> (x near side) --> left out
//!                         `--------------------------> (x far side) --> right out
//! right in: the same mirrored, in a box that is a little longer
//! ```
//!
//! The box is 17 m long, 12 m wide and 7 m high at size 1. Two sources stand left and right of its middle line, at a
//! distance from the listener that is a share of the length. The image of each source behind a wall (Allen and Berkley,
//! JASA 65, 1979) gives a delay, that of its way beyond the straight one, and a gain, by its distance and what walls take.
//! Its direction gives the share of each output. All together have the energy of what comes in, so that size and distance
//! change the pattern and not the level.
//!
//! State: none; the delays are read from the rings of the inputs.

use crate::base::sample::Sample;
use crate::base::units::square_root;
use crate::processors::reverb::hadamard::{LANES, LaneBlock, TILE, load, vectors};
use crate::processors::reverb::inputs::{INPUTS, Inputs};
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Reflections of each input.
const COUNT: usize = 10;
/// Images: how often each is mirrored at the walls in front (1), behind (-1), to the left (1), to the right (-1), at the
/// ceiling (1) and the floor (-1).
const IMAGES: [[i32; 3]; COUNT] = [
    [0, 0, -1],
    [0, 1, 0],
    [0, -1, 0],
    [0, 0, 1],
    [1, 0, 0],
    [1, 1, 0],
    [1, -1, 0],
    [-1, 0, 0],
    [0, 1, -1],
    [0, -1, 1],
];
/// Length, width and height of the box at size 1, in metres.
const BOX_METRES: [f64; 3] = [17.0, 12.0, 7.0];
/// How much longer the ways from the right source are, so that one input is not heard alike on both sides.
const LONGER: f64 = 1.09;
/// What a wall leaves of a wave.
const WALL: f64 = 0.8;
/// Metres per second.
const SOUND: f64 = 343.0;
/// How high the listener's ears are, as a share of the height.
const EARS: f64 = 0.24;

/// The reflections of both inputs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reflections {
    /// Frames behind the pre-delay, of the left input and of the right.
    pub delays: [[usize; COUNT]; INPUTS],
    /// Gains on the own side and on the other.
    gains: [[f64; 2]; COUNT],
}

impl Reflections {
    /// Those of a room of this `size`, `distance` of its length away: 0 near, 1 far.
    pub(super) const fn of(sample_rate: f64, size: f64, distance: f64) -> Self {
        let [length, width, height] = [BOX_METRES[0] * size, BOX_METRES[1] * size, BOX_METRES[2] * size];
        // The listener stands behind the middle, the source before; between them a tenth to six tenths of the length.
        let away = (0.1 + 0.5 * distance) * length;
        let (listener, source) = (0.45 * length - 0.5 * away, 0.45 * length + 0.5 * away);
        // A sixth of the way to its side: 10 degrees, or what the walls leave.
        let aside = if away / 6.0 < width / 4.0 { away / 6.0 } else { width / 4.0 };
        let straight = square_root(away * away + aside * aside);
        let mut delays = [[0; COUNT]; INPUTS];
        let mut gains = [[0.0; 2]; COUNT];
        let (mut energy, mut at) = (0.0, 0);
        while at < COUNT {
            let [along, across, up] = IMAGES[at];
            let ahead = match along {
                0 => source,
                1 => 2.0 * length - source,
                _ => -source,
            } - listener;
            let left = match across {
                0 => aside,
                1 => width - aside,
                _ => -width - aside,
            };
            let above = match up {
                0 => 0.0,
                1 => 2.0 * (1.0 - EARS) * height,
                _ => -2.0 * EARS * height,
            };
            let way = square_root(ahead * ahead + left * left + above * above);
            let seconds = (way - straight) / SOUND;
            delays[0][at] = (seconds * sample_rate) as usize + 1;
            delays[1][at] = (seconds * LONGER * sample_rate) as usize + 1;
            let mirrored = along.abs() + across.abs() + up.abs();
            let gain = if mirrored > 1 { WALL * WALL } else { WALL } / way;
            // The share of the left grows with the sine of the direction; constant energy.
            let to_left = 0.5 + 0.5 * left / way;
            gains[at] = [gain * square_root(to_left), gain * square_root(1.0 - to_left)];
            energy += gain * gain;
            at += 1;
        }
        let scale = 1.0 / square_root(energy);
        at = 0;
        while at < COUNT {
            gains[at] = [gains[at][0] * scale, gains[at][1] * scale];
            at += 1;
        }
        Self { delays, gains }
    }
}

/// Adds the reflections of the next frames to both outputs, at a level that may move.
#[inline(always)]
pub(super) fn add<S: Simd, T: Sample>(
    simd: S,
    inputs: &Inputs<'_, T>,
    reflections: &Reflections,
    level: &LaneBlock<T>,
    wet: &mut [LaneBlock<T>; 2],
    frames: usize,
) {
    let mut sums = [[[T::ZERO; LANES]; TILE / LANES]; 2];
    for (at, [own, other]) in reflections.gains.iter().enumerate() {
        let (own, other) = (T::from_f64(*own), T::from_f64(*other));
        let [left, right] = [0, 1].map(|input| inputs.tile(input, reflections.delays[input][at]));
        for v in vectors(frames) {
            let (left, right) = (load(simd, &left[v]), load(simd, &right[v]));
            let [of_left, of_right] = &mut sums;
            let sum = load(simd, &of_left[v]) + left * own + right * other;
            sum.store_slice(&mut of_left[v]);
            let sum = load(simd, &of_right[v]) + right * own + left * other;
            sum.store_slice(&mut of_right[v]);
        }
    }
    for (wet, sums) in wet.iter_mut().zip(&sums) {
        for v in vectors(frames) {
            (load(simd, &wet[v]) + load(simd, &sums[v]) * load(simd, &level[v])).store_slice(&mut wet[v]);
        }
    }
}
