//! Random settings within their declared ranges, and cases: a spec, a config and parameters for one kind.

use super::entry::{Entry, Range};
use super::{Random, seed_of};
use mixdsp::catalogue::{AnyUnit, AnyWords, BoxedSample};
use mixdsp::params::{Place, Row, Scaling};
use mixdsp::{Id, SimdLevel, Spec};
use std::fmt;

/// A unit that owns its words.
pub(crate) type Owned<T> = Box<dyn AnyUnit<T>>;

/// The value at a share, 0 to 1, of a range, as the row's scaling runs.
pub(crate) fn value_at(row: &Row, (low, high): Range, share: f64) -> f64 {
    let value = match row.scaling {
        Scaling::Linear => low + (high - low) * share,
        Scaling::Logarithmic | Scaling::Frequency if low > 0.0 => low * (high / low).powf(share),
        Scaling::Logarithmic | Scaling::Frequency => low + (high - low) * share * share,
        _ => (low + (high - low) * share).round(),
    };
    value.clamp(low, high)
}

/// The default, or what is nearest to it in the range.
pub(crate) fn default_in(row: &Row, (low, high): Range) -> f64 {
    row.default.clamp(low, high)
}

/// Any value of a row; one in four is an end or the default.
pub(crate) fn random_value(row: &Row, range: Range, random: &mut Random) -> f64 {
    match random.below(12) {
        0 => range.0,
        1 => range.1,
        2 => default_in(row, range),
        _ => value_at(row, range, random.share()),
    }
}

/// A value from the middle half of a row's range; switches and choices take any.
pub(crate) fn middle_value(row: &Row, range: Range, random: &mut Random) -> f64 {
    let share = random.share();
    value_at(row, range, if row.is_continuous() { 0.25 + 0.5 * share } else { share })
}

/// A config by row.
pub(crate) fn config_by(rows: &[Row], value: impl FnMut(&Row) -> f64) -> Vec<f64> {
    rows.iter().map(value).collect()
}

/// Name of the sample type.
pub(crate) fn sample_name<T: BoxedSample>() -> &'static str {
    if size_of::<T>() == 4 { "f32" } else { "f64" }
}

/// Most words of a random case, 8 MB: enough for any code path, and quick to clear.
const MOST_WORDS: usize = 1 << 20;

/// Inputs, outputs and keys that are worth trying with so many channels.
fn shapes(channels: usize) -> [[usize; 3]; 12] {
    let c = channels;
    // What cuts into bands has so many times as many outputs as inputs; a share that is none is refused.
    let share = |bands: usize| [c / bands, if c.is_multiple_of(bands) { c } else { 0 }, 0];
    let [two, three, four, six] = [2, 3, 4, 6].map(share);
    let plain = [c, c, 0];
    [plain, plain, [c, c, c], [c, c, 1], [1, c, 0], [c, 1, 0], [c, 2, 0], [2, c, 1], two, three, four, six]
}

fn spec(sample_rate: f64, [inputs, outputs, keys]: [usize; 3]) -> Spec {
    Spec::new(sample_rate, inputs).with_outputs(outputs).with_sidechain(keys)
}

/// Every spec that a kind takes with so many channels and this config.
pub(crate) fn specs<T: BoxedSample>(
    entry: &Entry<T>,
    sample_rate: f64,
    channels: usize,
    config: &[f64],
) -> Vec<Spec> {
    let all = shapes(channels).map(|shape| spec(sample_rate, shape));
    all.into_iter().filter(|spec| entry.words(spec, config).is_ok()).collect()
}

/// What a unit is built with, and the seed that it came from.
#[derive(Clone)]
pub(crate) struct Case<T: BoxedSample> {
    pub(crate) entry: Entry<T>,
    pub(crate) seed: u64,
    pub(crate) spec: Spec,
    pub(crate) config: Vec<f64>,
    pub(crate) settings: Vec<(Id, f64)>,
}

impl<T: BoxedSample> Case<T> {
    /// Case `number` of a test: random config, channels as near as the kind comes to `channels`, random
    /// parameters; one in four runs at the baseline of vector instructions. `None` when the kind takes no
    /// spec at all.
    pub(crate) fn random(
        entry: Entry<T>,
        test: &str,
        number: usize,
        channels: usize,
        sample_rate: f64,
    ) -> Option<Self> {
        let sheet = entry;
        let seed = seed_of(&[sheet.key, test, sample_name::<T>()], number);
        let mut random = Random::new(seed);
        let mut smallest: Option<(usize, Spec, Vec<f64>)> = None;
        for attempt in 0..8 {
            let config = match attempt {
                0..6 => {
                    config_by(sheet.config, |row| random_value(row, row.range_at(sample_rate), &mut random))
                }
                6 => entry.config(),
                _ => config_by(sheet.config, |row| row.minimum),
            };
            let mut taken = specs(&entry, sample_rate, channels, &config);
            if taken.is_empty() {
                let others = [2, 1, 6, 24].into_iter();
                taken = others.flat_map(|channels| specs(&entry, sample_rate, channels, &config)).collect();
            }
            if taken.is_empty() {
                continue;
            }
            let spec = random.pick(&taken);
            let needed = entry.words(&spec, &config).ok()?;
            let fits = needed <= MOST_WORDS;
            if fits || smallest.as_ref().is_none_or(|(least, ..)| needed < *least) {
                smallest = Some((needed, spec, config));
            }
            if fits {
                break;
            }
        }
        let (_, mut spec, config) = smallest?;
        if random.once_in(4) {
            spec = spec.with_simd(SimdLevel::baseline());
        }
        let bare = Self { entry, seed, spec, config, settings: Vec::new() };
        Some(bare.with_random_settings(&mut random))
    }

    /// Default config and parameters, few channels.
    pub(crate) fn plain(entry: Entry<T>, sample_rate: f64) -> Option<Self> {
        Self::plain_with(entry, sample_rate, entry.config())
    }

    /// Default parameters, few channels.
    pub(crate) fn plain_with(entry: Entry<T>, sample_rate: f64, config: Vec<f64>) -> Option<Self> {
        let tries = [1, 2, 6, 24].into_iter();
        let spec = tries.flat_map(|channels| specs(&entry, sample_rate, channels, &config)).next()?;
        Some(Self { entry, seed: 0, spec, config, settings: Vec::new() })
    }

    /// Smallest and largest value that a parameter may have here.
    pub(crate) fn range(&self, row: &Row) -> Range {
        self.entry.range(row, &self.spec, &self.config)
    }

    /// Every parameter with its place.
    pub(crate) fn params(&self) -> Vec<(Id, Place)> {
        self.entry.params(&self.config)
    }

    /// The same with a value for every parameter.
    pub(crate) fn with_settings_by(&self, mut value: impl FnMut(&Row, Range) -> f64) -> Self {
        let params = self.params().into_iter();
        let settings = params.map(|(id, place)| (id, value(place.row, self.range(place.row))));
        self.with_settings(settings.collect())
    }

    /// The same with any values.
    pub(crate) fn with_random_settings(&self, random: &mut Random) -> Self {
        self.with_settings_by(|row, range| random_value(row, range, random))
    }

    /// The same with values from the middle of their ranges, where things are audible.
    pub(crate) fn with_lively_settings(&self, random: &mut Random) -> Self {
        self.with_settings_by(|row, range| middle_value(row, range, random))
    }

    /// The same with other parameters.
    pub(crate) fn with_settings(&self, settings: Vec<(Id, f64)>) -> Self {
        Self { settings, ..self.clone() }
    }

    /// The same where one parameter has another value.
    pub(crate) fn with(&self, id: Id, value: f64) -> Self {
        let mut settings = self.settings.clone();
        settings.retain(|(other, _)| *other != id);
        settings.push((id, value));
        self.with_settings(settings)
    }

    /// Words that a unit needs.
    pub(crate) fn words(&self) -> usize {
        self.entry.words(&self.spec, &self.config).expect("a case fits its kind")
    }

    /// A unit.
    pub(crate) fn build(&self) -> Owned<T> {
        self.build_in(AnyWords::Boxed(vec![0; self.words()].into_boxed_slice()))
    }

    /// A unit in other memory.
    pub(crate) fn build_in<'a>(&self, words: AnyWords<'a>) -> Box<dyn AnyUnit<T> + 'a> {
        match self.entry.build(self.spec, &self.config, &self.settings, words) {
            Ok(unit) => unit,
            Err(error) => panic!("cannot build: {error}"),
        }
    }

    /// A random source for the rest of the case.
    pub(crate) fn random_source(&self) -> Random {
        Random::new(self.seed ^ 0x5eed)
    }
}

impl<T: BoxedSample> fmt::Display for Case<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Spec { sample_rate, inputs, outputs, sidechain, simd } = self.spec;
        write!(
            f,
            "seed {:#x}, {sample_rate} Hz, {inputs} in, {outputs} out, {sidechain} sidechain",
            self.seed
        )?;
        write!(f, ", SIMD {simd:?}")?;
        for (row, value) in self.entry.config.iter().zip(&self.config) {
            write!(f, ", {} {value}", row.key)?;
        }
        if self.settings.len() <= 24 {
            for (id, value) in &self.settings {
                let place = self.entry.find(*id, &self.config);
                let key = place.map_or("?", |place| place.row.key);
                match place.and_then(|place| place.item) {
                    Some((group, item)) => write!(f, ", {group}.{item}.{key} {value}")?,
                    None => write!(f, ", {key} {value}")?,
                }
            }
        }
        Ok(())
    }
}
