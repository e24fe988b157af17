//! Pan: where a sound stands between left and right.
//!
//! ```text
//! one channel in:   left = in * g((1 + pan) / 2),      right = in * g((1 - pan) / 2)
//! two channels in:  left *= g(max(pan, 0)),            right *= g(max(-pan, 0))
//! ```
//!
//! g is the law, from 1 at 0 to 0 at 1: see [`dsp::pan_law`](crate::dsp::pan_law). A mono sound keeps its power where each
//! side falls by 3 dB in the centre, its mono sum with 6 dB. A stereo sound is balanced: the far side fades, the near
//! one and the centre stay as they are. [`DualPan`](crate::DualPan) places left and right by themselves.
//!
//! Moving: `pan`, and the law's numbers. The gains are computed from them and not moved themselves, so that power stays even on
//! the way. No state. Latency and tail are 0.

use crate::base::audio::Block;
use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::dsp::pan_law::{LawNumbers, PanLaw, away};
use crate::engine::declare::processor;
use crate::engine::kind::{ProcessorKind, Run, Setup};
use crate::params::smoothed::smoothed;
use crate::params::{NoConfig, params};

params! {
    /// Settings of a [`Pan`].
    pub struct PanParams {
        /// From -1, left, over 0, centre, to 1, right.
        PAN = 1, pan ("Pan"): linear(-1.0..=1.0, "") = 0.0;
        /// How far each side falls in the centre.
        LAW = 2, law ("Law"): choice(PanLaw) = PanLaw::ConstantPower;
        /// Level of each side in the centre, where the law is `centre`.
        CENTRE_DB = 3, centre_db ("Centre"): linear(-12.0..=-1.0, "dB") = -3.0;
    }
}

processor! {
    /// Places a mono sound between left and right, or balances a stereo one.
    /// One or two channels in, two out.
    pub Pan = PanKind { key: "pan", label: "Pan", params: PanParams, }
}

smoothed! {
    /// What moves in a [`Pan`].
    pub struct Moving { pan, exponent, power, compromise, sum, linear }
}

impl Moving {
    /// How far from left and right the sound is, and the law.
    #[inline(always)]
    fn place(self, stereo: bool) -> ([f64; 2], LawNumbers) {
        let Self { pan, exponent, power, compromise, sum, linear } = self;
        let away =
            if stereo { [pan, -pan].map(|away| if away > 0.0 { away } else { 0.0 }) } else { away(pan) };
        (away, LawNumbers { exponent, power, compromise, sum, linear })
    }

    /// Gains of left and right at rest.
    fn gains(self, stereo: bool) -> [f64; 2] {
        let (away, law) = self.place(stereo);
        away.map(|away| law.gain(away))
    }

    /// The same on the way.
    #[inline(always)]
    fn moving_gains(self, stereo: bool) -> [f64; 2] {
        let ([left, right], law) = self.place(stereo);
        [law.moving_gain(left), law.moving_gain(right)]
    }
}

impl ProcessorKind for PanKind {
    type Moving = Moving;
    type State<T: Sample> = ();

    fn check(spec: &Spec, _: &NoConfig) -> Result<(), Error> {
        spec.check_places_in_stereo()
    }

    fn design(setup: &Setup<'_, Self>) -> Moving {
        let PanParams { pan, law, centre_db } = setup.params();
        let LawNumbers { exponent, power, compromise, sum, linear } = law.numbers(centre_db);
        Moving { pan, exponent, power, compromise, sum, linear }
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
        let mut unit = Pan::<f64>::new(spec, NoConfig, PanParams { pan, law, ..Default::default() }).unwrap();
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
            Pan::<f64>::new(spec, NoConfig, PanParams { pan: -1.0, ..Default::default() }).unwrap();
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
