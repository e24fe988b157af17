//! Floor 4: bands in series without vectors, in f64: what filters a sidechain.
//!
//! Compiled once for all samples and levels, so that who uses one compressor does not carry an equalizer's kernels. Each
//! band has two sections, which is 24 dB per octave; they move silently, as an equalizer's do. Their designs are bilinear:
//! exact at their frequency, and squeezed near half the rate, where what listens need not be exact. A section without effect is
//! not run and forgets what it heard, from the frame on at which it comes to rest.
//!
//! State, in the caller's words: a ramp of five numbers per section, `s1` and `s2` per channel and section.

use super::band::{Band, Slope};
use super::band_cascade::section_of;
use super::design::{Svf, bilinear};
use super::svf;
use crate::params::ramp::{CHUNK, Change, Ramp, next_rest, ramp_frames};
use core::ops::Range;

/// The steepest slope of a band.
pub(crate) const STEEPEST_SLOPE: Slope = Slope::Db24;
/// Sections of a band.
pub(crate) const SECTIONS: usize = STEEPEST_SLOPE.sections();

/// Puts all sections of a band at rest.
pub(crate) fn start(designs: &mut [Ramp<5>], band: &Band, sample_rate: f64) {
    let mut place = Svf::IDENTITY;
    for (at, design) in designs.iter_mut().enumerate() {
        let section = section_of(bilinear, band, at, sample_rate, &mut place);
        *design = Ramp::of_design(section.into(), ramp_frames(sample_rate));
    }
}

/// Moves all sections of a band to where it is now.
pub(crate) fn change(designs: &mut [Ramp<5>], band: &Band, sample_rate: f64, change: Change) {
    let mut place = Svf::IDENTITY;
    for (at, design) in designs.iter_mut().enumerate() {
        let section = section_of(bilinear, band, at, sample_rate, &mut place).into();
        if design.target() != section || !design.is_settled() {
            design.change(section, change);
        }
    }
}

/// Whether no section does anything, or is about to.
pub(crate) fn is_flat(designs: &[Ramp<5>]) -> bool {
    designs.iter().all(|design| design.is_settled() && Svf::from(design.target()).is_identity())
}

/// Upper bound of the frames until all sections are silent.
pub(crate) fn tail(designs: &[Ramp<5>]) -> usize {
    let sections = designs.iter().map(|design| Svf::from(design.target()));
    let decay: f64 = sections.map(|section| libm::ceil(section.decay_frames(120.0))).sum();
    decay as usize + designs.iter().map(Ramp::frames_left).max().unwrap_or(0)
}

/// Runs all sections over some frames of each channel, in place. `states` are those of all channels of the first section,
/// then those of the second, and so on.
pub(crate) fn run(
    designs: &mut [Ramp<5>],
    states: &mut [[f64; 2]],
    channels: &mut [[f64; CHUNK]],
    frames: usize,
) {
    let mut done = 0;
    while done < frames {
        let to_rest = next_rest(designs.iter().map(Ramp::frames_left)).unwrap_or(frames);
        let end = frames.min(done + to_rest);
        run_stretch(designs, states, channels, done..end);
        done = end;
    }
}

/// Frames in which no section comes to rest.
fn run_stretch(
    designs: &mut [Ramp<5>],
    states: &mut [[f64; 2]],
    channels: &mut [[f64; CHUNK]],
    frames: Range<usize>,
) {
    let stride = states.len() / designs.len().max(1);
    for (design, states) in designs.iter_mut().zip(states.chunks_exact_mut(stride.max(1))) {
        let states = &mut states[..channels.len()];
        if design.is_settled() {
            let target = design.target();
            if Svf::from(target).is_identity() {
                states.fill([0.0; 2]);
                continue;
            }
            let coefficients = svf::coefficients(target);
            for (channel, state) in channels.iter_mut().zip(states) {
                for sample in &mut channel[frames.clone()] {
                    *sample = svf::step_one(&coefficients, state, *sample);
                }
            }
            continue;
        }
        let mut numbers = [[0.0; CHUNK]; 5];
        design.fill(&mut numbers, frames.len());
        for (at, f) in frames.clone().enumerate() {
            let coefficients = svf::coefficients(numbers.map(|number| number[at]));
            for (channel, state) in channels.iter_mut().zip(&mut *states) {
                channel[f] = svf::step_one(&coefficients, state, channel[f]);
            }
        }
    }
}
