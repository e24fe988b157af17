//! Two microphones before one source: which is late, by how much, and which is turned round.
#![cfg(feature = "fft")]

mod common;

use common::level::gain;
use common::voices::hit;
use common::{Bound, Random, measured};
use mixdsp::Alignment;

const RATE: f64 = 48_000.0;
const SECONDS: usize = 8;
/// Frames before what is compared begins, so that a delay has something to bring in.
const BEFORE: usize = 4_096;

/// Snare and kick at a close microphone, with noise of its own 60 dB under them.
fn close(random: &mut Random) -> Vec<f64> {
    let frames = SECONDS * 48_000 + 2 * BEFORE;
    let mut out = vec![0.0; frames];
    for beat in 0..frames / 24_000 {
        let drum = if beat % 2 == 0 { (190.0, 90.0, 0.5) } else { (55.0, 120.0, 0.5) };
        hit(&mut out[beat * 24_000..], RATE, drum, random);
    }
    out
}

/// The same samples a fraction of a frame later, by a sinc of 257 taps under a Blackman-Harris window.
fn later(samples: &[f64], delay: f64) -> Vec<f64> {
    const HALF: i64 = 128;
    let whole = delay.floor();
    let taps: Vec<f64> = (-HALF..=HALF)
        .map(|j| {
            let x = j as f64 - (delay - whole);
            let turn = std::f64::consts::PI * x;
            let u = std::f64::consts::PI * (x / (HALF as f64 + 1.0));
            let window = 0.35875 + 0.48829 * u.cos() + 0.14128 * (2.0 * u).cos() + 0.01168 * (3.0 * u).cos();
            window * if turn == 0.0 { 1.0 } else { turn.sin() / turn }
        })
        .collect();
    let at = |n: i64| usize::try_from(n).ok().and_then(|n| samples.get(n)).copied().unwrap_or(0.0);
    (0..samples.len() as i64)
        .map(|n| (-HALF..=HALF).zip(&taps).map(|(j, tap)| tap * at(n - whole as i64 - j)).sum())
        .collect()
}

fn rms(samples: &[f64]) -> f64 {
    (samples.iter().map(|x| x * x).sum::<f64>() / samples.len() as f64).sqrt()
}

/// The overhead: the close sound late, turned round, softer, with noise.
fn overhead(close: &[f64], delay: f64, noise_db: f64, random: &mut Random) -> Vec<f64> {
    let mut heard: Vec<f64> = later(close, delay).iter().map(|x| -0.4 * x).collect();
    let level = gain(noise_db) * rms(&heard) * 3f64.sqrt();
    heard.iter_mut().for_each(|x| *x += level * random.noise());
    heard
}

fn inside(samples: &[f64]) -> &[f64] {
    &samples[BEFORE..samples.len() - BEFORE]
}

fn found(track: &[f64], reference: &[f64]) -> Alignment {
    Alignment::of(inside(track), inside(reference), RATE, 50.0).expect("in range").expect("heard")
}

#[test]
fn an_overhead_is_found_late_and_turned_round() {
    let (mut worst, mut wrong, mut by_band, mut left) = (0.0f64, 0, 0.0f64, f64::NEG_INFINITY);
    for seed in 0..2 {
        let mut random = Random::new(seed);
        let close = close(&mut random);
        for delay in [3.37, -2.81, 97.5, 1_000.25] {
            let overhead = overhead(&close, delay, -20.0, &mut random);
            let found = found(&overhead, &close);
            worst = worst.max((found.delay_frames - delay).abs());
            wrong += usize::from(!found.inverted);
            assert!(found.correlation > 0.9, "{found:?}");
            // Applied, what is left of the close sound in the overhead is its noise.
            let applied = found.apply(&overhead);
            let rest: Vec<f64> = applied.iter().zip(&close).map(|(y, x)| y - 0.4 * x).collect();
            left = left.max(20.0 * (rms(inside(&rest)) / rms(inside(&overhead))).log10());
            let sure = found.bands.iter().filter(|band| band.correlation > 0.5);
            by_band = sure.fold(by_band, |worst, band| worst.max((band.delay_frames - delay).abs()));
        }
    }
    let setting =
        "drum overhead against its close microphone, inverted, noise at -20 dB, 3.37 frames and others";
    measured("alignment", &format!("{setting}: delay"), Bound::AtMost(0.05), worst, "frames", "theory");
    measured(
        "alignment",
        &format!("{setting}: wrong polarities"),
        Bound::Equals(0.0),
        wrong as f64,
        "",
        "theory",
    );
    let what = format!("{setting}: what differs once it is applied, noise and all");
    measured("alignment", &what, Bound::AtMost(-18.0), left, "dB", "theory");
    let what = format!("{setting}: delay by octaves alone, where they are alike");
    measured("alignment", &what, Bound::AtMost(1.0), by_band, "frames", "theory");
}

#[test]
fn what_is_alike_needs_nothing() {
    let close = close(&mut Random::new(9));
    let found = found(&close, &close);
    assert!(found.delay_frames.abs() < 1e-3 && !found.inverted && found.correlation > 0.999, "{found:?}");
    let bands: Vec<f64> = found.bands.iter().map(|band| band.frequency_hz).collect();
    assert_eq!(bands, [62.5, 125.0, 250.0, 500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0, 16_000.0]);
}

#[test]
fn strangers_have_little_in_common() {
    let mut random = Random::new(2);
    let [one, other] = [(); 2].map(|()| (0..200_000).map(|_| random.noise()).collect::<Vec<f64>>());
    let found = found(&one, &other);
    assert!(found.correlation < 0.1, "{found:?}");
}

#[test]
fn silence_says_nothing_and_what_cannot_be_is_refused() {
    assert_eq!(Alignment::of(&[0.0; 5_000], &[1.0; 5_000], RATE, 50.0), Ok(None));
    assert_eq!(Alignment::of(&[], &[], RATE, 50.0), Ok(None));
    let one = Alignment::of(&[1.0], &[-1.0], RATE, 50.0).expect("in range");
    assert!(one.is_none_or(|found| found.delay_frames.is_finite()));
    for (rate, most_ms) in [(1.0, 50.0), (RATE, 0.0), (RATE, 2_000.0), (RATE, f64::NAN)] {
        assert!(Alignment::of(&[1.0; 100], &[1.0; 100], rate, most_ms).is_err());
    }
}
