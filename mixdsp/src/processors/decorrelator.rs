//! Decorrelator: makes the middle of a sound wide, without a trace of it in mono.
//!
//! ```text
//! mid --+--------------------------(x direct)--(+)-----------> mid'      left'  = mid' + side'
//!       |                                       |                        right' = mid' - side'
//!       +--> high-pass --+--(x direct_highs)----'
//!                        `--> velvet --(x wide)---(+)--------> side'
//! side --------------------------------------------'
//! ```
//!
//! What left and right have alike, above `from_hz`, goes through a filter of velvet noise and is added to one side and
//! taken from the other, so that both sum up to the mid again: in mono nothing of the filter is left, only the level that
//! the mid gave to the sides. With c = 1 / sqrt(1 + amount²) the mid has its highs at c and the side at c amount: the power
//! of both channels together stays what it was, at every frequency in the mean, also through the high-pass of first order.
//! At an `amount` of 1 left and right are unrelated, at 0 nothing happens.
//!
//! Velvet noise is a row of impulses of either sign, here 30 in 30 ms that fall by 12 dB, without ringing or tone. Their
//! places were searched for so that by third octaves, from 50 Hz to 16 kHz, both channels keep their level within 1.6 dB
//! and, above 500 Hz, the coherence is under 0.2. Source: V. Välimäki and others, "Late Reverberation Synthesis Using Filtered
//! Velvet Noise", Applied Sciences 7, 2017; S. J. Schlecht and others, "Optimized Velvet-Noise Decorrelator", DAFx-18; M. A.
//! Gerzon, "Signal Processing for Simulating Realistic Stereo Images", AES 93, 1992.
//!
//! Moving: the three gains and the high-pass's number. State: `cursor`, where the line is written next, per frame; `low`, what
//! the high-pass takes away; `means`, what is heard in mono. In the words: `line`, the highs of the mid, as long as the velvet.
//! Latency is 0. Cost: 30 multiplications per frame. What stands at a single frequency may leave up to 3 dB louder on one
//! side.

use crate::base::audio::Block;
use crate::base::error::Error;
use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::dsp::delay_line::Cursor;
use crate::dsp::stereo_means::StereoMeans;
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, Run, Setup};
use crate::params::ramp::CHUNK;
use crate::params::smoothed::smoothed;
use crate::params::{Id, NoConfig, params, readings};
use core::f64::consts::TAU;

params! {
    /// Settings of a [`Decorrelator`].
    pub struct DecorrelatorParams {
        /// Side against mid of what left and right had alike: 1 makes them unrelated, 0 leaves them.
        AMOUNT = 1, amount ("Amount"): linear(0.0..=1.0, "") = 0.85;
        /// Above which the sound is made wide: 3 dB down, 6 dB per octave.
        FROM_HZ = 2, from_hz ("From"): frequency(50.0..=2000.0) = 250.0;
    }
}

readings! {
    /// What a [`Decorrelator`] reports.
    pub struct DecorrelatorReadings {
        /// By how much the mono sum of the present sound is quieter than both channels together, averaged over 300 ms: 0 for
        /// mono, 3 for unrelated channels.
        MONO_LOSS_DB = 2001, mono_loss_db ("Loss in mono"): "dB";
    }
}

/// Where the impulses are, in hundredths of a millisecond; negative for those turned round.
const VELVET: [i16; 30] = [
    244, -356, 405, 538, 652, 702, 885, -913, 1040, -1139, 1239, 1352, 1444, -1521, 1630, 1658, -1680, 1749,
    1764, -1920, 1979, 2164, 2339, -2372, 2449, -2480, -2513, 2616, 2651, -2887,
];
/// Hundredths of a millisecond in a second.
const VELVET_UNIT: f64 = 1e5;
/// The velvet's length in seconds, and by how much its impulses fall over it.
const VELVET_SECONDS: f64 = 0.03;
const VELVET_FALL_DB: f64 = 12.0;
/// Time constant of the reading, in seconds.
const AVERAGE_SECONDS: f64 = 0.3;

/// What a decorrelator keeps.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    length: usize,
}

impl Sizes {
    /// The line holds the frames that are worked on and what the last impulse reaches back.
    const fn new(spec: &Spec, _: &NoConfig) -> Self {
        Self { length: (VELVET_SECONDS * spec.sample_rate) as usize + 2 + CHUNK }
    }
}

layout! {
    /// The words of a decorrelator.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// The highs of the mid.
        line: [T; sizes.length],
    }
}

processor! {
    /// Makes the middle of a sound wide, without a trace of it in mono.
    /// One or two channels in, two out.
    pub Decorrelator = DecorrelatorKind {
        key: "decorrelator",
        label: "Decorrelator",
        params: DecorrelatorParams,
        readings: DecorrelatorReadings,
        memory: Memory / MemoryRef by Sizes,
    }
}

smoothed! {
    /// What moves in a [`Decorrelator`].
    pub struct Moving {
        /// Share of the mid's highs that it keeps, and that the side is given.
        kept, wide,
        /// The high-pass's number: share of a new frame in what it takes away.
        share,
    }
}

/// The state of a [`Decorrelator`].
#[derive(Debug)]
pub struct State<T> {
    cursor: Cursor,
    /// Frames that each impulse lies back, and its size.
    impulses: [(usize, T); VELVET.len()],
    /// What the high-pass takes away.
    low: f64,
    means: StereoMeans,
}

/// The impulses at a rate; their squares add up to 1.
fn impulses<T: Sample>(sample_rate: f64) -> [(usize, T); VELVET.len()] {
    let seconds = |place: i16| f64::from(place.unsigned_abs()) / VELVET_UNIT;
    let size =
        |place: i16| crate::base::units::decibels_to_gain(-VELVET_FALL_DB * seconds(place) / VELVET_SECONDS);
    let power: f64 = VELVET.iter().map(|place| size(*place) * size(*place)).sum();
    let scale = 1.0 / libm::sqrt(power);
    VELVET.map(|place| {
        let frames = libm::round(seconds(place) * sample_rate) as usize;
        (frames, T::from_f64(scale * if place < 0 { -size(place) } else { size(place) }))
    })
}

impl ProcessorKind for DecorrelatorKind {
    type Moving = Moving;
    type State<T: Sample> = State<T>;

    fn check(spec: &Spec, _: &NoConfig) -> Result<(), Error> {
        spec.check_places_in_stereo()
    }

    fn design(setup: &Setup<'_, Self>) -> Moving {
        let DecorrelatorParams { amount, from_hz } = setup.params();
        let kept = 1.0 / libm::sqrt(1.0 + amount * amount);
        // The bilinear transform of the pole.
        let tangent = libm::tan(0.5 * TAU * from_hz / setup.spec.sample_rate);
        Moving { kept, wide: kept * amount, share: tangent / (1.0 + tangent) }
    }

    fn start<T: Sample>(setup: &Setup<'_, Self>, _: Memory<'_, T>) -> State<T> {
        let rate = setup.spec.sample_rate;
        State {
            cursor: Cursor::new(setup.sizes.length),
            impulses: impulses(rate),
            low: 0.0,
            means: StereoMeans::new(AVERAGE_SECONDS * rate),
        }
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let Run { setup, moving, state, memory } = run;
        if setup.spec.inputs == 1 {
            let [left, right] = block.channels_from::<2>(0);
            right.copy_from_slice(left);
        }
        moving.over_chunks(block, |block, numbers, _| {
            let frames = block.frames();
            let [left, right] = block.channels_from::<2>(0);
            let mut highs = [T::ZERO; CHUNK];
            let half = T::from_f64(0.5);
            for (f, (l, r)) in left.iter().zip(&*right).enumerate() {
                let mid = 0.5 * (l.to_f64() + r.to_f64());
                // A trapezoidal one-pole: what it keeps is low, what is left is high.
                let step = numbers.at(f).share * (mid - state.low);
                let low = state.low + step;
                state.low = low + step;
                highs[f] = T::from_f64(mid - low);
            }
            state.cursor.write(memory.line, &highs[..frames]);
            let (mut velvet, mut echo) = ([T::ZERO; CHUNK], [T::ZERO; CHUNK]);
            for (back, size) in &state.impulses {
                state.cursor.read(memory.line, *back, &mut echo[..frames]);
                velvet.iter_mut().zip(&echo).for_each(|(velvet, echo)| *velvet += *size * *echo);
            }
            state.cursor.advance(frames);
            for (f, (l, r)) in left.iter_mut().zip(&mut *right).enumerate() {
                let Moving { kept, wide, .. } = numbers.at(f);
                let mid = half * (*l + *r) - T::from_f64(1.0 - kept) * highs[f];
                let side = half * (*l - *r) + T::from_f64(wide) * velvet[f];
                (*l, *r) = (mid + side, mid - side);
            }
            state.means.hear(left, right);
        });
    }

    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        run.state.low = run.state.low.flushed();
        run.state.means.flush_denormals();
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        let Moving { share, .. } = look.moving.target();
        // The pole, 1 - 2 share, may be negative near half the rate.
        let pole = (1.0 - 2.0 * share).abs().max(1e-6);
        let decay = -140.0 / (20.0 * libm::log10(pole));
        Some(look.setup.sizes.length + libm::ceil(decay) as usize + look.moving.frames_left())
    }

    fn reading<T: Sample>(look: Look<'_, Self, T>, id: Id) -> Option<f64> {
        (id.typed() == DecorrelatorReadings::MONO_LOSS_DB).then(|| look.state.means.mono_loss_db()).flatten()
    }
}
