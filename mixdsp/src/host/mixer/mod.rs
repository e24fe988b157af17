//! Mixer: named tracks and buses, put together from strips, sends and aligns. Needs `alloc`.
//!
//! ```text
//! track: its audio --> wait --> strip --+--> output: wait --> bus or master
//!                                       +--> sends:  level --> wait --> bus
//! bus:   sum of what arrives --> strip --> output, sends
//! master: sum --> strip --> out
//! ```
//!
//! Every route waits so that parallel paths meet to the sample (see [`plan`](crate::mix::plan)); a route's wait
//! is found anew when routing or inserts change. Solo silences every other track; buses stay open.
//! All memory is made when something is added or by [`Mixer::prepare`]; `process` makes none.

mod process;

use crate::base::error::Error;
use crate::base::memory::Storage;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::engine::processor::Processor;
use crate::engine::unit::GRID;
use crate::mix::plan::{PlanError, Route, plan};
use crate::mix::{EffectSend, Strip, Tap, strip_words};
use crate::params::NoConfig;
use crate::processors::align::{Align, AlignConfig};
use crate::processors::gain::{Gain, GainParams};
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// A track or a bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NodeId(usize);

/// A send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SendId(usize);

/// Why a mixer refused.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum MixError {
    /// A processor refused.
    Processor(Error),
    /// Two tracks or buses of one name.
    NameTaken(String),
    /// Routes lead in a circle through this track or bus.
    Circle(String),
    /// The target of a route is a track: only buses take audio in.
    NotABus(String),
    /// [`Mixer::prepare`] was not called since something was added or routed.
    NotPrepared,
    /// As many inputs as tracks are needed, in the order in which the tracks were added.
    Inputs {
        /// Tracks.
        needed: usize,
        /// Inputs given.
        given: usize,
    },
}

impl fmt::Display for MixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MixError::Processor(error) => error.fmt(f),
            MixError::NameTaken(name) => write!(f, "there is a track or bus called {name:?} already"),
            MixError::Circle(name) => write!(f, "routes lead in a circle through {name:?}"),
            MixError::NotABus(name) => write!(f, "{name:?} is a track: only a bus takes audio in"),
            MixError::NotPrepared => f.write_str("the routing changed: call prepare before process"),
            MixError::Inputs { needed, given } => {
                write!(f, "{given} inputs given for {needed} tracks")
            }
        }
    }
}

impl core::error::Error for MixError {}

impl From<Error> for MixError {
    fn from(error: Error) -> Self {
        MixError::Processor(error)
    }
}

/// What stands in a strip of a mixer.
pub type Inserts<T> = Vec<Box<dyn Processor<T> + Send>>;

/// Two channels of scratch, as long as a stretch may be.
type Stereo<T> = [Vec<T>; 2];

struct Node<T: Sample> {
    name: String,
    /// Channels of a track's audio; `None` for a bus.
    track: Option<usize>,
    strip: Strip<T, Inserts<T>, Storage>,
    /// Where it goes, and how long it waits; the master goes nowhere.
    output: Option<(usize, Align<T>)>,
    /// A track's own audio waits for a late key.
    entry: Align<T>,
    /// Whose sound before the fader the inserts listen to, and how long it waits.
    key: Option<(usize, Align<T>)>,
    muted: bool,
    soloed: bool,
    /// What has arrived; then, after the strip, what it gives.
    sum: Stereo<T>,
    /// What the pre-fader tap gave: for sends and keys.
    tapped: Stereo<T>,
    /// Whether anyone listens to that.
    is_tapped: bool,
}

struct SendRoute<T: Sample> {
    from: usize,
    to: usize,
    send: EffectSend<T, Storage>,
    wait: Align<T>,
}

/// Tracks and buses into one stereo master.
pub struct Mixer<T: Sample> {
    sample_rate: f64,
    nodes: Vec<Node<T>>,
    sends: Vec<SendRoute<T>>,
    order: Vec<usize>,
    /// By how many frames what arrives at each node is late.
    arrival: Vec<usize>,
    latency: usize,
    prepared: bool,
    scratch: Stereo<T>,
}

impl<T: Sample> fmt::Debug for Mixer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.nodes.iter().map(|node| node.name.as_str()).collect();
        f.debug_struct("Mixer").field("sample_rate", &self.sample_rate).field("nodes", &names).finish()
    }
}

fn stereo<T: Sample>() -> Stereo<T> {
    [alloc::vec![T::ZERO; GRID], alloc::vec![T::ZERO; GRID]]
}

fn align<T: Sample>(sample_rate: f64, channels: usize, frames: usize) -> Result<Align<T>, Error> {
    Align::new(Spec::new(sample_rate, channels), AlignConfig { frames: frames as u32 }, ())
}

impl<T: Sample> Mixer<T> {
    /// A mixer with a master and nothing else.
    pub fn new(sample_rate: f64) -> Result<Self, MixError> {
        let mut mixer = Self {
            sample_rate,
            nodes: Vec::new(),
            sends: Vec::new(),
            order: Vec::new(),
            arrival: Vec::new(),
            latency: 0,
            prepared: false,
            scratch: stereo(),
        };
        mixer.add("master", None)?;
        Ok(mixer)
    }

    /// The master: takes all that goes nowhere else, and gives the mix.
    pub fn master(&self) -> NodeId {
        NodeId(0)
    }

    /// Adds a track of one or two channels. It goes to the master.
    pub fn add_track(&mut self, name: &str, channels: usize) -> Result<NodeId, MixError> {
        let id = self.add(name, Some(channels))?;
        self.route(id, self.master())?;
        Ok(id)
    }

    /// Adds a bus: a group, or the place of an effect. It goes to the master.
    pub fn add_bus(&mut self, name: &str) -> Result<NodeId, MixError> {
        let id = self.add(name, None)?;
        self.route(id, self.master())?;
        Ok(id)
    }

    fn add(&mut self, name: &str, track: Option<usize>) -> Result<NodeId, MixError> {
        if self.find(name).is_some() {
            return Err(MixError::NameTaken(name.to_string()));
        }
        let channels = track.unwrap_or(2);
        let storage = strip_words::<T>(self.sample_rate, channels)
            .map(|words| alloc::vec![0; words].into_boxed_slice());
        let strip = Strip::new_in(self.sample_rate, channels, Vec::new(), storage)?;
        self.nodes.push(Node {
            name: name.to_string(),
            track,
            strip,
            output: None,
            entry: align(self.sample_rate, channels, 0)?,
            key: None,
            muted: false,
            soloed: false,
            sum: stereo(),
            tapped: stereo(),
            is_tapped: false,
        });
        self.prepared = false;
        Ok(NodeId(self.nodes.len() - 1))
    }

    /// The track or bus of this name.
    pub fn find(&self, name: &str) -> Option<NodeId> {
        self.nodes.iter().position(|node| node.name == name).map(NodeId)
    }

    /// Leads what a track or bus gives to a bus, in place of where it went.
    pub fn route(&mut self, from: NodeId, to: NodeId) -> Result<(), MixError> {
        self.check_bus(to)?;
        self.nodes[from.0].output = Some((to.0, align(self.sample_rate, 2, 0)?));
        self.prepared = false;
        Ok(())
    }

    /// Adds a send to a bus.
    pub fn send(&mut self, from: NodeId, to: NodeId, tap: Tap, gain_db: f64) -> Result<SendId, MixError> {
        self.check_bus(to)?;
        let params = GainParams { gain_db, ..GainParams::default() };
        let level = Gain::new(Spec::new(self.sample_rate, 2), NoConfig, params)?;
        let wait = align(self.sample_rate, 2, 0)?;
        self.sends.push(SendRoute { from: from.0, to: to.0, send: EffectSend { tap, level }, wait });
        self.prepared = false;
        Ok(SendId(self.sends.len() - 1))
    }

    /// Adds a processor to the end of a strip's inserts. Tracks of one channel have inserts of one.
    pub fn insert(&mut self, node: NodeId, unit: Box<dyn Processor<T> + Send>) {
        self.nodes[node.0].strip.inserts.push(unit);
        self.prepared = false;
    }

    /// Lets the inserts of a strip listen to another's sound before its fader.
    pub fn listen(&mut self, node: NodeId, to: NodeId) -> Result<(), MixError> {
        self.nodes[node.0].key = Some((to.0, align(self.sample_rate, 2, 0)?));
        self.prepared = false;
        Ok(())
    }

    fn check_bus(&self, node: NodeId) -> Result<(), MixError> {
        match &self.nodes[node.0] {
            Node { track: Some(_), name, .. } => Err(MixError::NotABus(name.clone())),
            _ => Ok(()),
        }
    }

    /// A strip's parts: trim, inserts, pan and fader, to set or to glide.
    pub fn strip(&mut self, node: NodeId) -> &mut Strip<T, Inserts<T>, Storage> {
        &mut self.nodes[node.0].strip
    }

    /// A send's level, to set or to glide.
    pub fn send_level(&mut self, send: SendId) -> &mut Gain<T> {
        &mut self.sends[send.0].send.level
    }

    /// Mutes or opens a track or a bus, with its sends.
    pub fn set_muted(&mut self, node: NodeId, muted: bool) -> Result<(), MixError> {
        self.nodes[node.0].muted = muted;
        self.apply_mutes()
    }

    /// Lets only soloed tracks sound. Buses stay open, so that effects of a soloed track are heard.
    pub fn set_soloed(&mut self, node: NodeId, soloed: bool) -> Result<(), MixError> {
        self.nodes[node.0].soloed = soloed;
        self.apply_mutes()
    }

    fn apply_mutes(&mut self) -> Result<(), MixError> {
        let solo = self.nodes.iter().any(|node| node.soloed);
        for node in &mut self.nodes {
            let silent = node.muted || (solo && node.track.is_some() && !node.soloed);
            node.strip.mute.set(GainParams::MUTE, f64::from(u8::from(silent)))?;
        }
        Ok(())
    }

    /// Finds the order of the nodes and the waits of the routes. To be called after building, and after
    /// any change of routing or inserts; audio on its way is lost. Not for the audio thread.
    pub fn prepare(&mut self) -> Result<(), MixError> {
        let latencies: Vec<usize> = self.nodes.iter().map(|node| node.strip.latency()).collect();
        let outputs = self.nodes.iter().enumerate();
        let mut routes: Vec<Route> = outputs
            .filter_map(|(from, node)| node.output.as_ref().map(|(to, _)| Route { from, to: *to }))
            .collect();
        routes.extend(self.sends.iter().map(|send| Route { from: send.from, to: send.to }));
        let keys = self.nodes.iter().enumerate();
        routes.extend(
            keys.filter_map(|(to, node)| node.key.as_ref().map(|(from, _)| Route { from: *from, to })),
        );

        let mut order = alloc::vec![0; latencies.len()];
        let mut arrival = order.clone();
        let mut waits = alloc::vec![0; routes.len()];
        plan(&latencies, &routes, &mut order, &mut arrival, &mut waits).map_err(|error| match error {
            PlanError::Circle { node } | PlanError::NoSuchNode { route: node } => {
                MixError::Circle(self.nodes[node].name.clone())
            }
            PlanError::TooShort => MixError::NotPrepared,
        })?;

        let rate = self.sample_rate;
        let mut waits = waits.into_iter();
        let mut next = |channels| align(rate, channels, waits.next().unwrap_or(0));
        for (_, wait) in self.nodes.iter_mut().filter_map(|node| node.output.as_mut()) {
            *wait = next(2)?;
        }
        for send in &mut self.sends {
            send.wait = next(2)?;
        }
        for (_, wait) in self.nodes.iter_mut().filter_map(|node| node.key.as_mut()) {
            *wait = next(2)?;
        }
        for (node, arrival) in self.nodes.iter_mut().zip(&arrival) {
            node.entry =
                align(rate, node.track.unwrap_or(2), if node.track.is_some() { *arrival } else { 0 })?;
        }
        let keys = self.nodes.iter().filter_map(|node| node.key.as_ref().map(|(from, _)| *from));
        let sends = self.sends.iter().filter(|send| send.send.tap == Tap::PreFader).map(|send| send.from);
        let tapped: Vec<usize> = keys.chain(sends).collect();
        for (at, node) in self.nodes.iter_mut().enumerate() {
            node.is_tapped = tapped.contains(&at);
        }
        self.latency = arrival[0] + latencies[0];
        self.order = order;
        self.arrival = arrival;
        self.prepared = true;
        Ok(())
    }

    /// Frames by which the sound is late where it enters a strip, known once prepared: what is automated
    /// there has to be as late. Its fader and its sends are later by the strip's own latency.
    pub fn arrival(&self, node: NodeId) -> usize {
        self.arrival.get(node.0).copied().unwrap_or(0)
    }

    /// What a track or a bus gave in the last block that was processed, behind its fader: for meters. Of a
    /// block of more than [`GRID`] frames, the last stretch.
    pub fn given(&self, node: NodeId, frames: usize) -> [&[T]; 2] {
        let frames = frames.min(GRID);
        let [left, right] = &self.nodes[node.0].sum;
        [&left[..frames], &right[..frames]]
    }

    /// Frames by which the mix is late.
    pub fn latency(&self) -> usize {
        self.latency
    }

    /// Frames after the end of the input until the mix is silent: an upper bound. `None` when it never is.
    pub fn tail(&self) -> Option<usize> {
        let mut tails = self.nodes.iter().map(|node| node.strip.tail());
        tails.try_fold(self.latency, |sum, tail| Some(sum.saturating_add(tail?)))
    }

    /// Clears all audio state.
    pub fn reset(&mut self) {
        for node in &mut self.nodes {
            node.strip.reset();
            node.entry.reset();
            let waits = [node.output.as_mut(), node.key.as_mut()];
            waits.into_iter().flatten().for_each(|(_, wait)| wait.reset());
        }
        for send in &mut self.sends {
            send.send.level.reset();
            send.wait.reset();
        }
    }
}
