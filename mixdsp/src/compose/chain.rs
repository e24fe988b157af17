//! Chains: processors one after the other, without a heap.
//!
//! A tuple is a chain fixed at compile time; a slice of processors is one chosen at run time, such as
//! `[&mut dyn Processor<T>]` or, with `alloc`, a `Vec<Box<dyn Processor<T>>>`. The id of
//! a parameter names the place in the chain: `GainParams::GAIN_DB.in_unit(2)`. Every member gets the same
//! key. Latency and tail add up, responses multiply. Members of a chain cannot be chains: an id has room for one place.

use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::engine::kind::Moment;
use crate::engine::processor::Processor;
use crate::params::Id;
use num_complex::Complex;

macro_rules! tuple {
    ($($name:ident $at:tt),+) => {
        impl<T: Sample, $($name: Processor<T>),+> Processor<T> for ($($name,)+) {
            fn process(&mut self, audio: &mut [&mut [T]], key: &[&[T]]) -> Result<(), Error> {
                $(self.$at.process(audio, key)?;)+
                Ok(())
            }
            fn reset(&mut self) {
                $(self.$at.reset();)+
            }
            fn latency(&self) -> usize {
                0 $(+ self.$at.latency())+
            }
            fn tail(&self) -> Option<usize> {
                Some(0usize $(.saturating_add(self.$at.tail()?))+)
            }
            fn set(&mut self, id: Id, value: f64) -> Result<(), Error> {
                match id.unit() {
                    $($at => self.$at.set(id.in_unit(0), value),)+
                    _ => Err(Error::Unknown { id }),
                }
            }
            fn glide(&mut self, id: Id, target: f64, frames: usize) -> Result<(), Error> {
                match id.unit() {
                    $($at => self.$at.glide(id.in_unit(0), target, frames),)+
                    _ => Err(Error::Unknown { id }),
                }
            }
            fn get(&self, id: Id) -> Option<f64> {
                match id.unit() {
                    $($at => self.$at.get(id.in_unit(0)),)+
                    _ => None,
                }
            }
            fn trace(&self, id: Id, out: &mut [f64]) -> usize {
                match id.unit() {
                    $($at => self.$at.trace(id.in_unit(0), out),)+
                    _ => 0,
                }
            }
            fn response(&self, frequency_hz: f64, moment: Moment) -> Option<Complex<f64>> {
                Some(Complex::from(1.0) $(* self.$at.response(frequency_hz, moment)?)+)
            }
            fn faults(&self) -> u64 {
                0 $(+ self.$at.faults())+
            }
        }
    };
}
tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

/// Nothing at all: passes everything on.
impl<T: Sample> Processor<T> for () {
    fn process(&mut self, _audio: &mut [&mut [T]], _key: &[&[T]]) -> Result<(), Error> {
        Ok(())
    }
    fn reset(&mut self) {}
    fn latency(&self) -> usize {
        0
    }
    fn tail(&self) -> Option<usize> {
        Some(0)
    }
    fn set(&mut self, id: Id, _value: f64) -> Result<(), Error> {
        Err(Error::Unknown { id })
    }
    fn glide(&mut self, id: Id, _target: f64, _frames: usize) -> Result<(), Error> {
        Err(Error::Unknown { id })
    }
    fn get(&self, _id: Id) -> Option<f64> {
        None
    }
    fn response(&self, _frequency_hz: f64, _moment: Moment) -> Option<Complex<f64>> {
        Some(Complex::from(1.0))
    }
    fn faults(&self) -> u64 {
        0
    }
}

impl<T: Sample, P: Processor<T>> Processor<T> for [P] {
    fn process(&mut self, audio: &mut [&mut [T]], key: &[&[T]]) -> Result<(), Error> {
        self.iter_mut().try_for_each(|unit| unit.process(audio, key))
    }
    fn reset(&mut self) {
        self.iter_mut().for_each(Processor::reset);
    }
    fn latency(&self) -> usize {
        self.iter().map(Processor::latency).sum()
    }
    fn tail(&self) -> Option<usize> {
        self.iter().try_fold(0usize, |sum, unit| Some(sum.saturating_add(unit.tail()?)))
    }
    fn set(&mut self, id: Id, value: f64) -> Result<(), Error> {
        let unit = self.get_mut(id.unit() as usize).ok_or(Error::Unknown { id })?;
        unit.set(id.in_unit(0), value)
    }
    fn glide(&mut self, id: Id, target: f64, frames: usize) -> Result<(), Error> {
        let unit = self.get_mut(id.unit() as usize).ok_or(Error::Unknown { id })?;
        unit.glide(id.in_unit(0), target, frames)
    }
    fn get(&self, id: Id) -> Option<f64> {
        let unit: &P = <[P]>::get(self, id.unit() as usize)?;
        unit.get(id.in_unit(0))
    }
    fn trace(&self, id: Id, out: &mut [f64]) -> usize {
        let unit: Option<&P> = <[P]>::get(self, id.unit() as usize);
        unit.map_or(0, |unit| unit.trace(id.in_unit(0), out))
    }
    fn response(&self, frequency_hz: f64, moment: Moment) -> Option<Complex<f64>> {
        self.iter().map(|unit| unit.response(frequency_hz, moment)).product()
    }
    fn faults(&self) -> u64 {
        self.iter().map(Processor::faults).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Gain, GainParams, NoConfig, Spec};

    #[test]
    fn a_tuple_and_a_list_do_the_same() {
        let make = |gain_db| {
            let params = GainParams { gain_db, ..Default::default() };
            Gain::<f32, _>::new_in(Spec::new(48_000.0, 1), NoConfig, params, [0; 64]).unwrap()
        };
        let mut fixed = (make(-6.0), make(-12.0));
        let (mut a, mut b) = (make(-6.0), make(-12.0));
        let mut chosen: [&mut dyn Processor<f32>; 2] = [&mut a, &mut b];
        let chosen = &mut chosen[..];
        let id = GainParams::GAIN_DB.in_unit(1);
        fixed.set(id, 3.0).unwrap();
        chosen.set(id, 3.0).unwrap();
        let (mut x, mut y) = ([0.5f32; 2_000], [0.5f32; 2_000]);
        fixed.process(&mut [&mut x], &[]).unwrap();
        chosen.process(&mut [&mut y], &[]).unwrap();
        assert_eq!(x, y);
        assert!((x[1_999] - 0.5 * 0.7079458).abs() < 1e-6, "-6 dB and 3 dB: {}", x[1_999]);
        assert_eq!(chosen.get(id), Some(3.0));
        assert_eq!(fixed.set(GainParams::GAIN_DB.in_unit(2), 0.0).unwrap_err(), {
            Error::Unknown { id: GainParams::GAIN_DB.in_unit(2) }
        });
    }
}
