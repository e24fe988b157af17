//! Gate: takes away what is softer than a threshold.
//!
//! ```text
//! sidechain or in --> filter --> |x| --> open or closed --> 0 or range --> link --> attack, release --> gain
//! in --> wait for the look-ahead ----------------------------------------------------------------------------(x)--> out
//! ```
//!
//! It opens at once when a sample reaches the threshold, and closes when none has reached threshold - hysteresis for
//! `hold_ms` and the look-ahead (`dsp::dynamics::trigger`). Between closed and open the gain moves in
//! decibels, 63.2 % of the way in `attack_ms` or `release_ms`, and begins smoothly
//! (`dsp::envelope::smooth_ballistics`). With a look-ahead of attack x ln(range / 1 dB) it is
//! within 1 dB of open when what opened it comes out. It begins closed.
//!
//! What it listens to tells `dsp::dynamics::detector`, how channels are linked and turned down
//! `gain_path`.
//!
//! Moving and state: `dsp::dynamics::switched`. Latency is the look-ahead. Cost: while the gain
//! moves, five multiply-adds in a recursion and one power per frame; nearly nothing while it rests; the same per channel once the link has been below 1.

mod params;

pub use params::{GateConfig, GateParams, GateReadings};

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
    /// Takes away what is softer than a threshold.
    /// As many channels out as in; with sidechain channels it listens to them.
    pub Gate = GateKind {
        key: "gate",
        label: "Gate",
        params: GateParams,
        groups: [sidechain_bands: Band],
        config: GateConfig,
        readings: GateReadings,
        sidechain: true,
        memory: Switched / SwitchedRef by Sizes = sizes,
    }
}

const fn sizes(spec: &Spec, config: &GateConfig) -> Sizes {
    Sizes::new(spec, config.lookahead_ms, config.sidechain_bands)
}

fn times(setup: &Setup<'_, GateKind>) -> Times {
    let GateParams { attack_ms, hold_ms, release_ms, .. } = setup.params();
    Times { attack_ms, hold_ms, release_ms }
}

/// It is on while it is open, and turns down while it is not.
const OPENS: bool = true;

impl ProcessorKind for GateKind {
    type Moving = Moving;
    type State<T: Sample> = State;

    fn range(row: &Row, spec: &Spec, _: &GateConfig) -> (f64, f64) {
        switched::range(row, spec)
    }

    fn design(setup: &Setup<'_, Self>) -> Moving {
        let GateParams { threshold_db, hysteresis_db, range_db, link, listen, .. } = setup.params();
        Moving {
            on: decibels_to_gain(threshold_db),
            off: decibels_to_gain(threshold_db - hysteresis_db),
            amount_db: range_db,
            link,
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
        GateReadings::GAIN_REDUCTION_DB => Some(state.reductions_db()),
        GateReadings::OPEN => Some(state.on()),
        _ => None,
    }
}
