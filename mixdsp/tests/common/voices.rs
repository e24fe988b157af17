//! Sounds like those of a session, made up so that tests need no files: notes, drums, speech.

use super::Random;
use std::f64::consts::TAU;

/// A drum: a tone that falls and fades with the given time constant, and noise at its beginning.
pub(crate) fn hit(
    out: &mut [f64],
    rate: f64,
    (frequency_hz, fade_ms, peak): (f64, f64, f64),
    random: &mut Random,
) {
    let mut phase = 0.0;
    for (n, sample) in out.iter_mut().enumerate() {
        let t = n as f64 / rate;
        phase += frequency_hz * (1.0 + 0.5 * (-t / 0.02).exp()) / rate;
        let tone = (TAU * phase).sin() * (-t / (fade_ms * 1e-3)).exp();
        let noise = random.noise() * (-t / 0.004).exp();
        *sample += peak * (0.8 * tone + 0.2 * noise);
    }
}

/// One syllable or pause of speech.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Syllable {
    /// Its first frame, and the one after its last.
    pub(crate) from: usize,
    pub(crate) to: usize,
}

/// Speech: syllables of 80 to 320 ms with pitch and two formants, sibilants between some of them, pauses of 20 ms to
/// 0.9 s; peaks around `peak`. Tells where syllables are.
pub(crate) fn speech(rate: f64, seconds: f64, peak: f64, random: &mut Random) -> (Vec<f64>, Vec<Syllable>) {
    let frames = (seconds * rate) as usize;
    let (mut out, mut syllables) = (vec![0.0; frames], Vec::new());
    let mut at = (0.2 * rate) as usize;
    while at < frames {
        let length = ((0.08 + 0.24 * random.share()) * rate) as usize;
        let to = frames.min(at + length);
        let level = peak * 10f64.powf(-8.0 * random.share() / 20.0);
        let (pitch_hz, glide) = (90.0 + 60.0 * random.share(), 0.8 + 0.4 * random.share());
        let formants = [400.0 + 400.0 * random.share(), 1_200.0 + 1_000.0 * random.share()];
        let sibilant = random.once_in(4);
        let mut phase = 0.0;
        for n in at..to {
            let u = (n - at) as f64 / length as f64;
            let shape = (u / 0.1).min(1.0) * ((1.0 - u) / 0.4).min(1.0);
            phase += pitch_hz * (1.0 + (glide - 1.0) * u) / rate;
            let voiced = (1..=30).map(|k| {
                let hz = k as f64 * pitch_hz;
                let near = formants.map(|formant| (-((hz - formant) / 150.0).powi(2)).exp());
                (0.3 / k as f64 + near[0] + 0.4 * near[1]) * (TAU * k as f64 * phase).cos()
            });
            let sound = if sibilant && u < 0.4 { 0.8 * random.noise() } else { 0.35 * voiced.sum::<f64>() };
            out[n] = level * shape * sound;
        }
        syllables.push(Syllable { from: at, to });
        let pause = if random.once_in(4) { 0.2 + 0.7 * random.share() } else { 0.02 + 0.08 * random.share() };
        at = to + (pause * rate) as usize;
    }
    (out, syllables)
}
