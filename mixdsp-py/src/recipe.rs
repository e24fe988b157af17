//! Recipes as Python makes them: trees of processors and their values, and plain values that read as one.

use crate::failure::Failure;
use crate::runner::probe;
use mixdsp::catalogue::ALL;
use mixdsp::host::recipe::{Audio, Join, JoinKind, Leaf, Node, Recipe, RecipeError, Value, plain};
use mixdsp::params::{Given, Row, Scaling};
use mixdsp::{Error, Id, Spec};
use num_complex::Complex;
use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PySequence, PyString};
use std::collections::HashMap;
use std::sync::OnceLock;

/// What is built from processors.
#[pyclass(frozen, name = "Recipe", module = "mixdsp._mixdsp")]
#[derive(Debug)]
pub(crate) struct PyRecipe {
    pub(crate) recipe: Recipe,
}

/// A member and its name.
type Named<'py> = (Option<String>, PyRef<'py, PyRecipe>);

fn members(named: &[Named<'_>]) -> Vec<Recipe> {
    let each = named.iter().map(|(name, member)| Recipe { name: name.clone(), ..member.recipe.clone() });
    each.collect()
}

#[pymethods]
impl PyRecipe {
    /// A processor: its place in the catalogue, config values, ids and their values, whom it listens to in a mix, and what
    /// it is built with: a list of channels for each asset.
    #[staticmethod]
    #[pyo3(signature = (number, config, ids, values, key, assets=Vec::new()))]
    fn processor(
        number: usize,
        config: Vec<f64>,
        ids: Vec<u64>,
        values: Vec<f64>,
        key: Option<String>,
        assets: Vec<Vec<PyReadonlyArray1<'_, f64>>>,
    ) -> PyResult<Self> {
        let processor = ALL.get(number).ok_or_else(|| PyValueError::new_err("no such processor"))?;
        let mut leaf = Leaf::with_config(processor, &config).map_err(Failure::from)?;
        (0..processor.params.groups.len()).for_each(|group| leaf.set_given(group, 0));
        for (id, value) in ids.into_iter().zip(values) {
            leaf.put(Id::from_raw(id), value).map_err(Failure::from)?;
        }
        for (slot, channels) in assets.into_iter().enumerate() {
            let channels: Vec<Vec<f64>> =
                channels.iter().map(|channel| channel.as_array().to_vec()).collect();
            leaf.set_asset(slot, Audio::Samples(channels.into())).map_err(Failure::from)?;
        }
        leaf.key = key;
        Ok(Self { recipe: leaf.into() })
    }

    /// One after the other.
    #[staticmethod]
    fn chain(named: Vec<Named<'_>>) -> Self {
        Self { recipe: Recipe::chain(members(&named)) }
    }

    /// Side by side: `parallel`, `mid_side`, `left_right`, `bands`, `delta`; with values of its own by path.
    #[staticmethod]
    fn join(kind: &str, named: Vec<Named<'_>>, own: HashMap<String, Bound<'_, PyAny>>) -> PyResult<Self> {
        let kind = JoinKind::ALL.into_iter().find(|known| known.key() == kind);
        let kind = kind.ok_or_else(|| PyValueError::new_err("no such way to stand side by side"))?;
        let mut join = Join::new(kind, members(&named)).map_err(Failure::from)?;
        for (path, value) in own {
            with_given(&value, |given| join.set(&path, given))?.map_err(Failure::from)?;
        }
        Ok(Self { recipe: Node::Join(join).into() })
    }

    /// What a dict, a list or a preset's text tells of.
    #[staticmethod]
    fn read(plain: &Bound<'_, PyAny>) -> PyResult<Self> {
        let recipe = match plain.cast::<PyString>() {
            Ok(text) => Recipe::from_preset(text.to_str()?),
            Err(_) => Recipe::read(&value_of(plain, 0)?),
        };
        Ok(Self { recipe: recipe.map_err(Failure::from)? })
    }

    /// As plain values that JSON can hold.
    fn plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        plain_of(py, &self.recipe.write())
    }

    /// As a preset's text.
    fn preset(&self) -> String {
        self.recipe.to_preset()
    }

    /// The id of the parameter at a path, and the key of its row.
    fn find(&self, path: &str) -> PyResult<(u64, &'static str)> {
        let (id, row) = self.recipe.find(path).map_err(Failure::from)?;
        Ok((id.raw(), row.key))
    }

    /// The id of a parameter that can be automated, and the numbers that these values are for the engine.
    fn numbers(&self, path: &str, values: Vec<Bound<'_, PyAny>>) -> PyResult<(u64, Vec<f64>)> {
        let (id, row) = self.recipe.find(path).map_err(Failure::from)?;
        let item = self.recipe.leaves_at(id.node()).iter().find_map(|leaf| leaf.item_of(id.in_node(0)));
        let each = values.iter().map(|value| number(row, item, value, path));
        Ok((id.raw(), each.collect::<PyResult<_>>()?))
    }

    /// The value of the parameter at a path.
    fn value(&self, path: &str) -> PyResult<f64> {
        let (id, _) = self.recipe.find(path).map_err(Failure::from)?;
        let mut leaves = self.recipe.leaves_at(id.node()).iter();
        let value = leaves.find_map(|leaf| leaf.value(id.in_node(0)));
        value.ok_or_else(|| PyValueError::new_err(format!("no parameter {path:?}")))
    }

    /// What the members are called.
    fn member_names(&self) -> Vec<String> {
        self.recipe.member_names()
    }

    /// The parameters of a join's own: path, unit, range, default, what it does, choices.
    fn own_rows(&self) -> Vec<(String, &'static str, f64, f64, f64, &'static str, &'static [&'static str])> {
        let mut rows = Vec::new();
        if let Node::Join(join) = &self.recipe.node {
            for leaf in join.own() {
                leaf.each(|_, place, _| {
                    let row = place.row;
                    let path = place.to_string();
                    rows.push((
                        path,
                        row.unit,
                        row.minimum,
                        row.maximum,
                        row.default,
                        row.doc,
                        row.choices(),
                    ));
                });
            }
        }
        rows
    }

    /// The value of a parameter as Python has it.
    fn told<'py>(&self, py: Python<'py>, path: &str, number: f64) -> PyResult<Bound<'py, PyAny>> {
        let (_, row) = self.recipe.find(path).map_err(Failure::from)?;
        match row.scaling {
            Scaling::Whole => Ok(PyInt::new(py, number as i64).into_any()),
            _ => match plain_of(py, &plain(row, number))? {
                found if row.is_continuous() => Ok(found),
                found => match found.extract::<f64>() {
                    // A choice between numbers.
                    Ok(number) if !found.is_instance_of::<PyBool>() => {
                        Ok(PyInt::new(py, number as i64).into_any())
                    }
                    _ => Ok(found),
                },
            },
        }
    }

    /// The id of the reading at a path; `None` where there is none.
    fn reading(&self, path: &str) -> Option<u64> {
        self.recipe.find_reading(path).map(|(id, _)| id.raw())
    }

    /// Latency in frames, tail in frames (`None`: endless), and channels out.
    #[pyo3(signature = (sample_rate, channels=None))]
    fn facts(&self, sample_rate: f64, channels: Option<usize>) -> PyResult<(usize, Option<usize>, usize)> {
        let runner = probe(&self.recipe, sample_rate, channels)?;
        Ok((runner.latency(), runner.tail(), runner.outputs()))
    }

    /// How many channels come out.
    fn outputs(&self, sample_rate: f64, channels: usize) -> PyResult<usize> {
        Ok(self.recipe.outputs(Spec::new(sample_rate, channels)).map_err(Failure::from)?)
    }

    /// Response at each frequency in hertz; `None` when a processor has none.
    fn response<'py>(
        &self,
        py: Python<'py>,
        sample_rate: f64,
        frequencies: PyReadonlyArray1<'py, f64>,
    ) -> PyResult<Option<Bound<'py, PyArray1<Complex<f64>>>>> {
        let runner = probe(&self.recipe, sample_rate, None)?;
        let frequencies = frequencies.as_array();
        let all: Option<Vec<_>> = frequencies.iter().map(|frequency| runner.response(*frequency)).collect();
        Ok(all.map(|all| PyArray1::from_vec(py, all)))
    }

    /// Level out at each level in, in decibels; `None` where a processor has no static curve.
    fn static_curve_db<'py>(
        &self,
        py: Python<'py>,
        sample_rate: f64,
        levels_db: PyReadonlyArray1<'py, f64>,
    ) -> PyResult<Option<Bound<'py, PyArray1<f64>>>> {
        let runner = probe(&self.recipe, sample_rate, None)?;
        let levels_db = levels_db.as_array();
        let all: Option<Vec<_>> =
            levels_db.iter().map(|level_db| runner.static_curve_db(*level_db)).collect();
        Ok(all.map(|all| PyArray1::from_vec(py, all)))
    }

    /// Whether a processor in it can listen to a sidechain.
    fn takes_sidechain(&self) -> bool {
        fn takes(recipe: &Recipe) -> bool {
            match &recipe.node {
                Node::Processor(leaf) => leaf.processor().sidechain,
                _ => recipe.members().iter().any(takes),
            }
        }
        takes(&self.recipe)
    }
}

/// Every row of values and config by its id.
fn rows() -> &'static HashMap<u64, &'static Row> {
    static ROWS: OnceLock<HashMap<u64, &'static Row>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let rows = ALL.iter().flat_map(|processor| {
            let groups = processor.params.groups.iter().flat_map(|group| group.rows);
            processor.params.rows.iter().chain(processor.config).chain(groups)
        });
        rows.map(|row| (row.id().raw(), row)).collect()
    })
}

/// Refuses a value that is out of the range of a row; `label` stands for the parameter.
#[pyfunction]
pub(crate) fn check_range(id: u64, value: f64, label: &str) -> PyResult<()> {
    let row = rows().get(&Id::from_raw(id).at(0).raw());
    let row = row.ok_or_else(|| PyValueError::new_err("no such row"))?;
    row.check(None, value, *mixdsp::base::spec::SAMPLE_RATES.end()).map_err(|error| {
        let text = error.to_string();
        PyValueError::new_err(text.replacen(row.key, label, 1))
    })
}

/// Refuses what cannot be the name of a member: paths hold a text without dots and brackets.
#[pyfunction]
pub(crate) fn check_name(name: &str) -> PyResult<()> {
    Ok(mixdsp::host::recipe::check_name(name).map_err(Failure::from)?)
}

/// The number that a value is for the engine; `path` stands for the parameter in errors.
fn number(
    row: &Row,
    item: Option<(&'static str, u16)>,
    value: &Bound<'_, PyAny>,
    path: &str,
) -> PyResult<f64> {
    if value.is_instance_of::<PyString>() && row.choices().is_empty() {
        let kind = if row.scaling == Scaling::Switch { "True or False" } else { "a number" };
        return Err(PyTypeError::new_err(format!("{path} must be {kind}, not str")));
    }
    let number = with_given(value, |given| mixdsp::host::recipe::number(row, item, given))?;
    Ok(number.map_err(|error| {
        let reason = error.reason.split_once(" = ").map(|(_, rest)| format!("{path} = {rest}"));
        Failure::Value(reason.unwrap_or(error.reason))
    })?)
}

/// A value of Python as the core takes it.
fn with_given<R>(value: &Bound<'_, PyAny>, act: impl FnOnce(Given<'_>) -> R) -> PyResult<R> {
    if let Ok(on) = value.cast::<PyBool>() {
        Ok(act(Given::Switch(on.is_true())))
    } else if let Ok(text) = value.cast::<PyString>() {
        Ok(act(Given::Choice(text.to_str()?)))
    } else if let Ok(number) = value.extract::<f64>() {
        Ok(act(Given::Number(number)))
    } else {
        let kind = value.get_type().name()?.to_string();
        Err(PyTypeError::new_err(format!("a value is a number, a text, True or False, not {kind}")))
    }
}

/// How deep plain values may stand in each other.
const DEEPEST: usize = 128;

pub(crate) fn value_of(plain: &Bound<'_, PyAny>, depth: usize) -> PyResult<Value> {
    if depth > DEEPEST {
        return Err(PyValueError::new_err("the values stand in each other too deep"));
    }
    if plain.is_none() {
        Ok(Value::Nothing)
    } else if let Ok(on) = plain.cast::<PyBool>() {
        Ok(Value::Switch(on.is_true()))
    } else if plain.is_instance_of::<PyFloat>() || plain.is_instance_of::<PyInt>() {
        Ok(Value::Number(plain.extract()?))
    } else if let Ok(text) = plain.cast::<PyString>() {
        Ok(Value::Text(text.to_str()?.into()))
    } else if let Ok(map) = plain.cast::<PyMapping>() {
        let items = map.items()?;
        let each = items.iter().map(|item| {
            let (key, value): (String, Bound<'_, PyAny>) = item.extract()?;
            Ok((key, value_of(&value, depth + 1)?))
        });
        Ok(Value::Map(each.collect::<PyResult<_>>()?))
    } else if let Ok(list) = plain.cast::<PySequence>() {
        let each = list.try_iter()?.map(|item| value_of(&item?, depth + 1));
        Ok(Value::List(each.collect::<PyResult<_>>()?))
    } else if let Ok(number) = plain.extract::<f64>() {
        Ok(Value::Number(number))
    } else {
        let kind = plain.get_type().name()?.to_string();
        Err(PyTypeError::new_err(format!(
            "a recipe is made of dicts, lists, numbers and texts, not of {kind}"
        )))
    }
}

pub(crate) fn plain_of<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Nothing => py.None().into_bound(py),
        Value::Switch(on) => PyBool::new(py, *on).to_owned().into_any(),
        Value::Number(number) => PyFloat::new(py, *number).into_any(),
        Value::Text(text) | Value::Word(text) => PyString::new(py, text).into_any(),
        Value::List(list) => {
            let each: Vec<_> = list.iter().map(|value| plain_of(py, value)).collect::<PyResult<_>>()?;
            PyList::new(py, each)?.into_any()
        }
        Value::Map(map) => {
            let dict = PyDict::new(py);
            map.iter().try_for_each(|(key, value)| dict.set_item(key, plain_of(py, value)?))?;
            dict.into_any()
        }
    })
}

impl From<RecipeError> for Failure {
    fn from(error: RecipeError) -> Self {
        let RecipeError { path, reason, error } = error;
        match error.as_deref() {
            Some(Error::Memory { .. }) => Self::Memory,
            // Begins with the name of a parameter.
            Some(Error::Range { .. } | Error::NotWhole { .. }) => Self::of_parameter(&reason, &path),
            _ if path.is_empty() => Self::Value(reason),
            _ => Self::Value(format!("{path}: {reason}")),
        }
    }
}
