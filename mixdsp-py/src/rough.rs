//! The rough mix of stems: session, mix, master and page as files.
//!
//! ```text
//! stems --listen--> session --> mix, master, page
//!                      |
//!                      +--> text, clips as seen from where it will lie
//! ```

use crate::failure::Failure;
use crate::song::{Asked, Places, Song, Teller, make};
use mixdsp::session::{Role, Stem, Style, common_rate, listen, roles, seen_from};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

/// How long a thread that listens is waited for before Python is asked.
const INTERVAL: Duration = Duration::from_millis(20);

/// The stems of a folder, and what is not taken of it: a line each.
#[pyfunction]
pub(crate) fn stems_in(folder: PathBuf) -> PyResult<(Vec<PathBuf>, Vec<String>)> {
    let found = mixdsp::session::stems_in(&folder).map_err(Failure::from)?;
    Ok((found.stems, found.notes))
}

/// What a rough mix may aim at; the first is the usual one.
#[pyfunction]
pub(crate) fn styles() -> Vec<&'static str> {
    Style::ALL.map(Style::key).to_vec()
}

/// Makes a rough mix of stems. `lies` is the folder from which the session names its clips; without it they have whole
/// paths. `progress` is called with a word for the work and the share of it that is done, and may raise.
#[pyfunction]
#[allow(clippy::too_many_arguments, reason = "one call of the package")]
pub(crate) fn rough_mix<'py>(
    py: Python<'py>,
    title: String,
    stems: Vec<PathBuf>,
    lies: Option<PathBuf>,
    places: Places,
    asked: Asked,
    style: &str,
    threads: usize,
    progress: Py<PyAny>,
) -> PyResult<Bound<'py, PyDict>> {
    let teller = Teller::new(progress);
    let names = || Style::ALL.map(Style::key).join(", ");
    let style = Style::find(style)
        .ok_or_else(|| Failure::Value(format!("style = {style:?} is none of {}", names())))?;
    let made =
        py.detach(|| make_rough(title, &stems, lies.as_deref(), &places, asked, style, threads, teller))?;
    let (song, text, heard) = made;
    let dict = song.told(py)?;
    let tracks = dict.as_any().get_item("tracks")?;
    for ((track, stem), role) in tracks.cast::<PyList>()?.iter().zip(&heard).zip(roles(&heard)) {
        track.set_item("file", &stem.path)?;
        track.set_item("role", Role::word(role))?;
    }
    dict.set_item("session", text)?;
    Ok(dict)
}

#[allow(clippy::too_many_arguments, reason = "the call of the package")]
fn make_rough(
    title: String,
    files: &[PathBuf],
    lies: Option<&Path>,
    places: &Places,
    asked: Asked,
    style: Style,
    threads: usize,
    mut teller: Teller,
) -> Result<(Song, String, Vec<Stem>), Failure> {
    let rate = common_rate(files)?;
    let mut first = mixdsp::session::Session::new(rate);
    // Before any work.
    asked.change(&mut first)?;
    let heard = hear(&mut teller, files, rate, threads)?;
    // A folder in which no stem lies: the clips are to have whole paths.
    let mut session = mixdsp::session::rough_mix(&heard, style, rate, Path::new(""))?;
    session.target = first.target;
    for (track, file) in session.tracks.iter_mut().zip(files) {
        track.clips[0].file = clip(&std::path::absolute(file).unwrap_or_else(|_| file.clone()))?;
    }
    let mut song = make(title, session, Path::new(""), true, places, threads, &mut teller)?;
    if let Some(lies) = lies {
        for (track, file) in song.session.tracks.iter_mut().zip(files) {
            track.clips[0].file = clip(&seen_from(lies, file))?;
        }
    }
    if let Some(path) = &places.session {
        song.session.write(path)?;
    }
    let text = song.session.to_toml()?;
    Ok((song, text, heard))
}

/// A path as a session holds it.
fn clip(path: &Path) -> Result<String, Failure> {
    let text = path.to_str();
    let refuse = || Failure::Value(format!("{}: a session holds no such name: not Unicode", path.display()));
    Ok(text.ok_or_else(refuse)?.to_string())
}

/// Listens to the stems on threads; this one waits, and hears of an interrupt.
fn hear(teller: &mut Teller, files: &[PathBuf], rate: u32, threads: usize) -> Result<Vec<Stem>, Failure> {
    let (done, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (sender, receiver) = mpsc::channel();
    let heard = std::thread::scope(|scope| {
        let (done, stop) = (&done, &stop);
        scope.spawn(move || {
            let heard = listen(files, rate, threads, &|count| {
                done.fetch_max(count, Ordering::Relaxed);
                match stop.load(Ordering::Relaxed) {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            });
            // Whoever waits is there until this ends.
            let _ = sender.send(heard);
        });
        loop {
            match receiver.recv_timeout(INTERVAL) {
                Ok(heard) => return Some(heard),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => {
                    let share = done.load(Ordering::Relaxed) as f64 / files.len() as f64;
                    let told = teller.tell("listen", share);
                    stop.fetch_or(told.is_break(), Ordering::Relaxed);
                }
            }
        }
    });
    let heard = heard.ok_or_else(|| Failure::Value("no thread could start".into()))?;
    teller.result(heard)
}
