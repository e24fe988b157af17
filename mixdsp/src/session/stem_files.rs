//! Stems that sum to the master.
//!
//! ```text
//! tracks --> Render without what runs on the master --+--> each track behind its fader, and buses and effects together
//!                                                     `--> the mix --> inserts --> ends --> chain of the master
//!                                                                         |                     |
//!                         filters alike, gains of compressors, ends       |                     |  gain, and the courses of
//! each stem ----------------------------------------------------(x)-------+--------------------(x) compressor and limiter --> file
//!
//! master - all of these: the remainder: what clipping, saturation and dither made
//! ```
//!
//! What is linear runs on every stem alike, and what is a gain is heard on the mix and applied to every stem. So stems and
//! remainder always add up to the master; how much is in the remainder says how much of it was not linear.

use core::ops::ControlFlow;
use std::collections::VecDeque;
use std::format;
use std::path::{Path, PathBuf};
use std::string::String;
use std::vec;
use std::vec::Vec;

use crate::base::error::Error;
use crate::base::spec::Spec;
use crate::base::units::{decibels_to_gain, seconds_to_frames};
use crate::engine::processor::Processor as _;
use crate::files::{AudioFile, AudioStream as _, AudioWriter, BitDepth, SessionError};
use crate::host::recipe::{Listens, Recipe};
use crate::host::{Chain, Ends, MASTER_FRAMES, MasterPass};
use crate::processors::compressor::{AutoMakeup, CompressorParams, CompressorReadings};
use crate::session::deliver::Delivered;
use crate::session::format::{Master, Session, wrong};
use crate::session::make::chain_of;
use crate::session::measure::loudness_meter;
use crate::session::render::{Render, RenderOptions};

/// Frames that are worked on at a time.
const BLOCK: usize = 4096;
/// Inserts that add: what they do to a sum is the sum of what they do to its parts.
const LINEAR: [&str; 8] =
    ["equalizer", "gain", "fir", "width", "mid_side", "dc_blocker", "one_pole", "linear_phase_equalizer"];
/// Names of what is no track.
const BUSES: &str = "buses and effects";
const REMAINDER: &str = "remainder";

/// What was written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StemFiles {
    /// The files, the remainder last.
    pub files: Vec<PathBuf>,
    /// Power of the remainder against the master, in dB.
    pub remainder_db: f64,
}

/// Two channels.
type Stereo = [Vec<f64>; 2];

/// An insert of the master, for the mix and for the stems.
struct Insert {
    mix: Chain<f64>,
    stems: StemSide,
    /// Frames by which it delays, that are still to be dropped.
    latency: usize,
}

enum StemSide {
    /// Of each stem its own.
    Linear(Vec<Chain<f64>>),
    /// A compressor's gain, without what it makes up, and what that is.
    Gain(f64),
    /// Stems pass as they are, as late.
    Not(Vec<[VecDeque<f64>; 2]>),
}

/// Writes the stems of a session whose clips lie in `folder`, at the rate of the session as 32-bit floats, into the folder
/// `out`, which is there: each track that goes to the master, buses and effects together, and the remainder. `master` is what
/// [`deliver`](super::deliver) made of the session's mix, and `delivered` what it told. `progress` is told the share that is
/// done; where it returns [`ControlFlow::Break`], the work ends, and nothing is left.
///
/// # Errors
/// As [`Render`]; [`SessionError::Session`] for a master that is automated, or is at another rate than the session;
/// [`SessionError::Interrupted`]; and what is wrong with a file.
pub fn write_stems(
    session: &Session,
    folder: &Path,
    master: &Path,
    delivered: &Delivered,
    out: &Path,
    options: RenderOptions,
    progress: &mut dyn FnMut(f64) -> ControlFlow<()>,
) -> Result<StemFiles, SessionError> {
    let rate = session.sample_rate;
    if !session.master.automation.is_empty() {
        return wrong("master", "it is automated: its stems cannot be told apart");
    }
    if delivered.sample_rate != rate {
        let given = delivered.sample_rate;
        return wrong(
            "stems",
            format!("the master is at {given} Hz, the session at {rate}: stems need one rate"),
        );
    }
    let plain = Session { master: Master::default(), ..session.clone() };
    let mut render = Render::new(&plain, folder, RenderOptions { measure_tracks: false, ..options })?;
    let tracks = render.keep_tracks();
    let names: Vec<String> =
        tracks.iter().map(|track| session.tracks[*track].name.clone()).chain([BUSES.into()]).collect();
    let files = paths(out, &names);
    let mut writers = Vec::new();
    for file in &files {
        writers.push(AudioWriter::create(file, rate, 2, BitDepth::Float32)?);
    }
    let mut work = Work::new(session, folder, delivered, names.len())?;
    let mut file = AudioFile::open(master)?;
    let frames = delivered.frames.max(1);
    let mut sums = [0.0_f64; 2];
    loop {
        let mut mix: Stereo = [vec![0.0; BLOCK], vec![0.0; BLOCK]];
        let [left, right] = &mut mix;
        let count = render.read(&mut [&mut left[..], &mut right[..]])?;
        let mut stems = render.take_tracks(&tracks, count);
        mix.iter_mut().for_each(|plane| plane.truncate(count));
        // What no track gave: buses and effects.
        let mut rest = mix.clone();
        for stem in &stems {
            for (rest, stem) in rest.iter_mut().zip(stem) {
                rest.iter_mut().zip(stem).for_each(|(rest, x)| *rest -= x);
            }
        }
        stems.push(rest);
        // Behind the end silence brings out what is still inside: the mix was as long as the master before it was cut, and
        // longer than its tracks where the master's inserts sound on.
        work.to_come = work.to_come.saturating_sub(count);
        if count == 0 {
            mix.iter_mut().chain(stems.iter_mut().flatten()).for_each(|plane| plane.resize(BLOCK, 0.0));
        }
        let made = work.run(mix, stems, count == 0)?;
        let length = made.first().map_or(0, |stem| stem[0].len());
        let mut read = [vec![0.0_f32; length], vec![0.0_f32; length]];
        let [left, right] = &mut read;
        let read_frames = file.read(&mut [&mut left[..], &mut right[..]])?;
        let mut rest = read.each_ref().map(|plane| plane.iter().map(|x| f64::from(*x)).collect::<Vec<_>>());
        sums[1] += rest.iter().flatten().map(|x| x * x).sum::<f64>();
        for (writer, stem) in writers.iter_mut().zip(&made) {
            let stem = stem.each_ref().map(|plane| &plane[..read_frames]);
            writer.write(&stem)?;
            for (rest, stem) in rest.iter_mut().zip(stem) {
                // As it is written.
                rest.iter_mut().zip(stem).for_each(|(rest, x)| *rest -= f64::from(*x as f32));
            }
        }
        let rest = rest.each_ref().map(|plane| &plane[..read_frames]);
        sums[0] += rest.iter().flat_map(|plane| plane.iter()).map(|x| x * x).sum::<f64>();
        if let Some(writer) = writers.last_mut() {
            writer.write(&rest)?;
            let done = writer.frames();
            if progress(done as f64 / frames as f64).is_break() {
                return Err(SessionError::Interrupted);
            }
            // What was mixed with the master's inserts may sound on longer than the tracks do.
            if read_frames < length || done >= delivered.frames {
                break;
            }
        }
    }
    for writer in writers {
        writer.finish()?;
    }
    let remainder_db = 10.0 * libm::log10(sums[0].max(1e-300) / sums[1].max(1e-300));
    Ok(StemFiles { files, remainder_db })
}

/// What runs on the mix, and alike on the stems.
struct Work {
    gains: [f64; 2],
    inserts: Vec<Insert>,
    late: usize,
    ends: Vec<Ends<f64>>,
    ended: bool,
    pass: MasterPass<f64>,
    gain: f64,
    /// Stems whose gains are not yet known.
    waiting: Vec<[VecDeque<f64>; 2]>,
    /// Frames that are still to be worked on before the end is reached, then silence.
    to_come: usize,
}

impl Work {
    fn new(
        session: &Session,
        folder: &Path,
        delivered: &Delivered,
        stems: usize,
    ) -> Result<Self, SessionError> {
        let rate = session.sample_rate;
        let spec = Spec::new(f64::from(rate), 2);
        let mut inserts = Vec::new();
        for insert in &session.master.inserts {
            let chain = chain_of(core::slice::from_ref(insert), "master", rate, folder)?;
            let build =
                || chain.build::<f64>(spec, Listens::All, Vec::new()).or_else(|error| wrong("master", error));
            let mix = build()?;
            let latency = mix.latency();
            let stems = match gain_of(insert, &mix) {
                _ if LINEAR.contains(&insert.kind()) => {
                    StemSide::Linear((0..stems).map(|_| build()).collect::<Result<_, _>>()?)
                }
                Some(gain) => StemSide::Gain(gain),
                None => {
                    let wait = || VecDeque::from(vec![0.0; latency]);
                    StemSide::Not((0..stems).map(|_| [wait(), wait()]).collect())
                }
            };
            inserts.push(Insert { mix, stems, latency });
        }
        let late = inserts.iter().map(|insert| insert.latency).sum();
        let cut = &session.target.ends;
        let cut =
            [cut.trim_start_seconds, cut.trim_end_seconds].map(|s| seconds_to_frames(s, f64::from(rate)));
        let mixed = delivered.frames as usize + cut.iter().sum::<usize>();
        let settings = delivered.settings;
        let pass = MasterPass::new(loudness_meter(rate, 2)?, &settings).or_else(refuse)?;
        let ends = (0..=stems).map(|_| Ends::new(f64::from(rate), 2, &session.target.ends));
        let master = &session.master;
        Ok(Self {
            gains: [master.gain_db, master.output_gain_db].map(decibels_to_gain),
            inserts,
            late,
            ends: ends.collect::<Result<_, _>>().or_else(refuse)?,
            ended: false,
            pass,
            gain: decibels_to_gain(settings.gain_db),
            waiting: vec![[VecDeque::new(), VecDeque::new()]; stems],
            to_come: late + mixed,
        })
    }

    /// Works on the next frames; gives the next ones of every stem.
    fn run(
        &mut self,
        mut mix: Stereo,
        mut stems: Vec<Stereo>,
        is_rest: bool,
    ) -> Result<Vec<Stereo>, SessionError> {
        let scale = |stereo: &mut Stereo, gain: f64| {
            if gain != 1.0 {
                stereo.iter_mut().flatten().for_each(|x| *x *= gain);
            }
        };
        if is_rest {
            let left = self.to_come.min(BLOCK);
            self.to_come -= left;
            mix.iter_mut().chain(stems.iter_mut().flatten()).for_each(|plane| plane.truncate(left));
        }
        core::iter::once(&mut mix).chain(&mut stems).for_each(|stereo| scale(stereo, self.gains[0]));
        for insert in &mut self.inserts {
            insert.run(&mut mix, &mut stems).or_else(refuse)?;
        }
        let dropped = self.late.min(mix[0].len());
        self.late -= dropped;
        for stereo in core::iter::once(&mut mix).chain(&mut stems) {
            stereo.iter_mut().for_each(|plane| drop(plane.drain(..dropped)));
            scale(stereo, self.gains[1]);
        }
        let mut cut = Vec::new();
        for (ends, stereo) in self.ends.iter_mut().zip(core::iter::once(&mix).chain(&stems)) {
            let mut given = ends.push(stereo).or_else(refuse)?;
            if is_rest && self.to_come == 0 && !self.ended {
                let rest = ends.finish().or_else(refuse)?;
                given.iter_mut().zip(rest).for_each(|(given, rest)| given.extend(rest));
            }
            cut.push(given);
        }
        let was_ended = self.ended;
        self.ended |= is_rest && self.to_come == 0;
        for (waiting, stem) in self.waiting.iter_mut().zip(&cut[1..]) {
            waiting.iter_mut().zip(stem).for_each(|(waiting, plane)| waiting.extend(plane));
        }
        let mix = &mut cut[0];
        let mut planes: Vec<&mut [f64]> = mix.iter_mut().map(|plane| &mut plane[..]).collect();
        let mut made = self.waiting.iter().map(|_| [Vec::new(), Vec::new()]).collect();
        if !was_ended {
            self.pass.push(&mut planes).or_else(refuse)?;
            self.give(&mut made);
        }
        if self.ended {
            let mut silence = [vec![0.0; BLOCK], vec![0.0; BLOCK]];
            let [left, right] = &mut silence;
            self.pass.end(&mut [left, right]).or_else(refuse)?;
            self.give(&mut made);
        }
        Ok(made)
    }

    /// Gives the stems at the frames that the pass gave last.
    fn give(&mut self, made: &mut Vec<Stereo>) {
        let pairs = self.pass.reduction_db().iter().zip(self.pass.compressed_db());
        let gains: Vec<f64> =
            pairs.map(|(limited, compressed)| self.gain * decibels_to_gain(-limited - compressed)).collect();
        for (waiting, made) in self.waiting.iter_mut().zip(made) {
            for (waiting, made) in waiting.iter_mut().zip(made) {
                let ready = gains.len().min(waiting.len());
                made.extend(waiting.drain(..ready).zip(&gains).map(|(x, gain)| x * gain));
            }
        }
    }
}

impl Insert {
    fn run(&mut self, mix: &mut Stereo, stems: &mut [Stereo]) -> Result<(), Error> {
        let frames = mix[0].len();
        let mut gains = vec![1.0; frames];
        for from in (0..frames).step_by(MASTER_FRAMES) {
            let to = frames.min(from + MASTER_FRAMES);
            process(&mut self.mix, mix, from, to)?;
            if let StemSide::Gain(makeup) = self.stems {
                let reading = CompressorReadings::GAIN_REDUCTION_DB.any();
                self.mix.trace(reading, &mut gains[from..to]);
                gains[from..to].iter_mut().for_each(|gain| *gain = makeup * decibels_to_gain(-*gain));
            }
        }
        match &mut self.stems {
            StemSide::Linear(units) => {
                for (unit, stem) in units.iter_mut().zip(stems) {
                    process(unit, stem, 0, frames)?;
                }
            }
            StemSide::Gain(_) => {
                for plane in stems.iter_mut().flatten() {
                    plane.iter_mut().zip(&gains).for_each(|(x, gain)| *x *= gain);
                }
            }
            StemSide::Not(waits) => {
                for (wait, plane) in waits.iter_mut().flatten().zip(stems.iter_mut().flatten()) {
                    wait.extend(plane.iter());
                    plane.clear();
                    plane.extend(wait.drain(..frames));
                }
            }
        }
        Ok(())
    }
}

fn refuse<R>(error: Error) -> Result<R, SessionError> {
    wrong("stems", error)
}

fn process(unit: &mut Chain<f64>, stereo: &mut Stereo, from: usize, to: usize) -> Result<(), Error> {
    let [left, right] = stereo;
    unit.process(&mut [&mut left[from..to], &mut right[from..to]], &[])
}

/// What a compressor makes up, where all that it does is a gain of both channels, heard at the same frames.
fn gain_of(insert: &Recipe, unit: &Chain<f64>) -> Option<f64> {
    let get = |id: crate::params::Id| unit.get(id);
    let is_gain = insert.kind() == "compressor"
        && unit.latency() == 0
        && get(CompressorParams::MIX.any())? == 1.0
        && get(CompressorParams::LINK.any())? == 1.0
        && get(CompressorParams::LISTEN.any())? == 0.0
        && get(CompressorParams::AUTO_MAKEUP.any())? == AutoMakeup::Off as u8 as f64;
    let makeup = get(CompressorParams::MAKEUP_DB.any())?;
    is_gain.then(|| decibels_to_gain(makeup))
}

/// Files of these names and the remainder: what a name must not have in a path is left out.
fn paths(out: &Path, names: &[String]) -> Vec<PathBuf> {
    let safe = |name: &String| -> String {
        let kept = name.chars().map(|c| if c.is_alphanumeric() || " -_.".contains(c) { c } else { '_' });
        kept.take(80).collect()
    };
    let numbered = names.iter().enumerate().map(|(at, name)| format!("{:02} {}.wav", at + 1, safe(name)));
    numbered.chain([format!("{REMAINDER}.wav")]).map(|name| out.join(name)).collect()
}
