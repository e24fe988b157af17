//! Roles: what a stem is in the song, by its name, or by its sound where the name tells nothing.

use crate::session::rough_mix::features::Features;

/// What a stem is in the song.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// The bass drum alone.
    Kick,
    /// Snare and claps.
    Snare,
    /// Hats and cymbals.
    Cymbals,
    /// Other percussion, fills.
    Percussion,
    /// A whole drum kit or loop.
    Drums,
    /// The lowest melodic line.
    Bass,
    /// The voice or the instrument in front.
    Lead,
    /// Other voices.
    Backing,
    /// Chords and melodies.
    Chords,
    /// What holds and fills.
    Pad,
    /// Effects, risers, noises.
    Effect,
}

/// Words of names, and what they tell; the first that is found counts.
const WORDS: [(Role, &[&str], &[&str]); 11] = [
    (
        Role::Backing,
        &["bgv", "bg_", "backing", "bgvox", "choir", "harmon", "backvox", "double", "adlib"],
        &["harmonica", "harmonium"],
    ),
    (Role::Lead, &["vox", "vocal", "voice", "lead", "sing", "rap"], &["wrap", "scrap", "single"]),
    (Role::Kick, &["kick", "bass drum", "bassdrum", "bass_drum", "bd_", "kik"], &[]),
    (Role::Snare, &["snare", "clap", "snr", "rim", "snap"], &["prim", "trim"]),
    (Role::Cymbals, &["hat", "cymbal", "crash", "ride", "overhead", "shaker"], &["that", "what", "chat"]),
    (Role::Drums, &["beat", "drum", "loop", "break", "kit"], &["fill", "scratch"]),
    (
        Role::Percussion,
        &["perc", "tom", "conga", "bongo", "fill", "tamb", "scratch", "cowbell"],
        &["bottom", "custom"],
    ),
    (Role::Bass, &["bass", "808", "sub"], &[]),
    (Role::Pad, &["pad", "string", "texture", "atmos", "ambien", "drone"], &[]),
    (Role::Effect, &["fx", "effect", "riser", "noise", "sweep", "impact", "foley"], &[]),
    (
        Role::Chords,
        &["gtr", "guitar", "key", "piano", "synth", "chord", "organ", "melod", "arp", "pluck", "rhodes"],
        &[],
    ),
];

impl Role {
    /// The role that a name tells; `None` where it tells nothing.
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        WORDS.iter().find(|(_, words, but)| has(words) && !has(but)).map(|(role, ..)| *role)
    }

    /// The role that the sound tells. Whether something is the lead depends on the others too: see
    /// [`leads`](super::leads::find).
    pub(super) fn of_sound(heard: &Features) -> Self {
        let Features {
            low,
            bass,
            high,
            tonal_db,
            attacks_per_second,
            decay_db,
            purity,
            movement_octaves,
            ..
        } = *heard;
        let is_struck = attacks_per_second > 1.0;
        // One drum stays where it is, a kit moves over octaves.
        if low > 0.15 && low + bass > 0.35 && is_struck && movement_octaves > 1.2 {
            return Role::Drums;
        }
        if low + bass > 0.7 && high < 0.05 {
            // A kick is mostly under the lowest notes of a bass, and stops.
            return if is_struck && decay_db > 3.0 && low > 0.5 { Role::Kick } else { Role::Bass };
        }
        if high > 0.45 {
            return if is_struck { Role::Cymbals } else { Role::Effect };
        }
        if is_struck && decay_db > 15.0 && tonal_db > -8.5 && purity < 0.45 {
            return if tonal_db < -5.0 { Role::Snare } else { Role::Percussion };
        }
        match (tonal_db > -5.0, is_struck) {
            (true, true) => Role::Percussion,
            (true, false) => Role::Effect,
            (false, true) => Role::Chords,
            (false, false) => Role::Pad,
        }
    }

    /// Whether it is struck, and belongs to the drums.
    pub(super) fn is_drum(self) -> bool {
        matches!(self, Role::Kick | Role::Snare | Role::Cymbals | Role::Percussion | Role::Drums)
    }

    /// Whether it stands in front.
    pub(super) fn is_voice(self) -> bool {
        matches!(self, Role::Lead | Role::Backing)
    }

    /// As people call it.
    pub fn word(self) -> &'static str {
        match self {
            Role::Kick => "kick",
            Role::Snare => "snare",
            Role::Cymbals => "cymbals",
            Role::Percussion => "percussion",
            Role::Drums => "drums",
            Role::Bass => "bass",
            Role::Lead => "lead",
            Role::Backing => "backing",
            Role::Chords => "chords",
            Role::Pad => "pad",
            Role::Effect => "effect",
        }
    }
}
