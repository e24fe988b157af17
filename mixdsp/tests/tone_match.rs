//! Tone match finds back what an equalizer did to pink noise, as bands and as taps.
#![cfg(feature = "fft")]

mod common;

use common::spectrum::fft;
use common::{Bound, Random, measured};
use mixdsp::engine::kind::ResponseAt;
use mixdsp::host::{Tone, ToneMatch, ToneMeter, ToneOptions};
use mixdsp::{
    Band, Equalizer, EqualizerConfig, EqualizerParams, Error, Fir, Layout, LoudnessConfig, LoudnessMeter,
    LoudnessReadings, Processor, Spec,
};
use num_complex::Complex;

const RATE: f64 = 48_000.0;
const FRAMES: usize = 480_000;

fn pink(seed: u64, level: f64) -> Vec<f64> {
    Random::new(seed).pink(FRAMES).into_iter().map(|sample| level * sample).collect()
}

fn equalized(audio: &[f64], bands: &[Band]) -> Vec<f64> {
    let config = EqualizerConfig::bands(bands.len().max(1) as u32);
    let mut unit = Equalizer::<f64>::new(Spec::new(RATE, 1), config, EqualizerParams { bands }).unwrap();
    let mut audio = audio.to_vec();
    unit.process(&mut [&mut audio], &[]).unwrap();
    audio
}

fn tone(audio: &[f64]) -> Tone {
    let mut meter = ToneMeter::new(RATE, 1).unwrap();
    meter.measure(&[audio]).unwrap();
    meter.tone().expect("it is loud enough")
}

/// Levels in decibels of the third-octave bands from 40 Hz to 16 kHz.
fn third_octaves(audio: &[f64]) -> Vec<f64> {
    let length = audio.len().next_power_of_two();
    let samples = audio.iter().map(|x| Complex::from(*x)).chain(std::iter::repeat(Complex::ZERO));
    let mut bins: Vec<_> = samples.take(length).collect();
    fft(&mut bins);
    let bin = |f: f64| (f / RATE * length as f64) as usize;
    let centres = (-14..=12).map(|k| 1_000.0 * 2f64.powf(k as f64 / 3.0));
    let level = |f: f64| {
        let band = bin(f * 2f64.powf(-1.0 / 6.0))..bin(f * 2f64.powf(1.0 / 6.0));
        10.0 * bins[band].iter().map(|bin| bin.norm_sqr()).sum::<f64>().log10()
    };
    centres.map(level).collect()
}

/// Root mean square and largest distance of two sets of levels, beside their mean: tone is no loudness.
fn distance(a: &[f64], b: &[f64]) -> (f64, f64) {
    let count = a.len() as f64;
    let mean = a.iter().zip(b).map(|(a, b)| a - b).sum::<f64>() / count;
    let rest: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b - mean).collect();
    let rms = (rest.iter().map(|x| x * x).sum::<f64>() / count).sqrt();
    (rms, rest.iter().fold(0.0, |worst: f64, x| worst.max(x.abs())))
}

/// Six bands as someone might have mixed.
fn known() -> [[Band; 6]; 3] {
    [
        [
            Band::low_shelf(90.0, 4.0, 0.7),
            Band::bell(160.0, -3.0, 1.2),
            Band::bell(420.0, 3.5, 1.0),
            Band::bell(1_300.0, -5.0, 1.5),
            Band::bell(3_800.0, 4.0, 1.0),
            Band::high_shelf(8_000.0, -4.0, 0.7),
        ],
        [
            Band::bell(63.0, 5.0, 1.0),
            Band::bell(250.0, -6.0, 2.0),
            Band::bell(800.0, 4.0, 1.4),
            Band::bell(2_000.0, -4.0, 2.0),
            Band::bell(5_000.0, 6.0, 1.4),
            Band::bell(12_000.0, -5.0, 1.0),
        ],
        [
            Band::low_shelf(120.0, -5.0, 0.7),
            Band::bell(300.0, 4.0, 0.8),
            Band::bell(700.0, -4.0, 1.0),
            Band::bell(1_800.0, 3.0, 0.7),
            Band::bell(6_000.0, -6.0, 1.2),
            Band::high_shelf(10_000.0, 5.0, 0.7),
        ],
    ]
}

#[test]
fn a_known_equalizer_is_found_back() {
    let reference = pink(1, 1.0);
    let wanted = third_octaves(&reference);
    let (mut cascade, mut filter, mut untouched) = ((0.0f64, 0.0f64), (0.0f64, 0.0f64), 0.0f64);
    for bands in known() {
        let target = equalized(&reference, &bands);
        untouched = untouched.max(distance(&third_octaves(&target), &wanted).1);
        let found = ToneMatch::new(&tone(&target), &tone(&reference), &ToneOptions::lifted()).unwrap();
        let fitted = found.bands(10);
        let (rms, worst) = distance(&third_octaves(&equalized(&target, &fitted)), &wanted);
        println!("{} bands: {rms:.3} dB rms, {worst:.3} dB worst", fitted.len());
        cascade = (cascade.0.max(rms), cascade.1.max(worst));
        let mut unit = Fir::<f64>::with_taps(Spec::new(RATE, 1), &found.taps(RATE, 8_192).unwrap()).unwrap();
        assert_eq!(unit.latency(), 0);
        let mut audio = target.clone();
        unit.process(&mut [&mut audio], &[]).unwrap();
        let (rms, worst) = distance(&third_octaves(&audio), &wanted);
        println!("taps: {rms:.3} dB rms, {worst:.3} dB worst");
        filter = (filter.0.max(rms), filter.1.max(worst));
    }
    assert!(untouched > 4.0, "there is something to match: {untouched} dB");
    let oracle = "Fourier transform of 10 s";
    for (name, (rms, worst)) in [("10 bands", cascade), ("8192 taps", filter)] {
        let asked = format!("tone match: third octaves 40 Hz to 16 kHz after 3 known 6-band EQs, {name}");
        measured("tone_match", &format!("{asked}: rms"), Bound::AtMost(0.5), rms, "dB", oracle);
        measured("tone_match", &format!("{asked}: worst"), Bound::AtMost(1.0), worst, "dB", oracle);
    }
}

#[test]
fn another_recording_serves_as_reference() {
    // Not the same noise: what is left is mostly what 10 s of noise leave open at low frequencies.
    let (reference, other) = (pink(1, 1.0), pink(2, 0.5));
    let wanted = third_octaves(&reference);
    let target = equalized(&other, &known()[0]);
    let found = ToneMatch::new(&tone(&target), &tone(&reference), &ToneOptions::lifted()).unwrap();
    let (rms, worst) = distance(&third_octaves(&equalized(&target, &found.bands(10))), &wanted);
    let asked = "tone match: the same against 10 s of other pink noise, 10 bands";
    measured(
        "tone_match",
        &format!("{asked}: rms"),
        Bound::AtMost(0.5),
        rms,
        "dB",
        "Fourier transform of 10 s",
    );
    measured(
        "tone_match",
        &format!("{asked}: worst"),
        Bound::AtMost(1.0),
        worst,
        "dB",
        "Fourier transform of 10 s",
    );
}

#[test]
fn a_tone_matches_itself_and_half_is_half() {
    let reference = pink(3, 1.0);
    let same = ToneMatch::new(&tone(&reference), &tone(&reference), &ToneOptions::lifted()).unwrap();
    let points: Vec<f64> = (0..200).map(|i| 20.0 * 1_000f64.powf(i as f64 / 199.0)).collect();
    let worst = points.iter().map(|f| same.curve_db(*f).abs()).fold(0.0, f64::max);
    let asked = "tone match: curve between a tone and itself, 20 Hz to 20 kHz";
    measured("tone_match", asked, Bound::AtMost(0.05), worst, "dB", "theory");
    assert!(same.bands(10).is_empty());

    let target = tone(&equalized(&reference, &known()[1]));
    let curve = |amount| {
        let options = ToneOptions { amount, ..ToneOptions::lifted() };
        ToneMatch::new(&target, &tone(&reference), &options).unwrap()
    };
    let (whole, half, none) = (curve(1.0), curve(0.5), curve(0.0));
    let shape = |it: &ToneMatch, f: f64| it.curve_db(f) - it.curve_db(1_000.0);
    let off = |f: &f64| (shape(&half, *f) - 0.5 * shape(&whole, *f)).abs().max(none.curve_db(*f).abs());
    let worst = points.iter().map(off).fold(0.0, f64::max);
    let asked = "tone match: amount of a half and of nothing against the whole curve";
    measured("tone_match", asked, Bound::AtMost(1e-9), worst, "dB", "theory");

    let refused = ToneOptions { amount: 1.5, ..ToneOptions::lifted() };
    let error = ToneMatch::new(&target, &target, &refused).unwrap_err();
    assert!(matches!(error, Error::Range { key: "amount", .. }), "{error}");
}

#[test]
fn curves_stay_within_their_limits() {
    let reference = pink(4, 1.0);
    let bands =
        [Band::bell(40.0, 20.0, 1.0), Band::bell(1_000.0, -24.0, 1.0), Band::high_shelf(15_000.0, 20.0, 0.7)];
    let target = equalized(&reference, &bands);
    let at = |point: usize| 20.0 * 1_000f64.powf(point as f64 / 119.0);
    let curve = |options: &ToneOptions| -> Vec<f64> {
        let found = ToneMatch::new(&tone(&target), &tone(&reference), options).unwrap();
        (0..120).map(|point| found.curve_db(at(point))).collect()
    };
    let highest = |curve: &[f64]| curve.iter().fold(f64::MIN, |most, db| most.max(*db));
    let span = |curve: &[f64]| highest(curve) + highest(&curve.iter().map(|db| -db).collect::<Vec<_>>());
    let steepest = |curve: &[f64]| {
        let octaves = (at(1) / at(0)).log2();
        curve.windows(2).map(|pair| (pair[1] - pair[0]).abs() / octaves).fold(0.0, f64::max)
    };
    // Without a tilt the whole curve lies within 6 dB of one level.
    let level = curve(&ToneOptions { tilt_limit_db: 0.0, ..ToneOptions::default() });
    let asked = "tone match: from lowest to highest point, 6 dB allowed either way";
    measured("tone_match", asked, Bound::AtMost(12.0), span(&level), "dB", "theory");
    let careful = curve(&ToneOptions::default());
    let asked = "tone match: steepest flank, 18 dB per octave allowed";
    measured("tone_match", asked, Bound::AtMost(18.01), steepest(&careful), "dB per octave", "theory");
    assert!(steepest(&curve(&ToneOptions::lifted())) > 20.0, "what is limited would have been steeper");
}

#[test]
fn what_is_quiet_does_not_count_and_no_cut_matters() {
    let loud = pink(5, 1.0);
    let mut with_silence = loud.clone();
    with_silence.extend(vec![0.0; 2 * FRAMES]);
    let alone = tone(&with_silence);
    // The same with as much of something else, 40 dB lower, and silence.
    let mut long = loud.clone();
    long.extend(equalized(&pink(6, 0.01), &[Band::bell(2_000.0, 20.0, 0.5)]));
    long.extend(vec![0.0; FRAMES]);
    let mut meter = ToneMeter::new(RATE, 1).unwrap();
    let mut random = Random::new(8);
    let mut at = 0;
    while at < long.len() {
        let to = (at + random.below(9_000)).min(long.len());
        meter.measure(&[&long[at..to]]).unwrap();
        at = to;
    }
    let gated = meter.tone().unwrap();
    let points: Vec<f64> = (0..100).map(|i| 30.0 * 500f64.powf(i as f64 / 99.0)).collect();
    let worst = points.iter().map(|f| (gated.density_db(*f) - alone.density_db(*f)).abs());
    let asked = "tone match: what quiet parts change of a measured tone";
    measured(
        "tone_match",
        asked,
        Bound::AtMost(0.1),
        worst.fold(0.0, f64::max),
        "dB",
        "itself with silence instead",
    );
    let mut whole = ToneMeter::new(RATE, 1).unwrap();
    whole.measure(&[&long]).unwrap();
    assert!(whole.tone() == meter.tone());
    whole.restart();
    assert_eq!(whole.tone(), None);
    whole.measure(&[&vec![0.0; FRAMES]]).unwrap();
    assert_eq!(whole.tone(), None);
}

#[test]
fn loudness_stays() {
    let reference = pink(7, 1.0);
    let target = equalized(&reference, &known()[2]);
    let found = ToneMatch::new(&tone(&target), &tone(&reference), &ToneOptions::lifted()).unwrap();
    let loudness = |audio: &[f64]| {
        let config = LoudnessConfig { layout: Layout::Mono, ..LoudnessConfig::default() };
        let mut meter = LoudnessMeter::<f64>::new(Spec::new(RATE, 1), config, ()).unwrap();
        meter.measure(&[audio]).unwrap();
        meter.get(LoudnessReadings::INTEGRATED).unwrap()
    };
    let mut audio = target.clone();
    let mut unit = Fir::<f64>::with_taps(Spec::new(RATE, 1), &found.taps(RATE, 8_192).unwrap()).unwrap();
    unit.process(&mut [&mut audio], &[]).unwrap();
    let change = loudness(&audio) - loudness(&target);
    let asked = "tone match: change of integrated loudness, 8192 taps";
    measured("tone_match", asked, Bound::Within(0.0, 0.1), change, "LU", "BS.1770 meter");
    // The filter is the curve.
    let points = (0..100).map(|i| 30.0 * 500f64.powf(i as f64 / 99.0));
    let off = |f: f64| {
        let response = unit.response(f, ResponseAt::Settled).unwrap().norm();
        (20.0 * response.log10() - found.curve_db(f)).abs()
    };
    let asked = "tone match: 8192 taps against the curve, 30 Hz to 15 kHz";
    measured(
        "tone_match",
        asked,
        Bound::AtMost(0.1),
        points.map(off).fold(0.0, f64::max),
        "dB",
        "a Fourier sum",
    );
}
