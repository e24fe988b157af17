//! Align: a delay of whole frames that counts as latency, so that a path waits for a slower one.
//!
//! ```text
//! in --> ring of `frames` frames --> out
//! ```
//!
//! State: `position`, where the ring is written and read next, per frame. What goes in comes out bit exact.
//! Latency is `frames`. Cost: one copy in, one out.

use crate::base::audio::Block;
use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::dsp::delay_line;
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, ResponseAt, Run, Setup};
use crate::params::params;
use core::f64::consts::TAU;
use num_complex::Complex;

params! {
    /// What is fixed when an [`Align`] is built.
    pub struct AlignConfig {
        /// How long the path waits.
        FRAMES = 1001, frames ("Frames"): whole(0..=1000000, "frames") = 0;
    }
}

/// What an align keeps.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    channels: usize,
    frames: usize,
}

impl Sizes {
    const fn new(spec: &Spec, config: &AlignConfig) -> Self {
        Self { channels: spec.inputs, frames: config.frames as usize }
    }
}

layout! {
    /// The words of an align.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        ring: [T; sizes.channels.saturating_mul(sizes.frames)],
    }
}

processor! {
    /// Makes a path wait by whole frames, so that it meets a slower one.
    /// As many channels out as in.
    pub Align = AlignKind {
        key: "align", label: "Align", config: AlignConfig, memory: Memory / MemoryRef by Sizes,
    }
}

/// The state of an [`Align`].
#[derive(Debug)]
pub struct State {
    position: usize,
}

impl ProcessorKind for AlignKind {
    type Moving = ();
    type State<T: Sample> = State;

    fn design(_: &Setup<'_, Self>) {}

    fn start<T: Sample>(_: &Setup<'_, Self>, _: Memory<'_, T>) -> State {
        State { position: 0 }
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let length = run.setup.sizes.frames;
        if length == 0 {
            return;
        }
        for (channel, ring) in run.memory.ring.chunks_exact_mut(length).enumerate() {
            delay_line::wait(ring, run.state.position, block.channel(channel));
        }
        run.state.position = (run.state.position + block.frames()) % length;
    }

    fn latency(setup: &Setup<'_, Self>) -> usize {
        setup.sizes.frames
    }

    fn response<T: Sample>(look: Look<'_, Self, T>, hz: f64, _: ResponseAt) -> Option<Complex<f64>> {
        let turns = hz / look.setup.spec.sample_rate * look.setup.sizes.frames as f64;
        Some(Complex::from_polar(1.0, -TAU * (turns - libm::floor(turns))))
    }
}
