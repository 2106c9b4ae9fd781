//! The cells of one sheet: only those with a value, row by row.

use std::fmt;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use super::model::is_blank;

/// The most cells a sheet may fill: ten times the largest statement.
pub const MAX_CELLS: usize = 250_000;
/// The most bytes of text in the cells of a sheet in total.
pub const MAX_TEXT: usize = 8 << 20;
/// The most bytes of text stored of one cell; a spreadsheet program allows 32 767 characters.
const MAX_CELL_TEXT: usize = 32_767;
/// Columns of a sheet.
pub const MAX_COLUMN: u32 = 16_384;
/// Rows of a sheet.
pub const MAX_ROW: u32 = 1_048_576;

/// One sheet.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Table {
    /// The sheet's name.
    pub sheet: String,
    /// The model's version, or a reference to its cell, in the workbook's defined name.
    pub version: Option<String>,
    /// Whether days are counted from 1904 instead of 1900.
    pub from_1904: bool,
    /// Whether it is a text, whose lines were split at a separator: a value that contains it is several cells.
    #[serde(default)]
    pub is_delimited: bool,
    /// The merged cells.
    pub merged: Vec<MergedCells>,
    /// Other visible sheets of the workbook with tables of the requested models.
    #[serde(default)]
    pub unread: Vec<UnreadSheet>,
    /// The text of every cell, one after the other.
    text: String,
    cells: Vec<Cell>,
}

/// A sheet with a table of a model that is not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadSheet {
    /// Its name.
    pub name: String,
    /// Whether its table is that of the sheet which is read, and not that of a missing sheet.
    pub is_the_same: bool,
}

/// A cell with a value.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Cell {
    /// The row, from 0.
    pub row: u32,
    /// The column, from 0.
    pub column: u16,
    content: Content,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum Content {
    #[serde(rename = "t")]
    Text(u32, u32),
    #[serde(rename = "n")]
    Number(f64),
    #[serde(rename = "d")]
    Moment(f64),
    #[serde(rename = "b")]
    Bool(bool),
    #[serde(rename = "e")]
    Error(u32, u32),
}

/// The value of a cell. Of a formula, its last result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Words.
    Text(&'a str),
    /// A number.
    Number(f64),
    /// A number formatted as a date or a time: days since the sheet's epoch.
    Moment(f64),
    /// True or false.
    Bool(bool),
    /// An error of a formula, as it is displayed (`#REF!`).
    Error(&'a str),
}

/// The sheet has more than any statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableFull;

impl Table {
    /// An empty sheet.
    pub fn new(sheet: &str) -> Self {
        Self { sheet: sheet.to_owned(), ..Self::default() }
    }

    /// Adds a cell; blank texts are dropped.
    pub fn push(&mut self, row: u32, column: u32, value: Value<'_>) -> Result<(), TableFull> {
        let Some(column) = u16::try_from(column).ok().filter(|column| u32::from(*column) < MAX_COLUMN) else {
            return Err(TableFull);
        };
        let content = match value {
            Value::Text(text) if is_blank(text) => return Ok(()),
            Value::Text(text) => self.push_text(text, Content::Text)?,
            Value::Number(number) if number.is_finite() => Content::Number(number),
            Value::Moment(days) if days.is_finite() => Content::Moment(days),
            Value::Number(_) | Value::Moment(_) => self.push_text("#NUM!", Content::Error)?,
            Value::Bool(truth) => Content::Bool(truth),
            Value::Error(error) => self.push_text(error, Content::Error)?,
        };
        if self.cells.len() >= MAX_CELLS || row >= MAX_ROW {
            return Err(TableFull);
        }
        self.cells.push(Cell { row, column, content });
        Ok(())
    }

    fn push_text(&mut self, text: &str, content: fn(u32, u32) -> Content) -> Result<Content, TableFull> {
        let text = &text[..text.floor_char_boundary(MAX_CELL_TEXT)];
        if self.text.len() + text.len() > MAX_TEXT {
            return Err(TableFull);
        }
        let from = u32::try_from(self.text.len()).map_err(|_| TableFull)?;
        self.text.push_str(text);
        let to = u32::try_from(self.text.len()).map_err(|_| TableFull)?;
        Ok(content(from, to))
    }

    /// Sorts the cells; of two at one address the first stays. To be called after the last one.
    pub fn sort_cells(&mut self) {
        let at = |cell: &Cell| (cell.row, cell.column);
        if !self.cells.is_sorted_by(|one, other| at(one) < at(other)) {
            self.cells.sort_by_key(at);
            self.cells.dedup_by_key(|cell| at(cell));
        }
    }

    /// Whether a table from another process is sound: every text is within the text.
    pub fn is_sound(&self) -> bool {
        self.cells.iter().all(|cell| match cell.content {
            Content::Text(from, to) | Content::Error(from, to) => self.text.get(from as usize..to as usize).is_some(),
            _ => u32::from(cell.column) < MAX_COLUMN && cell.row < MAX_ROW,
        })
    }

    /// Every cell, row by row.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The rows with values, each with its cells.
    pub fn rows(&self) -> impl Iterator<Item = &[Cell]> {
        self.cells.chunk_by(|one, other| one.row == other.row)
    }

    /// The value of the cell.
    pub fn value(&self, cell: &Cell) -> Value<'_> {
        let text = |from: u32, to: u32| self.text.get(from as usize..to as usize).unwrap_or_default();
        match cell.content {
            Content::Text(from, to) => Value::Text(text(from, to)),
            Content::Number(number) => Value::Number(number),
            Content::Moment(days) => Value::Moment(days),
            Content::Bool(truth) => Value::Bool(truth),
            Content::Error(from, to) => Value::Error(text(from, to)),
        }
    }

    /// The value of the cell at an address, if it has one.
    pub fn at(&self, row: u32, column: u16) -> Option<Value<'_>> {
        let at = self.cells.binary_search_by_key(&(row, column), |cell| (cell.row, cell.column)).ok()?;
        self.cells.get(at).map(|cell| self.value(cell))
    }

    /// The version of the model in the workbook: the defined name's own text, or that of the cell of this
    /// sheet to which it refers.
    pub fn named_version(&self) -> Option<String> {
        let meaning = self.version.as_deref()?.trim().trim_start_matches('=');
        if let Some(text) = meaning.strip_prefix('"') {
            return Some(text.trim_end_matches('"').trim().to_owned());
        }
        let (sheet, cell) = meaning.rsplit_once('!')?;
        let sheet = sheet.trim_matches('\'').replace("''", "'");
        let (row, column) = CellAddress::parse(&cell.replace('$', ""))?.parts();
        match self.at(row, column).filter(|_| sheet == self.sheet)? {
            Value::Text(text) => Some(text.trim().to_owned()),
            other => Some(other.to_string()),
        }
    }

    /// The date of a number of this sheet; nothing when it has a time of day as well.
    /// Within a minute of midnight it is that day: programs round dates to fractions of a second.
    pub fn day(&self, days: f64) -> Option<Date> {
        let whole = days.round();
        ((days - whole).abs() < MINUTE).then(|| day_of(self.in_1900_system(whole)))?
    }

    /// The day and the minute of a number of this sheet.
    pub fn date_time(&self, days: f64) -> Option<(Date, Time)> {
        let minutes = (self.in_1900_system(days) / MINUTE).round();
        let day = day_of((minutes * MINUTE + MINUTE / 2.0).floor())?;
        let minute = minutes.rem_euclid(1.0 / MINUTE);
        #[expect(clippy::cast_possible_truncation, reason = "less than the minutes of a day")]
        let (hour, minute) = ((minute / 60.0).floor() as i8, (minute % 60.0) as i8);
        Time::new(hour, minute, 0, 0).ok().map(|time| (day, time))
    }

    fn in_1900_system(&self, days: f64) -> f64 {
        if self.from_1904 { days + 1462.0 } else { days }
    }
}

/// A minute, in days.
const MINUTE: f64 = 1.0 / 1440.0;

/// A serial day of the 1900 system as a date. Day 60 is 29 February 1900, which does not exist.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked just before")]
fn day_of(days: f64) -> Option<Date> {
    if !(1.0..2_958_466.0).contains(&days) {
        return None;
    }
    let days = days.floor() as i32;
    let days = if days < 60 { days + 1 } else { days };
    Date::constant(1899, 12, 30).checked_add(jiff::Span::new().days(days)).ok()
}

/// A date as a serial day of the 1900 system.
pub fn serial_of(date: Date) -> f64 {
    let days = date.since(Date::constant(1899, 12, 30)).map_or(0, |span| span.get_days());
    f64::from(if days < 61 { days - 1 } else { days })
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Error(text) => f.write_str(text),
            Self::Number(number) | Self::Moment(number) => write!(f, "{number}"),
            Self::Bool(truth) => f.write_str(if *truth { "VRAI" } else { "FAUX" }),
        }
    }
}

/// The address of a cell (`H12`), counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CellAddress {
    row: u32,
    column: u16,
}

impl CellAddress {
    /// The cell of this row and column.
    pub const fn new(row: u32, column: u16) -> Self {
        Self { row, column }
    }

    /// Row and column.
    pub const fn parts(self) -> (u32, u16) {
        (self.row, self.column)
    }

    /// Parses `H12`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.find(|character: char| character.is_ascii_digit())?;
        let (letters, number) = text.split_at(digits);
        let mut column = 0_u16;
        for letter in letters.bytes() {
            let place = letter.to_ascii_uppercase().checked_sub(b'A').filter(|place| *place < 26)?;
            column = column.checked_mul(26)?.checked_add(u16::from(place) + 1)?;
        }
        let row: u32 = number.parse().ok()?;
        Some(Self { row: row.checked_sub(1).filter(|row| *row < MAX_ROW)?, column: column.checked_sub(1)? })
    }
}

/// Cells merged into one: the value of the first is displayed for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedCells {
    /// The upper left cell, which has the value.
    pub first: CellAddress,
    /// The lower right cell.
    pub last: CellAddress,
}

impl MergedCells {
    /// Parses `J4:N4`.
    pub fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once(':')?;
        Some(Self { first: CellAddress::parse(first)?, last: CellAddress::parse(last)? })
    }

    /// Whether the cell at this row and column is one of them.
    pub fn contains(&self, row: u32, column: u16) -> bool {
        (self.first.row..=self.last.row).contains(&row) && (self.first.column..=self.last.column).contains(&column)
    }
}

impl fmt::Display for MergedCells {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.first, self.last)
    }
}

impl fmt::Display for CellAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = [0_u8; 4];
        let (mut rest, mut from) = (u32::from(self.column) + 1, letters.len());
        while rest > 0 && from > 0 {
            from -= 1;
            letters[from] = b'A' + u8::try_from((rest - 1) % 26).unwrap_or_default();
            rest = (rest - 1) / 26;
        }
        f.write_str(std::str::from_utf8(&letters[from..]).unwrap_or_default())?;
        write!(f, "{}", self.row + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_written_as_spreadsheets_do() {
        for (text, row, column) in [("A1", 0, 0), ("Z9", 8, 25), ("AA10", 9, 26), ("AMJ1048576", 1_048_575, 1023)] {
            assert_eq!(CellAddress::new(row, column).to_string(), text);
            assert_eq!(CellAddress::parse(text), Some(CellAddress::new(row, column)));
        }
        for text in ["", "A", "1", "A0", "A1048577", "é1", "ZZZZZZZ1"] {
            assert_eq!(CellAddress::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn serial_days_are_dates_in_both_systems() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        let table = |from_1904| Table { from_1904, ..Table::default() };
        for (days, expected) in
            [(1.0, "1900-01-01"), (59.0, "1900-02-28"), (61.0, "1900-03-01"), (46_296.0, "2026-10-01")]
        {
            assert_eq!(table(false).day(days), Some(date(expected)));
            assert!((serial_of(date(expected)) - days.floor()).abs() < f64::EPSILON);
        }
        for (days, expected) in
            [(46_295.999_49, Some("2026-10-01")), (46_296.000_5, Some("2026-10-01")), (46_296.75, None)]
        {
            assert_eq!(table(false).day(days), expected.map(date), "{days}");
        }
        let evening = table(false).date_time(46_296.916_666_666_67);
        assert_eq!(evening, Some((date("2026-10-01"), jiff::civil::time(22, 0, 0, 0))));
        assert_eq!(table(true).day(46_296.0 - 1462.0), Some(date("2026-10-01")));
        for days in [0.0, -1.0, 20_261_001.0] {
            assert_eq!(table(false).day(days), None);
        }
    }
}
