//! Power of what is heard, per bin, summed over all channels.
//!
//! ```text
//! two channels as one complex signal --> Hann window --> transform --> |bin|² + |mirrored bin|²
//! ```

use super::memory::{Memory, Sizes};
use crate::base::audio::Block;
use crate::base::fft_plan::Plan;
use crate::base::sample::Sample;
use crate::base::simd::{SimdLevel, dispatch};
use alloc::boxed::Box;
use core::f64::consts::TAU;
use num_complex::Complex;

/// The plan of the transform. It allocates when it is made.
pub(super) struct Spectrum<T: Sample> {
    plan: T::Plan,
    scratch: Box<[Complex<T>]>,
}

impl<T: Sample> core::fmt::Debug for Spectrum<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Spectrum({})", self.scratch.len())
    }
}

/// Writes the shape of the window, scaled so that power does not depend on its length.
pub(super) fn shape<T: Sample>(shape: &mut [T]) {
    let frames = shape.len() as f64;
    // Its energy is 3/8 of the frames; each of two channels counts twice.
    let scale = libm::sqrt(1.0 / (2.0 * 0.375 * frames));
    for (frame, to) in shape.iter_mut().enumerate() {
        *to = T::from_f64(scale * (0.5 - 0.5 * libm::cos(TAU * frame as f64 / frames)));
    }
}

impl<T: Sample> Spectrum<T> {
    pub(super) fn new(window: usize, simd: SimdLevel) -> Self {
        let plan = T::Plan::new(window, false, simd);
        let zero = Complex { re: T::ZERO, im: T::ZERO };
        let scratch = alloc::vec![zero; plan.scratch()].into_boxed_slice();
        Self { plan, scratch }
    }

    /// Adds the power of a pair of channels, of the window that ends where third `newest` does.
    pub(super) fn add(
        &mut self,
        memory: &mut Memory<'_, T>,
        sizes: &Sizes,
        simd: SimdLevel,
        (pair, newest): (usize, usize),
    ) {
        let hop = sizes.hop();
        let third = |channel: usize, number: usize| {
            let from = channel * 3 * hop + number % 3 * hop;
            (channel < sizes.heard).then(|| from..from + hop)
        };
        for (half, number) in [newest + 2, newest].into_iter().enumerate() {
            let range = half * hop..(half + 1) * hop;
            let (shape, work) = (&memory.shape[range.clone()], &mut memory.work[range]);
            let [left, right] = [2 * pair, 2 * pair + 1]
                .map(|channel| third(channel, number).map(|range| &memory.heard[range]));
            let Some(left) = left else { return };
            dispatch!(simd, s => { let _ = s; pack(work, shape, left, right) });
        }
        self.plan.run(memory.work, &mut self.scratch);
        dispatch!(simd, s => { let _ = s; add_power(memory.power, memory.work) });
    }
}

#[inline(always)]
fn pack<T: Sample>(work: &mut [Complex<T>], shape: &[T], left: &[T], right: Option<&[T]>) {
    for (frame, (to, shape)) in work.iter_mut().zip(shape).enumerate() {
        let right = right.map_or(T::ZERO, |right| right[frame]);
        *to = Complex { re: *shape * left[frame], im: *shape * right };
    }
}

#[inline(always)]
fn add_power<T: Sample>(power: &mut [f64], work: &[Complex<T>]) {
    let square = |bin: &Complex<T>| {
        let (re, im) = (bin.re.to_f64(), bin.im.to_f64());
        re * re + im * im
    };
    for (power, (bin, mirrored)) in power[1..].iter_mut().zip(work[1..].iter().zip(work.iter().rev())) {
        *power += square(bin) + square(mirrored);
    }
}

/// Puts frames where the latest third has them, and tells their energy.
pub(super) fn hear<T: Sample>(
    heard: &mut [T],
    hop: usize,
    (third, at): (usize, usize),
    block: &Block<'_, '_, T>,
) -> f64 {
    let (sidechain, frames) = (block.sidechain(), block.frames());
    let mut energy = 0.0;
    for (channel, heard) in heard.chunks_exact_mut(3 * hop).enumerate() {
        let to = &mut heard[third * hop + at..][..frames];
        if sidechain.channels() == 0 {
            if channel < block.channels() {
                to.copy_from_slice(block.input(channel))
            } else {
                to.fill(T::ZERO)
            }
        } else if channel < sidechain.channels() {
            to.iter_mut().zip(sidechain.samples(channel)).for_each(|(to, from)| *to = from);
        } else {
            to.fill(T::ZERO);
        }
        energy += to.iter().fold(0.0, |sum, x| sum + x.to_f64() * x.to_f64());
    }
    energy
}
