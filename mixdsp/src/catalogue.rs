//! Floor 7: every processor, a line each, and what is known of one without its type.
//!
//! The doors, the generator, sessions and the contract suite walk [`ALL`]. A [`Descriptor`] needs no heap; units by key,
//! in boxes, come with feature `host`, where they are compiled once for all who link it.

use crate::base::error::Error;
use crate::base::id::Id;
use crate::base::spec::{MAX_CHANNELS, Spec};
use crate::engine::kind::{Preset, ProcessorKind};
use crate::params::{Asset, Items, ParamTable, PathError, Place, Row, Table};

/// What is known of a processor without its type. Configs are values in the order of the table.
#[derive(Debug)]
pub struct Descriptor {
    /// As written in code: `equalizer`.
    pub key: &'static str,
    /// The name of its units in Rust: `Equalizer`.
    pub type_name: &'static str,
    /// Where Rust finds its kind.
    pub path: &'static str,
    /// As shown to people.
    pub label: &'static str,
    /// What it does, in one sentence.
    pub doc: &'static str,
    /// What can be changed while it runs.
    pub params: ParamTable,
    /// What is fixed when it is built.
    pub config: &'static [Row],
    /// What it reports.
    pub readings: &'static [Row],
    /// Ready settings.
    pub presets: &'static [Preset],
    /// Audio that it is built with: [`Settings::asset`](crate::params::Settings::asset).
    pub assets: &'static [Asset],
    /// Whether it listens to a sidechain.
    pub sidechain: bool,
    /// Whether building it allocates beside its words.
    pub allocates: bool,
    check: fn(&Spec, &[f64]) -> Result<(), Error>,
    range: fn(&Row, &Spec, &[f64]) -> (f64, f64),
    held: fn(&[f64], usize) -> f64,
    /// The constructors of its units.
    #[cfg(feature = "host")]
    pub(crate) constructors: boxed::Constructors,
}

impl Descriptor {
    /// That of a kind.
    pub const fn of<K: ProcessorKind>() -> Self {
        Self {
            key: K::KEY,
            type_name: K::TYPE_NAME,
            path: K::PATH,
            label: K::LABEL,
            doc: K::DOC,
            params: K::PARAMS,
            config: K::Config::ROWS,
            readings: K::READINGS,
            assets: K::ASSETS,
            sidechain: K::SIDECHAIN,
            presets: K::PRESETS,
            allocates: K::ALLOCATES,
            check: |spec, config| K::check(spec, &K::Config::read(config)),
            range: |row, spec, config| K::range(row, spec, &K::Config::read(config)),
            held: |config, at| K::Config::read(config).get(at),
            #[cfg(feature = "host")]
            constructors: boxed::Constructors::of::<K>(),
        }
    }

    /// The config that is used where nothing is said.
    pub fn default_config(&self) -> impl Iterator<Item = f64> {
        self.config.iter().map(|row| row.default)
    }

    /// How many bands or taps each group has.
    pub fn items(&self, config: &[f64]) -> Items {
        self.params.items(self.config, |at| config.get(at).copied().unwrap_or(0.0))
    }

    /// Refuses a spec or config that a unit cannot be built with.
    pub fn check(&self, spec: &Spec, config: &[f64]) -> Result<(), Error> {
        spec.check()?;
        self.config
            .iter()
            .zip(config)
            .try_for_each(|(row, value)| row.check(None, *value, spec.sample_rate))?;
        (self.check)(spec, config)
    }

    /// How many channels come out: as many as go in where the kind takes that, else the fewest it takes.
    pub fn outputs(&self, spec: &Spec, config: &[f64]) -> Result<usize, Error> {
        let refused = match self.check(&spec.with_outputs(spec.inputs), config) {
            Ok(()) => return Ok(spec.inputs),
            Err(error) => error,
        };
        let takes = |outputs: &usize| self.check(&spec.with_outputs(*outputs), config).is_ok();
        (1..=MAX_CHANNELS).find(takes).ok_or(refused)
    }

    /// Smallest and largest value of a parameter in such a unit.
    pub fn range(&self, row: &Row, spec: &Spec, config: &[f64]) -> (f64, f64) {
        (self.range)(row, spec, config)
    }

    /// The parameter of an id in a unit of this config.
    pub fn place(&self, id: Id, config: &[f64]) -> Option<Place> {
        self.params.find(id, &self.items(config))
    }

    /// Refuses a value for a parameter of such a unit.
    pub fn check_value(&self, id: Id, value: f64, spec: &Spec, config: &[f64]) -> Result<Place, Error> {
        let place = self.place(id, config).ok_or(Error::Unknown { id })?;
        place.row.check_within(place.item, value, self.range(place.row, spec, config))?;
        Ok(place)
    }

    /// The parameter at a path: `gain_db`, `bands[1].gain_db`.
    pub fn at_path(&self, path: &str, config: &[f64]) -> Result<(Id, &'static Row), PathError> {
        self.params.at_path(path, &self.items(config))
    }

    /// What a config holds at a place when it is given these values.
    pub fn held(&self, config: &[f64], at: usize) -> f64 {
        (self.held)(config, at)
    }
}

macro_rules! all {
    ($($(#[$with:meta])* $module:ident::$kind:ident,)+) => {
        /// Every processor. Without feature `host` it is a constant, so that a program that names one does not link all.
        #[cfg(not(feature = "host"))]
        pub const ALL: &[&Descriptor] = &[$($(#[$with])* &Descriptor::of::<crate::processors::$module::$kind>()),+];
        /// Every processor.
        #[cfg(feature = "host")]
        pub static ALL: &[&Descriptor] = &[$($(#[$with])* &Descriptor::of::<crate::processors::$module::$kind>()),+];
    };
}

all! {
    gain::GainKind,
    equalizer::EqualizerKind,
    dynamic_equalizer::DynamicEqualizerKind,
    crossover::CrossoverKind,
    #[cfg(feature = "fft")] linear_phase::LinearPhaseKind,
    #[cfg(feature = "fft")] fir::FirKind,
    one_pole::OnePoleKind,
    dc_blocker::DcBlockerKind,
    compressor::CompressorKind,
    gate::GateKind,
    expander::ExpanderKind,
    ducker::DuckerKind,
    de_esser::DeEsserKind,
    #[cfg(feature = "fft")] resonance_suppressor::ResonanceSuppressorKind,
    transient_shaper::TransientShaperKind,
    leveler::LevelerKind,
    saturator::SaturatorKind,
    clipper::ClipperKind,
    limiter::LimiterKind,
    loudness_meter::LoudnessKind,
    level_meter::LevelMeterKind,
    correlation_meter::CorrelationMeterKind,
    delay::DelayKind,
    chorus::ChorusKind,
    flanger::FlangerKind,
    phaser::PhaserKind,
    tremolo::TremoloKind,
    reverb::ReverbKind,
    #[cfg(feature = "fft")] convolution_reverb::ConvolutionReverbKind,
    pan::PanKind,
    dual_pan::DualPanKind,
    rotation::RotationKind,
    width::WidthKind,
    imager::ImagerKind,
    haas::HaasKind,
    decorrelator::DecorrelatorKind,
    crossfeed::CrossfeedKind,
    vbap::VbapKind,
    fold_down::FoldDownKind,
    mid_side::MidSideKind,
    align::AlignKind,
    dither::DitherKind,
}

/// The processor of this key.
pub fn find(key: &str) -> Option<&'static Descriptor> {
    ALL.iter().copied().find(|descriptor| descriptor.key == key)
}

/// Units by key, in boxes. Feature `host`.
#[cfg(feature = "host")]
mod boxed {
    use super::Descriptor;
    use crate::base::error::Error;
    use crate::base::sample::Sample;
    use crate::base::spec::Spec;
    use crate::engine::kind::ProcessorKind;
    use crate::engine::processor::Processor;
    use crate::engine::unit::Unit;
    use crate::params::{Settings, Table};
    use alloc::boxed::Box;
    use alloc::vec::Vec;
    use core::fmt;

    /// Where the words of a boxed unit lie.
    #[derive(Debug)]
    pub enum AnyWords<'a> {
        /// In a box of their own.
        Boxed(Box<[u64]>),
        /// In memory of the caller.
        Lent(&'a mut [u64]),
    }

    impl AsRef<[u64]> for AnyWords<'_> {
        #[inline]
        fn as_ref(&self) -> &[u64] {
            match self {
                Self::Boxed(words) => words,
                Self::Lent(words) => words,
            }
        }
    }

    impl AsMut<[u64]> for AnyWords<'_> {
        #[inline]
        fn as_mut(&mut self) -> &mut [u64] {
            match self {
                Self::Boxed(words) => words,
                Self::Lent(words) => words,
            }
        }
    }

    /// A unit without its type.
    pub trait AnyUnit<T: Sample>: Processor<T> + Send {
        /// Gives every parameter a value; see [`Unit::set_all`].
        fn set_all(&mut self, settings: &dyn Settings) -> Result<(), Error>;
        /// Writes the present parameters; see [`Unit::write_preset`].
        fn write_preset(&self, out: &mut dyn fmt::Write) -> fmt::Result;
        /// Takes over a preset; see [`Unit::read_preset`].
        fn read_preset(&mut self, preset: &str) -> Result<(), Error>;
    }

    impl<K: ProcessorKind, T: Sample> AnyUnit<T> for Unit<K, T, AnyWords<'_>> {
        fn set_all(&mut self, settings: &dyn Settings) -> Result<(), Error> {
            Unit::set_all(self, settings)
        }
        fn write_preset(&self, out: &mut dyn fmt::Write) -> fmt::Result {
            Unit::write_preset(self, out)
        }
        fn read_preset(&mut self, preset: &str) -> Result<(), Error> {
            Unit::read_preset(self, preset)
        }
    }

    type New<T> =
        for<'a> fn(Spec, &[f64], &dyn Settings, AnyWords<'a>) -> Result<Box<dyn AnyUnit<T> + 'a>, Error>;

    /// How units of a kind are built for one sample type.
    #[derive(Debug)]
    pub struct Constructor<T: Sample> {
        words: fn(&Spec, &[f64]) -> Result<usize, Error>,
        new: New<T>,
    }

    impl<T: Sample> Constructor<T> {
        /// The crate's unit tests build units by their types, and do not compile the catalogue once more.
        const fn of<K: ProcessorKind>() -> Self {
            if cfg!(test) {
                return Self { words: |_, _| unreachable!(), new: |_, _, _, _| unreachable!() };
            }
            Self {
                words: |spec, config| {
                    Unit::<K, T, AnyWords<'_>>::words_needed(spec, &K::Config::read(config))
                },
                new: new::<K, T>,
            }
        }
    }

    fn new<'a, K: ProcessorKind, T: Sample>(
        spec: Spec,
        config: &[f64],
        settings: &dyn Settings,
        words: AnyWords<'a>,
    ) -> Result<Box<dyn AnyUnit<T> + 'a>, Error> {
        Ok(Box::new(Unit::<K, T, _>::new_in(spec, K::Config::read(config), settings, words)?))
    }

    /// Those of both sample types.
    #[derive(Debug)]
    pub(crate) struct Constructors {
        f32: Constructor<f32>,
        f64: Constructor<f64>,
    }

    impl Constructors {
        pub(crate) const fn of<K: ProcessorKind>() -> Self {
            Self { f32: Constructor::of::<K>(), f64: Constructor::of::<K>() }
        }
    }

    /// A sample type of which units are built by key. Sealed like [`Sample`].
    pub trait BoxedSample: Sample {
        /// The constructor for this sample type.
        #[doc(hidden)]
        fn constructor(descriptor: &Descriptor) -> &Constructor<Self>;
    }
    impl BoxedSample for f32 {
        fn constructor(descriptor: &Descriptor) -> &Constructor<f32> {
            &descriptor.constructors.f32
        }
    }
    impl BoxedSample for f64 {
        fn constructor(descriptor: &Descriptor) -> &Constructor<f64> {
            &descriptor.constructors.f64
        }
    }

    impl Descriptor {
        /// How many words a unit needs. Fails as building would.
        pub fn words<T: BoxedSample>(&self, spec: &Spec, config: &[f64]) -> Result<usize, Error> {
            (T::constructor(self).words)(spec, config)
        }

        /// A unit. [`Error::Memory`] when there is no memory for it.
        pub fn boxed<T: BoxedSample>(
            &self,
            spec: Spec,
            config: &[f64],
            settings: &dyn Settings,
        ) -> Result<Box<dyn AnyUnit<T>>, Error> {
            let needed = self.words::<T>(&spec, config)?;
            let mut words = Vec::new();
            words.try_reserve_exact(needed).map_err(|_| Error::Memory { needed, given: 0 })?;
            words.resize(needed, 0u64);
            self.boxed_in(spec, config, settings, AnyWords::Boxed(words.into_boxed_slice()))
        }

        /// The same in words that are there already.
        pub fn boxed_in<'a, T: BoxedSample>(
            &self,
            spec: Spec,
            config: &[f64],
            settings: &dyn Settings,
            words: AnyWords<'a>,
        ) -> Result<Box<dyn AnyUnit<T> + 'a>, Error> {
            (T::constructor(self).new)(spec, config, settings, words)
        }
    }
}
#[cfg(feature = "host")]
pub use boxed::{AnyUnit, AnyWords, BoxedSample};
