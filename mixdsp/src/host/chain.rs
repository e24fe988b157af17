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

    fn response(&self, frequency_hz: f64, at: ResponseAt) -> Option<Complex<f64>> {
        self.members.iter().map(|member| member.unit.response(frequency_hz, at)).product()
    }

    fn sanitized_samples(&self) -> u64 {
        self.members.iter().map(|member| member.unit.sanitized_samples()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::find;
    use crate::host::recipe::{Leaf, Listens, Recipe};
    use crate::params::Given;
    use crate::{Gain, GainParams, Limiter, LimiterConfig, LimiterParams, NoConfig};
    use alloc::vec;

    const SPEC: Spec = Spec::new(48_000.0, 1);

    fn leaf(key: &str, values: &[(&str, f64)]) -> Recipe {
        let mut leaf = Leaf::new(find(key).unwrap());
        values.iter().for_each(|(path, value)| leaf.set(path, Given::Number(*value)).unwrap());
        leaf.into()
    }

    fn noise(frames: usize) -> Vec<f64> {
        let mut seed = 1u32;
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(seed) / f64::from(u32::MAX) - 0.5
        };
        (0..frames).map(|_| next()).collect()
    }

    fn run(chain: &mut Chain<f64>, cuts: &[usize]) -> Vec<f64> {
        let mut audio = noise(cuts.iter().sum());
        let mut rest = &mut audio[..];
        for cut in cuts {
            let (block, after) = rest.split_at_mut(*cut);
            chain.process(&mut [block], &[]).unwrap();
            rest = after;
        }
        audio
    }

    #[test]
    fn a_chain_is_its_processors_one_after_the_other() {
        let inner =
            Recipe::chain(vec![leaf("limiter", &[("ceiling_db", -12.0)]), leaf("gain", &[("gain_db", 3.0)])]);
        let recipe = Recipe::chain(vec![leaf("gain", &[("gain_db", 6.0)]), inner]);
        let mut chain = recipe.build::<f64>(SPEC, Listens::All, vec![]).unwrap();
        let gain =
            |gain_db| Gain::<f64>::new(SPEC, NoConfig, GainParams { gain_db, ..Default::default() }).unwrap();
        let params = LimiterParams { ceiling_db: -12.0, ..Default::default() };
        let limiter = Limiter::<f64>::new(SPEC, LimiterConfig::default(), params).unwrap();
        let mut fixed = (gain(6.0), limiter, gain(3.0));
        let mut expected = noise(6_000);
        fixed.process(&mut [&mut expected], &[]).unwrap();
        assert_eq!(run(&mut chain, &[1, 0, 999, 4_000, 1_000]), expected);
        assert_eq!((chain.latency(), chain.tail()), (fixed.latency(), fixed.tail()));
        assert_eq!((chain.nodes(), chain.get(GainParams::GAIN_DB.in_node(2))), (3, Some(3.0)));
    }

    #[test]
    fn automation_acts_where_the_sound_is_and_any_cut_gives_the_same_bits() {
        let recipe = Recipe::chain(vec![leaf("limiter", &[]), leaf("gain", &[])]);
        let (id, row) = recipe.find("gain.gain_db").unwrap();
        let lanes = || {
            let points = [[0.01, -6.0], [0.02, -24.0], [0.02, 0.0], [0.05, 6.0]];
            vec![Lane::of_seconds((), (id, row), &points, 48_000.0, 0).unwrap()]
        };
        let build = || recipe.build::<f64>(SPEC, Listens::All, lanes()).unwrap();
        let whole = run(&mut build(), &[4_000]);
        let mut chain = build();
        assert_eq!(run(&mut chain, &[7, 473, 480, 480, 1, 1_559, 1_000]), whole);
        // Again from the start.
        chain.reset();
        assert_eq!(run(&mut chain, &[4_000]), whole);
        // Before the first point the gain holds its value, behind the last the last; 40 ms lie on the line's middle.
        let late = chain.latency();
        let input = noise(4_000);
        let gain_db = |frame: usize| 20.0 * (whole[frame + late] / input[frame]).abs().log10();
        for (frame, expected) in [(100, -6.0), (480 + 240, -15.0), (3_000, 6.0)] {
            assert!((gain_db(frame) - expected).abs() < 0.01, "{frame}: {} dB", gain_db(frame));
        }
    }

    #[test]
    fn what_cannot_be_built_is_named_with_its_member() {
        let recipe = Recipe::chain(vec![
            leaf("gain", &[]),
            Recipe::chain(vec![leaf("delay", &[("time_ms", 3_000.0)])]).named("echo"),
        ]);
        let error = recipe.build::<f32>(SPEC, Listens::All, vec![]).unwrap_err();
        assert!(error.path == "echo.delay" && error.reason.contains("time_ms = 3000 is outside"), "{error}");
        assert!(error.reason.ends_with("see max_time_ms") || error.reason.contains("; see "), "{error}");
        assert!(recipe.build::<f32>(Spec::new(1.0, 1), Listens::All, vec![]).is_err());
    }
}
