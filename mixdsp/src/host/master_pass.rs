//! A pass of a delivery: compressor, gain, clipper, limiter, dither, and what is measured behind them.
//!
//! ```text
//! in --> compressor --> gain --> clipper --> limiter --> dither --+--> out, not late
//!            |                      |           |                 `--> loudness meter --+
//!            `----------------------+-----------`--> reductions at each frame ----------+--> Limiting, GainMotion
//! ```
//!
//! The audio runs in place, in blocks of any size; how it is cut makes no difference. What clipper and limiter delay is
//! dropped at the beginning and brought out at the end, and each is told where its end is.
//!
//! State. `late`: frames of the limiter that are still to be dropped. `rest`: frames that are still inside of what stands
//! before it, and of it, once the audio has ended. `waiting`: reductions of frames that are inside the limiter.

use crate::base::audio::frames_of;
use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::engine::processor::Processor;
use crate::host::limiting::{self, Limiting};
use crate::host::loudness_search::PassResult;
use crate::host::master::{BusCompression, Front, GainMotion};
use crate::host::master_limiter::{self, MasterLimiter};
use crate::host::part_of_block::part;
use crate::processors::dither::{Dither, DitherConfig};
use crate::processors::loudness_meter::LoudnessMeter;
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::ops::Range;

/// What a [`MasterPass`] does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PassSettings {
    /// The bus compressor, where there is one.
    pub compression: Option<BusCompression>,
    /// Gain before clipper and limiter, in dB.
    pub gain_db: f64,
    /// The clipper, where there is one, takes what is more than so many dB over the ceiling.
    pub clips_over_db: Option<f64>,
    /// Whether there is a limiter; see [`Step::Pass`](crate::host::Step::Pass).
    pub limits: bool,
    /// Which one.
    pub limiter: MasterLimiter,
    /// Its ceiling in dBTP.
    pub ceiling_db: f64,
    /// Dither for integers; `None` where floats are written, or where the writer brings its own.
    pub dither: Option<DitherConfig>,
}

impl Default for PassSettings {
    /// A gain of 0 dB, and the offline limiter at -1 dBTP.
    fn default() -> Self {
        Self {
            compression: None,
            gain_db: 0.0,
            clips_over_db: None,
            limits: true,
            limiter: MasterLimiter::Offline,
            ceiling_db: -1.0,
            dither: None,
        }
    }
}

/// One pass over a programme: what a delivery does to its samples, and what came of it.
///
/// ```
/// use mixdsp::host::{MasterPass, PassSettings};
/// use mixdsp::{LoudnessConfig, LoudnessMeter, Spec};
///
/// let meter = LoudnessMeter::<f32>::new(Spec::new(48_000.0, 1), LoudnessConfig::default(), ())?;
/// let settings = PassSettings { gain_db: 6.0, ..PassSettings::default() };
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
    front: Front<T>,
    limiter: master_limiter::Limiting<T>,
    dither: Option<Dither<T>>,
    meter: LoudnessMeter<T>,
    limiting: Limiting,
    clipping: Limiting,
    motion: GainMotion,
    /// What was clipped and compressed of frames that are inside the limiter.
    waiting: [VecDeque<f64>; 2],
    /// The limiter's reduction at each frame of the latest block, and which of them were kept.
    reduction_db: Vec<f64>,
    kept: Range<usize>,
    /// What was clipped and compressed of the frames that were kept, and the compressor's and the limiter's reduction
    /// together.
    clipped_db: Vec<f64>,
    compressed_db: Vec<f64>,
    turned_db: Vec<f64>,
    late: usize,
    /// `None` until the audio has ended.
    rest: Option<[usize; 2]>,
}

impl<T: Sample> MasterPass<T> {
    /// A pass for what `meter` measures: its rate, its channels, its layout. The meter is fresh.
    ///
    /// # Errors
    /// As the limiter's and the dither's `new`: a ceiling, or bits, out of range; and [`Error::Range`] for a gain that
    /// is not finite.
    pub fn new(meter: LoudnessMeter<T>, settings: &PassSettings) -> Result<Self, Error> {
        let PassSettings { compression, gain_db, clips_over_db, limits, limiter, ceiling_db, dither } =
            *settings;
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
            front: Front::new(spec, compression, gain_db, clips_over_db.map(|over| ceiling_db + over))?,
            late: limiter.latency(),
            limiter,
            dither,
            motion: GainMotion::new(spec.sample_rate),
            meter,
            limiting: Limiting::new(),
            clipping: Limiting::new(),
            waiting: [VecDeque::new(), VecDeque::new()],
            reduction_db: Vec::new(),
            kept: 0..0,
            clipped_db: Vec::new(),
            compressed_db: Vec::new(),
            turned_db: Vec::new(),
            rest: None,
        })
    }

    /// Frames that are still to be dropped: a block of more keeps the rest of it. Once all of the audio was pushed,
    /// [`end`](Self::end) brings [`latency`](Self::latency) frames, less by these.
    pub fn late(&self) -> usize {
        self.front.late() + self.late
    }

    /// Frames by which clipper and limiter delay.
    pub fn latency(&self) -> usize {
        self.front.latency() + self.limiter.latency()
    }

    /// Runs a block of any length in place. The frames that are told are the next of the delivery; the others are to
    /// be dropped. After [`end`](Self::end) nothing is heard, and nothing kept.
    ///
    /// # Errors
    /// [`Error::BlockChannels`] or [`Error::BlockFrames`] for a block of another shape; nothing happens then.
    pub fn push(&mut self, audio: &mut [&mut [T]]) -> Result<Range<usize>, Error> {
        let channels = self.meter.spec().channels();
        let frames = frames_of(audio, channels, "audio")?;
        if self.rest.is_some() {
            self.kept = 0..0;
            return Ok(0..0);
        }
        self.run(&mut audio[..channels], 0..frames)
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
                self.front.end();
                let rest = [self.front.latency(), self.limiter.latency()];
                self.end_of(rest);
                rest
            }
        };
        let mut kept = 0..0;
        // What is to be dropped is no end.
        while rest != [0, 0] && frames > 0 && kept.is_empty() {
            let is_front = rest[0] > 0;
            let count = if is_front { rest[0] } else { rest[1] }.min(frames);
            audio.iter_mut().for_each(|channel| channel[..count].fill(T::ZERO));
            kept = if is_front { self.run(audio, 0..count)? } else { self.limit(audio, 0..count)? };
            rest[usize::from(!is_front)] -= count;
            self.end_of(rest);
        }
        self.rest = Some(rest);
        self.kept = kept.clone();
        Ok(kept)
    }

    /// Tells those who need to know that their input has ended, as soon as it has.
    fn end_of(&mut self, rest: [usize; 2]) {
        if rest == [0, self.limiter.latency()] {
            self.limiter.end();
        }
        if rest == [0, 0] {
            self.meter.finish();
        }
    }

    /// Runs everything over some frames of a block.
    fn run(&mut self, audio: &mut [&mut [T]], frames: Range<usize>) -> Result<Range<usize>, Error> {
        let came = self.front.run(part(audio, frames.clone()).each())?;
        self.waiting[0].extend(self.front.clipped_db());
        self.waiting[1].extend(self.front.compressed_db());
        self.limit(audio, frames.start + came.start..frames.start + came.end)
    }

    /// Runs limiter and what comes behind it over some frames of a block.
    fn limit(&mut self, audio: &mut [&mut [T]], frames: Range<usize>) -> Result<Range<usize>, Error> {
        self.reduction_db.clear();
        self.reduction_db.resize(frames.len(), 0.0);
        self.limiter.run(part(audio, frames.clone()).each(), &mut self.reduction_db)?;
        let dropped = self.late.min(frames.len());
        self.late -= dropped;
        let kept = frames.start + dropped..frames.end;
        self.kept = dropped..frames.len();
        for (waiting, out) in self.waiting.iter_mut().zip([&mut self.clipped_db, &mut self.compressed_db]) {
            out.clear();
            out.extend(waiting.drain(..kept.len().min(waiting.len())));
        }
        let reductions = &self.reduction_db[self.kept.clone()];
        self.turned_db.clear();
        self.turned_db.extend(reductions.iter().zip(&self.compressed_db).map(|(a, b)| a + b));
        self.motion.hear(&self.turned_db);
        let mut part = part(audio, kept.clone());
        if let Some(dither) = &mut self.dither {
            dither.process(part.each(), &[])?;
        }
        let mut measures = [(&mut self.limiting, reductions), (&mut self.clipping, &self.clipped_db[..])];
        limiting::measure(&mut self.meter, part.each(), &mut measures)?;
        Ok(kept)
    }

    /// The limiter's reduction in dB at each frame that the latest block kept.
    pub fn reduction_db(&self) -> &[f64] {
        &self.reduction_db[self.kept.clone()]
    }

    /// What was clipped of each of them, in dB.
    pub fn clipped_db(&self) -> &[f64] {
        &self.clipped_db
    }

    /// The bus compressor's reduction in dB at each of them.
    pub fn compressed_db(&self) -> &[f64] {
        &self.compressed_db
    }

    /// The meter behind it all.
    pub fn meter(&self) -> &LoudnessMeter<T> {
        &self.meter
    }

    /// How hard the limiter works.
    pub fn limiting(&self) -> &Limiting {
        &self.limiting
    }

    /// How hard the clipper works.
    pub fn clipping(&self) -> &Limiting {
        &self.clipping
    }

    /// How the gain of bus compressor and limiter together moves.
    pub fn motion(&self) -> &GainMotion {
        &self.motion
    }

    /// What the pass came to.
    pub fn result(&self) -> PassResult {
        PassResult::of(&self.meter, &self.limiting, &self.clipping)
    }

    /// Meter and measures: for albums, whose passes are merged before they are judged.
    pub fn into_measures(self) -> PassMeasures<T> {
        let Self { meter, limiting, clipping, motion, .. } = self;
        PassMeasures { meter, limiting, clipping, motion }
    }
}

/// What has heard a pass.
#[derive(Debug)]
pub struct PassMeasures<T: Sample> {
    /// The loudness behind it all.
    pub meter: LoudnessMeter<T>,
    /// How hard the limiter works.
    pub limiting: Limiting,
    /// How hard the clipper works.
    pub clipping: Limiting,
    /// How the gain of bus compressor and limiter together moves.
    pub motion: GainMotion,
}
