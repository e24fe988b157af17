//! The Python stub of the classes that the package makes from the catalogue: what editors and type checkers
//! read. Goes to `mixdsp-py/python/mixdsp/_effects.pyi`.

use crate::tables::{self, Processor};
use mixdsp::params::{Group, Row, Scaling};

const HEAD: &str = r#""""One class per processor of the catalogue. Written by `make generate`; do not edit."""

from collections.abc import Sequence
from typing import Any, Literal, Optional, Union

from ._effect import Effect as Effect, Param, Place, Unit
from ._record import GroupField, Record
from ._rows import Row

class Processor(Record, Effect):
    """An effect whose parameters stand in a table."""

    _rows: list[Row]
    _groups: list[GroupField]
    _config: list[Row]
    _reading_rows: list[Row]

    def _units(self, prefix: str = "") -> list[Unit]: ...
    def _place(self, name: str) -> Place: ...
    def _readings(self) -> dict[str, Place]: ...
    def _listens(self) -> bool: ...
    @property
    def params(self) -> dict[str, Param]:
        """Every parameter by name: unit, range, default, present value and what it does."""
    def to_dict(self) -> dict[str, Any]:
        """Everything that makes the effect, as plain values that JSON can hold."""
"#;

/// The whole stub.
pub(crate) fn stubs() -> String {
    let mut writer = Writer { classes: String::new(), names: Vec::new() };
    tables::processors().for_each(|processor| writer.class(&processor));
    let names: String = writer.names.iter().map(|name| format!("    \"{name}\",\n")).collect();
    format!("{HEAD}{}\n__all__ = [\n{names}]\n", writer.classes)
}

struct Writer {
    classes: String,
    names: Vec<String>,
}

impl Writer {
    fn class(&mut self, processor: &Processor) {
        let name = match camel(processor.name) {
            // The package has a class of that name that is no effect.
            name if name == "LoudnessMeter" => "Meter".into(),
            name => name,
        };
        let groups = processor.params.groups;
        let is_count = |row: &&Row| groups.iter().any(|group| group.count == row.key);
        let fixed: Vec<&Row> = processor.config.iter().filter(|row| !is_count(row)).collect();

        let mut fields: Vec<Field> = processor.params.rows.iter().map(Field::of).collect();
        fields.extend(groups.iter().map(|group| Field::of_group(&name, group, processor.config)));
        let positional = fields.len();
        fields.extend(fixed.into_iter().map(Field::of));
        if processor.sidechain {
            fields.push(Field::key());
        }

        self.classes += &format!("\nclass {name}(Processor):\n");
        self.classes += &docstring(processor.doc, &fields);
        for group in groups {
            let item = item_name(group);
            let fields: Vec<Field> = group.rows.iter().map(Field::of).collect();
            let doc = format!("One of the {} of :class:`{name}`.", group.key);
            let body = docstring(&doc, &fields) + &members(&fields, fields.len());
            self.classes += &format!("    class {item}(Record):\n{}\n", indent(&body));
        }
        self.classes += &members(&fields, positional);
        self.names.push(name);
    }
}

/// One attribute of a class.
struct Field {
    key: &'static str,
    /// What reading gives, and what writing takes.
    reads: String,
    takes: String,
    default: String,
    /// Heading and sentence for the docs.
    heading: String,
    doc: String,
}

impl Field {
    fn of(row: &Row) -> Self {
        let python = python_type(row);
        let kind = match row.scaling {
            Scaling::Choice(texts) if is_numeric(texts) => "int".into(),
            Scaling::Choice(_) => "str".into(),
            _ => python.clone(),
        };
        let range = range(row);
        let span = if row.scaling == Scaling::Switch { String::new() } else { format!(", {range}") };
        let below = if row.scaling == Scaling::Frequency { ", below half the sample rate" } else { "" };
        let default = python_value(row, row.default);
        Self {
            key: row.key,
            heading: format!("{} : {kind}{span}{below}, default {default}", row.key),
            doc: row.doc.into(),
            reads: python.clone(),
            takes: python,
            default,
        }
    }

    /// Whom it listens to in a mixer.
    fn key() -> Self {
        Self {
            key: "key",
            heading: "key : str, default None".into(),
            doc: "The track or bus of a :class:`Mixer` that it listens to; calls and streams take ``sidechain`` \
                  instead."
                .into(),
            reads: "Optional[str]".into(),
            takes: "Optional[str]".into(),
            default: "None".into(),
        }
    }

    fn of_group(class: &str, group: &Group, config: &[Row]) -> Self {
        let item = format!("{class}.{}", item_name(group));
        let most = config.iter().find(|row| row.key == group.count).map_or(0.0, |row| row.maximum);
        Self {
            key: group.key,
            heading: format!("{} : list of {item}, at most {most}, default ()", group.key),
            doc: "In series.".into(),
            reads: format!("list[{item}]"),
            takes: format!("Union[{item}, Sequence[Union[{item}, Sequence[{item}], dict[str, Any]]]]"),
            default: "()".into(),
        }
    }
}

fn docstring(doc: &str, fields: &[Field]) -> String {
    let mut text = format!("    \"\"\"{doc}\n");
    if !fields.is_empty() {
        text += "\n    Parameters\n    ----------\n";
    }
    for field in fields {
        text += &format!("    {}\n        {}\n", field.heading, field.doc);
    }
    text + "    \"\"\"\n\n"
}

/// The constructor and the properties.
fn members(fields: &[Field], positional: usize) -> String {
    let mut text = String::from("    def __init__(\n        self,\n");
    for (at, field) in fields.iter().enumerate() {
        if at == positional {
            text += "        *,\n";
        }
        text += &format!("        {}: {} = {},\n", field.key, field.takes, field.default);
    }
    text += "    ) -> None: ...\n";
    for Field { key, reads, takes, doc, heading, .. } in fields {
        let facts = heading.split_once(" : ").map_or("", |(_, facts)| facts);
        text += &format!("    @property\n    def {key}(self) -> {reads}:\n");
        text += &format!("        \"\"\"{doc} ({facts})\"\"\"\n");
        text += &format!("    @{key}.setter\n    def {key}(self, value: {takes}) -> None: ...\n");
    }
    text
}

fn indent(text: &str) -> String {
    let deeper = |line: &str| if line.is_empty() { "\n".to_string() } else { format!("    {line}\n") };
    text.lines().map(deeper).collect()
}

fn python_type(row: &Row) -> String {
    match row.scaling {
        Scaling::Linear | Scaling::Logarithmic | Scaling::Frequency => "float".into(),
        Scaling::Whole => "int".into(),
        Scaling::Switch => "bool".into(),
        Scaling::Choice(texts) => format!("Literal[{}]", choices(texts, texts)),
    }
}

/// A value as Python writes it.
fn python_value(row: &Row, value: f64) -> String {
    match row.scaling {
        Scaling::Linear | Scaling::Logarithmic | Scaling::Frequency => format!("{value:?}"),
        Scaling::Whole => format!("{value}"),
        Scaling::Switch => if value == 0.0 { "False" } else { "True" }.into(),
        Scaling::Choice(texts) => choices(texts, &texts[value as usize..][..1]),
    }
}

fn range(row: &Row) -> String {
    match row.scaling {
        Scaling::Choice(texts) => choices(texts, texts),
        _ => format!("{} to {} {}", row.minimum, row.maximum, row.unit).trim_end().into(),
    }
}

/// Choices as Python writes them: numbers where all of them are numbers.
fn choices(all: &[&str], some: &[&str]) -> String {
    let written = |text: &&str| if is_numeric(all) { text.to_string() } else { format!("\"{text}\"") };
    some.iter().map(written).collect::<Vec<_>>().join(", ")
}

fn is_numeric(texts: &[&str]) -> bool {
    texts.iter().all(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A name as that of a class: `Mid-side` is `MidSide`.
fn camel(name: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_uppercase() + rest
    };
    name.split(|c: char| !c.is_ascii_alphanumeric()).map(word).collect()
}

/// The class of one of a group: `Band` for `bands`.
fn item_name(group: &Group) -> String {
    camel(group.key.strip_suffix('s').unwrap_or(group.key))
}
