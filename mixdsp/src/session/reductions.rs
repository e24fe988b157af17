//! How far the compressors on the master turn down, for the report: heard while the mix is made.

use std::vec::Vec;

use crate::base::id::Id;
use crate::engine::processor::Processor as _;
use crate::host::Inserts;
use crate::host::recipe::Recipe;
use crate::processors::compressor::CompressorReadings;
use crate::session::format::Master;
use crate::session::measure::{Curve, REPORT_SECONDS};

/// The reductions, added up, over the time of the master.
pub(super) struct Reductions {
    sample_rate: u32,
    compressors: Vec<Id>,
    curve: Curve,
}

impl Master {
    /// The readings of the compressors among the inserts.
    pub(super) fn compressors(&self) -> Vec<Id> {
        let chain = Recipe::chain(self.inserts.clone());
        let each = chain.members().iter().enumerate().filter(|(_, member)| member.kind() == "compressor");
        let reading = CompressorReadings::GAIN_REDUCTION_DB.any();
        each.map(|(at, _)| reading.in_node(chain.nodes_before(at))).collect()
    }
}

impl Reductions {
    pub(super) fn new(sample_rate: u32, compressors: Vec<Id>) -> Self {
        Self { sample_rate, compressors, curve: Curve::new(sample_rate) }
    }

    /// Hears what the inserts did to so many frames.
    pub(super) fn hear(&mut self, inserts: &Inserts<f64>, frames: usize) {
        // All inserts of a strip are one chain.
        let reading = |id: &Id| inserts.first()?.get(*id);
        self.curve.add(frames, self.compressors.iter().filter_map(reading).sum());
    }

    /// The values of a mix that is so late, as far as it was given.
    pub(super) fn values(&self, late: u64, given: u64) -> Vec<f32> {
        let value = |frames: u64| frames as f64 / (REPORT_SECONDS * f64::from(self.sample_rate));
        let values = self.curve.values.iter().skip(value(late) as usize);
        values.take(value(given).ceil() as usize).copied().collect()
    }
}
