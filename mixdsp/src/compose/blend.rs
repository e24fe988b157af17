//! Floor 6: how parallel paths are joined: the sum of the members beside the dry input, each at a level that moves.
//!
//! ```text
//! in --+--> member 0 --> wait --+
//!      |--> member 1 --> wait --(+)--> (x) wet --+
//!      `---------------> wait -------> (x) dry --(+)--> out
//! ```

use crate::base::audio::Block;
use crate::base::error::Error;
use crate::base::memory::Word;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::compose::members::Members;
use crate::compose::node::{CHUNK, Join, PathResponse, Paths, Shape, add, copy, planes, views};
use crate::engine::kind::ProcessorKind;
use crate::engine::processor::Processor;
use crate::engine::unit::Unit;
use crate::params::smoothed::{Smoother, smoothed};
use crate::params::{Id, NoConfig, Settings};
use core::fmt;
use core::ops::Range;
use num_complex::Complex;

smoothed! {
    /// Amplitude factors of the two.
    pub struct Levels { wet, dry }
}

/// Adds both at their levels: the audio of a block is dry, its sidechain wet.
#[inline]
pub(crate) fn blend<T: Sample>(
    levels: &mut Smoother<Levels>,
    block: Block<'_, '_, T>,
    channels: Range<usize>,
) {
    levels.over(
        block,
        |mut block, frames| {
            let (wet, dry) = (frames.map(|at| T::from_f64(at.wet)), frames.map(|at| T::from_f64(at.dry)));
            let sidechain = block.sidechain();
            for channel in channels.clone() {
                let other = sidechain.samples(channel).zip(wet.iter().zip(&dry));
                for (sample, (other, (wet, dry))) in block.channel(channel).iter_mut().zip(other) {
                    *sample = *dry * *sample + *wet * other;
                }
            }
        },
        |mut block, Levels { wet, dry }| {
            let (wet, dry) = (T::from_f64(wet), T::from_f64(dry));
            let sidechain = block.sidechain();
            for channel in channels.clone() {
                let samples = block.channel(channel).iter_mut().zip(sidechain.samples(channel));
                samples.for_each(|(sample, other)| *sample = dry * *sample + wet * other);
            }
        },
    );
}

/// The most words that the parameters of a node's own take.
const OWN: usize = 20;

/// Levels of both, by parameters of a kind `K`.
pub struct Blend<K: ProcessorKind, T: Sample> {
    levels: Unit<K, T, [Word; OWN]>,
}

impl<K: ProcessorKind, T: Sample> fmt::Debug for Blend<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blend").field("kind", &K::KEY).finish_non_exhaustive()
    }
}

impl<K: ProcessorKind<Config = NoConfig>, T: Sample> Blend<K, T> {
    /// At rest, for a node of this spec.
    pub(crate) fn new(spec: Spec, params: impl Settings) -> Result<Self, Error> {
        spec.check()?;
        spec.check_same_channels()?;
        let levels = Unit::new_in(spec.with_sidechain(spec.inputs), NoConfig, params, [0; OWN])?;
        Ok(Self { levels })
    }
}

/// What a blend of so many channels needs.
pub(crate) const fn shape(channels: usize) -> Shape {
    Shape { member: channels, dry: channels, lanes: 2 * channels }
}

impl<K: ProcessorKind<Moving = Levels>, T: Sample, M: Members<T>> Join<T, M> for Blend<K, T> {
    const OWN_NODES: u16 = 1;

    fn shape(&self, channels: usize, _: usize) -> Shape {
        shape(channels)
    }

    fn own(&self, _: Id) -> Option<&dyn Processor<T>> {
        Some(&self.levels)
    }

    fn own_mut(&mut self, _: Id) -> Option<&mut dyn Processor<T>> {
        Some(&mut self.levels)
    }

    fn reset(&mut self) {
        self.levels.reset();
    }

    fn process(
        &mut self,
        members: &mut M,
        mut paths: Paths<'_, T>,
        audio: &mut [&mut [T]],
        sidechain: &[&[T]],
    ) -> Result<(), Error> {
        let (channels, frames) = (audio.len(), audio.first().map_or(0, |channel| channel.len()));
        let (work, sum) = core::mem::take(&mut paths.lanes).split_at_mut(channels * CHUNK);
        sum.fill(T::ZERO);
        members.try_each_mut(|member| {
            let work = &mut planes(work, frames)[..channels];
            copy(audio, work);
            member.process(work, sidechain)?;
            paths.align(work);
            add(work, &mut planes(sum, frames));
            Ok(())
        })?;
        paths.align_dry(audio);
        self.levels.process(audio, &views(sum, frames)[..channels])
    }

    fn response(&self, members: &M, look: &PathResponse<'_>) -> Option<Complex<f64>> {
        let Levels { wet, dry } = self.levels.look(|at| at.moving_at(look.moment));
        let mut sum = Complex::from(0.0);
        look.each(members, |_, response| sum += response).then(|| sum * wet + look.dry() * dry)
    }
}
