//! Floor 4: a crossover's sections while its splits move and while they rest.
//!
//! State: `shapes`, what the sections are, apart from where the splits are; `splits`, where each split is, by a ramp of its
//! own; `moving`, whether any of them may be on the move. In the words: the sections, see [`crossover`](super::crossover).

use super::crossover::{
    self, Network, NetworkCoefficients, Packed, SPLITS, Shapes, SplitTangent, Splits, State,
};
use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::base::simd::{SimdLevel, dispatch};
use crate::engine::kind::ResponseAt;
use crate::params::ramp::{CHUNK, Change, next_rest};
use crate::params::smoothed::{Frames, Smoother};
use num_complex::Complex;

/// Where the splits of a network are.
#[derive(Debug)]
pub(crate) struct MovingSplits {
    network: Network,
    shapes: Shapes,
    splits: [Smoother<SplitTangent>; SPLITS],
    moving: bool,
}

impl MovingSplits {
    /// At rest at these frequencies; those of splits that are not there do not count.
    pub(crate) fn new<T: Sample>(
        network: Network,
        packed: &mut [Packed<T>],
        splits_hz: [f64; SPLITS],
        sample_rate: f64,
    ) -> Self {
        let at = |split: usize| match split < network.splits {
            true => network.tangent(splits_hz[split], sample_rate),
            false => SplitTangent { g: 1.0 },
        };
        let splits = core::array::from_fn(|split| Smoother::new(at(split), sample_rate));
        let all = Self { network, shapes: network.shapes(), splits, moving: false };
        network.write(packed, all.targets());
        all
    }

    /// Moves a split.
    pub(crate) fn change(&mut self, split: usize, frequency_hz: f64, sample_rate: f64, change: Change) {
        self.splits[split].change(self.network.tangent(frequency_hz, sample_rate), change);
        self.moving = true;
    }

    /// Splits all frames of the block: band `b` of input `c` comes out at channel `b * inputs + c`.
    pub(crate) fn process<T: Sample>(
        &mut self,
        simd: SimdLevel,
        packed: &mut [Packed<T>],
        states: &mut [State<T>],
        block: &mut Block<'_, '_, T>,
    ) {
        let network = self.network;
        let mut done = 0;
        while done < block.frames() {
            let left = block.frames() - done;
            match if self.moving { next_rest(self.splits.iter().map(Smoother::frames_left)) } else { None } {
                Some(frames) => {
                    let count = left.min(CHUNK).min(frames);
                    let mut splits = [Frames::EMPTY; SPLITS];
                    for (split, frames) in self.splits.iter_mut().zip(&mut splits) {
                        split.fill(frames, count);
                    }
                    let mut part = block.part(done, done + count);
                    let coefficients = NetworkCoefficients::Moving(&splits, &self.shapes);
                    dispatch!(simd, s => crossover::run(s, &network, coefficients, states, &mut part));
                    done += count;
                }
                None => {
                    if self.moving {
                        network.write(packed, self.targets());
                        self.moving = false;
                    }
                    let mut part = block.part(done, done + left);
                    let coefficients = NetworkCoefficients::AtRest(packed);
                    dispatch!(simd, s => crossover::run(s, &network, coefficients, states, &mut part));
                    done += left;
                }
            }
        }
    }

    fn targets(&self) -> Splits {
        self.splits.each_ref().map(Smoother::target)
    }

    /// Response of one band.
    pub(crate) fn band_response(&self, band: usize, turns: f64, at: ResponseAt) -> Complex<f64> {
        let splits = match at {
            ResponseAt::Settled => self.targets(),
            ResponseAt::Now => self.splits.each_ref().map(Smoother::value),
        };
        self.network.sections(band, splits).map(|section| section.response(turns, 1.0)).product()
    }

    /// Upper bound of the frames until all bands are silent.
    pub(crate) fn tail(&self) -> usize {
        // The longest path has two Butterworth filters at every split.
        let sections = self.network.sections(self.network.splits, self.targets());
        let decay: f64 = sections.map(|section| libm::ceil(section.decay_frames(120.0))).sum();
        let moving = self.splits.iter().map(Smoother::frames_left).max().unwrap_or(0);
        decay as usize + moving
    }
}
