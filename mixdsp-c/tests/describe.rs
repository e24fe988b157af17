//! What hosts are told is what the tables say.

mod common;

use common::{LEFT_OUT, text};
use mixdsp::catalogue::{ALL, Descriptor};
use mixdsp::params::{Row, Scaling};
use mixdsp_c::*;
use std::collections::HashSet;
use std::ffi::CString;

fn find(class: *const Class, key: &str) -> u64 {
    let key = CString::new(key).unwrap();
    // SAFETY: both live.
    unsafe { mixdsp_find(class, key.as_ptr()) }
}

fn check_row(class: *const Class, index: u32, role: u32, group: Option<(&str, u64)>, row: &Row) {
    // SAFETY: numbers and pointers, all of which may be zero.
    let mut told: Description = unsafe { std::mem::zeroed() };
    told.size = size_of::<Description>() as u32;
    // SAFETY: both live.
    assert_eq!(unsafe { mixdsp_param_at(class, index, &mut told) }, Status::OK);
    assert_eq!(text(told.key), Some(row.key));
    assert_eq!(text(told.name), Some(row.name));
    assert_eq!(text(told.unit), Some(row.unit));
    assert_eq!(text(told.doc), Some(row.doc));
    assert_eq!(text(told.group), group.map(|(key, _)| key));
    assert_eq!(told.count_id, group.map_or(0, |(_, count)| count));
    assert_eq!((told.id, told.role), (row.id().raw(), role));
    assert_eq!((told.minimum, told.maximum), (row.minimum, row.maximum));
    assert_eq!(told.initial.to_bits(), row.default.to_bits());
    let scalings = match row.scaling {
        Scaling::Linear => 0,
        Scaling::Logarithmic => 1,
        Scaling::Frequency => 2,
        Scaling::Whole => 3,
        Scaling::Switch => 4,
        Scaling::Choice(_) => 5,
    };
    assert_eq!(told.scaling, scalings);
    assert_eq!(told.choice_count as usize, row.choices().len());
    for (at, choice) in (0..).zip(row.choices()) {
        // SAFETY: the class lives.
        assert_eq!(text(unsafe { mixdsp_choice_text(class, told.id, at) }), Some(*choice));
    }
    // SAFETY: as above.
    assert_eq!(text(unsafe { mixdsp_choice_text(class, told.id, told.choice_count) }), None);
    match group {
        None if role == Description::CONFIG => {
            assert_eq!(find(class, &format!("config.{}", row.key)), told.id);
        }
        None => assert_eq!(find(class, row.key), told.id),
        Some((group, _)) => {
            assert_eq!(find(class, &format!("{group}[0].{}", row.key)), told.id);
            assert_eq!(find(class, &format!("{group}[37].{}", row.key)), row.id().at(37).raw());
            assert_eq!(find(class, &format!("{group}.37.{}", row.key)), row.id().at(37).raw());
            assert_eq!(find(class, &format!("{group}[65534].{}", row.key)), row.id().at(65_534).raw());
        }
    }
}

fn check_class(class: *const Class, descriptor: &Descriptor) {
    let Descriptor { params, config, readings, .. } = descriptor;
    // SAFETY: the class lives.
    unsafe {
        assert_eq!(text(mixdsp_class_key(class)), Some(descriptor.key));
        assert_eq!(text(mixdsp_class_name(class)), Some(descriptor.label));
        assert_eq!(text(mixdsp_class_doc(class)), Some(descriptor.doc));
    }
    let (mut index, mut numbers) = (0, HashSet::new());
    let mut each = |role, group, rows: &[Row]| {
        for row in rows {
            check_row(class, index, role, group, row);
            assert!(numbers.insert(row.id().raw()), "{}: number {} twice", descriptor.key, row.number);
            index += 1;
        }
    };
    each(Description::CONFIG, None, config);
    each(Description::PARAM, None, params.rows);
    for group in params.groups {
        let count = config.iter().find(|row| row.key == group.count).expect("a counting row");
        each(Description::PARAM, Some((group.key, count.id().raw())), group.rows);
    }
    each(Description::READING, None, readings);
    // An item that is too large names the table behind: no row stands there.
    assert!(numbers.iter().all(|id| !numbers.contains(&(id + (1 << 32)))), "{}", descriptor.key);
    // SAFETY: the class lives.
    assert_eq!(unsafe { mixdsp_param_count(class) }, index);
}

#[test]
fn every_table() {
    let known = ALL.iter().filter(|descriptor| !LEFT_OUT.contains(&descriptor.key));
    let count = known.zip(0..).map(|(descriptor, at)| check_class(mixdsp_class_at(at), descriptor)).count();
    assert!(count > 16 && mixdsp_class_at(count as u32).is_null());
}

#[test]
fn keys_that_are_none() {
    let class = classes::mixdsp_equalizer();
    let wrong = [
        "",
        ".",
        "[",
        "bands.",
        "bands[].q",
        "bands[65535].q",
        "bands[65536].q",
        "bands[01].q",
        "bands.q",
        "bands[-1].q",
        "bands[1]q",
        "bands[1.q",
        "bands1].q",
        "bands[1].",
        "q",
        "bands[99999999999999999999].q",
        "bands.q.q",
        "config.q",
        "config.",
        "band.q",
        "Bands",
        "bands ",
    ];
    for key in wrong {
        assert_eq!(find(class, key), 0, "{key}");
    }
    assert_eq!(find(class, &"q".repeat(10_000)), 0);
    // SAFETY: both live.
    assert_eq!(unsafe { mixdsp_find(class, c"b\xffnds".as_ptr()) }, 0);
}

#[test]
fn version_and_level() {
    assert_eq!(text(mixdsp_version()), Some(env!("CARGO_PKG_VERSION")));
    assert_eq!(mixdsp_abi(), ABI);
    assert_eq!(text(mixdsp_simd()), Some(simd::best().name()));
}

/// The header says the same as the code: its numbers, its version, and what it exports.
#[test]
fn the_header_is_that_of_this_code() {
    let header = include_str!("../include/mixdsp.h");
    let params = include_str!("../include/mixdsp_params.h");
    let number = |text: &str, name: &str| {
        let at = |line: &&str| line.split_whitespace().nth(1) == Some(name);
        let line = text.lines().filter(|line| line.starts_with("#define")).find(at).expect(name);
        let value = line.split_whitespace().nth(2).unwrap().trim_matches(['(', ')', 'u', '"']);
        value.to_string()
    };
    assert_eq!(number(header, "MIXDSP_ABI"), ABI.to_string());
    assert_eq!(number(params, "MIXDSP_VERSION"), env!("CARGO_PKG_VERSION"));
    let part = |name: &str| name.parse::<u32>().unwrap();
    let combined = part(env!("CARGO_PKG_VERSION_MAJOR")) * 10_000
        + part(env!("CARGO_PKG_VERSION_MINOR")) * 100
        + part(env!("CARGO_PKG_VERSION_PATCH"));
    assert_eq!(number(params, "MIXDSP_VERSION_NUMBER"), combined.to_string());
    let names = [
        "OK",
        "EARG",
        "EMEM",
        "ERATE",
        "ECHAN",
        "EABI",
        "ENONE",
        "EID",
        "ERANGE",
        "ETYPE",
        "EUNIT",
        "EBUSY",
        "EGLIDE",
        "EKIND",
        "EMISMATCH",
        "EDATA",
    ];
    assert_eq!(names.len(), Status::ALL.len());
    for (name, status) in names.iter().zip(Status::ALL) {
        assert_eq!(number(header, &format!("MIXDSP_{name}")), status.0.to_string());
    }
    // Every function of the code is declared.
    let calls = [
        include_str!("../src/border/calls/setup.rs"),
        include_str!("../src/border/calls/run.rs"),
        include_str!("../src/border/calls/params.rs"),
        include_str!("../src/border/calls/describe.rs"),
        include_str!("../src/border/calls/loudness.rs"),
    ];
    let lines = calls.iter().flat_map(|file| file.lines());
    for (_, rest) in lines.filter_map(|line| line.split_once("extern \"C\" fn mixdsp_")) {
        let name = format!("mixdsp_{}(", &rest[..rest.find('(').unwrap()]);
        assert!(header.contains(&name), "{name} is not declared");
    }
    for (key, _) in classes::ALL {
        assert!(params.contains(&format!("const mixdsp_class *mixdsp_{key}(void);")));
    }
}
