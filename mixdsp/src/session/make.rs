//! Inserts of a session: as a chain, and what they do to the spectrum.

use std::path::Path;
use std::vec::Vec;
use std::{format, vec};

use crate::base::spec::Spec;
use crate::engine::kind::ResponseAt;
use crate::engine::processor::Processor as _;
use crate::files::{AudioFile, AudioStream as _, SessionError};
use crate::host::recipe::{Audio, Leaf, Listens, Recipe};
use crate::session::format::{Session, wrong};

/// Frames read at a time.
const BLOCK: usize = 4096;

/// The inserts of a strip as a chain, what they are built with read from `folder`. `place` stands at the head of errors.
pub(super) fn chain_of(
    inserts: &[Recipe],
    place: &str,
    sample_rate: u32,
    folder: &Path,
) -> Result<Recipe, SessionError> {
    if inserts.len() > 255 {
        return wrong(place, format!("{} inserts; at most 255 are possible", inserts.len()));
    }
    let mut inserts = inserts.to_vec();
    load(&mut inserts, place, sample_rate, folder)?;
    Ok(Recipe::chain(inserts))
}

impl Session {
    /// Reads the files that inserts are built with, which lie in `folder`: they hold the samples from then on.
    ///
    /// # Errors
    /// [`SessionError::Session`] for what cannot be, and what is wrong with a file.
    pub fn read_assets(&mut self, folder: &Path) -> Result<(), SessionError> {
        let rate = self.sample_rate;
        for track in &mut self.tracks {
            load(&mut track.inserts, &format!("track {:?}", track.name), rate, folder)?;
        }
        for bus in &mut self.buses {
            load(&mut bus.inserts, &format!("bus {:?}", bus.name), rate, folder)?;
        }
        load(&mut self.master.inserts, "master", rate, folder)
    }
}

/// Reads the files that inserts are built with, which lie in `folder`.
fn load(inserts: &mut [Recipe], place: &str, sample_rate: u32, folder: &Path) -> Result<(), SessionError> {
    for (at, insert) in inserts.iter_mut().enumerate() {
        let place = format!("{place}: inserts[{at}] ({})", insert.kind());
        let mut result = Ok(());
        insert.each_leaf_mut(&mut |leaf| {
            if result.is_ok() {
                result = load_leaf(leaf, &place, sample_rate, folder);
            }
        });
        result?;
    }
    Ok(())
}

fn load_leaf(leaf: &mut Leaf, place: &str, sample_rate: u32, folder: &Path) -> Result<(), SessionError> {
    for (slot, asset) in leaf.processor().assets.iter().enumerate() {
        let Some(Audio::File(file)) = leaf.assets().get(slot) else { continue };
        let what = format!("{place}: {} = {file:?}", asset.key);
        let mut stream = match AudioFile::open(folder.join(file)) {
            Err(SessionError::NotFound { path }) => {
                return wrong(what, format!("no such file: {}", path.display()));
            }
            result => result?,
        };
        let info = stream.info();
        if info.sample_rate != sample_rate {
            let reason = format!("{} Hz; it is {sample_rate} Hz that are mixed", info.sample_rate);
            return wrong(what, reason);
        }
        if info.channels > asset.channels {
            let reason = format!("{} channels; at most {} are possible", info.channels, asset.channels);
            return wrong(what, reason);
        }
        let mut channels = vec![Vec::new(); info.channels];
        let mut planes = vec![vec![0.0_f32; BLOCK]; info.channels];
        loop {
            let mut block: Vec<&mut [f32]> = planes.iter_mut().map(|plane| &mut plane[..]).collect();
            let count = stream.read(&mut block)?;
            for (channel, plane) in channels.iter_mut().zip(&planes) {
                channel.extend(plane[..count].iter().map(|x| f64::from(*x)));
            }
            if count < BLOCK {
                break;
            }
            if channels[0].len() > asset.frames.1 {
                return wrong(what, format!("more than {} samples", asset.frames.1));
            }
        }
        leaf.set_asset(slot, Audio::Samples(channels.into())).or_else(|error| wrong(&what, error))?;
    }
    Ok(())
}

/// What an insert does to a steady sine of each frequency, in decibels; `None` when it is not a filter, or is built with
/// a file.
///
/// # Errors
/// [`SessionError::Session`] for an insert that cannot be made.
pub fn response_db(
    insert: &Recipe,
    sample_rate: f64,
    frequencies_hz: &[f64],
) -> Result<Option<Vec<f64>>, SessionError> {
    if !insert.files().is_empty() {
        return Ok(None);
    }
    let built = insert.build::<f64>(Spec::new(sample_rate, 2), Listens::All, Vec::new());
    let unit = built.or_else(|error| wrong(insert.kind(), error))?;
    let decibels = |hz: &f64| {
        let response = unit.response(*hz, ResponseAt::Settled)?;
        Some(crate::base::units::gain_to_decibels(libm::hypot(response.re, response.im)))
    };
    Ok(frequencies_hz.iter().map(decibels).collect())
}
