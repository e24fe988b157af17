//! The equalizer follows the analogue curves, says what runs, changes in silence, and is quiet in single
//! precision: the acceptance rows, measured on the unit.

mod common;

use common::spectrum::{decibels_of_energy, energy_above, window};
use common::{Bound, Random, measured};
use mixdsp::engine::kind::ResponseAt;
use mixdsp::params::{Table, Value};
use mixdsp::{
    Band, BandKind, Equalizer, EqualizerConfig, EqualizerParams, Error, Id, Placement, Processor, Sample,
    ShelfBy, Slope, Spec,
};
use num_complex::Complex;
use std::f64::consts::TAU;

const RATE: f64 = 48_000.0;

fn unit<T: Sample>(sample_rate: f64, channels: usize, bands: &[Band]) -> Equalizer<T> {
    let config = EqualizerConfig { bands: bands.len() as u32, steepest_slope: Slope::Db96 };
    Equalizer::new(Spec::new(sample_rate, channels), config, EqualizerParams { bands }).unwrap()
}

fn response(unit: &Equalizer<f64>, frequency_hz: f64) -> Complex<f64> {
    Processor::response(unit, frequency_hz, ResponseAt::Settled).unwrap()
}

fn decibels(response: Complex<f64>) -> f64 {
    10.0 * response.norm_sqr().log10()
}

fn ratio(random: &mut Random, (low, high): (f64, f64)) -> f64 {
    low * (high / low).powf(random.share())
}

/// The Audio EQ Cookbook's prototypes, and the tilt, first orders and Butterworth as the bands define them.
fn analogue(band: &Band, frequency_hz: f64) -> Complex<f64> {
    let w = frequency_hz / band.frequency_hz;
    let s = Complex::new(0.0, w);
    let a = 10f64.powf(band.gain_db / 40.0);
    let q = match band.kind {
        BandKind::Bell if band.proportional_q => band.q * 2f64.powf(band.gain_db.abs() / 12.0 - 1.0),
        BandKind::LowShelf | BandKind::HighShelf if band.shelf_by == ShelfBy::Slope => {
            ((a + 1.0 / a) * (1.0 / band.shelf_slope - 1.0) + 2.0).sqrt().recip()
        }
        _ => band.q,
    };
    let (root, resonance) = (a.sqrt() / q, s * s + s / q + 1.0);
    let order = band.slope_db_per_octave.order() as i32;
    // Poles of a Butterworth filter lie evenly on the left half of the unit circle.
    let butterworth = |s: Complex<f64>| -> Complex<f64> {
        let pole =
            |k: i32| Complex::from_polar(1.0, TAU * f64::from(2 * k + order + 1) / f64::from(4 * order));
        (0..order).map(|k| (s - pole(k)).inv()).product()
    };
    match band.kind {
        BandKind::Bell => (s * s + s * (a / q) + 1.0) / (s * s + s / (a * q) + 1.0),
        BandKind::LowShelf => (s * s + s * root + a) * a / (s * s * a + s * root + 1.0),
        BandKind::HighShelf => (s * s * a + s * root + 1.0) * a / (s * s + s * root + a),
        BandKind::Tilt => (s * s * a + s * root + 1.0) / (s * s + s * root + a),
        BandKind::BandPass => s / q / resonance,
        BandKind::Notch => (s * s + 1.0) / resonance,
        BandKind::AllPass if order == 1 => (1.0 - s) / (1.0 + s),
        BandKind::AllPass => (s * s - s / q + 1.0) / resonance,
        BandKind::LowPass if order == 2 => 1.0 / resonance,
        BandKind::HighPass if order == 2 => s * s / resonance,
        BandKind::LowPass => butterworth(s),
        BandKind::HighPass => butterworth(s.inv()),
    }
}

/// Designs of a row of the table: the ends of all ranges, and random ones.
fn designs(kind: BandKind, frequency: (f64, f64), q: (f64, f64), gain_db: f64, by_slope: bool) -> Vec<Band> {
    let mut random = Random::new(7 + kind as u64);
    let end = |value: f64, low: f64, high: f64, random: &mut Random| match random.below(8) {
        0 => low,
        1 => high,
        _ => value,
    };
    (0..1_000)
        .map(|_| {
            let frequency_hz = ratio(&mut random, frequency);
            let q_value = ratio(&mut random, q);
            let gain = gain_db * random.noise();
            Band {
                kind,
                frequency_hz: end(frequency_hz, frequency.0, frequency.1, &mut random),
                q: end(q_value, q.0, q.1, &mut random),
                gain_db: end(gain, -gain_db, gain_db, &mut random),
                shelf_by: if by_slope { ShelfBy::Slope } else { ShelfBy::Q },
                shelf_slope: 0.1 + 0.9 * random.share(),
                ..Band::default()
            }
        })
        .collect()
}

/// Largest distance from the analogue curve, 20 Hz to 20 kHz, where that is above -60 dB.
fn worst_db(sample_rate: f64, bands: &[Band]) -> f64 {
    let mut unit = unit::<f64>(sample_rate, 1, &[Band::default()]);
    let mut worst = 0.0f64;
    for band in bands {
        unit.set_all(EqualizerParams { bands: &[*band] }).unwrap();
        let top = band.frequency_hz.min(20_000.0);
        let sweep = (0..200).map(|i| 20.0 * 1_000f64.powf(f64::from(i) / 199.0));
        let even = (1..=100).map(|i| 200.0 * f64::from(i));
        for f in sweep.chain(even).chain([top]) {
            let wanted = decibels(analogue(band, f));
            if wanted > -60.0 {
                worst = worst.max((decibels(response(&unit, f)) - wanted).abs());
            }
        }
    }
    worst
}

#[test]
fn curves_are_the_analogue_ones() {
    let rates = [44_100.0, 48_000.0, 96_000.0];
    let check = |name: &str, rate: f64, bound: f64, bands: &[Band]| {
        let asked = format!("{name}, {} kHz: distance from the analogue curve", rate / 1_000.0);
        measured("equalizer", &asked, Bound::AtMost(bound), worst_db(rate, bands), "dB", "theory");
    };
    let audible = (20.0, 20_000.0);
    for (rate, bounds) in rates.into_iter().zip([[0.30, 0.15], [0.17, 0.08], [0.01, 0.005]]) {
        let bells = designs(BandKind::Bell, (20.0, 15_000.0), (0.5, 10.0), 18.0, false);
        check("bells to ±18 dB, Q 0.5 to 10, to 15 kHz", rate, bounds[0], &bells);
        let mut shelves = designs(BandKind::LowShelf, audible, (0.5, 1.0), 24.0, false);
        shelves.extend(designs(BandKind::HighShelf, audible, (0.5, 1.0), 24.0, false));
        check("shelves to ±24 dB, Q 0.5 to 1, to 20 kHz", rate, bounds[1], &shelves);
        let tilts = designs(BandKind::Tilt, audible, (0.5, 1.0), 24.0, false);
        check("tilts to ±24 dB, Q 0.5 to 1, to 20 kHz", rate, bounds[1], &tilts);
        let mut sloped = designs(BandKind::LowShelf, audible, (0.5, 1.0), 24.0, true);
        sloped.extend(designs(BandKind::HighShelf, audible, (0.5, 1.0), 24.0, true));
        check("shelves by slope 0.1 to 1, ±24 dB", rate, bounds[1], &sloped);
    }
    let mut steep = designs(BandKind::LowShelf, audible, (1.0, 1.5), 24.0, false);
    steep.extend(designs(BandKind::HighShelf, audible, (1.0, 1.5), 24.0, false));
    check("shelves to ±24 dB, Q to 1.5", 44_100.0, 0.3, &steep);
    let low = designs(BandKind::LowPass, audible, (0.1, 1.0), 0.0, false);
    check("low-pass, Q to 1, above -60 dB", 44_100.0, 0.22, &low);
    let high = designs(BandKind::HighPass, audible, (0.5, 1.0), 0.0, false);
    check("high-pass, Q 0.5 to 1, above -60 dB", 44_100.0, 0.15, &high);
    let mut all_pass = designs(BandKind::AllPass, audible, (0.1, 10.0), 0.0, false);
    all_pass.extend(all_pass.clone().iter().map(|band| band.with_slope(Slope::Db6)));
    check("all-passes", 44_100.0, 1e-9, &all_pass);
    let mut peaks = designs(BandKind::BandPass, audible, (0.3, 10.0), 0.0, false);
    peaks.extend(designs(BandKind::Notch, audible, (0.3, 10.0), 0.0, false));
    check("band-pass and notch, Q 0.3 to 10, above -60 dB", 48_000.0, 0.3, &peaks);
    let proportional: Vec<Band> = designs(BandKind::Bell, (20.0, 15_000.0), (0.5, 10.0), 18.0, false)
        .into_iter()
        .map(Band::with_proportional_q)
        .collect();
    check("proportional bells", 44_100.0, 0.30, &proportional);
    let mut steep = Vec::new();
    for slope in Slope::ALL {
        for kind in [BandKind::LowPass, BandKind::HighPass] {
            let some = designs(kind, (20.0, 12_000.0), (0.707, 0.707), 0.0, false);
            steep.extend(
                some[..60]
                    .iter()
                    .map(|band| Band { q: std::f64::consts::FRAC_1_SQRT_2, ..*band }.with_slope(*slope)),
            );
        }
    }
    check("slopes of 6 to 96 dB per octave, to 12 kHz, above -60 dB", 44_100.0, 1.0, &steep);
}

#[test]
fn boost_and_cut_cancel() {
    let mut worst = 0.0f64;
    let mut random = Random::new(11);
    let mut unit = unit::<f64>(44_100.0, 1, &[Band::default(); 2]);
    for i in 0..2_000 {
        let kinds = [BandKind::Bell, BandKind::LowShelf, BandKind::HighShelf, BandKind::Tilt];
        let boost = Band {
            kind: kinds[i % 4],
            frequency_hz: ratio(&mut random, (10.0, 20_000.0)),
            gain_db: 24.0 * random.noise(),
            q: ratio(&mut random, (0.1, 40.0)),
            shelf_by: if i % 8 < 4 { ShelfBy::Q } else { ShelfBy::Slope },
            shelf_slope: 0.1 + 0.9 * random.share(),
            proportional_q: i % 3 == 0,
            ..Band::default()
        };
        let cut = Band { gain_db: -boost.gain_db, ..boost };
        unit.set_all(EqualizerParams { bands: &[boost, cut] }).unwrap();
        for step in 0..40 {
            let f = 20.0 * 1_000f64.powf(f64::from(step) / 39.0);
            worst = worst.max(decibels(response(&unit, f)).abs());
        }
    }
    let asked = "boost and cut of the same band cancel";
    measured("equalizer", asked, Bound::AtMost(1e-6), worst, "dB", "unity");
}

/// The Fourier sum of an impulse response at one frequency.
fn transform(response: &[f64], frequency_hz: f64) -> Complex<f64> {
    let step = -TAU * frequency_hz / RATE;
    response.iter().enumerate().map(|(n, y)| Complex::from_polar(*y, step * n as f64)).sum()
}

/// Every kind, every placement, alone, in pairs and nine at once.
fn sets() -> Vec<Vec<Band>> {
    let all = [
        Band::high_pass(60.0, 0.7).with_slope(Slope::Db18),
        Band::bell(200.0, 6.0, 1.0),
        Band::bell(1_000.0, -4.0, 2.0).with_proportional_q(),
        Band::high_shelf(8_000.0, 3.0, 0.7),
        Band::low_shelf(100.0, 2.0, 0.7).with_shelf_slope(0.6),
        Band::low_pass(15_000.0, 0.7).with_slope(Slope::Db96),
        Band::notch(500.0, 2.0),
        Band::band_pass(700.0, 0.5),
        Band::all_pass(2_000.0, 1.0),
        Band::all_pass(900.0, 1.0).with_slope(Slope::Db6),
        Band::tilt(1_000.0, 6.0, 0.5),
        Band::low_pass(5_000.0, 2.0),
        Band::high_pass(150.0, 1.0).with_slope(Slope::Db6),
    ];
    let mut sets: Vec<Vec<Band>> = all.iter().map(|band| vec![*band]).collect();
    for (i, placement) in Placement::ALL.iter().enumerate() {
        sets.push(vec![all[1].with_placement(*placement)]);
        sets.push(vec![all[i], all[i + 3].with_placement(*placement)]);
        let placed = |(n, band): (usize, &Band)| band.with_placement(Placement::ALL[(n * i + n / 3) % 5]);
        sets.push(all.iter().enumerate().map(placed).take(9).collect());
    }
    sets.push(all[..9].to_vec());
    sets
}

/// Left and right of a signal that stands in one place, and what is heard there.
fn in_place(placement: Placement) -> ([f64; 2], [f64; 2]) {
    match placement {
        Placement::All | Placement::Mid => ([1.0, 1.0], [0.5, 0.5]),
        Placement::Side => ([1.0, -1.0], [0.5, -0.5]),
        Placement::Left => ([1.0, 0.0], [1.0, 0.0]),
        Placement::Right => ([0.0, 1.0], [0.0, 1.0]),
    }
}

fn distance<T: Sample>(bands: &[Band], placement: Placement) -> f64 {
    let mut unit = unit::<T>(RATE, 2, bands);
    let (input, output) = in_place(placement);
    let mut audio = input.map(|x| {
        let mut channel = vec![T::ZERO; 1 << 14];
        channel[0] = T::from_f64(x);
        channel
    });
    let [left, right] = &mut audio;
    unit.process(&mut [left, right], &[]).unwrap();
    let [left, right] = &audio;
    let heard = left.iter().zip(right).map(|(l, r)| output[0] * l.to_f64() + output[1] * r.to_f64());
    let heard: Vec<f64> = heard.collect();
    let frequencies = [40.0, 200.0, 510.0, 1_000.0, 3_333.0, 12_000.0, 19_000.0];
    let far = |f: &f64| (transform(&heard, *f) - unit.response_in(placement, *f, ResponseAt::Settled)).norm();
    frequencies.iter().map(far).fold(0.0, f64::max)
}

#[test]
fn the_reported_response_is_that_of_the_impulse_response() {
    let (mut double, mut single) = (0.0f64, 0.0f64);
    for bands in sets() {
        for placement in Placement::ALL {
            double = double.max(distance::<f64>(&bands, *placement));
            single = single.max(distance::<f32>(&bands, *placement));
        }
    }
    let asked = "response of every kind and placement: distance from the impulse response's";
    measured("equalizer", asked, Bound::AtMost(1e-5), double, "", "a Fourier sum");
    let asked = "the same in f32";
    measured("equalizer", asked, Bound::AtMost(1e-5), single, "", "a Fourier sum");
}

#[test]
fn a_channel_that_no_band_works_on_is_left_to_the_bit() {
    let bell = Band::bell(900.0, 9.0, 1.0);
    for (placement, kept) in [(Placement::Left, 1), (Placement::Right, 0)] {
        let bands = [bell.with_placement(placement), Band::notch(3_000.0, 1.0).with_placement(placement)];
        let mut unit = unit::<f32>(RATE, 2, &bands);
        let mut random = Random::new(5);
        let mut audio = [0, 1].map(|_| (0..5_000).map(|_| random.noise() as f32).collect::<Vec<f32>>());
        let before = audio.clone();
        let [left, right] = &mut audio;
        unit.process(&mut [left, right], &[]).unwrap();
        assert!(audio[kept] == before[kept], "{placement:?} changes the other channel");
        assert!(audio[1 - kept] != before[1 - kept], "{placement:?} changes nothing");
    }
    // A mid band leaves a signal that is all side, and the other way round.
    for (placement, sign) in [(Placement::Mid, -1.0), (Placement::Side, 1.0)] {
        let mut unit = unit::<f32>(RATE, 2, &[bell.with_placement(placement)]);
        let mut random = Random::new(6);
        let mut left: Vec<f32> = (0..5_000).map(|_| random.noise() as f32).collect();
        let mut right: Vec<f32> = left.iter().map(|x| sign * x).collect();
        let before = left.clone();
        unit.process(&mut [&mut left, &mut right], &[]).unwrap();
        assert!(left == before, "{placement:?} changes what it should not");
    }
}

#[test]
fn placements_need_two_channels() {
    for channels in [1, 3, 6] {
        let mut unit = unit::<f32>(RATE, channels, &[Band::default()]);
        let refused = unit.set(Band::PLACEMENT, Placement::Mid.to_number());
        assert!(matches!(refused, Err(Error::Range { key: "placement", .. })), "{refused:?}");
        assert_eq!(unit.set(Band::PLACEMENT, Placement::All.to_number()), Ok(()));
    }
}

/// What a step leaves above 2 kHz within 100 ms, relative to a sine of 200 Hz.
fn click_db(band: Band, change: impl Fn(&mut Equalizer<f64>)) -> f64 {
    const AT: usize = 24_007;
    const LOOK: usize = 4_800;
    let mut unit = unit::<f64>(RATE, 2, &[band]);
    let fade = |u: f64| u.powi(5) * (126.0 + u * (-420.0 + u * (540.0 + u * (-315.0 + u * 70.0))));
    let sine = |n: usize, phase: f64| {
        fade((n as f64 / 4_800.0).min(1.0)) * (TAU * (200.0 * n as f64 / RATE + phase)).sin()
    };
    let mut audio = [0.0, 0.21].map(|phase| (0..AT + 24_000).map(|n| sine(n, phase)).collect::<Vec<f64>>());
    let [left, right] = &mut audio;
    unit.process(&mut [&mut left[..AT], &mut right[..AT]], &[]).unwrap();
    change(&mut unit);
    unit.process(&mut [&mut left[AT..], &mut right[AT..]], &[]).unwrap();
    let window = window(LOOK);
    let above = |start: usize| -> f64 {
        audio.iter().map(|channel| energy_above(&channel[start..start + LOOK], &window, RATE, 2_000.0)).sum()
    };
    let rest = above(AT - LOOK).max(above(AT + 24_000 - LOOK));
    let worst = (0..17).map(|hop| above(AT - LOOK / 2 + hop * 600)).fold(0.0, f64::max);
    decibels_of_energy(((worst - 2.0 * rest) / LOOK as f64).max(1e-20))
}

#[test]
fn steps_leave_no_click() {
    let shapes = [
        Band::bell(300.0, 0.0, 1.0),
        Band::low_shelf(300.0, 0.0, 0.7),
        Band::high_shelf(300.0, 0.0, 0.7),
        Band::tilt(300.0, 0.0, 0.7),
    ];
    let report = |name: &str, worst: f64| {
        let asked = format!("{name}: energy above 2 kHz within 100 ms, 200 Hz sine");
        measured("equalizer", &asked, Bound::AtMost(-120.0), worst, "dB", "spectrum");
    };
    let set = |id: Id<Band>, value: f64| move |unit: &mut Equalizer<f64>| unit.set(id, value).unwrap();
    let mut worst = [f64::NEG_INFINITY; 5];
    for band in shapes {
        worst[0] = worst[0].max(click_db(band, set(Band::GAIN_DB, 12.0)));
        worst[0] = worst[0].max(click_db(Band { gain_db: 12.0, ..band }, set(Band::GAIN_DB, 0.0)));
    }
    let passes = [
        Band::high_pass(300.0, 1.0),
        Band::low_pass(300.0, 1.0),
        Band::band_pass(300.0, 1.0),
        Band::notch(300.0, 1.0),
        Band::all_pass(300.0, 1.0),
        Band::high_pass(150.0, 0.7).with_slope(Slope::Db48),
    ];
    for band in shapes.map(|band| Band { gain_db: 12.0, ..band }).into_iter().chain(passes) {
        for octave in [0.5, 2.0] {
            worst[1] = worst[1].max(click_db(band, set(Band::FREQUENCY_HZ, octave * band.frequency_hz)));
            worst[2] = worst[2].max(click_db(band, set(Band::Q, octave * band.q)));
        }
        worst[3] = worst[3].max(click_db(band, set(Band::ENABLED, 0.0)));
        worst[3] = worst[3].max(click_db(Band { enabled: false, ..band }, set(Band::ENABLED, 1.0)));
        for kind in 0..BandKind::ALL.len() {
            worst[3] = worst[3].max(click_db(band, set(Band::KIND, kind as f64)));
        }
        for from in Placement::ALL {
            for to in 0..5 {
                let band = band.with_placement(*from);
                worst[4] = worst[4].max(click_db(band, set(Band::PLACEMENT, f64::from(to))));
            }
        }
    }
    report("gain stepped by 12 dB", worst[0]);
    report("frequency stepped by an octave", worst[1]);
    report("Q stepped by an octave", worst[2]);
    report("kind, on and off", worst[3]);
    report("placement", worst[4]);
}

/// Sets a parameter every 16 frames along a line of 2 s; `read` tells where it is. Largest distance from the line
/// as a share of the range, after a check that it never stalls or overshoots.
fn follow(band: Band, id: Id<Band>, read: impl Fn(&Equalizer<f64>) -> f64) -> f64 {
    const STEPS: usize = 6_000;
    let row = Band::ROWS.iter().find(|row| row.id() == id.any()).unwrap();
    let (low, high) = row.range_at(RATE);
    let mut unit = unit::<f64>(RATE, 1, &[band]);
    unit.set(id, low).unwrap();
    unit.reset();
    let mut worst = 0.0f64;
    let mut before = f64::NEG_INFINITY;
    for step in 1..=STEPS + 100 {
        let target = low + (high - low) * (step.min(STEPS) as f64 / STEPS as f64);
        unit.set(id, target).unwrap();
        let mut audio = [0.0; 16];
        unit.process(&mut [&mut audio], &[]).unwrap();
        if step % 50 == 0 {
            let now = read(&unit);
            worst = worst.max((now - target).abs() / (high - low));
            let least = if step <= STEPS { 0.5 * (high - low) * 50.0 / STEPS as f64 } else { -1e-9 };
            assert!(now - before > least || step == 50 || step > STEPS, "{}: it stalls at {now}", row.key);
            assert!(now < high * (1.0 + 1e-6) + 1e-6, "{}: {now} beyond {high}", row.key);
            before = now;
        }
    }
    worst
}

#[test]
fn a_parameter_set_every_16_frames_follows_its_line() {
    let now = |unit: &Equalizer<f64>, f: f64| Processor::response(unit, f, ResponseAt::Now).unwrap();
    let gain = follow(Band::bell(1_000.0, 0.0, 1.0), Band::GAIN_DB, |unit| decibels(now(unit, 1_000.0)));
    // The frequency of an all-pass is where it turns the phase by half.
    let turn = |unit: &Equalizer<f64>| {
        let (mut low, mut high) = (5.0, 23_900.0);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if now(unit, middle).im < 0.0 { low = middle } else { high = middle }
        }
        low
    };
    let frequency = follow(Band::all_pass(1_000.0, 0.7), Band::FREQUENCY_HZ, turn);
    // The gain of a resonant low-pass at its frequency is its Q.
    let q = follow(Band::low_pass(1_000.0, 1.0), Band::Q, |unit| now(unit, 1_000.0).norm());
    for (name, worst) in [("gain", gain), ("frequency", frequency), ("Q", q)] {
        let asked = format!("{name} set every 16 frames over its range in 2 s: distance from the line");
        measured("equalizer", &asked, Bound::AtMost(1.0), 100.0 * worst, "% of the range", "the line");
    }
}

#[test]
fn a_hundred_thousand_random_bands_are_stable() {
    let mut wrong = 0;
    let mut random = Random::new(13);
    for rate in [8_000.0, 11_025.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0, 384_000.0] {
        let mut unit = unit::<f64>(rate, 1, &[Band::default()]);
        for _ in 0..15_000 {
            let value = |row: &mixdsp::params::Row, random: &mut Random| {
                let (low, high) = row.range_at(rate);
                if !row.is_continuous() {
                    return low + random.below((high - low) as usize + 1) as f64;
                }
                match random.below(8) {
                    0 => low,
                    1 => high,
                    _ if low > 0.0 => ratio(random, (low, high)),
                    _ => low + (high - low) * random.share(),
                }
            };
            let rows = Band::ROWS.iter().filter(|row| row.id() != Band::PLACEMENT.any());
            let settings: Vec<(Id, f64)> = rows.map(|row| (row.id(), value(row, &mut random))).collect();
            unit.set_all(&settings[..]).unwrap();
            let finite = [10.0, 1_000.0, 0.3 * rate, 0.4999 * rate]
                .iter()
                .all(|f| response(&unit, *f).norm().is_finite());
            // A tail is finite only when every pole lies inside the unit circle.
            let ends = unit.tail().is_some_and(|frames| frames < 1 << 40);
            wrong += i32::from(!(finite && ends));
        }
        unit.reset();
        for (id, value) in [
            (Band::FREQUENCY_HZ, 0.5 * rate),
            (Band::FREQUENCY_HZ, rate),
            (Band::FREQUENCY_HZ, f64::NAN),
            (Band::Q, 0.0),
            (Band::Q, 41.0),
            (Band::GAIN_DB, 24.1),
            (Band::GAIN_DB, f64::INFINITY),
        ] {
            if id == Band::FREQUENCY_HZ && value <= 20_000.0 && value <= 0.499 * rate {
                continue;
            }
            let before = unit.get(id);
            assert!(matches!(unit.set(id, value), Err(Error::Range { .. })));
            assert_eq!(unit.get(id), before);
        }
    }
    let asked = "unstable of 105 000 random bands";
    measured("equalizer", asked, Bound::Equals(0.0), wrong.into(), "", "poles and response");
}

fn run<T: Sample>(band: Band, sample_rate: f64, input: &[f64]) -> Vec<f64> {
    let params = EqualizerParams { bands: &[band] };
    let mut unit = Equalizer::<T>::new(Spec::new(sample_rate, 1), EqualizerConfig::bands(1), params).unwrap();
    let mut audio: Vec<T> = input.iter().map(|x| T::from_f64(*x)).collect();
    unit.process(&mut [&mut audio], &[]).unwrap();
    audio.into_iter().map(T::to_f64).collect()
}

/// Everything that single precision adds, by coefficients and state, at the frequencies where it is worst.
#[test]
fn single_precision_is_quiet_at_low_frequencies() {
    const FRAMES: usize = 192_000;
    // Inputs are exact in single precision: white noise at -20 dBFS, a sine at -12 dBFS.
    let mut seed = 1u32;
    let mut white = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (((seed >> 8) as f64 / (1u32 << 23) as f64 - 1.0) * 0.1732) as f32 as f64
    };
    let white: Vec<f64> = (0..FRAMES).map(|_| white()).collect();
    let tone = |rate: f64| -> Vec<f64> {
        let turn = TAU * 997.0 / rate;
        (0..FRAMES).map(|n| (0.3548 * (turn * n as f64).sin()) as f32 as f64).collect()
    };
    let cases = [
        (48_000.0, Band::high_pass(20.0, 0.7), "high-pass 20 Hz"),
        (192_000.0, Band::high_pass(20.0, 0.7), "high-pass 20 Hz"),
        (192_000.0, Band::bell(20.0, 12.0, 1.0), "bell 20 Hz, 12 dB, Q 1"),
        (192_000.0, Band::bell(20.0, 12.0, 10.0), "bell 20 Hz, 12 dB, Q 10"),
        (192_000.0, Band::low_shelf(100.0, 12.0, 0.7), "low shelf 100 Hz, 12 dB"),
    ];
    for (rate, band, name) in cases {
        for (signal, input) in [("white noise", &white), ("997 Hz", &tone(rate))] {
            let (single, double) = (run::<f32>(band, rate, input), run::<f64>(band, rate, input));
            let energy: f64 = single.iter().zip(&double).map(|(a, b)| (a - b) * (a - b)).sum();
            let level = 10.0 * (energy / FRAMES as f64).log10();
            let asked = format!("noise of f32: {name} at {} kHz, {signal}", rate / 1_000.0);
            measured("equalizer", &asked, Bound::AtMost(-145.0), level, "dBFS", "itself in f64");
        }
    }
}
