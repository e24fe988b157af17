//! The ducker with music under a voice.

mod common;

use common::level::{amplitude, crossing, decibels, gain, sine, traced};
use common::voices::speech;
use common::{Bound, Random, measured};
use mixdsp::{Ducker, DuckerConfig, DuckerParams, DuckerReadings, Processor, Spec};

const RATE: f64 = 48_000.0;

#[test]
fn music_is_down_under_a_voice_and_does_not_pump_in_its_pauses() {
    let params = DuckerParams::default();
    let hold = (params.hold_ms * 1e-3 * RATE) as usize;
    let mut random = Random::new(4);
    let (voice, _) = speech(RATE, 30.0, 0.5, &mut random);
    // Pauses of the voice as the ducker hears them: frames since it was last above the lower level
    let closes = gain(params.threshold_db - params.hysteresis_db);
    let opens = gain(params.threshold_db);
    let mut music: Vec<Vec<f64>> = vec![(0..voice.len()).map(|_| 0.2 * random.noise()).collect(); 2];
    let dry = music.clone();
    let spec = Spec::new(RATE, 2).with_sidechain(1);
    let mut ducker = Ducker::<f64>::new(spec, DuckerConfig::default(), params).expect("it is in range");
    let [told] = traced(
        &mut ducker,
        &mut music,
        std::slice::from_ref(&voice),
        [DuckerReadings::GAIN_REDUCTION_DB.any()],
    );
    // A reduction that has been asked for during ten attacks must be there, and stay through every shorter pause.
    let attack = (10.0 * params.attack_ms * 1e-3 * RATE) as usize;
    let (mut down, mut quiet, mut worst, mut pauses, mut least) = (0, usize::MAX, 0.0f64, 0, f64::INFINITY);
    for (n, sample) in voice.iter().enumerate() {
        if sample.abs() >= closes && quiet < hold {
            if quiet > 480 && down > attack {
                pauses += 1;
            }
            quiet = 0;
        } else if sample.abs() >= opens {
            (quiet, down) = (0, 0);
        } else {
            quiet = quiet.saturating_add(1);
        }
        down = if quiet < hold { down + 1 } else { 0 };
        if down > attack {
            let taken = -decibels(music[0][n] / dry[0][n]);
            worst = worst.max((taken - params.depth_db).abs());
            least = least.min(told[n]);
        }
    }
    assert!(pauses > 20, "there are pauses: {pauses}");
    let what = "music under synthetic speech, 12 dB, hold 400 ms: gain against the depth, from ten attacks on, through every shorter pause";
    measured("ducker", what, Bound::AtMost(0.5), worst, "dB", "theory");
    assert!((least - params.depth_db).abs() < 0.5);
}

#[test]
fn times_and_hold_are_what_they_say() {
    let params = DuckerParams::default();
    let spec = Spec::new(RATE, 1).with_sidechain(1);
    let mut ducker = Ducker::<f64>::new(spec, DuckerConfig::default(), params).expect("it is in range");
    let key: Vec<f64> = (0..240_000).map(|n| if (24_000..72_000).contains(&n) { 0.5 } else { 0.0 }).collect();
    let mut audio = vec![0.25; 240_000];
    ducker.process(&mut [&mut audio], &[&key]).expect("it fits");
    let gains: Vec<f64> = audio.iter().map(|y| decibels(y / 0.25)).collect();
    let way = 1.0 - (-1f64).exp();
    let attack_ms = crossing(&gains[23_999..], -12.0 * way) / 48.0;
    let back_ms = crossing(&gains[71_999..], -12.0 * (1.0 - way)) / 48.0 - params.hold_ms;
    let off = (attack_ms / params.attack_ms - 1.0).abs().max((back_ms / params.release_ms - 1.0).abs());
    let what = "attack, and release from the end of the hold, against 63 % of the way in dB: off by";
    measured("ducker", what, Bound::AtMost(2.0), 100.0 * off, "%", "theory");
}

#[test]
fn without_depth_nothing_changes() {
    let config = DuckerConfig { lookahead_ms: 3.0, ..Default::default() };
    let spec = Spec::new(RATE, 1);
    let params = DuckerParams { depth_db: 0.0, ..Default::default() };
    let input = sine(RATE, 1_234.0, 0.9, 9_000);
    let mut audio = input.clone();
    let mut ducker = Ducker::<f64>::new(spec, config, params).expect("it is in range");
    ducker.process(&mut [&mut audio], &[]).expect("it fits");
    assert_eq!(audio[144..], input[..9_000 - 144]);
}

#[test]
fn with_look_ahead_it_is_down_when_the_voice_begins() {
    let config = DuckerConfig { lookahead_ms: 50.0, ..Default::default() };
    let params = DuckerParams { attack_ms: 10.0, ..Default::default() };
    let spec = Spec::new(RATE, 2).with_sidechain(1);
    let mut ducker = Ducker::<f64>::new(spec, config, params).expect("it is in range");
    let key: Vec<f64> = (0..48_000).map(|n| if n >= 24_000 { 0.5 } else { 0.0 }).collect();
    let mut left = sine(RATE, 480.0, 0.25, 48_000);
    let mut right = left.clone();
    ducker.process(&mut [&mut left, &mut right], &[&key]).expect("it fits");
    assert!(left == right);
    let from = 24_000 + ducker.latency();
    let level = decibels(amplitude(&left[from..from + 4_800], 480.0, RATE) / 0.25);
    assert!((level + 12.0).abs() < 0.1, "{level}");
}
