//! Both ends of a master: what is cut off, and how what is left fades.
//!
//! ```text
//! in --> less the beginning --> fade in --> waits for the end --> fade out, less the end --> out
//! ```
//!
//! State. `at`: frames that came. `waiting`: what may still be cut or faded.

use crate::base::audio::frames_of;
use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::base::units::seconds_to_frames;
use alloc::collections::VecDeque;
use alloc::vec;
use alloc::vec::Vec;
use core::f64::consts::PI;

/// What is done to both ends, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields, default)
)]
pub struct EndsSettings {
    /// What is cut off the beginning, 0 to 3600 s.
    pub trim_start_seconds: f64,
    /// What is cut off the end, 0 to 60 s.
    pub trim_end_seconds: f64,
    /// How long the beginning fades in, 0 to 60 s: half a cosine.
    pub fade_in_seconds: f64,
    /// How long the end fades out, 0 to 60 s.
    pub fade_out_seconds: f64,
}

impl EndsSettings {
    /// Nothing is cut or faded.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Refuses what is out of its range.
    ///
    /// # Errors
    /// [`Error::Range`], which names the field, its value and its range.
    pub fn check(&self) -> Result<(), Error> {
        for (key, value, maximum) in [
            ("trim_start_seconds", self.trim_start_seconds, 3600.0),
            ("trim_end_seconds", self.trim_end_seconds, 60.0),
            ("fade_in_seconds", self.fade_in_seconds, 60.0),
            ("fade_out_seconds", self.fade_out_seconds, 60.0),
        ] {
            if !(0.0..=maximum).contains(&value) {
                let (item, minimum, unit, choices): (_, _, _, &[_]) = (None, 0.0, "s", &[]);
                return Err(Error::Range { key, item, value, minimum, maximum, unit, choices });
            }
        }
        Ok(())
    }
}

/// Cuts and fades a programme that goes by. Its memory is what is cut and faded at the end.
#[derive(Clone, Debug)]
pub struct Ends<T: Sample> {
    skip: usize,
    fade_in: usize,
    fade_out: usize,
    cut: usize,
    at: usize,
    waiting: Vec<VecDeque<T>>,
}

impl<T: Sample> Ends<T> {
    /// For this rate in hertz and so many channels.
    ///
    /// # Errors
    /// As [`EndsSettings::check`].
    pub fn new(sample_rate: f64, channels: usize, settings: &EndsSettings) -> Result<Self, Error> {
        settings.check()?;
        let frames = |seconds| seconds_to_frames(seconds, sample_rate);
        Ok(Self {
            skip: frames(settings.trim_start_seconds),
            fade_in: frames(settings.fade_in_seconds),
            fade_out: frames(settings.fade_out_seconds),
            cut: frames(settings.trim_end_seconds),
            at: 0,
            waiting: vec![VecDeque::new(); channels],
        })
    }

    /// Hears a block of any length, and gives what comes out.
    ///
    /// # Errors
    /// [`Error::BlockChannels`] or [`Error::BlockFrames`] for a block of another shape; nothing is heard then.
    pub fn push<C: AsRef<[T]>>(&mut self, audio: &[C]) -> Result<Vec<Vec<T>>, Error> {
        let frames = frames_of(audio, self.waiting.len(), "audio")?;
        let skipped = self.skip.saturating_sub(self.at).min(frames);
        for (waiting, channel) in self.waiting.iter_mut().zip(audio) {
            for (n, x) in channel.as_ref().iter().enumerate().skip(skipped) {
                let done = self.at + n - self.skip;
                waiting.push_back(if done < self.fade_in { *x * fade::<T>(done, self.fade_in) } else { *x });
            }
        }
        self.at += frames;
        let hold = self.cut + self.fade_out;
        let count = self.waiting[0].len().saturating_sub(hold);
        Ok(self.waiting.iter_mut().map(|waiting| waiting.drain(..count).collect()).collect())
    }

    /// The audio has ended: what is left of it.
    ///
    /// # Errors
    /// [`Error::Range`] where nothing is left of what came: the end that is cut, and what it may be.
    pub fn finish(&mut self) -> Result<Vec<Vec<T>>, Error> {
        let left = self.at.saturating_sub(self.skip);
        if self.at > 0 && left <= self.cut {
            let (key, value) =
                ("trim_start_seconds and trim_end_seconds, in frames", (self.skip + self.cut) as f64);
            let (item, minimum, maximum, unit, choices): (_, _, _, _, &[_]) =
                (None, 0.0, (self.at - 1) as f64, "", &[]);
            return Err(Error::Range { key, item, value, minimum, maximum, unit, choices });
        }
        let count = self.waiting[0].len() - self.cut.min(self.waiting[0].len());
        let fade_out = self.fade_out;
        Ok(self
            .waiting
            .iter_mut()
            .map(|waiting| {
                let kept = waiting.drain(..).take(count).enumerate();
                kept.map(|(n, x)| {
                    let left = count - 1 - n;
                    if left < fade_out { x * fade::<T>(left, fade_out) } else { x }
                })
                .collect()
            })
            .collect())
    }
}

/// The gain of the frame `at` of a fade in: from near 0 to near 1.
fn fade<T: Sample>(at: usize, frames: usize) -> T {
    T::from_f64(0.5 - 0.5 * libm::cos(PI * (at as f64 + 0.5) / frames as f64))
}
