//! A processor and the course of one of its readings: it knows only that of its latest frames, so it is asked often
//! enough.

use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::dsp::envelope::CHUNK;
use crate::engine::processor::Processor;
use crate::host::part_of_block::part;
use crate::params::Id;

/// A processor that tells a reading at every frame.
#[derive(Debug)]
pub(super) struct Traced<P> {
    pub(super) unit: P,
    reading: Id,
    /// Frames that went in: readings are known for a chunk.
    clock: u64,
}

impl<P> Traced<P> {
    pub(super) fn new(unit: P, reading: Id) -> Self {
        Self { unit, reading, clock: 0 }
    }

    /// Runs a block in place, and writes the reading at each of its frames.
    pub(super) fn run<T: Sample>(&mut self, audio: &mut [&mut [T]], readings: &mut [f64]) -> Result<(), Error>
    where
        P: Processor<T>,
    {
        let mut done = 0;
        while done < readings.len() {
            let to_chunk = CHUNK - (self.clock % CHUNK as u64) as usize;
            let to = readings.len().min(done + to_chunk);
            self.unit.process(part(audio, done..to).each(), &[])?;
            self.unit.trace(self.reading, &mut readings[done..to]);
            self.clock += (to - done) as u64;
            done = to;
        }
        Ok(())
    }
}
