//! How a mixer runs: tracks are fetched, strips run in the order of the plan, each gives to those behind it.

use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::engine::processor::Processor;
use crate::engine::unit::GRID;
use crate::host::mixer::{MixError, Mixer, Stereo, Tap};
use crate::processors::align::Align;

impl<T: Sample> Mixer<T> {
    /// Mixes a block: one input per track in the order in which they were added, each of the track's
    /// channels, all as long as `out`, which has two channels. Any number of frames.
    pub fn process(&mut self, inputs: &[&[&[T]]], out: &mut [&mut [T]]) -> Result<(), MixError> {
        if !self.prepared {
            return Err(MixError::NotPrepared);
        }
        let needed = self.nodes.iter().filter(|node| node.track.is_some()).count();
        if inputs.len() != needed {
            return Err(MixError::Inputs { needed, given: inputs.len() });
        }
        let frames = crate::base::audio::frames_of(out, 2, "audio")?;
        let tracks = self.nodes.iter().filter_map(|node| node.track);
        for (input, channels) in inputs.iter().zip(tracks) {
            let given = crate::base::audio::frames_of(input, channels, "audio")?;
            if given != frames {
                return Err(Error::BlockFrames { expected: frames, given }.into());
            }
        }
        let mut copy = |track: usize, start: usize, audio: &mut [&mut [T]]| {
            for (audio, input) in audio.iter_mut().zip(inputs[track]) {
                audio.copy_from_slice(&input[start..start + audio.len()]);
            }
        };
        self.process_from(out, &mut copy)
    }

    /// Mixes a block whose tracks are fetched to the place where they are mixed: `fetch` is given the number
    /// of the track, the frame of the block at which to begin, and the track's channels to fill.
    pub(crate) fn process_from(
        &mut self,
        out: &mut [&mut [T]],
        fetch: &mut dyn FnMut(usize, usize, &mut [&mut [T]]),
    ) -> Result<(), MixError> {
        if !self.prepared {
            return Err(MixError::NotPrepared);
        }
        let frames = crate::base::audio::frames_of(out, 2, "audio")?;
        let mut start = 0;
        while start < frames {
            let count = (frames - start).min(GRID);
            self.process_stretch(fetch, start, count)?;
            for (out, sum) in out.iter_mut().zip(&self.nodes[0].sum) {
                out[start..start + count].copy_from_slice(&sum[..count]);
            }
            start += count;
        }
        Ok(())
    }

    fn process_stretch(
        &mut self,
        fetch: &mut dyn FnMut(usize, usize, &mut [&mut [T]]),
        start: usize,
        count: usize,
    ) -> Result<(), MixError> {
        let mut track = 0;
        for node in &mut self.nodes {
            let heard = node.track.unwrap_or(0);
            node.sum[heard..].iter_mut().for_each(|channel| channel[..count].fill(T::ZERO));
            if node.track.is_some() {
                let audio = &mut cut(&mut node.sum, count)[..heard];
                fetch(track, start, audio);
                wait(&mut node.entry, audio)?;
                track += 1;
            }
        }
        for at in 0..self.order.len() {
            self.run_node(self.order[at], count)?;
        }
        Ok(())
    }

    /// Runs one strip on what has arrived, and adds what it gives where it goes.
    fn run_node(&mut self, at: usize, count: usize) -> Result<(), MixError> {
        let scratch = &mut self.scratch;
        let key = self.nodes[at].key.as_ref().map(|(from, _)| *from);
        if let Some(from) = key {
            copy(scratch, &self.nodes[from].tapped, count);
            if let Some((_, align)) = &mut self.nodes[at].key {
                wait(align, &mut cut(scratch, count))?;
            }
        }
        let node = &mut self.nodes[at];
        let heard = [&scratch[0][..count], &scratch[1][..count]];
        let sidechain: &[&[T]] = if key.is_some() { &heard } else { &[] };
        node.strip.process_to_tap(&mut cut(&mut node.sum, count), sidechain)?;
        if node.is_tapped {
            copy(&mut node.tapped, &node.sum, count);
        }
        node.strip.process_from_tap(&mut cut(&mut node.sum, count))?;

        if let Some((to, align)) = &mut node.output {
            let to = *to;
            if align.latency() == 0 {
                if let Ok([node, to]) = self.nodes.get_disjoint_mut([at, to]) {
                    add(&mut to.sum, &node.sum, count);
                }
            } else {
                copy(scratch, &node.sum, count);
                wait(align, &mut cut(scratch, count))?;
                add(&mut self.nodes[to].sum, scratch, count);
            }
        }
        for send in self.sends.iter_mut().filter(|send| send.from == at) {
            let node = &self.nodes[at];
            copy(scratch, if send.send.tap == Tap::PreFader { &node.tapped } else { &node.sum }, count);
            send.send.level.process(&mut cut(scratch, count), &[])?;
            wait(&mut send.wait, &mut cut(scratch, count))?;
            add(&mut self.nodes[send.to].sum, scratch, count);
        }
        Ok(())
    }
}

/// Lets a path wait; most paths have nothing to wait for.
fn wait<T: Sample>(align: &mut Align<T>, audio: &mut [&mut [T]]) -> Result<(), Error> {
    if align.latency() == 0 { Ok(()) } else { align.process(audio, &[]) }
}

/// The first frames of both channels.
fn cut<T>(stereo: &mut Stereo<T>, count: usize) -> [&mut [T]; 2] {
    stereo.each_mut().map(|channel| &mut channel[..count])
}

fn copy<T: Sample>(to: &mut Stereo<T>, from: &Stereo<T>, count: usize) {
    to.iter_mut().zip(from).for_each(|(to, from)| to[..count].copy_from_slice(&from[..count]));
}

fn add<T: Sample>(to: &mut Stereo<T>, from: &Stereo<T>, count: usize) {
    for (to, from) in to.iter_mut().zip(from) {
        to[..count].iter_mut().zip(&from[..count]).for_each(|(to, from)| *to += *from);
    }
}
