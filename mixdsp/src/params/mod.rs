//! Floor 2: parameters, declared once, and how their values move.

mod asset;
mod declare;
pub mod ramp;
mod ramp_numbers;
mod row;
pub mod smoothed;
mod table;
mod text;

pub use crate::base::id::Id;
pub use asset::{Asset, Assets};
pub(crate) use declare::{choices, params, readings};
pub use row::{Row, Scaling, is_same_key};
pub use table::{Group, Items, MOST_GROUPS, NoConfig, ParamTable, Place, Settings, Table, Value};
pub use text::{Given, PathError, ValueText};
