//! Floor 4: what a processor of dynamics listens to, and how loud that is.
//!
//! ```text
//! sidechain, or input where there is none --> clean --> bands in series --+--> key
//!                                                                        +--> root mean square --> key
//! ```
//!
//! The filter's bands are those of an equalizer, up to 24 dB per octave, on all channels; they move silently. The root mean square is
//! that of an exponential window, times the square root of two: a steady sine reads its peak. All of it is in f64 and
//! without vectors, and takes no time while nothing of it is asked for.
//!
//! State: the words of [`Detector`], and a [`State`] that its user keeps.

use crate::base::audio::{Block, Sidechain};
use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::dsp::filter::band::Band;
use crate::dsp::filter::plain_cascade::{self, SECTIONS, STEEPEST_SLOPE};
use crate::params::Row;
use crate::params::ramp::{CHUNK, Change, Ramp};

/// How many bands, and how many channels listen through them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    bands: usize,
    channels: usize,
}

impl Sizes {
    /// So many bands.
    pub(crate) const fn new(spec: &Spec, bands: u32) -> Self {
        let channels = if spec.sidechain > spec.inputs { spec.sidechain } else { spec.inputs };
        Self { bands: bands as usize, channels }
    }

    const fn sections(&self) -> usize {
        self.bands * SECTIONS
    }
}

layout! {
    /// The words of a detector.
    pub(crate) struct Detector<T>, read as DetectorRef (sizes: Sizes) {
        /// What it listens to, where that is not the block itself: a chunk per channel.
        chunks: [[f64; CHUNK]; sizes.channels],
        /// Per channel, what the window of the root mean square holds.
        mean_squares: [f64; sizes.channels],
        /// Of the filter: its sections, and what they remember of each channel.
        designs: [Ramp<5>; sizes.sections()],
        states: [[f64; 2]; sizes.sections() * sizes.channels],
    }
}

/// What a detector keeps beside its words.
#[derive(Debug)]
pub(crate) struct State {
    /// Share of the mean square that a frame keeps.
    keep: f64,
    /// Whether `chunks` hold what it listens to.
    copied: bool,
}

/// The range of a row, also of one that is not a band's.
pub(crate) fn range(row: &Row, spec: &Spec) -> (f64, f64) {
    let (minimum, maximum) = row.range_at(spec.sample_rate);
    if row.id() == Band::SLOPE_DB_PER_OCTAVE.any() {
        (minimum, STEEPEST_SLOPE as usize as f64)
    } else if row.id() == Band::PLACEMENT.any() {
        (minimum, minimum)
    } else {
        (minimum, maximum)
    }
}

/// What happens to the key of some frames.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Listening<'a> {
    /// Share of the root mean square in the level; the rest is the samples. `None` for nothing of it.
    pub(crate) root_mean_square: Option<&'a [f64; CHUNK]>,
    /// Share of the key in what is heard. `None` for nothing of it.
    pub(crate) monitor: Option<&'a [f64; CHUNK]>,
}

impl<T: Sample> Detector<'_, T> {
    /// At rest with these bands; the words are zero.
    pub(crate) fn start(&mut self, sample_rate: f64, window_ms: f64, band: impl Fn(usize) -> Band) -> State {
        for (item, designs) in self.designs.chunks_exact_mut(SECTIONS).enumerate() {
            plain_cascade::start(designs, &band(item), sample_rate);
        }
        let mut state = State { keep: 0.0, copied: false };
        state.set_window(window_ms, sample_rate);
        state
    }

    /// Moves a band to where it is now.
    pub(crate) fn change(&mut self, rate: f64, (item, band): (usize, &Band), change: Change) {
        plain_cascade::change(&mut self.designs[item * SECTIONS..][..SECTIONS], band, rate, change);
    }

    /// State too small to matter becomes zero.
    pub(crate) fn flush_denormals(&mut self) {
        let values = self.states.iter_mut().flatten().chain(&mut *self.mean_squares);
        values.for_each(|value| *value = value.flushed());
    }

    /// Listens to some frames, at most [`CHUNK`]; what it heard, [`key`](Detector::key) tells.
    #[inline(never)]
    pub(crate) fn listen(
        &mut self,
        state: &mut State,
        block: &mut Block<'_, '_, T>,
        listening: Listening<'_>,
    ) {
        let Listening { root_mean_square, monitor } = listening;
        if root_mean_square.is_none() {
            self.mean_squares.fill(0.0);
        }
        state.copied = !self.designs.is_empty() || root_mean_square.is_some() || monitor.is_some();
        if !state.copied {
            return;
        }
        let key = Key::of(block);
        let Key { channels, frames, .. } = key;
        let chunks = &mut self.chunks[..channels];
        for (channel, chunk) in chunks.iter_mut().enumerate() {
            let mut samples = [T::ZERO; CHUNK];
            key.copy(channel, &mut samples);
            chunk.iter_mut().zip(samples).for_each(|(to, from)| *to = from.to_f64());
        }
        plain_cascade::run(self.designs, self.states, chunks, frames);
        if let Some(shares) = monitor {
            for channel in 0..block.channels() {
                let heard = chunks[channel.min(channels - 1)].iter().zip(shares);
                for (sample, (heard, share)) in block.channel(channel).iter_mut().zip(heard) {
                    if *share > 0.0 {
                        *sample = T::from_f64(sample.to_f64() * (1.0 - share) + heard * share);
                    }
                }
            }
        }
        if let Some(shares) = root_mean_square {
            for (chunk, square) in chunks.iter_mut().zip(&mut *self.mean_squares) {
                state.root_mean_square(square, shares, &mut chunk[..frames]);
            }
        }
    }

    /// What was listened to last, in the same block.
    #[inline(always)]
    pub(crate) fn key<'k>(&'k self, state: &State, block: &'k Block<'_, '_, T>) -> Key<'k, T> {
        let key = Key::of(block);
        if state.copied { Key { source: Source::Copied(self.chunks), ..key } } else { key }
    }
}

impl State {
    /// The time constant of the root mean square's window.
    pub(crate) fn set_window(&mut self, window_ms: f64, sample_rate: f64) {
        self.keep = libm::exp(-1e3 / (window_ms * sample_rate));
    }

    /// Turns samples into levels. Where it has no share the window is empty.
    fn root_mean_square(&self, square: &mut f64, shares: &[f64; CHUNK], samples: &mut [f64]) {
        for (sample, share) in samples.iter_mut().zip(shares) {
            if *share == 0.0 {
                *square = 0.0;
                continue;
            }
            let power = *sample * *sample;
            *square = power + self.keep * (*square - power);
            *sample = sample.abs() * (1.0 - share) + libm::sqrt(2.0 * *square) * share;
        }
    }
}

impl<T: Sample> DetectorRef<'_, T> {
    /// Frames until its filter is silent.
    pub(crate) fn tail(&self) -> usize {
        plain_cascade::tail(self.designs)
    }
}

/// Some frames, at most [`CHUNK`], of what is listened to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key<'k, T> {
    /// How many channels it has.
    pub(crate) channels: usize,
    /// How many frames.
    pub(crate) frames: usize,
    source: Source<'k, T>,
}

#[derive(Clone, Copy, Debug)]
enum Source<'k, T> {
    /// The frames from this one on.
    Input(&'k [&'k mut [T]], usize),
    Sidechain(Sidechain<'k, T>),
    /// What stands beyond the frames means nothing.
    Copied(&'k [[f64; CHUNK]]),
}

impl<'k, T: Sample> Key<'k, T> {
    /// The sidechain, or the input where there is none.
    #[inline(always)]
    pub(crate) fn of(block: &'k Block<'_, '_, T>) -> Self {
        let (sidechain, frames) = (block.sidechain(), block.frames());
        if sidechain.channels() > 0 {
            return Self { channels: sidechain.channels(), frames, source: Source::Sidechain(sidechain) };
        }
        let (inputs, start) = block.inputs();
        Self { channels: inputs.len(), frames, source: Source::Input(inputs, start) }
    }

    /// A channel, as long as a chunk; what stands beyond the frames means nothing. There is room for a copy, zeros.
    #[inline(always)]
    pub(crate) fn chunk<'p>(&self, channel: usize, room: &'p mut [T; CHUNK]) -> &'p [T; CHUNK]
    where
        'k: 'p,
    {
        if let Source::Input(inputs, start) = self.source
            && self.frames == CHUNK
            && let Some(whole) = inputs[channel][start..].first_chunk()
        {
            return whole;
        }
        self.copy(channel, room);
        room
    }

    /// Copies a channel to the front of a chunk.
    #[inline(always)]
    fn copy(&self, channel: usize, chunk: &mut [T; CHUNK]) {
        let chunk = &mut chunk[..self.frames];
        match self.source {
            Source::Input(inputs, start) => {
                chunk.copy_from_slice(&inputs[channel][start..start + self.frames])
            }
            Source::Sidechain(sidechain) => {
                chunk.iter_mut().zip(sidechain.samples(channel)).for_each(|(to, from)| *to = from);
            }
            Source::Copied(chunks) => {
                chunk.iter_mut().zip(&chunks[channel]).for_each(|(to, from)| *to = T::from_f64(*from));
            }
        }
    }
}
