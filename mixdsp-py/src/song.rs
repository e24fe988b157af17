//! A session becomes files: mix, master and page.
//!
//! ```text
//! session --mix_down--> mix --deliver--> master
//!                        +----measure----+--> page
//! ```

use crate::delivery::{amount_of, ends_of, limiter_of};
use crate::failure::Failure;
use crate::render::Watch;
use mixdsp::files::SessionError;
use mixdsp::session::{
    AskedGoal, Delivered, MixDown, RenderOptions, Report, Session, measure, mix_down, mix_down_rough,
    name_stems, write_stems,
};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// What is asked of the delivery; what is nothing stays as it is.
#[derive(FromPyObject)]
pub(crate) struct Asked {
    /// Key of a target.
    name: Option<String>,
    lufs: Option<f64>,
    true_peak_db: Option<f64>,
    max_limiting_db: Option<f64>,
    /// `offline` or `streaming`.
    limiter: Option<String>,
    max_clipping_db: Option<f64>,
    /// `auto`, `off`, or decibels.
    compression_db: Option<String>,
    clipping_over_db: Option<String>,
    /// Seconds of both ends: what is cut, and how long they fade.
    ends: Option<((f64, f64), (f64, f64))>,
    rate: Option<u32>,
    /// `16`, `24` or `32f`.
    bits: Option<String>,
}

impl Asked {
    /// Changes what a session asks for, and checks it.
    pub(crate) fn change(self, session: &mut Session) -> Result<(), Failure> {
        let limiter = self.limiter.as_deref().map(limiter_of).transpose()?;
        let amount = |name, text: Option<String>| text.map(|text| amount_of(name, &text)).transpose();
        session.target.take(&AskedGoal {
            name: self.name,
            loudness_lufs: self.lufs,
            true_peak_dbtp: self.true_peak_db,
            max_limiting_db: self.max_limiting_db,
            limiter,
            max_clipping_db: self.max_clipping_db,
            compression_db: amount("compression_db", self.compression_db)?,
            clipping_over_db: amount("clipping_over_db", self.clipping_over_db)?,
            ends: self.ends.map(ends_of).transpose()?,
            sample_rate: self.rate,
            bits: self.bits,
        });
        session.target.depth()?;
        Ok(())
    }
}

/// Where it goes: mix, master, session, page. The last two may be left out.
#[derive(FromPyObject)]
pub(crate) struct Places {
    pub(crate) mix: PathBuf,
    pub(crate) master: PathBuf,
    pub(crate) session: Option<PathBuf>,
    pub(crate) page: Option<PathBuf>,
    /// A folder that is there, for stems that sum to the master.
    pub(crate) stems: Option<PathBuf>,
}

/// What was made, beside the files.
pub(crate) struct Song {
    pub(crate) session: Session,
    pub(crate) mixed: MixDown,
    pub(crate) delivered: Delivered,
}

/// Writes mix, master and page of a session whose clips lie in `folder`. A rough mix is corrected by what was heard.
pub(crate) fn make(
    title: String,
    mut session: Session,
    folder: &Path,
    is_rough: bool,
    places: &Places,
    threads: usize,
    teller: &mut Teller,
) -> Result<Song, Failure> {
    let options = RenderOptions { threads, measure_tracks: true, ..RenderOptions::default() };
    let mixed = if is_rough {
        mix_down_rough(&mut session, folder, &places.mix, options, &mut |pass, share| {
            teller.tell("mix", halves(pass - 1, share))
        })
    } else {
        mix_down(&session, folder, &places.mix, options, &mut |share| teller.tell("mix", share))
    };
    let mixed = teller.result(mixed)?;
    let delivered =
        mixdsp::session::deliver(&places.mix, &places.master, &session.target, &mut |pass, share| {
            teller.tell("master", halves(pass, share))
        });
    let delivered = match delivered {
        Err(SessionError::TooMuchLimiting(mut refused)) => {
            let named = name_stems(&session, folder, options, &mut refused, &mut |share| {
                teller.tell("report", share)
            });
            teller.result(named)?;
            Err(SessionError::TooMuchLimiting(refused))
        }
        delivered => delivered,
    };
    let delivered = teller.result(delivered)?;
    if let Some(stems) = &places.stems {
        let written =
            write_stems(&session, folder, &places.master, &delivered, stems, options, &mut |share| {
                teller.tell("report", 0.5 * share)
            });
        teller.result(written)?;
    }
    if let Some(page) = &places.page {
        let mix = measure(&places.mix, &mut |share| teller.tell("report", 0.5 * share));
        let mix = teller.result(mix)?;
        let master = measure(&places.master, &mut |share| teller.tell("report", 0.5 + 0.5 * share));
        let master = teller.result(master)?;
        let report = Report {
            title,
            session: session.clone(),
            tracks: mixed.tracks.clone(),
            master_reduction_db: mixed.master_reduction_db.clone(),
            delivered: delivered.clone(),
            mix,
            master,
        };
        let text = report.page(&places.mix, &places.master)?;
        std::fs::write(page, text).map_err(|error| Failure::System(page.clone().into(), error.into()))?;
    }
    Ok(Song { session, mixed, delivered })
}

/// How many passes there will be is not known: each shows half of what is left.
fn halves(done: usize, share: f64) -> f64 {
    let left = 0.5_f64.powi(done as i32);
    1.0 - left + 0.5 * left * share
}

impl Song {
    /// What Python is told of it; tracks are dicts.
    pub(crate) fn told<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let Self { session, mixed, delivered } = self;
        let tracks = PyList::empty(py);
        for (track, measured) in session.tracks.iter().zip(&mixed.tracks) {
            let dict = PyDict::new(py);
            dict.set_item("name", &track.name)?;
            dict.set_item("before", measured.before_lufs)?;
            dict.set_item("after", measured.after_lufs)?;
            dict.set_item("gain_db", track.gain_db)?;
            dict.set_item("pan", track.pan)?;
            dict.set_item("notes", &track.notes)?;
            tracks.append(dict)?;
        }
        let dict = PyDict::new(py);
        dict.set_item("tracks", tracks)?;
        dict.set_item("notes", &mixed.notes)?;
        dict.set_item("warnings", delivered.warnings())?;
        dict.set_item("compression_db", delivered.plan.compression_db)?;
        dict.set_item("clipping_over_db", delivered.plan.clips_over_db)?;
        dict.set_item("clipping_p99_db", delivered.cost.clipping_p99_db)?;
        dict.set_item("clipped_share", delivered.cost.clipped_share)?;
        dict.set_item("pumping_db", delivered.cost.pumping_db)?;
        dict.set_item("fast_motion_db", delivered.cost.fast_db)?;
        dict.set_item("lufs", session.target.loudness_lufs)?;
        dict.set_item("true_peak_db", session.target.true_peak_dbtp)?;
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
}

/// Tells Python how far the work is, and asks whether it was interrupted.
pub(crate) struct Teller {
    watch: Watch,
    stopped: Option<Failure>,
    progress: Py<PyAny>,
}

impl Teller {
    /// `progress` is called with a word for the work and the share of it that is done, and may raise.
    pub(crate) fn new(progress: Py<PyAny>) -> Self {
        Self { watch: Watch::new(), stopped: None, progress }
    }

    pub(crate) fn tell(&mut self, work: &str, share: f64) -> ControlFlow<()> {
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
    pub(crate) fn result<T>(&mut self, result: Result<T, impl Into<Failure>>) -> Result<T, Failure> {
        result.map_err(|error| self.stopped.take().unwrap_or_else(|| error.into()))
    }
}
