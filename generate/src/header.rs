//! The part of the C header that follows from the tables.

use crate::tables::{Processor, default, is_config, is_reading, of_c, range};
use mixdsp::params::{Group, Row, Scaling};
use std::collections::HashSet;
use std::fmt::Write;

const TOP: &str = "\
/* mixdsp_params.h: one accessor per processor, and the ids of its config, parameters and readings.
   Written by `cargo run -p generate`; do not edit. Included by mixdsp.h.

   An id belongs to its row for ever, and says whose row it is: that of another processor is MIXDSP_EID.
   CONFIG is fixed when a unit is built, the rest can change at any time. Rows of a group name the first
   item: MIXDSP_AT(id, 3) is the fourth.
   Each comment: unit, range, value of a fresh unit, what it is. Frequencies end below 0.499 of the rate. */
";

/// The whole file.
pub(crate) fn params() -> String {
    let mut text = String::from(TOP);
    text += "#ifndef MIXDSP_PARAMS_H\n#define MIXDSP_PARAMS_H\n\n";
    text += &version();
    let mut names = HashSet::new();
    for processor in of_c() {
        section(&mut text, &processor, &mut names);
    }
    text += "\n#endif\n";
    text
}

fn version() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap_or(0)).collect();
    let number = parts.iter().take(3).fold(0, |number, part| number * 100 + part);
    format!(
        "#define MIXDSP_VERSION        \"{version}\"\n\
         #define MIXDSP_VERSION_NUMBER {number} /* major * 10000 + minor * 100 + patch */\n"
    )
}

fn section(text: &mut String, processor: &Processor, names: &mut HashSet<String>) {
    let _ = writeln!(text, "\n/* {}: {} */", processor.name, comment(processor.doc));
    let _ = writeln!(text, "const mixdsp_class *mixdsp_{}(void);", processor.key);
    let mut lines = Vec::new();
    for (group, row) in processor.rows() {
        let name = constant(processor, group, row);
        lines.push((name.clone(), format!("UINT64_C({:#014x})", row.id().raw()), describe(group, row)));
        if let Scaling::Choice(texts) = row.scaling {
            for (at, choice) in texts.iter().enumerate() {
                lines.push((
                    format!(
                        "{name}_{}",
                        choice.replace(|c: char| !c.is_ascii_alphanumeric(), "_").to_uppercase()
                    ),
                    at.to_string(),
                    String::new(),
                ));
            }
        }
    }
    let width = lines.iter().map(|(name, ..)| name.len()).max().unwrap_or(0);
    for (name, value, comment) in lines {
        assert!(names.insert(name.clone()), "{name} would be defined twice");
        let line = format!("#define {name:width$} {value:24} {comment}");
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

/// `MIXDSP_EQUALIZER_BANDS_GAIN_DB`, `MIXDSP_EQUALIZER_CONFIG_BANDS`. A config value and a reading may have
/// the same key: a meter is told to measure what it then reports.
fn constant(processor: &Processor, group: Option<&Group>, row: &Row) -> String {
    let group = match group {
        Some(group) => format!("_{}", group.key),
        None if is_config(row) => "_config".into(),
        None => String::new(),
    };
    format!("MIXDSP_{}{group}_{}", processor.key, row.key).to_uppercase()
}

fn describe(group: Option<&Group>, row: &Row) -> String {
    let mut parts = Vec::new();
    if is_reading(row) {
        parts.push("reading".to_string());
    }
    parts.extend(group.map(|group| format!("each of the {}", group.key)));
    parts.push(row.unit.to_string());
    if !matches!(row.scaling, Scaling::Choice(_)) {
        parts.push(range(row));
    }
    if !is_reading(row) {
        parts.push(format!("default {}", default(row)));
    }
    parts.retain(|part| !part.is_empty());
    format!("/* {}: {} */", parts.join(", "), comment(row.doc))
}

/// Text that may stand in a comment.
fn comment(doc: &str) -> String {
    let doc = doc.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(!doc.contains("*/") && !doc.contains("/*"), "this would end the comment: {doc}");
    doc
}
