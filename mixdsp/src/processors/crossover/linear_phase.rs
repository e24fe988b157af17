//! Bands without phase: every split is a symmetric low-pass, and a band is the difference of two.
//!
//! ```text
//! in --+--> low-pass 0 ------------------------> band 0
//!      |--> low-pass 1 --(-)-- low-pass 0 -----> band 1
//!      `--> wait --------(-)-- low-pass 1 -----> band 2
//! ```
//!
//! A low-pass has the magnitude of Linkwitz and Riley's, 1 / (1 + (f / split)^n), which together with its high-pass is one,
//! so all bands add up to the input, late by the latency. The bands fall as those of the other phase do.
//!
//! A change of splits is a new set of filters: one is designed per partition, then all fade over in 20 ms. A change
//! meanwhile waits for the end of the fade.
//!
//! State: a convolver per split; `live`, the filters that are heard; `fade`, the share of the others; `stage`, how far new
//! ones are; `wanted`, the splits that they are for; `stale`, whether splits have changed since.

use super::params::{CrossoverConfig, CrossoverSlope};
use crate::base::audio::{Block, MAX_CHANNELS};
use crate::base::layout::layout;
use crate::base::memory::Word;
use crate::base::sample::Sample;
use crate::base::simd::SimdLevel;
use crate::base::spec::Spec;
use crate::dsp::delay_line;
use crate::dsp::fft::linear_taps::{self, Design, DesignRef, Length};
use crate::dsp::fft::{self, Convolver, Transform};
use crate::dsp::filter::crossover::SPLITS;
use crate::params::ramp::{CHUNK, Ramp, ramp_frames};

/// What follows from spec and config.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    inputs: usize,
    splits: usize,
    length: Length,
    convolution: fft::Sizes,
}

impl Sizes {
    /// So long that a low-pass at the lowest split has died away by 80 dB where the window begins to fall.
    pub(super) const fn new(spec: &Spec, config: &CrossoverConfig) -> Self {
        let periods = match config.slope_db_per_octave {
            CrossoverSlope::Db12 => 2.0,
            CrossoverSlope::Db24 => 2.8,
            CrossoverSlope::Db48 => 5.2,
        };
        let length = Length::new((periods * spec.sample_rate / config.lowest_hz) as usize);
        let convolution = fft::Sizes::new(spec.inputs, length.partition(), length.taps());
        Self { inputs: spec.inputs, splits: config.splits as usize, length, convolution }
    }

    pub(super) const fn latency(&self) -> usize {
        self.length.half + self.convolution.partition
    }

    pub(super) const fn tail(&self) -> usize {
        self.length.taps() + self.convolution.partition
    }

    const fn convolver_words<T: Sample>(&self) -> usize {
        fft::Memory::<T>::words(self.convolution)
    }

    /// Words of all of it.
    pub(super) const fn words<T: Sample>(&self) -> usize {
        Memory::<T>::words(*self)
    }
}

layout! {
    /// The words of linear-phase bands.
    pub(crate) struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        convolvers: [Word; sizes.splits * sizes.convolver_words::<T>()],
        /// What waits for the latency.
        delay: [T; sizes.inputs * sizes.latency()],
        /// The taps of each split: those that are heard, and those to come.
        taps: [f64; 2 * sizes.splits * sizes.length.taps()],
    } with {
        design: Design / DesignRef by sizes.length,
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    Rest,
    /// The next one to design.
    Designing(usize),
    Fading,
}

/// Linear-phase bands at work; their large parts lie in the caller's words.
#[derive(Debug)]
pub(crate) struct LinearPhase<T: Sample> {
    sizes: Sizes,
    convolvers: [Option<Convolver<T>>; SPLITS],
    transform: Transform<f64>,
    exponent: i32,
    sample_rate: f64,
    live: usize,
    fade: Ramp<1>,
    stage: Stage,
    wanted: [f64; SPLITS],
    stale: bool,
    position: usize,
    simd: SimdLevel,
}

impl<T: Sample> LinearPhase<T> {
    /// At rest in words of zeros. Allocates.
    pub(super) fn new(
        spec: &Spec,
        config: &CrossoverConfig,
        splits_hz: [f64; SPLITS],
        words: &mut [Word],
    ) -> Self {
        let (sizes, simd) = (Sizes::new(spec, config), spec.simd);
        let convolver = |at| (at < sizes.splits).then(|| Convolver::new(sizes.convolution, simd));
        let mut new = Self {
            sizes,
            convolvers: core::array::from_fn(convolver),
            transform: sizes.length.transform(simd),
            exponent: match config.slope_db_per_octave {
                CrossoverSlope::Db12 => 2,
                CrossoverSlope::Db24 => 4,
                CrossoverSlope::Db48 => 8,
            },
            sample_rate: spec.sample_rate,
            live: 0,
            fade: Ramp::new([0.0], ramp_frames(spec.sample_rate)),
            stage: Stage::Rest,
            wanted: splits_hz,
            stale: false,
            position: 0,
            simd,
        };
        new.start(words);
        new
    }

    /// A reset: the plans of the transforms stay, and nothing is allocated.
    pub(super) fn restart(&mut self, splits_hz: [f64; SPLITS], words: &mut [Word]) {
        (self.live, self.stage, self.stale, self.position) = (0, Stage::Rest, false, 0);
        self.fade.jump([0.0]);
        self.wanted = splits_hz;
        self.start(words);
    }

    fn start(&mut self, words: &mut [Word]) {
        let Memory { convolvers, .. } = Memory::<T>::carve(words, self.sizes);
        let each = convolvers.chunks_exact_mut(self.sizes.convolver_words::<T>());
        self.convolvers.iter_mut().flatten().zip(each).for_each(|(convolver, words)| convolver.clear(words));
        (0..self.sizes.splits).for_each(|split| self.design(words, split, 0));
    }

    /// Makes filter 0 or 1 of a split.
    fn design(&mut self, words: &mut [Word], split: usize, filter: usize) {
        let Sizes { length, .. } = self.sizes;
        let Memory { convolvers, taps, mut design, .. } = Memory::<T>::carve(words, self.sizes);
        let width = self.sample_rate / length.transform as f64;
        for (bin, magnitude) in design.magnitude[..length.samples()].iter_mut().enumerate() {
            *magnitude = low_pass(bin as f64 * width, self.wanted[split], self.exponent);
        }
        let taps = &mut taps[(2 * split + filter) * length.taps()..][..length.taps()];
        linear_taps::finish(&mut design, length, &mut self.transform, taps);
        let count = self.sizes.convolver_words::<T>();
        if let Some(convolver) = &mut self.convolvers[split] {
            convolver.load(&mut convolvers[split * count..][..count], filter, taps);
        }
    }

    /// The splits have changed.
    pub(super) fn change(&mut self) {
        self.stale = true;
    }

    /// A partition is full: one step towards new filters, then the convolutions.
    fn turn(&mut self, splits_hz: [f64; SPLITS], words: &mut [Word]) {
        if self.stage == Stage::Fading && self.fade.is_settled() {
            self.live = 1 - self.live;
            self.fade.jump([0.0]);
            self.stage = Stage::Rest;
        }
        match self.stage {
            Stage::Rest if self.stale => {
                self.stale = false;
                self.wanted = splits_hz;
                self.stage = Stage::Designing(0);
            }
            Stage::Designing(split) if split < self.sizes.splits => {
                self.design(words, split, 1 - self.live);
                self.stage = Stage::Designing(split + 1);
            }
            Stage::Designing(_) => {
                self.fade.set([1.0]);
                self.stage = Stage::Fading;
            }
            Stage::Rest | Stage::Fading => {}
        }
        let both = self.stage == Stage::Fading;
        let Memory { convolvers, .. } = Memory::<T>::carve(words, self.sizes);
        let each = convolvers.chunks_exact_mut(self.sizes.convolver_words::<T>());
        for (convolver, words) in self.convolvers.iter_mut().flatten().zip(each) {
            convolver.turn(words, self.simd, self.live, both);
        }
    }

    /// Cuts a block.
    pub(super) fn process(
        &mut self,
        splits_hz: [f64; SPLITS],
        words: &mut [Word],
        block: &mut Block<'_, '_, T>,
    ) {
        let mut done = 0;
        while done < block.frames() {
            let fading = self.stage == Stage::Fading;
            let left = self.convolvers.iter().flatten().map(Convolver::frames_left).next().unwrap_or(1);
            let count = (block.frames() - done).min(left).min(if fading { CHUNK } else { usize::MAX });
            let mut shares = [[0.0; CHUNK]];
            if fading {
                self.fade.fill(&mut shares, count);
            }
            let shares = shares[0].map(T::from_f64);
            self.cut(words, &mut block.part(done, done + count), fading.then_some(&shares[..]));
            if left == count {
                self.turn(splits_hz, words);
            }
            done += count;
        }
    }

    /// Cuts frames within a partition.
    fn cut(&mut self, words: &mut [Word], block: &mut Block<'_, '_, T>, shares: Option<&[T]>) {
        let Sizes { inputs, splits, .. } = self.sizes;
        let (frames, latency) = (block.frames(), self.sizes.latency());
        let Memory { convolvers, delay, .. } = Memory::<T>::carve(words, self.sizes);
        let mut channels = block.channels_from::<MAX_CHANNELS>(0);
        let (first, others) = channels[..inputs * (splits + 1)].split_at_mut(inputs);
        for band in others.chunks_exact_mut(inputs) {
            band.iter_mut().zip(&*first).for_each(|(to, from)| to.copy_from_slice(from));
        }
        let mut bands = channels[..inputs * (splits + 1)].chunks_exact_mut(inputs);
        let each = convolvers.chunks_exact_mut(self.sizes.convolver_words::<T>());
        for ((convolver, words), band) in self.convolvers.iter_mut().flatten().zip(each).zip(&mut bands) {
            convolver.exchange(words, &mut Block::new(band, &[], 0, frames), self.live, shares);
        }
        if let Some(highest) = bands.next() {
            for (channel, ring) in highest.iter_mut().zip(delay.chunks_exact_mut(latency)) {
                delay_line::wait(ring, self.position, channel);
            }
        }
        self.position = (self.position + frames) % latency;
        for band in (1..=splits).rev() {
            let (below, above) = channels[(band - 1) * inputs..][..2 * inputs].split_at_mut(inputs);
            for (above, below) in above.iter_mut().zip(below) {
                above.iter_mut().zip(&**below).for_each(|(above, below)| *above -= *below);
            }
        }
    }

    /// Magnitude of a band at a frequency: of the filters that run, or of those that will.
    pub(super) fn band_gain(
        &self,
        splits_hz: [f64; SPLITS],
        words: &[Word],
        band: usize,
        (frequency_hz, settled): (f64, bool),
    ) -> f64 {
        let MemoryRef { taps, .. } = MemoryRef::<T>::read(words, self.sizes);
        let count = self.sizes.length.taps();
        let low = |split: usize| {
            let of = |filter: usize| {
                linear_taps::response(
                    &taps[(2 * split + filter) * count..][..count],
                    frequency_hz / self.sample_rate,
                )
            };
            match self.stage {
                // Not designed yet.
                _ if settled && (self.stale || matches!(self.stage, Stage::Designing(_))) => {
                    low_pass(frequency_hz, splits_hz[split], self.exponent)
                }
                Stage::Fading if settled => of(1 - self.live),
                Stage::Fading => {
                    let [share] = self.fade.value();
                    of(self.live) * (1.0 - share) + of(1 - self.live) * share
                }
                _ => of(self.live),
            }
        };
        let upper = if band < self.sizes.splits { low(band) } else { 1.0 };
        upper - if band > 0 { low(band - 1) } else { 0.0 }
    }
}

/// Magnitude of a low-pass without phase.
fn low_pass(frequency_hz: f64, split_hz: f64, exponent: i32) -> f64 {
    let ratio = frequency_hz / split_hz;
    let square = ratio * ratio;
    let power = match exponent {
        2 => square,
        4 => square * square,
        _ => square * square * square * square,
    };
    1.0 / (1.0 + power)
}
