//! A session's mix as a file; that of a rough mix is heard, and corrected by what was heard.
//!
//! ```text
//! Session --> Render --> file of floats        mix_down
//!    ^                        |
//!    +-- faders <-- loudness of the stems, peak        mix_down_rough: at most four times
//! ```

use core::ops::ControlFlow;
use std::path::Path;
use std::string::String;
use std::vec;
use std::vec::Vec;

use crate::base::units::gain_to_decibels;
use crate::files::{AudioWriter, BitDepth, SessionError};
use crate::session::format::{Session, wrong};
use crate::session::render::{Render, RenderOptions, TrackReport};

/// Highest peak of a rough mix, in dBFS.
const PEAK_DB: f64 = -6.0;
/// Loudest stem of a rough mix over the second, at most, in LU.
const OVER_SECOND_LU: f64 = 6.0;
/// Renders of a rough mix, at most.
const RENDERS: usize = 4;
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
    loop {
        let [left, right] = &mut planes;
        let count = render.read(&mut [&mut left[..], &mut right[..]])?;
        if count == 0 {
            break;
        }
        let block = [&planes[0][..count], &planes[1][..count]];
        peak = block.iter().flat_map(|plane| plane.iter()).fold(peak, |peak, x| peak.max(libm::fabs(*x)));
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
    let notes = render.notes().to_vec();
    Ok(MixDown {
        tracks: render.tracks(),
        master_reduction_db: render.master_reduction_db(),
        peak_dbfs: gain_to_decibels(peak),
        frames,
        notes,
    })
}

/// Does the same for a [`rough_mix`](super::rough_mix), and corrects its faders by what was heard, because filters and
/// reverb are not foreseen: the mix stays under -6 dBFS, and no stem is more than 6 LU over the second loudest.
/// `progress` is told the render, from 1 to at most 4, and the share of it that is done.
///
/// # Errors
/// As [`mix_down`].
pub fn mix_down_rough(
    session: &mut Session,
    folder: &Path,
    out: &Path,
    options: RenderOptions,
    progress: &mut dyn FnMut(usize, f64) -> ControlFlow<()>,
) -> Result<MixDown, SessionError> {
    let options = RenderOptions { measure_tracks: true, ..options };
    let mut number = 1;
    loop {
        let heard = mix_down(session, folder, out, options, &mut |share| progress(number, share))?;
        if number == RENDERS || !temper(session, &heard) {
            return Ok(heard);
        }
        number += 1;
    }
}

/// Corrects a rough mix by what was heard of it. Tells whether it did.
fn temper(session: &mut Session, heard: &MixDown) -> bool {
    let tenths = |db: f64| libm::ceil(db * 10.0) / 10.0;
    let mut loudness: Vec<(f64, usize)> = Vec::new();
    for (at, track) in heard.tracks.iter().enumerate() {
        loudness.extend(track.after_lufs.map(|lufs| (lufs, at)));
    }
    loudness.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut changed = false;
    if let [(first, at), (second, _), ..] = loudness[..]
        && first - second > OVER_SECOND_LU
    {
        // The loudest of stems that are hardly heard may be far over the second.
        let track = &mut session.tracks[at];
        let lower = (track.gain_db - tenths(first - second - OVER_SECOND_LU)).max(-96.0);
        changed |= lower < track.gain_db;
        track.gain_db = lower;
    }
    if heard.peak_dbfs > PEAK_DB {
        // Behind the inserts, where it changes the peak by as much.
        session.master.output_gain_db -= tenths(heard.peak_dbfs - PEAK_DB);
        changed = true;
    }
    changed
}
