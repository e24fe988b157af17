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
//! State: `place`, pan and exponent, per frame by the ramp. The gains are computed from the moving place
//! and not moved themselves, so that power stays even on the way. Latency and tail are 0.

use crate::base::audio::{Block, Key, MAX_CHANNELS};
use crate::base::error::Error;
use crate::base::math::FastMath;
use crate::base::memory::{Storage, Word};
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::engine::kind::{Core, Kind, Setup};
use crate::engine::unit::{Unit, words_for_params};
use crate::params::ramp::{CHUNK, Change, Ramp, ramp_frames};
use crate::params::{Id, NoConfig, ParamTable, Row, Table, choices, params};
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

/// Places a mono sound, or balances a stereo one. One or two channels in, two out.
pub type Pan<T, S = Storage> = Unit<PanKind, T, S>;

impl<T: Sample> Pan<T> {
    /// Words that a pan needs.
    pub const fn memory(_spec: &Spec, _config: &NoConfig) -> usize {
        words_for_params(PanParams::ROWS.len())
    }
}

/// The catalogue's entry for [`Pan`].
#[derive(Debug)]
pub struct PanKind;

impl Kind for PanKind {
    const KEY: &'static str = "pan";
    const NAME: &'static str = "Pan";
    const DOC: &'static str = "Places a mono sound between left and right, or balances a stereo one.";
    const PARAMS: ParamTable = ParamTable { rows: PanParams::ROWS, groups: &[] };
    const READINGS: &'static [Row] = &[];
    type Config = NoConfig;
    type Core<T: Sample> = PanCore;

    fn check(spec: &Spec, _config: &NoConfig) -> Result<(), Error> {
        let refuse = |what, value, minimum| Err(Error::Channels { what, value, minimum, maximum: 2 });
        match *spec {
            Spec { inputs: 3..=MAX_CHANNELS, .. } => refuse("inputs", spec.inputs, 1),
            Spec { outputs: 2, .. } => Ok(()),
            _ => refuse("outputs", spec.outputs, 2),
        }
    }

    fn memory<T: Sample>(spec: &Spec, config: &NoConfig) -> usize {
        Pan::<T>::memory(spec, config)
    }

    fn core<T: Sample>(setup: &Setup<'_, NoConfig>, _words: &mut [Word]) -> PanCore {
        PanCore { place: Ramp::new(place(setup), ramp_frames(setup.spec.sample_rate)) }
    }
}

/// The inside of a [`Pan`].
#[derive(Debug)]
pub struct PanCore {
    place: Ramp<2>,
}

/// Pan and exponent that the parameters ask for.
fn place(setup: &Setup<'_, NoConfig>) -> [f64; 2] {
    let PanParams { pan, law } = setup.params();
    let fall_db = match law {
        PanLaw::ConstantPower => return [pan, 1.0],
        PanLaw::Compromise => 4.5,
        PanLaw::ConstantSum => return [pan, 2.0],
    };
    [pan, fall_db / 3.010_299_956_639_812]
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

/// Gains of left and right at rest.
fn gains([pan, exponent]: [f64; 2], stereo: bool) -> [f64; 2] {
    // cos(pi / 2) is not exactly 0 in f64, a hard pan is
    angles(pan, stereo).map(|a| if a >= FRAC_PI_2 { 0.0 } else { libm::pow(libm::cos(a), exponent) })
}

/// The same on the way, by polynomials.
#[inline(always)]
fn moving_gains(pan: f64, exponent: f64, stereo: bool) -> [f64; 2] {
    angles(pan, stereo).map(|a| {
        let cosine = (FRAC_PI_2 - a).sin_quarter();
        (exponent * FastMath::log2(if cosine > 1e-12 { cosine } else { 1e-12 })).exp2()
    })
}

impl<T: Sample> Core<T> for PanCore {
    type Config = NoConfig;

    fn change(&mut self, setup: &Setup<'_, NoConfig>, _: &mut [Word], _: Id, change: Change) {
        self.place.change(place(setup), change);
    }

    fn run(
        &mut self,
        setup: &Setup<'_, NoConfig>,
        _: &mut [Word],
        mut block: Block<'_, '_, T>,
        _: Key<'_, T>,
    ) {
        let stereo = setup.spec.inputs == 2;
        let mut done = 0;
        while done < block.frames() {
            let left = block.frames() - done;
            let moving = self.place.frames_left();
            let count = if moving > 0 { left.min(CHUNK).min(moving) } else { left };
            let mut part = block.part(done, done + count);
            let [left, right] = part.channels_from::<2>(0);
            if !stereo {
                right.copy_from_slice(left);
            }
            if moving > 0 {
                let mut places = [[0.0; CHUNK]; 2];
                self.place.fill(&mut places, count);
                for (f, (l, r)) in left.iter_mut().zip(right).enumerate() {
                    let [to_left, to_right] = moving_gains(places[0][f], places[1][f], stereo);
                    *l *= T::from_f64(to_left);
                    *r *= T::from_f64(to_right);
                }
            } else {
                let [to_left, to_right] = gains(self.place.target(), stereo).map(T::from_f64);
                left.iter_mut().for_each(|l| *l *= to_left);
                right.iter_mut().for_each(|r| *r *= to_right);
            }
            done += count;
        }
    }

    fn snap(&mut self, _: &Setup<'_, NoConfig>, _: &mut [Word]) {}

    fn reset(&mut self, setup: &Setup<'_, NoConfig>, _: &mut [Word]) {
        self.place.jump(place(setup));
    }

    fn tail(&self, _: &Setup<'_, NoConfig>, _: &[Word]) -> Option<usize> {
        Some(0)
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
