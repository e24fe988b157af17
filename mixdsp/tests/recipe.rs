//! Recipes at work: what is built is what the recipe says, and automation acts where the sound is.

use mixdsp::catalogue::find;
use mixdsp::host::Chain;
use mixdsp::host::automation::Lane;
use mixdsp::host::recipe::{Join, JoinKind, Leaf, Listens, Node, Recipe};
use mixdsp::params::Given;
use mixdsp::{Gain, GainParams, Limiter, LimiterConfig, LimiterParams, NoConfig, Processor, Spec};

const SPEC: Spec = Spec::new(48_000.0, 1);

fn leaf(key: &str, values: &[(&str, f64)]) -> Recipe {
    let mut leaf = Leaf::new(find(key).unwrap());
    values.iter().for_each(|(path, value)| leaf.set(path, Given::Number(*value)).unwrap());
    leaf.into()
}

fn noise(frames: usize) -> Vec<f64> {
    let mut seed = 1u32;
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(seed) / f64::from(u32::MAX) - 0.5
    };
    (0..frames).map(|_| next()).collect()
}

fn run(chain: &mut Chain<f64>, cuts: &[usize]) -> Vec<f64> {
    let mut audio = noise(cuts.iter().sum());
    let mut rest = &mut audio[..];
    for cut in cuts {
        let (block, after) = rest.split_at_mut(*cut);
        chain.process(&mut [block], &[]).unwrap();
        rest = after;
    }
    audio
}

#[test]
fn a_chain_is_its_processors_one_after_the_other() {
    let inner =
        Recipe::chain(vec![leaf("limiter", &[("ceiling_db", -12.0)]), leaf("gain", &[("gain_db", 3.0)])]);
    let recipe = Recipe::chain(vec![leaf("gain", &[("gain_db", 6.0)]), inner]);
    let mut chain = recipe.build::<f64>(SPEC, Listens::All, vec![]).unwrap();
    let gain =
        |gain_db| Gain::<f64>::new(SPEC, NoConfig, GainParams { gain_db, ..Default::default() }).unwrap();
    let params = LimiterParams { ceiling_db: -12.0, ..Default::default() };
    let limiter = Limiter::<f64>::new(SPEC, LimiterConfig::default(), params).unwrap();
    let mut fixed = (gain(6.0), limiter, gain(3.0));
    let mut expected = noise(6_000);
    fixed.process(&mut [&mut expected], &[]).unwrap();
    assert_eq!(run(&mut chain, &[1, 0, 999, 4_000, 1_000]), expected);
    assert_eq!((chain.latency(), chain.tail()), (fixed.latency(), fixed.tail()));
    assert_eq!((chain.nodes(), chain.get(GainParams::GAIN_DB.in_node(2))), (3, Some(3.0)));
}

#[test]
fn automation_acts_where_the_sound_is_and_any_cut_gives_the_same_bits() {
    let recipe = Recipe::chain(vec![leaf("limiter", &[]), leaf("gain", &[])]);
    let (id, row) = recipe.find("gain.gain_db").unwrap();
    let lanes = || {
        let points = [[0.01, -6.0], [0.02, -24.0], [0.02, 0.0], [0.05, 6.0]];
        vec![Lane::of_seconds((), (id, row), &points, 48_000.0, 0).unwrap()]
    };
    let build = || recipe.build::<f64>(SPEC, Listens::All, lanes()).unwrap();
    let whole = run(&mut build(), &[4_000]);
    let mut chain = build();
    assert_eq!(run(&mut chain, &[7, 473, 480, 480, 1, 1_559, 1_000]), whole);
    // Again from the start.
    chain.reset();
    assert_eq!(run(&mut chain, &[4_000]), whole);
    // Before the first point the gain holds its value, behind the last the last; 40 ms lie on the line's middle.
    let late = chain.latency();
    let input = noise(4_000);
    let gain_db = |frame: usize| 20.0 * (whole[frame + late] / input[frame]).abs().log10();
    for (frame, expected) in [(100, -6.0), (480 + 240, -15.0), (3_000, 6.0)] {
        assert!((gain_db(frame) - expected).abs() < 0.01, "{frame}: {} dB", gain_db(frame));
    }
}

#[test]
fn what_cannot_be_built_is_named_with_its_member() {
    let recipe = Recipe::chain(vec![
        leaf("gain", &[]),
        Recipe::chain(vec![leaf("delay", &[("time_ms", 3_000.0)])]).named("echo"),
    ]);
    let error = recipe.build::<f32>(SPEC, Listens::All, vec![]).unwrap_err();
    assert!(error.path == "echo.delay" && error.reason.contains("time_ms = 3000 is outside"), "{error}");
    assert!(error.reason.ends_with("see max_time_ms") || error.reason.contains("; see "), "{error}");
    assert!(recipe.build::<f32>(Spec::new(1.0, 1), Listens::All, vec![]).is_err());
}

/// A join of each kind, with values of its own.
fn joins() -> Recipe {
    let gain = |gain_db: f64| {
        let mut leaf = Leaf::new(find("gain").unwrap());
        leaf.set("gain_db", Given::Number(gain_db)).unwrap();
        Recipe::from(leaf)
    };
    let join = |kind, members, values: &[(&str, Given<'_>)]| {
        let mut join = Join::new(kind, members).unwrap();
        values.iter().for_each(|(path, given)| join.set(path, *given).unwrap());
        Recipe::from(Node::Join(join))
    };
    Recipe::chain(vec![
        join(JoinKind::Parallel, vec![gain(-6.0), gain(-12.0).named("low")], &[("mix", Given::Number(0.25))]),
        join(JoinKind::MidSide, vec![gain(-1.0)], &[]),
        join(JoinKind::LeftRight, vec![gain(-2.0), Recipe::chain(vec![gain(-3.0), gain(-4.0)])], &[]),
        join(
            JoinKind::Bands,
            vec![gain(0.5), Recipe::chain(vec![]), gain(1.5)],
            &[
                ("splits[0].frequency_hz", Given::Number(150.0)),
                ("splits[1].frequency_hz", Given::Number(2_000.0)),
                ("slope_db_per_octave", Given::Number(48.0)),
                ("bands[2].bypass", Given::Switch(true)),
            ],
        )
        .named("split"),
        join(JoinKind::Delta, vec![gain(-9.0)], &[("match_gain_db", Given::Number(3.0))]),
    ])
}

#[test]
fn what_is_built_has_the_values_of_the_recipe() {
    let joins = joins();
    let chain = joins.build::<f64>(Spec::new(48_000.0, 2), Listens::All, vec![]).unwrap();
    assert_eq!(chain.nodes(), 12);
    for path in [
        "parallel.mix",
        "parallel.low.gain_db",
        "left_right.right.gain_2.gain_db",
        "split.splits[1].frequency_hz",
    ] {
        let (id, _) = joins.find(path).unwrap();
        let expected = joins.leaves_at(id.node()).iter().find_map(|leaf| leaf.value(id.in_node(0)));
        assert_eq!(chain.get(id), expected, "{path}");
    }
    let error = joins.build::<f64>(Spec::new(48_000.0, 1), Listens::All, vec![]).unwrap_err().to_string();
    assert_eq!(error, "mid_side: mid_side needs two channels, 1 given");
}

#[test]
fn joins_read_as_they_were_written() {
    let joins = joins();
    let text = joins.to_preset();
    assert_eq!(Recipe::from_preset(&text).unwrap(), joins, "{text}");
    #[cfg(feature = "session")]
    {
        let toml = toml::to_string(&joins).unwrap();
        assert_eq!(toml::from_str::<Recipe>(&toml).unwrap(), joins, "{toml}");
        let short: Recipe = toml::from_str(
            "splits = [150, 2000]\nslope_db_per_octave = 48\nswitches = [{}, {}, { bypass = true }]\nname = 'split'\n\
             bands = [{ processor = 'gain', gain_db = 0.5 }, [], { processor = 'gain', gain_db = 1.5 }]",
        )
        .unwrap();
        assert_eq!(&short, &joins.members()[3]);
    }
}

#[test]
fn paths_lead_into_joins() {
    let joins = joins();
    for (path, node, value) in [
        ("parallel.mix", 0, 0.25),
        ("parallel.gain.gain_db", 1, -6.0),
        ("parallel.low.gain_db", 2, -12.0),
        ("mid_side.mid.gain_db", 3, -1.0),
        ("left_right.left.gain_db", 4, -2.0),
        ("left_right.right.gain_2.gain_db", 6, -4.0),
        ("split.splits[1].frequency_hz", 7, 2_000.0),
        ("split.bands[2].bypass", 7, 1.0),
        ("split.bands[2].gain_db", 9, 1.5),
        ("delta.match_gain_db", 10, 3.0),
        ("delta.delta.gain_db", 11, -9.0),
    ] {
        let (id, _) = joins.find(path).unwrap();
        let value_there = joins.leaves_at(id.node()).iter().find_map(|leaf| leaf.value(id.in_node(0)));
        assert_eq!((id.node(), value_there), (node, Some(value)), "{path}");
    }
    assert_eq!(joins.nodes(), 12);
}
