//! The command line.

use lexopt::prelude::*;
use mixdsp::host::{
    Amount, EndsSettings, LOUDNESS_RANGE_LUFS, MAX_CLIPPING_RANGE_DB, MAX_LIMITING_RANGE_DB, MasterLimiter,
    TARGETS, Target,
};
use mixdsp::session::Style;
use std::ops::RangeInclusive;
use std::path::PathBuf;

const HELP: &str = "\
Mixes and masters a folder of stems; without one it synthesises a song.

Usage: mix_and_master [FOLDER] [options]

  -o, --out FOLDER      where the results go             [target/mix_and_master]
      --target NAME     whose loudness and true peak     [-14 LUFS, -1 dBTP]
      --lufs LUFS       loudness, in place of the target's
      --max-limiting DB the most limiting (99th percentile) for it   [9]
      --max-clipping DB the most clipping, counted alike [3]
      --compression DB  bus compression: auto, off or decibels       [auto]
      --clipping DB     over which the clipper takes: auto, off or decibels over the ceiling   [auto]
      --limiter NAME    offline or streaming             [offline]
      --trim S,S        seconds to be cut off both ends  [0,0]
      --fade S,S        seconds that both ends fade      [0,0]
      --rate HZ         sample rate of the master        [that of the stems]
      --bits 16|24|32f  how the master is stored         [24]
      --style NAME      pop, rock, electronic, acoustic, spoken_word   [pop]
      --session FILE    mixes by this session instead of a rough mix
      --overwrite       replaces results that are there; never a stem or a session
      --block FRAMES    frames mixed at a time; the result does not depend on it
      --stems           also writes stems that sum to the master
  -h, --help            this text

Targets:";

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) folder: Option<PathBuf>,
    pub(crate) out: PathBuf,
    pub(crate) target: Option<&'static Target>,
    pub(crate) lufs: Option<f64>,
    pub(crate) max_limiting_db: Option<f64>,
    pub(crate) max_clipping_db: Option<f64>,
    pub(crate) compression_db: Option<Amount>,
    pub(crate) clipping_over_db: Option<Amount>,
    pub(crate) ends: Option<EndsSettings>,
    pub(crate) limiter: Option<MasterLimiter>,
    pub(crate) rate: Option<u32>,
    pub(crate) bits: Option<String>,
    pub(crate) style: Style,
    pub(crate) session: Option<PathBuf>,
    pub(crate) overwrite: bool,
    pub(crate) stems: bool,
    pub(crate) block: Option<usize>,
}

impl Arguments {
    /// `None` when only help was asked for.
    pub(crate) fn read() -> Result<Option<Self>, lexopt::Error> {
        let mut found = Self {
            folder: None,
            out: PathBuf::from("target/mix_and_master"),
            target: None,
            lufs: None,
            max_limiting_db: None,
            max_clipping_db: None,
            compression_db: None,
            clipping_over_db: None,
            ends: None,
            limiter: None,
            rate: None,
            bits: None,
            style: Style::default(),
            session: None,
            overwrite: false,
            stems: false,
            block: None,
        };
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Short('h') | Long("help") => {
                    println!("{HELP}");
                    for target in TARGETS {
                        println!(
                            "  {:16}  {:>5} LUFS, {:>4} dBTP   {}",
                            target.key, target.loudness_lufs, target.true_peak_dbtp, target.name
                        );
                    }
                    return Ok(None);
                }
                Short('o') | Long("out") => found.out = parser.value()?.into(),
                Long("target") => {
                    let key = parser.value()?.string()?;
                    let keys: Vec<&str> = TARGETS.iter().map(|target| target.key).collect();
                    let target = Target::find(&key);
                    let target =
                        target.ok_or_else(|| format!("--target {key}: none of {}", keys.join(", ")))?;
                    found.target = Some(target);
                }
                Long("lufs") => {
                    found.lufs = Some(within(&mut parser, "lufs", LOUDNESS_RANGE_LUFS, "LUFS")?);
                }
                Long("max-limiting") => {
                    found.max_limiting_db =
                        Some(within(&mut parser, "max-limiting", MAX_LIMITING_RANGE_DB, "dB")?);
                }
                Long("max-clipping") => {
                    found.max_clipping_db =
                        Some(within(&mut parser, "max-clipping", MAX_CLIPPING_RANGE_DB, "dB")?);
                }
                Long("compression") => found.compression_db = Some(amount(&mut parser, "compression")?),
                Long("clipping") => found.clipping_over_db = Some(amount(&mut parser, "clipping")?),
                Long("trim") => {
                    let ends = found.ends.get_or_insert_default();
                    [ends.trim_start_seconds, ends.trim_end_seconds] = pair(&mut parser, "trim")?;
                }
                Long("fade") => {
                    let ends = found.ends.get_or_insert_default();
                    [ends.fade_in_seconds, ends.fade_out_seconds] = pair(&mut parser, "fade")?;
                }
                Long("limiter") => {
                    let key = parser.value()?.string()?;
                    let limiter = MasterLimiter::find(&key);
                    let names = MasterLimiter::ALL.map(MasterLimiter::key).join(", ");
                    found.limiter = Some(limiter.ok_or_else(|| format!("--limiter {key}: none of {names}"))?);
                }
                Long("rate") => {
                    let text = parser.value()?.string()?;
                    let rate = text.parse().ok().filter(|rate| (8_000..=384_000).contains(rate));
                    found.rate =
                        Some(rate.ok_or_else(|| format!("--rate {text} is outside 8000 to 384000 Hz"))?);
                }
                Long("bits") => {
                    let text = parser.value()?.string()?;
                    if !["16", "24", "32f"].contains(&text.as_str()) {
                        return Err(format!("--bits {text}: none of 16, 24, 32f").into());
                    }
                    found.bits = Some(text);
                }
                Long("style") => {
                    let key = parser.value()?.string()?;
                    let names = Style::ALL.map(Style::key).join(", ");
                    found.style =
                        Style::find(&key).ok_or_else(|| format!("--style {key}: none of {names}"))?;
                }
                Long("stems") => found.stems = true,
                Long("overwrite") => found.overwrite = true,
                Long("session") => found.session = Some(parser.value()?.into()),
                Long("block") => {
                    let text = parser.value()?.string()?;
                    let block = text.parse().ok().filter(|block| (1..=1_000_000).contains(block));
                    found.block =
                        Some(block.ok_or_else(|| format!("--block {text} is outside 1 to 1000000 frames"))?);
                }
                Value(folder) if found.folder.is_none() => found.folder = Some(folder.into()),
                other => return Err(other.unexpected()),
            }
        }
        Ok(Some(found))
    }
}

/// A number within a range.
fn within(
    parser: &mut lexopt::Parser,
    name: &str,
    range: RangeInclusive<f64>,
    unit: &str,
) -> Result<f64, lexopt::Error> {
    let text = parser.value()?.string()?;
    let number = text.parse().ok().filter(|number| range.contains(number));
    let (from, to) = (range.start(), range.end());
    Ok(number.ok_or_else(|| format!("--{name} {text} is outside {from} to {to} {unit}"))?)
}

/// How much a step takes.
fn amount(parser: &mut lexopt::Parser, name: &str) -> Result<Amount, lexopt::Error> {
    let text = parser.value()?.string()?;
    Ok(Amount::parse(&text).map_err(|error| format!("--{name} {error}"))?)
}

/// Seconds of the beginning and of the end.
fn pair(parser: &mut lexopt::Parser, name: &str) -> Result<[f64; 2], lexopt::Error> {
    let text = parser.value()?.string()?;
    let parts: Vec<f64> = text.split(',').filter_map(|part| part.parse().ok()).collect();
    match parts[..] {
        [start, end] => Ok([start, end]),
        _ => Err(format!("--{name} {text}: two numbers of seconds are needed, as in 0.5,2").into()),
    }
}
