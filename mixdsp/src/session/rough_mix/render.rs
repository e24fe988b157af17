//! The mix of a rough mix: rendered, heard, and corrected by what was heard.

use core::ops::ControlFlow;
use std::format;
use std::path::Path;
use std::string::String;
use std::vec::Vec;

use crate::files::SessionError;
use crate::params::Given;
use crate::session::format::{Master, Session};
use crate::session::mix_down::{MixDown, mix_down};
use crate::session::render::RenderOptions;
use crate::session::rough_mix::tracks::tenth;
use crate::session::rough_mix::whole::{GLUE_DB, full};

/// True peak of a rough mix in dBTP, and how near it is to be.
const PEAK_DBTP: f64 = -6.2;
const PEAK_WITHIN_DB: f64 = 0.2;
/// Peak to loudness of the mix, at most.
const MOST_PLR_LU: f64 = 15.6;
/// What glue may do on average while the song is full.
const GLUE_WITHIN_DB: (f64, f64) = (1.2, 2.2);
/// Loudest stem of a rough mix over the second, at most, in LU.
const OVER_SECOND_LU: f64 = 5.6;
/// How far the second comes up to a lead, at most, in dB.
const MOST_UP_DB: f64 = 3.3;
/// Renders, at most.
const RENDERS: usize = 4;

/// Writes the mix of a [`rough_mix`](super::rough_mix) as [`mix_down`] does, and corrects it by what was heard: the threshold of the
/// glue, the ceilings of single peaks, the loudest stem, and behind them the level: the true peak is -6 dBTP to half a decibel.
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
        if number == RENDERS || !correct(session, &heard, number + 1 == RENDERS) {
            return Ok(heard);
        }
        number += 1;
    }
}

/// Corrects a rough mix by what was heard of it; before the last render nothing but its level. Tells whether it did.
fn correct(session: &mut Session, heard: &MixDown, is_last: bool) -> bool {
    let Some(peak) = heard.true_peak_dbtp else { return false };
    let mut changed = false;
    if !is_last {
        changed |= second(session, heard);
        changed |= glue(session, heard);
        let plr = heard.loudness_lufs.map_or(0.0, |lufs| peak - lufs);
        if plr > MOST_PLR_LU {
            changed |= peaks(session, plr - MOST_PLR_LU + 0.5);
        }
    }
    let off = PEAK_DBTP - peak;
    if off.abs() > PEAK_WITHIN_DB {
        // Behind the inserts, where it changes the peak by as much.
        let master = &mut session.master;
        master.output_gain_db = libm::round((master.output_gain_db + off).clamp(-96.0, 24.0) * 100.0) / 100.0;
        changed = true;
    }
    let why = "output gain: the true peak of the mix is -6 dBTP";
    note(&mut session.master, why, why.into());
    changed
}

/// Puts a line in the place of the one that begins alike.
fn note(master: &mut Master, begins: &str, line: String) {
    master.notes.retain(|note| !note.starts_with(begins));
    master.notes.push(line);
}

fn tenths_up(db: f64) -> f64 {
    libm::ceil(db * 10.0) / 10.0
}

/// The loudest may not be far over the second: where it is a lead, the second comes up to it as far as it may, and what is
/// left over the loudest goes down.
fn second(session: &mut Session, heard: &MixDown) -> bool {
    let mut loudness: Vec<(f64, usize)> = Vec::new();
    for (at, track) in heard.tracks.iter().enumerate() {
        loudness.extend(track.after_lufs.map(|lufs| (lufs, at)));
    }
    loudness.sort_by(|a, b| b.0.total_cmp(&a.0));
    let [(first, loudest), (second, other), ..] = loudness[..] else { return false };
    let over = first - second;
    if over <= OVER_SECOND_LU {
        return false;
    }
    let off = tenths_up(over - OVER_SECOND_LU + 0.1);
    let is_lead = session.tracks[loudest].notes.iter().any(|note| note.starts_with("lead:"));
    let up = if is_lead { off.min(MOST_UP_DB) } else { 0.0 };
    let mut changed = false;
    for (at, change) in [(other, up), (loudest, up - off)] {
        let track = &mut session.tracks[at];
        let moved = (track.gain_db + change).clamp(-96.0, 24.0);
        if moved == track.gain_db {
            continue;
        }
        track.gain_db = moved;
        for point in track.automation.iter_mut().flat_map(|automation| &mut automation.points) {
            point[1] = (point[1] + change).clamp(-96.0, 24.0);
        }
        let line = format!("fader {change:+.1} dB: rendered, the loudest was {over:.1} LU over the second");
        track.notes.push(line);
        changed = true;
    }
    changed
}

/// Moves the threshold of the glue so that it does what it should.
fn glue(session: &mut Session, heard: &MixDown) -> bool {
    let full: Vec<usize> =
        full(&heard.levels_db).into_iter().filter(|at| *at < heard.master_reduction_db.len()).collect();
    let named = |insert: &&mut crate::host::recipe::Recipe| insert.name.as_deref() == Some("glue");
    let Some(glue) = session.master.inserts.iter_mut().find(named) else { return false };
    if full.is_empty() {
        return false;
    }
    let mean =
        full.iter().map(|at| f64::from(heard.master_reduction_db[*at])).sum::<f64>() / full.len() as f64;
    if (GLUE_WITHIN_DB.0..=GLUE_WITHIN_DB.1).contains(&mean) {
        return false;
    }
    let mut changed = false;
    glue.each_leaf_mut(&mut |leaf| {
        let Some(threshold) = leaf.get("threshold_db") else { return };
        // Within the knee of a ratio of 2, a decibel of threshold is about 0.4 dB of reduction.
        let moved = tenth((threshold + (mean - GLUE_DB) / 0.42).clamp(-80.0, 0.0));
        changed = moved != threshold && leaf.set("threshold_db", Given::Number(moved)).is_ok();
    });
    changed
}

/// Lowers the ceilings of tracks whose peaks are held.
fn peaks(session: &mut Session, by_db: f64) -> bool {
    let mut changed = false;
    let tracks = session.tracks.iter_mut().map(|track| (&mut track.inserts, &mut track.notes));
    let buses = session.buses.iter_mut().map(|bus| (&mut bus.inserts, &mut bus.notes));
    for (inserts, notes) in tracks.chain(buses) {
        for insert in inserts.iter_mut().filter(|insert| insert.name.as_deref() == Some("peaks")) {
            insert.each_leaf_mut(&mut |leaf| {
                let Some(ceiling) = leaf.get("ceiling_db") else { return };
                let lower = tenth((ceiling - by_db).max(-40.0));
                changed |= lower < ceiling && leaf.set("ceiling_db", Given::Number(lower)).is_ok();
            });
            notes.push(format!(
                "limiter {:+.1} dB: rendered, the peaks of the mix were too far over its loudness",
                -tenth(by_db)
            ));
        }
    }
    changed
}
