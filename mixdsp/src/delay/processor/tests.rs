use super::*;
use crate::Processor;
use crate::param::Settings;
use alloc::vec::Vec;

const RATE: f64 = 48_000.0;

type Unit = Delay<f64, Vec<u64>>;

fn build(maximum_seconds: f64, settings: impl Settings) -> Result<Unit, Error> {
    let (spec, config) = (Spec::new(RATE, 1), DelayConfig { maximum_seconds });
    Delay::new_in(spec, config, settings, alloc::vec![0; Delay::<f64>::memory(&spec, &config)])
}

fn delay(maximum_seconds: f64, params: DelayParams) -> Unit {
    build(maximum_seconds, params).unwrap()
}

fn run(delay: &mut Unit, mut audio: Vec<f64>) -> Vec<f64> {
    delay.process(&mut [&mut audio], &[]).unwrap();
    audio
}

#[test]
fn an_impulse_repeats_at_exact_frames() {
    let params = DelayParams { time_ms: 10.0, feedback: 0.5, mix: 0.25 };
    let mut unit = delay(2.0, params);
    let mut audio = alloc::vec![0.0; 3_000];
    audio[7] = 1.0;
    let heard = run(&mut unit, audio);
    for (n, y) in heard.iter().enumerate() {
        let expected = match n.checked_sub(7) {
            Some(0) => 0.75,
            Some(late) if late % 480 == 0 => 0.25 * libm::pow(0.5, (late / 480 - 1) as f64),
            _ => 0.0,
        };
        assert_eq!(*y, expected, "frame {n}");
    }
}

#[test]
fn a_time_longer_than_the_line_is_refused() {
    let mut unit = delay(0.25, DelayParams { time_ms: 250.0, ..Default::default() });
    let error = Error::Range { key: "time_ms", item: None, value: 250.1, minimum: 1.0, maximum: 250.0 };
    assert_eq!(unit.set(DelayParams::TIME_MS, 250.1).unwrap_err(), error);
    assert_eq!(unit.get(DelayParams::TIME_MS), Some(250.0));
    let long = DelayParams { time_ms: 250.1, ..Default::default() };
    assert_eq!(build(0.25, long).unwrap_err(), error);
    // the default is what fits
    assert_eq!(build(0.25, ()).unwrap().get(DelayParams::TIME_MS), Some(250.0));
}

#[test]
fn cuts_do_not_change_a_bit() {
    let make = || delay(0.1, DelayParams { time_ms: 1.0, feedback: 0.7, mix: 0.5 });
    let script = |unit: &mut Unit, cut: usize| {
        let mut all = Vec::new();
        let events = [
            (0, 1.37, 0),
            (500, 40.0, 0),
            (900, 1.1, 0),
            (3_000, 30.0, 2_000),
            (4_000, 2.0, 0),
            (4_100, 9.0, 7),
        ];
        for (e, (at, value, glide)) in events.iter().enumerate() {
            match glide {
                0 => unit.set(DelayParams::TIME_MS, *value).unwrap(),
                frames => unit.glide(DelayParams::TIME_MS, *value, *frames).unwrap(),
            }
            unit.set(DelayParams::FEEDBACK, 0.1 * e as f64).unwrap();
            let end = events.get(e + 1).map_or(9_000, |next| next.0);
            let input: Vec<f64> =
                (*at..end).map(|n| libm::sin(n as f64 * 0.1) + libm::sin(n as f64 * 1.3)).collect();
            for part in input.chunks(cut) {
                all.extend(run(unit, part.to_vec()));
            }
        }
        all
    };
    let whole = script(&mut make(), usize::MAX);
    for cut in [1, 7, 64, 500] {
        assert!(script(&mut make(), cut) == whole, "cut into {cut}");
    }
}

#[test]
fn silence_comes() {
    let mut unit = delay(0.1, DelayParams { time_ms: 3.3, feedback: 0.9, mix: 1.0 });
    let tail = unit.tail().unwrap();
    run(&mut unit, alloc::vec![1.0; 5_000]);
    let heard = run(&mut unit, alloc::vec![0.0; 7 * tail]);
    let loudest = |range: &[f64]| range.iter().fold(0.0f64, |a, b| a.max(b.abs()));
    assert!(loudest(&heard[tail..]) < 1e-6 * loudest(&heard));
    assert_eq!(loudest(&heard[6 * tail..]), 0.0);
}
