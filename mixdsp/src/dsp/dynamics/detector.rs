//! Floor 4: what a processor of dynamics listens to, and how loud that is.
//!
//! ```text
//! sidechain, or input where there is none --> clean --> bands in series --+--> key
//!                                                                        +--> root mean square --> key
//! ```
//!
//! The filter is an equalizer's: bands that move silently. Without bands it takes no time. The root mean square is
//! that of an exponential window, times the square root of two: a steady sine reads its peak.
//!
//! State: the words of [`Detector`], and a [`State`] that its user keeps.

use crate::base::audio::{Block, Sidechain};
use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::base::simd::SimdLevel;
use crate::base::spec::{MAX_CHANNELS, Spec};
use crate::dsp::filter::band::{Band, Slope};
use crate::dsp::filter::band_cascade::BandCascade;
use crate::dsp::filter::svf_cascade::{self, SvfCascade, SvfCascadeRef};
use crate::params::Row;
use crate::params::ramp::{CHUNK, Change};

/// The steepest slope of a band.
const STEEPEST_SLOPE: Slope = Slope::Db48;

/// How many bands, and what listens through them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    bands: usize,
    channels: usize,
    /// Whether there are two channels to listen to, whichever they are.
    two_channels: bool,
}

impl Sizes {
    /// So many bands.
    pub(crate) const fn new(spec: &Spec, bands: u32) -> Self {
        let two_channels = spec.inputs == 2 && (spec.sidechain == 0 || spec.sidechain == 2);
        let channels = if spec.sidechain > spec.inputs { spec.sidechain } else { spec.inputs };
        Self { bands: bands as usize, channels, two_channels }
    }

    const fn cascade(&self) -> svf_cascade::Sizes {
        let sections = self.bands * STEEPEST_SLOPE.sections();
        svf_cascade::Sizes {
            sections,
            channels: self.channels,
            placed: self.two_channels,
            block_of_four: false,
        }
    }
}

layout! {
    /// The words of a detector.
    pub(crate) struct Detector<T>, read as DetectorRef (sizes: Sizes) {
        /// What it listens to, where that is not the block itself: a chunk per channel.
        chunks: [[T; CHUNK]; sizes.channels],
        /// Per channel, what the window of the root mean square holds.
        mean_squares: [f64; sizes.channels],
    } with {
        cascade: SvfCascade / SvfCascadeRef by sizes.cascade(),
    }
}

/// What a detector keeps beside its words.
#[derive(Debug)]
pub(crate) struct State {
    filter: svf_cascade::State,
    /// Share of the mean square that a frame keeps.
    keep: f64,
    /// Whether `chunks` hold what it listens to.
    copied: bool,
}

const fn bands(sample_rate: f64) -> BandCascade {
    BandCascade { steepest_slope: STEEPEST_SLOPE, sample_rate }
}

/// The range of a row, also of one that is not a band's.
pub(crate) fn range(row: &Row, spec: &Spec) -> (f64, f64) {
    bands(spec.sample_rate).range(row, Sizes::new(spec, 0).two_channels)
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
        let filter = bands(sample_rate).start(&mut self.cascade, band);
        let mut state = State { filter, keep: 0.0, copied: false };
        state.set_window(window_ms, sample_rate);
        state
    }

    /// Moves a band to where it is now.
    pub(crate) fn change(&mut self, state: &mut State, rate: f64, band: (usize, &Band), change: Change) {
        bands(rate).change(&mut self.cascade, &mut state.filter, band, change);
    }

    /// State too small to matter becomes zero.
    pub(crate) fn flush_denormals(&mut self) {
        self.cascade.flush_denormals();
        self.mean_squares.iter_mut().for_each(|square| *square = square.flushed());
    }

    /// Listens to some frames, at most [`CHUNK`]; what it heard, [`key`](Detector::key) tells.
    pub(crate) fn listen(
        &mut self,
        state: &mut State,
        simd: SimdLevel,
        block: &mut Block<'_, '_, T>,
        listening: Listening<'_>,
    ) {
        let filters = !self.cascade.is_empty();
        state.copied = filters || listening.root_mean_square.is_some() || listening.monitor.is_some();
        if listening.root_mean_square.is_none() {
            self.mean_squares.fill(0.0);
        }
        if !state.copied {
            return;
        }
        let key = Key::of(block);
        let Key { channels, frames, .. } = key;
        let chunks = &mut self.chunks[..channels];
        for (channel, chunk) in chunks.iter_mut().enumerate() {
            key.copy(channel, chunk);
        }
        if filters {
            let mut rows: [&mut [T]; MAX_CHANNELS] = core::array::from_fn(|_| &mut [][..]);
            rows.iter_mut().zip(&mut *chunks).for_each(|(row, chunk)| *row = &mut chunk[..frames]);
            let rows = &mut rows[..channels];
            self.cascade.process(&mut state.filter, simd, &mut Block::new(rows, &[], 0, frames));
        }
        if let Some(shares) = listening.monitor {
            for channel in 0..block.channels() {
                let heard = &chunks[channel.min(channels - 1)];
                for ((sample, heard), share) in block.channel(channel).iter_mut().zip(heard).zip(shares) {
                    let share = T::from_f64(*share);
                    *sample = *sample * (T::ONE - share) + *heard * share;
                }
            }
        }
        if let Some(shares) = listening.root_mean_square {
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

    /// Turns samples into levels.
    fn root_mean_square<T: Sample>(&self, square: &mut f64, shares: &[f64; CHUNK], samples: &mut [T]) {
        let mut mean = *square;
        for (sample, share) in samples.iter_mut().zip(shares) {
            let x = sample.to_f64();
            mean = x * x + self.keep * (mean - x * x);
            *sample = T::from_f64(x.abs() * (1.0 - share) + libm::sqrt(2.0 * mean) * share);
        }
        *square = mean;
    }
}

impl<T: Sample> DetectorRef<'_, T> {
    /// Frames until its filter is silent.
    pub(crate) fn tail(&self) -> usize {
        self.cascade.tail()
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
    Copied(&'k [[T; CHUNK]]),
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
        match self.source {
            Source::Copied(chunks) => return &chunks[channel],
            Source::Input(inputs, start) if self.frames == CHUNK => {
                if let Some(whole) = inputs[channel][start..].first_chunk() {
                    return whole;
                }
            }
            _ => {}
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
            Source::Copied(chunks) => chunk.copy_from_slice(&chunks[channel][..self.frames]),
        }
    }
}
