//! Routing: a session's tracks, buses, sends and keys become a mixer, its automation lanes of the mixer.

use std::format;
use std::string::String;
use std::vec::Vec;

use crate::base::spec::Spec;
use crate::engine::processor::Processor;
use crate::files::SessionError;
use crate::host::{MixError, Mixer, NodeId, SendId};
use crate::mix::Tap;
use crate::params::{Row, Table};
use crate::processors::gain::GainParams;
use crate::processors::pan::PanParams;
use crate::session::automation::{Lane, Step, insert_path};
use crate::session::format::{Automation, Insert, Send, Session, wrong};
use crate::session::make::{Finder, make_chain};

/// What a lane moves.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Trim(NodeId),
    Pan(NodeId),
    Fader(NodeId),
    Send(SendId),
    Insert(NodeId, usize),
}

impl Place {
    /// Runs `act` on what is automated.
    fn apply<R>(self, mixer: &mut Mixer<f64>, act: impl FnOnce(&mut dyn Processor<f64>) -> R) -> R {
        match self {
            Place::Trim(node) => act(&mut mixer.strip(node).trim),
            Place::Pan(node) => act(&mut mixer.strip(node).pan),
            Place::Fader(node) => act(&mut mixer.strip(node).fader),
            Place::Send(send) => act(mixer.send_level(send)),
            Place::Insert(node, at) => act(&mut mixer.strip(node).inserts[at]),
        }
    }
}

/// A session as a mixer.
pub(super) struct Routed {
    pub(super) mixer: Mixer<f64>,
    pub(super) lanes: Vec<Lane<Place>>,
}

impl Routed {
    /// Applies what is due at this frame.
    pub(super) fn automate(&mut self, clock: u64) -> Result<(), SessionError> {
        for lane in &mut self.lanes {
            while let Some(step) = lane.due(clock) {
                let place = lane.place;
                let id = lane.id;
                let result = match step {
                    Step::Set(value) => place.apply(&mut self.mixer, |unit| unit.set(id, value)),
                    Step::Glide(target, frames) => {
                        place.apply(&mut self.mixer, |unit| unit.glide(id, target, frames))
                    }
                };
                result.or_else(|error| wrong("automation", error))?;
            }
        }
        Ok(())
    }

    /// The frame of the next event after this one.
    pub(super) fn next_event(&self, clock: u64) -> Option<u64> {
        self.lanes.iter().filter_map(Lane::next_frame).filter(|frame| *frame > clock).min()
    }
}

/// What tracks and buses have in common.
struct Strip<'a> {
    place: String,
    name: &'a str,
    channels: usize,
    output: Option<&'a str>,
    key: Option<&'a str>,
    inserts: &'a [Insert],
    sends: &'a [Send],
    automation: &'a [Automation],
    gain_db: f64,
    pan: f64,
    trim_db: f64,
    invert: bool,
    mute: bool,
    solo: bool,
}

fn strips<'a>(session: &'a Session, channels: &[usize]) -> Vec<Strip<'a>> {
    let tracks = session.tracks.iter().zip(channels).map(|(track, channels)| Strip {
        place: format!("track {:?}", track.name),
        name: &track.name,
        channels: *channels,
        output: track.output.as_deref(),
        key: track.key.as_deref(),
        inserts: &track.inserts,
        sends: &track.sends,
        automation: &track.automation,
        gain_db: track.gain_db,
        pan: track.pan,
        trim_db: track.trim_db,
        invert: track.invert_polarity,
        mute: track.mute,
        solo: track.solo,
    });
    let buses = session.buses.iter().map(|bus| Strip {
        place: format!("bus {:?}", bus.name),
        name: &bus.name,
        channels: 2,
        output: bus.output.as_deref(),
        key: bus.key.as_deref(),
        inserts: &bus.inserts,
        sends: &bus.sends,
        automation: &bus.automation,
        gain_db: bus.gain_db,
        pan: bus.pan,
        trim_db: 0.0,
        invert: false,
        mute: bus.mute,
        solo: false,
    });
    tracks.chain(buses).collect()
}

/// What the mixer says is wrong, as an error of the session.
pub(super) fn refused<R>(error: MixError) -> Result<R, SessionError> {
    wrong("mix", error)
}

/// A strip that was made.
struct Node {
    id: NodeId,
    finders: Vec<Finder>,
    latencies: Vec<usize>,
    sends: Vec<SendId>,
}

/// Builds the mixer of a session; `channels` are those of its tracks.
pub(super) fn route(session: &Session, channels: &[usize]) -> Result<Routed, SessionError> {
    let rate = f64::from(session.sample_rate);
    let mut mixer = Mixer::new(rate).or_else(refused)?;
    let strips = strips(session, channels);
    let mut nodes = Vec::new();
    for (at, strip) in strips.iter().enumerate() {
        if strip.name.is_empty() {
            return wrong(&strip.place, "without a name");
        }
        let is_track = at < session.tracks.len();
        let added =
            if is_track { mixer.add_track(strip.name, strip.channels) } else { mixer.add_bus(strip.name) };
        let id = added.or_else(|error| wrong(&strip.place, error))?;
        let spec = Spec::new(rate, strip.channels);
        let (units, finders) = make_chain(strip.inserts, spec, strip.key.is_some(), &strip.place)?;
        let latencies = units.iter().map(|unit| unit.latency()).collect();
        units.into_iter().for_each(|unit| mixer.insert(id, unit));
        nodes.push(Node { id, finders, latencies, sends: Vec::new() });
    }
    for (strip, node) in strips.iter().zip(&mut nodes) {
        let find = |name: &str, what: &str| match mixer.find(name) {
            Some(id) => Ok(id),
            None => wrong(&strip.place, format!("{what}: no bus or track {name:?}")),
        };
        let output = strip.output.map(|name| find(name, "output")).transpose()?;
        let key = strip.key.map(|name| find(name, "key")).transpose()?;
        let sends = strip.sends.iter().map(|send| find(&send.to, "send")).collect::<Result<Vec<_>, _>>()?;
        let place = |error| wrong(&strip.place, error);
        if let Some(to) = output {
            mixer.route(node.id, to).or_else(place)?;
        }
        if let Some(to) = key {
            mixer.listen(node.id, to).or_else(place)?;
        }
        for (send, to) in strip.sends.iter().zip(sends) {
            let tap = if send.pre_fader { Tap::PreFader } else { Tap::PostFader };
            let id = mixer.send(node.id, to, tap, send.gain_db);
            node.sends
                .push(id.or_else(|error| wrong(format!("{}: send to {:?}", strip.place, send.to), error))?);
        }
        mixer.set_muted(node.id, strip.mute).or_else(place)?;
        mixer.set_soloed(node.id, strip.solo).or_else(place)?;
        let parts = mixer.strip(node.id);
        let refuse = |error| wrong(&strip.place, error);
        parts.fader.set(GainParams::GAIN_DB.any(), strip.gain_db).or_else(refuse)?;
        parts.pan.set(PanParams::PAN, strip.pan).or_else(refuse)?;
        let name = |error: crate::Error| wrong(format!("{}: trim_db", strip.place), error);
        parts.trim.set(GainParams::GAIN_DB.any(), strip.trim_db).or_else(name)?;
        parts.trim.set(GainParams::INVERT, f64::from(u8::from(strip.invert))).or_else(refuse)?;
    }
    let master = mixer.master();
    let fader = &mut mixer.strip(master).fader;
    fader.set(GainParams::GAIN_DB.any(), session.master.gain_db).or_else(|error| wrong("master", error))?;

    mixer.prepare().or_else(refused)?;

    let mut lanes = Vec::new();
    for (strip, node) in strips.iter().zip(&nodes) {
        for automation in strip.automation {
            let late = mixer.arrival(node.id);
            let lane = lane(strip, node, automation, (rate, late))?;
            lanes.push(lane);
        }
    }
    for automation in session.master.automation.iter().filter(|one| one.parameter == "gain_db") {
        let late = mixer.arrival(master);
        let row = (GainParams::GAIN_DB.any(), gain_row());
        lanes.push(Lane::new(Place::Fader(master), row, automation, (rate, late), "master")?);
    }
    for lane in &lanes {
        let (id, value) = (lane.id, lane.first());
        lane.place
            .apply(&mut mixer, |unit| unit.set(id, value))
            .or_else(|error| wrong("automation", error))?;
    }
    // Everything begins where it is set, without a ramp.
    mixer.reset();
    Ok(Routed { mixer, lanes })
}

fn gain_row() -> &'static Row {
    &GainParams::ROWS[0]
}

/// The lane that an automation asks for; `late` is how late the sound enters the strip.
fn lane(
    strip: &Strip<'_>,
    node: &Node,
    automation: &Automation,
    (rate, late): (f64, usize),
) -> Result<Lane<Place>, SessionError> {
    let through: usize = late + node.latencies.iter().sum::<usize>();
    let parameter = automation.parameter.as_str();
    let gain = (GainParams::GAIN_DB.any(), gain_row());
    let unknown = || wrong(&strip.place, format!("automation: no parameter {parameter:?}"));
    let (place, row, late) = match parameter {
        "gain_db" => (Place::Fader(node.id), gain, through),
        "trim_db" => (Place::Trim(node.id), gain, late),
        "pan" => (Place::Pan(node.id), (PanParams::PAN.any(), &PanParams::ROWS[0]), through),
        _ => {
            if let Some(rest) = parameter.strip_prefix("sends.") {
                let name = rest.strip_suffix(".gain_db").unwrap_or(rest);
                let Some(at) = strip.sends.iter().position(|send| send.to == name) else { return unknown() };
                (Place::Send(node.sends[at]), gain, through)
            } else if let Some((at, path)) = insert_path(parameter) {
                let Some(made) = node.finders.get(at) else { return unknown() };
                let found = made
                    .find(path)
                    .or_else(|reason| wrong(format!("{}: inserts[{at}]", strip.place), reason))?;
                let before: usize = node.latencies[..at].iter().sum();
                (Place::Insert(node.id, at), found, late + before)
            } else {
                return unknown();
            }
        }
    };
    Lane::new(place, row, automation, (rate, late), &strip.place)
}
