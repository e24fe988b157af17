//! How far the compressors on the master turn down, for the report: heard while the mix is made.

use std::vec::Vec;

use crate::base::id::Id;
use crate::engine::processor::Processor as _;
use crate::host::recipe::Recipe;
use crate::host::{Inserts, MASTER_FRAMES};
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
        // All inserts of a strip are one chain. Frame by frame, so that it does not matter in which blocks a mix is made.
        let Some(chain) = inserts.first() else { return self.curve.add(frames, 0.0) };
        let mut sums = [0.0; MASTER_FRAMES];
        for id in &self.compressors {
            let mut course = [0.0; MASTER_FRAMES];
            chain.trace(*id, &mut course[..frames]);
            sums.iter_mut().zip(course).for_each(|(sum, reduction_db)| *sum += reduction_db);
        }
        sums[..frames].iter().for_each(|sum| self.curve.add(1, *sum));
    }

    /// The values of a mix that is so late, as far as it was given.
    pub(super) fn values(&self, late: u64, given: u64) -> Vec<f32> {
        let value = |frames: u64| frames as f64 / (REPORT_SECONDS * f64::from(self.sample_rate));
        let values = self.curve.values.iter().skip(value(late) as usize);
        values.take(value(given).ceil() as usize).copied().collect()
    }
}
