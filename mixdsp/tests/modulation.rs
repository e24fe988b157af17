//! Chorus, flanger, phaser and tremolo: against their formulas while the oscillator stands, and in motion.

mod common;

use common::level::{amplitude, decibels, sine};
use common::{Bound, measured};
use mixdsp::catalogue::BoxedSample;
use mixdsp::{
    Chorus, ChorusParams, Error, Flanger, FlangerConfig, FlangerParams, NoConfig, NoteValue, Phaser,
    PhaserConfig, PhaserParams, Processor, Spec, Tremolo, TremoloParams,
};
use num_complex::Complex;
use std::f64::consts::{PI, TAU};

const RATE: f64 = 48_000.0;
const MONO: Spec = Spec::new(RATE, 1);
const STEREO: Spec = Spec::new(RATE, 2);

fn run(unit: &mut dyn Processor<f64>, mut audio: Vec<f64>) -> Vec<f64> {
    unit.process(&mut [&mut audio], &[]).expect("it fits");
    audio
}

/// Level of a steady sine that came in at 0 dB.
fn level(unit: &mut dyn Processor<f64>, hz: f64) -> f64 {
    let heard = run(unit, sine(RATE, hz, 1.0, 72_000));
    amplitude(&heard[24_000..], hz, RATE)
}

/// Steps of a sine in whole hertz, as whole periods fit the second that is measured.
fn steps() -> impl Iterator<Item = f64> {
    (0..40).map(|n| (30.0 * 1.17f64.powi(n)).round()).filter(|hz| *hz < 10_000.0)
}

/// The largest difference in decibels, where the formula is above -30 dB.
fn against(new: &dyn Fn() -> Box<dyn Processor<f64>>, formula: &dyn Fn(f64) -> Complex<f64>) -> f64 {
    let mut worst = 0.0f64;
    for hz in steps() {
        let expected = formula(hz).norm();
        if expected > 0.0316 {
            worst = worst.max(decibels(level(&mut *new(), hz) / expected).abs());
        }
    }
    worst
}

fn boxed<P: Processor<f64> + 'static>(unit: Result<P, Error>) -> Box<dyn Processor<f64>> {
    Box::new(unit.expect("in range"))
}

/// A delay in milliseconds at a frequency.
fn delay(milliseconds: f64, hz: f64) -> Complex<f64> {
    Complex::from_polar(1.0, -TAU * hz * milliseconds * 1e-3)
}

#[test]
fn chorus_while_it_stands() {
    let mut worst = 0.0f64;
    for phase_deg in [0.0, 77.0, 90.0, 250.0] {
        for voices in [1, 3] {
            let params = ChorusParams {
                hold: true,
                depth_ms: 3.0,
                delay_ms: 4.0,
                voices,
                phase_deg,
                ..Default::default()
            };
            let formula = |hz: f64| {
                let copies = [0.0, 180.0, 90.0].into_iter().take(voices as usize).map(|offset: f64| {
                    let swing = 0.5 * (1.0 + (phase_deg + offset).to_radians().sin());
                    delay(4.0 + 3.0 * swing, hz)
                });
                0.5 + 0.5 * copies.sum::<Complex<f64>>() / f64::from(voices)
            };
            worst = worst.max(against(&|| boxed(Chorus::new(MONO, NoConfig, params)), &formula));
        }
    }
    let what = "chorus: stepped sine to 10 kHz at standing phases against the formula";
    measured("modulation", what, Bound::AtMost(0.1), worst, "dB", "theory");
}

#[test]
fn flanger_while_it_stands() {
    let mut worst = 0.0f64;
    for (phase_deg, feedback, through_zero_ms, invert) in
        [(0.0, 0.0, 0.0, false), (33.0, 0.6, 0.0, false), (120.0, -0.8, 0.0, true), (200.0, 0.0, 2.5, true)]
    {
        let params = FlangerParams { hold: true, feedback, phase_deg, invert, ..Default::default() };
        let config = FlangerConfig { through_zero_ms };
        let formula = |hz: f64| {
            let line = delay(0.5 + 1.5 * (1.0 + phase_deg.to_radians().sin()), hz);
            let wet = 0.5 * (1.0 - feedback * feedback).sqrt() * if invert { -1.0 } else { 1.0 };
            0.5 * delay(through_zero_ms, hz) + wet * line / (1.0 - feedback * line)
        };
        worst = worst.max(against(&|| boxed(Flanger::new(MONO, config, params)), &formula));
    }
    let what = "flanger: stepped sine to 10 kHz at standing phases against the formula";
    measured("modulation", what, Bound::AtMost(0.1), worst, "dB", "theory");
}

#[test]
fn phaser_while_it_stands() {
    let mut worst = 0.0f64;
    for (phase_deg, feedback, stages) in [(0.0, 0.0, 4), (60.0, 0.7, 6), (270.0, -0.5, 3), (180.0, 0.9, 12)] {
        let params = PhaserParams { hold: true, feedback, phase_deg, ..Default::default() };
        let formula = |hz: f64| {
            // All-passes by the bilinear transform, exact where they turn by 90 degrees.
            let middle = 800.0 * phase_deg.to_radians().sin().exp2();
            let (g, s) = ((PI * middle / RATE).tan(), Complex::new(0.0, (PI * hz / RATE).tan()));
            let all = ((g - s) / (g + s)).powu(stages);
            0.5 + 0.5 * (1.0 - feedback * feedback).sqrt() * all / (1.0 - feedback * all)
        };
        worst = worst.max(against(&|| boxed(Phaser::new(MONO, PhaserConfig { stages }, params)), &formula));
    }
    let what = "phaser: stepped sine to 10 kHz at standing phases against the formula";
    measured("modulation", what, Bound::AtMost(0.1), worst, "dB", "theory");
}

#[test]
fn a_swept_delay_is_that_of_its_formula_at_every_rate() {
    // A vibrato of a sine against the sine at the very time that is read: what is left is zipper and interpolation.
    let mut worst = f64::NEG_INFINITY;
    for rate_hz in [0.05, 0.8, 5.0, 20.0] {
        let params = ChorusParams { rate_hz, depth_ms: 5.0, delay_ms: 3.0, mix: 1.0, ..Default::default() };
        let mut unit = Chorus::<f64>::new(MONO, NoConfig, params).expect("in range");
        let heard = run(&mut unit, sine(RATE, 1_000.0, 1.0, 96_000));
        let expected = |n: usize| {
            let swing = 0.5 * (1.0 + (TAU * rate_hz * n as f64 / RATE).sin());
            (TAU * 1_000.0 * (n as f64 / RATE - 1e-3 * (3.0 + 5.0 * swing))).sin()
        };
        let left =
            heard.iter().enumerate().skip(1_000).map(|(n, y)| (y - expected(n)).abs()).fold(0.0, f64::max);
        worst = worst.max(decibels(left));
    }
    let what =
        "chorus, mix 1: 1 kHz at rates of 0.05 to 20 Hz against the formula: what is left, zipper and all";
    measured("modulation", what, Bound::AtMost(-90.0), worst, "dB", "theory");
    // The flanger's line is the same; the phaser's all-passes are swept: against a sweep by steps of a quarter frame there
    // is no formula, so that its zipper is what lies beyond the oscillator's own sidebands.
    let mut worst = f64::NEG_INFINITY;
    for rate_hz in [1.0, 5.0, 20.0] {
        let units: [Box<dyn Processor<f64>>; 3] = [
            boxed(Flanger::new(
                MONO,
                FlangerConfig::default(),
                FlangerParams { rate_hz, feedback: 0.7, ..Default::default() },
            )),
            boxed(Phaser::new(
                MONO,
                PhaserConfig::default(),
                PhaserParams { rate_hz, feedback: 0.7, ..Default::default() },
            )),
            boxed(Tremolo::new(MONO, NoConfig, TremoloParams { rate_hz, depth: 1.0, ..Default::default() })),
        ];
        for mut unit in units {
            let heard = run(&mut *unit, sine(RATE, 1_000.0, 1.0, 144_000));
            // Everything is periodic in a second: a line spectrum; far above the sine only steps would show.
            let second = &heard[96_000..];
            let far = (8_000..20_000).step_by(250).map(|hz| amplitude(second, f64::from(hz), RATE));
            worst = worst.max(decibels(far.fold(0.0, f64::max)));
        }
    }
    let what = "flanger, phaser, tremolo: 1 kHz at rates of 1 to 20 Hz: largest line from 8 to 20 kHz";
    measured("modulation", what, Bound::AtMost(-90.0), worst, "dB", "spectrum");
}

#[test]
fn a_tape_flanger_cancels_where_both_meet() {
    let params = FlangerParams { rate_hz: 1.0, ..FlangerParams::tape() };
    let mut unit = Flanger::<f64>::new(MONO, FlangerConfig::tape(), params).expect("in range");
    assert_eq!(unit.latency(), 120);
    let heard = run(&mut unit, sine(RATE, 3_000.0, 1.0, 48_000));
    // The delay is 2.5 ms where the sine of the oscillator is 0, in the middle of each half of the period.
    let around = |n: usize| heard[n - 8..n + 8].iter().fold(0.0f64, |peak, y| peak.max(y.abs()));
    let (meets, apart) = (around(24_000), around(12_000));
    assert!(meets < 0.03 && apart < 1.01, "{meets} {apart}");
    measured(
        "modulation",
        "flanger through zero: level where both meet",
        Bound::AtMost(-30.0),
        decibels(meets),
        "dB",
        "theory",
    );
}

#[test]
fn a_tremolo_is_that_of_its_formula_and_an_auto_pan_keeps_the_power() {
    let params = TremoloParams { rate_hz: 4.0, depth: 0.7, ..Default::default() };
    let mut unit = Tremolo::<f64>::new(MONO, NoConfig, params).expect("in range");
    let heard = run(&mut unit, vec![1.0; 48_000]);
    let expected = |n: usize| (0.7 * PI / 4.0 * (1.0 - (TAU * 4.0 * n as f64 / RATE).sin())).cos();
    let worst = heard.iter().enumerate().map(|(n, y)| decibels(y / expected(n)).abs()).fold(0.0, f64::max);
    measured("modulation", "tremolo: gain against the formula", Bound::AtMost(0.001), worst, "dB", "theory");
    let mut unit = Tremolo::<f64>::new(STEREO, NoConfig, TremoloParams::auto_pan()).expect("in range");
    let (mut left, mut right) = (vec![1.0; 200_000], vec![1.0; 200_000]);
    unit.process(&mut [&mut left, &mut right], &[]).expect("it fits");
    let worst = left.iter().zip(&right).map(|(l, r)| decibels(l.hypot(*r)).abs()).fold(0.0, f64::max);
    measured("modulation", "auto-pan: power at any time", Bound::AtMost(0.001), worst, "dB", "theory");
    assert!(left.iter().any(|l| *l < 1e-3) && right.iter().any(|r| *r < 1e-3), "it goes all the way");
}

#[test]
fn notes_set_the_rate() {
    // A quarter at 120 bpm is 2 Hz.
    let by_note = TremoloParams { sync: NoteValue::Quarter, tempo_bpm: 120.0, ..Default::default() };
    let by_rate = TremoloParams { rate_hz: 2.0, ..Default::default() };
    let [one, other] = [by_note, by_rate].map(|params| {
        run(&mut Tremolo::<f64>::new(MONO, NoConfig, params).expect("in range"), vec![1.0; 10_000])
    });
    assert_eq!(one, other);
    assert_eq!(NoteValue::EighthDotted.rate_hz(90.0), Some(2.0));
}

/// Feedback at its most, with loud input and everything on the move.
fn endures<T: BoxedSample>() {
    let config = PhaserConfig { stages: 12 };
    let mut phaser = Phaser::<T>::new(STEREO, config, PhaserParams { feedback: 0.95, ..Default::default() })
        .expect("in range");
    let params = FlangerParams { feedback: -0.95, ..Default::default() };
    let mut flanger = Flanger::<T>::new(STEREO, FlangerConfig::default(), params).expect("in range");
    let mut peak = 0.0f64;
    for turn in 0..200u32 {
        let value = |f: usize| if (f / 37 + turn as usize).is_multiple_of(2) { T::ONE } else { -T::ONE };
        let mut audio = [(); 2].map(|()| (0..480).map(value).collect::<Vec<T>>());
        let [left, right] = &mut audio;
        let depth = f64::from(turn % 11);
        flanger.set(FlangerParams::DEPTH_MS, depth.min(10.0)).expect("in range");
        phaser.set(PhaserParams::RANGE_OCTAVES, depth.min(6.0)).expect("in range");
        phaser.set(PhaserParams::FREQUENCY_HZ, 50.0 + 700.0 * depth).expect("in range");
        flanger.process(&mut [left, right], &[]).expect("it fits");
        phaser.process(&mut [left, right], &[]).expect("it fits");
        peak = audio.iter().flatten().fold(peak, |peak, y| peak.max(y.to_f64().abs()));
    }
    assert!(peak.is_finite() && peak < 100.0, "{peak}");
}

#[test]
fn feedback_at_its_most_stays_bounded() {
    endures::<f32>();
    endures::<f64>();
}
