//! A processor that no one wants to hear, with everything that a border has to carry: more inputs than
//! outputs or fewer, a key, readings, a group.

use mixdsp::base::audio::{Block, Key};
use mixdsp::base::memory::Word;
use mixdsp::engine::kind::{Core, Setup};
use mixdsp::params::ramp::Change;
use mixdsp::params::{Group, ParamTable, Row, Scaling, Table};
use mixdsp::{Error, Gain, Id, Kind, NoConfig, Sample, Spec};
use mixdsp_c::{Class, RowTexts, Texts};

pub struct RouterKind;

const fn row(number: u16, key: &'static str, scaling: Scaling, maximum: f64) -> Row {
    Row { number, key, name: "Name", unit: "", minimum: 0.0, maximum, default: 0.0, scaling, doc: "Text." }
}

const BANDS: &[Row] = &[row(10, "level", Scaling::Linear, 1.0)];

#[derive(Clone, Copy, Debug)]
pub struct RouterConfig {
    bands: f64,
}

impl Default for RouterConfig {
    fn default() -> Self {
        Self { bands: 2.0 }
    }
}

impl Table for RouterConfig {
    const ROWS: &'static [Row] = &[Row { default: 2.0, ..row(1001, "bands", Scaling::Whole, 4.0) }];
    fn get(&self, _: usize) -> f64 {
        self.bands
    }
    fn put(&mut self, _: usize, value: f64) {
        self.bands = value;
    }
}

/// Each output is the input of its number, from the front again when there are fewer, plus the key.
#[derive(Debug)]
pub struct RouterCore {
    frames: usize,
}

impl Kind for RouterKind {
    const KEY: &'static str = "router";
    const NAME: &'static str = "Router";
    const DOC: &'static str = "Carries channels.";
    const PARAMS: ParamTable = ParamTable {
        rows: &[row(1, "share", Scaling::Linear, 1.0), row(2, "on", Scaling::Switch, 1.0)],
        groups: &[Group { key: "bands", rows: BANDS, count: "bands" }],
    };
    const READINGS: &'static [Row] = &[Row {
        minimum: f64::NEG_INFINITY,
        default: f64::NAN,
        ..row(2001, "frames", Scaling::Linear, f64::INFINITY)
    }];
    type Config = RouterConfig;
    type Core<T: Sample> = RouterCore;

    fn check(_: &Spec, _: &RouterConfig) -> Result<(), Error> {
        Ok(())
    }

    fn memory<T: Sample>(spec: &Spec, config: &RouterConfig) -> usize {
        // A gain has three parameters and nothing else.
        Gain::<T>::memory(spec, &NoConfig) / 3 * Self::PARAMS.count(config)
    }

    fn core<T: Sample>(_: &Setup<'_, RouterConfig>, _: &mut [Word]) -> RouterCore {
        RouterCore { frames: 0 }
    }
}

impl<T: Sample> Core<T> for RouterCore {
    type Config = RouterConfig;

    fn change(&mut self, _: &Setup<'_, RouterConfig>, _: &mut [Word], _: Id, _: Change) {}

    fn run(
        &mut self,
        setup: &Setup<'_, RouterConfig>,
        _: &mut [Word],
        mut block: Block<'_, '_, T>,
        key: Key<'_, T>,
    ) {
        self.frames += block.frames();
        for channel in setup.spec.inputs..setup.spec.outputs {
            let from: Vec<T> = block.input(channel % setup.spec.inputs).to_vec();
            block.channel(channel).copy_from_slice(&from);
        }
        for channel in 0..key.channels() {
            for output in 0..setup.spec.outputs {
                let samples = block.channel(output).iter_mut().zip(key.samples(channel));
                samples.for_each(|(sample, key)| *sample = T::from_f64(sample.to_f64() + key.to_f64()));
            }
        }
    }

    fn snap(&mut self, _: &Setup<'_, RouterConfig>, _: &mut [Word]) {}

    fn reset(&mut self, _: &Setup<'_, RouterConfig>, _: &mut [Word]) {
        self.frames = 0;
    }

    fn latency(&self, _: &Setup<'_, RouterConfig>) -> usize {
        7
    }

    fn tail(&self, setup: &Setup<'_, RouterConfig>, _: &[Word]) -> Option<usize> {
        (setup.values[1] == 0.0).then_some(300)
    }

    fn reading(&self, _: &Setup<'_, RouterConfig>, _: &[Word], _: Id) -> Option<f64> {
        (self.frames != 0).then_some(self.frames as f64)
    }
}

const fn texts(group: Option<&'static std::ffi::CStr>, key: &'static std::ffi::CStr) -> RowTexts {
    RowTexts { group, key, name: c"Name", unit: c"", doc: c"Text.", choices: &[] }
}

pub fn router() -> *const Class {
    static CLASS: Class = Class::of::<RouterKind>(&Texts {
        key: c"router",
        name: c"Router",
        doc: c"Carries channels.",
        rows: &[
            texts(None, c"bands"),
            texts(None, c"share"),
            texts(None, c"on"),
            texts(Some(c"bands"), c"level"),
            texts(None, c"frames"),
        ],
    });
    &raw const CLASS
}
