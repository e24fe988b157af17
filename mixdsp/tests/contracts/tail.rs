//! Contract 7, second half: after `tail()` frames of silence the output stays under -120 dB of its peak,
//! after six times as many it is exactly zero. `None` is for what never ends.

use crate::common::audio::{Audio, Cut, process};
use crate::common::depth;
use crate::common::settings::config_by;
use crate::common::{Bound, Case, Entry, Random, seed_of};
use crate::harness::{Contract, Findings, RATES};
use mixdsp::catalogue::BoxedSample;
use mixdsp::engine::unit::GRID;
use mixdsp::params::Scaling;
use mixdsp::{Id, Processor};

pub(crate) struct Tail;

/// Full-scale noise before the silence.
const BURST: usize = 6_000;
/// The longest tail that is waited for.
const LONGEST_SECONDS: f64 = 10.0;
/// Most frames of six tails, times channels, in each depth; settings with longer tails are passed over.
const MOST_FRAMES: (usize, usize) = (600_000, 1_500_000);
/// Settings that are tried for a case until one has a tail short enough.
const TRIES: usize = 40;
/// Of the shortest tails so many are heard, in each depth, at one rate.
const SHORTEST: (usize, usize) = (5, 40);
const BOUND_DB: f64 = -120.0;
/// Frames that are looked at after six tails.
const AFTER: usize = 1_200;

impl Contract for Tail {
    const NAME: &'static str = "7 tail";
    const ORACLE: &'static str = "silence after noise";

    fn check<T: BoxedSample>(&self, entry: Entry<T>, findings: &mut Findings) {
        let rates = depth::every(4, &findings.place(), RATES.into_iter().enumerate());
        let mut tried = Tried::default();
        for (number, rate) in rates {
            for turn in 0..2 {
                let channels = 1 + (number + turn) % 2;
                run_case(entry, findings, &mut tried, number * 2 + turn, channels, rate);
            }
        }
        for rate in [8_000.0, 48_000.0, 384_000.0] {
            shortest(entry, findings, rate);
        }
        let Tried { taken, longer, endless } = tried;
        findings.note(format!("{taken} tails heard, {longer} too long to wait for, {endless} endless"));
        findings.require(taken > 0 || (longer == 0 && endless > 0), || "no tail was heard".into());
    }
}

#[derive(Default)]
struct Tried {
    taken: usize,
    longer: usize,
    endless: usize,
}

/// Looks for settings whose tail can be waited for, from a few seeds.
fn run_case<T: BoxedSample>(
    entry: Entry<T>,
    findings: &mut Findings,
    tried: &mut Tried,
    number: usize,
    channels: usize,
    rate: f64,
) {
    let mut heard_endless = false;
    for attempt in 0..TRIES {
        let Some(case) = Case::random(entry, Tail::NAME, number * TRIES + attempt, channels, rate) else {
            return;
        };
        let settled = case.build().tail();
        match settled {
            None => {
                tried.endless += 1;
                if !heard_endless {
                    heard_endless = true;
                    findings.case(&case, |findings| endless(findings, &case));
                }
            }
            Some(frames) if is_short(frames, &case) => {
                tried.taken += 1;
                findings.case(&case, |findings| fades(findings, &case, BURST, attempt % 2 == 1));
                return;
            }
            Some(_) => tried.longer += 1,
        }
    }
}

/// The shortest tails there are: they end between two points of the grid, where state is not looked after.
fn shortest<T: BoxedSample>(entry: Entry<T>, findings: &mut Findings, rate: f64) {
    let Some(small) = Case::plain_with(entry, rate, config_by(entry.config, |row| row.minimum)) else {
        return;
    };
    let mut random = Random::new(seed_of(&[entry.key, "shortest tail"], rate as usize));
    let cases =
        (0..5 * TRIES).map(|_| Case { seed: random.bits(), ..small.with_random_settings(&mut random) });
    let tails = cases.filter_map(|case| Some((case.build().tail()?, case)));
    let mut tails: Vec<_> = tails.filter(|(tail, case)| *tail > 0 && is_short(*tail, case)).collect();
    tails.sort_by_key(|(tail, _)| *tail);
    tails.dedup_by_key(|(tail, _)| *tail);
    let count = depth::count(SHORTEST.0, SHORTEST.1);
    for (_, case) in tails.iter().filter(|(tail, _)| *tail < GRID).take(count) {
        findings.case(case, |findings| fades_anywhere(findings, case));
    }
}

fn is_short<T: BoxedSample>(frames: usize, case: &Case<T>) -> bool {
    let short = frames as f64 <= LONGEST_SECONDS * case.spec.sample_rate;
    short && frames.saturating_mul(6 * case.spec.channels()) <= depth::count(MOST_FRAMES.0, MOST_FRAMES.1)
}

/// Noise, then silence, with a point of the grid at several places where state is almost, but not quite,
/// small enough to be zeroed (-300 dB, at most two and a half tails): the longest wait for the next.
fn fades_anywhere<T: BoxedSample>(findings: &mut Findings, case: &Case<T>) {
    let tail = case.build().tail().unwrap_or(0);
    for tenth in [10, 13, 16, 19, 22, 25] {
        fades(findings, case, BURST / GRID * GRID - tail * tenth / 10 % GRID, false);
    }
}

/// `length` frames of noise, then silence. With `moves`, half of the parameters are set when the silence begins.
fn fades<T: BoxedSample>(findings: &mut Findings, case: &Case<T>, length: usize, moves: bool) {
    let mut random = case.random_source();
    let mut unit = case.build();
    let mut burst = Audio::<T>::noise(case.spec.channels(), length, 1.0, &mut random);
    let key = Audio::noise(case.spec.sidechain, length, 1.0, &mut random);
    process(&mut *unit, &mut burst, &key, 0..length, &mut Cut::Whole).expect("it fits");
    if moves {
        let wanted = case.with_random_settings(&mut random).settings;
        for (id, value) in wanted.into_iter().filter(|_| random.once_in(2)) {
            let before = unit.get(id).expect("a parameter has a value");
            unit.set(id, value).expect("in range");
            if !unit.tail().is_some_and(|frames| is_short(frames, case)) {
                unit.set(id, before).expect("it was set before");
            }
        }
    }
    let Some(tail) = unit.tail().filter(|frames| is_short(*frames, case)) else {
        findings.note("a change made a tail too long to wait for".into());
        return;
    };
    let latency = unit.latency();
    let frames = 6 * tail + AFTER;
    let mut after = Audio::<T>::silence(case.spec.channels(), frames);
    let silence = Audio::silence(case.spec.sidechain, frames);
    process(&mut *unit, &mut after, &silence, 0..frames, &mut Cut::Random(random)).expect("it fits");
    let (burst, after) = (burst.first(case.spec.outputs), after.first(case.spec.outputs));
    let peak = burst.peak(0..length).max(after.peak(0..frames));
    let of = format!(" (tail {tail}, latency {latency}{})", if moves { ", changed" } else { "" });
    if peak > 0.0 {
        let left = 20.0 * (after.peak(tail..frames) / peak).max(1e-30).log10();
        findings.measured_as("level after one tail", &of, left, Bound::AtMost(BOUND_DB), "dB");
    }
    let rest = after.each(6 * tail..frames).filter(|sample| *sample != 0.0).count();
    findings.measured_as("samples not zero after six tails", &of, rest as f64, Bound::Equals(0.0), "");
}

/// What claims to be endless is still there after ten seconds. Switches, such as one that freezes, are set
/// once there is something to hold; where nothing of it is heard, nothing can be asked.
fn endless<T: BoxedSample>(findings: &mut Findings, case: &Case<T>) {
    let rate = case.spec.sample_rate;
    if rate > 50_000.0 {
        return;
    }
    let is_switch = |id: Id| {
        let place = case.entry.find(id, &case.config);
        place.is_some_and(|place| place.row.scaling == Scaling::Switch)
    };
    let (switches, rest): (Vec<_>, Vec<_>) = case.settings.iter().partition(|(id, _)| is_switch(*id));
    let mut unit = case.with_settings(rest).build();
    let mut random = Random::new(7);
    let mut burst = Audio::<T>::noise(case.spec.channels(), BURST, 1.0, &mut random);
    process(&mut *unit, &mut burst, &Audio::silence(case.spec.sidechain, BURST), 0..BURST, &mut Cut::Whole)
        .expect("it fits");
    switches.into_iter().for_each(|(id, value)| unit.set(id, value).expect("in range"));
    let frames = (LONGEST_SECONDS * rate) as usize;
    let mut after = Audio::<T>::silence(case.spec.channels(), frames);
    process(&mut *unit, &mut after, &Audio::silence(case.spec.sidechain, frames), 0..frames, &mut Cut::Whole)
        .expect("it fits");
    let (burst, after) = (burst.first(case.spec.outputs), after.first(case.spec.outputs));
    let peak = burst.peak(0..BURST).max(after.peak(0..frames));
    let level = |range| 20.0 * (after.peak(range) / peak).log10();
    let second = rate as usize;
    if peak > 0.0 && level(second..2 * second) > BOUND_DB {
        let left = level(frames - second..frames);
        findings.measured("level of the endless after 10 s", left, Bound::AtLeast(BOUND_DB), "dB");
    }
}
