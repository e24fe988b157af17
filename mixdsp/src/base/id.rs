//! Floor 1: ids of parameters, config values and readings.
//!
//! ```text
//! id = node : 16 | table : 16 | item : 16 | number : 16
//! ```
//!
//! `table` says whose row it is: a hash of the table's name, so that tables need no registry; a test over the catalogue
//! finds two that collide. `number` is the row's, `item` the band or tap, `node` the place in what is built from
//! processors, counted over processors in order, depth first; 0 in a processor by itself. An id of another processor is
//! therefore refused everywhere: by the compiler where the unit's type is known, else when it is used.

use core::fmt;
use core::marker::PhantomData;

/// Names a row of the table `P`; `Id` alone, of any.
///
/// ```compile_fail,E0277
/// use mixdsp::{CompressorParams, Gain, NoConfig, Spec};
/// let mut gain = Gain::<f32>::new(Spec::new(48_000.0, 1), NoConfig, ()).unwrap();
/// gain.set(CompressorParams::THRESHOLD_DB, -20.0);
/// ```
#[derive(PartialEq, Eq)]
pub struct Id<P = ()>(u64, PhantomData<fn() -> P>);

/// What tells the ids of a table from those of others: its name by FNV-1a, folded to 16 bits and never 0.
pub const fn table_of(name: &str) -> u16 {
    let (name, mut hash, mut at) = (name.as_bytes(), 0x811c_9dc5_u32, 0);
    while at < name.len() {
        hash = (hash ^ name[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    let folded = (hash >> 16 ^ hash) as u16;
    if folded == 0 { 1 } else { folded }
}

impl<P> Id<P> {
    /// The id of a row: node 0, item 0.
    pub const fn new(table: u16, number: u16) -> Self {
        Self((table as u64) << 32 | number as u64, PhantomData)
    }
    /// The same row of band or tap `item`, from 0.
    pub const fn at(self, item: u16) -> Self {
        Self(self.0 & !(0xffff << 16) | (item as u64) << 16, PhantomData)
    }
    /// The same without the table as its type.
    pub const fn any(self) -> Id {
        Id(self.0, PhantomData)
    }
    /// The same row of the processor at place `node`, from 0, of what is built from processors.
    pub const fn in_node(self, node: u16) -> Id {
        Id(self.0 & !(0xffff << 48) | (node as u64) << 48, PhantomData)
    }
    /// Place in what is built from processors.
    pub const fn node(self) -> u16 {
        (self.0 >> 48) as u16
    }
    /// Whose row it is.
    pub const fn table(self) -> u16 {
        (self.0 >> 32) as u16
    }
    /// Which band or tap.
    pub const fn item(self) -> u16 {
        (self.0 >> 16) as u16
    }
    /// The row's number.
    pub const fn number(self) -> u16 {
        self.0 as u16
    }
    /// Packed, as C and Python hand it over.
    pub const fn raw(self) -> u64 {
        self.0
    }
}

impl Id {
    /// The same as an id of the table `P`, to be compared with its constants; whose row it is is not looked at.
    pub const fn typed<P>(self) -> Id<P> {
        Id(self.0, PhantomData)
    }
    /// From its packed form.
    pub const fn from_raw(raw: u64) -> Self {
        Self(raw, PhantomData)
    }
}

// Not derived: that would ask the same of P. Equality is, so that constants may stand in patterns.
impl<P> Clone for Id<P> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<P> Copy for Id<P> {}
impl<P> core::hash::Hash for Id<P> {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<P> fmt::Debug for Id<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (node, table, item, number) = (self.node(), self.table(), self.item(), self.number());
        write!(f, "Id(node {node}, table {table:#06x}, item {item}, number {number})")
    }
}
