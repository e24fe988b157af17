//! Floor 5: the arithmetic of a delay, frame by frame: what goes out and what goes into the line.
//!
//! Moving: [`Gains`], per frame.

use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::params::smoothed::smoothed;
use crate::processors::delay::params::DelayParams;

smoothed! {
    /// What moves in a delay from frame to frame, beside its heads and its filters.
    pub struct Gains {
        /// Level of what comes back.
        feedback,
        /// Share of the echoes in the output.
        mix,
        /// Share of the ping-pong.
        ping_pong,
        /// Level of what is let in.
        input,
    }
}

impl Gains {
    /// What the parameters ask for. Frozen, everything comes back and nothing is let in.
    pub(super) fn new(params: &DelayParams) -> Self {
        let (feedback, input) = if params.freeze { (1.0, 0.0) } else { (params.feedback, 1.0) };
        Self { feedback, mix: params.mix, ping_pong: if params.ping_pong { 1.0 } else { 0.0 }, input }
    }
}

/// What one frame is multiplied with.
#[derive(Clone, Copy, Debug)]
pub(super) struct FrameGains<T> {
    feedback: T,
    dry: T,
    wet: T,
    input: T,
    /// Share of the ping-pong, and of what is not.
    pub(super) cross: T,
    straight: T,
}

impl<T: Sample> FrameGains<T> {
    #[inline(always)]
    pub(super) fn new(Gains { feedback, mix, ping_pong: cross, input }: Gains) -> Self {
        Self {
            feedback: T::from_f64(feedback),
            dry: T::from_f64(1.0 - mix),
            wet: T::from_f64(mix),
            input: T::from_f64(input),
            cross: T::from_f64(cross),
            straight: T::from_f64(1.0 - cross),
        }
    }
}

/// Some frames of all channels, `stride` samples apart.
#[derive(Debug)]
pub(super) struct Loops<'a, T> {
    /// What was read from the lines.
    pub(super) heard: &'a [T],
    /// What the lines are to be given; before, what was heard as the filters left it, if `toned`.
    pub(super) written: &'a mut [T],
    pub(super) toned: bool,
    pub(super) stride: usize,
}

impl<T: Sample> Loops<'_, T> {
    /// Mixes into the first `channels` channels of the block, and fills `written`. With `crossed` there are
    /// two channels.
    #[inline(always)]
    pub(super) fn run(
        &mut self,
        gains: impl Fn(usize) -> FrameGains<T>,
        crossed: bool,
        block: &mut Block<'_, '_, T>,
        channels: usize,
    ) {
        match (crossed, self.toned) {
            (false, false) => self.straight::<false>(gains, block, channels),
            (false, true) => self.straight::<true>(gains, block, channels),
            (true, false) => self.crossed::<false>(gains, block),
            (true, true) => self.crossed::<true>(gains, block),
        }
    }

    #[inline(always)]
    fn straight<const TONED: bool>(
        &mut self,
        gains: impl Fn(usize) -> FrameGains<T>,
        block: &mut Block<'_, '_, T>,
        channels: usize,
    ) {
        let rows = self.heard.chunks_exact(self.stride).zip(self.written.chunks_exact_mut(self.stride));
        for (channel, (heard, written)) in rows.enumerate().take(channels) {
            let audio = block.channel(channel);
            let frames = audio.len();
            let (heard, written) = (&heard[..frames], &mut written[..frames]);
            for i in 0..frames {
                let gain = gains(i);
                let (x, echo) = (audio[i], heard[i]);
                let back = if TONED { written[i] } else { echo };
                written[i] = (gain.input * x + gain.feedback * back).flushed();
                audio[i] = gain.dry * x + gain.wet * echo;
            }
        }
    }

    /// Ping-pong, by its share: the middle goes into the left line, and each line gives to the other.
    #[inline(always)]
    fn crossed<const TONED: bool>(
        &mut self,
        gains: impl Fn(usize) -> FrameGains<T>,
        block: &mut Block<'_, '_, T>,
    ) {
        let [left, right] = block.channels_from::<2>(0);
        let frames = left.len();
        let right = &mut right[..frames];
        let (heard_left, heard_right) = self.heard.split_at(self.stride);
        let (written_left, written_right) = self.written.split_at_mut(self.stride);
        let (heard_left, heard_right) = (&heard_left[..frames], &heard_right[..frames]);
        let (written_left, written_right) = (&mut written_left[..frames], &mut written_right[..frames]);
        let half = T::from_f64(0.5);
        for i in 0..frames {
            let gain = gains(i);
            let (x, y) = (left[i], right[i]);
            let (back_left, back_right) =
                if TONED { (written_left[i], written_right[i]) } else { (heard_left[i], heard_right[i]) };
            let middle = half * (x + y);
            let to_left = gain.straight * x + gain.cross * middle;
            let to_right = gain.straight * y;
            let from_left = gain.straight * back_left + gain.cross * back_right;
            let from_right = gain.straight * back_right + gain.cross * back_left;
            written_left[i] = (gain.input * to_left + gain.feedback * from_left).flushed();
            written_right[i] = (gain.input * to_right + gain.feedback * from_right).flushed();
            left[i] = gain.dry * x + gain.wet * heard_left[i];
            right[i] = gain.dry * y + gain.wet * heard_right[i];
        }
    }
}
