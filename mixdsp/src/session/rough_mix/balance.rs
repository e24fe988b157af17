//! Balance: levels from what sounds together.
//!
//! ```text
//! role, how many of a role sound at once --> levels of the rest against each other
//! never heard (masked in every band)     --> up
//! lead against the rest, while both sound --> level of the lead, then a ride where one level cannot do
//! ```

use std::format;
use std::vec;
use std::vec::Vec;

use crate::host::Masking;
use crate::session::rough_mix::bands::{BANDS, centre_hz, decibels, lufs};
use crate::session::rough_mix::features::phrases;
use crate::session::rough_mix::line::{Line, sum, windows};
use crate::session::rough_mix::listening::gated;
use crate::session::rough_mix::role::Role;
use crate::session::rough_mix::style::Style;
use crate::session::rough_mix::tracks::tenth;

/// A stem is to be heard in at least this share of its active time.
const HEARD_SHARE: f64 = 0.3;
/// By how much it is raised for that, at most, and in what steps.
const MOST_RAISE_DB: f64 = 9.0;
const RAISE_DB: f64 = 1.5;
/// The loudest stem over the second loudest, at most, in LU.
const MOST_OVER_SECOND_LU: f64 = 5.0;
/// How far a ride moves.
const RIDE_DB: (f64, f64) = (-6.0, 5.0);
/// What is nearer to its aim than this is left.
const RIDE_LEAST_DB: f64 = 1.5;
/// Windows that are looked at for masking: every so many.
const MASKING_STEP: usize = 3;

/// Sets levels of all but the leads, by role and by how many sound at once.
pub(super) fn by_role(lines: &mut [Line<'_>], style: Style) {
    let count = windows(lines);
    let roles: Vec<Role> = lines.iter().map(|line| line.role).collect();
    let mut together = vec![vec![0_u16; count]; lines.len()];
    for at in 0..lines.len() {
        let same = |other: &usize| roles[*other] == roles[at];
        for other in (0..lines.len()).filter(same) {
            for (window, active) in lines[other].stem.heard.active.iter().enumerate() {
                together[at][window] += u16::from(*active);
            }
        }
    }
    for (line, together) in lines.iter_mut().zip(&together) {
        if line.is_silent() {
            continue;
        }
        let Some(own) = gated(&line.loud) else { continue };
        let active: Vec<f64> = line
            .stem
            .heard
            .active
            .iter()
            .zip(together)
            .filter(|(on, _)| **on)
            .map(|(_, n)| f64::from(*n))
            .collect();
        let share = active.iter().sum::<f64>() / active.len().max(1) as f64;
        let level = style.level_lu(line.role) - 10.0 * libm::log10(share.max(1.0));
        line.gain_db = level - 20.0 - own;
        let others = if share > 1.2 { format!(", {share:.1} of them at once") } else { Default::default() };
        line.notes.push(format!(
            "fader: {} at {:+.1} LU{others}",
            line.role.word(),
            style.level_lu(line.role)
        ));
    }
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Mean over 0.4 s around each window.
fn smooth(power: &[f64]) -> Vec<f64> {
    (0..power.len())
        .map(|at| {
            let near = &power[at.saturating_sub(2)..(at + 2).min(power.len())];
            near.iter().sum::<f64>() / near.len() as f64
        })
        .collect()
}

/// The lead against the rest in windows in which both sound, in LU.
fn against(lead: &[f64], rest: &[f64]) -> Vec<Option<f64>> {
    let sounding =
        |power: &[f64]| gated(power).map_or(f64::MAX, |lufs| libm::exp10((lufs - 15.0 + 0.691) / 10.0));
    let (from, floor) = (sounding(lead), sounding(rest));
    let (lead, rest) = (smooth(lead), smooth(rest));
    lead.iter()
        .zip(&rest)
        .map(|(a, b)| (*a > from && *b > floor).then(|| decibels(*a) - decibels(*b)))
        .collect()
}

fn is_lead(line: &Line<'_>) -> bool {
    line.role == Role::Lead
}

/// Sets the leads together against the rest.
pub(super) fn lead(lines: &mut [Line<'_>], style: Style) -> Option<f64> {
    let (leads, rest) = (sum(lines, |line| !is_lead(line)), sum(lines, is_lead));
    let mut distances: Vec<f64> = against(&leads, &rest).into_iter().flatten().collect();
    let distance = median(&mut distances)?;
    let aim = style.lead_over_rest_lu();
    lines.iter_mut().filter(|line| is_lead(line)).for_each(|line| line.gain_db += aim - distance);
    Some(aim)
}

/// Where the lead is far from its aim over a phrase, the fader moves.
pub(super) fn ride(lines: &mut [Line<'_>], aim: f64) {
    let (leads, rest) = (sum(lines, |line| !is_lead(line)), sum(lines, is_lead));
    let distances = against(&leads, &rest);
    for line in lines.iter_mut().filter(|line| is_lead(line) && !line.is_silent()) {
        let mut moves: Vec<(core::ops::Range<usize>, f64, f64)> = Vec::new();
        for phrase in parts(&phrases(&line.stem.heard.active)) {
            let mut part: Vec<f64> = distances[phrase.clone()].iter().flatten().copied().collect();
            let off = median(&mut part).map_or(0.0, |distance| aim - distance);
            let change =
                if off.abs() < RIDE_LEAST_DB { 0.0 } else { (0.85 * off).clamp(RIDE_DB.0, RIDE_DB.1) };
            match moves.last_mut() {
                // One move does for neighbours that ask for about the same.
                Some((last, before, _)) if (*before - change).abs() < 1.2 => last.end = phrase.end,
                _ => moves.push((phrase, tenth(change), off)),
            }
        }
        if moves.iter().all(|(_, change, _)| *change == 0.0) {
            continue;
        }
        line.ride = vec![1.0; line.stem.heard.windows.len()];
        let mut points: Vec<[f64; 2]> = Vec::new();
        for (at, (phrase, change, off)) in moves.iter().enumerate() {
            let begin = phrase.start as f64 / 10.0;
            if at == 0 {
                points.push([0.0, *change]);
            } else {
                // In the pause before it, where there is one.
                let from = (begin - 0.4).max(points.last().map_or(0.0, |last| last[0]) + 0.01);
                points.push([from, moves[at - 1].1]);
                points.push([from + 0.3, *change]);
            }
            let end = moves.get(at + 1).map_or(line.ride.len(), |next| next.0.start);
            let begin = if at == 0 { 0 } else { phrase.start };
            line.ride[begin..end].fill(libm::exp10(change / 10.0) as f32);
            if *change != 0.0 {
                line.notes.push(format!(
                    "fader {change:+.1} dB from {}:{:02}: there it lies {:+.1} LU from its aim over the rest",
                    phrase.start / 600,
                    phrase.start / 10 % 60,
                    -off
                ));
            }
        }
        line.points = points;
    }
}

/// Phrases, the long ones cut: no part is much longer than four seconds.
fn parts(phrases: &[core::ops::Range<usize>]) -> Vec<core::ops::Range<usize>> {
    let cut = |phrase: &core::ops::Range<usize>| {
        let count = (phrase.len() / 40).max(1);
        let (start, length) = (phrase.start, phrase.len());
        (0..count)
            .map(move |n| start + length * n / count..start + length * (n + 1) / count)
            .collect::<Vec<_>>()
    };
    // What is shorter than half a second goes with what is before.
    let mut found: Vec<core::ops::Range<usize>> = Vec::new();
    for part in phrases.iter().flat_map(cut) {
        match found.last_mut() {
            Some(last) if part.len() < 5 || last.len() < 5 => last.end = part.end,
            _ => found.push(part),
        }
    }
    found
}

/// The share of its active time in which each is heard beside the others, and how far it is masked meanwhile.
pub(super) fn heard(lines: &[Line<'_>]) -> Vec<(f64, f64)> {
    let centres: Vec<f64> = (0..BANDS).map(centre_hz).collect();
    let masking = Masking::new(&centres);
    let mut found = vec![(0_u32, 0_u32, 0.0); lines.len()];
    let mut powers = vec![[0.0_f32; BANDS]; lines.len()];
    let mut own = vec![[0.0_f32; BANDS]; lines.len()];
    for window in (0..windows(lines)).step_by(MASKING_STEP) {
        let mut all = [0.0_f32; BANDS];
        for (line, power) in lines.iter().zip(&mut powers) {
            *power = [0.0; BANDS];
            let Some(heard) = line.stem.heard.windows.get(window).filter(|_| !line.is_silent()) else {
                continue;
            };
            let gain = line.before_fader(window) * line.fader(window);
            for band in 0..BANDS {
                power[band] = (gain * line.response[band]) as f32 * heard[band];
                all[band] += power[band];
            }
        }
        let loudest = all.iter().fold(0.0_f32, |most, power| most.max(*power));
        let mut whole = [0.0; BANDS];
        masking.threshold(&all, &mut whole);
        for (at, line) in lines.iter().enumerate() {
            if !line.is_active(window) {
                continue;
            }
            // The threshold of the others is that of all less its own.
            masking.threshold(&powers[at], &mut own[at]);
            let threshold: [f32; BANDS] = core::array::from_fn(|band| (whole[band] - own[at][band]).max(0.0));
            found[at].0 += 1;
            found[at].1 += u32::from(Masking::is_heard(&powers[at], &threshold, loudest));
            found[at].2 += Masking::ratio(&powers[at], &threshold);
        }
    }
    let share = |(windows, heard, ratio): (u32, u32, f64)| {
        let windows = f64::from(windows.max(1));
        (f64::from(heard) / windows, ratio / windows)
    };
    found.into_iter().map(share).collect()
}

/// Raises what is hardly ever heard.
pub(super) fn raise(lines: &mut [Line<'_>]) {
    let mut raised = vec![0.0; lines.len()];
    let mut first: Vec<f64> = Vec::new();
    loop {
        let heard = heard(lines);
        if first.is_empty() {
            first = heard.iter().map(|(share, _)| *share).collect();
        }
        let mut is_done = true;
        for (at, line) in lines.iter_mut().enumerate() {
            if !line.is_silent() && heard[at].0 < HEARD_SHARE && raised[at] < MOST_RAISE_DB {
                line.gain_db += RAISE_DB;
                raised[at] += RAISE_DB;
                is_done = false;
            }
        }
        if is_done {
            break;
        }
    }
    for ((line, raised), share) in lines.iter_mut().zip(&raised).zip(&first) {
        if *raised > 0.0 {
            line.notes.push(format!(
                "fader {raised:+.1} dB: it was masked in every band in {:.0} % of its time",
                100.0 * (1.0 - share)
            ));
        }
    }
}

/// Loudness in the mix, the loudest first.
fn order(lines: &[Line<'_>]) -> Vec<(f64, usize)> {
    let mut order: Vec<(f64, usize)> = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_silent()) {
        let loud: Vec<f64> = (0..line.loud.len()).map(|window| line.loud_in_mix(window)).collect();
        order.extend(gated(&loud).map(|lufs| (lufs, at)));
    }
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    order
}

/// Keeps the loudest near the second: where it is the lead, the second comes up to it, and the lead keeps its distance from
/// all; what is left the loudest goes down.
pub(super) fn hold_back(lines: &mut [Line<'_>], style: Style) {
    for _ in 0..4 {
        let [(first, at), (second, other), ..] = order(lines)[..] else { return };
        let over = first - second - MOST_OVER_SECOND_LU;
        if over <= 0.0 || lines[at].role != Role::Lead || lines[other].role == Role::Lead {
            break;
        }
        let raised = tenth(over.min(1.5));
        lines[other].gain_db += raised;
        lines[other].notes.push(format!(
            "fader {raised:+.1} dB: the lead was {:.1} LU over it, the second loudest",
            first - second
        ));
        lead(lines, style);
    }
    if let [(first, at), (second, _), ..] = order(lines)[..] {
        let over = first - second - MOST_OVER_SECOND_LU;
        if over > 0.0 {
            lines[at].gain_db -= over;
            lines[at].notes.push(format!(
                "fader {:+.1} dB: it was {:.1} LU over the second loudest",
                -over,
                first - second
            ));
        }
    }
}

/// Loudness of the sum of all.
pub(super) fn loudness(lines: &[Line<'_>]) -> Option<f64> {
    gated(&sum(lines, |_| false)).or_else(|| {
        let all = sum(lines, |_| false);
        all.iter()
            .copied()
            .fold(None, |most: Option<f64>, x| Some(most.map_or(x, |most| most.max(x))))
            .map(lufs)
            .filter(|lufs| *lufs > -100.0)
    })
}
