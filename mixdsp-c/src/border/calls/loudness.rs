//! The exported functions that only a loudness meter has.

use super::run::sample_format;
use crate::border::audio::{Crossing, Feed};
use crate::border::memory::{Head, Shared, inside};
use crate::border::placement::Lent;
use crate::classes::mixdsp_loudness;
use crate::running::Running;
use crate::status::Status;
use core::ffi::c_void;
use core::mem::MaybeUninit;
use core::slice::{from_raw_parts, from_raw_parts_mut};
use mixdsp::processors::loudness_meter::{ChannelMeasures, LoudnessMeter};

/// A loudness meter, for the thread that owns it.
enum Meter<'a> {
    F32(&'a mut LoudnessMeter<f32, Lent>),
    F64(&'a mut LoudnessMeter<f64, Lent>),
}

impl Meter<'_> {
    /// The same as any unit.
    fn running(&mut self) -> Running<'_> {
        match self {
            Self::F32(meter) => Running::F32(*meter),
            Self::F64(meter) => Running::F64(*meter),
        }
    }
}

/// Owns a loudness meter while `act` runs. Fails when the unit is something else.
///
/// # Safety
///
/// As the header says.
unsafe fn own_meter<R>(
    unit: *mut Head,
    act: impl FnOnce(Shared<'_>, Meter<'_>) -> Result<R, Status>,
) -> Result<R, Status> {
    // SAFETY: as the header says; a unit of this class and sample type is what its class built there.
    unsafe {
        inside(unit, |shared, place| {
            if !core::ptr::eq(shared.head.class, mixdsp_loudness()) {
                return Err(Status::KIND);
            }
            let meter = if shared.head.is_f64 {
                Meter::F64(&mut *place.cast())
            } else {
                Meter::F32(&mut *place.cast())
            };
            act(shared, meter)
        })
    }
}

/// Does something with a meter of either sample type.
macro_rules! either {
    ($meter:expr, $name:ident => $act:expr) => {
        match $meter {
            Meter::F32($name) => $act,
            Meter::F64($name) => $act,
        }
    };
}

/// Does something with a meter: new parameters before, what others may look at after.
///
/// # Safety
///
/// As the header says.
unsafe fn with_meter<R>(
    unit: *mut Head,
    act: impl FnOnce(&Shared<'_>, &mut Meter<'_>) -> Result<R, Status>,
) -> Result<R, Status> {
    // SAFETY: as the header says.
    unsafe {
        own_meter(unit, |shared, mut meter| {
            shared.drain(&mut meter.running());
            let result = act(&shared, &mut meter)?;
            shared.publish(&meter.running(), 0);
            Ok(result)
        })
    }
}

/// Hears interleaved samples without measuring them.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_loudness_seed(
    unit: *mut Head,
    samples: *const c_void,
    format: u32,
    frames: u32,
) -> Status {
    fn seed<T: Crossing>(
        meter: &mut LoudnessMeter<T, Lent>,
        shared: &Shared<'_>,
        feed: Feed,
    ) -> Result<(), Status> {
        feed.each_chunk::<T>(&shared.head.spec, |audio| meter.seed(audio))
    }
    let Some(format) = sample_format(format) else { return Status::TYPE };
    // SAFETY: as the header says.
    let result = unsafe {
        with_meter(unit, |shared, meter| {
            if frames == 0 {
                return Ok(());
            }
            let feed = Feed::check(&shared.head.spec, samples.cast(), format, frames as usize)?;
            either!(meter, meter => seed(meter, shared, feed))
        })
    };
    result.into()
}

/// Looks at the last samples as if silence followed.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_loudness_finish(unit: *mut Head) -> Status {
    // SAFETY: as the header says.
    let result = unsafe {
        with_meter(unit, |_, meter| {
            either!(meter, meter => meter.finish());
            Ok(())
        })
    };
    result.into()
}

/// Starts a new measurement on running audio.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_loudness_restart(unit: *mut Head) -> Status {
    // SAFETY: as the header says.
    let result = unsafe {
        with_meter(unit, |_, meter| {
            either!(meter, meter => meter.restart());
            Ok(())
        })
    };
    result.into()
}

/// Adds what another meter measured.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_loudness_merge(unit: *mut Head, other: *mut Head) -> Status {
    if unit == other {
        return Status::ARGUMENT;
    }
    // SAFETY: as the header says.
    let result = unsafe {
        with_meter(unit, |_, meter| {
            own_meter(other, |_, other| {
                Ok(either!(meter, meter => either!(&other, other => meter.merge(other)))?)
            })
        })
    };
    result.into()
}

/// Writes the measurement.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_loudness_write(unit: *mut Head, bytes: *mut u8, capacity: usize) -> usize {
    // SAFETY: as the header says; the room is zeroed before it becomes a slice.
    let written = unsafe {
        with_meter(unit, |_, meter| {
            let needed = either!(&*meter, meter => meter.bytes_needed());
            if !bytes.is_null() && capacity >= needed {
                bytes.write_bytes(0, needed);
                let bytes = from_raw_parts_mut(bytes, needed);
                either!(&*meter, meter => meter.write_to(bytes))?;
            }
            Ok(needed)
        })
    };
    written.unwrap_or(0)
}

/// Adds a measurement that was written.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_loudness_read(unit: *mut Head, bytes: *const u8, count: usize) -> Status {
    if bytes.is_null() || count > isize::MAX as usize {
        return Status::ARGUMENT;
    }
    // SAFETY: as the header says.
    let result = unsafe {
        with_meter(unit, |_, meter| {
            let bytes = from_raw_parts(bytes, count);
            Ok(either!(meter, meter => meter.merge_bytes(bytes))?)
        })
    };
    result.into()
}

/// `mixdsp_channel`: what a meter has measured on one channel.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Channel {
    /// Size of the struct that the program was compiled with.
    pub size: u32,
    /// Nobody reads it.
    pub reserved: MaybeUninit<u32>,
    /// Loudness of the channel over the last 400 ms, weighted, in LUFS.
    pub momentary: f64,
    /// The same over the last 3 s.
    pub short_term: f64,
    /// Share of the channel in the energy so far, 0 to 1.
    pub share: f64,
    /// True peak, in dBTP.
    pub true_peak_db: f64,
    /// Sample peak, in dBFS.
    pub sample_peak_db: f64,
    /// Root mean square, in dBFS.
    pub rms_db: f64,
    /// Mean, in full scales.
    pub dc: f64,
    /// Frame of the true peak.
    pub true_peak_frame: u64,
    /// Frame of the sample peak.
    pub sample_peak_frame: u64,
    /// Runs of two or more samples at full scale.
    pub clipped_runs: u64,
    /// Samples of the longest.
    pub longest_clipped_run: u64,
    /// Frame where the first begins.
    pub first_clipped_run: u64,
    /// Passages between samples over full scale.
    pub overs: u64,
    /// Frame of the first.
    pub first_over: u64,
}

impl From<ChannelMeasures> for Channel {
    fn from(measures: ChannelMeasures) -> Self {
        let number = |value: Option<f64>| value.unwrap_or(f64::NAN);
        let frame = |value: Option<u64>| value.unwrap_or(u64::MAX);
        Self {
            size: size_of::<Self>() as u32,
            reserved: MaybeUninit::new(0),
            momentary: number(measures.momentary),
            short_term: number(measures.short_term),
            share: number(measures.share),
            true_peak_db: number(measures.true_peak.map(|peak| peak.level_db)),
            sample_peak_db: number(measures.sample_peak.map(|peak| peak.level_db)),
            rms_db: number(measures.rms_db),
            dc: number(measures.dc),
            true_peak_frame: frame(measures.true_peak.map(|peak| peak.frame)),
            sample_peak_frame: frame(measures.sample_peak.map(|peak| peak.frame)),
            clipped_runs: measures.clipped_runs.unwrap_or(0),
            longest_clipped_run: measures.longest_clipped_run.unwrap_or(0),
            first_clipped_run: frame(measures.first_clipped_run),
            overs: measures.overs.unwrap_or(0),
            first_over: frame(measures.first_over),
        }
    }
}

/// What was measured on one channel.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_loudness_channel(
    unit: *const Head,
    channel: u32,
    measures: *mut Channel,
) -> Status {
    if measures.is_null() || !measures.is_aligned() {
        return Status::ARGUMENT;
    }
    // SAFETY: as the header says; the size says whether all of it is there.
    unsafe {
        if ((*measures).size as usize) < size_of::<Channel>() {
            return Status::ABI;
        }
        let found = own_meter(unit.cast_mut(), |_, meter| {
            either!(meter, meter => meter.channel(channel as usize)).ok_or(Status::ARGUMENT)
        });
        found.map(|found| measures.write(found.into())).into()
    }
}
