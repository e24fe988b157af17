//! Without feature `fft` there is no linear phase, and a config that asks for it is refused.

use super::params::CrossoverConfig;
use crate::base::audio::Block;
use crate::base::memory::Word;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::dsp::filter::crossover::SPLITS;

/// Nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes;

impl Sizes {
    pub(super) const fn new(_: &Spec, _: &CrossoverConfig) -> Self {
        Self
    }
    pub(super) const fn latency(&self) -> usize {
        0
    }
    pub(super) const fn tail(&self) -> usize {
        0
    }
    pub(super) const fn words<T: Sample>(&self) -> usize {
        size_of::<[T; 0]>()
    }
}

/// None of these can be: `check` refuses the config that asks for one.
#[derive(Debug)]
pub(crate) struct LinearPhase<T>(core::marker::PhantomData<T>);

impl<T: Sample> LinearPhase<T> {
    pub(super) fn new(_: &Spec, _: &CrossoverConfig, _: [f64; SPLITS], _: &mut [Word]) -> Self {
        Self(core::marker::PhantomData)
    }
    pub(super) fn restart(&mut self, _: [f64; SPLITS], _: &mut [Word]) {}
    pub(super) fn change(&mut self) {}
    pub(super) fn process(&mut self, _: [f64; SPLITS], _: &mut [Word], _: &mut Block<'_, '_, T>) {}
    pub(super) fn band_gain(&self, _: [f64; SPLITS], _: &[Word], _: usize, _: (f64, bool)) -> f64 {
        0.0
    }
}
