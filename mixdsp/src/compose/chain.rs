//! Floor 6: chains: processors one after the other, without a heap.
//!
//! A tuple is a chain fixed at compile time; a slice of processors is one chosen at run time, such as
//! `[&mut dyn Processor<T>]` or, with `alloc`, a `Vec<Box<dyn Processor<T>>>`. A member may be a chain or another node
//! itself. The id of a parameter names the place, counted over processors in order, depth first: in
//! `(gain, (pan, width))` the width is node 2, `WidthParams::WIDTH.in_node(2)`. Every member gets the same sidechain.
//! Latency and tail add up, responses multiply. The input of a member ends later than that of the chain, by the latency
//! before it.

use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::compose::members::{self, Members};
use crate::engine::kind::ResponseAt;
use crate::engine::processor::Processor;
use crate::params::Id;
use num_complex::Complex;

/// What has members is a chain of them.
macro_rules! chain {
    ([$($generics:tt)*] $type:ty) => {
        impl<T: Sample, $($generics)*> Processor<T> for $type {
            #[inline]
            fn process(&mut self, audio: &mut [&mut [T]], sidechain: &[&[T]]) -> Result<(), Error> {
                self.try_each_mut(|member: &mut dyn Processor<T>| member.process(audio, sidechain))
            }
            fn reset(&mut self) {
                self.each_mut(|member: &mut dyn Processor<T>| member.reset());
            }
            fn end_after(&mut self, frames: usize) {
                let mut frames = frames;
                self.each_mut(|member: &mut dyn Processor<T>| {
                    member.end_after(frames);
                    frames = frames.saturating_add(member.latency());
                });
            }
            fn latency(&self) -> usize {
                let mut sum = 0usize;
                self.each(|member: &dyn Processor<T>| sum = sum.saturating_add(member.latency()));
                sum
            }
            fn tail(&self) -> Option<usize> {
                let mut sum = Some(0usize);
                self.each(|member: &dyn Processor<T>| sum = sum.zip(member.tail()).map(|(sum, tail)| sum.saturating_add(tail)));
                sum
            }
            fn nodes(&self) -> u16 {
                members::nodes::<T>(self)
            }
            fn set(&mut self, id: Id, value: f64) -> Result<(), Error> {
                members::with_mut(self, id, |member: &mut dyn Processor<T>, id| member.set(id, value))
            }
            fn glide(&mut self, id: Id, target: f64, frames: usize) -> Result<(), Error> {
                members::with_mut(self, id, |member: &mut dyn Processor<T>, id| member.glide(id, target, frames))
            }
            fn get(&self, id: Id) -> Option<f64> {
                members::with(self, id, |member: &dyn Processor<T>, id| member.get(id))?
            }
            fn trace(&self, id: Id, out: &mut [f64]) -> usize {
                members::with(self, id, |member: &dyn Processor<T>, id| member.trace(id, out)).unwrap_or(0)
            }
            fn response(&self, frequency_hz: f64, moment: ResponseAt) -> Option<Complex<f64>> {
                let mut product = Some(Complex::from(1.0));
                self.each(|member: &dyn Processor<T>| {
                    let one = member.response(frequency_hz, moment);
                    product = product.zip(one).map(|(product, one)| product * one);
                });
                product
            }
            fn sanitized_samples(&self) -> u64 {
                let mut sum = 0;
                self.each(|member: &dyn Processor<T>| sum += member.sanitized_samples());
                sum
            }
        }
    };
}
chain!([]());
chain!([A: Processor<T>] (A,));
chain!([A: Processor<T>, B: Processor<T>] (A, B));
chain!([A: Processor<T>, B: Processor<T>, C: Processor<T>] (A, B, C));
chain!([A: Processor<T>, B: Processor<T>, C: Processor<T>, D: Processor<T>] (A, B, C, D));
chain!([A: Processor<T>, B: Processor<T>, C: Processor<T>, D: Processor<T>, E: Processor<T>] (A, B, C, D, E));
chain!(
    [A: Processor<T>, B: Processor<T>, C: Processor<T>, D: Processor<T>, E: Processor<T>, F: Processor<T>]
    (A, B, C, D, E, F)
);
chain!(
    [A: Processor<T>, B: Processor<T>, C: Processor<T>, D: Processor<T>, E: Processor<T>, F: Processor<T>,
     G: Processor<T>]
    (A, B, C, D, E, F, G)
);
chain!(
    [A: Processor<T>, B: Processor<T>, C: Processor<T>, D: Processor<T>, E: Processor<T>, F: Processor<T>,
     G: Processor<T>, H: Processor<T>]
    (A, B, C, D, E, F, G, H)
);
chain!([P: Processor<T>] [P]);

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

    #[test]
    fn the_input_of_a_member_ends_later_by_the_latency_before_it() {
        use crate::{Align, AlignConfig, Limiter, LimiterConfig, LimiterParams};
        use alloc::vec::Vec;
        const AT: usize = 700;
        let spec = Spec::new(48_000.0, 1);
        let limiter = || Limiter::<f32>::new(spec, LimiterConfig::live(), LimiterParams::live()).unwrap();
        let align = || Align::<f32>::new(spec, AlignConfig { frames: 333 }, ()).unwrap();
        let mut differ = 0;
        for phase in [0.0, 0.4, 0.8, 1.2, 1.6] {
            let wave = |f: usize| if f < AT { 2.0 * (f as f32 * 1.9 + phase).sin() } else { 0.0 };
            let input = || (0..3_000).map(wave).collect::<Vec<f32>>();
            // By hand, as who runs processors one by one does.
            let (mut before, mut by_hand, mut expected) = (align(), limiter(), input());
            before.process(&mut [&mut expected], &[]).unwrap();
            by_hand.process(&mut [&mut expected[..AT + 333]], &[]).unwrap();
            by_hand.end();
            by_hand.process(&mut [&mut expected[AT + 333..]], &[]).unwrap();
            let (mut chain, mut audio) = ((align(), (limiter(),)), input());
            chain.process(&mut [&mut audio[..AT]], &[]).unwrap();
            Processor::<f32>::end(&mut chain);
            chain.process(&mut [&mut audio[AT..]], &[]).unwrap();
            assert!(audio == expected, "phase {phase}");
            let (mut never, mut other) = ((align(), limiter()), input());
            never.process(&mut [&mut other], &[]).unwrap();
            differ += usize::from(other != expected);
        }
        assert!(differ > 0, "the end makes a difference somewhere");
    }
}
