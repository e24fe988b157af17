//! What a program says about the unit that it wants.

use crate::simd;
use crate::status::Status;
use core::mem::MaybeUninit;
use mixdsp::params::Settings;
use mixdsp::{Id, SimdLevel, Spec};

/// `mixdsp_setting`: a value for a config row or a parameter.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Setting {
    /// Which row.
    pub id: u64,
    /// What it shall be.
    pub value: f64,
}

impl Setting {
    /// A value for a row.
    pub const fn new<P>(id: Id<P>, value: f64) -> Self {
        Self { id: id.raw(), value }
    }

    pub(crate) fn id(&self) -> Id {
        Id::from_raw(self.id)
    }

    /// Whether this is about what is fixed when the unit is built.
    pub(crate) fn is_config(&self) -> bool {
        (1001..=2000).contains(&self.id().number())
    }
}

/// `mixdsp_spec`, as C lays it out.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct RawSpec {
    /// Size of the struct that the program was compiled with.
    pub size: u32,
    /// [`F32`](Self::F32) or [`F64`](Self::F64).
    pub sample_type: u32,
    /// [`BASELINE`](Self::BASELINE), [`SHARED`](Self::SHARED).
    pub flags: u32,
    /// How many settings there are.
    pub setting_count: u32,
    /// Channels in.
    pub inputs: u16,
    /// Channels out.
    pub outputs: u16,
    /// Sidechain channels.
    pub sidechain: u16,
    /// Nobody reads it.
    pub reserved: MaybeUninit<u16>,
    /// Frames per second.
    pub sample_rate: f64,
    /// Config values and parameters that differ from the defaults.
    pub settings: *const Setting,
}

impl RawSpec {
    /// Sample type `float`.
    pub const F32: u32 = 0;
    /// Sample type `double`.
    pub const F64: u32 = 1;
    /// Flag: only the vector instructions that every processor of this kind has.
    pub const BASELINE: u32 = 1;
    /// Flag: readings are left where any thread can get them.
    pub const SHARED: u32 = 2;

    /// As many channels out as in, `float`, everything else at its default.
    pub const fn new(sample_rate: f64, channels: u16) -> Self {
        Self {
            size: size_of::<Self>() as u32,
            sample_type: Self::F32,
            flags: 0,
            setting_count: 0,
            inputs: channels,
            outputs: channels,
            sidechain: 0,
            reserved: MaybeUninit::new(0),
            sample_rate,
            settings: core::ptr::null(),
        }
    }
}

/// A spec that was read.
pub(crate) struct Request<'a> {
    pub(crate) spec: Spec,
    pub(crate) is_f64: bool,
    pub(crate) shares: bool,
    pub(crate) settings: &'a [Setting],
}

impl<'a> Request<'a> {
    /// Checks what needs no table.
    pub(crate) fn new(raw: &RawSpec, settings: &'a [Setting]) -> Result<Self, Status> {
        if raw.sample_type > RawSpec::F64 {
            return Err(Status::TYPE);
        }
        if raw.flags & !(RawSpec::BASELINE | RawSpec::SHARED) != 0 {
            return Err(Status::ARGUMENT);
        }
        let simd = if raw.flags & RawSpec::BASELINE != 0 { SimdLevel::baseline() } else { simd::best() };
        let spec = Spec {
            sample_rate: raw.sample_rate,
            inputs: raw.inputs.into(),
            outputs: raw.outputs.into(),
            sidechain: raw.sidechain.into(),
            simd,
        };
        spec.check()?;
        Ok(Self {
            spec,
            is_f64: raw.sample_type == RawSpec::F64,
            shares: raw.flags & RawSpec::SHARED != 0,
            settings,
        })
    }
}

/// The parameters that are asked for.
impl Settings for Request<'_> {
    fn each(&self, visit: &mut dyn FnMut(Id, f64)) {
        let params = self.settings.iter().filter(|setting| !setting.is_config());
        params.for_each(|setting| visit(setting.id(), setting.value));
    }
}
