//! Sections in series, at rest or on the move: what an equalizer runs.
//!
//! ```text
//! at rest:      the sections that have an effect, eight at a time, as a skewed pipeline; a lone one with
//!               channels side by side
//! on the move:  section after section, with one set of coefficients per frame where it moves
//! ```
//!
//! All run the same step on the same state in the same order, so the way of running never changes a bit.
//! A section without effect is not run and forgets what it heard: it starts from silence when it is needed
//! again. A stretch of movement ends exactly where a section comes to rest, so this happens at the same
//! frame for any cut of the audio.
//!
//! Words, per section: `ramps`, its five numbers `g, k, m0, m1, m2`; `state`, `s1` and `s2` per channel;
//! `working`, which sections have an effect, in order; `packed`, what eight of them at a time multiply
//! with. In the unit: [`Status`].

use super::cascade::{self, SECTIONS};
use super::design::Svf;
use super::svf::{self, COEFFICIENTS, Course};
use crate::audio::Block;
use crate::kind::Moment;
use crate::ramp::{CHUNK, Change, Ramp};
use crate::sample::Sample;
use crate::simd::{SimdLevel, dispatch};
use crate::unit::GRID;
use num_complex::Complex;

/// Which way the series runs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Status {
    /// Sections that have an effect, while nothing moves.
    working: usize,
    /// Whether some section may be on the move.
    moving: bool,
}

/// The words of a series, and how many channels it has.
pub(crate) struct Series<'a, T> {
    pub(crate) ramps: &'a mut [Ramp<5>],
    /// Per channel, per section: `s1, s2`.
    pub(crate) state: &'a mut [T],
    pub(crate) working: &'a mut [u32],
    /// One place for every eight sections.
    pub(crate) packed: &'a mut [Packed<T>],
    pub(crate) channels: usize,
}

/// Coefficients of eight sections side by side.
pub(crate) type Packed<T> = [[T; SECTIONS]; COEFFICIENTS];

/// Values of state per section and channel.
pub(crate) const STATE: usize = 2;

/// Whether a design passes everything as it is.
pub(crate) fn is_identity([_, _, m0, m1, m2]: [f64; 5]) -> bool {
    m0 == 1.0 && m1 == 0.0 && m2 == 0.0
}

/// Response of sections in series to a steady sine.
pub(crate) fn response(
    ramps: &[Ramp<5>],
    frequency_hz: f64,
    sample_rate: f64,
    moment: Moment,
) -> Complex<f64> {
    let designs = ramps.iter().map(|ramp| match moment {
        Moment::Settled => ramp.target(),
        Moment::Now => ramp.value(),
    });
    designs.map(|design| Svf::from(design).response(frequency_hz, sample_rate)).product()
}

/// Upper bound of the frames until sections in series are silent.
pub(crate) fn tail(ramps: &[Ramp<5>]) -> usize {
    let designs = ramps.iter().map(Ramp::target).filter(|design| !is_identity(*design));
    let decay: f64 = designs.map(|design| Svf::from(design).decay_frames(120.0)).sum();
    let moving = ramps.iter().map(Ramp::frames_left).max().unwrap_or(0);
    // State becomes zero at points of the grid: after six tails there has been one since it was small enough.
    let grid = if decay > 0.0 { GRID.div_ceil(6) } else { 0 };
    decay as usize + 1 + grid + moving
}

impl<T: Sample> Series<'_, T> {
    /// At rest with these designs, in silence.
    pub(crate) fn start(&mut self, ramp_frames: usize, design: impl Fn(usize) -> [f64; 5]) -> Status {
        for (section, ramp) in self.ramps.iter_mut().enumerate() {
            *ramp = Ramp::new(design(section), ramp_frames);
        }
        self.state.fill(T::ZERO);
        self.come_to_rest()
    }

    /// Moves a section to a design.
    pub(crate) fn change(&mut self, status: &mut Status, section: usize, design: [f64; 5], change: Change) {
        let ramp = &mut self.ramps[section];
        if ramp.is_settled() && ramp.target() == design {
            return;
        }
        ramp.change(design, change);
        status.moving = true;
    }

    /// State too small to matter becomes zero.
    pub(crate) fn snap(&mut self) {
        self.state.iter_mut().for_each(|s| *s = s.snap());
    }

    /// Runs the series over a block, in place.
    pub(crate) fn run(&mut self, status: &mut Status, simd: SimdLevel, block: &mut Block<'_, '_, T>) {
        let mut done = 0;
        while done < block.frames() {
            let left = block.frames() - done;
            let next_rest = if status.moving { self.frames_to_next_rest() } else { None };
            match next_rest {
                Some(frames) => {
                    let count = left.min(CHUNK).min(frames);
                    self.move_on(simd, &mut block.part(done, done + count));
                    done += count;
                }
                None => {
                    if status.moving {
                        *status = self.come_to_rest();
                    }
                    self.rest(status.working, simd, &mut block.part(done, done + left));
                    done += left;
                }
            }
        }
    }

    fn frames_to_next_rest(&self) -> Option<usize> {
        self.ramps.iter().map(Ramp::frames_left).filter(|frames| *frames > 0).min()
    }

    /// Finds the sections that have an effect and packs their coefficients.
    fn come_to_rest(&mut self) -> Status {
        let mut working = 0;
        for section in 0..self.ramps.len() {
            if is_identity(self.ramps[section].target()) {
                self.forget(section);
            } else {
                self.working[working] = section as u32;
                working += 1;
            }
        }
        for (packed, sections) in self.packed.iter_mut().zip(self.working[..working].chunks(SECTIONS)) {
            for place in 0..SECTIONS {
                let section = sections.get(place).map(|section| self.ramps[*section as usize].target());
                let coefficients = svf::coefficients(section.unwrap_or(Svf::IDENTITY.into()));
                for (lanes, coefficient) in packed.iter_mut().zip(coefficients) {
                    lanes[place] = T::from_f64(coefficient);
                }
            }
        }
        Status { working, moving: false }
    }

    fn forget(&mut self, section: usize) {
        let sections = self.ramps.len();
        for channel in 0..self.channels {
            let place = (channel * sections + section) * STATE;
            self.state[place..place + STATE].fill(T::ZERO);
        }
    }

    /// Nothing moves: eight sections at once, or one with channels side by side, whichever is shorter.
    fn rest(&mut self, working: usize, simd: SimdLevel, block: &mut Block<'_, '_, T>) {
        let groups = working.div_ceil(SECTIONS);
        for group in 0..groups {
            let first = group * SECTIONS;
            let count = (working - first).min(SECTIONS);
            let side_by_side = count * self.channels.div_ceil(SECTIONS) <= self.channels.div_ceil(2);
            if side_by_side {
                for place in 0..count {
                    let coefficients = core::array::from_fn(|i| self.packed[group][i][place]);
                    let section = self.working[first + place] as usize;
                    self.one(section, Course::Constant(&coefficients), simd, block);
                }
            } else {
                let sections = &self.working[first..first + count];
                let (packed, stride) = (&self.packed[group], self.ramps.len() * STATE);
                let (state, channels) = (&mut *self.state, self.channels);
                dispatch!(simd, s => {
                    cascade::sections_at_once(s, packed, state, stride, sections, channels, block);
                });
            }
        }
    }

    /// Something moves: one section after the other, for at most [`CHUNK`] frames, in which no section
    /// comes to rest.
    fn move_on(&mut self, simd: SimdLevel, block: &mut Block<'_, '_, T>) {
        for section in 0..self.ramps.len() {
            if !self.ramps[section].is_settled() {
                let mut designs = [[0.0; CHUNK]; 5];
                self.ramps[section].fill(&mut designs, block.frames());
                let coefficients = dispatch!(simd, s => { let _ = s; svf::moving(&designs) });
                self.one(section, Course::Moving(&coefficients), simd, block);
            } else if is_identity(self.ramps[section].target()) {
                self.forget(section);
            } else {
                let coefficients = svf::coefficients(self.ramps[section].target()).map(T::from_f64);
                self.one(section, Course::Constant(&coefficients), simd, block);
            }
        }
    }

    fn one(&mut self, section: usize, course: Course<'_, T>, simd: SimdLevel, block: &mut Block<'_, '_, T>) {
        let stride = self.ramps.len() * STATE;
        let place = |channel: usize| [0, 1].map(|i| channel * stride + section * STATE + i);
        let (state, channels) = (&mut *self.state, self.channels);
        dispatch!(simd, s => svf::across_channels(s, course, state, place, channels, block));
    }
}
