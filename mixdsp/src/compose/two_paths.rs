//! Floor 6: two processors of one channel each, one for each channel of a pair, aligned. [`MidSidePaths`](crate::MidSidePaths)
//! and [`LeftRight`](crate::LeftRight) are made of it.

use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::compose::members::Members;
use crate::compose::node::{Join, PathResponse, Paths, Shape};
use crate::engine::kind::Channels;
use num_complex::Complex;

/// Runs two paths, on mid and side or on left and right.
#[derive(Clone, Copy, Debug)]
pub struct TwoPaths<const MID_SIDE: bool>;

/// What two paths need.
pub(crate) const SHAPE: Shape = Shape { member: 1, dry: 0, lanes: 0 };

impl<const MID_SIDE: bool> TwoPaths<MID_SIDE> {
    /// For a spec of two channels.
    pub(crate) fn new(spec: &Spec) -> Result<Self, Error> {
        spec.check()?;
        Channels::Exactly(2).check(spec)?;
        Ok(Self)
    }
}

/// Left and right into mid and side.
fn encode<T: Sample>(audio: &mut [&mut [T]]) {
    let half = T::from_f64(0.5);
    if let [left, right] = audio {
        for (left, right) in left.iter_mut().zip(right.iter_mut()) {
            (*left, *right) = (half * (*left + *right), half * (*left - *right));
        }
    }
}

/// Mid and side into left and right.
fn decode<T: Sample>(audio: &mut [&mut [T]]) {
    if let [mid, side] = audio {
        for (mid, side) in mid.iter_mut().zip(side.iter_mut()) {
            (*mid, *side) = (*mid + *side, *mid - *side);
        }
    }
}

impl<const MID_SIDE: bool, T: Sample, M: Members<T>> Join<T, M> for TwoPaths<MID_SIDE> {
    fn shape(&self, _: usize, _: usize) -> Shape {
        SHAPE
    }

    fn process(
        &mut self,
        members: &mut M,
        mut paths: Paths<'_, T>,
        audio: &mut [&mut [T]],
        sidechain: &[&[T]],
    ) -> Result<(), Error> {
        if MID_SIDE {
            encode(audio);
        }
        let mut channels = audio.iter_mut();
        members.try_each_mut(|member| {
            let Some(channel) = channels.next() else { return Ok(()) };
            let path = core::slice::from_mut(channel);
            member.process(path, sidechain)?;
            paths.align(path);
            Ok(())
        })?;
        if MID_SIDE {
            decode(audio);
        }
        Ok(())
    }

    /// There is one when both paths have the same: what works on the two alike works on the sound as a whole.
    fn response(&self, members: &M, look: &PathResponse<'_>) -> Option<Complex<f64>> {
        let mut both = [Complex::from(0.0); 2];
        let all = look.each(members, |at, response| {
            if let Some(path) = both.get_mut(at) {
                *path = response;
            }
        });
        (all && both[0] == both[1]).then_some(both[0])
    }
}
