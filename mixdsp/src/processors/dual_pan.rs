//! Dual pan: where the left and the right of a stereo sound stand, each by itself.
//!
//! ```text
//! left  --+--(x g((1 + left_pan) / 2))--(+)--> left       g: the law, see dsp::pan_law
//!          \                             ^
//!           `---(x g((1 - left_pan) / 2))|--(+)--> right
//! right ----- the same by right_pan -----+---^
//! ```
//!
//! With -1 and 1 the audio passes bit exact; with both in one place the sound is mono and stands there; crossed, left and
//! right change sides. A stereo sound narrowed to one side is a piano left of the singer.
//!
//! Moving: both places, and the law's numbers; the gains are computed from them, so that power stays
//! even on the way. No state. Latency and tail are 0. Cost: four multiplications per frame.

use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::dsp::pan_law::{LawNumbers, PanLaw, away};
use crate::dsp::stereo_matrix::StereoMatrix;
use crate::engine::declare::processor;
use crate::engine::kind::{Channels, ProcessorKind, Run, Setup};
use crate::params::params;
use crate::params::smoothed::smoothed;

params! {
    /// Settings of a [`DualPan`].
    pub struct DualPanParams {
        /// Where the left channel stands, from -1, left, to 1, right.
        LEFT_PAN = 1, left_pan ("Left"): linear(-1.0..=1.0, "") = -1.0;
        /// Where the right channel stands, from -1, left, to 1, right.
        RIGHT_PAN = 2, right_pan ("Right"): linear(-1.0..=1.0, "") = 1.0;
        /// How far each side falls in the centre.
        LAW = 3, law ("Law"): choice(PanLaw) = PanLaw::ConstantPower;
        /// Level of each side in the centre, where the law is `centre`.
        CENTRE_DB = 4, centre_db ("Centre"): linear(-12.0..=-1.0, "dB") = -3.0;
    }
}

processor! {
    /// Places the left and the right of a stereo sound, each by itself.
    /// Two channels.
    pub DualPan = DualPanKind {
        key: "dual_pan", label: "Dual pan", params: DualPanParams, channels: Channels::Exactly(2),
    }
}

smoothed! {
    /// What moves in a [`DualPan`].
    pub struct Moving { left, right, exponent, power, compromise, sum, linear }
}

impl Moving {
    fn law(self) -> LawNumbers {
        let Self { exponent, power, compromise, sum, linear, .. } = self;
        LawNumbers { exponent, power, compromise, sum, linear }
    }

    /// The gains at rest.
    fn matrix(self) -> StereoMatrix {
        let gains = |pan| away(pan).map(|away| self.law().gain(away));
        let ([ll, rl], [lr, rr]) = (gains(self.left), gains(self.right));
        StereoMatrix { ll, lr, rl, rr }
    }

    /// The same on the way.
    #[inline(always)]
    fn moving_matrix(self) -> StereoMatrix {
        let law = self.law();
        let ([ll, rl], [lr, rr]) = (away(self.left), away(self.right));
        StereoMatrix {
            ll: law.moving_gain(ll),
            lr: law.moving_gain(lr),
            rl: law.moving_gain(rl),
            rr: law.moving_gain(rr),
        }
    }
}

impl ProcessorKind for DualPanKind {
    type Moving = Moving;
    type State<T: Sample> = ();

    fn design(setup: &Setup<'_, Self>) -> Moving {
        let DualPanParams { left_pan: left, right_pan: right, law, centre_db } = setup.params();
        let LawNumbers { exponent, power, compromise, sum, linear } = law.numbers(centre_db);
        Moving { left, right, exponent, power, compromise, sum, linear }
    }

    fn start<T: Sample>(_: &Setup<'_, Self>, (): ()) {}

    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        run.moving.over(
            block,
            |mut block, frames| {
                let [left, right] = block.channels_from::<2>(0);
                for (f, (l, r)) in left.iter_mut().zip(right).enumerate() {
                    (*l, *r) = frames.at(f).moving_matrix().of(*l, *r);
                }
            },
            |mut block, moving| {
                let [left, right] = block.channels_from::<2>(0);
                let matrix = moving.matrix();
                for (l, r) in left.iter_mut().zip(right) {
                    (*l, *r) = matrix.of(*l, *r);
                }
            },
        );
    }
}
