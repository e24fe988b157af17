//! Two channels mixed into two: the inside of every stereo processor whose gains may move in a straight line.
//!
//! ```text
//! left'  = ll * left + lr * right
//! right' = rl * left + rr * right
//! ```
//!
//! State: `gains`, the four factors, per frame by the ramp.

use crate::base::audio::{Block, Key};
use crate::base::error::Error;
use crate::base::memory::Word;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::engine::kind::{Core, Setup};
use crate::params::ramp::{CHUNK, Change, Ramp, ramp_frames};
use crate::params::{Id, NoConfig};

/// `ll, lr, rl, rr`.
pub(crate) type Gains = [f64; 4];

/// A stereo matrix on the move; `design` tells its gains from the parameters.
#[derive(Debug)]
pub struct MatrixCore {
    gains: Ramp<4>,
    design: fn(&Setup<'_, NoConfig>) -> Gains,
}

impl MatrixCore {
    pub(crate) fn new(setup: &Setup<'_, NoConfig>, design: fn(&Setup<'_, NoConfig>) -> Gains) -> Self {
        Self { gains: Ramp::new(design(setup), ramp_frames(setup.spec.sample_rate)), design }
    }
}

/// Refuses anything but two channels in and out.
pub(crate) fn check_stereo(spec: &Spec) -> Result<(), Error> {
    match [("inputs", spec.inputs), ("outputs", spec.outputs)].iter().find(|(_, count)| *count != 2) {
        Some((what, value)) => Err(Error::Channels { what, value: *value, minimum: 2, maximum: 2 }),
        None => Ok(()),
    }
}

impl<T: Sample> Core<T> for MatrixCore {
    type Config = NoConfig;

    fn change(&mut self, setup: &Setup<'_, NoConfig>, _: &mut [Word], _: Id, change: Change) {
        self.gains.change((self.design)(setup), change);
    }

    fn run(&mut self, _: &Setup<'_, NoConfig>, _: &mut [Word], mut block: Block<'_, '_, T>, _: Key<'_, T>) {
        let mut done = 0;
        while done < block.frames() {
            let settled = self.gains.is_settled();
            let left = block.frames() - done;
            let count = if settled { left } else { left.min(CHUNK) };
            let mut part = block.part(done, done + count);
            let [left, right] = part.channels_from::<2>(0);
            if settled {
                let gains = self.gains.target().map(T::from_f64);
                for (l, r) in left.iter_mut().zip(right) {
                    (*l, *r) = mix(gains, *l, *r);
                }
            } else {
                let mut moving = [[0.0; CHUNK]; 4];
                self.gains.fill(&mut moving, count);
                for (f, (l, r)) in left.iter_mut().zip(right).enumerate() {
                    (*l, *r) = mix([0, 1, 2, 3].map(|i| T::from_f64(moving[i][f])), *l, *r);
                }
            }
            done += count;
        }
    }

    fn snap(&mut self, _: &Setup<'_, NoConfig>, _: &mut [Word]) {}

    fn reset(&mut self, setup: &Setup<'_, NoConfig>, _: &mut [Word]) {
        self.gains.jump((self.design)(setup));
    }

    fn tail(&self, _: &Setup<'_, NoConfig>, _: &[Word]) -> Option<usize> {
        Some(0)
    }
}

#[inline(always)]
fn mix<T: Sample>([ll, lr, rl, rr]: [T; 4], l: T, r: T) -> (T, T) {
    (ll * l + lr * r, rl * l + rr * r)
}
