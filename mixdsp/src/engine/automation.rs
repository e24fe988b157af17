//! Floor 3: a unit's parameters over time: their values, and the lines along which they glide.
//!
//! ```text
//! glide --> a line from the present value to the target --> at each knot: the value there, told to the processor
//! ```
//!
//! Nothing here knows the kind of processor, so it is compiled once.
//!
//! State: `clock`, frames since reset; `knot`, the frame up to which the running glides are planned; `gliding`, how many
//! parameters glide. In the words: one value and one [`Line`] per parameter.

use crate::base::error::Error;
use crate::base::memory::{Carver, Word, plain, words};
use crate::params::ramp::{Change, keep};
use crate::params::{Id, Items, ParamTable, Place, Settings};

/// Glides design anew every so many frames since reset.
pub const KNOT: usize = 16;

plain! {
    /// Where a parameter glides.
    pub(crate) struct Line {
        from: f64,
        to: f64,
        /// Clock at its start; at its end, once it has ended.
        start: u64,
        /// Length; 0 when the parameter does not glide.
        frames: u64,
    }
}

impl Line {
    const NONE: Self = Self { from: 0.0, to: 0.0, start: 0, frames: 0 };

    fn end(&self) -> u64 {
        self.start.saturating_add(self.frames)
    }

    fn runs(&self) -> bool {
        self.frames != 0
    }

    /// The value at a clock from start to end; exactly `to` at the end.
    fn at(&self, clock: u64) -> f64 {
        if clock >= self.end() {
            return self.to;
        }
        let value = self.from + (self.to - self.from) * ((clock - self.start) as f64 / self.frames as f64);
        // Rounding may carry the sum an ulp beyond the end.
        keep(value, self.from.min(self.to), self.from.max(self.to))
    }
}

/// Words that a unit with so many parameters needs beside its kind's own.
pub(crate) const fn words_for_params(params: usize) -> usize {
    words::<f64>(params).saturating_add(words::<Line>(params))
}

/// The parameters of a unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Automation {
    table: &'static ParamTable,
    /// Bands or taps of each group.
    items: Items,
    params: usize,
    pub(crate) clock: u64,
    knot: u64,
    gliding: usize,
}

/// Their words.
pub(crate) struct Values<'a> {
    pub(crate) values: &'a mut [f64],
    lines: &'a mut [Line],
    /// What is the kind's own.
    pub(crate) own: &'a mut [Word],
}

/// Smallest and largest value of a parameter in this unit.
pub(crate) type Range<'a> = &'a dyn Fn(&Place) -> (f64, f64);

/// Tells the kind of a change: all values, whose it is, how it comes there.
pub(crate) type Tell<'a> = &'a mut dyn FnMut(&[f64], Id, Change);

impl Automation {
    pub(crate) fn new(table: &'static ParamTable, items: Items) -> Self {
        Self { table, items, params: table.count(&items), clock: 0, knot: 0, gliding: 0 }
    }

    /// Takes a unit's words apart.
    #[inline]
    pub(crate) fn carve<'a>(&self, words: &'a mut [Word]) -> Values<'a> {
        let mut carver = Carver::new(words);
        Values { values: carver.take(self.params), lines: carver.take(self.params), own: carver.rest() }
    }

    /// The same, to read: values, lines, what is the kind's own.
    #[inline]
    pub(crate) fn read<'a>(&self, words: &'a [Word]) -> (&'a [f64], &'a [Line], &'a [Word]) {
        let mut reader = crate::base::memory::Reader::new(words);
        (reader.take(self.params), reader.take(self.params), reader.rest())
    }

    /// Finds a parameter.
    pub(crate) fn find(&self, id: Id) -> Option<Place> {
        self.table.find(id, &self.items)
    }

    /// Finds a parameter and checks a value for it.
    pub(crate) fn check(&self, id: Id, value: f64, range: Range<'_>) -> Result<Place, Error> {
        let place = self.find(id).ok_or(Error::Unknown { id })?;
        place.row.check_within(place.item, value, range(&place))?;
        Ok(place)
    }

    /// Writes defaults, then what the caller set, each checked.
    pub(crate) fn start(
        &self,
        values: &mut [f64],
        settings: &dyn Settings,
        range: Range<'_>,
    ) -> Result<(), Error> {
        self.table.each(&self.items, |_, place| values[place.index] = default_in(&place, range));
        let mut result = Ok(());
        settings.each(&mut |id, value| {
            if result.is_ok() {
                result = self.check(id, value, range).map(|place| values[place.index] = value);
            }
        });
        result
    }

    /// Ends all glides where they were going, at frame 0.
    pub(crate) fn reset(&mut self, words: &mut Values<'_>) {
        for (value, line) in words.values.iter_mut().zip(words.lines.iter_mut()) {
            if line.runs() {
                *value = line.to;
                *line = Line::NONE;
            }
        }
        (self.clock, self.knot, self.gliding) = (0, 0, 0);
    }

    /// The present value of the parameter at `index`.
    pub(crate) fn value(&self, values: &[f64], lines: &[Line], index: usize) -> f64 {
        if lines[index].runs() { lines[index].at(self.clock) } else { values[index] }
    }

    /// Sets a parameter, whose glide ends. False when the value is there already.
    pub(crate) fn set(&mut self, words: &mut Values<'_>, index: usize, value: f64) -> bool {
        let line = &mut words.lines[index];
        if !line.runs() && words.values[index] == value {
            return false;
        }
        if line.runs() {
            *line = Line::NONE;
            self.gliding -= 1;
        }
        words.values[index] = value;
        true
    }

    /// Gives every parameter a value, which were checked: those that `settings` names get theirs, all others their
    /// defaults. Glides end.
    pub(crate) fn set_all(
        &mut self,
        words: &mut Values<'_>,
        settings: &dyn Settings,
        range: Range<'_>,
        tell: Tell<'_>,
    ) {
        let Values { values, lines, .. } = words;
        // A line that is not followed has room for the new value, so that all are there before the kind is told of the
        // first. What glides has no value that could stay.
        self.table.each(&self.items, |_, place| {
            let line = &mut lines[place.index];
            let from = if line.runs() { f64::NAN } else { values[place.index] };
            *line = Line { from, to: default_in(&place, range), ..Line::NONE };
        });
        self.gliding = 0;
        settings.each(&mut |id, value| {
            if let Some(place) = self.find(id) {
                lines[place.index].to = value;
            }
        });
        values.iter_mut().zip(lines.iter()).for_each(|(value, line)| *value = line.to);
        let mut told = None;
        self.table.each(&self.items, |id, place| {
            let line = core::mem::replace(&mut lines[place.index], Line::NONE);
            if line.from != line.to && (told.is_none() || told != place.item) {
                told = place.item;
                tell(values, id, Change::Ramp);
            }
        });
    }

    /// Begins a glide to a value that was checked.
    pub(crate) fn glide(
        &mut self,
        words: &mut Values<'_>,
        place: &Place,
        target: f64,
        frames: usize,
    ) -> Result<(), Error> {
        if !place.row.is_continuous() {
            return Err(Error::NotContinuous { key: place.row.key });
        }
        let from = self.value(words.values, words.lines, place.index);
        let line = &mut words.lines[place.index];
        self.gliding += usize::from(!line.runs());
        // A line of no length is one frame long: there by the next frame.
        *line = Line { from, to: target, start: self.clock, frames: frames.max(1) as u64 };
        self.knot = self.clock;
        Ok(())
    }

    /// Frames of the next stretch, at most `most`, and whether the next knot is to be planned before it.
    #[inline]
    pub(crate) fn stretch(&self, most: usize) -> usize {
        if self.gliding == 0 { most } else { most.min((self.knot - self.clock) as usize) }
    }

    /// Whether the glides are to be planned before the next frame.
    #[inline]
    pub(crate) fn is_at_knot(&self) -> bool {
        self.gliding != 0 && self.clock >= self.knot
    }

    /// Tells the kind where the gliding parameters are at the next knot.
    pub(crate) fn plan_knot(&mut self, words: &mut Values<'_>, tell: Tell<'_>) {
        let Values { values, lines, .. } = words;
        let clock = self.clock;
        let grid = clock + KNOT as u64 - clock % KNOT as u64;
        self.knot = lines.iter().filter(|line| line.runs()).map(Line::end).fold(grid, u64::min);
        let frames = (self.knot - clock) as usize;
        for (value, line) in values.iter_mut().zip(lines.iter()) {
            if line.runs() {
                *value = line.at(self.knot);
            }
        }
        let mut tell = |id, corner| tell(values, id, Change::Line { frames, corner });
        // A line bends where it begins, and where another that moves the same thing begins or ends.
        let bends = |line: &Line| line.start == clock && (line.runs() || clock != 0);
        let corner = lines.iter().take(self.table.rows.len()).any(bends);
        // Rows of one band are told together.
        let mut item = None;
        let mut first = None;
        let mut item_bends = false;
        self.table.each(&self.items, |id, place| {
            let line = &lines[place.index];
            if place.item.is_none() {
                if line.runs() {
                    tell(id, corner);
                }
                return;
            }
            // Whose row it is and which item: comparing the groups' keys would call `bcmp`.
            let here = Some((id.table(), id.item()));
            if item != here {
                if let Some(first) = first.take() {
                    tell(first, item_bends);
                }
                item = here;
                item_bends = false;
            }
            item_bends |= bends(line);
            if line.runs() && first.is_none() {
                first = Some(id);
            }
        });
        if let Some(first) = first {
            tell(first, item_bends);
        }
    }

    /// Counts frames that were processed, and ends the glides that have arrived.
    #[inline]
    pub(crate) fn advance(&mut self, lines: &mut Values<'_>, frames: usize) {
        self.clock += frames as u64;
        if self.gliding != 0 && self.clock == self.knot {
            self.end_glides(lines.lines);
        }
    }

    fn end_glides(&mut self, lines: &mut [Line]) {
        for line in lines.iter_mut().filter(|line| line.runs() && line.end() <= self.clock) {
            *line = Line { start: line.end(), ..Line::NONE };
            self.gliding -= 1;
        }
    }
}

/// The value of a fresh unit: the row's default, or what is nearest in the unit's range.
fn default_in(place: &Place, range: Range<'_>) -> f64 {
    let (minimum, maximum) = range(place);
    place.row.default.max(minimum).min(maximum)
}
