//! What C hears is what Rust hears, to the bit: every processor, both sample types, random rates, channels,
//! config, parameters, changes, glides and blocks, at the best and at the baseline vector instructions.

mod common;

use common::random::Random;
use common::{LEFT_OUT, Unit, with_settings};
use mixdsp::catalogue::{Visitor, visit_all};
use mixdsp::engine::kind::Moment;
use mixdsp::params::{Place, Table};
use mixdsp::{Id, Kind, Processor, Sample, SimdLevel, Spec};
use mixdsp_c::{Class, RawSpec, Setting, Status, classes};
use std::collections::BTreeMap;

const ROUNDS: u64 = match () {
    _ if cfg!(miri) => 1,
    _ => 10,
};
/// Blocks that each unit hears.
const BLOCKS: usize = if cfg!(miri) { 12 } else { 24 };
/// Units of more memory are left to other tests.
const MOST_BYTES: usize = 16 << 20;

trait Both: Sample {
    const TYPE: u32;
    fn process(unit: &Unit, audio: &mut [Vec<Self>], key: &mut [Vec<Self>]) -> Status;
    fn bits(self) -> u64;
}
impl Both for f32 {
    const TYPE: u32 = RawSpec::F32;
    fn process(unit: &Unit, audio: &mut [Vec<Self>], key: &mut [Vec<Self>]) -> Status {
        unit.process(audio, key)
    }
    fn bits(self) -> u64 {
        self.to_bits().into()
    }
}
impl Both for f64 {
    const TYPE: u32 = RawSpec::F64;
    fn process(unit: &Unit, audio: &mut [Vec<Self>], key: &mut [Vec<Self>]) -> Status {
        unit.process_f64(audio, key)
    }
    fn bits(self) -> u64 {
        self.to_bits()
    }
}

struct Compare {
    classes: std::slice::Iter<'static, (&'static str, classes::Accessor)>,
}

impl Visitor for Compare {
    fn visit<K: Kind>(&mut self, _path: &'static str) {
        if LEFT_OUT.contains(&K::KEY) {
            return;
        }
        let (key, class) = *self.classes.next().expect("an accessor for each processor");
        assert_eq!(key, K::KEY);
        let mut compared = [0, 0];
        for seed in 0..50 * ROUNDS {
            if compared[0] < ROUNDS {
                compared[0] += compare::<K, f32>(class(), seed) as u64;
            }
            if compared[1] < ROUNDS {
                compared[1] += compare::<K, f64>(class(), seed) as u64;
            }
        }
        println!("{key}: {ROUNDS} random units of float and of double compared");
        assert_eq!(compared, [ROUNDS; 2], "{key}: too many specs were refused");
    }
}

#[test]
fn every_processor_gives_the_same_bits() {
    let mut compare = Compare { classes: classes::ALL.iter() };
    visit_all(&mut compare);
    assert!(compare.classes.next().is_none(), "an accessor without a processor");
}

/// A parameter: id, place, range.
type Param = (Id, Place, (f64, f64));

/// All parameters of a unit.
fn params<K: Kind>(spec: &Spec, config: &K::Config) -> Vec<Param> {
    let mut params = Vec::new();
    K::PARAMS.each(config, |id, place| params.push((id, place, K::range(place.row, spec, config))));
    params
}

/// Compares one random unit; false when both refuse it.
fn compare<K: Kind, T: Both>(class: *const Class, seed: u64) -> bool {
    let random = &mut Random::new(seed + 1);
    let rate = random.pick(&[8_000.0, 44_100.0, 48_000.0, 96_000.0, 384_000.0]);
    let inputs = random.pick(&[1, 2, 2, 2, 6]);
    let outputs = match random.below(8) {
        0 => random.pick(&[1, 2, 4]),
        // what cuts into bands
        1 | 2 => inputs * random.pick(&[2, 2, 3, 4]),
        _ => inputs,
    };
    let keys = random.pick(&[0, 0, 1, 2]);
    let is_baseline = random.below(3) == 0;
    let mut config = K::Config::default();
    let mut settings = Vec::new();
    for (at, row) in K::Config::ROWS.iter().enumerate() {
        if random.below(2) == 0 {
            // From the lower end, so that memory stays small.
            let value = random.value(row, (row.minimum, row.maximum.min(row.default.max(16.0))));
            config.put(at, value);
            settings.push(Setting::new(row.id().raw(), value));
        }
    }
    let level = if is_baseline { SimdLevel::baseline() } else { mixdsp_c::simd::best() };
    let spec = Spec { sample_rate: rate, inputs, outputs, keys, simd: level };
    let params = params::<K>(&spec, &config);
    let mut values = Vec::new();
    for (id, place, range) in &params {
        if random.below(2) == 0 {
            let value = random.value(place.row, *range);
            values.push((*id, value));
            settings.push(Setting::new(id.raw(), value));
        }
    }
    let raw = RawSpec {
        sample_type: T::TYPE,
        flags: if is_baseline { RawSpec::BASELINE } else { 0 },
        inputs: inputs as u16,
        outputs: outputs as u16,
        keys: keys as u16,
        ..with_settings(RawSpec::new(rate, 1), &settings)
    };
    if common::bytes(class, &raw) > MOST_BYTES {
        return false;
    }
    let words = mixdsp::Unit::<K, T, Vec<u64>>::words_needed(&spec, &config);
    let unit = Unit::new(class, &raw);
    assert_eq!(words.map(|_| ()).map_err(Status::from), unit.as_ref().map(|_| ()).map_err(|e| *e));
    let (Ok(words), Ok(unit)) = (words, unit) else { return false };
    let mut rust =
        mixdsp::Unit::<K, T, _>::new_in(spec, config, &values[..], vec![0u64; words]).expect("a unit");
    assert_eq!(unit.latency(), rust.latency() as u64);
    assert_eq!(unit.tail(), tail(&rust));
    for block in 0..BLOCKS {
        change(random, &params, &unit, &mut rust);
        if random.below(12) == 0 {
            rust.reset();
            assert_eq!(unit.reset(), Status::OK);
        }
        let frames = random.pick(&[0, 1, 7, 64, 500, 1300]);
        let channels = inputs.max(outputs);
        let mut c: Vec<Vec<T>> = (0..channels).map(|_| random.noise(frames)).collect();
        for unheard in &mut c[inputs..] {
            unheard.fill(T::ZERO);
        }
        if frames > 5 && random.below(4) == 0 {
            c[0][5] = T::from_f64(random.pick(&[f64::NAN, f64::INFINITY, -1e30]));
        }
        let mut r = c.clone();
        let mut key: Vec<Vec<T>> = (0..keys).map(|_| random.noise(frames)).collect();
        let key_slices: Vec<&[T]> = key.iter().map(|channel| &channel[..]).collect();
        let mut slices: Vec<&mut [T]> = r.iter_mut().map(|channel| &mut channel[..]).collect();
        rust.process(&mut slices, &key_slices).expect("a sound block");
        assert_eq!(T::process(&unit, &mut c, &mut key), Status::OK);
        for channel in 0..outputs {
            for frame in 0..frames {
                let (c, r) = (c[channel][frame].bits(), r[channel][frame].bits());
                assert_eq!(c, r, "{} seed {seed} block {block} channel {channel} frame {frame}", K::KEY);
            }
        }
        assert_eq!(unit.faults(), rust.faults());
        assert_eq!(unit.tail(), tail(&rust));
        for (id, ..) in &params {
            assert_eq!(unit.get(id.raw()).ok(), rust.get(*id), "{} {id:?} in block {block}", K::KEY);
        }
        for moment in [Moment::Settled, Moment::Now] {
            let frequency = random.share() * rate / 2.0;
            assert_eq!(unit.response(frequency, moment as u32).ok(), rust.response(frequency, moment));
        }
        for row in K::READINGS.iter().filter(|_| block % 4 == 3) {
            let (c, r) = (unit.get(row.id().raw()).ok(), rust.get(row.id()));
            assert_eq!(c.map(f64::to_bits), r.map(f64::to_bits), "{} {}", K::KEY, row.key);
        }
    }
    true
}

fn tail<T: Sample>(unit: &impl Processor<T>) -> u64 {
    unit.tail().map_or(u64::MAX, |frames| frames as u64)
}

/// Some changes: C in any order, some twice; Rust in the order of the ids, the last of each.
fn change<T: Sample>(random: &mut Random, params: &[Param], unit: &Unit, rust: &mut impl Processor<T>) {
    /// Set, then glide to, in so many frames.
    type Wanted = (Option<f64>, Option<(f64, u32)>);
    let mut wanted: BTreeMap<usize, Wanted> = BTreeMap::new();
    let count = random.pick(&[0, 0, 1, 1, 2, 8]);
    for _ in (0..count).filter(|_| !params.is_empty()) {
        let at = random.below(params.len());
        let (id, place, range) = &params[at];
        let value = random.value(place.row, *range);
        let entry = wanted.entry(at).or_default();
        if place.row.is_continuous() && random.below(3) == 0 {
            let frames = random.pick(&[1, 16, 100, 3000]);
            assert_eq!(unit.glide(id.raw(), value, frames), Status::OK);
            entry.1 = Some((value, frames));
        } else {
            assert_eq!(unit.set(id.raw(), value), Status::OK);
            assert_eq!(unit.get(id.raw()), Ok(value), "at once, before any block");
            *entry = (Some(value), None);
        }
    }
    for (at, (set, glide)) in wanted {
        let (id, ..) = params[at];
        if let Some(value) = set {
            rust.set(id, value).expect("in range");
        }
        if let Some((target, frames)) = glide {
            rust.glide(id, target, frames as usize).expect("in range");
        }
    }
}
