//! Node trees that keep the same contracts as what the catalogue lists: each is an entry of its own.
//!
//! Every member is a unit of the catalogue. The words of a case are those of the outermost node.

use super::entry::{Entry, Range};
use mixdsp::catalogue::{AnyUnit, AnyWords, BoxedSample, Descriptor, find};
use mixdsp::compose::bands::BandsKind;
use mixdsp::compose::delta::DeltaKind;
use mixdsp::compose::parallel::ParallelKind;
use mixdsp::engine::kind::ResponseAt;
use mixdsp::params::{ParamTable, Place, Row, Settings};
use mixdsp::{
    Bands, CrossoverConfig, Delta, Error, Id, LeftRight, MidSidePaths, Oversampled, OversampledConfig,
    Oversampling, Parallel, ParallelParams, Processor, Spec,
};
use num_complex::Complex;
use std::fmt;

type Unit<T> = Box<dyn AnyUnit<T>>;

/// What is asked of a tree: how many words, or to be built in them.
pub(crate) enum Ask<'a> {
    Words,
    In(AnyWords<'a>),
}

/// What comes back.
pub(crate) enum Answer<'a, T> {
    Words(usize),
    Unit(Box<dyn AnyUnit<T> + 'a>),
}

type Build<T> = for<'a> fn(Spec, Ask<'a>) -> Result<Answer<'a, T>, Error>;

/// A tree of nodes for one sample type.
pub(crate) struct Tree<T> {
    pub(crate) build: Build<T>,
    /// Every parameter of every node.
    pub(crate) params: Vec<(Id, Place)>,
    /// Those whose movement is listened to: the node's own, or two of its members' where it has none. Not of what
    /// listens to its input, which hears another level here than by itself.
    pub(crate) steered: Vec<(Id, Place)>,
    /// Whether its members have one channel each.
    splits: bool,
    nodes: Nodes,
}

/// Its processors, in the order of the nodes.
type Nodes = Vec<(u16, &'static Descriptor, Vec<f64>)>;

impl<T> Tree<T> {
    /// Smallest and largest value of a row in the member that has it.
    pub(crate) fn range(&self, row: &Row, spec: &Spec) -> Range {
        let spec = if self.splits { Spec { inputs: 1, outputs: 1, ..*spec } } else { *spec };
        let has = |descriptor: &Descriptor| {
            let groups = descriptor.params.groups.iter().flat_map(|group| group.rows);
            descriptor.params.rows.iter().chain(groups).any(|known| known.id() == row.id())
        };
        let node = self.nodes.iter().find(|(_, descriptor, _)| has(descriptor));
        node.map_or_else(
            || row.range_at(spec.sample_rate),
            |(_, node, config)| node.range(row, &spec, config),
        )
    }
}

/// Every tree.
pub(crate) fn trees<T: BoxedSample>() -> impl Iterator<Item = Entry<T>> {
    let of = |key: &str, config: &[f64]| {
        let descriptor = find(key).expect("the catalogue has it");
        let config = if config.is_empty() { descriptor.default_config().collect() } else { config.to_vec() };
        (descriptor, config)
    };
    let own = |descriptor: Descriptor, config: &[f64]| {
        let descriptor: &'static Descriptor = Box::leak(Box::new(descriptor));
        (descriptor, config.to_vec())
    };
    let numbered = |nodes: Vec<(&'static Descriptor, Vec<f64>)>| -> Nodes {
        (0..).zip(nodes).map(|(node, (descriptor, config))| (node, descriptor, config)).collect()
    };
    let parallel = own(Descriptor::of::<ParallelKind>(), &[]);
    let delta = own(Descriptor::of::<DeltaKind>(), &[]);
    let bands = own(Descriptor::of::<BandsKind>(), &[3.0]);
    let mut of_bands = numbered(vec![
        bands.clone(),
        of("compressor", &[]),
        of("compressor", &LOOKAHEAD),
        of("compressor", &[]),
    ]);
    let (crossover, config) = of("crossover", &[2.0, 1.0]);
    of_bands.insert(1, (0, crossover, config));
    let all: Vec<(&'static str, bool, Build<T>, Nodes)> = vec![
        (
            "parallel_limiter_gain",
            false,
            parallel_limiter_gain::<T>,
            numbered(vec![parallel.clone(), of("limiter", &LIVE), of("gain", &[])]),
        ),
        (
            "mid_side_compressor",
            true,
            mid_side_compressor::<T>,
            numbered(vec![of("compressor", &[]), of("gain", &[]), of("align", &[37.0])]),
        ),
        (
            "left_right_equalizer",
            false,
            left_right_equalizer::<T>,
            numbered(vec![of("equalizer", &[2.0]), of("align", &[12.0])]),
        ),
        ("bands_of_compressors", true, bands_of_compressors::<T>, of_bands),
        (
            "delta_equalizer",
            false,
            delta_of::<T, Equalizer>,
            numbered(vec![delta.clone(), of("equalizer", &[2.0])]),
        ),
        ("delta_limiter", false, delta_of::<T, Limiter>, numbered(vec![delta, of("limiter", &LIVE)])),
        (
            "oversampled_compressor_gain",
            true,
            oversampled_compressor_gain::<T>,
            numbered(vec![of("compressor", &LOOKAHEAD), of("gain", &[])]),
        ),
        (
            "nested",
            false,
            nested::<T>,
            numbered(vec![
                parallel,
                of("equalizer", &[2.0]),
                of("align", &[64.0]),
                of("gain", &[]),
                of("limiter", &LIVE),
                of("one_pole", &[]),
            ]),
        ),
    ];
    all.into_iter().map(|(key, sidechain, build, nodes)| {
        let mut descriptor = Descriptor::of::<ParallelKind>();
        (descriptor.key, descriptor.sidechain) = (key, sidechain);
        descriptor.params = ParamTable { rows: &[], groups: &[] };
        let mut params = Vec::new();
        for (node, descriptor, config) in &nodes {
            descriptor
                .params
                .each(&descriptor.items(config), |id, place| params.push((id.in_node(*node), place)));
        }
        let splits = SPLITTING.contains(&key);
        let has_own = OWN.contains(&nodes[0].1.key);
        let listens = |node: u16| nodes.iter().any(|(at, processor, _)| *at == node && processor.sidechain);
        let calm = params.iter().filter(|(id, _)| if has_own { id.node() == 0 } else { !listens(id.node()) });
        let steered = calm.take(if has_own { usize::MAX } else { 2 }).copied().collect();
        Entry::of_tree(
            Box::leak(Box::new(descriptor)),
            Box::leak(Box::new(Tree { build, params, steered, splits, nodes })),
        )
    })
}

/// Nodes with parameters of their own.
const OWN: [&str; 3] = ["parallel", "delta", "bands"];
/// Trees whose members have one channel each.
const SPLITTING: [&str; 3] = ["mid_side_compressor", "left_right_equalizer", "nested"];
/// A short look-ahead, so that a limiter's latency is a few frames.
const LIVE: [f64; 1] = [1.5];
/// A compressor with look-ahead.
const LOOKAHEAD: [f64; 1] = [1.0];

fn unit<T: BoxedSample>(key: &str, spec: Spec, config: &[f64]) -> Result<Unit<T>, Error> {
    let descriptor = find(key).expect("the catalogue has it");
    let config = if config.is_empty() { descriptor.default_config().collect() } else { config.to_vec() };
    let spec = if descriptor.sidechain { spec } else { spec.with_sidechain(0) };
    descriptor.boxed(spec, &config, &())
}

fn answer<'a, T: BoxedSample, P: Processor<T> + Send + 'a>(
    ask: Ask<'a>,
    needed: usize,
    build: impl FnOnce(AnyWords<'a>) -> Result<P, Error>,
) -> Result<Answer<'a, T>, Error> {
    match ask {
        // What cannot be built needs no words.
        Ask::Words => build(AnyWords::Boxed(vec![0; needed].into())).map(|_| Answer::Words(needed)),
        Ask::In(words) => Ok(Answer::Unit(Box::new(Whole(build(words)?)))),
    }
}

fn parallel_limiter_gain<T: BoxedSample>(spec: Spec, ask: Ask<'_>) -> Result<Answer<'_, T>, Error> {
    let members = (unit::<T>("limiter", spec, &LIVE)?, unit::<T>("gain", spec, &[])?);
    let needed = Parallel::<T, _>::memory(&spec, &members);
    let params = ParallelParams { mix: 0.7, dry: true, ..Default::default() };
    answer(ask, needed, |words| Parallel::new_in(spec, members, params, words))
}

fn mid_side_compressor<T: BoxedSample>(spec: Spec, ask: Ask<'_>) -> Result<Answer<'_, T>, Error> {
    let one = one_channel(spec)?;
    let mid = unit::<T>("compressor", one, &[])?;
    let side = (unit::<T>("gain", one, &[])?, unit::<T>("align", one, &[37.0])?);
    let needed = MidSidePaths::<T, _, _>::memory(&mid, &side);
    answer(ask, needed, |words| MidSidePaths::new_in(spec, mid, side, words))
}

fn left_right_equalizer<T: BoxedSample>(spec: Spec, ask: Ask<'_>) -> Result<Answer<'_, T>, Error> {
    let one = one_channel(spec)?;
    let (left, right) = (unit::<T>("equalizer", one, &[2.0])?, unit::<T>("align", one, &[12.0])?);
    let needed = LeftRight::<T, _, _>::memory(&left, &right);
    answer(ask, needed, |words| LeftRight::new_in(spec, left, right, words))
}

/// The spec of a path of two channels' one.
fn one_channel(spec: Spec) -> Result<Spec, Error> {
    if spec.inputs != 2 || spec.outputs != 2 {
        return Err(Error::Channels { what: "inputs", value: spec.inputs, minimum: 2, maximum: 2 });
    }
    Ok(Spec { inputs: 1, outputs: 1, ..spec })
}

fn bands_of_compressors<T: BoxedSample>(spec: Spec, ask: Ask<'_>) -> Result<Answer<'_, T>, Error> {
    let compressor = |config: &[f64]| unit::<T>("compressor", spec, config);
    let members = (compressor(&[])?, compressor(&LOOKAHEAD)?, compressor(&[])?);
    let config = CrossoverConfig::bands(3);
    let [crossover, needed] = Bands::<T, _>::memory(&spec, &config, &members);
    let crossover = AnyWords::Boxed(vec![0; crossover].into_boxed_slice());
    answer(ask, needed, |words| Bands::new_in(spec, config, members, (), [crossover, words]))
}

/// What is inside a delta.
pub(crate) trait Inside {
    const KEY: &'static str;
    const CONFIG: &'static [f64];
}
struct Equalizer;
impl Inside for Equalizer {
    const KEY: &'static str = "equalizer";
    const CONFIG: &'static [f64] = &[2.0];
}
struct Limiter;
impl Inside for Limiter {
    const KEY: &'static str = "limiter";
    const CONFIG: &'static [f64] = &LIVE;
}

fn delta_of<T: BoxedSample, I: Inside>(spec: Spec, ask: Ask<'_>) -> Result<Answer<'_, T>, Error> {
    let inside = unit::<T>(I::KEY, spec, I::CONFIG)?;
    let needed = Delta::<T, _>::memory(&spec, &inside);
    answer(ask, needed, |words| Delta::new_in(spec, inside, (), words))
}

fn oversampled_compressor_gain<T: BoxedSample>(spec: Spec, ask: Ask<'_>) -> Result<Answer<'_, T>, Error> {
    // Above 192 kHz there is no room for twice the rate.
    let oversampling = if spec.sample_rate > 192_000.0 { Oversampling::Off } else { Oversampling::Twice };
    let config = OversampledConfig { oversampling, ..OversampledConfig::DEFAULT };
    let inner = Oversampled::<T, ()>::inner_spec(spec, &config)?;
    let members = (unit::<T>("compressor", inner, &LOOKAHEAD)?, unit::<T>("gain", inner, &[])?);
    let needed = Oversampled::<T, _>::memory(&spec, &config, &members);
    answer(ask, needed, |words| Oversampled::new_in(spec, config, members, words))
}

/// A chain and mid-side paths beside each other.
fn nested<T: BoxedSample>(spec: Spec, ask: Ask<'_>) -> Result<Answer<'_, T>, Error> {
    let one = one_channel(spec)?;
    let paths = MidSidePaths::<T, _, _>::new(
        spec,
        (unit::<T>("equalizer", one, &[2.0])?, unit::<T>("align", one, &[64.0])?),
        unit::<T>("gain", one, &[])?,
    )?;
    let chain: Vec<Unit<T>> = vec![unit("limiter", spec, &LIVE)?, unit("one_pole", spec, &[])?];
    let members: Vec<Box<dyn Processor<T> + Send>> = vec![Box::new(paths), Box::new(chain)];
    let needed = Parallel::<T, _>::memory(&spec, &members);
    answer(ask, needed, |words| Parallel::new_in(spec, members, (), words))
}

/// A tree as a unit without its type. It has no presets.
struct Whole<P>(P);

impl<T: BoxedSample, P: Processor<T>> Processor<T> for Whole<P> {
    fn process(&mut self, audio: &mut [&mut [T]], sidechain: &[&[T]]) -> Result<(), Error> {
        self.0.process(audio, sidechain)
    }
    fn reset(&mut self) {
        self.0.reset();
    }
    fn end_after(&mut self, frames: usize) {
        self.0.end_after(frames);
    }
    fn latency(&self) -> usize {
        self.0.latency()
    }
    fn tail(&self) -> Option<usize> {
        self.0.tail()
    }
    fn nodes(&self) -> u16 {
        self.0.nodes()
    }
    fn set(&mut self, id: Id, value: f64) -> Result<(), Error> {
        self.0.set(id, value)
    }
    fn glide(&mut self, id: Id, target: f64, frames: usize) -> Result<(), Error> {
        self.0.glide(id, target, frames)
    }
    fn get(&self, id: Id) -> Option<f64> {
        self.0.get(id)
    }
    fn trace(&self, id: Id, out: &mut [f64]) -> usize {
        self.0.trace(id, out)
    }
    fn response(&self, frequency_hz: f64, moment: ResponseAt) -> Option<Complex<f64>> {
        self.0.response(frequency_hz, moment)
    }
    fn sanitized_samples(&self) -> u64 {
        self.0.sanitized_samples()
    }
}

impl<T: BoxedSample, P: Processor<T> + Send> AnyUnit<T> for Whole<P> {
    fn set_all(&mut self, settings: &dyn Settings) -> Result<(), Error> {
        let mut result = Ok(());
        settings.each(&mut |id, value| result = result.and_then(|()| self.0.set(id, value)));
        result
    }
    fn write_preset(&self, _: &mut dyn fmt::Write) -> fmt::Result {
        Ok(())
    }
    fn read_preset(&mut self, _: &str) -> Result<(), Error> {
        Ok(())
    }
}
