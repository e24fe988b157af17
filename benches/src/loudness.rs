//! The loudness meter beside the `ebur128` crate, and the limiter.

use crate::{CHANNELS, Peer, Question, Row, SAMPLE_RATE, noise, ours};
use ebur128::{EbuR128, Mode};
use mixdsp::{
    Limiter, LimiterConfig, LimiterParams, LoudnessConfig, LoudnessMeter, SimdLevel, Spec, TruePeak,
};
use std::hint::black_box;

const NOTHING: LoudnessConfig = LoudnessConfig {
    layout: mixdsp::Layout::Stereo,
    measure_loudness: false,
    measure_integrated: false,
    measure_range: false,
    true_peak_kernel: TruePeak::Off,
    measure_statistics: false,
    speakers: 0,
};

fn spec(simd: SimdLevel) -> Spec {
    Spec::new(SAMPLE_RATE, CHANNELS).with_simd(simd)
}

fn question(name: &'static str, config: LoudnessConfig, mode: Mode, bound: f64) -> Question {
    let meter = |simd| LoudnessMeter::<f32>::new(spec(simd), config, ()).expect("in range");
    let input = noise(|x| x as f32);
    let mut peer = EbuR128::new(CHANNELS as u32, SAMPLE_RATE as u32, mode).expect("a mode");
    let row = Row::new("ebur128, planar f32", move || {
        let planes: [&[f32]; CHANNELS] = std::array::from_fn(|channel| &input[channel][..]);
        peer.add_frames_planar_f32(black_box(&planes)).expect("stereo");
    });
    Question {
        name,
        ours: vec![
            ours("mixdsp, f32", meter(SimdLevel::BEST), |_| ()),
            ours("mixdsp, f32, SSE2", meter(SimdLevel::baseline()), |_| ()),
        ],
        peers: vec![Peer { name: "ebur128", bound: Some(bound), rows: vec![row] }],
    }
}

fn limiter() -> Question {
    let params = LimiterParams { input_gain_db: 12.0, ..LimiterParams::default() };
    let row = |name, config, simd| {
        ours(name, Limiter::<f32>::new(spec(simd), config, params).expect("in range"), |_| ())
    };
    let samples = LimiterConfig { true_peak: false, ..LimiterConfig::mix() };
    Question {
        name: "limiter, 12 dB of drive",
        ours: vec![
            row("mixdsp, mix preset", LimiterConfig::mix(), SimdLevel::BEST),
            row("mixdsp, mastering preset", LimiterConfig::mastering(), SimdLevel::BEST),
            row("mixdsp, mix preset without true peak", samples, SimdLevel::BEST),
            row("mixdsp, mix preset, SSE2", LimiterConfig::mix(), SimdLevel::baseline()),
        ],
        peers: vec![],
    }
}

pub(crate) fn questions() -> Vec<Question> {
    let integrated = LoudnessConfig { measure_loudness: true, measure_integrated: true, ..NOTHING };
    let itu = LoudnessConfig { true_peak_kernel: TruePeak::Itu, ..NOTHING };
    let fine = LoudnessConfig { true_peak_kernel: TruePeak::Fine, ..NOTHING };
    let all = LoudnessConfig { layout: mixdsp::Layout::Stereo, ..LoudnessConfig::default() };
    vec![
        question("integrated loudness alone", integrated, Mode::I, 1.0 / 3.0),
        question("true peak, 4 points by the FIR of BS.1770", itu, Mode::TRUE_PEAK, 0.2),
        question("true peak, 8 points of 48 taps", fine, Mode::TRUE_PEAK, 0.6),
        question("all readings with true peak", all, Mode::all(), 1.0 / 3.0),
        limiter(),
    ]
}
