//! Imager: the width of a stereo sound band by band, with mono lows.
//!
//! ```text
//! left, right --> mid  --> all-passes of all splits -----------------------------+--> left, right
//!            \--> side --> crossover --+--> lows    --(x low_width)--+           |
//!                                      +--> between --(x width)------+--(+)--> side
//!                                      `--> bands   --(x width)------+
//! ```
//!
//! The side is cut at `mono_below_hz` and where each band begins, by Linkwitz-Riley filters of 48 dB per octave, and each
//! part has a width. The mid goes through the all-passes that the parts of the side add up to, so that left and right
//! stay as they were towards each other: at width 1 everywhere the output is the input through those all-passes. An octave
//! below `mono_below_hz` the side is 48 dB down, an octave above it 0.03 dB.
//!
//! Widths alone, without mono lows and without all-passes, are those of [`Bands`](crate::Bands) over
//! [`Width`](crate::Width).
//!
//! Moving: the widths. State: `splits`, see `filter::moving_splits`. In the words: the sections of a crossover of two
//! channels; `bands`, what comes out of it. Latency is 0. Cost: that of a stereo crossover with as many bands. The response
//! is that of what left and right have alike.

mod params;

pub use params::{ImagerBand, ImagerConfig, ImagerParams};

use crate::base::audio::{Block, MAX_CHANNELS};
use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::dsp::filter::crossover::{self, Network, Packed, SPLITS};
use crate::dsp::filter::moving_splits::MovingSplits;
use crate::dsp::filter::svf_states::flush_denormals;
use crate::engine::declare::processor;
use crate::engine::kind::{Channels, Look, ProcessorKind, ResponseAt, Run, Setup};
use crate::params::Id;
use crate::params::ramp::{CHUNK, Change};
use crate::params::smoothed::smoothed;
use num_complex::Complex;

/// Butterworth filters of this order, twice: 48 dB per octave.
const ORDER: usize = 4;

/// What follows from the config.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    network: Network,
}

impl Sizes {
    const fn new(_: &Spec, config: &ImagerConfig) -> Self {
        Self { network: Network { splits: 1 + config.bands as usize, order: ORDER, inputs: 2 } }
    }
}

layout! {
    /// The words of an imager.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// What runs while no split moves.
        packed: [Packed<T>; sizes.network.packed()],
        /// `s1` and `s2` of all sections.
        states: [crossover::State<T>; sizes.network.packed()],
        /// Mid and side; then of each part from the lowest mid and side.
        bands: [T; sizes.network.lanes() * CHUNK],
    }
}

processor! {
    /// Makes a stereo sound mono below a frequency, and narrower or wider by band above.
    /// Two channels.
    pub Imager = ImagerKind {
        key: "imager",
        label: "Imager",
        params: ImagerParams,
        groups: [bands: ImagerBand],
        config: ImagerConfig,
        channels: Channels::Exactly(2),
        memory: Memory / MemoryRef by Sizes,
    }
}

smoothed! {
    /// What moves in an [`Imager`]: the width of each part, from the lowest.
    pub struct Widths { lows, between, first, second, third, fourth }
}

impl Widths {
    #[inline(always)]
    fn in_order(self) -> [f64; Self::COUNT] {
        [self.lows, self.between, self.first, self.second, self.third, self.fourth]
    }
}

fn widths(setup: &Setup<'_, ImagerKind>) -> Widths {
    let ImagerParams { low_width: lows, width: between, .. } = setup.params();
    let of =
        |band| if band < setup.config.bands as usize { setup.item::<ImagerBand>(band).width } else { 1.0 };
    Widths { lows, between, first: of(0), second: of(1), third: of(2), fourth: of(3) }
}

/// Where the parameters want all splits; those that are not there do not count.
fn splits_hz(setup: &Setup<'_, ImagerKind>) -> [f64; SPLITS] {
    let count = setup.sizes.network.splits;
    core::array::from_fn(|split| match split {
        0 => setup.params().mono_below_hz,
        _ if split < count => setup.item::<ImagerBand>(split - 1).from_hz,
        _ => 1.0,
    })
}

/// The state of an [`Imager`].
#[derive(Debug)]
pub struct State {
    splits: MovingSplits,
}

impl ProcessorKind for ImagerKind {
    type Moving = Widths;
    type State<T: Sample> = State;

    fn design(setup: &Setup<'_, Self>) -> Widths {
        widths(setup)
    }

    fn start<T: Sample>(setup: &Setup<'_, Self>, memory: Memory<'_, T>) -> State {
        let Setup { spec, sizes, .. } = *setup;
        let splits = MovingSplits::new(sizes.network, memory.packed, splits_hz(setup), spec.sample_rate);
        State { splits }
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        let Run { setup, moving, state: State { splits }, memory } = run;
        let Memory { packed, states, bands, .. } = memory;
        let lanes = setup.sizes.network.lanes();
        moving.over_chunks(block, |block, widths, _| {
            let frames = block.frames();
            let mut rest = bands.chunks_exact_mut(CHUNK);
            let mut parts: [&mut [T]; MAX_CHANNELS] =
                core::array::from_fn(|_| rest.next().unwrap_or(&mut []));
            let half = T::from_f64(0.5);
            let [left, right] = block.channels_from::<2>(0);
            for (f, (l, r)) in left.iter().zip(&*right).enumerate() {
                parts[0][f] = half * (*l + *r);
                parts[1][f] = half * (*l - *r);
            }
            let mut cut = Block::new(&mut parts[..lanes], &[], 0, frames);
            splits.process(setup.spec.simd, packed, states, &mut cut);
            for (f, (l, r)) in left.iter_mut().zip(right).enumerate() {
                let (mut mid, mut side) = (T::ZERO, T::ZERO);
                for (part, width) in parts[..lanes].chunks_exact(2).zip(widths.at(f).in_order()) {
                    mid += part[0][f];
                    side += T::from_f64(width) * part[1][f];
                }
                *l = mid + side;
                *r = mid - side;
            }
        });
    }

    fn change<T: Sample>(run: Run<'_, Self, T>, id: Id, change: Change) {
        let Run { setup, moving, state: State { splits }, .. } = run;
        let once = id.typed();
        // Of a band both rows may be new.
        let split = match once {
            ImagerParams::MONO_BELOW_HZ => Some(0),
            ImagerParams::LOW_WIDTH | ImagerParams::WIDTH => None,
            _ => Some(1 + id.item() as usize),
        };
        if once != ImagerParams::MONO_BELOW_HZ {
            moving.change(widths(&setup), change);
        }
        if let Some(split) = split {
            splits.change(split, splits_hz(&setup)[split], setup.spec.sample_rate, change);
        }
    }

    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        flush_denormals(run.memory.states.as_flattened_mut().as_flattened_mut());
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        Some(look.state.splits.tail())
    }

    fn response<T: Sample>(look: Look<'_, Self, T>, hz: f64, at: ResponseAt) -> Option<Complex<f64>> {
        let parts = 0..look.setup.sizes.network.splits + 1;
        let turns = hz / look.setup.spec.sample_rate;
        Some(parts.map(|part| look.state.splits.band_response(part, turns, at)).sum())
    }
}
