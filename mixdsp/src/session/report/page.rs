//! The text of a page as it grows.

use std::fmt::{Arguments, Write as _};
use std::string::String;

/// Text that is written to by `write!`, which cannot fail.
pub(super) struct Page(pub(super) String);

impl Page {
    pub(super) fn push_str(&mut self, text: &str) {
        self.0.push_str(text);
    }

    pub(super) fn write_fmt(&mut self, text: Arguments<'_>) {
        // A string takes whatever there is memory for.
        let _ = self.0.write_fmt(text);
    }
}

/// Text that is safe between tags and in attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
