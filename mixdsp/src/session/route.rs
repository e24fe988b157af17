//! Routing: a session's tracks, buses, sends and keys as the recipe of a mix.

use std::format;
use std::string::String;
use std::vec::Vec;

use crate::files::SessionError;
use crate::host::Mixer;
use crate::host::mix_recipe::{Course, MixRecipe, SendRecipe, StripKind, StripRecipe};
use crate::host::recipe::Recipe;
use crate::mix::Tap;
use crate::session::format::{Automation, Insert, Send, Session, wrong};
use crate::session::make::chain_of;

fn courses<'a>(automation: impl IntoIterator<Item = &'a Automation>) -> Vec<Course> {
    let course = |one: &Automation| Course { path: one.parameter.clone(), points: one.points.clone() };
    automation.into_iter().map(course).collect()
}

/// The strips of a session, and what each is called in errors; `channels` are those of its tracks.
fn strips(session: &Session, channels: &[usize]) -> Result<(Vec<StripRecipe>, Vec<String>), SessionError> {
    let sends = |sends: &[Send]| -> Vec<SendRecipe> {
        let tap = |send: &Send| if send.pre_fader { Tap::PreFader } else { Tap::PostFader };
        let send = |send: &Send| SendRecipe { to: send.to.clone(), gain_db: send.gain_db, tap: tap(send) };
        sends.iter().map(send).collect()
    };
    let (mut strips, mut places) = (Vec::new(), Vec::new());
    let chain =
        |inserts: &[Insert], place: &str| -> Result<Recipe, SessionError> { chain_of(inserts, place) };
    for (track, channels) in session.tracks.iter().zip(channels) {
        let place = format!("track {:?}", track.name);
        strips.push(StripRecipe {
            name: track.name.clone(),
            kind: StripKind::Track { channels: *channels },
            inserts: chain(&track.inserts, &place)?,
            trim_db: track.trim_db,
            invert_polarity: track.invert_polarity,
            pan: track.pan,
            gain_db: track.gain_db,
            mute: track.mute,
            solo: track.solo,
            output: track.output.clone(),
            key: track.key.clone(),
            sends: sends(&track.sends),
            automation: courses(&track.automation),
        });
        places.push(place);
    }
    for bus in &session.buses {
        let place = format!("bus {:?}", bus.name);
        strips.push(StripRecipe {
            name: bus.name.clone(),
            inserts: chain(&bus.inserts, &place)?,
            pan: bus.pan,
            gain_db: bus.gain_db,
            mute: bus.mute,
            output: bus.output.clone(),
            key: bus.key.clone(),
            sends: sends(&bus.sends),
            automation: courses(&bus.automation),
            ..StripRecipe::default()
        });
        places.push(place);
    }
    // The master's inserts run behind the mix: see `chain`.
    let faders = session.master.automation.iter().filter(|one| one.parameter == "gain_db");
    strips.push(StripRecipe {
        name: "master".into(),
        kind: StripKind::Master,
        gain_db: session.master.gain_db,
        automation: courses(faders),
        ..StripRecipe::default()
    });
    places.push("master".into());
    Ok((strips, places))
}

/// Builds the mixer of a session; `channels` are those of its tracks.
pub(super) fn route(session: &Session, channels: &[usize]) -> Result<Mixer<f64>, SessionError> {
    let (strips, places) = strips(session, channels)?;
    let recipe = MixRecipe { strips, groups: Vec::new() };
    recipe.build(f64::from(session.sample_rate)).or_else(|error| {
        let place = error.strip.map_or("mix", |at| places[at].as_str());
        wrong(place, error.error)
    })
}
