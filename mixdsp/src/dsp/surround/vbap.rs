//! Vector base amplitude panning: a sound between loudspeakers, by the two or three of them around it.
//!
//! ```text
//! p = g1 l1 + g2 l2 + g3 l3        p where the sound is, l where the loudspeakers are: unit vectors
//! g = inverse of [l1 l2 l3] times p, all of it >= 0 for the triangle that p lies in; then scaled to a power of 1
//! ```
//!
//! The loudspeakers at ear height are the corners of triangles with a point above the head, which is no loudspeaker: what
//! it is given goes to all loudspeakers around it alike, to those above where there are some. The same holds for a point
//! between the four behind. So any direction has gains, and they change without a jump. What lies below ear height is
//! brought up to it. Source: V. Pulkki, "Virtual Sound Source Positioning Using Vector Base Amplitude Panning", JAES 45, 1997;
//! spread: V. Pulkki, "Uniform Spreading of Amplitude Panned Virtual Sources", WASPAA 1999.

use super::layout::{MOST_CHANNELS, SurroundLayout};
use core::f64::consts::FRAC_1_SQRT_2;

/// Gain of each channel.
pub(crate) type Gains = [f64; MOST_CHANNELS];
type Vector = [f64; 3];

/// The point above the head, and the one between the four behind.
const ZENITH: usize = MOST_CHANNELS;
const BEHIND: usize = MOST_CHANNELS + 1;
const POINTS: usize = MOST_CHANNELS + 2;
/// Directions of a ring of a cone.
const RING: usize = 8;
/// Gains this near to zero come from rounding.
const NOTHING: f64 = 1e-9;

/// The triangles of a layout, and who is given what falls on the points that are no loudspeakers.
struct Net {
    triangles: &'static [[usize; 3]],
    zenith: &'static [usize],
    behind: &'static [usize],
}

const NET_5_1: Net = Net {
    triangles: &[[2, 0, ZENITH], [0, 4, ZENITH], [4, 5, ZENITH], [5, 1, ZENITH], [1, 2, ZENITH]],
    zenith: &[0, 1, 2, 4, 5],
    behind: &[],
};
const NET_7_1: Net = Net {
    triangles: &[
        [2, 0, ZENITH],
        [0, 4, ZENITH],
        [4, 6, ZENITH],
        [6, 7, ZENITH],
        [7, 5, ZENITH],
        [5, 1, ZENITH],
        [1, 2, ZENITH],
    ],
    zenith: &[0, 1, 2, 4, 5, 6, 7],
    behind: &[],
};
const NET_5_1_4: Net = Net {
    triangles: &[
        [2, 0, 6],
        [2, 6, 7],
        [2, 7, 1],
        [0, 4, 6],
        [4, 8, 6],
        [1, 5, 7],
        [5, 9, 7],
        [4, 5, BEHIND],
        [5, 9, BEHIND],
        [9, 8, BEHIND],
        [8, 4, BEHIND],
        [6, 7, ZENITH],
        [7, 9, ZENITH],
        [9, 8, ZENITH],
        [8, 6, ZENITH],
    ],
    zenith: &[6, 7, 8, 9],
    behind: &[4, 5, 8, 9],
};
const NET_7_1_4: Net = Net {
    triangles: &[
        [2, 0, 8],
        [2, 8, 9],
        [2, 9, 1],
        [0, 4, 8],
        [4, 10, 8],
        [4, 6, 10],
        [1, 5, 9],
        [5, 11, 9],
        [5, 7, 11],
        [6, 7, BEHIND],
        [7, 11, BEHIND],
        [11, 10, BEHIND],
        [10, 6, BEHIND],
        [8, 9, ZENITH],
        [9, 11, ZENITH],
        [11, 10, ZENITH],
        [10, 8, ZENITH],
    ],
    zenith: &[8, 9, 10, 11],
    behind: &[6, 7, 10, 11],
};
/// Most triangles.
const TRIANGLES: usize = NET_7_1_4.triangles.len();

fn net(layout: SurroundLayout) -> &'static Net {
    match layout {
        SurroundLayout::Surround51 => &NET_5_1,
        SurroundLayout::Surround71 => &NET_7_1,
        SurroundLayout::Surround514 => &NET_5_1_4,
        SurroundLayout::Surround714 => &NET_7_1_4,
    }
}

/// Forward, to the left, up.
fn vector([azimuth_deg, elevation_deg]: [f64; 2]) -> Vector {
    let (azimuth, elevation) = (azimuth_deg.to_radians(), elevation_deg.to_radians());
    let flat = libm::cos(elevation);
    [flat * libm::cos(azimuth), flat * libm::sin(azimuth), libm::sin(elevation)]
}

fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: Vector, b: Vector) -> Vector {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn scaled(a: Vector, by: f64) -> Vector {
    a.map(|x| by * x)
}

fn added(a: Vector, b: Vector) -> Vector {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

/// As long as 1; a direction where there is none stays none.
fn normalised(a: Vector) -> Vector {
    scaled(a, 1.0 / libm::sqrt(dot(a, a)).max(f64::MIN_POSITIVE))
}

/// The loudspeakers of a layout, ready to place sounds among.
pub(crate) struct Vbap {
    net: &'static Net,
    /// For each triangle the rows of its inverse.
    inverses: [[Vector; 3]; TRIANGLES],
}

impl Vbap {
    pub(crate) fn new(layout: SurroundLayout) -> Self {
        let net = net(layout);
        let mut points = [[0.0; 3]; POINTS];
        for (point, loudspeaker) in points.iter_mut().zip(layout.loudspeakers()) {
            *point = vector(layout.place_deg(*loudspeaker));
        }
        points[ZENITH] = [0.0, 0.0, 1.0];
        points[BEHIND] = normalised(net.behind.iter().map(|at| points[*at]).fold([0.0; 3], added));
        let mut inverses = [[[0.0; 3]; 3]; TRIANGLES];
        for (inverse, [a, b, c]) in inverses.iter_mut().zip(net.triangles) {
            let [a, b, c] = [points[*a], points[*b], points[*c]];
            let volume = dot(a, cross(b, c));
            *inverse = [cross(b, c), cross(c, a), cross(a, b)].map(|row| scaled(row, 1.0 / volume));
        }
        Self { net, inverses }
    }

    /// Gains that place a sound, of a power of 1. With a spread it is the mean over a cone of that angle.
    pub(crate) fn gains(&self, place_deg: [f64; 2], spread_deg: f64) -> Gains {
        let [azimuth_deg, elevation_deg] = place_deg;
        let towards = vector([azimuth_deg, elevation_deg.max(0.0)]);
        let mut gains = self.point(towards);
        if spread_deg > 0.0 {
            // Two directions across the cone's axis.
            let across = normalised(vector([azimuth_deg + 90.0, 0.0]));
            let up = cross(towards, across);
            for (half_deg, turned) in [(0.5 * spread_deg, 0.0), (0.25 * spread_deg, 0.5)] {
                let (outward, along) = libm::sincos(half_deg.to_radians());
                for step in 0..RING {
                    let turn = core::f64::consts::TAU * (step as f64 + turned) / RING as f64;
                    let (sine, cosine) = libm::sincos(turn);
                    let aside = added(scaled(across, cosine), scaled(up, sine));
                    let [x, y, z] = added(scaled(towards, along), scaled(aside, outward));
                    let more = self.point([x, y, z.max(0.0)]);
                    gains.iter_mut().zip(more).for_each(|(gain, more)| *gain += more);
                }
            }
        }
        even_power(gains)
    }

    /// Gains of one direction, of a power of 1.
    fn point(&self, towards: Vector) -> Gains {
        let of = |inverse: &[Vector; 3]| inverse.map(|row| dot(row, towards));
        let least = |gains: &[f64; 3]| gains[0].min(gains[1]).min(gains[2]);
        let mut best = ([0.0; 3], [ZENITH; 3], f64::NEG_INFINITY);
        for (triangle, inverse) in self.net.triangles.iter().zip(&self.inverses) {
            let gains = of(inverse);
            // The triangle around the direction; on an edge that is two of them, which agree.
            if least(&gains) > best.2 {
                best = (gains, *triangle, least(&gains));
            }
        }
        let (found, corners, _) = best;
        let mut gains = [0.0; MOST_CHANNELS];
        for (gain, corner) in found.into_iter().zip(corners).filter(|(gain, _)| *gain > NOTHING) {
            let shared = match corner {
                ZENITH => self.net.zenith,
                BEHIND => self.net.behind,
                _ => {
                    gains[corner] += gain;
                    continue;
                }
            };
            let each = gain / libm::sqrt(shared.len() as f64);
            shared.iter().for_each(|at| gains[*at] += each);
        }
        even_power(gains)
    }
}

fn even_power(gains: Gains) -> Gains {
    let power: f64 = gains.iter().map(|gain| gain * gain).sum();
    let by = if power > 0.0 { 1.0 / libm::sqrt(power) } else { FRAC_1_SQRT_2 };
    gains.map(|gain| gain * by)
}
