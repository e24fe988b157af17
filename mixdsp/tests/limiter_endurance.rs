//! The limiter over long and hostile audio, its latency, its links, and what it tells.

mod common;

use common::{Bound, depth, measured};
use mixdsp::{Limiter, LimiterConfig, LimiterParams, LimiterReadings as R, Processor, Spec};

const RATE: f64 = 48_000.0;

fn gain(db: f64) -> f64 {
    10f64.powf(db / 20.0)
}

struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
    fn signed(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1 << 23) as f32 - 1.0
    }
}

fn limiter(config: LimiterConfig, params: LimiterParams, channels: usize) -> Limiter<f32> {
    Limiter::new(Spec::new(RATE, channels), config, params).unwrap()
}

/// One second of quiet noise, and the largest deviation of what comes out from it, delayed.
fn quiet_deviation(limiter: &mut Limiter<f32>) -> f32 {
    let mut random = Random(77);
    let late = limiter.latency();
    let quiet: Vec<f32> = (0..48_000).map(|_| 0.2 * random.signed()).collect();
    let mut out = [quiet.clone(), quiet.clone()];
    let [left, right] = &mut out;
    limiter.process(&mut [left, right], &[]).unwrap();
    out.iter()
        .flat_map(|out| quiet.iter().zip(&out[late..]).map(|(x, y)| (x - y).abs()))
        .fold(0.0, |a, b| if b <= a { a } else { b })
}

#[test]
fn minutes_of_hostile_audio() {
    let (minutes, long) = if depth::is_long() { (10, "ten minutes") } else { (1, "a minute") };
    let presets = [
        ("mix", LimiterConfig::mix(), LimiterParams::mix()),
        ("mastering", LimiterConfig::mastering(), LimiterParams::mastering()),
        ("live", LimiterConfig::live(), LimiterParams::live()),
    ];
    for (name, config, params) in presets {
        let mut limiter = limiter(config, params, 2);
        let ceiling = gain(-1.0) as f32;
        let mut random = Random(1);
        let (mut frames, mut worst) = (0usize, 0.0f32);
        let mut block = [vec![0f32; 10_000], vec![0f32; 10_000]];
        while frames < 60 * minutes * RATE as usize {
            let size = match random.bits() % 8 {
                0 => 0,
                1 => 1,
                2 => 1 + random.bits() as usize % 64,
                _ => random.bits() as usize % 10_001,
            };
            let kind = random.bits() % 8;
            for channel in &mut block {
                for x in &mut channel[..size] {
                    let strange = random.bits();
                    *x = match kind {
                        0 if strange.is_multiple_of(50) => f32::NAN,
                        1 if strange.is_multiple_of(50) => f32::INFINITY,
                        2 if strange.is_multiple_of(50) => f32::NEG_INFINITY,
                        3 => f32::from_bits(strange as u32 % 0x0080_0000),
                        4 => f32::from_bits(strange as u32),
                        5 => 1e9 * random.signed(),
                        6 => 0.0,
                        _ => random.signed(),
                    };
                }
            }
            let [left, right] = &mut block;
            limiter.process(&mut [&mut left[..size], &mut right[..size]], &[]).unwrap();
            for y in left[..size].iter().chain(&right[..size]) {
                assert!(y.is_finite());
                worst = worst.max(y.abs());
            }
            frames += size;
        }
        let over = 20.0 * (worst / ceiling).log10();
        let title = format!("{long} of hostile audio, {name}: samples over the ceiling");
        measured("limiter", &title, Bound::AtMost(0.0), over as f64, "dB", "theory");
        // The release takes a while from nothing; then there must be no trace of it in the sums.
        let silence = &mut [vec![0f32; 960_000], vec![0f32; 960_000]];
        let [left, right] = silence;
        limiter.process(&mut [left, right], &[]).unwrap();
        let left_over = quiet_deviation(&mut limiter);
        let title = format!("after {long} of hostile audio, {name}: deviation of quiet audio");
        measured("limiter", &title, Bound::Equals(0.0), left_over as f64, "", "theory");
    }
}

#[test]
fn idle_for_long() {
    let (seconds, long) = if depth::is_long() { (3_600, "an hour") } else { (300, "five minutes") };
    let mut limiter = limiter(LimiterConfig::mix(), LimiterParams::mix(), 2);
    let mut random = Random(5);
    let second: [Vec<f32>; 2] = [(); 2].map(|()| (0..48_000).map(|_| 0.3 * random.signed()).collect());
    for _ in 0..seconds {
        let mut block = second.clone();
        let [left, right] = &mut block;
        limiter.process(&mut [left, right], &[]).unwrap();
    }
    assert_eq!(limiter.get(R::GAIN_REDUCTION_MAX_DB), Some(0.0));
    let deviation = quiet_deviation(&mut limiter) as f64;
    measured(
        "limiter",
        &format!("idle for {long}: deviation of the gain from 1"),
        Bound::Equals(0.0),
        deviation,
        "",
        "theory",
    );
}

#[test]
fn latency_is_where_an_impulse_comes_out() {
    for rate in [8_000.0, 44_100.0, 48_000.0, 192_000.0, 384_000.0] {
        for config in [
            LimiterConfig::mastering(),
            LimiterConfig::mix(),
            LimiterConfig::live(),
            LimiterConfig { true_peak: false, lookahead_ms: 0.5, ..LimiterConfig::mix() },
        ] {
            let mut limiter = Limiter::<f32>::new(Spec::new(rate, 1), config, ()).unwrap();
            let late = limiter.latency();
            let guard = if config.true_peak { 36 } else { 0 };
            assert_eq!(late, (config.lookahead_ms * 1e-3 * rate).round() as usize + guard);
            let mut x = vec![0f32; late + 100];
            x[10] = 0.5;
            limiter.process(&mut [&mut x], &[]).unwrap();
            assert_eq!(x.iter().position(|y| *y != 0.0), Some(10 + late));
            assert_eq!(x[10 + late], 0.5);
        }
    }
}

#[test]
fn separate_gains_and_their_link() {
    // Left far over the ceiling, right under it.
    let run = |separate, link| {
        let config = LimiterConfig { separate, ..LimiterConfig::mix() };
        let mut limiter = limiter(config, LimiterParams { link, ..LimiterParams::mix() }, 2);
        let mut left: Vec<f32> = (0..48_000).map(|n| 3.0 * (n as f32 * 0.1).sin()).collect();
        let mut right: Vec<f32> = (0..48_000).map(|n| 0.25 * (n as f32 * 0.13).sin()).collect();
        limiter.process(&mut [&mut left, &mut right], &[]).unwrap();
        let peak = |x: &[f32]| x[24_000..].iter().fold(0f32, |a, b| a.max(b.abs()));
        (peak(&left), peak(&right), left, right)
    };
    let (left, right, all_left, all_right) = run(false, 1.0);
    assert!(left <= gain(-1.0) as f32 && right < 0.08, "{left} {right}");
    let linked = run(true, 1.0);
    assert_eq!((all_left, all_right), (linked.2, linked.3), "linked fully, separate gains are one");
    let (left, right, ..) = run(true, 0.0);
    assert!(left <= gain(-1.0) as f32 && (right - 0.25).abs() < 1e-4, "{left} {right}");
    let (_, half, ..) = run(true, 0.5);
    assert!(half > 0.12 && half < 0.2, "{half}");
}

#[test]
fn a_lowered_ceiling_holds_from_when_it_has_arrived() {
    // Without the low-frequency path, which reduces a lone bass by up to its weight more.
    let params = LimiterParams { low_frequency_weight: 0.0, ..LimiterParams::mix() };
    let mut limiter = limiter(LimiterConfig::mix(), params, 1);
    let mut x: Vec<f32> = (0..96_000).map(|n| 4.0 * (n as f32 * 0.02).sin()).collect();
    let (before, after) = x.split_at_mut(48_000);
    limiter.process(&mut [before], &[]).unwrap();
    limiter.set(LimiterParams::CEILING_DB, -12.0).unwrap();
    limiter.process(&mut [after], &[]).unwrap();
    let peak = |x: &[f32]| x.iter().fold(0f32, |a, b| a.max(b.abs()));
    let steady = 20.0 * peak(before).log10();
    assert!((-1.3..=-1.0).contains(&steady), "{steady} dB");
    let arrived = 960 + limiter.latency();
    assert!(peak(&after[arrived..]) <= gain(-12.0) as f32);
    assert!(peak(&after[..arrived]) <= gain(-1.0) as f32);
}

#[test]
fn it_tells_reduction_and_verifies_itself() {
    let config = LimiterConfig { verify: true, ..LimiterConfig::mastering() };
    // Within the slow range, and without the low-frequency path, which reduces a lone bass by more.
    let params =
        LimiterParams { input_gain_db: 4.0, low_frequency_weight: 0.0, ..LimiterParams::mastering() };
    let mut limiter = limiter(config, params, 2);
    assert_eq!(limiter.get(R::GAIN_REDUCTION_DB), None);
    assert_eq!(limiter.get(R::OVERSHOOT_MAX_DB), None);
    // A sine at full scale, +4 dB: 5 dB of reduction, 0.17 more for the guard, 0.01 of margin.
    let sine: Vec<f32> = (0..96_000).map(|n| (n as f32 * 0.02).sin()).collect();
    let (mut left, mut right) = (sine.clone(), sine);
    limiter.process(&mut [&mut left, &mut right], &[]).unwrap();
    let reduction = limiter.get(R::GAIN_REDUCTION_DB).unwrap();
    assert!((4.9..5.3).contains(&reduction), "{reduction}");
    assert_eq!(limiter.get(R::OVERSHOOTS), Some(0.0));
    let highest = limiter.get(R::OVERSHOOT_MAX_DB).unwrap();
    assert!((-0.25..=0.0).contains(&highest), "{highest}");
    // Without true peak the same detector finds the overs that a sample limiter leaves.
    let config = LimiterConfig { verify: true, true_peak: false, ..LimiterConfig::mix() };
    let mut sampled = Limiter::<f32>::new(Spec::new(RATE, 1), config, LimiterParams::mix()).unwrap();
    let mut tone: Vec<f32> =
        (0..48_000).map(|n| 2.0 * (std::f32::consts::FRAC_PI_2 * (n as f32 + 0.5)).sin()).collect();
    sampled.process(&mut [&mut tone], &[]).unwrap();
    assert!(sampled.get(R::OVERSHOOTS).unwrap() > 10_000.0);
    let highest = sampled.get(R::OVERSHOOT_MAX_DB).unwrap();
    assert!((highest - 3.0).abs() < 0.2, "a tone of fs/4 at 45 degrees: {highest} dB");
}
