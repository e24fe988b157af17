use super::clip::Clip;
use super::curves::{Cubic, Soft, Tube};
use super::*;
use crate::base::simd::{SimdLevel, dispatch};
use alloc::vec;
use alloc::vec::Vec;

fn run<T: Sample, C: Curve<T>>(curve: &C, smooth: bool, x: &[f64], cut: usize) -> Vec<f64> {
    let x: Vec<T> = x.iter().map(|x| T::from_f64(*x)).collect();
    let mut course = Course { last: [0.0; 2], bias: 0.0 };
    let mut all = Vec::new();
    for x in x.chunks(cut) {
        let mut room = vec![T::ZERO; BEFORE + x.len() + BEHIND];
        room[BEFORE..BEFORE + x.len()].copy_from_slice(x);
        let mut out = vec![T::ZERO; x.len() + BEHIND];
        dispatch!(SimdLevel::BEST, s => {
            Shaper::new(&mut course, &mut room, 0, &vec![T::ZERO; x.len()]).add(s, curve, smooth, None, &mut out);
        });
        all.extend(out[..x.len()].iter().map(|y| y.to_f64()));
    }
    all
}

fn random(frames: usize, size: f64) -> Vec<f64> {
    let mut seed = 5u32;
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as f64 / (1 << 23) as f64 - 1.0
    };
    (0..frames).map(|f| if f / 50 % 2 == 0 { size * next() } else { 0.9 + 0.3 * next() }).collect()
}

/// Steps of frames, numerically.
fn expected(f: impl Fn(f64) -> f64, x: &[f64]) -> Vec<f64> {
    let points = 20_000;
    let mut rest = 0.0;
    let mut last = 0.0;
    x.iter()
        .map(|x| {
            let (mut beginning, mut end) = (0.0, 0.0);
            for i in 0..points {
                let t = (i as f64 + 0.5) / points as f64;
                let at = last + t * (x - last);
                let added = (f(at) - at) / points as f64;
                beginning += (1.0 - t) * added;
                end += t * added;
            }
            let y = rest + beginning;
            (last, rest) = (*x, end);
            y
        })
        .collect()
}

#[test]
fn clipped_steps_are_means_in_closed_form() {
    for (knee, size) in [(0.0, 3.0), (0.0, 40.0), (0.2, 3.0), (0.5, 1.4), (0.33, 30.0)] {
        let clip = Clip::new(knee);
        let x = random(200, size);
        let right = expected(|x| clip.value(x), &x);
        for (y, tolerance) in
            [(run::<f64, _>(&clip, true, &x, 64), 1e-6), (run::<f32, _>(&clip, true, &x, 64), 4e-6)]
        {
            let worst = y.iter().zip(&right).map(|(y, right)| (y - right).abs()).fold(0.0, f64::max);
            std::println!("knee {knee}, size {size}: {worst:.1e}");
            assert!(worst < tolerance * size.max(1.0), "knee {knee}, size {size}: {worst}");
        }
    }
}

#[test]
fn what_stays_comes_out_as_the_curve_says() {
    fn check<C: Curve<f64> + Curve<f32>>(curve: &C, value: impl Fn(f64) -> f64, bound: f64) {
        for i in -400..=400 {
            let x = (i as f64 * 0.01).powi(3);
            for smooth in [false, true] {
                let y = run::<f64, _>(curve, smooth, &[x; 4], 64)[3] + x;
                assert!((y - value(x)).abs() < bound, "{x}: {y} for {}", value(x));
                let y = run::<f32, _>(curve, smooth, &[x; 4], 64)[3] + x as f32 as f64;
                assert!((y - value(x)).abs() < 2e-6 * (2.0 + x.abs()), "{x}: {y} for {}", value(x));
            }
        }
    }
    check(&Soft, Soft::value, 3e-8);
    check(&Cubic, Cubic::value, 1e-12);
    check(&Tube, Tube::value, 5e-8);
    check(&Clip::HARD, |x| x.clamp(-1.0, 1.0), 3e-6);
    check(&Clip::new(0.3), |x| Clip::new(0.3).value(x), 1e-12);
}

#[test]
fn no_bit_depends_on_the_cut() {
    let x = random(500, 2.0);
    assert!(run::<f32, _>(&Soft, true, &x, 64) == run::<f32, _>(&Soft, true, &x, 7));
    assert!(run::<f32, _>(&Clip::HARD, true, &x, 64) == run::<f32, _>(&Clip::HARD, true, &x, 13));
}
