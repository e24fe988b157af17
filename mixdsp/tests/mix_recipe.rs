//! Mixes as plain data: paths, groups, automation where the sound is, errors that name their place.

use mixdsp::catalogue::find;
use mixdsp::host::Mixer;
use mixdsp::host::mix_recipe::{Course, GroupRecipe, MixRecipe, SendRecipe, StripKind, StripRecipe};
use mixdsp::host::recipe::{Leaf, Recipe};
use mixdsp::mix::Tap;
use mixdsp::params::Given;

const RATE: f64 = 48_000.0;

fn leaf(key: &str) -> Leaf {
    Leaf::new(find(key).unwrap())
}

fn align(frames: usize) -> Recipe {
    let mut align = leaf("align");
    align.set_config("frames", Given::Number(frames as f64)).unwrap();
    align.into()
}

fn track(name: &str) -> StripRecipe {
    StripRecipe { name: name.into(), kind: StripKind::Track { channels: 2 }, ..StripRecipe::default() }
}

fn course(path: &str, points: &[[f64; 2]]) -> Course {
    Course { path: path.into(), points: points.to_vec() }
}

/// The left channel of a mix of ones, in blocks of `cut`.
fn run(mixer: &mut Mixer<f64>, tracks: usize, frames: usize, cut: usize) -> Vec<f64> {
    let ones = vec![1.0; cut];
    let mut left = vec![0.0; frames];
    for block in left.chunks_mut(cut) {
        let count = block.len();
        let input = [&ones[..count], &ones[..count]];
        let inputs = vec![&input[..]; tracks];
        mixer.process(&inputs, &mut [block, &mut vec![0.0; count]]).unwrap();
    }
    left
}

fn decibels(level: f64) -> f64 {
    20.0 * level.log10()
}

/// A track whose gain, by one path or another, is on a line behind latency, and a send on a line of its own.
fn moving(path: &str) -> MixRecipe {
    let mut one = track("one");
    one.inserts = Recipe::chain(vec![align(700), leaf("gain").into(), align(33)]);
    one.automation.push(course(path, &[[0.01, 0.0], [0.02, -12.0]]));
    MixRecipe { strips: vec![one], groups: vec![] }
}

#[test]
fn every_path_acts_where_the_sound_is() {
    for path in ["gain_db", "trim_db", "inserts[1].gain_db", "gain.gain_db", "[1].gain_db"] {
        let mut mixer = moving(path).build::<f64>(RATE).unwrap();
        let late = mixer.latency();
        assert_eq!(late, 733);
        let out = run(&mut mixer, 1, 3_000, 3_000);
        for (frame, expected) in
            [(0, 0.0), (479, 0.0), (600, -3.0), (720, -6.0), (960, -12.0), (2_000, -12.0)]
        {
            let found = decibels(out[frame + late]);
            assert!((found - expected).abs() < 0.003, "{path}, frame {frame}: {found} dB");
        }
    }
}

#[test]
fn a_rewound_mix_and_one_on_threads_give_the_same_bits() {
    let mut recipe = moving("gain.gain_db");
    let mut bus = StripRecipe { name: "bus".into(), ..StripRecipe::default() };
    bus.automation.push(course("pan", &[[0.0, -0.5], [0.03, 0.5]]));
    for name in ["two", "three"] {
        let mut strip = track(name);
        strip.output = Some("bus".into());
        strip.sends.push(SendRecipe { to: "bus".into(), gain_db: -3.0, tap: Tap::PreFader });
        strip.automation = vec![
            course("sends.bus", &[[0.005, -20.0], [0.015, 0.0]]),
            course("mute", &[[0.0, 0.0], [0.02, 1.0], [0.03, 0.0]]),
        ];
        recipe.strips.push(strip);
    }
    recipe.strips.push(bus);
    let mut mixer = recipe.build::<f64>(RATE).unwrap();
    let whole = run(&mut mixer, 3, 4_000, 4_000);
    assert!(whole.iter().any(|y| *y > 1.0));
    mixer.reset();
    assert_eq!(run(&mut mixer, 3, 4_000, 77), whole);
    mixer.mix_offline(3, 1_000);
    mixer.reset();
    assert_eq!(run(&mut mixer, 3, 4_000, 4_000), whole);
    // Prepared again, from the start: no lane is late twice.
    mixer.prepare().unwrap();
    mixer.reset();
    assert_eq!(run(&mut mixer, 3, 4_000, 513), whole);
}

#[test]
fn a_group_adds_its_gain_and_silences() {
    let mut still = track("still");
    still.gain_db = -2.0;
    let mut moves = track("moves");
    moves.automation.push(course("gain_db", &[[0.0, -60.0], [0.02, -8.0]]));
    let group = |gain_db, mute| GroupRecipe {
        name: "all".into(),
        members: vec!["still".into(), "moves".into()],
        gain_db,
        mute,
        automation: Vec::new(),
    };
    let level = |groups: Vec<GroupRecipe>| {
        let recipe = MixRecipe { strips: vec![still.clone(), moves.clone()], groups };
        run(&mut recipe.build::<f64>(RATE).unwrap(), 2, 2_000, 500)[1_999]
    };
    let sum = |group_db: f64| 10f64.powf((group_db - 2.0) / 20.0) + 10f64.powf((group_db - 8.0) / 20.0);
    for (groups, group_db) in
        [(vec![], 0.0), (vec![group(-6.0, false)], -6.0), (vec![group(-6.0, false), group(4.0, false)], -2.0)]
    {
        let error = decibels(level(groups) / sum(group_db)).abs();
        assert!(error < 1e-6, "{group_db} dB: off by {error} dB");
    }
    assert_eq!(level(vec![group(0.0, true)]), 0.0);
}

#[test]
fn solo_of_another_wins_over_an_automated_mute() {
    let mut one = track("one");
    one.automation.push(course("mute", &[[0.0, 1.0], [0.01, 0.0]]));
    let mut two = track("two");
    let level = |strips: Vec<StripRecipe>| {
        run(&mut MixRecipe { strips, groups: vec![] }.build::<f64>(RATE).unwrap(), 2, 4_000, 4_000)
    };
    let out = level(vec![one.clone(), two.clone()]);
    assert_eq!((out[100], out[3_999]), (1.0, 2.0));
    two.solo = true;
    let out = level(vec![one, two]);
    assert_eq!((out[100], out[3_999]), (1.0, 1.0));
}

#[test]
fn the_inserts_that_name_the_key_listen_to_it() {
    // The kick is loud, the bass quiet: only what listens to the kick is turned down.
    let compressor = |key: Option<&str>| {
        let mut leaf = leaf("compressor");
        for (path, value) in [("threshold_db", -30.0), ("ratio", 20.0), ("attack_ms", 1.0)] {
            leaf.set(path, Given::Number(value)).unwrap();
        }
        leaf.key = key.map(Into::into);
        Recipe::from(leaf)
    };
    let level = |inserts: Recipe, key: Option<&str>| {
        let mut bass = StripRecipe { trim_db: -40.0, inserts, key: key.map(Into::into), ..track("bass") };
        bass.gain_db = 0.0;
        let kick = StripRecipe { gain_db: -96.0, ..track("kick") };
        let recipe = MixRecipe { strips: vec![bass, kick], groups: vec![] };
        decibels(run(&mut recipe.build::<f64>(RATE).unwrap(), 2, 9_600, 480)[9_599])
    };
    let free = level(compressor(None), None);
    assert!((free + 40.0).abs() < 0.1, "{free} dB");
    assert!(level(compressor(None), Some("kick")) < -60.0, "where none names a key, all listen");
    assert!(level(compressor(Some("kick")), Some("kick")) < -60.0);
    let both = Recipe::chain(vec![compressor(None), compressor(Some("kick"))]);
    let once = level(compressor(Some("kick")), Some("kick"));
    assert!((level(both, Some("kick")) - once).abs() < 0.1, "the other one listens to its input");
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let error = |change: &dyn Fn(&mut MixRecipe)| {
        let mut recipe = moving("gain_db");
        change(&mut recipe);
        let error = recipe.build::<f32>(RATE).unwrap_err();
        (error.strip, error.error.to_string())
    };
    let automation = |path: &'static str, value: f64| {
        move |recipe: &mut MixRecipe| recipe.strips[0].automation = vec![course(path, &[[0.0, value]])]
    };
    let one = |text: &str| (Some(0), text.to_string());
    assert_eq!(
        error(&automation("inserts[1].gain_db", 99.0)),
        one("automation of inserts[1].gain_db: gain_db = 99 is outside -96 to 24 dB")
    );
    assert_eq!(
        error(&automation("inserts[7].gain_db", 0.0)),
        one("automation: no parameter \"inserts[7].gain_db\"")
    );
    assert_eq!(error(&automation("sends.x", 0.0)), one("automation: no parameter \"sends.x\""));
    assert!(error(&automation("inserts[1].loud", 0.0)).1.starts_with("inserts[1]: no parameter \"loud\""));
    assert_eq!(
        error(&|recipe| recipe.strips[0].output = Some("x".into())),
        one("output: no bus or track \"x\"")
    );
    assert_eq!(
        error(&|recipe| recipe.strips[0].trim_db = 99.0),
        one("trim_db: gain_db = 99 is outside -96 to 24 dB")
    );
    assert_eq!(
        error(&|recipe| recipe
            .groups
            .push(GroupRecipe { members: vec!["x".into()], ..GroupRecipe::default() })),
        (None, "group \"\": no bus or track \"x\"".to_string())
    );
    assert_eq!(
        error(&|recipe| recipe.strips.push(track("one"))),
        (Some(1), "there is a track or bus called \"one\" already".to_string())
    );
    let wide = |recipe: &mut MixRecipe| {
        let mut delay = leaf("delay");
        delay.set("time_ms", Given::Number(3_000.0)).unwrap();
        recipe.strips[0].inserts = Recipe::chain(vec![align(3), delay.into()]);
    };
    let (strip, text) = error(&wide);
    assert!(strip == Some(0) && text.starts_with("inserts[1] (delay): time_ms = 3000 is outside"), "{text}");
}
