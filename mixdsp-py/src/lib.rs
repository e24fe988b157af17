//! The Python door: thin classes over the catalogue, under `mixdsp._mixdsp`.
//!
//! ```text
//! arguments, dicts, presets --recipe--> a recipe of the core
//! numpy array --slices--> runner: a recipe at work --> numpy array       render: one shot; stream: block by block
//! arrays, files --tracks--> mixer --> numpy array                        tracks and buses into one mix
//! numpy array --slices--> meter                                          files: arrays from and to files
//! ```
//!
//! Shapes, names, defaults and display are the work of the Python package beside it. Nothing here knows a
//! processor by name; the Python classes of the processors are written by `make generate`.

mod alignment;
mod array;
mod delivery;
mod engine;
mod failure;
mod files;
mod lock;
mod meter;
mod mixer;
mod offline;
mod outputs;
mod program;
mod recipe;
mod refusal;
mod release;
mod render;
mod resampling;
mod rooms;
mod rough;
mod runner;
mod short_calls;
mod slices;
mod song;
mod stream;
mod table;
mod targets;
mod tone;
mod tracks;

use pyo3::prelude::*;

/// Signal processing on numpy arrays. The package `mixdsp` is what people import.
#[pymodule(gil_used = false)]
mod _mixdsp {
    #[pymodule_export]
    use super::alignment::{aligned, alignment};
    #[pymodule_export]
    use super::delivery::{
        Ends, Excerpts, Limiting, MasterPass, MasterSearch, MasterSettings, delivery_ranges, is_met,
        limiting_warnings, master_limiters, max_clipping, max_limiting,
    };
    #[pymodule_export]
    use super::files::{FileReader, FileWriter};
    #[pymodule_export]
    use super::meter::{Meter, speakers_of_mask};
    #[pymodule_export]
    use super::mixer::MixRender;
    #[pymodule_export]
    use super::offline::OfflineLimiter;
    #[pymodule_export]
    use super::outputs::{AsidePath, check_ending, check_outputs, keep_tags, session_files};
    #[pymodule_export]
    use super::program::{mix_session, read_session, write_session};
    #[pymodule_export]
    use super::recipe::{PyRecipe, check_name, check_range};
    #[pymodule_export]
    use super::refusal::TooMuchLimitingError;
    #[pymodule_export]
    use super::release::{
        PremasterListener, check_isrc, check_upc, cue_sheet, destinations, sector_cuts, write_opus_gain,
        write_tags,
    };
    #[pymodule_export]
    use super::render::render;
    #[pymodule_export]
    use super::resampling::{RateChanger, resampled_length};
    #[pymodule_export]
    use super::rooms::{acoustics, sweep, sweep_response};
    #[pymodule_export]
    use super::rough::{rough_mix, stems_in, styles};
    #[pymodule_export]
    use super::short_calls::ShortCalls;
    #[pymodule_export]
    use super::stream::Stream;
    #[pymodule_export]
    use super::table::{catalogue, item_id, simd_level};
    #[pymodule_export]
    use super::targets::{playback_gain_db, targets};
    #[pymodule_export]
    use super::tone::{ToneListener, match_tone, match_width, tone_options};

    use mixdsp::base::audio::MAX_CHANNELS;
    use mixdsp::base::spec::SAMPLE_RATES;
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("MAX_CHANNELS", MAX_CHANNELS)?;
        module.add("SAMPLE_RATES", (*SAMPLE_RATES.start(), *SAMPLE_RATES.end()))
    }
}
