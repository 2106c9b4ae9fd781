//! The layout of every model: a row of headers, identified by one of them, records below it. Columns come in any
//! order; unknown ones and empty rows are ignored.

pub use super::model::Column;
use super::model::{Model, folded};
use super::refusal;
use super::table::{Cell, CellAddress, Table, Value};
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::rules::workbook::{
    ERROR_CELL, HEADER_DUPLICATE, HEADER_MISSING, HEADER_ROW_MISSING, TABLE_ELSEWHERE, VERSION_UNSUPPORTED,
};

/// A sheet with its header row.
#[derive(Debug)]
pub struct Sheet<'t> {
    /// The cells.
    pub table: &'t Table,
    /// The rows above the headers.
    above: Vec<&'t [Cell]>,
    /// The cells of the header row.
    pub headers: &'t [Cell],
    /// The rows below it.
    pub records: Vec<&'t [Cell]>,
    /// The header by which the row was found.
    pub anchor: CellAddress,
    /// For each column of the model, its position.
    pub columns: Vec<Option<u16>>,
    /// The columns of the header row that the model does not have: position and header cell.
    pub others: Vec<&'t Cell>,
    /// The findings on the headers.
    pub findings: Findings,
}

impl<'t> Sheet<'t> {
    /// Finds the header row and the columns of `model`.
    pub fn locate(table: &'t Table, model: &Model, columns: &[Column]) -> Result<Self, Finding> {
        let named = table.named_version().filter(|found| found != model.version);
        if let Some(found) = named.as_ref().filter(|found| model.former_version != Some(found)) {
            return Err(refusal(&VERSION_UNSUPPORTED)
                .with("found", Param::Code(excerpt(found)))
                .with("expected", Param::Code(model.version.to_owned()))
                .value(excerpt(found)));
        }
        let rows: Vec<_> = table.rows().collect();
        let at = header_row(table, &rows, model, columns).ok_or_else(|| without_headers(table, model))?;
        let (above, rest) = rows.split_at(at);
        let headers = rest[0];
        let anchor = folded(model.anchor);
        let anchor = headers.iter().find(|cell| header(table, cell).is_some_and(|text| text == anchor));
        let anchor = anchor.unwrap_or(&headers[0]);
        let mut sheet = Self {
            table,
            above: above.to_vec(),
            headers,
            records: rest[1..].to_vec(),
            anchor: CellAddress::new(anchor.row, anchor.column),
            columns: vec![None; columns.len()],
            others: Vec::new(),
            findings: Findings::default(),
        };
        sheet.assign(columns);
        sheet.name_former_version(model, columns, named.is_some());
        sheet.set_totals_aside();
        sheet.name_other_sheets();
        Ok(sheet)
    }

    /// Finds the position of every column of the model, with findings on missing and duplicate ones.
    fn assign(&mut self, columns: &[Column]) {
        let names: Vec<Vec<String>> = columns.iter().map(|column| column.folded_headers().collect()).collect();
        for cell in self.headers {
            if let Value::Error(error) = self.table.value(cell) {
                let finding = Finding::new(&ERROR_CELL, self.place("", cell.row, cell.column));
                self.findings.push(finding.with("error", Param::Code(error.to_owned())));
            }
            let found = header(self.table, cell).and_then(|text| names.iter().position(|names| names.contains(&text)));
            match found {
                None => self.others.push(cell),
                Some(at) if self.columns[at].is_none() => self.columns[at] = Some(cell.column),
                Some(at) => self.twice(columns[at].header, cell.column),
            }
        }
        for column in self.missing(columns) {
            let place = self.place("", self.anchor.parts().0, self.anchor.parts().1);
            self.findings
                .push(Finding::new(&HEADER_MISSING, place).with("header", Param::Code(column.header.to_owned())));
        }
        for (at, column) in columns.iter().enumerate() {
            let is_known = self.columns[..at]
                .iter()
                .zip(columns)
                .any(|(found, other)| found.is_some() && other.property == column.property);
            if let (true, Some(position)) = (is_known, self.columns[at]) {
                self.twice(column.header, position);
            }
        }
    }

    /// The required columns that the sheet has under none of their headers.
    pub fn missing(&self, columns: &[Column]) -> Vec<Column> {
        let has =
            |property| columns.iter().zip(&self.columns).any(|(other, at)| other.property == property && at.is_some());
        columns.iter().filter(|column| column.required && !has(column.property)).copied().collect()
    }

    /// Adds the finding that a header occurs twice.
    pub fn twice(&mut self, header: &str, column: u16) {
        let place = self.place("", self.anchor.parts().0, column);
        self.findings.push(Finding::new(&HEADER_DUPLICATE, place).with("header", Param::Code(header.to_owned())));
    }

    /// The cell beside the label `label` above the headers.
    pub fn label(&self, label: &str) -> Option<(CellAddress, Value<'t>)> {
        let label = folded(label);
        self.above.iter().find_map(|row| {
            let at = row.iter().position(|cell| header(self.table, cell).is_some_and(|text| text == label))?;
            let cell = row.get(at + 1)?;
            Some((CellAddress::new(cell.row, cell.column), self.table.value(cell)))
        })
    }

    /// A place in the document with its cell.
    pub fn place(&self, pointer: impl Into<String>, row: u32, column: u16) -> FindingPlace {
        FindingPlace {
            pointer: pointer.into(),
            cell: Some(format!("{}!{}", self.table.sheet, CellAddress::new(row, column))),
        }
    }
}

/// The finding on a sheet without headers: the table may be on another.
fn without_headers(table: &Table, model: &Model) -> Finding {
    match table.unread.iter().find(|sheet| sheet.is_the_same) {
        Some(found) => table_on_other_sheet(table, &found.name),
        None => refusal(&HEADER_ROW_MISSING).with("header", Param::Code(model.anchor.to_owned())),
    }
}

/// The finding that the table of this empty sheet is on another.
pub(in crate::ingest) fn table_on_other_sheet(table: &Table, found: &str) -> Finding {
    let finding = refusal(&TABLE_ELSEWHERE).with("sheet", Param::Code(excerpt(&table.sheet)));
    finding.with("found", Param::Code(excerpt(found)))
}

/// The header row: the one with the most headers of the model, the first of several. One header alone
/// is enough only when it is the one that no other row has.
fn header_row(table: &Table, rows: &[&[Cell]], model: &Model, columns: &[Column]) -> Option<usize> {
    let names: Vec<Vec<String>> = columns.iter().map(|column| column.folded_headers().collect()).collect();
    let anchor = folded(model.anchor);
    let shortest = names.iter().flatten().map(String::len).min().unwrap_or_default();
    // No shorter text is a header when it is folded: day codes need not be compared.
    let is_long = |cell: &&Cell| matches!(table.value(cell), Value::Text(text) if text.len() >= shortest);
    let mut best = (0, None);
    for (at, row) in rows.iter().enumerate() {
        let texts: Vec<String> = row.iter().filter(is_long).filter_map(|cell| header(table, cell)).collect();
        let known = names.iter().filter(|names| names.iter().any(|name| texts.contains(name))).count();
        if known > best.0 && (known > 1 || texts.contains(&anchor)) {
            best = (known, Some(at));
        }
        if known == names.len() {
            break;
        }
    }
    best.1
}

/// The folded text of a header or label cell; long texts are none.
pub(super) fn header(table: &Table, cell: &Cell) -> Option<String> {
    match table.value(cell) {
        Value::Text(text) if text.len() <= 100 => Some(folded(text)),
        _ => None,
    }
}

/// The beginning of a text of the sender's, shortened for a message.
pub(in crate::ingest) fn excerpt(text: &str) -> String {
    text.chars().take(40).collect()
}

/// The cell of each value of the document.
#[derive(Debug, Clone, Default)]
pub struct Cells {
    /// The sheet's name.
    sheet: String,
    /// The header by which the header row was found: the place of the document as a whole.
    anchor: Option<CellAddress>,
    /// The column of each property of a record.
    columns: Vec<(&'static str, u16)>,
    /// For each record its row and, for each item of its list, the column.
    records: Vec<(u32, Vec<u16>)>,
    /// The name of the list of records.
    list: &'static str,
}

impl Cells {
    /// Begins the map of a sheet whose records are the list `list`.
    pub fn of(sheet: &Sheet<'_>, list: &'static str, columns: &[Column]) -> Self {
        let at = columns.iter().zip(&sheet.columns).filter_map(|(column, at)| Some((column.property, (*at)?)));
        Self {
            sheet: sheet.table.sheet.clone(),
            anchor: Some(sheet.anchor),
            columns: at.collect(),
            records: Vec::new(),
            list,
        }
    }

    /// Adds a record: its row, and the column of each item of its list.
    pub fn push(&mut self, row: u32, items: Vec<u16>) {
        self.records.push((row, items));
    }

    /// Whether the sheet has the column of a property.
    pub fn has_column(&self, property: &str) -> bool {
        self.columns.iter().any(|(name, _)| *name == property)
    }

    /// The cell (`Présences!H12`) of the value that a JSON Pointer names; of a record, its first cell; of anything
    /// else, the header row.
    pub fn cell(&self, pointer: &str) -> Option<String> {
        let address = self.record(pointer).or(self.anchor)?;
        Some(format!("{}!{address}", self.sheet))
    }

    /// The cell of the value that a JSON Pointer names; none where the sheet has no cell of its own for it.
    pub fn exact(&self, pointer: &str) -> Option<String> {
        let property = pointer.split('/').nth(3)?;
        let of_item = pointer.split('/').nth(4).is_some();
        let known = of_item || self.columns.iter().any(|(name, _)| *name == property);
        let address = known.then(|| self.record(pointer))??;
        Some(format!("{}!{address}", self.sheet))
    }

    fn record(&self, pointer: &str) -> Option<CellAddress> {
        let mut steps = pointer.strip_prefix('/')?.split('/');
        if steps.next()? != self.list {
            return None;
        }
        let (row, items) = self.records.get(steps.next()?.parse::<usize>().ok()?)?;
        let first = || self.columns.first().map_or(0, |(_, column)| *column);
        let property = match steps.next().unwrap_or_default() {
            // Both are in the one column of national numbers.
            "ssinPresent" => "ssin",
            property => property,
        };
        let column = match steps.next().and_then(|item| item.parse::<usize>().ok()) {
            Some(item) => items.get(item).copied().unwrap_or_else(first),
            None => self.columns.iter().find(|(name, _)| *name == property).map_or_else(first, |(_, column)| *column),
        };
        Some(CellAddress::new(*row, column))
    }
}
