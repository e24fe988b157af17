//! The designs against what they promise: decibels from the analogue curve, exact nulls, stability.
//!
//! The oracle is the Audio EQ Cookbook's prototype, written out here once more, and for the bilinear sections
//! the cookbook's own digital coefficients. `cargo test -p mixdsp --test filter_design -- --nocapture` prints
//! the measured worst of every row.

use std::f64::consts::{PI, SQRT_2};

use mixdsp::dsp::filter::design::{Prototype, Shape, Svf, bilinear, butterworth_q, matched};
use num_complex::Complex;

/// Frequencies per sweep, half of them spread by ratio and half evenly.
const SWEEP: usize = 800;
/// Designs per row of the acceptance table.
const DESIGNS: usize = 3_000;

const ALL: [Shape; 12] = [
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

struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn linear(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    fn ratio(&mut self, low: f64, high: f64) -> f64 {
        low * (high / low).powf(self.unit())
    }

    /// One of the two ends, one time in four.
    fn or_end(&mut self, value: f64, low: f64, high: f64) -> f64 {
        match (self.unit() * 8.0) as usize {
            0 => low,
            1 => high,
            _ => value,
        }
    }
}

/// The cookbook's analogue prototype.
fn analogue(p: &Prototype, frequency_hz: f64) -> Complex<f64> {
    let s = Complex::new(0.0, frequency_hz / p.frequency_hz);
    let a = 10f64.powf(p.gain_db / 40.0);
    let (q, root) = (p.q, a.sqrt());
    let resonance = s * s + s / q + 1.0;
    match p.shape {
        Shape::Bell => (s * s + s * (a / q) + 1.0) / (s * s + s / (a * q) + 1.0),
        Shape::LowShelf => (s * s + s * (root / q) + a) * a / (s * s * a + s * (root / q) + 1.0),
        Shape::HighShelf => (s * s * a + s * (root / q) + 1.0) * a / (s * s + s * (root / q) + a),
        Shape::LowPass => 1.0 / resonance,
        Shape::HighPass => s * s / resonance,
        Shape::BandPass => s / q / resonance,
        Shape::Notch => (s * s + 1.0) / resonance,
        Shape::AllPass => (s * s - s / q + 1.0) / resonance,
        Shape::LowPass1 => 1.0 / (s + 1.0),
        Shape::HighPass1 => s / (s + 1.0),
        Shape::AllPass1 => (1.0 - s) / (1.0 + s),
        Shape::Tilt => (s * s * a + s * (root / q) + 1.0) / (s * s + s * (root / q) + a),
    }
}

fn decibels(response: Complex<f64>) -> f64 {
    10.0 * response.norm_sqr().log10()
}

/// 20 Hz to 20 kHz, or to just below half the rate.
fn sweep(sample_rate: f64) -> impl Iterator<Item = f64> {
    let top = 20_000f64.min(0.499 * sample_rate);
    let part = |i: usize| i as f64 / (SWEEP / 2 - 1) as f64;
    (0..SWEEP / 2).flat_map(move |i| [20.0 * (top / 20.0).powf(part(i)), 20.0 + (top - 20.0) * part(i)])
}

/// Largest distance of the section from the analogue curve, where that is above -60 dB.
fn error_db(svf: &Svf, p: &Prototype, sample_rate: f64) -> f64 {
    let peak = [p.frequency_hz.min(20_000.0)];
    let error = |f: f64| {
        let wanted = decibels(analogue(p, f));
        if wanted < -60.0 { 0.0 } else { (decibels(svf.response(f, sample_rate)) - wanted).abs() }
    };
    sweep(sample_rate).chain(peak).map(error).fold(0.0, f64::max)
}

struct Row {
    shape: Shape,
    sample_rate: f64,
    frequency: (f64, f64),
    q: (f64, f64),
    gain: (f64, f64),
}

/// The worst error of a grid with the ends of all ranges and of random designs.
fn worst(row: &Row) -> f64 {
    let &Row { shape, sample_rate, frequency, q, gain } = row;
    let mut designs = Vec::new();
    for i in 0..=16 {
        let frequency_hz = frequency.0 * (frequency.1 / frequency.0).powf(i as f64 / 16.0);
        for j in 0..=2 {
            let q = q.0 * (q.1 / q.0).powf(j as f64 / 2.0);
            let gains = if gain.0 == gain.1 { 1 } else { 5 };
            for k in 0..gains {
                let gain_db = gain.0 + (gain.1 - gain.0) * k as f64 / 4.0;
                designs.push(Prototype { shape, frequency_hz, q, gain_db });
            }
        }
    }
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    while designs.len() < DESIGNS {
        let by_ratio = random.ratio(frequency.0, frequency.1);
        let evenly = random.linear(frequency.0, frequency.1);
        let frequency_hz = if designs.len() % 2 == 0 { by_ratio } else { evenly };
        let spread_q = random.ratio(q.0, q.1);
        let spread_gain = random.linear(gain.0, gain.1);
        designs.push(Prototype {
            shape,
            frequency_hz: random.or_end(frequency_hz, frequency.0, frequency.1),
            q: random.or_end(spread_q, q.0, q.1),
            gain_db: random.or_end(spread_gain, gain.0, gain.1),
        });
    }
    let mut worst = (0.0, designs[0]);
    for p in &designs {
        let error = error_db(&matched(p, sample_rate), p, sample_rate);
        assert!(error.is_finite(), "{p:?} at {sample_rate} Hz: {error}");
        if error > worst.0 {
            worst = (error, *p);
        }
    }
    println!("{shape:?} at {sample_rate} Hz, Q {q:?}: {:.4} dB at {:?}", worst.0, worst.1);
    worst.0
}

fn check(row: Row, bound_db: f64) {
    let worst = worst(&row);
    assert!(worst <= bound_db, "{:?} at {} Hz: {worst} dB, bound {bound_db}", row.shape, row.sample_rate);
}

const RATES: [f64; 3] = [44_100.0, 48_000.0, 96_000.0];
const AUDIBLE: (f64, f64) = (20.0, 20_000.0);

#[test]
fn bells_follow_the_analogue_curve() {
    for (sample_rate, bound_db) in RATES.into_iter().zip([0.30, 0.17, 0.01]) {
        let (frequency, q, gain) = ((20.0, 15_000.0), (0.5, 10.0), (-18.0, 18.0));
        check(Row { shape: Shape::Bell, sample_rate, frequency, q, gain }, bound_db);
    }
}

#[test]
fn bells_follow_the_analogue_curve_in_the_whole_range_of_an_equalizer() {
    for (sample_rate, bound_db) in RATES.into_iter().zip([0.30, 0.17, 0.01]) {
        let (frequency, q, gain) = ((10.0, 20_000.0), (0.1, 40.0), (-24.0, 24.0));
        check(Row { shape: Shape::Bell, sample_rate, frequency, q, gain }, bound_db);
    }
}

#[test]
fn shelves_follow_the_analogue_curve() {
    for shape in [Shape::LowShelf, Shape::HighShelf, Shape::Tilt] {
        for (sample_rate, bound_db) in RATES.into_iter().zip([0.15, 0.08, 0.005]) {
            let (frequency, q, gain) = (AUDIBLE, (0.5, 1.0), (-24.0, 24.0));
            check(Row { shape, sample_rate, frequency, q, gain }, bound_db);
        }
    }
}

#[test]
fn steep_shelves_follow_the_analogue_curve() {
    for shape in [Shape::LowShelf, Shape::HighShelf] {
        let row = |q| Row { shape, sample_rate: 44_100.0, frequency: AUDIBLE, q, gain: (-24.0, 24.0) };
        check(row((1.0, 1.5)), 0.30);
        check(row((1.5, 2.0)), 0.38);
        check(row((2.0, 4.0)), 2.2);
    }
}

#[test]
fn low_and_high_passes_follow_the_analogue_curve() {
    let row = |shape, sample_rate, q| Row { shape, sample_rate, frequency: AUDIBLE, q, gain: (0.0, 0.0) };
    for (sample_rate, bound_db) in RATES.into_iter().zip([0.22, 0.10, 0.001]) {
        check(row(Shape::LowPass, sample_rate, (0.1, 1.0)), bound_db);
    }
    for (sample_rate, bound_db) in RATES.into_iter().zip([0.15, 0.10, 0.005]) {
        check(row(Shape::HighPass, sample_rate, (0.5, 1.0)), bound_db);
    }
    // Below Q 0.5 the two zeros at 0 Hz leave too little freedom: 0.25 dB is the floor at 44.1 kHz.
    check(row(Shape::HighPass, 44_100.0, (0.1, 0.5)), 0.30);
}

#[test]
fn first_order_passes_follow_the_analogue_curve() {
    for shape in [Shape::LowPass1, Shape::HighPass1] {
        for (sample_rate, bound_db) in RATES.into_iter().zip([0.02, 0.01, 0.001]) {
            let (frequency, q, gain) = (AUDIBLE, (1.0, 1.0), (0.0, 0.0));
            check(Row { shape, sample_rate, frequency, q, gain }, bound_db);
        }
    }
}

#[test]
fn band_passes_and_notches_follow_the_analogue_curve() {
    let row = |shape, sample_rate, q| Row { shape, sample_rate, frequency: AUDIBLE, q, gain: (0.0, 0.0) };
    for (sample_rate, bound_db) in RATES.into_iter().zip([0.40, 0.25, 0.01]) {
        check(row(Shape::BandPass, sample_rate, (0.3, 10.0)), bound_db);
    }
    for (sample_rate, bound_db) in RATES.into_iter().zip([0.50, 0.30, 0.01]) {
        check(row(Shape::Notch, sample_rate, (0.3, 10.0)), bound_db);
    }
    for frequency_hz in [50.0, 1_000.0, 15_000.0] {
        let notch = Prototype { shape: Shape::Notch, frequency_hz, q: 2.0, gain_db: 0.0 };
        let depth = decibels(matched(&notch, 48_000.0).response(frequency_hz, 48_000.0));
        assert!(depth < -200.0, "notch at {frequency_hz} Hz is {depth} dB deep");
    }
}

#[test]
fn all_passes_turn_the_phase_where_the_analogue_one_does() {
    for sample_rate in [44_100.0, 48_000.0, 96_000.0] {
        for frequency_hz in [50.0, 1_000.0, 5_000.0, 12_000.0, 18_000.0] {
            for q in [0.3, SQRT_2 / 2.0, 3.0] {
                let p = Prototype { shape: Shape::AllPass, frequency_hz, q, gain_db: 0.0 };
                let svf = matched(&p, sample_rate);
                for f in sweep(sample_rate) {
                    let gain_db = decibels(svf.response(f, sample_rate));
                    assert!(gain_db.abs() < 1e-9, "{p:?}: {gain_db} dB at {f} Hz");
                }
                let off = |f: f64| (svf.response(f, sample_rate) / analogue(&p, f)).arg();
                // Radians at the centre, and what they change by over 0.2 % around it.
                assert!(off(frequency_hz).abs() < 1e-9);
                let change = off(1.001 * frequency_hz) - off(0.999 * frequency_hz);
                assert!(change.abs() < 1e-5, "{p:?} at {sample_rate} Hz: slope off by {change}");
            }
        }
    }
    let degrees = |frequency_hz: f64, sample_rate: f64| {
        let p = Prototype { shape: Shape::AllPass, frequency_hz, q: SQRT_2 / 2.0, gain_db: 0.0 };
        let svf = matched(&p, sample_rate);
        let off = |f: f64| (svf.response(f, sample_rate) / analogue(&p, f)).arg().to_degrees().abs();
        sweep(sample_rate).map(off).fold(0.0, f64::max)
    };
    for frequency_hz in [200.0, 1_000.0, 5_000.0, 10_000.0] {
        let (at_48, at_96) = (degrees(frequency_hz, 48_000.0), degrees(frequency_hz, 96_000.0));
        println!("all-pass at {frequency_hz} Hz: {at_48:.1} degrees at 48 kHz, {at_96:.1} at 96 kHz");
        assert!(at_48 < 5.5 * (frequency_hz / 1_000.0).max(0.3));
    }
}

#[test]
fn boost_and_cut_null() {
    let mut random = Random(77);
    let mut worst = 0f64;
    for i in 0..3_000 {
        let shape = [Shape::Bell, Shape::LowShelf, Shape::HighShelf, Shape::Tilt][i % 4];
        let sample_rate = [8_000.0, 44_100.0, 48_000.0, 96_000.0, 384_000.0][i % 5];
        let gain_db = if i % 7 == 0 { random.ratio(1e-6, 0.1) } else { random.linear(0.0, 48.0) };
        let frequency_hz = random.ratio(1.0, 20_000.0);
        let boost = Prototype { shape, frequency_hz, q: random.ratio(0.1, 40.0), gain_db };
        let cut = Prototype { gain_db: -boost.gain_db, ..boost };
        let (boost, cut) = (matched(&boost, sample_rate), matched(&cut, sample_rate));
        for f in sweep(sample_rate).step_by(8) {
            let sum = decibels(boost.response(f, sample_rate)) + decibels(cut.response(f, sample_rate));
            worst = worst.max(sum.abs());
        }
    }
    println!("boost times cut: {worst:.1e} dB");
    assert!(worst < 1e-6);
}

#[test]
fn zero_gain_is_the_identity() {
    let mut random = Random(3);
    for i in 0..3_000 {
        let shape = [Shape::Bell, Shape::LowShelf, Shape::HighShelf, Shape::Tilt][i % 4];
        let sample_rate = random.ratio(8_000.0, 384_000.0);
        let (frequency_hz, q) = (random.ratio(1.0, 40_000.0), random.ratio(0.1, 40.0));
        let flat = Prototype { shape, frequency_hz, q, gain_db: 0.0 };
        for svf in [matched(&flat, sample_rate), matched(&Prototype { gain_db: -0.0, ..flat }, sample_rate)] {
            assert_eq!([svf.m0, svf.m1, svf.m2], [1.0, 0.0, 0.0]);
            assert!(svf.g > 0.0 && svf.g < 1e4 && svf.k > 0.0 && svf.k < 1e4, "{flat:?}: {svf:?}");
        }
        let near = matched(&Prototype { gain_db: 1e-9, ..flat }, sample_rate);
        assert!(
            (near.m1 / near.k).abs() + (near.m0 - 1.0).abs() + near.m2.abs() < 1e-7,
            "{flat:?}: {near:?}"
        );
    }
}

/// Largest of the finest sweep's steps of the error, in units of the step of the analogue curve.
fn roughness(sample_rate: f64, steps: usize, path: impl Fn(f64) -> Prototype) -> f64 {
    let frequencies: Vec<f64> = (0..60).map(|i| 20.0 * 1_000f64.powf(i as f64 / 59.0)).collect();
    let curves = |x: f64| -> Vec<(f64, f64)> {
        let p = path(x);
        let svf = matched(&p, sample_rate);
        let pair = |f: &f64| (decibels(analogue(&p, *f)), decibels(svf.response(*f, sample_rate)));
        frequencies.iter().map(pair).collect()
    };
    let mut before = curves(0.0);
    let mut worst = 0f64;
    for i in 1..=steps {
        let after = curves(i as f64 / steps as f64);
        let (mut analogue_step, mut error_step) = (1e-4, 0f64);
        for ((a0, d0), (a1, d1)) in before.iter().zip(&after) {
            if *a1 > -60.0 && *a0 > -60.0 {
                analogue_step = f64::max(analogue_step, (a1 - a0).abs());
                error_step = error_step.max(((d1 - d0) - (a1 - a0)).abs());
            }
        }
        worst = worst.max(error_step / analogue_step);
        before = after;
    }
    worst
}

#[test]
fn small_changes_of_parameters_are_small_changes_of_the_curve() {
    let steps = 20_000;
    let to_20_khz = |x: f64| 20.0 * 1_000f64.powf(x);
    let mut worst = 0f64;
    let mut check = |name: &str, path: &dyn Fn(f64) -> Prototype| {
        let ratio = roughness(44_100.0, steps, path);
        println!("{name}: error moves by {ratio:.2} of what the analogue curve moves by");
        worst = worst.max(ratio);
    };
    for (shape, q, gain_db) in [
        (Shape::Bell, 1.0, 12.0),
        (Shape::Bell, 0.5, -18.0),
        (Shape::Bell, 8.0, 18.0),
        (Shape::LowShelf, 0.7, 12.0),
        (Shape::HighShelf, 0.7, -24.0),
        (Shape::HighShelf, 1.4, 12.0),
        (Shape::LowPass, 0.7, 0.0),
        (Shape::HighPass, 0.7, 0.0),
        (Shape::LowPass1, 1.0, 0.0),
        (Shape::HighPass1, 1.0, 0.0),
    ] {
        check(&format!("{shape:?} frequency"), &|x| Prototype {
            shape,
            frequency_hz: to_20_khz(x),
            q,
            gain_db,
        });
    }
    for shape in [Shape::Bell, Shape::LowShelf, Shape::HighShelf] {
        for frequency_hz in [100.0, 10_000.0, 18_000.0] {
            check(&format!("{shape:?} gain at {frequency_hz} Hz"), &|x| Prototype {
                shape,
                frequency_hz,
                q: 0.7,
                gain_db: -24.0 + 48.0 * x,
            });
        }
    }
    for shape in [Shape::Bell, Shape::HighShelf, Shape::LowPass, Shape::HighPass] {
        for frequency_hz in [3_000.0, 15_000.0] {
            check(&format!("{shape:?} Q at {frequency_hz} Hz"), &|x| Prototype {
                shape,
                frequency_hz,
                q: 0.3 * (if shape == Shape::HighShelf { 5.0 } else { 30f64 }).powf(x),
                gain_db: 9.0,
            });
        }
    }
    // A jump between formulas would show as a ratio far above 1, and grow with the number of steps.
    assert!(worst < 1.5, "{worst}");
}

#[test]
fn every_design_is_stable_and_finite() {
    let count = 100_000;
    let mut random = Random(0x1234_5678_9abc_def1);
    for shape in ALL {
        for i in 0..count {
            let rate = random.ratio(8_000.0, 384_000.0);
            let sample_rate = random.or_end(rate, 8_000.0, 44_100.0);
            let top = if i % 3 == 0 { 10.0 * sample_rate } else { 0.5 * sample_rate };
            let frequency_hz = match i % 16 {
                0 => 0.499 * sample_rate,
                1 => 0.5 * sample_rate,
                _ => random.ratio(1.0, top),
            };
            let (q, gain_db) = (random.ratio(0.1, 40.0), random.linear(-48.0, 48.0));
            let p = Prototype { shape, frequency_hz, q, gain_db };
            for svf in [matched(&p, sample_rate), bilinear(&p, sample_rate)] {
                let numbers: [f64; 5] = svf.into();
                let sound = svf.g > 0.0 && svf.k > 0.0 && numbers.iter().all(|x| x.is_finite());
                assert!(sound, "{p:?} at {sample_rate} Hz: {svf:?}");
                assert_eq!(Svf::from(numbers), svf);
            }
        }
    }
}

#[test]
fn curves_do_not_overshoot_between_20_khz_and_half_the_rate() {
    let mut random = Random(99);
    let mut worst = 0f64;
    for i in 0..12_000 {
        let shape = ALL[i % 6];
        let sample_rate = [8_000.0, 16_000.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0][(i / 6) % 6];
        let top = 20_000f64.min(0.45 * sample_rate);
        let p = Prototype {
            shape,
            frequency_hz: if i % 5 < 2 { random.linear(0.5 * top, top) } else { random.ratio(10.0, top) },
            q: random.ratio(0.3, 10.0),
            gain_db: random.linear(-18.0, 18.0),
        };
        let svf = matched(&p, sample_rate);
        let resonance = svf.g.atan() / PI * sample_rate;
        let mut highest = (f64::MIN, f64::MIN);
        for j in 0..=400 {
            let f = 0.5 * sample_rate * j as f64 / 400.0;
            for f in [f, resonance * (0.98 + 1e-4 * j as f64), p.frequency_hz * (0.98 + 1e-4 * j as f64)] {
                let f = f.clamp(1e-3, 0.5 * sample_rate);
                highest.0 = highest.0.max(decibels(svf.response(f, sample_rate)));
                highest.1 = highest.1.max(decibels(analogue(&p, f)));
            }
        }
        worst = worst.max(highest.0 - highest.1);
    }
    println!("highest point of a section above that of its prototype: {worst:.2} dB");
    assert!(worst < 3.0);
}

#[test]
fn hostile_parameters_give_finite_sections() {
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, -1.0, 1e-300, 1e300, f64::MAX];
    let pick = |i: usize| if i < odd.len() { odd[i] } else { 1_000.0 };
    for shape in ALL {
        // Two odd ones at a time, the others usual: every pair of places and values.
        for code in 0..600 {
            let (first, second) = (code % 10, code / 10 % 10);
            let (i, j) = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)][code / 100];
            let mut places = [1_000.0, 1.0, 6.0, 48_000.0];
            places[i] = pick(first);
            places[j] = pick(second);
            let [a, b, c, d] = places;
            let p = Prototype { shape, frequency_hz: a, q: b, gain_db: c };
            for svf in [matched(&p, d), bilinear(&p, d)] {
                assert!(svf.g > 0.0 && svf.k > 0.0, "{p:?} at {d}: {svf:?}");
                assert!(<[f64; 5]>::from(svf).iter().all(|x| x.is_finite()), "{p:?} at {d}: {svf:?}");
            }
        }
    }
    let nan = Prototype { shape: Shape::Bell, frequency_hz: f64::NAN, q: 1.0, gain_db: 3.0 };
    assert_eq!(matched(&nan, 48_000.0), Svf::IDENTITY);
}

/// The cookbook's digital coefficients.
fn cookbook(p: &Prototype, sample_rate: f64) -> ([f64; 3], [f64; 3]) {
    let (sine, c) = (2.0 * PI * p.frequency_hz / sample_rate).sin_cos();
    let alpha = sine / (2.0 * p.q);
    let a = 10f64.powf(p.gain_db / 40.0);
    let t = 2.0 * a.sqrt() * alpha;
    let resonance = [1.0 + alpha, -2.0 * c, 1.0 - alpha];
    match p.shape {
        Shape::Bell => {
            ([1.0 + alpha * a, -2.0 * c, 1.0 - alpha * a], [1.0 + alpha / a, -2.0 * c, 1.0 - alpha / a])
        }
        Shape::LowShelf => (
            [
                a * ((a + 1.0) - (a - 1.0) * c + t),
                2.0 * a * ((a - 1.0) - (a + 1.0) * c),
                a * ((a + 1.0) - (a - 1.0) * c - t),
            ],
            [
                (a + 1.0) + (a - 1.0) * c + t,
                -2.0 * ((a - 1.0) + (a + 1.0) * c),
                (a + 1.0) + (a - 1.0) * c - t,
            ],
        ),
        Shape::HighShelf => (
            [
                a * ((a + 1.0) + (a - 1.0) * c + t),
                -2.0 * a * ((a - 1.0) + (a + 1.0) * c),
                a * ((a + 1.0) + (a - 1.0) * c - t),
            ],
            [(a + 1.0) - (a - 1.0) * c + t, 2.0 * ((a - 1.0) - (a + 1.0) * c), (a + 1.0) - (a - 1.0) * c - t],
        ),
        Shape::LowPass => ([(1.0 - c) / 2.0, 1.0 - c, (1.0 - c) / 2.0], resonance),
        Shape::HighPass => ([(1.0 + c) / 2.0, -(1.0 + c), (1.0 + c) / 2.0], resonance),
        Shape::BandPass => ([alpha, 0.0, -alpha], resonance),
        Shape::Notch => ([1.0, -2.0 * c, 1.0], resonance),
        _ => ([1.0 - alpha, -2.0 * c, 1.0 + alpha], resonance),
    }
}

fn biquad_response(b: [f64; 3], a: [f64; 3], frequency_hz: f64, sample_rate: f64) -> Complex<f64> {
    let z = Complex::from_polar(1.0, -2.0 * PI * frequency_hz / sample_rate);
    (z * (z * b[2] + b[1]) + b[0]) / (z * (z * a[2] + a[1]) + a[0])
}

#[test]
fn bilinear_sections_are_the_cookbook() {
    let mut random = Random(5);
    let mut worst = 0f64;
    for i in 0..4_000 {
        let shape = ALL[i % 8];
        let sample_rate = [44_100.0, 48_000.0, 96_000.0][i % 3];
        let (q, gain_db) = (random.ratio(0.3, 10.0), random.linear(-24.0, 24.0));
        let p = Prototype { shape, frequency_hz: random.ratio(200.0, 20_000.0), q, gain_db };
        let (svf, (b, a)) = (bilinear(&p, sample_rate), cookbook(&p, sample_rate));
        for f in sweep(sample_rate).step_by(8) {
            let other = biquad_response(b, a, f, sample_rate);
            // Relative to the response, or to the cookbook's own rounding where that is far down.
            worst = worst.max((svf.response(f, sample_rate) - other).norm() / other.norm().max(1e-3));
        }
    }
    println!("bilinear against the cookbook: {worst:.1e}");
    assert!(worst < 1e-9);
}

#[test]
fn bilinear_passes_of_one_frequency_add_up_to_an_all_pass() {
    for sample_rate in [44_100.0, 192_000.0] {
        for frequency_hz in [30.0, 500.0, 9_000.0, 21_000.0] {
            let section =
                |shape, q| bilinear(&Prototype { shape, frequency_hz, q, gain_db: 0.0 }, sample_rate);
            let q = butterworth_q(2, 0);
            for f in sweep(sample_rate) {
                let at = |shape| section(shape, q).response(f, sample_rate);
                let fourth = at(Shape::LowPass).powi(2) + at(Shape::HighPass).powi(2);
                let second = at(Shape::LowPass1).powi(2) - at(Shape::HighPass1).powi(2);
                assert!((fourth - at(Shape::AllPass)).norm() < 1e-12);
                assert!((second - at(Shape::AllPass1)).norm() < 1e-12);
            }
        }
    }
}

#[test]
fn biquads_map_exactly() {
    let mut random = Random(11);
    let mut worst = 0f64;
    for i in 0..4_000 {
        let sample_rate = [44_100.0, 96_000.0][i % 2];
        let (q, gain_db) = (random.ratio(0.3, 10.0), random.linear(-24.0, 24.0));
        // From 500 Hz up: lower down, adding up the biquad's own coefficients rounds more than this.
        let p = Prototype { shape: ALL[i % 8], frequency_hz: random.ratio(500.0, 20_000.0), q, gain_db };
        let svf = matched(&p, sample_rate);
        let (b, a) = svf.to_biquad();
        assert_eq!(a[0], 1.0);
        let scale = random.linear(0.1, 10.0);
        let back = Svf::from_biquad(b.map(|x| x * scale), a.map(|x| x * scale)).expect("stable");
        for f in sweep(sample_rate).step_by(8) {
            let response = svf.response(f, sample_rate);
            if decibels(response) > -60.0 {
                let there = decibels(biquad_response(b, a, f, sample_rate) / response);
                let again = decibels(back.response(f, sample_rate) / response);
                worst = worst.max(there.abs()).max(again.abs());
            }
        }
    }
    println!("section to biquad and back: {worst:.1e} dB");
    assert!(worst < 1e-9);
    assert_eq!(Svf::from_biquad([1.0, 0.0, 0.0], [1.0, 0.0, 1.0]), None);
    assert_eq!(Svf::from_biquad([1.0, 0.0, 0.0], [1.0, 2.1, 1.05]), None);
    assert_eq!(Svf::from_biquad([f64::NAN, 0.0, 0.0], [1.0, 0.0, 0.0]), None);
    assert_eq!(Svf::from_biquad([1.0, 0.0, 0.0], [0.0, 0.0, 0.0]), None);
    let identity = Svf::IDENTITY.to_biquad();
    assert!(identity.0.iter().zip(identity.1).all(|(b, a)| (b - a).abs() < 1e-15));
}

/// Sections of a Butterworth filter, and the largest error of their product above -60 dB.
fn cascade_error_db(order: usize, high: bool, frequency_hz: f64, sample_rate: f64) -> f64 {
    let (second, first) =
        if high { (Shape::HighPass, Shape::HighPass1) } else { (Shape::LowPass, Shape::LowPass1) };
    let mut prototypes: Vec<Prototype> = (0..order / 2)
        .map(|i| Prototype { shape: second, frequency_hz, q: butterworth_q(order, i), gain_db: 0.0 })
        .collect();
    if order % 2 == 1 {
        prototypes.push(Prototype { shape: first, frequency_hz, q: 1.0, gain_db: 0.0 });
    }
    let sections: Vec<Svf> = prototypes.iter().map(|p| matched(p, sample_rate)).collect();
    sweep(sample_rate).fold(0.0, |worst: f64, f| {
        // |H|² = 1 / (1 + w^2n), the textbook's definition.
        let w = if high { frequency_hz / f } else { f / frequency_hz };
        let wanted = -10.0 * (1.0 + w.powi(2 * order as i32)).log10();
        let product: f64 = sections.iter().map(|s| decibels(s.response(f, sample_rate))).sum();
        if wanted > -60.0 { worst.max((product - wanted).abs()) } else { worst }
    })
}

#[test]
fn butterworth_cascades_follow_the_analogue_curve() {
    let frequencies = 300;
    for high in [false, true] {
        for order in 1..=16 {
            let at = |i: usize| 20.0 * 600f64.powf(i as f64 / (frequencies - 1) as f64);
            let error = |i| cascade_error_db(order, high, at(i), 44_100.0);
            let worst = (0..frequencies).map(error).fold(0.0, f64::max);
            let name = if high { "high-pass" } else { "low-pass" };
            println!("{name}, {} dB per octave: {worst:.3} dB", 6 * order);
            assert!(worst < 1.0, "{name} of order {order}: {worst} dB");
        }
    }
}

#[test]
fn butterworth_sections_have_the_textbook_q() {
    assert!((butterworth_q(2, 0) - SQRT_2 / 2.0).abs() < 1e-12);
    assert!((butterworth_q(4, 0) - 0.541_196_100).abs() < 1e-9);
    assert!((butterworth_q(4, 1) - 1.306_562_965).abs() < 1e-9);
    assert!((butterworth_q(5, 0) - 0.618_033_989).abs() < 1e-9);
    assert!((butterworth_q(5, 1) - 1.618_033_989).abs() < 1e-9);
    assert!(butterworth_q(0, 0).is_finite() && butterworth_q(1, 7).is_finite());
}

/// The plain trapezoidal filter, one frame at a time.
struct Runner {
    svf: Svf,
    state: [f64; 2],
}

impl Runner {
    fn tick(&mut self, x: f64) -> f64 {
        let Svf { g, k, m0, m1, m2 } = self.svf;
        let [s1, s2] = self.state;
        let band = (s1 + g * (x - s2)) / (1.0 + g * (g + k));
        let low = s2 + g * band;
        self.state = [2.0 * band - s1, 2.0 * low - s2];
        m0 * x + m1 * band + m2 * low
    }
}

#[test]
fn the_impulse_response_has_the_reported_response() {
    let sample_rate = 48_000.0;
    let mut worst = 0f64;
    for shape in ALL {
        for frequency_hz in [200.0, 3_000.0, 14_000.0] {
            let p = Prototype { shape, frequency_hz, q: 0.9, gain_db: -9.0 };
            let svf = matched(&p, sample_rate);
            let mut runner = Runner { svf, state: [0.0; 2] };
            let frames = 6_000;
            let impulse: Vec<f64> =
                (0..frames).map(|i| runner.tick(if i == 0 { 1.0 } else { 0.0 })).collect();
            for f in [0.0, 37.0, 500.0, 2_900.0, 11_000.0, 19_000.0, 24_000.0] {
                let step = Complex::from_polar(1.0, -2.0 * PI * f / sample_rate);
                let mut turn = Complex::new(1.0, 0.0);
                let mut sum = Complex::new(0.0, 0.0);
                for h in &impulse {
                    sum += turn * h;
                    turn *= step;
                }
                worst = worst.max((sum - svf.response(f, sample_rate)).norm());
            }
        }
    }
    println!("impulse response against reported response: {worst:.1e}");
    assert!(worst < 1e-9);
}

#[test]
fn decays_end_when_they_say() {
    let mut random = Random(21);
    let (mut closest, mut loosest) = (0f64, 0f64);
    for i in 0..800 {
        let frequency_hz = random.ratio(200.0, 23_000.0);
        let q = [0.1, 0.45, 0.4999, 0.5, 0.5001, 0.6, 2.0, 20.0][i % 8];
        let p = Prototype { shape: ALL[(i / 8) % 8], frequency_hz, q, gain_db: 12.0 };
        let svf = if i % 2 == 0 { matched(&p, 48_000.0) } else { bilinear(&p, 48_000.0) };
        for decibels in [20.0, 60.0, 120.0] {
            let bound = svf.decay_frames(decibels);
            let target = 10f64.powf(-decibels / 20.0);
            // From every direction of the state, the last frame at which its size is above the target.
            let mut last = 0;
            for direction in 0..8 {
                let (sine, cosine) = (PI * direction as f64 / 8.0).sin_cos();
                let mut runner = Runner { svf, state: [cosine, sine] };
                for frame in 0..(1.5 * bound) as usize + 10 {
                    if runner.state[0].hypot(runner.state[1]) > target {
                        last = frame;
                    }
                    runner.tick(0.0);
                }
            }
            assert!(last as f64 <= bound, "{p:?}, {decibels} dB: {last} frames, bound {bound}");
            if last > 50 && decibels > 100.0 {
                closest = closest.max(last as f64 / bound);
                loosest = loosest.max(bound / last as f64);
            }
        }
    }
    println!(
        "decay: true length is at most {closest:.3} of the bound, the bound at most {loosest:.2} times it"
    );
    assert!(loosest < 2.0);
    assert_eq!(Svf::IDENTITY.decay_frames(120.0), 0.0);
    assert_eq!(Svf { k: 0.0, m1: 1.0, ..Svf::IDENTITY }.decay_frames(120.0), f64::INFINITY);
}
