//! A processor that no one wants to hear, with everything that a border has to carry: more inputs than
//! outputs or fewer, a sidechain, readings, a group.

use mixdsp::base::audio::Block;
use mixdsp::base::id::table_of;
use mixdsp::base::memory::Word;
use mixdsp::engine::kind::{Channels, Declared, Look, Preset, ProcessorKind, Run, Setup};
use mixdsp::params::{Asset, Group, ParamTable, Row, Scaling, Settings, Table};
use mixdsp::{Error, Id, NoConfig, Sample, Spec};
use mixdsp_c::{Class, RowTexts, Texts};

pub struct RouterKind;

const TABLE: u16 = table_of("Router");
pub const SHARE: Id = Id::new(TABLE, 1);
pub const ON: Id = Id::new(TABLE, 2);
pub const FRAMES_HEARD: Id = Id::new(TABLE, 2001);

const fn row(number: u16, key: &'static str, scaling: Scaling, maximum: f64) -> Row {
    let (name, doc, unit) = ("Name", "Text.", "");
    Row { table: TABLE, number, key, name, unit, minimum: 0.0, maximum, default: 0.0, scaling, doc }
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

impl Declared for RouterKind {
    const KEY: &'static str = "router";
    const TYPE_NAME: &'static str = "Router";
    const PATH: &'static str = "RouterKind";
    const LABEL: &'static str = "Router";
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
    const PRESETS: &'static [Preset] = &[];
    const CHANNELS: Channels = Channels::UpTo(24);
    const SIDECHAIN: bool = true;
    const ALLOCATES: bool = false;
    const ASSETS: &'static [Asset] = &[];
    type Prepared<T: Sample> = ();
    fn prepare<T: Sample>(_: &Spec, _: &RouterConfig, _: &dyn Settings) -> Result<(), Error> {
        Ok(())
    }
    type Config = RouterConfig;
    type Params = NoConfig;
    type Sizes = ();
    type Memory<'a, T: Sample> = ();
    type MemoryRef<'a, T: Sample> = ();
    fn sizes(_: &Spec, _: &RouterConfig) {}
    fn words<T: Sample>((): &()) -> usize {
        0
    }
    fn carve<T: Sample>(_: &mut [Word], (): &()) {}
    fn read<T: Sample>(_: &[Word], (): &()) {}
}

/// Each output is the input of its number, from the front again when there are fewer, plus the sidechain. The state
/// counts frames.
impl ProcessorKind for RouterKind {
    type Moving = ();
    type State<T: Sample> = usize;

    fn design(_: &Setup<'_, Self>) {}

    fn start<T: Sample>(_: &Setup<'_, Self>, (): ()) -> usize {
        0
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let Spec { inputs, outputs, .. } = *run.setup.spec;
        *run.state += block.frames();
        for channel in inputs..outputs {
            let from: Vec<T> = block.input(channel % inputs).to_vec();
            block.channel(channel).copy_from_slice(&from);
        }
        let sidechain = block.sidechain();
        for channel in 0..sidechain.channels() {
            for output in 0..outputs {
                let samples = block.channel(output).iter_mut().zip(sidechain.samples(channel));
                samples.for_each(|(sample, heard)| *sample = T::from_f64(sample.to_f64() + heard.to_f64()));
            }
        }
    }

    fn check(_: &Spec, _: &RouterConfig) -> Result<(), Error> {
        Ok(())
    }

    fn latency(_: &Setup<'_, Self>) -> usize {
        7
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        (look.setup.values[1] == 0.0).then_some(300)
    }

    fn reading<T: Sample>(look: Look<'_, Self, T>, _: Id) -> Option<f64> {
        (*look.state != 0).then_some(*look.state as f64)
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
