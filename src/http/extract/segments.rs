//! Deserialises named texts into a structure and reports the names of those that could not be parsed, which axum's path
//! extractor does not when a custom type refuses its text.

use std::fmt::{self, Display};

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

/// The name of a text that could not be parsed, and the error.
#[derive(Debug)]
pub(crate) struct SegmentError {
    pub(crate) name: Option<String>,
    pub(crate) message: String,
}

impl std::error::Error for SegmentError {}

impl Display for SegmentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl de::Error for SegmentError {
    fn custom<T: Display>(message: T) -> Self {
        Self { name: None, message: message.to_string() }
    }
}

/// Deserialises `T` from names and texts.
pub(crate) fn read<'a, T: DeserializeOwned>(
    pieces: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<T, SegmentError> {
    T::deserialize(PathSegments { pieces, current: None })
}

struct PathSegments<'a, I> {
    pieces: I,
    current: Option<(&'a str, &'a str)>,
}

impl<'de, 'a, I: Iterator<Item = (&'a str, &'a str)>> Deserializer<'de> for PathSegments<'a, I> {
    type Error = SegmentError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SegmentError> {
        visitor.visit_map(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, 'a, I: Iterator<Item = (&'a str, &'a str)>> MapAccess<'de> for PathSegments<'a, I> {
    type Error = SegmentError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, SegmentError> {
        self.current = self.pieces.next();
        let name = self.current.map(|(name, _)| name);
        name.map(|name| seed.deserialize(IntoDeserializer::<SegmentError>::into_deserializer(name))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, SegmentError> {
        let (name, text) = self.current.unwrap_or_default();
        seed.deserialize(PathSegment(text)).map_err(|fault| SegmentError { name: Some(name.to_owned()), ..fault })
    }
}

/// One text, which may be parsed as a number.
struct PathSegment<'a>(&'a str);

macro_rules! numbers {
    ($($ask:ident $visit:ident)+) => {$(
        fn $ask<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SegmentError> {
            visitor.$visit(self.0.parse().map_err(de::Error::custom)?)
        }
    )+};
}

impl<'de> Deserializer<'de> for PathSegment<'_> {
    type Error = SegmentError;

    numbers! { deserialize_u8 visit_u8 deserialize_u16 visit_u16 deserialize_u32 visit_u32 deserialize_u64 visit_u64 }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SegmentError> {
        visitor.visit_str(self.0)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, SegmentError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, SegmentError> {
        StrDeserializer::<SegmentError>::new(self.0).deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}
