//! The functions that only a loudness meter has read what the Rust meter reads, to the bit.

mod common;

use common::random::Random;
use common::{Unit, with_settings};
use mixdsp::processors::loudness_meter::{LoudnessConfig, LoudnessMeter, LoudnessParams, LoudnessReadings};
use mixdsp::{Processor, Spec};
use mixdsp_c::classes::{mixdsp_gain, mixdsp_loudness};
use mixdsp_c::*;
use std::ptr::{null, null_mut};

type Meter = LoudnessMeter<f32, Vec<u64>>;

const RATE: f64 = 16_000.0;
const SECONDS: usize = 5;

/// Interleaved stereo noise that swells.
fn noise(seed: u64) -> Vec<f32> {
    let random = &mut Random::new(seed);
    let frames = SECONDS * RATE as usize;
    (0..frames * 2).map(|at| (random.share() as f32 - 0.5) * (at / 2) as f32 / frames as f32).collect()
}

fn feed(unit: &Unit, samples: &[f32]) {
    // SAFETY: so many frames of two channels are there.
    let status = unsafe {
        mixdsp_feed(unit.pointer, samples.as_ptr().cast(), RawSpec::F32, (samples.len() / 2) as u32)
    };
    assert_eq!(status, Status::OK);
}

fn seed(unit: &Unit, samples: &[f32]) -> Status {
    // SAFETY: as above.
    unsafe {
        mixdsp_loudness_seed(unit.pointer, samples.as_ptr().cast(), RawSpec::F32, (samples.len() / 2) as u32)
    }
}

fn written(unit: &Unit) -> Vec<u8> {
    // SAFETY: the room is as large as is said.
    unsafe {
        let needed = mixdsp_loudness_write(unit.pointer, null_mut(), 0);
        let mut bytes = vec![0xaa; needed + 1];
        assert_eq!(mixdsp_loudness_write(unit.pointer, bytes.as_mut_ptr(), needed - 1), needed);
        assert!(bytes.iter().all(|byte| *byte == 0xaa), "too little room: nothing is written");
        assert_eq!(mixdsp_loudness_write(unit.pointer, bytes.as_mut_ptr(), needed), needed);
        assert_eq!(bytes.pop(), Some(0xaa));
        bytes
    }
}

/// The Rust meter's audio.
fn planes(samples: &[f32]) -> [Vec<f32>; 2] {
    [0, 1].map(|channel| samples.iter().skip(channel).step_by(2).copied().collect())
}

fn agree(unit: &Unit, rust: &Meter) {
    for channel in 0..2 {
        // SAFETY: numbers, all of which may be zero.
        let mut c: Channel = unsafe { std::mem::zeroed() };
        c.size = size_of::<Channel>() as u32;
        // SAFETY: both live.
        assert_eq!(unsafe { mixdsp_loudness_channel(unit.pointer, channel, &mut c) }, Status::OK);
        let r = rust.channel(channel as usize).unwrap();
        let bits = |value: Option<f64>| value.unwrap_or(f64::NAN).to_bits();
        assert_eq!(c.momentary.to_bits(), bits(r.momentary));
        assert_eq!(c.share.to_bits(), bits(r.share));
        assert_eq!(c.dc.to_bits(), bits(r.dc));
        assert_eq!(c.true_peak_db.to_bits(), bits(r.true_peak.map(|peak| peak.level_db)));
        assert_eq!(c.sample_peak_frame, r.sample_peak.map_or(u64::MAX, |peak| peak.frame));
        assert_eq!(c.first_over, r.first_over.unwrap_or(u64::MAX));
    }
    for row in LoudnessReadings::ROWS {
        for channel in 0..2 {
            let id = row.id().at(channel);
            let (c, r) = (unit.get(id), rust.get(id));
            assert_eq!(c.ok().map(f64::to_bits), r.map(f64::to_bits), "{} {channel}", row.key);
        }
    }
}

fn c_meter(sample_type: u32, flags: u32) -> Unit {
    let spec = RawSpec { sample_type, flags, ..RawSpec::new(RATE, 2) };
    Unit::new(mixdsp_loudness(), &spec).unwrap()
}

fn rust_meter() -> Meter {
    let spec = Spec::new(RATE, 2).with_simd(simd::best());
    let config = LoudnessConfig::default();
    let words = Meter::words_needed(&spec, &config).unwrap();
    Meter::new_in(spec, config, (), vec![0; words]).unwrap()
}

#[test]
fn a_measurement_in_parts() {
    let (first, second) = (noise(1), noise(2));
    let (unit, other) = (c_meter(RawSpec::F32, 0), c_meter(RawSpec::F32, RawSpec::SHARED));
    let (mut rust, mut rust_other) = (rust_meter(), rust_meter());
    feed(&unit, &first);
    rust.measure(&planes(&first)).unwrap();
    agree(&unit, &rust);

    // The second part, seeded with the end of the first one.
    let tail = &first[first.len() - 4 * RATE as usize..];
    assert_eq!(seed(&other, tail), Status::OK);
    rust_other.seed(&planes(tail)).unwrap();
    agree(&other, &rust_other);
    feed(&other, &second);
    rust_other.measure(&planes(&second)).unwrap();
    agree(&other, &rust_other);
    // SAFETY: the unit lives.
    assert_eq!(unsafe { mixdsp_loudness_finish(other.pointer) }, Status::OK);
    rust_other.finish();
    agree(&other, &rust_other);

    // Both together, once directly and once through bytes.
    let copy = c_meter(RawSpec::F64, 0);
    // SAFETY: the units live, and the bytes are as many as is said.
    unsafe {
        let bytes = written(&unit);
        assert_eq!(mixdsp_loudness_read(copy.pointer, bytes.as_ptr(), bytes.len()), Status::OK);
        assert_eq!(mixdsp_loudness_merge(copy.pointer, other.pointer), Status::OK);
        assert_eq!(mixdsp_loudness_merge(unit.pointer, other.pointer), Status::OK);
    }
    rust.merge(&rust_other).unwrap();
    agree(&unit, &rust);
    let integrated = LoudnessReadings::INTEGRATED;
    let (direct, copied) = (unit.get(integrated).unwrap(), copy.get(integrated).unwrap());
    assert!((direct - copied).abs() < 1e-9, "{direct} and {copied} LUFS");
    // SAFETY: the unit lives.
    assert_eq!(unsafe { mixdsp_loudness_restart(unit.pointer) }, Status::OK);
    rust.restart();
    agree(&unit, &rust);
    assert_eq!(unit.get(integrated), Err(Status::NONE));
}

#[test]
fn a_pause() {
    let samples = noise(3);
    let (unit, mut rust) = (c_meter(RawSpec::F32, 0), rust_meter());
    feed(&unit, &samples);
    rust.measure(&planes(&samples)).unwrap();
    assert_eq!(unit.set(LoudnessParams::PAUSED, 1.0), Status::OK);
    rust.pause();
    feed(&unit, &samples);
    rust.measure(&planes(&samples)).unwrap();
    assert_eq!(unit.set(LoudnessParams::PAUSED, 0.0), Status::OK);
    rust.resume();
    agree(&unit, &rust);
    assert_eq!(unit.reset(), Status::OK);
    rust.reset();
    agree(&unit, &rust);
}

#[test]
fn what_is_refused() {
    let meter = c_meter(RawSpec::F32, 0);
    let gain = Unit::new(mixdsp_gain(), &RawSpec::new(RATE, 2)).unwrap();
    let mono = Unit::new(mixdsp_loudness(), &RawSpec::new(RATE, 1)).unwrap();
    let off = [Setting::new(LoudnessConfig::MEASURE_RANGE, 0.0)];
    let less = Unit::new(mixdsp_loudness(), &with_settings(RawSpec::new(RATE, 2), &off)).unwrap();
    let samples = noise(4);
    feed(&meter, &samples);
    let before = written(&meter);
    let mut bytes = before.clone();
    // SAFETY: every pointer is NULL or good for what is said.
    unsafe {
        let read = |bytes: &[u8]| mixdsp_loudness_read(meter.pointer, bytes.as_ptr(), bytes.len());
        assert_eq!(mixdsp_loudness_read(meter.pointer, null(), 5), Status::ARGUMENT);
        assert_eq!(read(&bytes[..0]), Status::DATA);
        assert_eq!(read(&bytes[..bytes.len() - 1]), Status::DATA);
        bytes[20] ^= 1;
        assert_eq!(read(&bytes), Status::DATA);
        // Of fewer channels it may be, not of more.
        assert_eq!(mixdsp_loudness_read(mono.pointer, before.as_ptr(), before.len()), Status::MISMATCH);
        assert_eq!(mixdsp_loudness_merge(mono.pointer, meter.pointer), Status::MISMATCH);
        assert_eq!(mixdsp_loudness_merge(meter.pointer, less.pointer), Status::MISMATCH);
        assert_eq!(mixdsp_loudness_merge(meter.pointer, meter.pointer), Status::ARGUMENT);
        assert_eq!(mixdsp_loudness_merge(meter.pointer, gain.pointer), Status::KIND);
        assert_eq!(mixdsp_loudness_merge(meter.pointer, null_mut()), Status::ARGUMENT);
        let of_no_meter = |unit, status| {
            assert_eq!(mixdsp_loudness_merge(unit, meter.pointer), status);
            assert_eq!(mixdsp_loudness_finish(unit), status);
            assert_eq!(mixdsp_loudness_restart(unit), status);
            assert_eq!(mixdsp_loudness_read(unit, before.as_ptr(), before.len()), status);
            assert_eq!(mixdsp_loudness_seed(unit, samples.as_ptr().cast(), 0, 4), status);
            assert_eq!(mixdsp_loudness_write(unit, null_mut(), 0), 0);
        };
        let mut channel: Channel = std::mem::zeroed();
        let mut ask = |unit, number, size| {
            channel.size = size;
            mixdsp_loudness_channel(unit, number, &mut channel)
        };
        let size = size_of::<Channel>() as u32;
        assert_eq!(ask(meter.pointer, 0, size - 1), Status::ABI);
        assert_eq!(ask(meter.pointer, 2, size), Status::ARGUMENT);
        assert_eq!(ask(gain.pointer, 0, size), Status::KIND);
        assert_eq!(ask(null_mut(), 0, size), Status::ARGUMENT);
        assert_eq!(mixdsp_loudness_channel(meter.pointer, 0, null_mut()), Status::ARGUMENT);
        assert_eq!(channel.dc, 0.0);
        of_no_meter(gain.pointer, Status::KIND);
        of_no_meter(null_mut(), Status::ARGUMENT);
        assert_eq!(mixdsp_loudness_seed(meter.pointer, null(), 0, 4), Status::ARGUMENT);
        assert_eq!(mixdsp_loudness_seed(meter.pointer, null(), 9, 4), Status::TYPE);
        assert_eq!(mixdsp_loudness_seed(meter.pointer, null(), 0, 0), Status::OK);
    }
    assert_eq!(written(&meter), before, "nothing has changed");
}
