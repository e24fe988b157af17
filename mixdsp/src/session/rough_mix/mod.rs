//! Rough mix: a session that a person can start from, made from stems alone.
//!
//! ```text
//! files --listen--> windows, peaks (one decoding) --> roles by name or sound --> filters, dynamics of tracks
//!       --> balance by what sounds together --> pan, rooms --> tone --> glue, width --> Session, with its reasons
//! Session --mix_down_rough--> render, measured --> glue, peaks, level corrected --> mix
//! ```
//!
//! Everything is decided from what [`listen`] kept, so that nothing is decoded twice; a render tells the rest: the true peak of the
//! mix is -6 dBTP to half a decibel. All of it stands in the session as values that a person can change, with the reason of each
//! in the `notes` of its strip. `docs/design/rough-mix.md` tells how it decides.

mod balance;
mod bands;
mod corridor;
mod ducking;
mod features;
mod leads;
mod line;
mod listening;
mod render;
mod role;
mod space;
mod style;
mod tempo;
mod tone;
mod tracks;
mod whole;

use core::f64::consts::FRAC_1_SQRT_2;
use std::format;
use std::path::Path;
use std::string::ToString as _;
use std::vec;
use std::vec::Vec;

use crate::files::SessionError;
use crate::host::recipe::RecipeError;
use crate::session::format::{Automation, Bus, Clip, Send, Session, Track, wrong};
use bands::{BANDS, Bands};
use features::Features;
use line::{EqBand, Line, windows};
pub use listening::{Stem, listen};
pub use render::mix_down_rough;
pub use role::Role;
use space::Return;
pub use style::Style;
use tracks::tenth;
use whole::{equalizer, unlike};

/// Loudness of the mix that faders are set to, before the output's gain brings its peak to its place.
const MIX_LUFS: f64 = -20.0;

/// The roles of stems: by name where it tells something, by sound otherwise; one of them at least is the lead where
/// anything sings.
fn lines(stems: &[Stem]) -> Vec<Line<'_>> {
    let count = stems.iter().map(|stem| stem.heard.windows.len()).max().unwrap_or(0);
    let features: Vec<Features> = stems.iter().map(|stem| Features::of(stem, count)).collect();
    let named: Vec<Option<Role>> = stems.iter().map(|stem| Role::of_name(&stem.name)).collect();
    let mut roles: Vec<Role> = named
        .iter()
        .zip(&features)
        .map(|(named, heard)| named.unwrap_or_else(|| Role::of_sound(heard)))
        .collect();
    let is_lead = |at: usize| roles[at] == Role::Lead && stems[at].loudness_lufs.is_some();
    let mut found = None;
    if !(0..stems.len()).any(is_lead) {
        let known: Vec<_> = named.iter().copied().zip(features.iter().cloned()).collect();
        found = leads::find(&known);
    }
    if let Some(at) = found {
        roles[at] = Role::Lead;
    }
    let mut lines = Vec::new();
    for (at, (stem, features)) in stems.iter().zip(features).enumerate() {
        let mut line = Line::new(stem, roles[at], features);
        let why = match (found == Some(at), named[at]) {
            (true, _) => "the most prominent of what sings",
            (_, Some(_)) => "by its name",
            _ => "by its sound",
        };
        line.notes.push(format!("{}: {why}", line.role.word()));
        lines.push(line);
    }
    lines
}

/// What each stem is taken for.
pub fn roles(stems: &[Stem]) -> Vec<Role> {
    lines(stems).iter().map(|line| line.role).collect()
}

/// Makes the session. Clips name their files relative to `folder` where they lie in it.
///
/// # Errors
/// [`SessionError::Session`] for an insert that cannot be.
pub fn rough_mix(
    stems: &[Stem],
    style: Style,
    sample_rate: u32,
    folder: &Path,
) -> Result<Session, SessionError> {
    made(stems, style, sample_rate, folder).or_else(|error| wrong("rough mix", error))
}

fn made(stems: &[Stem], style: Style, sample_rate: u32, folder: &Path) -> Result<Session, RecipeError> {
    let mut lines = lines(stems);
    for line in &mut lines {
        tracks::treat(line)?;
        line.response = tone::response(&line.equalizer);
        line.refresh();
    }
    balance::by_role(&mut lines, style);
    balance::lead(&mut lines, style);
    tone::levels(&mut lines);
    tone::stems(&mut lines);
    balance::raise(&mut lines);
    if let Some(aim) = balance::lead(&mut lines, style) {
        balance::ride(&mut lines, aim);
        balance::lead(&mut lines, style);
        let over = format!("fader: {aim:+.1} LU over the rest while both sound");
        lines
            .iter_mut()
            .filter(|line| line.role == Role::Lead && !line.is_silent())
            .for_each(|line| line.notes.push(over.clone()));
    }
    balance::hold_back(&mut lines, style);
    let shift = balance::loudness(&lines).map_or(0.0, |lufs| MIX_LUFS - lufs);
    for line in lines.iter_mut().filter(|line| !line.is_silent()) {
        line.gain_db = tenth((line.gain_db + shift).clamp(-96.0, 24.0));
    }
    space::pan(&mut lines);
    let tempo = tempo::find(stems);
    let returns = space::returns(&lines, tempo, density(&lines), style.return_lu(), sample_rate)?;
    let all = sum(&lines, &returns);
    let (bands, notes) = tone::master(&all);
    let held = whole::held(&lines, bus_of, MIX_LUFS, &tone::response(&bands));
    for line in &mut lines {
        whole::peaks(line, MIX_LUFS, held)?;
    }
    for (line, (share, ratio)) in balance::heard(&lines).into_iter().enumerate() {
        if !lines[line].is_silent() {
            lines[line].notes.push(format!(
                "heard in {:.0} % of its time; masked by {:.0} % (Ronan 2018)",
                100.0 * share,
                100.0 * ratio
            ));
        }
    }
    let mut session = assemble(&lines, &returns, held, sample_rate, folder)?;
    session.master.notes = notes;
    master(&mut session, &lines, &returns, &all, bands)?;
    Ok(session)
}

/// Energy of the whole mix by band.
fn sum(lines: &[Line<'_>], returns: &[Return]) -> Bands {
    let mut all: Bands = [0.0; BANDS];
    let energies = lines.iter().filter(|line| !line.is_silent()).map(Line::energy);
    for energy in energies.chain(returns.iter().map(|one| one.energy)) {
        all.iter_mut().zip(&energy).for_each(|(sum, energy)| *sum += energy);
    }
    all
}

/// Which of the buses a line goes to.
fn bus_of(line: &Line<'_>) -> usize {
    BUSES.iter().position(|(_, takes)| takes(line.role)).unwrap_or(BUSES.len())
}

/// How many stems sound at once, while any does.
fn density(lines: &[Line<'_>]) -> f64 {
    let mut counts = vec![0_u32; windows(lines)];
    for line in lines {
        line.stem
            .heard
            .active
            .iter()
            .zip(&mut counts)
            .for_each(|(active, count)| *count += u32::from(*active));
    }
    let sounding = counts.iter().filter(|count| **count > 0).count().max(1);
    f64::from(counts.iter().sum::<u32>()) / sounding as f64
}

/// The buses of the stems.
const BUSES: [(&str, fn(Role) -> bool); 3] = [
    ("Drums", Role::is_drum),
    ("Voices", Role::is_voice),
    ("Music", |role| !role.is_drum() && !role.is_voice()),
];

fn assemble(
    lines: &[Line<'_>],
    returns: &[Return],
    held: whole::Held,
    sample_rate: u32,
    folder: &Path,
) -> Result<Session, RecipeError> {
    let mut session = Session::new(sample_rate);
    for line in lines {
        let mut track = Track {
            gain_db: line.gain_db,
            trim_db: line.trim_db,
            pan: tenth(10.0 * line.pan) / 10.0,
            ..Track::default()
        };
        track.name = unlike(&line.stem.name, &session);
        track.notes.clone_from(&line.notes);
        let file = line.stem.path.strip_prefix(folder).unwrap_or(&line.stem.path);
        track.clips.push(Clip { file: file.to_string_lossy().into_owned(), ..Clip::default() });
        if !line.equalizer.is_empty() {
            track.inserts.push(equalizer(&line.equalizer)?);
        }
        track.inserts.extend(line.dynamics.iter().cloned());
        if !line.points.is_empty() {
            let point = |point: &[f64; 2]| {
                [tenth(10.0 * point[0]) / 10.0, tenth(line.gain_db + point[1]).clamp(-96.0, 24.0)]
            };
            let points = line.points.iter().map(point).collect();
            track.automation.push(Automation { parameter: "gain_db".to_string(), points });
        }
        session.tracks.push(track);
    }
    if let Some(kick) = ducking::kick(lines) {
        let name = session.tracks[kick].name.clone();
        for (line, track) in lines.iter().zip(&mut session.tracks) {
            if let Some((duck, note)) = ducking::duck(line, &lines[kick], &name)? {
                track.inserts.push(duck);
                track.notes.push(note);
            }
        }
    }
    for (at, (name, takes)) in BUSES.into_iter().enumerate() {
        let members: Vec<usize> =
            (0..lines.len()).filter(|at| takes(lines[*at].role) && !lines[*at].is_silent()).collect();
        // A bus is for what is more than one.
        if members.len() < 2 {
            continue;
        }
        let name = unlike(name, &session);
        let notes = vec![format!("{} tracks that one fader moves", members.len())];
        members.iter().for_each(|at| session.tracks[*at].output = Some(name.clone()));
        let members: Vec<&Line<'_>> = members.iter().map(|at| &lines[*at]).collect();
        let mut bus = Bus { name, notes, ..Bus::default() };
        if at != whole::VOICES
            && let Some((limiter, note)) = whole::bus_peaks(&members, MIX_LUFS, held)?
        {
            bus.inserts.push(limiter);
            bus.notes.push(note);
        }
        session.buses.push(bus);
    }
    for one in returns {
        let name = unlike(one.name, &session);
        for (track, send) in session.tracks.iter_mut().zip(&one.sends) {
            let to = name.clone();
            track.sends.extend(send.map(|gain_db| Send { to, gain_db, pre_fader: false }));
        }
        session.buses.push(Bus {
            name,
            inserts: one.inserts.clone(),
            notes: one.notes.clone(),
            ..Bus::default()
        });
    }
    Ok(session)
}

fn master(
    session: &mut Session,
    lines: &[Line<'_>],
    returns: &[Return],
    all: &Bands,
    mut bands: Vec<EqBand>,
) -> Result<(), RecipeError> {
    if all.iter().sum::<f64>() <= 0.0 {
        return Ok(());
    }
    let under = all[..3].iter().sum::<f64>() / all.iter().sum::<f64>();
    if under > 1e-6 {
        session.master.notes.push(format!(
            "high-pass at 22 Hz: under 30 Hz there is {:.0} dB of the whole",
            10.0 * libm::log10(under)
        ));
        bands.insert(0, EqBand { kind: "high_pass", frequency_hz: 22.0, gain_db: 0.0, q: FRAC_1_SQRT_2 });
    }
    if !bands.is_empty() {
        session.master.inserts.push(equalizer(&bands)?);
    }
    if let Some((imager, note)) = whole::imager(lines, returns)? {
        session.master.inserts.push(imager);
        session.master.notes.push(note);
    }
    if let Some((glue, note)) = whole::glue(lines, &tone::response(&bands))? {
        session.master.inserts.push(glue);
        session.master.notes.push(note);
    }
    Ok(())
}
