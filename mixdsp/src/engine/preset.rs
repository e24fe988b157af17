//! Floor 3: presets: the parameters of a unit as lines that people can read.
//!
//! ```text
//! mixdsp preset 1
//! processor equalizer
//! config.bands = 8
//! bands.0.enabled = on
//! bands.0.kind = bell
//! bands.0.frequency_hz = 320
//! ```
//!
//! The first line names the form and its version, the second the processor. Config lines say what the
//! unit was built with; reading checks them, because a preset cannot change them. Then comes one line per
//! parameter: numbers as the shortest decimal that gives the same bits again, switches as `on` and `off`,
//! choices as their texts. Lines may stand in any order after the second; empty lines and lines that begin
//! with `#` are passed over. A parameter without a line gets its default, so that a preset always sounds
//! the same, also one from before the parameter existed.
//!
//! Nothing allocates: writing goes to any [`fmt::Write`], reading takes a `&str`.

use crate::base::error::Error;
use crate::base::memory::Store;
use crate::base::sample::Sample;
use crate::engine::kind::ProcessorKind;
use crate::engine::processor::Processor;
use crate::engine::unit::Unit;
use crate::params::{Given, Id, Items, ParamTable, Place, Row, Settings, Table, ValueText};
use core::fmt;

/// The version of the form that is written, and the only one that is read.
pub const PRESET_VERSION: u32 = 1;

/// How the first line begins.
const HEADER: &str = "mixdsp preset ";
/// How the second line begins.
const PROCESSOR: &str = "processor ";
/// How the key of a config line begins.
const CONFIG: &str = "config.";

impl<K: ProcessorKind, T: Sample, S: Store> Unit<K, T, S> {
    /// Writes the present parameters; while one glides, its value of this moment. Fails when `out` does.
    pub fn write_preset(&self, out: &mut (impl fmt::Write + ?Sized)) -> fmt::Result {
        self.subject(|subject| subject.write(&mut { out }, &|id| Processor::get(self, id)))
    }

    /// Gives every parameter the value that the preset names, or its default. The sound moves there
    /// silently, as after [`set_all`](Unit::set_all).
    ///
    /// Everything is checked first: [`Error::Preset`] names the first line that is wrong and says why, and
    /// nothing has changed then. Wrong are another version or processor, config values that differ from
    /// the unit's, unknown keys, keys given twice, and values that are out of range or no values at all.
    pub fn read_preset(&mut self, preset: &str) -> Result<(), Error> {
        let (config, spec) = (*self.config(), *self.spec());
        let items = self.subject(|subject| subject.check(preset, &|row| K::range(row, &spec, &config)))?;
        self.set_all(Preset { text: preset, params: &K::PARAMS, items })
    }

    fn subject<R>(&self, act: impl FnOnce(&Subject<'_>) -> R) -> R {
        let config = self.config();
        act(&Subject {
            key: K::KEY,
            params: &K::PARAMS,
            items: K::PARAMS.items(K::Config::ROWS, |at| config.get(at)),
            config: K::Config::ROWS,
            sample_rate: self.spec().sample_rate,
            config_value: &|at| config.get(at),
        })
    }
}

/// Lines that say something, with their numbers from 1.
fn lines(preset: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = preset.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

/// Key and value of a line.
fn split(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once('=')?;
    Some((key.trim(), value.trim()))
}

/// The unit that a preset is of.
struct Subject<'a> {
    key: &'static str,
    params: &'a ParamTable,
    items: Items,
    config: &'static [Row],
    sample_rate: f64,
    config_value: &'a dyn Fn(usize) -> f64,
}

impl Subject<'_> {
    fn write(&self, out: &mut dyn fmt::Write, value: &dyn Fn(Id) -> Option<f64>) -> fmt::Result {
        writeln!(out, "{HEADER}{PRESET_VERSION}")?;
        writeln!(out, "{PROCESSOR}{}", self.key)?;
        for (at, row) in self.config.iter().enumerate() {
            writeln!(out, "{CONFIG}{} = {}", row.key, ValueText(row, (self.config_value)(at)))?;
        }
        let mut result = Ok(());
        self.params.each(&self.items, |id, Place { row, item, .. }| {
            if result.is_err() {
                return;
            }
            let text = ValueText(row, value(id).unwrap_or(row.default));
            result = match item {
                Some((group, item)) => writeln!(out, "{group}.{item}.{} = {text}", row.key),
                None => writeln!(out, "{} = {text}", row.key),
            };
        });
        result
    }

    /// Finds the first line that is wrong.
    fn check(&self, preset: &str, range: &dyn Fn(&Row) -> (f64, f64)) -> Result<Items, Error> {
        let mut lines = lines(preset);
        let refuse = |line, reason| Err(Error::Preset { line, reason });
        let (line, header) = lines.next().unwrap_or((1, ""));
        match header.strip_prefix(HEADER).map(|version| version.trim().parse::<u32>()) {
            Some(Ok(PRESET_VERSION)) => {}
            Some(_) => return refuse(line, "another version of presets"),
            None => return refuse(line, "expected: mixdsp preset 1"),
        }
        let (line, named) = lines.next().unwrap_or((line + 1, ""));
        match named.strip_prefix(PROCESSOR).map(|key| key.trim() == self.key) {
            Some(true) => {}
            Some(false) => return refuse(line, "for another processor"),
            None => return refuse(line, "expected: processor, and which"),
        }
        let first = line;
        for (line, text) in lines {
            let Some((key, value)) = split(text) else {
                return refuse(line, "expected: key = value");
            };
            match self.check_entry(key, value, range) {
                Err(reason) => return refuse(line, reason),
                Ok(entry) => {
                    let earlier = between(preset, first, line);
                    if earlier.map(|key| self.entry(key)).any(|earlier| earlier == Some(entry)) {
                        return refuse(line, "given twice");
                    }
                }
            }
        }
        Ok(self.items)
    }

    /// What a key names.
    fn entry(&self, key: &str) -> Option<Entry> {
        match key.strip_prefix(CONFIG) {
            Some(key) => self.config.iter().position(|row| row.key == key).map(Entry::Config),
            None => self.params.at_path(key, &self.items).ok().map(|(id, _)| Entry::Param(id)),
        }
    }

    fn check_entry(
        &self,
        key: &str,
        text: &str,
        range: &dyn Fn(&Row) -> (f64, f64),
    ) -> Result<Entry, &'static str> {
        if let Some(key) = key.strip_prefix(CONFIG) {
            let at = self.config.iter().position(|row| row.key == key).ok_or("no such config value")?;
            let row = &self.config[at];
            let same = checked(row, text, row.range_at(self.sample_rate))? == (self.config_value)(at);
            return if same { Ok(Entry::Config(at)) } else { Err("the unit was built with another value") };
        }
        let (id, row) = self.params.at_path(key, &self.items).map_err(|_| "no such parameter")?;
        checked(row, text, range(row)).map(|_| Entry::Param(id))
    }
}

/// What a line is about.
#[derive(Clone, Copy, PartialEq)]
enum Entry {
    Config(usize),
    Param(Id),
}

/// The keys of the lines between two.
fn between(preset: &str, after: usize, before: usize) -> impl Iterator<Item = &str> {
    let between = lines(preset).skip_while(move |(line, _)| *line <= after);
    let between = between.take_while(move |(line, _)| *line < before);
    between.filter_map(|(_, text)| split(text).map(|(key, _)| key))
}

/// The number that a text stands for, in a range.
fn checked(row: &Row, text: &str, range: (f64, f64)) -> Result<f64, &'static str> {
    let value = row.value_of(Given::Text(text))?;
    row.check_within(None, value, range).map(|()| value).map_err(|error| match error {
        Error::NotWhole { .. } => "not a whole number",
        _ => "outside the range",
    })
}

/// The parameters of a preset that was checked.
struct Preset<'a> {
    text: &'a str,
    params: &'a ParamTable,
    items: Items,
}

impl Settings for Preset<'_> {
    fn each(&self, visit: &mut dyn FnMut(Id, f64)) {
        for (key, text) in lines(self.text).filter_map(|(_, text)| split(text)) {
            if let Ok((id, row)) = self.params.at_path(key, &self.items)
                && let Ok(value) = row.value_of(Given::Text(text))
            {
                visit(id, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Band, BandKind, Equalizer, EqualizerConfig, EqualizerParams, Gain, GainParams, NoConfig, Spec,
    };
    use alloc::string::String;

    const SPEC: Spec = Spec::new(48_000.0, 1);

    fn equalizer(bands: &[Band]) -> Equalizer<f64> {
        Equalizer::new(SPEC, EqualizerConfig::bands(2), EqualizerParams { bands }).unwrap()
    }

    fn preset_of(equalizer: &Equalizer<f64>) -> String {
        let mut text = String::new();
        equalizer.write_preset(&mut text).unwrap();
        text
    }

    #[test]
    fn a_preset_reads_as_people_write() {
        let equalizer = equalizer(&[Band { enabled: false, ..Band::high_shelf(3_200.0, -2.5, 0.7) }]);
        let expected = "mixdsp preset 1\nprocessor equalizer\nconfig.bands = 2\nconfig.steepest_slope = 48\n\
            bands.0.enabled = off\nbands.0.kind = high_shelf\nbands.0.frequency_hz = 3200\n\
            bands.0.gain_db = -2.5\nbands.0.q = 0.7\nbands.0.slope_db_per_octave = 12\n\
            bands.0.shelf_by = q\nbands.0.shelf_slope = 1\nbands.0.placement = all\n\
            bands.0.proportional_q = off\n\
            bands.1.enabled = on\nbands.1.kind = bell\nbands.1.frequency_hz = 1000\n\
            bands.1.gain_db = 0\nbands.1.q = 0.7071067811865476\nbands.1.slope_db_per_octave = 12\n\
            bands.1.shelf_by = q\nbands.1.shelf_slope = 1\nbands.1.placement = all\n\
            bands.1.proportional_q = off\n";
        assert_eq!(preset_of(&equalizer), expected);
    }

    #[test]
    fn values_come_back_to_the_bit() {
        let odd = [0.1 + 0.2, 1.0 / 3.0, -f64::MIN_POSITIVE, 5e-324, -24.0, 23.999_999_999_999_996];
        for gain_db in odd {
            let written =
                equalizer(&[Band::bell(f64::from_bits(4_653_142_004_841_054_208 + 1), gain_db, 0.3)]);
            let mut read = equalizer(&[Band { kind: BandKind::LowPass, ..Band::default() }]);
            read.read_preset(&preset_of(&written)).unwrap();
            for id in [Band::KIND, Band::FREQUENCY_HZ, Band::GAIN_DB, Band::Q] {
                assert_eq!(read.get(id).map(f64::to_bits), written.get(id).map(f64::to_bits));
            }
        }
    }

    #[test]
    fn comments_any_order_and_defaults_for_what_is_missing() {
        let mut gain =
            Gain::<f32>::new(SPEC, NoConfig, GainParams { gain_db: -3.0, ..Default::default() }).unwrap();
        gain.read_preset("# loud\r\n\r\nmixdsp preset 1\r\nprocessor gain\r\n  mute=on \r\n# end").unwrap();
        assert_eq!(gain.get(GainParams::MUTE), Some(1.0));
        assert_eq!(gain.get(GainParams::GAIN_DB), Some(0.0));
    }

    #[test]
    fn an_error_names_line_and_reason_and_nothing_changes() {
        let bodies = [
            ("", 1, "expected: mixdsp preset 1"),
            ("hello", 1, "expected: mixdsp preset 1"),
            ("mixdsp preset 2\nprocessor equalizer", 1, "another version of presets"),
            ("mixdsp preset one\nprocessor equalizer", 1, "another version of presets"),
            ("mixdsp preset 1", 2, "expected: processor, and which"),
            ("mixdsp preset 1\n\nprocessor gain\n", 3, "for another processor"),
            ("+bands.0.gain_db", 4, "expected: key = value"),
            ("+bands.0.gain = 1", 4, "no such parameter"),
            ("+bands.2.gain_db = 1", 4, "no such parameter"),
            ("+bands.01.gain_db = 1", 4, "no such parameter"),
            ("+bands.+1.gain_db = 1", 4, "no such parameter"),
            ("+gain_db = 1", 4, "no such parameter"),
            ("+bands.0.gain_db = 25", 4, "outside the range"),
            ("+bands.0.gain_db = NaN", 4, "not a finite number"),
            ("+bands.0.gain_db = -inf", 4, "not a finite number"),
            ("+bands.0.gain_db = loud", 4, "not a number"),
            ("+bands.0.frequency_hz = 24000", 4, "outside the range"),
            ("+bands.0.enabled = 1", 4, "expected on or off"),
            ("+bands.0.kind = Bell", 4, "not one of the choices"),
            ("+config.bands = 3", 4, "the unit was built with another value"),
            ("+config.bands = 2.5", 4, "not a whole number"),
            ("+config.taps = 3", 4, "no such config value"),
            ("+bands.0.q = 2\nbands.0.q = 2", 5, "given twice"),
        ];
        for (body, line, reason) in bodies {
            let mut text = String::new();
            if let Some(body) = body.strip_prefix('+') {
                text.push_str("mixdsp preset 1\nprocessor equalizer\nbands.1.gain_db = 5\n");
                text.push_str(body);
            } else {
                text.push_str(body);
            }
            let mut unit = equalizer(&[Band::bell(500.0, 3.0, 1.0)]);
            let before = preset_of(&unit);
            assert_eq!(unit.read_preset(&text), Err(Error::Preset { line, reason }), "{body}");
            assert_eq!(preset_of(&unit), before);
        }
    }

    #[test]
    fn reading_ends_glides_and_moves_by_the_ramp() {
        let mut gain = Gain::<f64>::new(SPEC, NoConfig, ()).unwrap();
        gain.glide(GainParams::GAIN_DB, -60.0, 100_000).unwrap();
        gain.process(&mut [&mut [1.0; 1_000]], &[]).unwrap();
        let mut text = String::new();
        gain.write_preset(&mut text).unwrap();
        assert!(text.contains("gain_db = -0.6\n"), "{text}");
        gain.read_preset("mixdsp preset 1\nprocessor gain\ngain_db = -20").unwrap();
        let mut audio = [1.0; 961];
        gain.process(&mut [&mut audio], &[]).unwrap();
        assert!((audio[0] - 0.933).abs() < 0.001, "from where the glide was: {}", audio[0]);
        assert_eq!(audio[960], crate::base::units::decibels_to_gain(-20.0), "there after 20 ms");
    }
}
