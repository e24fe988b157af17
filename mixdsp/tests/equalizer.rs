//! The equalizer reports the response that runs, and that response is the analogue one.

use mixdsp::{Band, Equalizer, EqualizerConfig, EqualizerParams, Processor, Slope, Spec};
use num_complex::Complex;
use std::f64::consts::TAU;

const RATE: f64 = 48_000.0;

fn bands() -> [Band; 9] {
    [
        Band::high_pass(30.0, 0.7).with_slope(Slope::Db18),
        Band::bell(200.0, 6.0, 1.0),
        Band::bell(1_000.0, -4.0, 2.0),
        Band::high_shelf(8_000.0, 3.0, 0.7),
        Band::bell(10_000.0, 5.0, 1.0),
        Band::low_shelf(100.0, 2.0, 0.7),
        Band::low_pass(15_000.0, 0.7).with_slope(Slope::Db48),
        Band::bell(500.0, -3.0, 4.0),
        Band::bell(60.0, 3.0, 1.0),
    ]
}

/// The Fourier sum of an impulse response at one frequency.
fn transform(response: &[f64], frequency_hz: f64) -> Complex<f64> {
    let step = -TAU * frequency_hz / RATE;
    response.iter().enumerate().map(|(n, y)| Complex::from_polar(*y, step * n as f64)).sum()
}

#[test]
fn the_reported_response_is_that_of_the_impulse_response() {
    let bands = bands();
    let mut worst = (0.0f64, 0.0f64);
    for count in [1, 2, 9] {
        let params = EqualizerParams { bands: &bands[..count] };
        let config = EqualizerConfig::bands(count as u32);
        let mut unit = Equalizer::<f64>::new(Spec::new(RATE, 2), config, params).unwrap();
        let mut left = vec![0.0; 1 << 16];
        let mut right = left.clone();
        (left[0], right[0]) = (1.0, -0.5);
        unit.process(&mut [&mut left, &mut right], &[]).unwrap();
        assert!(left.iter().zip(&right).all(|(l, r)| (l * -0.5 - r).abs() < 1e-12));
        for frequency_hz in [40.0, 200.0, 1_000.0, 3_333.0, 12_000.0, 19_000.0] {
            let reported = unit.response(frequency_hz);
            worst.0 = worst.0.max((transform(&left, frequency_hz) - reported).norm());
            let curve: Complex<f64> = bands[..count].iter().map(|band| band.curve(frequency_hz)).product();
            worst.1 = worst.1.max((20.0 * (reported.norm() / curve.norm()).log10()).abs());
        }
    }
    println!("response against impulse {:.1e}; against the analogue curve {:.3} dB", worst.0, worst.1);
    assert!(worst.0 < 1e-9, "{worst:?}");
    assert!(worst.1 < 0.17, "{worst:?}");
}
