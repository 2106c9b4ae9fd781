//! The columns of a model with the properties of its records: one table by which a sheet is read, typed in and written.

use std::borrow::Cow;

use jiff::civil::Date;

use super::sheet::Column;
use super::table::{Table, Value};
use crate::domain::money::Cents;
use crate::domain::raw::{Field, TimeOfDay};
use crate::domain::staff::raw::Hundredths;

/// A column of a model, with the conversions between its cells and the records `R`.
pub struct Property<R> {
    /// Its header and the property's name in the document.
    pub column: Column,
    /// Its width in characters.
    pub width: f64,
    /// The format of its cells.
    pub look: CellFormat,
    /// The note for users who fill it in, beside its header.
    pub note: Option<&'static str>,
    /// Reads a cell into the record.
    pub read: fn(&mut R, &Table, Value<'_>),
    /// The record's value.
    pub show: fn(&R) -> CellContent<'_>,
}

/// The format of a column's cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellFormat {
    /// Words, also when they are digits.
    Text,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// Euros, or another number with two decimals.
    Amount,
}

/// A record's value in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellContent<'a> {
    /// Nothing.
    Nothing,
    /// Text, or a malformed value unchanged.
    Text(Cow<'a, str>),
    /// A day.
    Date(Date),
    /// A time of day.
    Time(TimeOfDay),
    /// Euros, or another number with two decimals.
    Amount(Cents),
}

impl<'a> CellContent<'a> {
    /// A field: well-formed ones formatted by `present`, malformed ones unchanged.
    pub fn of<T>(field: &'a Field<T>, present: impl Fn(&'a T) -> Self) -> Self {
        match field {
            Field::Present(value) => present(value),
            Field::Malformed(text) => Self::Text((&***text).into()),
            Field::Absent => Self::Nothing,
        }
    }

    /// A field that is words.
    pub fn words<T>(field: &'a Field<T>, text: impl Fn(&'a T) -> &'a str) -> Self {
        Self::of(field, |value| Self::Text(text(value).into()))
    }

    /// A field that is a day.
    pub fn date(field: &'a Field<Date>) -> Self {
        Self::of(field, |date| Self::Date(*date))
    }

    /// A field that is a time of day.
    pub fn time(field: &'a Field<TimeOfDay>) -> Self {
        Self::of(field, |time| Self::Time(*time))
    }

    /// A field that is an amount.
    pub fn amount(field: &'a Field<Cents>) -> Self {
        Self::of(field, |amount| Self::Amount(*amount))
    }

    /// A field that is a part of a full-time equivalent.
    pub fn of_hundredths(field: &'a Field<Hundredths>) -> Self {
        Self::of(field, |part| Self::Amount(Cents(part.0.into())))
    }

    /// In the format of typed fields.
    pub fn typed(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) => text.to_string(),
            Self::Date(date) => date.strftime("%d/%m/%Y").to_string(),
            Self::Time(time) => String::from(*time),
            Self::Amount(amount) => amount.to_string(),
        }
    }
}

/// The columns of several properties.
pub fn columns<R>(properties: &[Property<R>]) -> Vec<Column> {
    properties.iter().map(|property| property.column).collect()
}

/// A record as a row of texts, in the format of typed fields.
pub fn typed<R>(properties: &[Property<R>], record: &R) -> Vec<String> {
    properties.iter().map(|property| (property.show)(record).typed()).collect()
}
