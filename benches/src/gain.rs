//! Gain, whose floor is the copy of the block.

use crate::{CHANNELS, Peer, Question, Row, SAMPLE_RATE, noise, ours};
use mixdsp::{Gain, GainParams, NoConfig, Processor, Spec};
use std::hint::black_box;

pub(crate) fn questions() -> Vec<Question> {
    let params = GainParams { gain_db: -3.0, ..GainParams::default() };
    let gain = || Gain::<f32>::new(Spec::new(SAMPLE_RATE, CHANNELS), NoConfig, params).expect("in range");
    let mut gain_db = -3.0;
    let move_it = move |unit: &mut dyn Processor<f32>| {
        gain_db = -9.0 - gain_db;
        unit.set(GainParams::GAIN_DB.any(), gain_db).expect("in range");
    };
    let input = noise(|x| x as f32);
    let mut audio = input.clone();
    let copy = Row::new("copy of the block", move || {
        audio.iter_mut().zip(&input).for_each(|(audio, input)| audio.copy_from_slice(input));
        black_box(&mut audio);
    });
    let rows = vec![ours("mixdsp, f32", gain(), |_| ()), ours("mixdsp, f32, moving", gain(), move_it)];
    let floor = Peer { name: "memory", bound: None, rows: vec![copy] };
    vec![Question { name: "gain", ours: rows, peers: vec![floor] }]
}
