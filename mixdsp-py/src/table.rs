//! The catalogue as Python reads it: dictionaries and lists.

use mixdsp::catalogue::{ALL, Descriptor};
use mixdsp::params::{Asset, Row, Scaling};
use mixdsp::{Id, SimdLevel};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

/// Every processor as a dictionary of its tables, in the order of the catalogue.
#[pyfunction]
pub(crate) fn catalogue(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
    let sheets: Vec<_> = ALL.iter().map(|processor| sheet(py, processor)).collect::<PyResult<_>>()?;
    PyList::new(py, sheets)
}

/// The vector instructions that processors use on this machine: AVX2, SSE2, NEON.
#[pyfunction]
pub(crate) fn simd_level() -> &'static str {
    SimdLevel::BEST.resolve().name()
}

/// The id of a row in band, tap or channel `item`, from 0.
#[pyfunction]
pub(crate) fn item_id(id: u64, item: usize) -> PyResult<u64> {
    let found = u16::try_from(item).ok().map(|at| Id::from_raw(id).at(at));
    let found = found.filter(|id| usize::from(id.item()) == item);
    found.map(Id::raw).ok_or_else(|| PyValueError::new_err(format!("there is no band or channel {item}")))
}

fn sheet<'py>(py: Python<'py>, processor: &Descriptor) -> PyResult<Bound<'py, PyDict>> {
    let groups: Vec<_> = processor
        .params
        .groups
        .iter()
        .map(|group| {
            let dict = PyDict::new(py);
            dict.set_item("key", group.key)?;
            dict.set_item("count", group.count)?;
            dict.set_item("rows", rows(py, group.rows)?)?;
            Ok(dict)
        })
        .collect::<PyResult<_>>()?;
    let dict = PyDict::new(py);
    dict.set_item("key", processor.key)?;
    dict.set_item("name", processor.label)?;
    dict.set_item("doc", processor.doc)?;
    dict.set_item("listens", processor.sidechain)?;
    dict.set_item("rows", rows(py, processor.params.rows)?)?;
    dict.set_item("groups", groups)?;
    dict.set_item("config", rows(py, processor.config)?)?;
    dict.set_item("readings", rows(py, processor.readings)?)?;
    dict.set_item("assets", assets(py, processor.assets)?)?;
    Ok(dict)
}

fn assets<'py>(py: Python<'py>, assets: &[Asset]) -> PyResult<Bound<'py, PyList>> {
    let each = assets.iter().map(|asset| {
        let dict = PyDict::new(py);
        dict.set_item("key", asset.key)?;
        dict.set_item("name", asset.name)?;
        dict.set_item("doc", asset.doc)?;
        dict.set_item("channels", asset.channels)?;
        dict.set_item("samples", asset.frames)?;
        Ok(dict)
    });
    PyList::new(py, each.collect::<PyResult<Vec<_>>>()?)
}

fn rows<'py>(py: Python<'py>, rows: &[Row]) -> PyResult<Bound<'py, PyList>> {
    let rows: Vec<_> = rows.iter().map(|each| row(py, each)).collect::<PyResult<_>>()?;
    PyList::new(py, rows)
}

fn row<'py>(py: Python<'py>, row: &Row) -> PyResult<Bound<'py, PyDict>> {
    let scaling = match row.scaling {
        Scaling::Linear => "linear",
        Scaling::Logarithmic => "logarithmic",
        Scaling::Frequency => "frequency",
        Scaling::Whole => "whole",
        Scaling::Switch => "switch",
        Scaling::Choice(_) => "choice",
    };
    let dict = PyDict::new(py);
    dict.set_item("id", row.id().raw())?;
    dict.set_item("key", row.key)?;
    dict.set_item("name", row.name)?;
    dict.set_item("unit", row.unit)?;
    dict.set_item("min", row.minimum)?;
    dict.set_item("max", row.maximum)?;
    dict.set_item("default", row.default)?;
    dict.set_item("scaling", scaling)?;
    dict.set_item("choices", row.choices())?;
    dict.set_item("doc", row.doc)?;
    Ok(dict)
}
