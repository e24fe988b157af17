use super::kernels::*;
use super::*;
use crate::base::simd::{SimdLevel, dispatch};
use core::f64::consts::PI;

/// Kernel of `points` per interval by definition, at one point, of the 48 samples `x`, newest last.
fn direct(x: &[f64], tap: impl Fn(usize) -> f64, taps: usize) -> f64 {
    let newest = 47 - (24 - taps / 2);
    (0..taps).map(|j| tap(j) * x[newest - j]).sum()
}

#[test]
fn every_kernel_gives_what_its_taps_say() {
    let mut seed = 1u32;
    let window: [f64; WINDOW] = core::array::from_fn(|_| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed as f64 / (1u32 << 31) as f64 - 1.0
    });
    let mut out = [[0.0; INTERVALS]; 5];
    let union = [TruePeakDetector::<f64>::new(48_000.0, true), TruePeakDetector::new(96_000.0, true)];
    dispatch!(SimdLevel::BEST, s => {
        Fine::new(1.0).peaks(s, &window, INTERVALS, &mut out[0]);
        Itu::new().peaks(s, &window, INTERVALS, &mut out[1]);
        union[0].peaks(s, &window, INTERVALS, 0.0, &mut out[2]);
        union[1].peaks(s, &window, INTERVALS, 0.0, &mut out[3]);
        TruePeakDetector::new(192_000.0, true).peaks(s, &window, INTERVALS, 0.0, &mut out[4]);
    });
    let kaiser = |n: f64| bessel(9.0 * f64::sqrt(1.0 - (n / 192.0).powi(2))) / bessel(9.0) * sinc(n / 8.0);
    const ITU: [[f64; 12]; 4] = [
        [
            0.0017089843750,
            0.0109863281250,
            -0.0196533203125,
            0.0332031250000,
            -0.0594482421875,
            0.1373291015625,
            0.9721679687500,
            -0.1022949218750,
            0.0476074218750,
            -0.0266113281250,
            0.0148925781250,
            -0.0083007812500,
        ],
        [
            -0.0291748046875,
            0.0292968750000,
            -0.0517578125000,
            0.0891113281250,
            -0.1665039062500,
            0.4650878906250,
            0.7797851562500,
            -0.2003173828125,
            0.1015625000000,
            -0.0582275390625,
            0.0330810546875,
            -0.0189208984375,
        ],
        [
            -0.0189208984375,
            0.0330810546875,
            -0.0582275390625,
            0.1015625000000,
            -0.2003173828125,
            0.7797851562500,
            0.4650878906250,
            -0.1665039062500,
            0.0891113281250,
            -0.0517578125000,
            0.0292968750000,
            -0.0291748046875,
        ],
        [
            -0.0083007812500,
            0.0148925781250,
            -0.0266113281250,
            0.0476074218750,
            -0.1022949218750,
            0.9721679687500,
            0.1373291015625,
            -0.0594482421875,
            0.0332031250000,
            -0.0196533203125,
            0.0109863281250,
            0.0017089843750,
        ],
    ];
    for at in 0..INTERVALS {
        let x = &window[at..at + 48];
        let largest = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, |a: f64, b| a.max(b.abs()));
        let fine = largest(&mut (1..8).map(|k| direct(x, |j| kaiser((8 * j + k) as f64 - 192.0), 48)));
        let itu = largest(&mut (0..4).map(|k| direct(x, |j| ITU[k][j], 12)));
        let hann4 = largest(&mut (1..4).map(|k| direct(x, |j| hann_tap(4, k, j), 12)));
        let hann2 = direct(x, |j| hann_tap(2, 1, j), 24).abs();
        let guarded = (fine / f64::cos(PI / 16.0)).max(itu);
        let expected = [fine, itu, guarded.max(hann4), guarded.max(hann2), guarded];
        for (out, expected) in out.iter().zip(expected) {
            assert!((out[at] - expected).abs() < 1e-12, "{} {expected}", out[at]);
        }
        let loudest = largest(&mut x.iter().copied());
        assert!(fine <= FINE_GAIN * loudest && itu <= ITU_GAIN * loudest);
    }
}

#[test]
fn the_bounds_are_just_above_the_sums_of_the_taps() {
    fn worst<const R: usize, const C: usize>(rows: &Rows<f64, R, C>) -> f64 {
        let sum = |column: usize| -> f64 {
            let odd = |row: &[f64; C]| if column + 1 < C { row[column + 1] } else { 0.0 };
            rows.iter().map(|row| (row[column] + odd(row)).abs() + (row[column] - odd(row)).abs()).sum()
        };
        (0..C).step_by(2).map(sum).fold(0.0, f64::max)
    }
    let (fine, itu) = (worst(&Fine::<f64>::new(1.0).0), worst(&Itu::<f64>::new().0));
    std::println!("{fine} {itu}");
    assert!(fine < FINE_GAIN && fine > 0.999 * FINE_GAIN, "{fine}");
    assert!(itu < ITU_GAIN && itu > 0.99 * ITU_GAIN, "{itu}");
    let hann = worst(&Hann4::<f64>::new().0).max(worst(&Hann2::<f64>::new().0));
    assert!(hann < HANN_GAIN && hann > 0.999 * HANN_GAIN, "{hann}");
}

#[test]
fn the_fine_kernel_is_flat() {
    // A sine at every phase: the largest reading at any point is the kernel's gain there.
    for (turns, error_db) in [(0.02, 0.001), (0.2, 0.001), (0.4, 0.001), (0.43, 0.002)] {
        let fine = Fine::<f64>::new(1.0);
        for step in 0..16 {
            let phase = step as f64 / 16.0;
            let window: [f64; WINDOW] =
                core::array::from_fn(|n| libm::sin(2.0 * PI * (turns * n as f64 + phase)));
            let mut out = [0.0; INTERVALS];
            dispatch!(SimdLevel::BEST, s => fine.peaks(s, &window, INTERVALS, &mut out));
            let peak = out.iter().fold(0.0, |a: f64, b| a.max(*b));
            let over = 20.0 * libm::log10(peak);
            assert!(over < error_db && over > -0.17, "{turns}: {over} dB");
        }
    }
}

#[test]
fn what_exceeds_a_level_is_found_whatever_is_left_out() {
    let mut seed = 9u32;
    let mut random = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    let mut left_out = 0;
    for round in 0..600 {
        let rate = [48_000.0, 96_000.0, 192_000.0][round % 3];
        let loud = (round % 7 == 0) as u8 as f32;
        let window: [f32; WINDOW] = core::array::from_fn(|n| {
            let size = if n / 20 % 3 == 0 { 1.0 } else { loud.max(0.3) };
            size * if round % 2 == 0 { random() } else { libm::sinf(n as f32 * 0.7 * random()) }
        });
        let intervals = 1 + round % INTERVALS;
        let detector = TruePeakDetector::<f32>::new(rate, true);
        for level in [SimdLevel::BEST, SimdLevel::baseline()] {
            let least = 1.4 * random().abs();
            let (mut all, mut some) = ([0.0; INTERVALS], [0.0; INTERVALS]);
            dispatch!(level.resolve(), s => {
                detector.peaks(s, &window, intervals, 0.0, &mut all);
                detector.peaks(s, &window, intervals, least as f64, &mut some);
            });
            for (i, (some, all)) in some.iter().zip(&all).enumerate().take(intervals) {
                let is_bound = *all <= least && *some <= *all && i + 1 < intervals;
                assert!(some == all || is_bound, "{i} of {intervals}: {some} for {all}, {least}");
                left_out += (some != all) as usize;
            }
        }
    }
    assert!(left_out > 1_000, "{left_out} intervals spared");
}
