//! Mid-side: two channels into mid and side, or back.
//!
//! ```text
//! encode: mid = (left + right) / 2, side = (left - right) / 2      in place of left and right
//! decode: left = mid + side,        right = mid - side
//! ```
//!
//! Between an encoder and a decoder any processor works on mid and side: `(encode, equalizer, decode)`.
//! One after the other they give back what went in, to one rounding. Latency and tail are 0.

use crate::base::error::Error;
use crate::base::memory::{Storage, Word};
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::dsp::stereo_matrix::{Gains, MatrixCore, check_stereo};
use crate::engine::kind::{Kind, Setup};
use crate::engine::unit::{Unit, words_for_params};
use crate::params::{NoConfig, ParamTable, Row, Table, choices, params};

choices! {
    /// Which way.
    pub enum MidSideDirection {
        /// Left and right into mid and side.
        Encode = "encode",
        /// Mid and side into left and right.
        Decode = "decode",
    }
}

params! {
    /// Settings of a [`MidSide`].
    pub struct MidSideParams {
        /// Which way.
        DIRECTION = 1, direction ("Direction"): choice(MidSideDirection) = MidSideDirection::Encode;
    }
}

/// Turns left and right into mid and side, or back. Two channels.
pub type MidSide<T, S = Storage> = Unit<MidSideKind, T, S>;

impl<T: Sample> MidSide<T> {
    /// Words that it needs.
    pub const fn memory(_spec: &Spec, _config: &NoConfig) -> usize {
        words_for_params(MidSideParams::ROWS.len())
    }
}

/// The catalogue's entry for [`MidSide`].
#[derive(Debug)]
pub struct MidSideKind;

impl Kind for MidSideKind {
    const KEY: &'static str = "mid_side";
    const NAME: &'static str = "Mid-side";
    const DOC: &'static str = "Turns left and right into mid and side, or back.";
    const PARAMS: ParamTable = ParamTable { rows: MidSideParams::ROWS, groups: &[] };
    const READINGS: &'static [Row] = &[];
    type Config = NoConfig;
    type Core<T: Sample> = MatrixCore;

    fn check(spec: &Spec, _config: &NoConfig) -> Result<(), Error> {
        check_stereo(spec)
    }

    fn memory<T: Sample>(spec: &Spec, config: &NoConfig) -> usize {
        MidSide::<T>::memory(spec, config)
    }

    fn core<T: Sample>(setup: &Setup<'_, NoConfig>, _words: &mut [Word]) -> MatrixCore {
        MatrixCore::new(setup, gains)
    }
}

fn gains(setup: &Setup<'_, NoConfig>) -> Gains {
    match setup.params::<MidSideParams>().direction {
        MidSideDirection::Encode => [0.5, 0.5, 0.5, -0.5],
        MidSideDirection::Decode => [1.0, 1.0, 1.0, -1.0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Processor;

    #[test]
    fn there_and_back_is_where_it_was() {
        let make = |direction| {
            MidSide::<f32>::new(Spec::new(48_000.0, 2), NoConfig, MidSideParams { direction }).unwrap()
        };
        let mut chain = (make(MidSideDirection::Encode), make(MidSideDirection::Decode));
        let left: [f32; 50] = core::array::from_fn(|i| (i as f32 * 0.37).sin());
        let right: [f32; 50] = core::array::from_fn(|i| (i as f32 * 0.11).cos());
        let (mut l, mut r) = (left, right);
        chain.process(&mut [&mut l, &mut r], &[]).unwrap();
        for (a, b) in left.iter().zip(&l).chain(right.iter().zip(&r)) {
            assert!((a - b).abs() <= f32::EPSILON, "{a} {b}");
        }
    }
}
