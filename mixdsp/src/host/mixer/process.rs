//! How a mixer runs: each strip fetches what it is given, from outside or from those before it.
//!
//! ```text
//! turn:            0           1           2           3
//! round 0, tracks: frames a    frames b
//! round 1, buses:              frames a    frames b
//! round 2, master:                         frames a    frames b
//! ```
//!
//! What a node gives in a turn is read in later ones, so that nothing waits within a turn.

use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::engine::processor::Processor;
use crate::host::mixer::{Given, Inserts, MixError, Mixer, Node, Stereo, Tap, Way};
use crate::host::threads::for_each;
use crate::mix::EffectSend;
use crate::processors::align::Align;
use alloc::vec::Vec;
use core::ops::Range;

/// Where the audio of tracks comes from. Any thread may ask, each track in the order of its frames.
pub trait Sources<T>: Sync {
    /// Fills a track's channels from this frame of the block on; tracks are counted in the order in which they were added.
    fn fetch(&self, track: usize, start: usize, audio: &mut [&mut [T]]);

    /// Is told what the track gave behind its fader for what was fetched last.
    fn heard(&self, _track: usize, _given: [&[T]; 2]) {}

    /// Is told that the inserts of the master have run over so many more frames, at most [`MASTER_FRAMES`]: for their
    /// readings.
    fn mastered(&self, _inserts: &Inserts<T>, _frames: usize) {}
}

/// Most frames that the master runs between two looks at its readings: those that a compressor remembers.
pub const MASTER_FRAMES: usize = 64;

/// Blocks of the caller.
impl<T: Sample> Sources<T> for &[&[&[T]]] {
    fn fetch(&self, track: usize, start: usize, audio: &mut [&mut [T]]) {
        for (audio, input) in audio.iter_mut().zip(self[track]) {
            audio.copy_from_slice(&input[start..start + audio.len()]);
        }
    }
}

impl<T: Sample> Mixer<T> {
    /// Mixes a block: one input per track in the order in which they were added, each of the track's
    /// channels, all as long as `out`, which has two channels. Any number of frames.
    pub fn process(&mut self, inputs: &[&[&[T]]], out: &mut [&mut [T]]) -> Result<(), MixError> {
        if !self.prepared {
            return Err(MixError::NotPrepared);
        }
        if inputs.len() != self.tracks.len() {
            return Err(MixError::Inputs { needed: self.tracks.len(), given: inputs.len() });
        }
        let frames = crate::base::audio::frames_of(out, 2, "audio")?;
        for (input, channels) in inputs.iter().zip(&self.tracks) {
            let given = crate::base::audio::frames_of(input, *channels, "audio")?;
            if given != frames {
                return Err(Error::BlockFrames { expected: frames, given }.into());
            }
        }
        self.process_from(out, &inputs)
    }

    /// Mixes a block whose tracks are fetched where they are mixed, each by the thread that mixes it.
    pub fn process_from(&mut self, out: &mut [&mut [T]], sources: &impl Sources<T>) -> Result<(), MixError> {
        if !self.prepared {
            return Err(MixError::NotPrepared);
        }
        let frames = crate::base::audio::frames_of(out, 2, "audio")?;
        let blocks = frames.div_ceil(self.stretch);
        let last = self.rounds.len() - 1;
        for turn in 0..if blocks > 0 { blocks + last } else { 0 } {
            self.take_turn(sources, turn, frames)?;
            if let Some(block) = turn.checked_sub(last) {
                let part = self.part(block, frames);
                let Given { sum, .. } = &self.given[0][self.places[0]];
                for (out, sum) in out.iter_mut().zip(sum) {
                    out[part.clone()].copy_from_slice(&sum[..part.len()]);
                }
            }
            // What was written is one turn old.
            self.given.rotate_right(1);
        }
        Ok(())
    }

    /// The frames of a block of so many that are the work of one turn of a node.
    fn part(&self, at: usize, frames: usize) -> Range<usize> {
        let start = at * self.stretch;
        start..frames.min(start + self.stretch)
    }

    /// Runs all nodes for which there is something: those of round 0 on the part of this turn, those of round 1 on the
    /// one before, and so on.
    fn take_turn(&mut self, sources: &impl Sources<T>, turn: usize, frames: usize) -> Result<(), MixError> {
        let blocks = frames.div_ceil(self.stretch);
        let (first, last) = (turn.saturating_sub(blocks - 1), turn.min(self.rounds.len() - 1));
        let nodes = first.checked_sub(1).map_or(0, |round| self.rounds[round])..self.rounds[last];
        let Some((now, before)) = self.given.split_first_mut() else { return Ok(()) };
        let stretch = self.stretch;
        // The last round first: where many tracks go into few buses, a bus has more to do.
        let work = self.nodes[nodes.clone()].iter_mut().zip(&mut now[nodes]).rev();
        for_each(work, &mut self.scratch, |(node, given), scratch| {
            let start = (turn - node.round) * stretch;
            node.run(before, given, scratch, sources, start, stretch.min(frames - start))
        })?;
        Ok(())
    }
}

impl<T: Sample> Node<T> {
    /// Runs one strip on what comes from outside or from `before`.
    fn run(
        &mut self,
        before: &[Vec<Given<T>>],
        given: &mut Given<T>,
        scratch: &mut Stereo<T>,
        sources: &impl Sources<T>,
        start: usize,
        count: usize,
    ) -> Result<(), Error> {
        let heard = self.track.as_ref().map_or(0, |track| track.channels);
        given.sum[heard..].iter_mut().for_each(|channel| channel[..count].fill(T::ZERO));
        if let Some(track) = &mut self.track {
            let audio = &mut cut(&mut given.sum, &(0..count))[..heard];
            sources.fetch(track.number, start, audio);
            wait(&mut track.entry, audio)?;
        }
        let mut done = 0;
        while done < count {
            let is_master = self.id == 0;
            let most = if is_master { MASTER_FRAMES } else { usize::MAX };
            let frames = self.turn(most.min(count - done))?;
            self.run_part(before, given, scratch, &(done..done + frames))?;
            if is_master {
                sources.mastered(&self.strip.inserts, frames);
            }
            self.clock += frames as u64;
            done += frames;
        }
        if let Some(track) = &self.track {
            sources.heard(track.number, given.sum.each_ref().map(|channel| &channel[..count]));
        }
        Ok(())
    }

    /// Runs it to where something is automated.
    fn run_part(
        &mut self,
        before: &[Vec<Given<T>>],
        Given { sum, tapped }: &mut Given<T>,
        scratch: &mut Stereo<T>,
        part: &Range<usize>,
    ) -> Result<(), Error> {
        for Way { place, age, wait: align } in &mut self.inputs {
            if align.latency() == 0 {
                add(sum, &before[*age][*place].sum, part);
            } else {
                copy(scratch, &before[*age][*place].sum, part);
                wait(align, &mut cut(scratch, part))?;
                add(sum, scratch, part);
            }
        }
        for (EffectSend { tap, level }, Way { place, age, wait: align }) in &mut self.sends {
            let Given { sum: given, tapped } = &before[*age][*place];
            copy(scratch, if *tap == Tap::PreFader { tapped } else { given }, part);
            level.process(&mut cut(scratch, part), &[])?;
            wait(align, &mut cut(scratch, part))?;
            add(sum, scratch, part);
        }
        let is_keyed = self.key.is_some();
        if let Some((_, Way { place, age, wait: align })) = &mut self.key {
            copy(scratch, &before[*age][*place].tapped, part);
            wait(align, &mut cut(scratch, part))?;
        }
        let key = scratch.each_ref().map(|channel| &channel[part.clone()]);
        let sidechain: &[&[T]] = if is_keyed { &key } else { &[] };
        self.strip.process_to_tap(&mut cut(sum, part), sidechain)?;
        if self.is_tapped {
            copy(tapped, sum, part);
        }
        self.strip.process_from_tap(&mut cut(sum, part))
    }
}

/// Lets a path wait; most paths have nothing to wait for.
fn wait<T: Sample>(align: &mut Align<T>, audio: &mut [&mut [T]]) -> Result<(), Error> {
    if align.latency() == 0 { Ok(()) } else { align.process(audio, &[]) }
}

/// Some frames of both channels.
fn cut<'a, T>(stereo: &'a mut Stereo<T>, part: &Range<usize>) -> [&'a mut [T]; 2] {
    stereo.each_mut().map(|channel| &mut channel[part.clone()])
}

fn copy<T: Sample>(to: &mut Stereo<T>, from: &Stereo<T>, part: &Range<usize>) {
    let pairs = to.iter_mut().zip(from);
    pairs.for_each(|(to, from)| to[part.clone()].copy_from_slice(&from[part.clone()]));
}

fn add<T: Sample>(to: &mut Stereo<T>, from: &Stereo<T>, part: &Range<usize>) {
    for (to, from) in to.iter_mut().zip(from) {
        to[part.clone()].iter_mut().zip(&from[part.clone()]).for_each(|(to, from)| *to += *from);
    }
}
