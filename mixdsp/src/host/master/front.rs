//! What stands before the limiter of a master.
//!
//! ```text
//! in --> bus compressor --> gain --> clipper --> out, late by the clipper
//!              |                        |
//!              `--> its reduction       `--> what it clips, in dB, both at the frames that come out
//! ```
//!
//! State: `late`, frames that are still to be dropped; `compressed`, the reductions of frames that are on their way.

use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::base::units::decibels_to_gain;
use crate::engine::processor::Processor;
use crate::host::part_of_block::part;
use crate::host::traced::Traced;
use crate::processors::clipper::{Clipper, ClipperConfig, ClipperParams, ClipperReadings};
use crate::processors::compressor::{Compressor, CompressorConfig, CompressorParams, CompressorReadings};
use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

/// The compressor of a master: `bus_glue`, which lets strokes through and follows the music.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BusCompression {
    /// Level above which it works, in dBFS.
    pub threshold_db: f64,
    /// The most that it takes, in dB.
    pub range_db: f64,
}

/// What music of so many LUFS reads on the detector where it is loud, above its loudness, in dB: a steady sine reads its
/// peak.
const LOUD_OVER_LUFS: f64 = 4.0;

impl BusCompression {
    /// About so many decibels where a programme of this loudness is loud; twice as much at most.
    pub fn of(compression_db: f64, loudness_lufs: f64) -> Self {
        // At 2:1 a decibel of reduction takes two over the threshold.
        let threshold_db = (loudness_lufs + LOUD_OVER_LUFS - 2.0 * compression_db).clamp(-80.0, 0.0);
        Self { threshold_db, range_db: 2.0 * compression_db }
    }
}

/// The steps before the limiter, at work.
#[derive(Debug)]
pub(in crate::host) struct Front<T: Sample> {
    compressor: Option<Box<Traced<Compressor<T>>>>,
    /// Before and behind the clipper: it clips at full scale.
    gains: [T; 2],
    clipper: Option<Box<Traced<Clipper<T>>>>,
    compressed: VecDeque<f64>,
    compressed_db: Vec<f64>,
    clipped_db: Vec<f64>,
    late: usize,
}

impl<T: Sample> Front<T> {
    /// `clips_db` is where the clipper clips, in dBTP; it may be over 0.
    pub(in crate::host) fn new(
        spec: Spec,
        compression: Option<BusCompression>,
        gain_db: f64,
        clips_db: Option<f64>,
    ) -> Result<Self, Error> {
        let compressor = match compression {
            None => None,
            Some(BusCompression { threshold_db, range_db }) => {
                let params = CompressorParams { threshold_db, range_db, ..CompressorParams::bus_glue() };
                let compressor = Compressor::new(spec, CompressorConfig::default(), params)?;
                Some(Box::new(Traced::new(compressor, CompressorReadings::GAIN_REDUCTION_DB.any())))
            }
        };
        let clipper = match clips_db {
            None => None,
            Some(_) => {
                let params = ClipperParams { ceiling_db: 0.0, ..ClipperParams::default() };
                let clipper = Clipper::new(spec, ClipperConfig::default(), params)?;
                Some(Box::new(Traced::new(clipper, ClipperReadings::CLIPPED_DB.any())))
            }
        };
        let over_db = clips_db.unwrap_or(0.0);
        let gains = [gain_db - over_db, over_db].map(|db| T::from_f64(decibels_to_gain(db)));
        let late = clipper.as_ref().map_or(0, |clipper| clipper.unit.latency());
        let (compressed_db, clipped_db) = (Vec::new(), Vec::new());
        Ok(Self { compressor, gains, clipper, compressed: VecDeque::new(), compressed_db, clipped_db, late })
    }

    /// Frames by which it delays.
    pub(in crate::host) fn latency(&self) -> usize {
        self.clipper.as_ref().map_or(0, |clipper| clipper.unit.latency())
    }

    /// Frames that are still to be dropped.
    pub(in crate::host) fn late(&self) -> usize {
        self.late
    }

    /// The audio ends here.
    pub(in crate::host) fn end(&mut self) {
        if let Some(clipper) = &mut self.clipper {
            clipper.unit.end();
        }
    }

    /// Runs a block in place, and tells which frames of it come out.
    pub(in crate::host) fn run(&mut self, audio: &mut [&mut [T]]) -> Result<Range<usize>, Error> {
        let frames = audio.first().map_or(0, |channel| channel.len());
        let mut readings = vec![0.0; frames];
        if let Some(compressor) = &mut self.compressor {
            compressor.run(audio, &mut readings)?;
            self.compressed.extend(&readings);
        }
        scale(audio, self.gains[0]);
        readings.fill(0.0);
        if let Some(clipper) = &mut self.clipper {
            clipper.run(audio, &mut readings)?;
        }
        let dropped = self.late.min(frames);
        self.late -= dropped;
        let kept = dropped..frames;
        scale(part(audio, kept.clone()).each(), self.gains[1]);
        self.clipped_db.clear();
        self.clipped_db.extend_from_slice(&readings[kept.clone()]);
        self.compressed_db.clear();
        if self.compressor.is_some() {
            self.compressed_db.extend(self.compressed.drain(..kept.len().min(self.compressed.len())));
        }
        self.compressed_db.resize(kept.len(), 0.0);
        Ok(kept)
    }

    /// The compressor's reduction in dB at each frame that came out.
    pub(in crate::host) fn compressed_db(&self) -> &[f64] {
        &self.compressed_db
    }

    /// What was clipped of them, in dB.
    pub(in crate::host) fn clipped_db(&self) -> &[f64] {
        &self.clipped_db
    }
}

fn scale<T: Sample>(audio: &mut [&mut [T]], gain: T) {
    if gain != T::ONE {
        audio.iter_mut().for_each(|channel| channel.iter_mut().for_each(|x| *x *= gain));
    }
}
