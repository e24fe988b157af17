//! The search for a loudness against a limiter that is a formula, and the pass against what it is made of.
#![cfg(feature = "alloc")]

use mixdsp::host::{LoudnessGoal, LoudnessSearch, MasterLimiter, MasterPass, PassResult, PassSettings, Step};
use mixdsp::{
    Dither, DitherConfig, Limiter, LimiterConfig, LimiterParams, LoudnessConfig, LoudnessMeter, Processor,
    Spec,
};

/// A programme of -30 LUFS behind a limiter: `bend_db` of gain are free, and more of it turns into loudness less and
/// less, up to `most_lu`.
#[derive(Clone, Copy, Debug)]
struct Simulated {
    bend_db: f64,
    most_lu: f64,
}

impl Simulated {
    const LUFS: f64 = -30.0;

    fn pass(&self, gain_db: f64) -> PassResult {
        let over = (gain_db - self.bend_db).max(0.0);
        let louder = self.most_lu * (1.0 - (-over / self.most_lu).exp());
        PassResult {
            loudness_lufs: Some(Self::LUFS + gain_db.min(self.bend_db) + louder),
            limiting_p99_db: 1.5 * over,
            ..PassResult::default()
        }
    }
}

/// Makes the passes that a search asks for; the gains, the last result, and the end.
fn run(mut search: LoudnessSearch, pass: impl Fn(f64) -> PassResult) -> (Vec<(f64, bool)>, PassResult, Step) {
    let (mut asked, mut last) = (Vec::new(), PassResult::default());
    while let Step::Pass { gain_db, limits } = search.step() {
        asked.push((gain_db, limits));
        last = pass(gain_db);
        search.add(last);
        assert!(asked.len() < 60, "{search:?}");
    }
    assert_eq!(search.passes(), asked.len());
    let end = search.step();
    search.add(PassResult { loudness_lufs: Some(0.0), limiting_p99_db: 50.0, ..PassResult::default() });
    assert_eq!((search.step(), search.passes()), (end, asked.len()), "the end stays");
    (asked, last, end)
}

fn goal(loudness_lufs: f64, max_limiting_db: f64) -> LoudnessGoal {
    LoudnessGoal { loudness_lufs, max_limiting_db, ..LoudnessGoal::default() }
}

#[test]
fn it_converges_in_few_passes() {
    let mut most = 0;
    for most_lu in [3.0, 6.0, 12.0] {
        for bend_db in [2.0, 8.0, 14.0] {
            let simulated = Simulated { bend_db, most_lu };
            for share in [-0.5, 0.1, 0.3, 0.5, 0.7, 0.85] {
                let wanted = Simulated::LUFS + bend_db + share * most_lu;
                let goal = goal(wanted, 60.0);
                let search = LoudnessSearch::new(&goal, Some(Simulated::LUFS), Some(-bend_db)).unwrap();
                let (asked, last, end) = run(search, |gain| simulated.pass(gain));
                let reached = last.loudness_lufs.unwrap();
                assert_eq!(end, Step::Done);
                assert!(
                    (reached - wanted).abs() <= 0.1,
                    "{simulated:?}, {share}: {reached} of {wanted} LUFS"
                );
                assert!(goal.is_met(last.loudness_lufs));
                assert_eq!(asked[0].0, wanted - Simulated::LUFS);
                most = most.max(asked.len());
            }
        }
    }
    println!("at most {most} passes");
    assert!(most <= 6);
}

#[test]
fn one_pass_without_a_limiter_where_the_peaks_stay_low() {
    for (peak, limits) in [(-20.0, false), (-14.1, false), (-13.9, true), (-5.0, true)] {
        // 10 dB more: the ceiling is at -1 dBTP, and 3 dB under it all meters agree that there is nothing to do.
        let search = LoudnessSearch::new(&goal(-20.0, 9.0), Some(-30.0), Some(peak)).unwrap();
        let pass = |gain: f64| PassResult {
            loudness_lufs: Some(-30.0 + gain),
            limiting_p99_db: 0.0,
            clipping_p99_db: 0.0,
        };
        let (asked, _, end) = run(search, pass);
        assert_eq!((asked, end), (vec![(10.0, limits)], Step::Done), "{peak} dBTP");
    }
}

#[test]
fn what_the_gain_lifts_over_the_gate_is_searched_for_without_a_limiter() {
    let search = LoudnessSearch::new(&goal(-30.0, 9.0), Some(-60.0), Some(-50.0)).unwrap();
    // Quiet parts count from some gain on, and take 0.9 LU.
    let pass = |gain: f64| PassResult {
        loudness_lufs: Some(-60.9 + gain),
        limiting_p99_db: 0.0,
        clipping_p99_db: 0.0,
    };
    let (asked, last, end) = run(search, pass);
    assert_eq!((asked.len(), end), (3, Step::Done));
    assert!((last.loudness_lufs.unwrap() + 30.0).abs() <= 0.1 && asked.iter().all(|(_, limits)| !limits));
}

#[test]
fn without_leave_to_limit_the_gain_stops_at_the_ceiling() {
    for (peak, gain) in [(-8.0, 7.0), (-30.0, 18.0)] {
        let goal = LoudnessGoal { limits: false, ..goal(-12.0, 0.0) };
        let search = LoudnessSearch::new(&goal, Some(-30.0), Some(peak)).unwrap();
        // However loud it comes out: nothing else can be done.
        let (asked, last, end) = run(search, |_| PassResult {
            loudness_lufs: Some(-23.0),
            limiting_p99_db: 0.0,
            clipping_p99_db: 0.0,
        });
        assert_eq!((asked, end), (vec![(gain, false)], Step::Done));
        assert!(!goal.is_met(last.loudness_lufs));
    }
}

#[test]
fn silence_takes_one_pass_without_gain() {
    for silent in [None, Some(f64::NEG_INFINITY), Some(f64::NAN)] {
        let search = LoudnessSearch::new(&goal(-14.0, 9.0), silent, silent).unwrap();
        let (asked, _, end) =
            run(search, |_| PassResult { loudness_lufs: silent, limiting_p99_db: 0.0, clipping_p99_db: 0.0 });
        assert_eq!((asked, end), (vec![(0.0, false)], Step::Done));
    }
    // Too short to have a loudness, and over the ceiling: there is no gain to look for.
    let search = LoudnessSearch::new(&goal(-14.0, 9.0), None, Some(3.0)).unwrap();
    let (asked, _, end) =
        run(search, |_| PassResult { loudness_lufs: None, limiting_p99_db: 13.0, clipping_p99_db: 0.0 });
    assert_eq!(asked, [(0.0, true)]);
    let Step::TooMuch(refused) = end else { panic!("{end:?}") };
    assert_eq!((refused.limiting_p99_db, refused.reachable_lufs), (13.0, None));
}

#[test]
fn too_much_is_refused_and_what_is_named_is_reached_within_the_limit() {
    let mut most = 0;
    for limit in [0.0, 1.0, 3.0, 9.0, 20.0] {
        for most_lu in [3.0, 6.0, 12.0] {
            let simulated = Simulated { bend_db: 8.0, most_lu };
            let pass = |gain: f64| simulated.pass(gain);
            let search = |wanted| {
                LoudnessSearch::new(&goal(wanted, limit), Some(Simulated::LUFS), Some(-8.0)).unwrap()
            };
            let (asked, _, end) = run(search(-1.0), pass);
            let Step::TooMuch(refused) = end else { panic!("{limit} dB, {simulated:?}: {end:?}") };
            assert_eq!((refused.loudness_lufs, refused.max_limiting_db), (-1.0, limit));
            assert!(refused.limiting_p99_db > limit);
            most = most.max(asked.len());
            // What just takes the limit, by the formula.
            let highest = simulated.pass(8.0 + limit / 1.5).loudness_lufs.unwrap();
            let named = refused.reachable_lufs.unwrap();
            assert!(
                (highest - 0.4..=highest).contains(&named),
                "{limit} dB, {simulated:?}: {named}, not {highest}"
            );
            let (_, reached, end) = run(search(named), pass);
            assert_eq!(end, Step::Done);
            assert!(
                (reached.loudness_lufs.unwrap() - named).abs() <= 0.1 && reached.limiting_p99_db <= limit
            );
        }
    }
    println!("at most {most} passes to refuse");
    assert!(most <= 16);
}

#[test]
fn a_loudness_that_cannot_be_ends_with_the_nearest_pass() {
    // Allowed to limit as much as it takes, 1 LU is all that there is above the bend.
    let simulated = Simulated { bend_db: 8.0, most_lu: 1.0 };
    let search = LoudnessSearch::new(&goal(-15.0, 60.0), Some(-30.0), Some(-8.0)).unwrap();
    let (asked, last, end) = run(search, |gain| PassResult { limiting_p99_db: 5.0, ..simulated.pass(gain) });
    assert_eq!(end, Step::Done);
    assert!(asked.len() <= 8 && asked.iter().all(|(gain, _)| *gain <= 15.0 + 36.0), "{asked:?}");
    let best =
        asked.iter().map(|(gain, _)| simulated.pass(*gain).loudness_lufs.unwrap()).fold(-99.0, f64::max);
    assert_eq!(last.loudness_lufs, Some(best), "the last pass is the one that is kept");
}

#[test]
fn where_the_loudness_jumps_the_nearest_pass_is_made_again() {
    // From 10 dB on a part falls under the relative gate. Nothing is within 0.2 LU of what is asked for.
    let pass = |gain: f64| PassResult {
        loudness_lufs: Some(-30.0 + gain + if gain < 10.0 { 0.0 } else { 0.5 }),
        limiting_p99_db: 0.0,
        clipping_p99_db: 0.0,
    };
    let search = LoudnessSearch::new(&goal(-19.7, 9.0), Some(-30.0), Some(-2.0)).unwrap();
    let (asked, last, end) = run(search, pass);
    assert_eq!((asked.len(), end), (8, Step::Done));
    let missing = |gain: f64| (pass(gain).loudness_lufs.unwrap() + 19.7).abs();
    let least = asked.iter().map(|(gain, _)| missing(*gain)).fold(99.0, f64::min);
    assert_eq!((last.loudness_lufs.unwrap() + 19.7).abs(), least, "{asked:?}");
    assert!(asked[..7].contains(&asked[7]), "{asked:?}");
}

#[test]
fn a_goal_that_cannot_be_is_refused() {
    for (goal, line) in [
        (goal(0.5, 9.0), "loudness_lufs = 0.5 is outside -70 to 0 LUFS"),
        (goal(-14.0, 60.5), "max_limiting_db = 60.5 is outside 0 to 60 dB"),
        (
            LoudnessGoal { true_peak_dbtp: f64::NAN, ..goal(-14.0, 9.0) },
            "true_peak_dbtp = NaN is outside -40 to 0 dBTP",
        ),
    ] {
        assert_eq!(LoudnessSearch::new(&goal, None, None).unwrap_err().to_string(), line);
    }
}

const RATE: f64 = 48_000.0;

fn noise(channels: usize, frames: usize, level: f64) -> Vec<Vec<f64>> {
    let mut seed = 7_u32;
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        level * (f64::from(seed >> 8) / 8_388_608.0 - 1.0)
    };
    (0..channels)
        .map(|_| (0..frames).map(|n| next() * if n % 24_000 < 2_000 { 1.0 } else { 0.2 }).collect())
        .collect()
}

struct Made {
    audio: Vec<Vec<f64>>,
    reduction_db: Vec<f64>,
    result: PassResult,
    true_peak_db: Option<f64>,
}

/// A pass over audio that is cut by `cut`.
fn make(audio: &[Vec<f64>], settings: &PassSettings, mut cut: impl FnMut() -> usize) -> Made {
    let spec = Spec::new(RATE, audio.len());
    let meter = LoudnessMeter::<f64>::new(spec, LoudnessConfig::default(), ()).unwrap();
    let mut pass = MasterPass::new(meter, settings).unwrap();
    let mut made = vec![Vec::new(); audio.len()];
    let (mut done, mut reduction_db) = (0, Vec::new());
    loop {
        let ended = done == audio[0].len();
        let count = if ended { cut().max(1) } else { cut().min(audio[0].len() - done) };
        let mut block: Vec<Vec<f64>> = audio
            .iter()
            .map(|channel| if ended { vec![9.0; count] } else { channel[done..done + count].to_vec() })
            .collect();
        let mut planes: Vec<&mut [f64]> = block.iter_mut().map(|plane| &mut plane[..]).collect();
        let kept = if ended { pass.end(&mut planes) } else { pass.push(&mut planes) }.unwrap();
        if ended && kept.is_empty() {
            let again = pass.push(&mut planes).unwrap();
            assert!(again.is_empty(), "nothing is heard after the end");
            let (result, true_peak_db) = (pass.result(), pass.meter().true_peak_db());
            return Made { audio: made, reduction_db, result, true_peak_db };
        }
        assert_eq!(pass.reduction_db().len(), kept.len());
        reduction_db.extend_from_slice(pass.reduction_db());
        made.iter_mut().zip(&block).for_each(|(made, block)| made.extend_from_slice(&block[kept.clone()]));
        done += if ended { 0 } else { count };
    }
}

#[test]
fn a_pass_is_gain_limiter_and_dither_not_late() {
    for channels in [1, 2, 6] {
        let audio = noise(channels, 60_001, 0.7);
        let dither = Some(DitherConfig { bits: 16, seed: 3, ..Default::default() });
        let settings = PassSettings {
            gain_db: 9.0,
            limits: true,
            limiter: MasterLimiter::Streaming,
            ceiling_db: -2.0,
            dither,
            ..PassSettings::default()
        };
        let made = make(&audio, &settings, || 4_096);

        // The same from the parts, in one block.
        let spec = Spec::new(RATE, channels);
        let params = LimiterParams { ceiling_db: -2.0, ..LimiterParams::mastering() };
        let mut limiter = Limiter::<f64>::new(spec, LimiterConfig::mastering(), params).unwrap();
        let gain = 10_f64.powf(9.0 / 20.0);
        let mut expected: Vec<Vec<f64>> =
            audio.iter().map(|channel| channel.iter().map(|x| gain * x).collect()).collect();
        let late = limiter.latency();
        limiter.process(&mut expected.iter_mut().map(|c| &mut c[..]).collect::<Vec<_>>(), &[]).unwrap();
        limiter.end();
        let mut rest = vec![vec![0.0; late]; channels];
        limiter.process(&mut rest.iter_mut().map(|c| &mut c[..]).collect::<Vec<_>>(), &[]).unwrap();
        for (channel, rest) in expected.iter_mut().zip(rest) {
            channel.drain(..late);
            channel.extend(rest);
        }
        let course = |n: usize| {
            let (given, came) = audio
                .iter()
                .zip(&expected)
                .fold((0.0, 0.0), |(a, b), (x, y)| (a + gain * x[n].abs(), b + y[n].abs()));
            20.0 * f64::log10(given / came)
        };
        for n in (0..60_001).step_by(17) {
            assert!(
                (made.reduction_db[n] - course(n)).abs() < 1e-6,
                "frame {n}: {} dB",
                made.reduction_db[n]
            );
        }
        let mut dither =
            Dither::<f64>::new(spec, DitherConfig { bits: 16, seed: 3, ..Default::default() }, ()).unwrap();
        dither.process(&mut expected.iter_mut().map(|c| &mut c[..]).collect::<Vec<_>>(), &[]).unwrap();
        for (made, expected) in made.audio.iter().zip(&expected) {
            assert_eq!(made.len(), 60_001);
            let worst = made.iter().zip(expected).fold(0.0, |worst, (a, b)| f64::max(worst, (a - b).abs()));
            // A gain that differs in its last bit may round to the next step of 16 bits.
            assert!(worst <= 1.01 / 32_768.0, "{worst}");
        }
        assert!(made.true_peak_db.unwrap() <= -2.0 + 0.01 && made.result.limiting_p99_db > 4.0);
    }
}

#[test]
fn how_the_audio_is_cut_makes_no_difference() {
    for frames in [0, 1, 100, 515, 516, 517, 20_000, 20_001] {
        let audio = noise(2, frames, 0.8);
        let limiter = MasterLimiter::ALL[frames % 2];
        let settings = PassSettings { gain_db: 6.0, limiter, ..PassSettings::default() };
        let whole = make(&audio, &settings, || 1 << 20);
        assert_eq!(whole.audio[0].len(), frames);
        let mut seed = 1_u32;
        let random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 22) as usize
        };
        for cut in [make(&audio, &settings, || 63), make(&audio, &settings, random)] {
            assert!(cut.audio == whole.audio, "{frames} frames");
            assert!(cut.reduction_db == whole.reduction_db, "{frames} frames");
            assert_eq!((cut.result, cut.true_peak_db), (whole.result, whole.true_peak_db));
        }
    }
}

#[test]
fn a_pass_without_a_limiter_is_a_gain_and_so_is_one_whose_limiter_rests() {
    // Low enough for all kernels: white noise peaks by 4 dB between its samples.
    let audio = noise(2, 30_000, 0.2);
    let gain = 10_f64.powf(3.0 / 20.0);
    let limiter = MasterLimiter::Offline;
    let limits = |limits| PassSettings { gain_db: 3.0, limits, limiter, ..PassSettings::default() };
    let (bare, rests) = (make(&audio, &limits(false), || 1_000), make(&audio, &limits(true), || 1_000));
    assert!(bare.audio == rests.audio, "the limiter leaves alone what is under its ceiling");
    for (made, given) in bare.audio.iter().zip(&audio) {
        assert!(made.iter().zip(given).all(|(y, x)| (y - gain * x).abs() <= 1e-15));
    }
    for made in [bare, rests] {
        assert!(made.reduction_db.iter().all(|reduction| *reduction == 0.0));
        assert_eq!((made.reduction_db.len(), made.result.limiting_p99_db), (30_000, 0.0));
    }
}

#[test]
fn what_cannot_be_is_refused_and_heard_of() {
    let meter = || LoudnessMeter::<f32>::new(Spec::new(RATE, 2), LoudnessConfig::default(), ()).unwrap();
    let limiter = MasterLimiter::Streaming;
    let good = PassSettings { gain_db: 0.0, limiter, ..PassSettings::default() };
    for (settings, name) in [
        (PassSettings { gain_db: f64::NAN, ..good }, "gain_db"),
        (PassSettings { ceiling_db: 99.0, ..good }, "ceiling_db"),
        (PassSettings { dither: Some(DitherConfig { bits: 99, ..Default::default() }), ..good }, "bits"),
    ] {
        let line = MasterPass::new(meter(), &settings).unwrap_err().to_string();
        assert!(line.starts_with(&format!("{name} = ")), "{line}");
    }
    let mut pass = MasterPass::new(meter(), &good).unwrap();
    assert!(pass.push(&mut [&mut [0.0; 8]]).is_err());
    assert!(pass.push(&mut [&mut [0.0; 8], &mut [0.0; 7]]).is_err());
    assert!(pass.end(&mut [&mut [0.0; 8]]).is_err());
    assert_eq!(pass.push(&mut [&mut [0.0; 8], &mut [0.0; 8]]).unwrap(), 8..8, "the latency");
}
