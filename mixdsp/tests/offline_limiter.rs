//! Offline limiting: its ceiling on every common meter, its gain, its bits, and what it does to music and to a tone.

mod common;
mod loudness_support;

use common::{Bound, depth, measured};
use loudness_support::*;
use mixdsp::host::OfflineLimiter;
use mixdsp::{Limiter, LimiterConfig, LimiterParams, LimiterReadings, Processor, Spec};
use std::f64::consts::PI;

const CEILING_DB: f64 = -1.0;
const SECTION: &str = "offline limiter";

/// Audio driven and limited, in f32 as it would be delivered, not late; and the gain of each frame.
fn offline(audio: &Audio, rate: f64, drive_db: f64, mut cut: impl FnMut() -> usize) -> (Audio, Vec<f64>) {
    let mut limiter = OfflineLimiter::<f32>::new(Spec::new(rate, audio.len()), CEILING_DB).unwrap();
    let (frames, late) = (audio[0].len(), limiter.latency());
    let driven = gain(drive_db);
    let mut out: Vec<Vec<f32>> = audio
        .iter()
        .map(|channel| channel.iter().map(|x| (driven * x) as f32).chain(vec![0.0; late]).collect())
        .collect();
    let mut gains = Vec::new();
    let (mut done, mut ended) = (0, false);
    while done < frames + late {
        let most = if ended { frames + late } else { frames };
        let to = most.min(done + cut().max(1));
        let mut slices: Vec<&mut [f32]> = out.iter_mut().map(|channel| &mut channel[done..to]).collect();
        limiter.process(&mut slices).unwrap();
        gains.extend(limiter.gains().iter().map(|gain| f64::from(*gain)));
        done = to;
        if done == frames && !ended {
            limiter.end();
            ended = true;
        }
    }
    let out = out.iter().map(|channel| channel[late..].iter().map(|x| f64::from(*x)).collect()).collect();
    (out, gains[late..].to_vec())
}

fn whole() -> usize {
    1 << 24
}

/// The streaming limiter's `mastering` preset, and the gain of each frame.
fn streaming(audio: &Audio, rate: f64, drive_db: f64) -> (Audio, Vec<f64>) {
    let params =
        LimiterParams { ceiling_db: CEILING_DB, input_gain_db: drive_db, ..LimiterParams::mastering() };
    let spec = Spec::new(rate, audio.len());
    let mut limiter = Limiter::<f32>::new(spec, LimiterConfig::mastering(), params).unwrap();
    let late = limiter.latency();
    let mut out: Vec<Vec<f32>> = audio
        .iter()
        .map(|channel| channel.iter().map(|x| *x as f32).chain(vec![0.0; late]).collect())
        .collect();
    let mut reduction_db = vec![0.0; audio[0].len() + late];
    for from in (0..reduction_db.len()).step_by(64) {
        let to = reduction_db.len().min(from + 64);
        if from <= audio[0].len() && to > audio[0].len() {
            limiter.end();
        }
        let mut slices: Vec<&mut [f32]> = out.iter_mut().map(|channel| &mut channel[from..to]).collect();
        limiter.process(&mut slices, &[]).unwrap();
        limiter.trace(LimiterReadings::GAIN_REDUCTION_DB.any(), &mut reduction_db[from..to]);
    }
    let out = out.iter().map(|channel| channel[late..].iter().map(|x| f64::from(*x)).collect()).collect();
    (out, reduction_db[late..].iter().map(|reduction| gain(-reduction)).collect())
}

/// Loudness by the `ebur128` crate.
fn loudness(audio: &Audio, rate: f64) -> f64 {
    let mut meter = ebur128::EbuR128::new(2, rate as u32, ebur128::Mode::I).unwrap();
    meter.add_frames_f32(&interleaved(audio)).unwrap();
    meter.loudness_global().unwrap()
}

/// Pieces: synthetic, music where it is there, and all of Francium or a minute of it.
fn pieces(is_whole: bool) -> Vec<(String, Audio, f64)> {
    let mut found = vec![("synthetic".to_string(), programme(8.0, 48_000.0, 1), 48_000.0)];
    found.extend(music(None));
    if let Some((audio, rate)) = francium() {
        let part = if is_whole || depth::is_long() { 0..audio[0].len() } else { 60 * 48_000..120 * 48_000 };
        let audio = audio.iter().map(|channel| channel[part.clone()].to_vec()).collect();
        found.push(("Francium".to_string(), audio, rate));
    }
    found
}

#[test]
fn the_ceiling_holds_on_music() {
    let drives_db = [16.0, 9.0, 23.0].into_iter().take(depth::count(1, 3));
    let said = drives_db.clone().map(|drive_db| format!("{drive_db:+}")).collect::<Vec<_>>().join(", ");
    let mut worst = WorstOvers::new(&format!("offline at -1 dBTP, music driven {said} dB: over the ceiling"));
    for (name, audio, rate) in pieces(false) {
        for drive_db in drives_db.clone() {
            let (out, _) = offline(&audio, rate, drive_db, whole);
            worst.take(overs(&out, rate, CEILING_DB), &format!("{name} {drive_db:+} dB"));
            println!("{name} {drive_db:+} dB: {:.2} LUFS", loudness(&out, rate));
        }
    }
    worst.hold();
}

#[test]
fn the_ceiling_holds_on_bursts_and_where_a_file_is_cut_in_the_middle_of_a_wave() {
    let title =
        "offline at -1 dBTP, EBU bursts and 60 sines cut at both ends, driven 6 and 20 dB: over the ceiling";
    let mut worst = WorstOvers::new(title);
    for rate in [44_100.0, 48_000.0, 96_000.0] {
        for (name, audio) in [
            ("EBU 19", peak_sine(rate, 4.0, 1.41, 45.0)),
            ("EBU 20", peak_burst(rate, 0)),
            ("EBU 22", peak_burst(rate, 2)),
        ] {
            for drive_db in [6.0, 20.0] {
                let (out, _) = offline(&audio, rate, drive_db, whole);
                worst.take(overs(&out, rate, CEILING_DB), &format!("{name} {drive_db:+} dB at {rate} Hz"));
            }
        }
    }
    let mut random = Random(29);
    for (number, rate) in [44_100.0, 48_000.0, 96_000.0].into_iter().cycle().enumerate().take(60) {
        let frequency = 100.0 * (0.44 * rate / 100.0f64).powf(random.signed().abs()) / rate;
        let phase = PI * random.signed();
        let wave = |n: usize| (2.0 * PI * frequency * n as f64 + phase).sin();
        let audio: Audio = vec![(0..4_000 + number).map(wave).collect(); 2];
        let (out, _) = offline(&audio, rate, [6.0, 20.0][number % 2], whole);
        worst.take(
            overs(&out, rate, CEILING_DB),
            &format!("{rate} Hz, {:.0} Hz, phase {phase:.2}", frequency * rate),
        );
    }
    worst.hold();
}

#[test]
fn the_output_is_the_input_times_the_gain_of_all_channels() {
    let mut worst = Worst::new(SECTION, "output against input times the reported gain, 1, 2 and 6 channels");
    for channels in [1, 2, 6] {
        let stereo = programme(3.0, 48_000.0, 4);
        let audio: Audio = (0..channels)
            .map(|channel| stereo[channel % 2].iter().map(|x| x * (1.0 - 0.1 * channel as f64)).collect())
            .collect();
        let (out, gains) = offline(&audio, 48_000.0, 20.0, whole);
        for (given, out) in audio.iter().zip(&out) {
            for ((x, y), gain_of_frame) in given.iter().zip(out).zip(&gains) {
                worst.take((gain(20.0) * x * gain_of_frame - y).abs(), channels);
            }
        }
        assert!(gains.iter().fold(1.0, |least: f64, gain| least.min(*gain)) < 0.5);
    }
    worst.hold(1e-6, "", "theory");
}

#[test]
fn the_bits_do_not_depend_on_the_cut() {
    let audio = programme(2.0, 44_100.0, 9);
    let expected = offline(&audio, 44_100.0, 15.0, whole);
    let mut random = Random(1);
    let cuts: [&mut dyn FnMut() -> usize; 3] = [&mut || 1, &mut || 63, &mut || random.below(5_000)];
    for cut in cuts {
        assert!(offline(&audio, 44_100.0, 15.0, cut) == expected);
    }
}

#[test]
fn what_is_under_the_ceiling_comes_out_bit_for_bit() {
    let mut audio = programme(2.0, 48_000.0, 2);
    let reading = true_peak(&audio, &kaiser(8, 48, 9.0)) / (PI / 16.0).cos();
    let reading = reading.max(true_peak(&audio, &itu())).max(peak_libebur128(&audio, 48_000.0));
    audio.iter_mut().flatten().for_each(|x| *x *= gain(CEILING_DB - 0.011) / reading);
    let (out, gains) = offline(&audio, 48_000.0, 0.0, whole);
    let pairs = audio.iter().flatten().zip(out.iter().flatten());
    let changed = pairs.filter(|(x, y)| f64::from(**x as f32) != **y).count();
    assert!(gains.iter().all(|gain| *gain == 1.0));
    let title = "a programme 0.011 dB under the ceiling: samples changed";
    measured(SECTION, title, Bound::Equals(0.0), changed as f64, "", "theory");
}

/// Amplitude of a sine in a stretch of whole periods, by a Hann-windowed sum.
fn amplitude(x: &[f64], turns: f64) -> f64 {
    let n = x.len() as f64;
    let (mut re, mut im) = (0.0, 0.0);
    for (i, x) in x.iter().enumerate() {
        let window = 1.0 - (2.0 * PI * i as f64 / n).cos();
        let (sin, cos) = (2.0 * PI * turns * i as f64).sin_cos();
        re += window * x * cos;
        im += window * x * sin;
    }
    2.0 * (re * re + im * im).sqrt() / n
}

#[test]
fn bass_does_not_modulate_a_tone() {
    let rate = 48_000.0;
    let x: Vec<f64> = (0..3 * 48_000)
        .map(|n| {
            let time = n as f64 / rate;
            (2.0 * PI * 60.0 * time).sin() + gain(-20.0) * (2.0 * PI * 1_000.0 * time).sin()
        })
        .collect();
    let (out, _) = offline(&vec![x.clone(), x], rate, 6.0, whole);
    let steady = &out[0][48_000..96_000];
    let tone = amplitude(steady, 1_000.0 / rate);
    let sides = [-4.0, -2.0, -1.0, 1.0, 2.0, 4.0].map(|k| amplitude(steady, (1_000.0 + 60.0 * k) / rate));
    let level = db(sides.iter().fold(0.0, |a: f64, b| a.max(*b)) / tone);
    let title = "60 Hz at 0 dBFS and 1 kHz at -20 dB driven 6 dB: sidebands of 1 kHz";
    measured(SECTION, title, Bound::AtMost(-90.0), level, "dB", "theory");
}

/// Power of a gain above a frequency, against its mean squared, in dB: by a high-pass of fourth order, run both ways.
fn motion_db(gains: &[f64], rate: f64, above_hz: f64) -> f64 {
    let mean = gains.iter().sum::<f64>() / gains.len() as f64;
    let mut x: Vec<f64> = gains.iter().map(|gain| gain - mean).collect();
    for _ in 0..2 {
        for q in [0.541_196_1, 1.306_563] {
            // The bilinear high-pass.
            let w = 2.0 * PI * above_hz / rate;
            let (alpha, cos) = (w.sin() / (2.0 * q), w.cos());
            let (b, a) = (
                (1.0 + cos) / 2.0 / (1.0 + alpha),
                [-2.0 * cos / (1.0 + alpha), (1.0 - alpha) / (1.0 + alpha)],
            );
            let [mut x1, mut x2, mut y1, mut y2] = [0.0; 4];
            for x in x.iter_mut() {
                let y = b * (*x - 2.0 * x1 + x2) - a[0] * y1 - a[1] * y2;
                (x2, x1, y2, y1) = (x1, *x, y1, y);
                *x = y;
            }
        }
        x.reverse();
    }
    10.0 * (x.iter().map(|x| x * x).sum::<f64>() / x.len() as f64 / (mean * mean)).log10()
}

/// The streaming limiter driven 9 dB, and the offline one driven so that it is as loud.
#[test]
fn its_gain_moves_less_than_that_of_the_streaming_limiter() {
    let mut worst = [
        Worst::new(
            SECTION,
            "music as loud as streaming driven +9 dB: power of the gain above 30 Hz against streaming",
        ),
        Worst::new(SECTION, "the same above 10 Hz"),
        Worst::new(SECTION, "the same: largest reduction deeper by"),
    ];
    for (name, audio, rate) in pieces(true).into_iter().skip(1) {
        let (out, streamed) = streaming(&audio, rate, 9.0);
        let wanted = loudness(&out, rate);
        let (mut low, mut high) = (8.0, 11.0);
        let mut gains = Vec::new();
        for _ in 0..6 {
            let drive_db = 0.5 * (low + high);
            let (out, found) = offline(&audio, rate, drive_db, whole);
            gains = found;
            let missing = wanted - loudness(&out, rate);
            if missing > 0.0 {
                low = drive_db
            } else {
                high = drive_db
            }
            if missing.abs() < 0.02 {
                break;
            }
        }
        let deepest = |gains: &[f64]| -db(gains.iter().fold(1.0, |a: f64, b| a.min(*b)));
        let found = [
            motion_db(&gains, rate, 30.0) - motion_db(&streamed, rate, 30.0),
            motion_db(&gains, rate, 10.0) - motion_db(&streamed, rate, 10.0),
            deepest(&gains) - deepest(&streamed),
        ];
        println!("{name}, {wanted:.2} LUFS, driven {low:.2}: {found:.2?}");
        worst.iter_mut().zip(found).for_each(|(worst, found)| worst.take(found, &name));
    }
    for (worst, bound) in worst.into_iter().zip([-12.0, 0.0, 1.0]) {
        if worst.is_taken() {
            worst.hold(bound, "dB", "theory");
        }
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let spec = Spec::new(48_000.0, 2);
    for ceiling_db in [f64::NAN, 0.1, -41.0] {
        let line = OfflineLimiter::<f32>::new(spec, ceiling_db).unwrap_err().to_string();
        assert!(line.starts_with("ceiling_db = ") && line.contains("-40 to 0 dB"), "{line}");
    }
    assert!(OfflineLimiter::<f32>::new(Spec::new(48_000.0, 25), -1.0).is_err());
    let mut limiter = OfflineLimiter::<f32>::new(spec, -1.0).unwrap();
    assert!(limiter.process(&mut [&mut [0.0; 8]]).is_err());
    assert!(limiter.process(&mut [&mut [0.0; 8], &mut [0.0; 7]]).is_err());
    // What is not a number counts for 0, and the next block is as if it had been.
    limiter.process(&mut [&mut [f32::NAN; 8], &mut [f32::INFINITY; 8]]).unwrap();
    let mut rest = vec![vec![0.5; limiter.latency() + 8]; 2];
    limiter.process(&mut rest.iter_mut().map(|plane| &mut plane[..]).collect::<Vec<_>>()).unwrap();
    assert!(rest.iter().flatten().all(|x| x.is_finite()));
}
