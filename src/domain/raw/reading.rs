//! Reading a field from any deserializer, where it is to stay.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::{Field, Raw};

impl<'de, T: Raw> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut field = Self::Absent;
        Place(&mut field).deserialize(deserializer)?;
        Ok(field)
    }
}

/// Where a field is read to.
pub(crate) struct Place<'a, T>(pub(crate) &'a mut Field<T>);

impl<'de, T: Raw> DeserializeSeed<'de> for Place<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// The whole number of a floating one, within the range that a double represents exactly.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be whole and in range")]
fn whole_number(value: f64) -> Option<u64> {
    (value.fract() == 0.0 && (0.0..9e15).contains(&value)).then_some(value as u64)
}

/// Well-formed, or malformed with its text.
fn field_of<T>(value: Option<T>, text: impl fmt::Display) -> Field<T> {
    value.map_or_else(|| Field::malformed(text.to_string()), Field::Present)
}

impl<'de, T: Raw> Visitor<'de> for Place<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        *self.0 = Field::from_text(text);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        *self.0 = field_of(T::from_bool(value), value);
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        *self.0 = field_of(T::from_integer(value), value);
        Ok(())
    }

    /// Deserializers give only negative numbers here.
    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        *self.0 = field_of(T::from_negative(value), value);
        Ok(())
    }

    /// `2.0` and `2e1` are integers, as in JSON Schema.
    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        let negative = || whole_number(-value).and_then(|number| T::from_negative(-number.cast_signed()));
        *self.0 = field_of(whole_number(value).and_then(T::from_integer).or_else(negative), value);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        *self.0 = field_of(T::from_null(), "");
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        T::map_into(self.0, map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        *self.0 = field_of(T::from_seq(seq)?, "");
        Ok(())
    }
}
