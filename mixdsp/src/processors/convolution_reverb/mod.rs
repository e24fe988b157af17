//! Convolution reverb: the sound of a room that was recorded. Feature `fft`.
//!
//! ```text
//! in --+--> pre-delay --> impulse response --> bands --(x wet)--(+)--> out
//!      +-------------------------------------------------(x dry)--'
//! ```
//!
//! The impulse response is an [asset](crate::params::Asset) at the rate of the audio. One channel serves all; of two each
//! serves its own side; four are a true stereo response: left to left, left to right, right to left, right to right. A
//! processor of one channel hears the mean. See `response` for what happens to it before it is used.
//!
//! While it runs it may be replaced by another, as long or shorter, which is faded to in 20 ms
//! ([`Unit::replace`](crate::Unit::replace)); both hear all of the audio. It begins within two partitions of the longest
//! kind, 8192 frames, and the old one is handed back.
//!
//! Moving: `dry` and `wet`, per frame. State: `convolution`, see `dsp::fft::zero_latency`, allocated when built; `position`,
//! the place in the pre-delay. In the words: the pre-delay of each channel; the bands' designs and states, see
//! `dsp::filter::plain_cascade`.
//! Latency is 0. Cost: see the README and `zero_latency`; bands cost extra where there are any.

mod params;
mod response;

pub use params::{ConvolutionReverbConfig, ConvolutionReverbParams};
pub use response::ImpulseResponse;

use crate::base::audio::Block;
use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::base::units::seconds_to_frames;
use crate::dsp::delay_line;
use crate::dsp::dynamics::detector;
use crate::dsp::fft::ZeroLatency;
use crate::dsp::filter::band::Band;
use crate::dsp::filter::plain_cascade::{self, SECTIONS};
use crate::engine::declare::processor;
use crate::engine::kind::{Channels, Look, ProcessorKind, Run, Setup};
use crate::params::ramp::{CHUNK, Change, Ramp, ramp_frames};
use crate::params::smoothed::{Frames, smoothed};
use crate::params::{Asset, Id, Row};

/// The impulse response of a [`ConvolutionReverb`].
pub const RESPONSE: Asset = Asset {
    number: 3001,
    key: "response",
    name: "Impulse response",
    doc: "Impulse response at the rate of the audio: one channel, left and right, or left to left, left to right, right to left, right to right.",
    channels: 4,
    frames: (1, 1 << 21),
};

processor! {
    /// Adds the sound of a room that was recorded, without latency.
    /// One or two channels in and out. Feature `fft`.
    pub ConvolutionReverb = ConvolutionReverbKind {
        key: "convolution_reverb",
        label: "Convolution reverb",
        params: ConvolutionReverbParams,
        groups: [bands: Band],
        config: ConvolutionReverbConfig,
        channels: Channels::UpTo(2),
        allocates: true,
        assets: [RESPONSE] as ImpulseResponse,
        memory: Memory / MemoryRef by Sizes,
    }
}

/// Channels and frames.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    channels: usize,
    pre_delay: usize,
    sections: usize,
}

impl Sizes {
    const fn new(spec: &Spec, config: &ConvolutionReverbConfig) -> Self {
        Self {
            channels: if spec.outputs > spec.inputs { spec.outputs } else { spec.inputs },
            pre_delay: seconds_to_frames(config.pre_delay_ms * 1e-3, spec.sample_rate),
            sections: config.bands as usize * SECTIONS,
        }
    }
}

layout! {
    /// The words of a convolution reverb.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// What waits, channel by channel.
        pre_delay: [T; sizes.channels * sizes.pre_delay],
        designs: [Ramp<5>; sizes.sections],
        states: [[f64; 2]; sizes.sections * sizes.channels],
    }
}

smoothed! {
    /// What moves.
    pub struct Moving {
        dry,
        wet,
    }
}

/// The state of a [`ConvolutionReverb`].
#[derive(Debug)]
pub struct State<T: Sample> {
    convolution: Option<ZeroLatency<T>>,
    position: usize,
}

impl ProcessorKind for ConvolutionReverbKind {
    type Moving = Moving;
    type State<T: Sample> = State<T>;

    fn range(row: &Row, spec: &Spec, _: &ConvolutionReverbConfig) -> (f64, f64) {
        detector::range(row, spec)
    }

    fn design(setup: &Setup<'_, Self>) -> Moving {
        let mix = setup.params().mix;
        Moving { dry: 1.0 - mix, wet: mix }
    }

    fn start<T: Sample>(setup: &Setup<'_, Self>, memory: Memory<'_, T>) -> State<T> {
        start_bands(setup, memory);
        State { convolution: None, position: 0 }
    }

    /// The response stays: nothing is allocated.
    fn restart<T: Sample>(setup: &Setup<'_, Self>, state: &mut State<T>, memory: Memory<'_, T>) {
        start_bands(setup, memory);
        state.position = 0;
        if let Some(convolution) = &mut state.convolution {
            convolution.clear();
        }
    }

    fn take_assets<T: Sample>(
        run: Run<'_, Self, T>,
        new: ImpulseResponse<T>,
    ) -> Result<ImpulseResponse<T>, ImpulseResponse<T>> {
        let Run { setup, state, .. } = run;
        let of = |responses| ImpulseResponse { responses };
        match &mut state.convolution {
            Some(convolution) => convolution.replace(new.responses).map(of).map_err(of),
            None => {
                let fade = ramp_frames(setup.spec.sample_rate);
                state.convolution = Some(ZeroLatency::new(new.responses, fade, setup.spec.simd));
                Ok(of(Default::default()))
            }
        }
    }

    fn change<T: Sample>(run: Run<'_, Self, T>, id: Id, change: Change) {
        let Run { setup, moving, memory, .. } = run;
        if id.table() == Band::TABLE {
            let (item, rate) = (id.item() as usize, setup.spec.sample_rate);
            let designs = &mut memory.designs[item * SECTIONS..][..SECTIONS];
            plain_cascade::change(designs, &setup.item(item), rate, change);
        } else {
            moving.change(Self::design(&setup), change);
        }
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let Run { setup, moving, state, mut memory } = run;
        moving.over_chunks(block.part(0, block.frames()), |part, frames, _| {
            run_chunk(&setup, state, &mut memory, frames, part);
        });
    }

    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        run.memory.states.iter_mut().flatten().for_each(|value| *value = value.flushed());
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        let Look { setup, moving, state, memory } = look;
        let response = state.convolution.as_ref().map_or(0, ZeroLatency::tail);
        Some(setup.sizes.pre_delay + response + plain_cascade::tail(memory.designs) + moving.frames_left())
    }
}

fn start_bands<T: Sample>(setup: &Setup<'_, ConvolutionReverbKind>, memory: Memory<'_, T>) {
    for (item, designs) in memory.designs.chunks_exact_mut(SECTIONS).enumerate() {
        plain_cascade::start(designs, &setup.item(item), setup.spec.sample_rate);
    }
}

/// Some frames, at most [`CHUNK`].
fn run_chunk<T: Sample>(
    setup: &Setup<'_, ConvolutionReverbKind>,
    state: &mut State<T>,
    memory: &mut Memory<'_, T>,
    frames: &Frames<Moving>,
    block: &mut Block<'_, '_, T>,
) {
    let Sizes { channels, pre_delay, .. } = *setup.sizes;
    let (inputs, outputs, count) = (setup.spec.inputs, setup.spec.outputs, block.frames());
    let mut wet = [[T::ZERO; CHUNK]; 2];
    for (channel, wet) in wet.iter_mut().enumerate().take(channels) {
        wet[..count].copy_from_slice(block.input(channel.min(inputs - 1)));
        if pre_delay > 0 {
            let waiting = &mut memory.pre_delay[channel * pre_delay..][..pre_delay];
            delay_line::wait(waiting, state.position, &mut wet[..count]);
        }
    }
    state.position = (state.position + count) % pre_delay.max(1);
    let [left, right] = &mut wet;
    if let Some(convolution) = &mut state.convolution {
        let mut both = [&mut left[..count], &mut right[..count]];
        convolution.process(&mut Block::new(&mut both, &[], 0, count), channels);
    }
    if !memory.designs.is_empty() {
        let mut exact = wet.map(|wet| wet.map(Sample::to_f64));
        plain_cascade::run(memory.designs, memory.states, &mut exact[..channels], count);
        wet = exact.map(|exact| exact.map(T::from_f64));
    }
    if inputs < outputs {
        let [first, second] = block.channels_from::<2>(0);
        second.copy_from_slice(first);
    } else if inputs > outputs {
        let half = T::from_f64(0.5);
        let [first, second] = block.channels_from::<2>(0);
        first.iter_mut().zip(second).for_each(|(first, second)| *first = (*first + *second) * half);
        let [left, right] = &mut wet;
        left.iter_mut().zip(right).for_each(|(left, right)| *left = (*left + *right) * half);
    }
    for (output, wet) in wet.iter().enumerate().take(outputs) {
        for (f, (sample, wet)) in block.channel(output).iter_mut().zip(wet).enumerate() {
            let Moving { dry, wet: share } = frames.at(f);
            *sample = T::from_f64(dry) * *sample + T::from_f64(share) * *wet;
        }
    }
}
