//! The contracts that every processor keeps, asked of everything that the catalogue lists.
//!
//! A new processor is tested by being listed. To ask one alone, and see what was measured:
//!
//! ```text
//! MIXDSP_ONLY=equalizer cargo test -p mixdsp --release --test contracts -- --show-output
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
#[path = "contracts/memory.rs"]
mod memory;

use harness::hold;

#[test]
fn contract_1_memory_belongs_to_the_caller() {
    hold(memory::Memory);
}

#[test]
fn contract_3_any_block() {
    hold(any_block::AnyBlock);
}

#[test]
fn contract_5_declared_once() {
    hold(declared::Declared);
}

#[test]
fn contract_8_non_finite_input_never_gets_in() {
    hold(hostile::Hostile);
}
