//! Mid-side: two channels into mid and side, or back.
//!
//! ```text
//! encode: mid = (left + right) / 2, side = (left - right) / 2      in place of left and right
//! decode: left = mid + side,        right = mid - side
//! ```
//!
//! Between an encoder and a decoder any processor works on mid and side: `(encode, equalizer, decode)`.
//! One after the other they give back what went in, to one rounding. Latency and tail are 0.

use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::dsp::stereo_matrix::{StereoMatrix, mix};
use crate::engine::declare::processor;
use crate::engine::kind::{Channels, ProcessorKind, Run, Setup};
use crate::params::{choices, params};

choices! {
    /// Which way.
    pub enum MidSideDirection {
        /// Left and right into mid and side.
        Encode = "encode",
        /// Mid and side into left and right.
        Decode = "decode",
    }
}

params! {
    /// Settings of a [`MidSide`].
    pub struct MidSideParams {
        /// Which way.
        DIRECTION = 1, direction ("Direction"): choice(MidSideDirection) = MidSideDirection::Encode;
    }
}

processor! {
    /// Turns left and right into mid and side, or back.
    /// Two channels.
    pub MidSide = MidSideKind {
        key: "mid_side", label: "Mid-side matrix", params: MidSideParams, channels: Channels::Exactly(2),
    }
}

impl ProcessorKind for MidSideKind {
    type Moving = StereoMatrix;
    type State<T: Sample> = ();

    fn design(setup: &Setup<'_, Self>) -> StereoMatrix {
        match setup.params().direction {
            MidSideDirection::Encode => StereoMatrix { ll: 0.5, lr: 0.5, rl: 0.5, rr: -0.5 },
            MidSideDirection::Decode => StereoMatrix { ll: 1.0, lr: 1.0, rl: 1.0, rr: -1.0 },
        }
    }

    fn start<T: Sample>(_: &Setup<'_, Self>, (): ()) {}

    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        mix(run.moving, block);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NoConfig, Processor, Spec};

    #[test]
    fn there_and_back_is_where_it_was() {
        let make = |direction| {
            MidSide::<f32>::new(Spec::new(48_000.0, 2), NoConfig, MidSideParams { direction }).unwrap()
        };
        let mut chain = (make(MidSideDirection::Encode), make(MidSideDirection::Decode));
        let left: [f32; 50] = core::array::from_fn(|i| (i as f32 * 0.37).sin());
        let right: [f32; 50] = core::array::from_fn(|i| (i as f32 * 0.11).cos());
        let (mut l, mut r) = (left, right);
        chain.process(&mut [&mut l, &mut r], &[]).unwrap();
        for (a, b) in left.iter().zip(&l).chain(right.iter().zip(&r)) {
            assert!((a - b).abs() <= f32::EPSILON, "{a} {b}");
        }
    }
}
