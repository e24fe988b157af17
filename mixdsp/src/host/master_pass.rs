//! A pass of a delivery: gain, limiter, dither, and what is measured behind them.
//!
//! ```text
//! in --> gain --> limiter --> dither --+--> out, not late
//!                    |                 `--> loudness meter --+
//!                    `--> reduction at each frame -----------+--> Limiting
//! ```
//!
//! The audio runs in place, in blocks of any size; how it is cut makes no difference. What the limiter delays is
//! dropped at the beginning and brought out at the end, and the limiter is told where the end is.
//!
//! State. `late`: frames that are still to be dropped. `rest`: frames that are still inside once the audio has ended.

use crate::base::audio::frames_of;
use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::base::units::decibels_to_gain;
use crate::engine::processor::Processor;
use crate::host::limiting::Limiting;
use crate::host::loudness_search::PassResult;
use crate::host::master_limiter::{self, MasterLimiter};
use crate::host::part_of_block::part;
use crate::processors::dither::{Dither, DitherConfig};
use crate::processors::loudness_meter::LoudnessMeter;
use alloc::vec::Vec;
use core::ops::Range;

/// What a [`MasterPass`] does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PassSettings {
    /// Gain before the limiter, in dB.
    pub gain_db: f64,
    /// Whether there is a limiter; see [`Step::Pass`](crate::host::Step::Pass).
    pub limits: bool,
    /// Which one.
    pub limiter: MasterLimiter,
    /// Its ceiling in dBTP.
    pub ceiling_db: f64,
    /// Dither for integers; `None` where floats are written, or where the writer brings its own.
    pub dither: Option<DitherConfig>,
}

/// One pass over a programme: what a delivery does to its samples, and what came of it.
///
/// ```
/// use mixdsp::host::{MasterLimiter, MasterPass, PassSettings};
/// use mixdsp::{LoudnessConfig, LoudnessMeter, Spec};
///
/// let meter = LoudnessMeter::<f32>::new(Spec::new(48_000.0, 1), LoudnessConfig::default(), ())?;
/// let limiter = MasterLimiter::Offline;
/// let settings = PassSettings { gain_db: 6.0, limits: true, limiter, ceiling_db: -1.0, dither: None };
/// let mut pass = MasterPass::new(meter, &settings)?;
/// let mut delivered = Vec::new();
/// for _ in 0..10 {
///     let mut block = [0.9; 4_800];
///     let kept = pass.push(&mut [&mut block])?;
///     delivered.extend_from_slice(&block[kept]);
/// }
/// loop {
///     let mut block = [0.0; 4_800];
///     let kept = pass.end(&mut [&mut block])?;
///     if kept.is_empty() {
///         break;
///     }
///     delivered.extend_from_slice(&block[kept]);
/// }
/// assert_eq!(delivered.len(), 48_000);
/// assert!(delivered.iter().all(|x| *x <= 0.8913));
/// assert!(pass.limiting().max_db() > 6.0);
/// # Ok::<(), mixdsp::Error>(())
/// ```
#[derive(Debug)]
pub struct MasterPass<T: Sample> {
    gain: T,
    limiter: master_limiter::Limiting<T>,
    dither: Option<Dither<T>>,
    meter: LoudnessMeter<T>,
    limiting: Limiting,
    /// Reduction at each frame of the latest block, and which of them were kept.
    reduction_db: Vec<f64>,
    kept: Range<usize>,
    late: usize,
    /// `None` until the audio has ended.
    rest: Option<usize>,
}

impl<T: Sample> MasterPass<T> {
    /// A pass for what `meter` measures: its rate, its channels, its layout. The meter is fresh.
    ///
    /// # Errors
    /// As the limiter's and the dither's `new`: a ceiling, or bits, out of range; and [`Error::Range`] for a gain that
    /// is not finite.
    pub fn new(meter: LoudnessMeter<T>, settings: &PassSettings) -> Result<Self, Error> {
        let PassSettings { gain_db, limits, limiter, ceiling_db, dither } = *settings;
        let spec = *meter.spec();
        if !gain_db.is_finite() {
            let (minimum, maximum) = (f64::MIN, f64::MAX);
            let (key, unit) = ("gain_db", "dB");
            return Err(Error::Range {
                key,
                item: None,
                value: gain_db,
                minimum,
                maximum,
                unit,
                choices: &[],
            });
        }
        let limiter = master_limiter::Limiting::new(spec, limits.then_some(limiter), ceiling_db)?;
        let dither = match dither {
            Some(config) => Some(Dither::new(spec, config, ())?),
            None => None,
        };
        Ok(Self {
            gain: T::from_f64(decibels_to_gain(gain_db)),
            late: limiter.latency(),
            limiter,
            dither,
            meter,
            limiting: Limiting::new(),
            reduction_db: Vec::new(),
            kept: 0..0,
            rest: None,
        })
    }

    /// Frames that are still to be dropped: a block of more keeps the rest of it. Once all of the audio was pushed,
    /// [`end`](Self::end) brings [`latency`](Self::latency) frames, less by these.
    pub fn late(&self) -> usize {
        self.late
    }

    /// Frames by which the limiter delays.
    pub fn latency(&self) -> usize {
        self.limiter.latency()
    }

    /// Runs a block of any length in place. The frames that are told are the next of the delivery; the others are to
    /// be dropped. After [`end`](Self::end) nothing is heard, and nothing kept.
    ///
    /// # Errors
    /// [`Error::BlockChannels`] or [`Error::BlockFrames`] for a block of another shape; nothing happens then.
    pub fn push(&mut self, audio: &mut [&mut [T]]) -> Result<Range<usize>, Error> {
        let channels = self.meter.spec().channels();
        let frames = frames_of(audio, channels, "audio")?;
        let audio = &mut audio[..channels];
        if self.rest.is_some() {
            self.kept = 0..0;
            return Ok(0..0);
        }
        if self.gain != T::ONE {
            audio.iter_mut().for_each(|channel| channel.iter_mut().for_each(|x| *x *= self.gain));
        }
        self.run(audio, 0..frames)
    }

    /// Ends the audio, and fills a block with what is left of it; to be called until no frames are kept. The meter
    /// has heard everything then.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub fn end(&mut self, audio: &mut [&mut [T]]) -> Result<Range<usize>, Error> {
        let channels = self.meter.spec().channels();
        let frames = frames_of(audio, channels, "audio")?;
        let audio = &mut audio[..channels];
        let mut rest = match self.rest {
            Some(rest) => rest,
            None => {
                self.limiter.end();
                if self.latency() == 0 {
                    self.meter.finish();
                }
                self.latency()
            }
        };
        let mut kept = 0..0;
        // What is to be dropped is no end.
        while rest > 0 && frames > 0 && kept.is_empty() {
            let count = rest.min(frames);
            audio.iter_mut().for_each(|channel| channel[..count].fill(T::ZERO));
            kept = self.run(audio, 0..count)?;
            rest -= count;
            if rest == 0 {
                self.meter.finish();
            }
        }
        self.rest = Some(rest);
        self.kept = kept.clone();
        Ok(kept)
    }

    /// Runs what comes behind the gain over some frames of a block.
    fn run(&mut self, audio: &mut [&mut [T]], frames: Range<usize>) -> Result<Range<usize>, Error> {
        self.reduction_db.clear();
        self.reduction_db.resize(frames.len(), 0.0);
        self.limiter.run(part(audio, frames.clone()).each(), &mut self.reduction_db)?;
        let dropped = self.late.min(frames.len());
        self.late -= dropped;
        let kept = dropped..frames.len();
        let mut part = part(audio, kept.clone());
        if let Some(dither) = &mut self.dither {
            dither.process(part.each(), &[])?;
        }
        match self.limiter {
            master_limiter::Limiting::None => self.meter.process(part.each(), &[])?,
            _ => self.limiting.measure(&mut self.meter, part.each(), &self.reduction_db[kept.clone()])?,
        }
        self.kept = kept.clone();
        Ok(kept)
    }

    /// The limiter's reduction in dB at each frame that the latest block kept.
    pub fn reduction_db(&self) -> &[f64] {
        &self.reduction_db[self.kept.clone()]
    }

    /// The meter behind it all.
    pub fn meter(&self) -> &LoudnessMeter<T> {
        &self.meter
    }

    /// How hard the limiter works.
    pub fn limiting(&self) -> &Limiting {
        &self.limiting
    }

    /// What the pass came to.
    pub fn result(&self) -> PassResult {
        PassResult::of(&self.meter, &self.limiting)
    }

    /// Meter and measure: for albums, whose passes are merged before they are judged.
    pub fn into_measures(self) -> (LoudnessMeter<T>, Limiting) {
        (self.meter, self.limiting)
    }
}
