//! Pan: where a sound stands between left and right.
//!
//! ```text
//! one channel in:   left = in * cos(a)^e,    right = in * sin(a)^e,     a = (pan + 1) pi / 4
//! two channels in:  left *= cos(b)^e, b = max(pan, 0) pi / 2;   right *= cos(c)^e, c = max(-pan, 0) pi / 2
//! ```
//!
//! The exponent e is the law: how far the level falls in the centre, e = fall / 3.0103 dB. A mono sound
//! keeps its power with 3 dB, its mono sum with 6 dB. A stereo sound is balanced: the far side fades, the
//! near one and the centre stay as they are.
//!
//! Moving: `pan` and `exponent`. The gains are computed from them and not moved themselves, so that power stays even on
//! the way. No state. Latency and tail are 0.

use crate::base::audio::Block;
use crate::base::error::Error;
use crate::base::math::FastMath;
use crate::base::sample::Sample;
use crate::base::spec::{MAX_CHANNELS, Spec};
use crate::engine::declare::processor;
use crate::engine::kind::{ProcessorKind, Run, Setup};
use crate::params::smoothed::smoothed;
use crate::params::{NoConfig, choices, params};
use core::f64::consts::FRAC_PI_2;

choices! {
    /// How far each side's level falls in the centre.
    pub enum PanLaw {
        /// 3 dB: the power stays even. For rooms.
        ConstantPower = "constant_power",
        /// 4.5 dB: between the two.
        Compromise = "compromise",
        /// 6 dB: the sum of both sides stays even. For mono.
        ConstantSum = "constant_sum",
    }
}

params! {
    /// Settings of a [`Pan`].
    pub struct PanParams {
        /// From -1, left, over 0, centre, to 1, right.
        PAN = 1, pan ("Pan"): linear(-1.0..=1.0, "") = 0.0;
        /// How far each side falls in the centre.
        LAW = 2, law ("Law"): choice(PanLaw) = PanLaw::ConstantPower;
    }
}

processor! {
    /// Places a mono sound between left and right, or balances a stereo one.
    /// One or two channels in, two out.
    pub Pan = PanKind { key: "pan", label: "Pan", params: PanParams, }
}

smoothed! {
    /// What moves in a [`Pan`].
    pub struct Moving { pan, exponent }
}

/// Angles whose cosines are the gains of left and right before the law.
#[inline(always)]
fn angles(pan: f64, stereo: bool) -> [f64; 2] {
    if stereo {
        [pan, -pan].map(|away| FRAC_PI_2 * if away > 0.0 { away } else { 0.0 })
    } else {
        [pan, -pan].map(|away| FRAC_PI_2 * 0.5 * (1.0 + away))
    }
}

impl Moving {
    /// Gains of left and right at rest.
    fn gains(self, stereo: bool) -> [f64; 2] {
        // cos(pi / 2) is not exactly 0 in f64, a hard pan is
        let gain = |a: f64| if a >= FRAC_PI_2 { 0.0 } else { libm::pow(libm::cos(a), self.exponent) };
        angles(self.pan, stereo).map(gain)
    }

    /// The same on the way, by polynomials.
    #[inline(always)]
    fn moving_gains(self, stereo: bool) -> [f64; 2] {
        angles(self.pan, stereo).map(|a| {
            let cosine = (FRAC_PI_2 - a).sin_quarter();
            (self.exponent * FastMath::log2(if cosine > 1e-12 { cosine } else { 1e-12 })).exp2()
        })
    }
}

impl ProcessorKind for PanKind {
    type Moving = Moving;
    type State<T: Sample> = ();

    fn check(spec: &Spec, _: &NoConfig) -> Result<(), Error> {
        let refuse = |what, value, minimum| Err(Error::Channels { what, value, minimum, maximum: 2 });
        match *spec {
            Spec { inputs: 3..=MAX_CHANNELS, .. } => refuse("inputs", spec.inputs, 1),
            Spec { outputs: 2, .. } => Ok(()),
            _ => refuse("outputs", spec.outputs, 2),
        }
    }

    fn design(setup: &Setup<'_, Self>) -> Moving {
        let PanParams { pan, law } = setup.params();
        let exponent = match law {
            PanLaw::ConstantPower => 1.0,
            PanLaw::Compromise => 4.5 / 3.010_299_956_639_812,
            PanLaw::ConstantSum => 2.0,
        };
        Moving { pan, exponent }
    }

    fn start<T: Sample>(_: &Setup<'_, Self>, (): ()) {}

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let stereo = run.setup.spec.inputs == 2;
        let [left, right] = block.channels_from::<2>(0);
        if !stereo {
            right.copy_from_slice(left);
        }
        run.moving.over(
            block,
            |mut block, frames| {
                let [left, right] = block.channels_from::<2>(0);
                for (f, (l, r)) in left.iter_mut().zip(right).enumerate() {
                    let [to_left, to_right] = frames.at(f).moving_gains(stereo);
                    *l *= T::from_f64(to_left);
                    *r *= T::from_f64(to_right);
                }
            },
            |mut block, moving| {
                let [left, right] = block.channels_from::<2>(0);
                let [to_left, to_right] = moving.gains(stereo).map(T::from_f64);
                left.iter_mut().for_each(|l| *l *= to_left);
                right.iter_mut().for_each(|r| *r *= to_right);
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Processor;
    use crate::base::units::gain_to_decibels;

    fn pan_of(pan: f64, law: PanLaw, inputs: usize) -> [f64; 2] {
        let spec = Spec::new(48_000.0, inputs).with_outputs(2);
        let mut unit = Pan::<f64>::new(spec, NoConfig, PanParams { pan, law }).unwrap();
        let (mut l, mut r) = ([1.0], [1.0]);
        unit.process(&mut [&mut l, &mut r], &[]).unwrap();
        [l[0], r[0]]
    }

    #[test]
    fn laws_in_the_centre_and_at_the_sides() {
        for (law, fall) in
            [(PanLaw::ConstantPower, 3.0103), (PanLaw::Compromise, 4.5), (PanLaw::ConstantSum, 6.0206)]
        {
            let [l, r] = pan_of(0.0, law, 1);
            assert!((gain_to_decibels(l) + fall).abs() < 1e-4 && (l - r).abs() < 1e-15);
            assert_eq!(pan_of(1.0, law, 1), [0.0, 1.0]);
            assert_eq!(pan_of(-1.0, law, 1), [1.0, 0.0]);
            assert_eq!(pan_of(0.0, law, 2), [1.0, 1.0]);
        }
        let [l, r] = pan_of(0.3, PanLaw::ConstantPower, 1);
        assert!((l * l + r * r - 1.0).abs() < 1e-12);
        let [l, r] = pan_of(-0.7, PanLaw::ConstantSum, 1);
        assert!((l + r - 1.0).abs() < 1e-12);
    }

    #[test]
    fn power_stays_even_on_the_way() {
        let spec = Spec::new(48_000.0, 1).with_outputs(2);
        let mut unit =
            Pan::<f64>::new(spec, NoConfig, PanParams { pan: -1.0, law: PanLaw::ConstantPower }).unwrap();
        unit.set(PanParams::PAN, 1.0).unwrap();
        let (mut l, mut r) = ([1.0; 1_000], [0.0; 1_000]);
        unit.process(&mut [&mut l, &mut r], &[]).unwrap();
        let ripple = l.iter().zip(&r).map(|(l, r)| gain_to_decibels((l * l + r * r).sqrt()).abs());
        let worst = ripple.fold(0.0, f64::max);
        std::println!("power ripple over a full sweep in 20 ms: {worst:.1e} dB");
        assert!(worst < 0.05, "{worst} dB");
        assert_eq!((l[999], r[999]), (0.0, 1.0));
    }
}
