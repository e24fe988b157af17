//! A bass that makes room for the kick, where they mask each other.

use std::format;
use std::string::String;

use crate::host::recipe::{Recipe, RecipeError};
use crate::session::rough_mix::bands::{band_at, decibels};
use crate::session::rough_mix::line::{INSERT_LUFS, Line};
use crate::session::rough_mix::role::Role;
use crate::session::rough_mix::tracks::{recipe, tenth};

/// Lows, in which kick and bass meet.
const LOW_HZ: f64 = 125.0;
/// A bass that is no more than this under the kick while it sounds covers it.
const COVERS_DB: f64 = -6.0;

/// Energy under [`LOW_HZ`] of a line in a window of the mix.
fn low(line: &Line<'_>, window: usize) -> f64 {
    let Some(power) = line.stem.heard.windows.get(window) else { return 0.0 };
    let bands = 0..=band_at(LOW_HZ);
    let sum: f64 = bands.map(|band| f64::from(power[band]) * line.response[band]).sum();
    sum * line.before_fader(window) * line.fader(window)
}

/// The kick that has most of the lows.
pub(super) fn kick(lines: &[Line<'_>]) -> Option<usize> {
    let energy = |at: usize| {
        (0..lines[at].stem.heard.windows.len()).map(|window| low(&lines[at], window)).sum::<f64>()
    };
    let kicks = (0..lines.len()).filter(|at| lines[*at].role == Role::Kick && !lines[*at].is_silent());
    kicks.max_by(|a, b| energy(*a).total_cmp(&energy(*b)))
}

/// A compressor for this bass that listens to the kick, which is called `name`, and why; nothing where the kick stands out.
pub(super) fn duck(
    bass: &Line<'_>,
    kick: &Line<'_>,
    name: &str,
) -> Result<Option<(Recipe, String)>, RecipeError> {
    if bass.role != Role::Bass || bass.is_silent() {
        return Ok(None);
    }
    let both = (0..kick.stem.heard.windows.len()).filter(|at| kick.is_active(*at) && bass.is_active(*at));
    let (mut ours, mut theirs, mut count) = (0.0, 0.0, 0);
    for window in both {
        ours += low(bass, window);
        theirs += low(kick, window);
        count += 1;
    }
    let over = decibels(ours) - decibels(theirs);
    if count < 10 || over < COVERS_DB {
        return Ok(None);
    }
    let depth_db = tenth((0.5 * (over - COVERS_DB) + 1.5).clamp(2.0, 5.0));
    let mut duck = recipe(
        "compressor",
        &[
            // The kick enters at its loudness; its strokes are well over that.
            ("threshold_db", INSERT_LUFS),
            ("ratio", 3.0),
            ("range_db", depth_db),
            ("attack_ms", 3.0),
            ("release_ms", 110.0),
        ],
    )?;
    duck.each_leaf_mut(&mut |leaf| leaf.key = Some(name.into()));
    let note = format!(
        "compressor keyed by {name}, at most {depth_db} dB: under {LOW_HZ} Hz the bass is {over:+.1} dB against it while both sound"
    );
    Ok(Some((duck.named("duck"), note)))
}
