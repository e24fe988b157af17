//! The compressor's curve, times, cleanliness and channels, each against theory.

mod common;

use common::{Bound, measured};
use mixdsp::{
    AutoMakeup, Band, Compressor, CompressorConfig, CompressorDetector, CompressorDirection,
    CompressorParams, CompressorReadings, CompressorTopology, LoudnessConfig, LoudnessMeter,
    LoudnessReadings, Processor, Slope, Spec,
};
use num_complex::Complex;
use std::f64::consts::TAU;

const RATE: f64 = 48_000.0;

fn hard(threshold_db: f64, ratio: f64) -> CompressorParams {
    CompressorParams { threshold_db, ratio, knee_db: 0.0, ..CompressorParams::default() }
}

fn unit(channels: usize, config: CompressorConfig, params: CompressorParams) -> Compressor<f64> {
    Compressor::new(Spec::new(RATE, channels), config, params).unwrap()
}

fn sine(frequency_hz: f64, amplitude: f64, frames: usize) -> Vec<f64> {
    (0..frames).map(|n| amplitude * (TAU * frequency_hz * n as f64 / RATE).sin()).collect()
}

fn decibels(gain: f64) -> f64 {
    20.0 * gain.log10()
}

/// Amplitude of one frequency over whole periods at the end.
fn amplitude(samples: &[f64], frequency_hz: f64) -> f64 {
    let step = -TAU * frequency_hz / RATE;
    let sum: Complex<f64> =
        samples.iter().enumerate().map(|(n, y)| Complex::from_polar(*y, step * n as f64)).sum();
    2.0 * sum.norm() / samples.len() as f64
}

/// The curve of Giannoulis, Massberg and Reiss, downward; upward it is mirrored at the threshold.
fn reduction_of(params: &CompressorParams, level_db: f64) -> f64 {
    let CompressorParams { threshold_db, ratio, knee_db, direction, .. } = *params;
    let upward = direction == CompressorDirection::Upward;
    let over = if upward { threshold_db - level_db } else { level_db - threshold_db };
    let reached = if 2.0 * over <= -knee_db {
        0.0
    } else if 2.0 * over < knee_db {
        (over + knee_db / 2.0).powi(2) / (2.0 * knee_db)
    } else {
        over
    };
    let change = reached * (1.0 - 1.0 / ratio);
    if upward { -change.min(params.max_boost_db) } else { change.min(params.range_db) }
}

#[test]
fn the_static_curve_is_the_one_asked_for() {
    let kinds = [
        ("downward", CompressorParams::default()),
        ("downward, range 9 dB", CompressorParams { range_db: 9.0, ..Default::default() }),
        (
            "downward, feedback",
            CompressorParams { topology: CompressorTopology::Feedback, ..Default::default() },
        ),
        ("downward, auto release", CompressorParams { auto_release: true, ..Default::default() }),
        (
            "upward, at most 12 dB",
            CompressorParams { direction: CompressorDirection::Upward, ..Default::default() },
        ),
    ];
    for (kind, base) in kinds {
        let mut worst = 0.0f64;
        for ratio in [1.5, 4.0, 20.0] {
            for knee_db in [0.0, 6.0, 18.0] {
                for level_db in (-80..=12).step_by(4).map(f64::from) {
                    let params = CompressorParams { threshold_db: -20.0, ratio, knee_db, ..base };
                    let mut unit = unit(1, CompressorConfig::default(), params);
                    let mut audio = sine(100.0, 10f64.powf(level_db / 20.0), 96_000);
                    unit.process(&mut [&mut audio], &[]).unwrap();
                    let reduced = reduction_of(&params, level_db);
                    let measured = decibels(amplitude(&audio[48_000..], 100.0)) - level_db;
                    worst = worst.max((measured + reduced).abs());
                    let reported = unit.get(CompressorReadings::GAIN_REDUCTION_DB).unwrap();
                    assert!((reported - reduced).abs() < 0.01, "{kind}: {reported} {reduced}");
                    assert!((params.reduction_db(level_db) - reduced).abs() < 1e-9, "{kind}, as data");
                }
            }
        }
        let requirement =
            format!("static curve on a 100 Hz sine, -80 to 12 dB, three ratios, three knees: {kind}");
        measured("compressor", &requirement, Bound::AtMost(0.01), worst, "dB", "theory");
    }
}

/// Root mean square without a hold follows a sine's square, so its curve is read where that is slow.
#[test]
fn root_mean_square_reads_the_peak_of_a_steady_sine() {
    let mut worst = 0.0f64;
    for level_db in [-30.0, -12.0, 0.0] {
        let params = CompressorParams {
            detector: CompressorDetector::Rms,
            rms_window_ms: 200.0,
            threshold_db: -40.0,
            ..hard(-40.0, 4.0)
        };
        let mut unit = unit(1, CompressorConfig::default(), params);
        let mut audio = sine(1_000.0, 10f64.powf(level_db / 20.0), 192_000);
        unit.process(&mut [&mut audio], &[]).unwrap();
        let reduced = decibels(amplitude(&audio[144_000..], 1_000.0)) - level_db;
        worst = worst.max((reduced + 0.75 * (level_db + 40.0)).abs());
    }
    measured(
        "Compressor",
        "root mean square reads the peak of a steady sine",
        Bound::AtMost(0.01),
        worst,
        "dB",
        "theory",
    );
}

/// Frames until the reduction has gone 63.2 % of its way up, and down again, on steps of a constant.
fn times(rate: f64, params: CompressorParams, config: CompressorConfig) -> [f64; 2] {
    let mut unit = Compressor::<f64>::new(Spec::new(rate, 1), config, params).unwrap();
    let level = |db: f64| 10f64.powf(db / 20.0);
    let seconds = |seconds: f64| (seconds * rate) as usize;
    let (up, down) = (seconds(0.1), seconds(0.1 + 0.02 * params.attack_ms + 0.1));
    let mut audio = vec![level(-40.0); down + seconds(0.008 * params.release_ms + 0.1)];
    audio[up..down].fill(level(-6.0));
    let input = audio.clone();
    unit.process(&mut [&mut audio], &[]).unwrap();
    let reduction: Vec<f64> = audio.iter().zip(&input).map(|(y, x)| decibels(x / y)).collect();
    let all = reduction[down - 1];
    // Counted from the frame before the step, between frames.
    let crossing = |from: usize, level: f64| {
        let above = |r: f64| r >= level;
        let was = above(reduction[from - 1]);
        let at = (from..).find(|n| above(reduction[*n]) != was).unwrap();
        let (before, after) = (reduction[at - 1], reduction[at]);
        (at - from) as f64 + (level - before) / (after - before)
    };
    let rise = crossing(up, all * (1.0 - (-1f64).exp()));
    let fall = crossing(down, all * (-1f64).exp());
    [rise, fall]
}

#[test]
fn attack_and_release_are_time_constants() {
    let mut worst = 0.0f64;
    for rate in [44_100.0, 48_000.0, 96_000.0, 192_000.0] {
        for (attack_ms, release_ms) in [(1.0, 20.0), (5.0, 200.0), (30.0, 60.0), (100.0, 1_000.0)] {
            let detector = CompressorDetector::Peak;
            let params = CompressorParams { attack_ms, release_ms, detector, ..hard(-40.0, 2.0) };
            let [rise, fall] = times(rate, params, CompressorConfig::default());
            for (frames, asked_ms) in [(rise, attack_ms), (fall, release_ms)] {
                worst = worst.max((frames / rate * 1e3 / asked_ms - 1.0).abs());
            }
        }
    }
    let requirement =
        "attack and release, detector peak, 63.2 % of the way in dB, 1 ms and up, 44.1 to 192 kHz";
    measured("compressor", requirement, Bound::AtMost(2.0), worst * 100.0, "%", "theory");
}

/// In decibels a feedback loop around a slope of 1 - 1/R is R times as fast where it works, and as fast as it says where
/// it does not.
#[test]
fn feedback_is_faster_the_higher_the_ratio() {
    let mut worst = 0.0f64;
    for ratio in [2.0, 4.0, 10.0] {
        let params = CompressorParams {
            attack_ms: 40.0,
            release_ms: 400.0,
            detector: CompressorDetector::Peak,
            topology: CompressorTopology::Feedback,
            ..hard(-40.0, ratio)
        };
        let [rise, fall] = times(RATE, params, CompressorConfig::default());
        let (attack_ms, release_ms) = (rise / 48.0, fall / 48.0);
        worst = worst.max((attack_ms * ratio / 40.0 - 1.0).abs()).max((release_ms / 400.0 - 1.0).abs());
    }
    let requirement = "feedback: attack in the loop shorter by the ratio, release below the threshold as set";
    measured("compressor", requirement, Bound::AtMost(5.0), worst * 100.0, "%", "theory of the loop");
}

#[test]
fn auto_release_lets_short_peaks_go_and_holds_what_lasts() {
    let params = CompressorParams {
        attack_ms: 1.0,
        release_ms: 50.0,
        detector: CompressorDetector::Peak,
        auto_release: true,
        slow_release_ms: 2_000.0,
        slow_charge_ms: 500.0,
        ..hard(-40.0, 4.0)
    };
    // How much of the reduction is left 300 ms after a burst.
    let left_after = |burst_ms: usize| {
        let mut unit = unit(1, CompressorConfig::default(), params);
        let end = 4_800 + burst_ms * 48;
        let mut audio = vec![0.01; end + 48_000];
        audio[4_800..end].fill(0.5);
        unit.process(&mut [&mut audio], &[]).unwrap();
        decibels(0.01 / audio[end + 14_400]) / (0.75 * decibels(50.0))
    };
    let (short, long) = (left_after(20), left_after(4_000));
    // The two stages as differential equations, in steps of 1 us, for a reduction of 1.
    let expected = |burst_ms: f64| {
        let (mut held, mut fast, mut slow, step) = (0.0f64, 0.0f64, 0.0f64, 0.001);
        for n in 0..((burst_ms + 300.0) / step) as usize {
            let asked = if (n as f64) * step < burst_ms { 1.0 } else { 0.0 };
            held = if asked > held { asked } else { held - held * step / 49.0 };
            fast += (held - fast) * step / 1.0;
            slow += (fast - slow) * step / if fast > slow { 500.0 } else { 2_000.0 };
        }
        fast.max(0.7 * slow)
    };
    let three_digits = |value: f64| (value * 1e3).round() / 1e3;
    let oracle = "its two stages as differential equations";
    let of =
        |what: &str| format!("auto release, 50 ms / 2 s: share of the reduction left 300 ms after {what}");
    measured(
        "Compressor",
        &of("20 ms"),
        Bound::Within(three_digits(expected(20.0)), 0.01),
        short,
        "",
        oracle,
    );
    measured(
        "Compressor",
        &of("4 s"),
        Bound::Within(three_digits(expected(4_000.0)), 0.01),
        long,
        "",
        oracle,
    );
}

#[test]
fn bass_stays_clean() {
    let detectors = [
        (CompressorDetector::PeakHold, "peak_hold", &[40.0, 50.0, 100.0, 1_000.0][..], -120.0),
        (CompressorDetector::Rms, "rms, 10 ms", &[40.0][..], -50.0),
    ];
    for (detector, name, frequencies, bound) in detectors {
        let mut worst = f64::MIN;
        for frequency_hz in frequencies {
            let params = CompressorParams { attack_ms: 5.0, release_ms: 100.0, detector, ..hard(-20.0, 4.0) };
            let mut unit = unit(1, CompressorConfig::default(), params);
            let mut audio = sine(*frequency_hz, 10f64.powf(-6.0 / 20.0), 240_000);
            unit.process(&mut [&mut audio], &[]).unwrap();
            let end = &audio[192_000..];
            let harmonics =
                (2..=20).map(|n| amplitude(end, frequency_hz * n as f64).powi(2)).sum::<f64>().sqrt();
            worst = worst.max(decibels(harmonics / amplitude(end, *frequency_hz)));
        }
        let requirement =
            format!("harmonics of a sine from 40 Hz, -6 dBFS, 4:1 at -20 dB, 5 / 100 ms, detector {name}");
        measured("compressor", &requirement, Bound::AtMost(bound), worst, "dB", "theory");
    }
}

/// The largest bin that is neither the sine nor one of its harmonics below half the rate, of whole periods.
#[test]
fn aliases_stay_low() {
    for (attack_ms, release_ms, bound) in [(5.0, 100.0, -90.0), (0.1, 1.0, -44.0)] {
        let params = CompressorParams {
            attack_ms,
            release_ms,
            detector: CompressorDetector::Peak,
            ..hard(-20.0, 4.0)
        };
        let mut unit = unit(1, CompressorConfig::default(), params);
        // 4 987.06 Hz, so that 2^16 frames are whole periods.
        const FRAMES: usize = 1 << 16;
        const PERIODS: usize = 6_809;
        let mut audio = sine(PERIODS as f64 * RATE / FRAMES as f64, 10f64.powf(-6.0 / 20.0), 3 * FRAMES);
        unit.process(&mut [&mut audio], &[]).unwrap();
        let mut bins: Vec<Complex<f64>> = audio[2 * FRAMES..].iter().map(|y| Complex::from(*y)).collect();
        common::spectrum::fft(&mut bins);
        let size = |bin: usize| bins[bin].norm();
        let aliases = (1..FRAMES / 2).filter(|bin| bin % PERIODS != 0);
        let aliases_db = decibels(aliases.map(size).fold(0.0, f64::max) / size(PERIODS));
        let requirement = format!(
            "largest alias of 4 987 Hz, -6 dBFS, 4:1 at -20 dB, {attack_ms} / {release_ms} ms, detector peak"
        );
        measured("compressor", &requirement, Bound::AtMost(bound), aliases_db, "dB", "theory");
    }
}

#[test]
fn linked_channels_keep_their_balance_and_free_ones_do_not() {
    let run = |link: f64| {
        let params = CompressorParams { link, ..hard(-30.0, 4.0) };
        let mut unit = unit(2, CompressorConfig::default(), params);
        let (mut left, mut right) = (sine(500.0, 0.5, 48_000), sine(500.0, 0.01, 48_000));
        unit.process(&mut [&mut left, &mut right], &[]).unwrap();
        decibels(amplitude(&left[24_000..], 500.0) / amplitude(&right[24_000..], 500.0))
    };
    let before = decibels(50.0);
    assert!((run(1.0) - before).abs() < 0.001, "{}", run(1.0));
    let free = before - 0.75 * (decibels(0.5) + 30.0);
    assert!((run(0.0) - free).abs() < 0.02, "{} {free}", run(0.0));
}

#[test]
fn a_key_decides_and_the_input_follows() {
    let spec = Spec::new(RATE, 2).with_sidechain(1);
    let mut unit = Compressor::<f64>::new(spec, CompressorConfig::default(), hard(-20.0, 4.0)).unwrap();
    let (mut left, mut right) = (vec![0.01; 24_000], vec![-0.02; 24_000]);
    let key = sine(200.0, 1.0, 24_000);
    unit.process(&mut [&mut left, &mut right], &[&key]).unwrap();
    assert!((decibels(left[23_999] / 0.01) + 15.0).abs() < 0.05, "{}", decibels(left[23_999] / 0.01));
    assert!((right[23_999] / left[23_999] + 2.0).abs() < 1e-12);
}

#[test]
fn with_look_ahead_and_no_attack_nothing_gets_over() {
    for lookahead_ms in [1.0, 5.0] {
        let config = CompressorConfig { lookahead_ms, ..Default::default() };
        let params = CompressorParams { attack_ms: 0.0, ..hard(-12.0, 1_000.0) };
        let mut unit = unit(1, config, params);
        let latency = unit.latency();
        assert_eq!(latency as f64, lookahead_ms * 48.0);
        // a burst out of nothing, at a level whose reduction is exact
        let mut audio = vec![0.0; 5_000];
        audio[2_000..2_400].fill(1.0);
        unit.process(&mut [&mut audio], &[]).unwrap();
        let allowed = 10f64.powf((-12.0 + 12.0 / 1_000.0) / 20.0);
        let over = audio.iter().fold(0.0f64, |a, b| a.max(*b)) / allowed - 1.0;
        let requirement = format!("attack 0, ratio 1000, look-ahead {lookahead_ms} ms: overshoot");
        measured("compressor", &requirement, Bound::AtMost(1e-6), over, "", "theory");
        assert!(audio[..2_000 + latency].iter().all(|y| *y == 0.0), "in time to the sample");
        assert!(audio[2_000 + latency] > 0.0);
    }
}

#[test]
fn a_ratio_of_one_changes_nothing() {
    let config = CompressorConfig { lookahead_ms: 3.0, sidechain_bands: 1, ..Default::default() };
    let upward = CompressorDirection::Upward;
    let all = [
        CompressorParams { ratio: 1.0, ..Default::default() },
        CompressorParams { ratio: 1.0, direction: upward, ..Default::default() },
        CompressorParams {
            ratio: 1.0,
            detector: CompressorDetector::Rms,
            auto_release: true,
            ..Default::default()
        },
        CompressorParams { ratio: 1.0, topology: CompressorTopology::Feedback, ..Default::default() },
        CompressorParams { ratio: 1.0, auto_makeup: AutoMakeup::Loudness, ..Default::default() },
        CompressorParams { range_db: 0.0, threshold_db: -60.0, ..Default::default() },
        CompressorParams { max_boost_db: 0.0, direction: upward, ..Default::default() },
        CompressorParams { mix: 0.0, threshold_db: -60.0, ..Default::default() },
    ];
    for params in all {
        let bands = [Band::high_pass(200.0, 0.7)];
        let mut unit = Compressor::<f64>::new(Spec::new(RATE, 1), config, (params, &bands[..])).unwrap();
        let input = sine(1_234.0, 0.9, 9_000);
        let mut audio = input.clone();
        unit.process(&mut [&mut audio], &[]).unwrap();
        assert_eq!(audio[144..], input[..9_000 - 144], "{params:?}");
    }
}

#[test]
fn a_sidechain_filter_decides_what_is_heard() {
    let config = CompressorConfig { sidechain_bands: 1, ..Default::default() };
    let mut worst = 0.0f64;
    for (slope, order) in [(Slope::Db6, 1), (Slope::Db12, 2), (Slope::Db18, 3), (Slope::Db24, 4)] {
        let bands = [Band::high_pass(400.0, std::f64::consts::FRAC_1_SQRT_2).with_slope(slope)];
        for frequency_hz in [101.3, 397.7, 1_987.1] {
            let mut unit =
                Compressor::<f64>::new(Spec::new(RATE, 1), config, (hard(-60.0, 4.0), &bands[..])).unwrap();
            let mut audio = sine(frequency_hz, 0.5, 96_000);
            unit.process(&mut [&mut audio], &[]).unwrap();
            let measured = decibels(amplitude(&audio[48_000..], frequency_hz) / 0.5);
            // Butterworth.
            let heard_db = decibels(0.5) - 10.0 * (1.0 + (400.0f64 / frequency_hz).powi(2 * order)).log10();
            worst = worst.max((measured + 0.75 * (heard_db + 60.0)).abs());
        }
    }
    let requirement = "sidechain high-pass, 6 to 24 dB per octave: reduction of a sine";
    measured("compressor", requirement, Bound::AtMost(0.02), worst, "dB", "Butterworth, theory");
    // What is listened to can be heard.
    let bands = [Band::high_pass(400.0, std::f64::consts::FRAC_1_SQRT_2)];
    let params = CompressorParams { listen: true, ..hard(-60.0, 4.0) };
    let mut unit = Compressor::<f64>::new(Spec::new(RATE, 1), config, (params, &bands[..])).unwrap();
    let mut audio = sine(400.0, 0.5, 96_000);
    unit.process(&mut [&mut audio], &[]).unwrap();
    let heard_db = decibels(amplitude(&audio[48_000..], 400.0) / 0.5);
    measured(
        "Compressor",
        "listen: the filtered sidechain",
        Bound::Within(-3.0103, 0.01),
        heard_db,
        "dB",
        "Butterworth, theory",
    );
}

#[test]
fn a_peak_on_the_left_leaves_the_image() {
    let mut unit = unit(2, CompressorConfig::default(), hard(-30.0, 4.0));
    let (mut left, mut right) = (sine(500.0, 0.1, 48_000), sine(700.0, 0.05, 48_000));
    left[24_000..24_100].iter_mut().for_each(|x| *x *= 9.0);
    let input = [left.clone(), right.clone()];
    unit.process(&mut [&mut left, &mut right], &[]).unwrap();
    let heard = |n: &usize| input[0][*n].abs() > 1e-3 && input[1][*n].abs() > 1e-3;
    let gain = |output: &[f64], channel: usize, n: usize| decibels((output[n] / input[channel][n]).abs());
    let image = |n: usize| (gain(&left, 0, n) - gain(&right, 1, n)).abs();
    let worst = (0..48_000).filter(heard).map(image).fold(0.0, f64::max);
    measured(
        "Compressor",
        "link 1, a peak on the left only: change of image",
        Bound::AtMost(0.001),
        worst,
        "dB",
        "theory",
    );
}

/// Noise in bursts over a bass, at the levels of a song.
fn music(frames: usize) -> [Vec<f64>; 2] {
    let mut random = common::Random::new(5);
    let mut low = [0.0; 2];
    let mut audio = [Vec::new(), Vec::new()];
    for n in 0..frames {
        let beat = (n % 24_000) as f64 / 24_000.0;
        let part = 0.5 + 0.5 * (TAU * n as f64 / 480_000.0).sin();
        let bass = 0.25 * (TAU * 55.0 * n as f64 / RATE).sin() * (1.0 - 0.5 * beat);
        for (side, low) in audio.iter_mut().zip(&mut low) {
            *low += 0.3 * (random.noise() - *low);
            side.push(bass + *low * (0.9 * (-6.0 * beat).exp() + 0.15 * part));
        }
    }
    audio
}

/// Integrated loudness of what is left after some seconds.
fn loudness(audio: &[Vec<f64>; 2], from: usize) -> f64 {
    let spec = Spec::new(RATE, 2);
    let mut meter = LoudnessMeter::<f64>::new(spec, LoudnessConfig::default(), ()).unwrap();
    let (mut left, mut right) = (audio[0][from..].to_vec(), audio[1][from..].to_vec());
    meter.process(&mut [&mut left, &mut right], &[]).unwrap();
    meter.get(LoudnessReadings::INTEGRATED).unwrap()
}

#[test]
fn make_up_by_loudness_is_as_loud_as_before() {
    let mut worst = 0.0f64;
    let mut least = f64::INFINITY;
    for (threshold_db, ratio) in [(-12.0, 2.0), (-18.0, 2.0), (-22.0, 3.0)] {
        let compressed = |auto_makeup| {
            let params = CompressorParams { threshold_db, ratio, auto_makeup, ..CompressorParams::default() };
            let config = CompressorConfig { lookahead_ms: 2.0, ..CompressorConfig::default() };
            let mut unit = unit(2, config, params);
            let mut audio = music(1_440_000);
            let [left, right] = &mut audio;
            unit.process(&mut [left, right], &[]).unwrap();
            audio
        };
        let from = 6 * 48_000;
        let before = loudness(&music(1_440_000), from);
        let without = loudness(&compressed(AutoMakeup::Off), from) - before;
        let with = loudness(&compressed(AutoMakeup::Loudness), from) - before;
        least = least.min(-without);
        worst = worst.max(with.abs());
        println!("{threshold_db} dB, {ratio}:1: {without:.2} LU without, {with:.2} LU with make-up");
    }
    assert!(least > 2.0, "it compresses: {least} LU");
    let requirement =
        "make-up by loudness, music compressed by 3 to 12 dB: loudness out against in, from 6 s on";
    measured("compressor", requirement, Bound::AtMost(0.3), worst, "LU", "the input's loudness");
}

/// Each frame's reduction is what happened to that frame.
#[test]
fn the_course_of_the_reduction_is_what_happened() {
    let mut unit = unit(1, CompressorConfig::default(), hard(-30.0, 4.0));
    let input: Vec<f64> = (0..48_000).map(|n| if n / 3_000 % 2 == 0 { 0.5 } else { 0.02 }).collect();
    let mut audio = input.clone();
    let mut worst = 0.0f64;
    for (block, before) in audio.chunks_mut(16).zip(input.chunks(16)) {
        unit.process(&mut [&mut *block], &[]).unwrap();
        let mut course = [0.0; 16];
        let known = unit.trace(CompressorReadings::GAIN_REDUCTION_DB, &mut course);
        assert_eq!(known, 16);
        for ((y, x), reduction_db) in block.iter().zip(before).zip(course) {
            worst = worst.max((decibels(x / y) - reduction_db).abs());
        }
    }
    measured(
        "Compressor",
        "reduction at each frame against output to input",
        Bound::AtMost(1e-6),
        worst,
        "dB",
        "theory",
    );
}

#[test]
fn a_line_that_meets_a_step_never_lifts() {
    let params = CompressorParams { attack_ms: 0.0, release_ms: 1.0, ..hard(-40.0, 1.0) };
    let mut unit = unit(1, CompressorConfig::default(), params);
    let mut audio: Vec<f64> = (0..4_000).map(|n| if n / 60 % 2 == 0 { 0.9 } else { -0.9 }).collect();
    unit.set(CompressorParams::RATIO, 1_000.0).unwrap();
    unit.glide(CompressorParams::THRESHOLD_DB, -80.0, 64).unwrap();
    unit.glide(CompressorParams::RATIO, 1.0, 16).unwrap();
    unit.process(&mut [&mut audio], &[]).unwrap();
    let highest = audio.iter().fold(0.0f64, |a, y| a.max(y.abs()));
    assert!(decibels(highest / 0.9) < 1e-6, "lifted by {} dB", decibels(highest / 0.9));
}
