//! The rough mix as a mixing engineer would measure it: what the voice is over the rest, what the rooms bring back, what glue and
//! limiter do, tone, width, and that it does not depend on levels, order and names of the files.
//!
//! The song is the one that the program synthesises. `MIXDSP_STEMS` names a folder to measure as well, `MIXDSP_VOICE` what is in the
//! names of its voices. The oracle of loudness is libebur128's Rust port.

mod support;

#[path = "../../../mixdsp/tests/common/report.rs"]
#[allow(clippy::allow_attributes, dead_code, reason = "not all of it is used here")]
mod report;

use ebur128::{EbuR128, Mode};
use mixdsp::session::{Bus, RenderOptions, Session, mix_down};
use report::{Bound, measured};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use support::{Folder, ebur128, names, read, succeed};

const SECTION: &str = "rough mix";
const RETURNS: [&str; 4] = ["Room", "Plate", "Hall", "Echo"];

/// Loudness of every 0.4 s, 0.1 s apart.
fn momentary(path: &Path) -> Vec<f64> {
    let (rate, planes) = read(path);
    let mut meter = EbuR128::new(2, rate, Mode::M).unwrap();
    let hop = rate as usize / 10;
    let frames = planes[0].len() / hop * hop;
    let hops = (0..frames).step_by(hop);
    hops.map(|at| {
        meter.add_frames_planar_f32(&[&planes[0][at..at + hop], &planes[1][at..at + hop]]).unwrap();
        meter.loudness_momentary().unwrap()
    })
    .collect()
}

/// Part of a mix, without what runs on its master: those tracks that are kept, with their returns or these alone.
fn part(session: &Session, base: &Path, out: &Path, keeps: impl Fn(&str) -> bool, wet: bool) -> PathBuf {
    let mut part = session.clone();
    part.master.inserts.clear();
    part.tracks.iter_mut().for_each(|track| track.mute = !keeps(&track.name));
    part.buses.iter_mut().for_each(|bus| bus.mute = RETURNS.contains(&bus.name.as_str()) != wet);
    part.buses.push(Bus { name: "nowhere".into(), mute: true, ..Bus::default() });
    if wet {
        let open = part.tracks.iter_mut().filter(|track| track.output.is_none());
        open.for_each(|track| track.output = Some("nowhere".into()));
    }
    mix_down(&part, base, out, RenderOptions::default(), &mut |_| ControlFlow::Continue(())).unwrap();
    out.to_path_buf()
}

fn percentile(sorted: &[f64], share: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}

/// Every row of a mix that lies in `out`; `voice` tells which tracks sing.
fn rows(song: &str, out: &Path, voice: impl Fn(&str) -> bool) {
    let folder = Folder::new("rows");
    let session = Session::read(out.join("session.toml")).unwrap();
    let row = |what: &str, bound, value: f64, unit: &str, oracle: &str| {
        measured(SECTION, &format!("{song}: {what}"), bound, value, unit, oracle);
    };
    let sung = momentary(&part(&session, out, &folder.path("voice.wav"), &voice, false));
    let rest = momentary(&part(&session, out, &folder.path("rest.wav"), |name| !voice(name), false));
    let loud = |levels: &[f64]| levels.iter().fold(f64::MIN, |most, x| most.max(*x)) - 20.0;
    let (from, floor) = (loud(&sung), loud(&rest));
    let both = sung.iter().zip(&rest).filter(|(a, b)| **a > from && **b > floor);
    let mut over: Vec<f64> = both.map(|(a, b)| a - b).collect();
    over.sort_by(f64::total_cmp);
    let crate_ = "ebur128 crate";
    row(
        "voice over the rest while both sound, median",
        Bound::Within(3.0, 2.0),
        percentile(&over, 0.5),
        "LU",
        crate_,
    );
    let span = percentile(&over, 0.9) - percentile(&over, 0.1);
    row("voice over the rest, 10th to 90th percentile", Bound::AtMost(12.0), span, "LU", crate_);

    let wet = ebur128(&part(&session, out, &folder.path("wet.wav"), |_| true, true)).0;
    let dry = ebur128(&part(&session, out, &folder.path("dry.wav"), |_| true, false)).0;
    row("reverb and echo against dry", Bound::Within(-15.0, 3.0), wet - dry, "LU", crate_);

    let (loudness, peak) = ebur128(&out.join("mix.wav"));
    row("true peak of the mix", Bound::Within(-6.0, 0.5), peak, "dBTP", crate_);
    row("peak to loudness of the mix", Bound::AtMost(16.0), peak - loudness, "LU", crate_);
    let report: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(out.join("report.json")).unwrap()).unwrap();
    let number = |key: &str| report[key].as_f64().unwrap();
    row(
        "limiting of the master at -14 LUFS, 99th percentile",
        Bound::AtMost(3.0),
        number("limiting_p99_db"),
        "dB",
        "itself",
    );
    row(
        "limiting of the master at -14 LUFS, largest",
        Bound::AtMost(6.0),
        number("limiting_max_db"),
        "dB",
        "itself",
    );

    let (_, mix) = read(&out.join("mix.wav"));
    let folded: Vec<f32> = mix[0].iter().zip(&mix[1]).map(|(l, r)| 0.5 * (l + r)).collect();
    let mono = folder.stem("mono.wav", session.sample_rate, &[folded.clone(), folded]);
    row("loss in mono", Bound::AtMost(1.0), loudness - ebur128(&mono).0, "LU", crate_);
}

#[test]
fn the_song_that_is_synthesised_is_mixed() {
    let folder = Folder::new("rough");
    succeed(["-o", "out"], &folder.0);
    let out = folder.path("out");
    rows("song", &out, |name| name == "lead");

    // Without names, at other levels and in another order: as well mixed.
    let stems = names(&out.join("stems"));
    for (at, name) in stems.iter().enumerate() {
        let (rate, mut planes) = read(&out.join("stems").join(name));
        let gain = [10.0_f32, 0.1][at % 2];
        planes.iter_mut().flatten().for_each(|x| *x *= gain);
        folder.stem(&format!("scaled/{name}"), rate, &planes);
        planes.iter_mut().flatten().for_each(|x| *x /= gain);
        // The last becomes the first.
        folder.stem(&format!("nameless/{}.wav", char::from(b'z' - at as u8)), rate, &planes);
    }
    succeed(["scaled", "-o", "scaled_out"], &folder.0);
    succeed(["nameless", "-o", "nameless_out"], &folder.0);
    let after = |out: &Path| -> Vec<f64> {
        let report: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(out.join("report.json")).unwrap()).unwrap();
        report["stems"].as_array().unwrap().iter().map(|stem| stem["after_lufs"].as_f64().unwrap()).collect()
    };
    let pairs = after(&out).into_iter().zip(after(&folder.path("scaled_out")));
    let most = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    let what = "song: stems 20 dB too loud or too quiet, a stem in the mix";
    measured(SECTION, what, Bound::AtMost(1.0), most, "LU", "itself");
    let lead = stems.iter().position(|name| name == "lead.wav").unwrap();
    let lead = char::from(b'z' - lead as u8).to_string();
    rows("song without names", &folder.path("nameless_out"), |name| name == lead);
}

#[test]
fn real_stems_that_are_named_are_mixed() {
    let named = std::env::var("MIXDSP_STEMS").and_then(|stems| Ok((stems, std::env::var("MIXDSP_VOICE")?)));
    let Ok((stems, voice)) = named else {
        eprintln!("not compared: real stems (MIXDSP_STEMS and MIXDSP_VOICE are not set)");
        return;
    };
    let folder = Folder::new("real");
    succeed([stems.as_str(), "-o", "out"], &folder.0);
    rows("real stems", &folder.path("out"), |name| name.contains(&voice));
}
