//! Floor 3: how a processor is declared: `processor!`.

/// Declares a processor: its tables, its kind, the name of its units, and the memory they need as a constant function.
///
/// ```text
/// processor! {
///     /// Turns down what is louder than a threshold.
///     pub Compressor = CompressorKind {
///         key: "compressor", label: "Compressor",
///         params: CompressorParams,           the parameters that exist once
///         groups: [bands: Band],              those that repeat; as many as config `bands` says
///         config: CompressorConfig,
///         readings: CompressorReadings,
///         presets: presets::ALL,              ready settings
///         channels: Channels::UpTo(2),        as many out as in, any number, where it does not say
///         sidechain: true,
///         allocates: true,
///         assets: [TAPS] as Taps,             audio it is built with, and what that becomes: `Taps<T>`, which has a
///                                             `new(spec, config, settings)`
///         memory: Memory / MemoryRef by Sizes,    a `layout!` over `Sizes`, which has a constant `new(spec, config)`;
///                                                 `by Sizes = sizes` names another constant function
///     }
/// }
/// ```
///
/// The first line of the documentation is what people read in lists; further ones may follow.
macro_rules! processor {
    ($(#[doc = $doc:literal])+ $vis:vis $name:ident = $kind:ident {
        key: $key:literal,
        label: $label:literal,
        $(params: $params:ty,)?
        $(groups: [$($group:ident: $item:ty),+],)?
        $(config: $config:ty,)?
        $(readings: $readings:ty,)?
        $(presets: $presets:expr,)?
        $(channels: $channels:expr,)?
        $(sidechain: $sidechain:literal,)?
        $(allocates: $allocates:literal,)?
        $(assets: [$($asset:expr),+] as $prepared:ident,)?
        $(memory: $memory:ident / $memory_ref:ident by $sizes:ty $(= $make:path)?,)?
    }) => {
        $(#[doc = $doc])+
        $vis type $name<T, S = $crate::base::memory::Storage> = $crate::engine::unit::Unit<$kind, T, S>;

        impl<T: $crate::base::sample::Sample> $name<T> {
            /// Words that a unit needs, for the size of a `static`.
            pub const fn memory(
                spec: &$crate::Spec,
                config: &<$kind as $crate::engine::kind::Declared>::Config,
            ) -> usize {
                let _ = (spec, config);
                let params = 0 $(+ <$params as $crate::params::Table>::ROWS.len())?
                    $($(+ config.$group as usize * <$item as $crate::params::Table>::ROWS.len())+)?;
                $crate::engine::automation::words_for_params(params)
                    $(.saturating_add($memory::<T>::words(
                        $crate::engine::declare::processor!(@sizes [$sizes] [$($make)?])(spec, config)
                    )))?
            }
        }

        #[doc = concat!("The catalogue's entry for [`", stringify!($name), "`].")]
        #[derive(Debug)]
        $vis struct $kind;

        $(impl $crate::engine::kind::Has<$params> for $kind {})?
        $($(impl $crate::engine::kind::Has<$item> for $kind {})+)?
        $(impl $crate::engine::kind::Has<$readings> for $kind {})?

        impl $crate::engine::kind::Declared for $kind {
            const KEY: &'static str = $key;
            const TYPE_NAME: &'static str = stringify!($name);
            const PATH: &'static str = concat!(module_path!(), "::", stringify!($kind));
            const LABEL: &'static str = $label;
            const DOC: &'static str = $crate::engine::declare::first_line(&[$($doc),+]);
            const PARAMS: $crate::params::ParamTable = $crate::params::ParamTable {
                rows: $crate::engine::declare::processor!(@rows [$($params)?]),
                groups: &[$($($crate::params::Group {
                    key: stringify!($group),
                    rows: <$item as $crate::params::Table>::ROWS,
                    count: stringify!($group),
                }),+)?],
            };
            const READINGS: &'static [$crate::params::Row] = $crate::engine::declare::processor!(@readings [$($readings)?]);
            const PRESETS: &'static [$crate::engine::kind::Preset] =
                $crate::engine::declare::processor!(@value [$($presets)?] &[]);
            const CHANNELS: $crate::engine::kind::Channels =
                $crate::engine::declare::processor!(@value [$($channels)?] $crate::engine::kind::Channels::Same);
            const SIDECHAIN: bool = $crate::engine::declare::processor!(@value [$($sidechain)?] false);
            const ALLOCATES: bool = $crate::engine::declare::processor!(@value [$($allocates)?] false);
            const ASSETS: &'static [$crate::params::Asset] = $crate::engine::declare::processor!(@assets [$($($asset),+)?]);
            $crate::engine::declare::processor!(@prepared [$($prepared)?]);
            type Config = $crate::engine::declare::processor!(@type [$($config)?] $crate::NoConfig);
            type Params = $crate::engine::declare::processor!(@type [$($params)?] $crate::NoConfig);
            $crate::engine::declare::processor!(@memory [$($memory, $memory_ref, $sizes, [$($make)?])?]);
        }
    };
    (@type [] $default:ty) => { $default };
    (@type [$given:ty] $default:ty) => { $given };
    (@value [] $default:expr) => { $default };
    (@value [$given:expr] $default:expr) => { $given };
    (@assets []) => { &[] };
    (@assets [$($asset:expr),+]) => { &[$($asset),+] };
    (@prepared []) => {
        type Prepared<T: $crate::base::sample::Sample> = ();
        fn prepare<T: $crate::base::sample::Sample>(
            _: &$crate::Spec,
            _: &Self::Config,
            _: &dyn $crate::params::Settings,
        ) -> Result<(), $crate::Error> {
            Ok(())
        }
    };
    (@prepared [$prepared:ident]) => {
        type Prepared<T: $crate::base::sample::Sample> = $prepared<T>;
        fn prepare<T: $crate::base::sample::Sample>(
            spec: &$crate::Spec,
            config: &Self::Config,
            settings: &dyn $crate::params::Settings,
        ) -> Result<$prepared<T>, $crate::Error> {
            $prepared::new(spec, config, settings)
        }
    };
    (@rows []) => { &[] };
    (@rows [$params:ty]) => { <$params as $crate::params::Table>::ROWS };
    (@readings []) => { &[] };
    (@readings [$readings:ty]) => { <$readings>::ROWS };
    (@sizes [$sizes:ty] []) => { <$sizes>::new };
    (@sizes [$sizes:ty] [$make:path]) => { $make };
    (@memory []) => {
        type Sizes = ();
        type Memory<'a, T: $crate::base::sample::Sample> = ();
        type MemoryRef<'a, T: $crate::base::sample::Sample> = ();
        fn sizes(_: &$crate::Spec, _: &Self::Config) {}
        fn words<T: $crate::base::sample::Sample>(_: &()) -> usize {
            0
        }
        fn carve<T: $crate::base::sample::Sample>(_: &mut [u64], _: &()) {}
        fn read<T: $crate::base::sample::Sample>(_: &[u64], _: &()) {}
    };
    (@memory [$memory:ident, $memory_ref:ident, $sizes:ty, [$($make:path)?]]) => {
        type Sizes = $sizes;
        type Memory<'a, T: $crate::base::sample::Sample> = $memory<'a, T>;
        type MemoryRef<'a, T: $crate::base::sample::Sample> = $memory_ref<'a, T>;
        fn sizes(spec: &$crate::Spec, config: &Self::Config) -> $sizes {
            $crate::engine::declare::processor!(@sizes [$sizes] [$($make)?])(spec, config)
        }
        fn words<T: $crate::base::sample::Sample>(sizes: &$sizes) -> usize {
            $memory::<T>::words(*sizes)
        }
        #[inline]
        fn carve<'a, T: $crate::base::sample::Sample>(words: &'a mut [u64], sizes: &$sizes) -> $memory<'a, T> {
            $memory::carve(words, *sizes)
        }
        #[inline]
        fn read<'a, T: $crate::base::sample::Sample>(words: &'a [u64], sizes: &$sizes) -> $memory_ref<'a, T> {
            $memory_ref::read(words, *sizes)
        }
    };
}
pub(crate) use processor;

/// What a list says of a processor: the first line of its documentation.
pub(crate) const fn first_line(lines: &[&'static str]) -> &'static str {
    lines[0].trim_ascii()
}
