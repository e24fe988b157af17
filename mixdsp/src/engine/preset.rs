//! Floor 2: presets: the parameters of a unit as lines that people can read.
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
use crate::engine::kind::Kind;
use crate::engine::processor::Processor;
use crate::engine::unit::Unit;
use crate::params::{Id, ParamTable, Place, Row, Scaling, Settings, Table};
use core::fmt;

/// The version of the form that is written, and the only one that is read.
pub const PRESET_VERSION: u32 = 1;

/// How the first line begins.
const HEADER: &str = "mixdsp preset ";
/// How the second line begins.
const PROCESSOR: &str = "processor ";
/// How the key of a config line begins.
const CONFIG: &str = "config.";

impl<K: Kind, T: Sample, S: Store> Unit<K, T, S> {
    /// Writes the present parameters; while one glides, its value of this moment. Fails when `out` does.
    pub fn write_preset(&self, out: &mut (impl fmt::Write + ?Sized)) -> fmt::Result {
        writeln!(out, "{HEADER}{PRESET_VERSION}")?;
        writeln!(out, "{PROCESSOR}{}", K::KEY)?;
        for (index, row) in K::Config::ROWS.iter().enumerate() {
            writeln!(out, "{CONFIG}{} = {}", row.key, Text { row, value: self.config().get(index) })?;
        }
        let mut result = Ok(());
        K::PARAMS.each(self.config(), |id, Place { row, item, .. }| {
            if result.is_err() {
                return;
            }
            let text = Text { row, value: self.get(id).unwrap_or(row.default) };
            result = match item {
                Some((group, item)) => writeln!(out, "{group}.{item}.{} = {text}", row.key),
                None => writeln!(out, "{} = {text}", row.key),
            };
        });
        result
    }

    /// Gives every parameter the value that the preset names, or its default. The sound moves there
    /// silently, as after [`set_all`](Unit::set_all).
    ///
    /// Everything is checked first: [`Error::Preset`] names the first line that is wrong and says why, and
    /// nothing has changed then. Wrong are another version or processor, config values that differ from
    /// the unit's, unknown keys, keys given twice, and values that are out of range or no values at all.
    pub fn read_preset(&mut self, preset: &str) -> Result<(), Error> {
        let config = *self.config();
        let spec = *self.spec();
        let reader = Reader { preset, params: K::PARAMS, config: &config };
        reader.check(K::KEY, spec.sample_rate, |row| K::range(row, &spec, &config))?;
        self.set_all(reader)
    }
}

/// A value as presets show it.
struct Text {
    row: &'static Row,
    value: f64,
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row.scaling {
            Scaling::Switch => f.write_str(if self.value != 0.0 { "on" } else { "off" }),
            Scaling::Choice(texts) => f.write_str(texts.get(self.value as usize).copied().unwrap_or("")),
            _ => write!(f, "{}", self.value),
        }
    }
}

/// The number that a text stands for, in a range.
fn value_of(row: &Row, text: &str, range: (f64, f64)) -> Result<f64, &'static str> {
    let value = match row.scaling {
        Scaling::Switch => match text {
            "off" => 0.0,
            "on" => 1.0,
            _ => return Err("expected on or off"),
        },
        Scaling::Choice(texts) => match texts.iter().position(|choice| *choice == text) {
            Some(choice) => choice as f64,
            None => return Err("not one of the choices"),
        },
        _ => text.parse::<f64>().map_err(|_| "not a number")?,
    };
    if !value.is_finite() {
        return Err("not a finite number");
    }
    row.check_within(None, value, range).map(|()| value).map_err(|error| match error {
        Error::NotWhole { .. } => "not a whole number",
        _ => "outside the range",
    })
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

/// A preset and what it is for.
struct Reader<'a, C> {
    preset: &'a str,
    params: ParamTable,
    config: &'a C,
}

impl<C: Table> Reader<'_, C> {
    /// Finds the first line that is wrong.
    fn check(
        &self,
        processor: &str,
        sample_rate: f64,
        range: impl Fn(&Row) -> (f64, f64),
    ) -> Result<(), Error> {
        let mut lines = lines(self.preset);
        let refuse = |line, reason| Err(Error::Preset { line, reason });
        let (line, header) = lines.next().unwrap_or((1, ""));
        match header.strip_prefix(HEADER).map(|version| version.trim().parse::<u32>()) {
            Some(Ok(PRESET_VERSION)) => {}
            Some(_) => return refuse(line, "another version of presets"),
            None => return refuse(line, "expected: mixdsp preset 1"),
        }
        let (line, named) = lines.next().unwrap_or((line + 1, ""));
        match named.strip_prefix(PROCESSOR).map(|key| key.trim() == processor) {
            Some(true) => {}
            Some(false) => return refuse(line, "for another processor"),
            None => return refuse(line, "expected: processor, and which"),
        }
        let first = line;
        for (line, text) in lines {
            let Some((key, value)) = split(text) else {
                return refuse(line, "expected: key = value");
            };
            if let Err(reason) = self.check_entry(key, value, sample_rate, &range) {
                return refuse(line, reason);
            }
            if self.keys(first, line).any(|earlier| earlier == key) {
                return refuse(line, "given twice");
            }
        }
        Ok(())
    }

    fn check_entry(
        &self,
        key: &str,
        text: &str,
        sample_rate: f64,
        range: impl Fn(&Row) -> (f64, f64),
    ) -> Result<(), &'static str> {
        if let Some(key) = key.strip_prefix(CONFIG) {
            let at = C::ROWS.iter().position(|row| row.key == key).ok_or("no such config value")?;
            let value = value_of(&C::ROWS[at], text, C::ROWS[at].range_at(sample_rate))?;
            let same = value == self.config.get(at);
            return if same { Ok(()) } else { Err("the unit was built with another value") };
        }
        let (_, row) = self.find(key).ok_or("no such parameter")?;
        value_of(row, text, range(row)).map(|_| ())
    }

    /// The keys of the lines between two.
    fn keys(&self, after: usize, before: usize) -> impl Iterator<Item = &str> {
        let between = lines(self.preset).skip_while(move |(line, _)| *line <= after);
        let between = between.take_while(move |(line, _)| *line < before);
        between.filter_map(|(_, text)| split(text).map(|(key, _)| key))
    }

    /// The parameter that a key names: `gain_db`, or `bands.3.gain_db`.
    fn find(&self, key: &str) -> Option<(Id, &'static Row)> {
        let Some((group, rest)) = key.split_once('.') else {
            let row = self.params.rows.iter().find(|row| row.key == key)?;
            return Some((row.id(), row));
        };
        let group = self.params.groups.iter().find(|it| it.key == group)?;
        let (item, key) = rest.split_once('.')?;
        let row = group.rows.iter().find(|row| row.key == key)?;
        // One way to write a number, so that a key given twice is seen.
        let plain = item == "0" || item.starts_with(|first: char| matches!(first, '1'..='9'));
        let item = item.parse::<u16>().ok().filter(|_| plain)?;
        ((item as usize) < group.items(self.config)).then(|| (row.id().at(item), row))
    }
}

/// The parameters of a preset that was checked.
impl<C: Table> Settings for Reader<'_, C> {
    fn each(&self, visit: &mut dyn FnMut(Id, f64)) {
        for (key, text) in lines(self.preset).filter_map(|(_, text)| split(text)) {
            if let Some((id, row)) = self.find(key)
                && let Ok(value) = value_of(row, text, (f64::NEG_INFINITY, f64::INFINITY))
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
