//! Progress: a bar on a terminal, plain lines otherwise.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicU64, Ordering};

const STEPS: u64 = 1000;

pub(crate) struct Progress {
    terminal: bool,
}

/// One stage of a run.
pub(crate) struct Stage {
    name: &'static str,
    bar: Option<ProgressBar>,
    /// Quarters that were told in plain lines.
    told: AtomicU64,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self { terminal: std::io::stderr().is_terminal() }
    }

    pub(crate) fn stage(&self, name: &'static str) -> Stage {
        let bar = self.terminal.then(|| {
            let bar = ProgressBar::with_draw_target(Some(STEPS), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{prefix:10} {bar:40} {percent:>3} %  {msg}");
            if let Ok(style) = style {
                bar.set_style(style);
            }
            bar.set_prefix(name);
            bar
        });
        Stage { name, bar, told: AtomicU64::new(0) }
    }
}

impl Stage {
    /// Tells the share that is done, 0 to 1.
    pub(crate) fn set(&self, share: f64) {
        match &self.bar {
            Some(bar) => bar.set_position((share.clamp(0.0, 1.0) * STEPS as f64) as u64),
            None => {
                let quarter = (share.clamp(0.0, 1.0) * 4.0) as u64;
                if self.told.fetch_max(quarter, Ordering::Relaxed) < quarter && quarter < 4 {
                    eprintln!("{}: {} %", self.name, quarter * 25);
                }
            }
        }
    }

    /// A word beside the bar.
    pub(crate) fn note(&self, text: &str) {
        if let Some(bar) = &self.bar
            && bar.message() != text
        {
            bar.set_message(text.to_string());
        }
    }

    pub(crate) fn done(&self) {
        match &self.bar {
            Some(bar) => bar.finish(),
            None => eprintln!("{}: done", self.name),
        }
    }
}
