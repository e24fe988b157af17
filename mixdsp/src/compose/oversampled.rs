//! Oversampled: a processor at a multiple of the rate.
//!
//! ```text
//! in, sidechain --> half-band filters up --> processor --> half-band filters down --> out
//! ```
//!
//! What bends a wave or turns it down fast makes frequencies beyond half the rate, which come back as aliases; at a
//! multiple of the rate most of them are filtered out. The filters stand in `dsp::oversample`. With linear phase the
//! latency is whole, the processor's own at the high rate included, so that a dry path beside it meets it to the sample.
//!
//! The processor is built for the [`inner_spec`](Oversampled::inner_spec). Its parameters are this one's; what is set
//! between two blocks holds from that frame on, and a glide lasts as many frames as it is given here.
//!
//! Words: `oversample` with its own; `lanes`, 64 frames at the high rate of every channel and every sidechain's.

use crate::base::audio::{MAX_CHANNELS, check_block, sanitize};
use crate::base::error::Error;
use crate::base::layout::layout;
use crate::base::memory::Store;
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::{SAMPLE_RATES, Spec};
use crate::dsp::oversample::Sizes as OversampleSizes;
use crate::dsp::oversample::{LEAD, MOST_OCTAVES, Oversample, OversampleRef, Oversampling, Phase};
use crate::engine::declare::processor;
use crate::engine::kind::{ProcessorKind, ResponseAt, Run, Setup};
use crate::engine::processor::Processor;
use crate::engine::unit::GRID;
use crate::params::ramp::CHUNK;
use crate::params::{Id, params};
use core::f64::consts::TAU;
use num_complex::Complex;

params! {
    /// What is fixed when an [`Oversampled`] is built.
    pub struct OversampledConfig {
        /// How much faster the processor runs.
        OVERSAMPLING = 1001, oversampling ("Oversampling"): choice(Oversampling) = Oversampling::Twice;
        /// The filters, which set the latency.
        PHASE = 1002, phase ("Phase"): choice(Phase) = Phase::Linear;
    }
}

processor! {
    /// What is fixed of an oversampled recipe. As a processor it does nothing.
    pub OversampledSettings = OversampledKind {
        key: "oversampled", label: "Oversampled", config: OversampledConfig,
    }
}

impl ProcessorKind for OversampledKind {
    type Moving = ();
    type State<T: Sample> = ();

    fn design(_: &Setup<'_, Self>) {}
    fn start<T: Sample>(_: &Setup<'_, Self>, (): ()) {}
    fn process<T: Sample>(_: Run<'_, Self, T>, _: crate::base::audio::Block<'_, '_, T>) {}
}

/// Lengths in the words.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    oversample: OversampleSizes,
}

impl Sizes {
    fn new(spec: &Spec, config: &OversampledConfig, inner_latency: usize) -> Self {
        let channels = spec.inputs + spec.sidechain;
        let (octaves, phase) = (config.oversampling.octaves(), config.phase);
        let sample_rate = spec.sample_rate;
        Self { oversample: OversampleSizes { channels, octaves, phase, inner_latency, sample_rate } }
    }

    fn lane(&self) -> usize {
        CHUNK << self.oversample.octaves
    }
}

layout! {
    /// The words of an oversampled processor.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        lanes: [T; sizes.oversample.channels * (CHUNK << sizes.oversample.octaves)],
    } with {
        oversample: Oversample / OversampleRef by sizes.oversample,
    }
}

/// A processor at a multiple of the rate. As many channels out as in; the processor takes as many.
///
/// ```
/// use mixdsp::{Compressor, Oversampled, OversampledConfig, Processor, Spec};
///
/// let spec = Spec::new(48_000.0, 2);
/// let config = OversampledConfig::DEFAULT;
/// let inner = Oversampled::<f32, ()>::inner_spec(spec, &config)?;
/// let fast = Compressor::<f32>::new(inner, Default::default(), ())?;
/// let mut unit = Oversampled::new(spec, config, fast)?;
/// let mut audio = [[0.1; 100]; 2];
/// let [left, right] = &mut audio;
/// unit.process(&mut [left, right], &[])?;
/// # Ok::<(), mixdsp::Error>(())
/// ```
#[derive(Debug)]
pub struct Oversampled<T, P, S = crate::base::memory::Storage> {
    spec: Spec,
    sizes: Sizes,
    member: P,
    sanitized_samples: u64,
    clock: u64,
    words: S,
    sample: core::marker::PhantomData<T>,
}

impl<T, P, S> Oversampled<T, P, S> {
    /// What the processor inside is to be built for.
    ///
    /// # Errors
    /// [`Error::Oversampling`] where its rate would be above 384 kHz.
    pub fn inner_spec(spec: Spec, config: &OversampledConfig) -> Result<Spec, Error> {
        spec.check()?;
        spec.check_same_channels()?;
        let rate = |octaves: usize| spec.sample_rate * (1u32 << octaves) as f64;
        let octaves = config.oversampling.octaves();
        if rate(octaves) > *SAMPLE_RATES.end() {
            let largest =
                (0..MOST_OCTAVES).rev().find(|octaves| rate(*octaves) <= *SAMPLE_RATES.end()).unwrap_or(0);
            let factor = 1 << octaves;
            return Err(Error::Oversampling { factor, sample_rate: spec.sample_rate, largest: 1 << largest });
        }
        Ok(Spec { sample_rate: rate(octaves), ..spec })
    }

    /// What the unit was built for.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// The processor inside.
    pub fn member(&self) -> &P {
        &self.member
    }

    /// The same, to change parameters.
    pub fn member_mut(&mut self) -> &mut P {
        &mut self.member
    }
}

impl<T: Sample, P: Processor<T>> Oversampled<T, P> {
    /// Words that this processor needs around it.
    pub fn memory(spec: &Spec, config: &OversampledConfig, member: &P) -> usize {
        Memory::<T>::words(Sizes::new(spec, config, member.latency()))
    }

    /// An oversampled processor that owns its memory.
    ///
    /// # Errors
    /// As [`inner_spec`](Oversampled::inner_spec); for a processor of other channels; [`Error::Memory`] when there is none.
    #[cfg(any(feature = "alloc", test))]
    pub fn new(spec: Spec, config: OversampledConfig, member: P) -> Result<Self, Error> {
        Self::inner_spec(spec, &config)?;
        let needed = Self::memory(&spec, &config, &member);
        let mut words = alloc::vec::Vec::new();
        words.try_reserve_exact(needed).map_err(|_| Error::Memory { needed, given: 0 })?;
        words.resize(needed, 0);
        Self::new_in(spec, config, member, words.into_boxed_slice())
    }
}

impl<T: Sample, P: Processor<T>, S: Store> Oversampled<T, P, S> {
    /// The same in memory of the caller.
    ///
    /// # Errors
    /// As [`new`](Oversampled::new).
    pub fn new_in(
        mut spec: Spec,
        config: OversampledConfig,
        mut member: P,
        mut words: S,
    ) -> Result<Self, Error> {
        Self::inner_spec(spec, &config)?;
        spec.simd = spec.simd.resolve();
        // A block of no frames changes nothing and tells whether its channels suffice.
        let mut audio: [&mut [T]; MAX_CHANNELS] = core::array::from_fn(|_| &mut [][..]);
        let sidechain: [&[T]; MAX_CHANNELS] = [&[]; MAX_CHANNELS];
        member.process(&mut audio[..spec.inputs], &sidechain[..spec.sidechain])?;
        let sizes = Sizes::new(&spec, &config, member.latency());
        let (needed, given) = (Memory::<T>::words(sizes), words.as_mut().len());
        if given < needed {
            return Err(Error::Memory { needed, given });
        }
        words.as_mut()[..needed].fill(0);
        Memory::<T>::carve(words.as_mut(), sizes).oversample.start(&sizes.oversample);
        let sample = core::marker::PhantomData;
        Ok(Self { spec, sizes, member, sanitized_samples: 0, clock: 0, words, sample })
    }

    /// Frames, at most [`CHUNK`], none beyond a point of the grid.
    fn run(
        &mut self,
        audio: &mut [&mut [T]],
        sidechain: &[&[T]],
        from: usize,
        to: usize,
    ) -> Result<(), Error> {
        let (inputs, length) = (self.spec.inputs, self.sizes.lane());
        let sizes = &self.sizes.oversample;
        let Memory { lanes, mut oversample, .. } = Memory::<T>::carve(self.words.as_mut(), self.sizes);
        let high_frames = (to - from) << sizes.octaves;
        dispatch!(self.spec.simd, s => {
            let heard = audio.iter().map(|channel| &channel[from..to]).chain(sidechain.iter().map(|key| &key[from..to]));
            for (channel, (samples, lane)) in heard.zip(lanes.chunks_exact_mut(length)).enumerate() {
                let mut clean = [T::ZERO; CHUNK];
                clean.iter_mut().zip(samples).for_each(|(clean, sample)| *clean = sample.clean());
                oversample.up(s, sizes, channel, &clean[..to - from]);
                lane[..high_frames].copy_from_slice(&oversample.high[LEAD..][..high_frames]);
            }
        });
        let (planes, keys) = lanes.split_at_mut(inputs * length);
        let mut high: [&mut [T]; MAX_CHANNELS] = core::array::from_fn(|_| &mut [][..]);
        let mut high_keys: [&[T]; MAX_CHANNELS] = [&[]; MAX_CHANNELS];
        for (high, plane) in high.iter_mut().zip(planes.chunks_exact_mut(length)) {
            *high = &mut plane[..high_frames];
        }
        for (high, key) in high_keys.iter_mut().zip(keys.chunks_exact(length)) {
            *high = &key[..high_frames];
        }
        self.member.process(&mut high[..inputs], &high_keys[..sidechain.len()])?;
        dispatch!(self.spec.simd, s => {
            for (channel, (samples, lane)) in audio.iter_mut().zip(planes.chunks_exact(length)).enumerate() {
                oversample.other[LEAD..][..high_frames].copy_from_slice(&lane[..high_frames]);
                oversample.down(s, sizes, channel, &mut samples[from..to]);
            }
        });
        self.clock += (to - from) as u64;
        if self.clock.is_multiple_of(GRID as u64) {
            oversample.flush_denormals(sizes);
        }
        Ok(())
    }
}

impl<T: Sample, P: Processor<T>, S: Store> Processor<T> for Oversampled<T, P, S> {
    fn process(&mut self, audio: &mut [&mut [T]], sidechain: &[&[T]]) -> Result<(), Error> {
        let (frames, given) = check_block(&self.spec, audio, sidechain)?;
        let (audio, sidechain) = (&mut audio[..self.spec.inputs], &sidechain[..given]);
        self.sanitized_samples += sanitize(&self.spec, audio, sidechain);
        let mut done = 0;
        while done < frames {
            let to_grid = GRID - (self.clock % GRID as u64) as usize;
            let end = frames.min(done + CHUNK.min(to_grid));
            self.run(audio, sidechain, done, end)?;
            done = end;
        }
        Ok(())
    }

    fn reset(&mut self) {
        self.member.reset();
        self.clock = 0;
        Memory::<T>::carve(self.words.as_mut(), self.sizes).oversample.start(&self.sizes.oversample);
    }

    fn end_after(&mut self, frames: usize) {
        let octaves = self.sizes.oversample.octaves;
        let up = ((self.latency() << octaves) - self.member.latency()) / 2;
        self.member.end_after((frames << octaves).saturating_add(up));
    }

    fn latency(&self) -> usize {
        self.sizes.oversample.latency()
    }

    fn tail(&self) -> Option<usize> {
        let octaves = self.sizes.oversample.octaves;
        self.member.tail().map(|tail| (tail >> octaves).saturating_add(1 + self.sizes.oversample.tail()))
    }

    fn nodes(&self) -> u16 {
        self.member.nodes()
    }

    fn set(&mut self, id: Id, value: f64) -> Result<(), Error> {
        self.member.set(id, value)
    }

    fn glide(&mut self, id: Id, target: f64, frames: usize) -> Result<(), Error> {
        self.member.glide(id, target, frames << self.sizes.oversample.octaves)
    }

    fn get(&self, id: Id) -> Option<f64> {
        self.member.get(id)
    }

    fn trace(&self, id: Id, out: &mut [f64]) -> usize {
        let octaves = self.sizes.oversample.octaves;
        let mut high = [0.0; CHUNK << MOST_OCTAVES];
        let most = out.len().min(CHUNK);
        let high = &mut high[..most << octaves];
        let known = self.member.trace(id, high) >> octaves;
        let newest = high.iter().rev().step_by(1 << octaves);
        out.iter_mut().rev().zip(newest).take(known).for_each(|(out, value)| *out = *value);
        known
    }

    fn static_curve_db(&self, level_db: f64) -> Option<f64> {
        self.member.static_curve_db(level_db)
    }

    fn response(&self, frequency_hz: f64, at: ResponseAt) -> Option<Complex<f64>> {
        let sizes = &self.sizes.oversample;
        if sizes.phase != Phase::Linear {
            return None;
        }
        // What the filters are late by: all but what the processor is.
        let own = sizes.inner_latency as f64 / (1u32 << sizes.octaves) as f64;
        let turns = frequency_hz / self.spec.sample_rate * (sizes.latency() as f64 - own);
        Some(
            self.member.response(frequency_hz, at)?
                * Complex::from_polar(1.0, -TAU * (turns - libm::floor(turns))),
        )
    }

    fn sanitized_samples(&self) -> u64 {
        self.sanitized_samples + self.member.sanitized_samples()
    }
}
