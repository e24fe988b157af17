//! Floor 1: ids of parameters and readings.

use core::fmt;

/// Names a parameter or a reading of a unit.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Id(u32);

impl Id {
    /// The id of a row: unit 0, item 0.
    pub const fn new(number: u16) -> Self {
        Self(number as u32 & 0xfff)
    }
    /// From its packed form, as C hands it over.
    pub const fn from_raw(raw: u32) -> Self {
        Self(raw)
    }
    /// Packed: `unit << 24 | item << 12 | number`.
    pub const fn raw(self) -> u32 {
        self.0
    }
    /// The same row of band or tap `item`, from 0.
    pub const fn at(self, item: u16) -> Self {
        Self(self.0 & 0xff00_0fff | (item as u32 & 0xfff) << 12)
    }
    /// The same row of the processor at place `unit` of a chain, from 0.
    pub const fn in_unit(self, unit: u8) -> Self {
        Self(self.0 & 0x00ff_ffff | (unit as u32) << 24)
    }
    /// The row's number.
    pub const fn number(self) -> u16 {
        (self.0 & 0xfff) as u16
    }
    /// Which band or tap.
    pub const fn item(self) -> u16 {
        (self.0 >> 12 & 0xfff) as u16
    }
    /// Place in a chain.
    pub const fn unit(self) -> u8 {
        (self.0 >> 24) as u8
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id(unit {}, item {}, number {})", self.unit(), self.item(), self.number())
    }
}
