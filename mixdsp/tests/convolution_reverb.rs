//! The convolution reverb: the direct convolution at once, however audio is cut; silent replacement; what happens to a
//! response on the way.
#![cfg(feature = "fft")]

mod common;

use common::{Bound, Random, measured};
use mixdsp::{
    Acoustics, Assets, ConvolutionReverb, ConvolutionReverbConfig, ConvolutionReverbParams, Processor,
    Sample, Spec, Sweep,
};

const WET: ConvolutionReverbParams = ConvolutionReverbParams { mix: 1.0 };
/// A response as it is.
const AS_IT_IS: ConvolutionReverbConfig =
    ConvolutionReverbConfig { trim: false, normalise: false, ..ConvolutionReverbConfig::DEFAULT };

fn decibels(ratio: f64) -> f64 {
    20.0 * ratio.log10()
}

/// Noise that decays by 60 dB within its length.
fn room(frames: usize, random: &mut Random) -> Vec<f64> {
    (0..frames).map(|n| 0.3 * random.noise() * 10f64.powf(-3.0 * n as f64 / frames as f64)).collect()
}

fn unit<T: Sample>(
    channels: usize,
    config: ConvolutionReverbConfig,
    response: &[Vec<f64>],
) -> ConvolutionReverb<T> {
    let channels_of: Vec<&[f64]> = response.iter().map(Vec::as_slice).collect();
    let spec = Spec::new(48_000.0, channels);
    ConvolutionReverb::new(spec, config, (WET, Assets(&[&channels_of]))).expect("a response in range")
}

/// The sum itself, at some frames, of some inputs through some responses.
fn direct(pairs: &[(&[f64], &[f64])], frame: usize) -> f64 {
    let one = |(input, taps): &(&[f64], &[f64])| {
        let count = taps.len().min(frame + 1);
        (0..count).map(|k| taps[k] * input[frame - k]).sum::<f64>()
    };
    pairs.iter().map(one).sum()
}

/// Lengths that end in and at the borders of every kind of partition.
const LENGTHS: [usize; 11] = [1, 63, 64, 65, 1_024, 1_025, 5_000, 8_192, 8_193, 12_289, 24_000];

fn worst_error<T: Sample>(kind: usize) -> f64 {
    let mut random = Random::new(7 + kind as u64);
    let mut worst = f64::NEG_INFINITY;
    for length in LENGTHS {
        let response: Vec<Vec<f64>> = (0..kind).map(|_| room(length, &mut random)).collect();
        let frames = length + 9_000;
        let input: Vec<Vec<f64>> =
            (0..2).map(|_| (0..frames).map(|_| T::from_f64(random.noise()).to_f64()).collect()).collect();
        let mut audio: Vec<Vec<T>> =
            input.iter().map(|channel| channel.iter().map(|x| T::from_f64(*x)).collect()).collect();
        let mut unit = unit::<T>(2, AS_IT_IS, &response);
        let [left, right] = &mut audio[..] else { unreachable!() };
        unit.process(&mut [left, right], &[]).expect("two channels");
        let (mut error, mut peak) = (0.0f64, 0.0f64);
        for frame in (0..frames).step_by(61).chain([frames - 1]) {
            for channel in 0..2 {
                let expected = match kind {
                    1 => direct(&[(&input[channel], &response[0])], frame),
                    2 => direct(&[(&input[channel], &response[channel])], frame),
                    _ => {
                        direct(&[(&input[0], &response[channel]), (&input[1], &response[2 + channel])], frame)
                    }
                };
                peak = peak.max(expected.abs());
                error = error.max((audio[channel][frame].to_f64() - expected).abs());
            }
        }
        worst = worst.max(decibels(error / peak));
    }
    worst
}

#[test]
fn it_is_the_direct_convolution() {
    for (kind, name) in [(1, "mono"), (2, "stereo"), (4, "true stereo")] {
        let requirement = format!("error against the direct sum, {name}, 1 to 24 000 frames, f32");
        let worst = worst_error::<f32>(kind);
        measured("convolution", &requirement, Bound::AtMost(-115.0), worst, "dB", "the sum in f64");
    }
    let worst = worst_error::<f64>(4);
    let requirement = "error against the direct sum, true stereo, 1 to 24 000 frames, f64";
    measured("convolution", requirement, Bound::AtMost(-270.0), worst, "dB", "the sum in f64");
}

/// An impulse comes out as the response, at once.
#[test]
fn an_impulse_becomes_the_response_without_latency() {
    let response = room(20_000, &mut Random::new(3));
    let mut unit = unit::<f32>(1, AS_IT_IS, std::slice::from_ref(&response));
    assert_eq!(unit.latency(), 0);
    let mut audio = vec![0.0f32; 30_000];
    audio[0] = 1.0;
    unit.process(&mut [&mut audio], &[]).expect("one channel");
    let peak = response.iter().fold(0.0f64, |most, x| most.max(x.abs()));
    let expected = response.iter().copied().chain(std::iter::repeat(0.0));
    let error = audio.iter().zip(expected).fold(0.0f64, |most, (y, x)| most.max((f64::from(*y) - x).abs()));
    let error = decibels(error / peak);
    measured(
        "convolution",
        "an impulse becomes the response, f32",
        Bound::AtMost(-115.0),
        error,
        "dB",
        "itself",
    );
}

#[test]
fn cuts_change_no_bit() {
    let mut random = Random::new(5);
    let response = [room(18_000, &mut random), room(18_000, &mut random)];
    let input: Vec<Vec<f32>> = (0..2).map(|_| (0..30_000).map(|_| random.noise() as f32).collect()).collect();
    let config = ConvolutionReverbConfig { pre_delay_ms: 3.1, bands: 1, ..Default::default() };
    let run = |cut: &mut dyn FnMut() -> usize| {
        let mut unit = unit::<f32>(2, config, &response);
        let mut audio = input.clone();
        let mut done = 0;
        while done < audio[0].len() {
            let end = audio[0].len().min(done + cut());
            let mut slices: Vec<&mut [f32]> =
                audio.iter_mut().map(|channel| &mut channel[done..end]).collect();
            unit.process(&mut slices, &[]).expect("two channels");
            done = end;
        }
        audio
    };
    let whole = run(&mut || 30_000);
    assert!(run(&mut || 64) == whole);
    assert!(run(&mut || 1 + random.below(700)) == whole);
}

/// On music-like noise: what is not either response's own sound, nor a mean of both.
#[test]
fn a_replacement_is_faded_to_and_the_old_one_comes_back() {
    let mut random = Random::new(11);
    let (first, second) = (room(20_000, &mut random), room(15_000, &mut random));
    let spec = Spec::new(48_000.0, 1);
    let prepare = |taps: &[f64]| {
        type Unit = ConvolutionReverb<f32>;
        Unit::prepare(&spec, &AS_IT_IS, &Assets(&[&[taps]])).expect("in range")
    };
    let input: Vec<f64> = (0..60_000).map(|_| f64::from(random.noise() as f32)).collect();
    let mut audio: Vec<f32> = input.iter().map(|x| *x as f32).collect();
    let mut unit = unit::<f32>(1, AS_IT_IS, std::slice::from_ref(&first));
    unit.process(&mut [&mut audio[..10_000]], &[]).expect("one channel");
    assert_eq!(unit.replace(prepare(&second)).expect("it fits").frames(), 0, "nothing was there before");
    assert_eq!(unit.replace(prepare(&first)).expect_err("one is going on").frames(), 20_000);
    for part in audio[10_000..].chunks_mut(333) {
        unit.process(&mut [part], &[]).expect("one channel");
    }
    // Partitions of 4096 frames: it waits for frame 12 288, works from there on, and fades from 16 384 on.
    let (from, to) = (16_384, 16_384 + 960);
    let (mut error, mut peak) = (0.0f64, 0.0f64);
    for frame in (9_000..26_000).step_by(29) {
        let (old, new) = (direct(&[(&input, &first)], frame), direct(&[(&input, &second)], frame));
        let t = ((frame as f64 - from as f64) / (to - from) as f64).clamp(0.0, 1.0);
        let expected = old + (new - old) * t * t * t * (10.0 - 15.0 * t + 6.0 * t * t);
        peak = peak.max(expected.abs());
        error = error.max((f64::from(audio[frame]) - expected).abs());
    }
    let requirement = "replacement while it runs: distance from the crossfade of both, f32";
    measured(
        "convolution",
        requirement,
        Bound::AtMost(-90.0),
        decibels(error / peak),
        "dB",
        "the sum in f64",
    );
    assert_eq!(unit.replace(prepare(&first)).expect("it is over").frames(), 20_000, "the old one comes back");
    unit.reset();
    assert!(unit.replace(prepare(&room(21_000, &mut random))).is_err(), "longer than what it was built for");
}

#[test]
fn a_shorter_decay_is_so_much_shorter() {
    let mut random = Random::new(13);
    let response: Vec<f64> =
        (0..96_000).map(|n| random.noise() * 10f64.powf(-3.0 * n as f64 / 72_000.0)).collect();
    let decay_of = |config: ConvolutionReverbConfig| {
        let mut unit = unit::<f64>(1, config, std::slice::from_ref(&response));
        let mut audio = vec![0.0; 96_000];
        audio[0] = 1.0;
        unit.process(&mut [&mut audio], &[]).expect("one channel");
        Acoustics::of(&[&audio], 48_000.0).t30_seconds.expect("it decays")
    };
    let own = decay_of(ConvolutionReverbConfig::DEFAULT);
    let mut worst = 0.0f64;
    for decay in [0.8, 0.5, 0.25] {
        let found = decay_of(ConvolutionReverbConfig { decay, ..Default::default() });
        worst = worst.max((found / own / decay - 1.0).abs());
    }
    measured(
        "convolution",
        "decay 0.8 to 0.25: T30 against the share asked for",
        Bound::AtMost(3.0),
        100.0 * worst,
        "%",
        "theory",
    );
}

#[test]
fn no_frequency_comes_out_louder_and_silence_around_the_response_is_cut() {
    let mut random = Random::new(17);
    let mut worst = f64::NEG_INFINITY;
    for kind in [1, 2, 4] {
        let around = |room: Vec<f64>| [vec![0.0; 700], room, vec![0.0; 50_000]].concat();
        let response: Vec<Vec<f64>> = (0..kind).map(|_| around(room(9_000, &mut random))).collect();
        let mut unit = unit::<f64>(2, ConvolutionReverbConfig::DEFAULT, &response);
        let tail = unit.tail().expect("it ends");
        assert!((8_900..9_200).contains(&tail), "{tail}");
        for step in 0..60 {
            let turn = std::f64::consts::TAU * 20.0 * 1_000f64.powf(f64::from(step) / 60.0) / 48_000.0;
            let sine = || (0..14_000).map(|n| (turn * n as f64).sin()).collect::<Vec<f64>>();
            let (mut left, mut right) = (sine(), sine());
            unit.reset();
            unit.process(&mut [&mut left, &mut right], &[]).expect("two channels");
            let peak = |channel: &[f64]| channel[10_000..].iter().fold(0.0f64, |most, x| most.max(x.abs()));
            worst = worst.max(decibels(peak(&left).max(peak(&right))));
        }
    }
    measured("convolution", "sines: level out against in", Bound::AtMost(0.0004), worst, "dB", "itself");
}

#[test]
fn responses_that_are_none_are_refused() {
    let refused = |response: &[&[f64]]| {
        let given = ConvolutionReverb::<f32>::new(
            Spec::new(48_000.0, 2),
            ConvolutionReverbConfig::DEFAULT,
            Assets(&[response]),
        );
        format!("{}", given.expect_err("refused"))
    };
    assert_eq!(refused(&[]), "response = 0 is outside 1 to 2097152 samples");
    assert!(refused(&[&[1.0], &[1.0], &[1.0]]).contains("3"), "{}", refused(&[&[1.0], &[1.0], &[1.0]]));
    assert!(refused(&[&[f64::NAN]]).starts_with("response = NaN is outside"));
    // Silence is a response.
    let silent = [0.0; 100];
    assert!(
        ConvolutionReverb::<f32>::new(
            Spec::new(48_000.0, 1),
            ConvolutionReverbConfig::DEFAULT,
            Assets(&[&[&silent]])
        )
        .is_ok()
    );
}

#[test]
fn a_response_comes_back_from_a_sweep() {
    let mut random = Random::new(19);
    let response = room(3_000, &mut random);
    let sweep = Sweep::new(48_000.0, 4.0, 2.0, 24_000.0).expect("in range");
    let samples = sweep.samples();
    let recording: Vec<f64> =
        (0..samples.len() + response.len()).map(|n| heard(&samples, &response, n)).collect();
    let found = sweep.response(&recording, 3_000);
    // At some frequencies up to 18 kHz, of the largest.
    let at = |taps: &dyn Fn(usize) -> f64, hz: f64| {
        let (mut re, mut im) = (0.0, 0.0);
        for n in 0..3_000 {
            let (sine, cosine) = (std::f64::consts::TAU * hz * n as f64 / 48_000.0).sin_cos();
            re += taps(n) * cosine;
            im += taps(n) * sine;
        }
        f64::hypot(re, im)
    };
    let (mut error, mut largest) = (0.0f64, 0.0f64);
    for step in 0..=60 {
        let hz = 20.0 * 900f64.powf(f64::from(step) / 60.0);
        largest = largest.max(at(&|n| response[n], hz));
        error = error.max(at(&|n| found[n] - response[n], hz));
    }
    let error = decibels(error / largest);
    measured(
        "convolution",
        "a response through a sweep and back, 20 Hz to 18 kHz",
        Bound::AtMost(-80.0),
        error,
        "dB",
        "itself",
    );
    assert!(
        format!("{}", Sweep::new(48_000.0, 2.0, 20.0, 30_000.0).expect_err("refused"))
            .starts_with("to_hz = 30000")
    );
}

/// One frame of a convolution.
fn heard(input: &[f64], taps: &[f64], frame: usize) -> f64 {
    let first = (frame + 1).saturating_sub(input.len());
    (first..taps.len().min(frame + 1)).map(|k| taps[k] * input[frame - k]).sum()
}
