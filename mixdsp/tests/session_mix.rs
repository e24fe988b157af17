//! Sessions: what is written is what is mixed, to the sample and to 0.01 dB.
#![cfg(feature = "session")]

use mixdsp::files::{AudioFile, AudioStream, AudioWriter, BitDepth, SessionError};
use mixdsp::host::recipe::Recipe;
use mixdsp::session::{Automation, Bus, Clip, Render, RenderOptions, Send, Session, Track};
#[path = "common/report.rs"]
#[allow(clippy::allow_attributes, dead_code, reason = "not all of it is used here")]
mod report;

use report::{Bound, measured};
use std::path::{Path, PathBuf};

const RATE: u32 = 48_000;

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("mixdsp-session-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Writes a file of floats at `rate`.
    fn stem(&self, name: &str, rate: u32, planes: &[Vec<f32>]) {
        let mut writer =
            AudioWriter::create(self.0.join(name), rate, planes.len(), BitDepth::Float32).unwrap();
        writer.write(planes).unwrap();
        writer.finish().unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn track(name: &str) -> Track {
    let clip = Clip { file: format!("{name}.wav"), ..Clip::default() };
    Track { name: name.to_string(), clips: vec![clip], ..Track::default() }
}

/// An insert as a session file writes it.
fn insert(text: &str) -> Recipe {
    let session = format!("version = 1\nsample_rate = 48000\n[[buses]]\nname = \"a\"\ninserts = [{text}]\n");
    Session::parse(&session, "test").unwrap().buses[0].inserts[0].clone()
}

fn noise(frames: usize, mut seed: u32) -> Vec<f32> {
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as f32 / 16_777_216.0 - 0.5
    };
    (0..frames).map(|_| next()).collect()
}

fn impulse(frames: usize, at: usize) -> Vec<f32> {
    let mut out = vec![0.0; frames];
    out[at] = 0.5;
    out
}

fn render_by(
    session: &Session,
    folder: &Path,
    inner: usize,
    outer: usize,
) -> Result<[Vec<f64>; 2], SessionError> {
    let options = RenderOptions { threads: 2, block_frames: inner, ..RenderOptions::default() };
    render_with(session, folder, options, outer)
}

fn render_with(
    session: &Session,
    folder: &Path,
    options: RenderOptions,
    outer: usize,
) -> Result<[Vec<f64>; 2], SessionError> {
    let mut render = Render::new(session, folder, options)?;
    let mut out = [Vec::new(), Vec::new()];
    let mut block = [vec![0.0; outer], vec![0.0; outer]];
    loop {
        let [left, right] = &mut block;
        let count = render.read(&mut [left, right])?;
        out.iter_mut().zip(&block).for_each(|(out, block)| out.extend_from_slice(&block[..count]));
        if count < outer {
            return Ok(out);
        }
    }
}

fn render(session: &Session, folder: &Folder) -> [Vec<f64>; 2] {
    render_by(session, &folder.0, 512, 1000).unwrap()
}

#[test]
fn faders_at_zero_and_no_inserts_give_the_plain_sum() {
    let folder = Folder::new("sum");
    let lengths = [10_000, 4_096, 12_345, 1];
    let stems: Vec<[Vec<f32>; 2]> =
        lengths.iter().zip(1..).map(|(n, seed)| [noise(*n, seed), noise(*n, seed + 100)]).collect();
    let mut session = Session::new(RATE);
    for (at, stem) in stems.iter().enumerate() {
        folder.stem(&format!("s{at}.wav"), RATE, stem);
        session.tracks.push(track(&format!("s{at}")));
    }
    let out = render(&session, &folder);
    assert_eq!(out[0].len(), 12_345, "as long as the longest");
    for side in 0..2 {
        for (n, y) in out[side].iter().enumerate() {
            let sum: f64 =
                stems.iter().map(|stem| f64::from(stem[side].get(n).copied().unwrap_or(0.0))).sum();
            assert!((y - sum).abs() < 1e-15, "frame {n}: {y} for {sum}");
        }
    }
}

/// A session in which everything happens: latency, sends, groups, a key, automation, clips, other rates.
fn busy(folder: &Folder) -> Session {
    folder.stem("a.wav", RATE, &[noise(30_000, 1), noise(30_000, 2)]);
    folder.stem("b.wav", RATE, &[noise(20_000, 3)]);
    folder.stem("c.wav", 44_100, &[noise(9_000, 4), noise(9_000, 5)]);
    let mut session = Session::new(RATE);
    let mut a = track("a");
    a.inserts.push(insert(
        "{ kind = \"compressor\", config = { lookahead_ms = 5 }, params = { threshold_db = -20 } }",
    ));
    a.sends.push(Send { to: "room".into(), gain_db: -6.0, pre_fader: true });
    a.automation.push(Automation { parameter: "pan".into(), points: vec![[0.1, -1.0], [0.3, 1.0]] });
    a.automation
        .push(Automation { parameter: "sends.room.gain_db".into(), points: vec![[0.0, -30.0], [0.5, 0.0]] });
    a.automation.push(Automation {
        parameter: "inserts[0].threshold_db".into(),
        points: vec![[0.05, -20.0], [0.4, -40.0]],
    });
    let mut b = track("b");
    b.clips.push(Clip { file: "b.wav".into(), offset_seconds: 0.3, gain_db: -6.0 });
    b.output = Some("group".into());
    b.pan = 0.5;
    b.inserts.push(insert(
        "{ kind = \"equalizer\", params = { bands = [{ kind = \"high_pass\", slope_db_per_octave = 24 }, { gain_db = 6.0 }] } }",
    ));
    b.automation.push(Automation {
        parameter: "inserts[0].bands[1].frequency_hz".into(),
        points: vec![[0.0, 500.0], [0.5, 5000.0]],
    });
    let mut c = track("c");
    c.key = Some("b".into());
    c.output = Some("group".into());
    c.inserts.push(insert("{ kind = \"compressor\" }"));
    session.tracks = vec![a, b, c];
    let room = insert("{ kind = \"reverb\", params = { mix = 1.0, decay_seconds = 0.4 } }");
    session.buses.push(Bus { name: "room".into(), inserts: vec![room], ..Bus::default() });
    session.buses.push(Bus { name: "group".into(), gain_db: -3.0, ..Bus::default() });
    session
        .master
        .automation
        .push(Automation { parameter: "gain_db".into(), points: vec![[0.2, 0.0], [0.6, -12.0]] });
    session
}

#[test]
fn no_block_size_changes_a_bit() {
    let folder = Folder::new("blocks");
    let session = busy(&folder);
    let reference = render_by(&session, &folder.0, 512, 1000).unwrap();
    assert!(reference[0].iter().any(|x| x.abs() > 0.01));
    for (inner, outer) in [(7, 777), (64, 4096), (333, 1), (4096, 100_000), (100_000, 512)] {
        let other = render_by(&session, &folder.0, inner, outer).unwrap();
        assert_eq!(other[0].len(), reference[0].len(), "{inner}, {outer}");
        for side in 0..2 {
            let same = other[side].iter().zip(&reference[side]).all(|(a, b)| a.to_bits() == b.to_bits());
            assert!(same, "blocks of {inner}, read by {outer}");
        }
    }
}

#[test]
fn a_session_says_the_same_after_writing_and_reading() {
    let folder = Folder::new("toml");
    let session = busy(&folder);
    let path = folder.0.join("session.toml");
    session.write(&path).unwrap();
    assert_eq!(Session::read(&path).unwrap(), session);
}

#[test]
fn clips_begin_at_their_frames_and_latency_is_trimmed() {
    let folder = Folder::new("clips");
    folder.stem("hit.wav", RATE, &[impulse(100, 10), impulse(100, 10)]);
    let mut session = Session::new(RATE);
    let mut late = track("hit");
    late.clips[0].offset_seconds = 5_000.0 / f64::from(RATE);
    late.clips.push(Clip { file: "hit.wav".into(), offset_seconds: 0.0, gain_db: -20.0 });
    late.inserts.push(insert("{ kind = \"align\", config = { frames = 777 } }"));
    session.tracks.push(late);
    session.tracks.push(Track { name: "dry".into(), clips: track("hit").clips, ..Track::default() });
    let out = render(&session, &folder);
    let hits: Vec<usize> = (0..out[0].len()).filter(|n| out[0][*n].abs() > 1e-9).collect();
    assert_eq!(hits, [10, 5_010]);
    assert!((out[0][10] - 0.55).abs() < 1e-7, "both at one frame: {}", out[0][10]);
}

#[test]
fn automation_is_exact_to_the_frame_behind_latency() {
    let folder = Folder::new("automation");
    folder.stem("one.wav", RATE, &[vec![0.25; 9_600], vec![0.25; 9_600]]);
    let mut session = Session::new(RATE);
    let mut one = track("one");
    one.inserts.push(insert("{ kind = \"align\", config = { frames = 1001 } }"));
    one.automation.push(Automation {
        parameter: "gain_db".into(),
        points: vec![[0.05, 0.0], [0.1, -12.0], [0.15, -12.0], [0.15, -6.0]],
    });
    session.tracks.push(one);
    let out = render(&session, &folder);
    assert_eq!(out[0].len(), 9_600);
    let level = |n: usize| 20.0 * (out[0][n] / 0.25).log10();
    let expected = |n: usize| match n {
        0..2_400 => 0.0,
        2_400..4_800 => -12.0 * (n - 2_400) as f64 / 2_400.0,
        4_800..7_200 => -12.0,
        _ => -6.0,
    };
    // One frame off would be 0.005 dB on the slope; knots leave less than that. The step is silent: it takes 20 ms.
    let error = |n: usize| (level(n) - expected(n)).abs();
    let worst = (0..9_600).filter(|n| !(7_200..8_160).contains(n)).map(error).fold(0.0, f64::max);
    let step = (7_200..8_160).map(|n| (level(n) - level(n - 1)).abs()).fold(0.0, f64::max);
    assert!(step < 0.05 && error(7_210) > 5.9, "a jump of {step} dB from one frame to the next");
    let what = "automated fader behind latency, off its line";
    measured("sessions", what, Bound::AtMost(0.003), worst, "dB", "theory");
}

/// The frame from which `plane` is no longer `before`, if it is `after` from the next one on.
fn jumps_at(plane: &[f64], before: f64, after: f64) -> Option<usize> {
    let first = plane.iter().position(|x| (x - before).abs() > 1e-9)?;
    plane[first + 1..].iter().all(|x| (x - after).abs() < 1e-9).then_some(first)
}

#[test]
fn pan_sends_and_inserts_jump_at_their_frames_behind_latency() {
    const AT: usize = 4_799;
    let folder = Folder::new("jumps");
    folder.stem("one.wav", RATE, &[vec![0.25; 9_600], vec![0.25; 9_600]]);
    folder.stem("none.wav", RATE, &[vec![0.0; 9_600], vec![0.0; 9_600]]);
    let seconds = |frame: usize| frame as f64 / f64::from(RATE);
    // A line of one frame.
    let jump = |parameter: &str, from: f64, to: f64| Automation {
        parameter: parameter.into(),
        points: vec![[seconds(AT), from], [seconds(AT + 1), to]],
    };
    let gain = |db: f64| 0.25 * 10f64.powf(db / 20.0);
    let wait = |frames: usize| insert(&format!("{{ kind = \"align\", config = {{ frames = {frames} }} }}"));
    // Everything stands behind one latency and before another, beside a track that is later than both.
    let base = || {
        let mut slow = track("none");
        slow.inserts.push(wait(5_000));
        let mut one = track("one");
        one.inserts = vec![wait(1_001), insert("{ kind = \"gain\" }"), wait(333)];
        let mut session = Session::new(RATE);
        session.tracks = vec![one, slow];
        session.buses.push(Bus { name: "bus".into(), inserts: vec![wait(77)], ..Bus::default() });
        session
    };
    let rendered = |change: &dyn Fn(&mut Session)| {
        let mut session = base();
        change(&mut session);
        let out = render(&session, &folder);
        assert_eq!(out[0].len(), 9_600);
        out
    };

    let [left, right] = rendered(&|session| session.tracks[0].automation.push(jump("pan", -1.0, 1.0)));
    assert_eq!((jumps_at(&left, 0.25, 0.0), jumps_at(&right, 0.0, 0.25)), (Some(AT + 1), Some(AT + 1)));

    let [left, _] =
        rendered(&|session| session.tracks[0].automation.push(jump("inserts[1].gain_db", -6.0, 0.0)));
    assert_eq!(jumps_at(&left, gain(-6.0), 0.25), Some(AT + 1));

    let [left, _] = rendered(&|session| session.tracks[0].automation.push(jump("trim_db", -6.0, -20.0)));
    assert_eq!(jumps_at(&left, gain(-6.0), gain(-20.0)), Some(AT + 1));

    let [left, _] = rendered(&|session| {
        session.tracks[0].sends.push(Send { to: "bus".into(), gain_db: 0.0, pre_fader: true });
        session.tracks[0].automation.push(jump("sends.bus.gain_db", -12.0, -3.0));
    });
    assert_eq!(jumps_at(&left, 0.25 + gain(-12.0), 0.25 + gain(-3.0)), Some(AT + 1));

    let [left, _] = rendered(&|session| {
        session.tracks[0].output = Some("bus".into());
        session.buses[0].automation.push(jump("gain_db", 0.0, -9.0));
    });
    assert_eq!(jumps_at(&left, 0.25, gain(-9.0)), Some(AT + 1));

    let [left, _] = rendered(&|session| session.master.automation.push(jump("gain_db", 0.0, -9.0)));
    assert_eq!(jumps_at(&left, 0.25, gain(-9.0)), Some(AT + 1));
}

#[test]
fn solo_mute_polarity_groups_and_sends_keep_their_levels() {
    let folder = Folder::new("levels");
    folder.stem("x.wav", RATE, &[vec![0.5; 4_800], vec![0.5; 4_800]]);
    folder.stem("y.wav", RATE, &[vec![0.125; 4_800], vec![0.125; 4_800]]);
    let level = |session: &Session| render(session, &folder)[0][2_000];
    let mut session = Session::new(RATE);
    session.tracks = vec![track("x"), track("y")];
    assert!((level(&session) - 0.625).abs() < 1e-12);
    session.tracks[1].solo = true;
    assert!((level(&session) - 0.125).abs() < 1e-12);
    session.tracks[1].solo = false;
    session.tracks[0].mute = true;
    session.tracks[1].invert_polarity = true;
    assert!((level(&session) + 0.125).abs() < 1e-12);
    session.tracks[0].mute = false;
    session.tracks[1].invert_polarity = false;
    // x: fader -6 dB, into a group of -3 dB; its sends go before and after the fader to a bus of 0 dB
    session.tracks[0].gain_db = -6.0;
    session.tracks[0].output = Some("group".into());
    session.tracks[0].sends.push(Send { to: "pre".into(), gain_db: -10.0, pre_fader: true });
    session.tracks[0].sends.push(Send { to: "post".into(), gain_db: -10.0, pre_fader: false });
    session.buses.push(Bus { name: "group".into(), gain_db: -3.0, ..Bus::default() });
    session.buses.push(Bus { name: "pre".into(), ..Bus::default() });
    session.buses.push(Bus { name: "post".into(), ..Bus::default() });
    let gain = |db: f64| 10f64.powf(db / 20.0);
    let expected = 0.5 * (gain(-9.0) + gain(-10.0) + gain(-16.0)) + 0.125;
    let error = (20.0 * (level(&session) / expected).log10()).abs();
    let what = "fader, group, sends before and after the fader: level";
    measured("sessions", what, Bound::AtMost(1e-6), error, "dB", "theory");
}

#[test]
fn a_tail_is_rendered_to_its_end() {
    let folder = Folder::new("tail");
    folder.stem("hit.wav", RATE, &[impulse(100, 0), impulse(100, 0)]);
    let mut session = Session::new(RATE);
    let mut hit = track("hit");
    hit.inserts.push(insert("{ kind = \"delay\", params = { time_ms = 100, feedback = 0.5, mix = 0.5 } }"));
    session.tracks.push(hit);
    let out = render(&session, &folder);
    // Echoes of 0.25 * 0.5^n stay over 1e-6 up to n = 17.
    assert_eq!(out[0].len(), 18 * 4_800 + 1);
}

fn refusal(change: impl FnOnce(&mut Session)) -> String {
    let folder = Folder::new("errors");
    folder.stem("a.wav", RATE, &[noise(100, 1)]);
    let mut session = Session::new(RATE);
    session.tracks.push(track("a"));
    change(&mut session);
    let text = render_by(&session, &folder.0, 512, 100).unwrap_err().to_string();
    assert!(!text.contains('\n'), "one line: {text}");
    text
}

#[test]
fn errors_are_one_line_that_names_the_place() {
    let refused = |insert: &str| {
        let head = "version = 1\nsample_rate = 48000\n[[tracks]]\nname = \"a\"\n";
        Session::parse(&format!("{head}inserts = [{insert}]\n"), "s.toml").unwrap_err().to_string()
    };
    let out_of_range =
        "track \"a\": inserts[0] (equalizer): bands[0].frequency_hz = 90000 is outside 10 to 20000 Hz";
    assert_eq!(
        refused("{ kind = \"equalizer\", params = { bands = [{ frequency_hz = 90000.0 }] } }"),
        out_of_range
    );
    assert_eq!(refused("{ processor = \"equalizer\", bands = [{ frequency_hz = 90000 }] }"), out_of_range);
    let text = refused("{ kind = \"bitcrusher\" }");
    assert!(
        text.starts_with(
            "track \"a\": inserts[0] (bitcrusher): no processor \"bitcrusher\"; there are gain,"
        ),
        "{text}"
    );
    let loud = "track \"a\": inserts[0] (gain): no parameter \"loud\"";
    assert!(refused("{ kind = \"gain\", params = { loud = 1 } }").starts_with(loud));
    assert!(refused("{ processor = \"gain\", loud = 1 }").starts_with(loud));
    let text = refused("{ parallel = [{ chain = [{ processor = \"gain\", gain_db = 99 }] }] }");
    assert_eq!(text, "track \"a\": inserts[0]: parallel[0].chain[0]: gain_db = 99 is outside -96 to 24 dB");
    // What only the rate tells.
    let high = insert("{ processor = \"equalizer\", bands = [{ frequency_hz = 15000 }] }");
    let text = refusal(|session| {
        session.sample_rate = 16_000;
        session.tracks[0].inserts.push(high);
    });
    assert!(text.starts_with("track \"a\": inserts[0] (equalizer): bands[0].frequency_hz = 15000"), "{text}");
    let text = refusal(|session| {
        session.tracks[0].key = Some("b".into());
        session.tracks[0].inserts.push(insert("{ processor = \"compressor\", key = \"c\" }"));
    });
    assert_eq!(text, "track \"a\": a strip listens to one track, not to b, c");
    let text = refusal(|session| session.tracks[0].gain_db = 99.0);
    assert_eq!(text, "track \"a\": gain_db = 99 is outside -96 to 24 dB");
    let text = refusal(|session| session.tracks[0].output = Some("nowhere".into()));
    assert_eq!(text, "track \"a\": output: no bus or track \"nowhere\"");
    let text = refusal(|session| session.tracks[0].clips[0].file = "gone.wav".into());
    assert!(text.starts_with("track \"a\": clip \"gone.wav\": no such file"), "{text}");
    let text = refusal(|session| session.tracks.push(track("a")));
    assert_eq!(text, "track \"a\": there is a track or bus called \"a\" already");

    let text = Session::parse("version = 7\nwhatever = 3\n", "s.toml").unwrap_err().to_string();
    assert_eq!(text, "s.toml: version 7 of sessions; 1 to 2 are read");
    let text =
        Session::parse("version = 1\nsample_rate = 48000\n\n[[tracks]]\nvolume = 3\n", "s.toml").unwrap_err();
    assert!(text.to_string().starts_with("s.toml, line 5: unknown field `volume`"), "{text}");
    assert!(
        Session::parse("version = = 1", "s.toml").unwrap_err().to_string().starts_with("s.toml, line 1: ")
    );
}

#[test]
fn odd_stems_do_not_stop_a_mix() {
    let folder = Folder::new("odd");
    let mut session = Session::new(RATE);
    assert_eq!(render(&session, &folder)[0].len(), 0, "no track at all");
    for at in 0..100 {
        let name = format!("t{at}");
        let rate = [48_000, 44_100, 8_000, 96_000][at % 4];
        let planes = [noise(1_000 + at * 10, at as u32), noise(1_000 + at * 10, 7)];
        folder.stem(&format!("{name}.wav"), rate, &planes[..1 + at % 2]);
        session.tracks.push(track(&name));
    }
    session.tracks.push(Track { name: "without a clip".into(), ..Track::default() });
    let out = render(&session, &folder);
    assert!(out[0].iter().all(|x| x.is_finite()));
    assert!(out[0].len() > 6_000, "{}", out[0].len());
}

/// The same on real stems, when `MIXDSP_STEMS` names a folder of them: their first 10 s.
#[test]
fn real_stems_add_up_too() {
    let Some(folder) = std::env::var_os("MIXDSP_STEMS").map(PathBuf::from) else { return };
    const FRAMES: usize = 480_000;
    let mut session = Session::new(RATE);
    let mut sum = [vec![0.0_f64; FRAMES], vec![0.0_f64; FRAMES]];
    for entry in std::fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Ok(mut file) = AudioFile::open(folder.join(&name)) else { continue };
        assert_eq!((file.channels(), file.sample_rate()), (2, RATE), "{name}");
        let mut planes = [vec![0.0_f32; FRAMES], vec![0.0_f32; FRAMES]];
        let [left, right] = &mut planes;
        file.read(&mut [left, right]).unwrap();
        for (sum, plane) in sum.iter_mut().zip(&planes) {
            sum.iter_mut().zip(plane).for_each(|(sum, x)| *sum += f64::from(*x));
        }
        let clips = vec![Clip { file: name.clone(), ..Clip::default() }];
        session.tracks.push(Track { name, clips, ..Track::default() });
    }
    let mut render = Render::new(&session, &folder, RenderOptions::default()).unwrap();
    let mut mix = [vec![0.0_f64; FRAMES], vec![0.0_f64; FRAMES]];
    let [left, right] = &mut mix;
    assert_eq!(render.read(&mut [left, right]).unwrap(), FRAMES);
    let pairs = mix.iter().flatten().zip(sum.iter().flatten());
    let worst = pairs.fold(0.0_f64, |worst, (a, b)| worst.max((a - b).abs()));
    println!(
        "{} stems: mix less plain sum {:.1} dBFS",
        session.tracks.len(),
        20.0 * worst.max(1e-20).log10()
    );
    assert!(worst < 1e-6, "{worst}");
}

#[test]
fn sessions_of_version_1_open_and_render_the_bits_of_version_2() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/session");
    let folder = Folder::new("versions");
    folder.stem("a.wav", RATE, &[noise(30_000, 1), noise(30_000, 2)]);
    folder.stem("b.wav", 44_100, &[noise(20_000, 3)]);
    for name in ["song", "rough"] {
        let read = |version: u32| Session::read(data.join(format!("version_{version}_{name}.toml"))).unwrap();
        let (old, new) = (read(1), read(2));
        // What is written is the new form, and says the same.
        let text = old.to_toml().unwrap();
        assert!(text.starts_with("version = 2\n") && !text.contains(".params") && !text.contains(".config"));
        assert_eq!(text.matches("processor = ").count(), if name == "song" { 9 } else { 5 }, "{text}");
        let written = Session::parse(&text, name).unwrap();
        assert_eq!(written, old);
        let mixed = |session: &Session| render(session, &folder);
        let expected = mixed(&old);
        assert!(expected[0].len() > 30_000 && expected[0].iter().any(|x| x.abs() > 0.01));
        assert!(mixed(&written) == expected && mixed(&new) == expected, "{name}");
    }
}

#[test]
fn a_master_in_the_mix_is_what_runs_on_the_mix() {
    let folder = Folder::new("master");
    folder.stem("a.wav", RATE, &[noise(30_000, 1), noise(30_000, 2)]);
    let text = "version = 2\nsample_rate = 48000\n\
        [[tracks]]\nname = \"a\"\nclips = [{ file = \"a.wav\" }]\n\
        [master]\ngain_db = -2\noutput_gain_db = 3\n\
        inserts = [{ processor = \"compressor\", threshold_db = -30, lookahead_ms = 3, name = \"glue\" }]\n\
        [[master.automation]]\nparameter = \"glue.threshold_db\"\npoints = [[0.1, -30], [0.5, -50]]\n\
        [[master.automation]]\nparameter = \"output_gain_db\"\npoints = [[0.0, 3], [0.3, -6]]\n";
    let session = Session::parse(text, "master").unwrap();
    let mixed = render(&session, &folder);
    // The same on a bus that everything goes through.
    let mut bus = Session::new(RATE);
    bus.tracks = session.tracks.clone();
    bus.tracks[0].output = Some("mix".into());
    bus.buses.push(Bus {
        name: "mix".into(),
        trim_db: -2.0,
        gain_db: 3.0,
        inserts: session.master.inserts.clone(),
        automation: vec![
            session.master.automation[0].clone(),
            Automation { parameter: "gain_db".into(), ..session.master.automation[1].clone() },
        ],
        ..Bus::default()
    });
    assert!(mixed == render(&bus, &folder), "before the inserts -2 dB, behind them 3 dB");
}

#[test]
fn groups_move_the_faders_of_their_members() {
    let folder = Folder::new("groups");
    folder.stem("x.wav", RATE, &[vec![0.5; 4_800], vec![0.5; 4_800]]);
    folder.stem("y.wav", RATE, &[vec![0.125; 4_800], vec![0.125; 4_800]]);
    let text = "version = 2\nsample_rate = 48000\n\
        [[tracks]]\nname = \"x\"\nclips = [{ file = \"x.wav\" }]\n\
        [[tracks]]\nname = \"y\"\nclips = [{ file = \"y.wav\" }]\n\
        [[groups]]\nname = \"low\"\nmembers = [\"x\"]\ngain_db = -6\n";
    let mut session = Session::parse(text, "groups").unwrap();
    let level = |session: &Session| render(session, &folder)[0][2_000];
    assert!((level(&session) - (0.5 * 10f64.powf(-6.0 / 20.0) + 0.125)).abs() < 1e-12);
    session.groups[0].mute = true;
    assert!((level(&session) - 0.125).abs() < 1e-12);
    let written = Session::parse(&session.to_toml().unwrap(), "groups").unwrap();
    assert_eq!(written, session);
    assert_eq!(Session::from_value(&session.to_value().unwrap()).unwrap(), session);
    session.groups[0].members.push("z".into());
    let error = render_by(&session, &folder.0, 512, 100).unwrap_err().to_string();
    assert_eq!(error, "mix: group \"low\": no bus or track \"z\"");
}

/// Two groups that move, one that stays and a fader that moves: the level is the sum of all in decibels.
#[test]
fn faders_of_groups_move_by_the_rule_of_automation() {
    let folder = Folder::new("vca");
    let frames = 2 * RATE as usize;
    for name in ["x.wav", "y.wav"] {
        folder.stem(name, RATE, &[vec![0.25; frames], vec![0.25; frames]]);
    }
    let text = "version = 2\nsample_rate = 48000\n\
        [[tracks]]\nname = \"x\"\ngain_db = -1\nclips = [{ file = \"x.wav\" }]\n\
        automation = [{ parameter = \"gain_db\", points = [[0.5, -2], [1.5, -10]] }]\n\
        [[tracks]]\nname = \"y\"\ngain_db = -60\nmute = true\nclips = [{ file = \"y.wav\" }]\n\
        [[groups]]\nname = \"still\"\nmembers = [\"x\"]\ngain_db = 3\n\
        [[groups]]\nname = \"ramp\"\nmembers = [\"x\", \"y\"]\ngain_db = -90\n\
        automation = [{ parameter = \"gain_db\", points = [[0.25, 0], [1.25, -12]] }]\n\
        [[groups]]\nname = \"step\"\nmembers = [\"y\", \"x\"]\n\
        automation = [{ parameter = \"gain_db\", points = [[1.0, 0], [1.0, -6]] }]\n";
    let mut session = Session::parse(text, "vca").unwrap();
    let line = |seconds: f64, [from, a]: [f64; 2], [to, b]: [f64; 2]| {
        a + (b - a) * ((seconds - from) / (to - from)).clamp(0.0, 1.0)
    };
    let theory = |own: &dyn Fn(f64) -> f64, seconds: f64| {
        let step = if seconds < 1.0 { 0.0 } else { -6.0 };
        own(seconds) + line(seconds, [0.25, 0.0], [1.25, -12.0]) + step
    };
    let moved = |seconds: f64| 3.0 + line(seconds, [0.5, -2.0], [1.5, -10.0]);
    let mut worst = 0.0_f64;
    let mut compare = |[left, _]: [Vec<f64>; 2], own: &dyn Fn(f64) -> f64| {
        // Not in the 20 ms and more that a silent step takes.
        for at in (0..frames).step_by(97).filter(|at| !(48_000..50_000).contains(at)) {
            let level = 20.0 * (left[at] / 0.25).log10();
            worst = worst.max((level - theory(own, at as f64 / 48_000.0)).abs());
        }
    };
    compare(render(&session, &folder), &moved);
    assert!(render_by(&session, &folder.0, 37, 1000).unwrap() == render(&session, &folder), "cut elsewhere");
    // The fader that does not move itself.
    session.tracks[0].mute = true;
    session.tracks[1].mute = false;
    session.tracks[1].gain_db = -3.0;
    compare(render(&session, &folder), &|_| -3.0);
    measured("automation", "fader of groups against theory", Bound::AtMost(1e-6), worst, "dB", "theory");
    assert_eq!(Session::parse(&session.to_toml().unwrap(), "vca").unwrap(), session);

    let refused = |change: &dyn Fn(&mut Session)| {
        let mut session = session.clone();
        change(&mut session);
        render_by(&session, &folder.0, 512, 100).unwrap_err().to_string()
    };
    let first = |session: &mut Session, parameter: &str, points: &[[f64; 2]]| {
        session.groups[1].automation =
            vec![Automation { parameter: parameter.into(), points: points.to_vec() }];
    };
    for (parameter, points, words) in [
        ("pan", &[[0.0, 0.0]][..], "no parameter \"pan\"; a group moves gain_db"),
        ("gain_db", &[], "no points"),
        ("gain_db", &[[0.0, 99.0]], "gain_db = 99 is outside -96 to 24 dB"),
        ("gain_db", &[[0.0, f64::NAN]], "gain_db = NaN"),
        ("gain_db", &[[2.0, 0.0], [1.0, 0.0]], "times rise"),
    ] {
        let error = refused(&|session| first(session, parameter, points));
        assert!(error.starts_with("mix: group \"ramp\".automation") && error.contains(words), "{error}");
    }
    let error = refused(&|session| first(session, "gain_db", &[[0.0, -95.0]]));
    assert!(error.contains("is outside -96 to 24 dB"), "{error}");
}

#[test]
fn every_example_of_the_page_is_read() {
    let page = include_str!("../../docs/sessions.md");
    let examples: Vec<&str> =
        page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() >= 5, "{} examples", examples.len());
    for example in examples {
        let session = Session::parse(example, "docs/sessions.md").unwrap();
        let folder = Folder::new("page");
        for clip in session.tracks.iter().flat_map(|track| &track.clips) {
            // Whatever the ending says, what counts is in the file.
            folder.stem(&clip.file, RATE, &[noise(480, 1), noise(480, 2)]);
        }
        let [left, _] = render(&session, &folder);
        assert!(left.len() >= 480);
    }
}
