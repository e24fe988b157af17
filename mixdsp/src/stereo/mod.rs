//! Stereo: where a sound stands and how wide it is.

mod matrix;
mod mid_side;
mod pan;
mod width;

pub use mid_side::{MidSide, MidSideDirection, MidSideKind, MidSideParams};
pub use pan::{Pan, PanCore, PanKind, PanLaw, PanParams};
pub use width::{Width, WidthKind, WidthParams};
