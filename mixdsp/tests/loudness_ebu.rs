//! The synthetic signals of EBU Tech 3341-2023 and 3342-2023, at half of EBU's tolerances, and the gain at
//! 997 Hz. Signals are synthesised from the text; their levels come from no meter.

mod common;
mod loudness_support;

use common::depth;
use loudness_support::*;
use mixdsp::{
    Layout, LoudnessConfig, LoudnessMeter, LoudnessReadings as R, Processor, Speaker, Spec, TruePeak,
};

/// The rates of the signals, and how a title calls them: two, or five where all is swept.
fn rates() -> (&'static [f64], &'static str) {
    match depth::is_long() {
        true => (&[44_100.0, 48_000.0, 88_200.0, 96_000.0, 192_000.0], "five rates"),
        false => (&[44_100.0, 96_000.0], "two rates"),
    }
}

/// Half of EBU's tolerance of 0.1 LU, and of 1 LU for the range.
const TOLERANCE: f64 = 0.05;
const RANGE_TOLERANCE: f64 = 0.5;

fn without_peaks() -> LoudnessConfig {
    LoudnessConfig { true_peak_kernel: TruePeak::Off, measure_statistics: false, ..LoudnessConfig::default() }
}

fn meter(rate: f64, channels: usize, config: LoudnessConfig) -> LoudnessMeter<f32> {
    LoudnessMeter::new(Spec::new(rate, channels), config, ()).unwrap()
}

/// Feeds audio in blocks of changing size.
fn feed(meter: &mut LoudnessMeter<f32>, audio: &Audio) {
    feed_and_look(meter, audio, |_, _| ());
}

/// The same, and calls `look` after every 10 ms with the time in seconds.
fn feed_and_look(
    meter: &mut LoudnessMeter<f32>,
    audio: &Audio,
    mut look: impl FnMut(&LoudnessMeter<f32>, f64),
) {
    let rate = meter.spec().sample_rate;
    let mut random = Random(1);
    let (mut at, mut hop) = (0, 1);
    while at < audio[0].len() {
        let next = (hop as f64 * rate / 100.0).round() as usize;
        let end = (at + 1 + random.below(700)).min(next).min(audio[0].len());
        let mut block: Vec<Vec<f32>> =
            audio.iter().map(|channel| channel[at..end].iter().map(|x| *x as f32).collect()).collect();
        let mut slices: Vec<&mut [f32]> = block.iter_mut().map(|channel| &mut channel[..]).collect();
        meter.process(&mut slices, &[]).unwrap();
        at = end;
        if at == next {
            look(meter, at as f64 / rate);
            hop += 1;
        }
    }
}

fn read(meter: &LoudnessMeter<f32>, id: mixdsp::Id<R>) -> f64 {
    meter.get(id).unwrap_or(f64::NAN)
}

#[test]
fn integrated_1_to_6() {
    let (rates, title) = rates();
    let cases: [(&str, &[(f64, f64)]); 5] = [
        ("1", &[(20.0, -23.0)]),
        ("2", &[(20.0, -33.0)]),
        ("3", &[(10.0, -36.0), (60.0, -23.0), (10.0, -36.0)]),
        ("4", &[(10.0, -72.0), (10.0, -36.0), (60.0, -23.0), (10.0, -36.0), (10.0, -72.0)]),
        ("5", &[(20.0, -26.0), (20.1, -20.0), (20.0, -26.0)]),
    ];
    let mut worst = Worst::new("meter", &format!("EBU 3341 1 to 6, {title}, any cut"));
    for &rate in rates {
        for (name, segments) in cases {
            let wanted = if name == "2" { -33.0 } else { -23.0 };
            let mut meter = meter(rate, 2, without_peaks());
            feed(&mut meter, &tone(segments, rate, 2));
            let what = format!("3341-{name} at {rate} Hz");
            worst.take((read(&meter, R::INTEGRATED) - wanted).abs(), &what);
            if segments.len() == 1 {
                for id in [R::MOMENTARY, R::SHORT_TERM, R::MOMENTARY_MAX, R::SHORT_TERM_MAX] {
                    worst.take((read(&meter, id) - wanted).abs(), &what);
                }
            }
        }
        let levels = [-28.0, -28.0, -24.0, -30.0, -30.0];
        let surround: Audio = levels.iter().map(|level| tone(&[(20.0, *level)], rate, 1).remove(0)).collect();
        let mut meter = meter(rate, 5, LoudnessConfig { layout: Layout::Surround50, ..without_peaks() });
        feed(&mut meter, &surround);
        worst.take((read(&meter, R::INTEGRATED) + 23.0).abs(), format!("3341-6 at {rate} Hz"));
    }
    worst.hold(TOLERANCE, "LU", "EBU Tech 3341-2023");
}

#[test]
fn short_term_9_to_11() {
    let (rates, title) = rates();
    let mut worst = Worst::new("meter", &format!("EBU 3341 9 to 11, {title}, any cut"));
    for &rate in rates {
        let mut constant = meter(rate, 2, without_peaks());
        feed_and_look(
            &mut constant,
            &tone(&[(1.34, -20.0), (1.66, -30.0)].repeat(5), rate, 2),
            |meter, time| {
                if time >= 3.0 {
                    worst.take((read(meter, R::SHORT_TERM) + 23.0).abs(), format!("3341-9 at {time} s"));
                }
            },
        );
        for i in 0..20 {
            let mut meter = meter(rate, 2, without_peaks());
            feed(&mut meter, &tone(&[(i as f64 * 0.15, SILENCE), (3.0, -23.0), (1.0, SILENCE)], rate, 2));
            worst.take((read(&meter, R::SHORT_TERM_MAX) + 23.0).abs(), format!("3341-10-{}", i + 1));
        }
        let mut live = meter(rate, 2, without_peaks());
        for i in 0..20 {
            let delay = i as f64 * 0.15;
            feed(
                &mut live,
                &tone(&[(delay, SILENCE), (3.0, -38.0 + i as f64), (3.0 - delay, SILENCE)], rate, 2),
            );
            let what = format!("3341-11, step {i}");
            worst.take((read(&live, R::SHORT_TERM_MAX) - (-38.0 + i as f64)).abs(), what);
        }
    }
    worst.hold(TOLERANCE, "LU", "EBU Tech 3341-2023");
}

#[test]
fn momentary_12_to_14() {
    let (rates, title) = rates();
    let mut worst = Worst::new("meter", &format!("EBU 3341 12 to 14, {title}, any cut"));
    for &rate in rates {
        let mut constant = meter(rate, 2, without_peaks());
        feed_and_look(
            &mut constant,
            &tone(&[(0.18, -20.0), (0.22, -30.0)].repeat(25), rate, 2),
            |meter, time| {
                if time >= 1.0 {
                    worst.take((read(meter, R::MOMENTARY) + 23.0).abs(), format!("3341-12 at {time} s"));
                }
            },
        );
        for i in 0..20 {
            let mut meter = meter(rate, 2, without_peaks());
            feed(&mut meter, &tone(&[(i as f64 * 0.02, SILENCE), (0.4, -23.0), (1.0, SILENCE)], rate, 2));
            worst.take((read(&meter, R::MOMENTARY_MAX) + 23.0).abs(), format!("3341-13-{}", i + 1));
        }
        let mut live = meter(rate, 2, without_peaks());
        for i in 0..20 {
            let delay = i as f64 * 0.02;
            feed(
                &mut live,
                &tone(&[(delay, SILENCE), (0.4, -38.0 + i as f64), (0.4 - delay, SILENCE)], rate, 2),
            );
            let what = format!("3341-14, step {i}");
            worst.take((read(&live, R::MOMENTARY_MAX) - (-38.0 + i as f64)).abs(), what);
        }
    }
    worst.hold(TOLERANCE, "LU", "EBU Tech 3341-2023");
}

#[test]
fn range_1_to_4() {
    let (rates, title) = rates();
    let cases: [(f64, &[f64]); 4] = [
        (10.0, &[-20.0, -30.0]),
        (5.0, &[-20.0, -15.0]),
        (20.0, &[-40.0, -20.0]),
        (15.0, &[-50.0, -35.0, -20.0, -35.0, -50.0]),
    ];
    let mut worst = Worst::new("meter", &format!("EBU 3342 1 to 4, {title}, any cut"));
    for &rate in rates {
        for (wanted, levels) in cases {
            let segments: Vec<(f64, f64)> = levels.iter().map(|level| (20.0, *level)).collect();
            let mut meter = meter(rate, 2, without_peaks());
            feed(&mut meter, &tone(&segments, rate, 2));
            worst.take((read(&meter, R::RANGE) - wanted).abs(), format!("{levels:?}"));
            let ends = read(&meter, R::RANGE_HIGH) - read(&meter, R::RANGE_LOW);
            assert!((ends - read(&meter, R::RANGE)).abs() < 1e-9);
        }
    }
    worst.hold(RANGE_TOLERANCE, "LU", "EBU Tech 3342-2023");
}

/// EBU: +0.2 and -0.4 dB. The fine kernel keeps half of that, the FIR of BS.1770 all.
#[test]
fn true_peak_15_to_23() {
    let (rates, title) = rates();
    let name = |kernel: &str, side: &str| format!("EBU 3341 15 to 23, {title}, {kernel}: {side}");
    let mut worst = ["8 x 48 taps", "ITU FIR"].map(|kernel| {
        [Worst::new("meter", &name(kernel, "over")), Worst::new("meter", &name(kernel, "under"))]
    });
    for &rate in rates {
        let cases = [
            ("15", peak_sine(rate, 4.0, 0.5, 0.0), -6.0),
            ("16", peak_sine(rate, 4.0, 0.5, 45.0), -6.0),
            ("17", peak_sine(rate, 6.0, 0.5, 60.0), -6.0),
            ("18", peak_sine(rate, 8.0, 0.5, 67.5), -6.0),
            ("19", peak_sine(rate, 4.0, 1.41, 45.0), 3.0),
            ("20", peak_burst(rate, 0), 0.0),
            ("21", peak_burst(rate, 1), 0.0),
            ("22", peak_burst(rate, 2), 0.0),
            ("23", peak_burst(rate, 3), 0.0),
        ];
        for (kernel, worst) in [TruePeak::Fine, TruePeak::Itu].into_iter().zip(&mut worst) {
            for (name, audio, wanted) in &cases {
                let config = LoudnessConfig {
                    true_peak_kernel: kernel,
                    measure_loudness: false,
                    ..LoudnessConfig::default()
                };
                let mut meter = meter(rate, 2, config);
                feed(&mut meter, audio);
                meter.finish();
                let error = read(&meter, R::TRUE_PEAK_DB) - wanted;
                worst[0].take(error, format!("signal {name} at {rate} Hz"));
                worst[1].take(-error, format!("signal {name} at {rate} Hz"));
            }
        }
    }
    let [[fine_over, fine_under], [itu_over, itu_under]] = worst;
    fine_over.hold(0.1, "dB", "EBU Tech 3341-2023");
    fine_under.hold(0.2, "dB", "EBU Tech 3341-2023");
    itu_over.hold(0.2, "dB", "EBU Tech 3341-2023");
    itu_under.hold(0.4, "dB", "EBU Tech 3341-2023");
}

#[test]
fn full_scale_997_hz_on_one_channel_at_every_rate() {
    let mut rates: Vec<f64> =
        (0..40).map(|i| 8_000.0 * 48f64.powf(i as f64 / 39.0)).map(f64::round).collect();
    rates.extend([
        8e3, 11_025.0, 16e3, 22_050.0, 24e3, 32e3, 44_100.0, 48e3, 88_200.0, 96e3, 176_400.0, 192e3,
    ]);
    rates.extend([352_800.0, 384e3]);
    let mut low = Worst::new("meter", "997 Hz at full scale on one channel reads -3.010, 8 to 32 kHz");
    let mut high = Worst::new("meter", "997 Hz at full scale on one channel reads -3.010, 32 to 384 kHz");
    for rate in depth::every(3, "997 Hz", rates.into_iter()) {
        // A whole number of periods in 3 s; the blocks are not.
        let frames = (4.0 * rate) as usize;
        let sine = |n: usize| (2.0 * std::f64::consts::PI * 997.0 * n as f64 / rate).sin();
        let mut left: Vec<f32> = (0..frames).map(|n| sine(n) as f32).collect();
        let mut right = vec![0f32; frames];
        let mut meter = meter(rate, 2, without_peaks());
        meter.process(&mut [&mut left, &mut right], &[]).unwrap();
        let error = (read(&meter, R::INTEGRATED) + 3.010).abs();
        let worst = if rate < 32e3 { &mut low } else { &mut high };
        worst.take(error, format!("{rate} Hz"));
    }
    low.hold(0.02, "LU", "BS.1770-5");
    high.hold(0.01, "LU", "BS.1770-5");
}

#[test]
fn calibration_and_layouts() {
    let rate = 48_000.0;
    let mut stereo = meter(rate, 2, without_peaks());
    feed(&mut stereo, &tone(&[(5.0, -18.0)], rate, 2));
    assert!((read(&stereo, R::INTEGRATED) + 18.0).abs() < 0.01);
    // The same signal as one channel is 3 dB quieter, as dual mono as loud.
    for (layout, wanted) in [(Layout::Mono, -21.01), (Layout::DualMono, -18.0)] {
        let mut mono = meter(rate, 1, LoudnessConfig { layout, ..without_peaks() });
        feed(&mut mono, &tone(&[(5.0, -18.0)], rate, 1));
        assert!((read(&mono, R::INTEGRATED) - wanted).abs() < 0.01);
    }
    // Only low-frequency effects: nothing to hear, so no reading.
    let mut audio = vec![vec![0.0; 96_000]; 6];
    audio[3] = tone(&[(2.0, -10.0)], rate, 1).remove(0);
    let mut surround = meter(rate, 6, LoudnessConfig::default());
    feed(&mut surround, &audio);
    assert_eq!(surround.get(R::INTEGRATED), None);
    assert_eq!(surround.get(R::MOMENTARY), None);
    assert!((read(&surround, R::TRUE_PEAK_DB) + 10.0).abs() < 0.01, "its peaks are measured");
    // A 7.1 side channel weighs 1.41, a back channel 1.
    for (channel, weight) in [(4, 1.41f64), (6, 1.0)] {
        let mut audio = vec![vec![0.0; 240_000]; 8];
        audio[channel] = tone(&[(5.0, -18.0)], rate, 1).remove(0);
        let mut meter = meter(rate, 8, without_peaks());
        feed(&mut meter, &audio);
        let wanted = -21.01 + 10.0 * weight.log10();
        assert!((read(&meter, R::INTEGRATED) - wanted).abs() < 0.01);
        let share = meter.channel(channel).unwrap().share.unwrap();
        assert!((share - 1.0).abs() < 1e-12);
    }
}

/// A tone on each channel of 22.2 in turn, by layout and by the loudspeakers' places.
#[test]
fn every_channel_of_22_2_and_the_same_by_angle() {
    let rate = 48_000.0;
    let sides = [0, 1, 10, 11];
    let low = [3, 9];
    let custom = LoudnessConfig { layout: Layout::Custom, speakers: 24, ..without_peaks() };
    // Azimuth and elevation in the order of BS.2051, system H; the two low ones are said to be so.
    let places = [
        60, -60, 0, 0, 135, -135, 30, -30, 180, 0, 90, -90, 45, -45, 0, 0, 135, -135, 90, -90, 180, 0, 45,
        -45,
    ];
    let mut worst =
        Worst::new("meter", "a tone on each channel of 22.2, by layout and by azimuth and elevation");
    for channel in 0..24 {
        let mut audio = vec![vec![0.0; 24_000]; 24];
        audio[channel] = tone(&[(0.5, -18.0)], rate, 1).remove(0);
        let mut by_layout =
            meter(rate, 24, LoudnessConfig { layout: Layout::Surround222, ..without_peaks() });
        let mut by_angle = meter(rate, 24, custom);
        for (item, azimuth) in places.iter().enumerate() {
            let item = item as u16;
            let elevation = [0.0, 30.0, -30.0][(item >= 12) as usize + (item >= 21) as usize];
            by_angle.set(Speaker::AZIMUTH_DEG.at(item), f64::from(*azimuth)).unwrap();
            by_angle.set(Speaker::ELEVATION_DEG.at(item), elevation).unwrap();
            let is_low = f64::from(low.contains(&(item as usize)));
            by_angle.set(Speaker::LOW_FREQUENCY_EFFECTS.at(item), is_low).unwrap();
        }
        let weight: f64 = if sides.contains(&channel) { 1.41 } else { 1.0 };
        for meter in [&mut by_layout, &mut by_angle] {
            feed(meter, &audio);
            if low.contains(&channel) {
                assert_eq!(meter.integrated(), None, "channel {channel}");
            } else {
                // 0.698 dB of K-weighting at 1 kHz less the standard's 0.691
                let wanted = -21.0103 + 0.0067 + 10.0 * weight.log10();
                worst.take((read(meter, R::INTEGRATED) - wanted).abs(), format!("channel {channel}"));
            }
        }
    }
    worst.hold(0.01, "LU", "BS.1770-5, BS.2051");
}

#[test]
fn nothing_is_told_before_there_is_enough() {
    let rate = 48_000.0;
    let mut meter = meter(rate, 2, LoudnessConfig::default());
    for id in [R::MOMENTARY, R::SHORT_TERM, R::INTEGRATED, R::RANGE, R::TRUE_PEAK_DB, R::PLR, R::RMS_DB] {
        assert_eq!(meter.get(id), None);
    }
    feed_and_look(&mut meter, &tone(&[(3.5, -20.0)], rate, 2), |meter, time| {
        assert_eq!(meter.get(R::MOMENTARY).is_some(), time > 0.395, "{time}");
        assert_eq!(meter.get(R::INTEGRATED).is_some(), time > 0.395, "{time}");
        assert_eq!(meter.get(R::SHORT_TERM).is_some(), time > 2.995, "{time}");
        assert_eq!(meter.get(R::RANGE).is_some(), time > 2.995, "{time}");
        assert!(meter.get(R::TRUE_PEAK_DB).is_some());
    });
}
