//! Fold-down: a surround mix for fewer loudspeakers.
//!
//! ```text
//! 5.1.4, 7.1, 7.1.4 to 5.1:   L  = L + height Ltf              Ls = Ls + back Lb + height Ltb        C = C, LFE = LFE
//! 5.1 to stereo:              L' = L + centre C + surround Ls + lfe LFE          the right the same
//! stereo to mono:             M  = (L' + R') / sqrt(2)
//! ```
//!
//! `centre`, `surround` and the way to mono are those of Rec. ITU-R BS.775-4, Annex 4: 0.7071 each, so that in mono the
//! fronts count 0.7071, the centre 1 and the surrounds 0.5; the low-frequency effects are left out. The backs of 7.1 come at
//! 0.7071 to the sides, as ffmpeg has it, and the heights at 0.7071 to what they stand above; no standard says so, and all
//! of them are parameters. As these sums are louder than what goes in, `normalise` turns everything down until no output
//! can be louder than its inputs all together at full scale: for 5.1 to stereo by 7.7 dB. Without it the levels are those
//! of BS.775.
//!
//! Moving: the five coefficients and the scale. No state. Latency and tail are 0. Cost: a multiplication per input and
//! output.

use crate::base::audio::Block;
use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::base::units::decibels_to_gain;
use crate::dsp::surround::{Loudspeaker, MOST_CHANNELS, Side, SurroundLayout};
use crate::engine::declare::processor;
use crate::engine::kind::{ProcessorKind, Run, Setup};
use crate::params::ramp::CHUNK;
use crate::params::smoothed::smoothed;
use crate::params::{choices, params};
use core::f64::consts::FRAC_1_SQRT_2;

choices! {
    /// What a surround mix is folded down to.
    pub enum FoldTo {
        /// Left and right.
        Stereo = "stereo",
        /// One channel.
        Mono = "mono",
        /// L R C LFE Ls Rs.
        Surround51 = "surround_5_1",
    }
}

impl FoldTo {
    /// How many channels come out.
    pub const fn channels(self) -> usize {
        match self {
            Self::Stereo => 2,
            Self::Mono => 1,
            Self::Surround51 => 6,
        }
    }
}

params! {
    /// What is fixed when a [`FoldDown`] is built.
    pub struct FoldDownConfig {
        /// What comes out.
        TO = 1001, to ("To"): choice(FoldTo) = FoldTo::Stereo;
    }
}

params! {
    /// Settings of a [`FoldDown`]; at -60 dB a part is left out.
    pub struct FoldDownParams {
        /// Level of the centre in left and right.
        CENTRE_DB = 1, centre_db ("Centre"): linear(-60.0..=10.0, "dB") = -3.0103;
        /// Level of the surrounds in left and right.
        SURROUND_DB = 2, surround_db ("Surrounds"): linear(-60.0..=10.0, "dB") = -3.0103;
        /// Level of the low-frequency effects in left and right; cinemas play them 10 dB louder.
        LFE_DB = 3, lfe_db ("LFE"): linear(-60.0..=10.0, "dB") = -60.0;
        /// Level of the backs of 7.1 in the surrounds.
        BACK_DB = 4, back_db ("Backs"): linear(-60.0..=10.0, "dB") = -3.0103;
        /// Level of the heights in what they stand above.
        HEIGHT_DB = 5, height_db ("Heights"): linear(-60.0..=10.0, "dB") = -3.0103;
        /// Turns everything down until no output can be louder than its inputs all together at full scale.
        NORMALISE = 6, normalise ("Normalise"): switch() = true;
    }
}

processor! {
    /// Folds a surround mix down to stereo, mono or 5.1.
    /// 6, 8, 10 or 12 channels in: 5.1, 7.1, 5.1.4, 7.1.4.
    pub FoldDown = FoldDownKind {
        key: "fold_down", label: "Fold-down", params: FoldDownParams, config: FoldDownConfig,
    }
}

smoothed! {
    /// What moves in a [`FoldDown`].
    pub struct Moving { centre, surround, lfe, back, height, scale }
}

/// Gains to each output from each input.
type Matrix = [[f64; MOST_CHANNELS]; OUTPUTS];
/// Most outputs.
const OUTPUTS: usize = 6;

/// Which channels the outputs of 5.1 are.
const LEFT: usize = 0;
const RIGHT: usize = 1;
const CENTRE: usize = 2;
const LOW_FREQUENCY: usize = 3;
const LEFT_SURROUND: usize = 4;

impl Moving {
    /// The gains, before the scale.
    fn matrix(&self, layout: SurroundLayout, to: FoldTo) -> Matrix {
        let mut matrix = [[0.0; MOST_CHANNELS]; OUTPUTS];
        for (input, loudspeaker) in layout.loudspeakers().iter().enumerate() {
            let (output, gain) = self.of_5_1(*loudspeaker);
            let to_stereo = |side| match output {
                LEFT | RIGHT => (output == side, 1.0),
                CENTRE => (true, self.centre),
                LOW_FREQUENCY => (true, self.lfe),
                _ => (output - LEFT_SURROUND == side, self.surround),
            };
            let side = |side| {
                let (is_heard, level) = to_stereo(side);
                if is_heard { gain * level } else { 0.0 }
            };
            match to {
                FoldTo::Surround51 => matrix[output][input] = gain,
                FoldTo::Stereo => [LEFT, RIGHT].into_iter().for_each(|at| matrix[at][input] = side(at)),
                FoldTo::Mono => matrix[0][input] = FRAC_1_SQRT_2 * (side(LEFT) + side(RIGHT)),
            }
        }
        matrix
    }

    /// To which output of 5.1 a loudspeaker goes, and its gain there.
    fn of_5_1(&self, loudspeaker: Loudspeaker) -> (usize, f64) {
        let pair = |side, left: usize, gain| (if side == Side::Left { left } else { left + 1 }, gain);
        match loudspeaker {
            Loudspeaker::Centre => (CENTRE, 1.0),
            Loudspeaker::LowFrequency => (LOW_FREQUENCY, 1.0),
            Loudspeaker::Front(side) => pair(side, LEFT, 1.0),
            Loudspeaker::Surround(side) => pair(side, LEFT_SURROUND, 1.0),
            Loudspeaker::Back(side) => pair(side, LEFT_SURROUND, self.back),
            Loudspeaker::TopFront(side) => pair(side, LEFT, self.height),
            Loudspeaker::TopBack(side) => pair(side, LEFT_SURROUND, self.height),
        }
    }
}

fn layout(spec: &Spec) -> SurroundLayout {
    SurroundLayout::of_channels(spec.inputs).unwrap_or(SurroundLayout::Surround51)
}

impl ProcessorKind for FoldDownKind {
    type Moving = Moving;
    type State<T: Sample> = ();

    fn check(spec: &Spec, config: &FoldDownConfig) -> Result<(), Error> {
        let (inputs, outputs) = (spec.inputs, config.to.channels());
        if SurroundLayout::of_channels(inputs).is_none() {
            return Err(Error::Channels {
                what: "inputs",
                value: inputs,
                minimum: 6,
                maximum: MOST_CHANNELS,
            });
        }
        if spec.outputs != outputs {
            let value = spec.outputs;
            return Err(Error::Channels { what: "outputs", value, minimum: outputs, maximum: outputs });
        }
        Ok(())
    }

    fn design(setup: &Setup<'_, Self>) -> Moving {
        let FoldDownParams { centre_db, surround_db, lfe_db, back_db, height_db, normalise } = setup.params();
        let gain = |db: f64| if db <= -60.0 { 0.0 } else { decibels_to_gain(db) };
        let mut moving = Moving {
            centre: gain(centre_db),
            surround: gain(surround_db),
            lfe: gain(lfe_db),
            back: gain(back_db),
            height: gain(height_db),
            scale: 1.0,
        };
        if normalise {
            let matrix = moving.matrix(layout(setup.spec), setup.config.to);
            let loudest = matrix.iter().map(|row| row.iter().sum()).fold(1.0, f64::max);
            moving.scale = 1.0 / loudest;
        }
        moving
    }

    fn start<T: Sample>(_: &Setup<'_, Self>, (): ()) {}

    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        let (layout, to) = (layout(run.setup.spec), run.setup.config.to);
        let (inputs, outputs) = (layout.channels(), to.channels());
        let gains = |moving: Moving| {
            let scaled = |gain| T::from_f64(moving.scale * gain);
            moving.matrix(layout, to).map(|row| row.map(scaled))
        };
        run.moving.over(
            block,
            |mut block, numbers| {
                let (mut sums, frames) = ([[T::ZERO; CHUNK]; OUTPUTS], block.frames());
                for f in 0..frames {
                    let gains = gains(numbers.at(f));
                    for (sum, gains) in sums.iter_mut().zip(&gains).take(outputs) {
                        for (input, gain) in gains.iter().enumerate().take(inputs) {
                            sum[f] += *gain * block.input(input)[f];
                        }
                    }
                }
                put(&sums[..outputs], &mut block);
            },
            |mut block, moving| {
                let (gains, frames) = (gains(moving), block.frames());
                for start in (0..frames).step_by(CHUNK) {
                    let mut part = block.part(start, frames.min(start + CHUNK));
                    let mut sums = [[T::ZERO; CHUNK]; OUTPUTS];
                    for (sum, gains) in sums.iter_mut().zip(&gains).take(outputs) {
                        for (input, gain) in gains.iter().enumerate().take(inputs) {
                            sum.iter_mut().zip(part.input(input)).for_each(|(sum, x)| *sum += *gain * *x);
                        }
                    }
                    put(&sums[..outputs], &mut part);
                }
            },
        );
    }
}

/// Writes the outputs.
fn put<T: Sample>(sums: &[[T; CHUNK]], block: &mut Block<'_, '_, T>) {
    let frames = block.frames();
    for (output, sum) in sums.iter().enumerate() {
        block.channel(output).copy_from_slice(&sum[..frames]);
    }
}
