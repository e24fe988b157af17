//! Floor 4: what two channels have in common: one-pole averages of left², right², left x right.
//!
//! ```text
//! correlation = mean(l r) / sqrt(mean(l²) mean(r²))        1 mono, 0 unrelated, -1 cancels in mono
//! balance     = (mean(r²) - mean(l²)) / (mean(r²) + mean(l²))
//! mono loss   = -10 log10(mean((l + r)²) / (2 mean(l²) + 2 mean(r²)))        0 dB mono, 3 dB unrelated
//! ```

use crate::base::sample::Sample;

/// Mean square under which a channel is silent: -120 dBFS.
const SILENT: f64 = 1e-12;
/// The largest loss that is told.
const MOST_LOSS_DB: f64 = 120.0;

/// The averages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StereoMeans {
    /// Share of a new frame.
    share: f64,
    /// Of left², right², left x right.
    means: [f64; 3],
}

impl StereoMeans {
    /// Nothing heard yet; the averages have a time constant of so many frames.
    pub(crate) fn new(frames: f64) -> Self {
        let mut means = Self { share: 0.0, means: [0.0; 3] };
        means.average_over(frames);
        means
    }

    /// Another time constant.
    pub(crate) fn average_over(&mut self, frames: f64) {
        self.share = -libm::expm1(-1.0 / frames);
    }

    /// Takes in some frames.
    #[inline]
    pub(crate) fn hear<T: Sample>(&mut self, left: &[T], right: &[T]) {
        let Self { share, mut means } = *self;
        for (left, right) in left.iter().zip(right) {
            let (left, right) = (left.to_f64(), right.to_f64());
            let now = [left * left, right * right, left * right];
            means.iter_mut().zip(now).for_each(|(mean, now)| *mean += share * (now - *mean));
        }
        self.means = means;
    }

    /// What is too small to matter becomes zero.
    pub(crate) fn flush_denormals(&mut self) {
        self.means.iter_mut().for_each(|mean| *mean = mean.flushed());
    }

    /// `None` while a channel is silent.
    pub(crate) fn correlation(&self) -> Option<f64> {
        let [left, right, both] = self.means;
        (left > SILENT && right > SILENT).then(|| (both / libm::sqrt(left * right)).clamp(-1.0, 1.0))
    }

    /// Whether any channel is heard.
    fn is_heard(&self) -> bool {
        self.means[0] > SILENT || self.means[1] > SILENT
    }

    /// From -1, left, to 1, right. `None` while both channels are silent.
    pub(crate) fn balance(&self) -> Option<f64> {
        let [left, right, _] = self.means;
        self.is_heard().then(|| (right - left) / (right + left))
    }

    /// `None` while both channels are silent.
    pub(crate) fn mono_loss_db(&self) -> Option<f64> {
        let [left, right, both] = self.means;
        let kept = (left + right + 2.0 * both) / (2.0 * (left + right));
        self.is_heard().then(|| (-10.0 * libm::log10(kept.max(1e-30))).clamp(0.0, MOST_LOSS_DB))
    }
}
