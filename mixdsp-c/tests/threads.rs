//! Parameters from other threads while a unit processes. Miri looks for data races here, too.

mod common;

use common::kind::{FRAMES_HEARD, router};
use common::{Unit, with_settings};
use mixdsp::dsp::filter::band::Band;
use mixdsp::processors::equalizer::EqualizerConfig;
use mixdsp::{GainParams, Id};
use mixdsp_c::classes::{mixdsp_equalizer, mixdsp_gain};
use mixdsp_c::{RawSpec, Setting, Status};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::thread::{scope, yield_now};

const GAIN_DB: Id<GainParams> = GainParams::GAIN_DB;
const MUTE: Id<GainParams> = GainParams::MUTE;
const ROUNDS: usize = if cfg!(miri) { 25 } else { 20_000 };
const FRAMES: usize = if cfg!(miri) { 4 } else { 32 };

/// Runs `control` while another thread processes; returns what was heard last.
fn while_processing(unit: &Unit, control: impl FnOnce()) -> Vec<Vec<f32>> {
    let done = AtomicBool::new(false);
    let mut audio = vec![vec![0.0f32; FRAMES]; 2];
    scope(|scope| {
        scope.spawn(|| {
            let mut last = false;
            while !last {
                last = done.load(Relaxed);
                audio.iter_mut().for_each(|channel| channel.fill(0.5));
                assert_eq!(unit.process(&mut audio, &mut []), Status::OK);
                assert!(audio.iter().flatten().all(|y| y.is_finite() && y.abs() <= 0.5 * 15.9));
                yield_now();
            }
        });
        control();
        done.store(true, Relaxed);
    });
    audio
}

#[test]
fn one_thread_sets_while_another_processes() {
    let unit = Unit::new(mixdsp_gain(), &RawSpec::new(48_000.0, 2)).unwrap();
    while_processing(&unit, || {
        for round in 0..ROUNDS {
            let value = (round % 97) as f64 * -0.75;
            assert_eq!(unit.set(GAIN_DB, value), Status::OK, "nobody else sets, so there is always room");
            assert_eq!(unit.get(GAIN_DB), Ok(value), "what was set is what is got");
            assert_eq!(unit.set(MUTE, (round % 2) as f64), Status::OK);
            assert_eq!(unit.set(GAIN_DB, f64::NAN), Status::RANGE);
            assert_eq!((unit.latency(), unit.sanitized_samples()), (0, 0));
            assert_eq!(unit.save()[0].value, value);
        }
        assert_eq!((unit.set(GAIN_DB, -6.0), unit.set(MUTE, 0.0)), (Status::OK, Status::OK));
    });
    assert_eq!((unit.get(GAIN_DB), unit.get(MUTE)), (Ok(-6.0), Ok(0.0)));
    assert_eq!(unit.reset(), Status::OK);
    let mut audio = vec![vec![1.0f32; 4]; 2];
    assert_eq!(unit.process(&mut audio, &mut []), Status::OK);
    assert!((audio[1][3] - 0.501_187).abs() < 1e-6, "the last value is in force: {}", audio[1][3]);
}

#[test]
fn glides_are_watched_from_outside() {
    let unit = Unit::new(mixdsp_gain(), &RawSpec::new(48_000.0, 2)).unwrap();
    while_processing(&unit, || {
        let mut last = 0.0;
        assert_eq!(unit.glide(GAIN_DB, -60.0, (3 * FRAMES) as u32), Status::OK);
        while last != -60.0 {
            let now = unit.get(GAIN_DB).unwrap();
            assert!(now <= last && now >= -60.0, "it went from {last} to {now}");
            last = now;
            yield_now();
        }
    });
}

#[test]
fn two_threads_set_the_same() {
    let bands = [Setting::new(EqualizerConfig::BANDS, 2.0)];
    let unit = Unit::new(mixdsp_equalizer(), &with_settings(RawSpec::new(48_000.0, 2), &bands)).unwrap();
    let id = Band::Q.at(1);
    while_processing(&unit, || {
        scope(|scope| {
            for thread in 0..2 {
                let unit = &unit;
                scope.spawn(move || {
                    for round in 0..ROUNDS / 5 {
                        let value = 1.0 + thread as f64 + (round % 2) as f64 * 0.5;
                        let status = unit.set(id, value);
                        assert!(status == Status::OK || status == Status::BUSY);
                        let got = unit.get(id).unwrap();
                        let all = [std::f64::consts::FRAC_1_SQRT_2, 1.0, 1.5, 2.0, 2.5];
                        assert!(all.contains(&got), "half of one value and half of another: {got}");
                    }
                });
            }
        });
    });
}

#[test]
fn readings_are_watched_from_outside() {
    // Shared every 160 frames.
    let spec = RawSpec { flags: RawSpec::SHARED, ..RawSpec::new(8_000.0, 2) };
    let unit = Unit::new(router(), &spec).unwrap();
    while_processing(&unit, || {
        let mut last = 0.0;
        while last < 400.0 {
            match unit.get(FRAMES_HEARD) {
                Ok(heard) => {
                    assert!(heard >= last && heard % FRAMES as f64 == 0.0);
                    last = heard;
                }
                Err(status) => assert!(status == Status::NONE || status == Status::BUSY),
            }
            yield_now();
        }
    });
}

#[test]
fn a_second_thread_inside_is_turned_away() {
    let unit = Unit::new(mixdsp_gain(), &RawSpec::new(48_000.0, 2)).unwrap();
    scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut audio = vec![vec![0.5f32; FRAMES]; 2];
                for _ in 0..ROUNDS / 5 {
                    let status = unit.process(&mut audio, &mut []);
                    assert!(status == Status::OK || status == Status::BUSY);
                    let status = unit.reset();
                    assert!(status == Status::OK || status == Status::BUSY);
                }
            });
        }
    });
    assert_eq!(unit.reset(), Status::OK);
}
