//! Floor 6: a node: a processor made of processors that work side by side.
//!
//! ```text
//! in --> clean --+--> member 0 --> wait --+
//!                |--> member 1 --> wait --+--> joined --> out
//!                `--> ...         wait ---+
//! ```
//!
//! What is the same for all nodes stands here: the check of a block, cleaning, ids, latency, tail, the end of the input,
//! and memory. How the members hear the input and how they are joined is said by a [`Join`].
//!
//! Every member waits for the slowest, so that all meet to the sample. How long is found when the node is built; its
//! latency is that of the slowest member.
//!
//! Nodes count depth first. Parameters of the node's own, where it has some, are node 0 and the members follow; where it
//! has none, the first member begins at 0.
//!
//! Words: `waits`, the frames that each member waits; `rings`, what waits, path by path; `lanes`, room for 256
//! frames at a time. State: `clock`, frames since reset.

use crate::base::audio::{MAX_CHANNELS, check_block, sanitize};
use crate::base::error::Error;
use crate::base::layout::layout;
use crate::base::memory::Store;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::compose::members::{self, Members};
use crate::dsp::delay_line;
use crate::engine::kind::ResponseAt;
use crate::engine::processor::Processor;
use crate::params::Id;
use core::f64::consts::TAU;
use num_complex::Complex;

/// Frames that are worked on at a time.
pub(crate) const CHUNK: usize = 256;

/// Lengths in a node's words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sizes {
    members: usize,
    /// Samples that wait, in all paths together.
    waiting: usize,
    /// Channels of room.
    lanes: usize,
}

layout! {
    /// The words of a node.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        waits: [u64; sizes.members],
        rings: [T; sizes.waiting],
        lanes: [T; sizes.lanes.saturating_mul(CHUNK)],
    }
}

/// What a join asks for, in channels.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// That each member hears.
    pub(crate) member: usize,
    /// That wait as long as the slowest member takes, beside the members' own.
    pub(crate) dry: usize,
    /// Of room to work in.
    pub(crate) lanes: usize,
}

/// How a node lets its members hear the input, and joins what they make of it.
pub trait Join<T: Sample, M> {
    /// What it needs for so many channels.
    fn shape(&self, channels: usize, members: usize) -> Shape;

    /// Nodes of its own before the members: 1 where it has parameters.
    const OWN_NODES: u16 = 0;

    /// Who has this parameter of the node's own.
    fn own(&self, _id: Id) -> Option<&dyn Processor<T>> {
        None
    }

    /// The same, to change it.
    fn own_mut(&mut self, _id: Id) -> Option<&mut dyn Processor<T>> {
        None
    }

    /// Clears what it keeps.
    fn reset(&mut self) {}

    /// Frames by which the members hear the input late.
    fn latency(&self) -> usize {
        0
    }

    /// Frames that what stands before the members takes to fall silent.
    fn tail(&self) -> Option<usize> {
        Some(0)
    }

    /// Processes at most 256 frames, which are clean.
    fn process(
        &mut self,
        members: &mut M,
        paths: Paths<'_, T>,
        audio: &mut [&mut [T]],
        sidechain: &[&[T]],
    ) -> Result<(), Error>;

    /// The response of the node, given how the members' outputs wait.
    fn response(&self, members: &M, look: &PathResponse<'_>) -> Option<Complex<f64>>;
}

/// What waits, path by path in the order in which they are processed, and room to work in.
#[derive(Debug)]
pub struct Paths<'a, T> {
    waits: core::slice::Iter<'a, u64>,
    rings: &'a mut [T],
    clock: u64,
    latency: usize,
    pub(crate) lanes: &'a mut [T],
}

impl<T: Sample> Paths<'_, T> {
    /// Makes the next member's output wait for the slowest.
    pub(crate) fn align(&mut self, channels: &mut [&mut [T]]) {
        let wait = self.waits.next().map_or(0, |wait| *wait as usize);
        self.wait(wait, channels);
    }

    /// Makes what no member has heard wait as long.
    pub(crate) fn align_dry(&mut self, channels: &mut [&mut [T]]) {
        self.wait(self.latency, channels);
    }

    fn wait(&mut self, frames: usize, channels: &mut [&mut [T]]) {
        if frames == 0 {
            return;
        }
        let rings = core::mem::take(&mut self.rings);
        let Some((own, rest)) = rings.split_at_mut_checked(frames * channels.len()) else { return };
        self.rings = rest;
        let position = (self.clock % frames as u64) as usize;
        for (ring, channel) in own.chunks_exact_mut(frames).zip(channels) {
            delay_line::wait(ring, position, channel);
        }
    }
}

/// Channels of room, so many frames of each.
pub(crate) fn planes<T>(lanes: &mut [T], frames: usize) -> [&mut [T]; MAX_CHANNELS] {
    let mut lanes = lanes.chunks_exact_mut(CHUNK);
    core::array::from_fn(|_| lanes.next().map_or(&mut [][..], |lane| &mut lane[..frames]))
}

/// The same, to read.
pub(crate) fn views<T>(lanes: &[T], frames: usize) -> [&[T]; MAX_CHANNELS] {
    let mut lanes = lanes.chunks_exact(CHUNK);
    core::array::from_fn(|_| lanes.next().map_or(&[][..], |lane| &lane[..frames]))
}

/// Copies channels.
pub(crate) fn copy<T: Sample, C: AsRef<[T]>>(from: &[C], to: &mut [&mut [T]]) {
    to.iter_mut().zip(from).for_each(|(to, from)| to.copy_from_slice(from.as_ref()));
}

/// Adds channels.
pub(crate) fn add<T: Sample, C: AsRef<[T]>>(from: &[C], to: &mut [&mut [T]]) {
    for (to, from) in to.iter_mut().zip(from) {
        to.iter_mut().zip(from.as_ref()).for_each(|(sum, sample)| *sum += *sample);
    }
}

/// What responses of members are asked for, and how their outputs wait.
#[derive(Debug)]
pub struct PathResponse<'a> {
    waits: &'a [u64],
    latency: usize,
    /// Turns of the sine in a frame.
    turns: f64,
    pub(crate) frequency_hz: f64,
    pub(crate) moment: ResponseAt,
}

impl PathResponse<'_> {
    /// What comes of the input without a member.
    pub(crate) fn dry(&self) -> Complex<f64> {
        self.wait(self.latency)
    }

    /// What comes of each member, in order, its wait included. False when one has no response.
    pub(crate) fn each<T: Sample, M: Members<T>>(
        &self,
        members: &M,
        mut act: impl FnMut(usize, Complex<f64>),
    ) -> bool {
        let (mut at, mut all) = (0, true);
        members.each(|member| {
            let wait = self.wait(self.waits.get(at).map_or(0, |wait| *wait as usize));
            match member.response(self.frequency_hz, self.moment) {
                Some(response) => act(at, response * wait),
                None => all = false,
            }
            at += 1;
        });
        all
    }

    fn wait(&self, frames: usize) -> Complex<f64> {
        let turns = self.turns * frames as f64;
        Complex::from_polar(1.0, -TAU * (turns - libm::floor(turns)))
    }
}

/// A processor made of processors: how they are joined, and the members. [`Parallel`](crate::Parallel),
/// [`MidSidePaths`](crate::MidSidePaths), [`LeftRight`](crate::LeftRight), [`Bands`](crate::Bands) and
/// [`Delta`](crate::Delta) are names of it.
#[derive(Debug)]
pub struct Node<J, T, M, S> {
    spec: Spec,
    join: J,
    members: M,
    sizes: Sizes,
    /// Of the slowest member.
    latency: usize,
    clock: u64,
    sanitized_samples: u64,
    words: S,
    sample: core::marker::PhantomData<T>,
}

/// What members of these latencies need.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Latencies {
    count: usize,
    longest: usize,
    sum: usize,
}

impl Latencies {
    /// Those of members.
    pub(crate) fn of<T: Sample>(members: &impl Members<T>) -> Self {
        let mut all = Self::default();
        members.each(|member| all = all.and(member.latency()));
        all
    }

    /// One more.
    pub(crate) fn and(self, latency: usize) -> Self {
        Self {
            count: self.count + 1,
            longest: self.longest.max(latency),
            sum: self.sum.saturating_add(latency),
        }
    }

    fn sizes(self, shape: Shape) -> Sizes {
        let waits = self.longest.saturating_mul(self.count).saturating_sub(self.sum);
        let dry = self.longest.saturating_mul(shape.dry);
        let waiting = waits.saturating_mul(shape.member).saturating_add(dry);
        Sizes { members: self.count, waiting, lanes: shape.lanes }
    }

    /// How many words a node of these members needs.
    pub(crate) fn words<T: Sample>(self, shape: Shape) -> usize {
        Memory::<T>::words(self.sizes(shape))
    }
}

impl<J: Join<T, M>, T: Sample, M: Members<T>, S: Store> Node<J, T, M, S> {
    /// A node at rest. Members that do not take a block as they will hear it are refused.
    pub(crate) fn build(mut spec: Spec, join: J, mut members: M, mut words: S) -> Result<Self, Error> {
        spec.check()?;
        spec.simd = spec.simd.resolve();
        let shape = join.shape(spec.inputs, members::count::<T>(&members));
        // A block of no frames changes nothing and tells whether its channels suffice.
        let mut audio: [&mut [T]; MAX_CHANNELS] = core::array::from_fn(|_| &mut [][..]);
        let sidechain: [&[T]; MAX_CHANNELS] = [&[]; MAX_CHANNELS];
        members.try_each_mut(|member| {
            member.process(&mut audio[..shape.member], &sidechain[..spec.sidechain])
        })?;
        let latencies = Latencies::of::<T>(&members);
        let (sizes, latency) = (latencies.sizes(shape), latencies.longest);
        let (needed, given) = (Memory::<T>::words(sizes), words.as_mut().len());
        if given < needed {
            return Err(Error::Memory { needed, given });
        }
        words.as_mut()[..needed].fill(0);
        let memory = Memory::<T>::carve(words.as_mut(), sizes);
        let mut waits = memory.waits.iter_mut();
        members.each(|member| {
            if let Some(wait) = waits.next() {
                *wait = (latency - member.latency()) as u64;
            }
        });
        let (clock, sanitized_samples) = (0, 0);
        let sample = core::marker::PhantomData;
        Ok(Self { spec, join, members, sizes, latency, clock, sanitized_samples, words, sample })
    }
}

#[cfg(any(feature = "alloc", test))]
impl<J: Join<T, M>, T: Sample, M: Members<T>> Node<J, T, M, crate::base::memory::Storage> {
    /// The same in memory of its own. [`Error::Memory`] when there is none.
    pub(crate) fn boxed(spec: Spec, join: J, members: M) -> Result<Self, Error> {
        let latencies = Latencies::of::<T>(&members);
        let needed = latencies.words::<T>(join.shape(spec.inputs, latencies.count));
        let mut words = alloc::vec::Vec::new();
        words.try_reserve_exact(needed).map_err(|_| Error::Memory { needed, given: 0 })?;
        words.resize(needed, 0);
        Self::build(spec, join, members, words.into_boxed_slice())
    }
}

impl<J, T, M, S> Node<J, T, M, S> {
    /// What the node was built for.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// What it is made of.
    pub fn members(&self) -> &M {
        &self.members
    }

    /// The same, to change parameters. A member that is replaced by one of another latency no longer meets the others.
    pub fn members_mut(&mut self) -> &mut M {
        &mut self.members
    }
}

impl<J: Join<T, M>, T: Sample, M: Members<T>, S: Store> Node<J, T, M, S> {
    /// The place of an id among the members; `None` when it is one of the node's own.
    fn of_members(id: Id) -> Option<Id> {
        id.node().checked_sub(J::OWN_NODES).map(|node| id.in_node(node))
    }

    fn run(
        &mut self,
        audio: &mut [&mut [T]],
        sidechain: &[&[T]],
        frames: core::ops::Range<usize>,
    ) -> Result<(), Error> {
        let Memory { waits, rings, lanes, .. } = Memory::carve(self.words.as_mut(), self.sizes);
        let count = audio.len();
        let mut channels: [&mut [T]; MAX_CHANNELS] = core::array::from_fn(|_| &mut [][..]);
        let mut heard: [&[T]; MAX_CHANNELS] = [&[]; MAX_CHANNELS];
        for (part, channel) in channels.iter_mut().zip(audio.iter_mut()) {
            *part = &mut channel[frames.clone()];
        }
        for (part, channel) in heard.iter_mut().zip(sidechain) {
            *part = &channel[frames.clone()];
        }
        let (audio, sidechain) = (&mut channels[..count], &heard[..sidechain.len()]);
        let paths = Paths { waits: waits.iter(), rings, clock: self.clock, latency: self.latency, lanes };
        self.join.process(&mut self.members, paths, audio, sidechain)?;
        self.clock += frames.len() as u64;
        Ok(())
    }
}

impl<J: Join<T, M>, T: Sample, M: Members<T>, S: Store> Processor<T> for Node<J, T, M, S> {
    fn process(&mut self, audio: &mut [&mut [T]], sidechain: &[&[T]]) -> Result<(), Error> {
        let (frames, given) = check_block(&self.spec, audio, sidechain)?;
        let (audio, sidechain) = (&mut audio[..self.spec.inputs], &sidechain[..given]);
        self.sanitized_samples += sanitize(&self.spec, audio, &[]);
        let mut done = 0;
        while done < frames {
            let end = frames.min(done + CHUNK);
            self.run(audio, sidechain, done..end)?;
            done = end;
        }
        Ok(())
    }

    fn reset(&mut self) {
        self.join.reset();
        self.members.each_mut(|member| member.reset());
        Memory::<T>::carve(self.words.as_mut(), self.sizes).rings.fill(T::ZERO);
        self.clock = 0;
    }

    fn end_after(&mut self, frames: usize) {
        let frames = frames.saturating_add(self.join.latency());
        self.members.each_mut(|member| member.end_after(frames));
    }

    fn latency(&self) -> usize {
        self.latency + self.join.latency()
    }

    fn tail(&self) -> Option<usize> {
        let mut longest = Some(self.latency);
        self.members.each(|member| {
            // It waits for the slowest by what it is faster.
            let wait = self.latency.saturating_sub(member.latency());
            let tail = member.tail().map(|tail| tail.saturating_add(wait));
            longest = longest.zip(tail).map(|(longest, tail)| longest.max(tail));
        });
        longest.zip(self.join.tail()).map(|(members, before)| members.saturating_add(before))
    }

    fn nodes(&self) -> u16 {
        members::nodes::<T>(&self.members).saturating_add(J::OWN_NODES)
    }

    fn set(&mut self, id: Id, value: f64) -> Result<(), Error> {
        match Self::of_members(id) {
            None => self.join.own_mut(id).ok_or(Error::Unknown { id })?.set(id, value),
            Some(place) => members::with_mut(&mut self.members, place, |member, id| member.set(id, value))
                .map_err(|error| named(error, id)),
        }
    }

    fn glide(&mut self, id: Id, target: f64, frames: usize) -> Result<(), Error> {
        match Self::of_members(id) {
            None => self.join.own_mut(id).ok_or(Error::Unknown { id })?.glide(id, target, frames),
            Some(place) => {
                let glide = |member: &mut dyn Processor<T>, id| member.glide(id, target, frames);
                members::with_mut(&mut self.members, place, glide).map_err(|error| named(error, id))
            }
        }
    }

    fn get(&self, id: Id) -> Option<f64> {
        match Self::of_members(id) {
            None => self.join.own(id)?.get(id),
            Some(id) => members::with(&self.members, id, |member: &dyn Processor<T>, id| member.get(id))?,
        }
    }

    fn trace(&self, id: Id, out: &mut [f64]) -> usize {
        let trace = |member: &dyn Processor<T>, id| member.trace(id, out);
        let members = Self::of_members(id).map(|id| members::with(&self.members, id, trace));
        members.flatten().unwrap_or(0)
    }

    fn response(&self, frequency_hz: f64, moment: ResponseAt) -> Option<Complex<f64>> {
        let MemoryRef { waits, .. } = MemoryRef::<T>::read(self.words.as_ref(), self.sizes);
        let (latency, turns) = (self.latency, frequency_hz / self.spec.sample_rate);
        self.join.response(&self.members, &PathResponse { waits, latency, turns, frequency_hz, moment })
    }

    fn sanitized_samples(&self) -> u64 {
        let mut sum = self.sanitized_samples;
        self.members.each(|member| sum += member.sanitized_samples());
        sum
    }
}

/// An unknown id is told as it was given, not as a member knows it.
fn named(error: Error, id: Id) -> Error {
    match error {
        Error::Unknown { .. } => Error::Unknown { id },
        other => other,
    }
}
