//! Delivery: a mix becomes a master of the loudness that was asked for.
//!
//! ```text
//! mix --> resample --> ends --> file of floats --> compressor, gain, clipper, limiter --> dither --> master
//!                         |                          ^                                          |
//!                         `--> loudest passages -----+----------- loudness against the target --+   again, until met
//! ```
//!
//! [`MasterSearch`](crate::host::MasterSearch) asks for passes over the file of floats, and each is a
//! [`MasterPass`](crate::host::MasterPass). Resampling comes before the limiter, because it would make new peaks after
//! it; dither comes last.

use std::borrow::ToOwned;
use std::boxed::Box;
use std::ops::ControlFlow;
use std::path::Path;
use std::string::String;
use std::vec;
use std::vec::Vec;

use crate::base::spec::Spec;
use crate::files::{
    Aside, AudioFile, AudioStream, AudioWriter, BitDepth, InputFile, OutputFile, Resampler, SessionError,
    WrittenFormat, check_ending, check_outputs, check_rate,
};
use crate::host::{
    Ends, Excerpts, MasterCost, MasterPlan, MasterSearch, MasterStep, PassSettings, limiting_warning,
};
use crate::processors::loudness_meter::{LoudnessMeter, TruePeak};
use crate::session::format::{Goal, wrong};
use crate::session::measure::meter_with;
use crate::session::passes::{BLOCK, Pass, run};

/// What was delivered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delivered {
    /// Gain between mix and limiter, in dB.
    pub gain_db: f64,
    /// How the steps share the load.
    pub plan: MasterPlan,
    /// What that costs.
    pub cost: MasterCost,
    /// What the last pass did, but for dither.
    pub settings: PassSettings,
    /// Integrated loudness of the master; `None` for silence.
    pub loudness_lufs: Option<f64>,
    /// Passes that the search took.
    pub passes: usize,
    /// Rate of the master in Hz.
    pub sample_rate: u32,
    /// Length of the master in frames.
    pub frames: u64,
    /// Largest reduction of the limiter in dB, every [`REPORT_SECONDS`](super::REPORT_SECONDS).
    pub limiter_db: Vec<f32>,
    /// Largest reduction of the limiter in dB.
    pub limiting_max_db: f64,
    /// 99th percentile of the limiter's reduction in dB, over what the loudness hears; see [`Limiting`](crate::host::Limiting).
    pub limiting_p99_db: f64,
}

impl Delivered {
    /// What a listener may not like, each as one line: more than 6 dB of limiting.
    pub fn warnings(&self) -> Vec<String> {
        limiting_warning(self.limiting_p99_db).into_iter().collect()
    }
}

/// Told how far a delivery is: the pass, from 0 for the one that resamples, and the share of it that is done. `Break` ends it.
type Progress<'a> = dyn FnMut(usize, f64) -> ControlFlow<()> + 'a;

/// Reads the mix, in which everything is that runs on it, and writes the master beside it or elsewhere.
///
/// `progress` is called with the pass, from 0 for the one that resamples, and the share of it that is done. Where it returns
/// [`ControlFlow::Break`], the delivery ends.
///
/// # Errors
/// [`SessionError::Session`] for a goal that cannot be, as [`check_outputs`] and [`check_ending`], and
/// what is wrong with a file; [`SessionError::TooMuchLimiting`] for a loudness that takes more limiting than the
/// goal allows; [`SessionError::Interrupted`] where `progress` ended it. Nothing is left of the master then, and a
/// file that had its name stays. A loudness that the limiter cannot reach is no error: see
/// [`Delivered::loudness_lufs`].
pub fn deliver(
    mix: &Path,
    out: &Path,
    goal: &Goal,
    progress: &mut Progress<'_>,
) -> Result<Delivered, SessionError> {
    let loudness_goal = goal.loudness();
    loudness_goal.check().or_else(|error| wrong("target", error))?;
    let depth = goal.depth()?;
    let input = InputFile { path: mix.to_owned(), role: "the mix".to_owned() };
    let output = OutputFile { path: out.to_owned(), role: "the master".to_owned(), replace: true };
    check_outputs(&[input], &[output])?;
    check_ending(out)?;
    // Never committed: it goes when it is dropped.
    let scratch = Aside::new(out)?;
    let floats = scratch.temporary();
    let mut delivered = Delivered::default();
    let (meter, excerpts) = prepare(mix, floats, goal, &mut delivered, progress)?;
    let (before, peak) = (meter.integrated(), meter.true_peak_db());
    let search = MasterSearch::new(&loudness_goal, &goal.chain, goal.limiter, Some(excerpts), before, peak);
    let mut search = search.or_else(|error| wrong("target", error))?;
    let mut made: Option<(Pass, PassSettings)> = None;
    loop {
        let step = search.step(&mut |share| progress(0, share)).or_else(|error| wrong("master", error))?;
        match step {
            MasterStep::Pass(settings) => {
                // The file of the last one goes before there is another.
                drop(made.take());
                let settings = PassSettings { dither: None, ..settings };
                let number = search.passes() + 1;
                let pass = run(floats, out, depth, &settings, &mut |share| tell(progress, number, share))?;
                search.add(pass.result);
                made = Some((pass, settings));
            }
            MasterStep::Done => break,
            MasterStep::TooMuch(refused) => return Err(SessionError::TooMuchLimiting(Box::new(refused))),
            MasterStep::Interrupted => return Err(SessionError::Interrupted),
        }
    }
    let Some((pass, settings)) = made else { return wrong("master", "no pass was made") };
    let frames = pass.writer.frames();
    pass.writer.finish()?;
    let crest = |lufs: f64| peak.unwrap_or(lufs) - before.unwrap_or(lufs) - (goal.true_peak_dbtp - lufs);
    let cost = MasterCost {
        loudness_lufs: pass.result.loudness_lufs.unwrap_or(f64::NEG_INFINITY),
        limiting_p99_db: pass.result.limiting_p99_db,
        limiting_max_db: pass.limiting.max_db(),
        clipping_p99_db: pass.result.clipping_p99_db,
        clipped_share: pass.clipped_share,
        pumping_db: pass.motion.pumping_db(),
        fast_db: pass.motion.fast_db(),
        crest_lost_db: pass.result.loudness_lufs.map_or(0.0, crest).max(0.0),
    };
    Ok(Delivered {
        gain_db: pass.gain_db,
        plan: search.plan(),
        cost,
        settings,
        loudness_lufs: pass.result.loudness_lufs,
        passes: search.passes(),
        frames,
        limiter_db: pass.limiter_db,
        limiting_max_db: pass.limiting.max_db(),
        limiting_p99_db: pass.result.limiting_p99_db,
        ..delivered
    })
}

fn tell(progress: &mut Progress<'_>, pass: usize, share: f64) -> Result<(), SessionError> {
    match progress(pass, share) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(SessionError::Interrupted),
    }
}

/// Resamples into a file of floats; gives what measured it.
fn prepare(
    mix: &Path,
    out: &Path,
    goal: &Goal,
    delivered: &mut Delivered,
    progress: &mut Progress<'_>,
) -> Result<(LoudnessMeter<f64>, Excerpts), SessionError> {
    let mut file = AudioFile::open(mix)?;
    let info = file.info();
    if info.channels != 2 {
        return wrong(mix.display(), std::format!("{} channels; a mix has 2", info.channels));
    }
    let rate = goal.sample_rate.unwrap_or(info.sample_rate);
    check_rate("sample_rate", rate)?;
    delivered.sample_rate = rate;
    let total = info.frames.unwrap_or(0);
    let mut resampler = Resampler::new(info.sample_rate, rate, 2)?;
    let mut writer = AudioWriter::create_as(out, WrittenFormat::Wav, rate, 2, BitDepth::Float32, None)?;
    let mut heard = Heard::new(rate, goal)?;
    let mut read = [vec![0.0_f32; BLOCK], vec![0.0_f32; BLOCK]];
    let mut wide = [vec![0.0_f64; BLOCK], vec![0.0_f64; BLOCK]];
    let mut done = 0_u64;
    loop {
        let [left, right] = &mut read;
        let count = file.read(&mut [&mut left[..], &mut right[..]])?;
        for (wide, read) in wide.iter_mut().zip(&read) {
            wide.iter_mut().zip(&read[..count]).for_each(|(wide, read)| *wide = f64::from(*read));
        }
        let mut taken = 0;
        while taken < count {
            taken += resampler.push(&[&wide[0][taken..count], &wide[1][taken..count]])?;
            pull(&mut resampler, &mut writer, &mut heard)?;
        }
        done += count as u64;
        if total > 0 {
            tell(progress, 0, done as f64 / total as f64)?;
        }
        if count < BLOCK {
            break;
        }
    }
    resampler.finish();
    pull(&mut resampler, &mut writer, &mut heard)?;
    let rest = heard.ends.finish().or_else(|error| wrong("target", error))?;
    heard.write(&mut writer, &rest)?;
    writer.finish()?;
    heard.meter.finish();
    heard.excerpts.finish();
    Ok((heard.meter, heard.excerpts))
}

/// What hears the programme before it is a file.
struct Heard {
    ends: Ends<f64>,
    meter: LoudnessMeter<f64>,
    excerpts: Excerpts,
}

impl Heard {
    fn new(rate: u32, goal: &Goal) -> Result<Self, SessionError> {
        let ends = Ends::new(f64::from(rate), 2, &goal.ends).or_else(|error| wrong("target", error))?;
        // Whether the true peak is far from the ceiling, the cheaper kernel tells well enough.
        let meter = meter_with(rate, 2, TruePeak::Itu)?;
        let excerpts = Excerpts::new(Spec::new(f64::from(rate), 2), *meter.config());
        Ok(Self { ends, meter, excerpts })
    }

    fn write(&mut self, writer: &mut AudioWriter, audio: &[Vec<f64>]) -> Result<(), SessionError> {
        writer.write(audio)?;
        self.meter.measure(audio).or_else(|error| wrong("meter", error))?;
        self.excerpts.hear(audio).or_else(|error| wrong("meter", error))
    }
}

fn pull(resampler: &mut Resampler, writer: &mut AudioWriter, heard: &mut Heard) -> Result<(), SessionError> {
    let mut block = [[0.0_f64; BLOCK]; 2];
    loop {
        let [left, right] = &mut block;
        let count = resampler.pull(&mut [&mut left[..], &mut right[..]])?;
        if count == 0 {
            return Ok(());
        }
        let pulled = heard.ends.push(&[&block[0][..count], &block[1][..count]]);
        let pulled = pulled.or_else(|error| wrong("target", error))?;
        heard.write(writer, &pulled)?;
    }
}
