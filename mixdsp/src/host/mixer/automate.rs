//! What moves in a mixer: every strip keeps its own lanes, and is cut where they have points, no other is.
//!
//! | part | acts where the sound |
//! | --- | --- |
//! | trim, inserts | enters the strip |
//! | pan, mute, fader, sends | has passed the inserts |

use crate::base::error::Error;
use crate::base::id::Id;
use crate::base::memory::Storage;
use crate::base::sample::Sample;
use crate::host::automation::{Automation, Lane, Step};
use crate::host::mixer::part::{Part, Place};
use crate::host::mixer::{Inserts, Mixer, Node, NodeId, SendId, Way};
use crate::mix::{EffectSend, Strip};
use alloc::vec::Vec;

impl<T: Sample> Mixer<T> {
    /// Lets a part of a strip follow a lane, whose frames are those of the input: [`prepare`](Self::prepare) makes it
    /// as late as the sound is there. The part stands at its first value from the next [`reset`](Self::reset) on.
    ///
    /// # Errors
    /// For an id that the part does not have, and values that it refuses.
    pub fn automate(&mut self, node: NodeId, lane: Lane<Part>) -> Result<(), Error> {
        self.node(node).add_lane(lane.at(Place::Part))?;
        self.prepared = false;
        Ok(())
    }

    /// The same for the level of a send.
    ///
    /// # Errors
    /// As [`automate`](Self::automate).
    pub fn automate_send(&mut self, send: SendId, lane: Lane<()>) -> Result<(), Error> {
        let (to, at) = (self.sends[send.0].to, self.sends[send.0].at);
        self.node(NodeId(to)).add_lane(lane.at(|()| Place::Send(at)))?;
        self.prepared = false;
        Ok(())
    }

    /// Makes all lanes as late as they act; latencies are by the numbers of the nodes.
    pub(super) fn delay_lanes(&mut self, latencies: &[usize]) {
        let through: Vec<usize> = self.nodes.iter().map(|node| node.arrival + latencies[node.id]).collect();
        for (place, node) in self.nodes.iter_mut().enumerate() {
            let delayed = |lane: &Lane<Place>| {
                let mut lane = lane.clone();
                lane.delay(match lane.place {
                    Place::Part(Part::Trim | Part::Inserts) => node.arrival as u64,
                    Place::Part(Part::Pan | Part::Mute | Part::Fader) => through[place] as u64,
                    Place::Send(at) => through[node.sends[at].1.place] as u64,
                });
                lane
            };
            node.automation = Automation::new(node.lanes.iter().map(delayed).collect());
        }
    }
}

/// What lanes of a node reach.
struct Reach<'a, T: Sample> {
    strip: &'a mut Strip<T, Inserts<T>, Storage>,
    sends: &'a mut [(EffectSend<T, Storage>, Way<T>)],
    muted: &'a mut bool,
    hushed: bool,
}

impl<T: Sample> Reach<'_, T> {
    fn take(&mut self, place: Place, id: Id, step: Step) -> Result<(), Error> {
        match place {
            Place::Part(Part::Trim) => step.take(&mut self.strip.trim, id),
            Place::Part(Part::Inserts) => step.take(&mut self.strip.inserts, id),
            Place::Part(Part::Pan) => step.take(&mut self.strip.pan, id),
            Place::Part(Part::Fader) => step.take(&mut self.strip.fader, id),
            Place::Send(at) => step.take(&mut self.sends[at].0.level, id),
            Place::Part(Part::Mute) => {
                let Step::Set(value) = step else { return Ok(()) };
                *self.muted = value != 0.0;
                // Solo of another track silences it all the same.
                let value = if self.hushed { 1.0 } else { value };
                Step::Set(value).take(&mut self.strip.mute, id)
            }
        }
    }
}

impl<T: Sample> Node<T> {
    fn reach(&mut self) -> (Reach<'_, T>, &mut Automation<Place>) {
        let Self { strip, sends, muted, hushed, automation, .. } = self;
        (Reach { strip, sends, muted, hushed: *hushed }, automation)
    }

    fn add_lane(&mut self, lane: Lane<Place>) -> Result<(), Error> {
        self.reach().0.take(lane.place, lane.id, Step::Set(lane.initial()))?;
        self.lanes.push(lane);
        Ok(())
    }

    /// Back to the first values.
    pub(super) fn rewind(&mut self) {
        self.clock = 0;
        let (mut reach, automation) = self.reach();
        automation.rewind();
        for lane in automation.lanes() {
            // Was taken when the lane was added.
            let _ = reach.take(lane.place, lane.id, Step::Set(lane.initial()));
        }
    }

    /// Does what is due, and tells for how many frames of `most` nothing will be.
    pub(super) fn turn(&mut self, most: usize) -> Result<usize, Error> {
        let clock = self.clock;
        let (mut reach, automation) = self.reach();
        automation.run(clock, |place, id, step| reach.take(*place, id, step))?;
        Ok(automation.frames_left(clock).min(most))
    }
}
