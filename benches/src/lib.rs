//! What is measured: each question with our rows and the peers' rows, on the same signal.
//!
//! Two bench programs run over [`questions`]: `rows` hands each row to criterion, `ratios` runs the rows of
//! a question in turns, so that a machine that speeds up or slows down does so for all of them, and prints
//! how many times slower the peers are.
//!
//! A row is called once per block of [`FRAMES`] stereo frames. Rows that work in place first copy the
//! signal over what they left there; rows that write elsewhere are spared the copy.

mod crossover;
mod dynamic_equalizer;
mod equalizer;
mod gain;
mod loudness;

/// Frames per block.
pub const FRAMES: usize = 512;
/// Channels of every row.
pub const CHANNELS: usize = 2;
/// Hertz.
pub const SAMPLE_RATE: f64 = 48_000.0;

/// One thing to measure.
pub struct Row {
    /// Whose it is and how it runs.
    pub name: String,
    /// Processes one block.
    pub run: Box<dyn FnMut()>,
}

impl Row {
    fn new(name: impl Into<String>, run: impl FnMut() + 'static) -> Self {
        Self { name: name.into(), run: Box::new(run) }
    }
}

/// What other people use for the same job: the best of some ways to use it counts.
pub struct Peer {
    /// The crate.
    pub name: &'static str,
    /// Largest share of its time that ours may take; `None` when it stands there for information.
    pub bound: Option<f64>,
    /// The ways to use it.
    pub rows: Vec<Row>,
}

/// A job, done by us and by others.
pub struct Question {
    /// What is done.
    pub name: &'static str,
    /// Ours; the first is the one that is compared.
    pub ours: Vec<Row>,
    /// Theirs.
    pub peers: Vec<Peer>,
}

/// Everything that is measured.
pub fn questions() -> Vec<Question> {
    let all = [
        equalizer::questions(),
        dynamic_equalizer::questions(),
        crossover::questions(),
        gain::questions(),
        loudness::questions(),
    ];
    all.into_iter().flatten().collect()
}

/// White noise at about -12 dBFS, one vector per channel, the same in every run.
fn noise<T>(sample: impl Fn(f64) -> T) -> Vec<Vec<T>> {
    let mut seed = 1u32;
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        sample((seed >> 8) as f64 / (1 << 24) as f64 - 0.5)
    };
    (0..CHANNELS).map(|_| (0..FRAMES).map(|_| next()).collect()).collect()
}

/// Ours, block by block: copies the signal and processes it in place.
fn ours<T: mixdsp::Sample>(
    name: impl Into<String>,
    mut unit: impl mixdsp::Processor<T> + 'static,
    mut before: impl FnMut(&mut dyn mixdsp::Processor<T>) + 'static,
) -> Row {
    let input = noise(T::from_f64);
    let mut audio = input.clone();
    Row::new(name, move || {
        before(&mut unit);
        audio.iter_mut().zip(&input).for_each(|(audio, input)| audio.copy_from_slice(input));
        let [left, right] = &mut audio[..] else { unreachable!("noise has two channels") };
        unit.process(&mut [left, right], &[]).expect("two channels of one length");
        std::hint::black_box(&mut audio);
    })
}
