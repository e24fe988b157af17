//! Which loudspeakers the surround layouts have.

use crate::params::choices;

choices! {
    /// A surround layout: ear height, low-frequency effects, height. Channels come in the order of Rec. ITU-R BS.2051.
    pub enum SurroundLayout {
        /// L R C LFE Ls Rs.
        Surround51 = "surround_5_1",
        /// L R C LFE, sides, backs.
        Surround71 = "surround_7_1",
        /// 5.1, then four above.
        Surround514 = "surround_5_1_4",
        /// 7.1, then four above.
        Surround714 = "surround_7_1_4",
    }
}

/// Most channels of a layout.
pub(crate) const MOST_CHANNELS: usize = 12;

/// A loudspeaker by its place; of a pair, which side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loudspeaker {
    Front(Side),
    Centre,
    LowFrequency,
    /// The surrounds of 5.1, or the sides of 7.1.
    Surround(Side),
    Back(Side),
    TopFront(Side),
    TopBack(Side),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

use Loudspeaker::{Back, Centre, Front, LowFrequency, Surround, TopBack, TopFront};
use Side::{Left, Right};

const SURROUND_5_1_4: [Loudspeaker; 10] = [
    Front(Left),
    Front(Right),
    Centre,
    LowFrequency,
    Surround(Left),
    Surround(Right),
    TopFront(Left),
    TopFront(Right),
    TopBack(Left),
    TopBack(Right),
];
const SURROUND_7_1_4: [Loudspeaker; MOST_CHANNELS] = [
    Front(Left),
    Front(Right),
    Centre,
    LowFrequency,
    Surround(Left),
    Surround(Right),
    Back(Left),
    Back(Right),
    TopFront(Left),
    TopFront(Right),
    TopBack(Left),
    TopBack(Right),
];

impl SurroundLayout {
    /// How many channels the layout has: 6, 8, 10 or 12.
    pub const fn channels(self) -> usize {
        match self {
            Self::Surround51 => 6,
            Self::Surround71 => 8,
            Self::Surround514 => 10,
            Self::Surround714 => 12,
        }
    }

    /// The layout of so many channels.
    pub const fn of_channels(channels: usize) -> Option<Self> {
        Some(match channels {
            6 => Self::Surround51,
            8 => Self::Surround71,
            10 => Self::Surround514,
            12 => Self::Surround714,
            _ => return None,
        })
    }

    /// The loudspeaker of each channel.
    pub(crate) fn loudspeakers(self) -> &'static [Loudspeaker] {
        match self {
            Self::Surround51 => &SURROUND_5_1_4[..6],
            Self::Surround71 => &SURROUND_7_1_4[..8],
            Self::Surround514 => &SURROUND_5_1_4,
            Self::Surround714 => &SURROUND_7_1_4,
        }
    }

    /// Azimuth, to the left positive, and elevation of a loudspeaker in degrees. Heights are over the surrounds and the
    /// fronts of 5.1, at 45 and 135 degrees in 7.1.4.
    pub(crate) fn place_deg(self, loudspeaker: Loudspeaker) -> [f64; 2] {
        let has_backs = matches!(self, Self::Surround71 | Self::Surround714);
        let by = |with_backs: f64, without: f64| if has_backs { with_backs } else { without };
        let (side, azimuth, elevation) = match loudspeaker {
            Centre | LowFrequency => return [0.0, 0.0],
            Front(side) => (side, 30.0, 0.0),
            Surround(side) => (side, by(90.0, 110.0), 0.0),
            Back(side) => (side, 135.0, 0.0),
            TopFront(side) => (side, by(45.0, 30.0), 30.0),
            TopBack(side) => (side, by(135.0, 110.0), 30.0),
        };
        [if side == Left { azimuth } else { -azimuth }, elevation]
    }
}
