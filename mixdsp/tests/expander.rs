//! The expander's curve and its channels, each against theory.

mod common;

use common::level::{amplitude, decibels, gain, sine, traced};
use common::{Bound, Random, measured};
use mixdsp::{Expander, ExpanderConfig, ExpanderParams, ExpanderReadings, Processor, Spec};

const RATE: f64 = 48_000.0;

fn unit(channels: usize, config: ExpanderConfig, params: ExpanderParams) -> Expander<f64> {
    Expander::new(Spec::new(RATE, channels), config, params).expect("it is in range")
}

#[test]
fn the_static_curve_is_the_one_asked_for() {
    let (mut worst, mut told_worst) = (0.0f64, 0.0f64);
    for ratio in [1.5, 2.0, 10.0] {
        for knee_db in [0.0, 6.0, 18.0] {
            for level_db in (-80..=12).step_by(4).map(f64::from) {
                let params = ExpanderParams { ratio, knee_db, range_db: 90.0, ..Default::default() };
                let mut audio = [sine(RATE, 100.0, gain(level_db), 96_000)];
                let mut expander = unit(1, ExpanderConfig::default(), params);
                let reading = ExpanderReadings::GAIN_REDUCTION_DB.any();
                let [told] = traced(&mut expander, &mut audio, &[], [reading]);
                // The downward curve of Giannoulis, Massberg, Reiss, mirrored at the threshold.
                let under = -40.0 - level_db;
                let bent = if 2.0 * under <= -knee_db {
                    0.0
                } else if 2.0 * under < knee_db {
                    (under + knee_db / 2.0).powi(2) / (2.0 * knee_db)
                } else {
                    under
                };
                let reduced = ((ratio - 1.0) * bent).min(90.0);
                assert!((params.reduction_db(level_db) - reduced).abs() < 1e-9);
                let taken = level_db - decibels(amplitude(&audio[0][48_000..], 100.0, RATE));
                worst = worst.max((taken - reduced).abs());
                told_worst = told_worst.max((told[95_999] - reduced).abs());
            }
        }
    }
    let what =
        "static curve on a 100 Hz sine, -80 to +12 dB, ratios 1.5 to 10, knees 0 to 18 dB, hold 12.5 ms";
    measured("expander", what, Bound::AtMost(0.01), worst, "dB", "theory");
    measured(
        "expander",
        "the same: reading against the curve",
        Bound::AtMost(0.01),
        told_worst,
        "dB",
        "theory",
    );
}

#[test]
fn bass_stays_clean() {
    // Under the threshold, where the gain would follow single waves without hold
    let params = ExpanderParams { ratio: 4.0, ..Default::default() };
    let mut audio = sine(RATE, 40.0, gain(-45.0), 240_000);
    unit(1, ExpanderConfig::default(), params).process(&mut [&mut audio], &[]).expect("it fits");
    let end = &audio[192_000..];
    let harmonics = (2..=20).map(|n| amplitude(end, 40.0 * n as f64, RATE).powi(2)).sum::<f64>().sqrt();
    let distortion = decibels(harmonics / amplitude(end, 40.0, RATE));
    measured(
        "expander",
        "THD at 40 Hz, 4:1, hold 12.5 ms",
        Bound::AtMost(-120.0),
        distortion,
        "dB",
        "theory",
    );
}

#[test]
fn a_ratio_of_one_or_no_range_changes_nothing() {
    let config = ExpanderConfig { lookahead_ms: 3.0, ..Default::default() };
    let mut random = Random::new(5);
    let input: Vec<f64> = (0..9_000).map(|n| if n / 900 % 2 == 0 { random.noise() } else { 1e-4 }).collect();
    for (ratio, range_db) in [(1.0, 40.0), (4.0, 0.0)] {
        let mut audio = input.clone();
        let params = ExpanderParams { ratio, range_db, ..Default::default() };
        unit(1, config, params).process(&mut [&mut audio], &[]).expect("it fits");
        assert_eq!(audio[144..], input[..9_000 - 144]);
    }
}

#[test]
fn linked_channels_keep_their_balance_and_free_ones_do_not() {
    let run = |link: f64| {
        let params = ExpanderParams { link, knee_db: 0.0, ..Default::default() };
        let mut audio = [sine(RATE, 500.0, gain(-45.0), 48_000), sine(RATE, 500.0, gain(-50.0), 48_000)];
        let [left, right] = &mut audio;
        unit(2, ExpanderConfig::default(), params).process(&mut [left, right], &[]).expect("it fits");
        let level = |n: usize, input: f64| decibels(amplitude(&audio[n][24_000..], 500.0, RATE)) - input;
        [level(0, -45.0), level(1, -50.0)]
    };
    for (link, expected) in [(1.0, [-5.0, -5.0]), (0.5, [-5.0, -7.5]), (0.0, [-5.0, -10.0])] {
        for (told, expected) in run(link).into_iter().zip(expected) {
            assert!((told - expected).abs() < 0.01, "link {link}: {told} for {expected}");
        }
    }
}

#[test]
fn a_sidechain_decides_and_its_filter_with_it() {
    use mixdsp::{Band, BandKind};
    // Rumble in the sidechain counts until a filter takes it away.
    let spec = Spec::new(RATE, 1).with_sidechain(1);
    let config = ExpanderConfig { sidechain_bands: 1, ..Default::default() };
    let key = sine(RATE, 50.0, 0.5, 96_000);
    for (enabled, expected) in [(false, 0.0), (true, 40.0)] {
        let params = ExpanderParams { ratio: 10.0, ..Default::default() };
        let mut expander = Expander::<f64>::new(spec, config, params).expect("it is in range");
        expander.set(Band::KIND.at(0), BandKind::HighPass as usize as f64).expect("in range");
        expander.set(Band::FREQUENCY_HZ.at(0), 2_000.0).expect("in range");
        expander.set(Band::ENABLED.at(0), f64::from(u8::from(enabled))).expect("in range");
        let mut audio = sine(RATE, 500.0, 0.1, 96_000);
        expander.process(&mut [&mut audio], &[&key]).expect("it fits");
        let taken = -decibels(amplitude(&audio[48_000..], 500.0, RATE) / 0.1);
        assert!((taken - expected).abs() < 0.01, "{taken} for {expected}");
    }
}
