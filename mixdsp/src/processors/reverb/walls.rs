//! Floor 5: the nearest walls: where the images of two sources stand in a box, and what of them is heard.
//!
//! The box is 17 m long, 12 m wide and 7 m high at size 1. Two sources stand left and right of its middle line, at a
//! distance from the listener that is a share of the length. The image of each source behind a wall (Allen and Berkley,
//! JASA 65, 1979) gives a delay, that of its way beyond the straight one, and a gain, by its distance and what walls take.
//! Its direction gives the share of each output. All together have the energy of what comes in, so that size and distance
//! change the pattern and not the level.

use crate::base::units::square_root;

/// Most inputs, a source each.
pub(super) const INPUTS: usize = 2;
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
    pub gains: [[f64; 2]; COUNT],
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
