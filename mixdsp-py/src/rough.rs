//! The rough mix of stems: session, mix, master and page as files.
//!
//! ```text
//! stems --listen--> session --mix_down_rough--> mix --deliver--> master
//!                      |                         +-----measure-----+--> page
//!                      +--> text, clips as seen from where it will lie
//! ```

use crate::failure::Failure;
use crate::render::Watch;
use mixdsp::session::{
    Delivered, Goal, MixDown, RenderOptions, Report, Role, Session, Stem, common_rate, listen, measure,
    mix_down_rough, seen_from,
};
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

/// What is asked for: key of the target, lufs, true_peak_db, max_limiting_db, sample rate, `16`, `24` or `32f`.
type Asked = (Option<String>, f64, f64, f64, Option<u32>, String);

/// Where it goes: mix, master, session, page. The last two may be left out.
type Places = (PathBuf, PathBuf, Option<PathBuf>, Option<PathBuf>);

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
    threads: usize,
    progress: Py<PyAny>,
) -> PyResult<Bound<'py, PyDict>> {
    let (name, loudness_lufs, true_peak_dbtp, max_limiting_db, sample_rate, bits) = asked;
    let goal = Goal { name, loudness_lufs, true_peak_dbtp, max_limiting_db, sample_rate, bits };
    let teller = Teller { watch: Watch::new(), stopped: None, progress };
    let made = py.detach(|| make(title, &stems, lies.as_deref(), &places, goal, threads, teller))?;
    let Made { session, text, heard, mixed, delivered } = made;
    let tracks = PyList::empty(py);
    for ((track, stem), measured) in session.tracks.iter().zip(&heard).zip(&mixed.tracks) {
        let dict = PyDict::new(py);
        dict.set_item("name", &track.name)?;
        dict.set_item("file", &stem.path)?;
        dict.set_item("role", word(stem.role))?;
        dict.set_item("before", measured.before_lufs)?;
        dict.set_item("after", measured.after_lufs)?;
        dict.set_item("gain_db", track.gain_db)?;
        dict.set_item("pan", track.pan)?;
        tracks.append(dict)?;
    }
    let dict = PyDict::new(py);
    dict.set_item("session", text)?;
    dict.set_item("tracks", tracks)?;
    dict.set_item("notes", mixed.notes)?;
    dict.set_item("warnings", delivered.warnings())?;
    dict.set_item("mix_rate", session.sample_rate)?;
    dict.set_item("mix_frames", mixed.frames)?;
    dict.set_item("sample_rate", delivered.sample_rate)?;
    dict.set_item("frames", delivered.frames)?;
    dict.set_item("gain_db", delivered.gain_db)?;
    dict.set_item("limiting_max_db", delivered.limiting_max_db)?;
    dict.set_item("limiting_p99_db", delivered.limiting_p99_db)?;
    dict.set_item("passes", delivered.passes)?;
    Ok(dict)
}

/// What was made, beside the files.
struct Made {
    session: Session,
    text: String,
    heard: Vec<Stem>,
    mixed: MixDown,
    delivered: Delivered,
}

fn make(
    title: String,
    files: &[PathBuf],
    lies: Option<&Path>,
    (mix, master, session_file, page): &Places,
    goal: Goal,
    threads: usize,
    mut teller: Teller,
) -> Result<Made, Failure> {
    // Before any work.
    goal.depth()?;
    let rate = common_rate(files)?;
    let heard = teller.listen(files, rate, threads)?;
    // A folder in which no stem lies: the clips are to have whole paths.
    let mut session = mixdsp::session::rough_mix(&heard, rate, Path::new(""))?;
    session.target = goal;
    for (track, file) in session.tracks.iter_mut().zip(files) {
        track.clips[0].file = clip(&std::path::absolute(file).unwrap_or_else(|_| file.clone()))?;
    }
    let base = Path::new("");
    let options = RenderOptions { threads, ..RenderOptions::default() };
    let mixed = mix_down_rough(&mut session, base, mix, options, &mut |pass, share| {
        teller.tell("mix", halves(pass - 1, share))
    });
    let mixed = teller.result(mixed)?;
    let delivered =
        mixdsp::session::deliver(mix, master, &session.target, &session.master, &mut |pass, share| {
            teller.tell("master", halves(pass, share))
        });
    let delivered = teller.result(delivered)?;
    if let Some(page) = page {
        let heard_mix = measure(mix, &mut |share| teller.tell("report", 0.5 * share));
        let heard_mix = teller.result(heard_mix)?;
        let heard_master = measure(master, &mut |share| teller.tell("report", 0.5 + 0.5 * share));
        let heard_master = teller.result(heard_master)?;
        let report = Report {
            title,
            session: session.clone(),
            tracks: mixed.tracks.clone(),
            delivered: delivered.clone(),
            mix: heard_mix,
            master: heard_master,
        };
        let text = report.page(mix, master)?;
        std::fs::write(page, text).map_err(|error| Failure::System(page.into(), error.into()))?;
    }
    if let Some(lies) = lies {
        for (track, file) in session.tracks.iter_mut().zip(files) {
            track.clips[0].file = clip(&seen_from(lies, file))?;
        }
    }
    if let Some(path) = session_file {
        session.write(path)?;
    }
    let text = session.to_toml()?;
    Ok(Made { session, text, heard, mixed, delivered })
}

/// How many passes there will be is not known: each shows half of what is left.
fn halves(done: usize, share: f64) -> f64 {
    let left = 0.5_f64.powi(done as i32);
    1.0 - left + 0.5 * left * share
}

/// A path as a session holds it.
fn clip(path: &Path) -> Result<String, Failure> {
    let text = path.to_str();
    let refuse = || Failure::Value(format!("{}: a session holds no such name: not Unicode", path.display()));
    Ok(text.ok_or_else(refuse)?.to_string())
}

/// The name of a role in Python.
fn word(role: Role) -> String {
    format!("{role:?}").to_lowercase()
}

/// Tells Python how far the work is, and asks whether it was interrupted.
struct Teller {
    watch: Watch,
    stopped: Option<Failure>,
    progress: Py<PyAny>,
}

impl Teller {
    fn tell(&mut self, work: &str, share: f64) -> ControlFlow<()> {
        let told =
            self.watch.look().and_then(|()| Ok(Python::attach(|py| self.progress.call1(py, (work, share)))?));
        match told {
            Ok(_) => ControlFlow::Continue(()),
            Err(failure) => {
                self.stopped.get_or_insert(failure);
                ControlFlow::Break(())
            }
        }
    }

    /// What stopped the work, before what came of it.
    fn result<T>(&mut self, result: Result<T, impl Into<Failure>>) -> Result<T, Failure> {
        result.map_err(|error| self.stopped.take().unwrap_or_else(|| error.into()))
    }

    /// Listens to the stems on threads; this one waits, and hears of an interrupt.
    fn listen(&mut self, files: &[PathBuf], rate: u32, threads: usize) -> Result<Vec<Stem>, Failure> {
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
                        let told = self.tell("listen", share);
                        stop.fetch_or(told.is_break(), Ordering::Relaxed);
                    }
                }
            }
        });
        let heard = heard.ok_or_else(|| Failure::Value("no thread could start".into()))?;
        self.result(heard)
    }
}
