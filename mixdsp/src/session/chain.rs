//! The master's chain: its inserts one after the other, with what moves.
//!
//! ```text
//! mix --> insert 0 --> insert 1 --> ... --> delivery
//! ```
//!
//! Each lane of automation is as late as the sound is at its insert.

use std::format;
use std::vec::Vec;

use crate::base::spec::Spec;
use crate::engine::processor::Processor;
use crate::files::SessionError;
use crate::processors::compressor::CompressorReadings;
use crate::session::automation::{Lane, Step, insert_path};
use crate::session::format::{Master, wrong};
use crate::session::make::{Boxed, make_chain};

/// The chain, at the rate of the mix.
pub(super) struct Chain {
    units: Vec<Boxed>,
    lanes: Vec<Lane<usize>>,
    /// Places of the compressors.
    compressors: Vec<usize>,
    latency: usize,
}

impl Chain {
    /// Makes the chain; everything in it stands where it is set.
    pub(super) fn new(master: &Master, sample_rate: f64) -> Result<Self, SessionError> {
        let (mut units, finders) = make_chain(&master.inserts, Spec::new(sample_rate, 2), false, "master")?;
        let mut lanes = Vec::new();
        for automation in master.automation.iter().filter(|one| one.parameter != "gain_db") {
            let found = insert_path(&automation.parameter).filter(|(at, _)| *at < units.len());
            let Some((at, path)) = found else {
                return wrong("master", format!("automation: no parameter {:?}", automation.parameter));
            };
            let row =
                finders[at].find(path).or_else(|reason| wrong(format!("master: inserts[{at}]"), reason))?;
            let late = units[..at].iter().map(|unit| unit.latency()).sum();
            let lane = Lane::new(at, row, automation, (sample_rate, late), "master")?;
            units[at].set(row.0, lane.first()).or_else(|error| wrong("master", error))?;
            lanes.push(lane);
        }
        units.iter_mut().for_each(|unit| unit.reset());
        let latency = units.iter().map(|unit| unit.latency()).sum();
        let listed = master.inserts.iter().enumerate();
        let compressors =
            listed.filter(|(_, insert)| insert.kind == "compressor").map(|(at, _)| at).collect();
        Ok(Self { units, lanes, compressors, latency })
    }

    /// Latency of all inserts in frames.
    pub(super) fn latency(&self) -> usize {
        self.latency
    }

    /// The frame of the next event after this one.
    pub(super) fn next_event(&self, clock: u64) -> Option<u64> {
        self.lanes.iter().filter_map(Lane::next_frame).filter(|frame| *frame > clock).min()
    }

    /// Applies what is due at this frame.
    pub(super) fn automate(&mut self, clock: u64) -> Result<(), SessionError> {
        for lane in &mut self.lanes {
            while let Some(step) = lane.due(clock) {
                let unit = &mut self.units[lane.place];
                let result = match step {
                    Step::Set(value) => unit.set(lane.id, value),
                    Step::Glide(target, frames) => unit.glide(lane.id, target, frames),
                };
                result.or_else(|error| wrong("automation", error))?;
            }
        }
        Ok(())
    }

    /// Runs every insert over the block, which ends at the next event or before it.
    pub(super) fn process(&mut self, block: &mut [&mut [f64]; 2]) -> Result<(), SessionError> {
        for unit in &mut self.units {
            unit.process(block, &[]).or_else(|error| wrong("master", error))?;
        }
        Ok(())
    }

    /// Gain reduction of the compressors in dB, added up.
    pub(super) fn reduction_db(&self) -> f64 {
        let reductions = self.compressors.iter().map(|at| &self.units[*at]);
        reductions.filter_map(|unit| unit.get(CompressorReadings::GAIN_REDUCTION_DB.any())).sum()
    }
}
