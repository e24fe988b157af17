//! What crosses the border, and what must not: hostile calls get an error code and change nothing.

mod common;

use common::kind::{FRAMES_HEARD, ON, SHARE, router};
use common::random::Random;
use common::{Unit, bytes, pointers, with_settings};
use mixdsp::dsp::filter::band::Band;
use mixdsp::params::Table;
use mixdsp::processors::equalizer::EqualizerConfig;
use mixdsp::{CompressorParams, DelayConfig, GainParams, Id, LimiterReadings};
use mixdsp_c::classes::{mixdsp_compressor, mixdsp_equalizer, mixdsp_gain};
use mixdsp_c::*;
use std::mem::MaybeUninit;
use std::ptr::{null, null_mut, without_provenance};

const GAIN_DB: Id<GainParams> = GainParams::GAIN_DB;
const MUTE: Id<GainParams> = GainParams::MUTE;
const BANDS: Id<EqualizerConfig> = EqualizerConfig::BANDS;

fn gain() -> Unit {
    Unit::new(mixdsp_gain(), &RawSpec::new(48_000.0, 2)).unwrap()
}

fn route(inputs: u16, outputs: u16, sidechain: u16, flags: u32) -> Unit {
    let spec = RawSpec { inputs, outputs, sidechain, flags, ..RawSpec::new(48_000.0, 1) };
    Unit::new(router(), &spec).unwrap()
}

fn noise(channels: usize, frames: usize) -> Vec<Vec<f32>> {
    let random = &mut Random::new(frames as u64);
    (0..channels).map(|_| random.noise(frames)).collect()
}

#[test]
fn a_level_comes_out() {
    let settings = [Setting::new(GAIN_DB, -20.0)];
    let spec = with_settings(RawSpec::new(48_000.0, 1), &settings);
    let unit = Unit::new(mixdsp_gain(), &spec).unwrap();
    let mut audio = [vec![1.0; 64]];
    assert_eq!(unit.process(&mut audio, &mut []), Status::OK);
    assert!(audio[0].iter().all(|y| (y - 0.1).abs() < 1e-7), "at -20 dB from the first frame on");
    assert_eq!(unit.get(GAIN_DB), Ok(-20.0));
    assert_eq!((unit.latency(), unit.tail(), unit.sanitized_samples()), (0, 0, 0));
}

#[test]
fn set_and_reset_is_as_if_built_so() {
    let settings = [Setting::new(GAIN_DB, -7.0), Setting::new(GainParams::INVERT, 1.0)];
    let built = Unit::new(mixdsp_gain(), &with_settings(RawSpec::new(48_000.0, 2), &settings)).unwrap();
    let set = gain();
    assert_eq!(
        (set.set(GAIN_DB, -7.0), set.set(GainParams::INVERT, 1.0), set.reset()),
        (Status::OK, Status::OK, Status::OK)
    );
    let (mut a, mut b) = (noise(2, 100), noise(2, 100));
    assert_eq!((built.process(&mut a, &mut []), set.process(&mut b, &mut [])), (Status::OK, Status::OK));
    assert_eq!(a, b);
}

#[test]
fn a_glide_shows_where_it_is() {
    let unit = gain();
    assert_eq!(unit.set(GAIN_DB, -10.0), Status::OK);
    assert_eq!(unit.glide(GAIN_DB, -20.0, 64), Status::OK);
    assert_eq!(unit.get(GAIN_DB), Ok(-10.0), "it begins with the next block");
    assert_eq!(unit.process(&mut noise(2, 32), &mut []), Status::OK);
    assert_eq!(unit.get(GAIN_DB), Ok(-15.0));
    assert_eq!(unit.save().last().map(|last| last.id), Some(MUTE.raw()));
    assert_eq!(unit.save()[0].value, -20.0, "a saved state has the end of the glide");
    assert_eq!(unit.process(&mut noise(2, 32), &mut []), Status::OK);
    assert_eq!(unit.get(GAIN_DB), Ok(-20.0));
    assert_eq!(unit.glide(GAIN_DB, 0.0, 1000), Status::OK);
    assert_eq!(unit.reset(), Status::OK);
    assert_eq!(unit.get(GAIN_DB), Ok(0.0), "a reset ends it where it was going");
    assert_eq!(unit.glide(GAIN_DB, -3.0, 0), Status::OK);
    assert_eq!(unit.process(&mut noise(2, 1), &mut []), Status::OK);
    assert_eq!(unit.get(GAIN_DB), Ok(-3.0), "no frames: there by the next");
}

#[test]
fn values_out_of_range_change_nothing() {
    let unit = gain();
    assert_eq!(unit.set(GAIN_DB, -6.0), Status::OK);
    let refused = [24.1, -96.1, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    for value in refused {
        assert_eq!(unit.set(GAIN_DB, value), Status::RANGE);
        assert_eq!(unit.glide(GAIN_DB, value, 10), Status::RANGE);
    }
    assert_eq!(unit.set(MUTE, 0.5), Status::RANGE);
    assert_eq!(unit.glide(MUTE, 1.0, 10), Status::GLIDE);
    let foreign = [
        0,
        1,
        u64::MAX,
        GAIN_DB.raw() + 3,
        GAIN_DB.raw() + 1000,
        GAIN_DB.raw() + 2000,
        GAIN_DB.at(1).raw(),
        GAIN_DB.in_node(1).raw(),
        GAIN_DB.raw() + (1 << 32),
        CompressorParams::THRESHOLD_DB.raw(),
    ];
    for id in foreign.map(Id::from_raw) {
        assert_eq!(unit.set(id, 0.0), Status::ID);
        assert_eq!(unit.glide(id, 0.0, 1), Status::ID);
        assert_eq!(unit.get(id), Err(Status::ID));
    }
    assert_eq!(unit.get(GAIN_DB), Ok(-6.0));
    let bands = [Setting::new(BANDS, 2.0)];
    let eq = Unit::new(mixdsp_equalizer(), &with_settings(RawSpec::new(48_000.0, 1), &bands)).unwrap();
    assert_eq!(eq.set(Band::GAIN_DB.at(1), 3.0), Status::OK);
    assert_eq!(eq.set(Band::GAIN_DB.at(2), 3.0), Status::ID);
    assert_eq!(eq.get(BANDS), Ok(2.0));
    assert_eq!(eq.set(BANDS, 3.0), Status::ID, "config is fixed");
}

#[test]
fn an_id_of_another_processor_is_refused() {
    let spec = RawSpec::new(48_000.0, 2);
    let compressor = Unit::new(mixdsp_compressor(), &spec).unwrap();
    let threshold = compressor.get(CompressorParams::THRESHOLD_DB).unwrap();
    assert_eq!(compressor.set(GAIN_DB, -6.0), Status::ID);
    assert_eq!(compressor.glide(GAIN_DB, -6.0, 10), Status::ID);
    assert_eq!(compressor.get(GAIN_DB), Err(Status::ID));
    assert_eq!(compressor.load(&[Setting::new(GAIN_DB, -6.0)]), Status::ID);
    assert_eq!(compressor.get(LimiterReadings::GAIN_REDUCTION_DB), Err(Status::ID));
    assert_eq!(compressor.get(CompressorParams::THRESHOLD_DB), Ok(threshold), "and nothing has moved");
    for setting in [
        Setting::new(GAIN_DB, -6.0),
        Setting::new(BANDS, 2.0),
        Setting::new(DelayConfig::MAXIMUM_SECONDS, 1.0),
    ] {
        let spec = with_settings(spec, std::slice::from_ref(&setting));
        assert_eq!(Unit::new(mixdsp_compressor(), &spec).err(), Some(Status::ID));
        assert_eq!(bytes(mixdsp_compressor(), &spec), 0);
    }
    // SAFETY: the classes live.
    let text = |class, id: Id| common::text(unsafe { mixdsp_choice_text(class, id.raw(), 0) });
    assert_eq!(text(mixdsp_compressor(), CompressorParams::DETECTOR.any()), Some("peak"));
    assert_eq!(text(mixdsp_gain(), CompressorParams::DETECTOR.any()), None);
    assert_eq!(text(mixdsp_compressor(), CompressorParams::DETECTOR.any().at(1)), None, "it is in no group");
    assert_eq!(text(mixdsp_equalizer(), Band::KIND.any().at(63)), Some("bell"));
    assert_eq!(text(mixdsp_equalizer(), Band::KIND.in_node(1)), None);
}

/// `MIXDSP_AT` of the header.
fn sum_at(id: u64, item: u64) -> Id {
    Id::from_raw(id + (item.min(65_536) << 16))
}

#[test]
fn an_item_that_is_too_large_is_refused() {
    let unit = Unit::new(mixdsp_equalizer(), &RawSpec::new(48_000.0, 2)).unwrap();
    for base in [Band::Q, Band::Q.at(7)] {
        for item in [4096, 65_536, 1 << 20, 0xffff_ffff] {
            let id = sum_at(base.raw(), item);
            assert_eq!(unit.set(id, 2.0), Status::ID, "{item}");
            assert_eq!(unit.glide(id, 2.0, 1), Status::ID);
            assert_eq!(unit.get(id), Err(Status::ID));
            assert_eq!(unit.load(&[Setting::new(id, 2.0)]), Status::ID);
            let setting = [Setting::new(id, 2.0)];
            let spec = with_settings(RawSpec::new(48_000.0, 2), &setting);
            assert_eq!(Unit::new(mixdsp_equalizer(), &spec).err(), Some(Status::ID));
            let kind = sum_at(Band::KIND.raw(), item).raw();
            // SAFETY: the class lives.
            let text = unsafe { mixdsp_choice_text(mixdsp_equalizer(), kind, 0) };
            assert_eq!(text.is_null(), item > 65_535, "a class does not know how many items its units have");
        }
    }
    assert_eq!(unit.set(sum_at(Band::Q.raw(), 7), 2.0), Status::OK);
    assert_eq!(unit.get(Band::Q.at(7)), Ok(2.0));
}

#[test]
fn a_spec_is_checked() {
    let good = RawSpec::new(48_000.0, 2);
    let refused = [
        (RawSpec { size: 0, ..good }, Status::ABI),
        (RawSpec { size: good.size - 1, ..good }, Status::ABI),
        (RawSpec { size: good.size + 8, ..good }, Status::ABI),
        (RawSpec { sample_type: 2, ..good }, Status::TYPE),
        (RawSpec { sample_type: u32::MAX, ..good }, Status::TYPE),
        (RawSpec { flags: 4, ..good }, Status::ARGUMENT),
        (RawSpec { inputs: 0, ..good }, Status::CHANNELS),
        (RawSpec { outputs: 25, ..good }, Status::CHANNELS),
        (RawSpec { sidechain: 25, ..good }, Status::CHANNELS),
        (RawSpec { outputs: 1, ..good }, Status::CHANNELS),
        (RawSpec { sample_rate: 7_999.0, ..good }, Status::RATE),
        (RawSpec { sample_rate: f64::NAN, ..good }, Status::RATE),
        (RawSpec { setting_count: 1, ..good }, Status::ARGUMENT),
        (RawSpec { setting_count: 1, settings: without_provenance(1), ..good }, Status::ARGUMENT),
    ];
    for (spec, status) in refused {
        assert_eq!(Unit::new(mixdsp_gain(), &spec).err(), Some(status));
        assert_eq!(bytes(mixdsp_gain(), &spec), 0);
    }
    let settings = [
        (Setting::new(BANDS, 65.0), Status::RANGE),
        (Setting::new(BANDS, 1.5), Status::RANGE),
        (Setting::new(BANDS, f64::NAN), Status::RANGE),
        (Setting { id: BANDS.raw() + 998, value: 1.0 }, Status::ID),
        (Setting { id: BANDS.raw() + 1000, value: 1.0 }, Status::ID),
        (Setting::new(Band::Q, 41.0), Status::RANGE),
        (Setting::new(Band::Q.at(8), 1.0), Status::ID),
        (Setting::new(Band::Q.in_node(1), 1.0), Status::ID),
        (Setting::new(Band::FREQUENCY_HZ, 23_999.0), Status::RANGE),
    ];
    for (setting, status) in settings {
        let spec = with_settings(good, std::slice::from_ref(&setting));
        assert_eq!(Unit::new(mixdsp_equalizer(), &spec).err(), Some(status), "{}", setting.id);
        assert_eq!(bytes(mixdsp_equalizer(), &spec), 0);
    }
    // A field that nobody reads need not be written.
    let spec = RawSpec { reserved: MaybeUninit::uninit(), ..good };
    assert!(Unit::new(mixdsp_equalizer(), &spec).is_ok());
}

#[test]
fn refused_memory_stays_untouched() {
    let spec = RawSpec::new(48_000.0, 2);
    let need = bytes(mixdsp_gain(), &spec);
    let mut memory = vec![0x5555_5555_5555_5555u64; need / 8 + 2];
    let before = memory.clone();
    let base: *mut u64 = memory.as_mut_ptr();
    let bad = RawSpec { sample_rate: 1.0, ..spec };
    let mut unit = null_mut();
    // SAFETY: what the pointers lead to is as large as is said, or the call must refuse.
    unsafe {
        let mut init = |class, spec, memory: *mut u64, bytes| {
            let status = mixdsp_init(class, spec, memory.cast(), bytes, &mut unit);
            assert!(unit.is_null() || status == Status::OK);
            status
        };
        assert_eq!(init(mixdsp_gain(), &spec, base, need - 1), Status::MEMORY);
        assert_eq!(init(mixdsp_gain(), &spec, base, 0), Status::MEMORY);
        assert_eq!(init(mixdsp_gain(), &spec, null_mut(), need), Status::MEMORY);
        assert_eq!(init(mixdsp_gain(), &spec, base.byte_add(4), need), Status::ARGUMENT);
        assert_eq!(init(mixdsp_gain(), &bad, base, need), Status::RATE);
        assert_eq!(init(null(), &spec, base, need), Status::ARGUMENT);
        assert_eq!(init(mixdsp_gain(), null(), base, need), Status::ARGUMENT);
        let crooked = (&raw const spec).byte_add(1);
        assert_eq!(init(mixdsp_gain(), crooked, base, need), Status::ARGUMENT);
        assert_eq!(mixdsp_init(mixdsp_gain(), &spec, base.cast(), need, null_mut()), Status::ARGUMENT);
        assert_eq!(std::slice::from_raw_parts(base, before.len()), before);
        // What failed is no unit.
        assert_eq!(mixdsp_set(base.cast(), GAIN_DB.raw(), 0.0), Status::UNIT);
        // What lies behind a unit is not its own.
        assert_eq!(init(mixdsp_gain(), &spec, base, need + 16), Status::OK);
        assert_eq!(mixdsp_reset(base.cast()), Status::OK);
        assert_eq!(*base.add(need / 8), before[0]);
    }
}

#[test]
fn what_is_no_unit_is_refused() {
    let mut zeros = vec![0u64; 4096];
    let unit = gain();
    let size = bytes(mixdsp_gain(), &RawSpec::new(48_000.0, 2));
    let mut copy = vec![0u64; size / 8];
    let crooked = unit.pointer.wrapping_byte_add(1);
    // SAFETY: a unit is memory that may be read.
    unsafe { copy.as_mut_ptr().copy_from_nonoverlapping(unit.pointer.cast(), size / 8) };
    let zeros: *mut Head = zeros.as_mut_ptr().cast();
    let copy: *mut Head = copy.as_mut_ptr().cast();
    let refused = [
        (null_mut(), Status::ARGUMENT),
        (crooked, Status::ARGUMENT),
        (zeros, Status::UNIT),
        (copy, Status::UNIT),
    ];
    let (mut value, mut other) = (5.0, 6.0);
    let mut audio = noise(2, 4);
    let io = pointers(&mut audio);
    let io = io.as_ptr();
    for (unit, status) in refused {
        // SAFETY: every call must see that this is no unit, and look at nothing else.
        unsafe {
            assert_eq!(mixdsp_process(unit, io.cast(), null(), io.cast(), 4), status);
            assert_eq!(mixdsp_process(unit, null(), null(), null(), 0), status);
            assert_eq!(mixdsp_process_f64(unit, null(), null(), null(), 4), status);
            assert_eq!(mixdsp_process_interleaved(unit, (*io).cast(), *io, 2), status);
            assert_eq!(mixdsp_feed(unit, (*io).cast(), 0, 2), status);
            assert_eq!(mixdsp_reset(unit), status);
            assert_eq!(mixdsp_set(unit, GAIN_DB.raw(), 0.0), status);
            assert_eq!(mixdsp_glide(unit, GAIN_DB.raw(), 0.0, 1), status);
            assert_eq!(mixdsp_get(unit, GAIN_DB.raw(), &mut value), status);
            assert_eq!(mixdsp_load(unit, [].as_ptr(), 0), status);
            assert_eq!(mixdsp_response(unit, 1.0, 0, &mut value, &mut other), status);
            assert_eq!((mixdsp_latency(unit), mixdsp_tail(unit), mixdsp_sanitized_samples(unit)), (0, 0, 0));
            assert_eq!(mixdsp_save(unit, null_mut(), 0), 0);
            assert!(mixdsp_class_of(unit).is_null());
        }
    }
    assert_eq!((value, other), (5.0, 6.0));
    assert_eq!(audio, noise(2, 4));
    // SAFETY: the copy was only looked at.
    assert_eq!(unsafe { mixdsp_class_of(unit.pointer) }, mixdsp_gain());
}

#[test]
fn refused_blocks_stay_untouched() {
    let unit = gain();
    assert_eq!(unit.set(GAIN_DB, -20.0), Status::OK);
    let mut audio = noise(2, 8);
    let before = audio.clone();
    let [a, b] = [audio[0].as_mut_ptr(), audio[1].as_mut_ptr()];
    let near = a.wrapping_add(4);
    let odd = a.wrapping_byte_add(2);
    let sound = [a, b];
    let refused = [[null_mut(), b], [a, null_mut()], [odd, b], [a, a], [a, near]];
    type List = *const *const f32;
    // SAFETY: either the pointers are good for 8 frames, or the call must refuse before it looks.
    unsafe {
        let process = |input: List, output: *const *mut f32, frames| {
            mixdsp_process(unit.pointer, input, null(), output.cast(), frames)
        };
        for list in &refused {
            assert_eq!(process(sound.as_ptr().cast(), list.as_ptr(), 8), Status::ARGUMENT);
            if list[1] != near && list[1] != a {
                assert_eq!(process(list.as_ptr().cast(), sound.as_ptr(), 8), Status::ARGUMENT);
            }
        }
        let swapped = [b, a];
        assert_eq!(process(swapped.as_ptr().cast(), sound.as_ptr(), 8), Status::ARGUMENT);
        assert_eq!(process(null(), sound.as_ptr(), 8), Status::ARGUMENT);
        assert_eq!(process(sound.as_ptr().byte_add(1).cast(), sound.as_ptr(), 8), Status::ARGUMENT);
        assert_eq!(process(sound.as_ptr().cast(), sound.as_ptr().byte_add(1), 8), Status::ARGUMENT);
        assert_eq!(mixdsp_process_f64(unit.pointer, null(), null(), null(), 8), Status::TYPE);
        let interleaved =
            |input, output, frames| mixdsp_process_interleaved(unit.pointer, input, output, frames);
        assert_eq!(interleaved(null(), a, 4), Status::ARGUMENT);
        assert_eq!(interleaved(odd.cast_const(), a, 2), Status::ARGUMENT);
        assert_eq!(interleaved(a.cast_const(), a.add(1), 2), Status::ARGUMENT);
        let feed =
            |samples: *const f32, format, frames| mixdsp_feed(unit.pointer, samples.cast(), format, frames);
        assert_eq!(feed(null(), 0, 2), Status::ARGUMENT);
        assert_eq!(feed(a, 4, 2), Status::TYPE);
        assert_eq!(feed(odd, 0, 1), Status::ARGUMENT);
        assert_eq!(feed(odd, 2, 1), Status::OK, "two bytes are enough for 16 bits");
        assert_eq!(unit.reset(), Status::OK);
        assert_eq!(process(null(), null(), 0), Status::OK, "no frames are always fine");
        assert_eq!(feed(null(), 0, 0), Status::OK);
        assert_eq!(interleaved(null(), null_mut(), 0), Status::OK);
    }
    assert_eq!(audio, before);
    assert_eq!(unit.process(&mut audio, &mut []), Status::OK);
    assert!((audio[0][7] - before[0][7] * 0.1).abs() < 1e-7, "and the parameter was not lost");
}

#[test]
fn arguments_of_descriptions() {
    let mut description: Description = unsafe_zeroed();
    // SAFETY: every pointer is NULL, crooked, or good.
    unsafe {
        let at = |class, index, into| mixdsp_param_at(class, index, into);
        assert_eq!(at(mixdsp_gain(), 0, &mut description), Status::ABI, "no size");
        description.size = size_of::<Description>() as u32 - 1;
        assert_eq!(at(mixdsp_gain(), 0, &mut description), Status::ABI);
        description.size += 1;
        assert_eq!(at(null(), 0, &mut description), Status::ARGUMENT);
        assert_eq!(at(mixdsp_gain(), 3, &mut description), Status::ID);
        assert_eq!(at(mixdsp_gain(), u32::MAX, &mut description), Status::ID);
        assert_eq!(at(mixdsp_gain(), 0, null_mut()), Status::ARGUMENT);
        assert!(description.key.is_null(), "nothing was written");
        assert_eq!(mixdsp_param_count(null()), 0);
        assert_eq!(mixdsp_find(null(), c"gain_db".as_ptr()), 0);
        assert_eq!(mixdsp_find(mixdsp_gain(), null()), 0);
        assert!(mixdsp_class_key(null()).is_null() && mixdsp_class_name(null()).is_null());
        assert!(mixdsp_class_doc(null()).is_null() && mixdsp_choice_text(null(), 0, 0).is_null());
        assert!(mixdsp_class_at(u32::MAX).is_null());
        assert!(mixdsp_choice_text(mixdsp_gain(), GAIN_DB.raw(), 0).is_null());
        assert_eq!(mixdsp_bytes(mixdsp_gain(), null()), 0);
        assert_eq!(mixdsp_bytes(null(), &RawSpec::new(48_000.0, 1)), 0);
    }
    let unit = gain();
    // SAFETY: as above.
    unsafe {
        assert_eq!(mixdsp_get(unit.pointer, GAIN_DB.raw(), null_mut()), Status::ARGUMENT);
        assert_eq!(mixdsp_load(unit.pointer, null(), 1), Status::ARGUMENT);
        assert_eq!(mixdsp_load(unit.pointer, without_provenance(1), 1), Status::ARGUMENT);
        let mut number = 7.0;
        let response = |frequency, at, real| mixdsp_response(unit.pointer, frequency, at, real, &mut 0.0);
        assert_eq!(response(1000.0, 2, &mut number), Status::ARGUMENT);
        assert_eq!(response(1000.0, 0, null_mut()), Status::ARGUMENT);
        assert_eq!(response(f64::NAN, 0, &mut number), Status::RANGE);
        assert_eq!(response(-1.0, 0, &mut number), Status::RANGE);
        assert_eq!(response(24_000.1, 1, &mut number), Status::RANGE);
        assert_eq!(number, 7.0);
        let mut room = [Setting { id: 77, value: 7.0 }; 3];
        assert_eq!(mixdsp_save(unit.pointer, room.as_mut_ptr(), 2), 3, "too small: only counted");
        assert_eq!(room[0].id, 77);
    }
    for status in Status::ALL {
        assert_ne!(common::text(mixdsp_status_text(*status)), Some("no such status"));
    }
    assert_eq!(common::text(mixdsp_status_text(Status(1))), Some("no such status"));
}

fn unsafe_zeroed() -> Description {
    // SAFETY: numbers and pointers, all of which may be zero.
    unsafe { std::mem::zeroed() }
}

#[test]
fn a_saved_state_builds_the_same_unit() {
    let bands = [Setting::new(BANDS, 3.0)];
    let spec = RawSpec::new(44_100.0, 2);
    let unit = Unit::new(mixdsp_equalizer(), &with_settings(spec, &bands)).unwrap();
    assert_eq!(unit.set(Band::GAIN_DB.at(2), -4.5), Status::OK);
    assert_eq!(unit.set(Band::KIND.at(0), 3.0), Status::OK);
    let saved = unit.save();
    assert_eq!(saved.len(), EqualizerConfig::ROWS.len() + 3 * Band::ROWS.len());
    let twin = Unit::new(mixdsp_equalizer(), &with_settings(spec, &saved)).unwrap();
    assert_eq!(unit.reset(), Status::OK);
    let (mut a, mut b) = (noise(2, 40), noise(2, 40));
    assert_eq!((unit.process(&mut a, &mut []), twin.process(&mut b, &mut [])), (Status::OK, Status::OK));
    assert_eq!(a, b);
    // Loaded into a unit at work: all or nothing.
    let third = Unit::new(mixdsp_equalizer(), &with_settings(spec, &bands)).unwrap();
    assert_eq!(third.load(&saved), Status::OK);
    assert_eq!(third.get(Band::GAIN_DB.at(2)), Ok(-4.5));
    let mut bad = saved.clone();
    bad[EqualizerConfig::ROWS.len()].value = 1.0;
    bad.last_mut().unwrap().value = 100.0;
    assert_eq!(third.load(&bad), Status::RANGE);
    let one = [Setting::new(BANDS, 1.0)];
    let other = Unit::new(mixdsp_equalizer(), &with_settings(spec, &one)).unwrap();
    assert_eq!(other.load(&saved), Status::RANGE, "it has one band");
    assert_eq!(other.get(Band::GAIN_DB), Ok(0.0));
    assert_eq!(other.load(&[Setting { id: 2001, value: 0.0 }]), Status::ID);
}

#[test]
fn more_inputs_than_outputs_and_fewer() {
    for (inputs, outputs) in [(3, 1), (1, 3), (2, 2)] {
        let unit = route(inputs, outputs, 0, 0);
        let mut input = noise(inputs.into(), 100);
        let mut output = vec![vec![f32::NAN; 100]; outputs.into()];
        let (from, to) = (pointers(&mut input), pointers(&mut output));
        // SAFETY: as many channels of 100 frames as the spec says.
        let status =
            unsafe { mixdsp_process(unit.pointer, from.as_ptr().cast(), null(), to.as_ptr().cast(), 100) };
        assert_eq!(status, Status::OK);
        for (channel, samples) in output.iter().enumerate() {
            assert_eq!(*samples, input[channel % usize::from(inputs)], "{inputs} to {outputs}");
        }
        assert_eq!(input, noise(inputs.into(), 100), "inputs are only read");
        // The same interleaved.
        let frames: Vec<f32> =
            (0..100 * input.len()).map(|at| input[at % input.len()][at / input.len()]).collect();
        let mut out = vec![f32::NAN; 100 * output.len()];
        // SAFETY: 100 frames each.
        let status =
            unsafe { mixdsp_process_interleaved(unit.pointer, frames.as_ptr(), out.as_mut_ptr(), 100) };
        assert_eq!(status, Status::OK);
        assert!(out.iter().enumerate().all(|(at, y)| *y == output[at % output.len()][at / output.len()]));
        // Heard only.
        // SAFETY: as many inputs as the spec says.
        let status = unsafe { mixdsp_process(unit.pointer, from.as_ptr().cast(), null(), null(), 100) };
        assert_eq!(status, Status::OK);
        assert_eq!(unit.get(FRAMES_HEARD), Ok(300.0));
    }
}

#[test]
fn the_sidechain_is_heard() {
    for outputs in [1, 2] {
        let unit = route(2, outputs, 1, 0);
        let mut audio = noise(2, 50);
        let mut key = noise(1, 50);
        key[0].reverse();
        let (from, to, keys) = (pointers(&mut audio), noise(outputs.into(), 50), pointers(&mut key));
        let mut to = to;
        let out = pointers(&mut to);
        let process = |key: *const *mut f32| {
            // SAFETY: as many channels of 50 frames as the spec says.
            unsafe { mixdsp_process(unit.pointer, from.as_ptr().cast(), key.cast(), out.as_ptr().cast(), 50) }
        };
        assert_eq!(process(keys.as_ptr()), Status::OK);
        assert!((0..50).all(|frame| to[0][frame] == audio[0][frame] + key[0][frame]));
        assert_eq!(process(null()), Status::OK, "a key may be left out");
        assert_eq!(to[0], audio[0]);
        assert_eq!(process(out.as_ptr()), Status::ARGUMENT, "a key is not written");
        assert_eq!(process([null_mut()].as_ptr()), Status::ARGUMENT);
    }
}

#[test]
fn interleaved_in_place_and_in_every_format() {
    let unit = gain();
    assert_eq!((unit.set(GAIN_DB, -20.0), unit.reset()), (Status::OK, Status::OK));
    let mut frames: Vec<f32> = (0..200).map(|at| at as f32).collect();
    // SAFETY: 100 frames of two channels.
    let status =
        unsafe { mixdsp_process_interleaved(unit.pointer, frames.as_ptr(), frames.as_mut_ptr(), 100) };
    assert_eq!(status, Status::OK);
    assert!(frames.iter().enumerate().all(|(at, y)| (y - at as f32 * 0.1).abs() < 1e-5));

    let spec = RawSpec { sample_type: RawSpec::F64, sidechain: 0, ..RawSpec::new(48_000.0, 2) };
    let f64_unit = Unit::new(router(), &spec).unwrap();
    let f32_unit = Unit::new(router(), &RawSpec::new(48_000.0, 2)).unwrap();
    for unit in [&f64_unit, &f32_unit] {
        let feed = |samples: *const std::ffi::c_void, format| {
            // SAFETY: 50 frames of two channels each.
            unsafe { mixdsp_feed(unit.pointer, samples, format, 50) }
        };
        assert_eq!(unit.get(FRAMES_HEARD), Err(Status::NONE));
        assert_eq!(feed([0f32; 100].as_ptr().cast(), 0), Status::OK);
        assert_eq!(feed([f64::NAN; 100].as_ptr().cast(), 1), Status::OK);
        assert_eq!(feed([i16::MIN; 100].as_ptr().cast(), 2), Status::OK);
        assert_eq!(feed([i32::MAX; 100].as_ptr().cast(), 3), Status::OK);
        assert_eq!(unit.get(FRAMES_HEARD), Ok(200.0));
        assert_eq!(unit.sanitized_samples(), 100, "what is not a number");
        assert_eq!(unit.latency(), 7);
        assert_eq!(unit.tail(), 300);
        assert_eq!(unit.set(ON, 1.0), Status::OK);
        assert_eq!(unit.tail(), u64::MAX, "endless from now on, before any block");
        assert_eq!(unit.reset(), Status::OK);
        assert_eq!(unit.get(FRAMES_HEARD), Err(Status::NONE));
    }
}

#[test]
fn shared_readings_are_at_most_20_ms_old() {
    let unit = route(1, 1, 0, RawSpec::SHARED);
    assert_eq!(unit.get(FRAMES_HEARD), Err(Status::NONE));
    assert_eq!(unit.process(&mut noise(1, 959), &mut []), Status::OK);
    assert_eq!(unit.get(FRAMES_HEARD), Err(Status::NONE));
    assert_eq!(unit.process(&mut noise(1, 1), &mut []), Status::OK);
    assert_eq!(unit.get(FRAMES_HEARD), Ok(960.0));
    assert_eq!(unit.process(&mut noise(1, 1000), &mut []), Status::OK);
    assert_eq!(unit.get(FRAMES_HEARD), Ok(1960.0));
    assert_eq!(unit.reset(), Status::OK);
    assert_eq!(unit.get(FRAMES_HEARD), Err(Status::NONE));
    assert_eq!(unit.set(SHARE, 0.5), Status::OK);
    assert_eq!(unit.get(SHARE), Ok(0.5));
}
