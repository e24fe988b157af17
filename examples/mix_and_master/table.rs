//! The table at the end of a run, and the same as JSON.

use crate::Seconds;
use mixdsp::session::{Measured, Report};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// A number with one digit, or a dash.
fn decimal(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_string(), |value| format!("{value:.1}"))
}

pub(crate) fn text(report: &Report, seconds: &Seconds) -> String {
    let Report { session, mix, master, delivered, .. } = report;
    let width = report.tracks.iter().map(|track| track.name.chars().count()).max().unwrap_or(0).clamp(16, 40);
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(out, "\n{:width$}  {:>9}  {:>9}", "stem", "before", "after");
    for track in &report.tracks {
        let name: String =
            track.name.chars().map(|c| if c.is_control() { '?' } else { c }).take(40).collect();
        let _ = writeln!(
            out,
            "{name:width$}  {:>9}  {:>9}  LUFS",
            decimal(track.before_lufs),
            decimal(track.after_lufs)
        );
    }
    let goal = &session.target;
    let _ = writeln!(out, "\n{:width$}  {:>9}  {:>9}  {:>9}", "", "mix", "master", "target");
    let loudness = format!("{:.1}", goal.loudness_lufs);
    let peak = format!("{:.1}", goal.true_peak_dbtp);
    let rows = [
        ("integrated", mix.loudness_lufs, master.loudness_lufs, loudness.as_str(), "LUFS"),
        ("range", mix.range_lu, master.range_lu, "", "LU"),
        ("true peak", mix.true_peak_dbtp, master.true_peak_dbtp, peak.as_str(), "dBTP"),
        ("PLR", mix.plr_lu, master.plr_lu, "", "LU"),
    ];
    for (name, before, after, target, unit) in rows {
        let _ = writeln!(
            out,
            "{name:width$}  {:>9}  {:>9}  {target:>9}  {unit}",
            decimal(before),
            decimal(after)
        );
    }
    let _ = writeln!(
        out,
        "{:width$}  {:>9}  {:>9}  {:>9}  dB, largest {:.1}",
        "limiting (99 %)",
        "",
        decimal(Some(delivered.limiting_p99_db)),
        format!("<= {}", goal.max_limiting_db),
        delivered.limiting_max_db
    );
    let cost = &delivered.cost;
    let clips = delivered
        .plan
        .clips_over_db
        .map_or_else(|| "none".to_string(), |over| format!("{over:.1} dB over the ceiling"));
    let _ = writeln!(
        out,
        "compression {:.1} dB; clipper: {clips}, {:.2} % of the samples, {:.1} dB (99 %); pumping {:.2} dB, fast motion {:.3} dB; {:.1} dB of crest",
        delivered.plan.compression_db,
        100.0 * cost.clipped_share,
        cost.clipping_p99_db,
        cost.pumping_db,
        cost.fast_db,
        cost.crest_lost_db
    );
    match master.loudness_lufs {
        None => {
            let _ = writeln!(out, "the mix is silent: there is no loudness to bring to the target");
        }
        Some(lufs) if (lufs - goal.loudness_lufs).abs() > 0.1 => {
            let _ = writeln!(out, "the target was not met: more gain into the limiter would only distort");
        }
        Some(_) => {}
    }
    let _ = writeln!(
        out,
        "\n{:.1} s of audio at {} Hz, {} bits; gain {:+.1} dB, {} pass{}",
        report.length_seconds(),
        master.sample_rate,
        goal.bits,
        delivered.gain_db,
        delivered.passes,
        if delivered.passes == 1 { "" } else { "es" }
    );
    let _ = writeln!(
        out,
        "seconds: listening {:.1}, mixing {:.1}, mastering {:.1}, measuring {:.1}; {:.1} in all",
        seconds.listening, seconds.mixing, seconds.mastering, seconds.measuring, seconds.all
    );
    out
}

fn measures(of: &Measured) -> Value {
    json!({
        "integrated_lufs": of.loudness_lufs,
        "range_lu": of.range_lu,
        "true_peak_dbtp": of.true_peak_dbtp,
        "sample_peak_dbfs": of.sample_peak_dbfs,
        "plr_lu": of.plr_lu,
        "short_term_maximum_lufs": of.short_term_maximum_lufs,
        "frames": of.frames,
        "sample_rate": of.sample_rate,
    })
}

/// Times are left out, so that two runs give the same file.
pub(crate) fn json(report: &Report) -> Value {
    let tracks = report.tracks.iter().zip(&report.session.tracks);
    let stems: Vec<Value> = tracks
        .map(|(heard, track)| json!({ "name": heard.name, "before_lufs": heard.before_lufs, "after_lufs": heard.after_lufs, "notes": track.notes }))
        .collect();
    let platforms: Vec<Value> = report
        .platforms()
        .into_iter()
        .map(|(target, gain)| json!({ "key": target.key, "gain_db": gain, "as_of": target.as_of, "source": target.source }))
        .collect();
    let goal = &report.session.target;
    json!({
        "version": 1,
        "title": report.title,
        "target": { "name": goal.name, "loudness_lufs": goal.loudness_lufs, "true_peak_dbtp": goal.true_peak_dbtp, "max_limiting_db": goal.max_limiting_db, "bits": goal.bits },
        "stems": stems,
        "mix": measures(&report.mix),
        "master": measures(&report.master),
        "gain_db": report.delivered.gain_db,
        "limiting_max_db": report.delivered.limiting_max_db,
        "limiting_p99_db": report.delivered.limiting_p99_db,
        "chain": {
            "compression_db": report.delivered.plan.compression_db,
            "clipping_over_db": report.delivered.plan.clips_over_db,
            "clipping_p99_db": report.delivered.cost.clipping_p99_db,
            "clipped_share": report.delivered.cost.clipped_share,
            "pumping_db": report.delivered.cost.pumping_db,
            "fast_motion_db": report.delivered.cost.fast_db,
            "crest_lost_db": report.delivered.cost.crest_lost_db,
        },
        "warnings": report.delivered.warnings(),
        "passes": report.delivered.passes,
        "platforms": platforms,
    })
}
