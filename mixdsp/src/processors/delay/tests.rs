//! What a user hears, against theory.

use crate::Processor;
use crate::base::error::Error;
use crate::dsp::note::NoteValue;
use crate::params::Settings;
use crate::processors::delay::params::TimeChange;
use crate::processors::delay::*;
use alloc::vec;
use alloc::vec::Vec;
use core::f64::consts::{PI, TAU};

const RATE: f64 = 48_000.0;

type Delay64 = Delay<f64, Vec<u64>>;

fn build<T: Sample>(
    spec: Spec,
    maximum_seconds: f64,
    settings: impl Settings,
) -> Result<Delay<T, Vec<u64>>, Error> {
    let config = DelayConfig { maximum_seconds };
    Delay::new_in(spec, config, settings, vec![0; Delay::<T>::memory(&spec, &config)])
}

fn mono(params: DelayParams) -> Delay64 {
    build(Spec::new(RATE, 1), 2.0, params).unwrap()
}

/// The echoes alone: no dry sound, no feedback.
fn line(time_ms: f64) -> DelayParams {
    DelayParams { time_ms, feedback: 0.0, mix: 1.0, ..Default::default() }
}

fn run<T: Sample>(delay: &mut Delay<T, Vec<u64>>, mut audio: Vec<T>) -> Vec<T> {
    delay.process(&mut [&mut audio], &[]).unwrap();
    audio
}

fn impulse(frames: usize) -> Vec<f64> {
    let mut audio = vec![0.0; frames];
    audio[0] = 1.0;
    audio
}

/// A sine that comes in within 50 ms.
fn sine(frequency_hz: f64, frames: usize) -> Vec<f64> {
    let level = |n: usize| {
        let u = (n as f64 / 2_400.0).min(1.0);
        u * u * u * (10.0 + u * (6.0 * u - 15.0))
    };
    (0..frames).map(|n| level(n) * libm::sin(TAU * frequency_hz * n as f64 / RATE)).collect()
}

fn noise(seed: &mut u32) -> f64 {
    *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    (*seed >> 8) as f64 / (1 << 23) as f64 - 1.0
}

fn decibels(factor: f64) -> f64 {
    crate::base::units::gain_to_decibels(factor)
}

fn peak(audio: &[f64]) -> f64 {
    audio.iter().fold(0.0, |peak, x| x.abs().max(peak))
}

/// Spectrum of some samples at one frequency.
fn spectrum(audio: &[f64], frequency_hz: f64, rate: f64) -> Complex<f64> {
    let turn = -TAU * frequency_hz / rate;
    audio.iter().enumerate().map(|(n, x)| Complex::from_polar(*x, turn * n as f64)).sum()
}

/// What is left above 2 kHz beside a sine of at most 1 kHz: its largest sample in dB, by a linear-phase
/// high-pass that takes 170 dB away from 1 kHz.
fn above_2_khz(audio: &[f64]) -> f64 {
    const HALF: i32 = 400;
    let bessel = |z: f64| {
        let terms = (1..80).scan(1.0, |term, k| {
            *term *= z * z / (4 * k * k) as f64;
            Some(*term)
        });
        1.0 + terms.sum::<f64>()
    };
    let corner = 2.0 * 1_900.0 / RATE;
    let taps: Vec<f64> = (-HALF..=HALF)
        .map(|k| {
            let (k, x) = (k as f64, k as f64 / HALF as f64);
            let window = bessel(18.0 * libm::sqrt(1.0 - x * x)) / bessel(18.0);
            let low = if k == 0.0 { corner } else { libm::sin(PI * corner * k) / (PI * k) };
            (if k == 0.0 { 1.0 } else { 0.0 }) - low * window
        })
        .collect();
    let filtered = audio.windows(taps.len()).map(|part| part.iter().zip(&taps).map(|(x, h)| x * h).sum());
    decibels(filtered.fold(0.0, |peak: f64, x: f64| peak.max(x.abs())))
}

#[test]
fn an_impulse_repeats_at_exact_frames() {
    let params = DelayParams { time_ms: 10.0, feedback: 0.5, mix: 0.25, ..Default::default() };
    let heard = run(&mut mono(params), impulse(3_000));
    for (n, y) in heard.iter().enumerate() {
        let expected = match n {
            0 => 0.75,
            _ if n % 480 == 0 => 0.25 * libm::pow(0.5, (n / 480 - 1) as f64),
            _ => 0.0,
        };
        assert_eq!(*y, expected, "frame {n}");
    }
}

#[test]
fn whole_times_are_exact_to_the_bit() {
    let mut seed = 1;
    for (time_ms, frames) in [(1.0, 48), (333.0, 15_984), (1_000.0 / 3.0, 16_000), (2_000.0, 96_000)] {
        let audio: Vec<f64> = (0..100_000).map(|_| noise(&mut seed)).collect();
        let heard = run(&mut mono(line(time_ms)), audio.clone());
        assert!(heard[..frames].iter().all(|y| *y == 0.0) && heard[frames..] == audio[..100_000 - frames]);
    }
}

/// Worst error of the echo's spectrum against an ideal delay, up to a frequency, over fractions of a frame.
fn fraction_error<T: Sample>(rate: f64, up_to_hz: f64) -> f64 {
    let mut worst: f64 = 0.0;
    for step in 1..40 {
        let frames = 50.0 + step as f64 / 40.0 + 0.003;
        let mut unit = build::<T>(Spec::new(rate, 1), 2.0, line(frames * 1000.0 / rate)).unwrap();
        let input = impulse(128).iter().map(|x| T::from_f64(*x)).collect();
        let heard: Vec<f64> = run(&mut unit, input).iter().map(|y| y.to_f64()).collect();
        for part in 0..=60 {
            let frequency = up_to_hz * part as f64 / 60.0;
            let ideal = Complex::from_polar(1.0, -TAU * frequency / rate * frames);
            worst = worst.max((spectrum(&heard, frequency, rate) - ideal).norm());
        }
    }
    decibels(worst)
}

#[test]
fn fractions_are_right_to_15_khz() {
    let measured = fraction_error::<f64>(48_000.0, 15_000.0);
    let single = fraction_error::<f32>(48_000.0, 15_000.0);
    let at_44 = fraction_error::<f64>(44_100.0, 15_000.0);
    std::println!(
        "DL1: error to 15 kHz {measured:.1} dB at 48 kHz, in f32 {single:.1} dB, at 44.1 kHz {at_44:.1} dB"
    );
    assert!(measured <= -95.0 && single <= -95.0, "{measured} dB, {single} dB");
}

#[test]
fn each_echo_has_gone_through_the_filters_once_more() {
    let (low, high, feedback) = (150.0, 3_500.0, 0.8);
    let params = DelayParams { feedback, low_cut: true, high_cut: true, ..line(100.0) };
    let heard = run(&mut mono(params), impulse(4 * 4_800 + 1));
    let tangent = |hz: f64| libm::tan(PI * hz / RATE);
    let mut worst: f64 = 0.0;
    for n in 1..=4 {
        let echo = &heard[n * 4_800..((n + 1) * 4_800).min(heard.len())];
        for hz in [30.0, 60.0, 150.0, 400.0, 1_000.0, 3_500.0, 8_000.0, 15_000.0] {
            if n == 4 {
                continue;
            }
            // Butterworth magnitudes on the warped axis of the bilinear transform
            let x = libm::pow(tangent(hz) / tangent(high), 4.0);
            let y = libm::pow(tangent(low) / tangent(hz), 4.0);
            let once = feedback / libm::sqrt((1.0 + x) * (1.0 + y));
            let expected = libm::pow(once, (n - 1) as f64);
            let measured = spectrum(echo, hz, RATE).norm();
            worst = worst.max((decibels(measured) - decibels(expected)).abs());
        }
    }
    std::println!("spectra of repeats 1 to 3: within {worst:.4} dB");
    assert!(worst < 0.1, "{worst} dB");
}

#[test]
fn a_new_time_comes_without_a_click() {
    let mut worst = f64::NEG_INFINITY;
    // 333 ms are whole periods of 1 kHz; 333.5 ms is upside down
    for (to, feedback) in [(333.0, 0.0), (333.0, 0.7), (333.5, 0.0), (333.27, 0.7)] {
        let mut unit = mono(DelayParams { feedback, ..line(500.0) });
        let audio = sine(1_000.0, 64_000);
        let mut heard = run(&mut unit, audio[..60_000].to_vec());
        unit.set(DelayParams::TIME_MS, to).unwrap();
        heard.extend(run(&mut unit, audio[60_000..].to_vec()));
        worst = worst.max(above_2_khz(&heard[59_000..63_000]));
        if feedback == 0.0 {
            let whole = run(&mut mono(line(to)), audio);
            assert!(heard[60_960..] == whole[60_960..], "there after 20 ms");
        }
    }
    std::println!("time change on 1 kHz: {worst:.1} dB");
    assert!(worst <= -80.0, "{worst} dB");
}

#[test]
fn other_changes_come_without_a_click() {
    use DelayParams as P;
    for (id, value) in [
        (P::FEEDBACK, 0.15),
        (P::MIX, 0.2),
        (P::PING_PONG, 1.0),
        (P::LOW_CUT, 1.0),
        (P::HIGH_CUT, 1.0),
        (P::FREEZE, 1.0),
    ] {
        let params = P { feedback: 0.6, time_ms: 10.25, mix: 0.8, high_cut_hz: 300.0, ..Default::default() };
        let mut unit = build::<f64>(Spec::new(RATE, 2), 2.0, params).unwrap();
        let (mut left, mut right) = (sine(200.0, 24_000), sine(200.0, 24_000));
        right.iter_mut().for_each(|x| *x *= 0.5);
        unit.process(&mut [&mut left[..20_000], &mut right[..20_000]], &[]).unwrap();
        unit.set(id, value).unwrap();
        unit.process(&mut [&mut left[20_000..], &mut right[20_000..]], &[]).unwrap();
        let click = above_2_khz(&left[19_000..23_000]).max(above_2_khz(&right[19_000..23_000]));
        std::println!("parameter {}: {click:.1} dB", id.number());
        assert!(click < -120.0, "{id:?}: {click} dB");
    }
}

#[test]
fn a_set_during_a_crossfade_goes_to_the_latest_afterwards() {
    let mut unit = mono(line(100.0));
    run(&mut unit, vec![0.0; 6_000]);
    unit.set(DelayParams::TIME_MS, 20.0).unwrap();
    run(&mut unit, vec![0.0; 100]);
    unit.set(DelayParams::TIME_MS, 30.0).unwrap();
    unit.set(DelayParams::TIME_MS, 40.0).unwrap();
    let constant = run(&mut unit, vec![1.0; 860]);
    // the first fade ends where it would have, the second takes 20 ms more
    assert!(constant.iter().all(|y| *y == 0.0), "20 ms of delay have not passed");
    let heard = run(&mut unit, impulse(3_000));
    assert_eq!(unit.tail(), Some(40 * 48 + 16));
    assert_eq!(heard[40 * 48], 1.0);
}

#[test]
fn a_glide_moves_the_pitch_and_lands_exactly() {
    // 100 ms to 200 ms in 1 s: 0.1 frames per frame
    let mut unit = mono(line(100.0));
    let audio = sine(5_000.0, 72_000);
    let mut heard = run(&mut unit, audio[..12_000].to_vec());
    unit.glide(DelayParams::TIME_MS, 200.0, 48_000).unwrap();
    heard.extend(run(&mut unit, audio[12_000..].to_vec()));
    let mut worst: f64 = 0.0;
    for n in 12_000..60_000 {
        let delay = 4_800.0 + 0.1 * (n - 12_000) as f64;
        let expected = libm::sin(TAU * 5_000.0 * (n as f64 - delay) / RATE);
        worst = worst.max((heard[n] - expected).abs());
    }
    // the pitch from the zeros that rise
    let zeros: Vec<f64> = (12_100..59_900)
        .filter(|n| heard[*n] < 0.0 && heard[n + 1] >= 0.0)
        .map(|n| n as f64 + heard[n] / (heard[n] - heard[n + 1]))
        .collect();
    let period = (zeros[zeros.len() - 1] - zeros[0]) / (zeros.len() - 1) as f64;
    let ratio = RATE / period / 5_000.0;
    std::println!("glide: pitch ratio {ratio:.7}, error of a 5 kHz sine {:.1} dB", decibels(worst));
    assert!((ratio - 0.9).abs() < 1e-6, "{ratio}");
    assert!(decibels(worst) <= -90.0, "{} dB", decibels(worst));
    assert!(heard[60_000..] == audio[60_000 - 9_600..72_000 - 9_600], "landed to the bit");
    assert_eq!(unit.get(DelayReadings::DELAY_MS), Some(200.0));
}

#[test]
fn a_set_ends_a_glide_without_a_click() {
    let mut unit = mono(line(300.0));
    let audio = sine(1_000.0, 80_000);
    let mut heard = run(&mut unit, audio[..40_000].to_vec());
    unit.glide(DelayParams::TIME_MS, 200.0, 40_000).unwrap();
    heard.extend(run(&mut unit, audio[40_000..50_005].to_vec()));
    unit.set(DelayParams::TIME_MS, 250.3).unwrap();
    heard.extend(run(&mut unit, audio[50_005..].to_vec()));
    let click = above_2_khz(&heard[49_000..54_000]);
    std::println!("set during a glide: {click:.1} dB");
    assert!(click <= -80.0, "{click} dB");
    assert!((unit.get(DelayReadings::DELAY_MS).unwrap() - 250.3).abs() < 1e-9);
}

#[test]
fn a_head_left_in_motion_stays_within_the_line() {
    // towards either end of a line of 96 frames, set during the crossfade that began before
    for (to, at_last) in [(2.0, 1.2), (1.0, 1.8)] {
        let mut unit = build::<f64>(Spec::new(RATE, 1), 0.002, line(1.7)).unwrap();
        let mut heard = run(&mut unit, vec![1.0; 500]);
        unit.set(DelayParams::TIME_MS, 1.5).unwrap();
        heard.extend(run(&mut unit, vec![1.0; 10]));
        unit.glide(DelayParams::TIME_MS, to, 60).unwrap();
        heard.extend(run(&mut unit, vec![1.0; 20]));
        unit.set(DelayParams::TIME_MS, at_last).unwrap();
        heard.extend(run(&mut unit, vec![1.0; 3_000]));
        assert!(heard[200..].iter().all(|y| (y - 1.0).abs() < 1e-4), "a constant stays one");
        assert_eq!(unit.get(DelayReadings::DELAY_MS), Some(at_last));
    }
}

#[test]
fn ping_pong_goes_left_right_left() {
    let params =
        DelayParams { time_ms: 10.0, feedback: 0.5, mix: 1.0, ping_pong: true, ..Default::default() };
    let mut unit = build::<f64>(Spec::new(RATE, 2), 2.0, params).unwrap();
    let (mut left, mut right) = (impulse(2_000), vec![0.0; 2_000]);
    right[0] = 0.5;
    unit.process(&mut [&mut left, &mut right], &[]).unwrap();
    // the middle of 1 and 0.5
    for n in 1..4 {
        let level = 0.75 * libm::pow(0.5, (n - 1) as f64);
        let (here, there) =
            if n % 2 == 1 { (left[480 * n], right[480 * n]) } else { (right[480 * n], left[480 * n]) };
        assert_eq!((here, there), (level, 0.0), "echo {n}");
    }
    // with one channel there is no other side
    let error = build::<f64>(Spec::new(RATE, 1), 2.0, params).unwrap_err();
    assert_eq!(
        error,
        Error::Range {
            key: "ping_pong",
            item: None,
            value: 1.0,
            minimum: 0.0,
            maximum: 0.0,
            unit: "",
            choices: &[]
        }
    );
}

#[test]
fn note_values_set_the_time() {
    let params = DelayParams { sync: NoteValue::EighthDotted, tempo_bpm: 125.0, ..line(500.0) };
    let mut unit = mono(params);
    let heard = run(&mut unit, impulse(30_000));
    assert_eq!(heard.iter().position(|y| *y == 1.0), Some(17_280), "360 ms");
    assert_eq!(unit.get(DelayReadings::DELAY_MS), Some(360.0));
    unit.set(DelayParams::TIME_MS, 10.0).unwrap();
    assert_eq!(unit.get(DelayReadings::DELAY_MS), Some(360.0), "time_ms waits while sync is on");
    // a tempo that glides moves the time with it; a whole note too long for 2 s is halved
    unit.glide(DelayParams::TEMPO_BPM, 100.0, 4_800).unwrap();
    run(&mut unit, vec![0.0; 4_800]);
    assert_eq!(unit.get(DelayReadings::DELAY_MS), Some(450.0));
    unit.set(DelayParams::SYNC, 19.0).unwrap();
    assert_eq!(unit.get(DelayReadings::DELAY_MS), Some(1_200.0), "half of a whole note at 100 bpm");
    unit.set(DelayParams::SYNC, 0.0).unwrap();
    assert_eq!(unit.get(DelayReadings::DELAY_MS), Some(10.0));
}

#[test]
fn freeze_repeats_to_the_bit() {
    // 50.3 frames: held as 50
    let params = DelayParams { feedback: 0.9, low_cut: true, high_cut: true, ..line(50.3 / 48.0) };
    let mut unit = mono(params);
    let mut seed = 5;
    run(&mut unit, (0..5_000).map(|_| noise(&mut seed)).collect());
    unit.set(DelayParams::FREEZE, 1.0).unwrap();
    assert_eq!(unit.tail(), None);
    run(&mut unit, (0..960).map(|_| noise(&mut seed)).collect());
    let heard = run(&mut unit, (0..50_000).map(|_| noise(&mut seed)).collect());
    assert!(peak(&heard) > 0.1);
    assert!(heard[50..] == heard[..49_950]);
    unit.set(DelayParams::FREEZE, 0.0).unwrap();
    let tail = unit.tail().unwrap();
    let after = run(&mut unit, vec![0.0; 7 * tail]);
    assert!(peak(&after[..tail]) > 0.01 && peak(&after[tail..]) < 1e-6 * peak(&heard));
    assert_eq!(peak(&after[6 * tail..]), 0.0);
}

#[test]
fn a_loop_never_grows() {
    // 60 s at the highest feedback, with filters, at a fraction of a frame
    let rate = 8_000.0;
    for (low_cut, high_cut) in [(false, false), (true, true)] {
        let params = DelayParams {
            feedback: 0.999,
            low_cut,
            low_cut_hz: 20.0,
            high_cut,
            high_cut_hz: 3_900.0,
            ..line(50.06)
        };
        let mut unit = build::<f32>(Spec::new(rate, 1), 0.1, params).unwrap();
        let mut seed = 3;
        run(&mut unit, (0..8_000).map(|_| noise(&mut seed) as f32).collect());
        // 20 rounds per second
        let mut before = f64::INFINITY;
        for round in 0..60 {
            let heard = run(&mut unit, vec![0.0; 8_000]);
            let power: f64 = heard.iter().map(|y| (*y as f64) * (*y as f64)).sum();
            assert!(power <= before, "second {round}: {power} after {before}");
            before = power;
        }
        assert!(before > 0.0);
    }
}

#[test]
fn a_time_longer_than_the_line_is_refused() {
    let spec = Spec::new(RATE, 1);
    let mut unit = build::<f64>(spec, 0.25, DelayParams { time_ms: 250.0, ..Default::default() }).unwrap();
    let error = Error::Range {
        key: "time_ms",
        item: None,
        value: 250.1,
        minimum: 1.0,
        maximum: 250.0,
        unit: "ms",
        choices: &[],
    };
    assert_eq!(unit.set(DelayParams::TIME_MS, 250.1).unwrap_err(), error);
    assert_eq!(unit.get(DelayParams::TIME_MS), Some(250.0));
    let long = DelayParams { time_ms: 250.1, ..Default::default() };
    assert_eq!(build::<f64>(spec, 0.25, long).unwrap_err(), error);
    // the default is what fits
    let unit = build::<f64>(spec, 0.25, ()).unwrap();
    assert_eq!(unit.get(DelayParams::TIME_MS), Some(250.0));
    // 16 frames are 2 ms at 8 kHz
    let slow = build::<f64>(Spec::new(8_000.0, 1), 0.001, ()).unwrap();
    assert_eq!(slow.get(DelayParams::TIME_MS), Some(2.0));
}

#[test]
fn the_shortest_line_takes_every_time_it_allows() {
    // 47.9999995 and 48.6 frames: the whole number above is within reach
    for longest in [16.0, 47.999_999_5, 48.6] {
        let maximum_seconds = (longest / RATE).max(0.001);
        let mut unit = build::<f64>(Spec::new(RATE, 1), maximum_seconds, ()).unwrap();
        unit.set(DelayParams::MIX, 1.0).unwrap();
        unit.set(DelayParams::TIME_MS, 1000.0 * maximum_seconds).unwrap();
        run(&mut unit, vec![1.0; 3_000]);
        unit.glide(DelayParams::TIME_MS, 1.0, 500).unwrap();
        run(&mut unit, vec![1.0; 700]);
        unit.set(DelayParams::TIME_MS, 1000.0 * maximum_seconds).unwrap();
        run(&mut unit, vec![1.0; 3_000]);
        unit.set(DelayParams::FREEZE, 1.0).unwrap();
        let held = run(&mut unit, vec![0.0; 5_000]);
        let period = libm::round(maximum_seconds * RATE) as usize;
        assert!(peak(&held) > 0.1 && held[2_000 + period..] == held[2_000..5_000 - period]);
    }
}

#[test]
fn the_response_is_what_runs() {
    let params = DelayParams {
        feedback: 0.6,
        mix: 0.4,
        low_cut: true,
        high_cut: true,
        time_ms: 3.337,
        ..Default::default()
    };
    let mut unit = mono(params);
    let heard = run(&mut unit, impulse(40_000));
    let mut worst: f64 = 0.0;
    for hz in [0.0, 40.0, 333.0, 1_000.0, 7_777.0, 16_000.0, 23_000.0] {
        let reported = unit.response(hz, ResponseAt::Settled).unwrap();
        worst = worst.max((spectrum(&heard, hz, RATE) - reported).norm());
        assert_eq!(unit.response(hz, ResponseAt::Now).unwrap(), reported);
    }
    assert!(worst < 1e-9, "{worst}");
}

/// A unit, and a script of changes that leaves nothing out, in blocks of `cut` frames.
fn scripted<T: Sample>(maximum_seconds: f64, cut: usize) -> Vec<T> {
    use DelayParams as P;
    let mut unit = build::<T>(Spec::new(RATE, 2), maximum_seconds, ()).unwrap();
    let time_ms = |time_ms: f64| time_ms.min(1000.0 * maximum_seconds);
    let (mut seed, mut sound) = (7u32, 9u32);
    let mut all = Vec::new();
    for _ in 0..120 {
        let mut pick = |range: f64| (0.5 + 0.5 * noise(&mut seed)) * range;
        match pick(13.0) as u32 {
            0 => unit.set(P::TIME_MS, time_ms(1.0 + pick(3.0))).unwrap(),
            1 => unit.set(P::TIME_MS, time_ms(1.0 + libm::floor(pick(200.0)))).unwrap(),
            2 => unit.glide(P::TIME_MS, time_ms(1.0 + pick(20.0)), pick(3_000.0) as usize).unwrap(),
            3 => unit.set(P::FEEDBACK, pick(0.999)).unwrap(),
            4 => unit.glide(P::FEEDBACK, pick(0.999), pick(500.0) as usize).unwrap(),
            5 => unit.set(P::MIX, pick(1.0)).unwrap(),
            6 => unit.set(P::PING_PONG, libm::round(pick(1.0))).unwrap(),
            7 => unit.set(P::LOW_CUT, libm::round(pick(1.0))).unwrap(),
            8 => unit.glide(P::HIGH_CUT_HZ, 200.0 + pick(19_000.0), pick(800.0) as usize).unwrap(),
            9 => unit.set(P::HIGH_CUT, libm::round(pick(1.0))).unwrap(),
            10 => unit.set(P::SYNC, libm::floor(pick(21.9))).unwrap(),
            11 => unit.glide(P::TEMPO_BPM, 60.0 + pick(200.0), pick(900.0) as usize).unwrap(),
            _ => unit.set(P::FREEZE, libm::floor(pick(1.2))).unwrap(),
        }
        let frames = pick(500.0) as usize;
        let mut left: Vec<T> = (0..frames).map(|_| T::from_f64(noise(&mut sound))).collect();
        let mut right: Vec<T> = (0..frames).map(|_| T::from_f64(noise(&mut sound))).collect();
        for (left, right) in left.chunks_mut(cut).zip(right.chunks_mut(cut)) {
            unit.process(&mut [left, right], &[]).unwrap();
        }
        all.extend(left);
        all.extend(right);
    }
    all
}

#[test]
fn cuts_do_not_change_a_bit() {
    for maximum_seconds in [0.001_7, 0.3] {
        let whole = scripted::<f32>(maximum_seconds, usize::MAX);
        assert!(whole.iter().all(|y| y.abs() < 100.0));
        for cut in [1, 37, 129] {
            assert!(scripted::<f32>(maximum_seconds, cut) == whole, "{maximum_seconds} s cut into {cut}");
        }
    }
    assert!(scripted::<f64>(0.3, 11) == scripted::<f64>(0.3, usize::MAX));
}

#[test]
fn silence_comes_in_time() {
    let mut seed = 11;
    let mut closest: f64 = 0.0;
    for case in 0..20 {
        let mut pick = |range: f64| (0.5 + 0.5 * noise(&mut seed)) * range;
        let rate = [8_000.0, 12_000.0][case % 2];
        let params = DelayParams {
            time_ms: 2.0 + pick(1.0) * pick(1.0) * 20.0,
            feedback: 1.0 - libm::pow(10.0, -pick(1.0)),
            mix: 0.05 + pick(0.95),
            low_cut: pick(1.0) < 0.5,
            low_cut_hz: 60.0 * libm::pow(10.0, pick(1.5)),
            high_cut: pick(1.0) < 0.5,
            high_cut_hz: 200.0 * libm::pow(10.0, pick(1.28)),
            ..Default::default()
        };
        let mut unit = build::<f64>(Spec::new(rate, 1), 0.1, params).unwrap();
        let tail = unit.tail().unwrap();
        let input: Vec<f64> = match case % 3 {
            0 => vec![1.0; 5_000],
            1 => (0..5_000).map(|n| 1.0 - 2.0 * (n % 2) as f64).collect(),
            _ => (0..5_000).map(|_| noise(&mut seed)).collect(),
        };
        let loudest = peak(&run(&mut unit, input));
        let heard = run(&mut unit, vec![0.0; 7 * tail]);
        let late = decibels(peak(&heard[tail..]) / loudest);
        assert!(late < -120.0, "{late} dB after {tail} frames: {params:?}");
        assert_eq!(peak(&heard[6 * tail..]), 0.0, "{params:?}");
        // how much longer than needed the bound is
        let needed = heard.iter().rposition(|y| y.abs() > 1e-6 * loudest).unwrap_or(0);
        closest = closest.max(needed as f64 / tail as f64);
    }
    std::println!("tails: at most {closest:.3} of the bound was needed");
}

/// Frequency of a sine by its zero crossings upward, the first and the last of them between frames.
fn frequency_of(audio: &[f64]) -> f64 {
    let crossings: Vec<f64> = (1..audio.len())
        .filter(|n| audio[n - 1] < 0.0 && audio[*n] >= 0.0)
        .map(|n| n as f64 - audio[n] / (audio[n] - audio[n - 1]))
        .collect();
    let [first, .., last] = crossings[..] else { return 0.0 };
    (crossings.len() - 1) as f64 / (last - first) * RATE
}

#[test]
fn a_glide_like_tape_has_the_pitch_of_the_formula() {
    // From 1 s to 0.5 s in 2 s: a quarter faster; and back in a second: half as fast.
    for (from, to, glide_ms) in [(1_000.0, 500.0, 2_000.0), (500.0, 1_000.0, 1_000.0)] {
        let params = DelayParams { time_change: TimeChange::Glide, glide_ms, ..line(from) };
        let mut delay = mono(params);
        run(&mut delay, sine(1_000.0, 96_000));
        delay.set(DelayParams::TIME_MS, to).unwrap();
        let input: Vec<f64> =
            (96_000..288_000).map(|n| libm::sin(TAU * 1_000.0 * f64::from(n) / RATE)).collect();
        let heard = run(&mut delay, input);
        let frames = (glide_ms * 48.0) as usize;
        let ratio = frequency_of(&heard[100..frames - 100]) / 1_000.0;
        let expected = 1.0 - (to - from) / glide_ms;
        let cents = 1_200.0 * libm::log2(ratio / expected);
        std::println!("{from} to {to} ms in {glide_ms}: ratio {ratio}, {cents:.4} cents off");
        assert!(cents.abs() < 1.0, "{cents} cents");
        let after = frequency_of(&heard[frames + 100..]);
        assert!((after - 1_000.0).abs() < 0.01, "{after}");
    }
}

#[test]
fn a_time_moved_by_hand_in_glide_mode_keeps_the_envelope() {
    // 300 to 330 ms in a second, by 50 sets: what a knob sends.
    let params = DelayParams { time_change: TimeChange::Glide, ..line(300.0) };
    let mut delay = mono(params);
    run(&mut delay, sine(1_000.0, 48_000));
    let mut heard = Vec::new();
    for step in 1..=100i32 {
        if step <= 50 {
            delay.set(DelayParams::TIME_MS, 300.0 + 0.6 * f64::from(step)).unwrap();
        }
        let from = 48_000 + (step - 1) * 960;
        let input = (from..from + 960).map(|n| libm::sin(TAU * 1_000.0 * f64::from(n) / RATE)).collect();
        heard.extend(run(&mut delay, input));
    }
    // Peaks of each period and a half.
    let peaks = heard.chunks_exact(72).map(|part| decibels(peak(part)));
    let dip = peaks.fold(0.0f64, |dip, level| dip.max(-level));
    std::println!("dip of the envelope: {dip:.4} dB");
    assert!(dip < 1.0, "{dip} dB");
    assert!((delay.get(DelayReadings::DELAY_MS).unwrap() - 330.0).abs() < 1e-6);
}
