//! The Python classes of the processors. Goes to `mixdsp-py/python/mixdsp/engine/_processors.py`.

use crate::layout::{Lines, quoted};
use crate::tables::{self, Processor, number};
use mixdsp::engine::kind::Preset;
use mixdsp::params::{Asset, Group, Row, Scaling};

const HEAD: &str = r#""""One class per processor of the catalogue. Written by `make generate`; do not edit."""

# Annotations are evaluated here, so that `inspect.signature` shows types and no texts.
from typing import Literal, Optional

from ._asset import Audio, AudioOf
from ._parameters import Choice, Items, ItemsOf, Name, Number, Reading, Switch, Whole
from ._processor import Processor, Table
from ._record import Record

"#;

const KEY_DOC: &str =
    "The track or bus of a :class:`Mixer` that it listens to; calls and streams take ``sidechain`` instead.";

/// Most characters of a kind and its choices behind a name; more of them stand in the sentence below.
const MOST_FACTS: usize = 90;

/// The whole file.
pub(crate) fn classes() -> String {
    let processors: Vec<_> = tables::processors().collect();
    let mut names: Vec<String> = processors.iter().map(class_name).collect();
    names.sort();
    let mut text = Lines(HEAD.into());
    text.add(0, "__all__ = [");
    names.iter().for_each(|name| text.add(1, &format!("\"{name}\",")));
    text.add(0, "]");
    for (place, processor) in processors.iter().enumerate() {
        class(&mut text, place, processor);
    }
    text.0
}

fn class(text: &mut Lines, place: usize, processor: &Processor) {
    let Processor { key, doc, config, params, readings, assets, sidechain: listens, .. } = *processor;
    let presets = presets(processor);
    let name = class_name(processor);
    let group_of = |row: &Row| params.groups.iter().find(|group| group.count == row.key);
    let mut fields: Vec<Field> = assets.iter().map(Field::of_asset).collect();
    fields.extend(params.rows.iter().map(|row| Field::of(row, false)));
    fields.extend(params.groups.iter().map(|group| Field::of_group(&name, group, config)));
    let positional = fields.len();
    let fixed = config.iter().filter(|row| group_of(row).is_none());
    fields.extend(fixed.map(|row| Field::of(row, true)));
    fields.extend(listens.then(Field::key));

    text.empty();
    text.empty();
    text.add(0, &format!("class {name}(Processor):"));
    docstring(text, 1, doc, &fields, readings, processor.presets);
    text.add(1, "__slots__ = ()");
    // Config counts the items of a group, which goes by its own name here.
    let keys = config.iter().map(|row| quoted(group_of(row).map_or(row.key, |group| group.key)));
    table(text, place, key, &keys.collect::<Vec<_>>(), readings, listens);
    if !presets.is_empty() {
        text.add(1, "_presets = {");
        for (name, values) in &presets {
            text.bracketed(2, &format!("{name}: {{"), values, "},");
        }
        text.add(1, "}");
    }
    for group in params.groups {
        let item = item_name(&name, group);
        if item != item_name_in(group) {
            text.empty();
            text.add(1, &format!("{} = {item}", item_name_in(group)));
            continue;
        }
        let fields: Vec<Field> = group.rows.iter().map(|row| Field::of(row, false)).collect();
        text.empty();
        text.add(1, &format!("class {}(Record):", item_name_in(group)));
        docstring(text, 2, &format!("One of the {} of :class:`{name}`.", group.key), &fields, &[], &[]);
        text.add(2, "__slots__ = ()");
        members(text, 2, &fields, fields.len());
    }
    members(text, 1, &fields, positional);
}

/// The presets of a class: what each sets.
fn presets(processor: &Processor) -> Vec<(String, Vec<String>)> {
    let one = |preset: &Preset| {
        let values = tables::values_of(preset, processor).into_iter();
        let values = values.map(|(row, number)| format!("{}: {}", quoted(row.key), value(row, number)));
        (quoted(preset.key), values.collect())
    };
    processor.presets.iter().map(one).collect()
}

/// What is said of a class beside its parameters.
fn table(text: &mut Lines, place: usize, key: &str, config: &[String], readings: &[Row], listens: bool) {
    let mut arguments = vec![place.to_string(), quoted(key)];
    let (open, close) = ("config=(", if config.len() == 1 { ",)" } else { ")" });
    if readings.is_empty() {
        if !config.is_empty() {
            arguments.push(format!("{open}{}{close}", config.join(", ")));
        }
        arguments.extend(listens.then(|| "takes_sidechain=True".to_string()));
        return text.bracketed(1, "_table = Table(", &arguments, ")");
    }
    text.add(1, "_table = Table(");
    arguments.iter().for_each(|argument| text.add(2, &format!("{argument},")));
    if !config.is_empty() {
        text.bracketed(2, open, config, &format!("{close},"));
    }
    text.add(2, "readings=(");
    for row in readings {
        let arguments = [id_of(row), quoted(row.key), quoted(row.unit), quoted(row.doc)];
        text.bracketed(3, "Reading(", &arguments, "),");
    }
    text.add(2, "),");
    if listens {
        text.add(2, "takes_sidechain=True,");
    }
    text.add(1, ")");
}

fn docstring(
    text: &mut Lines,
    depth: usize,
    doc: &str,
    fields: &[Field],
    readings: &[Row],
    presets: &[Preset],
) {
    assert!(!doc.contains(['\\', '"']), "this would end a docstring: {doc}");
    if fields.is_empty() && readings.is_empty() {
        return text.add(depth, &format!("\"\"\"{doc}\"\"\""));
    }
    text.add(depth, &format!("\"\"\"{doc}"));
    let parameters = fields.iter().map(|field| (field.key, &*field.facts, &*field.doc));
    section(text, depth, "Parameters", parameters.collect());
    let readings =
        readings.iter().map(|row| (row.key, if row.unit.is_empty() { "number" } else { row.unit }, row.doc));
    section(text, depth, "Readings", readings.collect());
    section(
        text,
        depth,
        "Presets",
        presets.iter().map(|preset| (preset.key, "preset", preset.doc)).collect(),
    );
    text.add(depth, "\"\"\"");
    text.empty();
}

/// Names, each with facts in its line and a sentence below.
fn section(text: &mut Lines, depth: usize, title: &str, entries: Vec<(&str, &str, &str)>) {
    if entries.is_empty() {
        return;
    }
    text.empty();
    text.add(depth, title);
    text.add(depth, &"-".repeat(title.len()));
    for (key, facts, doc) in entries {
        text.add(depth, &format!("{key} : {facts}"));
        text.wrapped(depth + 1, doc);
    }
}

/// The attributes and the constructor.
fn members(text: &mut Lines, depth: usize, fields: &[Field], positional: usize) {
    if fields.is_empty() {
        return;
    }
    let mut arguments = vec!["self".to_string()];
    text.empty();
    for (at, field) in fields.iter().enumerate() {
        if let Some((alias, choices)) = &field.alias {
            text.bracketed(depth, &format!("{alias} = Literal["), choices, "]");
        }
        text.bracketed(depth, &field.head, &field.arguments, ")");
        if at == positional {
            arguments.push("*".into());
        }
        let default = if field.default.is_empty() { String::new() } else { format!(" = {}", field.default) };
        arguments.push(format!("{}: {}{default}", field.key, field.takes));
    }
    text.empty();
    text.bracketed(depth, "def __init__(", &arguments, ") -> None:");
    text.add(depth + 1, "super().__init__()");
    for Field { key, .. } in fields {
        text.add(depth + 1, &format!("self.{key} = {key}"));
    }
}

/// One attribute of a class.
struct Field {
    key: &'static str,
    /// The name of a choice's type, and the choices.
    alias: Option<(String, Vec<String>)>,
    /// Its assignment in the body of the class: up to the bracket, and inside.
    head: String,
    arguments: Vec<String>,
    /// What the constructor takes.
    takes: String,
    default: String,
    /// What the docstring says: kind, range and default, and what it does.
    facts: String,
    doc: String,
}

impl Field {
    fn of(row: &Row, is_fixed: bool) -> Self {
        let Row { key, unit, minimum, maximum, .. } = *row;
        let id = id_of(row);
        let default = value(row, row.default);
        let (class, takes) = match row.scaling {
            Scaling::Linear | Scaling::Logarithmic | Scaling::Frequency => ("Number", "float".into()),
            Scaling::Whole => ("Whole", "int".into()),
            Scaling::Switch => ("Switch", "bool".into()),
            Scaling::Choice(_) => ("Choice", format!("_{}", camel(key))),
        };
        let span = format!("{} to {} {unit}", number(minimum), number(maximum));
        let span = span.trim_end();
        let (alias, head, mut arguments, mut facts) = match row.scaling {
            Scaling::Choice(texts) => (
                Some((takes.clone(), choices(texts))),
                format!("{key}: Choice[{takes}] = Choice("),
                vec![takes.clone()],
                format!("{{{}}}, default {default}", choices(texts).join(", ")),
            ),
            Scaling::Switch => {
                (None, format!("{key}: Switch = Switch("), vec![], format!("bool, default {default}"))
            }
            _ => {
                let below =
                    if row.scaling == Scaling::Frequency { ", below half the sample rate" } else { "" };
                let facts = format!("{takes}, {span}{below}, default {}", number(row.default));
                let ends = vec![value(row, minimum), value(row, maximum)];
                (None, format!("{key}: {class} = {class}("), ends, facts)
            }
        };
        if !unit.is_empty() {
            arguments.push(quoted(unit));
        }
        arguments.extend([format!("default={default}"), format!("id={id}")]);
        arguments.extend(is_fixed.then(|| "fixed=True".to_string()));
        arguments.push(format!("doc={}", quoted(row.doc)));
        let mut doc = row.doc.to_string();
        if let Some((_, choices)) = alias.as_ref().filter(|_| facts.len() > MOST_FACTS) {
            facts = format!("str, default {default}");
            doc += &format!(" One of {}.", choices.join(", "));
        }
        if is_fixed {
            doc += " Fixed while audio runs.";
        }
        Self { key, alias, head, arguments, takes, default, facts, doc }
    }

    /// What it is built with: it has no default.
    fn of_asset(asset: &'static Asset) -> Self {
        let Asset { key, channels, frames: (least, most), doc, .. } = *asset;
        let shape = if channels == 1 {
            "(samples,)".into()
        } else {
            format!("(channels, samples), at most {channels}")
        };
        Self {
            key,
            alias: None,
            head: format!("{key}: Audio = Audio("),
            arguments: vec![
                channels.to_string(),
                least.to_string(),
                most.to_string(),
                format!("doc={}", quoted(doc)),
            ],
            takes: "AudioOf".into(),
            default: String::new(),
            facts: format!("array {shape} or path, {least} to {most} samples"),
            doc: format!("{doc} Fixed while audio runs."),
        }
    }

    /// The name of what it listens to in a mixer.
    fn key() -> Self {
        Self {
            key: "key",
            alias: None,
            head: "key: Name = Name(".into(),
            arguments: vec![quoted(KEY_DOC)],
            takes: "Optional[str]".into(),
            default: "None".into(),
            facts: "str, default None".into(),
            doc: KEY_DOC.into(),
        }
    }

    fn of_group(class: &str, group: &Group, config: &[Row]) -> Self {
        let item = item_name(class, group);
        let doc = "In order.";
        let count = config.iter().find(|row| row.key == group.count);
        let (least, most) = count.map_or((0.0, 0.0), |row| (row.minimum, row.maximum));
        Self {
            key: group.key,
            alias: None,
            head: format!("{}: Items[{item}] = Items(", group.key),
            arguments: vec![
                item.clone(),
                least.to_string(),
                most.to_string(),
                format!("doc={}", quoted(doc)),
            ],
            takes: format!("ItemsOf[{item}]"),
            default: "()".into(),
            facts: format!("list of {}, at most {most}, default ()", qualified(class, &item)),
            doc: doc.into(),
        }
    }
}

/// A value as Python writes it.
fn value(row: &Row, value: f64) -> String {
    match row.scaling {
        Scaling::Linear | Scaling::Logarithmic | Scaling::Frequency => format!("{value:?}"),
        Scaling::Whole => format!("{value}"),
        Scaling::Switch => if value == 0.0 { "False" } else { "True" }.into(),
        Scaling::Choice(texts) => choices(texts).swap_remove(value as usize),
    }
}

/// Choices as Python writes them: numbers where all of them are numbers.
fn choices(texts: &[&str]) -> Vec<String> {
    let are_numbers = texts.iter().all(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    texts.iter().map(|text| if are_numbers { text.to_string() } else { quoted(text) }).collect()
}

/// The class of a processor.
fn class_name(processor: &Processor) -> String {
    match camel(processor.name).as_str() {
        // The package has a class of that name that is no effect.
        "LoudnessMeter" => "Meter".into(),
        name => name.into(),
    }
}

/// The class of one of a group, within the class of its processor: `Band` for `bands`.
fn item_name_in(group: &Group) -> String {
    camel(group.key.strip_suffix('s').unwrap_or(group.key))
}

/// The class of one of a group as the body of `class` writes it: that of the first processor that has the table.
fn item_name(class: &str, group: &Group) -> String {
    let same = |other: &&Group| other.rows[0].table == group.rows[0].table;
    let owner = tables::processors()
        .find_map(|processor| Some((class_name(&processor), processor.params.groups.iter().find(same)?)));
    match owner {
        Some((owner, first)) if owner != class => format!("{owner}.{}", item_name_in(first)),
        _ => item_name_in(group),
    }
}

/// The same as the docs write it.
fn qualified(class: &str, item: &str) -> String {
    if item.contains('.') { item.into() } else { format!("{class}.{item}") }
}

/// A name as that of a class: `Mid-side` is `MidSide`.
fn camel(name: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_uppercase() + rest
    };
    name.split(|c: char| !c.is_ascii_alphanumeric()).map(word).collect()
}

/// The id of a row, as Python writes it.
fn id_of(row: &Row) -> String {
    format!("0x{:x}", row.id().raw())
}
