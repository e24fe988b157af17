//! Output bits of every processor, kept while the house moves: hashes over random configs, parameters, glides, resets
//! and cuts, at every SIMD level; a quarter of them where not all is swept. `MIXDSP_WRITE_BITS=1` writes them. Run in a build without
//! overflow checks: `MIXDSP_DEPTH=long cargo test --release -p mixdsp --features fft --test bits`.

mod common;

use common::depth;
use common::script::{Script, play};
use common::settings::sample_name;
use common::{Audio, Case, Cut, Entry, Random, entry::entries, seed_of};
use mixdsp::SimdLevel;
use mixdsp::catalogue::BoxedSample;
use std::collections::BTreeMap;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bits.txt");
const CASES: usize = 64;
const FRAMES: usize = 4_500;
const CHANNELS: [usize; 6] = [1, 2, 2, 3, 6, 5];
const RATES: [f64; 5] = [48_000.0, 44_100.0, 96_000.0, 8_000.0, 192_000.0];

fn hash(words: impl Iterator<Item = u64>) -> u64 {
    words.fold(0xcbf2_9ce4_8422_2325, |hash, word| {
        (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
    })
}

struct Take(BTreeMap<String, String>);

impl Take {
    fn run<T: BoxedSample>(&mut self, entry: Entry<T>) {
        let key = entry.key;
        if std::env::var("MIXDSP_ONLY").is_ok_and(|only| only != key) {
            return;
        }
        let levels = [SimdLevel::baseline(), SimdLevel::BEST.resolve()];
        for number in depth::every(4, &format!("{key} {}", sample_name::<T>()), 0..CASES) {
            let (channels, rate) = (CHANNELS[number % 6], RATES[number % 5]);
            let Some(case) = Case::random(entry, "bits", number, channels, rate) else { continue };
            let mut random = Random::new(seed_of(&[key, "script", sample_name::<T>()], number));
            let case = if number % 3 == 0 { case.with_lively_settings(&mut random) } else { case };
            let count = [0, 6, 14, 30][number % 4];
            let mut script = Script::random(&case, FRAMES, count, &mut random);
            script.with_resets_and_misfits(&mut random);
            let inputs = [case.spec.channels(), case.spec.sidechain].map(|channels| {
                Audio::<T>::from_fn(channels, FRAMES, |_, frame| {
                    let level = [0.7, 0.05, 0.0, 1e-14, 2.0][(frame / 450) % 5];
                    level * random.noise()
                })
            });
            for level in &levels {
                let case = Case { spec: case.spec.with_simd(*level), ..case.clone() };
                let played = play(&case, &script, &inputs, Cut::Random(random.clone()));
                let frames = 0..played.audio.frames();
                let audio = hash(played.audio.each(frames).map(f64::to_bits));
                let told = played.told.iter().flatten().map(|value| value.unwrap_or(u64::MAX - 7));
                let row = format!("{key} {} {} {number}", sample_name::<T>(), level.name());
                self.0.insert(row, format!("{audio:016x} {:016x}", hash(told)));
            }
        }
    }
}

#[test]
fn output_bits_are_those_of_before() {
    let mut take = Take(BTreeMap::new());
    entries::<f32>().for_each(|entry| take.run(entry));
    entries::<f64>().for_each(|entry| take.run(entry));
    if std::env::var("MIXDSP_WRITE_BITS").is_ok() {
        let rows: Vec<_> = take.0.iter().map(|(row, hash)| format!("{row} {hash}\n")).collect();
        std::fs::write(FILE, rows.concat()).expect("written");
        return;
    }
    let known = std::fs::read_to_string(FILE).expect("read");
    let known: BTreeMap<&str, &str> =
        known.lines().filter_map(|line| Some(line.split_at(line.len().checked_sub(34)?))).collect();
    let mut differing: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    // What is younger than the hashes has none.
    let is_old = |row: &str| known.keys().any(|known| known.split(' ').next() == row.split(' ').next());
    for (row, hash) in take.0.iter().filter(|(row, _)| is_old(row)) {
        if known.get(row.as_str()).map(|known| known.trim()) != Some(hash.as_str()) {
            let (kind, case) = row.split_once(' ').unwrap_or((row, ""));
            differing.entry(kind).or_default().push(case);
        }
    }
    println!("{} rows of {}", take.0.len(), known.len());
    let text: Vec<_> = differing.iter().map(|(kind, cases)| format!("{kind}: {cases:?}")).collect();
    assert!(text.is_empty(), "{}", text.join("\n"));
}
