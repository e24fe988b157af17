//! Four bands by Linkwitz-Riley filters of fourth order, beside the same sections in `biquad` and `fundsp`.

use crate::{CHANNELS, FRAMES, Peer, Question, Row, SAMPLE_RATE, noise};
use biquad::{Biquad, Coefficients, DirectForm2Transposed, Q_BUTTERWORTH_F32, ToHertz, Type};
use fundsp::prelude32::{An, AudioNode, BufferVec, allpass_hz, highpass_hz, lowpass_hz};
use mixdsp::{Crossover, CrossoverConfig, CrossoverParams, Processor, Sample, SimdLevel, Spec};
use std::f32::consts::FRAC_1_SQRT_2;
use std::hint::black_box;

const SPLITS: [f64; 3] = [120.0, 800.0, 5_000.0];
const BANDS: usize = 4;

pub(crate) fn questions() -> Vec<Question> {
    let best = Spec::new(SAMPLE_RATE, CHANNELS).with_outputs(BANDS * CHANNELS);
    let baseline = best.with_simd(SimdLevel::baseline());
    vec![Question {
        name: "crossover, 4 bands, 24 dB per octave",
        ours: vec![
            ours::<f32>(best, "f32"),
            ours::<f32>(baseline, "f32"),
            ours::<f64>(best, "f64"),
            ours::<f64>(baseline, "f64"),
        ],
        peers: vec![
            Peer { name: "biquad", bound: None, rows: vec![biquad_row()] },
            Peer { name: "fundsp", bound: None, rows: vec![fundsp_row()] },
        ],
    }]
}

fn ours<T: Sample>(spec: Spec, sample: &str) -> Row {
    let params = CrossoverParams { frequencies_hz: &SPLITS };
    let config = CrossoverConfig::bands(BANDS as u32);
    let mut unit = Crossover::<T>::new(spec, config, params).expect("splits in range");
    let input = noise(T::from_f64);
    let mut audio = vec![vec![T::ZERO; FRAMES]; BANDS * CHANNELS];
    Row::new(format!("mixdsp, {sample}, {}", spec.simd.resolve().name()), move || {
        audio.iter_mut().zip(&input).for_each(|(audio, input)| audio.copy_from_slice(input));
        let [a, b, c, d, e, f, g, h] = &mut audio[..] else { unreachable!("four bands of two channels") };
        unit.process(&mut [a, b, c, d, e, f, g, h], &[]).expect("channels of one length");
        black_box(&mut audio);
    })
}

type Section = DirectForm2Transposed<f32>;

fn section(kind: Type<f32>, split: usize) -> Section {
    let rate = (SAMPLE_RATE as f32).hz();
    let coefficients = Coefficients::from_params(kind, rate, (SPLITS[split] as f32).hz(), Q_BUTTERWORTH_F32);
    Section::new(coefficients.expect("a filter in range"))
}

/// The tree with as few sections as possible: what lies above a split is computed once.
struct Tree {
    low: [[Section; 2]; 3],
    high: [[Section; 2]; 3],
    /// Of the later splits: two for the lowest band, one for the next.
    all_pass: [Section; 3],
}

impl Tree {
    fn new() -> Self {
        Self {
            low: [0, 1, 2].map(|split| [section(Type::LowPass, split); 2]),
            high: [0, 1, 2].map(|split| [section(Type::HighPass, split); 2]),
            all_pass: [1, 2, 2].map(|split| section(Type::AllPass, split)),
        }
    }

    fn run(&mut self, x: f32) -> [f32; BANDS] {
        let pass = |pair: &mut [Section; 2], x| pair.iter_mut().fold(x, |x, section| section.run(x));
        let rest = pass(&mut self.high[0], x);
        let above = pass(&mut self.high[1], rest);
        let [first, second, third] = &mut self.all_pass;
        [
            second.run(first.run(pass(&mut self.low[0], x))),
            third.run(pass(&mut self.low[1], rest)),
            pass(&mut self.low[2], above),
            pass(&mut self.high[2], above),
        ]
    }
}

fn biquad_row() -> Row {
    let input = noise(|x| x as f32);
    let mut trees = [Tree::new(), Tree::new()];
    let mut bands = vec![vec![0.0f32; FRAMES]; BANDS * CHANNELS];
    Row::new("biquad, f32, channel by channel, sample by sample", move || {
        for (channel, (input, tree)) in input.iter().zip(&mut trees).enumerate() {
            for (f, x) in input.iter().enumerate() {
                for (band, y) in tree.run(*x).into_iter().enumerate() {
                    bands[band * CHANNELS + channel][f] = y;
                }
            }
        }
        black_box(&mut bands);
    })
}

/// Two channels as two trees of nodes, 64 frames at a time.
fn fundsp_row() -> Row {
    const BLOCK: usize = fundsp::MAX_BUFFER_SIZE;
    let hz = SPLITS.map(|split| split as f32);
    let low = |split: usize| lowpass_hz(hz[split], FRAC_1_SQRT_2) >> lowpass_hz(hz[split], FRAC_1_SQRT_2);
    let high = |split: usize| highpass_hz(hz[split], FRAC_1_SQRT_2) >> highpass_hz(hz[split], FRAC_1_SQRT_2);
    let all_pass = |split: usize| allpass_hz(hz[split], FRAC_1_SQRT_2);
    let tree = || {
        let above = high(1) >> (low(2) ^ high(2));
        let rest = high(0) >> ((low(1) >> all_pass(2)) ^ above);
        (low(0) >> all_pass(1) >> all_pass(2)) ^ rest
    };
    let graph = tree() | tree();
    run_graph::<_, BLOCK>(graph)
}

fn run_graph<X: AudioNode + 'static, const BLOCK: usize>(mut graph: An<X>) -> Row {
    graph.set_sample_rate(SAMPLE_RATE);
    let noise = noise(|x| x as f32);
    let mut input: Vec<BufferVec> = (0..FRAMES / BLOCK).map(|_| BufferVec::new(CHANNELS)).collect();
    for (at, buffer) in input.iter_mut().enumerate() {
        for channel in 0..CHANNELS {
            (0..BLOCK).for_each(|i| buffer.set_f32(channel, i, noise[channel][at * BLOCK + i]));
        }
    }
    let mut output = BufferVec::new(BANDS * CHANNELS);
    Row::new("fundsp, f32, blocks of 64", move || {
        for buffer in &input {
            graph.process(BLOCK, &buffer.buffer_ref(), &mut output.buffer_mut());
            black_box(&mut output);
        }
    })
}
