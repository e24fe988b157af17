//! Biquads on their own: the designs, the two ways to run them, and what they say about themselves.

mod common;

use common::{Bound, Random, measured};
use mixdsp::dsp::filter::design::{Pass, Prototype, Shape, Svf, bilinear, matched};
use mixdsp::dsp::filter::{Biquad, Coefficients, Section};
use mixdsp::{Sample, Spec};
use num_complex::Complex;
use std::f64::consts::{PI, TAU};

const SHAPES: [Shape; 12] = [
    Shape::Bell,
    Shape::LowShelf,
    Shape::HighShelf,
    Shape::LowPass,
    Shape::HighPass,
    Shape::BandPass,
    Shape::Notch,
    Shape::AllPass,
    Shape::LowPass1,
    Shape::HighPass1,
    Shape::AllPass1,
    Shape::Tilt,
];

fn ratio(random: &mut Random, low: f64, high: f64) -> f64 {
    low * (high / low).powf(random.share())
}

/// The Audio EQ Cookbook's coefficients as it prints them, `[b0, b1, b2, a0, a1, a2]`.
fn cookbook(p: &Prototype, sample_rate: f64) -> [f64; 6] {
    let (sine, cosine) = (TAU * p.frequency_hz / sample_rate).sin_cos();
    let alpha = sine / (2.0 * p.q);
    let a = 10f64.powf(p.gain_db / 40.0);
    let root = 2.0 * a.sqrt() * alpha;
    let (plus, minus) = (a + 1.0, a - 1.0);
    let [a0, a1, a2] = [1.0 + alpha, -2.0 * cosine, 1.0 - alpha];
    match p.shape {
        Shape::Bell => [1.0 + alpha * a, a1, 1.0 - alpha * a, 1.0 + alpha / a, a1, 1.0 - alpha / a],
        Shape::LowShelf => [
            a * (plus - minus * cosine + root),
            2.0 * a * (minus - plus * cosine),
            a * (plus - minus * cosine - root),
            plus + minus * cosine + root,
            -2.0 * (minus + plus * cosine),
            plus + minus * cosine - root,
        ],
        Shape::HighShelf => [
            a * (plus + minus * cosine + root),
            -2.0 * a * (minus + plus * cosine),
            a * (plus + minus * cosine - root),
            plus - minus * cosine + root,
            2.0 * (minus - plus * cosine),
            plus - minus * cosine - root,
        ],
        Shape::LowPass => [(1.0 - cosine) / 2.0, 1.0 - cosine, (1.0 - cosine) / 2.0, a0, a1, a2],
        Shape::HighPass => [(1.0 + cosine) / 2.0, -1.0 - cosine, (1.0 + cosine) / 2.0, a0, a1, a2],
        Shape::BandPass => [alpha, 0.0, -alpha, a0, a1, a2],
        Shape::Notch => [1.0, a1, 1.0, a0, a1, a2],
        _ => [1.0 - alpha, a1, 1.0 + alpha, a0, a1, a2],
    }
}

#[test]
fn the_cookbook_design_is_the_cookbook() {
    let mut random = Random::new(1);
    let mut worst = 0.0f64;
    for i in 0..20_000 {
        let prototype = Prototype {
            shape: SHAPES[i % 8],
            frequency_hz: ratio(&mut random, 20.0, 20_000.0),
            q: ratio(&mut random, 0.1, 40.0),
            gain_db: 24.0 * random.noise(),
        };
        let [b0, b1, b2, a0, a1, a2] = cookbook(&prototype, 48_000.0);
        let theirs = Coefficients::new([b0, b1, b2], [a0, a1, a2]).unwrap();
        let ours = Coefficients::cookbook(&prototype, 48_000.0);
        let pairs = ours.b.iter().zip(&theirs.b).chain(ours.a.iter().zip(&theirs.a));
        let scale = theirs.b.iter().fold(1.0f64, |scale, b| scale.max(b.abs()));
        pairs.for_each(|(ours, theirs)| worst = worst.max((ours - theirs).abs() / scale));
    }
    let asked = "cookbook design: distance of a coefficient";
    measured("biquad", asked, Bound::AtMost(1e-12), worst, "", "Audio EQ Cookbook");
}

#[test]
fn first_order_designs_are_of_first_order() {
    let mut worst = 0.0f64;
    for shape in [Shape::LowPass1, Shape::HighPass1, Shape::AllPass1] {
        for frequency_hz in [30.0, 1_000.0, 15_000.0] {
            let prototype = Prototype { shape, frequency_hz, q: 1.0, gain_db: 0.0 };
            let ours = Coefficients::cookbook(&prototype, 48_000.0);
            assert_eq!((ours.b[2], ours.a[1]), (0.0, 0.0));
            let warp = (PI * frequency_hz / 48_000.0).tan();
            for f in [0.0, 10.0, 997.0, 9_000.0, 20_000.0] {
                let s = Complex::new(0.0, (PI * f / 48_000.0).tan() / warp);
                let wanted = match shape {
                    Shape::LowPass1 => 1.0 / (s + 1.0),
                    Shape::HighPass1 => s / (s + 1.0),
                    _ => (1.0 - s) / (1.0 + s),
                };
                worst = worst.max((ours.response(f, 48_000.0) - wanted).norm());
            }
        }
    }
    measured("biquad", "first order: distance of the response", Bound::AtMost(1e-11), worst, "", "theory");
}

#[test]
fn a_hundred_thousand_designs_are_stable() {
    let mut random = Random::new(2);
    let mut wrong = 0;
    for i in 0..100_000 {
        let sample_rate = ratio(&mut random, 8_000.0, 384_000.0);
        let prototype = Prototype {
            shape: SHAPES[i % SHAPES.len()],
            frequency_hz: ratio(
                &mut random,
                10.0,
                if i % 5 == 0 { sample_rate } else { 0.499 * sample_rate },
            ),
            q: ratio(&mut random, 0.1, 40.0),
            gain_db: 24.0 * random.noise(),
        };
        for coefficients in
            [Coefficients::matched(&prototype, sample_rate), Coefficients::cookbook(&prototype, sample_rate)]
        {
            let poles = coefficients.poles().iter().all(|pole| pole.norm() < 1.0 + 1e-12);
            let sound = coefficients.is_stable() && poles && coefficients.to_svf().is_some();
            wrong += i32::from(!sound);
        }
    }
    let asked = "unstable of 200 000 random designs";
    measured("biquad", asked, Bound::Equals(0.0), wrong.into(), "", "stability triangle");
}

#[test]
fn what_is_not_stable_is_told() {
    let told = |a1: f64, a2: f64| Coefficients { b: [1.0, 0.0, 0.0], a: [a1, a2] }.is_stable();
    assert!(told(0.0, 0.0) && told(-1.9, 0.95) && told(0.0, 0.99));
    assert!(!told(0.0, 1.0) && !told(0.0, -1.0) && !told(2.0, 1.0) && !told(-1.96, 0.95));
    assert!(!told(f64::NAN, 0.0) && !told(0.0, f64::INFINITY));
    assert!(!Coefficients { b: [f64::NAN, 0.0, 0.0], a: [0.0; 2] }.is_stable());
    assert_eq!(Coefficients::new([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]), None);
    assert_eq!(Coefficients::new([2.0, 1.0, 0.0], [2.0, 1.0, 0.5]).unwrap().a, [0.5, 0.25]);
    let poles = Coefficients { b: [1.0, 0.0, 0.0], a: [-1.0, 0.5] }.poles();
    assert!(
        (poles[0] - Complex::new(0.5, 0.5)).norm() < 1e-12 && (poles[1] - poles[0].conj()).norm() < 1e-12
    );
}

/// The Fourier sum of an impulse response.
fn transform(response: &[f64], frequency_hz: f64, sample_rate: f64) -> Complex<f64> {
    let step = -TAU * frequency_hz / sample_rate;
    response.iter().enumerate().map(|(n, y)| Complex::from_polar(*y, step * n as f64)).sum()
}

fn impulse<T: Sample>(frames: usize) -> Vec<T> {
    let mut audio = vec![T::ZERO; frames];
    audio[0] = T::ONE;
    audio
}

#[test]
fn both_ways_to_run_give_the_response() {
    let mut worst = 0.0f64;
    for shape in SHAPES {
        for frequency_hz in [100.0, 3_000.0, 14_000.0] {
            let prototype = Prototype { shape, frequency_hz, q: 0.9, gain_db: -9.0 };
            let coefficients = Coefficients::matched(&prototype, 48_000.0);
            let mut direct = impulse::<f64>(12_000);
            Biquad::new(coefficients).process(&mut direct);
            let mut variable = impulse::<f64>(12_000);
            Section::new(matched(&prototype, 48_000.0)).process(&mut variable);
            for f in [20.0, 500.0, 2_900.0, 11_000.0, 19_000.0] {
                let told = coefficients.response(f, 48_000.0);
                worst = worst.max((transform(&direct, f, 48_000.0) - told).norm());
                worst = worst.max((transform(&variable, f, 48_000.0) - told).norm());
            }
        }
    }
    let asked = "response: distance from the impulse response's, both forms";
    measured("biquad", asked, Bound::AtMost(1e-5), worst, "", "a Fourier sum");
}

#[test]
fn butterworth_sections_multiply_to_the_textbook() {
    let mut worst = 0.0f64;
    for (pass, order) in [(Pass::Low, 1), (Pass::High, 2), (Pass::Low, 5), (Pass::High, 8), (Pass::Low, 16)] {
        for frequency_hz in [80.0, 1_000.0, 12_000.0] {
            let sections = Coefficients::butterworth(pass, order, frequency_hz, 44_100.0);
            for i in 0..200 {
                let f = 20.0 * 1_000f64.powf(i as f64 / 199.0);
                let w = if pass == Pass::Low { f / frequency_hz } else { frequency_hz / f };
                let wanted = -10.0 * (1.0 + w.powi(2 * order as i32)).log10();
                let product: Complex<f64> = sections.clone().map(|s| s.response(f, 44_100.0)).product();
                if wanted > -60.0 {
                    worst = worst.max((20.0 * product.norm().log10() - wanted).abs());
                }
            }
        }
    }
    let asked = "Butterworth to 96 dB per octave, 44.1 kHz";
    measured("biquad", asked, Bound::AtMost(1.0), worst, "dB", "theory");
}

/// A 220 Hz sine through a low-pass whose cutoff is drawn anew at every sample: its loudest sample.
fn redrawn<T: Sample>(q: f64, every: usize) -> f64 {
    let sample_rate = 48_000.0;
    let mut random = Random::new(q.to_bits());
    let mut section = Section::<T>::new(Svf::IDENTITY);
    let mut peak = 0.0f64;
    for n in 0..20 * 48_000 {
        if n % every == 0 {
            let frequency_hz = ratio(&mut random, 100.0, 12_000.0);
            let prototype = Prototype { shape: Shape::LowPass, frequency_hz, q, gain_db: 0.0 };
            section.set(bilinear(&prototype, sample_rate));
        }
        let x = (TAU * 220.0 * n as f64 / sample_rate).sin();
        peak = peak.max(section.run(T::from_f64(x)).to_f64().abs());
    }
    peak
}

#[test]
fn a_cutoff_redrawn_at_every_sample_never_exceeds_the_resonance() {
    let butterworth = std::f64::consts::FRAC_1_SQRT_2;
    for (q, rest, every) in
        [(butterworth, 1.0, 1), (4.0, 4.0, 1), (4.0, 4.0, 8), (20.0, 20.0, 1), (20.0, 20.0, 64)]
    {
        let peak = redrawn::<f32>(q, every).max(redrawn::<f64>(q, every));
        let when = if every == 1 { "sample".into() } else { format!("{every} samples") };
        let asked =
            format!("unsmoothed cutoff redrawn every {when}, Q {q:.3}: peak over the static resonance");
        measured("filter", &asked, Bound::AtMost(1.05), peak / rest, "", "theory");
    }
}

/// The direct form needs double precision at low frequencies; the state-variable form does not.
#[test]
fn the_state_variable_form_is_the_quiet_one() {
    let spec = Spec::new(192_000.0, 1);
    let bell = Prototype { shape: Shape::Bell, frequency_hz: 20.0, q: 1.0, gain_db: 12.0 };
    let svf = matched(&bell, spec.sample_rate);
    let mut random = Random::new(3);
    let noise: Vec<f32> = (0..192_000).map(|_| (0.1732 * random.noise()) as f32).collect();
    let mut exact: Vec<f64> = noise.iter().map(|x| f64::from(*x)).collect();
    Section::new(svf).process(&mut exact);
    let level = |audio: &[f32]| {
        let energy: f64 = audio.iter().zip(&exact).map(|(a, b)| (f64::from(*a) - b).powi(2)).sum();
        10.0 * (energy / audio.len() as f64).log10()
    };
    let (mut direct, mut variable) = (noise.clone(), noise.clone());
    Biquad::new(Coefficients::from(svf)).process(&mut direct);
    Section::new(svf).process(&mut variable);
    println!("bell at 20 Hz in f32: direct form {:.0} dBFS", level(&direct));
    let asked = "noise of f32, bell 20 Hz at 192 kHz, state-variable form";
    measured("biquad", asked, Bound::AtMost(-145.0), level(&variable), "dBFS", "itself in f64");
}
