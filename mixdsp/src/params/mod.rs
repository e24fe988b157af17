//! Floor 2: parameters, declared once, and how their values move.

pub mod ramp;
mod table;

pub use crate::base::id::Id;
pub use table::{Group, NoConfig, ParamTable, Place, Row, Scaling, Settings, Table, Value};
pub(crate) use table::{choices, params, readings};
