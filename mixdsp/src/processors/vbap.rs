//! VBAP: places a sound among the loudspeakers of a surround layout.
//!
//! ```text
//! in --+--(x gain of L)--> L          azimuth, elevation, spread --> dsp::surround::vbap --> a gain for each
//!      +--(x gain of R)--> R
//!      :
//! ```
//!
//! The sound comes from the two loudspeakers around its direction, with heights from three; in the direction of a
//! loudspeaker from that one alone. The power is the same everywhere. With a spread it comes from a cone around the
//! direction. In layouts without heights what is raised comes from all sides, ever more. The low-frequency effects are given
//! nothing: they are an effect, and have a send of their own.
//!
//! Loudspeakers, azimuth to the left positive: front 30 degrees, centre 0; surrounds 110 in 5.1, sides 90 and backs 135 in
//! 7.1; heights at an elevation of 30, above the fronts and surrounds in 5.1.4, at 45 and 135 in 7.1.4 (Rec. ITU-R BS.2051).
//!
//! Moving: a gain per loudspeaker. No state. Latency and tail are 0. Cost: one multiplication per output; a new direction
//! is some hundred operations, with a spread some thousand.

use crate::base::audio::Block;
use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::dsp::surround::SurroundLayout;
use crate::dsp::surround::vbap;
use crate::engine::declare::processor;
use crate::engine::kind::{ProcessorKind, Run, Setup};
use crate::params::params;
use crate::params::smoothed::smoothed;

params! {
    /// What is fixed when a [`Vbap`] is built.
    pub struct VbapConfig {
        /// Which loudspeakers there are; as many channels come out.
        LAYOUT = 1001, layout ("Layout"): choice(SurroundLayout) = SurroundLayout::Surround51;
    }
}

params! {
    /// Settings of a [`Vbap`].
    pub struct VbapParams {
        /// To the left positive: 0 is in front, 110 a left surround.
        AZIMUTH_DEG = 1, azimuth_deg ("Azimuth"): linear(-180.0..=180.0, "°") = 0.0;
        /// Above ear height positive; what is below it is placed at ear height.
        ELEVATION_DEG = 2, elevation_deg ("Elevation"): linear(-90.0..=90.0, "°") = 0.0;
        /// The angle of the cone that the sound comes from.
        SPREAD_DEG = 3, spread_deg ("Spread"): linear(0.0..=180.0, "°") = 0.0;
    }
}

processor! {
    /// Places a sound among the loudspeakers of a surround layout.
    /// One channel in, 6, 8, 10 or 12 out, by the layout.
    pub Vbap = VbapKind { key: "vbap", label: "Vbap", params: VbapParams, config: VbapConfig, }
}

smoothed! {
    /// What moves in a [`Vbap`]: the gain of each channel.
    pub struct Gains { c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11 }
}

impl Gains {
    #[inline(always)]
    fn in_order(self) -> vbap::Gains {
        let Self { c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11 } = self;
        [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11]
    }
}

impl ProcessorKind for VbapKind {
    type Moving = Gains;
    type State<T: Sample> = ();

    fn check(spec: &Spec, config: &VbapConfig) -> Result<(), Error> {
        let exactly =
            |what, value, count| Err(Error::Channels { what, value, minimum: count, maximum: count });
        match (spec.inputs, config.layout.channels()) {
            (1, channels) if channels == spec.outputs => Ok(()),
            (1, channels) => exactly("outputs", spec.outputs, channels),
            (inputs, _) => exactly("inputs", inputs, 1),
        }
    }

    fn design(setup: &Setup<'_, Self>) -> Gains {
        let VbapParams { azimuth_deg, elevation_deg, spread_deg } = setup.params();
        let around = vbap::Vbap::new(setup.config.layout);
        let [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11] =
            around.gains([azimuth_deg, elevation_deg], spread_deg);
        Gains { c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11 }
    }

    fn start<T: Sample>(_: &Setup<'_, Self>, (): ()) {}

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        // The first output overwrites the input.
        let outputs = run.setup.spec.outputs;
        for output in 1..outputs {
            let [input, others @ ..] = block.channels_from::<{ crate::base::audio::MAX_CHANNELS }>(0);
            others[output - 1].copy_from_slice(input);
        }
        run.moving.over(
            block,
            |mut block, frames| {
                for output in 0..outputs {
                    let samples = block.channel(output).iter_mut().enumerate();
                    samples.for_each(|(f, x)| *x *= T::from_f64(frames.at(f).in_order()[output]));
                }
            },
            |mut block, gains| {
                for (output, gain) in gains.in_order().into_iter().enumerate().take(outputs) {
                    let gain = T::from_f64(gain);
                    block.channel(output).iter_mut().for_each(|x| *x *= gain);
                }
            },
        );
    }
}
