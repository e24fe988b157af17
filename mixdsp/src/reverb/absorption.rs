//! Absorption: how fast each frequency dies away.
//!
//! A line of m frames has to lose 60 m / (rate T(f)) decibels per round for a decay time of T(f) (Jot and
//! Chaigne, AES 90, 1991). Each line has a graphic equalizer for that: a gain, a low shelf, bells at eight
//! octaves, a high shelf. Their gains come from one least-squares fit of the relative error, since the
//! decibels of each section grow with its gain (Schlecht and Habets, "Accurate Reverberation Time Control
//! in Feedback Delay Networks", DAFx-17); the fit is made for one frame and scaled by each line's length.
//!
//! ```text
//! T(f) = decay * bass^(1 / (1 + (f / bass_hz)^2)) * treble^(1 / (1 + (treble_hz / f)^2))
//! ```
//!
//! The sections run as state-variable filters with the lines side by side.

use super::hadamard::{LINES, TILE, Tile};
use crate::filter::design::{Prototype, Shape, bilinear};
use crate::filter::svf::{self, COEFFICIENTS};
use crate::sample::Sample;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Sections of each line's equalizer.
pub(super) const SECTIONS: usize = 10;
/// Unknowns of the fit: the gain and the sections.
const UNKNOWNS: usize = SECTIONS + 1;
/// Frequencies of the fit.
pub(super) const POINTS: usize = 48;

const FREQUENCIES: [f64; SECTIONS] =
    [46.0, 63.0, 125.0, 250.0, 500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0, 11_360.0];
/// Bells an octave apart that sum flat.
const BELL_Q: f64 = 0.9;
/// Gain at which a section's shape is taken.
const SHAPE_DB: f64 = 10.0;

/// Decay in seconds, bass and treble as factors of it, and where they begin, in hertz.
pub(super) type Decay = [f64; 5];

/// Seconds until a frequency has lost 60 dB.
pub(super) fn decay_seconds([decay, bass, treble, bass_hz, treble_hz]: Decay, frequency_hz: f64) -> f64 {
    let low = 1.0 / (1.0 + (frequency_hz / bass_hz) * (frequency_hz / bass_hz));
    let high = 1.0 / (1.0 + (treble_hz / frequency_hz) * (treble_hz / frequency_hz));
    decay * libm::pow(bass, low) * libm::pow(treble, high)
}

/// Decibels per decibel of each unknown at each point.
pub(super) type Basis = [[f64; UNKNOWNS]; POINTS];

/// Coefficients of every line's every section: section, coefficient, line.
pub(super) type Coefficients<T> = [[[T; LINES]; COEFFICIENTS]; SECTIONS];

/// The frequency of a point of the fit.
fn point_hz(point: usize, sample_rate: f64) -> f64 {
    let highest = (0.42 * sample_rate).min(16_000.0);
    30.0 * libm::pow(highest / 30.0, point as f64 / (POINTS - 1) as f64)
}

fn prototype(section: usize, gain_db: f64) -> Prototype {
    let (shape, q) = match section {
        0 => (Shape::LowShelf, core::f64::consts::FRAC_1_SQRT_2),
        9 => (Shape::HighShelf, core::f64::consts::FRAC_1_SQRT_2),
        _ => (Shape::Bell, BELL_Q),
    };
    Prototype { shape, frequency_hz: FREQUENCIES[section], q, gain_db }
}

/// Whether a section lies below half the rate, with room for its shape.
fn is_used(section: usize, sample_rate: f64) -> bool {
    FREQUENCIES[section] < 0.4 * sample_rate
}

/// The shapes of the sections at a rate.
pub(super) fn write_basis(basis: &mut Basis, sample_rate: f64) {
    for (point, row) in basis.iter_mut().enumerate() {
        row[0] = 1.0;
        for section in 0..SECTIONS {
            let section_db = |frequency_hz| {
                let svf = bilinear(&prototype(section, SHAPE_DB), sample_rate);
                20.0 * libm::log10(svf.response(frequency_hz, sample_rate).norm())
            };
            let used = is_used(section, sample_rate);
            row[section + 1] = if used { section_db(point_hz(point, sample_rate)) / SHAPE_DB } else { 0.0 };
        }
    }
}

/// Gains per frame of delay, in decibels, that come nearest to the decay times.
fn fit(decay: Decay, basis: &Basis, sample_rate: f64) -> [f64; UNKNOWNS] {
    let mut normal = [[0.0; UNKNOWNS + 1]; UNKNOWNS];
    for (point, row) in basis.iter().enumerate() {
        let wanted = -60.0 / (sample_rate * decay_seconds(decay, point_hz(point, sample_rate)));
        for a in 0..UNKNOWNS {
            let weighted = row[a] / (wanted * wanted);
            for b in 0..UNKNOWNS {
                normal[a][b] += weighted * row[b];
            }
            normal[a][UNKNOWNS] += weighted * wanted;
        }
    }
    // A trace of damping stands in for the sections that the rate leaves out.
    let trace = normal.iter().enumerate().map(|(i, row)| row[i]).fold(0.0, f64::max) * 1e-12;
    (0..UNKNOWNS).for_each(|i| normal[i][i] += trace);
    let mut gains = solve(normal);
    // No frequency may gain: the network must lose everywhere.
    let sum = |row: &[f64; UNKNOWNS]| row.iter().zip(&gains).map(|(b, g)| b * g).sum::<f64>();
    let loudest = basis.iter().map(sum).fold(f64::MIN, f64::max);
    let least = -60.0 / (sample_rate * 400.0);
    if loudest > least {
        gains[0] -= loudest - least;
    }
    gains
}

/// Gaussian elimination of a positive definite system, right side in the last column.
fn solve(mut m: [[f64; UNKNOWNS + 1]; UNKNOWNS]) -> [f64; UNKNOWNS] {
    for column in 0..UNKNOWNS {
        let pivot = m[column];
        for row in m.iter_mut().skip(column + 1) {
            let factor = row[column] / pivot[column];
            for (value, above) in row.iter_mut().zip(&pivot).skip(column) {
                *value -= factor * above;
            }
        }
    }
    let mut solution = [0.0; UNKNOWNS];
    for row in (0..UNKNOWNS).rev() {
        let known: f64 = (row + 1..UNKNOWNS).map(|i| m[row][i] * solution[i]).sum();
        solution[row] = (m[row][UNKNOWNS] - known) / m[row][row];
    }
    solution
}

/// Writes the coefficients of all lines for decay times. `freeze` from 0 to 1 takes the absorption out.
pub(super) fn write_coefficients<T: Sample>(
    coefficients: &mut Coefficients<T>,
    decay: Decay,
    freeze: f64,
    basis: &Basis,
    lengths: &[usize; LINES],
    sample_rate: f64,
) {
    let gains = fit(decay, basis, sample_rate).map(|gain| gain * (1.0 - freeze));
    for line in 0..LINES {
        let frames = lengths[line] as f64;
        for section in 0..SECTIONS {
            let gain_db = if is_used(section, sample_rate) { gains[section + 1] * frames } else { 0.0 };
            let svf = bilinear(&prototype(section, gain_db.clamp(-40.0, 40.0)), sample_rate);
            let mut numbers = svf::coefficients(svf.into());
            if section == 0 {
                // The broadband gain scales the first section's output.
                let gain = crate::units::decibels_to_gain(gains[0] * frames);
                numbers[4..].iter_mut().for_each(|number| *number *= gain);
            }
            for (lanes, number) in coefficients[section].iter_mut().zip(numbers) {
                lanes[line] = T::from_f64(number);
            }
        }
    }
}

/// Decibels that a line loses per round at a frequency, of the coefficients that run.
#[cfg(test)]
pub(super) fn loss_db(
    decay: Decay,
    basis: &Basis,
    frames: usize,
    frequency_hz: f64,
    sample_rate: f64,
) -> f64 {
    let gains = fit(decay, basis, sample_rate);
    let sections = (0..SECTIONS).filter(|section| is_used(*section, sample_rate));
    let filtered: f64 = sections
        .map(|section| {
            let svf = bilinear(&prototype(section, gains[section + 1] * frames as f64), sample_rate);
            20.0 * libm::log10(svf.response(frequency_hz, sample_rate).norm())
        })
        .sum();
    -(gains[0] * frames as f64 + filtered)
}

/// Filters a tile of `frames` frames, in place, lines side by side. With `steps` the coefficients move by
/// them at every frame.
#[inline(always)]
pub(super) fn run<S: Simd, T: Sample>(
    simd: S,
    tile: &mut Tile<T>,
    coefficients: &mut Coefficients<T>,
    steps: Option<&Coefficients<T>>,
    state: &mut [[[T; LINES]; 2]; SECTIONS],
    frames: usize,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            // Frames of lines, so that one vector holds the same frame of eight lines.
            let mut turned = [[T::ZERO; LINES]; TILE];
            for (f, frame) in turned[..frames].iter_mut().enumerate() {
                for (sample, line) in frame.iter_mut().zip(&*tile) {
                    *sample = line[f];
                }
            }
            let load =
                |lines: &[T; LINES], half: usize| T::Lanes8::<S>::from_slice(simd, &lines[half..half + 8]);
            for section in 0..SECTIONS {
                // Both halves in each other's shadow.
                let mut c: [[T::Lanes8<S>; COEFFICIENTS]; 2] =
                    [0, 8].map(|half| core::array::from_fn(|i| load(&coefficients[section][i], half)));
                let mut s1 = [0, 8].map(|half| load(&state[section][0], half));
                let mut s2 = [0, 8].map(|half| load(&state[section][1], half));
                for frame in &mut turned[..frames] {
                    for (n, half) in [0, 8].into_iter().enumerate() {
                        if let Some(steps) = steps {
                            c[n] = core::array::from_fn(|i| c[n][i] + load(&steps[section][i], half));
                        }
                        let x = load(frame, half);
                        let y = svf::step(&c[n], &mut s1[n], &mut s2[n], x);
                        y.store_slice(&mut frame[half..half + 8]);
                    }
                }
                for (n, half) in [0, 8].into_iter().enumerate() {
                    s1[n].store_slice(&mut state[section][0][half..half + 8]);
                    s2[n].store_slice(&mut state[section][1][half..half + 8]);
                    if steps.is_some() {
                        for (lanes, c) in coefficients[section].iter_mut().zip(&c[n]) {
                            c.store_slice(&mut lanes[half..half + 8]);
                        }
                    }
                }
            }
            for (f, frame) in turned[..frames].iter().enumerate() {
                for (sample, line) in frame.iter().zip(&mut *tile) {
                    line[f] = *sample;
                }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decay_times_are_those_asked_for() {
        let mut worst = 0.0f64;
        for sample_rate in [44_100.0, 48_000.0, 96_000.0] {
            let mut basis = [[0.0; UNKNOWNS]; POINTS];
            write_basis(&mut basis, sample_rate);
            for decay in [
                [1.8, 1.1, 0.5, 250.0, 4_000.0],
                [4.0, 1.5, 0.25, 120.0, 6_000.0],
                [0.4, 0.6, 1.0, 500.0, 3_000.0],
            ] {
                for octave in 0..8 {
                    let frequency_hz = 62.5 * (1 << octave) as f64;
                    let wanted = decay_seconds(decay, frequency_hz);
                    for frames in [1_447, 3_359] {
                        let loss = loss_db(decay, &basis, frames, frequency_hz, sample_rate);
                        let found = 60.0 * frames as f64 / (sample_rate * loss);
                        worst = worst.max((found / wanted - 1.0).abs());
                    }
                }
            }
        }
        std::println!("decay time at octaves: {:.2} % off", 100.0 * worst);
        assert!(worst < 0.02, "{worst}");
    }
}
