//! Convolution of two channels without latency, whose work is even over time.
//!
//! ```text
//! in --+--> the first 64 taps, frame by frame ------------------------------(+)--> out
//!      +--> up to 1024, in partitions of 64 frames --------------------------+
//!      +--> up to 8192, in partitions of 512 frames -------------------------+
//!      `--> the others, in partitions of 4096 frames ------------------------'
//! ```
//!
//! A partition of B frames begins 2 B taps in, so that its work may take as long as collecting it; see `partition_level`.
//! G. Garcia, "Optimal filter partition for efficient convolution with short input/output delay", AES 113, 2002.
//!
//! Filters may be replaced by others, as long or shorter: from the next partition of the longest kind on both work on the
//! same audio, and one partition later the new ones take over in 20 ms.
//!
//! Cost: per frame and channel 64 products, 4 transforms' shares, 30 products of bins and one more per 4096 taps.

use super::partition_level::{Filters, History, Level, Path, STEP};
use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::base::simd::{SimdLevel, dispatch};
use crate::params::ramp::{CHUNK, Ramp};
use alloc::vec;
use alloc::vec::Vec;
use core::mem;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Taps that are applied frame by frame.
const HEAD: usize = STEP;
/// Partitions, and the tap up to which each kind of them goes.
const KINDS: [(usize, usize); 3] = [(STEP, 1024), (512, 8192), (4096, usize::MAX)];
/// Frames that are computed at once.
const WIDE: usize = 32;

/// Responses as the convolution takes them.
#[derive(Debug, Default)]
pub(crate) struct Responses<T> {
    /// Taps of the longest.
    pub(crate) frames: usize,
    paths: Vec<Path>,
    heads: Vec<[T; HEAD]>,
    /// By kind of partition: the spectra of each filter.
    spectra: [Vec<Vec<T>>; KINDS.len()],
}

/// The taps of each kind of partition.
fn taps_of(kind: usize, taps: &[f64]) -> &[f64] {
    let first = if kind == 0 { HEAD } else { KINDS[kind - 1].1 };
    taps.get(first..taps.len().min(KINDS[kind].1)).unwrap_or_default()
}

impl<T: Sample> Responses<T> {
    /// Of these taps, one or more per filter. Allocates.
    pub(crate) fn new(filters: &[Vec<f64>], paths: &[Path], simd: SimdLevel) -> Self {
        let head = |taps: &Vec<f64>| {
            let mut head = [T::ZERO; HEAD];
            head.iter_mut().zip(taps).for_each(|(to, tap)| *to = T::from_f64(*tap));
            head
        };
        let frames = filters.iter().map(Vec::len).max().unwrap_or(0);
        let mut spectra = [const { Vec::new() }; KINDS.len()];
        for (kind, spectra) in spectra.iter_mut().enumerate() {
            let longest = filters.iter().map(|taps| taps_of(kind, taps).len()).max().unwrap_or(0);
            if longest > 0 {
                let partition = KINDS[kind].0;
                let mut level = Level::new(partition, longest.div_ceil(partition), simd);
                *spectra = filters.iter().map(|taps| level.filter(taps_of(kind, taps))).collect();
            }
        }
        Self { frames, paths: paths.to_vec(), heads: filters.iter().map(head).collect(), spectra }
    }

    fn filters(&self, kind: usize) -> Filters<'_, T> {
        Filters { spectra: &self.spectra[kind], paths: &self.paths }
    }

    /// Partitions of a kind.
    fn values(&self, kind: usize) -> usize {
        self.spectra[kind].iter().map(Vec::len).max().unwrap_or(0)
    }
}

/// How far a replacement is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    /// There is none.
    Rest,
    /// It begins with the next of the longest partitions.
    Waiting,
    /// Both work; only one is heard.
    Working,
    /// It is being faded to.
    Fading,
}

/// A convolution at work. It allocates when it is built.
#[derive(Debug)]
pub(crate) struct ZeroLatency<T: Sample> {
    responses: [Responses<T>; 2],
    live: usize,
    stage: Stage,
    fade: Ramp<1>,
    levels: Vec<Level<T>>,
    history: History<T>,
    /// Frames since reset.
    at: u64,
    simd: SimdLevel,
}

impl<T: Sample> ZeroLatency<T> {
    /// At rest. A replacement fades in `fade_frames`. Allocates.
    pub(crate) fn new(responses: Responses<T>, fade_frames: usize, simd: SimdLevel) -> Self {
        let kinds = KINDS.iter().enumerate().filter(|(kind, _)| !responses.spectra[*kind].is_empty());
        let levels: Vec<Level<T>> = kinds
            .map(|(kind, (partition, _))| {
                let partitions = Level::<T>::partitions_in(*partition, responses.values(kind));
                Level::new(*partition, partitions, simd)
            })
            .collect();
        let longest = levels.last().map_or(STEP, |level| level.partition);
        let ring = || vec![T::ZERO; 4 * longest];
        Self {
            responses: [
                responses,
                Responses { frames: 0, paths: Vec::new(), heads: Vec::new(), spectra: Default::default() },
            ],
            live: 0,
            stage: Stage::Rest,
            fade: Ramp::new([0.0], fade_frames),
            levels,
            history: History { rings: [ring(), ring()] },
            at: 0,
            simd,
        }
    }

    /// Forgets all audio; the responses stay.
    pub(crate) fn clear(&mut self) {
        self.settle();
        self.levels.iter_mut().for_each(Level::clear);
        self.history.rings.iter_mut().for_each(|ring| ring.fill(T::ZERO));
        self.at = 0;
    }

    /// Frames until what was heard is gone, the shares of a partition included.
    pub(crate) fn tail(&self) -> usize {
        self.responses.iter().map(|responses| responses.frames).max().unwrap_or(0) + 2 * STEP
    }

    /// Takes over other responses, and gives back those that are no longer heard; the new ones while a replacement is going
    /// on, and where they are longer than what it was built for. Allocates nothing.
    #[expect(clippy::result_large_err, reason = "what is refused is handed back whole")]
    pub(crate) fn replace(&mut self, new: Responses<T>) -> Result<Responses<T>, Responses<T>> {
        let fits = |kind: usize| {
            let level = self.levels.get(kind).map_or(0, Level::filter_values);
            new.values(kind) <= level
        };
        if self.stage != Stage::Rest || !(0..KINDS.len()).all(fits) {
            return Err(new);
        }
        self.stage = Stage::Waiting;
        Ok(mem::replace(&mut self.responses[1 - self.live], new))
    }

    fn settle(&mut self) {
        if self.stage != Stage::Rest {
            self.live = 1 - self.live;
        }
        self.stage = Stage::Rest;
        self.fade.jump([0.0]);
    }

    /// Replaces audio of one channel or two by what the responses make of it.
    pub(crate) fn process(&mut self, block: &mut Block<'_, '_, T>, channels: usize) {
        let mut done = 0;
        while done < block.frames() {
            let filled = self.at as usize % STEP;
            let count = (block.frames() - done).min(STEP - filled).min(CHUNK);
            let mut shares = [[0.0; CHUNK]];
            let fading = self.stage == Stage::Fading;
            if fading {
                self.fade.fill(&mut shares, count);
            }
            self.run(&mut block.part(done, done + count), channels, fading.then_some(&shares[0]));
            done += count;
            self.at += count as u64;
            if filled + count == STEP {
                self.turn();
            }
        }
    }

    /// Frames of one step.
    fn run(&mut self, block: &mut Block<'_, '_, T>, channels: usize, shares: Option<&[f64; CHUNK]>) {
        let count = block.frames();
        let mut heard = [[T::ZERO; HEAD - 1 + STEP + WIDE]; 2];
        let ring = self.history.rings[0].len();
        for (channel, heard) in heard.iter_mut().enumerate().take(channels) {
            let history = &mut self.history.rings[channel];
            let from = (self.at as usize).wrapping_sub(HEAD - 1) & (ring - 1);
            let first = (HEAD - 1).min(ring - from);
            heard[..first].copy_from_slice(&history[from..from + first]);
            heard[first..HEAD - 1].copy_from_slice(&history[..HEAD - 1 - first]);
            heard[HEAD - 1..][..count].copy_from_slice(block.input(channel));
            history[self.at as usize & (ring - 1)..][..count].copy_from_slice(block.input(channel));
        }
        let mut made = [[T::ZERO; STEP]; 2];
        self.respond(self.live, &heard, channels, count, &mut made);
        if let Some(shares) = shares {
            let mut other = [[T::ZERO; STEP]; 2];
            self.respond(1 - self.live, &heard, channels, count, &mut other);
            for (made, other) in made.iter_mut().zip(&other) {
                for ((made, other), share) in made.iter_mut().zip(other).zip(shares) {
                    *made += (*other - *made) * T::from_f64(*share);
                }
            }
        }
        for (channel, made) in made.iter().enumerate().take(channels) {
            block.channel(channel).copy_from_slice(&made[..count]);
        }
    }

    fn respond(
        &self,
        filter: usize,
        heard: &[[T; HEAD - 1 + STEP + WIDE]; 2],
        channels: usize,
        count: usize,
        made: &mut [[T; STEP]; 2],
    ) {
        let responses = &self.responses[filter];
        for path in &responses.paths {
            let (head, heard, made) =
                (&responses.heads[path.filter], &heard[path.input], &mut made[path.output]);
            dispatch!(self.simd, s => convolve(s, head, heard, made, count));
        }
        for level in &self.levels {
            for (channel, made) in made.iter_mut().enumerate().take(channels) {
                let far = level.output(filter, channel, self.at, count);
                made.iter_mut().zip(far).for_each(|(made, far)| *made += *far);
            }
        }
    }

    /// A step is full.
    fn turn(&mut self) {
        let longest = self.levels.last().map_or(STEP, |level| level.partition);
        if self.at.is_multiple_of(longest as u64) {
            match self.stage {
                Stage::Fading if self.fade.is_settled() => self.settle(),
                Stage::Waiting => self.stage = Stage::Working,
                Stage::Working => {
                    self.fade.set([1.0]);
                    self.stage = Stage::Fading;
                }
                Stage::Rest | Stage::Fading => {}
            }
        }
        let both = matches!(self.stage, Stage::Working | Stage::Fading);
        for (kind, level) in self.levels.iter_mut().enumerate() {
            let filters = self.responses.each_ref().map(|responses| responses.filters(kind));
            level.work(self.simd, &self.history, self.at, filters, (self.live, both));
        }
    }
}

/// Adds the taps times what was heard, from each frame on. Every frame adds up in the same order, however many are asked for.
#[inline(always)]
fn convolve<S: Simd, T: Sample>(
    simd: S,
    head: &[T; HEAD],
    heard: &[T; HEAD - 1 + STEP + WIDE],
    made: &mut [T; STEP],
    count: usize,
) {
    for from in (0..count).step_by(WIDE) {
        let load = |values: &[T]| T::Lanes8::<S>::from_slice(simd, &values[..8]);
        let mut sums = [T::Lanes8::<S>::splat(simd, T::ZERO); WIDE / 8];
        for n in 0..WIDE / 8 {
            sums[n] = load(&made[from + 8 * n..]);
        }
        for (n, tap) in head.iter().enumerate() {
            let tap = T::Lanes8::<S>::splat(simd, *tap);
            let heard = &heard[from + HEAD - 1 - n..][..WIDE];
            for n in 0..WIDE / 8 {
                sums[n] = tap.mul_add(load(&heard[8 * n..]), sums[n]);
            }
        }
        for n in 0..WIDE / 8 {
            sums[n].store_slice(&mut made[from + 8 * n..][..8]);
        }
    }
}
