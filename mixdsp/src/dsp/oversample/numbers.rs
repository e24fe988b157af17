//! The numbers of half-band filters: pass band and stop band are mirror images around a quarter of the higher rate.
//!
//! Linear phase: one half of the taps of the phase that is not a plain delay, equiripple by Remez' algorithm over one
//! band (P. P. Vaidyanathan and T. Q. Nguyen, "A 'trick' for the design of FIR half-band filters", IEEE Transactions on
//! Circuits and Systems 34(3), 1987). Low latency: two chains of all-passes, elliptic (R. A. Valenzuela and A. G.
//! Constantinides, "Digital signal processing schemes for efficient interpolation and decimation", IEE Proceedings
//! 130(6), 1983), as in L. de Soras' HIIR; chains take turns.
//!
//! A later octave has less to keep apart, so it needs fewer.

use super::settings::Phase;

/// Rates from here on need no more than 20 kHz.
const HIGH_RATE: f64 = 47_000.0;

/// The numbers of an octave, the first being that next to the outer rate.
pub(super) const fn numbers(phase: Phase, octave: usize, sample_rate: f64) -> &'static [f64] {
    let high = sample_rate >= HIGH_RATE;
    match (phase, octave) {
        (Phase::Linear, 0) => {
            if high {
                &linear::FIRST
            } else {
                &linear::FIRST_LOW_RATE
            }
        }
        (Phase::Linear, 1) => &linear::SECOND,
        (Phase::Linear, 2) => &linear::THIRD,
        (Phase::Linear, _) => &linear::FOURTH,
        (Phase::LowLatency, 0) => {
            if high {
                &low_latency::FIRST
            } else {
                &low_latency::FIRST_LOW_RATE
            }
        }
        (Phase::LowLatency, 1) => &low_latency::SECOND,
        (Phase::LowLatency, 2) => &low_latency::THIRD,
        (Phase::LowLatency, _) => &low_latency::FOURTH,
    }
}

#[rustfmt::skip]
mod linear {
/// To 0.4167 of the lower rate (20 kHz at 48 kHz): stop band -127 dB.
pub(super) const FIRST: [f64; 24] = [
    -2.8464555386612588e-6,
    1.0572629460904286e-5,
    -2.924121861041078e-5,
    6.813600397699765e-5,
    -0.000141691577139813,
    0.0002709972665848171,
    -0.0004854672065922978,
    0.0008245384269429789,
    -0.0013393380785526351,
    0.0020943241193371303,
    -0.0031690175004828944,
    0.0046601483380294805,
    -0.006684890339025746,
    0.009386457150777665,
    -0.012944445395672296,
    0.017594488884540307,
    -0.023666478932647006,
    0.031661680286708224,
    -0.04241816164675384,
    0.057501206709043046,
    -0.08026698305096688,
    0.11948142940916279,
    -0.20741261903601443,
    0.6350067825934324,
];
/// To 0.4535 of it (20 kHz at 44.1 kHz): stop band -130 dB.
pub(super) const FIRST_LOW_RATE: [f64; 44] = [
    -9.24116106180171e-7,
    1.994771851314038e-6,
    -4.089603321369005e-6,
    7.572472393739066e-6,
    -1.3072468299788595e-5,
    2.1415570047889037e-5,
    -3.3662536688620876e-5,
    5.1151862380119015e-5,
    -7.554357057699696e-5,
    0.00010886608860640189,
    -0.0001535642486638383,
    0.00021254708472199553,
    -0.00028923692348475775,
    0.0003876168942370592,
    -0.0005122778803441587,
    0.0006684655570034393,
    -0.0008621266351684135,
    0.0010999572933747246,
    -0.0013894558609998855,
    0.0017389829849025849,
    -0.0021578358732124037,
    0.0026563444989593527,
    -0.003246001134282084,
    0.003939639418235406,
    -0.0047516860079781925,
    0.00569851718364249,
    -0.006798966724822313,
    0.008075054333420317,
    -0.009553037404129675,
    0.011264943911881146,
    -0.013250837616852695,
    0.015562224704556385,
    -0.01826729281300951,
    0.021459198164222995,
    -0.025269637991819777,
    0.0298920483103762,
    -0.035623393544515075,
    0.042944548832428375,
    -0.052688366496147,
    0.06643179037843044,
    -0.08756007149786921,
    0.1248849126950421,
    -0.21073479288158348,
    0.636127770201004,
];
/// To 0.2268 of it: stop band -133 dB.
pub(super) const SECOND: [f64; 7] = [
    0.0001496122296432321,
    -0.0013832875380836544,
    0.006766165072963992,
    -0.023303271212593284,
    0.06478668852252194,
    -0.16708327258734817,
    0.6200675701006635,
];
/// To 0.1134 of it: stop band -130 dB.
pub(super) const THIRD: [f64; 4] = [
    -0.003052565213508408,
    0.026786117973581165,
    -0.12456242680115515,
    0.6008285745767024,
];
/// To 0.0567 of it: stop band -135 dB.
pub(super) const FOURTH: [f64; 3] = [
    0.012191865917643742,
    -0.09905332724921503,
    0.5868616131349691,
];
}

#[rustfmt::skip]
mod low_latency {
/// To 0.4167 of the lower rate (20 kHz at 48 kHz): stop band -127 dB.
pub(super) const FIRST: [f64; 8] = [
    0.02611300971756304,
    0.09993523917595606,
    0.20979108281105327,
    0.3413244706873356,
    0.4821624932459216,
    0.6249742104540963,
    0.7686899603928231,
    0.9188258714486324,
];
/// To 0.4535 of it (20 kHz at 44.1 kHz): stop band -130 dB.
pub(super) const FIRST_LOW_RATE: [f64; 10] = [
    0.02468582905444757,
    0.09424980259167914,
    0.19694469585846783,
    0.31791855629187515,
    0.44353126463368975,
    0.5640976212486356,
    0.6746785907232596,
    0.7745526514138215,
    0.8662435415832669,
    0.9547555391710365,
];
/// To 0.2268 of it: stop band -125 dB.
pub(super) const SECOND: [f64; 4] = [
    0.040028698647784536,
    0.16275840958652843,
    0.3812460292850087,
    0.7376940089868796,
];
/// To 0.1134 of it: stop band -140 dB.
pub(super) const THIRD: [f64; 3] = [
    0.0552018842113979,
    0.2413991997003622,
    0.6451271032268363,
];
/// To 0.0567 of it: stop band -129 dB.
pub(super) const FOURTH: [f64; 2] = [
    0.10694051950718611,
    0.5304657472026894,
];
}
