//! The smoothest course under a bound.
//!
//! Of all courses g that stay under a bound b, this is the one for which the sum of (g(t + 1) - g(t))² - 2k g(t) is
//! least: it changes as little as it can, and k is what it costs to stay down. Where it is free its second difference
//! is -k. So g(t) + k t²/2 is straight there, and everywhere it is the lower convex hull of b(t) + k t²/2:
//!
//! ```text
//! b(t) --> + k t²/2 --> lower convex hull --> - k t²/2 --> g(t), late by the reach
//! ```
//!
//! The hull is held as a queue of its corners: a new point takes away those that it stands under, as in A. M. Andrew's
//! algorithm ("Another efficient algorithm for convex hulls in two dimensions", 1979). Between two corners that lie n
//! frames apart, g rises by k n²/8 over their straight line in the middle, where it is still under a bound of 0. So
//! under bounds from -d to 0 no two lie farther apart than √(8 d / k) frames, and what is older than that is
//! settled: this is the reach. The course is therefore known exactly without knowing all of the bound.
//!
//! The square is never formed: only distances of frames count, so that it does not matter how long a programme is.

use alloc::collections::VecDeque;

/// Whose bound comes in frame by frame, and whose course comes out late by [`reach`](Smoothest::reach).
#[derive(Clone, Debug)]
pub(super) struct Smoothest {
    /// Half of k.
    half: f64,
    reach: u64,
    /// Corners, as frame and bound. The first two hold what comes out next between them.
    corners: VecDeque<(u64, f64)>,
    at: u64,
}

impl Smoothest {
    /// For bounds from `-depth` to 0. `curvature` is k, per frame and frame.
    pub(super) fn new(curvature: f64, depth: f64) -> Self {
        let reach = libm::ceil(libm::sqrt(8.0 * depth / curvature)) as u64;
        let corners = VecDeque::with_capacity(reach as usize + 2);
        Self { half: 0.5 * curvature, reach, corners, at: 0 }
    }

    /// Frames by which the course is late.
    pub(super) fn reach(&self) -> usize {
        self.reach as usize
    }

    /// Takes the bound of the next frame, and gives the course as it was [`reach`](Self::reach) frames ago: 0 before
    /// there was any.
    #[inline]
    pub(super) fn next(&mut self, bound: f64) -> f64 {
        let now = self.at;
        self.at += 1;
        while let Some(count) = self.corners.len().checked_sub(2) {
            let (before, last) = (self.corners[count], self.corners[count + 1]);
            // A corner that stands over the line from the one before it to the new point is none.
            let (left, right) = ((last.0 - before.0) as f64, (now - last.0) as f64);
            let line = before.1 * right + bound * left + self.half * left * right * (left + right);
            if last.1 * (left + right) < line {
                break;
            }
            self.corners.pop_back();
        }
        self.corners.push_back((now, bound));
        let Some(wanted) = now.checked_sub(self.reach) else { return 0.0 };
        while self.corners.len() > 1 && self.corners[1].0 <= wanted {
            self.corners.pop_front();
        }
        let (from, first) = self.corners[0];
        if from >= wanted || self.corners.len() == 1 {
            return first;
        }
        let (to, second) = self.corners[1];
        let (left, right) = ((wanted - from) as f64, (to - wanted) as f64);
        let course = (first * right + second * left) / (left + right) + self.half * left * right;
        if course < 0.0 { course } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    /// The course under a bound, not late. Behind its end the bound is 0.
    fn course(bound: &[f64], curvature: f64, depth: f64) -> Vec<f64> {
        let mut smoothest = Smoothest::new(curvature, depth);
        let rest = core::iter::repeat_n(0.0, smoothest.reach());
        let all: Vec<f64> = bound.iter().copied().chain(rest).map(|bound| smoothest.next(bound)).collect();
        all[smoothest.reach()..].to_vec()
    }

    fn random_bound(frames: usize, depth: f64, seed: u32) -> Vec<f64> {
        let mut state = seed;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state >> 8) / f64::from(1 << 24)
        };
        (0..frames)
            .map(|_| match random() {
                share if share < 0.1 => -depth * random(),
                share if share < 0.5 => -0.1 * depth * random(),
                _ => 0.0,
            })
            .collect()
    }

    /// Relaxation: each value becomes the one that is best while its neighbours stay, until none moves any more.
    /// Both ends are held: beyond them the course would fall, free of cost.
    fn by_relaxation(bound: &[f64], curvature: f64) -> Vec<f64> {
        let mut g = bound.to_vec();
        for _ in 0..200_000 {
            let mut moved = 0.0;
            for t in 1..g.len() - 1 {
                let best = f64::min(0.5 * (g[t - 1] + g[t + 1] + curvature), bound[t]);
                moved = f64::max(moved, (best - g[t]).abs());
                g[t] = best;
            }
            if moved < 1e-13 {
                return g;
            }
        }
        panic!("the relaxation does not end");
    }

    #[test]
    fn it_is_what_a_solver_finds() {
        for seed in 0..40 {
            let (depth, curvature) = (12.0, [0.3, 0.05, 0.01][seed as usize % 3]);
            let mut bound = random_bound(160, depth, seed);
            // A bound of 0 beyond the reach on both sides, where the solver's ends are.
            let still = libm::ceil(libm::sqrt(8.0 * depth / curvature)) as usize;
            for _ in 0..still {
                bound.insert(0, 0.0);
            }
            bound.resize(bound.len() + still, 0.0);
            let solved = by_relaxation(&bound, curvature);
            let hull = course(&bound, curvature, depth);
            for (t, (hull, solved)) in hull.iter().zip(&solved).enumerate() {
                assert!((hull - solved).abs() < 1e-9, "seed {seed}, frame {t}: {hull} {solved}");
            }
        }
    }

    /// The lower convex hull by its definition: no line from a point before to a point after lies under it.
    #[test]
    fn it_is_the_hull_of_all_of_the_bound() {
        let (depth, curvature) = (9.0, 0.02);
        for seed in 0..5 {
            let mut bound = random_bound(300, depth, 77 + seed);
            bound.resize(300 + 100, 0.0);
            let hull = course(&bound, curvature, depth);
            for t in 0..300 {
                let mut least = bound[t];
                for (from, first) in bound[..t].iter().enumerate() {
                    for (beyond, second) in bound[t + 1..].iter().enumerate() {
                        let (left, right) = ((t - from) as f64, (beyond + 1) as f64);
                        let line = (first * right + second * left) / (left + right);
                        least = f64::min(least, line + 0.5 * curvature * left * right);
                    }
                }
                assert!((hull[t] - least).abs() < 1e-12, "seed {seed}, frame {t}: {} {least}", hull[t]);
            }
        }
    }

    #[test]
    fn nothing_over_the_bound_and_exactly_0_where_nothing_is_asked() {
        let (depth, curvature) = (30.0, 1e-4);
        let mut bound = vec_of_zeros(20_000);
        for (at, value) in [(9_000, -3.0), (9_001, -3.0), (9_700, -30.0)] {
            bound[at] = value;
        }
        let hull = course(&bound, curvature, depth);
        assert!(hull.iter().zip(&bound).all(|(hull, bound)| hull <= bound));
        // A parabola of depth d is sqrt(2 d / k) frames wide on each side.
        let wide = |depth: f64| libm::ceil(libm::sqrt(2.0 * depth / curvature)) as usize;
        let (first, last) = (9_700 - wide(30.0), 9_700 + wide(30.0));
        assert!(hull[..first.min(9_000 - wide(3.0))].iter().all(|hull| *hull == 0.0));
        assert!(hull[last + 1..].iter().all(|hull| *hull == 0.0));
        assert!(hull[first + 2] < 0.0 && hull[last - 2] < 0.0);
        assert_eq!((hull[9_000], hull[9_700]), (-3.0, -30.0));
    }

    fn vec_of_zeros(frames: usize) -> Vec<f64> {
        alloc::vec![0.0; frames]
    }
}
