//! Parameters from any thread, and what the thread that processes does around a block.

use crate::border::memory::Shared;
use crate::mailbox::{Request, mark, sweep};
use crate::running::Running;
use crate::spec::Setting;
use crate::status::Status;
use core::sync::atomic::Ordering::Relaxed;
use mixdsp::Id;
use mixdsp::params::{Place, Row};

/// A reading that does not exist yet, as it is shared: no reading is this NaN.
const NO_READING: u64 = u64::MAX;

/// What an id names in a unit.
enum Named {
    Param(Place),
    Config(usize),
    Reading(usize),
}

impl Shared<'_> {
    fn named(&self, id: Id) -> Result<Named, Status> {
        let descriptor = &self.head.class.descriptor;
        if let Some(place) = descriptor.place(id, self.config) {
            return Ok(Named::Param(place));
        }
        let position = |rows: &[Row], id| rows.iter().position(|row| row.id() == id);
        if let Some(at) = position(descriptor.config, id) {
            return Ok(Named::Config(at));
        }
        // A reading may exist per channel: the id's item.
        let (channels, channel) = (self.head.spec.channels(), usize::from(id.item()));
        let row = position(descriptor.readings, id.at(0)).filter(|_| channel < channels);
        row.map(|row| Named::Reading(row * channels + channel)).ok_or(Status::ID)
    }

    /// Finds a parameter and checks a value for it.
    fn check(&self, id: Id, value: f64) -> Result<Place, Status> {
        Ok(self.head.class.descriptor.check_value(id, value, &self.head.spec, self.config)?)
    }

    fn ask(&self, place: &Place, request: Request) -> Result<(), Status> {
        let cell = self.cells.get(place.index).ok_or(Status::ID)?;
        if !cell.ask(request) {
            return Err(Status::BUSY);
        }
        mark(self.marks, place.index);
        Ok(())
    }

    pub(crate) fn set(&self, id: Id, value: f64) -> Result<(), Status> {
        let place = self.check(id, value)?;
        self.ask(&place, Request { set: Some(value), glide: None })
    }

    pub(crate) fn glide(&self, id: Id, target: f64, frames: u32) -> Result<(), Status> {
        let place = self.check(id, target)?;
        if !place.row.is_continuous() {
            return Err(Status::GLIDE);
        }
        self.ask(&place, Request { set: None, glide: Some((target, frames)) })
    }

    /// A parameter, a config value, or a reading that is shared. `None` for a reading of which only the
    /// thread that processes knows.
    pub(crate) fn get(&self, id: Id) -> Result<Option<f64>, Status> {
        match self.named(id)? {
            Named::Config(at) => Ok(Some(self.config[at])),
            Named::Param(place) => {
                let cell = self.cells.get(place.index).ok_or(Status::ID)?;
                cell.value().map(Some).ok_or(Status::BUSY)
            }
            Named::Reading(at) if self.head.shares => match self.readings[at].read() {
                None => Err(Status::BUSY),
                Some(NO_READING) => Err(Status::NONE),
                Some(bits) => Ok(Some(f64::from_bits(bits))),
            },
            Named::Reading(_) => Ok(None),
        }
    }

    /// How many values a saved state has.
    pub(crate) fn state_len(&self) -> usize {
        self.config.len() + self.cells.len()
    }

    /// The value at a place of the saved state: config, then parameters, where glides go.
    pub(crate) fn state(&self, at: usize) -> Option<Setting> {
        if let Some(value) = self.config.get(at) {
            return Some(Setting::new(self.head.class.descriptor.config.get(at)?.id(), *value));
        }
        let cell = self.cells.get(at - self.config.len())?;
        Some(Setting::new(cell.id(), cell.target()?))
    }

    /// Sets all, or nothing if one of them is refused.
    pub(crate) fn load(&self, settings: &[Setting]) -> Result<(), Status> {
        for setting in settings {
            match self.named(setting.id())? {
                Named::Param(_) => drop(self.check(setting.id(), setting.value)?),
                Named::Config(at) if self.config[at] == setting.value => {}
                Named::Config(_) => return Err(Status::RANGE),
                Named::Reading(_) => return Err(Status::ID),
            }
        }
        let params = settings.iter().filter(|setting| !setting.is_config());
        params.map(|setting| self.set(setting.id(), setting.value)).fold(Ok(()), Result::and)
    }

    /// The thread that processes, before it does anything: what was asked for since the last block.
    pub(crate) fn drain(&self, running: &mut Running<'_>) {
        sweep(self.marks, |at| {
            let Some(cell) = self.cells.get(at) else { return };
            let id = cell.id();
            // Checked when it was asked for, so none of this fails.
            cell.take(|request| {
                if let Some(value) = request.set {
                    let _ = running.set(id, value);
                }
                if let Some((target, frames)) = request.glide {
                    let _ = running.glide(id, target, frames as usize);
                    self.head.glide_left.fetch_max(frames.max(1), Relaxed);
                }
                running.get(id).unwrap_or(f64::NAN)
            });
        });
    }

    /// The thread that processes, after so many frames: leaves what other threads may look at.
    pub(crate) fn publish(&self, running: &Running<'_>, frames: u32) {
        let left = self.head.glide_left.load(Relaxed);
        if left != 0 && frames != 0 {
            let left = left.saturating_sub(frames);
            self.head.glide_left.store(left, Relaxed);
            for cell in self.cells.iter().filter(|cell| cell.glides()) {
                cell.show(running.get(cell.id()).unwrap_or(f64::NAN));
                if left == 0 {
                    cell.end_glide();
                }
            }
        }
        let sanitized = running.sanitized_samples();
        if self.head.sanitized_samples.read() != Some(sanitized) {
            self.head.sanitized_samples.write(sanitized);
        }
        if self.head.shares {
            self.share(running, frames);
        }
    }

    /// Shares the readings every 20 ms: some of a meter's take it longer than a short block. After no frames,
    /// or after a reset, at once.
    fn share(&self, running: &Running<'_>, frames: u32) {
        let unshared = self.head.unshared.load(Relaxed).saturating_add(frames);
        let is_due = frames == 0 || unshared >= (0.02 * self.head.spec.sample_rate) as u32;
        self.head.unshared.store(if is_due { 0 } else { unshared }, Relaxed);
        if is_due {
            let channels = self.head.spec.channels();
            for (at, number) in self.readings.iter().enumerate() {
                let Some(row) = self.head.class.descriptor.readings.get(at / channels) else { return };
                let id = row.id().at((at % channels) as u16);
                number.write(running.get(id).map_or(NO_READING, f64::to_bits));
            }
        }
    }
}
