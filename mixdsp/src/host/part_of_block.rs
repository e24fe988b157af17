//! Some frames of every channel of a block.

use crate::base::audio::MAX_CHANNELS;
use core::ops::Range;

/// Some frames of every channel.
pub(super) struct Part<'a, T> {
    planes: [&'a mut [T]; MAX_CHANNELS],
    channels: usize,
}

/// So many frames of the channels.
pub(super) fn part<'a, T>(audio: &'a mut [&mut [T]], frames: Range<usize>) -> Part<'a, T> {
    let channels = audio.len().min(MAX_CHANNELS);
    let mut rest = audio.iter_mut();
    let planes = core::array::from_fn(|_| match rest.next() {
        Some(channel) => &mut channel[frames.clone()],
        None => &mut [],
    });
    Part { planes, channels }
}

impl<'a, T> Part<'a, T> {
    /// The channels.
    pub(super) fn each(&mut self) -> &mut [&'a mut [T]] {
        &mut self.planes[..self.channels]
    }
}
