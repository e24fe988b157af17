//! Stems in, a mastered song out.
//!
//! ```text
//! cargo run --release --example mix_and_master                        a song is synthesised
//! cargo run --release --example mix_and_master -- FOLDER -o OUT --target spotify
//!
//! stems --> session (a rough mix, or --session FILE) --> mix.wav --> master.wav --> report.html, report.json
//! ```
//!
//! Everything is made in a folder aside and put in its place at the end: a run that fails leaves nothing.

mod arguments;
mod files;
mod progress;
mod song;
mod table;

use arguments::Arguments;
use files::{Aside, input, refuse_harm};
use mixdsp::files::SessionError;
use mixdsp::session::{
    AskedGoal, MixDown, RenderOptions, Report, Session, common_rate, deliver, listen, measure, mix_down,
    mix_down_rough, name_stems, rough_mix, seen_from, stems_in, write_stems,
};
use progress::Progress;
use std::error::Error;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

type Failure = Box<dyn Error>;

/// Where the time went.
#[derive(Clone, Copy, Debug, Default)]
struct Seconds {
    listening: f64,
    mixing: f64,
    mastering: f64,
    measuring: f64,
    all: f64,
}

fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(Some(arguments)) => arguments,
        Ok(None) => return ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mix_and_master: {error}");
            return ExitCode::from(2);
        }
    };
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The error is the last line: what a person sees, and what a script takes.
            if let Some(SessionError::TooMuchLimiting(refused)) = error.downcast_ref() {
                eprint!("{}", refused.table());
            }
            eprintln!("mix_and_master: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let begin = Instant::now();
    let mut seconds = Seconds::default();
    if let Some(folder) = &arguments.folder
        && !folder.is_dir()
    {
        return Err(format!("{}: no such folder", folder.display()).into());
    }
    if let (Some(folder), None) = (&arguments.folder, &arguments.session)
        && folder.canonicalize().ok() == arguments.out.canonicalize().ok()
    {
        return Err(format!("{}: the results cannot go among the stems", folder.display()).into());
    }
    let given = arguments.session.as_ref().map(Session::read).transpose()?;
    let file = arguments.session.as_deref().unwrap_or(Path::new("."));
    let beside = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    let base = arguments.folder.as_deref().or(beside).unwrap_or(Path::new("."));
    // Before any work: what is read, and what is written.
    let mut files = Vec::new();
    match (&given, &arguments.folder) {
        (Some(session), _) => {
            let mut inputs: Vec<_> =
                session.files(base).map(|clip| input(clip, "a clip of the session")).collect();
            inputs.push(input(file, "the session"));
            refuse_harm(&inputs, &arguments.out, Vec::new(), arguments.overwrite)?;
        }
        (None, Some(folder)) => {
            let found = stems_in(folder)?;
            found.notes.iter().for_each(|note| eprintln!("{note}"));
            files = found.stems;
            let inputs: Vec<_> = files.iter().map(|stem| input(stem, "a stem")).collect();
            refuse_harm(&inputs, &arguments.out, Vec::new(), arguments.overwrite)?;
        }
        (None, None) => {
            let stems = song::stem_files(&arguments.out);
            refuse_harm(&[], &arguments.out, stems, arguments.overwrite)?;
        }
    }
    let aside = Aside::new(&arguments.out)?;
    let progress = Progress::new();

    let is_rough = given.is_none();
    let (mut session, base, title) = match given {
        Some(session) => (session, base.to_path_buf(), name_of(file)),
        None => {
            let title = match &arguments.folder {
                Some(folder) => name_of(folder),
                None => {
                    files = song::write_stems(aside.folder())?;
                    "Sketch in A minor".to_string()
                }
            };
            let start = Instant::now();
            let session = rough(&files, arguments, aside.folder(), &progress)?;
            seconds.listening = start.elapsed().as_secs_f64();
            (session, aside.folder().to_path_buf(), title)
        }
    };
    apply(arguments, &mut session);

    let mix_path = aside.folder().join("mix.wav");
    let start = Instant::now();
    let mixed = mix(&mut session, is_rough, &base, &mix_path, arguments, &progress)?;
    seconds.mixing = start.elapsed().as_secs_f64();

    let start = Instant::now();
    let master_path = aside.folder().join("master.wav");
    let stage = progress.stage("mastering");
    let delivered = deliver(&mix_path, &master_path, &session.target, &mut |pass, share| {
        stage.note(&format!("pass {pass}"));
        stage.set(share);
        ControlFlow::Continue(())
    });
    stage.done();
    let delivered = match delivered {
        Err(SessionError::TooMuchLimiting(mut refused)) => {
            let stage = progress.stage("looking for what stands in the way");
            name_stems(&session, &base, RenderOptions::default(), &mut refused, &mut |share| {
                stage.set(share);
                ControlFlow::Continue(())
            })?;
            stage.done();
            return Err(SessionError::TooMuchLimiting(refused).into());
        }
        delivered => delivered?,
    };
    seconds.mastering = start.elapsed().as_secs_f64();
    if arguments.stems {
        let stage = progress.stage("stems");
        let folder = aside.folder().join("stems");
        fs::create_dir(&folder)?;
        let written = write_stems(
            &session,
            &base,
            &master_path,
            &delivered,
            &folder,
            RenderOptions::default(),
            &mut |share| {
                stage.set(share);
                ControlFlow::Continue(())
            },
        )?;
        stage.done();
        println!(
            "{} stems; the remainder is {:.1} dB under the master",
            written.files.len() - 1,
            -written.remainder_db
        );
    }

    let start = Instant::now();
    let stage = progress.stage("measuring");
    let tell = |share| {
        stage.set(share);
        ControlFlow::Continue(())
    };
    let mix = measure(&mix_path, &mut |share| tell(share * 0.5))?;
    let master = measure(&master_path, &mut |share| tell(0.5 + share * 0.5))?;
    stage.done();
    seconds.measuring = start.elapsed().as_secs_f64();

    rebase(&mut session, &base, &arguments.out, aside.folder())?;
    session.write(aside.folder().join("session.toml"))?;
    seconds.all = begin.elapsed().as_secs_f64();
    let report = Report {
        title,
        session,
        tracks: mixed.tracks,
        master_reduction_db: mixed.master_reduction_db,
        delivered,
        mix,
        master,
    };
    let page = report.page(&mix_path, &master_path)?;
    files::write(&aside.folder().join("report.html"), page.as_bytes())?;
    let json = serde_json::to_string_pretty(&table::json(&report))?;
    files::write(&aside.folder().join("report.json"), json.as_bytes())?;
    aside.put_in_place()?;
    print!("{}", table::text(&report, &seconds));
    for warning in report.delivered.warnings() {
        eprintln!("mix_and_master: {warning}");
    }
    println!("\nwritten to {}", arguments.out.display());
    Ok(())
}

fn name_of(path: &Path) -> String {
    path.file_stem().map_or_else(|| "Mix".to_string(), |name| name.to_string_lossy().into_owned())
}

fn rough(
    files: &[PathBuf],
    arguments: &Arguments,
    folder: &Path,
    progress: &Progress,
) -> Result<Session, Failure> {
    let rate = common_rate(files)?;
    let stage = progress.stage("listening");
    let count = files.len();
    let threads = RenderOptions::default().threads;
    let stems = listen(files, rate, threads, &|done| {
        stage.set(done as f64 / count as f64);
        ControlFlow::Continue(())
    })?;
    stage.done();
    let mut session = rough_mix(&stems, arguments.style, rate, folder)?;
    if arguments.folder.is_some() {
        for (track, file) in session.tracks.iter_mut().zip(files) {
            track.clips[0].file = file.canonicalize()?.to_string_lossy().into_owned();
        }
    }
    Ok(session)
}

/// What the command line says of the delivery wins over the session.
fn apply(arguments: &Arguments, session: &mut Session) {
    session.target.take(&AskedGoal {
        name: arguments.target.filter(|_| arguments.lufs.is_none()).map(|target| target.key.to_string()),
        loudness_lufs: arguments.lufs.or(arguments.target.map(|target| target.loudness_lufs)),
        true_peak_dbtp: arguments.target.map(|target| target.true_peak_dbtp),
        max_limiting_db: arguments.max_limiting_db,
        max_clipping_db: arguments.max_clipping_db,
        limiter: arguments.limiter,
        compression_db: arguments.compression_db,
        clipping_over_db: arguments.clipping_over_db,
        ends: arguments.ends,
        sample_rate: arguments.rate,
        bits: arguments.bits.clone(),
    });
}

/// Writes the mix; a rough one as often as it takes.
fn mix(
    session: &mut Session,
    is_rough: bool,
    base: &Path,
    out: &Path,
    arguments: &Arguments,
    progress: &Progress,
) -> Result<MixDown, Failure> {
    let block_frames = arguments.block.unwrap_or(RenderOptions::default().block_frames);
    let options = RenderOptions { measure_tracks: true, block_frames, ..RenderOptions::default() };
    let stage = progress.stage("mixing");
    let mut tell = |pass: usize, share: f64| {
        stage.note(&format!("pass {pass}"));
        stage.set(share);
        ControlFlow::Continue(())
    };
    let mixed = if is_rough {
        mix_down_rough(session, base, out, options, &mut tell)?
    } else {
        mix_down(session, base, out, options, &mut |share| tell(1, share))?
    };
    mixed.notes.iter().for_each(|note| eprintln!("{note}"));
    stage.done();
    Ok(mixed)
}

/// Names the clips as seen from the output folder, where the session will lie.
fn rebase(session: &mut Session, base: &Path, out: &Path, aside: &Path) -> Result<(), Failure> {
    let aside = aside.canonicalize()?;
    for clip in session.tracks.iter_mut().flat_map(|track| &mut track.clips) {
        let file = base.join(&clip.file).canonicalize()?;
        clip.file = match file.strip_prefix(&aside) {
            Ok(file) => file.to_string_lossy().into_owned(),
            Err(_) => seen_from(out, &file).to_string_lossy().into_owned(),
        };
    }
    Ok(())
}
