//! Ours over theirs: `cargo bench -p mixdsp-benches --bench ratios`.
//!
//! The rows of a question run in turns, a few blocks each, for many rounds. What counts is the median of
//! each row, and of the quotients taken within each round, so that a busy machine disturbs little.

use mixdsp_benches::{CHANNELS, FRAMES, Peer, Question, Row, SAMPLE_RATE, questions};
use std::time::Instant;

const ROUNDS: usize = 401;
const BLOCKS: usize = 20;

fn main() {
    println!("Stereo, blocks of {FRAMES} frames, {SAMPLE_RATE} Hz, {CHANNELS} channels, one thread.");
    println!("Median of {ROUNDS} rounds of {BLOCKS} blocks, rows in turns.");
    for question in questions() {
        answer(question);
    }
}

/// Nanoseconds per frame of some blocks.
fn time(row: &mut Row) -> f64 {
    let start = Instant::now();
    (0..BLOCKS).for_each(|_| (row.run)());
    start.elapsed().as_nanos() as f64 / (BLOCKS * FRAMES) as f64
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn answer(question: Question) {
    let Question { name, mut ours, mut peers } = question;
    let mut rows: Vec<&mut Row> = ours.iter_mut().collect();
    rows.extend(peers.iter_mut().flat_map(|peer| &mut peer.rows));
    let mut rounds: Vec<Vec<f64>> = Vec::new();
    for round in 0..ROUNDS + 10 {
        let times = rows.iter_mut().map(|row| time(row)).collect();
        // The first rounds warm caches and clocks.
        if round >= 10 {
            rounds.push(times);
        }
    }

    println!("\n{name}\n{:>12}  {:>12}  row", "ns per frame", "x real time");
    for (at, row) in rows.iter().enumerate() {
        let nanoseconds = median(rounds.iter().map(|times| times[at]));
        println!("{nanoseconds:>12.2}  {:>12.0}  {}", 1e9 / SAMPLE_RATE / nanoseconds, row.name);
    }
    let mut first = ours.len();
    for Peer { name, bound, rows } in &peers {
        let theirs = first..first + rows.len();
        let best = |times: &Vec<f64>| times[theirs.clone()].iter().fold(f64::INFINITY, |a, b| a.min(*b));
        let ratio = median(rounds.iter().map(|times| times[0] / best(times)));
        let verdict = match bound {
            Some(bound) if ratio <= *bound => format!("within {bound:.3}"),
            Some(bound) => format!("MISSES {bound:.3}"),
            None => "for information".into(),
        };
        println!("{ratio:>12.3}  of {name}'s best time: {verdict}");
        first = theirs.end;
    }
}
