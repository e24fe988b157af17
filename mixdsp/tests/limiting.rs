//! The measure of limiting against BS.1770's formula written out, and the search for what is reachable.
#![cfg(feature = "alloc")]

use mixdsp::host::{LimitSearch, Limiting, TooMuchLimiting, is_refused, limiting_warning};
use mixdsp::{LoudnessConfig, LoudnessMeter, LoudnessReadings, Spec};

const RATE: usize = 48_000;
const HOP: usize = RATE / 10;

struct Random(u32);

impl Random {
    /// From 0 to 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(self.0 >> 8) / 16_777_216.0
    }
}

/// A mono programme and a reduction at each of its frames.
#[derive(Clone, Default)]
struct Programme {
    audio: Vec<f64>,
    reduction: Vec<f64>,
}

impl Programme {
    /// Noise of a level, with reductions from 0 up to `most_db`, most of them small.
    fn add(&mut self, random: &mut Random, frames: usize, level: f64, most_db: f64) {
        for _ in 0..frames {
            self.audio.push(level * (2.0 * random.next() - 1.0));
            self.reduction.push(most_db * random.next().powi(3));
        }
    }

    fn measure(&self, blocks: impl Fn(&mut Random) -> usize) -> (Limiting, LoudnessMeter<f64>) {
        let config = LoudnessConfig::default();
        let mut meter = LoudnessMeter::new(Spec::new(RATE as f64, 1), config, ()).unwrap();
        let mut limiting = Limiting::new();
        let mut random = Random(5);
        let mut audio = self.audio.clone();
        let mut done = 0;
        while done < audio.len() {
            let end = (done + blocks(&mut random)).min(audio.len());
            limiting.measure(&mut meter, &mut [&mut audio[done..end]], &self.reduction[done..end]).unwrap();
            done = end;
        }
        assert_eq!(audio, self.audio, "the audio stays as it is");
        (limiting, meter)
    }
}

fn gate(meter: &LoudnessMeter<f64>) -> Option<f64> {
    meter.get(LoudnessReadings::RELATIVE_GATE)
}

/// The two filters of BS.1770 at 48 kHz, with the standard's coefficients.
fn k_weighted(audio: &[f64]) -> Vec<f64> {
    let stages = [
        (
            [1.535_124_859_586_97, -2.691_696_189_406_38, 1.198_392_810_852_85],
            [-1.690_659_293_182_41, 0.732_480_774_215_85],
        ),
        ([1.0, -2.0, 1.0], [-1.990_047_454_833_98, 0.990_072_250_366_21]),
    ];
    stages.iter().fold(audio.to_vec(), |signal, (b, a)| {
        let (mut x, mut y) = ([0.0; 2], [0.0; 2]);
        let filter = |now: f64| {
            let out = b[0] * now + b[1] * x[0] + b[2] * x[1] - a[0] * y[0] - a[1] * y[1];
            (x, y) = ([now, x[0]], [out, y[0]]);
            out
        };
        signal.into_iter().map(filter).collect()
    })
}

/// Loudness of the blocks of 400 ms, every 100 ms.
fn blocks(audio: &[f64]) -> Vec<f64> {
    let weighted = k_weighted(audio);
    let whole = weighted.windows(4 * HOP).step_by(HOP);
    whole.map(|b| -0.691 + 10.0 * (b.iter().map(|x| x * x).sum::<f64>() / b.len() as f64).log10()).collect()
}

/// The 99th percentile of the reductions of all programmes, which are gated together.
fn oracle(programmes: &[&Programme]) -> f64 {
    let blocks: Vec<Vec<f64>> = programmes.iter().map(|each| blocks(&each.audio)).collect();
    let above: Vec<f64> = blocks.iter().flatten().copied().filter(|lufs| *lufs > -70.0).collect();
    let mean = above.iter().map(|lufs| 10f64.powf(lufs / 10.0)).sum::<f64>() / above.len() as f64;
    let gate = 10.0 * mean.log10() - 10.0;
    let mut counted = Vec::new();
    for (programme, blocks) in programmes.iter().zip(&blocks) {
        let mut counts = vec![false; programme.audio.len()];
        for (at, lufs) in blocks.iter().enumerate() {
            if *lufs > -70.0 && *lufs > gate {
                counts[at * HOP..(at + 4) * HOP].fill(true);
            }
        }
        let frames = counts.iter().zip(&programme.reduction);
        counted.extend(frames.filter(|(counts, _)| **counts).map(|(_, reduction)| *reduction));
    }
    percentile(counted)
}

fn percentile(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get((0.99 * values.len() as f64).ceil() as usize - 1).copied().unwrap()
}

fn random_programme(seed: u32) -> Programme {
    let mut random = Random(seed);
    let mut programme = Programme::default();
    for _ in 0..12 {
        let level = match (random.next() * 4.0) as u32 {
            0 => 0.0,
            _ => 10f64.powf(-2.0 * random.next()),
        };
        let frames = (random.next() * 2.0 * RATE as f64) as usize;
        let most_db = 20.0 * random.next();
        programme.add(&mut random, frames, level, most_db);
    }
    programme
}

#[test]
fn the_percentile_is_that_of_the_formula_however_the_audio_is_cut() {
    let mut worst = 0.0_f64;
    for seed in 1..=20 {
        let programme = random_programme(seed);
        let expected = oracle(&[&programme]);
        let (limiting, meter) = programme.measure(|random| 1 + (random.next() * 9_000.0) as usize);
        let found = limiting.p99_db(gate(&meter));
        worst = worst.max((found - expected).abs());
        let (again, meter) = programme.measure(|_| 480_000);
        assert_eq!(again.p99_db(gate(&meter)), found);
        let largest = programme.reduction.iter().fold(0.0_f64, |a, b| a.max(*b));
        assert_eq!(limiting.max_db(), largest);
    }
    println!("worst difference to BS.1770's formula: {worst:.4} dB");
    assert!(worst < 0.05);
}

#[test]
fn songs_of_an_album_are_gated_together() {
    for seed in 1..=5 {
        let songs: Vec<Programme> = (0..3).map(|song| random_programme(100 * seed + song)).collect();
        let mut whole = Limiting::new();
        let mut loudness: Option<LoudnessMeter<f64>> = None;
        for song in &songs {
            let (limiting, meter) = song.measure(|_| 4_096);
            whole.merge(&limiting);
            match &mut loudness {
                Some(loudness) => loudness.merge(&meter).unwrap(),
                None => loudness = Some(meter),
            }
        }
        let expected = oracle(&songs.iter().collect::<Vec<_>>());
        let found = whole.p99_db(gate(&loudness.unwrap()));
        assert!((found - expected).abs() < 0.05, "{found} dB, {expected} dB");
    }
}

#[test]
fn silence_and_quiet_parts_do_not_dilute() {
    let mut random = Random(3);
    let mut alone = Programme::default();
    alone.add(&mut random, 10 * RATE, 0.5, 12.0);
    let mut among = Programme::default();
    among.add(&mut random, 60 * RATE, 0.0, 0.0);
    among.audio.extend(&alone.audio);
    among.reduction.extend(&alone.reduction);
    // 20 dB under the loud part, and without limiting.
    among.add(&mut random, 60 * RATE, 0.05, 0.0);
    let p99 = |programme: &Programme| {
        let (limiting, meter) = programme.measure(|_| 1_000);
        limiting.p99_db(gate(&meter))
    };
    let (alone, among) = (p99(&alone), p99(&among));
    assert!(alone > 11.0 && (alone - among).abs() < 0.3, "{alone} dB alone, {among} dB among silence");
}

#[test]
fn a_programme_shorter_than_a_block_counts_whole() {
    let mut random = Random(4);
    let mut programme = Programme::default();
    programme.add(&mut random, 4 * HOP - 1, 0.5, 10.0);
    let (limiting, meter) = programme.measure(|_| 777);
    assert_eq!(gate(&meter), None);
    let expected = percentile(programme.reduction.clone());
    assert!((limiting.p99_db(None) - expected).abs() < 0.02);
    // In an album with longer songs it has no block that could pass.
    let mut quiet = Programme::default();
    quiet.add(&mut random, RATE, 0.5, 0.0);
    let (mut album, meter) = quiet.measure(|_| 777);
    album.merge(&limiting);
    assert_eq!(album.p99_db(gate(&meter)), 0.0);
    let mut shorts = Limiting::new();
    shorts.merge(&limiting);
    assert!((shorts.p99_db(None) - expected).abs() < 0.02);
}

#[test]
fn silence_and_what_is_not_limited_read_zero() {
    let mut random = Random(6);
    for (level, most_db) in [(0.0, 15.0), (0.5, 0.0)] {
        let mut programme = Programme::default();
        programme.add(&mut random, RATE, level, most_db);
        let (limiting, meter) = programme.measure(|_| 4_096);
        assert_eq!(limiting.p99_db(gate(&meter)), 0.0);
    }
    assert_eq!((Limiting::new().p99_db(None), Limiting::new().max_db()), (0.0, 0.0));
}

#[test]
fn audio_and_reduction_of_unequal_length_are_refused() {
    let mut meter = LoudnessMeter::<f64>::new(Spec::new(48_000.0, 1), LoudnessConfig::default(), ()).unwrap();
    let mut limiting = Limiting::new();
    assert!(limiting.measure(&mut meter, &mut [&mut [0.0; 10]], &[1.0; 9]).is_err());
    assert_eq!(limiting.max_db(), 0.0);
}

/// Searches where limiting and loudness follow a gain by formulas; gain, loudness and passes.
fn search(limit: f64, first: f64, p99: impl Fn(f64) -> f64, lufs: impl Fn(f64) -> f64) -> (f64, f64, u32) {
    let mut search = LimitSearch::new(limit, first, p99(first));
    let (mut passes, mut most) = (0, f64::NEG_INFINITY);
    while let Some(gain) = search.next_gain_db() {
        passes += 1;
        if p99(gain) <= limit {
            most = most.max(gain);
        }
        search.add(gain, p99(gain), Some(lufs(gain)));
    }
    let reachable = search.reachable_lufs();
    (most, reachable.unwrap_or_else(|| panic!("{search:?} from {first}, {passes} passes")), passes)
}

#[test]
fn the_search_ends_close_under_the_limit() {
    for limit in [0.0, 0.5, 3.0, 9.0, 30.0] {
        for slope in [0.1, 0.5, 1.0, 2.0] {
            for first in [20.0, 40.0, 60.0] {
                // From no limiting at all round a bend into the slope.
                let bend = |gain: f64| ((gain - 10.0).powi(2) + 4.0).sqrt() + gain - 10.6;
                // In steps, as the measure has them.
                let p99 = |gain: f64| (slope * 0.5 * bend(gain).max(0.0) / 0.04).round() * 0.04;
                if p99(first) <= limit {
                    continue;
                }
                let lufs = |gain: f64| gain - 60.0 - 0.3 * p99(gain);
                let (gain, reachable, passes) = search(limit, first, p99, lufs);
                let case = format!("limit {limit}, slope {slope}, from {first}: {gain} in {passes} passes");
                assert!(p99(gain) <= limit, "{case}");
                assert!(p99(gain + 0.15) > (limit - 0.2).max(0.0), "{case}");
                assert!(passes <= 12, "{case}");
                let spare = lufs(gain) - reachable;
                assert!((0.05..0.15 + 1e-9).contains(&spare), "{case}: {spare} LU to spare");
                assert!((reachable * 10.0 - (reachable * 10.0).round()).abs() < 1e-9, "{reachable}");
            }
        }
    }
}

#[test]
fn what_was_found_is_lowered_until_there_is_none() {
    let mut search = LimitSearch::new(9.0, 20.0, 12.0);
    assert_eq!(search.reachable_lufs(), None);
    search.add(10.0, 8.9, Some(-13.17));
    assert_eq!(search.next_gain_db(), None);
    let mut named = Vec::new();
    while let Some(lufs) = search.reachable_lufs() {
        named.push(lufs);
        search.lower();
    }
    assert_eq!(named, [-13.3, -13.4, -13.5, -13.7, -14.1, -14.9, -16.5, -19.7]);
}

#[test]
fn a_pass_is_refused_at_the_end_of_a_search_or_far_over_the_limit() {
    for (p99_db, is_last, is_too_quiet, refused) in [
        (9.0, true, false, false),
        (9.1, true, false, true),
        (9.1, true, true, true),
        // The next pass may be quieter, or show how much it takes.
        (9.1, false, false, false),
        (9.1, false, true, false),
        (40.0, false, false, false),
        (15.0, false, true, false),
        (15.1, false, true, true),
    ] {
        let found = is_refused(p99_db, 9.0, is_last, is_too_quiet);
        assert_eq!(found, refused, "{p99_db} dB, last: {is_last}, too quiet: {is_too_quiet}");
    }
}

#[test]
fn words() {
    let refused = TooMuchLimiting {
        loudness_lufs: -5.0,
        limiting_p99_db: 31.42,
        max_limiting_db: 9.0,
        clipping_p99_db: 0.0,
        max_clipping_db: 3.0,
        reachable_lufs: Some(-13.2),
    };
    assert_eq!(
        refused.to_string(),
        "-5.0 LUFS would take at least 31.4 dB of limiting (99th percentile; at most 9 allowed): \
         -13.2 LUFS is reachable within the limit"
    );
    assert_eq!(limiting_warning(6.0), None);
    assert!(limiting_warning(6.1).unwrap().starts_with("6.1 dB of limiting (99th percentile)"));
}
