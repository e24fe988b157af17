//! Short calls: what was built is kept, so that a call costs little more than its processing.

use crate::array::{Plane, PlaneMut, Scalar, holds, zeros};
use crate::failure::Failure;
use crate::recipe::PyRecipe;
use crate::runner::{Options, Runner, Shape};
use mixdsp::base::audio::MAX_CHANNELS;
use mixdsp::host::recipe::Recipe;
use numpy::{PyUntypedArray, PyUntypedArrayMethods};
use pyo3::prelude::*;
use std::sync::Mutex;

/// The most samples of a call: longer ones gain nothing, and release the interpreter.
const MOST_SAMPLES: usize = 4096;

/// A recipe that does not change, and what was built of it.
#[pyclass(frozen, module = "mixdsp._mixdsp")]
pub(crate) struct ShortCalls {
    recipe: Recipe,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    single: Option<Runner<f32>>,
    double: Option<Runner<f64>>,
}

#[pymethods]
impl ShortCalls {
    #[new]
    fn new(recipe: PyRef<'_, PyRecipe>) -> Self {
        Self { recipe: recipe.recipe.clone(), kept: Mutex::default() }
    }

    /// One call from a fresh state, as long as `x` and not late. `None` for what is not short or not as processors want
    /// it, and while another thread is at work here: the general way is to be taken then.
    fn __call__<'py>(
        &self,
        py: Python<'py>,
        x: &Bound<'py, PyAny>,
        sample_rate: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyUntypedArray>>> {
        let (Ok(x), Ok(sample_rate)) = (x.cast_exact::<PyUntypedArray>(), sample_rate.extract::<f64>())
        else {
            return Ok(None);
        };
        let Ok(mut kept) = self.kept.try_lock() else { return Ok(None) };
        let Kept { single, double } = &mut *kept;
        let out = if holds::<f32>(x) {
            run(py, &self.recipe, single, x, sample_rate)?
        } else if holds::<f64>(x) {
            run(py, &self.recipe, double, x, sample_rate)?
        } else {
            None
        };
        Ok(out)
    }
}

fn run<'py, T: Scalar>(
    py: Python<'py>,
    recipe: &Recipe,
    kept: &mut Option<Runner<T>>,
    x: &Bound<'py, PyUntypedArray>,
    sample_rate: f64,
) -> Result<Option<Bound<'py, PyUntypedArray>>, Failure> {
    if x.len() > MOST_SAMPLES || x.len() == 0 || !(1..=2).contains(&x.ndim()) {
        return Ok(None);
    }
    let Some(input) = Plane::<T>::of(x, false).filter(|input| input.channels() <= MAX_CHANNELS) else {
        return Ok(None);
    };
    let shape = Shape { sample_rate, inputs: input.channels(), keys: 0 };
    let mut runner = match kept.take() {
        Some(mut runner) if runner.shape() == shape => {
            runner.reset()?;
            runner
        }
        // What cannot be built is told by the general way.
        _ => match Runner::new(recipe, Vec::new(), shape) {
            Ok(runner) => runner,
            Err(_) => return Ok(None),
        },
    };
    if runner.outputs() != input.channels() {
        return Ok(None);
    }
    let out = zeros::<T>(py, x.shape());
    let output = PlaneMut::<T>::of(&out, false).ok_or(Failure::Memory)?;
    let options = Options { skip: runner.latency(), check: true, trace: None };
    runner.pump(Some(&input), None, &output, options, || Ok(()))?;
    *kept = Some(runner);
    Ok(Some(out))
}
