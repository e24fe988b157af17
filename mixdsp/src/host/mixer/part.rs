//! The parts of a strip that may move.

use crate::base::id::Id;
use crate::params::{Row, Table};
use crate::processors::gain::GainParams;
use crate::processors::pan::PanParams;

/// A part of a strip that lanes move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Level of what comes in.
    Trim,
    /// The inserts: ids name their nodes, one after the other. A lane of what stands behind others is to be as late as
    /// those.
    Inserts,
    /// Where the sound stands.
    Pan,
    /// Silences the strip and its sends.
    Mute,
    /// The level at which it joins.
    Fader,
}

impl Part {
    /// Id and row of what is moved; `None` for inserts, which have their own.
    pub fn parameter(self) -> Option<(Id, &'static Row)> {
        let row = |rows: &'static [Row], id: Id| rows.iter().find(|row| row.id() == id).map(|row| (id, row));
        match self {
            Part::Trim | Part::Fader => row(GainParams::ROWS, GainParams::GAIN_DB.any()),
            Part::Mute => row(GainParams::ROWS, GainParams::MUTE.any()),
            Part::Pan => row(PanParams::ROWS, PanParams::PAN.any()),
            Part::Inserts => None,
        }
    }
}

/// What a lane of a node moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Part(Part),
    /// The level of one of the sends into it.
    Send(usize),
}
