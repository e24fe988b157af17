//! Rough mix.
mod bands;
mod corridor;
mod features;
mod leads;
mod listening;
mod role;

pub use listening::{Stem, listen};
pub use role::Role;

/// Debug.
pub fn debug_features() {
    use std::println;
    let folder = std::env::var("STEMS").unwrap();
    let files = crate::session::stems_in(std::path::Path::new(&folder)).unwrap().stems;
    let start = std::time::Instant::now();
    let stems = listen(&files, 48_000, 2, &|_| core::ops::ControlFlow::Continue(())).unwrap();
    println!("listening {:?}", start.elapsed());
    let windows = stems.iter().map(|s| s.heard.windows.len()).max().unwrap();
    for stem in &stems {
        let f = features::Features::of(stem, windows);
        println!("{:22} {:6.1} act {:.2} low {:.2} bass {:.2} mid {:.2} hi {:.2} ton {:6.1} sib {:.2} att {:4.1} dec {:4.1} ph {:5.1} side {:6.1} ctr {:6.0} mov {:.2} pur {:.2} crest {:4.1} | {:?} {:?} v {:.3}", stem.name, stem.loudness_lufs.unwrap_or(-99.0), f.activity, f.low, f.bass, f.middle, f.high, f.tonal_db, f.sibilants, f.attacks_per_second, f.decay_db, f.phrases_per_minute, f.side_db.max(-99.), f.centre_hz, f.movement_octaves, f.purity, stem.crest_db(), Role::of_name(&stem.name), Role::of_sound(&f), leads::voice(&f));
    }
    let roles: std::vec::Vec<_> = stems.iter().map(|s| (None, features::Features::of(s, windows))).collect();
    if let Some(at) = leads::find(&roles) { println!("lead: {}", stems[at].name); }
}
