//! Lists in documents: of items, and of chosen codes.

use std::fmt;

use serde::de::{IgnoredAny, SeqAccess};
use serde::{Serialize, Serializer};

use super::{Field, JsonCursor, Place, Raw};

/// A choice of at least one and at most `MAX` codes or ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice<T, const MAX: usize>(pub Vec<T>);

impl<T: Raw, const MAX: usize> Raw for Choice<T, MAX> {
    fn from_seq<'de, A: SeqAccess<'de>>(seq: A) -> Result<Option<Self>, A::Error> {
        let Some(List(items)) = List::<T, MAX, 0>::from_seq(seq)? else { return Ok(None) };
        let chosen = items.into_iter().map(Field::take).collect::<Option<Vec<_>>>();
        Ok(chosen.map(Self).filter(Self::is_clean))
    }

    fn is_clean(&self) -> bool {
        (1..=MAX).contains(&self.0.len())
    }
}

impl<T: fmt::Display, const MAX: usize> Serialize for Choice<T, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(ToString::to_string))
    }
}

/// How many items a list has room for before it grows: a child's days of a month.
const USUAL_ITEMS: usize = 31;

/// At least `MIN` and at most `MAX` items. A longer list is malformed; one item too many is stored as evidence, the
/// rest is parsed and dropped, so that a list of millions costs no memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct List<T, const MAX: usize, const MIN: usize = 0>(pub Vec<Field<T>>);

impl<T, const MAX: usize, const MIN: usize> Default for List<T, MAX, MIN> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Raw, const MAX: usize, const MIN: usize> Raw for List<T, MAX, MIN> {
    fn from_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Option<Self>, A::Error> {
        let mut items = Vec::with_capacity(MAX.min(USUAL_ITEMS));
        while items.len() <= MAX {
            items.push(Field::Absent);
            let place = items.last_mut().expect("one was just added");
            if seq.next_element_seed(Place(place))?.is_none() {
                items.pop();
                return Ok(Some(Self(items)));
            }
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Some(Self(items)))
    }

    fn read_into(place: &mut Field<Self>, cursor: &mut JsonCursor<'_>) -> Option<()> {
        let items = &mut place.begin().0;
        items.reserve(MAX.min(USUAL_ITEMS));
        cursor.array(|cursor| {
            if items.len() == MAX {
                return None;
            }
            items.push(Field::Absent);
            T::read_into(items.last_mut()?, cursor)
        })
    }

    fn is_clean(&self) -> bool {
        (MIN..=MAX).contains(&self.0.len()) && self.0.iter().all(|item| item.is_clean(true))
    }
}
