//! Which stems make the peaks that stand in the way of a loudness.
//!
//! ```text
//! Refusal: where the peaks are --> Render --> what each track gives there --> its share of the sum
//! ```

use core::ops::ControlFlow;
use std::path::Path;
use std::string::String;
use std::vec;
use std::vec::Vec;

use crate::files::SessionError;
use crate::host::Refusal;
use crate::session::format::Session;
use crate::session::render::{Render, RenderOptions};

/// Frames that are mixed at a time.
const BLOCK: usize = 4096;

/// Adds to the refusal of a session's master which stems make the highest peaks, for which the mix is made once more; its
/// clips lie in `folder`. `progress` is told the share that is done; where it returns [`ControlFlow::Break`], the work
/// ends.
///
/// # Errors
/// As [`Render`], and [`SessionError::Interrupted`].
pub fn name_stems(
    session: &Session,
    folder: &Path,
    options: RenderOptions,
    refusal: &mut Refusal,
    progress: &mut dyn FnMut(f64) -> ControlFlow<()>,
) -> Result<(), SessionError> {
    let Some(found) = &mut refusal.in_the_way else { return Ok(()) };
    let mix_rate = f64::from(session.sample_rate);
    let rate = session.target.sample_rate.map_or(mix_rate, f64::from);
    let cut = session.target.ends.trim_start_seconds;
    let frame = |at: u64| libm::round((at as f64 / rate + cut) * mix_rate) as u64;
    let frames: Vec<u64> = found.peaks.iter().map(|(at, ..)| frame(*at)).collect();
    let mut render = Render::new(session, folder, RenderOptions { measure_tracks: false, ..options })?;
    render.look_at(&frames);
    let mut planes = [vec![0.0_f64; BLOCK], vec![0.0_f64; BLOCK]];
    loop {
        let [left, right] = &mut planes;
        if render.read(&mut [&mut left[..], &mut right[..]])? == 0 {
            break;
        }
        let done = render.position();
        let whole = render.expected_frames().unwrap_or(done).max(done);
        if progress(done as f64 / whole as f64).is_break() {
            return Err(SessionError::Interrupted);
        }
    }
    let gave = render.looked_at();
    let at = |peak: usize, values: &[[f64; 2]]| {
        let (_, channel, sign) = found.peaks[peak];
        sign * values[peak][channel.min(1)]
    };
    let sums: Vec<f64> =
        (0..frames.len()).map(|peak| gave.iter().map(|(_, values)| at(peak, values)).sum()).collect();
    // Where the stems do not add up to a peak, effects made it.
    let counted: Vec<usize> = (0..sums.len()).filter(|peak| sums[*peak] > 0.0).collect();
    let share = |values: &Vec<[f64; 2]>| {
        let shares = counted.iter().map(|peak| at(*peak, values) / sums[*peak]);
        shares.sum::<f64>() / counted.len().max(1) as f64
    };
    let mut stems: Vec<(String, f64)> =
        gave.iter().map(|(name, values)| (name.clone(), share(values))).collect();
    stems.sort_by(|a, b| b.1.total_cmp(&a.1));
    found.stems = stems;
    Ok(())
}
