//! What the bands hear: eight of them at once, side by side.
//!
//! ```text
//!                            +--> all-passes --> ( )² --+
//! own or key --> filter -----+                         (+)--> largest of all channels --> dB --> curve
//!                            +--> all-passes --> ( )² --+                                         |
//!                                share of the reach, 0 to 1  <-- attack, release <---------------+
//! ```
//!
//! The two chains of three all-passes differ by a quarter of a turn, to 0.5° from a fifth to five times the band's
//! frequency, so the sum of the squares is the level of a sine there without ripple, and its gain does not
//! follow the single waves. Chains of this kind: S. Bedrosian, "Normalized Design of 90° Phase-Difference Networks",
//! IRE Trans. Circuit Theory, 1960; the six corners were fitted for this ratio of 25 by random search for the
//! smallest largest error.
//!
//! State, per listening channel and band: two numbers of the filter, six of the all-passes; per band: `held` and
//! `out` of the ballistics, in decibels, in f64 (see `envelope::ballistics`, whose recursion this is, with times
//! of its own for each lane).

use crate::base::memory::plain;
use crate::base::sample::Sample;
use crate::dsp::filter::svf::{COEFFICIENTS, coefficients, step};
use crate::params::ramp::CHUNK;
use crate::processors::dynamic_equalizer::band::{EAR, REACH_DB};
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Bands side by side.
pub(super) const LANES: usize = 8;

/// Decibels of a doubled power.
const DECIBELS_PER_DOUBLING: f64 = 3.010_299_956_639_812;

plain! {
    /// Curve and ballistics of eight bands.
    pub(super) struct Curves {
        threshold: [f64; LANES],
        slope: [f64; LANES],
        /// Signed, as it is set.
        range: [f64; LANES],
        /// The largest change that the range of the moment allows.
        most: [f64; LANES],
        /// Where the range was when it was last sent somewhere, where it was sent, and the change then.
        range_from: [f64; LANES],
        range_to: [f64; LANES],
        out_from: [f64; LANES],
        attack: [f64; LANES],
        release: [f64; LANES],
        held: [f64; LANES],
        out: [f64; LANES],
    }
}

impl Curves {
    /// Forgets what was heard.
    pub(super) fn clear(&mut self) {
        self.held = [0.0; LANES];
        self.out = [0.0; LANES];
    }

    pub(super) fn snap(&mut self) {
        self.held.iter_mut().chain(&mut self.out).for_each(|value| *value = value.snap());
    }

    /// Gives a lane its attack and release factors.
    pub(super) fn set_times(&mut self, lane: usize, [attack, release]: [f64; 2]) {
        self.attack[lane] = attack;
        self.release[lane] = release;
    }

    /// Gives a lane its curve.
    pub(super) fn set(&mut self, lane: usize, ear: &[f64; EAR]) {
        let [threshold, slope, range] = [ear[7], ear[8], ear[9]];
        // What is left of a change keeps its direction when the range has become 0.
        let range = if range == 0.0 { range.copysign(self.range[lane]) } else { range };
        [self.threshold[lane], self.slope[lane], self.range[lane]] = [threshold, slope, range];
        self.most[lane] = self.most(lane);
    }

    /// Tells a lane where its range moves to.
    pub(super) fn aim(&mut self, lane: usize, ear: &[f64; EAR]) {
        self.range_from[lane] = self.range[lane];
        self.range_to[lane] = ear[EAR - 1];
        self.out_from[lane] = self.out[lane];
    }

    /// The largest change at the present range. A change that is too large for where the range goes moves with it
    /// from the first frame on, so that nothing bends; where the range turns round it has faded to nothing when
    /// the range passes zero, slope and curvature too.
    fn most(&self, lane: usize) -> f64 {
        let (range, out) = (self.range[lane], self.out_from[lane]);
        let (from, to) = (self.range_from[lane], self.range_to[lane]);
        let size = range.abs();
        if from * to < 0.0 {
            let share = range / from;
            let faded = out * share * share * share;
            return if share > 0.0 && faded < size { faded } else { size };
        }
        let (from, to) = (from.abs(), to.abs());
        if out > to && from > to { to + (size - to) * ((out - to) / (from - to)) } else { size }
    }

    /// The change in decibels at the last frame.
    pub(super) fn change_db(&self, lane: usize) -> f64 {
        self.out[lane].copysign(self.range[lane])
    }

    /// The same as a share of the reach.
    pub(super) fn share(&self, lane: usize) -> f64 {
        self.change_db(lane) * (1.0 / REACH_DB)
    }

    /// Turns powers into shares of the reach, in the direction of the range. What is left of an earlier change
    /// never exceeds the range either, so that a range on its way to the other direction takes the change
    /// through zero.
    #[inline(always)]
    pub(super) fn follow<T: Sample>(&mut self, powers: &[[T; LANES]], shares: &mut [[f64; LANES]]) {
        let Self { threshold, slope, range, most, attack, release, mut held, mut out, .. } = *self;
        let scale = range.map(|range| (1.0 / REACH_DB).copysign(range));
        for (powers, shares) in powers.iter().zip(shares) {
            let mut asked = [0.0; LANES];
            for lane in 0..LANES {
                let level = powers[lane].log2().to_f64() * DECIBELS_PER_DOUBLING;
                let over = slope[lane] * (level - threshold[lane]);
                let over = if over > 0.0 { over } else { 0.0 };
                asked[lane] = if over < most[lane] { over } else { most[lane] };
            }
            for lane in 0..LANES {
                let (a, r) = (attack[lane], release[lane]);
                let falling = r * held[lane] + (1.0 - r) * asked[lane];
                let falling = if falling < most[lane] { falling } else { most[lane] };
                held[lane] = if asked[lane] > falling { asked[lane] } else { falling };
                let moved = a * out[lane] + (1.0 - a) * held[lane];
                out[lane] = if moved < most[lane] { moved } else { most[lane] };
                shares[lane] = out[lane] * scale[lane];
            }
        }
        (self.held, self.out) = (held, out);
    }
}

/// Corners of the first chain, in units of the band's frequency; the second chain has their inverses.
const CORNERS: [f64; 3] = [0.082_384_432_992_206_77, 0.687_585_115_352_054_1, 3.339_837_833_821_463_4];

/// What eight ears multiply with: the filter's, the six all-passes', the share of the key.
pub(super) type Ears<T> = [[T; LANES]; COEFFICIENTS + 7];

/// State of eight ears in one channel.
pub(super) type Heard<T> = [[T; LANES]; 8];

/// Gives a lane its filter.
pub(super) fn set_ear<T: Sample>(ears: &mut Ears<T>, lane: usize, ear: &[f64; EAR]) {
    let [g, k, m0, m1, m2, tangent, key, ..] = *ear;
    let section = coefficients([g, k, m0, m1, m2]);
    let corners = CORNERS.map(|corner| tangent * corner).into_iter();
    let corners = corners.chain(CORNERS.map(|corner| tangent / corner));
    let all = section.into_iter().chain(corners.map(|g| 2.0 * g / (1.0 + g))).chain([key]);
    ears.iter_mut().zip(all).for_each(|(lanes, value)| lanes[lane] = T::from_f64(value));
}

/// What one channel brings to listen to: its own samples and the key's.
#[derive(Clone, Copy)]
pub(super) struct Sound<T> {
    pub(super) own: [T; CHUNK],
    pub(super) key: [T; CHUNK],
}

/// Raises the powers of some frames, from frame `first` of the sound on, to those of a channel where that is
/// louder.
#[inline(always)]
pub(super) fn listen<S: Simd, T: Sample>(
    simd: S,
    ears: &Ears<T>,
    heard: &mut Heard<T>,
    sound: &Sound<T>,
    first: usize,
    powers: &mut [[T; LANES]],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let load = |lanes: &[T; LANES]| T::Lanes8::<S>::from_slice(simd, lanes);
            let c: [T::Lanes8<S>; COEFFICIENTS] = core::array::from_fn(|i| load(&ears[i]));
            let g: [T::Lanes8<S>; 6] = core::array::from_fn(|i| load(&ears[COEFFICIENTS + i]));
            let key = load(&ears[COEFFICIENTS + 6]);
            let [mut s1, mut s2, mut turns @ ..] = heard.each_ref().map(load);
            for (f, power) in powers.iter_mut().enumerate() {
                let own = T::Lanes8::<S>::splat(simd, sound.own[first + f]);
                let other = T::Lanes8::<S>::splat(simd, sound.key[first + f]);
                let y = step(&c, &mut s1, &mut s2, key.mul_add(other - own, own));
                let [mut first, mut second] = [y; 2];
                for i in 0..3 {
                    first = all_pass(g[i], &mut turns[i], first);
                    second = all_pass(g[i + 3], &mut turns[i + 3], second);
                }
                let here = first.mul_add(first, second * second);
                here.max(load(power)).store_slice(power);
            }
            for (state, lanes) in heard.iter_mut().zip([s1, s2].into_iter().chain(turns)) {
                lanes.store_slice(state);
            }
        },
    )
}

/// One frame of a first-order all-pass per lane, as a trapezoidal one-pole: `twice` is twice its gain, and what
/// comes out is twice the low-pass less the input.
#[inline(always)]
fn all_pass<S: Simd, V: SimdFloat<S>>(twice: V, state: &mut V, x: V) -> V {
    let d = x - *state;
    let y = twice.mul_add(d, *state - d);
    *state = twice.mul_add(d, *state);
    y
}
