//! What the C functions answer.

use core::ffi::CStr;
use mixdsp::Error;

/// 0, or why a call was refused. A number is never used again for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Status(pub i32);

macro_rules! statuses {
    ($($(#[doc = $doc:literal])+ $name:ident = $number:literal, $text:literal;)+) => {
        impl Status {
            $($(#[doc = $doc])+ pub const $name: Self = Self($number);)+

            /// Every status that there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// A sentence in English.
            pub const fn text(self) -> &'static CStr {
                match self.0 {
                    $($number => $text,)+
                    _ => c"no such status",
                }
            }
        }
    };
}

statuses! {
    /// Done.
    OK = 0, c"done";
    /// An argument is NULL, misaligned, too large, or overlaps another.
    ARGUMENT = -1, c"an argument is NULL, misaligned, too large, or overlaps another";
    /// Too little memory.
    MEMORY = -2, c"too little memory: see mixdsp_bytes";
    /// The sample rate is outside 8 to 384 kHz.
    RATE = -3, c"the sample rate is outside 8000 to 384000 Hz";
    /// The processor does not take these channels.
    CHANNELS = -4, c"the processor does not take this number of channels";
    /// A struct has another size than this library knows.
    ABI = -5, c"a struct has another size than this library knows: set its size, compare mixdsp_abi";
    /// There is no reading yet.
    NONE = -6, c"there is no reading yet";
    /// No such id here.
    ID = -7, c"no parameter, config value or reading has this id here";
    /// A value outside its range, or not a number.
    RANGE = -8, c"a value is outside its range, or not a number";
    /// The unit works on the other sample type.
    TYPE = -9, c"no such sample type, or the unit works on the other one";
    /// Not a unit.
    UNIT = -10, c"this memory holds no unit: never initialised, failed, copied or moved";
    /// Another thread is doing the same.
    BUSY = -11, c"another thread is inside this unit, or is setting this parameter";
    /// A switch or a choice cannot glide.
    GLIDE = -12, c"a switch or a choice has no values in between and cannot glide: set it";
    /// The unit is of another class.
    KIND = -13, c"the unit is of another class than this function is for";
    /// Two measurements that cannot be added.
    MISMATCH = -14, c"the measurements differ in sample rate, channels, or in what is measured";
    /// Bytes that are no measurement.
    DATA = -15, c"the bytes are damaged, or not what this function wrote";
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        match error {
            Error::Range { .. } | Error::NotWhole { .. } => Self::RANGE,
            Error::NotContinuous { .. } => Self::GLIDE,
            Error::Unknown { .. } => Self::ID,
            Error::SampleRate { .. } | Error::Oversampling { .. } => Self::RATE,
            Error::Channels { .. } => Self::CHANNELS,
            Error::Memory { .. } | Error::Bytes { .. } => Self::MEMORY,
            Error::Mismatch { .. } => Self::MISMATCH,
            Error::Data { .. } => Self::DATA,
            _ => Self::ARGUMENT,
        }
    }
}

impl From<Result<(), Self>> for Status {
    fn from(result: Result<(), Self>) -> Self {
        result.err().unwrap_or(Self::OK)
    }
}
