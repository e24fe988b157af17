//! Fir: any filter given by its taps, without latency of its own. Feature `fft`.
//!
//! ```text
//! in --+--> the first 256 taps, sample by sample -----------------(+)--> out
//!      `--> the others, in partitions of 256 frames --------------'
//! ```
//!
//! The partitions give what their taps make of the audio 256 frames and more ago, which is just in time.
//!
//! The taps are an [asset](crate::params::Asset). While it runs they may be replaced by others, as many or fewer: from the
//! next partition on both filters work on the same audio, and in 20 ms the new one takes over.
//!
//! State: `filters`, the one that is heard and the one before or after it; `live`, which is heard; `fade`, the share of
//! the other, per frame; `stage`, how far a replacement is; `filled`, frames of the present partition. `history`, in the
//! caller's words: the last 255 samples of each channel. The rest see `fft::convolver`; it is allocated when built.
//! Cost: 256 multiply-adds per sample in vectors of eight, and the convolver.

use crate::base::audio::{Block, MAX_CHANNELS};
use crate::base::error::Error;
use crate::base::layout::layout;
use crate::base::memory::Word;
use crate::base::sample::Sample;
use crate::base::simd::{SimdLevel, dispatch};
use crate::base::spec::Spec;
use crate::dsp::fft::{Convolver, Memory as Partitions, Sizes as PartitionSizes};
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, ResponseAt, Run, Setup};
use crate::params::ramp::{CHUNK, Ramp, ramp_frames};
use crate::params::{Asset, Assets, NoConfig, Settings};
use alloc::vec;
use alloc::vec::Vec;
use core::f64::consts::TAU;
use core::mem;
use fearless_simd::Simd;
use fearless_simd::prelude::*;
use num_complex::Complex;

/// Taps that are applied sample by sample; frames of a partition.
const HEAD: usize = 256;
/// Frames that are worked on at once.
const FRAMES: usize = 64;

/// The taps of a [`Fir`].
pub const TAPS: Asset = Asset {
    number: 3001,
    key: "taps",
    name: "Taps",
    doc: "Impulse response of the filter at the rate of the audio; the same for all channels.",
    channels: 1,
    frames: (1, 1 << 21),
};

processor! {
    /// Filters all channels by the same taps.
    /// As many channels out as in. Feature `fft`.
    ///
    /// `response` is the Fourier sum of the taps; the tail is their number. There is nothing to set.
    pub Fir = FirKind {
        key: "fir",
        label: "Fir",
        allocates: true,
        assets: [TAPS] as Taps,
        memory: Memory / MemoryRef by Sizes,
    }
}

/// What follows from the spec.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    channels: usize,
}

impl Sizes {
    const fn new(spec: &Spec, _: &NoConfig) -> Self {
        Self { channels: spec.inputs }
    }
}

layout! {
    /// The words of a filter.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// The last samples of each channel.
        history: [T; sizes.channels * (HEAD - 1)],
    }
}

/// Taps as a [`Fir`] takes them.
#[derive(Debug, Default)]
pub struct Taps<T: Sample> {
    taps: Vec<f64>,
    /// The first taps, backwards.
    head: Vec<T>,
    /// The others, as the convolver takes them.
    far: Vec<T>,
}

impl<T: Sample> Taps<T> {
    fn new(spec: &Spec, _: &NoConfig, settings: &dyn Settings) -> Result<Self, Error> {
        let taps = settings.asset(0, 0).unwrap_or_default();
        let mut head = vec![T::ZERO; HEAD];
        for (to, tap) in head.iter_mut().rev().zip(taps) {
            *to = T::from_f64(*tap);
        }
        let rest = taps.get(HEAD..).filter(|rest| !rest.is_empty());
        let far = rest.map_or_else(Vec::new, |rest| Convolver::filter(HEAD, rest, spec.simd));
        Ok(Self { taps: taps.to_vec(), head, far })
    }

    /// The taps themselves.
    pub fn taps(&self) -> &[f64] {
        &self.taps
    }

    fn response(&self, hz: f64, sample_rate: f64) -> Complex<f64> {
        let turn = -TAU * hz / sample_rate;
        let terms = self.taps.iter().enumerate();
        terms.map(|(n, tap)| Complex::from_polar(*tap, turn * n as f64)).sum()
    }
}

impl<T: Sample> Fir<T> {
    /// A filter with these taps, 1 to 2 097 152. Taps that are not finite are an error. Allocates.
    pub fn with_taps(spec: Spec, taps: &[f64]) -> Result<Self, Error> {
        Self::new(spec, NoConfig, Assets(&[&[taps]]))
    }
}

/// How far a replacement is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    /// There is none.
    Rest,
    /// It begins with the next partition.
    Waiting,
    /// It is being faded to.
    Fading,
}

/// The state of a [`Fir`].
#[derive(Debug)]
pub struct State<T: Sample> {
    filters: [Taps<T>; 2],
    live: usize,
    fade: Ramp<1>,
    stage: Stage,
    filled: usize,
    convolver: Option<Convolver<T>>,
    words: Vec<Word>,
}

impl<T: Sample> State<T> {
    /// At most [`FRAMES`] frames, within which no partition ends; `shares` are those of the filter that is faded to.
    fn run(
        &mut self,
        simd: SimdLevel,
        history: &mut [T],
        block: &mut Block<'_, '_, T>,
        shares: Option<&[T]>,
    ) {
        let count = block.frames();
        let (live, other) = (&self.filters[self.live].head, &self.filters[1 - self.live].head);
        let mut near = [[T::ZERO; FRAMES]; MAX_CHANNELS];
        for (channel, (near, history)) in near.iter_mut().zip(history.chunks_exact_mut(HEAD - 1)).enumerate()
        {
            let near = &mut near[..count];
            let mut heard = [T::ZERO; HEAD - 1 + FRAMES];
            heard[..HEAD - 1].copy_from_slice(history);
            heard[HEAD - 1..][..count].copy_from_slice(block.input(channel));
            history.copy_from_slice(&heard[count..][..HEAD - 1]);
            dispatch!(simd, s => convolve(s, live, &heard, near));
            if let Some(shares) = shares {
                let mut to = [T::ZERO; FRAMES];
                dispatch!(simd, s => convolve(s, other, &heard, &mut to[..count]));
                for ((near, to), share) in near.iter_mut().zip(&to).zip(shares) {
                    *near += (*to - *near) * *share;
                }
            }
        }
        let channels = history.len() / (HEAD - 1);
        match &mut self.convolver {
            None => {
                for (channel, near) in near.iter().enumerate().take(channels) {
                    block.channel(channel).copy_from_slice(&near[..count]);
                }
            }
            Some(convolver) => {
                convolver.exchange(&mut self.words, block, self.live, shares);
                for (channel, near) in near.iter().enumerate().take(channels) {
                    block.channel(channel).iter_mut().zip(near).for_each(|(far, near)| *far += *near);
                }
            }
        }
    }

    /// A partition is full.
    fn turn(&mut self, simd: SimdLevel) {
        self.filled = 0;
        match self.stage {
            Stage::Fading if self.fade.is_settled() => self.settle(),
            Stage::Waiting => {
                self.fade.set([1.0]);
                self.stage = Stage::Fading;
            }
            Stage::Rest | Stage::Fading => {}
        }
        let both = self.stage == Stage::Fading;
        let filters = self.filters.each_ref().map(|filter| &filter.far[..]);
        if let Some(convolver) = &mut self.convolver {
            convolver.turn_by(&mut self.words, simd, filters, self.live, both);
        }
    }

    /// The new filter is the one that is heard.
    fn settle(&mut self) {
        if self.stage != Stage::Rest {
            self.live = 1 - self.live;
        }
        self.stage = Stage::Rest;
        self.fade.jump([0.0]);
    }

    /// The filter that is heard once everything has come to rest.
    fn settled(&self) -> &Taps<T> {
        &self.filters[if self.stage == Stage::Rest { self.live } else { 1 - self.live }]
    }
}

/// `out[n]` is the sum of head times what was heard from frame `n` on.
#[inline(always)]
fn convolve<S: Simd, T: Sample>(simd: S, head: &[T], heard: &[T], out: &mut [T]) {
    for (n, out) in out.iter_mut().enumerate() {
        let zero = T::Lanes8::<S>::splat(simd, T::ZERO);
        let (mut even, mut odd) = (zero, zero);
        for (taps, heard) in head.chunks_exact(16).zip(heard[n..].chunks_exact(16)) {
            let load = |values: &[T]| T::Lanes8::<S>::from_slice(simd, values);
            even = load(&taps[..8]).mul_add(load(&heard[..8]), even);
            odd = load(&taps[8..]).mul_add(load(&heard[8..]), odd);
        }
        *out = (even + odd).as_slice().iter().fold(T::ZERO, |sum, lane| sum + *lane);
    }
}

impl ProcessorKind for FirKind {
    type Moving = ();
    type State<T: Sample> = State<T>;

    fn design(_: &Setup<'_, Self>) {}

    fn start<T: Sample>(setup: &Setup<'_, Self>, _: Memory<'_, T>) -> State<T> {
        State {
            filters: [Taps::default(), Taps::default()],
            live: 0,
            fade: Ramp::new([0.0], ramp_frames(setup.spec.sample_rate)),
            stage: Stage::Rest,
            filled: 0,
            convolver: None,
            words: Vec::new(),
        }
    }

    /// The filters stay: nothing is allocated.
    fn restart<T: Sample>(_: &Setup<'_, Self>, state: &mut State<T>, _: Memory<'_, T>) {
        state.settle();
        state.filled = 0;
        if let Some(convolver) = &mut state.convolver {
            convolver.clear(&mut state.words);
        }
    }

    fn take_assets<T: Sample>(run: Run<'_, Self, T>, new: Taps<T>) -> Result<Taps<T>, Taps<T>> {
        let Run { setup, state, .. } = run;
        if state.filters[state.live].taps.is_empty() {
            let rest = new.taps.len().saturating_sub(HEAD);
            if rest > 0 {
                let sizes = PartitionSizes::new(setup.sizes.channels, HEAD, rest).without_filters();
                state.words = vec![0; Partitions::<T>::words(sizes)];
                state.convolver = Some(Convolver::new(sizes, setup.spec.simd));
            }
            return Ok(mem::replace(&mut state.filters[state.live], new));
        }
        let most = state.convolver.as_ref().map_or(0, Convolver::most);
        if state.stage != Stage::Rest || new.far.len() > most {
            return Err(new);
        }
        state.stage = Stage::Waiting;
        Ok(mem::replace(&mut state.filters[1 - state.live], new))
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let Run { setup, state, memory, .. } = run;
        let simd = setup.spec.simd;
        let mut done = 0;
        while done < block.frames() {
            let fading = state.stage == Stage::Fading;
            let most = if fading { CHUNK.min(FRAMES) } else { FRAMES };
            let count = (block.frames() - done).min(HEAD - state.filled).min(most);
            let mut shares = [[0.0; CHUNK]];
            if fading {
                state.fade.fill(&mut shares, count);
            }
            let shares = shares[0].map(T::from_f64);
            let shares = fading.then_some(&shares[..]);
            state.run(simd, memory.history, &mut block.part(done, done + count), shares);
            state.filled += count;
            if state.filled == HEAD {
                state.turn(simd);
            }
            done += count;
        }
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        Some(look.state.filters.iter().map(|filter| filter.taps.len()).max().unwrap_or(0) + HEAD)
    }

    fn response<T: Sample>(look: Look<'_, Self, T>, hz: f64, at: ResponseAt) -> Option<Complex<f64>> {
        let Look { setup, state, .. } = look;
        let of = |filter: &Taps<T>| filter.response(hz, setup.spec.sample_rate);
        Some(match (at, state.stage) {
            (ResponseAt::Settled, _) => of(state.settled()),
            (ResponseAt::Now, Stage::Fading) => {
                let [share] = state.fade.value();
                of(&state.filters[state.live]) * (1.0 - share) + of(&state.filters[1 - state.live]) * share
            }
            (ResponseAt::Now, _) => of(&state.filters[state.live]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::processor::Processor;
    use crate::engine::unit::Unit;

    fn noise(count: usize, mut seed: u32) -> Vec<f64> {
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed as f64 / f64::from(u32::MAX) - 0.5
        };
        (0..count).map(|_| next()).collect()
    }

    fn sum(taps: &[f64], input: &[f64], n: usize) -> f64 {
        taps.iter().take(n + 1).enumerate().map(|(k, tap)| tap * input[n - k]).sum()
    }

    #[test]
    fn it_is_the_convolution_at_once_however_it_is_cut() {
        let input = noise(1_500, 3);
        for count in [1, 255, 256, 257, 1_000] {
            let taps = noise(count, 4);
            let mut unit = Fir::<f64>::with_taps(Spec::new(48_000.0, 2), &taps).unwrap();
            let mut whole = [input.clone(), input.iter().map(|x| -x).collect()];
            let [left, right] = &mut whole;
            unit.process(&mut [left, right], &[]).unwrap();
            for (n, y) in whole[0].iter().enumerate() {
                assert!((y - sum(&taps, &input, n)).abs() < 1e-12, "frame {n} of {count} taps");
            }
            unit.reset();
            let mut cut = [input.clone(), input.iter().map(|x| -x).collect()];
            for from in (0..1_500).step_by(37) {
                let to = (from + 37).min(1_500);
                let [left, right] = &mut cut;
                unit.process(&mut [&mut left[from..to], &mut right[from..to]], &[]).unwrap();
            }
            assert!(cut == whole);
        }
    }

    /// Both filters hear all of the audio, so that the output is between theirs, and theirs before and after.
    #[test]
    fn taps_are_replaced_by_a_crossfade_and_the_old_ones_come_back() {
        let spec = Spec::new(48_000.0, 1);
        let input = noise(6_000, 5);
        let (first, second) = (noise(900, 6), noise(300, 7));
        let prepare =
            |taps: &[f64]| Unit::<FirKind, f64, ()>::prepare(&spec, &NoConfig, &Assets(&[&[taps]])).unwrap();
        let mut unit = Fir::<f64>::with_taps(spec, &first).unwrap();
        let mut out = input.clone();
        unit.process(&mut [&mut out[..1_000]], &[]).unwrap();
        assert!(unit.replace(prepare(&second)).unwrap().taps().is_empty(), "nothing was there before");
        assert_eq!(unit.replace(prepare(&first)).unwrap_err().taps(), first, "a replacement is going on");
        let settled = unit.response(1_000.0, ResponseAt::Settled).unwrap();
        assert!((settled - prepare(&second).response(1_000.0, 48_000.0)).norm() < 1e-12);
        for part in out[1_000..].chunks_mut(77) {
            unit.process(&mut [part], &[]).unwrap();
        }
        let (from, to) = (1_024, 1_024 + 960);
        for n in 0..out.len() {
            let (old, new) = (sum(&first, &input, n), sum(&second, &input, n));
            let expected = match n {
                n if n < from => old,
                n if n >= to => new,
                _ => {
                    let t = (n - from) as f64 / 960.0;
                    old + (new - old) * t * t * t * (10.0 - 15.0 * t + 6.0 * t * t)
                }
            };
            assert!((out[n] - expected).abs() < 1e-3, "frame {n}: {} for {expected}", out[n]);
            if n < from || n >= to {
                assert!((out[n] - expected).abs() < 1e-12, "frame {n}");
            }
        }
        assert_eq!(unit.replace(prepare(&first)).unwrap().taps(), first, "the old one comes back");
        unit.reset();
        assert_eq!(unit.replace(prepare(&noise(901, 1))).unwrap().taps(), second, "not a partition more");
        unit.reset();
        assert!(unit.replace(prepare(&noise(1_100, 1))).is_err(), "longer than what it was built with");
    }

    #[test]
    fn taps_that_are_none_are_refused() {
        let refused = |taps: &[f64]| {
            std::format!("{}", Fir::<f32>::with_taps(Spec::new(48_000.0, 1), taps).unwrap_err())
        };
        assert_eq!(refused(&[]), "taps = 0 is outside 1 to 2097152 samples");
        assert!(refused(&[1.0, f64::NAN]).starts_with("taps = NaN is outside"));
        assert!(refused(&[f64::INFINITY]).starts_with("taps = inf is outside"));
        assert!(Fir::<f32>::new(Spec::new(48_000.0, 1), NoConfig, ()).is_err(), "none at all");
        let one: &[f64] = &[1.0];
        let wide = [one; 25];
        for channels in [2, 24, 25] {
            let given = Fir::<f32>::new(Spec::new(48_000.0, 1), NoConfig, Assets(&[&wide[..channels]]));
            assert!(matches!(given, Err(Error::Channels { what: "taps", maximum: 1, .. })), "{channels}");
        }
        let uneven: [&[f64]; 2] = [&[1.0], &[1.0, 2.0]];
        assert!(Fir::<f32>::new(Spec::new(48_000.0, 1), NoConfig, Assets(&[&uneven])).is_err());
    }
}
