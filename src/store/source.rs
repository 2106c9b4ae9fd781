//! From raw columns to typed values; an error names the table, column and row.

use std::str::FromStr;

use jiff::Timestamp;

use super::error::Error;

/// The row that values come from.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowSource<'a> {
    pub(super) table: &'static str,
    pub(super) id: &'a str,
}

impl RowSource<'_> {
    /// Parses a text.
    pub(super) fn text<T: FromStr>(self, column: &'static str, text: &str) -> Result<T, Error> {
        text.parse().map_err(|_| self.corrupt(column))
    }

    /// As [`Self::text`], for a nullable column.
    pub(super) fn optional<T: FromStr>(self, column: &'static str, text: Option<&str>) -> Result<Option<T>, Error> {
        text.map(|text| self.text(column, text)).transpose()
    }

    /// A number within the bounds of its type.
    pub(super) fn number<T: TryFrom<i64>>(self, column: &'static str, number: i64) -> Result<T, Error> {
        number.try_into().map_err(|_| self.corrupt(column))
    }

    /// An instant.
    pub(super) fn instant(self, column: &'static str, millis: i64) -> Result<Timestamp, Error> {
        Timestamp::from_millisecond(millis).map_err(|_| self.corrupt(column))
    }

    /// As [`Self::instant`], for a nullable column.
    pub(super) fn maybe_instant(self, column: &'static str, millis: Option<i64>) -> Result<Option<Timestamp>, Error> {
        millis.map(|millis| self.instant(column, millis)).transpose()
    }

    /// The error of a value that the gateway never writes.
    pub(super) fn corrupt(self, column: &'static str) -> Error {
        Error::Corrupt { table: self.table, column, id: self.id.to_owned() }
    }
}

/// Converts every row.
pub(super) fn all<Row, T: TryFrom<Row, Error = Error>>(rows: Vec<Row>) -> Result<Vec<T>, Error> {
    rows.into_iter().map(T::try_from).collect()
}

/// Converts the row, if there is one.
pub(super) fn optional<Row, T: TryFrom<Row, Error = Error>>(row: Option<Row>) -> Result<Option<T>, Error> {
    row.map(T::try_from).transpose()
}
