//! Space: where stems stand, and in which rooms.
//!
//! ```text
//! role --> pairs left and right; lows and what is in front in the middle
//! tempo, how many sound at once --> room, and hall or plate; echoes on the beat
//! energy of the sends x energy of the reverb, by band --> level of the returns against the dry sound
//! ```

use std::format;
use std::string::{String, ToString as _};
use std::vec;
use std::vec::Vec;

use crate::base::spec::Spec;
use crate::engine::processor::Processor as _;
use crate::host::recipe::{Listens, Recipe, RecipeError};
use crate::params::Given;
use crate::session::rough_mix::bands::{Analyser, BANDS, Bands, decibels, k_weights};
use crate::session::rough_mix::line::Line;
use crate::session::rough_mix::role::Role;
use crate::session::rough_mix::tracks::{plain, recipe, tenth};

/// A bus that several tracks are sent to.
#[derive(Debug)]
pub(super) struct Return {
    pub(super) name: &'static str,
    pub(super) inserts: Vec<Recipe>,
    pub(super) notes: Vec<String>,
    /// Level of the send of each line, in dB; `None` for none.
    pub(super) sends: Vec<Option<f64>>,
    /// Energy of what comes back, by band.
    pub(super) energy: Bands,
}

/// How far from the middle a role stands, and below this it stays in the middle whatever it is.
fn place(role: Role) -> f64 {
    match role {
        Role::Kick | Role::Bass | Role::Lead | Role::Drums | Role::Snare => 0.0,
        Role::Cymbals => 0.6,
        Role::Percussion => 0.55,
        Role::Backing => 0.5,
        Role::Chords => 0.45,
        Role::Effect => 0.4,
        Role::Pad => 0.0,
    }
}

/// A stem whose side is so low is one channel, whatever its file has.
const MONO_DB: f64 = -30.0;
/// A stem with so much of its energy under 224 Hz stays in the middle.
const LOW_SHARE: f64 = 0.5;

/// Places all: of a role one left, one right, in the order of how loud they are.
pub(super) fn pan(lines: &mut [Line<'_>]) {
    let mut order: Vec<usize> = (0..lines.len()).collect();
    let energy = |at: usize| lines[at].energy().iter().sum::<f64>();
    let energies: Vec<f64> = (0..lines.len()).map(energy).collect();
    order.sort_by(|a, b| {
        energies[*b].total_cmp(&energies[*a]).then_with(|| lines[*a].stem.name.cmp(&lines[*b].stem.name))
    });
    let mut balance = 0.0_f64;
    for at in order {
        let line = &mut lines[at];
        let far = place(line.role);
        if line.is_silent() || far == 0.0 || line.features.low + line.features.bass > LOW_SHARE {
            continue;
        }
        let is_mono = line.features.side_db < MONO_DB;
        let far = if is_mono { far } else { 0.5 * far };
        // To the side that has less.
        let side = if balance > 0.0 { -1.0 } else { 1.0 };
        balance += side * far * energies[at];
        line.pan = side * far;
        let what = if is_mono { "one channel" } else { "two channels, half as far" };
        line.notes.push(format!(
            "pan {:+.2}: {}, {what}, against the others of both sides",
            line.pan,
            line.role.word()
        ));
    }
}

/// Power gains left and right of a line's pan: of one channel by constant power, of two as a balance.
pub(super) fn pan_gains(line: &Line<'_>) -> (f64, f64) {
    let angle = (line.pan + 1.0) * core::f64::consts::FRAC_PI_4;
    let (left, right) = (libm::cos(angle), libm::sin(angle));
    let (left, right) = (left * left, right * right);
    if line.stem.channels == 1 {
        (2.0 * left, 2.0 * right)
    } else {
        (f64::min(1.0, 2.0 * left), f64::min(1.0, 2.0 * right))
    }
}

/// Energy of left, right and what they have in common in the dry mix, by band.
pub(super) fn sides(lines: &[Line<'_>]) -> [Bands; 3] {
    let mut all = [[0.0; BANDS]; 3];
    for line in lines.iter().filter(|line| !line.is_silent()) {
        let energy = line.energy();
        let [left, right, common] = &line.stem.heard.sides;
        let (to_left, to_right) = pan_gains(line);
        for band in 0..BANDS {
            let both = (left[band] + right[band]).max(1e-30);
            let scale = energy[band] / both;
            all[0][band] += scale * left[band] * to_left;
            all[1][band] += scale * right[band] * to_right;
            all[2][band] += scale * common[band] * libm::sqrt(to_left * to_right);
        }
    }
    all
}

/// What a steady sound of each band comes back as from inserts: power gain.
fn energy_gain(inserts: &[Recipe], sample_rate: u32) -> Result<Bands, RecipeError> {
    const BLOCK: usize = 512;
    let spec = Spec::new(f64::from(sample_rate), 2);
    let mut chain = Recipe::chain(inserts.to_vec()).build::<f32>(spec, Listens::Keyed, Vec::new())?;
    let (mut dry, mut wet) = (Analyser::new(sample_rate, 2), Analyser::new(sample_rate, 2));
    let (mut before, mut after) = ([1e-12; BANDS], [0.0; BANDS]);
    let mut seed = 0x2545_f491_u32;
    let mut noise = || {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        (f64::from(seed) / f64::from(u32::MAX) - 0.5) as f32 * 0.2
    };
    let blocks = (6.0 * f64::from(sample_rate)) as usize / BLOCK;
    let mut planes = [[0.0_f32; BLOCK]; 2];
    for block in 0..blocks {
        for n in 0..BLOCK {
            planes[0][n] = noise();
            planes[1][n] = planes[0][n];
        }
        // The first half fills the room.
        let counts = if block > blocks / 2 { 1.0 } else { 0.0 };
        let [left, right] = &mut planes;
        dry.add(&[left, right], |window| {
            (0..BANDS)
                .for_each(|band| before[band] += counts * f64::from(window.left[band] + window.right[band]));
        });
        chain.process(&mut [left, right], &[]).map_err(|error| RecipeError::new("", error))?;
        wet.add(&[left, right], |window| {
            (0..BANDS)
                .for_each(|band| after[band] += counts * f64::from(window.left[band] + window.right[band]));
        });
    }
    Ok(core::array::from_fn(|band| after[band] / before[band]))
}

/// Loudness weighed sum of energies.
fn loud(energy: &Bands) -> f64 {
    energy.iter().zip(&k_weights()).map(|(energy, weight)| energy * weight).sum()
}

/// What a role is sent to room and to hall, in dB.
fn room_db(role: Role) -> Option<f64> {
    match role {
        Role::Kick | Role::Bass | Role::Pad | Role::Effect => None,
        Role::Snare => Some(0.0),
        Role::Percussion => Some(-2.0),
        Role::Drums => Some(-5.0),
        Role::Cymbals => Some(-6.0),
        Role::Chords => Some(-4.0),
        Role::Lead | Role::Backing => Some(-7.0),
    }
}

fn hall_db(role: Role) -> Option<f64> {
    match role {
        Role::Kick | Role::Bass | Role::Drums | Role::Cymbals => None,
        Role::Backing => Some(2.0),
        Role::Lead => Some(0.0),
        Role::Effect | Role::Pad => Some(-1.0),
        Role::Chords => Some(-3.0),
        Role::Percussion | Role::Snare => Some(-5.0),
    }
}

fn high_pass(frequency_hz: f64) -> Result<Recipe, RecipeError> {
    Recipe::processor(
        "equalizer",
        &[
            ("steepest_slope", Given::Choice("12")),
            ("bands[0].kind", Given::Choice("high_pass")),
            ("bands[0].frequency_hz", Given::Number(frequency_hz)),
            ("bands[0].slope_db_per_octave", Given::Choice("12")),
        ],
    )
}

/// Decides rooms and echoes. `wanted_lu` is all of them against the dry sound.
pub(super) fn returns(
    lines: &[Line<'_>],
    tempo: Option<f64>,
    density: f64,
    wanted_lu: f64,
    sample_rate: u32,
) -> Result<Vec<Return>, RecipeError> {
    let bpm = tempo.unwrap_or(110.0);
    let beat_ms = 60_000.0 / bpm;
    let is_plate = bpm >= 105.0 || density >= 7.0;
    let told = tempo.map_or_else(|| "no tempo found".to_string(), |bpm| format!("{bpm} BPM"));
    let mut returns = Vec::new();
    let mut add = |name,
                   inserts: Vec<Recipe>,
                   notes: Vec<String>,
                   share_lu: f64,
                   role_db: &dyn Fn(Role) -> Option<f64>| {
        returns.push((
            name,
            inserts,
            notes,
            share_lu,
            lines.iter().map(|line| role_db(line.role).filter(|_| !line.is_silent())).collect::<Vec<_>>(),
        ));
    };
    let room =
        [("mix", 1.0), ("decay_seconds", 0.5), ("size", 0.6), ("pre_delay_ms", 5.0), ("treble_ratio", 0.6)];
    let note = "room of 0.5 s: what is struck stands in one place".to_string();
    add("Room", vec![high_pass(180.0)?, recipe("reverb", &room)?], vec![note], -4.5, &room_db);
    // A plate dies within a bar, a hall within two.
    let (name, decay) = if is_plate { ("Plate", 0.0028 * beat_ms) } else { ("Hall", 0.0034 * beat_ms) };
    let decay = tenth(decay.clamp(0.9, 2.6));
    let pre_delay_ms = plain((beat_ms / 16.0).clamp(10.0, 45.0));
    let hall = [
        ("mix", 1.0),
        ("decay_seconds", decay),
        ("pre_delay_ms", pre_delay_ms),
        ("treble_ratio", if is_plate { 0.7 } else { 0.45 }),
    ];
    let note = format!(
        "{} of {decay} s, {pre_delay_ms} ms late: {told}, {density:.1} stems at once",
        name.to_lowercase()
    );
    add(name, vec![high_pass(220.0)?, recipe("reverb", &hall)?], vec![note], -2.5, &hall_db);
    if tempo.is_some() && lines.iter().any(|line| line.role.is_voice() && !line.is_silent()) {
        let sync = if bpm > 100.0 { "eighth_dotted" } else { "eighth" };
        let echo = Recipe::processor(
            "delay",
            &[
                ("mix", Given::Number(1.0)),
                ("sync", Given::Choice(sync)),
                ("tempo_bpm", Given::Number(bpm)),
                ("feedback", Given::Number(0.3)),
                ("ping_pong", Given::Switch(true)),
                ("low_cut", Given::Switch(true)),
                ("low_cut_hz", Given::Number(300.0)),
                ("high_cut", Given::Switch(true)),
                ("high_cut_hz", Given::Number(4500.0)),
            ],
        )?;
        let note = format!("echoes every {} at {told}", sync.replace('_', " "));
        let voices = |role: Role| match role {
            Role::Lead => Some(0.0),
            Role::Backing => Some(-4.0),
            _ => None,
        };
        add("Echo", vec![echo], vec![note], -9.0, &voices);
    }
    let energies: Vec<Bands> = lines.iter().map(Line::energy).collect();
    let dry: f64 = energies.iter().map(loud).sum();
    let mut found = Vec::new();
    for (name, inserts, mut notes, share_lu, sends) in returns {
        let gains = energy_gain(&inserts, sample_rate)?;
        let back = |sends: &[Option<f64>]| -> Bands {
            let mut sum = [0.0; BANDS];
            for (energy, send) in energies.iter().zip(sends) {
                let Some(send) = send else { continue };
                let send = libm::exp10(send / 10.0);
                (0..BANDS).for_each(|band| sum[band] += send * energy[band] * gains[band]);
            }
            sum
        };
        let plain = loud(&back(&sends));
        if !(plain > 0.0 && dry > 0.0) {
            continue;
        }
        let aim = wanted_lu + share_lu;
        let shift = aim - (decibels(plain) - decibels(dry));
        let sends: Vec<Option<f64>> =
            sends.iter().map(|send| send.map(|send| tenth((send + shift).clamp(-60.0, 24.0)))).collect();
        notes.push(format!("sends so that it comes back at {aim:.1} LU against the dry sound: its own gain and the energy sent are known by band"));
        let energy = back(&sends);
        found.push(Return { name, inserts, notes, sends, energy });
    }
    Ok(found)
}
