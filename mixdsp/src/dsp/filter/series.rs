//! Sections in series, at rest or on the move: what an equalizer runs.
//!
//! ```text
//! at rest:      the sections that have an effect, eight at a time, as a skewed pipeline; few of many channels
//!               with channels side by side; a section by itself four frames at a time
//! on the move:  section after section, with one set of coefficients per frame where it moves
//! ```
//!
//! The way of running is chosen where movement ends, never by how the audio is cut. All but four frames at a time
//! run the same step on the same state in the same order, so the choice does not change a bit.
//! A section without effect is not run and forgets what it heard: it starts from silence when it is needed
//! again. A stretch of movement ends exactly where a section comes to rest, so this happens at the same
//! frame for any cut of the audio.
//!
//! In a series for two channels a section may work on a part of them (`filter::placed`); eight sections at rest
//! of which one does run in a pipeline of their own.
//!
//! Words, per section: `ramps`, its five numbers `g, k, m0, m1, m2`; `shares`, where it works; `state`, `s1` and
//! `s2` per channel; `working`, which sections have an effect, in order; `packed` and `packed_shares`, what
//! eight of them at a time multiply with; `matrix` and `waiting`, for a section by itself. In the unit: [`Status`].

use super::cascade::{self, SECTIONS};
use super::design::Svf;
use super::four::{self, Four, Waiting};
use super::placed::{self, EVERYWHERE, Matrix, Share};
use super::svf::{self, COEFFICIENTS, Course};
use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::base::simd::{SimdLevel, dispatch};
use crate::engine::kind::ResponseAt;
use crate::params::ramp::{CHUNK, Change, Ramp};
use num_complex::Complex;

/// Which way the series runs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Status {
    /// Sections that have an effect, while nothing moves.
    working: usize,
    /// Whether some section may be on the move.
    moving: bool,
    /// A bit for every eight working sections: whether one of them works on a part of the channels.
    placed: u64,
    /// Frames that wait for the rest of their four, when a section runs by itself.
    waits: usize,
}

/// The words of a series, and how many channels it has.
pub(crate) struct Series<'a, T> {
    pub(crate) ramps: &'a mut [Ramp<5>],
    /// Where each section works; none when all work everywhere.
    pub(crate) shares: &'a mut [Ramp<3>],
    /// Per channel, per section: `s1, s2`.
    pub(crate) state: &'a mut [T],
    pub(crate) working: &'a mut [u32],
    /// One place for every eight sections.
    pub(crate) packed: &'a mut [Packed<T>],
    /// The same for shares; none when all work everywhere.
    pub(crate) packed_shares: &'a mut [PackedShares<T>],
    /// What a section by itself multiplies with; none when it is never to run four frames at a time.
    pub(crate) matrix: &'a mut [Four<T>],
    /// Per channel, the frames that wait; none without matrix.
    pub(crate) waiting: &'a mut [Waiting<T>],
    pub(crate) channels: usize,
}

/// Coefficients of eight sections side by side.
pub(crate) type Packed<T> = [[T; SECTIONS]; COEFFICIENTS];

/// Shares of eight sections side by side.
pub(crate) type PackedShares<T> = [[T; SECTIONS]; 3];

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
    moment: ResponseAt,
) -> Complex<f64> {
    let designs = ramps.iter().map(|ramp| at(ramp, moment));
    designs.map(|design| Svf::from(design).response(frequency_hz, sample_rate)).product()
}

/// The same for two channels of which sections may work on a part.
pub(crate) fn placed_response(
    ramps: &[Ramp<5>],
    shares: &[Ramp<3>],
    frequency_hz: f64,
    sample_rate: f64,
    moment: ResponseAt,
) -> Matrix {
    let (one, zero) = (Complex::ONE, Complex::ZERO);
    let sections = ramps.iter().zip(shares);
    sections.fold([[one, zero], [zero, one]], |matrix, (ramp, share)| {
        let h = Svf::from(at(ramp, moment)).response(frequency_hz, sample_rate);
        placed::then(&matrix, at(share, moment), h)
    })
}

fn at<const N: usize>(ramp: &Ramp<N>, moment: ResponseAt) -> [f64; N] {
    match moment {
        ResponseAt::Settled => ramp.target(),
        ResponseAt::Now => ramp.value(),
    }
}

/// Upper bound of the frames until sections in series are silent.
pub(crate) fn tail(ramps: &[Ramp<5>], shares: &[Ramp<3>]) -> usize {
    let designs = ramps.iter().map(Ramp::target).filter(|design| !is_identity(*design));
    let decay: f64 = designs.map(|design| libm::ceil(Svf::from(design).decay_frames(120.0))).sum();
    let moving = ramps.iter().map(Ramp::frames_left).chain(shares.iter().map(Ramp::frames_left)).max();
    decay as usize + moving.unwrap_or(0)
}

impl<T: Sample> Series<'_, T> {
    /// At rest with these designs and shares, in silence.
    pub(crate) fn start(
        &mut self,
        ramp_frames: usize,
        mut design: impl FnMut(usize) -> [f64; 5],
        share: impl Fn(usize) -> Share,
    ) -> Status {
        for (section, ramp) in self.ramps.iter_mut().enumerate() {
            *ramp = Ramp::of_design(design(section), ramp_frames);
        }
        for (section, ramp) in self.shares.iter_mut().enumerate() {
            *ramp = Ramp::of_design(share(section), ramp_frames);
        }
        self.state.fill(T::ZERO);
        self.come_to_rest()
    }

    /// Moves a section to a design. One that is not heard, before or after, is there at once.
    pub(crate) fn change(&mut self, status: &mut Status, section: usize, design: [f64; 5], change: Change) {
        let unheard = self.is_unheard(section);
        let ramp = &mut self.ramps[section];
        if ramp.is_settled() && ramp.target() == design {
            return;
        }
        if unheard && is_identity(design) {
            ramp.jump(design);
            return;
        }
        ramp.change(design, change);
        status.moving = true;
    }

    /// Whether a section has no effect now and is not about to have one.
    fn is_unheard(&self, section: usize) -> bool {
        self.ramps[section].is_settled() && is_identity(self.ramps[section].target())
    }

    /// Moves a section to another part of the channels. Without shares all work everywhere.
    pub(crate) fn place(&mut self, status: &mut Status, section: usize, share: Share, change: Change) {
        let unheard = self.is_unheard(section);
        let Some(ramp) = self.shares.get_mut(section).filter(|ramp| ramp.target() != share) else { return };
        if unheard {
            ramp.jump(share);
        } else {
            ramp.change(share, change);
            status.moving = true;
        }
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
                    self.catch_up(status);
                    self.move_on(simd, &mut block.part(done, done + count));
                    done += count;
                }
                None => {
                    if status.moving {
                        *status = self.come_to_rest();
                    }
                    self.rest(status, simd, &mut block.part(done, done + left));
                    done += left;
                }
            }
        }
    }

    fn frames_to_next_rest(&self) -> Option<usize> {
        let designs = self.ramps.iter().map(Ramp::frames_left);
        let shares = self.shares.iter().map(Ramp::frames_left);
        designs.chain(shares).filter(|frames| *frames > 0).min()
    }

    /// Where a section works, once everything has come to rest.
    fn share(&self, section: usize) -> Share {
        self.shares.get(section).map_or(EVERYWHERE, Ramp::target)
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
        let mut placed = 0;
        for group in 0..working.div_ceil(SECTIONS) {
            let range = group * SECTIONS..working.min((group + 1) * SECTIONS);
            let parts = self.working[range.clone()].iter().any(|s| self.share(*s as usize) != EVERYWHERE);
            placed |= u64::from(parts) << group;
            for place in 0..SECTIONS {
                let section = self.working[range.clone()].get(place).map(|section| *section as usize);
                let design = section.map_or(Svf::IDENTITY.into(), |section| self.ramps[section].target());
                let design = if parts { placed::change_of(design) } else { design };
                for (lanes, coefficient) in self.packed[group].iter_mut().zip(svf::coefficients(design)) {
                    lanes[place] = T::from_f64(coefficient);
                }
                let share = section.map_or(EVERYWHERE, |section| self.share(section));
                if let Some(packed) = self.packed_shares.get_mut(group) {
                    packed.iter_mut().zip(share).for_each(|(lanes, share)| lanes[place] = T::from_f64(share));
                }
            }
        }
        if let Some(matrix) = self.matrix.first_mut().filter(|_| working == 1) {
            let design = self.ramps[self.working[0] as usize].target();
            *matrix = four::matrix(design).map(|row| row.map(T::from_f64));
        }
        Status { working, moving: false, placed, waits: 0 }
    }

    /// Leaves no frame waiting.
    fn catch_up(&mut self, status: &mut Status) {
        if status.waits != 0 {
            let coefficients = core::array::from_fn(|i| self.packed[0][i][0]);
            let place = self.place_of(self.working[0] as usize);
            four::catch_up(&coefficients, self.state, place, self.waiting, status.waits);
            status.waits = 0;
        }
    }

    /// Where the state of a section stands, for each channel.
    fn place_of(&self, section: usize) -> impl Fn(usize) -> [usize; 2] + use<T> {
        let stride = self.ramps.len() * STATE;
        move |channel| [0, 1].map(|i| channel * stride + section * STATE + i)
    }

    fn forget(&mut self, section: usize) {
        let sections = self.ramps.len();
        for channel in 0..self.channels {
            let place = (channel * sections + section) * STATE;
            self.state[place..place + STATE].fill(T::ZERO);
        }
    }

    /// Nothing moves: a section by itself four frames at a time; of several, eight sections at once, or one with
    /// channels side by side, whichever is shorter.
    fn rest(&mut self, status: &mut Status, simd: SimdLevel, block: &mut Block<'_, '_, T>) {
        if let Some(matrix) = self.matrix.first().filter(|_| status.working == 1 && status.placed == 0) {
            let place = self.place_of(self.working[0] as usize);
            let (state, waiting, waits) = (&mut *self.state, &mut *self.waiting, status.waits);
            status.waits = dispatch!(simd, s => four::run(s, matrix, state, place, waiting, waits, block));
            return;
        }
        let groups = status.working.div_ceil(SECTIONS);
        for group in 0..groups {
            let first = group * SECTIONS;
            let count = (status.working - first).min(SECTIONS);
            let side_by_side = count * self.channels.div_ceil(SECTIONS) <= self.channels.div_ceil(2);
            let placed = status.placed >> group & 1 != 0;
            if side_by_side {
                for place in 0..count {
                    let coefficients = core::array::from_fn(|i| self.packed[group][i][place]);
                    let section = self.working[first + place] as usize;
                    if placed {
                        let share = self.share(section).map(|share| [T::from_f64(share); CHUNK]);
                        self.one_placed(section, Course::Constant(&coefficients), &share, simd, block);
                    } else {
                        self.one(section, Course::Constant(&coefficients), simd, block);
                    }
                }
            } else {
                let sections = &self.working[first..first + count];
                let (packed, stride) = (&self.packed[group], self.ramps.len() * STATE);
                let (state, channels) = (&mut *self.state, self.channels);
                if placed {
                    let shares = &self.packed_shares[group];
                    dispatch!(simd, s => {
                        placed::at_once(s, packed, shares, state, stride, sections, block);
                    });
                } else {
                    dispatch!(simd, s => {
                        cascade::sections_at_once(s, packed, state, stride, sections, channels, block);
                    });
                }
            }
        }
    }

    /// Something moves: one section after the other, for at most [`CHUNK`] frames, in which no section
    /// comes to rest.
    fn move_on(&mut self, simd: SimdLevel, block: &mut Block<'_, '_, T>) {
        for section in 0..self.ramps.len() {
            let share = self.moving_share(section, block.frames());
            if !self.ramps[section].is_settled() {
                let mut designs = [[0.0; CHUNK]; 5];
                self.ramps[section].fill(&mut designs, block.frames());
                if share.is_some() {
                    designs[2].iter_mut().for_each(|m0| *m0 -= 1.0);
                }
                let coefficients = dispatch!(simd, s => { let _ = s; svf::moving(&designs) });
                match share {
                    None => self.one(section, Course::Moving(&coefficients), simd, block),
                    Some(share) => {
                        self.one_placed(section, Course::Moving(&coefficients), &share, simd, block);
                    }
                }
            } else if is_identity(self.ramps[section].target()) {
                self.forget(section);
            } else if let Some(share) = share {
                let design = placed::change_of(self.ramps[section].target());
                let coefficients = svf::coefficients(design).map(T::from_f64);
                self.one_placed(section, Course::Constant(&coefficients), &share, simd, block);
            } else {
                let coefficients = svf::coefficients(self.ramps[section].target()).map(T::from_f64);
                self.one(section, Course::Constant(&coefficients), simd, block);
            }
        }
    }

    /// Where a section works in the next frames; `None` everywhere.
    fn moving_share(&mut self, section: usize, frames: usize) -> Option<[[T; CHUNK]; 3]> {
        let ramp = self.shares.get_mut(section)?;
        if ramp.is_settled() {
            let share = ramp.target();
            return (share != EVERYWHERE).then(|| share.map(|share| [T::from_f64(share); CHUNK]));
        }
        let mut shares = [[0.0; CHUNK]; 3];
        ramp.fill(&mut shares, frames);
        Some(shares.map(|values| values.map(T::from_f64)))
    }

    fn one(&mut self, section: usize, course: Course<'_, T>, simd: SimdLevel, block: &mut Block<'_, '_, T>) {
        let place = self.place_of(section);
        let (state, channels) = (&mut *self.state, self.channels);
        dispatch!(simd, s => svf::across_channels(s, course, state, place, channels, block));
    }

    /// The same for a section of which a part is heard; a course that moves has at most [`CHUNK`] frames.
    fn one_placed(
        &mut self,
        section: usize,
        course: Course<'_, T>,
        share: &[[T; CHUNK]; 3],
        simd: SimdLevel,
        block: &mut Block<'_, '_, T>,
    ) {
        let place = self.place_of(section);
        let mut from = 0;
        while from < block.frames() {
            let to = block.frames().min(from + CHUNK);
            let (state, part) = (&mut *self.state, &mut block.part(from, to));
            dispatch!(simd, s => placed::pair(s, course, share, state, &place, part));
            from = to;
        }
    }
}
