//! Routing: a session's tracks, buses, sends and keys as the recipe of a mix.

use std::borrow::ToOwned;
use std::format;
use std::path::Path;
use std::string::String;
use std::vec::Vec;

use crate::files::SessionError;
use crate::host::Mixer;
use crate::host::mix_recipe::{Course, GroupRecipe, MixRecipe, SendRecipe, StripKind, StripRecipe};
use crate::mix::Tap;
use crate::session::format::{Automation, Send, Session, wrong};
use crate::session::make::chain_of;

fn courses<'a>(automation: impl IntoIterator<Item = &'a Automation>) -> Vec<Course> {
    let course = |one: &Automation| Course { path: one.parameter.clone(), points: one.points.clone() };
    automation.into_iter().map(course).collect()
}

/// The master: its fader is before the inserts, as the trim of a strip is.
fn master(session: &Session, folder: &Path) -> Result<StripRecipe, SessionError> {
    let master = &session.master;
    let strip = StripRecipe { name: "master".into(), kind: StripKind::Master, ..StripRecipe::default() };
    let mut automation = courses(&master.automation);
    for course in &mut automation {
        course.path = match course.path.as_str() {
            "gain_db" => "trim_db".to_owned(),
            "output_gain_db" => "gain_db".to_owned(),
            "trim_db" | "pan" | "mute" => {
                return wrong("master", format!("automation: no parameter {:?}", course.path));
            }
            _ => continue,
        };
    }
    Ok(StripRecipe {
        inserts: chain_of(&master.inserts, "master", session.sample_rate, folder)?,
        trim_db: master.gain_db,
        gain_db: master.output_gain_db,
        automation,
        ..strip
    })
}

/// The strips of a session, and what each is called in errors; `channels` are those of its tracks.
fn strips(
    session: &Session,
    channels: &[usize],
    folder: &Path,
) -> Result<(Vec<StripRecipe>, Vec<String>), SessionError> {
    let sends = |sends: &[Send]| -> Vec<SendRecipe> {
        let tap = |send: &Send| if send.pre_fader { Tap::PreFader } else { Tap::PostFader };
        let send = |send: &Send| SendRecipe { to: send.to.clone(), gain_db: send.gain_db, tap: tap(send) };
        sends.iter().map(send).collect()
    };
    let (mut strips, mut places) = (Vec::new(), Vec::new());
    for (track, channels) in session.tracks.iter().zip(channels) {
        let place = format!("track {:?}", track.name);
        strips.push(StripRecipe {
            name: track.name.clone(),
            kind: StripKind::Track { channels: *channels },
            inserts: chain_of(&track.inserts, &place, session.sample_rate, folder)?,
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
            inserts: chain_of(&bus.inserts, &place, session.sample_rate, folder)?,
            trim_db: bus.trim_db,
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
    strips.push(master(session, folder)?);
    places.push("master".into());
    Ok((strips, places))
}

/// Builds the mixer of a session whose files lie in `folder`; `channels` are those of its tracks.
pub(super) fn route(
    session: &Session,
    channels: &[usize],
    folder: &Path,
) -> Result<Mixer<f64>, SessionError> {
    let (strips, places) = strips(session, channels, folder)?;
    let groups = session.groups.iter().map(|group| GroupRecipe {
        name: group.name.clone(),
        members: group.members.clone(),
        gain_db: group.gain_db,
        mute: group.mute,
        automation: courses(&group.automation),
    });
    let recipe = MixRecipe { strips, groups: groups.collect() };
    recipe.build(f64::from(session.sample_rate)).or_else(|error| {
        let place = error.strip.map_or("mix", |at| places[at].as_str());
        wrong(place, error.error)
    })
}
