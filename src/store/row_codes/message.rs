//! What a code covers: the name of the table and the values of the columns, in an unambiguous encoding.

use sqlx::{ColumnIndex, Database, Decode, Row, Type};

use super::tables::ColumnKind;
use crate::store::sql_value::SqlValue;

/// The bytes that a code covers. Each value is prefixed by its kind and its length, so that no two rows have the same
/// encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct CodeMessage(Vec<u8>);

impl CodeMessage {
    /// Of a row of this table. The values are added in the order of the table's columns.
    pub(in crate::store) fn of(table: &str) -> Self {
        Self(Vec::with_capacity(512)).text(table)
    }

    /// Of a row that belongs to another one.
    pub(in crate::store) fn part() -> Self {
        Self(Vec::with_capacity(128))
    }

    pub(in crate::store) fn text<'a>(self, text: impl Into<Option<&'a str>>) -> Self {
        self.value(1, text.into().map(str::as_bytes))
    }

    pub(in crate::store) fn int(self, number: impl Into<Option<i64>>) -> Self {
        let number = number.into().map(i64::to_le_bytes);
        self.value(2, number.as_ref().map(<[u8; 8]>::as_slice))
    }

    pub(in crate::store) fn blob<'a>(self, bytes: impl Into<Option<&'a [u8]>>) -> Self {
        self.value(3, bytes.into())
    }

    /// Adds values that are written to columns.
    pub(in crate::store) fn values(self, values: &[SqlValue]) -> Self {
        values.iter().fold(self, |message, value| match value {
            SqlValue::Text(text) => message.text(text.as_deref()),
            SqlValue::Number(number) => message.int(*number),
            SqlValue::Bytes(bytes) => message.blob(bytes.as_deref()),
        })
    }

    /// Adds the rows that belong to this one, sorted.
    pub(in crate::store) fn parts(mut self, mut parts: Vec<Self>) -> Self {
        parts.sort_by(|one, other| one.0.cmp(&other.0));
        self.0.push(4);
        self.0.extend((parts.len() as u64).to_le_bytes());
        parts.into_iter().fold(self, |message, part| message.value(3, Some(&part.0)))
    }

    /// Adds the column at `index` of a row.
    pub(in crate::store) fn column<R>(self, row: &R, index: usize, kind: ColumnKind) -> Result<Self, sqlx::Error>
    where
        R: Row,
        usize: ColumnIndex<R>,
        for<'r> Option<String>: Decode<'r, R::Database> + Type<R::Database>,
        for<'r> Option<i64>: Decode<'r, R::Database> + Type<R::Database>,
        for<'r> Option<Vec<u8>>: Decode<'r, R::Database> + Type<R::Database>,
        R::Database: Database,
    {
        Ok(match kind {
            ColumnKind::Text => self.text(row.try_get::<Option<String>, _>(index)?.as_deref()),
            ColumnKind::Int => self.int(row.try_get::<Option<i64>, _>(index)?),
            ColumnKind::Blob => self.blob(row.try_get::<Option<Vec<u8>>, _>(index)?.as_deref()),
        })
    }

    pub(in crate::store) fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn value(mut self, kind: u8, value: Option<&[u8]>) -> Self {
        match value {
            Some(bytes) => {
                self.0.push(kind);
                self.0.extend((bytes.len() as u64).to_le_bytes());
                self.0.extend(bytes);
            }
            None => self.0.push(0),
        }
        self
    }
}
