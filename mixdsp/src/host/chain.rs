//! A recipe at work: processors in series, with what moves.
//!
//! ```text
//! audio --> member 0 --> member 1 --> ... --> audio
//!              ^            ^
//!              +---- automation, in blocks that end at every point ----+
//! ```
//!
//! State: `clock`, frames since reset; `ends`, the clock at which the input of each member ends, once that is known.

use crate::base::audio::{MAX_CHANNELS, frames_of};
use crate::base::error::Error;
use crate::base::id::Id;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::engine::kind::ResponseAt;
use crate::engine::processor::Processor;
use crate::host::automation::{Automation, Lane};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;
use num_complex::Complex;

/// A processor in a box.
pub type BoxedProcessor<T> = Box<dyn Processor<T> + Send>;

/// A processor of the chain.
pub(crate) struct Member<T: Sample> {
    /// Its first node, and how many it has.
    pub(crate) first: u16,
    pub(crate) nodes: u16,
    /// Channels that it reads or writes.
    pub(crate) channels: usize,
    pub(crate) unit: BoxedProcessor<T>,
}

/// What [`Recipe::build`](super::recipe::Recipe::build) gives. It is one processor: ids name the places of the recipe's
/// processors, depth first. Building allocates, nothing else does.
pub struct Chain<T: Sample> {
    members: Vec<Member<T>>,
    spec: Spec,
    channels: usize,
    /// How late the sound is at each node.
    late: Vec<usize>,
    automation: Automation<()>,
    clock: u64,
    ends: Vec<u64>,
    /// Whether the ends are known.
    ended: bool,
}

impl<T: Sample> fmt::Debug for Chain<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chain")
            .field("spec", &self.spec)
            .field("members", &self.members.len())
            .finish_non_exhaustive()
    }
}

impl<T: Sample> Chain<T> {
    /// `late` tells how late the sound is at each node.
    pub(crate) fn new(
        members: Vec<Member<T>>,
        spec: Spec,
        late: &[usize],
        mut lanes: Vec<Lane<()>>,
    ) -> Result<Self, Error> {
        for lane in &mut lanes {
            let late = late.get(usize::from(lane.id.node())).ok_or(Error::Unknown { id: lane.id })?;
            lane.delay(*late as u64);
        }
        let widest = members.iter().map(|member| member.channels).max();
        let channels = widest.unwrap_or(0).max(spec.inputs).max(spec.outputs);
        let ends = alloc::vec![0; members.len()];
        let automation = Automation::new(lanes);
        let mut chain =
            Self { members, spec, channels, late: late.to_vec(), automation, clock: 0, ends, ended: false };
        if !chain.automation.lanes().is_empty() {
            chain.rewind()?;
        }
        Ok(chain)
    }

    /// Rate and channels; outputs as they are found.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// Channels that a block must have: the most that are in use between two members.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// The processors in order; a chain in the chain is its members.
    pub fn units(&self) -> impl Iterator<Item = &(dyn Processor<T> + Send)> {
        self.members.iter().map(|member| &*member.unit)
    }

    /// By how many frames the sound is late at each node.
    pub fn late(&self) -> &[usize] {
        &self.late
    }

    /// Frames to where something is done between two: a point of the automation, or the end of a member's input.
    pub fn undisturbed(&self) -> usize {
        let left = self.automation.frames_left(self.clock);
        if !self.ended {
            return left;
        }
        let ends = self.ends.iter().filter_map(|end| end.checked_sub(self.clock)).filter(|left| *left > 0);
        ends.fold(left, |least, left| usize::try_from(left).map_or(least, |left| least.min(left)))
    }

    /// As freshly built: automated parameters stand where their lanes begin, the others keep what was set.
    pub fn rewind(&mut self) -> Result<(), Error> {
        for lane in self.automation.lanes() {
            set(&mut self.members, lane.id, lane.initial())?;
        }
        self.members.iter_mut().for_each(|member| member.unit.reset());
        self.automation.rewind();
        self.clock = 0;
        self.ended = false;
        Ok(())
    }

    /// The member that an id names, and its id in there.
    fn member(&self, id: Id) -> Option<(&Member<T>, Id)> {
        let member = self.members.iter().find(|member| member.holds(id))?;
        Some((member, id.in_node(id.node() - member.first)))
    }

    /// Does what is due now.
    fn turn(&mut self) -> Result<(), Error> {
        let (members, clock) = (&mut self.members, self.clock);
        self.automation.run(clock, |(), id, step| {
            let member = members.iter_mut().find(|member| member.holds(id)).ok_or(Error::Unknown { id })?;
            step.take(&mut *member.unit, id.in_node(id.node() - member.first))
        })?;
        if self.ended {
            let ending = self.members.iter_mut().zip(&self.ends).filter(|(_, end)| **end == clock);
            ending.for_each(|(member, _)| member.unit.end());
        }
        Ok(())
    }
}

impl<T: Sample> Chain<T> {
    /// Runs the members over some frames of a block.
    fn process_part(
        &mut self,
        audio: &mut [&mut [T]],
        sidechain: &[&[T]],
        frames: Range<usize>,
    ) -> Result<(), Error> {
        let mut planes: [&mut [T]; MAX_CHANNELS] = core::array::from_fn(|_| <&mut [T]>::default());
        for (place, plane) in planes.iter_mut().zip(audio) {
            *place = plane.get_mut(frames.clone()).unwrap_or_default();
        }
        let mut keys: [&[T]; MAX_CHANNELS] = [&[]; MAX_CHANNELS];
        for (place, plane) in keys.iter_mut().zip(sidechain) {
            *place = plane.get(frames.clone()).unwrap_or_default();
        }
        let (planes, keys) = (&mut planes[..self.channels], &keys[..sidechain.len().min(MAX_CHANNELS)]);
        self.members.iter_mut().try_for_each(|member| member.unit.process(planes, keys))
    }
}

impl<T: Sample> Member<T> {
    fn holds(&self, id: Id) -> bool {
        (self.first..self.first.saturating_add(self.nodes)).contains(&id.node())
    }
}

fn set<T: Sample>(members: &mut [Member<T>], id: Id, value: f64) -> Result<(), Error> {
    let member = members.iter_mut().find(|member| member.holds(id)).ok_or(Error::Unknown { id })?;
    member.unit.set(id.in_node(id.node() - member.first), value)
}

impl<T: Sample> Processor<T> for Chain<T> {
    fn process(&mut self, audio: &mut [&mut [T]], sidechain: &[&[T]]) -> Result<(), Error> {
        let frames = frames_of(audio, self.channels, "audio")?;
        let mut done = 0;
        loop {
            self.turn()?;
            let count = (frames - done).min(self.undisturbed());
            if count == frames {
                self.members.iter_mut().try_for_each(|member| member.unit.process(audio, sidechain))?;
            } else {
                self.process_part(audio, sidechain, done..done + count)?;
            }
            done += count;
            self.clock += count as u64;
            if done == frames {
                return Ok(());
            }
        }
    }

    fn reset(&mut self) {
        // The values of lanes were checked when they were built.
        let _ = self.rewind();
    }

    fn end_after(&mut self, frames: usize) {
        let mut end = self.clock.saturating_add(frames as u64);
        for (place, member) in self.ends.iter_mut().zip(&self.members) {
            *place = end;
            end = end.saturating_add(member.unit.latency() as u64);
        }
        self.ended = true;
    }

    fn latency(&self) -> usize {
        self.members.iter().map(|member| member.unit.latency()).sum()
    }

    fn tail(&self) -> Option<usize> {
        self.members.iter().try_fold(0usize, |sum, member| Some(sum.saturating_add(member.unit.tail()?)))
    }

    fn nodes(&self) -> u16 {
        self.members.iter().fold(0, |sum, member| sum.saturating_add(member.nodes))
    }

    fn set(&mut self, id: Id, value: f64) -> Result<(), Error> {
        set(&mut self.members, id, value)
    }

    fn glide(&mut self, id: Id, target: f64, frames: usize) -> Result<(), Error> {
        let member = self.members.iter_mut().find(|member| member.holds(id)).ok_or(Error::Unknown { id })?;
        member.unit.glide(id.in_node(id.node() - member.first), target, frames)
    }

    fn get(&self, id: Id) -> Option<f64> {
        let (member, id) = self.member(id)?;
        member.unit.get(id)
    }

    fn trace(&self, id: Id, out: &mut [f64]) -> usize {
        self.member(id).map_or(0, |(member, id)| member.unit.trace(id, out))
    }

    fn static_curve_db(&self, level_db: f64) -> Option<f64> {
        let through = |level_db, member: &Member<T>| member.unit.static_curve_db(level_db);
        if self.members.is_empty() { None } else { self.members.iter().try_fold(level_db, through) }
    }

    fn response(&self, frequency_hz: f64, at: ResponseAt) -> Option<Complex<f64>> {
        self.members.iter().map(|member| member.unit.response(frequency_hz, at)).product()
    }

    fn sanitized_samples(&self) -> u64 {
        self.members.iter().map(|member| member.unit.sanitized_samples()).sum()
    }
}
