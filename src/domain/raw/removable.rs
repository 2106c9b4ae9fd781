//! The properties of a merge patch (RFC 7396): absent, changed or removed.

use serde::{Serialize, Serializer};

use super::{Field, Raw};

/// An optional property in a merge patch (RFC 7396).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removable<T> {
    /// The new value.
    Set(T),
    /// It is removed: `null`.
    Removed,
}

impl<T: Raw> Raw for Removable<T> {
    fn from_text(text: &str) -> Option<Self> {
        T::from_text(text).map(Self::Set)
    }

    fn from_null() -> Option<Self> {
        Some(Self::Removed)
    }
}

impl<T: Serialize> Serialize for Removable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Set(value) => value.serialize(serializer),
            Self::Removed => serializer.serialize_none(),
        }
    }
}

/// A property of a merge patch.
pub trait PatchField<T> {
    /// The property after the patch; `before` is its present value.
    fn over(self, before: Field<T>) -> Field<T>;
}

impl<T> PatchField<T> for Field<T> {
    fn over(self, before: Self) -> Self {
        if self.is_absent() { before } else { self }
    }
}

impl<T> PatchField<T> for Field<Removable<T>> {
    fn over(self, before: Field<T>) -> Field<T> {
        match self {
            Self::Absent => before,
            Self::Malformed(text) => Field::Malformed(text),
            Self::Present(Removable::Set(value)) => Field::Present(value),
            Self::Present(Removable::Removed) => Field::Absent,
        }
    }
}
