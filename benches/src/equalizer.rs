//! Eight bells, one bell, and eight on the move, beside `biquad` and `fundsp`.

use crate::{CHANNELS, FRAMES, Peer, Question, Row, SAMPLE_RATE, noise, ours};
use biquad::{Biquad, Coefficients, DirectForm2Transposed, ToHertz, Type};
use fundsp::prelude32::{An, AudioNode, BellMode, BufferVec, FixedSvf, bell_hz};
use mixdsp::base::units::decibels_to_gain;
use mixdsp::{Band, Equalizer, EqualizerConfig, EqualizerParams, Placement, Sample, SimdLevel, Spec};
use std::hint::black_box;

/// Frequency, gain in decibels and Q of eight bells, as a mix engineer might set them.
const BELLS: [(f64, f64, f64); 8] = [
    (60.0, 3.0, 1.0),
    (150.0, -2.5, 1.4),
    (320.0, -4.0, 2.0),
    (800.0, 1.5, 0.7),
    (1_800.0, -3.0, 3.0),
    (3_500.0, 2.0, 1.0),
    (7_000.0, -1.5, 2.0),
    (12_000.0, 4.0, 0.8),
];

pub(crate) fn questions() -> Vec<Question> {
    vec![
        Question {
            name: "8 bells",
            ours: ours_at_rest(8),
            peers: vec![
                Peer { name: "biquad", bound: Some(1.0 / 3.0), rows: biquad_rows::<8>() },
                Peer { name: "fundsp", bound: Some(1.0 / 12.0), rows: vec![fundsp_eight()] },
            ],
        },
        Question {
            name: "1 bell",
            ours: ours_at_rest(1),
            peers: vec![
                Peer { name: "biquad", bound: Some(0.9), rows: biquad_rows::<1>() },
                Peer { name: "fundsp", bound: None, rows: vec![fundsp_row(bell(0) | bell(0))] },
            ],
        },
        Question { name: "8 bells, one or all moving", ours: ours_moving(), peers: vec![] },
        Question { name: "8 bells, some on mid or side", ours: ours_placed(), peers: vec![] },
    ]
}

fn spec() -> Spec {
    Spec::new(SAMPLE_RATE, CHANNELS)
}

fn equalizer<T: Sample>(spec: Spec, bells: usize) -> Equalizer<T> {
    let bands = BELLS.map(|(frequency_hz, gain_db, q)| Band::bell(frequency_hz, gain_db, q));
    let config = EqualizerConfig::bands(bells as u32);
    Equalizer::new(spec, config, EqualizerParams { bands: &bands[..bells] }).expect("bells in range")
}

fn ours_at_rest(bells: usize) -> Vec<Row> {
    let best = spec();
    let baseline = spec().with_simd(SimdLevel::baseline());
    let name = |spec: Spec, sample: &str| format!("mixdsp, {sample}, {}", spec.simd.resolve().name());
    vec![
        ours(name(best, "f32"), equalizer::<f32>(best, bells), |_| ()),
        ours(name(baseline, "f32"), equalizer::<f32>(baseline, bells), |_| ()),
        ours(name(best, "f64"), equalizer::<f64>(best, bells), |_| ()),
        ours(name(baseline, "f64"), equalizer::<f64>(baseline, bells), |_| ()),
    ]
}

/// Bells that work on a part of the channels, in the same eight.
fn ours_placed() -> Vec<Row> {
    let row = |name: &str, placements: &[Placement]| {
        let mut unit = equalizer::<f32>(spec(), 8);
        for (band, placement) in (0..).zip(placements) {
            unit.set(Band::PLACEMENT.at(band), *placement as usize as f64).expect("stereo");
        }
        ours(format!("mixdsp, f32, {name}"), unit, |_| ())
    };
    let (mid, side) = (Placement::Mid, Placement::Side);
    vec![row("one on mid", &[mid]), row("all on mid or side", &[mid, side, mid, side, mid, side, mid, side])]
}

/// A block lasts 11 ms and a ramp 20 ms, so a band that is set before every block never rests.
fn ours_moving() -> Vec<Row> {
    let row = |name: &str, moving: u16| {
        let mut gain_db = 3.0;
        ours(format!("mixdsp, f32, {name}"), equalizer::<f32>(spec(), 8), move |unit| {
            gain_db = -gain_db;
            (0..moving).for_each(|band| unit.set(Band::GAIN_DB.at(band).any(), gain_db).expect("in range"));
        })
    };
    vec![row("all moving", 8), row("one moving", 1), row("none moving", 0)]
}

/// One filter per channel and bell.
fn biquads<const N: usize>() -> [[DirectForm2Transposed<f32>; N]; CHANNELS] {
    [std::array::from_fn(|band| {
        let (frequency_hz, gain_db, q) = BELLS[band];
        let coefficients = Coefficients::from_params(
            Type::PeakingEQ(gain_db as f32),
            (SAMPLE_RATE as f32).hz(),
            (frequency_hz as f32).hz(),
            q as f32,
        );
        DirectForm2Transposed::new(coefficients.expect("a bell in range"))
    }); CHANNELS]
}

/// The loops that a user of `biquad` would write.
fn biquad_rows<const N: usize>() -> Vec<Row> {
    let planar = noise(|x| x as f32);
    let interleaved: Vec<f32> = (0..FRAMES * CHANNELS).map(|i| planar[i % CHANNELS][i / CHANNELS]).collect();
    let (mut filters, input, mut audio) = (biquads::<N>(), interleaved.clone(), interleaved);
    let by_frame = Row::new("biquad, f32, interleaved, sample by sample", move || {
        audio.copy_from_slice(&input);
        for frame in audio.chunks_exact_mut(CHANNELS) {
            for (sample, bands) in frame.iter_mut().zip(&mut filters) {
                *sample = bands.iter_mut().fold(*sample, |x, band| band.run(x));
            }
        }
        black_box(&mut audio);
    });
    let (mut filters, input, mut audio) = (biquads::<N>(), planar.clone(), planar.clone());
    let by_sample = Row::new("biquad, f32, channel by channel, sample by sample", move || {
        for ((audio, input), bands) in audio.iter_mut().zip(&input).zip(&mut filters) {
            audio.copy_from_slice(input);
            for sample in audio.iter_mut() {
                *sample = bands.iter_mut().fold(*sample, |x, band| band.run(x));
            }
        }
        black_box(&mut audio);
    });
    let (mut filters, input, mut audio) = (biquads::<N>(), planar.clone(), planar);
    let by_band = Row::new("biquad, f32, channel by channel, band by band", move || {
        for ((audio, input), bands) in audio.iter_mut().zip(&input).zip(&mut filters) {
            audio.copy_from_slice(input);
            for band in bands.iter_mut() {
                audio.iter_mut().for_each(|sample| *sample = band.run(*sample));
            }
        }
        black_box(&mut audio);
    });
    vec![by_frame, by_sample, by_band]
}

fn bell(band: usize) -> An<FixedSvf<f32, BellMode<f32>>> {
    let (frequency_hz, gain_db, q) = BELLS[band];
    bell_hz(frequency_hz as f32, q as f32, decibels_to_gain(gain_db) as f32)
}

fn fundsp_eight() -> Row {
    let mono = || bell(0) >> bell(1) >> bell(2) >> bell(3) >> bell(4) >> bell(5) >> bell(6) >> bell(7);
    fundsp_row(mono() | mono())
}

/// A stereo graph, 64 frames at a time, which is the most that `fundsp` takes.
fn fundsp_row<X: AudioNode + 'static>(mut graph: An<X>) -> Row {
    const BLOCK: usize = fundsp::MAX_BUFFER_SIZE;
    graph.set_sample_rate(SAMPLE_RATE);
    let noise = noise(|x| x as f32);
    let mut input: Vec<BufferVec> = (0..FRAMES / BLOCK).map(|_| BufferVec::new(CHANNELS)).collect();
    for (at, buffer) in input.iter_mut().enumerate() {
        for channel in 0..CHANNELS {
            (0..BLOCK).for_each(|i| buffer.set_f32(channel, i, noise[channel][at * BLOCK + i]));
        }
    }
    let mut output = BufferVec::new(CHANNELS);
    Row::new("fundsp, f32, blocks of 64", move || {
        for buffer in &input {
            graph.process(BLOCK, &buffer.buffer_ref(), &mut output.buffer_mut());
            black_box(&mut output);
        }
    })
}
