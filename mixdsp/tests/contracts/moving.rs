//! Contract 6, third part: values on the move stay within what was asked.
//!
//! Random sequences of set and glide, at random and crowded, over a loud square wave. Nothing may panic; a
//! parameter reads within what was set for it; what has no state sounds at every frame like something between
//! units that were built on the way; what only takes away never lifts; a compressor never lifts beyond its make-up, a dynamic equalizer beyond
//! gain and range of its bands, a limiter beyond its ceiling; nothing depends on the cut.

use crate::common::audio::{Audio, Cut, process};
use crate::common::depth;
use crate::common::script::{Event, Script, play};
use crate::common::{Bound, Case, Entry, Random};
use crate::harness::{CHANNELS, Contract, Findings, RATES};
use mixdsp::base::units::decibels_to_gain;
use mixdsp::catalogue::{AnyUnit, BoxedSample};
use mixdsp::engine::kind::ResponseAt;
use mixdsp::{CompressorParams, DynamicBand, DynamicEqualizerReadings, Id, LimiterParams};

pub(crate) struct Moving;

const FRAMES: usize = 900;
const LEVEL: f64 = 0.9;
/// Sequences over the whole catalogue, in each depth.
const SEQUENCES: (usize, usize) = (720, 100_000);
/// Processors times sample types, about.
const SHARES: usize = 36;
/// What has no state but its moving gains.
const STATELESS: [&str; 5] = ["gain", "pan", "dual_pan", "width", "mid_side"];
/// What only takes away, unless its sidechain is listened to.
const TAKES_AWAY: [&str; 3] = ["gate", "expander", "ducker"];
/// Rounding of a gain in f32, in decibels and as a share.
const LIFT_DB: f64 = 0.00002;
const ROUNDING: f64 = 1e-6;

impl Contract for Moving {
    const NAME: &'static str = "6 values on the move";
    const ORACLE: &'static str = "what was set";

    fn check<T: BoxedSample>(&self, entry: Entry<T>, findings: &mut Findings) {
        for number in 0..depth::count(SEQUENCES.0, SEQUENCES.1).div_ceil(SHARES) {
            // Few channels: sequences count here, not shapes.
            let (channels, rate) = (CHANNELS[number % 2], RATES[number / 2 % RATES.len()]);
            match Case::random(entry, Self::NAME, number, channels, rate) {
                Some(case) => findings.case(&case, |findings| check_case(findings, &case)),
                None => findings.fail("no spec is taken at all".into()),
            }
        }
    }
}

fn check_case<T: BoxedSample>(findings: &mut Findings, case: &Case<T>) {
    let mut random = case.random_source();
    let count = 2 + random.below(8);
    let script = Script::random(case, FRAMES, count, &mut random);
    let inputs =
        [case.spec.channels(), case.spec.sidechain].map(|channels| square::<T>(channels, &mut random));
    let expected = play(case, &script, &inputs, Cut::Whole);
    let heard = play(case, &script, &inputs, Cut::Random(random.clone()));
    findings.same("cuts that change a bit", "", expected.audio.difference(&heard.audio));
    findings.require(expected.told == heard.told, || "a cut changes what is told".into());
    watch(findings, case, &script, &inputs);
}

/// A square wave of a random length, another on each channel; now and then it begins or ends, or is steady.
fn square<T: BoxedSample>(channels: usize, random: &mut Random) -> Audio<T> {
    let half = if random.once_in(3) { FRAMES } else { 1 + random.below(120) };
    let from = if random.once_in(4) { random.below(FRAMES) } else { 0 };
    Audio::from_fn(channels, FRAMES, |channel, frame| match (frame + channel) / half % 2 {
        _ if frame < from => 0.0,
        0 => LEVEL,
        _ => -LEVEL,
    })
}

/// Smallest and largest of what was asked for.
#[derive(Clone, Copy)]
struct Asked {
    low: f64,
    high: f64,
}

impl Asked {
    fn add(&mut self, value: f64) {
        self.low = self.low.min(value);
        self.high = self.high.max(value);
    }

    /// By how much a value is outside.
    fn outside(&self, value: f64) -> f64 {
        (self.low - value).max(value - self.high).max(0.0)
    }
}

/// Runs a script a few frames at a time and looks at everything that moves.
fn watch<T: BoxedSample>(
    findings: &mut Findings,
    case: &Case<T>,
    script: &Script,
    [input, key]: &[Audio<T>; 2],
) {
    let mut audio = input.clone();
    let mut unit = case.build();
    let ids: Vec<Id> = case.params().into_iter().map(|(id, _)| id).collect();
    let value = |unit: &dyn AnyUnit<T>, id: Id| unit.get(id).unwrap_or(f64::NAN);
    let mut asked: Vec<Asked> = ids
        .iter()
        .map(|id| {
            let value = value(&*unit, *id);
            Asked { low: value, high: value }
        })
        .collect();
    let mut still = Still::new(case, &ids, &asked);
    let mut random = case.random_source();
    let mut events = script.events.iter().peekable();
    let mut from = 0;
    while from < FRAMES {
        while let Some((_, event)) = events.next_if(|(frame, _)| *frame <= from) {
            let (id, to) = match *event {
                Event::Set(id, to) => (id, to),
                Event::Glide(id, to, _) => (id, to),
                _ => continue,
            };
            match *event {
                Event::Glide(_, _, frames) => unit.glide(id, to, frames).expect("in range"),
                _ => unit.set(id, to).expect("in range"),
            }
            ids.iter().zip(&mut asked).filter(|(of, _)| **of == id).for_each(|(_, asked)| asked.add(to));
            still = Still::new(case, &ids, &asked);
        }
        let next = events.peek().map_or(FRAMES, |(frame, _)| *frame).min(FRAMES);
        let to = next.min(from + 1 + random.below(40));
        process(&mut *unit, &mut audio, key, from..to, &mut Cut::Whole).expect("it fits");
        for (id, asked) in ids.iter().zip(&asked) {
            let outside = asked.outside(value(&*unit, *id));
            findings.measured("a value outside what was asked", outside, Bound::AtMost(0.0), "");
        }
        if case.entry.key == "dynamic_equalizer" {
            dynamic_bands(findings, &*unit, &ids, &asked);
        }
        if let Some(still) = &still {
            (from..to).for_each(|frame| still.compare(findings, input, &audio, frame));
        }
        from = to;
    }
    let peak = audio.peak(0..FRAMES);
    findings.require(peak.is_finite(), || "a sample is not finite".into());
    if TAKES_AWAY.contains(&case.entry.key) && !listens(case, &ids, &asked) {
        let lift = 20.0 * (peak / LEVEL).max(1e-9).log10();
        findings.measured("lift of what only takes away", lift, Bound::AtMost(LIFT_DB), "dB");
    }
    let most_of = |id: Id| {
        let (_, asked) = ids.iter().zip(&asked).find(|(of, _)| **of == id).expect("it is a parameter");
        asked.high
    };
    let most = |id: Id| decibels_to_gain(most_of(id));
    let bound = match case.entry.key {
        // What is listened to may be louder than what comes in.
        "compressor" if most_of(CompressorParams::LISTEN.any()) > 0.0 => return,
        "compressor" => {
            // Half of the largest reduction, which is more than a loudness match gives.
            let auto = most_of(CompressorParams::AUTO_MAKEUP.any()) > 0.0;
            let auto_db = if auto { 0.5 * CompressorParams::DEFAULT.range_db } else { 0.0 };
            let upward = most_of(CompressorParams::DIRECTION.any()) > 0.0;
            let boost = if upward { most(CompressorParams::MAX_BOOST_DB.any()) } else { 1.0 };
            LEVEL * (most(CompressorParams::MAKEUP_DB.any()) * boost * decibels_to_gain(auto_db)).max(1.0)
        }
        "limiter" => {
            most(LimiterParams::CEILING_DB.any()).min(LEVEL * most(LimiterParams::INPUT_GAIN_DB.any()))
        }
        _ => return,
    };
    let lift = 20.0 * (peak / bound).max(1e-9).log10();
    findings.measured("lift beyond what was asked", lift, Bound::AtMost(LIFT_DB), "dB");
}

/// Whether the sidechain may have been listened to.
fn listens<T: BoxedSample>(case: &Case<T>, ids: &[Id], asked: &[Asked]) -> bool {
    let key = |id: &Id| case.entry.find(*id, &case.config).map(|place| place.row.key);
    ids.iter().zip(asked).any(|(id, asked)| key(id) == Some("listen") && asked.high > 0.0)
}

/// Bands never change by more than their ranges, nor lift by more than gain and range.
fn dynamic_bands<T: BoxedSample>(
    findings: &mut Findings,
    unit: &dyn AnyUnit<T>,
    ids: &[Id],
    asked: &[Asked],
) {
    let of = |row: Id, item: u16| {
        let place = ids.iter().position(|id| *id == row.at(item));
        place.map(|place| asked[place])
    };
    let mut most = 0.0;
    for item in 0.. {
        let (range, gain) = (of(DynamicBand::RANGE_DB.any(), item), of(DynamicBand::GAIN_DB.any(), item));
        let (Some(mut range), Some(gain)) = (range, gain) else { break };
        range.add(0.0);
        if let Some(change) = unit.get(DynamicEqualizerReadings::CHANGE_DB.at(item).any()) {
            let outside = range.outside(change);
            findings.measured("a band's change outside its range", outside, Bound::AtMost(0.0), "dB");
        }
        let (kind, q) = (of(DynamicBand::KIND.any(), item), of(DynamicBand::Q.any(), item));
        // A resonant shelf goes beyond its gain by itself.
        if kind.is_some_and(|kind| kind.high > 0.0) && q.is_some_and(|q| q.high > 0.7072) {
            most = f64::INFINITY;
        }
        most += (gain.high + range.high).max(0.0);
    }
    for frequency_hz in [31.5, 125.0, 500.0, 1_000.0, 2_000.0, 3_900.0] {
        let now = unit.response(frequency_hz, ResponseAt::Now).expect("it has a response");
        let lift = 20.0 * now.norm().log10() - most;
        findings.measured("lift of bands on the move", lift, Bound::AtMost(0.5), "dB");
    }
}

/// What units that were built there multiply with, there being every corner of what was asked: per output, a
/// factor of each input.
struct Still {
    factors: Vec<Vec<Asked>>,
}

impl Still {
    fn new<T: BoxedSample>(case: &Case<T>, ids: &[Id], asked: &[Asked]) -> Option<Self> {
        if !STATELESS.contains(&case.entry.key) {
            return None;
        }
        let mut factors: Option<Vec<Vec<Asked>>> = None;
        // The ends of what has values in between, of other parameters each value.
        let ends = |id: &Id, asked: &Asked| match case.entry.find(*id, &case.config) {
            Some(place) if !place.row.is_continuous() => {
                (asked.low as i64..=asked.high as i64).map(|value| value as f64).collect()
            }
            _ => vec![asked.low, asked.high],
        };
        let ends: Vec<Vec<f64>> = ids.iter().zip(asked).map(|(id, asked)| ends(id, asked)).collect();
        for corner in 0..ends.iter().map(Vec::len).product() {
            let mut rest: usize = corner;
            let values = ends.iter().map(|ends| {
                let value = ends[rest % ends.len()];
                rest /= ends.len();
                value
            });
            let there = case.with_settings(ids.iter().copied().zip(values).collect());
            let here = self::factors(&there);
            let rows = factors.get_or_insert_with(|| {
                let row = |row: &Vec<f64>| row.iter().map(|x| Asked { low: *x, high: *x }).collect();
                here.iter().map(row).collect()
            });
            for (asked, factor) in rows.iter_mut().flatten().zip(here.iter().flatten()) {
                asked.add(*factor);
            }
        }
        factors.map(|factors| Self { factors })
    }

    /// What came out of a frame is a sum of the inputs, each times something between its factors.
    fn compare<T: BoxedSample>(
        &self,
        findings: &mut Findings,
        input: &Audio<T>,
        output: &Audio<T>,
        frame: usize,
    ) {
        for (output, factors) in output.channels.iter().zip(&self.factors) {
            let mut sum = Asked { low: 0.0, high: 0.0 };
            for (factor, input) in factors.iter().zip(&input.channels) {
                let ends = [factor.low, factor.high].map(|factor| factor * input[frame].to_f64());
                sum.low += ends[0].min(ends[1]);
                sum.high += ends[0].max(ends[1]);
            }
            let outside = sum.outside(output[frame].to_f64()) / sum.high.abs().max(sum.low.abs()).max(LEVEL);
            findings.measured("a gain outside what was asked", outside, Bound::AtMost(ROUNDING), "");
        }
    }
}

/// What a unit multiplies with.
fn factors<T: BoxedSample>(case: &Case<T>) -> Vec<Vec<f64>> {
    let column = |input: usize| {
        let mut audio =
            Audio::<T>::from_fn(case.spec.channels(), 1, |channel, _| f64::from(channel == input));
        let key = Audio::silence(case.spec.sidechain, 1);
        process(&mut *case.build(), &mut audio, &key, 0..1, &mut Cut::Whole).expect("it fits");
        audio.first(case.spec.outputs).each(0..1).collect::<Vec<_>>()
    };
    let columns: Vec<_> = (0..case.spec.inputs).map(column).collect();
    (0..case.spec.outputs).map(|output| columns.iter().map(|column| column[output]).collect()).collect()
}
