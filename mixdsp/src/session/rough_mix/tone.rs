//! Tonal balance: the sum of the stems against the corridor, corrected gently.
//!
//! ```text
//! energy by band --> distance from the corridor --> levels of roles, little
//!                                               --> a bell or shelf on the stem that makes most of it
//!                                               --> what is left: an equalizer on the master
//! ```

use core::f64::consts::FRAC_1_SQRT_2;
use std::format;
use std::string::String;
use std::vec;
use std::vec::Vec;

use crate::session::rough_mix::bands::{BANDS, Bands, centre_hz};
use crate::session::rough_mix::corridor::{SLOPE_DB_PER_OCTAVE, WIDTH_DB, distances_db, range};
use crate::session::rough_mix::line::{EqBand, Line};
use crate::session::rough_mix::role::Role;
use crate::session::rough_mix::tracks::{plain, tenth};

/// What the correction aims at: the corridor less room for what glue and reverb do.
const AIM_DB: f64 = WIDTH_DB - 1.5;
/// Most that a level of a role, a bell of a stem, a bell of the master moves.
const MOST_LEVEL_DB: f64 = 3.0;
const MOST_STEM_DB: f64 = 4.0;
const MOST_MASTER_DB: f64 = 4.0;
const STEM_BELLS: usize = 12;
/// Bands of the master's equalizer, in Hz.
const MASTER_HZ: [f64; 6] = [70.0, 150.0, 350.0, 900.0, 2500.0, 7000.0];

/// Power gain of a bell or shelf of an analogue equalizer.
pub(super) fn gain(band: &EqBand, frequency_hz: f64) -> f64 {
    let x = frequency_hz / band.frequency_hz;
    let a = libm::exp10(band.gain_db / 40.0);
    let norm = |re: f64, im: f64| re * re + im * im;
    match band.kind {
        "high_pass" => norm(x * x, 0.0) / norm(1.0 - x * x, x / band.q),
        "low_shelf" => {
            let m = libm::sqrt(a) / band.q;
            a * a * norm(a - x * x, m * x) / norm(1.0 - a * x * x, m * x)
        }
        "high_shelf" => {
            let m = libm::sqrt(a) / band.q;
            a * a * norm(1.0 - a * x * x, m * x) / norm(a - x * x, m * x)
        }
        _ => norm(1.0 - x * x, x * a / band.q) / norm(1.0 - x * x, x / (a * band.q)),
    }
}

/// Power gain of bands in series.
pub(super) fn response(bands: &[EqBand]) -> Bands {
    core::array::from_fn(|at| bands.iter().map(|band| gain(band, centre_hz(at))).product())
}

fn total(energies: &[Bands]) -> Bands {
    core::array::from_fn(|band| energies.iter().map(|energy| energy[band]).sum())
}

/// How far the worst band is out of the corridor, and all of them in the mean: less is better.
fn cost(power: &Bands) -> f64 {
    let distances = distances_db(power);
    let within = &distances[range()];
    let most = within.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    most + 0.3 * libm::sqrt(within.iter().map(|x| x * x).sum::<f64>() / within.len() as f64)
}

fn scaled(energy: &Bands, db: f64) -> Bands {
    energy.map(|x| x * libm::exp10(db / 10.0))
}

/// Moves the levels of roles where that brings the whole nearer to the corridor.
pub(super) fn levels(lines: &mut [Line<'_>]) {
    const GROUPS: [&[Role]; 5] = [
        &[Role::Kick, Role::Bass],
        &[Role::Snare, Role::Drums, Role::Percussion],
        &[Role::Cymbals],
        &[Role::Chords, Role::Pad, Role::Effect],
        &[Role::Backing],
    ];
    let energies: Vec<Bands> = lines.iter().map(Line::energy).collect();
    let mut moved = [0.0_f64; GROUPS.len()];
    let sum = |moved: &[f64]| -> Bands {
        let each = lines.iter().zip(&energies).map(|(line, energy)| {
            let group = GROUPS.iter().position(|roles| roles.contains(&line.role));
            scaled(energy, group.map_or(0.0, |group| moved[group]))
        });
        total(&each.collect::<Vec<_>>())
    };
    // What is far costs: levels are there for the balance first.
    let worth = |moved: &[f64]| cost(&sum(moved)) + 0.12 * moved.iter().map(|x| x.abs()).sum::<f64>();
    for _ in 0..6 {
        for group in 0..GROUPS.len() {
            for step in [0.5, -0.5] {
                let mut tried = moved;
                tried[group] = (tried[group] + step).clamp(-MOST_LEVEL_DB, MOST_LEVEL_DB);
                if worth(&tried) < worth(&moved) - 1e-6 {
                    moved = tried;
                }
            }
        }
    }
    for line in lines.iter_mut().filter(|line| !line.is_silent()) {
        let group = GROUPS.iter().position(|roles| roles.contains(&line.role));
        let change = group.map_or(0.0, |group| moved[group]);
        if change != 0.0 {
            line.gain_db += change;
            line.notes.push(format!("fader {change:+.1} dB: tonal balance, with all of its kind"));
        }
    }
}

/// Bells on the stems that make most of what stands out of the corridor.
pub(super) fn stems(lines: &mut [Line<'_>]) {
    let mut energies: Vec<Bands> = lines.iter().map(Line::energy).collect();
    for _ in 0..STEM_BELLS {
        let all = total(&energies);
        let distances = distances_db(&all);
        let Some(band) = range().max_by(|a, b| distances[*a].total_cmp(&distances[*b])) else { return };
        if distances[band] < AIM_DB {
            return;
        }
        // The stem with most of it, unless it has been cut there already.
        let near = |line: &Line<'_>| {
            let same = |bell: &&EqBand| {
                bell.kind == "bell" && libm::fabs(libm::log2(bell.frequency_hz / centre_hz(band))) < 0.8
            };
            line.equalizer.iter().find(same).is_some() || line.equalizer.len() > 5
        };
        let open = (0..lines.len()).filter(|at| !lines[*at].is_silent() && !near(&lines[*at]));
        let Some(at) = open.max_by(|a, b| energies[*a][band].total_cmp(&energies[*b][band])) else { return };
        if energies[at][band] < 0.1 * all[band] {
            return;
        }
        let gain_db = -tenth((0.8 * distances[band]).min(MOST_STEM_DB));
        let bell = EqBand { kind: "bell", frequency_hz: plain(centre_hz(band)), gain_db, q: 1.0 };
        let share = 100.0 * energies[at][band] / all[band];
        let gains = response(&[bell]);
        energies[at].iter_mut().zip(&gains).for_each(|(energy, gain)| *energy *= gain);
        let line = &mut lines[at];
        line.response.iter_mut().zip(&gains).for_each(|(response, gain)| *response *= gain);
        line.notes.push(format!(
            "bell {gain_db:+.1} dB at {} Hz: there the mix is {:+.1} dB from a slope of {SLOPE_DB_PER_OCTAVE} dB per octave, {share:.0} % of it from here",
            bell.frequency_hz, distances[band]
        ));
        line.equalizer.push(bell);
        line.refresh();
    }
}

/// What is left of it on the master: bands, and why.
pub(super) fn master(all: &Bands) -> (Vec<EqBand>, Vec<String>) {
    let (mut gains, mut best) = ([0.0_f64; MASTER_HZ.len()], cost(all));
    let before = worst(all);
    if before < AIM_DB {
        return (Vec::new(), Vec::new());
    }
    let bands = |gains: &[f64]| -> Vec<EqBand> {
        let band = |(at, gain_db): (usize, &f64)| {
            let kind = match at {
                0 => "low_shelf",
                5 => "high_shelf",
                _ => "bell",
            };
            EqBand {
                kind,
                frequency_hz: MASTER_HZ[at],
                gain_db: *gain_db,
                q: if at % 5 == 0 { FRAC_1_SQRT_2 } else { 0.9 },
            }
        };
        gains.iter().enumerate().filter(|(_, gain)| **gain != 0.0).map(band).collect()
    };
    let worth = |gains: &[f64]| {
        let response = response(&bands(gains));
        let power: Bands = core::array::from_fn(|band| all[band] * response[band]);
        cost(&power) + 0.12 * gains.iter().map(|x| x.abs()).sum::<f64>()
    };
    for step in [1.0, 0.5, 0.5] {
        for _ in 0..8 {
            for at in 0..gains.len() {
                for change in [step, -step] {
                    let mut tried = gains;
                    tried[at] = (tried[at] + change).clamp(-MOST_MASTER_DB, MOST_MASTER_DB);
                    let cost = worth(&tried);
                    if cost < best - 1e-6 {
                        (best, gains) = (cost, tried);
                    }
                }
            }
        }
    }
    let bands = bands(&gains);
    if bands.is_empty() {
        return (bands, Vec::new());
    }
    let response = response(&bands);
    let after: Bands = core::array::from_fn(|band| all[band] * response[band]);
    let note = format!(
        "equalizer: over octaves the mix was up to {before:.1} dB from a slope of {SLOPE_DB_PER_OCTAVE} dB per octave, with it {:.1} dB",
        worst(&after)
    );
    (bands, vec![note])
}

/// The largest distance from the line.
fn worst(power: &Bands) -> f64 {
    distances_db(power)[range()].iter().fold(0.0, |most, x| most.max(x.abs()))
}

/// Nothing is left out of the bands.
const _: () = assert!(BANDS == 30);
