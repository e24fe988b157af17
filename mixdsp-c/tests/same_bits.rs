//! What C hears is what Rust hears, to the bit: every processor, both sample types, random rates, channels,
//! config, parameters, changes, glides and blocks, at the best and at the baseline vector instructions.

mod common;

use common::random::Random;
use common::{LEFT_OUT, Unit, with_settings};
use mixdsp::catalogue::{ALL, BoxedSample, Descriptor};
use mixdsp::engine::kind::ResponseAt;
use mixdsp::params::Place;
use mixdsp::{Id, Processor, Sample, SimdLevel, Spec};
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

trait Both: BoxedSample {
    const TYPE: u32;
    fn process(unit: &Unit, audio: &mut [Vec<Self>], sidechain: &mut [Vec<Self>]) -> Status;
    fn bits(self) -> u64;
}
impl Both for f32 {
    const TYPE: u32 = RawSpec::F32;
    fn process(unit: &Unit, audio: &mut [Vec<Self>], sidechain: &mut [Vec<Self>]) -> Status {
        unit.process(audio, sidechain)
    }
    fn bits(self) -> u64 {
        self.to_bits().into()
    }
}
impl Both for f64 {
    const TYPE: u32 = RawSpec::F64;
    fn process(unit: &Unit, audio: &mut [Vec<Self>], sidechain: &mut [Vec<Self>]) -> Status {
        unit.process_f64(audio, sidechain)
    }
    fn bits(self) -> u64 {
        self.to_bits()
    }
}

#[test]
fn every_processor_gives_the_same_bits() {
    let known: Vec<_> = ALL.iter().filter(|descriptor| !LEFT_OUT.contains(&descriptor.key)).collect();
    assert_eq!(known.len(), classes::ALL.len(), "an accessor for each processor");
    for (descriptor, (key, class)) in known.into_iter().zip(classes::ALL) {
        assert_eq!(*key, descriptor.key);
        let mut compared = [0, 0];
        for seed in 0..50 * ROUNDS {
            if compared[0] < ROUNDS {
                compared[0] += compare::<f32>(descriptor, class(), seed) as u64;
            }
            if compared[1] < ROUNDS {
                compared[1] += compare::<f64>(descriptor, class(), seed) as u64;
            }
        }
        println!("{key}: {ROUNDS} random units of float and of double compared");
        assert_eq!(compared, [ROUNDS; 2], "{key}: too many specs were refused");
    }
}

/// A parameter: id, place, range.
type Param = (Id, Place, (f64, f64));

/// All parameters of a unit.
fn params(descriptor: &Descriptor, spec: &Spec, config: &[f64]) -> Vec<Param> {
    let mut params = Vec::new();
    let each = |id, place: Place| params.push((id, place, descriptor.range(place.row, spec, config)));
    descriptor.params.each(&descriptor.items(config), each);
    params
}

/// Compares one random unit; false when both refuse it.
fn compare<T: Both>(descriptor: &Descriptor, class: *const Class, seed: u64) -> bool {
    let random = &mut Random::new(seed + 1);
    let rate = random.pick(&[8_000.0, 44_100.0, 48_000.0, 96_000.0, 384_000.0]);
    let inputs = random.pick(&[1, 2, 2, 2, 6]);
    let outputs = match random.below(8) {
        0 => random.pick(&[1, 2, 4]),
        // what cuts into bands
        1 | 2 => inputs * random.pick(&[2, 2, 3, 4]),
        _ => inputs,
    };
    let (inputs, outputs) = match descriptor.key {
        // These know loudspeakers.
        "vbap" => (1, random.pick(&[6, 6, 8, 10, 12])),
        "fold_down" => (random.pick(&[6, 8, 10, 12]), random.pick(&[1, 2, 2, 6])),
        _ => (inputs, outputs),
    };
    let sidechain = random.pick(&[0, 0, 1, 2]);
    let is_baseline = random.below(3) == 0;
    let mut config: Vec<f64> = descriptor.default_config().collect();
    let mut settings = Vec::new();
    for (at, row) in descriptor.config.iter().enumerate() {
        // What would allocate is refused here.
        let is_heapless = !(descriptor.key == "crossover" && row.key == "phase");
        if is_heapless && random.below(2) == 0 {
            // From the lower end, so that memory stays small.
            let value = random.value(row, (row.minimum, row.maximum.min(row.default.max(16.0))));
            config[at] = value;
            settings.push(Setting::new(row.id(), value));
        }
    }
    let level = if is_baseline { SimdLevel::baseline() } else { mixdsp_c::simd::best() };
    let spec = Spec { sample_rate: rate, inputs, outputs, sidechain, simd: level };
    let params = params(descriptor, &spec, &config);
    let mut values = Vec::new();
    for (id, place, range) in &params {
        if random.below(2) == 0 {
            let value = random.value(place.row, *range);
            values.push((*id, value));
            settings.push(Setting::new(*id, value));
        }
    }
    let raw = RawSpec {
        sample_type: T::TYPE,
        flags: if is_baseline { RawSpec::BASELINE } else { 0 },
        inputs: inputs as u16,
        outputs: outputs as u16,
        sidechain: sidechain as u16,
        ..with_settings(RawSpec::new(rate, 1), &settings)
    };
    if common::bytes(class, &raw) > MOST_BYTES {
        return false;
    }
    let rust = descriptor.boxed::<T>(spec, &config, &&values[..]);
    let unit = Unit::new(class, &raw);
    assert_eq!(
        rust.as_ref().map(|_| ()).map_err(|e| Status::from(*e)),
        unit.as_ref().map(|_| ()).map_err(|e| *e)
    );
    let (Ok(mut rust), Ok(unit)) = (rust, unit) else { return false };
    assert_eq!(unit.latency(), rust.latency() as u64);
    assert_eq!(unit.tail(), tail(&*rust));
    for block in 0..BLOCKS {
        change(random, &params, &unit, &mut *rust);
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
        let mut heard: Vec<Vec<T>> = (0..sidechain).map(|_| random.noise(frames)).collect();
        let heard_slices: Vec<&[T]> = heard.iter().map(|channel| &channel[..]).collect();
        let mut slices: Vec<&mut [T]> = r.iter_mut().map(|channel| &mut channel[..]).collect();
        rust.process(&mut slices, &heard_slices).expect("a sound block");
        assert_eq!(T::process(&unit, &mut c, &mut heard), Status::OK);
        for channel in 0..outputs {
            for frame in 0..frames {
                let (c, r) = (c[channel][frame].bits(), r[channel][frame].bits());
                assert_eq!(
                    c, r,
                    "{} seed {seed} block {block} channel {channel} frame {frame}",
                    descriptor.key
                );
            }
        }
        assert_eq!(unit.sanitized_samples(), rust.sanitized_samples());
        assert_eq!(unit.tail(), tail(&*rust));
        for (id, ..) in &params {
            assert_eq!(unit.get(*id).ok(), rust.get(*id), "{} {id:?} in block {block}", descriptor.key);
        }
        for at in [ResponseAt::Settled, ResponseAt::Now] {
            let frequency = random.share() * rate / 2.0;
            assert_eq!(unit.response(frequency, at).ok(), rust.response(frequency, at));
        }
        for row in descriptor.readings.iter().filter(|_| block % 4 == 3) {
            let (c, r) = (unit.get(row.id()).ok(), rust.get(row.id()));
            assert_eq!(c.map(f64::to_bits), r.map(f64::to_bits), "{} {}", descriptor.key, row.key);
        }
    }
    true
}

fn tail<T: Sample>(unit: &(impl Processor<T> + ?Sized)) -> u64 {
    unit.tail().map_or(u64::MAX, |frames| frames as u64)
}

/// Some changes: C in any order, some twice; Rust in the order of the ids, the last of each.
fn change<T: Sample>(
    random: &mut Random,
    params: &[Param],
    unit: &Unit,
    rust: &mut (impl Processor<T> + ?Sized),
) {
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
            assert_eq!(unit.glide(*id, value, frames), Status::OK);
            entry.1 = Some((value, frames));
        } else {
            assert_eq!(unit.set(*id, value), Status::OK);
            assert_eq!(unit.get(*id), Ok(value), "at once, before any block");
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
