//! Planar audio that owns its channels, and ways to cut it into blocks.

use super::Random;
use mixdsp::catalogue::BoxedSample;
use mixdsp::{Error, Processor};
use std::ops::Range;

/// Channels of one length.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Audio<T> {
    pub(crate) channels: Vec<Vec<T>>,
    frames: usize,
}

impl<T: BoxedSample> Audio<T> {
    /// `value(channel, frame)` for every sample.
    pub(crate) fn from_fn(
        channels: usize,
        frames: usize,
        mut value: impl FnMut(usize, usize) -> f64,
    ) -> Self {
        let mut channel = |c| (0..frames).map(|f| T::from_f64(value(c, f))).collect();
        Self { channels: (0..channels).map(&mut channel).collect(), frames }
    }

    pub(crate) fn silence(channels: usize, frames: usize) -> Self {
        Self::from_fn(channels, frames, |_, _| 0.0)
    }

    /// White noise up to `peak`, another one on each channel.
    pub(crate) fn noise(channels: usize, frames: usize, peak: f64, random: &mut Random) -> Self {
        Self::from_fn(channels, frames, |_, _| peak * random.noise())
    }

    pub(crate) fn frames(&self) -> usize {
        self.frames
    }

    /// Some frames of every channel, to process.
    pub(crate) fn slices(&mut self, frames: Range<usize>) -> Vec<&mut [T]> {
        self.channels.iter_mut().map(|channel| &mut channel[frames.clone()]).collect()
    }

    /// Some frames of every channel, to read.
    pub(crate) fn views(&self, frames: Range<usize>) -> Vec<&[T]> {
        self.channels.iter().map(|channel| &channel[frames.clone()]).collect()
    }

    /// The first `channels` channels alone.
    pub(crate) fn first(mut self, channels: usize) -> Self {
        self.channels.truncate(channels);
        self
    }

    /// Largest distance from zero of some frames.
    pub(crate) fn peak(&self, frames: Range<usize>) -> f64 {
        self.each(frames).fold(0.0, |peak, sample| peak.max(sample.abs()))
    }

    /// Sum of squares of some frames, over all channels.
    pub(crate) fn energy(&self, frames: Range<usize>) -> f64 {
        self.each(frames).map(|sample| sample * sample).sum()
    }

    /// Every sample of some frames, channel by channel.
    pub(crate) fn each(&self, frames: Range<usize>) -> impl Iterator<Item = f64> {
        self.channels.iter().flat_map(move |channel| channel[frames.clone()].iter().map(|s| s.to_f64()))
    }

    /// Where the bits of two first differ, in words; `None` when they are the same.
    pub(crate) fn difference(&self, other: &Self) -> Option<String> {
        if self.channels.len() != other.channels.len() || self.frames != other.frames {
            return Some("another shape".into());
        }
        let mut count = 0usize;
        let mut first: Option<(usize, usize)> = None;
        for (c, (a, b)) in self.channels.iter().zip(&other.channels).enumerate() {
            for (f, (a, b)) in a.iter().zip(b).enumerate() {
                if a.to_f64().to_bits() != b.to_f64().to_bits() {
                    count += 1;
                    first = first.filter(|(_, frame)| *frame <= f).or(Some((c, f)));
                }
            }
        }
        first.map(|(c, f)| {
            let (a, b) = (self.channels[c][f].to_f64(), other.channels[c][f].to_f64());
            format!("{count} samples differ, first at frame {f} of channel {c}: {a:e} and {b:e}")
        })
    }
}

/// How audio is cut into blocks.
#[derive(Clone, Debug)]
pub(crate) enum Cut {
    /// As long as possible.
    Whole,
    /// One frame at a time.
    Ones,
    /// 0, 1, 2, 3, ... frames.
    Growing(usize),
    /// Any lengths, often 0 or 1 or around a power of two.
    Random(Random),
}

impl Cut {
    /// Frames of the next block when `left` are left.
    pub(crate) fn next(&mut self, left: usize) -> usize {
        let frames = match self {
            Cut::Whole => left,
            Cut::Ones => 1,
            Cut::Growing(next) => {
                *next += 1;
                *next - 1
            }
            Cut::Random(random) => match random.below(8) {
                0 => 0,
                1 => 1,
                2 => random.below(17),
                3 | 4 => (1 << random.below(11)) + random.below(3) - 1,
                5 => random.below(80),
                _ => random.below(700),
            },
        };
        frames.min(left)
    }
}

/// Processes some frames in place, cut into blocks.
pub(crate) fn process<T: BoxedSample, P: Processor<T> + ?Sized>(
    unit: &mut P,
    audio: &mut Audio<T>,
    key: &Audio<T>,
    frames: Range<usize>,
    cut: &mut Cut,
) -> Result<(), Error> {
    let mut from = frames.start;
    while from < frames.end {
        let to = from + cut.next(frames.end - from);
        unit.process(&mut audio.slices(from..to), &key.views(from..to))?;
        from = to;
    }
    Ok(())
}
