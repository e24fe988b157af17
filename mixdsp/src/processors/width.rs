//! Width: from mono over the recording's own width to twice its side.
//!
//! ```text
//! mid = (left + right) / 2      left'  = mid + width * side
//! side = (left - right) / 2     right' = mid - width * side
//! ```
//!
//! At width 1 the audio passes bit exact; at 0 both channels are the mid. Latency and tail are 0. Cost:
//! four multiplications per frame.

use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::dsp::stereo_matrix::{StereoMatrix, mix};
use crate::engine::declare::processor;
use crate::engine::kind::{Channels, ProcessorKind, Run, Setup};
use crate::params::params;

params! {
    /// Settings of a [`Width`].
    pub struct WidthParams {
        /// Factor of the side: 0 is mono, 1 leaves the sound as it is.
        WIDTH = 1, width ("Width"): linear(0.0..=2.0, "") = 1.0;
    }
}

processor! {
    /// Makes a stereo sound narrower or wider.
    /// Two channels.
    pub Width = WidthKind { key: "width", label: "Width", params: WidthParams, channels: Channels::Exactly(2), }
}

impl ProcessorKind for WidthKind {
    type Moving = StereoMatrix;
    type State<T: Sample> = ();

    fn design(setup: &Setup<'_, Self>) -> StereoMatrix {
        let WidthParams { width } = setup.params();
        let (same, other) = ((1.0 + width) / 2.0, (1.0 - width) / 2.0);
        StereoMatrix { ll: same, lr: other, rl: other, rr: same }
    }

    fn start<T: Sample>(_: &Setup<'_, Self>, (): ()) {}

    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        mix(run.moving, block);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NoConfig, Processor, Spec};

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
