//! The attendance model: a row a child, a column a day.

use std::collections::HashSet;

use jiff::civil::Date;

use super::MODEL;
use crate::domain::finding::{Finding, FindingPlace, Param};
use crate::domain::kinds::attendance::Duration;
use crate::domain::kinds::attendance::code::{self, Code, UnreadCode};
use crate::domain::kinds::attendance::raw::{RawDay, RawLine, RawStatement};
use crate::domain::kinds::attendance::rules::DATE_OUTSIDE_MONTH;
use crate::domain::period::Month;
use crate::domain::raw::{Field, List};
use crate::domain::rules::workbook::cell::{ABSENCE_KIND, DAY_TIMES};
use crate::domain::rules::workbook::{DAY_HEADER, HEADER_MISSING};
use crate::domain::statement::MAX_LINES;
use crate::ingest::workbook::Table;
use crate::ingest::workbook::cell_checks::{check_value, error_cell};
use crate::ingest::workbook::head;
use crate::ingest::workbook::model::folded;
use crate::ingest::workbook::parsed_workbook::{ExpectedHead, ParsedWorkbook};
use crate::ingest::workbook::property::{CellContent, CellFormat, Property, columns};
use crate::ingest::workbook::sheet::{Cells, Column, Sheet};
use crate::ingest::workbook::table::{Cell, CellAddress, Value};
use crate::ingest::workbook::values::{self, SSIN_ON_FILE, cell_text, whole_number};
use crate::ingest::workbook::weekday::{self, is_weekday};

/// A column of words.
macro_rules! words_column {
    ($header:literal, $property:literal, $required:literal, $width:literal, $field:ident) => {
        Property {
            column: Column::new($header, $property, $required),
            width: $width,
            look: CellFormat::Text,
            note: None,
            read: |line: &mut RawLine, _, value| line.$field = values::text_field(value),
            show: |line| CellContent::words(&line.$field, |text| text.0.as_str()),
        }
    };
}

/// A column of days.
macro_rules! date_column {
    ($header:literal, $property:literal, $required:literal, $width:literal, $field:ident) => {
        Property {
            column: Column::new($header, $property, $required),
            width: $width,
            look: CellFormat::Date,
            note: None,
            read: |line: &mut RawLine, table, value| line.$field = values::date_field(table, value),
            show: |line| CellContent::date(&line.$field),
        }
    };
}

/// The columns before the days, in the order of the model.
pub static PROPERTIES: [Property<RawLine>; 7] = [
    words_column!("Référence", "reference", true, 12.0, reference),
    words_column!("Nom", "familyName", true, 18.0, family_name),
    words_column!("Prénom", "givenName", true, 16.0, given_name),
    date_column!("Date de naissance", "birthDate", true, 12.0, birth_date),
    Property {
        column: Column::optional("NISS", "ssin"),
        width: 14.0,
        look: CellFormat::Text,
        note: Some("Onze chiffres, facultatif. « connu » : le numéro déjà transmis est conservé."),
        read: |line, _, value| (line.ssin, line.ssin_present) = values::ssin_field(value),
        show: |line| match line.ssin_present {
            Field::Present(true) => CellContent::Text(SSIN_ON_FILE.into()),
            _ => CellContent::words(&line.ssin, |ssin| ssin.0.as_str()),
        },
    },
    date_column!("Entrée", "startDate", false, 11.5, start_date),
    date_column!("Sortie", "endDate", false, 11.5, end_date),
];

/// The month in the workbook: in the cell beside the label or by the date of its first day column.
pub fn stated_month(table: &Table) -> Option<Month> {
    let sheet = Sheet::locate(table, &MODEL, &columns(&PROPERTIES)).ok()?;
    head::month(&sheet).or_else(|| {
        let mut dates = sheet.others.iter().filter_map(|cell| dated(table, table.value(cell)));
        dates.find(|date| (2000..=2099).contains(&date.year())).map(Month::of)
    })
}

/// Reads the statement. Fails only where lines cannot be separated: without headers, or in another version.
pub fn read(table: &Table, expected: &ExpectedHead) -> Result<ParsedWorkbook<RawStatement>, Finding> {
    let columns = columns(&PROPERTIES);
    let mut sheet = Sheet::locate(table, &MODEL, &columns)?;
    let uses = uses(&mut sheet, expected.period.first_month());
    head::check(&mut sheet, expected);
    sheet.name_unread(|column| uses.get(usize::from(column)).is_some_and(Option::is_some), true);
    name_missing_days(&mut sheet, &uses);
    let missing = columns.iter().zip(&sheet.columns).filter(|(column, at)| column.required && at.is_none());
    let mut reader = AttendanceReader {
        table,
        uses,
        reading: ParsedWorkbook {
            document: RawStatement::default(),
            lines: 0,
            cells: Cells::of(&sheet, "lines", &columns),
            findings: sheet.findings.clone(),
            explained: HashSet::new(),
            missing: missing.map(|(column, _)| column.property).collect(),
        },
        month: expected.period.first_month(),
    };
    let mut lines = Vec::with_capacity(sheet.records.len().min(MAX_LINES + 1));
    for row in &sheet.records {
        if row.iter().any(|cell| reader.used(cell).is_some()) {
            reader.reading.lines += 1;
            if lines.len() <= MAX_LINES {
                let line = reader.line(row, lines.len());
                lines.push(Field::Present(line));
            }
        }
    }
    reader.reading.document.lines = Field::Present(List(lines));
    Ok(reader.reading)
}

/// The content of a column.
#[derive(Debug, Clone, Copy)]
enum ColumnUse {
    /// The property of this index in [`PROPERTIES`].
    Property(usize),
    /// This day.
    Day(Date),
    /// A day number that the month does not have.
    NoDay(i8),
}

/// The content of each column of the sheet, by its position.
fn uses(sheet: &mut Sheet<'_>, month: Month) -> Vec<Option<ColumnUse>> {
    let width = sheet.headers.last().map_or(0, |cell| usize::from(cell.column) + 1);
    let mut uses = vec![None; width];
    for (at, column) in sheet.columns.iter().enumerate() {
        if let Some(column) = column {
            uses[usize::from(*column)] = Some(ColumnUse::Property(at));
        }
    }
    let (mut seen, mut astray) = (HashSet::new(), Vec::new());
    for cell in std::mem::take(&mut sheet.others) {
        let Some(usage) = day_column(sheet.table, sheet.table.value(cell), month) else { continue };
        let header = match usage {
            ColumnUse::Day(date) if month.contains(date) => date.day().to_string(),
            ColumnUse::Day(date) => date.to_string(),
            ColumnUse::NoDay(number) => number.to_string(),
            ColumnUse::Property(_) => continue,
        };
        if seen.insert(header.clone()) {
            uses[usize::from(cell.column)] = Some(usage);
            astray.extend(weekday_astray(sheet, cell, usage));
        } else {
            sheet.twice(&header, cell.column);
        }
    }
    sheet.findings.extend(astray.into_iter().reduce(Finding::with_places_of).into_iter().collect());
    uses
}

/// A header that names another weekday than that of its day.
fn weekday_astray(sheet: &Sheet<'_>, cell: &Cell, usage: ColumnUse) -> Option<Finding> {
    let (Value::Text(text), ColumnUse::Day(date)) = (sheet.table.value(cell), usage) else { return None };
    let found = weekday::other_than(date, text)?;
    let mut finding = weekday::differs(found, Param::Date(date), date.weekday());
    finding.places = vec![sheet.place("", cell.row, cell.column)];
    Some(finding)
}

/// Adds the finding that no column is a day's, unless there are findings on the columns of day codes already.
fn name_missing_days(sheet: &mut Sheet<'_>, uses: &[Option<ColumnUse>]) {
    let is_day = |usage: &Option<ColumnUse>| matches!(usage, Some(ColumnUse::Day(_) | ColumnUse::NoDay(_)));
    if uses.iter().any(is_day) || sheet.findings.iter().any(|finding| finding.rule.code == DAY_HEADER.code) {
        return;
    }
    let (row, column) = sheet.anchor.parts();
    let finding = Finding::new(&HEADER_MISSING, sheet.place("", row, column));
    sheet.findings.push(finding.with("header", Param::Code("1".to_owned())));
}

/// A day column's header: the day's number, alone or as users write it, or its date.
fn day_column(table: &Table, value: Value<'_>, month: Month) -> Option<ColumnUse> {
    let number = match value {
        Value::Number(number) => whole_number(number).filter(|number| (1..=31).contains(number)),
        Value::Text(text) => day_number(text, month),
        _ => None,
    };
    match number.and_then(|number| i8::try_from(number).ok()) {
        Some(number) => Some(month.day(number).map_or(ColumnUse::NoDay(number), ColumnUse::Day)),
        None => dated(table, value).map(ColumnUse::Day),
    }
}

/// The day of `month` that a header names: `5`, `05`, `1er`, `lu 5`, `lundi 5`, `05/10`.
fn day_number(text: &str, month: Month) -> Option<i64> {
    let text = folded(text);
    let text = text.strip_suffix('.').unwrap_or(&text);
    let last = match text.rsplit_once([' ', '.']) {
        Some((weekday, last)) => is_weekday(weekday).then_some(last)?,
        None => text.trim_start_matches(|letter: char| letter.is_alphabetic()),
    };
    if last.len() < text.len() && !is_weekday(&text[..text.len() - last.len()]) {
        return None;
    }
    let day = match last.split_once(['/', '-']) {
        Some((day, of)) => (of.parse::<i8>().ok()? == month.first_day().month()).then_some(day)?,
        None => last,
    };
    let day = day.strip_suffix("er").unwrap_or(day);
    let short = matches!(day.len(), 1 | 2) && day.bytes().all(|byte| byte.is_ascii_digit());
    short.then(|| day.parse().ok()).flatten().filter(|number| (1..=31).contains(number))
}

/// A header that is a date; a plain number in the thousands is one, anything smaller is not.
fn dated(table: &Table, value: Value<'_>) -> Option<Date> {
    match value {
        Value::Number(number) if number < 10_000.0 => None,
        value => values::parse_date(table, value),
    }
}

struct AttendanceReader<'t> {
    table: &'t Table,
    uses: Vec<Option<ColumnUse>>,
    reading: ParsedWorkbook<RawStatement>,
    month: Month,
}

impl AttendanceReader<'_> {
    fn used(&self, cell: &Cell) -> Option<ColumnUse> {
        self.uses.get(usize::from(cell.column)).copied().flatten()
    }

    /// One child.
    fn line(&mut self, row: &[Cell], index: usize) -> RawLine {
        let mut line = RawLine::default();
        let mut days = Vec::with_capacity(row.len());
        let mut columns = Vec::with_capacity(row.len());
        for cell in row {
            let value = self.table.value(cell);
            match self.used(cell) {
                None => {}
                Some(ColumnUse::Property(at)) => self.property(&PROPERTIES[at], cell, &mut line, index),
                Some(ColumnUse::Day(date)) => {
                    let at = days.len();
                    if let Some(finding) = entries(date, value, &mut days) {
                        let place = FindingPlace::line(index).item("days", at).field("status");
                        self.reading.refuse_cell(place, self.table, cell, finding);
                    }
                    columns.resize(days.len(), cell.column);
                }
                Some(ColumnUse::NoDay(_)) => self.no_day(index, cell),
            }
        }
        line.days = Field::Present(List(days));
        self.reading.cells.push(row.first().map_or(0, |cell| cell.row), columns);
        line
    }

    /// One cell of the columns before the days; a finding where its value does not fit its column.
    fn property(&mut self, property: &Property<RawLine>, cell: &Cell, line: &mut RawLine, index: usize) {
        let value = self.table.value(cell);
        match check_value(property, self.table, value) {
            Some(finding) => {
                let place = FindingPlace::line(index).field(property.column.property);
                self.reading.refuse_cell(place, self.table, cell, finding);
            }
            None => (property.read)(line, self.table, value),
        }
    }

    /// A value in the column of a day that the month does not have.
    fn no_day(&mut self, index: usize, cell: &Cell) {
        let place = self.at(FindingPlace::line(index).field("days"), cell);
        let finding = Finding::new(&DATE_OUTSIDE_MONTH, place).with("month", Param::Month(self.month));
        self.reading.findings.push(finding);
    }

    fn at(&self, mut place: FindingPlace, cell: &Cell) -> FindingPlace {
        place.cell = Some(format!("{}!{}", self.table.sheet, CellAddress::new(cell.row, cell.column)));
        place
    }
}

/// The entries of a day cell: one, two, or a malformed one; and the finding on the cell, where that is more than
/// that it has no code.
fn entries(date: Date, value: Value<'_>, days: &mut Vec<Field<RawDay>>) -> Option<Finding> {
    let text = cell_text(value);
    if let Some(code) = Code::plain(&text) {
        days.push(Field::Present(entry(date, code)));
        return None;
    }
    match code::parse(&text) {
        Ok(codes) => {
            days.extend(codes.into_iter().map(|code| Field::Present(entry(date, code))));
            None
        }
        Err(unread) => {
            days.push(Field::Present(RawDay {
                date: Field::Present(date),
                status: Field::malformed(text),
                duration: Field::Present(Duration::Full),
                ..RawDay::default()
            }));
            unread_cell(value, unread)
        }
    }
}

/// A code as the entry of its day.
fn entry(date: Date, code: Code) -> RawDay {
    RawDay {
        date: Field::Present(date),
        status: Field::Present(code.status),
        duration: Field::Present(code.duration),
        reason: code.reason,
        arrival: code.arrival,
        departure: code.departure,
        unknown: false,
    }
}

/// The finding on a cell without a code; nothing where the rule of codes has it.
fn unread_cell(value: Value<'_>, unread: UnreadCode) -> Option<Finding> {
    let rule = match (value, unread) {
        (Value::Error(error), _) => return Some(error_cell(error)),
        (_, UnreadCode::NotACode) => return None,
        (_, UnreadCode::AbsenceKind) => &ABSENCE_KIND,
        (_, UnreadCode::Times) => &DAY_TIMES,
    };
    Some(Finding::new(rule, FindingPlace::default()))
}
