//! Floor 5: the decay: which shelves let each frequency die away in its time.
//!
//! A line of m frames has to lose 60 m / (rate T(f)) decibels per round for a decay time of T(f) (Jot and
//! Chaigne, AES 90, 1991).
//!
//! ```text
//! T(f) = decay * bass^(1 / (1 + (f / bass_hz)^2)) * treble^(1 / (1 + (treble_hz / f)^2))
//!
//! decay times --fit at 48 frequencies--> gains of one frame --times a line's frames--> its coefficients
//! ```
//!
//! The decibels of a shelf of first order bend as 1 / (1 + (f / f0)^2) too, and grow with its gain; so one
//! linear least-squares fit of the relative error finds all gains (after Schlecht and Habets, "Accurate
//! Reverberation Time Control in Feedback Delay Networks", DAFx-17, who fit a graphic equalizer). The fit is
//! made for one frame and scaled by each line's length.
//!
//! Moving: [`Decay`]. Nothing here depends on the samples but the last step, which rounds the coefficients.

use crate::base::sample::Sample;
use crate::base::units::decibels_to_gain;
use crate::params::smoothed::smoothed;
use crate::processors::reverb::absorption::{BANKS, Coefficients, NUMBERS, SHELVES};
use crate::processors::reverb::hadamard::LINES;
use crate::processors::reverb::params::ReverbParams;

/// Shelves of each line, the low ones first.
const SECTIONS: usize = BANKS * SHELVES;
/// Where the shelves of either kind lie, as factors of the frequency that is set.
const PLACES: [f64; SHELVES] = [0.5, 1.0, 2.0];
/// Where a shelf may lie at most, as a share of the rate.
const HIGHEST_PLACE: f64 = 0.45;
/// Unknowns of the fit: the gain and the shelves.
const UNKNOWNS: usize = SECTIONS + 1;
/// Frequencies of the fit.
const POINTS: usize = 48;
/// Weight, beside the fit's own largest, of keeping the gains small. It settles what two shelves at one
/// place would leave open.
const DAMPING: f64 = 1e-5;
/// Largest gain of a shelf in a line.
const LARGEST_DB: f64 = 60.0;
/// Longest decay of any frequency.
const LONGEST_SECONDS: f64 = 400.0;

smoothed! {
    /// What the absorption follows. The times and frequencies are logarithms, so that they move by ratio.
    pub(super) design struct Decay {
        /// Of the seconds in which the middle frequencies lose 60 dB.
        seconds,
        /// Of the decay of bass and treble as factors of it.
        bass,
        treble,
        /// Of the frequencies where they begin, in hertz.
        bass_hz,
        treble_hz,
        /// From 0 to 1, how far the absorption is taken out.
        freeze,
    }
}

impl Decay {
    /// What the parameters ask for.
    pub(super) fn new(params: &ReverbParams) -> Self {
        let ReverbParams { decay_seconds, bass_ratio, treble_ratio, bass_hz, treble_hz, freeze, .. } =
            *params;
        let [seconds, bass, treble, bass_hz, treble_hz] =
            [decay_seconds, bass_ratio, treble_ratio, bass_hz, treble_hz].map(libm::log);
        Self { seconds, bass, treble, bass_hz, treble_hz, freeze: f64::from(u8::from(freeze)) }
    }
}

/// Logarithm of the seconds until a frequency has lost 60 dB. Bass and treble begin at `corners_hz`.
fn log_seconds(decay: &Decay, [bass_hz, treble_hz]: [f64; 2], frequency_hz: f64) -> f64 {
    let low = 1.0 / (1.0 + (frequency_hz / bass_hz) * (frequency_hz / bass_hz));
    let high = 1.0 / (1.0 + (treble_hz / frequency_hz) * (treble_hz / frequency_hz));
    decay.seconds + decay.bass * low + decay.treble * high
}

/// The frequencies of the fit: each in hertz, and the square of the tangent of half its angle.
pub(super) type Points = [[f64; 2]; POINTS];

/// The tangent of half the angle of a frequency.
fn tangent(frequency_hz: f64, sample_rate: f64) -> f64 {
    libm::tan(core::f64::consts::PI / sample_rate * frequency_hz)
}

/// Writes the frequencies of the fit, which the rate decides.
pub(super) fn write_points(points: &mut Points, sample_rate: f64) {
    let highest = (0.42 * sample_rate).min(16_000.0);
    let ratio = libm::pow(highest / 30.0, 1.0 / (POINTS - 1) as f64);
    let mut frequency_hz = 30.0;
    for point in points {
        let w = tangent(frequency_hz, sample_rate);
        *point = [frequency_hz, w * w];
        frequency_hz *= ratio;
    }
}

/// What one frame asks of every shelf, whatever the line.
struct Design {
    gain_db: f64,
    /// Decibels of each shelf.
    shelf_db: [f64; SECTIONS],
    /// Tangent of half the angle of each shelf's frequency.
    place: [f64; SECTIONS],
    /// Decibels that every frequency has to lose.
    least_db: f64,
}

/// The gains, per frame of delay, that come nearest to the decay times.
fn design(decay: &Decay, points: &Points, sample_rate: f64) -> Design {
    let corners_hz = [decay.bass_hz, decay.treble_hz].map(libm::exp);
    let place: [f64; SECTIONS] = core::array::from_fn(|section| {
        let frequency_hz = corners_hz[section / SHELVES] * PLACES[section % SHELVES];
        // Bent below half the rate without a corner, since it may move.
        let beyond = libm::pow(frequency_hz / (HIGHEST_PLACE * sample_rate), 8.0);
        tangent(frequency_hz / libm::pow(1.0 + beyond, 1.0 / 8.0), sample_rate)
    });
    let shapes = |square: f64| -> [f64; UNKNOWNS] {
        core::array::from_fn(|unknown| match unknown.checked_sub(1) {
            None => 1.0,
            Some(section) => {
                let below = place[section] * place[section] / (square + place[section] * place[section]);
                if section < SHELVES { below } else { 1.0 - below }
            }
        })
    };

    let mut normal = [[0.0; UNKNOWNS + 1]; UNKNOWNS];
    for [frequency_hz, square] in *points {
        let row = shapes(square);
        let wanted = -60.0 / sample_rate * libm::exp(-log_seconds(decay, corners_hz, frequency_hz));
        for a in 0..UNKNOWNS {
            let weighted = row[a] / (wanted * wanted);
            for b in a..UNKNOWNS {
                normal[a][b] += weighted * row[b];
            }
            normal[a][UNKNOWNS] += weighted * wanted;
        }
    }
    let damping = normal.iter().enumerate().map(|(i, row)| row[i]).fold(0.0, f64::max) * DAMPING;
    (1..UNKNOWNS).for_each(|i| normal[i][i] += damping);
    let [gain_db, shelf_db @ ..] = solve(normal);
    Design { gain_db, shelf_db, place, least_db: 60.0 / (sample_rate * LONGEST_SECONDS) }
}

/// Gaussian elimination of a positive definite system, of which the upper triangle is given; right side in
/// the last column.
fn solve(mut m: [[f64; UNKNOWNS + 1]; UNKNOWNS]) -> [f64; UNKNOWNS] {
    for column in 0..UNKNOWNS {
        let pivot = m[column];
        for (row, values) in m.iter_mut().enumerate().skip(column + 1) {
            let factor = pivot[row] / pivot[column];
            for (value, above) in values.iter_mut().zip(&pivot).skip(row) {
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

/// The coefficients of a line of some frames.
fn numbers(design: &Design, points: &Points, frames: f64) -> [[f64; NUMBERS]; BANKS] {
    let mut numbers = [[0.0; NUMBERS]; BANKS];
    let mut gain = decibels_to_gain(design.gain_db * frames);
    let mut ahead = 1.0;
    let mut corners = [[0.0; 2]; SECTIONS];
    for section in 0..SECTIONS {
        let gain_db = (design.shelf_db[section] * frames).clamp(-LARGEST_DB, LARGEST_DB);
        let root = decibels_to_gain(0.5 * gain_db);
        let (bank, shelf) = (section / SHELVES, section % SHELVES);
        // A high shelf is a low one of the opposite gain, times its own gain.
        let (pole, below) = if bank == 0 {
            (design.place[section] / root, root * root)
        } else {
            gain *= root * root;
            (design.place[section] * root, 1.0 / (root * root))
        };
        // The shelf is 1 + (below - 1) * low-pass, with a zero here. By z-transform that is
        // (1 + zero) / (1 + pole) times what runs.
        let zero = pole * below;
        numbers[bank][1 + 2 * shelf] = 2.0 * pole / (1.0 + pole);
        numbers[bank][2 + 2 * shelf] = (below - 1.0) / (1.0 + zero);
        ahead *= (1.0 + zero) / (1.0 + pole);
        corners[section] = [zero * zero, pole * pole];
    }
    // No frequency may gain, where the fit is far off: the network must lose everywhere.
    let power = |square: f64| {
        let products = corners.iter().fold([1.0, 1.0], |[above, below], [zero, pole]| {
            [above * (square + zero), below * (square + pole)]
        });
        products[0] / products[1]
    };
    // Outside the fit's frequencies the bends lie within a few octaves; half the rate is 1.
    let [[_, lowest], .., [_, highest]] = *points;
    let outside = (1..=10).flat_map(|step| {
        let factor = f64::from(1 << step);
        [lowest / factor, highest * factor]
    });
    let everywhere = points.iter().map(|[_, square]| *square).chain(outside).chain([0.0]);
    let loudest = everywhere.map(power).fold(1.0, f64::max);
    let most = decibels_to_gain(-design.least_db * frames) / libm::sqrt(loudest);
    numbers[0][0] = gain.min(most) * ahead;
    numbers[1][0] = 1.0;
    numbers
}

/// Writes the coefficients of all lines of these `lengths` for a decay.
pub(super) fn write_coefficients<T: Sample>(
    coefficients: &mut Coefficients<T>,
    decay: &Decay,
    points: &Points,
    lengths: &[usize; LINES],
    sample_rate: f64,
) {
    let design = design(decay, points, sample_rate);
    for (line, length) in lengths.iter().enumerate() {
        let numbers = numbers(&design, points, *length as f64 * (1.0 - decay.freeze));
        let lanes = coefficients.iter_mut().flatten();
        lanes.zip(numbers.iter().flatten()).for_each(|(lanes, number)| lanes[line] = T::from_f64(*number));
    }
}

/// Frames between the knots of a moving decay, between which its coefficients move evenly: about 12 000
/// knots a second, so that their corners leave less than -120 dB, and a divisor of the glides' 16.
pub(super) fn knot_frames(sample_rate: f64) -> usize {
    let most = (sample_rate / 11_000.0) as usize;
    [16, 8, 4, 2].into_iter().find(|frames| *frames <= most).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_complex::Complex;

    fn points(sample_rate: f64) -> Points {
        let mut points = [[0.0; 2]; POINTS];
        write_points(&mut points, sample_rate);
        points
    }

    fn of([seconds, bass, treble, bass_hz, treble_hz]: [f64; 5]) -> Decay {
        Decay { seconds, bass, treble, bass_hz, treble_hz, freeze: 0.0 }
    }

    /// Decibels that the coefficients of a line lose per round at a frequency.
    fn loss_db(numbers: &[[f64; NUMBERS]; BANKS], frequency_hz: f64, sample_rate: f64) -> f64 {
        let delayed = Complex::cis(-core::f64::consts::TAU * frequency_hz / sample_rate);
        let shelves = numbers.iter().flat_map(|bank| bank[1..].chunks_exact(2)).map(|shelf| {
            let low = delayed * shelf[0] / (1.0 - delayed * (1.0 - shelf[0]));
            20.0 * libm::log10((1.0 + low * shelf[1]).norm())
        });
        -(20.0 * libm::log10(numbers[0][0] * numbers[1][0]) + shelves.sum::<f64>())
    }

    #[test]
    fn decay_times_are_those_asked_for() {
        let mut worst = 0.0f64;
        for sample_rate in [44_100.0, 48_000.0, 96_000.0] {
            for decay in [
                [1.8, 1.1, 0.5, 250.0, 4_000.0],
                [4.0, 1.5, 0.25, 120.0, 6_000.0],
                [0.4, 0.6, 1.0, 500.0, 3_000.0],
                [2.0, 1.5, 0.4, 250.0, 4_000.0],
            ] {
                let (points, decay) = (points(sample_rate), of(decay.map(libm::log)));
                let design = design(&decay, &points, sample_rate);
                for octave in 0..8 {
                    let frequency_hz = 62.5 * (1 << octave) as f64;
                    let corners_hz = [decay.bass_hz, decay.treble_hz].map(libm::exp);
                    let wanted = libm::exp(log_seconds(&decay, corners_hz, frequency_hz));
                    for milliseconds in [30.0, 70.0] {
                        let frames = milliseconds * 1e-3 * sample_rate;
                        let loss = loss_db(&numbers(&design, &points, frames), frequency_hz, sample_rate);
                        let found = 60.0 * frames / (sample_rate * loss);
                        worst = worst.max((found / wanted - 1.0).abs());
                    }
                }
            }
        }
        std::println!("decay time at octaves: {:.2} % off", 100.0 * worst);
        assert!(worst < 0.02, "{worst}");
    }

    #[test]
    fn no_frequency_gains_wherever_the_parameters_stand() {
        let ranges = [[0.1, 30.0], [0.25, 4.0], [0.1, 2.0], [40.0, 1_000.0], [1_000.0, 16_000.0]];
        let mut seed = 1u32;
        let mut share = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            // Every fourth value is an end of its range.
            let share = f64::from(seed >> 8) / f64::from(1 << 24);
            if seed >> 8 & 3 == 0 { share.round() } else { share }
        };
        let mut least = f64::MAX;
        for case in 0..3_000 {
            let decay = ranges.map(|[low, high]| libm::log(low) + share() * libm::log(high / low));
            let sample_rate = [8_000.0, 44_100.0, 192_000.0][case % 3];
            let frames = sample_rate * [0.015, 0.04, 0.14][case / 3 % 3];
            let points = points(sample_rate);
            let numbers = numbers(&design(&of(decay), &points, sample_rate), &points, frames);
            for point in 0..=1_000 {
                let frequency_hz = 0.499_999 * sample_rate * libm::pow(1e-5, 1.0 - point as f64 / 1_000.0);
                let loss = loss_db(&numbers, frequency_hz, sample_rate);
                least = least.min(loss);
            }
        }
        std::println!("least loss of a round: {least:.2e} dB");
        assert!(least > 0.0, "{least}");
    }
}
