//! From what is heard to the change of every band's gain, per frame.

use super::band::BandDetector;
use super::band_detector::{DetectorInput, LANES, detect, set_lane};
use super::memory::Memory;
use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::base::simd::{SimdLevel, dispatch};
use crate::params::ramp::CHUNK;
use crate::params::smoothed::Smoothed;

impl<T: Sample> Memory<'_, T> {
    /// Works out the shares of the next frames, at most [`CHUNK`]; nothing comes to rest within them.
    pub(super) fn detect(&mut self, inputs: usize, simd: SimdLevel, part: &Block<'_, '_, T>) {
        let frames = part.frames();
        let groups = self.packed.len();
        let listeners = self.detector_states.len() / groups.max(1);
        let mut powers = [[T::ZERO; LANES]; CHUNK];
        for group in 0..groups {
            let bands = self.detectors.len() - group * LANES;
            let detectors = &mut self.detectors[group * LANES..][..bands.min(LANES)];
            let moves = detectors.iter().any(|detector| !detector.is_settled());
            let states = &mut self.detector_states[group * listeners..][..listeners];
            let (packed, computer) = (&mut self.packed[group], &mut self.gain_computers[group]);
            let shares = &mut self.shares[group * CHUNK..][..frames];
            powers[..frames].fill([T::ZERO; LANES]);
            if !moves {
                for (channel, state) in states.iter_mut().enumerate() {
                    let input = DetectorInput::new(channel, inputs, part, 0..frames);
                    let powers = &mut powers[..frames];
                    dispatch!(simd, s => detect(s, packed, state, &input, powers));
                }
                let powers = &powers[..frames];
                dispatch!(simd, s => { let _ = s; computer.follow(powers, shares) });
                continue;
            }
            let mut path = [[0.0; CHUNK]; BandDetector::COUNT];
            // Frame by frame while a detector moves: rare, and the same kernel.
            for f in 0..frames {
                for (lane, detector) in detectors.iter_mut().enumerate() {
                    if detector.is_settled() && f > 0 {
                        continue;
                    }
                    let now = if detector.is_settled() {
                        BandDetector::named(detector.target())
                    } else {
                        detector.fill(&mut path, 1);
                        BandDetector::at(&path, 0)
                    };
                    set_lane(packed, lane, &now);
                    computer.set(lane, &now);
                }
                for (channel, state) in states.iter_mut().enumerate() {
                    let input = DetectorInput::new(channel, inputs, part, f..f + 1);
                    let powers = &mut powers[f..f + 1];
                    dispatch!(simd, s => detect(s, packed, state, &input, powers));
                }
                let (powers, shares) = (&powers[f..f + 1], &mut shares[f..f + 1]);
                dispatch!(simd, s => { let _ = s; computer.follow(powers, shares) });
            }
            for (lane, detector) in detectors.iter().enumerate().filter(|(_, it)| it.is_settled()) {
                let now = BandDetector::named(detector.target());
                set_lane(packed, lane, &now);
                computer.set(lane, &now);
            }
        }
    }
}
