use super::*;
use crate::catalogue::ALL;
use crate::params::{Given, Row, Scaling, ValueText};
use alloc::vec;

/// A number in a row's range, different for each `at`.
fn some(row: &Row, at: usize) -> f64 {
    let share = (at as f64 * 0.618_033_988_749_894_9).fract();
    let value = row.minimum + share * (row.maximum - row.minimum);
    if row.is_continuous() { value } else { libm::round(value) }
}

/// Every processor with values of its own, two of each group.
fn leaves() -> Vec<Recipe> {
    let each = ALL.iter().map(|processor| {
        let mut leaf = Leaf::new(processor);
        for group in processor.params.groups {
            leaf.set_config(group.count, Given::Number(2.0)).unwrap();
        }
        let mut places = Vec::new();
        leaf.each(|_, place, _| places.push(place));
        for (at, place) in places.into_iter().enumerate() {
            let text = ValueText(place.row, some(place.row, at)).to_string();
            leaf.set(&place.to_string(), Given::Text(&text)).unwrap();
        }
        leaf.key = processor.sidechain.then(|| "Kick 2".into());
        Recipe::from(leaf)
    });
    each.collect()
}

fn tree() -> Recipe {
    let mut all = leaves();
    let inner = Recipe::chain(vec![all.pop().unwrap(), Recipe::chain(vec![])]).named("inner");
    all.insert(1, inner);
    all[0].name = Some("first one".into());
    Recipe::chain(all)
}

#[test]
fn the_keys_of_a_head_are_no_values() {
    for processor in ALL {
        let rows = processor.params.rows.iter().chain(processor.config).map(|row| row.key);
        for key in rows.chain(processor.params.groups.iter().map(|group| group.key)) {
            assert!(!leaf::HEAD.contains(&key) && key != "chain", "{}: {key}", processor.key);
        }
    }
}

#[test]
fn a_preset_reads_as_it_was_written() {
    let tree = tree();
    let text = tree.to_preset();
    assert_eq!(Recipe::from_preset(&text).unwrap(), tree, "{text}");
}

#[cfg(feature = "serde")]
#[test]
fn every_form_reads_what_the_others_write() {
    let tree = tree();
    let json = serde_json::to_string(&tree).unwrap();
    assert_eq!(serde_json::from_str::<Recipe>(&json).unwrap(), tree, "{json}");
    #[cfg(feature = "session")]
    {
        let toml = toml::to_string(&tree).unwrap();
        assert_eq!(toml::from_str::<Recipe>(&toml).unwrap(), tree, "{toml}");
        let again = toml::from_str::<Recipe>(&toml).unwrap().to_preset();
        assert_eq!(again, tree.to_preset());
    }
}

#[cfg(feature = "session")]
#[test]
fn forms_from_before_there_was_one_are_read() {
    let insert = r#"
        kind = "equalizer"
        config = { steepest_slope = 24 }
        params = { bands = [{ kind = "high_pass", frequency_hz = 90.0, slope_db_per_octave = "24" }, { enabled = false }] }
    "#;
    let dict = r#"{"effect": "equalizer", "version": 1, "steepest_slope": 24, "bands": [
        {"enabled": true, "kind": "high_pass", "frequency_hz": 90.0, "slope_db_per_octave": 24},
        {"enabled": false, "q": 0.7071067811865476}]}"#;
    let preset = "mixdsp preset 1\nprocessor equalizer\nconfig.bands = 2\nconfig.steepest_slope = 24\n\
        bands.0.kind = high_pass\nbands.0.frequency_hz = 90\nbands.0.slope_db_per_octave = 24\nbands.1.enabled = off\n";
    let insert: Recipe = toml::from_str(insert).unwrap();
    let dict: Recipe = serde_json::from_str(dict).unwrap();
    assert_eq!(insert, dict);
    assert_eq!(Recipe::from_preset(preset).unwrap(), dict);
    let Node::Processor(leaf) = &dict.node else { panic!("a processor") };
    assert_eq!((leaf.items()[0], leaf.get("bands[0].frequency_hz")), (2, Some(90.0)));

    let chain = r#"{"effect": "chain", "version": 1, "members": [
        {"name": "low", "effect": "gain", "version": 1, "gain_db": -6.0, "invert": false, "mute": false},
        {"name": null, "effect": "compressor", "version": 1, "key": null, "ratio": 3.0}]}"#;
    let chain: Recipe = serde_json::from_str(chain).unwrap();
    assert_eq!(chain.member_names(), ["low", "compressor"]);
    let (id, row) = chain.find("compressor.ratio").unwrap();
    assert_eq!((id.node(), row.key, chain.leaves_at(1)[0].value(id.in_node(0))), (1, "ratio", Some(3.0)));
}

#[test]
fn paths_count_processors_depth_first() {
    let gain = || Recipe::from(Leaf::new(crate::catalogue::find("gain").unwrap()));
    let compressor = || Recipe::from(Leaf::new(crate::catalogue::find("compressor").unwrap()));
    let tree = Recipe::chain(vec![
        gain(),
        Recipe::chain(vec![gain(), compressor()]).named("in"),
        gain(),
        compressor(),
    ]);
    assert_eq!(tree.member_names(), ["gain", "in", "gain_2", "compressor"]);
    for (path, node) in [
        ("gain.gain_db", 0),
        ("in.gain.gain_db", 1),
        ("in.compressor.ratio", 2),
        ("[1].[1].ratio", 2),
        ("gain_2.mute", 3),
        ("[3].threshold_db", 4),
    ] {
        assert_eq!(tree.find(path).unwrap().0.node(), node, "{path}");
    }
    assert_eq!(tree.find_reading("in.compressor.gain_reduction_db").unwrap().0.node(), 2);
    let error = tree.find("in.gain.loud").unwrap_err().to_string();
    assert_eq!(error, "in.gain: no parameter \"loud\"; there are gain_db, invert, mute");
    assert!(tree.find("[9].gain_db").is_err() && tree.find("gain_db").is_err());
}

#[test]
fn what_is_wrong_is_named_with_its_path() {
    let wrong =
        |body: &str| Recipe::from_preset(&alloc::format!("mixdsp preset 2\n{body}")).unwrap_err().to_string();
    for (body, message) in [
        ("processor = gian", "no processor \"gian\"; there are gain, "),
        ("processor = gain\ngain_db = 99", "gain_db = 99 is outside -96 to 24 dB"),
        ("processor = gain\nloud = 1", "no parameter \"loud\""),
        ("processor = gain\nmute = 1", "mute = 1 is neither true nor false"),
        ("processor = gain\ngain_db = 1\ngain_db = 2", "line 4: given twice"),
        (
            "chain[0].processor = gain\nchain[1].chain[0].processor = pan\nchain[1].chain[0].pan = 2",
            "chain[1].chain[0]: pan = 2 ",
        ),
        ("processor = equalizer\nbands[1].kind = bel", "bands[1].kind = bel is not one of bell, "),
        (
            "chain[0].processor = gain\nchain[0].name = a\nchain[1].processor = gain\nchain[1].name = a",
            "two members are called \"a\"",
        ),
        ("chain[5000].processor = gain", "line 2: no list has so many items"),
        ("chain = []\ndry = 1", "a chain has no \"dry\""),
        ("name = x", "expected one of processor, chain, "),
        ("processor = gain\nname = a.b", "name = a.b is not a name"),
    ] {
        let found = wrong(body);
        assert!(found.starts_with(message), "{body}: {found}");
    }
    let mut leaf = Leaf::new(crate::catalogue::find("gain").unwrap());
    assert!(
        leaf.set("gain_db", Given::Choice("-6")).is_err(),
        "a text is no number where forms tell them apart"
    );
    assert!(leaf.set("gain_db", Given::Number(f64::NAN)).is_err());
    assert_eq!(leaf.get("gain_db"), Some(0.0));
    let deep = (0..100).fold(Value::List(vec![]), |inner, _| Value::List(vec![inner]));
    assert!(Recipe::read(&deep).unwrap_err().reason.contains("deep"));
}

#[test]
fn fewer_or_more_items_keep_the_values_of_those_that_stay() {
    let mut leaf = Leaf::new(crate::catalogue::find("equalizer").unwrap());
    leaf.set_config("bands", Given::Number(3.0)).unwrap();
    leaf.set("bands[1].gain_db", Given::Number(4.0)).unwrap();
    leaf.set_config("bands", Given::Number(5.0)).unwrap();
    leaf.set_config("bands", Given::Number(2.0)).unwrap();
    assert_eq!((leaf.get("bands[1].gain_db"), leaf.get("bands[2].gain_db")), (Some(4.0), None));
    let Scaling::Whole = leaf.processor().config[0].scaling else { panic!("a number of bands is whole") };
}
