//! Two channels mixed into two: what every stereo processor runs whose gains may move in a straight line.
//!
//! ```text
//! left'  = ll * left + lr * right
//! right' = rl * left + rr * right
//! ```

use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::params::smoothed::{Smoother, smoothed};

smoothed! {
    /// The four gains: to left from left and from right, to right from left and from right.
    pub struct StereoMatrix { ll, lr, rl, rr }
}

/// Mixes a block of two channels, in place.
pub(crate) fn mix<T: Sample>(moving: &mut Smoother<StereoMatrix>, block: Block<'_, '_, T>) {
    moving.over(
        block,
        |mut block, frames| {
            let [left, right] = block.channels_from::<2>(0);
            for (f, (l, r)) in left.iter_mut().zip(right).enumerate() {
                (*l, *r) = frames.at(f).of(*l, *r);
            }
        },
        |mut block, matrix| {
            let [left, right] = block.channels_from::<2>(0);
            for (l, r) in left.iter_mut().zip(right) {
                (*l, *r) = matrix.of(*l, *r);
            }
        },
    );
}

impl StereoMatrix {
    #[inline(always)]
    pub(crate) fn of<T: Sample>(self, l: T, r: T) -> (T, T) {
        let [ll, lr, rl, rr] = [self.ll, self.lr, self.rl, self.rr].map(T::from_f64);
        (ll * l + lr * r, rl * l + rr * r)
    }
}
