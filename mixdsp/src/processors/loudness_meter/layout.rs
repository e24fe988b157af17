//! Floor 5: how much each channel weighs in a loudness, by where its loudspeaker stands.

use crate::base::spec::MAX_CHANNELS;
use crate::params::{choices, params};

choices! {
    /// Where the loudspeakers stand. Names count ear height, low-frequency effects, height; channels come
    /// in the order of Rec. ITU-R BS.2051 unless the layout says otherwise.
    pub enum Layout {
        /// By the number of channels: 1 mono, 2 stereo, 5, 6, 8, 10, 12, 16 and 24 the surround layouts of
        /// this list; with any other number every channel weighs 1.
        Auto = "auto",
        /// One channel, as one channel: 3 dB under the same signal from two loudspeakers.
        Mono = "mono",
        /// One channel that will be played by two loudspeakers: weighs 2.
        DualMono = "dual_mono",
        /// Left, right.
        Stereo = "stereo",
        /// L R C Ls Rs.
        Surround50 = "surround_5_0",
        /// L R C LFE Ls Rs.
        Surround51 = "surround_5_1",
        /// L R C LFE, sides, backs.
        Surround71 = "surround_7_1",
        /// L R C LFE, backs, sides: as in WAV files.
        Surround71Wave = "surround_7_1_wave",
        /// 5.1, then four above.
        Surround514 = "surround_5_1_4",
        /// L R C LFE, sides, backs, then four above.
        Surround714 = "surround_7_1_4",
        /// L R C LFE, backs, sides, then four above: as in WAV files.
        Surround714Wave = "surround_7_1_4_wave",
        /// L R C LFE, sides, backs, wides, then six above.
        Surround916 = "surround_9_1_6",
        /// The 24 channels of 22.2 (BS.2051 system H).
        Surround222 = "surround_22_2",
        /// By azimuth and elevation of each of the `speakers`.
        Custom = "custom",
    }
}

params! {
    /// Where one loudspeaker of a custom layout stands.
    pub struct Speaker {
        /// To the left positive: 0 is in front, 110 a left surround.
        AZIMUTH_DEG = 2, azimuth_deg ("Azimuth"): linear(-180.0..=180.0, "°") = 0.0;
        /// Above ear height positive.
        ELEVATION_DEG = 3, elevation_deg ("Elevation"): linear(-90.0..=90.0, "°") = 0.0;
        /// Low-frequency effects: does not count.
        LOW_FREQUENCY_EFFECTS = 4, low_frequency_effects ("LFE"): switch() = false;
    }
}

/// Weight of the surround channels; the standard says 1.41, not the root of 2.
const SIDE: f64 = 1.41;

impl Speaker {
    /// The weight of a channel (BS.1770-5, Annex 3, Table 4): 1.41 within 30 degrees of ear height and
    /// between 60 and 120 degrees to either side, otherwise 1; nothing for low-frequency effects.
    pub fn weight(&self) -> f64 {
        let side = (60.0..=120.0).contains(&self.azimuth_deg.abs());
        match self {
            Self { low_frequency_effects: true, .. } => 0.0,
            Self { elevation_deg, .. } if side && elevation_deg.abs() < 30.0 => SIDE,
            _ => 1.0,
        }
    }

    /// Where WAVE's speaker mask (`dwChannelMask`) has a channel, counted from 0; `None` where the mask has no bit for
    /// it. FLAC and others use the same bits.
    ///
    /// The backs of a mask without sides are its surrounds, at 110 degrees, as in 5.1 files; beside sides they stand at
    /// 135. Source: Microsoft, Multiple Channel Audio Data and WAVE Files; Rec. ITU-R BS.2051.
    pub fn from_wave_mask(mask: u32, channel: usize) -> Option<Self> {
        const SIDES: u32 = 0x600;
        let bit = (0..u32::BITS).filter(|bit| mask >> bit & 1 != 0).nth(channel)?;
        let back = if mask & SIDES == 0 { 110.0 } else { 135.0 };
        let (azimuth_deg, elevation_deg) = match bit {
            0 => (30.0, 0.0),
            1 => (-30.0, 0.0),
            4 => (back, 0.0),
            5 => (-back, 0.0),
            6 => (15.0, 0.0),
            7 => (-15.0, 0.0),
            8 => (180.0, 0.0),
            9 => (90.0, 0.0),
            10 => (-90.0, 0.0),
            11 => (0.0, 90.0),
            12 => (30.0, 45.0),
            13 => (0.0, 45.0),
            14 => (-30.0, 45.0),
            15 => (135.0, 45.0),
            16 => (180.0, 45.0),
            17 => (-135.0, 45.0),
            // In front, the low-frequency effects, and bits that no one has given a place.
            _ => (0.0, 0.0),
        };
        Some(Self { azimuth_deg, elevation_deg, low_frequency_effects: bit == 3 })
    }
}

impl Layout {
    /// How many channels the layout has; `None` when it takes any number.
    pub const fn channels(self) -> Option<usize> {
        Some(match self {
            Self::Auto | Self::Custom => return None,
            Self::Mono | Self::DualMono => 1,
            Self::Stereo => 2,
            Self::Surround50 => 5,
            Self::Surround51 => 6,
            Self::Surround71 | Self::Surround71Wave => 8,
            Self::Surround514 => 10,
            Self::Surround714 | Self::Surround714Wave => 12,
            Self::Surround916 => 16,
            Self::Surround222 => 24,
        })
    }

    /// The layout that [`Layout::Auto`] means for so many channels.
    pub const fn usual(channels: usize) -> Option<Self> {
        Some(match channels {
            1 => Self::Mono,
            2 => Self::Stereo,
            5 => Self::Surround50,
            6 => Self::Surround51,
            8 => Self::Surround71,
            10 => Self::Surround514,
            12 => Self::Surround714,
            16 => Self::Surround916,
            24 => Self::Surround222,
            _ => return None,
        })
    }

    /// The weight of each channel. Custom layouts come from their speakers instead and weigh 1 here.
    pub(crate) fn weights(self, channels: usize) -> [f64; MAX_CHANNELS] {
        let mut weights = [1.0; MAX_CHANNELS];
        let (low, sides): (&[usize], &[usize]) = match self {
            Self::Auto => match Self::usual(channels) {
                Some(layout) => return layout.weights(channels),
                None => (&[], &[]),
            },
            Self::DualMono => {
                weights[0] = 2.0;
                (&[], &[])
            }
            Self::Mono | Self::Stereo | Self::Custom => (&[], &[]),
            Self::Surround50 => (&[], &[3, 4]),
            Self::Surround51 | Self::Surround514 => (&[3], &[4, 5]),
            Self::Surround71 | Self::Surround714 => (&[3], &[4, 5]),
            Self::Surround71Wave | Self::Surround714Wave => (&[3], &[6, 7]),
            Self::Surround916 => (&[3], &[4, 5, 8, 9]),
            Self::Surround222 => (&[3, 9], &[0, 1, 10, 11]),
        };
        low.iter().for_each(|channel| weights[*channel] = 0.0);
        sides.iter().for_each(|channel| weights[*channel] = SIDE);
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    /// As the conformance files of BS.2217 are configured: 1 for 1.00, L for 1.41, 0 for none.
    fn text(layout: Layout, channels: usize) -> String {
        layout.weights(channels)[..channels].iter().map(|weight| letter(*weight)).collect()
    }

    fn letter(weight: f64) -> char {
        match weight {
            0.0 => '0',
            1.0 => '1',
            1.41 => 'L',
            2.0 => '2',
            _ => '?',
        }
    }

    #[test]
    fn weights_by_the_mask_of_wave() {
        // The names of ffmpeg's layouts, their masks, and the weights of BS.1770-5 with back surrounds as surrounds.
        let expected = [
            ("mono", 0x4, "1"),
            ("stereo", 0x3, "11"),
            ("2.1", 0xb, "110"),
            ("3.0", 0x7, "111"),
            ("3.0(back)", 0x103, "111"),
            ("4.0", 0x107, "1111"),
            ("quad", 0x33, "11LL"),
            ("quad(side)", 0x603, "11LL"),
            ("3.1", 0xf, "1110"),
            ("5.0", 0x37, "111LL"),
            ("5.0(side)", 0x607, "111LL"),
            ("4.1", 0x10f, "11101"),
            ("5.1", 0x3f, "1110LL"),
            ("5.1(side)", 0x60f, "1110LL"),
            ("6.0", 0x707, "1111LL"),
            ("6.0(front)", 0x6c3, "1111LL"),
            ("hexagonal", 0x137, "111LL1"),
            ("6.1", 0x70f, "11101LL"),
            ("6.1(back)", 0x13f, "1110LL1"),
            ("6.1(front)", 0x6cb, "11011LL"),
            ("7.0", 0x637, "11111LL"),
            ("7.0(front)", 0x6c7, "11111LL"),
            ("7.1", 0x63f, "111011LL"),
            ("7.1(wide-side)", 0x6cf, "111011LL"),
            ("7.1(wide)", 0xff, "1110LL11"),
            ("octagonal", 0x737, "111111LL"),
            ("7.1.4", 0x2d63f, "111011LL1111"),
        ];
        for (name, mask, weights) in expected {
            let speakers = (0..).map_while(|channel| Speaker::from_wave_mask(mask, channel));
            let found: String = speakers.map(|speaker| letter(speaker.weight())).collect();
            assert_eq!(found, weights, "{name}");
        }
    }

    #[test]
    fn weights_by_layout() {
        let expected = [
            (Layout::Mono, "1"),
            (Layout::DualMono, "2"),
            (Layout::Stereo, "11"),
            (Layout::Surround50, "111LL"),
            (Layout::Surround51, "1110LL"),
            (Layout::Surround71, "1110LL11"),
            (Layout::Surround71Wave, "111011LL"),
            (Layout::Surround514, "1110LL1111"),
            (Layout::Surround714, "1110LL111111"),
            (Layout::Surround714Wave, "111011LL1111"),
            (Layout::Surround916, "1110LL11LL111111"),
            (Layout::Surround222, "LL10111110LL"),
        ];
        for (layout, expected) in expected {
            // All that stand above or below weigh 1.
            let channels = layout.channels().unwrap();
            let expected = alloc::format!("{expected:1<channels$}");
            assert_eq!(text(layout, channels), expected, "{layout:?}");
            if ![Layout::DualMono, Layout::Surround71Wave, Layout::Surround714Wave].contains(&layout) {
                assert_eq!(text(Layout::Auto, channels), expected, "auto");
            }
        }
        assert_eq!(text(Layout::Auto, 7), "1111111");
    }

    /// Azimuth, elevation and LFE of every loudspeaker as BS.2051 places them (9.1.6, which it does not
    /// have, by its usual angles): the weights by layout are those by angle.
    #[test]
    fn layouts_weigh_as_their_loudspeakers_stand() {
        const LFE: (f64, f64) = (0.0, -1.0);
        let pair = |azimuth: f64, elevation: f64| [(azimuth, elevation), (-azimuth, elevation)];
        let ear = |azimuths: &[f64]| -> alloc::vec::Vec<(f64, f64)> {
            azimuths.iter().flat_map(|azimuth| pair(*azimuth, 0.0)).collect()
        };
        let above = |azimuths: &[f64]| -> alloc::vec::Vec<(f64, f64)> {
            azimuths.iter().flat_map(|azimuth| pair(*azimuth, 30.0)).collect()
        };
        let front = [&ear(&[30.0])[..], &[(0.0, 0.0), LFE]].concat();
        let bottom = [(0.0, -30.0), (45.0, -30.0), (-45.0, -30.0)];
        let wide =
            [&ear(&[60.0])[..], &[(0.0, 0.0), LFE], &ear(&[135.0, 30.0]), &[(180.0, 0.0), LFE]].concat();
        let top =
            [&above(&[45.0])[..], &[(0.0, 30.0), (0.0, 90.0)], &above(&[135.0, 90.0]), &[(180.0, 30.0)]]
                .concat();
        let layouts = [
            (Layout::Surround50, [&front[..3], &ear(&[110.0])].concat()),
            (Layout::Surround51, [&front[..], &ear(&[110.0])].concat()),
            (Layout::Surround71, [&front[..], &ear(&[90.0, 135.0])].concat()),
            (Layout::Surround71Wave, [&front[..], &ear(&[135.0, 90.0])].concat()),
            (Layout::Surround514, [&front[..], &ear(&[110.0]), &above(&[30.0, 110.0])].concat()),
            (Layout::Surround714, [&front[..], &ear(&[90.0, 135.0]), &above(&[45.0, 135.0])].concat()),
            (Layout::Surround714Wave, [&front[..], &ear(&[135.0, 90.0]), &above(&[45.0, 135.0])].concat()),
            (
                Layout::Surround916,
                [&front[..], &ear(&[90.0, 135.0, 60.0]), &above(&[45.0, 90.0, 135.0])].concat(),
            ),
            (Layout::Surround222, [&wide[..], &ear(&[90.0]), &top, &bottom].concat()),
        ];
        for (layout, places) in layouts {
            let weights = layout.weights(places.len());
            assert_eq!(layout.channels(), Some(places.len()), "{layout:?}");
            for (channel, place) in places.iter().enumerate() {
                let speaker = Speaker {
                    azimuth_deg: place.0,
                    elevation_deg: place.1,
                    low_frequency_effects: *place == LFE,
                };
                assert_eq!(weights[channel], speaker.weight(), "{layout:?}, channel {channel}");
            }
        }
    }

    #[test]
    fn weights_by_angle() {
        let weight = |azimuth_deg, elevation_deg| {
            Speaker { azimuth_deg, elevation_deg, ..Default::default() }.weight()
        };
        assert_eq!([weight(0.0, 0.0), weight(-30.0, 0.0), weight(135.0, 0.0)], [1.0; 3]);
        assert_eq!([weight(60.0, 0.0), weight(-110.0, 0.0), weight(120.0, 29.9)], [1.41; 3]);
        assert_eq!([weight(90.0, 30.0), weight(90.0, -30.0), weight(121.0, 0.0)], [1.0; 3]);
        assert_eq!(Speaker { low_frequency_effects: true, ..Default::default() }.weight(), 0.0);
    }
}
