//! Styles: what is aimed at.

use crate::session::rough_mix::role::Role;

/// What kind of music a rough mix is for: it shifts what is aimed at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// The voice in front of an even band.
    #[default]
    Pop,
    /// Drums and guitars forward.
    Rock,
    /// Bass drum and bass forward.
    Electronic,
    /// Drums back, more room.
    Acoustic,
    /// The voice far in front of everything, and dry.
    SpokenWord,
}

impl Style {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Pop, Self::Rock, Self::Electronic, Self::Acoustic, Self::SpokenWord];

    /// What it is called on a command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::Pop => "pop",
            Self::Rock => "rock",
            Self::Electronic => "electronic",
            Self::Acoustic => "acoustic",
            Self::SpokenWord => "spoken_word",
        }
    }

    /// The style that is called this.
    pub fn find(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|style| style.key() == key)
    }

    /// Loudness of a role against the others, in LU; several stems of one role that sound together share it.
    pub(super) fn level_lu(self, role: Role) -> f64 {
        let usual = match role {
            Role::Lead => 0.0,
            Role::Kick | Role::Drums => -3.0,
            Role::Snare => -4.0,
            Role::Bass => -4.0,
            Role::Chords => -6.0,
            Role::Backing => -6.0,
            Role::Percussion => -9.0,
            Role::Effect => -9.0,
            Role::Pad => -10.0,
            Role::Cymbals => -11.0,
        };
        let shift = match (self, role) {
            (Self::Rock, Role::Kick | Role::Snare | Role::Drums | Role::Chords) => 1.5,
            (Self::Electronic, Role::Kick | Role::Bass) => 2.0,
            (Self::Acoustic, _) if role.is_drum() => -3.0,
            (Self::SpokenWord, _) if role != Role::Lead => -4.0,
            _ => 0.0,
        };
        usual + shift
    }

    /// The lead over the rest while both sound, in LU.
    pub(super) fn lead_over_rest_lu(self) -> f64 {
        match self {
            Self::Pop => 3.5,
            Self::Rock => 2.0,
            Self::Electronic => 2.0,
            Self::Acoustic => 3.5,
            Self::SpokenWord => 9.0,
        }
    }

    /// All reverb and echo together against the dry sound, in LU.
    pub(super) fn return_lu(self) -> f64 {
        match self {
            Self::Pop | Self::Electronic => -15.0,
            Self::Rock => -16.0,
            Self::Acoustic => -14.0,
            Self::SpokenWord => -17.5,
        }
    }
}
