//! Matched design of second-order sections.
