//! A pass of a delivery over the file of floats: the master is written aside, and kept by whoever finishes it.

use std::borrow::ToOwned;
use std::boxed::Box;
use std::path::Path;
use std::vec::Vec;
use std::{format, vec};

use crate::base::error::Error;
use crate::files::{AudioFile, AudioStream, AudioWriter, BitDepth, SessionError};
use crate::host::{GainMotion, Limiting, MasterPass, PassResult, PassSettings};
use crate::processors::dither::DitherConfig;
use crate::processors::loudness_meter::LoudnessReadings;
use crate::session::measure::{Curve, loudness_meter};
use crate::session::stems::open;

/// Frames worked on at a time.
pub(super) const BLOCK: usize = 512;

/// What a pass gives.
pub(super) struct Pass {
    /// Gain before the limiter, in dB.
    pub(super) gain_db: f64,
    /// The file, not yet finished.
    pub(super) writer: AudioWriter,
    pub(super) result: PassResult,
    pub(super) limiter_db: Vec<f32>,
    pub(super) limiting: Limiting,
    pub(super) clipped_share: f64,
    pub(super) motion: GainMotion,
}

/// Runs a pass, writing `out` with so many bits. What `progress` refuses ends it.
pub(super) fn run(
    floats: &Path,
    out: &Path,
    depth: BitDepth,
    settings: &PassSettings,
    progress: &mut dyn FnMut(f64) -> Result<(), SessionError>,
) -> Result<Pass, SessionError> {
    let refuse =
        |error: Error| SessionError::Session { place: "master".to_owned(), reason: format!("{error}") };
    let mut file: Box<dyn AudioStream> = open(floats, AudioFile::open(floats)?.info().sample_rate)?;
    let rate = file.sample_rate();
    let frames = file.frames().unwrap_or(0);
    let dither = match depth {
        BitDepth::Float32 => None,
        _ => Some(DitherConfig { bits: depth.bits(), ..Default::default() }),
    };
    let settings = PassSettings { dither, ..*settings };
    let mut pass = MasterPass::<f64>::new(loudness_meter(rate, 2)?, &settings).map_err(refuse)?;
    let mut writer = AudioWriter::create(out, rate, 2, depth)?;
    let mut curve = Curve::new(rate);
    let mut read = [vec![0.0_f32; BLOCK], vec![0.0_f32; BLOCK]];
    let mut wide = [vec![0.0_f64; BLOCK], vec![0.0_f64; BLOCK]];
    let mut ended = false;
    loop {
        let mut count = BLOCK;
        if !ended {
            let [left, right] = &mut read;
            count = file.read(&mut [&mut left[..], &mut right[..]])?;
            for (wide, read) in wide.iter_mut().zip(&read) {
                wide.iter_mut().zip(&read[..count]).for_each(|(wide, read)| *wide = f64::from(*read));
            }
        }
        let [left, right] = &mut wide;
        let mut block = [&mut left[..count], &mut right[..count]];
        let kept = if ended { pass.end(&mut block) } else { pass.push(&mut block) }.map_err(refuse)?;
        if ended && kept.is_empty() {
            break;
        }
        ended |= count < BLOCK;
        if kept.is_empty() {
            continue;
        }
        let reduction = pass.reduction_db();
        curve.add(kept.len(), reduction.iter().fold(0.0, |most, one| f64::max(most, *one)));
        writer.write(&block.map(|channel| &channel[kept.clone()]))?;
        progress(writer.frames() as f64 / frames.max(1) as f64)?;
    }
    Ok(Pass {
        gain_db: settings.gain_db,
        writer,
        result: pass.result(),
        limiter_db: curve.values,
        limiting: pass.limiting().clone(),
        clipped_share: pass.clipping().share(pass.meter().get(LoudnessReadings::RELATIVE_GATE)),
        motion: pass.motion().clone(),
    })
}
