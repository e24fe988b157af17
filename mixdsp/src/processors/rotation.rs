//! Rotation: turns the whole stereo field, as one turns one's head.
//!
//! ```text
//! left'  = cos(a) left - sin(a) right
//! right' = sin(a) left + cos(a) right
//! ```
//!
//! What stands in the centre stands on the right after 45 degrees, with the same power: rotation keeps the power of both
//! channels together, of every sound, while a balance takes away. What is on the left goes through the centre to the right;
//! what was on the right goes beyond, and comes out on the left turned round. At 0 the audio passes bit exact. A sound
//! that left and right have alike leaves up to 3 dB louder on one side, as it does when it is panned there.
//!
//! Moving: `angle`, in radians, from which sine and cosine are computed per frame, so that power stays even on the way.
//! No state. Latency and tail are 0. Cost: four multiplications per frame.

use crate::base::audio::Block;
use crate::base::math::FastMath;
use crate::base::sample::Sample;
use crate::dsp::stereo_matrix::StereoMatrix;
use crate::engine::declare::processor;
use crate::engine::kind::{Channels, ProcessorKind, Run, Setup};
use crate::params::params;
use crate::params::smoothed::smoothed;
use core::f64::consts::FRAC_PI_2;

params! {
    /// Settings of a [`Rotation`].
    pub struct RotationParams {
        /// To the right positive: 45 brings what stands in the centre to the right.
        ANGLE_DEG = 1, angle_deg ("Angle"): linear(-90.0..=90.0, "°") = 0.0;
    }
}

processor! {
    /// Turns the stereo field, and keeps its power.
    /// Two channels.
    pub Rotation = RotationKind {
        key: "rotation", label: "Rotation", params: RotationParams, channels: Channels::Exactly(2),
    }
}

smoothed! {
    /// What moves in a [`Rotation`].
    pub struct Moving { angle }
}

impl Moving {
    /// By the sine and the cosine of the angle's size.
    #[inline(always)]
    fn matrix(self, sine: f64, cosine: f64) -> StereoMatrix {
        let sine = if self.angle < 0.0 { -sine } else { sine };
        StereoMatrix { ll: cosine, lr: -sine, rl: sine, rr: cosine }
    }
}

impl ProcessorKind for RotationKind {
    type Moving = Moving;
    type State<T: Sample> = ();

    fn design(setup: &Setup<'_, Self>) -> Moving {
        Moving { angle: setup.params().angle_deg.to_radians() }
    }

    fn start<T: Sample>(_: &Setup<'_, Self>, (): ()) {}

    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        run.moving.over(
            block,
            |mut block, frames| {
                let [left, right] = block.channels_from::<2>(0);
                for (f, (l, r)) in left.iter_mut().zip(right).enumerate() {
                    let now = frames.at(f);
                    let size = FRAC_PI_2.min(now.angle.abs());
                    let matrix = now.matrix(size.sin_quarter(), (FRAC_PI_2 - size).sin_quarter());
                    (*l, *r) = matrix.of(*l, *r);
                }
            },
            |mut block, moving| {
                let [left, right] = block.channels_from::<2>(0);
                // cos(pi / 2) is not exactly 0 in f64, a quarter turn is
                let size = moving.angle.abs();
                let cosine = if size >= FRAC_PI_2 { 0.0 } else { libm::cos(size) };
                let matrix = moving.matrix(libm::sin(size), cosine);
                for (l, r) in left.iter_mut().zip(right) {
                    (*l, *r) = matrix.of(*l, *r);
                }
            },
        );
    }
}
