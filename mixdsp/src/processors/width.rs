//! Width: from mono over the recording's own width to twice its side.
//!
//! ```text
//! mid = (left + right) / 2      left'  = mid + width * side
//! side = (left - right) / 2     right' = mid - width * side
//! ```
//!
//! At width 1 the audio passes bit exact; at 0 both channels are the mid. Latency and tail are 0. Cost:
//! four multiplications per frame.

use crate::base::error::Error;
use crate::base::memory::{Storage, Word};
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::dsp::stereo_matrix::{Gains, MatrixCore, check_stereo};
use crate::engine::kind::{Kind, Setup};
use crate::engine::unit::{Unit, words_for_params};
use crate::params::{NoConfig, ParamTable, Row, Table, params};

params! {
    /// Settings of a [`Width`].
    pub struct WidthParams {
        /// Factor of the side: 0 is mono, 1 leaves the sound as it is.
        WIDTH = 1, width ("Width"): linear(0.0..=2.0, "") = 1.0;
    }
}

/// Makes a stereo sound narrower or wider. Two channels.
pub type Width<T, S = Storage> = Unit<WidthKind, T, S>;

impl<T: Sample> Width<T> {
    /// Words that a width needs.
    pub const fn memory(_spec: &Spec, _config: &NoConfig) -> usize {
        words_for_params(WidthParams::ROWS.len())
    }
}

/// The catalogue's entry for [`Width`].
#[derive(Debug)]
pub struct WidthKind;

impl Kind for WidthKind {
    const KEY: &'static str = "width";
    const NAME: &'static str = "Width";
    const DOC: &'static str = "Makes a stereo sound narrower or wider.";
    const PARAMS: ParamTable = ParamTable { rows: WidthParams::ROWS, groups: &[] };
    const READINGS: &'static [Row] = &[];
    type Config = NoConfig;
    type Core<T: Sample> = MatrixCore;

    fn check(spec: &Spec, _config: &NoConfig) -> Result<(), Error> {
        check_stereo(spec)
    }

    fn memory<T: Sample>(spec: &Spec, config: &NoConfig) -> usize {
        Width::<T>::memory(spec, config)
    }

    fn core<T: Sample>(setup: &Setup<'_, NoConfig>, _words: &mut [Word]) -> MatrixCore {
        MatrixCore::new(setup, gains)
    }
}

fn gains(setup: &Setup<'_, NoConfig>) -> Gains {
    let WidthParams { width } = setup.params();
    let (same, other) = ((1.0 + width) / 2.0, (1.0 - width) / 2.0);
    [same, other, other, same]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Processor;

    #[test]
    fn the_side_is_scaled_and_the_mid_stays() {
        for (width, left, right) in [(0.0, 0.25, 0.25), (1.0, 1.0, -0.5), (2.0, 1.75, -1.25)] {
            let mut unit =
                Width::<f64>::new(Spec::new(48_000.0, 2), NoConfig, WidthParams { width }).unwrap();
            let (mut l, mut r) = ([1.0; 4], [-0.5; 4]);
            unit.process(&mut [&mut l, &mut r], &[]).unwrap();
            assert_eq!((l, r), ([left; 4], [right; 4]), "width {width}");
        }
    }
}
