//! Four dynamic bells beside what users of `biquad` and `fundsp` would build from their parts: a band-pass, an
//! envelope, a curve and a bell whose gain is set anew at every frame.

use crate::{CHANNELS, FRAMES, Peer, Question, Row, SAMPLE_RATE, noise, ours};
use biquad::{Biquad, Coefficients, DirectForm2Transposed, ToHertz, Type};
use fundsp::prelude32::{An, AudioNode, BufferVec, afollow, bandpass_hz, bell, dc, pass, shape_fn};
use mixdsp::{
    DynamicBand, DynamicEqualizer, DynamicEqualizerConfig, DynamicEqualizerParams, Sample, SimdLevel, Spec,
};
use std::hint::black_box;

const BANDS: usize = 4;
/// Frequency in hertz, Q, threshold in decibels, range in decibels; attack 10 ms, release 100 ms, 4:1.
const BELLS: [(f64, f64, f64, f64); BANDS] = [
    (120.0, 1.0, -40.0, -6.0),
    (400.0, 1.4, -40.0, -9.0),
    (2_500.0, 2.0, -40.0, -6.0),
    (7_000.0, 1.0, -40.0, 6.0),
];
const SLOPE: f32 = 0.75;

pub(crate) fn questions() -> Vec<Question> {
    let best = Spec::new(SAMPLE_RATE, CHANNELS);
    let baseline = best.with_simd(SimdLevel::baseline());
    vec![Question {
        name: "4 dynamic bells, all at work",
        ours: vec![
            row::<f32>("f32", best, -40.0),
            row::<f32>("f32", baseline, -40.0),
            row::<f64>("f64", best, -40.0),
            row::<f32>("f32, below the threshold", best, 0.0),
        ],
        peers: vec![
            Peer { name: "biquad", bound: Some(0.25), rows: vec![biquad_row()] },
            Peer { name: "fundsp", bound: Some(0.25), rows: vec![fundsp_row()] },
        ],
    }]
}

fn row<T: Sample>(name: &str, spec: Spec, threshold_db: f64) -> Row {
    let bands = BELLS.map(|(frequency_hz, q, _, range_db)| DynamicBand {
        frequency_hz,
        q,
        threshold_db,
        range_db,
        ..DynamicBand::default()
    });
    let config = DynamicEqualizerConfig { bands: BANDS as u32 };
    let unit = DynamicEqualizer::<T>::new(spec, config, DynamicEqualizerParams { bands: &bands });
    let name = format!("mixdsp, {name}, {}", spec.simd.resolve().name());
    ours(name, unit.expect("bells in range"), |_| ())
}

/// Change of the gain, in decibels, for the level of an envelope.
fn change_db(envelope: f32, threshold_db: f64, range_db: f64) -> f32 {
    let over = (20.0 * envelope.max(1e-9).log10() - threshold_db as f32).max(0.0);
    (SLOPE * over).min(range_db.abs() as f32) * range_db.signum() as f32
}

struct Dynamic {
    ear: DirectForm2Transposed<f32>,
    envelope: f32,
    bell: DirectForm2Transposed<f32>,
}

fn coefficients(kind: Type<f32>, band: usize) -> Coefficients<f32> {
    let (frequency_hz, q, ..) = BELLS[band];
    Coefficients::from_params(kind, (SAMPLE_RATE as f32).hz(), (frequency_hz as f32).hz(), q as f32)
        .expect("a bell in range")
}

fn biquad_row() -> Row {
    let input = noise(|x| x as f32);
    let mut audio = input.clone();
    let make = |band| Dynamic {
        ear: DirectForm2Transposed::new(coefficients(Type::BandPass, band)),
        envelope: 0.0,
        bell: DirectForm2Transposed::new(coefficients(Type::PeakingEQ(0.0), band)),
    };
    let mut channels: Vec<[Dynamic; BANDS]> = (0..CHANNELS).map(|_| std::array::from_fn(make)).collect();
    let factor = |seconds: f32| (-1.0 / (seconds * SAMPLE_RATE as f32)).exp();
    let (attack, release) = (factor(0.01), factor(0.1));
    Row::new("biquad, f32, a bell designed per sample", move || {
        for ((audio, input), bands) in audio.iter_mut().zip(&input).zip(&mut channels) {
            for (sample, x) in audio.iter_mut().zip(input) {
                let mut y = *x;
                for (band, dynamic) in bands.iter_mut().enumerate() {
                    let (_, _, threshold_db, range_db) = BELLS[band];
                    let level = dynamic.ear.run(*x).abs();
                    let slow = if level > dynamic.envelope { attack } else { release };
                    dynamic.envelope = slow * dynamic.envelope + (1.0 - slow) * level;
                    let gain_db = change_db(dynamic.envelope, threshold_db, range_db);
                    dynamic.bell.update_coefficients(coefficients(Type::PeakingEQ(gain_db), band));
                    y = dynamic.bell.run(y);
                }
                *sample = y;
            }
        }
        black_box(&mut audio);
    })
}

fn fundsp_band(
    band: usize,
) -> An<impl AudioNode<Inputs = fundsp::typenum::U1, Outputs = fundsp::typenum::U1>> {
    let (frequency_hz, q, threshold_db, range_db) = BELLS[band];
    let (frequency_hz, q) = (frequency_hz as f32, q as f32);
    let gain = move |envelope: f32| 10f32.powf(change_db(envelope, threshold_db, range_db) / 20.0);
    let ear =
        bandpass_hz(frequency_hz, q) >> shape_fn(|x: f32| x.abs()) >> afollow(0.01, 0.1) >> shape_fn(gain);
    (pass() ^ ear) >> (pass() | dc((frequency_hz, q)) | pass()) >> bell()
}

/// A stereo graph, 64 frames at a time, which is the most that `fundsp` takes.
fn fundsp_row() -> Row {
    const BLOCK: usize = fundsp::MAX_BUFFER_SIZE;
    let mono = || fundsp_band(0) >> fundsp_band(1) >> fundsp_band(2) >> fundsp_band(3);
    let mut graph = mono() | mono();
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
