//! Sines, levels, and what a unit told at each frame.

use mixdsp::{Id, Processor};
use std::f64::consts::TAU;

/// Frames of a call in which every frame's reading is still known.
const FRAMES: usize = 16;

pub(crate) fn decibels(gain: f64) -> f64 {
    20.0 * gain.log10()
}

pub(crate) fn gain(decibels: f64) -> f64 {
    10f64.powf(decibels / 20.0)
}

/// A sine from its zero on.
pub(crate) fn sine(rate: f64, frequency_hz: f64, amplitude: f64, frames: usize) -> Vec<f64> {
    (0..frames).map(|n| amplitude * (TAU * frequency_hz * n as f64 / rate).sin()).collect()
}

/// Amplitude of one frequency over whole periods.
pub(crate) fn amplitude(samples: &[f64], frequency_hz: f64, rate: f64) -> f64 {
    let step = TAU * frequency_hz / rate;
    let (mut re, mut im) = (0.0, 0.0);
    for (n, y) in samples.iter().enumerate() {
        let (sin, cos) = (step * n as f64).sin_cos();
        (re, im) = (re + y * cos, im + y * sin);
    }
    2.0 * f64::hypot(re, im) / samples.len() as f64
}

/// Runs a unit over all frames and tells what some readings were at each of them.
pub(crate) fn traced<const N: usize>(
    unit: &mut dyn Processor<f64>,
    audio: &mut [Vec<f64>],
    sidechain: &[Vec<f64>],
    readings: [Id; N],
) -> [Vec<f64>; N] {
    let frames = audio[0].len();
    let mut told = readings.map(|_| Vec::with_capacity(frames));
    for from in (0..frames).step_by(FRAMES) {
        let to = frames.min(from + FRAMES);
        let mut part: Vec<&mut [f64]> = audio.iter_mut().map(|channel| &mut channel[from..to]).collect();
        let key: Vec<&[f64]> = sidechain.iter().map(|channel| &channel[from..to]).collect();
        unit.process(&mut part, &key).expect("it fits");
        for (told, id) in told.iter_mut().zip(readings) {
            let mut now = [0.0; FRAMES];
            let known = unit.trace(id, &mut now[..to - from]);
            assert_eq!(known, to - from, "every frame is known");
            told.extend_from_slice(&now[..to - from]);
        }
    }
    told
}

/// Frames at which values change, from the second on.
pub(crate) fn changes(values: &[f64]) -> Vec<usize> {
    (1..values.len()).filter(|n| values[*n] != values[n - 1]).collect()
}

/// Where a path crosses a level, between frames.
pub(crate) fn crossing(path: &[f64], level: f64) -> f64 {
    let at = path.windows(2).position(|pair| (pair[0] - level) * (pair[1] - level) <= 0.0).expect("it does");
    at as f64 + (level - path[at]) / (path[at + 1] - path[at])
}
