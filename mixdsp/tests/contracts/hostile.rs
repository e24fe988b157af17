//! Contract 8: non-finite input never gets in, whatever the parameters and however they move, and every
//! such sample is counted.

use crate::common::audio::{Audio, Cut, process};
use crate::common::settings::{all_params, random_value};
use crate::common::{Bound, Case, Random};
use crate::harness::{Contract, Findings, sweep};
use mixdsp::{Kind, Processor, Sample};

pub(crate) struct Hostile;

const FRAMES: usize = 3_000;

impl Contract for Hostile {
    const NAME: &'static str = "8 hostile input";
    const ORACLE: &'static str = "a count of what was fed; a fresh unit";

    fn check<K: Kind, T: Sample>(&self, findings: &mut Findings) {
        sweep::<K, T>(findings, |findings, case| check_case::<K, T>(findings, case));
    }
}

/// A sample that nobody should send, or the hottest or smallest that one may.
fn hostile_sample(random: &mut Random) -> f64 {
    let signless = random.pick(&[
        f64::NAN,
        f64::INFINITY,
        1e30,
        f32::MAX as f64,
        f64::MAX,
        1e9,
        1e9,
        1.000_001e9,
        f32::MIN_POSITIVE as f64 / 8.0,
        f64::MIN_POSITIVE / 8.0,
        5e-324,
        0.0,
    ]);
    if random.once_in(2) { -signless } else { signless }
}

/// Noise with hostile samples: single ones, then nothing else, then the hottest that may be.
fn input<T: Sample>(channels: usize, random: &mut Random) -> Audio<T> {
    Audio::from_fn(channels, FRAMES, |_, frame| match frame {
        0..1_000 if random.once_in(20) => hostile_sample(random),
        1_000..1_500 => hostile_sample(random),
        1_500..2_000 => 1e9,
        2_000..2_500 => 1e9 * random.noise().signum(),
        _ => random.noise(),
    })
}

/// How many samples the contract wants cleaned and counted.
fn faults<T: Sample>(audio: &Audio<T>, channels: usize) -> u64 {
    let samples = audio.channels.iter().take(channels).flatten();
    samples.filter(|sample| !(sample.to_f64().abs() <= 1e9)).count() as u64
}

fn check_case<K: Kind, T: Sample>(findings: &mut Findings, case: &Case<K>) {
    let mut random = case.random_source();
    let params = all_params::<K>(&case.config);
    let mut unit = case.build::<T>();
    let mut audio = input::<T>(case.spec.channels(), &mut random);
    let key = input::<T>(case.spec.keys, &mut random);
    let expected = faults(&audio, case.spec.inputs) + faults(&key, case.spec.keys);
    let mut cut = Cut::Random(random.clone());
    for from in (0..FRAMES).step_by(250) {
        process(&mut unit, &mut audio, &key, from..from + 250, &mut cut).expect("the block fits");
        if params.is_empty() {
            continue;
        }
        for _ in 0..3 {
            let (id, place) = random.pick(&params);
            let value = random_value(place.row, case.spec.sample_rate, &mut random);
            let frames = random.pick(&[0, 1, 300, usize::MAX]);
            if random.once_in(2) || unit.glide(id, value, frames).is_err() {
                unit.set(id, value).expect("in range");
            }
        }
    }
    let heard = audio.first(case.spec.outputs);
    let loud = heard.each(0..FRAMES).filter(|sample| !sample.is_finite()).count();
    findings.measured("samples out that are not finite", loud as f64, Bound::Equals(0.0), "");
    let counted = unit.faults();
    findings.measured_as(
        "faults counted wrongly",
        &format!(" ({counted} of {expected})"),
        counted.abs_diff(expected) as f64,
        Bound::Equals(0.0),
        "",
    );
    for row in K::READINGS {
        let reading = unit.get(row.id());
        findings.require(reading.is_none_or(f64::is_finite), || format!("{} reads {reading:?}", row.key));
    }

    // Afterwards nothing is left of it.
    unit.reset();
    let settings = params.iter().map(|(id, _)| (*id, unit.get(*id).expect("a parameter has a value")));
    let mut fresh = case.with_settings(settings.collect()).build::<T>();
    let key = Audio::noise(case.spec.keys, FRAMES, 1.0, &mut random);
    let noise = Audio::noise(case.spec.channels(), FRAMES, 1.0, &mut random);
    let run = |unit: &mut dyn Processor<T>| {
        let mut audio = noise.clone();
        process(unit, &mut audio, &key, 0..FRAMES, &mut Cut::Whole).expect("the block fits");
        audio.first(case.spec.outputs)
    };
    let differs = run(&mut fresh).difference(&run(&mut unit));
    findings.same("units that differ from a fresh one after reset", "", differs);
}
#[test]
fn zz_debug() {
    use mixdsp::eq::EqualizerKind;
    for n in 0..16 {
        let c = (n * 1) as usize;
        let _ = c;
    }
    let mut number = 0;
    for (c, ch) in crate::harness::CHANNELS.into_iter().enumerate() {
        for (r, rate) in crate::harness::RATES.into_iter().enumerate() {
            if (c + r) % 2 == 1 {
                continue;
            }
            let case = Case::<EqualizerKind>::random::<f32>("8 hostile input", number, ch, rate).unwrap();
            number += 1;
            if case.seed != 0xb223779c74e0f9f9 {
                continue;
            }
            println!("{:?}", case.spec);
            for s in case.settings.chunks(5) {
                println!("{:?}", s.iter().map(|x| x.1).collect::<Vec<_>>());
            }
            let mut random = case.random_source();
            let params = all_params::<EqualizerKind>(&case.config);
            let mut unit = case.build::<f32>();
            let mut audio = input::<f32>(1, &mut random);
            let key = input::<f32>(0, &mut random);
            let mut cut = Cut::Random(random.clone());
            for from in (0..FRAMES).step_by(250) {
                process(&mut unit, &mut audio, &key, from..from + 250, &mut cut).unwrap();
                println!(
                    "{from} {:e} {}",
                    audio.peak(from..from + 250),
                    audio.each(from..from + 250).filter(|s| !s.is_finite()).count()
                );
                for _ in 0..3 {
                    let (id, place) = random.pick(&params);
                    let value = random_value(place.row, case.spec.sample_rate, &mut random);
                    let frames = random.pick(&[0, 1, 300, usize::MAX]);
                    if random.once_in(2) || unit.glide(id, value, frames).is_err() {
                        println!("set {id:?} {value}");
                        unit.set(id, value).expect("in range");
                    } else {
                        println!("glide {id:?} {value} {frames}");
                    }
                }
            }
        }
    }
}
