//! Assets: audio that a processor is built with, declared as a table.

use super::table::Settings;
use crate::base::audio::MAX_CHANNELS;
use crate::base::error::Error;

/// A slot for audio that a processor is built with: an impulse response, the taps of a filter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asset {
    /// Its number: from 3001, never given twice.
    pub number: u16,
    /// As written in code: `taps`.
    pub key: &'static str,
    /// As shown to people.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Most channels; it has at least one.
    pub channels: usize,
    /// Fewest and most samples of each channel.
    pub frames: (usize, usize),
}

/// Largest magnitude of a sample.
const MOST: f64 = 1e9;

impl Asset {
    /// Refuses what stands in slot `at` of the settings: too few or too many channels or samples, channels of unequal
    /// length, samples that are not finite or beyond ±1e9.
    pub fn check(&self, settings: &dyn Settings, at: usize) -> Result<(), Error> {
        let mut channels = (0..=MAX_CHANNELS).map_while(|channel| settings.asset(at, channel));
        let range = |value, unit, minimum, maximum| {
            Err(Error::Range { key: self.key, item: None, value, minimum, maximum, unit, choices: &[] })
        };
        let first = channels.next().unwrap_or_default();
        let (least, most) = self.frames;
        if !(least..=most).contains(&first.len()) {
            return range(first.len() as f64, "samples", least as f64, most as f64);
        }
        let mut count = 1;
        for channel in core::iter::once(first).chain(channels) {
            if channel.len() != first.len() {
                return Err(Error::BlockFrames { expected: first.len(), given: channel.len() });
            }
            if let Some(sample) = channel.iter().find(|sample| !(sample.abs() <= MOST)) {
                return range(*sample, "", -MOST, MOST);
            }
            count += 1;
        }
        let value = count - 1;
        if value > self.channels {
            return Err(Error::Channels { what: self.key, value, minimum: 1, maximum: self.channels });
        }
        Ok(())
    }
}

/// Audio for each slot, each a list of channels: settings of a unit, alone or beside others as `(params, assets)`.
#[derive(Clone, Copy, Debug)]
pub struct Assets<'a>(pub &'a [&'a [&'a [f64]]]);

impl Settings for Assets<'_> {
    fn each(&self, _visit: &mut dyn FnMut(crate::params::Id, f64)) {}

    fn asset(&self, slot: usize, channel: usize) -> Option<&[f64]> {
        self.0.get(slot)?.get(channel).copied()
    }
}
