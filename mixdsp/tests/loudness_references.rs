//! The loudness meter against meters that others wrote, against exact gating, and against itself in parts.

mod common;
mod loudness_support;

use common::depth;
use loudness_support::*;
use mixdsp::processors::loudness_meter as meter;
use mixdsp::{
    Error, History, LoudnessConfig, LoudnessMeter, LoudnessParams, LoudnessReadings as R, Processor, Spec,
    TruePeak,
};

type Meter = LoudnessMeter<f32>;

fn loudness_only() -> LoudnessConfig {
    LoudnessConfig { true_peak_kernel: TruePeak::Off, measure_statistics: false, ..LoudnessConfig::default() }
}

fn new_meter(rate: f64, config: LoudnessConfig) -> Meter {
    LoudnessMeter::new(Spec::new(rate, 2), config, ()).unwrap()
}

fn single(audio: &Audio) -> Vec<Vec<f32>> {
    audio.iter().map(|channel| channel.iter().map(|x| *x as f32).collect()).collect()
}

fn part(audio: &[Vec<f32>], from: usize, to: usize) -> Vec<&[f32]> {
    audio.iter().map(|channel| &channel[from..to.min(channel.len())]).collect()
}

/// Two synthetic programmes, and the music that is there at its own rate and at 48 kHz.
fn material() -> Vec<(String, Audio, f64)> {
    let mut all = vec![
        ("synthetic 1".to_string(), programme(75.0, 48_000.0, 1), 48_000.0),
        ("synthetic 2".to_string(), programme(60.0, 44_100.0, 2), 44_100.0),
    ];
    all.extend(music(None));
    all.extend(music(Some(48_000.0)));
    all
}

fn measured(audio: &Audio, rate: f64, config: LoudnessConfig) -> Meter {
    let mut meter = new_meter(rate, config);
    meter.measure(&single(audio)).unwrap();
    meter
}

#[test]
fn integrated_against_libebur128() {
    let mut port = Worst::new("meter", "integrated loudness, music and synthetic, own rate and 48 kHz");
    let mut library = Worst::new("meter", "the same, against the C library");
    for (name, audio, rate) in material() {
        let ours = measured(&audio, rate, loudness_only()).integrated().unwrap();
        let mut theirs = ebur128::EbuR128::new(2, rate as u32, ebur128::Mode::I).unwrap();
        theirs.add_frames_f32(&interleaved(&audio)).unwrap();
        let difference = ours - theirs.loudness_global().unwrap();
        println!("{name} at {rate} Hz: {ours:.4} LUFS, less the ebur128 crate {difference:+.5} LU");
        port.take(difference.abs(), format!("{name} at {rate} Hz"));
        if let Some([integrated, ..]) = libebur128(&audio, rate) {
            library.take((ours - integrated).abs(), format!("{name} at {rate} Hz"));
        }
    }
    port.hold(0.01, "LU", "ebur128 crate");
    if libebur128(&vec![vec![0.0; 4_800]; 2], 48_000.0).is_some() {
        library.hold(0.01, "LU", "libebur128");
    }
}

#[test]
fn range_against_ffmpeg() {
    let mut worst = Worst::new("meter", "loudness range, music and synthetic, own rate and 48 kHz");
    for (name, audio, rate) in material() {
        let ours = measured(&audio, rate, loudness_only()).range().unwrap();
        let Some((text, _)) = ffmpeg(&audio, rate, &["-af", "ebur128", "-f", "null", "-"]) else { return };
        let theirs: f64 = text
            .rsplit("LRA:")
            .next()
            .and_then(|rest| rest.split_whitespace().next())
            .and_then(|value| value.parse().ok())
            .expect("ffmpeg says a range");
        let libebur128 = libebur128(&audio, rate).map_or(f64::NAN, |values| values[1]);
        println!("{name} at {rate} Hz: {ours:.3} LU, ffmpeg {theirs}, libebur128 {libebur128:.3}");
        worst.take((ours - theirs).abs(), format!("{name} at {rate} Hz"));
    }
    worst.hold(0.2, "LU", "ffmpeg ebur128");
}

/// Runs the meter with a history, and gives the exact readings of that.
fn exact(audio: &Audio, rate: f64) -> (Meter, Option<f64>, Option<(f64, f64)>) {
    let mut meter = new_meter(rate, loudness_only());
    let room = audio[0].len() * 10 / rate as usize + 10;
    let (mut momentary, mut short_term) = (vec![0.0; room], vec![0.0; room]);
    let mut history = History::new(&mut momentary, &mut short_term);
    let mut single = single(audio);
    let mut slices: Vec<&mut [f32]> = single.iter_mut().map(|channel| &mut channel[..]).collect();
    meter.process_into(&mut slices, &mut history).unwrap();
    assert_eq!(history.missed(), 0);
    assert_eq!(history.momentary().len(), audio[0].len() * 10 / rate as usize);
    let integrated = history.integrated();
    let held = history.short_term().len();
    (meter, integrated, meter::range(&mut short_term[..held]))
}

#[test]
fn histogram_against_exact_gating() {
    let mut all = material();
    // A steady bed with speech-like bursts over it, the bed stepping through the gate.
    for step in 0..20 {
        let bed = -30.0 - 0.07 * step as f64;
        let mut segments = Vec::new();
        for _ in 0..10 {
            segments.extend([(3.1, bed), (2.2, -19.8), (1.5, bed), (2.0, -24.0)]);
        }
        all.push((format!("bed at {bed:.2}"), tone(&segments, 48_000.0, 2), 48_000.0));
    }
    // Excerpts of 15 s.
    for (name, audio, rate) in material() {
        let length = (15.0 * rate) as usize;
        for (i, start) in (0..audio[0].len().saturating_sub(length)).step_by(length / 2).enumerate() {
            let excerpt = audio.iter().map(|channel| channel[start..start + length].to_vec()).collect();
            all.push((format!("{name}, excerpt {i}"), excerpt, rate));
        }
    }
    let mut worst_integrated =
        Worst::new("meter", "histogram: integrated, whole, excerpts of 15 s, steady beds");
    let mut worst_range = Worst::new("meter", "histogram: range, whole, excerpts of 15 s, steady beds");
    for (name, audio, rate) in depth::every(3, "histogram", all.iter()) {
        let (meter, integrated, range) = exact(audio, *rate);
        let (Some(integrated), Some((low, high))) = (integrated, range) else { continue };
        worst_integrated.take((meter.integrated().unwrap() - integrated).abs(), name);
        worst_range.take((meter.range().unwrap() - (high - low)).abs(), name);
    }
    worst_integrated.hold(0.005, "LU", "exact gating of the same blocks");
    worst_range.hold(0.05, "LU", "exact gating of the same blocks");
}

#[test]
fn merged_parts_are_the_whole() {
    let mut worst = Worst::new("meter", "halves and 16 parts, seeded and merged: integrated and range");
    for (name, audio, rate) in depth::every(2, "merged", material().into_iter()) {
        let config = LoudnessConfig { measure_statistics: true, ..LoudnessConfig::default() };
        let whole = measured(&audio, rate, config);
        let single = single(&audio);
        let hop = (rate / 10.0) as usize;
        let seed = 30 * hop;
        for parts in [2, 16] {
            let hops = single[0].len() / hop;
            let mut merged: Option<Meter> = None;
            let mut through_bytes = new_meter(rate, config);
            for i in 0..parts {
                let from = hops * i / parts * hop;
                let to = if i + 1 == parts { single[0].len() } else { hops * (i + 1) / parts * hop };
                let mut meter = new_meter(rate, config);
                meter.seed(&part(&single, from.saturating_sub(seed), from)).unwrap();
                meter.measure(&part(&single, from, to)).unwrap();
                let mut bytes = vec![0; meter.bytes_needed()];
                let size = meter.write_to(&mut bytes).unwrap();
                assert_eq!(size, bytes.len());
                through_bytes.merge_bytes(&bytes).unwrap();
                match &mut merged {
                    Some(merged) => merged.merge(&meter).unwrap(),
                    None => merged = Some(meter),
                }
            }
            let merged = merged.unwrap();
            for meter in [&merged, &through_bytes] {
                let difference = |id| meter.get(id).unwrap() - whole.get(id).unwrap();
                let (integrated, range) = (difference(R::INTEGRATED), difference(R::RANGE));
                worst.take(integrated.abs().max(range.abs()), format!("{name}, {parts} parts"));
                for id in [R::MOMENTARY_MAX, R::SHORT_TERM_MAX, R::RMS_DB, R::PSR_MIN, R::CREST_DB] {
                    assert!(difference(id).abs() < 1e-6, "{id:?}: {}", difference(id));
                }
                assert_eq!(difference(R::SAMPLE_PEAK_DB), 0.0);
                assert_eq!(difference(R::MEASURED_SECONDS), 0.0);
                for channel in 0..2 {
                    let (ours, wanted) = (meter.channel(channel).unwrap(), whole.channel(channel).unwrap());
                    assert_eq!(ours.true_peak, wanted.true_peak);
                    assert_eq!(ours.sample_peak, wanted.sample_peak);
                    assert!((ours.share.unwrap() - wanted.share.unwrap()).abs() < 1e-6);
                }
            }
        }
    }
    worst.hold(0.01, "LU", "the whole in one run");
}

/// The union of the blocks of all tracks, gated once: by exact gating of the histories one after the other.
#[test]
fn an_album_is_gated_once() {
    let rate = 48_000.0;
    let mut worst = Worst::new("meter", "an album of four tracks, merged: integrated and range");
    let mut album = new_meter(rate, loudness_only());
    let (mut momentary, mut short_term) = (Vec::new(), Vec::new());
    for track in 0..4 {
        let level = gain(-7.0 * track as f64);
        let audio: Audio = programme(20.0 + 3.0 * track as f64, rate, 7 + track)
            .iter()
            .map(|channel| channel.iter().map(|x| x * level).collect())
            .collect();
        let mut meter = new_meter(rate, loudness_only());
        let (mut blocks, mut windows) = (vec![0.0; 400], vec![0.0; 400]);
        let mut history = History::new(&mut blocks, &mut windows);
        let mut single = single(&audio);
        let mut slices: Vec<&mut [f32]> = single.iter_mut().map(|channel| &mut channel[..]).collect();
        meter.process_into(&mut slices, &mut history).unwrap();
        momentary.extend_from_slice(history.momentary());
        short_term.extend_from_slice(history.short_term());
        album.merge(&meter).unwrap();
    }
    let integrated = meter::integrated(momentary.iter().copied()).unwrap();
    let (low, high) = meter::range(&mut short_term).unwrap();
    worst.take((album.integrated().unwrap() - integrated).abs(), "integrated");
    worst.take((album.range().unwrap() - (high - low)).abs(), "range");
    worst.hold(0.01, "LU", "exact gating of all blocks");
}

#[test]
fn true_peak_against_32_times() {
    let mut worst = Worst::new("meter", "true peak, 8 x 48 taps, content to 0.45 of the rate");
    let mut check = |name: &str, audio: &Audio, rate: f64| {
        let config = LoudnessConfig {
            measure_loudness: false,
            measure_statistics: false,
            ..LoudnessConfig::default()
        };
        let mut meter = new_meter(rate, config);
        meter.measure(&single(audio)).unwrap();
        meter.finish();
        let ours = meter.true_peak_db().unwrap();
        let reference = db(true_peak(audio, &kaiser(32, 48, 9.0)));
        worst.take((ours - reference).abs(), name);
        // And against our own kernel in full, by definition: nothing is lost by leaving out.
        let full = db(true_peak(audio, &kaiser(8, 48, 9.0)));
        assert!((ours - full).abs() < 1e-4, "{name}: {ours} and {full} dBTP");
    };
    let mut random = Random(3);
    for step in 0..60 {
        // Sines to 0.45 of the rate at any phase, with a short fade.
        let turns = 0.45 * (step + 1) as f64 / 60.0;
        let phase = random.signed() * 3.0;
        let x = (0..4_800).map(|n| 0.7 * (2.0 * std::f64::consts::PI * turns * n as f64 + phase).sin());
        let x = faded(x.collect(), 48_000.0);
        check(&format!("sine at {turns:.4}"), &vec![x.clone(), x], 48_000.0);
    }
    check("synthetic", &programme(10.0, 48_000.0, 4), 48_000.0);
    for (name, audio, rate) in music(None) {
        let middle: Audio =
            audio.iter().map(|c| c[c.len() / 3..][..(10.0 * rate) as usize].to_vec()).collect();
        check(&name, &middle, rate);
    }
    worst.hold(0.17, "dB", "32 x 48 taps");
}

#[test]
fn peaks_are_where_they_are() {
    let rate = 48_000.0;
    let mut audio = vec![vec![0.0f32; 48_000]; 2];
    audio[0][20_000] = -0.5;
    // A half-sample shifted impulse peaks between 30000 and 30001.
    for n in 0..200 {
        let m = n as f64 - 99.5;
        audio[1][29_901 + n] =
            (0.8 * sinc(0.8 * m) * (0.5 + 0.5 * (std::f64::consts::PI * m / 110.0).cos())) as f32;
    }
    // Three samples at full scale are a run; a fs/4 sine at 45 degrees peaks over them.
    audio[0][40_000..40_003].fill(1.0);
    let mut meter = new_meter(rate, LoudnessConfig::default());
    let mut at = 0;
    for size in [1, 63, 64, 65, 511, 512, 513, 7_000].into_iter().cycle() {
        let end = (at + size).min(48_000);
        meter.measure(&part(&audio, at, end)).unwrap();
        at = end;
        if at == 48_000 {
            break;
        }
    }
    let [left, right] = [0, 1].map(|channel| meter.channel(channel).unwrap());
    assert_eq!(left.sample_peak.unwrap().frame, 40_000);
    assert_eq!(left.clipped_runs, Some(1));
    assert_eq!(left.longest_clipped_run, Some(3));
    assert_eq!(left.first_clipped_run, Some(40_000));
    assert_eq!(left.overs, Some(1));
    assert!((39_999..=40_002).contains(&left.first_over.unwrap()));
    let peak = right.true_peak.unwrap();
    assert_eq!(peak.frame, 30_000);
    assert!((peak.level_db - db(0.8)).abs() < 0.02, "{}", peak.level_db);
    assert_eq!(right.clipped_runs, Some(0));
    // The same as readings, by number.
    assert_eq!(meter.get(R::CHANNEL_TRUE_PEAK_FRAME.at(1)), Some(30_000.0));
    assert_eq!(meter.get(R::CHANNEL_TRUE_PEAK_DB.at(1)), Some(peak.level_db));
    assert_eq!(meter.get(R::CHANNEL_FIRST_CLIPPED_RUN.at(0)), Some(40_000.0));
    assert_eq!(meter.get(R::CHANNEL_SHARE.at(2)), None);
}

#[test]
fn statistics_of_known_signals() {
    let rate = 48_000.0;
    let sine = tone(&[(2.0, -6.0)], rate, 2);
    let shifted: Audio = sine.iter().map(|c| c.iter().map(|x| x + 0.01).collect()).collect();
    let meter = measured(&shifted, rate, LoudnessConfig::default());
    let rms = 10.0 * (0.5 * gain(-6.0).powi(2) + 0.0001).log10();
    assert!((meter.get(R::RMS_DB).unwrap() - rms).abs() < 1e-4);
    assert!((meter.get(R::DC).unwrap() - 0.01).abs() < 1e-6);
    let crest = db(gain(-6.0) + 0.01) - rms;
    assert!((meter.get(R::CREST_DB).unwrap() - crest).abs() < 1e-3);
    assert_eq!(meter.get(R::CLIPPED_RUNS), Some(0.0));
    let meter = measured(&tone(&[(4.0, -6.0)], rate, 2), rate, LoudnessConfig::default());
    let [plr, psr, least] = [R::PLR, R::PSR, R::PSR_MIN].map(|id| meter.get(id).unwrap());
    // A sine's peak lies 3.01 dB over its mean square; two channels take 3.01, K-weighting gives 0.007 LU.
    assert!(plr.abs() < 0.01 && (psr - plr).abs() < 1e-3 && least <= psr, "{plr} {psr} {least}");
}

#[test]
fn a_pause_leaves_no_trace() {
    let rate = 48_000.0;
    let audio = single(&programme(40.0, rate, 9));
    let noise = vec![vec![0.9f32; 96_000]; 2];
    let mut plain = new_meter(rate, LoudnessConfig::default());
    plain.measure(&part(&audio, 0, 960_000)).unwrap();
    let mut paused = new_meter(rate, LoudnessConfig::default());
    paused.measure(&part(&audio, 0, 960_000)).unwrap();
    paused.pause();
    paused.measure(&noise).unwrap();
    // Momentary and short-term loudness go on: 2 s of a constant, which the high-pass takes away.
    assert_ne!(paused.get(R::MOMENTARY), plain.get(R::MOMENTARY));
    assert_ne!(paused.get(R::SHORT_TERM), plain.get(R::SHORT_TERM));
    for id in [R::INTEGRATED, R::RANGE, R::SAMPLE_PEAK_DB, R::SHORT_TERM_MAX, R::RMS_DB, R::MEASURED_SECONDS]
    {
        assert_eq!(paused.get(id), plain.get(id), "{id:?}");
    }
    // After it, windows that reach over the gap do not count: 0.3 s bring nothing new, 0.5 s do.
    paused.resume();
    assert_eq!(paused.get(LoudnessParams::PAUSED), Some(0.0));
    let before = paused.bytes_needed();
    paused.measure(&part(&audio, 960_000, 974_400)).unwrap();
    assert_eq!(paused.integrated(), plain.integrated());
    paused.measure(&part(&audio, 974_400, 1_200_000)).unwrap();
    assert!(paused.bytes_needed() >= before);
    assert_ne!(paused.integrated(), plain.integrated());
}

#[test]
fn peaks_around_a_pause_are_those_of_what_was_measured_however_it_is_cut() {
    // Peaks of 100 in parts of which some are paused; what is measured are the first and the last part.
    let lengths = [600, 333, 1, 700];
    let starts = [0, 600, 933, 934];
    let mut random = Random(17);
    for round in 0..200 {
        let mut audio = vec![vec![0.0f32; lengths.iter().sum()]];
        let peaks: Vec<usize> = match round {
            0 => vec![565, 640, 767, 914],
            _ => (0..6).map(|_| random.below(1_500)).collect(),
        };
        peaks.iter().for_each(|frame| audio[0][*frame] = 100.0);
        let mut told = Vec::new();
        for size in [usize::MAX, 1, 7, 64] {
            for kernel in [TruePeak::Fine, TruePeak::Itu] {
                let config = LoudnessConfig { true_peak_kernel: kernel, ..Default::default() };
                let mut meter = LoudnessMeter::<f32>::new(Spec::new(48_000.0, 1), config, ()).unwrap();
                for (i, (start, length)) in starts.into_iter().zip(lengths).enumerate() {
                    if i == 1 || i == 2 {
                        meter.pause()
                    } else {
                        meter.resume()
                    }
                    let frames: Vec<usize> = (start..start + length).collect();
                    for cut in frames.chunks(size.min(length)) {
                        meter.measure(&part(&audio, cut[0], cut[0] + cut.len())).unwrap();
                    }
                }
                let measures = meter.channel(0).unwrap();
                told.push(measures);
                // An over begins one kernel at most before its peak, and lies where it was measured.
                let near = |from: i64, to: i64| peaks.iter().any(|p| (from..to).contains(&(*p as i64)));
                let heard = near(0, 600 + 24) || near(934 - 24, 1_634);
                assert!(heard || measures.overs == Some(0), "{peaks:?}: {measures:?}");
                if round == 0 {
                    assert_eq!(measures.overs, Some(1), "{size} {kernel:?}");
                }
                if let Some(frame) =
                    measures.true_peak.filter(|peak| peak.level_db > 0.0).map(|peak| peak.frame)
                {
                    assert!(!(600..933).contains(&frame), "a peak of the pause at {frame}: {peaks:?}");
                }
            }
        }
        for (whole, cut) in told.iter().zip(&told[2..]) {
            assert_eq!(whole, cut, "{peaks:?}");
        }
    }
}

#[test]
fn a_history_without_room_counts_what_it_misses() {
    let rate = 48_000.0;
    let mut audio = single(&programme(5.0, rate, 3));
    let (mut few, mut none) = ([0.0; 12], [0.0; 0]);
    let mut history = History::new(&mut few, &mut none);
    let mut meter = new_meter(rate, LoudnessConfig::default());
    let mut slices: Vec<&mut [f32]> = audio.iter_mut().map(|channel| &mut channel[..]).collect();
    meter.process_into(&mut slices, &mut history).unwrap();
    assert_eq!((history.momentary().len(), history.short_term().len(), history.missed()), (12, 0, 38));
    // The first three windows of 400 ms are not whole yet.
    assert!(history.momentary()[..3].iter().all(|value| value.is_nan()));
    assert!(history.momentary()[3..].iter().all(|value| value.is_finite()));
    assert!(meter.integrated().is_some(), "the meter itself needs no room");
}

#[test]
fn restart_measures_anew_and_reset_forgets() {
    let rate = 48_000.0;
    let loud = single(&tone(&[(4.0, -10.0)], rate, 2));
    let quiet = single(&tone(&[(4.0, -30.0)], rate, 2));
    let mut meter = new_meter(rate, LoudnessConfig::default());
    meter.measure(&loud).unwrap();
    meter.restart();
    assert_eq!(meter.integrated(), None);
    assert!(meter.get(R::MOMENTARY).is_some(), "the windows go on");
    meter.measure(&quiet).unwrap();
    assert!((meter.integrated().unwrap() + 30.0).abs() < 0.01);
    assert!((meter.get(R::MOMENTARY_MAX).unwrap() + 30.0).abs() < 0.01);
    assert!(meter.channel(0).unwrap().sample_peak.unwrap().frame < 100);
    meter.reset();
    assert_eq!(meter.get(R::MOMENTARY), None);
    assert_eq!(meter.get(R::SAMPLE_PEAK_DB), None);
}

#[test]
fn other_meters_and_damaged_bytes_are_refused() {
    let audio = single(&programme(8.0, 48_000.0, 12));
    let mut meter = new_meter(48_000.0, LoudnessConfig::default());
    meter.measure(&audio).unwrap();
    // Of another rate and of fewer channels it may be; of more it may not.
    let mut mono = LoudnessMeter::<f32>::new(Spec::new(44_100.0, 1), LoudnessConfig::default(), ()).unwrap();
    assert!(matches!(mono.merge(&meter), Err(Error::Mismatch { .. })));
    meter.merge(&mono).unwrap();
    assert!(matches!(meter.merge(&new_meter(48_000.0, loudness_only())), Err(Error::Mismatch { .. })));
    let mut bytes = vec![0; meter.bytes_needed()];
    let short = bytes.len() - 1;
    assert!(matches!(meter.write_to(&mut bytes[..short]), Err(Error::Bytes { .. })));
    meter.write_to(&mut bytes).unwrap();
    println!("8 s of stereo as bytes: {}", bytes.len());
    let mut newer = bytes.clone();
    newer[4] += 1;
    let refused = meter.merge_bytes(&newer).unwrap_err();
    assert_eq!(refused, Error::Data { reason: "it was written by another version" });
    let state = |meter: &Meter| {
        let mut bytes = vec![0; meter.bytes_needed()];
        meter.write_to(&mut bytes).unwrap();
        bytes
    };
    let before = state(&meter);
    let mut random = Random(2);
    for _ in 0..3_000 {
        let mut damaged = bytes.clone();
        for _ in 0..1 + random.below(3) {
            let at = random.below(damaged.len());
            damaged[at] ^= 1 << random.below(8);
        }
        damaged.truncate(damaged.len() - random.below(2) * random.below(40));
        // With a right checksum, so that the reader itself has to see it.
        if random.below(2) == 0 && damaged.len() > 4 {
            let body = damaged.len() - 4;
            let sum =
                damaged[..body].iter().fold(0x811c_9dc5u32, |s, b| (s ^ *b as u32).wrapping_mul(0x0100_0193));
            damaged[body..].copy_from_slice(&sum.to_le_bytes());
        }
        if damaged == bytes {
            continue;
        }
        let mut target = new_meter(48_000.0, LoudnessConfig::default());
        target.merge(&meter).unwrap();
        if target.merge_bytes(&damaged).is_err() {
            assert_eq!(state(&target), before, "nothing was added");
        }
        let _ = (target.integrated(), target.range(), target.true_peak_db());
    }
    assert!(meter.merge_bytes(&[]).is_err());
    meter.merge_bytes(&bytes).unwrap();
}
