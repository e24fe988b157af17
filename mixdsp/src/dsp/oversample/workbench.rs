//! Where frames lie while filters work on them: behind a lead, and before a margin.

use crate::dsp::short_convolution::MOST_BATCH;

/// Places before the frames, where a filter puts what it heard before them.
pub(crate) const LEAD: usize = 96;
/// Places behind the frames that vectors may touch.
pub(crate) const MARGIN: usize = MOST_BATCH;
