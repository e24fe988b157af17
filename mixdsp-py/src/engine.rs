//! What runs in a stream: a runner for the sample type of its first block.

use crate::array::Scalar;
use crate::runner::Runner;

/// A runner of either sample type, or none.
pub(crate) enum Engine {
    /// No block yet.
    Fresh,
    Single(Runner<f32>),
    Double(Runner<f64>),
    Closed,
}

/// The sample types of an engine.
pub(crate) trait Engined: Scalar {
    fn runner(engine: &mut Engine) -> Option<&mut Runner<Self>>;
    fn engine(runner: Runner<Self>) -> Engine;
}
impl Engined for f32 {
    fn runner(engine: &mut Engine) -> Option<&mut Runner<f32>> {
        if let Engine::Single(runner) = engine { Some(runner) } else { None }
    }
    fn engine(runner: Runner<f32>) -> Engine {
        Engine::Single(runner)
    }
}
impl Engined for f64 {
    fn runner(engine: &mut Engine) -> Option<&mut Runner<f64>> {
        if let Engine::Double(runner) = engine { Some(runner) } else { None }
    }
    fn engine(runner: Runner<f64>) -> Engine {
        Engine::Double(runner)
    }
}
