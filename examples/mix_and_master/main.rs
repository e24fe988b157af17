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
mod measure;
mod progress;
mod report;
mod song;
mod table;

use arguments::Arguments;
use files::{Aside, input, refuse_harm, relative, stems_in};
use mixdsp::files::{AudioFile, BitDepth, WavWriter};
use mixdsp::session::{
    Delivered, Goal, Render, RenderOptions, Session, TrackReport, deliver, listen, rough_mix,
};
use progress::Progress;
use std::error::Error;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

type Failure = Box<dyn Error>;

/// Highest peak of a rough mix, in dBFS.
const ROUGH_PEAK_DB: f64 = -6.0;
/// Loudest stem of a rough mix over the second, at most, in LU.
const ROUGH_OVER_SECOND_LU: f64 = 6.0;
/// Renders of a rough mix, at most.
const ROUGH_RENDERS: usize = 4;

/// Where the time went.
#[derive(Clone, Copy, Debug, Default)]
struct Seconds {
    listening: f64,
    mixing: f64,
    mastering: f64,
    measuring: f64,
    all: f64,
}

/// What a run gives to the table and to the report.
struct Outcome {
    title: String,
    session: Session,
    tracks: Vec<TrackReport>,
    delivered: Delivered,
    mix: measure::Measured,
    master: measure::Measured,
    seconds: Seconds,
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
            files = stems_in(folder)?;
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
    let mut rendered = render(&session, &base, &mix_path, arguments, &progress)?;
    if is_rough {
        for _ in 1..ROUGH_RENDERS {
            if !temper(&mut session, &rendered) {
                break;
            }
            rendered = render(&session, &base, &mix_path, arguments, &progress)?;
        }
    }
    seconds.mixing = start.elapsed().as_secs_f64();

    let start = Instant::now();
    let master_path = aside.folder().join("master.wav");
    let stage = progress.stage("mastering");
    let delivered =
        deliver(&mix_path, &master_path, &session.target, &session.master, &mut |pass, share| {
            stage.note(&format!("pass {pass}"));
            stage.set(share);
            ControlFlow::Continue(())
        })?;
    stage.done();
    seconds.mastering = start.elapsed().as_secs_f64();

    let start = Instant::now();
    let stage = progress.stage("measuring");
    let mix = measure::measure(&mix_path, |share| stage.set(share * 0.5))?;
    let master = measure::measure(&master_path, |share| stage.set(0.5 + share * 0.5))?;
    stage.done();
    seconds.measuring = start.elapsed().as_secs_f64();

    rebase(&mut session, &base, &arguments.out, aside.folder())?;
    session.write(aside.folder().join("session.toml"))?;
    seconds.all = begin.elapsed().as_secs_f64();
    let outcome = Outcome { title, session, tracks: rendered.tracks, delivered, mix, master, seconds };
    let page = report::page(&outcome, &mix_path, &master_path)?;
    files::write(&aside.folder().join("report.html"), page.as_bytes())?;
    let json = serde_json::to_string_pretty(&table::json(&outcome))?;
    files::write(&aside.folder().join("report.json"), json.as_bytes())?;
    aside.put_in_place()?;
    print!("{}", table::text(&outcome));
    for warning in outcome.delivered.warnings() {
        eprintln!("mix_and_master: {warning}");
    }
    println!("\nwritten to {}", arguments.out.display());
    Ok(())
}

fn name_of(path: &Path) -> String {
    path.file_stem().map_or_else(|| "Mix".to_string(), |name| name.to_string_lossy().into_owned())
}

/// The rate that most of the files have; of two, the one that comes first.
fn common_rate(files: &[PathBuf]) -> Result<u32, Failure> {
    let mut counts: Vec<(u32, usize)> = Vec::new();
    for file in files {
        let rate = AudioFile::open(file)?.info().sample_rate;
        match counts.iter_mut().find(|(known, _)| *known == rate) {
            Some((_, count)) => *count += 1,
            None => counts.push((rate, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    Ok(counts.iter().find(|(_, count)| *count == most).map_or(48_000, |(rate, _)| *rate))
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
    let stems = listen(files, rate, &|done| stage.set(done as f64 / count as f64))?;
    stage.done();
    let mut session = rough_mix(&stems, rate, folder)?;
    if arguments.folder.is_none() {
        song::arrange(&mut session)?;
    } else {
        for (track, file) in session.tracks.iter_mut().zip(files) {
            track.clips[0].file = file.canonicalize()?.to_string_lossy().into_owned();
        }
    }
    Ok(session)
}

/// What the command line says of the delivery wins over the session.
fn apply(arguments: &Arguments, session: &mut Session) {
    if let Some(target) = arguments.target {
        let Goal { sample_rate, bits, max_limiting_db, .. } = session.target.clone();
        session.target = Goal { sample_rate, bits, max_limiting_db, ..Goal::of(target) };
    }
    session.target.max_limiting_db = arguments.max_limiting_db.unwrap_or(session.target.max_limiting_db);
    session.target.sample_rate = arguments.rate.or(session.target.sample_rate);
    if let Some(bits) = &arguments.bits {
        session.target.bits.clone_from(bits);
    }
}

/// What came of a render.
struct Rendered {
    tracks: Vec<TrackReport>,
    peak_db: f64,
}

/// Corrects a rough mix by what was heard of it: filters and reverb are not foreseen. Tells whether it did.
fn temper(session: &mut Session, rendered: &Rendered) -> bool {
    let tenths = |db: f64| (db * 10.0).ceil() / 10.0;
    let mut loudness: Vec<(f64, usize)> = Vec::new();
    for (at, track) in rendered.tracks.iter().enumerate() {
        loudness.extend(track.after_lufs.map(|lufs| (lufs, at)));
    }
    loudness.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut changed = false;
    if let [(first, at), (second, _), ..] = loudness[..]
        && first - second > ROUGH_OVER_SECOND_LU
    {
        // The loudest of stems that are hardly heard may be far over the second.
        let track = &mut session.tracks[at];
        let lower = (track.gain_db - tenths(first - second - ROUGH_OVER_SECOND_LU)).max(-96.0);
        changed |= lower < track.gain_db;
        track.gain_db = lower;
    }
    if rendered.peak_db > ROUGH_PEAK_DB {
        session.master.gain_db -= tenths(rendered.peak_db - ROUGH_PEAK_DB);
        changed = true;
    }
    changed
}

fn render(
    session: &Session,
    base: &Path,
    out: &Path,
    arguments: &Arguments,
    progress: &Progress,
) -> Result<Rendered, Failure> {
    const BLOCK: usize = 4096;
    let block_frames = arguments.block.unwrap_or(RenderOptions::default().block_frames);
    let options = RenderOptions { measure_tracks: true, block_frames, ..RenderOptions::default() };
    let mut render = Render::new(session, base, options)?;
    render.notes().iter().for_each(|note| eprintln!("{note}"));
    let mut writer = WavWriter::create(out, session.sample_rate, 2, BitDepth::Float32)?;
    let stage = progress.stage("mixing");
    let mut planes = [vec![0.0_f64; BLOCK], vec![0.0_f64; BLOCK]];
    let mut peak = 0.0_f64;
    loop {
        let [left, right] = &mut planes;
        let count = render.read(&mut [&mut left[..], &mut right[..]])?;
        if count == 0 {
            break;
        }
        let block = [&planes[0][..count], &planes[1][..count]];
        peak = block.iter().flat_map(|plane| plane.iter()).fold(peak, |peak, x| peak.max(x.abs()));
        writer.write(&block)?;
        if let Some(expected) = render.expected_frames().filter(|expected| *expected > 0) {
            stage.set(render.position() as f64 / expected as f64);
        }
    }
    if writer.frames() == 0 {
        return Err("the mix has no sound: the session has no clips".into());
    }
    writer.finish()?;
    stage.done();
    Ok(Rendered { tracks: render.tracks(), peak_db: 20.0 * peak.log10() })
}

/// Names the clips as seen from the output folder, where the session will lie.
fn rebase(session: &mut Session, base: &Path, out: &Path, aside: &Path) -> Result<(), Failure> {
    let (out, aside) = (out.canonicalize()?, aside.canonicalize()?);
    for clip in session.tracks.iter_mut().flat_map(|track| &mut track.clips) {
        let file = base.join(&clip.file).canonicalize()?;
        clip.file = match file.strip_prefix(&aside) {
            Ok(file) => file.to_string_lossy().into_owned(),
            Err(_) => relative(&out, &file).to_string_lossy().into_owned(),
        };
    }
    Ok(())
}
