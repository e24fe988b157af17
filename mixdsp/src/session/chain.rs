//! The master's chain: its inserts one after the other, with what moves.
//!
//! ```text
//! mix --> insert 0 --> insert 1 --> ... --> delivery
//! ```
//!
//! Each lane of automation is as late as the sound is at its insert.

use std::format;
use std::string::String;
use std::vec::Vec;

use crate::base::id::Id;
use crate::base::spec::Spec;
use crate::engine::processor::Processor as _;
use crate::files::SessionError;
use crate::host;
use crate::host::automation::Lane;
use crate::host::recipe::{Listens, Recipe};
use crate::params::Given;
use crate::processors::compressor::CompressorReadings;
use crate::session::format::{Master, wrong};
use crate::session::make::chain_of;

/// The chain, at the rate of the mix.
pub(super) struct Chain {
    chain: host::Chain<f64>,
    /// Gain reductions of the compressors.
    reductions: Vec<Id>,
}

impl Chain {
    /// Makes the chain; everything in it stands where it is set.
    pub(super) fn new(master: &Master, sample_rate: f64) -> Result<Self, SessionError> {
        let mut inserts = master.inserts.clone();
        let fader = inserts.len();
        let moves = master.automation.iter().any(|one| one.parameter == "output_gain_db");
        if master.output_gain_db != 0.0 || moves {
            let gain = Recipe::processor("gain", &[("gain_db", Given::Number(master.output_gain_db))]);
            inserts.push(gain.or_else(|error| wrong("master: output_gain_db", error))?);
        }
        let recipe = chain_of(&inserts, "master")?;
        if let Some(key) = recipe.keys().first() {
            let reason = format!("key = {key:?}: a master that is delivered on its own hears no track");
            return wrong("master", reason);
        }
        let members = recipe.members();
        let mut lanes = Vec::new();
        for automation in master.automation.iter().filter(|one| one.parameter != "gain_db") {
            let path = match automation.parameter.as_str() {
                "output_gain_db" => format!("[{fader}].gain_db"),
                path => {
                    path.strip_prefix("inserts").filter(|rest| rest.starts_with('[')).unwrap_or(path).into()
                }
            };
            let found = recipe.find(&path).or_else(|error| wrong("master: automation", error))?;
            let lane = Lane::of_seconds((), found, &automation.points, sample_rate, 0);
            let place = || format!("master: automation of {}", automation.parameter);
            lanes.push(lane.or_else(|error| wrong(place(), error))?);
        }
        let built = recipe.build(Spec::new(sample_rate, 2), Listens::All, lanes);
        let chain = built.or_else(|error| {
            let names = recipe.member_names();
            let at = names.iter().position(|name| *name == error.path);
            let insert = |at: usize| format!("master: inserts[{at}] ({})", members[at].kind());
            wrong(at.map_or_else(|| String::from("master"), insert), error.reason)
        })?;
        let compressors = members.iter().enumerate().filter(|(_, member)| member.kind() == "compressor");
        let reading = CompressorReadings::GAIN_REDUCTION_DB.any();
        let reductions = compressors.map(|(at, _)| reading.in_node(recipe.nodes_before(at))).collect();
        Ok(Self { chain, reductions })
    }

    /// Latency of all inserts in frames.
    pub(super) fn latency(&self) -> usize {
        self.chain.latency()
    }

    /// Runs every insert over the block.
    pub(super) fn process(&mut self, block: &mut [&mut [f64]; 2]) -> Result<(), SessionError> {
        self.chain.process(block, &[]).or_else(|error| wrong("master", error))
    }

    /// Gain reduction of the compressors in dB, added up.
    pub(super) fn reduction_db(&self) -> f64 {
        self.reductions.iter().filter_map(|id| self.chain.get(*id)).sum()
    }
}
