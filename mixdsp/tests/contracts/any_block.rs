//! Contract 3: the output bits do not depend on how the input was cut, and a change between two blocks is
//! exact to the sample.

use crate::common::audio::{Audio, Cut, process};
use crate::common::settings::random_value;
use crate::common::{Case, Entry, Random};
use crate::harness::{Contract, Findings, sweep};
use crate::silent::bases;
use mixdsp::{Error, Id, Processor, Sample, SimdLevel};

pub(crate) struct AnyBlock;

const FRAMES: usize = 4_500;

impl Contract for AnyBlock {
    const NAME: &'static str = "3 any block";
    const ORACLE: &'static str = "itself in the longest blocks";

    fn check<T: Sample>(&self, entry: &'static dyn Entry<T>, findings: &mut Findings) {
        sweep(entry, findings, |findings, case| {
            let mut level = case.spec.simd;
            for _ in 0..2 {
                let case = Case { spec: case.spec.with_simd(level), ..case.clone() };
                check_case(findings, &case);
                level = if level.resolve().name() == SimdLevel::baseline().name() {
                    SimdLevel::BEST
                } else {
                    SimdLevel::baseline()
                };
            }
        });
        // Half a second with the defaults of what is fixed: long enough to hear the first echoes.
        for case in bases(entry, 8_000.0, 3).into_iter().skip(1) {
            findings.case(&case, |findings| check_case(findings, &case));
        }
    }
}

fn check_case<T: Sample>(findings: &mut Findings, case: &Case<T>) {
    let mut random = case.random_source();
    let script = Script::random(case, &mut random);
    let expected = play(case, &script, Cut::Whole);
    let cuts = [
        ("ones", Cut::Ones),
        ("growing blocks", Cut::Growing(0)),
        ("random blocks", Cut::Random(random.clone())),
        ("other random blocks", Cut::Random(Random::new(random.bits()))),
    ];
    for (name, cut) in cuts {
        let heard = play(case, &script, cut);
        let of = format!("{name} at {:?}", case.spec.simd);
        findings.same("cuts that change a bit", &of, expected.audio.difference(&heard.audio));
        let same = expected.told == heard.told;
        findings.require(same, || {
            let mut pairs = expected.told.iter().zip(&heard.told);
            let first = pairs.position(|(a, b)| a != b).unwrap_or(0);
            format!("{name} change what is told: {:?} and {:?}", expected.told[first], heard.told[first])
        });
    }
}

/// What is done to a unit, and when.
#[derive(Clone, Copy, Debug)]
enum Event {
    Set(Id, f64),
    Glide(Id, f64, usize),
    Reset,
    /// A block that does not fit.
    Misfit,
}

struct Script {
    events: Vec<(usize, Event)>,
}

impl Script {
    fn random<T: Sample>(case: &Case<T>, random: &mut Random) -> Self {
        let params = case.params();
        let mut events = Vec::new();
        for _ in 0..14 {
            // often on a point of the grid, or a frame beside it
            let frame = match random.below(4) {
                0 => 512 * random.below(8) + random.below(3),
                _ => random.below(FRAMES * 2 / 3),
            };
            if params.is_empty() {
                continue;
            }
            let (id, place) = random.pick(&params);
            let value = random_value(place.row, case.range(place.row), random);
            let event = match random.below(8) {
                0..4 if place.row.is_continuous() => {
                    let any = random.below(900);
                    let frames = random.pick(&[0, 1, 16, 37, 512, any]);
                    Event::Glide(id, value, frames)
                }
                0 => Event::Misfit,
                _ => Event::Set(id, value),
            };
            events.push((frame, event));
        }
        events.push((FRAMES / 3 + random.below(40), Event::Reset));
        events.sort_by_key(|(frame, _)| *frame);
        Self { events }
    }
}

/// What came out: the audio, and every value and reading at each event.
struct Played<T> {
    audio: Audio<T>,
    told: Vec<Vec<Option<u64>>>,
}

/// Noise, silence, noise around the threshold of what counts as zero, silence: recursion on every scale.
fn input<T: Sample>(channels: usize, random: &mut Random) -> Audio<T> {
    Audio::from_fn(channels, FRAMES, |_, frame| {
        let level = match frame {
            0..1_400 => 0.7,
            2_200..2_600 => 1e-14,
            2_600..2_700 => 1e-3,
            3_300..3_500 => 1e-15,
            4_000..4_400 => 0.3,
            _ => 0.0,
        };
        level * random.noise()
    })
}

fn play<T: Sample>(case: &Case<T>, script: &Script, mut cut: Cut) -> Played<T> {
    let mut random = case.random_source();
    let mut audio = input::<T>(case.spec.channels(), &mut random);
    let key = input::<T>(case.spec.keys, &mut random);
    let mut unit = case.build();
    let mut told = Vec::new();
    let mut from = 0;
    for (frame, event) in script.events.iter().copied().chain([(FRAMES, Event::Misfit)]) {
        process(&mut unit, &mut audio, &key, from..frame, &mut cut).expect("the block fits");
        from = frame;
        let params = case.params().into_iter().map(|(id, _)| id);
        let ids = params.chain(case.entry.sheet().readings.iter().map(|row| row.id()));
        let mut values: Vec<_> = ids.map(|id| unit.get(id).map(f64::to_bits)).collect();
        values.extend([unit.tail(), Some(unit.latency())].map(|frames| frames.map(|f| f as u64)));
        values.push(Some(unit.faults()));
        told.push(values);
        match event {
            Event::Set(id, value) => unit.set(id, value).expect("in range"),
            Event::Glide(id, value, frames) => unit.glide(id, value, frames).expect("in range"),
            Event::Reset => unit.reset(),
            Event::Misfit => {
                let refused = unit.process(&mut [], &[]);
                assert!(matches!(refused, Err(Error::BlockChannels { .. })), "{refused:?}");
            }
        }
    }
    Played { audio: audio.first(case.spec.outputs), told }
}
