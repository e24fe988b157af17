//! The page of tables in the docs.

use crate::tables::{self, Processor, default, is_reading, range, scaling};
use mixdsp::params::{Asset, Row};
use std::fmt::Write;

const TOP: &str = "\
# Processors

Written by `cargo run -p generate` from the tables in the code; do not edit.

*Parameters* change while a unit runs. *Config* is fixed when it is built, because memory, latency or
channels depend on it. *Readings* are what it reports. The keys are the same in Rust, Python, C and presets.
A value outside its range is an error and changes nothing. Frequencies also end below 0.499 of the sample
rate.
";

/// The whole file.
pub(crate) fn processors() -> String {
    let mut text = String::from(TOP);
    for processor in tables::processors() {
        section(&mut text, &processor);
    }
    text
}

fn section(text: &mut String, processor: &Processor) {
    let _ = writeln!(text, "\n## {}\n\n`{}`. {}", processor.name, processor.key, processor.doc);
    if processor.allocates {
        text.push_str("\nNeeds feature `fft` and allocates when it is built; the C library is without it.\n");
    }
    if !processor.assets.is_empty() {
        text.push_str("\nAssets, the audio that it is built with:\n\n");
        text.push_str("| key | channels | samples | what it is |\n| --- | --- | --- | --- |\n");
        for Asset { key, channels, frames: (least, most), doc, .. } in processor.assets {
            let channels = if *channels == 1 { "1".into() } else { format!("1 to {channels}") };
            let _ = writeln!(text, "| `{key}` | {channels} | {least} to {most} | {doc} |");
        }
    }
    table(text, "Parameters", processor.params.rows);
    for group in processor.params.groups {
        let title = format!("Parameters of each of the `{}`", group.key);
        table(text, &title, group.rows);
        let _ = writeln!(text, "\nThe config `{}` says how many there are.", group.count);
    }
    table(text, "Config", processor.config);
    table(text, "Readings", processor.readings);
}

fn table(text: &mut String, title: &str, rows: &[Row]) {
    if rows.is_empty() {
        return;
    }
    let reports = rows.iter().all(is_reading);
    let _ = writeln!(text, "\n{title}:\n");
    text.push_str(if reports {
        "| key | unit | what it is |\n| --- | --- | --- |\n"
    } else {
        "| key | unit | range | default | scaling | what it is |\n| --- | --- | --- | --- | --- | --- |\n"
    });
    for row in rows {
        let Row { key, unit, .. } = row;
        let doc = row.doc.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
        let _ = if reports {
            writeln!(text, "| `{key}` | {unit} | {doc} |")
        } else {
            writeln!(
                text,
                "| `{key}` | {unit} | {} | {} | {} | {doc} |",
                range(row),
                default(row),
                scaling(row)
            )
        };
    }
}
