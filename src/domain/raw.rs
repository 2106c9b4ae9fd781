//! A document before validation: every field is present, absent or malformed.
//!
//! JSON, workbook and form all become the same raw value. It deserialises from anything that is syntactically a
//! document: a wrong type, an unknown property or an impossible date never stops the parsing, so that one error
//! hides no other. Only ambiguous texts are refused as a whole: broken syntax, and a property given twice.

mod json_cursor;
mod list;
mod paragraph;
mod reading;
mod removable;
mod scalar;

use std::fmt;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

pub use self::json_cursor::{JsonCursor, read_plain};
pub use self::list::{Choice, List};
pub use self::paragraph::Paragraph;
pub(crate) use self::reading::Place;
pub use self::removable::{PatchField, Removable};
pub use self::scalar::{Flag, TimeOfDay};
use super::text::is_unprintable;

/// A field of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// Absent.
    #[default]
    Absent,
    /// Present, with a value of another shape; a scalar's text is stored so that the schema can validate it.
    Malformed(Box<MalformedText>),
    /// Present and well-formed.
    Present(T),
}

/// The text of a malformed value. Boxed once more in a [`Field`], so that fields are small: most values are well-formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MalformedText(Box<str>);

impl Deref for MalformedText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MalformedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<T> Field<T> {
    /// A malformed value with this text.
    pub fn malformed(text: impl Into<Box<str>>) -> Self {
        Self::Malformed(Box::new(MalformedText(text.into())))
    }

    /// The well-formed value, if there is one.
    pub const fn get(&self) -> Option<&T> {
        match self {
            Self::Present(value) => Some(value),
            _ => None,
        }
    }

    /// Whether nothing was sent.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The well-formed value, taken out.
    pub fn take(self) -> Option<T> {
        match self {
            Self::Present(value) => Some(value),
            _ => None,
        }
    }
}

impl<T: Default> Field<T> {
    /// Makes it present, with the value that nothing was read into yet.
    pub(crate) fn begin(&mut self) -> &mut T {
        *self = Self::Present(T::default());
        match self {
            Self::Present(value) => value,
            Self::Absent | Self::Malformed(_) => unreachable!("it was just made present"),
        }
    }
}

impl<T: Raw> Field<T> {
    /// A text as a field: present when it is well-formed.
    pub fn from_text(text: &str) -> Self {
        T::from_text(text).map_or_else(|| Self::malformed(text), Self::Present)
    }

    /// Whether the published schema accepts it: well-formed all the way down, or absent where it may be.
    pub fn is_clean(&self, required: bool) -> bool {
        match self {
            Self::Absent => !required,
            Self::Malformed(_) => false,
            Self::Present(value) => value.is_clean(),
        }
    }
}

impl<T> From<Option<T>> for Field<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Present)
    }
}

/// The type of a field's value. Each type accepts its own shapes; all others are malformed.
pub trait Raw: Sized {
    /// From a string.
    fn from_text(_: &str) -> Option<Self> {
        None
    }

    /// From `true` or `false`.
    fn from_bool(_: bool) -> Option<Self> {
        None
    }

    /// From a whole number.
    fn from_integer(_: u64) -> Option<Self> {
        None
    }

    /// From a negative whole number.
    fn from_negative(_: i64) -> Option<Self> {
        None
    }

    /// From `null`.
    fn from_null() -> Option<Self> {
        None
    }

    /// From an object, read where it is to stay: records are large.
    fn map_into<'de, A: MapAccess<'de>>(place: &mut Field<Self>, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        *place = Field::malformed("");
        Ok(())
    }

    /// From an array.
    fn from_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Option<Self>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    /// From a JSON text, read where it is to stay; `None` where it is not plainly well-formed.
    fn read_into(place: &mut Field<Self>, cursor: &mut JsonCursor<'_>) -> Option<()> {
        *place = Field::Present(cursor.scalar()?);
        Some(())
    }

    /// Whether the published schema accepts it.
    fn is_clean(&self) -> bool {
        true
    }
}

impl Raw for bool {
    /// `true` only: `false` would mean the same as leaving the property out.
    fn from_bool(value: bool) -> Option<Self> {
        value.then_some(value)
    }
}

/// A text of 1 to `MAX` characters, without white space at either end, each of them printable ([`is_unprintable`]).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Label<const MAX: usize>(pub String);

impl<const MAX: usize> Raw for Label<MAX> {
    fn from_text(text: &str) -> Option<Self> {
        is_label(text, MAX).then(|| Self(text.to_owned()))
    }
}

/// One to `max` characters, trimmed, each of which is visible or white space.
pub(crate) fn is_label(text: &str, max: usize) -> bool {
    let is_trimmed = !text.starts_with(char::is_whitespace) && !text.ends_with(char::is_whitespace);
    is_trimmed && !text.is_empty() && is_shown(text, max)
}

/// At most `max` characters, each of which is visible or white space.
fn is_shown(text: &str, max: usize) -> bool {
    // Most texts are ASCII, of which the visible characters and the space are one range.
    if text.is_ascii() {
        return text.len() <= max && text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    }
    text.chars().count() <= max && !text.contains(is_unprintable)
}

/// The text without the white space around it, when it has one to `max` characters with it, each of which is visible
/// or white space.
pub(crate) fn trimmed(text: &str, max: usize) -> Option<&str> {
    Some(text.trim()).filter(|trimmed| !trimmed.is_empty() && is_shown(text, max))
}

impl<T: Serialize> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent => serializer.serialize_none(),
            Self::Malformed(text) => serializer.serialize_str(text),
            Self::Present(value) => value.serialize(serializer),
        }
    }
}

/// Declares a record of a document: its properties, which of them are required, and how it is read and written.
///
/// ```ignore
/// record! {
///     /// One child.
///     pub struct RawLine {
///         /// The vendor's own name for the child.
///         required reference "reference": Reference,
///         /// National number.
///         optional ssin "ssin": SsinText,
///     }
/// }
/// ```
macro_rules! record {
    ($(#[$doc:meta])* pub struct $name:ident {
        $($(#[$field_doc:meta])* $need:ident $field:ident $property:literal: $type:ty,)+
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Default)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $crate::domain::raw::Field<$type>,)+
            /// Whether there were properties that the schema does not have.
            pub unknown: bool,
        }

        impl $crate::domain::raw::Raw for $name {
            fn map_into<'de, A: serde::de::MapAccess<'de>>(
                place: &mut $crate::domain::raw::Field<Self>,
                mut map: A,
            ) -> Result<(), A::Error> {
                let record = place.begin();
                while let Some(property) = map.next_key::<$crate::domain::raw::Property>()? {
                    match property.as_str() {
                        $($property => {
                            if !record.$field.is_absent() {
                                return Err($crate::domain::raw::repeated_property($property));
                            }
                            map.next_value_seed($crate::domain::raw::Place(&mut record.$field))?;
                        })+
                        _ => {
                            record.unknown = true;
                            map.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(())
            }

            fn read_into(
                place: &mut $crate::domain::raw::Field<Self>,
                cursor: &mut $crate::domain::raw::JsonCursor<'_>,
            ) -> Option<()> {
                let record = place.begin();
                cursor.object(|cursor, property| match property {
                    $($property => cursor.property(&mut record.$field),)+
                    _ => None,
                })
            }

            fn is_clean(&self) -> bool {
                !self.unknown $(&& self.$field.is_clean($crate::domain::raw::required!($need)))+
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                $(if !self.$field.is_absent() { map.serialize_entry($property, &self.$field)?; })+
                map.end()
            }
        }
    };
}

macro_rules! required {
    (required) => {
        true
    };
    (optional) => {
        false
    };
}
pub(crate) use {record, required};

/// The marker by which the parser of a JSON text distinguishes this error from broken syntax.
pub const TWICE: &str = "property given twice: ";

/// The error for a property that an object has twice: it is ambiguous which of the two was meant.
pub(crate) fn repeated_property<E: serde::de::Error>(property: &str) -> E {
    E::custom(format_args!("{TWICE}{property}"))
}

/// A property's name, borrowed from the document where it can be.
pub(crate) struct Property<'de>(std::borrow::Cow<'de, str>);

impl Property<'_> {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Property<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl<'de> Visitor<'de> for Name {
            type Value = Property<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a property's name")
            }
            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Property<'de>, E> {
                Ok(Property(name.into()))
            }
            fn visit_str<E>(self, name: &str) -> Result<Property<'de>, E> {
                Ok(Property(name.to_owned().into()))
            }
        }
        deserializer.deserialize_str(Name)
    }
}
