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
//! A bus adds up in one order: outputs, then sends, each in the order in which they were added.
//! All memory is made when something is added or by [`Mixer::prepare`]; `process` makes none, but for what
//! threads take where they were asked for: see [`Mixer::mix_offline`].

mod automate;
mod error;
mod part;
mod prepare;
mod process;

pub use error::MixError;
pub use part::Part;
pub use process::{MASTER_FRAMES, Sources};

use part::Place;

use crate::base::error::Error;
use crate::base::memory::Storage;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::engine::processor::Processor;
use crate::engine::unit::GRID;
use crate::host::automation::{Automation, Lane};
use crate::mix::{EffectSend, Strip, Tap, strip_words};
use crate::params::NoConfig;
use crate::processors::align::{Align, AlignConfig};
use crate::processors::gain::{Gain, GainParams};
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// A track or a bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(usize);

/// A send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SendId(usize);

/// What stands in a strip of a mixer.
pub type Inserts<T> = Vec<Box<dyn Processor<T> + Send>>;

/// Two channels of scratch, as long as a stretch may be.
type Stereo<T> = [Vec<T>; 2];

struct Node<T: Sample> {
    /// Its number, in the order of adding.
    id: usize,
    /// The round in which it runs.
    round: usize,
    name: String,
    track: Option<Track<T>>,
    strip: Strip<T, Inserts<T>, Storage>,
    /// The bus that it goes to; the master goes nowhere.
    output: Option<usize>,
    /// What goes into a bus: all outputs, then all sends.
    inputs: Vec<Way<T>>,
    sends: Vec<(EffectSend<T, Storage>, Way<T>)>,
    /// The node whose sound before the fader the inserts listen to, and how it gets here.
    key: Option<(usize, Way<T>)>,
    muted: bool,
    soloed: bool,
    /// Whether another track's solo silences it.
    hushed: bool,
    /// What moves, and the same as late as it acts.
    lanes: Vec<Lane<Place>>,
    automation: Automation<Place>,
    /// Frames since reset.
    clock: u64,
    /// Whether anyone listens to the pre-fader tap.
    is_tapped: bool,
    /// By how many frames what arrives is late.
    arrival: usize,
}

/// Where a track's audio comes in.
struct Track<T: Sample> {
    /// Its number among the tracks.
    number: usize,
    channels: usize,
    /// The audio waits for a late key.
    entry: Align<T>,
}

/// A way into a node, known once prepared.
struct Way<T: Sample> {
    /// The place of the node that gives.
    place: usize,
    /// How many turns more than one lie between the node that gives and the one that takes.
    age: usize,
    wait: Align<T>,
}

/// What a node gives to those behind it.
#[derive(Default)]
struct Given<T> {
    /// What has arrived; then, after the strip, what it gives.
    sum: Stereo<T>,
    /// What the pre-fader tap gave, where anyone listens: for sends and keys.
    tapped: Stereo<T>,
}

/// Where a send stands: among those of its target.
struct SendRoute {
    from: usize,
    to: usize,
    at: usize,
}

/// Tracks and buses into one stereo master.
pub struct Mixer<T: Sample> {
    sample_rate: f64,
    /// Once prepared, in the order in which they run; of one round, in the order of adding.
    nodes: Vec<Node<T>>,
    /// What they gave in the latest turns, in the same order; the first is the one to be written next.
    given: Vec<Vec<Given<T>>>,
    /// The place of each node, by its number.
    places: Vec<usize>,
    names: BTreeMap<String, NodeId>,
    /// Channels of each track.
    tracks: Vec<usize>,
    sends: Vec<SendRoute>,
    /// Behind the last node of each round.
    rounds: Vec<usize>,
    soloed: usize,
    latency: usize,
    prepared: bool,
    /// Frames that run at a time.
    stretch: usize,
    /// One per thread.
    scratch: Vec<Stereo<T>>,
}

impl<T: Sample> fmt::Debug for Mixer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.places.iter().map(|place| self.nodes[*place].name.as_str()).collect();
        f.debug_struct("Mixer").field("sample_rate", &self.sample_rate).field("nodes", &names).finish()
    }
}

fn stereo<T: Sample>(frames: usize) -> Stereo<T> {
    [alloc::vec![T::ZERO; frames], alloc::vec![T::ZERO; frames]]
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
            given: Vec::new(),
            places: Vec::new(),
            names: BTreeMap::new(),
            tracks: Vec::new(),
            sends: Vec::new(),
            rounds: Vec::new(),
            soloed: 0,
            latency: 0,
            prepared: false,
            stretch: GRID,
            scratch: alloc::vec![stereo(GRID)],
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
        let id = self.places.len();
        let entry = align(self.sample_rate, channels, 0)?;
        self.nodes.push(Node {
            id,
            round: 0,
            name: name.to_string(),
            track: track.map(|channels| Track { number: self.tracks.len(), channels, entry }),
            strip,
            output: None,
            inputs: Vec::new(),
            sends: Vec::new(),
            key: None,
            muted: false,
            soloed: false,
            hushed: false,
            lanes: Vec::new(),
            automation: Automation::new(Vec::new()),
            clock: 0,
            is_tapped: false,
            arrival: 0,
        });
        self.tracks.extend(track);
        self.places.push(id);
        self.names.insert(name.to_string(), NodeId(id));
        self.prepared = false;
        let solo = self.soloed > 0;
        self.node(NodeId(id)).apply_mute(solo)?;
        Ok(NodeId(id))
    }

    /// A way that is not known yet.
    fn way(&self) -> Result<Way<T>, Error> {
        Ok(Way { place: 0, age: 0, wait: align(self.sample_rate, 2, 0)? })
    }

    fn node(&mut self, id: NodeId) -> &mut Node<T> {
        &mut self.nodes[self.places[id.0]]
    }

    /// The track or bus of this name.
    pub fn find(&self, name: &str) -> Option<NodeId> {
        self.names.get(name).copied()
    }

    /// Leads what a track or bus gives to a bus, in place of where it went.
    pub fn route(&mut self, from: NodeId, to: NodeId) -> Result<(), MixError> {
        self.check_bus(to)?;
        self.node(from).output = Some(to.0);
        self.prepared = false;
        Ok(())
    }

    /// Adds a send to a bus.
    pub fn send(&mut self, from: NodeId, to: NodeId, tap: Tap, gain_db: f64) -> Result<SendId, MixError> {
        self.check_bus(to)?;
        let params = GainParams { gain_db, ..GainParams::default() };
        let level = Gain::new(Spec::new(self.sample_rate, 2), NoConfig, params)?;
        let way = self.way()?;
        let sends = &mut self.node(to).sends;
        sends.push((EffectSend { tap, level }, way));
        let at = sends.len() - 1;
        self.sends.push(SendRoute { from: from.0, to: to.0, at });
        self.prepared = false;
        Ok(SendId(self.sends.len() - 1))
    }

    /// Adds a processor to the end of a strip's inserts. Tracks of one channel have inserts of one.
    pub fn insert(&mut self, node: NodeId, unit: Box<dyn Processor<T> + Send>) {
        self.node(node).strip.inserts.push(unit);
        self.prepared = false;
    }

    /// Lets the inserts of a strip listen to another's sound before its fader.
    pub fn listen(&mut self, node: NodeId, to: NodeId) -> Result<(), MixError> {
        let way = self.way()?;
        self.node(node).key = Some((to.0, way));
        self.prepared = false;
        Ok(())
    }

    fn check_bus(&mut self, node: NodeId) -> Result<(), MixError> {
        match self.node(node) {
            Node { track: Some(_), name, .. } => Err(MixError::NotABus(name.clone())),
            _ => Ok(()),
        }
    }

    /// A strip's parts: trim, inserts, pan and fader, to set or to glide.
    pub fn strip(&mut self, node: NodeId) -> &mut Strip<T, Inserts<T>, Storage> {
        &mut self.node(node).strip
    }

    /// A send's level, to set or to glide.
    pub fn send_level(&mut self, send: SendId) -> &mut Gain<T> {
        let SendRoute { to, at, .. } = self.sends[send.0];
        &mut self.node(NodeId(to)).sends[at].0.level
    }

    /// Mutes or opens a track or a bus, with its sends.
    pub fn set_muted(&mut self, node: NodeId, muted: bool) -> Result<(), MixError> {
        let solo = self.soloed > 0;
        let node = self.node(node);
        node.muted = muted;
        node.apply_mute(solo)
    }

    /// Lets only soloed tracks sound. Buses stay open, so that effects of a soloed track are heard.
    pub fn set_soloed(&mut self, node: NodeId, soloed: bool) -> Result<(), MixError> {
        let before = core::mem::replace(&mut self.node(node).soloed, soloed);
        let was_solo = self.soloed > 0;
        self.soloed = self.soloed + usize::from(soloed) - usize::from(before);
        let solo = self.soloed > 0;
        if solo != was_solo {
            return self.nodes.iter_mut().try_for_each(|node| node.apply_mute(solo));
        }
        self.node(node).apply_mute(solo)
    }

    /// By how many frames what a track gives waits on its way to the master, once prepared; `None` where it goes elsewhere.
    /// Tracks are counted in the order in which they were added.
    pub fn wait_at_master(&self, track: usize) -> Option<usize> {
        let is_it = |node: &Node<T>| node.track.as_ref().is_some_and(|found| found.number == track);
        let place = self.nodes.iter().position(is_it)?;
        let master = &self.nodes[*self.places.first()?];
        master.inputs.iter().find(|way| way.place == place).map(|way| way.wait.latency())
    }

    /// For work offline: mixes so many frames in a turn, on so many threads; both are at least 1, and threads
    /// need feature `std`. A block that [`process`](Self::process) is given is a row of turns, and in each turn every
    /// strip works on the frames that those before it have done, so that all of them may run at once: a block should be
    /// many turns long. The bits are those of one thread. As built, a mixer runs on the thread that calls it, and
    /// [`GRID`] frames are a turn.
    pub fn mix_offline(&mut self, threads: usize, frames: usize) {
        self.stretch = frames.max(1);
        self.scratch = (0..threads.max(1)).map(|_| stereo(self.stretch)).collect();
        self.make_room(self.given.len());
    }

    /// Frames by which the sound is late where it enters a strip, known once prepared: what is automated
    /// there has to be as late. Its fader and its sends are later by the strip's own latency.
    pub fn arrival(&self, node: NodeId) -> usize {
        self.nodes[self.places[node.0]].arrival
    }

    /// What a track or a bus gave in the last block that was processed, behind its fader: for meters. Of a
    /// block that is longer than a turn ([`GRID`] frames), the last turn. Empty before the mixer is prepared.
    pub fn given(&self, node: NodeId, frames: usize) -> [&[T]; 2] {
        let (place, layers) = (self.places[node.0], self.given.len().max(1));
        let layer = (self.rounds.len() - self.nodes[place].round) % layers;
        let Some(given) = self.given.get(layer).and_then(|layer| layer.get(place)) else { return [&[], &[]] };
        given.sum.each_ref().map(|channel| &channel[..frames.min(channel.len())])
    }

    /// Rate in Hz.
    pub fn sample_rate(&self) -> f64 {
        self.sample_rate
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

    /// Clears all audio state. What is automated stands where it begins.
    pub fn reset(&mut self) {
        for node in &mut self.nodes {
            node.rewind();
            node.strip.reset();
            node.track.iter_mut().for_each(|track| track.entry.reset());
            let ways = node.inputs.iter_mut().chain(node.key.as_mut().map(|(_, way)| way));
            ways.for_each(|way| way.wait.reset());
            for (send, way) in &mut node.sends {
                send.level.reset();
                way.wait.reset();
            }
        }
    }
}

impl<T: Sample> Node<T> {
    fn apply_mute(&mut self, solo: bool) -> Result<(), MixError> {
        self.hushed = solo && self.track.is_some() && !self.soloed;
        let silent = self.muted || self.hushed;
        Ok(self.strip.mute.set(GainParams::MUTE, f64::from(u8::from(silent)))?)
    }
}
