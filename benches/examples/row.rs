//! Runs one row by itself, for profilers: `cargo run --release -p mixdsp-benches --example row -- QUESTION ROW BLOCKS`.

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, question, row, blocks] = &arguments[..] else {
        eprintln!("QUESTION ROW BLOCKS, the first two as parts of their names");
        std::process::exit(2);
    };
    let blocks: usize = blocks.parse().expect("a number of blocks");
    for mut found in mixdsp_benches::questions().into_iter().filter(|found| found.name.contains(question)) {
        let mut rows = found.ours.drain(..).chain(found.peers.drain(..).flat_map(|peer| peer.rows));
        if let Some(mut one) = rows.find(|one| one.name.contains(row)) {
            (0..blocks).for_each(|_| (one.run)());
            return;
        }
    }
    eprintln!("no such row");
    std::process::exit(1);
}
