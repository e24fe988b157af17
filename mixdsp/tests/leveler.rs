//! The leveler rides speech of any level to its target, and keeps its hands still in silence.

mod common;

use common::report::report;
use common::voices::speech;
use common::{Bound, Random, measured};
use mixdsp::{
    Leveler, LevelerConfig, LevelerParams, LevelerReadings, LoudnessConfig, LoudnessMeter, LoudnessReadings,
    Processor, Spec,
};

const RATE: f64 = 48_000.0;
const FRAMES: usize = 48_000;

fn integrated(audio: &[f64]) -> f64 {
    let mut meter = LoudnessMeter::<f64>::new(Spec::new(RATE, 1), LoudnessConfig::default(), ()).unwrap();
    meter.process(&mut [&mut audio.to_vec()], &[]).unwrap();
    meter.get(LoudnessReadings::INTEGRATED).unwrap()
}

/// Speech of so many seconds at each loudness.
fn programme(levels_lufs: &[f64], seconds: f64) -> Vec<f64> {
    let mut random = Random::new(11);
    let mut all = Vec::new();
    for level_lufs in levels_lufs {
        let (part, _) = speech(RATE, seconds, 0.3, &mut random);
        let gain = 10f64.powf((level_lufs - integrated(&part)) / 20.0);
        all.extend(part.iter().map(|x| x * gain));
    }
    all
}

/// What comes out, and the gain in decibels at every 10 ms.
fn run(input: &[f64], lookahead_ms: f64, params: LevelerParams) -> (Vec<f64>, Vec<f64>) {
    let config = LevelerConfig { lookahead_ms };
    let mut unit = Leveler::<f64>::new(Spec::new(RATE, 1), config, params).unwrap();
    let (mut audio, mut gains_db) = (input.to_vec(), Vec::new());
    for block in audio.chunks_mut(480) {
        unit.process(&mut [block], &[]).unwrap();
        gains_db.push(unit.get(LevelerReadings::GAIN_DB).unwrap());
    }
    (audio, gains_db)
}

/// Short-term loudness at every 100 ms.
fn short_term(audio: &[f64]) -> Vec<f64> {
    let mut meter = LoudnessMeter::<f64>::new(Spec::new(RATE, 1), LoudnessConfig::default(), ()).unwrap();
    let mut audio = audio.to_vec();
    let read = |block: &mut [f64]| {
        meter.process(&mut [block], &[]).unwrap();
        meter.get(LoudnessReadings::SHORT_TERM).unwrap_or(f64::NEG_INFINITY)
    };
    audio.chunks_mut(4_800).map(read).collect()
}

#[test]
fn speech_from_soft_to_loud_comes_to_the_target() {
    let levels = [-35.0, -12.0, -24.0, -35.0, -18.0, -12.0, -30.0];
    let seconds = 15.0;
    let input = programme(&levels, seconds);
    let params = LevelerParams { target_lufs: -18.0, ..LevelerParams::default() };
    let lookahead_ms = 1_000.0;
    let (audio, _) = run(&[&input[..], &[0.0; FRAMES]].concat(), lookahead_ms, params);
    let audio = audio[FRAMES..].to_vec();
    let (before, after) = (short_term(&input), short_term(&audio));
    let mut off = Vec::new();
    for (n, (before, after)) in before.iter().zip(&after).enumerate() {
        let in_part = n as f64 / 10.0 % seconds;
        let part = (n as f64 / 10.0 / seconds) as usize;
        // From 6 s after each change; a short-term loudness 1.5 LU under the part's holds a pause.
        if in_part >= 6.0 && *before > levels[part] - 1.5 {
            off.push((after + 18.0).abs());
        }
    }
    off.sort_by(f64::total_cmp);
    let oracle = "the short-term meter, synthetic speech";
    let asked = "speech from -35 to -12 LUFS: short-term loudness from 6 s after each change, pauses excepted, to the target, look-ahead 1 s";
    // What it cannot know is how loud the next word will be.
    report("leveler", &format!("{asked}, largest"), "2 LU", &format!("{:.1} LU", off[off.len() - 1]), oracle);
    measured(
        "leveler",
        &format!("{asked}, in 95 % of the time"),
        Bound::AtMost(2.0),
        off[off.len() * 95 / 100],
        "LU",
        oracle,
    );
}

#[test]
fn silence_is_not_raised_over_the_brake() {
    // Soft speech, noise at -60 LUFS, soft speech.
    let mut random = Random::new(3);
    let mut input = programme(&[-35.0], 12.0);
    let noise: Vec<f64> = (0..20 * FRAMES).map(|_| random.noise()).collect();
    let gain = 10f64.powf((-60.0 - integrated(&noise)) / 20.0);
    input.extend(noise.iter().map(|x| x * gain));
    input.extend(programme(&[-35.0], 8.0));
    let params = LevelerParams { target_lufs: -18.0, brake_db: 6.0, ..LevelerParams::default() };
    let (_, gains_db) = run(&input, 0.0, params);
    let at = |seconds: f64| gains_db[(seconds * 100.0) as usize - 1];
    assert!(at(11.5) > 14.0, "{}", at(11.5));
    let worst = (1_700..3_200).map(|n| gains_db[n]).fold(f64::MIN, f64::max);
    measured(
        "leveler",
        "gain in silence, from 5 s of it on, over the brake of 6 dB",
        Bound::AtMost(6.05),
        worst,
        "dB",
        "theory",
    );
    assert!(at(36.0) > 14.0, "it comes back: {}", at(36.0));
    // From the beginning, silence is left alone.
    let (audio, gains_db) = run(&vec![1e-4; 10 * FRAMES], 0.0, params);
    assert!(gains_db.iter().all(|gain| *gain == 0.0) && audio.iter().all(|y| *y == 1e-4));
}

#[test]
fn what_is_suddenly_loud_comes_down_at_once() {
    let mut input = programme(&[-35.0], 10.0);
    input.extend(programme(&[-12.0], 5.0));
    let (audio, _) = run(&input, 0.0, LevelerParams { target_lufs: -18.0, ..LevelerParams::default() });
    // Peaks of the loud part, by the gain of the soft one, would be at +17 dB and more.
    let peak = audio[10 * FRAMES + FRAMES / 4..].iter().fold(0.0f64, |a, y| a.max(y.abs()));
    let steady = audio[14 * FRAMES..].iter().fold(0.0f64, |a, y| a.max(y.abs()));
    let over_db = 20.0 * (peak / steady).log10();
    measured(
        "leveler",
        "speech that jumps by 23 LU: peaks from 0.25 s on over those 4 s later",
        Bound::AtMost(9.0),
        over_db,
        "dB",
        "synthetic speech",
    );
}
