//! The command line.

use lexopt::prelude::*;
use mixdsp::host::{MAX_LIMITING_RANGE_DB, MasterLimiter, TARGETS, Target};
use mixdsp::session::Style;
use std::path::PathBuf;

const HELP: &str = "\
Mixes and masters a folder of stems; without one it synthesises a song.

Usage: mix_and_master [FOLDER] [options]

  -o, --out FOLDER      where the results go             [target/mix_and_master]
      --target NAME     whose loudness and true peak     [-14 LUFS, -1 dBTP]
      --max-limiting DB the most limiting (99th percentile) for it   [9]
      --limiter NAME    offline or streaming             [offline]
      --rate HZ         sample rate of the master        [that of the stems]
      --bits 16|24|32f  how the master is stored         [24]
      --style NAME      pop, rock, electronic, acoustic, spoken_word   [pop]
      --session FILE    mixes by this session instead of a rough mix
      --overwrite       replaces results that are there; never a stem or a session
      --block FRAMES    frames mixed at a time; the result does not depend on it
  -h, --help            this text

Targets:";

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) folder: Option<PathBuf>,
    pub(crate) out: PathBuf,
    pub(crate) target: Option<&'static Target>,
    pub(crate) max_limiting_db: Option<f64>,
    pub(crate) limiter: Option<MasterLimiter>,
    pub(crate) rate: Option<u32>,
    pub(crate) bits: Option<String>,
    pub(crate) style: Style,
    pub(crate) session: Option<PathBuf>,
    pub(crate) overwrite: bool,
    pub(crate) block: Option<usize>,
}

impl Arguments {
    /// `None` when only help was asked for.
    pub(crate) fn read() -> Result<Option<Self>, lexopt::Error> {
        let mut found = Self {
            folder: None,
            out: PathBuf::from("target/mix_and_master"),
            target: None,
            max_limiting_db: None,
            limiter: None,
            rate: None,
            bits: None,
            style: Style::default(),
            session: None,
            overwrite: false,
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
                Long("max-limiting") => {
                    let text = parser.value()?.string()?;
                    let most = text.parse().ok().filter(|most| MAX_LIMITING_RANGE_DB.contains(most));
                    let (from, to) = (MAX_LIMITING_RANGE_DB.start(), MAX_LIMITING_RANGE_DB.end());
                    found.max_limiting_db = Some(
                        most.ok_or_else(|| format!("--max-limiting {text} is outside {from} to {to} dB"))?,
                    );
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
