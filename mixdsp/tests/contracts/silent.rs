//! Contract 6, first part: a parameter that is set leaves no click, and lands exactly.
//!
//! A sine of 200 Hz fades in and comes to rest. Then one parameter steps: by 12 dB, an octave, or from a
//! quarter to three quarters of its range. What the step leaves above 2 kHz, beyond what was there before
//! or is there afterwards, is compared with the energy of the sine in 100 ms.

use crate::common::audio::{Audio, Cut, process};
use crate::common::settings::value_at;
use crate::common::spectrum::{decibels_of_energy, energy_above, window};
use crate::common::{Bound, Case, Entry, Random, seed_of};
use crate::harness::{Contract, Findings};
use mixdsp::param::{Place, Row, Scaling};
use mixdsp::{Id, Processor, Sample};
use std::f64::consts::TAU;

pub(crate) struct Silent;

pub(crate) const RATE: f64 = 48_000.0;
/// The sine fades in over 100 ms, so smoothly that nothing rings.
const FADE: usize = 4_800;
/// Where the parameter is set: half a second later, beside the grid.
const STEP: usize = 24_007;
/// Frames of one look: 100 ms.
const LOOK: usize = 4_800;
/// The middle of a look moves by this, from the step until 200 ms later.
const HOP: usize = 600;
const HOPS: usize = 17;
/// Where everything is at rest again.
const AFTER: usize = STEP + 30_000;
const FRAMES: usize = AFTER + 2 * LOOK;
const ABOVE_HZ: f64 = 2_000.0;
pub(crate) const BOUND_DB: f64 = -120.0;
/// Settings of the other parameters: the defaults, then some from the middle of their ranges.
pub(crate) const LIVELY: usize = if cfg!(debug_assertions) { 0 } else { 2 };

/// What may leave more, by the design: the sine that it is measured with, the bound, and why.
struct Exception {
    processor: &'static str,
    key: &'static str,
    sine_hz: f64,
    bound_db: f64,
    why: &'static str,
}

const EXCEPTIONS: &[Exception] = &[Exception {
    processor: "delay",
    key: "time_ms",
    sine_hz: 1_000.0,
    bound_db: -80.0,
    why: "a delay time crossfades from one echo to another",
}];

fn exception(processor: &str, row: &Row) -> Option<&'static Exception> {
    EXCEPTIONS.iter().find(|it| it.processor == processor && it.key == row.key)
}

impl Contract for Silent {
    const NAME: &'static str = "6 changes are silent";
    const ORACLE: &'static str = "spectrum of a sine while a parameter steps";

    fn check<T: Sample>(&self, entry: &'static dyn Entry<T>, findings: &mut Findings) {
        for (turn, case) in bases(entry, RATE, LIVELY).into_iter().enumerate() {
            for (id, place) in steered(&case, turn) {
                findings.case(&format!("{} {:?}, {case}", place.row.key, place.item), |findings| {
                    steps(findings, &case, id, place, turn > 0);
                });
            }
        }
    }
}

/// The defaults, then as many lively settings.
pub(crate) fn bases<T: Sample>(entry: &'static dyn Entry<T>, rate: f64, lively: usize) -> Vec<Case<T>> {
    let Some(plain) = Case::plain(entry, rate) else {
        return Vec::new();
    };
    let mut random = Random::new(seed_of(&[entry.sheet().key, "lively"], 0));
    let lively = (0..lively).map(|_| Case { seed: random.bits(), ..plain.with_lively_settings(&mut random) });
    let lively: Vec<_> = lively.collect();
    std::iter::once(plain).chain(lively).collect()
}

/// The parameters that are moved: all that exist once, and those of a few items of a group.
pub(crate) fn steered<T: Sample>(case: &Case<T>, turn: usize) -> Vec<(Id, Place)> {
    let last = case.params().iter().filter_map(|(_, place)| place.item).map(|(_, item)| item).max();
    let items = [0, last.unwrap_or(0).min(turn as u16)];
    let mine = |place: &Place| place.item.is_none_or(|(_, item)| items.contains(&item));
    case.params().into_iter().filter(|(_, place)| mine(place)).collect()
}

/// From where to where a parameter steps.
pub(crate) fn steps_of<T: Sample>(case: &Case<T>, row: &Row) -> Vec<(f64, f64)> {
    let (low, high) = case.range(row);
    if low == high {
        return Vec::new();
    }
    let at = |share| value_at(row, (low, high), share);
    // a step up, around the default where there is room
    let around = |from: f64, to: f64, default: f64| {
        let shift = (default - from).clamp(low - from, high - to);
        (from + shift, to + shift)
    };
    match row.scaling {
        Scaling::Frequency => {
            let from = row.default.clamp(low, (0.5 * high).max(low));
            vec![(from, (2.0 * from).min(high)), ((2.0 * from).min(high), from)]
        }
        _ if !row.is_continuous() => {
            let values = (low as i64..=high as i64).map(|value| value as f64);
            let values: Vec<_> = values.take(12).collect();
            let pairs = values.windows(2).map(|pair| (pair[0], pair[1]));
            pairs.chain([(values[values.len() - 1], values[0])]).collect()
        }
        _ if row.unit.starts_with("dB") && high - low > 12.0 => {
            let (from, to) = around(0.0, 12.0, row.default);
            vec![(from, to), (to, from)]
        }
        _ => vec![(at(0.25), at(0.75)), (at(0.75), at(0.25))],
    }
}

/// The sine in every channel, each with another phase.
pub(crate) fn sine<T: Sample>(channels: usize, frames: usize, frequency_hz: f64) -> Audio<T> {
    Audio::from_fn(channels, frames, |channel, f| {
        let u = (f as f64 / FADE as f64).min(1.0);
        // 0 to 1 with four derivatives zero at both ends
        let fade = u.powi(5) * (126.0 + u * (-420.0 + u * (540.0 + u * (-315.0 + u * 70.0))));
        0.25 * fade * (TAU * (frequency_hz * f as f64 / RATE + 0.21 * channel as f64)).sin()
    })
}

fn steps<T: Sample>(findings: &mut Findings, case: &Case<T>, id: Id, place: Place, is_lively: bool) {
    let exception = exception(case.entry.sheet().key, place.row);
    let (sine_hz, bound_db) = exception.map_or((200.0, BOUND_DB), |it| (it.sine_hz, it.bound_db));
    if let Some(Exception { key, why, .. }) = exception {
        findings.note(format!("{key} may leave {bound_db} dB of {sine_hz} Hz: {why}"));
    }
    let window = window(LOOK);
    for (from, to) in steps_of(case, place.row) {
        let mut unit = case.with(id, from).build();
        let mut audio = sine::<T>(case.spec.channels(), FRAMES, sine_hz);
        let input = audio.energy(STEP - LOOK..STEP);
        let key = sine::<T>(case.spec.keys, FRAMES, sine_hz);
        process(&mut *unit, &mut audio, &key, 0..STEP, &mut Cut::Whole).expect("it fits");
        unit.set(id, to).expect("in range");
        process(&mut *unit, &mut audio, &key, STEP..FRAMES, &mut Cut::Whole).expect("it fits");
        let audio = audio.first(case.spec.outputs);
        let above = |start: usize| -> f64 {
            let channels = audio.channels.iter().map(|channel| {
                let samples: Vec<_> = channel[start..start + LOOK].iter().map(|s| s.to_f64()).collect();
                energy_above(&samples, &window, RATE, ABOVE_HZ)
            });
            channels.sum()
        };
        let rests = [STEP - 2 * LOOK, STEP - LOOK, AFTER, AFTER + LOOK].map(above);
        let rest = rests.into_iter().fold(0.0, f64::max);
        let worst = (0..HOPS).map(|hop| above(STEP - LOOK / 2 + hop * HOP)).fold(0.0, f64::max);
        let mut scale = audio.energy(STEP - LOOK..STEP).max(audio.energy(AFTER..AFTER + LOOK));
        if is_lively {
            // other parameters may have taken the sine itself away
            scale = scale.max(input);
        }
        if scale == 0.0 {
            continue;
        }
        let left = decibels_of_energy(((worst - 2.0 * rest) / scale).max(1e-20));
        let of = format!(" ({} from {from} to {to}; {:.1} dB at rest)", place.row.key, {
            decibels_of_energy((rest / scale).max(1e-20))
        });
        let what = if exception.is_some() { "left by an exception" } else { "left above 2 kHz by a step" };
        findings.measured_as(what, &of, left, Bound::AtMost(bound_db), "dB");
    }
}
