//! Floor 2: how tables are declared: `params!`, `choices!`, `readings!`.

/// Declares a choice: an enum, its texts, and its number.
macro_rules! choices {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[doc = $doc:literal])+ $variant:ident = $text:literal,)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        $vis enum $name { $($(#[doc = $doc])+ $variant,)+ }
        impl $name {
            /// Every choice, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Their texts, in the same order.
            pub const TEXTS: &'static [&'static str] = &[$($text),+];
        }
        impl $crate::params::Value for $name {
            fn to_number(self) -> f64 {
                self as usize as f64
            }
            fn from_number(number: f64) -> Self {
                Self::ALL[(number as usize).min(Self::ALL.len() - 1)]
            }
        }
    };
}
pub(crate) use choices;

/// Declares a table: a struct with public fields, their rows, defaults and ids.
///
/// ```text
/// params! {
///     /// Settings of a gain.
///     pub struct GainParams {
///         /// Level change.
///         GAIN_DB = 1, gain_db ("Gain"): linear(-96.0..=24.0, "dB") = 0.0;
///         /// Silences the output.
///         MUTE = 2, mute ("Mute"): switch() = false;
///     }
/// }
/// ```
///
/// Kinds: `linear(range, unit)`, `log(range, unit)`, `frequency(range)`, `whole(range, unit)`, `switch()`,
/// `choice(Enum)`.
macro_rules! params {
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        $($(#[doc = $doc:literal])+
          $id:ident = $number:literal, $key:ident ($label:literal): $kind:ident($($args:tt)*) = $default:expr;)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        $vis struct $name {
            $($(#[doc = $doc])+ pub $key: $crate::params::params!(@type $kind($($args)*)),)+
        }
        impl $name {
            /// Whose rows these are; part of their ids.
            pub const TABLE: u16 = $crate::base::id::table_of(stringify!($name));
            /// The defaults, for use where the compiler must know them, as for the size of a `static`.
            pub const DEFAULT: Self = Self { $($key: $default),+ };
            $(#[doc = concat!("Id of `", stringify!($key), "`.")]
              pub const $id: $crate::params::Id<Self> = $crate::params::Id::new(Self::TABLE, $number);)+
        }
        impl Default for $name {
            fn default() -> Self {
                Self::DEFAULT
            }
        }
        impl $crate::params::Table for $name {
            const ROWS: &'static [$crate::params::Row] = &[$(
                $crate::params::params!(@row Self::TABLE, $number, $key, $label, concat!($($doc),+), $default, $kind($($args)*))
            ),+];
            fn get(&self, index: usize) -> f64 {
                let numbers = [$($crate::params::Value::to_number(self.$key)),+];
                numbers.get(index).copied().unwrap_or(f64::NAN)
            }
            fn put(&mut self, index: usize, value: f64) {
                let mut at = 0;
                $(if index == at { self.$key = $crate::params::Value::from_number(value); }
                  at += 1;)+
                let _ = at;
            }
        }
        impl $crate::params::Settings for $name {
            fn each(&self, visit: &mut dyn FnMut($crate::params::Id, f64)) {
                $crate::params::Table::each_at(self, 0, visit);
            }
        }
    };
    (@type switch()) => { bool };
    (@type whole($($args:tt)*)) => { u32 };
    (@type choice($choice:ty)) => { $choice };
    (@type $kind:ident($($args:tt)*)) => { f64 };
    (@row $t:expr, $n:literal, $key:ident, $label:literal, $doc:expr, $d:expr, linear($lo:literal ..= $hi:literal, $unit:literal)) => {
        $crate::params::params!(@make $t, $n, $key, $label, $doc, $d, $lo as f64, $hi as f64, $unit, Linear)
    };
    (@row $t:expr, $n:literal, $key:ident, $label:literal, $doc:expr, $d:expr, log($lo:literal ..= $hi:literal, $unit:literal)) => {
        $crate::params::params!(@make $t, $n, $key, $label, $doc, $d, $lo as f64, $hi as f64, $unit, Logarithmic)
    };
    (@row $t:expr, $n:literal, $key:ident, $label:literal, $doc:expr, $d:expr, frequency($lo:literal ..= $hi:literal)) => {
        $crate::params::params!(@make $t, $n, $key, $label, $doc, $d, $lo as f64, $hi as f64, "Hz", Frequency)
    };
    (@row $t:expr, $n:literal, $key:ident, $label:literal, $doc:expr, $d:expr, whole($lo:literal ..= $hi:literal, $unit:literal)) => {
        $crate::params::params!(@make $t, $n, $key, $label, $doc, ($d as u32), $lo as f64, $hi as f64, $unit, Whole)
    };
    (@row $t:expr, $n:literal, $key:ident, $label:literal, $doc:expr, $d:expr, switch()) => {
        $crate::params::params!(@make $t, $n, $key, $label, $doc, ($d as u8), 0.0, 1.0, "", Switch)
    };
    (@row $t:expr, $n:literal, $key:ident, $label:literal, $doc:expr, $d:expr, choice($choice:ident)) => {
        $crate::params::Row {
            table: $t, number: $n, key: stringify!($key), name: $label, unit: "",
            minimum: 0.0, maximum: ($choice::ALL.len() - 1) as f64, default: $d as usize as f64,
            scaling: $crate::params::Scaling::Choice($choice::TEXTS), doc: $doc.trim_ascii(),
        }
    };
    (@make $t:expr, $n:literal, $key:ident, $label:literal, $doc:expr, $d:expr, $lo:expr, $hi:expr, $unit:literal, $scaling:ident) => {
        $crate::params::Row {
            table: $t, number: $n, key: stringify!($key), name: $label, unit: $unit,
            minimum: $lo, maximum: $hi, default: $d as f64,
            scaling: $crate::params::Scaling::$scaling, doc: $doc.trim_ascii(),
        }
    };
}
pub(crate) use params;

/// Declares what a unit reports: a holder of ids, and rows.
///
/// ```text
/// readings! {
///     /// What a compressor reports.
///     pub struct CompressorReadings {
///         /// Gain reduction now.
///         GAIN_REDUCTION_DB = 2001, gain_reduction_db ("Gain reduction"): "dB";
///     }
/// }
/// ```
macro_rules! readings {
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        $($(#[doc = $doc:literal])+ $id:ident = $number:literal, $key:ident ($label:literal): $unit:literal;)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis struct $name;
        impl $name {
            /// Whose rows these are; part of their ids.
            pub const TABLE: u16 = $crate::base::id::table_of(stringify!($name));
            $($(#[doc = $doc])+ pub const $id: $crate::params::Id<Self> = $crate::params::Id::new(Self::TABLE, $number);)*
            /// One row per reading.
            pub const ROWS: &'static [$crate::params::Row] = &[$($crate::params::Row {
                table: Self::TABLE, number: $number, key: stringify!($key), name: $label, unit: $unit,
                minimum: f64::NEG_INFINITY, maximum: f64::INFINITY, default: f64::NAN,
                scaling: $crate::params::Scaling::Linear, doc: concat!($($doc),+).trim_ascii(),
            }),*];
        }
    };
}
pub(crate) use readings;
