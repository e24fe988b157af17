//! Where a sound stands between left and right: pan, dual pan, rotation, width, imager, Haas, decorrelation, crossfeed.

mod common;

use common::level::{decibels, gain, sine};
use common::spectrum::fft;
use common::{Bound, Random, measured};
use mixdsp::{
    Crossfeed, CrossfeedParams, Decorrelator, DecorrelatorReadings, DualPan, DualPanParams, Haas, HaasParams,
    HaasReadings, HaasSide, Imager, ImagerBand, ImagerConfig, ImagerParams, NoConfig, Pan, PanLaw, PanParams,
    Processor, Rotation, RotationParams, Spec, Width, WidthParams,
};
use num_complex::Complex;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_PI_2, TAU};

const RATE: f64 = 48_000.0;
const STEREO: Spec = Spec::new(RATE, 2);
const MONO: Spec = Spec::new(RATE, 1).with_outputs(2);

fn run(unit: &mut dyn Processor<f64>, [left, right]: [&[f64]; 2]) -> [Vec<f64>; 2] {
    let (mut left, mut right) = (left.to_vec(), right.to_vec());
    unit.process(&mut [&mut left, &mut right], &[]).expect("it fits");
    [left, right]
}

/// What one frame of each side becomes, once at rest.
fn frame(unit: &mut dyn Processor<f64>, sides: [f64; 2]) -> [f64; 2] {
    let [left, right] = run(unit, [&[sides[0]], &[sides[1]]]);
    [left[0], right[0]]
}

/// By how much a level is off what it should be; two silences are alike.
fn off(is: f64, should_be: f64) -> f64 {
    if is == 0.0 && should_be.abs() < 1e-12 { 0.0 } else { decibels(is / should_be).abs() }
}

fn impulse(frames: usize) -> Vec<f64> {
    let mut samples = vec![0.0; frames];
    samples[0] = 1.0;
    samples
}

fn spectrum(samples: &[f64]) -> Vec<Complex<f64>> {
    let mut bins: Vec<Complex<f64>> = samples.iter().map(|x| Complex::from(*x)).collect();
    fft(&mut bins);
    bins.truncate(samples.len() / 2);
    bins
}

const LAWS: [(PanLaw, f64); 5] = [
    (PanLaw::ConstantPower, -3.0103),
    (PanLaw::Compromise, -4.5),
    (PanLaw::ConstantSum, -6.0206),
    (PanLaw::Linear, -6.0206),
    (PanLaw::Centre, -2.5),
];

/// The gain of a side that the sound has gone `away` from.
fn by_theory(law: PanLaw, centre_db: f64, away: f64) -> f64 {
    match law {
        PanLaw::Linear => 1.0 - away,
        _ if away == 1.0 => 0.0,
        _ => (FRAC_PI_2 * away).cos().powf(-centre_db / (20.0 * 2f64.sqrt().log10())),
    }
}

#[test]
fn pan_laws_keep_power_or_sum() {
    let (mut power, mut sum, mut centre, mut formula) = (0.0f64, 0.0f64, 0.0f64, 0.0f64);
    for (law, centre_db) in LAWS {
        for step in -100..=100 {
            let pan = f64::from(step) / 100.0;
            let mut unit =
                Pan::<f64>::new(MONO, NoConfig, PanParams { pan, law, centre_db: -2.5 }).expect("in range");
            let [left, right] = frame(&mut unit, [1.0, 0.0]);
            match law {
                PanLaw::ConstantPower => power = power.max(off(left.hypot(right), 1.0)),
                PanLaw::ConstantSum | PanLaw::Linear => sum = sum.max(off(left + right, 1.0)),
                _ => {}
            }
            if step == 0 {
                centre = centre.max((decibels(left) - centre_db).abs()).max((left - right).abs());
            }
            let [away_left, away_right] = [0.5 * (1.0 + pan), 0.5 * (1.0 - pan)];
            formula = formula.max(off(left, by_theory(law, centre_db, away_left)));
            formula = formula.max(off(right, by_theory(law, centre_db, away_right)));
            // Dual pan: each channel stands where a mono sound would.
            let params = DualPanParams { left_pan: pan, right_pan: -pan, law, centre_db: -2.5 };
            let mut dual = DualPan::<f64>::new(STEREO, NoConfig, params).expect("in range");
            assert_eq!(frame(&mut dual, [1.0, 0.0]), [left, right]);
            let [mirrored_left, mirrored_right] = frame(&mut dual, [0.0, 1.0]);
            assert!((mirrored_left - right).abs() < 1e-15 && (mirrored_right - left).abs() < 1e-15);
            // Balance: the near side stays, the far one fades from 1.
            let mut balance =
                Pan::<f64>::new(STEREO, NoConfig, PanParams { pan, law, centre_db: -2.5 }).expect("in range");
            let [left, right] = frame(&mut balance, [1.0, 1.0]);
            let (near, far) = if pan > 0.0 { (right, left) } else { (left, right) };
            assert_eq!(near, 1.0);
            formula = formula.max(off(far, by_theory(law, centre_db, pan.abs())));
        }
    }
    let rows = [
        ("constant power over the range", power),
        ("sum of constant sum and linear over the range", sum),
        ("level in the centre", centre),
        ("every law, dual pan and balance against the formula", formula),
    ];
    for (what, value) in rows {
        measured("placement", &format!("pan: {what}"), Bound::AtMost(0.001), value, "dB", "theory");
    }
}

#[test]
fn a_dual_pan_moves_with_even_power() {
    let mut unit = DualPan::<f64>::new(STEREO, NoConfig, ()).expect("it builds");
    unit.set(DualPanParams::LEFT_PAN, 1.0).expect("in range");
    let [left, right] = run(&mut unit, [&[1.0; 1_000], &[0.0; 1_000]]);
    let ripple = left.iter().zip(&right).map(|(l, r)| decibels(l.hypot(*r)).abs()).fold(0.0, f64::max);
    let what = "dual pan: power while a side crosses in 20 ms";
    measured("placement", what, Bound::AtMost(0.05), ripple, "dB", "theory");
    assert_eq!((left[999], right[999]), (0.0, 1.0));
}

#[test]
fn where_nothing_changes_no_bit_does() {
    let mut random = Random::new(1);
    let [left, right] = [(); 2].map(|()| (0..5_000).map(|_| random.noise()).collect::<Vec<f64>>());
    let units: [Box<dyn Processor<f64>>; 4] = [
        Box::new(Width::new(STEREO, NoConfig, WidthParams { width: 1.0 }).expect("in range")),
        Box::new(Rotation::new(STEREO, NoConfig, ()).expect("in range")),
        Box::new(DualPan::new(STEREO, NoConfig, ()).expect("in range")),
        Box::new(Pan::new(STEREO, NoConfig, ()).expect("in range")),
    ];
    for mut unit in units {
        assert!(run(&mut *unit, [&left, &right]) == [left.clone(), right.clone()]);
    }
    let (what, bound) =
        ("width 1, rotation 0, dual pan -1 and 1, balance 0: frames that changed", Bound::Equals(0.0));
    measured("placement", what, bound, 0.0, "", "theory");
}

#[test]
fn rotation_keeps_the_power_of_every_sound() {
    let mut worst = 0.0f64;
    for degrees in -90..=90 {
        let params = RotationParams { angle_deg: f64::from(degrees) };
        let mut unit = Rotation::<f64>::new(STEREO, NoConfig, params).expect("in range");
        for sides in [[1.0, 0.0], [0.0, 1.0], [0.6, 0.6], [0.3, -0.8]] {
            let [left, right] = frame(&mut unit, sides);
            worst = worst.max(off(left.hypot(right), f64::hypot(sides[0], sides[1])));
        }
    }
    measured("placement", "rotation: power at any angle", Bound::AtMost(0.001), worst, "dB", "theory");
    let turned = |angle_deg, sides| {
        let params = RotationParams { angle_deg };
        frame(&mut Rotation::<f64>::new(STEREO, NoConfig, params).expect("in range"), sides)
    };
    let [left, right] = turned(45.0, [FRAC_1_SQRT_2, FRAC_1_SQRT_2]);
    assert!(
        left.abs() < 1e-15 && (right - 1.0).abs() < 1e-15,
        "the centre stands on the right: {left} {right}"
    );
    assert_eq!(turned(90.0, [1.0, 0.0]), [0.0, 1.0]);
    assert_eq!(turned(-90.0, [0.0, 1.0]), [1.0, 0.0]);
    let mut unit =
        Rotation::<f64>::new(STEREO, NoConfig, RotationParams { angle_deg: -90.0 }).expect("in range");
    unit.set(RotationParams::ANGLE_DEG, 90.0).expect("in range");
    let [left, right] = run(&mut unit, [&[1.0; 1_000], &[0.0; 1_000]]);
    let ripple = left.iter().zip(&right).map(|(l, r)| decibels(l.hypot(*r)).abs()).fold(0.0, f64::max);
    measured("placement", "rotation: power on the way", Bound::AtMost(0.05), ripple, "dB", "theory");
}

#[test]
fn imager_is_mono_below_and_untouched_above() {
    const FRAMES: usize = 1 << 16;
    let (mut correlation, mut side, mut crossed) = (f64::INFINITY, 0.0f64, f64::NEG_INFINITY);
    for mono_below_hz in [60.0, 120.0, 250.0] {
        let params = ImagerParams { mono_below_hz, ..Default::default() };
        let mut unit = Imager::<f64>::new(STEREO, ImagerConfig::default(), params).expect("in range");
        // Left alone: as far from mono as a sound of one side is.
        let [left, right] =
            run(&mut unit, [&impulse(FRAMES), &vec![0.0; FRAMES]]).map(|side| spectrum(&side));
        for (bin, (l, r)) in left.iter().zip(&right).enumerate().skip(3) {
            let hz = bin as f64 * RATE / FRAMES as f64;
            if hz <= 0.5 * mono_below_hz {
                correlation = correlation.min((l * r.conj()).re / (l.norm() * r.norm()));
            }
            if hz >= 2.0 * mono_below_hz {
                side = side.max(decibels((l - r).norm()).abs());
            }
            if hz >= 4.0 * mono_below_hz {
                crossed = crossed.max(decibels(r.norm()));
            }
        }
    }
    let what = "imager: correlation at and below half the mono frequency, least";
    measured("placement", what, Bound::AtLeast(0.999), correlation, "", "its impulse response");
    let what = "imager: side at and above twice the mono frequency";
    measured("placement", what, Bound::AtMost(0.05), side, "dB", "its impulse response");
    let what = "imager: left in right, two octaves above the mono frequency";
    measured("placement", what, Bound::AtMost(-90.0), crossed, "dB", "its impulse response");
}

#[test]
fn imager_has_a_width_in_each_band() {
    const FRAMES: usize = 1 << 15;
    let bands = [ImagerBand { from_hz: 800.0, width: 0.5 }, ImagerBand { from_hz: 5_000.0, width: 1.5 }];
    let params = ImagerParams { mono_below_hz: 100.0, low_width: 0.25, width: 1.25 };
    let settings = (params, &bands[..]);
    let mut unit = Imager::<f64>::new(STEREO, ImagerConfig { bands: 2 }, settings).expect("in range");
    let side: Vec<f64> = impulse(FRAMES).iter().map(|x| -x).collect();
    let [left, right] = run(&mut unit, [&impulse(FRAMES), &side]).map(|side| spectrum(&side));
    let mut worst = 0.0f64;
    for (hz, width) in [(25.0, 0.25), (283.0, 1.25), (2_000.0, 0.5), (14_000.0, 1.5)] {
        let bin = (hz / RATE * FRAMES as f64).round() as usize;
        assert!((left[bin] + right[bin]).norm() < 1e-12, "the side stays the side");
        worst = worst.max(off(left[bin].norm(), width));
    }
    measured("placement", "imager: width in the middle of a band", Bound::AtMost(0.1), worst, "dB", "theory");
    let alike = unit.response(440.0, mixdsp::engine::kind::ResponseAt::Now).expect("it has one");
    assert!((alike.norm() - 1.0).abs() < 1e-9, "the mid keeps its level");
}

/// Mean over third octaves of what is asked at each bin, with the third's middle.
fn thirds<V: std::iter::Sum + std::ops::Div<f64, Output = V>>(
    frames: usize,
    rate: f64,
    from_hz: f64,
    at: impl Fn(usize) -> V,
) -> Vec<(f64, V)> {
    let middles = (-20..=13).map(|third| 1_000.0 * 2f64.powf(f64::from(third) / 3.0));
    let edge = |hz: f64| (hz / rate * frames as f64).ceil() as usize;
    let all = middles.filter(|hz| *hz >= from_hz && hz * 1.13 < 0.5 * rate).map(|hz| {
        let bins = edge(hz * 2f64.powf(-1.0 / 6.0))..edge(hz * 2f64.powf(1.0 / 6.0));
        let count = bins.len() as f64;
        (hz, bins.map(&at).sum::<V>() / count)
    });
    all.collect()
}

#[test]
fn decorrelated_sides_are_unlike_and_keep_their_colour() {
    const FRAMES: usize = 1 << 17;
    for rate in [44_100.0, 48_000.0, 96_000.0] {
        let spec = Spec::new(rate, 1).with_outputs(2);
        let mut unit = Decorrelator::<f64>::new(spec, NoConfig, ()).expect("in range");
        let [left, right] = run(&mut unit, [&impulse(FRAMES), &impulse(FRAMES)]).map(|side| spectrum(&side));
        let power = |from: &dyn Fn(usize) -> f64| {
            let levels = thirds(FRAMES, rate, 49.0, from).into_iter();
            levels.map(|(_, power)| (10.0 * power.log10()).abs()).fold(0.0, f64::max)
        };
        let colour = power(&|bin| left[bin].norm_sqr()).max(power(&|bin| right[bin].norm_sqr()));
        let mono = power(&|bin| (0.5 * (left[bin] + right[bin])).norm_sqr());
        let both = thirds(FRAMES, rate, 499.0, |bin| left[bin] * right[bin].conj());
        let lefts = thirds(FRAMES, rate, 499.0, |bin| left[bin].norm_sqr());
        let rights = thirds(FRAMES, rate, 499.0, |bin| right[bin].norm_sqr());
        let coherence = both.iter().zip(&lefts).zip(&rights);
        let coherence = coherence.map(|((both, left), right)| both.1.norm() / (left.1 * right.1).sqrt());
        let coherence = coherence.fold(0.0, f64::max);
        let rows = [
            ("coherence above 500 Hz by third octaves", coherence, 0.3, ""),
            ("each channel by third octaves from 50 Hz", colour, 2.5, "dB"),
            ("mono sum by third octaves from 50 Hz", mono, 2.5, "dB"),
        ];
        for (what, value, bound, unit) in rows {
            let what = format!("decorrelation at {rate} Hz: {what}");
            measured("placement", &what, Bound::AtMost(bound), value, unit, "its impulse response");
        }
    }
}

/// What a mono sum loses, in decibels.
fn mono_loss([left, right]: &[Vec<f64>; 2], from: usize) -> f64 {
    let pairs = left[from..].iter().zip(&right[from..]);
    let (sum, both) =
        pairs.fold((0.0, 0.0), |(sum, both), (l, r)| (sum + (l + r) * (l + r), both + 2.0 * (l * l + r * r)));
    -10.0 * (sum / both).log10()
}

#[test]
fn the_loss_in_mono_is_told() {
    let mut random = Random::new(4);
    // Noise of even power, so that any average of it is the same.
    let noise: Vec<f64> = (0..480_000).map(|_| if random.noise() < 0.0 { -0.3 } else { 0.3 }).collect();
    let mut worst = 0.0f64;
    let mut haas = Haas::<f64>::new(MONO, NoConfig, ()).expect("in range");
    let heard = run(&mut haas, [&noise, &noise]);
    worst =
        worst.max((haas.get(HaasReadings::MONO_LOSS_DB).expect("heard") - mono_loss(&heard, 400_000)).abs());
    let mut wide = Decorrelator::<f64>::new(MONO, NoConfig, ()).expect("in range");
    let heard = run(&mut wide, [&noise, &noise]);
    let told = wide.get(DecorrelatorReadings::MONO_LOSS_DB).expect("heard");
    worst = worst.max((told - mono_loss(&heard, 400_000)).abs());
    let what = "Haas and decorrelator: loss of noise in mono told, against what is heard";
    measured("placement", what, Bound::AtMost(0.1), worst, "dB", "the mono sum");
}

#[test]
fn haas_tells_its_comb() {
    let mut worst = 0.0f64;
    for (delay_ms, level_db) in [(5.0, -3.0), (12.0, -6.0), (17.3, -1.0), (35.0, -12.0)] {
        let params = HaasParams { delay_ms, level_db, ..Default::default() };
        let level = |turns: f64| {
            let mut unit = Haas::<f64>::new(MONO, NoConfig, params).expect("in range");
            let hz = turns * 1_000.0 / delay_ms;
            let [left, right] = run(&mut unit, [&sine(RATE, hz, 0.5, 48_000), &[0.0; 48_000]]);
            let sum = left[9_600..].iter().zip(&right[9_600..]).map(|(l, r)| (l + r) * (l + r));
            10.0 * sum.sum::<f64>().log10()
        };
        let unit = Haas::<f64>::new(MONO, NoConfig, params).expect("in range");
        let told = unit.get(HaasReadings::COMB_LOSS_DB).expect("it is known");
        worst = worst.max((level(1.0) - level(0.5) - told).abs());
    }
    let what = "Haas: comb of the mono sum told, against sines at a top and a bottom";
    measured("placement", what, Bound::AtMost(0.1), worst, "dB", "the mono sum");
}

#[test]
fn haas_delays_one_side_by_whole_frames_exactly() {
    let params = HaasParams { delay_ms: 10.0, level_db: -6.0, side: HaasSide::Right };
    let mut unit = Haas::<f64>::new(STEREO, NoConfig, params).expect("in range");
    let [left, right] = run(&mut unit, [&impulse(2_000), &impulse(2_000)]);
    assert_eq!(right, impulse(2_000));
    let hits: Vec<(usize, f64)> = left.iter().copied().enumerate().filter(|(_, y)| *y != 0.0).collect();
    assert_eq!(hits, [(480, gain(-6.0))]);
}

#[test]
fn crossfeed_is_that_of_its_formula() {
    let mut worst = 0.0f64;
    for (frequency_hz, feed_db) in [(700.0, 4.5), (700.0, 6.0), (650.0, 9.5), (1_500.0, 2.0)] {
        let params = CrossfeedParams { frequency_hz, feed_db };
        let mut unit = Crossfeed::<f64>::new(STEREO, NoConfig, params).expect("in range");
        const FRAMES: usize = 1 << 14;
        let [own, other] = run(&mut unit, [&impulse(FRAMES), &vec![0.0; FRAMES]]).map(|side| spectrum(&side));
        // At the lowest frequencies both together are 0 dB, the other side the feed under the own.
        worst = worst.max(decibels((own[0] + other[0]).norm()).abs());
        worst = worst.max((decibels(own[0].norm() / other[0].norm()) - feed_db).abs());
        // The low-pass has fallen by 3 dB at its corner.
        let bin = (frequency_hz / RATE * FRAMES as f64).round();
        let z1 = Complex::from_polar(1.0, -TAU * bin / FRAMES as f64);
        let pole = (-TAU * frequency_hz / RATE).exp();
        let by_theory = other[0] * (1.0 - pole) / (1.0 - pole * z1);
        worst = worst.max(off(other[bin as usize].norm(), by_theory.norm()));
    }
    measured("placement", "crossfeed: level and feed", Bound::AtMost(0.001), worst, "dB", "theory");
}
