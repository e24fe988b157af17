//! Contract 6, first part: a parameter that is set leaves no click.
//!
//! A sine of 200 Hz fades in and comes to rest. Then one parameter steps: by 12 dB, an octave, or from a
//! quarter to three quarters of its range. What the step leaves above 2 kHz, beyond what was there before
//! or is there afterwards, is compared with the energy of the sine in 100 ms.
//!
//! What listens to a key hears one of constant level: its detector then has no single waves to follow, and
//! what is left is of the change alone. With its own sine it is compared with what the same processor leaves
//! when not the parameter but the sine itself rises by 12 dB, as smoothly as a parameter does.

use crate::common::audio::{Audio, Cut, process};
use crate::common::depth;
use crate::common::settings::value_at;
use crate::common::spectrum::{decibels_of_energy, energy_above, window};
use crate::common::{Bound, Case, Entry, Random, seed_of};
use crate::harness::{Contract, Findings};
use mixdsp::catalogue::BoxedSample;
use mixdsp::params::ramp::ramp_frames;
use mixdsp::params::{Place, Row, Scaling};
use mixdsp::{DelayParams, Id};
use std::f64::consts::TAU;

pub(crate) struct Silent;

/// Most is measured at this rate, the defaults at a low one too: there the frames are longest.
const RATES: [f64; 2] = [48_000.0, 8_000.0];
const ABOVE_HZ: f64 = 2_000.0;
const BOUND_DB: f64 = -120.0;
/// Settings of the other parameters: the defaults, then some from the middle of their ranges, in each depth.
const LIVELY: (usize, usize) = (1, 2);
/// The middle of a look moves in so many hops, from the step until 200 ms later.
const HOPS: usize = 17;

/// What happens when, in frames.
#[derive(Clone, Copy)]
struct Times {
    rate: f64,
    /// The sine fades in over 100 ms, so smoothly that nothing rings.
    fade: usize,
    /// Where the parameter is set: half a second later, beside the grid.
    step: usize,
    /// Frames of one look: 100 ms.
    look: usize,
    /// Where everything is at rest again.
    after: usize,
    frames: usize,
}

impl Times {
    fn at(rate: f64) -> Self {
        let tenth = (0.1 * rate) as usize;
        let step = 5 * tenth + 7;
        let after = step + 6 * tenth;
        Self { rate, fade: tenth, step, look: tenth, after, frames: after + 2 * tenth }
    }
}

/// What may leave more, by the design: the sine that it is measured with, the bound, and why.
struct Exception {
    processor: &'static str,
    key: &'static str,
    sine_hz: f64,
    bound_db: f64,
    why: &'static str,
}

const EXCEPTIONS: &[Exception] = &[
    Exception {
        processor: "delay",
        key: "time_ms",
        sine_hz: 1_000.0,
        bound_db: -80.0,
        why: "a delay time crossfades from one echo to another",
    },
    Exception {
        processor: "haas",
        key: "delay_ms",
        sine_hz: 1_000.0,
        bound_db: -80.0,
        why: "a delay time crossfades from one to another",
    },
];

fn exception(processor: &str, row: &Row) -> Option<&'static Exception> {
    EXCEPTIONS.iter().find(|it| it.processor == processor && it.key == row.key)
}

impl Contract for Silent {
    const NAME: &'static str = "6 changes are silent";
    const ORACLE: &'static str = "spectrum of a sine while a parameter steps";

    fn check<T: BoxedSample>(&self, entry: Entry<T>, findings: &mut Findings) {
        for (rate, lively) in RATES.into_iter().zip([depth::count(LIVELY.0, LIVELY.1), 0]) {
            for (turn, case) in bases(entry, rate, lively).into_iter().enumerate() {
                // With the defaults all of them step, in other settings every third where not all is swept; in double
                // precision, whose code is the same and whose rounding leaves less, every third too.
                let step = if turn == 0 && size_of::<T>() == 4 { 1 } else { 3 };
                for (id, place) in depth::every(step, &findings.place(), steered(&case, turn).into_iter()) {
                    findings.case(&format!("{} {:?}, {case}", place.row.key, place.item), |findings| {
                        steps(findings, &case, id, place, turn > 0);
                    });
                }
            }
        }
    }
}

/// The defaults, then as many lively settings.
pub(crate) fn bases<T: BoxedSample>(entry: Entry<T>, rate: f64, lively: usize) -> Vec<Case<T>> {
    let Some(plain) = Case::plain(entry, rate) else {
        return Vec::new();
    };
    // Of a tree the defaults will do: its members have lively settings by themselves.
    let lively = if entry.is_tree() { 0 } else { lively };
    let mut random = Random::new(seed_of(&[entry.key, "lively"], 0));
    let lively = (0..lively).map(|_| Case { seed: random.bits(), ..plain.with_lively_settings(&mut random) });
    let lively: Vec<_> = lively.collect();
    std::iter::once(plain).chain(lively).collect()
}

/// The parameters that are moved: all that exist once, and those of a few items of a group.
pub(crate) fn steered<T: BoxedSample>(case: &Case<T>, turn: usize) -> Vec<(Id, Place)> {
    let last = case.params().iter().filter_map(|(_, place)| place.item).map(|(_, item)| item).max();
    let items = [0, last.unwrap_or(0).min(turn as u16)];
    let mine = |place: &Place| place.item.is_none_or(|(_, item)| items.contains(&item));
    case.entry.steered(&case.config).into_iter().filter(|(_, place)| mine(place)).collect()
}

/// From where to where a parameter steps.
pub(crate) fn steps_of<T: BoxedSample>(case: &Case<T>, row: &Row) -> Vec<(f64, f64)> {
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

/// 0 to 1 with four derivatives zero at both ends.
fn fade(u: f64) -> f64 {
    let u = u.clamp(0.0, 1.0);
    u.powi(5) * (126.0 + u * (-420.0 + u * (540.0 + u * (-315.0 + u * 70.0))))
}

/// The sine in every channel, each with another phase.
fn sine<T: BoxedSample>(times: Times, channels: usize, frequency_hz: f64) -> Audio<T> {
    let phase = |channel, f| TAU * (frequency_hz * f as f64 / times.rate + 0.21 * channel as f64);
    Audio::from_fn(channels, times.frames, |channel, f| {
        0.25 * fade(f as f64 / times.fade as f64) * phase(channel, f).sin()
    })
}

/// What stands out above 2 kHz around the step, the same at rest, and the energy of 100 ms at rest.
struct Heard {
    left: f64,
    rest: f64,
    scale: f64,
}

/// Runs a unit; `to` is set at the step.
fn hear<T: BoxedSample>(
    case: &Case<T>,
    times: Times,
    mut audio: Audio<T>,
    key: &Audio<T>,
    to: Option<(Id, f64)>,
) -> Heard {
    let Times { rate, step, look, after, frames, .. } = times;
    let mut unit = case.build();
    process(&mut *unit, &mut audio, key, 0..step, &mut Cut::Whole).expect("it fits");
    if let Some((id, value)) = to {
        unit.set(id, value).expect("in range");
    }
    process(&mut *unit, &mut audio, key, step..frames, &mut Cut::Whole).expect("it fits");
    let audio = audio.first(case.spec.outputs);
    let window = window(look);
    let above = |start: usize| -> f64 {
        let channels = audio.channels.iter().map(|channel| {
            let samples: Vec<_> = channel[start..start + look].iter().map(|s| s.to_f64()).collect();
            energy_above(&samples, &window, rate, ABOVE_HZ)
        });
        channels.sum()
    };
    let rest = [step - 2 * look, step - look, after, after + look].map(above).into_iter().fold(0.0, f64::max);
    let hop = 2 * look / (HOPS - 1);
    let worst = (0..HOPS).map(|turn| above(step - look / 2 + turn * hop)).fold(0.0, f64::max);
    let scale = audio.energy(step - look..step).max(audio.energy(after..after + look));
    Heard { left: (worst - 2.0 * rest).max(0.0), rest, scale }
}

/// Whether a change of the time is one of the pitch by what was set, as on tape.
fn glides_like_tape<T: BoxedSample>(case: &Case<T>, row: &Row) -> bool {
    let glides = |(id, value): &(Id, f64)| *id == DelayParams::TIME_CHANGE.any() && *value != 0.0;
    case.entry.key == "delay"
        && ["time_ms", "sync", "tempo_bpm"].contains(&row.key)
        && case.settings.iter().any(glides)
}

fn steps<T: BoxedSample>(findings: &mut Findings, case: &Case<T>, id: Id, place: Place, is_lively: bool) {
    let sheet = case.entry;
    if glides_like_tape(case, place.row) {
        return findings.note("a glide of the time is one of the pitch".into());
    }
    let exception = exception(sheet.key, place.row);
    let (sine_hz, bound_db) = exception.map_or((200.0, BOUND_DB), |it| (it.sine_hz, it.bound_db));
    if let Some(Exception { key, why, .. }) = exception {
        findings.note(format!("{key} may leave {bound_db} dB of {sine_hz} Hz: {why}"));
    }
    let times = Times::at(case.spec.sample_rate);
    let input = sine::<T>(times, case.spec.channels(), sine_hz);
    let energy = input.energy(times.step - times.look..times.step);
    let silence = Audio::silence(case.spec.sidechain, times.frames);
    for (from, to) in steps_of(case, place.row) {
        let case = case.with(id, from);
        let decibels = |heard: &Heard, energy: f64| decibels_of_energy((energy / heard.scale).max(1e-20));
        // in lively settings other parameters may have taken the sine itself away
        let scaled = |heard: Heard| match is_lively {
            true => Heard { scale: heard.scale.max(energy), ..heard },
            false => heard,
        };
        let mut keyed = case.clone();
        keyed.spec = keyed.spec.with_sidechain(1);
        let heard = if sheet.sidechain && case.entry.words(&keyed.spec, &case.config).is_ok() {
            let constant = |_, f| 0.25 * fade(f as f64 / times.fade as f64);
            let key = Audio::<T>::from_fn(1, times.frames, constant);
            let heard = scaled(hear(&keyed, times, input.clone(), &key, Some((id, to))));
            by_itself(findings, &case, times, &input, (id, to), &scaled);
            heard
        } else {
            scaled(hear(&case, times, input.clone(), &silence, Some((id, to))))
        };
        if heard.scale == 0.0 {
            continue;
        }
        let left = decibels(&heard, heard.left);
        let rest = decibels(&heard, heard.rest);
        let of = format!(" ({} from {from} to {to}; {rest:.1} dB at rest)", place.row.key);
        let what = if exception.is_some() { "left by an exception" } else { "left above 2 kHz by a step" };
        findings.measured_as(what, &of, left, Bound::AtMost(bound_db), "dB");
    }
}

/// Without a key: the step leaves no more than when the sine rises by 12 dB.
fn by_itself<T: BoxedSample>(
    findings: &mut Findings,
    case: &Case<T>,
    times: Times,
    input: &Audio<T>,
    (id, to): (Id, f64),
    scaled: &dyn Fn(Heard) -> Heard,
) {
    let silence = Audio::silence(case.spec.sidechain, times.frames);
    let heard = scaled(hear(case, times, input.clone(), &silence, Some((id, to))));
    let ramp = ramp_frames(times.rate) as f64;
    let rising = |low: f64, high: f64| {
        let gain = move |f: usize| low + (high - low) * smooth((f as f64 - times.step as f64) / ramp);
        let sample = |c: usize, f: usize| input.channels[c][f].to_f64() * gain(f);
        Audio::<T>::from_fn(input.channels.len(), times.frames, sample)
    };
    let other = case.with(id, to);
    let rises = [(0.25, 1.0), (1.0, 4.0), (4.0, 1.0), (1.0, 0.25)].into_iter();
    let rises = rises.flat_map(|(low, high)| [case, &other].map(|case| (case, rising(low, high))));
    let louder = rises.map(|(case, audio)| {
        let heard = scaled(hear(case, times, audio, &silence, None));
        heard.left / heard.scale.max(1e-30)
    });
    let bound = louder.fold(0.0, f64::max);
    if heard.scale > 0.0 {
        let left = decibels_of_energy((heard.left / heard.scale).max(1e-20));
        let bound = decibels_of_energy(bound.max(1e-20)).max(BOUND_DB);
        let what = "left by a step of what listens to the sine, beyond what 12 dB more of the sine leave";
        findings.measured(what, left - bound, Bound::AtMost(0.0), "dB");
    }
}

/// The step of a parameter.
fn smooth(u: f64) -> f64 {
    let u = u.clamp(0.0, 1.0);
    u * u * u * (10.0 + u * (6.0 * u - 15.0))
}
