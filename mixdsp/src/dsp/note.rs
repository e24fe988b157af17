//! Floor 4: note values: times and rates by a tempo.

use crate::params::choices;

choices! {
    /// Note values for times and rates. Dotted notes are half as long again, triplets two thirds as long.
    pub enum NoteValue {
        /// No note: the time or rate in milliseconds or hertz counts.
        Off = "off",
        /// Sixty-fourth note.
        SixtyFourth = "sixty_fourth",
        /// Dotted sixty-fourth note.
        SixtyFourthDotted = "sixty_fourth_dotted",
        /// Sixty-fourth note triplet.
        SixtyFourthTriplet = "sixty_fourth_triplet",
        /// Thirty-second note.
        ThirtySecond = "thirty_second",
        /// Dotted thirty-second note.
        ThirtySecondDotted = "thirty_second_dotted",
        /// Thirty-second note triplet.
        ThirtySecondTriplet = "thirty_second_triplet",
        /// Sixteenth note.
        Sixteenth = "sixteenth",
        /// Dotted sixteenth note.
        SixteenthDotted = "sixteenth_dotted",
        /// Sixteenth note triplet.
        SixteenthTriplet = "sixteenth_triplet",
        /// Eighth note.
        Eighth = "eighth",
        /// Dotted eighth note.
        EighthDotted = "eighth_dotted",
        /// Eighth note triplet.
        EighthTriplet = "eighth_triplet",
        /// Quarter note.
        Quarter = "quarter",
        /// Dotted quarter note.
        QuarterDotted = "quarter_dotted",
        /// Quarter note triplet.
        QuarterTriplet = "quarter_triplet",
        /// Half note.
        Half = "half",
        /// Dotted half note.
        HalfDotted = "half_dotted",
        /// Half note triplet.
        HalfTriplet = "half_triplet",
        /// Whole note.
        Whole = "whole",
        /// Dotted whole note.
        WholeDotted = "whole_dotted",
        /// Whole note triplet.
        WholeTriplet = "whole_triplet",
    }
}

impl NoteValue {
    /// Length in quarter notes; `None` when off.
    pub fn quarters(self) -> Option<f64> {
        let note = (self as usize).checked_sub(1)?;
        let straight = (1u32 << (note / 3)) as f64 / 16.0;
        Some([straight, straight * 1.5, straight * 2.0 / 3.0][note % 3])
    }

    /// How often the note comes at a tempo in quarter notes per minute; `None` when off.
    pub fn rate_hz(self, tempo_bpm: f64) -> Option<f64> {
        Some(tempo_bpm / 60.0 / self.quarters()?)
    }
}
