//! Recipes in whatever serde reads and writes. Feature `serde`.

use super::Recipe;
use super::value::Value;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

/// The largest whole number that every form holds.
const LARGEST_WHOLE: f64 = 9_007_199_254_740_992.0;

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Nothing => to.serialize_none(),
            Value::Switch(on) => to.serialize_bool(*on),
            // TOML and JSON tell 4 from 4.0; people write 4.
            Value::Number(number) if libm::trunc(*number) == *number && number.abs() < LARGEST_WHOLE => {
                if *number == 0.0 && number.is_sign_negative() {
                    return to.serialize_f64(*number);
                }
                to.serialize_i64(*number as i64)
            }
            Value::Number(number) if number.is_finite() => to.serialize_f64(*number),
            Value::Number(_) => Err(ser::Error::custom("a number that is not finite")),
            Value::Text(text) | Value::Word(text) => to.serialize_str(text),
            Value::List(list) => to.collect_seq(list),
            Value::Map(map) => to.collect_map(map.iter().map(|(key, value)| (key, value))),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> de::Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a recipe")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }
    fn visit_bool<E>(self, on: bool) -> Result<Value, E> {
        Ok(Value::Switch(on))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.into()))
    }
    fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element()? {
            list.push(value);
        }
        Ok(Value::List(list))
    }
    fn visit_map<A: de::MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map: Vec<(String, Value)> = Vec::new();
        while let Some((key, value)) = access.next_entry::<String, Value>()? {
            if map.iter().any(|(known, _)| *known == key) {
                return Err(de::Error::custom(alloc::format!("{key} is given twice")));
            }
            map.push((key, value));
        }
        Ok(Value::Map(map))
    }
}

impl Serialize for Recipe {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.write().serialize(to)
    }
}

impl<'de> Deserialize<'de> for Recipe {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Recipe::read(&Value::deserialize(from)?).map_err(de::Error::custom)
    }
}
