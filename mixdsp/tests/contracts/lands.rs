//! Contract 6, second part: a change arrives where it was sent. What was set or has glided sounds like a
//! unit that was built with it, and a glide follows its line: every value on the way, the response of every
//! moment, and the last value exactly.

use crate::common::audio::{Audio, Cut, process};
use crate::common::depth;
use crate::common::spectrum::decibels_of_energy;
use crate::common::{Bound, Case, Entry, Random};
use crate::harness::{Contract, Findings};
use crate::silent::{bases, steered, steps_of};
use mixdsp::Id;
use mixdsp::catalogue::{AnyUnit, BoxedSample};
use mixdsp::engine::kind::ResponseAt;
use mixdsp::engine::unit::KNOT;

pub(crate) struct Lands;

const RATE: f64 = 8_000.0;
/// Where the change begins, beside the grid.
const START: usize = 1_003;
/// Length of a glide: it ends beside the grid.
const GLIDE: usize = 700;
/// What is waited for the last of a change: ten seconds, and up to fifty more where a memory of seconds needs them.
const WAIT: usize = 80_000;
/// Frames that are compared then.
const LOOK: usize = 2_000;
const BOUND_DB: f64 = -120.0;
/// What follows a glide by crossfades from one design to the next: on the way its response is a mix of two.
const CROSSFADES: [&str; 1] = ["linear_phase"];
/// What follows its own input, though nothing of that is heard afterwards.
const FOLLOWS: [&str; 3] = ["leveler", "transient_shaper", "tremolo"];
/// What has an oscillator: where that stands follows from every rate that it had.
const OSCILLATES: [&str; 4] = ["chorus", "flanger", "phaser", "tremolo"];
const OSCILLATORS: [&str; 4] = ["rate_hz", "sync", "tempo_bpm", "hold"];
/// Settings of the other parameters beside the defaults.
const LIVELY: usize = 1;

impl Contract for Lands {
    const NAME: &'static str = "6 changes land";
    const ORACLE: &'static str = "a unit that was built there";

    fn check<T: BoxedSample>(&self, entry: Entry<T>, findings: &mut Findings) {
        for (turn, case) in bases(entry, RATE, LIVELY).into_iter().enumerate() {
            // With the defaults all of them change, in other settings and in double precision every third where not all is
            // swept.
            let step = if turn == 0 && size_of::<T>() == 4 { 1 } else { 3 };
            for (id, place) in depth::every(step, &findings.place(), steered(&case, turn).into_iter()) {
                if OSCILLATES.contains(&entry.key) && OSCILLATORS.contains(&place.row.key) {
                    findings.note("where an oscillator stands follows from its past".into());
                    continue;
                }
                for (from, to) in steps_of(&case, place.row) {
                    let of = format!("{} {:?} from {from} to {to}, {case}", place.row.key, place.item);
                    findings.case(&of, |findings| {
                        lands(findings, &case, (id, from, to), false);
                        if place.row.is_continuous() {
                            lands(findings, &case, (id, from, to), true);
                            follows(findings, &case, (id, from, to));
                        }
                    });
                }
            }
        }
    }
}

/// Whether what the unit holds by now is gone within the wait.
fn forgets<T: BoxedSample>(unit: &dyn AnyUnit<T>) -> bool {
    unit.tail().is_some_and(|tail| 2 * (tail + unit.latency()) < WAIT - START)
}

fn lands<T: BoxedSample>(
    findings: &mut Findings,
    case: &Case<T>,
    (id, from, to): (Id, f64, f64),
    glides: bool,
) {
    let mut unit = case.with(id, from).build();
    let mut there = case.with(id, to).build();
    let mut random = Random::new(11);
    let mut left = f64::INFINITY;
    for turn in 0..6 {
        let mut audio = Audio::<T>::noise(case.spec.channels(), WAIT, 0.5, &mut random);
        let key = Audio::noise(case.spec.sidechain, WAIT, 0.5, &mut random);
        let mut expected = audio.clone();
        let mut from = 0;
        if turn == 0 {
            from = START;
            let forgot = forgets(&*unit);
            process(&mut *unit, &mut audio, &key, 0..START, &mut Cut::Whole).expect("it fits");
            let done = if glides { unit.glide(id, to, GLIDE) } else { unit.set(id, to) };
            done.expect("in range");
            if !(forgot && forgets(&*unit) && forgets(&*there)) {
                return findings.note("what holds for longer is not waited for".into());
            }
        }
        process(&mut *unit, &mut audio, &key, from..WAIT, &mut Cut::Whole).expect("it fits");
        process(&mut *there, &mut expected, &key, 0..WAIT, &mut Cut::Whole).expect("it fits");
        let (audio, expected) = (audio.first(case.spec.outputs), expected.first(case.spec.outputs));
        let look = WAIT - LOOK..WAIT;
        let pairs = audio.each(look.clone()).zip(expected.each(look.clone()));
        let difference: f64 = pairs.map(|(a, b)| (a - b) * (a - b)).sum();
        left = decibels_of_energy(if difference > 0.0 { difference / expected.energy(look) } else { 1e-30 });
        if left <= BOUND_DB {
            break;
        }
    }
    let what = "difference from a unit that was built there";
    let of = if glides { " (glides)" } else { " (set)" };
    findings.measured_as(what, of, left, Bound::AtMost(BOUND_DB), "dB");
    for frequency_hz in [30.0, 440.0, 3_000.0] {
        let built = there.response(frequency_hz, ResponseAt::Settled);
        // Where the response moves with what is heard, both must settle alike.
        let still = there.response(frequency_hz, ResponseAt::Now) == built;
        let now = unit.response(frequency_hz, if still { ResponseAt::Now } else { ResponseAt::Settled });
        findings.require(now == built, || format!("response at {frequency_hz} Hz is {now:?}, not {built:?}"));
    }
}

/// The values and responses on the way, frame by frame and knot by knot.
fn follows<T: BoxedSample>(findings: &mut Findings, case: &Case<T>, (id, from, to): (Id, f64, f64)) {
    let mut unit = case.with(id, from).build();
    let mut random = Random::new(13);
    let mut audio = Audio::<T>::noise(case.spec.channels(), START + GLIDE + 2, 0.5, &mut random);
    let key = Audio::silence(case.spec.sidechain, START + GLIDE + 2);
    // what has no state lets every frame be compared
    let follows = case.entry.sidechain || FOLLOWS.contains(&case.entry.key);
    let stateless = !follows && unit.tail() == Some(0);
    // What listens has a response of its own at every moment.
    let on_its_line = !case.entry.sidechain && !CROSSFADES.contains(&case.entry.key);
    process(&mut *unit, &mut audio, &key, 0..START, &mut Cut::Whole).expect("it fits");
    unit.glide(id, to, GLIDE).expect("in range");
    for frame in 0..=GLIDE + 1 {
        let share = frame.min(GLIDE) as f64 / GLIDE as f64;
        let value = if frame >= GLIDE { to } else { from + (to - from) * share };
        let told = unit.get(id).unwrap_or(f64::NAN);
        let off = (told - value).abs() / (to - from).abs();
        let arrived = frame < GLIDE || told == to;
        findings.require(arrived, || format!("after {frame} frames it reads {told}, not {to}"));
        findings.measured("share of its way by which a glide leaves its line", off, Bound::AtMost(1e-12), "");
        let clock = START + frame;
        let mut expected = None;
        if clock.is_multiple_of(KNOT) || frame == GLIDE {
            let mut there = case.with(id, value).build();
            for frequency_hz in [100.0, 1_000.0, 3_000.0] {
                let now = unit.response(frequency_hz, ResponseAt::Now);
                let built = there.response(frequency_hz, ResponseAt::Settled);
                if let (Some(now), Some(built), true) = (now, built, on_its_line) {
                    let off = (now - built).norm() / built.norm().max(1e-9);
                    let what = "share by which the response of a moment on the way is another";
                    findings.measured(what, off, Bound::AtMost(1e-6), "");
                }
            }
            if stateless && there.tail() == Some(0) {
                let mut audio = audio.clone();
                process(&mut *there, &mut audio, &key, clock..clock + 1, &mut Cut::Whole).expect("it fits");
                expected = Some(audio);
            }
        }
        process(&mut *unit, &mut audio, &key, clock..clock + 1, &mut Cut::Whole).expect("it fits");
        if let Some(expected) = expected {
            let frame = clock..clock + 1;
            let outputs = audio.channels.iter().zip(&expected.channels).take(case.spec.outputs);
            let pairs = outputs.flat_map(|(a, b)| a[frame.clone()].iter().zip(&b[frame.clone()]));
            let off = pairs.map(|(a, b)| (a.to_f64() - b.to_f64()).abs()).fold(0.0, f64::max);
            let what = "distance on the way from a unit that was built there";
            findings.measured(what, off, Bound::AtMost(1e-6), "");
        }
    }
}
