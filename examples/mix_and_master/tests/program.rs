//! The program as people run it: what it writes, what it says, and what it refuses.

mod support;

use mixdsp::session::Session;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use support::{Folder, ebur128, names, noise, notes, peak_db, program, read, refuse, run, succeed};

const RESULTS: [&str; 5] = ["master.wav", "mix.wav", "report.html", "report.json", "session.toml"];

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn report(out: &Path) -> Value {
    serde_json::from_slice(&fs::read(out.join("report.json")).unwrap()).unwrap()
}

/// Loudness of the stems behind their faders, the loudest first; without the silent ones.
fn stems_after(out: &Path) -> Vec<f64> {
    let report = report(out);
    let stems = report["stems"].as_array().unwrap();
    let mut after: Vec<f64> = stems.iter().filter_map(|stem| stem["after_lufs"].as_f64()).collect();
    after.sort_by(|a, b| b.total_cmp(a));
    after
}

/// What holds for every rough mix and its master.
fn check_rough_mix(out: &Path) {
    assert_eq!(names(out).iter().filter(|name| *name != "stems").collect::<Vec<_>>(), RESULTS);
    let (_, mix) = read(&out.join("mix.wav"));
    let peak = peak_db(&mix);
    assert!(peak <= -6.0, "the mix peaks at {peak} dBFS");
    let after = stems_after(out);
    if let [first, second, ..] = after[..] {
        assert!(first - second <= 6.0, "the loudest stem is {} LU over the second", first - second);
    }
    let (loudness, true_peak) = ebur128(&out.join("master.wav"));
    println!("mix {peak:.2} dBFS; master {loudness:.3} LUFS, {true_peak:.3} dBTP; stems {after:.1?}");
    assert!((loudness + 14.0).abs() <= 0.1, "{loudness} LUFS");
    assert!(true_peak <= -1.0, "{true_peak} dBTP");
}

fn same(a: &Path, b: &Path, name: &str) {
    let (a, b) = (fs::read(a.join(name)).unwrap(), fs::read(b.join(name)).unwrap());
    assert!(a == b, "{name} is another file");
}

#[test]
fn without_an_argument_a_song_is_made_the_same_every_time() {
    let folder = Folder::new("song");
    let said = succeed::<&str>([], &folder.0);
    let out = folder.path("target/mix_and_master");
    check_rough_mix(&out);
    let session = Session::read(out.join("session.toml")).unwrap();
    assert!(session.tracks.len() >= 8);
    for track in &session.tracks {
        let line = said.lines().find(|line| line.starts_with(&track.name)).unwrap();
        assert_eq!(line.matches('-').count(), 2, "loudness before and after: {line}");
    }
    for words in ["integrated", "range", "true peak", "PLR", "target", "listening", "mixing", "mastering"] {
        assert!(said.contains(words), "{words} is missing in {said}");
    }

    let page = fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.len() < 25_000_000, "{} bytes", page.len());
    for outside in ["http:", "https:", "src=", "<link", "@import", "url("] {
        assert!(!page.contains(outside), "the page needs something else: {outside}");
    }
    for part in [
        "Loudness over time",
        "Spectrum",
        "Gain reduction",
        "EQ curves",
        "Correlation",
        "streaming platforms",
        "mix-wav",
        "master-wav",
    ] {
        assert!(page.contains(part), "{part} is missing");
    }

    // Again, in blocks of another size; and from the session that was written.
    succeed(["-o", "target/again", "--block", "333"], &folder.0);
    let session = out.join("session.toml");
    succeed(["--session", text(&session), "-o", "target/session"], &folder.0);
    for name in RESULTS {
        same(&out, &folder.path("target/again"), name);
    }
    same(&out, &folder.path("target/session"), "mix.wav");
    same(&out, &folder.path("target/session"), "master.wav");
}

#[test]
fn stems_nobody_tuned_for() {
    let folder = Folder::new("odd");
    let stems = folder.path("stems");
    folder.stem("stems/Bass.WAV", 44_100, &[notes(44_100 * 5, 44_100, 55.0, 0.8)]);
    folder.stem("stems/hats.wav", 96_000, &[noise(96_000 * 3, 0.1, 1), noise(96_000 * 3, 0.1, 2)]);
    folder.stem("stems/lead vox.wav", 48_000, &[notes(48_000 * 6 + 1, 48_000, 440.0, 0.4)]);
    folder.stem("stems/nothing.wav", 48_000, &[vec![0.0; 100_000], vec![0.0; 100_000]]);
    folder.stem("stems/one sample.wav", 8_000, &[vec![0.25]]);
    folder.stem("stems/empty.wav", 22_050, &[vec![]]);
    fs::write(stems.join("notes.txt"), "not audio").unwrap();
    succeed([text(&stems), "-o", "out"], &folder.0);
    let out = folder.path("out");
    check_rough_mix(&out);
    let session = Session::read(out.join("session.toml")).unwrap();
    assert_eq!((session.tracks.len(), session.sample_rate), (6, 48_000));
    let (_, mix) = read(&out.join("mix.wav"));
    assert!(mix[0].len() > 48_000 * 6, "as long as the longest and the reverb's tail: {}", mix[0].len());
    let (_, master) = read(&out.join("master.wav"));
    assert_eq!(master[0].len(), mix[0].len());
}

#[test]
fn one_stem_and_one_of_mono_at_a_low_rate() {
    let folder = Folder::new("single");
    folder.stem("a/voice.wav", 22_050, &[notes(22_050 * 4, 22_050, 220.0, 0.05)]);
    succeed(["a", "-o", "out"], &folder.0);
    check_rough_mix(&folder.path("out"));
    let (rate, _) = read(&folder.path("out/master.wav"));
    assert_eq!(rate, 22_050);
}

#[test]
fn a_hundred_stems() {
    let folder = Folder::new("hundred");
    for at in 0..100 {
        let rate = [48_000, 44_100, 48_000, 96_000][at % 4];
        let frames = rate as usize + 1_000 * at;
        let planes =
            [notes(frames, rate, 60.0 * 1.05_f64.powi(at as i32), 0.3), noise(frames, 0.1, at as u32)];
        folder.stem(&format!("stems/{at:03}.wav"), rate, &planes[..1 + at % 2]);
    }
    succeed(["stems", "-o", "out"], &folder.0);
    check_rough_mix(&folder.path("out"));
    assert_eq!(stems_after(&folder.path("out")).len(), 100);
}

#[test]
fn only_silence_gives_silence() {
    let folder = Folder::new("silence");
    folder.stem("stems/a.wav", 48_000, &[vec![0.0; 48_000]]);
    let said = succeed(["stems", "-o", "out"], &folder.0);
    assert!(said.contains("the mix is silent"), "{said}");
    let (_, master) = read(&folder.path("out/master.wav"));
    assert!(master.iter().flatten().all(|x| x.abs() <= 2.0 / 8_388_608.0), "nothing but dither");
    assert_eq!(names(&folder.path("out")), RESULTS);
}

#[test]
fn stems_far_apart_come_near_each_other() {
    let folder = Folder::new("apart");
    // A stem that its fader cannot lift to the others, and one that the high-pass takes away.
    folder.stem("quiet/lead.wav", 48_000, &[notes(200_000, 48_000, 300.0, 0.5)]);
    folder.stem("quiet/room.wav", 48_000, &[notes(200_000, 48_000, 500.0, 0.002)]);
    folder.stem("low/lead.wav", 48_000, &[notes(200_000, 48_000, 300.0, 0.5)]);
    folder.stem("low/hats.wav", 48_000, &[notes(200_000, 48_000, 40.0, 0.5)]);
    for stems in ["quiet", "low"] {
        succeed([stems, "-o", "out", "--overwrite"], &folder.0);
        check_rough_mix(&folder.path("out"));
    }
}

#[test]
fn rate_bits_and_target_are_what_was_asked_for() {
    let folder = Folder::new("options");
    folder.stem("stems/a.wav", 48_000, &[notes(240_000, 48_000, 200.0, 0.5)]);
    for (bits, rate, tag, depth) in [("16", 44_100, 1, 16), ("24", 96_000, 1, 24), ("32f", 48_000, 3, 32)] {
        let rate_text = format!("{rate}");
        let asked = [
            "stems",
            "--target",
            "ebu_r128",
            "--rate",
            &rate_text,
            "--bits",
            bits,
            "-o",
            "out",
            "--overwrite",
        ];
        succeed(asked, &folder.0);
        let master = folder.path("out/master.wav");
        let bytes = fs::read(&master).unwrap();
        let at = bytes.windows(4).position(|four| four == b"fmt ").unwrap() + 8;
        let number = |from: usize| u16::from_le_bytes([bytes[at + from], bytes[at + from + 1]]);
        // The extended form states the same in its first two bytes behind the mask.
        let kind = if number(0) == 0xfffe { number(24) } else { number(0) };
        assert_eq!((kind, number(14)), (tag, depth), "{bits}");
        assert_eq!(read(&master).0, rate);
        let (loudness, peak) = ebur128(&master);
        assert!((loudness + 23.0).abs() <= 0.1 && peak <= -1.0, "{loudness} LUFS, {peak} dBTP");
    }
}

/// A folder with two stems and a session that mixes them, with results of an earlier run in `out`.
fn workshop(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.stem("stems/a.wav", 48_000, &[notes(48_000, 48_000, 200.0, 0.5)]);
    folder.stem("stems/b.wav", 48_000, &[noise(48_000, 0.5, 1)]);
    fs::create_dir(folder.path("out")).unwrap();
    for name in RESULTS {
        fs::write(folder.path("out").join(name), "what was there").unwrap();
    }
    folder
}

/// Runs twice what has to be refused: into a new folder, of which nothing is left, and over an older run,
/// which stays.
fn check_refused(folder: &Folder, arguments: &[&str], words: &[&str]) {
    let line = refuse(arguments.iter().chain(&["-o", "new/deep", "--overwrite"]), &folder.0);
    println!("{line}");
    for word in words {
        assert!(line.contains(word), "{word} is missing in: {line}");
    }
    assert!(!folder.path("new").exists(), "something is left of: {line}");
    assert_eq!(refuse(arguments.iter().chain(&["-o", "out", "--overwrite"]), &folder.0), line);
    assert_eq!(names(&folder.path("out")), RESULTS);
    for name in RESULTS {
        assert_eq!(fs::read(folder.path("out").join(name)).unwrap(), b"what was there");
    }
}

#[test]
fn folders_and_files_that_cannot_be_mixed_are_refused() {
    let folder = workshop("refused");
    check_refused(&folder, &["nowhere"], &["nowhere", "no such folder"]);
    check_refused(&folder, &["stems/a.wav"], &["stems/a.wav", "no such folder"]);
    fs::create_dir(folder.path("empty")).unwrap();
    check_refused(&folder, &["empty"], &["empty", "no audio in it"]);
    fs::write(folder.path("empty/readme.txt"), "words").unwrap();
    check_refused(&folder, &["empty"], &["empty", "no audio in it"]);

    for (name, bytes, words) in [
        ("text.wav", b"these are words, not samples".to_vec(), "no audio in it"),
        ("none.flac", Vec::new(), "there is nothing in it"),
        ("apple.aiff", b"FORM\0\0\0\x20AIFFCOMM".to_vec(), "ends within its header"),
        ("cut.wav", fs::read(folder.path("stems/a.wav")).unwrap()[..100_000].to_vec(), "truncated"),
    ] {
        let stem = folder.path("stems").join(name);
        fs::write(&stem, bytes).unwrap();
        check_refused(&folder, &["stems"], &[name, words]);
        fs::remove_file(stem).unwrap();
    }
    let planes = [vec![0.0; 100], vec![0.0; 100], vec![0.0; 100]];
    let stem = folder.stem("stems/three.wav", 48_000, &planes);
    check_refused(&folder, &["stems"], &["three.wav", "3 channels"]);
    fs::remove_file(stem).unwrap();

    check_refused(&folder, &["stems", "--target", "myspace"], &["--target myspace", "spotify"]);
    check_refused(&folder, &["stems", "--rate", "7"], &["--rate 7", "8000 to 384000"]);
    check_refused(&folder, &["stems", "--bits", "8"], &["--bits 8", "16, 24, 32f"]);
    check_refused(&folder, &["stems", "--loud"], &["--loud"]);
}

#[test]
fn a_target_that_takes_too_much_limiting_is_refused() {
    let folder = workshop("limiting");
    // Strokes of one sample: next to no loudness, and no room above them.
    let strokes = |n: usize| if n.is_multiple_of(2_000) { 0.9 } else { 0.0 };
    folder.stem("strokes/a.wav", 48_000, &[(0..240_000).map(strokes).collect()]);
    // As it is: a rough mix would hold the strokes.
    let track = "[[tracks]]\nname = \"a\"\nclips = [{ file = \"strokes/a.wav\" }]\n";
    let session = |lufs: &str, limit: &str| {
        let head = "version = 1\nsample_rate = 48000\n";
        // The limiter has to take all.
        let chain = "chain = { compression_db = \"off\", clipping_over_db = \"off\" }";
        let target = format!("[target]\nloudness_lufs = {lufs}\n{chain}\n{limit}\n");
        fs::write(folder.path("session.toml"), format!("{head}{target}{track}")).unwrap();
    };
    session("-14.0", "");
    let strokes = ["--session", "session.toml"];
    let words = ["-14.0 LUFS would take at least", "at most 9 allowed", "LUFS is reachable within the limit"];
    check_refused(&folder, &strokes, &words);
    let line = refuse([&strokes[..], &["--max-limiting", "3", "-o", "new"]].concat(), &folder.0);
    assert!(line.contains("at most 3 allowed"), "{line}");
    check_refused(&folder, &["strokes", "--max-limiting", "61"], &["--max-limiting 61", "0 to 60 dB"]);

    // The loudness that was named, from a session that holds the limit.
    let named = line.split(": ").last().unwrap().split(' ').next().unwrap().to_string();
    session("-14.0", "max_limiting_db = 3.0");
    let line = refuse([&strokes[..], &["-o", "new"]].concat(), &folder.0);
    assert!(line.contains("at most 3 allowed"), "{line}");
    // A target of the command line leaves the session its limit.
    let line = refuse([&strokes[..], &["--target", "spotify", "-o", "new"]].concat(), &folder.0);
    assert!(line.contains("at most 3 allowed"), "{line}");
    session(&named, "max_limiting_db = 3.0");
    succeed([&strokes[..], &["-o", "fits"]].concat(), &folder.0);

    session("-14.0", "");
    let said = succeed([&strokes[..], &["--max-limiting", "60", "-o", "loud"]].concat(), &folder.0);
    let out = folder.path("loud");
    let report = report(&out);
    let (largest, p99) = (&report["limiting_max_db"], &report["limiting_p99_db"]);
    let (largest, p99) = (largest.as_f64().unwrap(), p99.as_f64().unwrap());
    assert!(largest >= p99 && p99 > 9.0, "{largest} dB, {p99} dB");
    assert_eq!(report["warnings"].as_array().unwrap().len(), 1);
    assert!(said.contains(&format!("largest {largest:.1}")) && said.contains("<= 60"), "{said}");
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains(&format!("99th percentile; largest {largest:.1} dB")));
    assert!(page.contains("is likely to be heard"));
    assert_eq!(Session::read(out.join("session.toml")).unwrap().target.max_limiting_db, 60.0);
}

#[test]
fn a_sample_that_is_no_number_is_named_with_its_time() {
    let folder = workshop("nan");
    let mut plane = vec![0.1_f32; 48_000];
    plane[12_000] = f32::NAN;
    // Our own writer refuses it: the header of a good file, and samples behind it.
    let good = folder.stem("stems/bad.wav", 48_000, &[vec![0.1; 48_000]]);
    let mut bytes = fs::read(&good).unwrap();
    let data = bytes.windows(4).position(|four| four == b"data").unwrap() + 8;
    for (bytes, sample) in bytes[data..].chunks_exact_mut(4).zip(&plane) {
        bytes.copy_from_slice(&sample.to_le_bytes());
    }
    fs::write(&good, &bytes).unwrap();
    check_refused(&folder, &["stems"], &["bad.wav", "NaN", "0.250000 s"]);
    let at = data + 4 * 24_000;
    bytes[data + 4 * 12_000..][..4].copy_from_slice(&0.1_f32.to_le_bytes());
    bytes[at..at + 4].copy_from_slice(&f32::INFINITY.to_le_bytes());
    fs::write(&good, &bytes).unwrap();
    check_refused(&folder, &["stems"], &["bad.wav", "inf", "0.500000 s"]);
}

#[test]
fn sessions_that_say_something_wrong_are_refused() {
    let folder = workshop("sessions");
    let track = "[[tracks]]\nname = \"a\"\nclips = [{ file = \"stems/a.wav\" }]\n";
    let head = "version = 1\nsample_rate = 48000\n";
    let insert = |text: &str| format!("{head}{track}inserts = [{text}]\n");
    for (text, words) in [
        ("version = 3\n".to_string(), ["version 3", "1 to 2"]),
        ("sample_rate = 48000\n".to_string(), ["session.toml", "version = 2"]),
        ("version = 1\nsample_rate == 3\n".to_string(), ["session.toml, line 2", ""]),
        (format!("{head}{}", track.replace("a.wav", "gone.wav")), ["gone.wav", "no such file"]),
        (insert("{ kind = \"bitcrusher\" }"), ["no processor \"bitcrusher\"", "track \"a\""]),
        (
            insert("{ kind = \"compressor\", params = { loudness = 3 } }"),
            ["no parameter \"loudness\"", "compressor"],
        ),
        (insert("{ kind = \"compressor\", params = { ratio = 0.5 } }"), ["ratio = 0.5", "outside 1"]),
        (format!("{head}{track}pan = 1.5\n"), ["pan = 1.5", "-1 to 1"]),
        (format!("{head}{track}gain_db = nan\n"), ["gain_db = NaN", "-96 to 24"]),
        (format!("{head}{track}volume = 3\n"), ["line 6", "volume"]),
        (format!("{head}{track}sends = [{{ to = \"hall\" }}]\n"), ["no bus or track \"hall\"", "send"]),
        (
            format!("{head}{track}automation = [{{ parameter = \"pan\", points = [[0.0, 2.0]] }}]\n"),
            ["automation of pan", "pan = 2"],
        ),
        (format!("{head}{track}[target]\nbits = \"12\"\n"), ["bits = \"12\"", "\"24\""]),
        (format!("{head}{track}[target]\nloudness_lufs = 3.0\n"), ["loudness_lufs = 3", "-70 to 0"]),
        (format!("{head}{track}[master]\ninserts = [{{ kind = \"nothing\" }}]\n"), ["master", "\"nothing\""]),
        (head.to_string(), ["no sound", "no clips"]),
    ] {
        fs::write(folder.path("session.toml"), &text).unwrap();
        check_refused(&folder, &["--session", "session.toml"], &words);
    }
    check_refused(&folder, &["--session", "gone.toml"], &["gone.toml", "no such file"]);
    // Given a folder, clips are looked for in it.
    fs::write(folder.path("session.toml"), format!("{head}{track}")).unwrap();
    check_refused(&folder, &["stems", "--session", "session.toml"], &["stems/a.wav", "no such file"]);
}

#[test]
fn outputs_that_cannot_be_written_are_refused() {
    let folder = workshop("outputs");
    fs::write(folder.path("file"), "a file").unwrap();
    let line = refuse(["stems", "-o", "file"], &folder.0);
    assert!(line.starts_with("file: cannot be written"), "{line}");
    let line = refuse(["stems", "-o", "file/out"], &folder.0);
    assert!(line.starts_with("file/out: cannot be written"), "{line}");
    assert_eq!(fs::read(folder.path("file")).unwrap(), b"a file");
    fs::create_dir_all(folder.path("taken/report.html")).unwrap();
    let line = refuse(["stems", "-o", "taken"], &folder.0);
    assert!(line.contains("report.html: cannot be written"), "{line}");
    assert_eq!(names(&folder.path("taken")), ["report.html"]);

    let line = refuse(["stems", "-o", "stems"], &folder.0);
    assert!(line.contains("among the stems"), "{line}");
    assert_eq!(names(&folder.path("stems")), ["a.wav", "b.wav"]);
    let session =
        "version = 1\nsample_rate = 48000\n[[tracks]]\nname = \"a\"\nclips = [{ file = \"mix.wav\" }]\n";
    fs::copy(folder.path("stems/a.wav"), folder.path("mix.wav")).unwrap();
    fs::write(folder.path("session.toml"), session).unwrap();
    let line = refuse(["--session", "session.toml", "-o", "."], &folder.0);
    assert!(line.contains("mix.wav: the result would be written over a clip of the session, "), "{line}");
    assert_eq!(fs::read_to_string(folder.path("session.toml")).unwrap(), session);
}

/// Every file below a folder with its bytes.
fn state(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for name in names(folder) {
        let path = folder.join(&name);
        if path.is_dir() {
            found.extend(state(&path).into_iter().map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else {
            found.push((name, fs::read(path).unwrap()));
        }
    }
    found
}

#[test]
fn what_is_there_is_replaced_only_when_asked() {
    let folder = workshop("there");
    let before = state(&folder.0);
    let line = refuse(["stems", "-o", "out"], &folder.0);
    assert!(line.contains("out/mix.wav: the file exists, and 4 more"), "{line}");
    assert!(line.ends_with("--overwrite replaces it"), "{line}");
    assert_eq!(state(&folder.0), before);
    for name in ["mix.wav", "master.wav", "session.toml", "report.json"] {
        fs::remove_file(folder.path("out").join(name)).unwrap();
    }
    let line = refuse(["stems", "-o", "out"], &folder.0);
    assert!(line.starts_with("out/report.html: the file exists; "), "{line}");
    assert_eq!(fs::read(folder.path("out/report.html")).unwrap(), b"what was there");
    succeed(["stems", "-o", "out", "--overwrite"], &folder.0);
    assert_eq!(names(&folder.path("out")), RESULTS);
    // The stems that are made without an argument are results too.
    fs::create_dir_all(folder.path("sketch/stems")).unwrap();
    fs::write(folder.path("sketch/stems/kick.wav"), "a kick of the user").unwrap();
    let line = refuse(["-o", "sketch"], &folder.0);
    assert!(line.contains("kick.wav: the file exists"), "{line}");
    assert_eq!(fs::read(folder.path("sketch/stems/kick.wav")).unwrap(), b"a kick of the user");
}

#[test]
fn sessions_clips_and_stems_are_never_replaced() {
    let folder = workshop("spared");
    let head = "version = 1\nsample_rate = 48000\n";
    let track = |file: &str| format!("{head}[[tracks]]\nname = \"a\"\nclips = [{{ file = \"{file}\" }}]\n");
    fs::create_dir(folder.path("song")).unwrap();
    fs::write(folder.path("song/session.toml"), track("../stems/a.wav")).unwrap();
    fs::copy(folder.path("stems/a.wav"), folder.path("stems/master.wav")).unwrap();
    fs::write(folder.path("other.toml"), track("stems/master.wav")).unwrap();
    let mut refused = vec![
        (vec!["--session", "song/session.toml", "-o", "song"], "the session"),
        (vec!["--session", "song/session.toml", "-o", "stems/../song/"], "the session"),
        (vec!["--session", "other.toml", "-o", "stems"], "a clip of the session"),
        (vec!["stems", "-o", "stems/."], "among the stems"),
    ];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("stems", folder.path("link")).unwrap();
        std::os::unix::fs::symlink("../stems/a.wav", folder.path("out/linked.wav")).unwrap();
        fs::remove_file(folder.path("out/mix.wav")).unwrap();
        std::os::unix::fs::symlink("../stems/a.wav", folder.path("out/mix.wav")).unwrap();
        refused.push((vec!["--session", "other.toml", "-o", "link"], "a clip of the session"));
        refused.push((vec!["stems", "-o", "link"], "among the stems"));
        refused.push((vec!["stems", "-o", "out"], "a stem"));
    }
    let before = state(&folder.0);
    for (arguments, words) in refused {
        for overwrite in [None, Some("--overwrite")] {
            let line = refuse(arguments.iter().copied().chain(overwrite), &folder.0);
            assert!(line.contains(words), "{words} is missing in: {line}");
            assert_eq!(state(&folder.0), before, "{arguments:?}");
        }
    }
}

#[test]
fn results_are_not_taken_for_stems_and_what_is_passed_over_is_said() {
    let folder = Folder::new("results");
    folder.stem("stems/a.wav", 48_000, &[notes(96_000, 48_000, 200.0, 0.5)]);
    succeed(["stems", "-o", "out"], &folder.0);
    for name in RESULTS {
        fs::copy(folder.path("out").join(name), folder.path("stems").join(name)).unwrap();
    }
    let output = run(["stems", "-o", "again"], &folder.0);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    assert!(told.contains("stems: results of an earlier run, left out: master.wav, mix.wav\n"), "{told}");
    let passed = "stems: no audio by name, passed over: report.html, report.json, session.toml\n";
    assert!(told.contains(passed), "{told}");
    same(&folder.path("out"), &folder.path("again"), "master.wav");
    // Alone such a name is that of a stem.
    folder.stem("plain/mix.wav", 48_000, &[notes(96_000, 48_000, 200.0, 0.5)]);
    succeed(["plain", "-o", "third"], &folder.0);
}

#[test]
#[cfg(unix)]
fn links_among_the_results_are_written_through() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = workshop("links");
    fs::create_dir(folder.path("store")).unwrap();
    fs::rename(folder.path("out/master.wav"), folder.path("store/real.wav")).unwrap();
    fs::set_permissions(folder.path("store/real.wav"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("../store/real.wav", folder.path("out/master.wav")).unwrap();
    succeed(["stems", "-o", "out", "--overwrite"], &folder.0);
    assert!(folder.path("out/master.wav").symlink_metadata().unwrap().is_symlink());
    let real = folder.path("store/real.wav").metadata().unwrap();
    assert_eq!(real.permissions().mode() & 0o777, 0o640);
    assert_eq!(read(&folder.path("store/real.wav")).0, 48_000);
    assert_eq!(names(&folder.path("store")), ["real.wav"]);
    assert_eq!(names(&folder.path("out")), RESULTS);
}

#[test]
#[cfg(unix)]
fn a_full_disk_gives_one_line_and_leaves_nothing() {
    let folder = workshop("full");
    // The limit stands for a disk that is full: the system refuses the write in the same way.
    let script = "trap '' XFSZ; ulimit -f 200; exec \"$0\" stems -o out --overwrite";
    let mut command = std::process::Command::new("sh");
    let output =
        command.args(["-c", script]).arg(support::program()).current_dir(&folder.0).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.lines().last().unwrap().contains("cannot be written"), "{told}");
    assert_eq!(names(&folder.path("out")), RESULTS);
    assert_eq!(fs::read(folder.path("out/mix.wav")).unwrap(), b"what was there");
}

#[test]
#[cfg(unix)]
fn an_interrupted_run_leaves_nothing() {
    let folder = Folder::new("interrupted");
    let mut running = Command::new(program())
        .current_dir(&folder.0)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = folder.path("target/mix_and_master");
    while running.try_wait().unwrap().is_none() && !out.read_dir().is_ok_and(|mut all| all.next().is_some()) {
    }
    let kill = Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert_eq!(running.wait().unwrap().code(), Some(130));
    assert!(!folder.path("target").exists(), "something is left");
}

#[test]
fn help_tells_every_option_and_target() {
    let folder = Folder::new("help");
    let output = run(["--help"], &folder.0);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    for words in [
        "-o",
        "--target",
        "--max-limiting",
        "--rate",
        "--bits 16|24|32f",
        "--session",
        "--overwrite",
        "spotify",
        "ebu_r128",
    ] {
        assert!(said.contains(words), "{words} is missing in {said}");
    }
    assert!(names(&folder.0).is_empty());
}
