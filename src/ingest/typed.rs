//! A table that a user types in: the text of each field.
//!
//! It is read like a sheet of the model: the same cells, the same headers, the same reader. So a form accepts what a
//! workbook accepts, and its findings map back to its fields.

use serde::{Deserialize, Serialize};

use super::json::syntax_finding;
use super::workbook::table::{CellAddress, TableFull, Value};
use super::workbook::{Model, Table, too_large};
use crate::domain::finding::{Finding, FindingPlace};

/// The mask of a number that was typed and is not displayed again.
pub const TYPED: &str = "saisi";

/// A table with its initial headers.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Typed {
    /// The headers of the columns.
    pub headers: Vec<String>,
    /// The rows, each with a text for every column.
    pub rows: Vec<Vec<String>>,
}

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Typed({} rows)", self.rows.len())
    }
}

impl Typed {
    /// Parses the bytes of [`Typed::write`].
    pub fn read(bytes: &[u8]) -> Result<Self, Finding> {
        serde_json::from_slice(bytes).map_err(|error| syntax_finding(&error))
    }

    /// Serialises to bytes.
    pub fn write(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }

    /// Whether every field is empty.
    pub fn is_blank(&self) -> bool {
        self.rows.iter().flatten().all(|text| text.trim().is_empty())
    }

    /// Masks column `secret`, except for words: its numbers are not displayed again.
    pub fn masked(mut self, secret: Option<usize>) -> Self {
        for text in self.rows.iter_mut().filter_map(|row| row.get_mut(secret?)) {
            if text.contains(|c: char| c.is_ascii_digit()) {
                TYPED.clone_into(text);
            }
        }
        self
    }

    /// Replaces masks by the values of `kept`, where it has the same line.
    pub fn restored(mut self, stored: &Self, secret: Option<usize>) -> Self {
        let Some(secret) = secret else { return self };
        for (row, stored) in self.rows.iter_mut().zip(&stored.rows) {
            let same = row.first().map(|text| text.trim()) == stored.first().map(|text| text.trim());
            if let (true, Some(text), Some(stored)) = (same, row.get_mut(secret), stored.get(secret))
                && text.trim() == TYPED
            {
                text.clone_from(stored);
            }
        }
        self
    }

    /// Row and column of a place, if it is in a row.
    pub fn field_of(place: &FindingPlace) -> Option<(usize, usize)> {
        let (_, address) = place.cell.as_deref()?.rsplit_once('!')?;
        let (row, column) = CellAddress::parse(address)?.parts();
        Some((usize::try_from(row.checked_sub(1)?).ok()?, usize::from(column)))
    }

    /// As a sheet of the model: the headers in the first row.
    pub(super) fn table(&self, model: &Model) -> Result<Table, Finding> {
        let mut table = Table::new(model.sheet);
        let rows = (0..).zip(std::iter::once(&self.headers).chain(&self.rows));
        for (row, texts) in rows {
            for (column, text) in (0..).zip(texts) {
                table.push(row, column, Value::Text(text)).map_err(|TableFull| too_large())?;
            }
        }
        Ok(table)
    }
}
