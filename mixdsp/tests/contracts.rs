//! The contracts that every processor keeps, asked of everything that the catalogue lists.
//!
//! A new processor is tested by being listed. To ask one alone, and see what was measured:
//!
//! ```text
//! MIXDSP_ONLY=equalizer cargo test -p mixdsp --test contracts -- --show-output
//! ```

mod common;

#[path = "contracts/any_block.rs"]
mod any_block;
#[path = "contracts/declared.rs"]
mod declared;
#[path = "contracts/harness.rs"]
mod harness;
#[path = "contracts/hostile.rs"]
mod hostile;
#[path = "contracts/lands.rs"]
mod lands;
#[path = "contracts/latency.rs"]
mod latency;
#[path = "contracts/level.rs"]
mod level;
#[path = "contracts/memory.rs"]
mod memory;
#[path = "contracts/moving.rs"]
mod moving;
#[path = "contracts/presets.rs"]
mod presets;
#[path = "contracts/real_time.rs"]
mod real_time;
#[path = "contracts/reports.rs"]
mod reports;
#[path = "contracts/shapes.rs"]
mod shapes;
#[path = "contracts/silent.rs"]
mod silent;
#[path = "contracts/tail.rs"]
mod tail;

use harness::hold;

#[test]
fn contract_1_memory_belongs_to_the_caller() {
    hold(memory::Memory);
}

#[test]
fn contract_2_real_time() {
    hold(real_time::RealTime);
}

#[test]
fn contract_3_any_block() {
    hold(any_block::AnyBlock);
}

#[test]
fn contract_4_audio() {
    hold(shapes::Shapes);
}

#[test]
fn contract_5_declared_once() {
    hold(declared::Declared);
}

#[test]
fn contract_6_changes_are_silent() {
    hold(silent::Silent);
}

#[test]
fn contract_6_changes_land_where_they_were_sent() {
    hold(lands::Lands);
}

#[test]
fn contract_6_values_on_the_move_stay_within_what_was_asked() {
    hold(moving::Moving);
}

#[test]
fn contract_7_latency_is_exact() {
    hold(latency::Latency);
}

#[test]
fn contract_7_tails_end() {
    hold(tail::Tail);
}

#[test]
fn contract_8_non_finite_input_never_gets_in() {
    hold(hostile::Hostile);
}

#[test]
fn contract_9_what_it_reports_is_what_runs() {
    hold(reports::Readings);
}

#[test]
fn contract_10_no_surprise_gain() {
    hold(level::Level);
}

#[test]
fn presets_come_back_to_the_bit() {
    hold(presets::Presets);
}
