//! Every row by itself, through criterion: `cargo bench -p mixdsp-benches --bench rows`.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mixdsp_benches::{FRAMES, questions};

fn rows(criterion: &mut Criterion) {
    for question in questions() {
        let mut group = criterion.benchmark_group(question.name);
        group.throughput(Throughput::Elements(FRAMES as u64));
        let peers = question.peers.into_iter().flat_map(|peer| peer.rows);
        for mut row in question.ours.into_iter().chain(peers) {
            group.bench_function(row.name, |bencher| bencher.iter(&mut row.run));
        }
        group.finish();
    }
}

criterion_group!(all, rows);
criterion_main!(all);
