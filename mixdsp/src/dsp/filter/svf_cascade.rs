//! Floor 4: second-order sections in series, at rest or on the move: what an equalizer runs.
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
//! In a cascade for two channels a section may work on a part of them (`filter::stereo_placement`); eight sections at
//! rest of which one does run in a pipeline of their own.
//!
//! State: the words of [`SvfCascade`], and a [`State`] that its user keeps. [`Sizes`] says how many words there are.
//! What a cascade reports, response and tail, is in `filter::cascade_response`.

use super::block_of_four::{self, StepMatrix, WaitingFrames};
use super::design::Svf;
use super::simd_pipeline::{self, SECTIONS};
use super::stereo_placement::{self, EVERYWHERE, StereoPlacement};
use super::svf::{self, COEFFICIENTS, SvfCoefficients};
use super::svf_states::{self, STATE, SvfStates, place_of};
use crate::base::audio::Block;
use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::base::simd::{SimdLevel, dispatch};
use crate::params::ramp::{CHUNK, Change, Ramp, next_rest, ramp_frames};
use crate::params::smoothed::Smoothed;

/// How large a cascade is.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// How many sections there are.
    pub sections: usize,
    /// How many channels run through them.
    pub channels: usize,
    /// Whether sections may work on a part of the channels; there have to be two.
    pub placed: bool,
    /// Whether a section by itself runs four frames at a time.
    pub block_of_four: bool,
}

impl Sizes {
    const fn placements(&self) -> usize {
        if self.placed { self.sections } else { 0 }
    }

    const fn matrices(&self) -> usize {
        if self.block_of_four { 1 } else { 0 }
    }
}

layout! {
    /// The words of a cascade.
    pub struct SvfCascade<T>, read as SvfCascadeRef (sizes: Sizes) {
        /// Per section its five numbers `g, k, m0, m1, m2`.
        designs: [Ramp<5>; sizes.sections],
        /// Per section a [`StereoPlacement`]; none where all work everywhere.
        placements: [Ramp<3>; sizes.placements()],
        /// The sections that have an effect while nothing moves, in order.
        active: [u32; sizes.sections],
        /// What they multiply with, eight side by side.
        packed: [[[T; SECTIONS]; COEFFICIENTS]; sizes.sections.div_ceil(SECTIONS)],
        /// Where they work, eight side by side.
        packed_placements: [[[T; SECTIONS]; 3]; sizes.placements().div_ceil(SECTIONS)],
        /// Per channel and section `s1, s2`.
        states: [T; sizes.sections * sizes.channels * STATE],
        /// What a section by itself multiplies with.
        matrix: [StepMatrix<T>; sizes.matrices()],
        /// Per channel the frames that wait for the rest of their four.
        waiting: [WaitingFrames<T>; sizes.matrices() * sizes.channels],
    }
}

/// Which way a cascade runs.
#[derive(Clone, Copy, Debug)]
pub struct State {
    /// Sections that have an effect, while nothing moves.
    active: usize,
    /// Whether some section may be on the move.
    moving: bool,
    /// A bit for every eight active sections: whether one of them works on a part of the channels.
    placed: u64,
    /// Frames that wait for the rest of their four, when a section runs by itself.
    waits: usize,
}

impl<T: Sample> SvfCascade<'_, T> {
    /// At rest with these sections in these places; the words are zero.
    pub(crate) fn start(
        &mut self,
        sample_rate: f64,
        mut design: impl FnMut(usize) -> Svf,
        placement: impl Fn(usize) -> StereoPlacement,
    ) -> State {
        let frames = ramp_frames(sample_rate);
        for (section, ramp) in self.designs.iter_mut().enumerate() {
            *ramp = Ramp::of_design(design(section).into(), frames);
        }
        for (section, ramp) in self.placements.iter_mut().enumerate() {
            *ramp = Ramp::of_design(placement(section).values(), frames);
        }
        self.come_to_rest()
    }

    /// Moves a section to a design. One that is not heard, before or after, is there at once.
    pub(crate) fn change(&mut self, state: &mut State, section: usize, design: Svf, change: Change) {
        let unheard = self.is_unheard(section);
        let ramp = &mut self.designs[section];
        if ramp.is_settled() && ramp.target() == <[f64; 5]>::from(design) {
            return;
        }
        if unheard && design.is_identity() {
            ramp.jump(design.into());
            return;
        }
        ramp.change(design.into(), change);
        state.moving = true;
    }

    /// Moves a section to another part of the channels, where there are parts.
    pub(crate) fn place(&mut self, state: &mut State, section: usize, to: StereoPlacement, change: Change) {
        let unheard = self.is_unheard(section);
        let to = to.values();
        let Some(ramp) = self.placements.get_mut(section).filter(|ramp| ramp.target() != to) else { return };
        if unheard {
            ramp.jump(to);
        } else {
            ramp.change(to, change);
            state.moving = true;
        }
    }

    /// State too small to matter becomes zero.
    pub(crate) fn flush_denormals(&mut self) {
        svf_states::flush_denormals(self.states);
    }

    /// Runs all sections over a block, in place.
    pub(crate) fn process(&mut self, state: &mut State, simd: SimdLevel, block: &mut Block<'_, '_, T>) {
        let mut done = 0;
        while done < block.frames() {
            let left = block.frames() - done;
            match if state.moving { self.frames_to_next_rest() } else { None } {
                Some(frames) => {
                    let count = left.min(CHUNK).min(frames);
                    self.catch_up(state);
                    self.run_moving(simd, &mut block.part(done, done + count));
                    done += count;
                }
                None => {
                    if state.moving {
                        *state = self.come_to_rest();
                    }
                    self.run_at_rest(state, simd, &mut block.part(done, done + left));
                    done += left;
                }
            }
        }
    }

    /// Whether a section has no effect now and is not about to have one.
    fn is_unheard(&self, section: usize) -> bool {
        self.designs[section].is_settled() && self.design(section).is_identity()
    }

    fn frames_to_next_rest(&self) -> Option<usize> {
        let designs = self.designs.iter().map(Ramp::frames_left);
        next_rest(designs.chain(self.placements.iter().map(Ramp::frames_left)))
    }

    /// A section, once everything has come to rest.
    fn design(&self, section: usize) -> Svf {
        self.designs[section].target().into()
    }

    /// Where it works then.
    fn placement(&self, section: usize) -> StereoPlacement {
        self.placements.get(section).map_or(EVERYWHERE, |ramp| StereoPlacement::named(ramp.target()))
    }

    fn states(&mut self) -> SvfStates<'_, T> {
        SvfStates { states: self.states, sections: self.designs.len() }
    }

    /// Finds the sections that have an effect and packs their coefficients.
    fn come_to_rest(&mut self) -> State {
        let mut active = 0;
        for section in 0..self.designs.len() {
            if self.design(section).is_identity() {
                self.states().forget(section);
            } else {
                self.active[active] = section as u32;
                active += 1;
            }
        }
        let mut placed = 0;
        for group in 0..active.div_ceil(SECTIONS) {
            placed |= u64::from(self.pack(group, active)) << group;
        }
        if let Some(matrix) = self.matrix.first_mut().filter(|_| active == 1) {
            let design = self.designs[self.active[0] as usize].target();
            *matrix = block_of_four::step_matrix(design).map(|row| row.map(T::from_f64));
        }
        State { active, moving: false, placed, waits: 0 }
    }

    /// Packs eight of the active sections; tells whether one of them works on a part of the channels.
    fn pack(&mut self, group: usize, active: usize) -> bool {
        let range = group * SECTIONS..active.min((group + 1) * SECTIONS);
        let placed = self.active[range.clone()].iter().any(|s| self.placement(*s as usize) != EVERYWHERE);
        for lane in 0..SECTIONS {
            let section = self.active[range.clone()].get(lane).map(|section| *section as usize);
            let design = section.map_or(Svf::IDENTITY, |section| self.design(section)).into();
            let design = if placed { stereo_placement::change_of(design) } else { design };
            for (lanes, coefficient) in self.packed[group].iter_mut().zip(svf::coefficients(design)) {
                lanes[lane] = T::from_f64(coefficient);
            }
            let placement = section.map_or(EVERYWHERE, |section| self.placement(section)).values();
            if let Some(packed) = self.packed_placements.get_mut(group) {
                packed.iter_mut().zip(placement).for_each(|(lanes, gain)| lanes[lane] = T::from_f64(gain));
            }
        }
        placed
    }

    /// Leaves no frame waiting.
    fn catch_up(&mut self, state: &mut State) {
        if state.waits != 0 {
            let coefficients = coefficients_of(&self.packed[0], 0);
            let place = place_of(self.designs.len(), self.active[0] as usize);
            block_of_four::catch_up(&coefficients, self.states, place, self.waiting, state.waits);
            state.waits = 0;
        }
    }

    /// Nothing moves: a section by itself four frames at a time; of several, eight sections at once, or one with
    /// channels side by side, whichever is shorter.
    fn run_at_rest(&mut self, state: &mut State, simd: SimdLevel, block: &mut Block<'_, '_, T>) {
        if state.active == 1 && state.placed == 0 && !self.matrix.is_empty() {
            let place = place_of(self.designs.len(), self.active[0] as usize);
            let (matrix, states, waiting) = (&self.matrix[0], &mut *self.states, &mut *self.waiting);
            let waits = state.waits;
            state.waits =
                dispatch!(simd, s => block_of_four::run(s, matrix, states, place, waiting, waits, block));
            return;
        }
        let channels = block.channels();
        for group in 0..state.active.div_ceil(SECTIONS) {
            let first = group * SECTIONS;
            let count = (state.active - first).min(SECTIONS);
            let side_by_side = count * channels.div_ceil(SECTIONS) <= channels.div_ceil(2);
            let placed = state.placed >> group & 1 != 0;
            if side_by_side {
                for lane in 0..count {
                    let coefficients = coefficients_of(&self.packed[group], lane);
                    let coefficients = SvfCoefficients::Constant(&coefficients);
                    let section = self.active[first + lane] as usize;
                    let placement = placed.then(|| self.placement(section).values().map(constant));
                    self.run_section(section, coefficients, placement.as_ref(), simd, block);
                }
                continue;
            }
            let stride = self.designs.len() * STATE;
            let (sections, packed) = (&self.active[first..first + count], &self.packed[group]);
            let states = &mut *self.states;
            if placed {
                let placements = &self.packed_placements[group];
                dispatch!(simd, s => {
                    stereo_placement::run_pipeline(s, packed, placements, states, stride, sections, block);
                });
            } else {
                dispatch!(simd, s => {
                    simd_pipeline::run_sections(s, packed, states, stride, sections, channels, block);
                });
            }
        }
    }

    /// Something moves: one section after the other, for at most [`CHUNK`] frames, in which no section
    /// comes to rest.
    fn run_moving(&mut self, simd: SimdLevel, block: &mut Block<'_, '_, T>) {
        for section in 0..self.designs.len() {
            let placement = self.moving_placement(section, block.frames());
            let design = self.designs[section].target();
            if !self.designs[section].is_settled() {
                let mut designs = [[0.0; CHUNK]; 5];
                self.designs[section].fill(&mut designs, block.frames());
                if placement.is_some() {
                    // As `change_of` does.
                    designs[2].iter_mut().for_each(|m0| *m0 -= 1.0);
                }
                let coefficients = dispatch!(simd, s => { let _ = s; svf::moving(&designs) });
                let coefficients = SvfCoefficients::Moving(&coefficients);
                self.run_section(section, coefficients, placement.as_ref(), simd, block);
            } else if Svf::from(design).is_identity() {
                self.states().forget(section);
            } else {
                let design = if placement.is_some() { stereo_placement::change_of(design) } else { design };
                let coefficients = svf::coefficients(design).map(T::from_f64);
                let coefficients = SvfCoefficients::Constant(&coefficients);
                self.run_section(section, coefficients, placement.as_ref(), simd, block);
            }
        }
    }

    /// Where a section works in the next frames; `None` everywhere.
    fn moving_placement(&mut self, section: usize, frames: usize) -> Option<[[T; CHUNK]; 3]> {
        let ramp = self.placements.get_mut(section)?;
        if ramp.is_settled() {
            let placement = StereoPlacement::named(ramp.target());
            return (placement != EVERYWHERE).then(|| placement.values().map(constant));
        }
        let mut placements = [[0.0; CHUNK]; 3];
        ramp.fill(&mut placements, frames);
        Some(placements.map(|values| values.map(T::from_f64)))
    }

    /// Runs one section over the block. Where it works on a part of the channels, the coefficients are those of its
    /// change.
    fn run_section(
        &mut self,
        section: usize,
        coefficients: SvfCoefficients<'_, T>,
        placement: Option<&[[T; CHUNK]; 3]>,
        simd: SimdLevel,
        block: &mut Block<'_, '_, T>,
    ) {
        let mut states = self.states();
        let Some(placement) = placement else { return states.run(section, coefficients, simd, block) };
        let place = place_of(states.sections, section);
        let mut from = 0;
        while from < block.frames() {
            let to = block.frames().min(from + CHUNK);
            let (states, part) = (&mut *states.states, &mut block.part(from, to));
            dispatch!(simd, s => {
                stereo_placement::run_section(s, coefficients, placement, states, place, part);
            });
            from = to;
        }
    }
}

/// Those of one lane.
fn coefficients_of<T: Sample>(packed: &[[T; SECTIONS]; COEFFICIENTS], lane: usize) -> [T; COEFFICIENTS] {
    let mut coefficients = [T::ZERO; COEFFICIENTS];
    for i in 0..COEFFICIENTS {
        coefficients[i] = packed[i][lane];
    }
    coefficients
}

/// The same for every frame.
fn constant<T: Sample>(value: f64) -> [T; CHUNK] {
    [T::from_f64(value); CHUNK]
}
