//! A session's mix as a file, and what is measured on the way.
//!
//! ```text
//! Session --> Render --> meter --> file of floats
//! ```

use core::ops::ControlFlow;
use std::path::Path;
use std::string::String;
use std::vec;
use std::vec::Vec;

use crate::base::units::gain_to_decibels;
use crate::files::{AudioWriter, BitDepth, SessionError};
use crate::processors::loudness_meter::TruePeak;
use crate::session::format::{Session, wrong};
use crate::session::measure::{REPORT_SECONDS, meter_with};
use crate::session::render::{Render, RenderOptions, TrackReport};

/// Frames that are written at a time.
const BLOCK: usize = 4096;

/// What came of a mix.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MixDown {
    /// What was measured of each track; loudness where the options ask for it.
    pub tracks: Vec<TrackReport>,
    /// Largest gain reduction in dB of the compressors on the master, added up, every
    /// [`REPORT_SECONDS`](super::REPORT_SECONDS).
    pub master_reduction_db: Vec<f32>,
    /// Largest sample, in dBFS.
    pub peak_dbfs: f64,
    /// True peak; `None` for silence.
    pub true_peak_dbtp: Option<f64>,
    /// Integrated loudness; `None` for silence.
    pub loudness_lufs: Option<f64>,
    /// Power of both channels together, in dB, every [`REPORT_SECONDS`](super::REPORT_SECONDS).
    pub levels_db: Vec<f64>,
    /// Length in frames.
    pub frames: u64,
    /// What is to be known of the clips' files, a line each.
    pub notes: Vec<String>,
}

/// Writes the mix of a session, whose clips lie in `folder`, as floats: with everything that runs on the master.
/// [`deliver`](super::deliver) makes a master of it. `progress` is told the share that is done;
/// where it returns [`ControlFlow::Break`], the work ends.
///
/// # Errors
/// As [`Render`], [`SessionError::Session`] for a mix without a sound, [`SessionError::Interrupted`], and what is
/// wrong with the file. Nothing is left of it then.
pub fn mix_down(
    session: &Session,
    folder: &Path,
    out: &Path,
    options: RenderOptions,
    progress: &mut dyn FnMut(f64) -> ControlFlow<()>,
) -> Result<MixDown, SessionError> {
    let mut render = Render::new(session, folder, options)?;
    let mut writer = AudioWriter::create(out, session.sample_rate, 2, BitDepth::Float32)?;
    let mut planes = [vec![0.0_f64; BLOCK], vec![0.0_f64; BLOCK]];
    let mut peak = 0.0_f64;
    let mut meter = meter_with::<f64>(session.sample_rate, 2, TruePeak::Itu)?;
    let (mut levels, mut sum, mut summed) = (Vec::new(), 0.0, 0_u64);
    let per_level = (REPORT_SECONDS * f64::from(session.sample_rate)) as u64;
    loop {
        let [left, right] = &mut planes;
        let count = render.read(&mut [&mut left[..], &mut right[..]])?;
        if count == 0 {
            break;
        }
        let block = [&planes[0][..count], &planes[1][..count]];
        peak = block.iter().flat_map(|plane| plane.iter()).fold(peak, |peak, x| peak.max(libm::fabs(*x)));
        for (left, right) in block[0].iter().zip(block[1]) {
            sum += left * left + right * right;
            summed += 1;
            if summed == per_level {
                levels.push(10.0 * libm::log10((sum / per_level as f64).max(1e-30)));
                (sum, summed) = (0.0, 0);
            }
        }
        meter.measure(&block).or_else(|error| wrong("meter", error))?;
        writer.write(&block)?;
        let done = render.position();
        let whole = render.expected_frames().unwrap_or(done).max(done);
        if progress(done as f64 / whole as f64).is_break() {
            return Err(SessionError::Interrupted);
        }
    }
    let frames = writer.frames();
    if frames == 0 {
        return wrong("mix", "it has no sound: the session has no clips, or nothing is in them");
    }
    writer.finish()?;
    meter.finish();
    let notes = render.notes().to_vec();
    Ok(MixDown {
        tracks: render.tracks(),
        master_reduction_db: render.master_reduction_db(),
        peak_dbfs: gain_to_decibels(peak),
        true_peak_dbtp: meter.true_peak_db().filter(|peak| peak.is_finite() && *peak > -100.0),
        loudness_lufs: meter.integrated().filter(|lufs| lufs.is_finite()),
        levels_db: levels,
        frames,
        notes,
    })
}
