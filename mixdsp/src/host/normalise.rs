//! Normalise: the gain that brings a master, or an album, to a loudness.
//!
//! Gain alone moves loudness and true peak by the same decibels, so a quiet master with high peaks cannot be
//! brought up all the way without a limiter. [`Approach`] says what is done then. A platform that
//! plays a master does one of these too: [`Target::playback_gain_db`].

use crate::host::targets::{Playback, Target};

/// What may be done to reach a loudness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approach {
    /// Only turned down; what is quieter stays as it is.
    DownOnly,
    /// Turned up too, but only until the true peak is at its ceiling.
    UpToPeak,
    /// Turned up all the way: a limiter behind the gain has to hold the ceiling, and takes some of the
    /// loudness.
    Limit,
}

/// Decibels by which a master of this loudness and true peak is to be changed; `None` for silence, whose
/// loudness is not finite.
///
/// For an album, whose tracks keep their levels against each other, give the loudness of all of it (of
/// meters that were merged) and the highest true peak; for albums by their loudest track, as AES77 asks,
/// give that track's.
///
/// With [`Approach::UpToPeak`] a master that is over the ceiling already is not turned up; it is not turned
/// down for its peak alone either.
pub fn normalise_db(
    loudness_lufs: f64,
    true_peak_dbtp: f64,
    target: &Target,
    approach: Approach,
) -> Option<f64> {
    let gain = target.loudness_lufs - loudness_lufs;
    if !gain.is_finite() {
        return None;
    }
    // No peak at all leaves room without end; NaN leaves none.
    let room = (target.true_peak_dbtp - true_peak_dbtp).max(0.0);
    Some(match approach {
        Approach::DownOnly => gain.min(0.0),
        Approach::UpToPeak => gain.min(room),
        Approach::Limit => gain,
    })
}

impl Target {
    /// By how many decibels the platform changes the level of a master with this loudness and true peak; 0
    /// for silence.
    pub fn playback_gain_db(&self, loudness_lufs: f64, true_peak_dbtp: f64) -> f64 {
        let approach = match self.playback {
            Playback::Delivery => return 0.0,
            Playback::DownOnly => Approach::DownOnly,
            Playback::UpToPeak => Approach::UpToPeak,
            Playback::UpWithLimiter => Approach::Limit,
        };
        normalise_db(loudness_lufs, true_peak_dbtp, self, approach).unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_loud_and_silent_masters() {
        let target = Target::find("spotify").unwrap();
        for (loudness, peak, down, up, limited) in [
            (-9.0, -0.5, -5.0, -5.0, -5.0),
            (-20.0, -5.0, 0.0, 4.0, 6.0),
            (-20.0, 0.3, 0.0, 0.0, 6.0),
            (-18.0, -12.0, 0.0, 4.0, 4.0),
        ] {
            let gain = |approach| normalise_db(loudness, peak, target, approach);
            assert_eq!(gain(Approach::DownOnly), Some(down));
            assert_eq!(gain(Approach::UpToPeak), Some(up));
            assert_eq!(gain(Approach::Limit), Some(limited));
        }
        for silence in [f64::NEG_INFINITY, f64::NAN] {
            assert_eq!(normalise_db(silence, silence, target, Approach::Limit), None);
        }
        assert_eq!(normalise_db(-20.0, f64::NAN, target, Approach::UpToPeak), Some(0.0));
    }

    #[test]
    fn what_spotify_does_to_a_master() {
        let spotify = Target::find("spotify").unwrap();
        assert_eq!(spotify.playback_gain_db(-9.0, -1.0), -5.0);
        // its own example: -20 LUFS with -5 dBTP comes up to -16 only
        assert_eq!(spotify.playback_gain_db(-20.0, -5.0), 4.0);
        // the setting Loud limits on the way
        assert_eq!(Target::find("spotify_loud").unwrap().playback_gain_db(-14.0, -1.0), 3.0);
        assert_eq!(Target::find("youtube").unwrap().playback_gain_db(-20.0, -5.0), 0.0);
    }
}
