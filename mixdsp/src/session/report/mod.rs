//! The report of a song: one page that needs nothing else, to look at and to listen to. Feature `fft` too.
//!
//! ```text
//! mix.wav, master.wav --measure--> Measured --+
//! Session, TrackReports, Delivered -----------+--> Report --page--> HTML
//! ```
//!
//! The page holds excerpts of mix and master at equal loudness, and the course of loudness, reduction and
//! correlation; spectra, EQ curves, what streaming platforms do to the master, and the stems.

mod charts;
mod measured;
mod page;
mod player;

use std::path::Path;
use std::string::{String, ToString as _};
use std::vec::Vec;
use std::{format, vec};

use crate::files::SessionError;
use crate::host::{Evidence, Playback, TARGETS, Target};
use crate::session::deliver::Delivered;
use crate::session::format::Session;
use crate::session::make::response_db;
use crate::session::measure::REPORT_SECONDS;
use crate::session::render::TrackReport;
use charts::{Chart, Line};
pub use measured::{Measured, measure};
use page::{Page, escape};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("player.js");

/// Points of an EQ curve.
const CURVE_POINTS: usize = 160;

/// What the page of a song shows.
#[derive(Clone, Debug)]
pub struct Report {
    /// The song's name.
    pub title: String,
    /// What was mixed, and the target.
    pub session: Session,
    /// The stems, in the order of the session's tracks.
    pub tracks: Vec<TrackReport>,
    /// How far the compressors on the master turned down: [`MixDown::master_reduction_db`](super::MixDown).
    pub master_reduction_db: Vec<f32>,
    /// What the delivery did.
    pub delivered: Delivered,
    /// The mix, measured.
    pub mix: Measured,
    /// The master, measured.
    pub master: Measured,
}

impl Report {
    /// How long the song is.
    pub fn length_seconds(&self) -> f64 {
        self.master.frames as f64 / f64::from(self.master.sample_rate.max(1))
    }

    /// What each streaming platform does to the level of the master, in dB; nothing where it is silent.
    pub fn platforms(&self) -> Vec<(&'static Target, f64)> {
        let (Some(loudness), Some(peak)) = (self.master.loudness_lufs, self.master.true_peak_dbtp) else {
            return Vec::new();
        };
        let streams = TARGETS.iter().filter(|target| target.playback != Playback::Delivery);
        streams.map(|target| (target, target.playback_gain_db(loudness, peak))).collect()
    }

    /// The whole page; `mix` and `master` are the files that it lets one hear.
    ///
    /// # Errors
    /// What is wrong with a file, and [`SessionError::Session`] for an insert that cannot be made.
    pub fn page(&self, mix: &Path, master: &Path) -> Result<String, SessionError> {
        let title = escape(&self.title);
        let goal = &self.session.target;
        let mut out = Page(String::new());
        write!(
            out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}: mix and master</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
             <header><h1>{title}</h1><p>{} stem{}, {}:{:02} at {} kHz, mastered to {} LUFS and {} dBTP{}</p></header>\n",
            self.tracks.len(),
            if self.tracks.len() == 1 { "" } else { "s" },
            self.length_seconds() as u64 / 60,
            self.length_seconds() as u64 % 60,
            f64::from(self.master.sample_rate) / 1000.0,
            goal.loudness_lufs,
            goal.true_peak_dbtp,
            goal.name.as_ref().map_or_else(String::new, |name| format!(" ({})", escape(name))),
        );
        tiles(&mut out, self);
        player::section(&mut out, &self.master.short_term, mix, master)?;
        loudness(&mut out, self);
        out.push_str("<div class=\"pair\">\n");
        reduction(&mut out, self);
        correlation(&mut out, self);
        spectra(&mut out, self);
        curves(&mut out, self)?;
        out.push_str("</div>\n");
        streaming(&mut out, self);
        stems(&mut out, self);
        write!(out, "</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n");
        Ok(out.0)
    }
}

/// A number with one digit, or a dash.
fn decimal(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_string(), |value| format!("{value:.1}"))
}

fn tiles(out: &mut Page, report: &Report) {
    let (mix, master) = (&report.mix, &report.master);
    let rows = [
        ("Integrated loudness", mix.loudness_lufs, master.loudness_lufs, "LUFS"),
        ("True peak", mix.true_peak_dbtp, master.true_peak_dbtp, "dBTP"),
        ("Loudness range", mix.range_lu, master.range_lu, "LU"),
        ("Peak to loudness", mix.plr_lu, master.plr_lu, "LU"),
    ];
    out.push_str("<section class=\"tiles\">\n");
    for (name, before, after, unit) in rows {
        writeln!(
            out,
            "<div><h2>{name}</h2><p class=\"value\">{}<small> {unit}</small></p><p class=\"from\">mix {}</p></div>",
            decimal(after),
            decimal(before)
        );
    }
    let delivered = &report.delivered;
    writeln!(
        out,
        "<div><h2>Limiting</h2><p class=\"value\">{:.1}<small> dB</small></p>\
         <p class=\"from\">99th percentile; largest {:.1} dB</p></div>\n</section>",
        delivered.limiting_p99_db, delivered.limiting_max_db
    );
    for warning in delivered.warnings() {
        writeln!(out, "<p class=\"note\">{}</p>", escape(&warning));
    }
}

/// Values every tenth of a second as points of seconds and values; what is not a number makes a gap.
fn over_time(values: &[f32]) -> Vec<(f64, f64)> {
    values
        .iter()
        .enumerate()
        .map(|(at, value)| ((at + 1) as f64 * REPORT_SECONDS, f64::from(*value)))
        .collect()
}

fn time_chart(
    report: &Report,
    title: &str,
    note: &str,
    low: f64,
    high: f64,
    step: f64,
    unit: &'static str,
) -> Chart {
    Chart::new(title, note, (0.0, report.length_seconds().max(1.0)), (low, high), step, unit).over_time()
}

fn loudness(out: &mut Page, report: &Report) {
    let (mix, master) = (over_time(&report.mix.short_term), over_time(&report.master.short_term));
    let loud = |points: &[(f64, f64)]| {
        points.iter().map(|point| point.1).filter(|y| y.is_finite()).fold(-40.0, f64::max)
    };
    let high =
        ((loud(&mix).max(loud(&master)).max(report.session.target.loudness_lufs) + 3.0) / 6.0).ceil() * 6.0;
    let note = "Short-term loudness (3 s). The dashed line is the target of the whole.";
    let mut chart = time_chart(report, "Loudness over time", note, high - 36.0, high, 6.0, "LUFS");
    chart.tall();
    chart.mark(report.session.target.loudness_lufs);
    chart.line(Line::new("mix", "before", &mix));
    chart.line(Line::new("master", "after", &master));
    chart.write(out);
}

fn reduction(out: &mut Page, report: &Report) {
    let negative = |values: &[f32]| over_time(values).into_iter().map(|(x, y)| (x, -y)).collect::<Vec<_>>();
    let (limiter, chain) = (negative(&report.delivered.limiter_db), negative(&report.master_reduction_db));
    let deep = limiter.iter().chain(&chain).map(|point| point.1).fold(-3.0, f64::min);
    let step = if deep < -9.0 { 6.0 } else { 3.0 };
    let note = "How far limiter and compressor turned the master down.";
    let mut chart = time_chart(report, "Gain reduction", note, (deep / step).floor() * step, 0.0, step, "dB");
    chart.line(Line::new("limiter", "after", &limiter).filled());
    if chain.iter().any(|point| point.1 < 0.0) {
        chart.line(Line::new("compressor", "also", &chain));
    }
    chart.write(out);
}

fn correlation(out: &mut Page, report: &Report) {
    let smooth = |values: &[f32]| -> Vec<f32> {
        let near = |at: usize| &values[at.saturating_sub(5)..(at + 6).min(values.len())];
        let mean = |near: &[f32]| {
            let sound: Vec<f32> = near.iter().copied().filter(|x| x.is_finite()).collect();
            sound.iter().sum::<f32>() / sound.len() as f32
        };
        (0..values.len()).map(|at| mean(near(at))).collect()
    };
    let note = "Left against right: 1 is mono, 0 is wide, below 0 is lost in mono.";
    let mut chart = time_chart(report, "Correlation", note, -1.0, 1.0, 0.5, "");
    chart.line(Line::new("mix", "before", &over_time(&smooth(&report.mix.correlation))));
    chart.line(Line::new("master", "after", &over_time(&smooth(&report.master.correlation))));
    chart.write(out);
}

fn spectra(out: &mut Page, report: &Report) {
    let loud = |points: &[(f64, f64)]| points.iter().map(|point| point.1).fold(-60.0, f64::max);
    let high = (loud(&report.mix.spectrum).max(loud(&report.master.spectrum)) / 6.0).ceil() * 6.0;
    let note = "Average power in sixths of an octave, against the whole of each file.";
    let mut chart =
        Chart::new("Spectrum", note, (20.0, 20_000.0), (high - 48.0, high), 12.0, "dB").over_frequency();
    chart.line(Line::new("mix", "before", &report.mix.spectrum));
    chart.line(Line::new("master", "after", &report.master.spectrum));
    chart.write(out);
}

fn curves(out: &mut Page, report: &Report) -> Result<(), SessionError> {
    let session = &report.session;
    let rate = f64::from(session.sample_rate);
    let top = 20_000_f64.min(0.49 * rate);
    let hz: Vec<f64> =
        (0..CURVE_POINTS).map(|at| 20.0 * (top / 20.0).powf(at as f64 / (CURVE_POINTS - 1) as f64)).collect();
    let strips = session.tracks.iter().map(|track| (track.name.as_str(), "stem", &track.inserts));
    let buses = session.buses.iter().map(|bus| (bus.name.as_str(), "stem", &bus.inserts));
    let master = ("master", "after", &session.master.inserts);
    let note = "Every equalizer of the session. Hover a line for its name.";
    let mut chart =
        Chart::new("EQ curves", note, (20.0, 20_000.0), (-24.0, 12.0), 12.0, "dB").over_frequency();
    for (name, class, inserts) in strips.chain(buses).chain([master]) {
        let mut sum: Option<Vec<f64>> = None;
        for insert in inserts.iter().filter(|insert| insert.kind() == "equalizer") {
            if let Some(response) = response_db(insert, rate, &hz)? {
                let before = sum.get_or_insert_with(|| vec![0.0; hz.len()]);
                before.iter_mut().zip(response).for_each(|(sum, y)| *sum += y);
            }
        }
        if let Some(sum) = sum {
            let points: Vec<(f64, f64)> = hz.iter().copied().zip(sum).collect();
            chart.line(Line::new(name, class, &points));
        }
    }
    chart.write(out);
    Ok(())
}

fn streaming(out: &mut Page, report: &Report) {
    let platforms = report.platforms();
    if platforms.is_empty() {
        return;
    }
    out.push_str(
        "<section><h2>On streaming platforms</h2><p class=\"note\">What each would do to the level of this \
         master, by what was known at the date given.</p>\n<div class=\"wide\"><table class=\"platforms\">\n<thead><tr>\
         <th>Platform</th><th>Target</th><th>Change</th><th>Plays at</th><th>Source</th></tr></thead>\n<tbody>\n",
    );
    let loudness = report.master.loudness_lufs.unwrap_or(0.0);
    for (target, gain) in platforms {
        let sure = if target.evidence == Evidence::Official { "" } else { "reported: " };
        let limits = target.playback == Playback::UpWithLimiter && gain >= 0.05;
        let limits = if limits { ", limited" } else { "" };
        let change = if gain.abs() < 0.05 { "none".to_string() } else { format!("{gain:+.1} dB{limits}") };
        writeln!(
            out,
            "<tr><td>{}</td><td>{:.0} LUFS</td><td>{change}</td><td>{:.1} LUFS</td><td class=\"faint\">{sure}{}, {}</td></tr>",
            escape(target.name),
            target.loudness_lufs,
            loudness + gain,
            escape(target.source),
            // A date stays on one line.
            target.as_of.replace('-', "\u{2011}")
        );
    }
    out.push_str("</tbody></table></div></section>\n");
}

fn stems(out: &mut Page, report: &Report) {
    out.push_str(
        "<section><h2>Stems</h2><p class=\"note\">Gated loudness of each file, and behind its fader.</p>\n\
         <div class=\"wide\"><table class=\"stems\">\n<thead><tr><th>Stem</th><th>File</th><th>In the mix</th>\
         <th class=\"bars\"></th><th>Fader</th><th>Pan</th></tr></thead>\n<tbody>\n",
    );
    let after = report.tracks.iter().filter_map(|track| track.after_lufs);
    let loudest = after.fold(f64::NEG_INFINITY, f64::max);
    for (heard, track) in report.tracks.iter().zip(&report.session.tracks) {
        let share = heard.after_lufs.map_or(0.0, |lufs| (100.0 + (lufs - loudest) * 3.0).clamp(1.0, 100.0));
        let pan = match (track.pan * 100.0).round() {
            pan if pan < 0.0 => format!("{:.0} L", -pan),
            pan if pan > 0.0 => format!("{pan:.0} R"),
            _ => "C".to_string(),
        };
        writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"bars\"><i style=\"width:{share:.0}%\"></i></td><td>{:+.1} dB</td><td>{pan}</td></tr>",
            escape(&heard.name).replace('_', "_<wbr>"),
            decimal(heard.before_lufs),
            decimal(heard.after_lufs),
            track.gain_db,
        );
    }
    out.push_str("</tbody></table></div></section>\n");
    reasons(out, &report.session);
}

/// Why each strip is as it is, where the session tells.
fn reasons(out: &mut Page, session: &Session) {
    let tracks = session.tracks.iter().map(|track| (track.name.as_str(), &track.notes));
    let buses = session.buses.iter().map(|bus| (bus.name.as_str(), &bus.notes));
    let strips = tracks.chain(buses).chain([("master", &session.master.notes)]);
    let strips: Vec<_> = strips.filter(|(_, notes)| !notes.is_empty()).collect();
    if strips.is_empty() {
        return;
    }
    out.push_str(
        "<section><h2>Decisions</h2><p class=\"note\">Why each strip is as it is.</p>\n\
         <div class=\"wide\"><table class=\"decisions\">\n<tbody>\n",
    );
    for (name, notes) in strips {
        let lines: Vec<String> = notes.iter().map(|note| escape(note)).collect();
        writeln!(
            out,
            "<tr><td>{}</td><td class=\"faint\">{}</td></tr>",
            escape(name).replace('_', "_<wbr>"),
            lines.join("<br>")
        );
    }
    out.push_str("</tbody></table></div></section>\n");
}
