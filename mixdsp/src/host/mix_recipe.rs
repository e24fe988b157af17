//! A mix as plain data: strips with their inserts, levels, ways and automation. It is built into a [`Mixer`].
//!
//! Paths of automation of a strip: `gain_db`, `trim_db`, `pan`, `mute`, `sends.NAME` or `sends.NAME.gain_db`, and those of the
//! inserts: `inserts[0].threshold_db` by number, `comp.threshold_db` by the name of a member. Of a group: `gain_db`.

use crate::base::spec::Spec;
use crate::catalogue::BoxedSample;
use crate::host::automation::{Lane, sum_of_courses};
use crate::host::chain::Chain;
use crate::host::mixer::{MixError, Mixer, NodeId, Part, SendId};
use crate::host::recipe::{Listens, Node, Recipe, RecipeError};
use crate::mix::Tap;
use crate::params::{Id, Row};
use crate::processors::gain::GainParams;
use crate::processors::pan::PanParams;
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// What is mixed: tracks, buses, and the groups of their faders.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MixRecipe {
    /// Tracks and buses, and the master where there is something to say of it. What goes in is in the order of the
    /// tracks.
    pub strips: Vec<StripRecipe>,
    /// Groups of strips that one fader moves.
    pub groups: Vec<GroupRecipe>,
}

/// What a strip is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum StripKind {
    /// Takes in audio of one or two channels.
    Track {
        /// 1 or 2.
        channels: usize,
    },
    /// Takes in what is sent to it.
    #[default]
    Bus,
    /// Takes in what goes nowhere else, and gives the mix. Its name is `master`.
    Master,
}

/// A track, a bus or the master.
#[derive(Clone, Debug, PartialEq)]
pub struct StripRecipe {
    /// Its name, unlike any other's.
    pub name: String,
    /// What it is.
    pub kind: StripKind,
    /// What shapes it: a chain, or one processor. As many channels come out as go in.
    pub inserts: Recipe,
    /// Level before the inserts.
    pub trim_db: f64,
    /// Turns the polarity round.
    pub invert_polarity: bool,
    /// From -1, left, to 1, right.
    pub pan: f64,
    /// Level at which it joins.
    pub gain_db: f64,
    /// Silences it and its sends.
    pub mute: bool,
    /// Silences every track that is not soloed.
    pub solo: bool,
    /// The bus that it goes to; the master when absent.
    pub output: Option<String>,
    /// The track or bus that the inserts listen to: those that name a [`key`](super::recipe::Leaf::key), or, where none
    /// does, all that can. Absent, it is the one that the inserts name.
    pub key: Option<String>,
    /// Where else it goes.
    pub sends: Vec<SendRecipe>,
    /// What moves.
    pub automation: Vec<Course>,
}

impl Default for StripRecipe {
    fn default() -> Self {
        Self {
            name: String::new(),
            kind: StripKind::Bus,
            inserts: Recipe::chain(Vec::new()),
            trim_db: 0.0,
            invert_polarity: false,
            pan: 0.0,
            gain_db: 0.0,
            mute: false,
            solo: false,
            output: None,
            key: None,
            sends: Vec::new(),
            automation: Vec::new(),
        }
    }
}

/// A way to a bus beside the output.
#[derive(Clone, Debug, PartialEq)]
pub struct SendRecipe {
    /// The bus.
    pub to: String,
    /// Its level.
    pub gain_db: f64,
    /// Where it listens.
    pub tap: Tap,
}

/// One parameter that moves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// Which: see the head of this file.
    pub path: String,
    /// Seconds and values.
    pub points: Vec<[f64; 2]>,
}

/// Strips whose faders move together, as by a VCA: its gain is added to theirs in decibels, their automation included.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupRecipe {
    /// Its name: for errors.
    pub name: String,
    /// The strips, by name.
    pub members: Vec<String>,
    /// What is added to the level of each.
    pub gain_db: f64,
    /// Silences all of them.
    pub mute: bool,
    /// How its fader moves: at most one course, of `gain_db`.
    pub automation: Vec<Course>,
}

impl GroupRecipe {
    /// The points that its fader follows, where it moves.
    fn points(&self, sample_rate: f64) -> Result<Option<&[[f64; 2]]>, RecipeError> {
        let course = match &self.automation[..] {
            [] => return Ok(None),
            [course] if course.path == "gain_db" => course,
            [course] => {
                let reason = format!("no parameter {:?}; a group moves gain_db", course.path);
                return Err(RecipeError::new("automation", reason));
            }
            _ => return Err(RecipeError::new("automation", "gain_db is given twice")),
        };
        let fader = Part::Fader.parameter();
        let fader = fader.ok_or_else(|| RecipeError::new("automation", "no fader"))?;
        let lane = Lane::of_seconds((), fader, &course.points, sample_rate, 0);
        lane.or_else(|error| wrong("automation of gain_db", error))?;
        Ok(Some(&course.points))
    }
}

/// What the groups of a strip do to it.
#[derive(Clone, Default)]
struct Grouped<'a> {
    /// What those that stay add to its level.
    gain_db: f64,
    mute: bool,
    /// What those that move add.
    moves: Vec<&'a [[f64; 2]]>,
}

/// What is wrong with a mix.
#[derive(Clone, Debug, PartialEq)]
pub struct MixRecipeError {
    /// The strip; `None` where it is no single one.
    pub strip: Option<usize>,
    /// Where and what.
    pub error: RecipeError,
}

/// What is wrong with a strip.
fn wrong<R>(place: &str, error: impl Into<RecipeError>) -> Result<R, RecipeError> {
    Err(error.into().within(place))
}

impl From<MixError> for RecipeError {
    fn from(error: MixError) -> Self {
        match error {
            MixError::Processor(error) => RecipeError::refused(error),
            error => RecipeError::new("", error),
        }
    }
}

impl From<crate::Error> for RecipeError {
    fn from(error: crate::Error) -> Self {
        RecipeError::refused(error)
    }
}

impl Grouped<'_> {
    /// The course of a fader, with what the groups add.
    fn raised<'p>(&self, points: &'p [[f64; 2]]) -> Cow<'p, [[f64; 2]]> {
        if points.is_empty() || self.gain_db == 0.0 && self.moves.is_empty() {
            return Cow::Borrowed(points);
        }
        let still = [[0.0, self.gain_db]];
        let mut courses = alloc::vec![points, &still];
        courses.extend(&self.moves);
        Cow::Owned(sum_of_courses(&courses))
    }
}

/// What a path of automation names.
enum Moved {
    Part(Part, (Id, &'static Row)),
    Send(usize, (Id, &'static Row)),
}

impl StripRecipe {
    /// The parameter at a path.
    fn find(&self, path: &str) -> Result<Moved, RecipeError> {
        let part = |part: Part| part.parameter().map(|found| Moved::Part(part, found));
        let found = match path {
            "gain_db" => part(Part::Fader),
            "trim_db" => part(Part::Trim),
            "pan" => part(Part::Pan),
            "mute" => part(Part::Mute),
            _ => None,
        };
        let unknown = || RecipeError::new("automation", format!("no parameter {path:?}"));
        if let Some(found) = found {
            return Ok(found);
        }
        if let Some(rest) = path.strip_prefix("sends.") {
            let name = rest.strip_suffix(".gain_db").unwrap_or(rest);
            let at = self.sends.iter().position(|send| send.to == name).ok_or_else(unknown)?;
            return Part::Fader.parameter().map(|found| Moved::Send(at, found)).ok_or_else(unknown);
        }
        let chain = self.chain();
        let numbered = path.strip_prefix("inserts").filter(|rest| rest.starts_with('['));
        if let Some(rest) = numbered {
            let number = rest[1..].split_once("].").and_then(|(at, _)| at.parse::<usize>().ok());
            number.filter(|at| *at < chain.members().len()).ok_or_else(unknown)?;
        }
        let found = chain.find(numbered.unwrap_or(path)).map_err(|error| match numbered {
            Some(_) => RecipeError { path: format!("inserts{}", error.path), ..error },
            None => error.within("automation"),
        })?;
        Ok(Moved::Part(Part::Inserts, found))
    }

    /// The inserts as a chain, so that the first is `[0]`.
    fn chain(&self) -> Cow<'_, Recipe> {
        match &self.inserts.node {
            Node::Chain(_) => Cow::Borrowed(&self.inserts),
            _ => Cow::Owned(Recipe::chain(alloc::vec![self.inserts.clone()])),
        }
    }

    /// The track or bus that the inserts listen to.
    fn heard(&self) -> Result<Option<&str>, RecipeError> {
        let keys = self.inserts.keys();
        match (&keys[..], self.key.as_deref()) {
            ([], key) => Ok(key),
            ([key], None) => Ok(Some(key)),
            ([key], Some(own)) if *key == own => Ok(Some(own)),
            _ => {
                let mut keys: Vec<&str> = keys.into_iter().chain(self.key.as_deref()).collect();
                keys.sort_unstable();
                keys.dedup();
                let reason = format!("a strip listens to one track, not to {}", keys.join(", "));
                Err(RecipeError::new("", reason))
            }
        }
    }

    /// The inserts at work.
    fn build<T: BoxedSample>(&self, sample_rate: f64, channels: usize) -> Result<Chain<T>, RecipeError> {
        let chain = self.chain();
        let spec = Spec::new(sample_rate, channels);
        let spec = if self.heard()?.is_some() { spec.with_sidechain(2) } else { spec };
        let listens = if chain.keys().is_empty() { Listens::All } else { Listens::Keyed };
        let numbered = |error: RecipeError| {
            let names = chain.member_names();
            let begins = |name: &String| {
                let rest = error.path.strip_prefix(name.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            let Some(at) = names.iter().position(begins) else { return error };
            let rest = error.path[names[at].len()..].trim_start_matches('.');
            let inner = RecipeError { path: rest.into(), ..error };
            inner.within(&format!("inserts[{at}] ({})", chain.members()[at].kind()))
        };
        let chain = chain.build(spec, listens, Vec::new()).map_err(numbered)?;
        if chain.spec().outputs != channels || chain.channels() > channels {
            let reason = "an insert has as many channels out as in; a mono track has one";
            return wrong("inserts", RecipeError::new("", reason));
        }
        Ok(chain)
    }
}

/// A strip that was made.
struct Made {
    id: NodeId,
    sends: Vec<SendId>,
    /// Of a strip with inserts, how late the sound is at each.
    late: Vec<usize>,
}

impl MixRecipe {
    /// Builds it: prepared, and everything in it stands where it begins.
    ///
    /// # Errors
    /// [`MixRecipeError`] with the strip that is wrong, and its place in there: `inserts[0] (equalizer)`.
    pub fn build<T: BoxedSample>(&self, sample_rate: f64) -> Result<Mixer<T>, MixRecipeError> {
        let whole = |error: MixError| MixRecipeError { strip: None, error: error.into() };
        let mut mixer = Mixer::new(sample_rate).map_err(whole)?;
        let mut made = Vec::with_capacity(self.strips.len());
        for (at, strip) in self.strips.iter().enumerate() {
            let one = add(&mut mixer, strip, sample_rate);
            made.push(one.map_err(|error| MixRecipeError { strip: Some(at), error })?);
        }
        let groups = self.groups(&mixer, &made)?;
        for (at, (strip, made)) in self.strips.iter().zip(&mut made).enumerate() {
            let done = connect(&mut mixer, strip, made, &groups[at])
                .and_then(|()| automate(&mut mixer, strip, made, sample_rate, &groups[at]));
            done.map_err(|error| MixRecipeError { strip: Some(at), error })?;
        }
        mixer.prepare().map_err(whole)?;
        // Everything begins where it is set, without a ramp.
        mixer.reset();
        Ok(mixer)
    }

    /// What the groups of each strip do to it.
    fn groups<T: BoxedSample>(
        &self,
        mixer: &Mixer<T>,
        made: &[Made],
    ) -> Result<Vec<Grouped<'_>>, MixRecipeError> {
        let mut grouped = alloc::vec![Grouped::default(); made.len()];
        let places: alloc::collections::BTreeMap<_, _> =
            made.iter().enumerate().map(|(at, made)| (made.id, at)).collect();
        for group in &self.groups {
            let place = format!("group {:?}", group.name);
            let refused = |error: RecipeError| MixRecipeError { strip: None, error: error.within(&place) };
            let moves = group.points(mixer.sample_rate()).map_err(refused)?;
            for name in &group.members {
                let Some(at) = mixer.find(name).and_then(|id| places.get(&id)) else {
                    return Err(refused(RecipeError::new("", format!("no bus or track {name:?}"))));
                };
                let grouped = &mut grouped[*at];
                grouped.mute |= group.mute;
                match moves {
                    Some(points) => grouped.moves.push(points),
                    None => grouped.gain_db += group.gain_db,
                }
            }
        }
        Ok(grouped)
    }
}

/// Adds a strip with its inserts.
fn add<T: BoxedSample>(
    mixer: &mut Mixer<T>,
    strip: &StripRecipe,
    sample_rate: f64,
) -> Result<Made, RecipeError> {
    if strip.name.is_empty() {
        return Err(RecipeError::new("", "without a name"));
    }
    let (id, channels) = match strip.kind {
        StripKind::Track { channels } => (mixer.add_track(&strip.name, channels)?, channels),
        StripKind::Bus => (mixer.add_bus(&strip.name)?, 2),
        StripKind::Master => (mixer.master(), 2),
    };
    let mut late = Vec::new();
    if !strip.chain().members().is_empty() {
        let chain = strip.build::<T>(sample_rate, channels)?;
        late.extend(chain.late());
        mixer.insert(id, Box::new(chain));
    }
    Ok(Made { id, sends: Vec::new(), late })
}

/// Sets a strip's levels and leads its ways.
fn connect<T: BoxedSample>(
    mixer: &mut Mixer<T>,
    strip: &StripRecipe,
    made: &mut Made,
    groups: &Grouped<'_>,
) -> Result<(), RecipeError> {
    let find = |mixer: &Mixer<T>, name: &str, what: &str| {
        let found = mixer.find(name);
        found.ok_or_else(|| RecipeError::new(what, format!("no bus or track {name:?}")))
    };
    if let Some(name) = &strip.output {
        let to = find(mixer, name, "output")?;
        mixer.route(made.id, to)?;
    }
    if let Some(name) = strip.heard()? {
        let to = find(mixer, name, "key")?;
        mixer.listen(made.id, to)?;
    }
    for send in &strip.sends {
        let to = find(mixer, &send.to, "send")?;
        let sent = mixer.send(made.id, to, send.tap, send.gain_db);
        made.sends.push(sent.or_else(|error| wrong(&format!("send to {:?}", send.to), error))?);
    }
    mixer.set_muted(made.id, strip.mute || groups.mute)?;
    mixer.set_soloed(made.id, strip.solo)?;
    let parts = mixer.strip(made.id);
    parts.fader.set(GainParams::GAIN_DB, strip.gain_db + groups.gain_db)?;
    parts.pan.set(PanParams::PAN, strip.pan)?;
    parts.trim.set(GainParams::GAIN_DB, strip.trim_db).or_else(|error| wrong("trim_db", error))?;
    parts.trim.set(GainParams::INVERT, f64::from(u8::from(strip.invert_polarity)))?;
    Ok(())
}

fn automate<T: BoxedSample>(
    mixer: &mut Mixer<T>,
    strip: &StripRecipe,
    made: &Made,
    sample_rate: f64,
    groups: &Grouped<'_>,
) -> Result<(), RecipeError> {
    let mut courses: Vec<(&str, Cow<'_, [[f64; 2]]>)> = Vec::new();
    let still = [[0.0, strip.gain_db]];
    for Course { path, points } in &strip.automation {
        let moves = (path == "gain_db").then_some(points);
        courses.push((path, moves.map_or(Cow::Borrowed(&points[..]), |points| groups.raised(points))));
    }
    if !groups.moves.is_empty() && !courses.iter().any(|(path, _)| *path == "gain_db") {
        courses.push(("gain_db", groups.raised(&still)));
    }
    for (path, points) in courses {
        let place = format!("automation of {path}");
        let lane = |(id, row), points: &[[f64; 2]], late| {
            Lane::of_seconds((), (id, row), points, sample_rate, late).or_else(|error| wrong(&place, error))
        };
        let done = match strip.find(path)? {
            Moved::Send(at, found) => mixer.automate_send(made.sends[at], lane(found, &points, 0)?),
            Moved::Part(part, found) => {
                let late = match part {
                    Part::Inserts => made.late.get(usize::from(found.0.node())).copied().unwrap_or(0),
                    _ => 0,
                };
                mixer.automate(made.id, lane(found, &points, late)?.at(|()| part))
            }
        };
        done.or_else(|error| wrong(&place, error))?;
    }
    Ok(())
}
