//! A C compiler lays out the structs of the header as Rust does.
#![cfg(all(unix, not(miri)))]

use mixdsp_c::{Channel, Description, RawSpec, Setting, Status};
use std::mem::offset_of;
use std::path::Path;
use std::process::Command;

macro_rules! layout {
    ($lines:ident, $c:literal, $rust:ty, $($field:ident: $type:ty),+) => {
        $lines.push(format!("{} 0 {}", $c, size_of::<$rust>()));
        $({
            // The field has this type, so its size is known.
            let _: fn(&$rust) -> &$type = |s| &s.$field;
            $lines.push(format!("{}.{} {} {}", $c, stringify!($field), offset_of!($rust, $field), size_of::<$type>()));
        })+
    };
}

#[test]
fn structs_agree() {
    type Text = *const std::ffi::c_char;
    let mut lines: Vec<String> = Vec::new();
    layout!(lines, "mixdsp_setting", Setting, id: u64, value: f64);
    layout!(lines, "mixdsp_spec", RawSpec, size: u32, sample_type: u32, flags: u32, setting_count: u32,
        inputs: u16, outputs: u16, sidechain: u16, reserved: std::mem::MaybeUninit<u16>, sample_rate: f64,
        settings: *const Setting);
    layout!(lines, "mixdsp_param", Description, size: u32, role: u32, id: u64, count_id: u64, scaling: u32,
        choice_count: u32, key: Text, name: Text, unit: Text, doc: Text, group: Text, minimum: f64, maximum: f64,
        initial: f64);
    layout!(lines, "mixdsp_channel", Channel, size: u32, reserved: std::mem::MaybeUninit<u32>, momentary: f64,
        short_term: f64, share: f64, true_peak_db: f64, sample_peak_db: f64, rms_db: f64, dc: f64,
        true_peak_frame: u64, sample_peak_frame: u64, clipped_runs: u64, longest_clipped_run: u64,
        first_clipped_run: u64, overs: u64, first_over: u64);
    lines.push(format!("mixdsp_status 0 {}", size_of::<Status>()));

    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("layout");
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".into());
    let compiled = Command::new(&compiler)
        .args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-DMIXDSP_NO_HEAP"])
        .arg("-I")
        .arg(here.join("include"))
        .arg(here.join("tests/c/layout.c"))
        .arg("-o")
        .arg(&program)
        .status();
    assert!(compiled.is_ok_and(|status| status.success()), "{compiler} compiles tests/c/layout.c");
    let printed = Command::new(&program).output().expect("the program runs").stdout;
    let printed = String::from_utf8(printed).expect("text");
    assert_eq!(printed.lines().collect::<Vec<_>>(), lines);
}
