//! The mixer: levels to 0.01 dB, paths to the sample.

use mixdsp::host::Mixer;
use mixdsp::mix::Tap;
use mixdsp::processors::align::{Align, AlignConfig};
use mixdsp::{Compressor, CompressorParams, GainParams, PanParams, Processor, Spec};

const RATE: f64 = 48_000.0;

/// Runs the mixer over as many frames as the inputs have.
fn run(mixer: &mut Mixer<f64>, inputs: &[Vec<Vec<f64>>], cut: usize) -> [Vec<f64>; 2] {
    let frames = inputs[0][0].len();
    let mut out = [vec![0.0; frames], vec![0.0; frames]];
    let mut start = 0;
    while start < frames {
        let end = (start + cut).min(frames);
        let slices: Vec<Vec<&[f64]>> =
            inputs.iter().map(|input| input.iter().map(|channel| &channel[start..end]).collect()).collect();
        let tracks: Vec<&[&[f64]]> = slices.iter().map(Vec::as_slice).collect();
        let [left, right] = &mut out;
        mixer.process(&tracks, &mut [&mut left[start..end], &mut right[start..end]]).unwrap();
        start = end;
    }
    out
}

fn impulse(frames: usize, at: usize) -> Vec<f64> {
    let mut samples = vec![0.0; frames];
    samples[at] = 1.0;
    samples
}

fn wait(frames: u32, channels: usize) -> Box<dyn Processor<f64> + Send> {
    Box::new(Align::<f64>::new(Spec::new(RATE, channels), AlignConfig { frames }, ()).unwrap())
}

#[test]
fn faders_at_zero_and_no_inserts_give_the_plain_sum() {
    let mut mixer = Mixer::new(RATE).unwrap();
    let tone = |step: f64| (0..4_000).map(|n| (n as f64 * step).sin()).collect::<Vec<_>>();
    let inputs = [vec![tone(0.1), tone(0.2)], vec![tone(0.03), tone(0.7)]];
    for name in ["a", "b"] {
        mixer.add_track(name, 2).unwrap();
    }
    mixer.prepare().unwrap();
    let out = run(&mut mixer, &inputs, 333);
    for side in 0..2 {
        for n in 0..4_000 {
            assert_eq!(out[side][n], inputs[0][side][n] + inputs[1][side][n]);
        }
    }
}

#[test]
fn parallel_paths_meet_to_the_sample() {
    let mut mixer = Mixer::new(RATE).unwrap();
    let slow = mixer.add_track("slow", 2).unwrap();
    let fast = mixer.add_track("fast", 2).unwrap();
    let group = mixer.add_bus("group").unwrap();
    let effect = mixer.add_bus("effect").unwrap();
    mixer.insert(slow, wait(100, 2));
    mixer.insert(effect, wait(1_234, 2));
    mixer.insert(group, wait(7, 2));
    mixer.route(slow, group).unwrap();
    mixer.send(fast, effect, Tap::PostFader, 0.0).unwrap();
    mixer.send(slow, effect, Tap::PreFader, 0.0).unwrap();
    mixer.prepare().unwrap();
    assert_eq!(mixer.latency(), 100 + 1_234);
    let input = vec![impulse(3_000, 10), impulse(3_000, 10)];
    let [left, _] = run(&mut mixer, &[input.clone(), input], 64);
    // slow: once through the group, once through the effect; fast: direct and through the effect
    let hits: Vec<(usize, f64)> = left.iter().copied().enumerate().filter(|(_, y)| *y != 0.0).collect();
    assert_eq!(hits, [(10 + mixer.latency(), 4.0)], "all four at one frame");
}

#[test]
fn a_late_key_makes_the_track_wait() {
    let mut mixer = Mixer::new(RATE).unwrap();
    let bass = mixer.add_track("bass", 2).unwrap();
    let kick = mixer.add_track("kick", 2).unwrap();
    mixer.insert(kick, wait(50, 2));
    mixer.listen(bass, kick).unwrap();
    mixer.prepare().unwrap();
    let input = vec![impulse(500, 3), impulse(500, 3)];
    let [left, _] = run(&mut mixer, &[input.clone(), input], 500);
    assert_eq!(left[53], 2.0);
}

#[test]
fn levels_sends_and_automation_are_exact() {
    let mut mixer = Mixer::new(RATE).unwrap();
    let track = mixer.add_track("track", 1).unwrap();
    let bus = mixer.add_bus("bus").unwrap();
    let send = mixer.send(track, bus, Tap::PreFader, -12.0).unwrap();
    mixer.strip(track).pan.set(PanParams::PAN, -1.0).unwrap();
    mixer.strip(track).fader.glide(GainParams::GAIN_DB, -6.0, 1_000).unwrap();
    mixer.strip(track).reset();
    mixer.strip(track).fader.set(GainParams::GAIN_DB, 0.0).unwrap();
    mixer.strip(track).reset();
    mixer.prepare().unwrap();
    mixer.strip(track).fader.glide(GainParams::GAIN_DB, -6.0, 1_000).unwrap();
    mixer.send_level(send).glide(GainParams::GAIN_DB, -96.0, 1).unwrap();
    let [left, right] = run(&mut mixer, &[vec![vec![1.0; 2_000]]], 77);
    let level = |n: usize| 20.0 * left[n].log10();
    assert!((level(500) + 3.0).abs() < 0.01, "half way down at half time: {}", level(500));
    assert!((level(1_000) + 6.0).abs() < 0.01, "{}", level(1_000));
    assert!((level(999) - level(1_000)).abs() > 1e-3, "still on its way one frame before");
    assert!(right.iter().all(|y| *y == 0.0));
}

/// Twelve tracks, some of them keyed or late, over four groups and an effect, with levels that move.
fn crowded() -> Mixer<f64> {
    let mut mixer = Mixer::new(RATE).unwrap();
    let effect = mixer.add_bus("effect").unwrap();
    let groups = [0, 1, 2, 3].map(|at| mixer.add_bus(&format!("group {at}")).unwrap());
    mixer.route(groups[3], groups[0]).unwrap();
    for at in 0..12 {
        let track = mixer.add_track(&format!("track {at}"), 1 + at % 2).unwrap();
        mixer.insert(track, wait(7 * at as u32, 1 + at % 2));
        mixer.route(track, groups[at % 4]).unwrap();
        let send = mixer.send(track, effect, [Tap::PreFader, Tap::PostFader][at % 2], -7.0).unwrap();
        let params = CompressorParams { threshold_db: -20.0, ..CompressorParams::default() };
        let spec = Spec::new(RATE, 1 + at % 2).with_sidechain(2);
        mixer.insert(track, Box::new(Compressor::new(spec, Default::default(), params).unwrap()));
        let heard = mixer.find(&format!("track {}", at.saturating_sub(1))).unwrap();
        if at % 3 == 1 {
            mixer.listen(track, heard).unwrap();
        }
        mixer.strip(track).fader.glide(GainParams::GAIN_DB, -9.0, 3_000).unwrap();
        mixer.send_level(send).glide(GainParams::GAIN_DB, -30.0, 2_000).unwrap();
    }
    mixer.prepare().unwrap();
    mixer
}

#[test]
fn threads_and_the_frames_of_a_turn_change_no_bit() {
    let noise =
        |seed: usize| (0..6_000).map(move |n| ((n * n * (2 * seed + 1)) % 1_009) as f64 / 504.5 - 1.0);
    let inputs: Vec<Vec<Vec<f64>>> =
        (0..12).map(|at| (0..1 + at % 2).map(|side| noise(2 * at + side).collect()).collect()).collect();
    let expected = run(&mut crowded(), &inputs, 333);
    assert!(expected[0].iter().any(|y| y.abs() > 0.1));
    for (threads, frames) in [(1, 4_096), (2, 4_096), (3, 64), (40, 1_000), (0, 0)] {
        let mut mixer = crowded();
        mixer.mix_offline(threads, frames.min(4_096));
        assert_eq!(
            run(&mut mixer, &inputs, 1 + 4_999 * threads),
            expected,
            "{threads} threads, {frames} frames"
        );
    }
}

#[test]
fn what_each_strip_gave_is_told_however_deep_it_stands() {
    let mut mixer = Mixer::new(RATE).unwrap();
    let track = mixer.add_track("track", 2).unwrap();
    assert!(mixer.given(track, 10)[0].is_empty(), "nothing before it is prepared");
    let mut nodes = vec![track];
    for at in 0..5 {
        let bus = mixer.add_bus(&format!("bus {at}")).unwrap();
        mixer.route(nodes[at], bus).unwrap();
        nodes.push(bus);
    }
    nodes.push(mixer.master());
    // Each 6 dB quieter than the one before.
    for node in &nodes {
        mixer.strip(*node).fader.set(GainParams::GAIN_DB, -6.0).unwrap();
    }
    mixer.prepare().unwrap();
    mixer.reset();
    // No two frames are alike, so that what was given in another turn would be seen.
    let rising: Vec<f64> = (0..4_000).map(|n| 1.0 + n as f64).collect();
    for (cut, frames) in [(500, 500), (100, 100), (4_000, 4_000 % 512)] {
        run(&mut mixer, &[vec![rising.clone(); 2]], cut);
        for (at, node) in nodes.iter().enumerate() {
            let [left, _] = mixer.given(*node, frames);
            let decibels = -6.0 * (at + 1) as f64;
            let off = |(y, x): (&f64, &f64)| (20.0 * (y / x).log10() - decibels).abs();
            let worst = left.iter().zip(&rising[4_000 - frames..]).map(off).fold(0.0, f64::max);
            assert!(worst < 1e-6 && left.len() == frames, "node {at}, blocks of {cut}: off by {worst} dB");
        }
    }
}

#[test]
fn preparing_again_keeps_levels_and_finds_new_ways() {
    let mut mixer = Mixer::new(RATE).unwrap();
    let [a, b] = ["a", "b"].map(|name| mixer.add_track(name, 1).unwrap());
    let [first, second] = ["first", "second"].map(|name| mixer.add_bus(name).unwrap());
    let send = mixer.send(b, second, Tap::PostFader, -96.0).unwrap();
    mixer.route(a, first).unwrap();
    mixer.prepare().unwrap();
    mixer.route(a, second).unwrap();
    mixer.route(second, first).unwrap();
    mixer.send(a, first, Tap::PreFader, 0.0).unwrap();
    mixer.send_level(send).set(GainParams::GAIN_DB, 0.0).unwrap();
    // Refused, and nothing has changed.
    mixer.route(first, second).unwrap();
    assert_eq!(mixer.prepare().unwrap_err().to_string(), "routes lead in a circle through \"second\"");
    mixer.route(first, mixer.master()).unwrap();
    mixer.prepare().unwrap();
    mixer.reset();
    let [left, _] = run(&mut mixer, &[vec![vec![1.0; 64]], vec![vec![10.0; 64]]], 64);
    // a over second, and by its send; b to the master, and by its send: all at 0 dB, panned to the middle.
    let middle = core::f64::consts::FRAC_1_SQRT_2;
    assert!((left[63] - 22.0 * middle).abs() < 1e-9, "{}", left[63]);
}

#[test]
fn solo_and_mute() {
    let mut mixer = Mixer::new(RATE).unwrap();
    let a = mixer.add_track("a", 2).unwrap();
    let b = mixer.add_track("b", 2).unwrap();
    let effect = mixer.add_bus("effect").unwrap();
    mixer.send(a, effect, Tap::PreFader, 0.0).unwrap();
    mixer.prepare().unwrap();
    let inputs = [vec![vec![1.0; 2_000]; 2], vec![vec![0.5; 2_000]; 2]];
    let last = |mixer: &mut Mixer<f64>| run(mixer, &inputs, 512)[0][1_999];
    assert_eq!(last(&mut mixer), 2.5);
    mixer.set_soloed(a, true).unwrap();
    assert_eq!(last(&mut mixer), 2.0, "the track and its effect");
    mixer.set_soloed(b, true).unwrap();
    mixer.set_muted(a, true).unwrap();
    assert_eq!(last(&mut mixer), 0.5);
}

#[test]
fn what_cannot_be_is_refused() {
    let mut mixer = Mixer::<f32>::new(RATE).unwrap();
    let a = mixer.add_bus("a").unwrap();
    let b = mixer.add_bus("b").unwrap();
    let track = mixer.add_track("t", 2).unwrap();
    assert_eq!(mixer.add_bus("a").unwrap_err().to_string(), "there is a track or bus called \"a\" already");
    assert!(mixer.route(a, track).is_err());
    mixer.route(a, b).unwrap();
    mixer.send(b, a, Tap::PostFader, 0.0).unwrap();
    assert!(mixer.prepare().unwrap_err().to_string().contains("circle"));
    let (mut l, mut r) = ([0.0; 4], [0.0; 4]);
    assert!(mixer.process(&[], &mut [&mut l, &mut r]).is_err());
}
