//! The C library's accessors.

use crate::tables::{Processor, of_c};
use mixdsp::params::{Group, Row};
use std::fmt::Write;

const TOP: &str = "\
//! One accessor per processor. Written by `cargo run -p generate`; do not edit.

use crate::border::accessor;
use crate::class::{Class, RowTexts, Texts};

";

/// The whole file.
pub(crate) fn accessors() -> String {
    let mut text = String::from(TOP);
    let processors: Vec<_> = of_c().collect();
    text += "/// An accessor.\npub type Accessor = extern \"C\" fn() -> *const Class;\n\n";
    text += "/// Every accessor with its processor's key, in the order of the catalogue.\n";
    text += "pub const ALL: &[(&str, Accessor)] = &[\n";
    for Processor { key, .. } in &processors {
        let _ = writeln!(text, "    ({key:?}, mixdsp_{key}),");
    }
    text += "];\n";
    for processor in &processors {
        accessor(&mut text, processor);
    }
    text
}

fn accessor(text: &mut String, processor: &Processor) {
    let Processor { key, name, doc, path, .. } = processor;
    let _ = write!(
        text,
        "\naccessor! {{\n    /// {doc}\n    mixdsp_{key}: {path}, Texts {{\n        \
         key: c{key:?},\n        name: c{name:?},\n        doc: c{doc:?},\n        rows: &[\n",
    );
    for (group, row) in processor.rows() {
        let _ = writeln!(text, "            {},", texts(group, row));
    }
    text.push_str("        ],\n    }\n}\n");
}

fn texts(group: Option<&Group>, row: &Row) -> String {
    let Row { key, name, unit, doc, .. } = row;
    let group = group.map_or("None".into(), |group| format!("Some(c{:?})", group.key));
    let choices: Vec<_> = row.choices().iter().map(|choice| format!("c{choice:?}")).collect();
    format!(
        "RowTexts {{ group: {group}, key: c{key:?}, name: c{name:?}, unit: c{unit:?}, doc: c{doc:?}, choices: &[{}] }}",
        choices.join(", ")
    )
}
