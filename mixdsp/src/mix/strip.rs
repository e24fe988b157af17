//! Strip: what a track or a bus does to its sound before it joins others.
//!
//! ```text
//! in --> trim, polarity --> inserts --> pan --> mute --+--> fader --> out
//!                                                      |             |
//!                                                   Tap::PreFader  Tap::PostFader    --> sends
//! ```
//!
//! A mono strip is placed by its pan, a stereo one balanced; both give two channels. Pan stands before
//! both taps, so that a send hears the sound where it stands; mute silences every tap. Latency is that
//! of the inserts.

use crate::base::error::Error;
use crate::base::memory::Store;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::engine::processor::Processor;
use crate::params::NoConfig;
use crate::processors::gain::{Gain, GainParams};
use crate::processors::pan::{Pan, PanParams};

/// Where a send listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tap {
    /// Before the fader: stays when the fader moves. For headphones and keys.
    PreFader,
    /// After the fader: follows it. For reverb and delay.
    PostFader,
}

/// A track's or a bus's way of one or two channels to two.
#[derive(Debug)]
pub struct Strip<T: Sample, P, S> {
    /// Level and polarity of what comes in.
    pub trim: Gain<T, S>,
    /// What shapes the sound: one processor, a chain, or nothing (`()`).
    pub inserts: P,
    /// Where the sound stands.
    pub pan: Pan<T, S>,
    /// Silences the strip and its sends.
    pub mute: Gain<T, S>,
    /// The level at which it joins.
    pub fader: Gain<T, S>,
}

/// Words of storage for the four units of a strip: trim, pan, mute, fader.
pub const fn strip_words<T: Sample>(sample_rate: f64, channels: usize) -> [usize; 4] {
    let (input, place, stereo) = specs(sample_rate, channels);
    [
        Gain::<T>::memory(&input, &NoConfig),
        Pan::<T>::memory(&place, &NoConfig),
        Gain::<T>::memory(&stereo, &NoConfig),
        Gain::<T>::memory(&stereo, &NoConfig),
    ]
}

const fn specs(sample_rate: f64, channels: usize) -> (Spec, Spec, Spec) {
    let input = Spec::new(sample_rate, channels);
    (input, input.with_outputs(2), Spec::new(sample_rate, 2))
}

impl<T: Sample, P: Processor<T>, S: Store> Strip<T, P, S> {
    /// A strip for one or two channels, with its memory in `storage`, in the order of [`strip_words`].
    pub fn new_in(sample_rate: f64, channels: usize, inserts: P, storage: [S; 4]) -> Result<Self, Error> {
        let (input, place, stereo) = specs(sample_rate, channels);
        let [trim, pan, mute, fader] = storage;
        Ok(Self {
            trim: Gain::new_in(input, NoConfig, GainParams::default(), trim)?,
            inserts,
            pan: Pan::new_in(place, NoConfig, PanParams::default(), pan)?,
            mute: Gain::new_in(stereo, NoConfig, GainParams::default(), mute)?,
            fader: Gain::new_in(stereo, NoConfig, GainParams::default(), fader)?,
        })
    }

    /// Runs up to the pre-fader tap, in place: two channels in the block, the first one or two of them
    /// the input. The sidechain goes to the inserts.
    pub fn process_to_tap(&mut self, audio: &mut [&mut [T]], sidechain: &[&[T]]) -> Result<(), Error> {
        let inputs = self.trim.spec().inputs;
        if audio.len() < 2 {
            return Err(Error::BlockChannels { what: "audio", needed: 2, given: audio.len() });
        }
        self.trim.process(&mut audio[..inputs], &[])?;
        self.inserts.process(&mut audio[..inputs], sidechain)?;
        self.pan.process(audio, &[])?;
        self.mute.process(audio, &[])
    }

    /// Runs the rest, from the pre-fader tap to the output, in place.
    pub fn process_from_tap(&mut self, audio: &mut [&mut [T]]) -> Result<(), Error> {
        self.fader.process(audio, &[])
    }

    /// Clears all audio state.
    pub fn reset(&mut self) {
        self.trim.reset();
        self.inserts.reset();
        self.pan.reset();
        self.mute.reset();
        self.fader.reset();
    }

    /// Frames by which both taps are late.
    pub fn latency(&self) -> usize {
        self.inserts.latency()
    }

    /// Frames until the strip is silent; `None` when it never is.
    pub fn tail(&self) -> Option<usize> {
        self.inserts.tail()
    }
}

/// What a send does: its tap's sound at its own level, added to a bus.
#[derive(Debug)]
pub struct EffectSend<T: Sample, S> {
    /// Where it listens.
    pub tap: Tap,
    /// Its level.
    pub level: Gain<T, S>,
}
