//! How a mixer is prepared: the plan of its routes, in time that grows as they do.

use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::host::mixer::{Given, MixError, Mixer, Node, NodeId, SendRoute, Stereo, Tap, Way, align, stereo};
use crate::mix::plan::{Plan, PlanError, Route, plan};
use alloc::vec;
use alloc::vec::Vec;

impl<T: Sample> Mixer<T> {
    /// Finds the order of the nodes and the waits of the routes. To be called after building, and after
    /// any change of routing or inserts; audio on its way is lost. Not for the audio thread. When it fails,
    /// nothing has changed.
    pub fn prepare(&mut self) -> Result<(), MixError> {
        let count = self.nodes.len();
        let latencies: Vec<usize> = self.nodes_by_id().map(|node| node.strip.latency()).collect();
        let outputs = self.nodes_by_id().filter_map(|node| Some(Route { from: node.id, to: node.output? }));
        let sends = self.sends.iter().map(|send| Route { from: send.from, to: send.to });
        let keys =
            self.nodes_by_id().filter_map(|node| Some(Route { from: node.key.as_ref()?.0, to: node.id }));
        let routes: Vec<Route> = outputs.chain(sends).chain(keys).collect();

        let (mut order, mut rounds, mut arrival) = (vec![0; count], vec![0; count], vec![0; count]);
        let mut waits = vec![0; routes.len()];
        let slices =
            Plan { order: &mut order, rounds: &mut rounds, arrival: &mut arrival, waits: &mut waits };
        plan(&latencies, &routes, slices, &mut vec![0; 2 * count]).map_err(|error| match error {
            PlanError::Circle { node } | PlanError::NoSuchNode { route: node } => {
                MixError::Circle(self.nodes[self.places[node]].name.clone())
            }
            PlanError::TooShort => MixError::NotPrepared,
        })?;

        // All that can fail comes first.
        let rate = self.sample_rate;
        let waits = waits.iter().map(|frames| align(rate, 2, *frames));
        let mut waits = waits.collect::<Result<Vec<_>, Error>>()?.into_iter();
        let entries = self.nodes_by_id().map(|node| {
            let channels = node.track.as_ref().map(|track| track.channels);
            channels.map(|channels| align(rate, channels, arrival[node.id])).transpose()
        });
        let entries = entries.collect::<Result<Vec<_>, Error>>()?;

        self.order_nodes(&rounds);
        for (id, entry) in entries.into_iter().enumerate() {
            let node = self.node(NodeId(id));
            node.arrival = arrival[id];
            if let (Some(track), Some(entry)) = (&mut node.track, entry) {
                track.entry = entry;
            }
        }
        // The ways, in the order of the routes. What is taken was given a turn before, or earlier.
        let age = |from: usize, to: usize| rounds[to] - rounds[from] - 1;
        self.nodes.iter_mut().for_each(|node| node.inputs.clear());
        let outputs: Vec<(usize, usize)> =
            self.nodes_by_id().filter_map(|node| Some((node.id, node.output?))).collect();
        for ((from, to), wait) in outputs.into_iter().zip(&mut waits) {
            let (place, age) = (self.places[from], age(from, to));
            self.node(NodeId(to)).inputs.push(Way { place, age, wait });
        }
        let mut tapped = vec![false; count];
        for (SendRoute { from, to, at }, wait) in self.sends.iter().zip(&mut waits) {
            let (send, way) = &mut self.nodes[self.places[*to]].sends[*at];
            tapped[*from] |= send.tap == Tap::PreFader;
            *way = Way { place: self.places[*from], age: age(*from, *to), wait };
        }
        for (to, place) in self.places.iter().enumerate() {
            if let Some((from, way)) = &mut self.nodes[*place].key
                && let Some(wait) = waits.next()
            {
                tapped[*from] = true;
                *way = Way { place: self.places[*from], age: age(*from, to), wait };
            }
        }
        for node in &mut self.nodes {
            node.round = rounds[node.id];
            node.is_tapped = tapped[node.id];
        }
        self.make_room(2 + routes.iter().map(|route| age(route.from, route.to)).max().unwrap_or(0));
        self.delay_lanes(&latencies);
        self.latency = arrival[0] + latencies[0];
        self.prepared = true;
        Ok(())
    }

    /// Room for what the nodes give in so many turns.
    pub(super) fn make_room(&mut self, turns: usize) {
        let room = |node: &Node<T>| Given {
            sum: stereo(self.stretch),
            tapped: if node.is_tapped { stereo(self.stretch) } else { Stereo::default() },
        };
        self.given = (0..turns).map(|_| self.nodes.iter().map(room).collect()).collect();
    }

    fn nodes_by_id(&self) -> impl Iterator<Item = &Node<T>> {
        self.places.iter().map(|place| &self.nodes[*place])
    }

    /// Puts the nodes in the order of their rounds, and of their numbers in each.
    fn order_nodes(&mut self, rounds: &[usize]) {
        self.nodes.sort_by_key(|node| (rounds[node.id], node.id));
        for (place, node) in self.nodes.iter().enumerate() {
            self.places[node.id] = place;
        }
        let starts = self.nodes.windows(2).enumerate();
        let ends = starts.filter(|(_, pair)| rounds[pair[0].id] != rounds[pair[1].id]).map(|(at, _)| at + 1);
        self.rounds = ends.chain([self.nodes.len()]).collect();
    }
}
