//! Ducker: turns down what it hears while something else is loud: music under a voice.
//!
//! ```text
//! sidechain or in --> filter --> |x| --> on or off --> depth or 0 --> attack, release --> gain
//! in --> wait for the look-ahead -------------------------------------------------------------(x)--> out
//! ```
//!
//! It is on when a sample of any channel of the sidechain reaches the threshold, and until none has reached
//! threshold - hysteresis for `hold_ms` and the look-ahead (`dsp::dynamics::trigger`): pauses that are shorter than the
//! hold change nothing. All channels are turned down alike. The gain moves in decibels, 63.2 % of the way in `attack_ms`
//! or `release_ms`, and begins smoothly (`dsp::envelope::smooth_ballistics`). Without a sidechain it listens to its input.
//!
//! Moving and state: `dsp::dynamics::switched`. Latency is the look-ahead. Cost: while the gain moves, five multiply-adds
//! in a recursion and one power per frame; nearly nothing while it rests.

mod params;

pub use params::{DuckerConfig, DuckerParams, DuckerReadings};

use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::base::units::decibels_to_gain;
use crate::dsp::dynamics::latest::Latest;
use crate::dsp::dynamics::switched::{self, Moving, Sizes, State, Switched, SwitchedRef, Times};
use crate::dsp::filter::band::Band;
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, Run, Setup};
use crate::params::ramp::Change;
use crate::params::{Id, Row};

processor! {
    /// Turns down by a depth while the sidechain is loud.
    /// As many channels out as in; with sidechain channels it listens to them.
    pub Ducker = DuckerKind {
        key: "ducker",
        label: "Ducker",
        params: DuckerParams,
        groups: [sidechain_bands: Band],
        config: DuckerConfig,
        readings: DuckerReadings,
        sidechain: true,
        memory: Switched / SwitchedRef by Sizes = sizes,
    }
}

const fn sizes(spec: &Spec, config: &DuckerConfig) -> Sizes {
    Sizes::new(spec, config.lookahead_ms, config.sidechain_bands)
}

fn times(setup: &Setup<'_, DuckerKind>) -> Times {
    let DuckerParams { attack_ms, hold_ms, release_ms, .. } = setup.params();
    Times { attack_ms, hold_ms, release_ms }
}

/// It turns down while it is on.
const OPENS: bool = false;

impl ProcessorKind for DuckerKind {
    type Moving = Moving;
    type State<T: Sample> = State;

    fn range(row: &Row, spec: &Spec, _: &DuckerConfig) -> (f64, f64) {
        switched::range(row, spec)
    }

    fn design(setup: &Setup<'_, Self>) -> Moving {
        let DuckerParams { threshold_db, hysteresis_db, depth_db, listen, .. } = setup.params();
        Moving {
            on: decibels_to_gain(threshold_db),
            off: decibels_to_gain(threshold_db - hysteresis_db),
            amount_db: depth_db,
            link: 1.0,
            listen: f64::from(u8::from(listen)),
        }
    }

    fn start<T: Sample>(setup: &Setup<'_, Self>, mut memory: Switched<'_, T>) -> State {
        let sizes = (setup.sizes, setup.spec.sample_rate);
        memory.start::<OPENS>(sizes, &Self::design(setup), times(setup), |band| setup.item(band))
    }

    fn change<T: Sample>(mut run: Run<'_, Self, T>, id: Id, change: Change) {
        let (setup, rate) = (&run.setup, run.setup.spec.sample_rate);
        if id.table() == Band::TABLE {
            let item = id.item() as usize;
            return run.memory.change_band(rate, (item, &setup.item(item)), change);
        }
        let design = Self::design(setup);
        run.memory.change(run.state, (setup.sizes, rate), design.link, times(setup));
        run.moving.change(design, change);
    }

    fn process<T: Sample>(mut run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        run.memory.run::<OPENS>(run.setup.spec.simd, run.state, run.moving, block);
    }

    fn flush_denormals<T: Sample>(mut run: Run<'_, Self, T>) {
        run.memory.flush_denormals();
    }

    fn latency(setup: &Setup<'_, Self>) -> usize {
        setup.sizes.lookahead()
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        Some(look.memory.tail(look.state, look.moving))
    }

    fn static_curve_db<T: Sample>(look: Look<'_, Self, T>, level_db: f64) -> Option<f64> {
        Some(level_db - look.setup.params().reduction_db(level_db))
    }

    fn reading<T: Sample>(look: Look<'_, Self, T>, id: Id) -> Option<f64> {
        latest(look.state, id)?.newest().filter(|_| id.item() == 0)
    }

    fn trace<T: Sample>(look: Look<'_, Self, T>, id: Id, out: &mut [f64]) -> usize {
        latest(look.state, id).map_or(0, |latest| latest.write(out))
    }
}

/// What is known of a reading.
fn latest(state: &State, id: Id) -> Option<&Latest> {
    match id.at(0).typed() {
        DuckerReadings::GAIN_REDUCTION_DB => Some(state.reductions_db()),
        DuckerReadings::DUCKING => Some(state.on()),
        _ => None,
    }
}
