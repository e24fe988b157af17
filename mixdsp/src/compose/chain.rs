//! Floor 6: chains: processors one after the other, without a heap.
//!
//! A tuple is a chain fixed at compile time; a slice of processors is one chosen at run time, such as
//! `[&mut dyn Processor<T>]` or, with `alloc`, a `Vec<Box<dyn Processor<T>>>`. A member may be a chain itself. The id of
//! a parameter names the place, counted over processors in order, depth first: in `(gain, (pan, width))` the width is
//! node 2, `WidthParams::WIDTH.in_node(2)`. Every member gets the same sidechain. Latency and tail add up, responses
//! multiply.

use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::engine::kind::ResponseAt;
use crate::engine::processor::Processor;
use crate::params::Id;
use num_complex::Complex;

macro_rules! tuple {
    ($($name:ident $at:tt),+) => {
        impl<T: Sample, $($name: Processor<T>),+> Processor<T> for ($($name,)+) {
            fn process(&mut self, audio: &mut [&mut [T]], sidechain: &[&[T]]) -> Result<(), Error> {
                $(self.$at.process(audio, sidechain)?;)+
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
            fn nodes(&self) -> u16 {
                0u16 $(.saturating_add(self.$at.nodes()))+
            }
            fn set(&mut self, id: Id, value: f64) -> Result<(), Error> {
                let mut node = id.node();
                $(
                    let nodes = self.$at.nodes();
                    if node < nodes {
                        return self.$at.set(id.in_node(node), value);
                    }
                    node -= nodes;
                )+
                let _ = node;
                Err(Error::Unknown { id })
            }
            fn glide(&mut self, id: Id, target: f64, frames: usize) -> Result<(), Error> {
                let mut node = id.node();
                $(
                    let nodes = self.$at.nodes();
                    if node < nodes {
                        return self.$at.glide(id.in_node(node), target, frames);
                    }
                    node -= nodes;
                )+
                let _ = node;
                Err(Error::Unknown { id })
            }
            fn get(&self, id: Id) -> Option<f64> {
                let mut node = id.node();
                $(
                    let nodes = self.$at.nodes();
                    if node < nodes {
                        return Processor::get(&self.$at, id.in_node(node));
                    }
                    node -= nodes;
                )+
                let _ = node;
                None
            }
            fn trace(&self, id: Id, out: &mut [f64]) -> usize {
                let mut node = id.node();
                $(
                    let nodes = self.$at.nodes();
                    if node < nodes {
                        return self.$at.trace(id.in_node(node), out);
                    }
                    node -= nodes;
                )+
                let _ = node;
                0
            }
            fn response(&self, frequency_hz: f64, moment: ResponseAt) -> Option<Complex<f64>> {
                Some(Complex::from(1.0) $(* self.$at.response(frequency_hz, moment)?)+)
            }
            fn sanitized_samples(&self) -> u64 {
                0 $(+ self.$at.sanitized_samples())+
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
    fn process(&mut self, _audio: &mut [&mut [T]], _sidechain: &[&[T]]) -> Result<(), Error> {
        Ok(())
    }
    fn reset(&mut self) {}
    fn latency(&self) -> usize {
        0
    }
    fn tail(&self) -> Option<usize> {
        Some(0)
    }
    fn nodes(&self) -> u16 {
        0
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
    fn response(&self, _frequency_hz: f64, _moment: ResponseAt) -> Option<Complex<f64>> {
        Some(Complex::from(1.0))
    }
    fn sanitized_samples(&self) -> u64 {
        0
    }
}

/// Which member an id names, and its id in there.
fn member<T: Sample, P: Processor<T>>(members: &[P], id: Id) -> Option<(usize, Id)> {
    let mut node = id.node();
    for (at, member) in members.iter().enumerate() {
        let nodes = member.nodes();
        if node < nodes {
            return Some((at, id.in_node(node)));
        }
        node -= nodes;
    }
    None
}

impl<T: Sample, P: Processor<T>> Processor<T> for [P] {
    fn process(&mut self, audio: &mut [&mut [T]], sidechain: &[&[T]]) -> Result<(), Error> {
        self.iter_mut().try_for_each(|unit| unit.process(audio, sidechain))
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
    fn nodes(&self) -> u16 {
        self.iter().fold(0, |sum, unit| sum.saturating_add(unit.nodes()))
    }
    fn set(&mut self, id: Id, value: f64) -> Result<(), Error> {
        let (at, inside) = member(self, id).ok_or(Error::Unknown { id })?;
        self[at].set(inside, value)
    }
    fn glide(&mut self, id: Id, target: f64, frames: usize) -> Result<(), Error> {
        let (at, inside) = member(self, id).ok_or(Error::Unknown { id })?;
        self[at].glide(inside, target, frames)
    }
    fn get(&self, id: Id) -> Option<f64> {
        let (at, inside) = member(self, id)?;
        Processor::get(&self[at], inside)
    }
    fn trace(&self, id: Id, out: &mut [f64]) -> usize {
        member(self, id).map_or(0, |(at, inside)| self[at].trace(inside, out))
    }
    fn response(&self, frequency_hz: f64, moment: ResponseAt) -> Option<Complex<f64>> {
        self.iter().map(|unit| unit.response(frequency_hz, moment)).product()
    }
    fn sanitized_samples(&self) -> u64 {
        self.iter().map(Processor::sanitized_samples).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Gain, GainParams, NoConfig, Spec, Width, WidthParams};

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
        let id = GainParams::GAIN_DB.in_node(1);
        fixed.set(id, 3.0).unwrap();
        chosen.set(id, 3.0).unwrap();
        let (mut x, mut y) = ([0.5f32; 2_000], [0.5f32; 2_000]);
        fixed.process(&mut [&mut x], &[]).unwrap();
        chosen.process(&mut [&mut y], &[]).unwrap();
        assert_eq!(x, y);
        assert!((x[1_999] - 0.5 * 0.7079458).abs() < 1e-6, "-6 dB and 3 dB: {}", x[1_999]);
        assert_eq!(chosen.get(id), Some(3.0));
        assert_eq!(fixed.set(GainParams::GAIN_DB.in_node(2), 0.0).unwrap_err(), {
            Error::Unknown { id: GainParams::GAIN_DB.in_node(2) }
        });
    }

    #[test]
    fn ids_reach_into_chains_of_chains_and_foreign_ones_are_refused() {
        const SPEC: Spec = Spec::new(48_000.0, 2);
        let gain = || Gain::<f64, _>::new_in(SPEC, NoConfig, (), [0; 64]).unwrap();
        let width = || Width::<f64, _>::new_in(SPEC, NoConfig, (), [0; 64]).unwrap();
        let (mut a, mut b) = (width(), gain());
        let mut inner: [&mut dyn Processor<f64>; 2] = [&mut a, &mut b];
        let mut chain = (gain(), ((), (width(), &mut inner[..])), gain());
        assert_eq!(Processor::<f64>::nodes(&chain), 5);
        for (node, is_gain) in [(0, true), (1, false), (2, false), (3, true), (4, true)] {
            let set = [GainParams::GAIN_DB.in_node(node), WidthParams::WIDTH.in_node(node)];
            let results =
                set.map(|id| chain.set(id, 0.5 + f64::from(node)).is_ok() || chain.set(id, 0.5).is_ok());
            assert_eq!(results, [is_gain, !is_gain], "{node}");
            assert_eq!(Processor::get(&chain, set[0]).is_some(), is_gain);
        }
        assert!(chain.set(GainParams::GAIN_DB.in_node(5), 0.0).is_err());
    }
}
