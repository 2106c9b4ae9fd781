//! Importing the salaries of an activity report: the list of its staff, from a workbook with one row for each person.

use std::collections::{BTreeSet, HashMap};

use rust_xlsxwriter::XlsxError;

use super::schema::ACTIVITY_REPORT;
use super::workbook::model::folded;
use super::workbook::parsed_workbook::{CellMapper, ExpectedHead, ParsedWorkbook, merge_findings};
pub use super::workbook::salaries::SalaryRow;
use super::workbook::salaries::{HINTS, MODEL, PROPERTIES, month_column, month_index, properties_of};
use super::workbook::template::records::{self as form, RecordForm};
use super::workbook::{RequestedSheet, only, records};
use super::{ImportFormat, Sheets};
use crate::domain::creche::Creche;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::period::{Month, Period, Quarter};
use crate::domain::raw::{Field, List};
use crate::domain::report::MAX_PERSONS;
use crate::domain::report::raw::{RawPerson, RawReport, RawSalary};
use crate::domain::rules::workbook::{HEADER_MISSING, PERSON_MISMATCH};

/// What a workbook of salaries is compared with.
#[derive(Debug, Clone)]
pub struct ExpectedSalaries {
    /// The identifier, name and number of the crèche.
    pub creche: Vec<String>,
    /// The quarter.
    pub quarter: Quarter,
    /// Given and family name of persons of the register, by reference.
    pub names: HashMap<String, (String, String)>,
}

impl ExpectedSalaries {
    /// For a document that names no crèche, quarter or person.
    #[must_use]
    pub fn unnamed(quarter: Quarter) -> Self {
        Self { creche: Vec::new(), quarter, names: HashMap::new() }
    }
}

impl ImportFormat for RawReport {
    const SCHEMA: &'static str = ACTIVITY_REPORT;
    const SHEETS: &'static [RequestedSheet] = &[RequestedSheet::main(&MODEL)];
    type Expected = ExpectedSalaries;

    fn read(sheets: &Sheets, expected: &ExpectedSalaries) -> Result<(Self, Box<dyn CellMapper>), Finding> {
        let head = ExpectedHead { period: Period::Quarter(expected.quarter), creche: expected.creche.clone() };
        let (rows, sheet) = records::read(only(sheets)?, Some(&head), &MODEL, &PROPERTIES, MAX_PERSONS)?.part();
        let mut table = SalarySheet { sheet, months: Vec::new() };
        table.require_months(expected.quarter);
        let rows = rows.into_iter().filter_map(Field::take);
        let staff = rows.map(|row| Field::Present(table.person(row, expected))).collect();
        Ok((Self { staff: Field::Present(List(staff)), ..Self::default() }, Box::new(table)))
    }
}

/// Writes the salaries of a quarter as a workbook.
pub fn write(rows: &[SalaryRow], creche: &Creche, quarter: Quarter) -> Result<Vec<u8>, XlsxError> {
    form::write(&RecordForm {
        model: &MODEL,
        title: "Salaires",
        properties: properties_of(quarter).collect(),
        creche: (&creche.name, &creche.one_number),
        period: Period::Quarter(quarter),
        records: rows,
        rows: rows.len(),
        legend: &[("À savoir", &HINTS)],
    })
}

/// The sheet, with the months of each person's salaries.
struct SalarySheet {
    sheet: ParsedWorkbook<()>,
    months: Vec<Vec<Month>>,
}

impl SalarySheet {
    /// Adds a finding for each month of the quarter that has no column.
    fn require_months(&mut self, quarter: Quarter) {
        let columns = quarter.months().map(|month| month_column(month).column);
        for column in columns.into_iter().filter(|column| !self.sheet.cells.has_column(column.property)) {
            let place = FindingPlace { pointer: String::new(), cell: self.sheet.cells.cell("") };
            let finding = Finding::new(&HEADER_MISSING, place);
            self.sheet.findings.push(finding.with("header", Param::Code(column.header.to_owned())));
        }
    }

    /// The person of the next row, with the salaries of the year's months that it has.
    fn person(&mut self, row: SalaryRow, expected: &ExpectedSalaries) -> RawPerson {
        self.compare_name(&row, expected);
        let mut months = Vec::new();
        let mut salaries = Vec::new();
        let of_year = Month::of_year(expected.quarter.year()).zip(row.gross);
        for (month, gross) in of_year.filter(|(_, gross)| !matches!(gross, Field::Absent)) {
            months.push(month);
            salaries.push(Field::Present(RawSalary { month: Field::Present(month), gross, unknown: false }));
        }
        self.months.push(months);
        RawPerson {
            reference: row.reference,
            subsidised: row.subsidised,
            salaries: if salaries.is_empty() { Field::Absent } else { Field::Present(List(salaries)) },
            unknown: false,
        }
    }

    /// Adds a finding when the row names another person than the one of its reference.
    fn compare_name(&mut self, row: &SalaryRow, expected: &ExpectedSalaries) {
        let (Some(reference), Some(name)) = (row.reference.get(), row.name.get()) else { return };
        let Some((given, family)) = expected.names.get(&reference.0) else { return };
        let registered: BTreeSet<String> = words(given).chain(words(family)).collect();
        if words(&name.0).any(|word| registered.contains(&word)) {
            return;
        }
        let place = FindingPlace::line(self.months.len()).field("name");
        let cell = self.sheet.cells.cell(&place.pointer);
        self.sheet.findings.push(Finding::new(&PERSON_MISMATCH, FindingPlace { pointer: String::new(), cell }));
    }

    /// The place on the sheet of a place in the document.
    fn on_sheet(&self, pointer: &str) -> Option<String> {
        let mut steps = pointer.strip_prefix("/staff/")?.split('/');
        let row: usize = steps.next()?.parse().ok()?;
        let months = self.months.get(row)?;
        let property = match (steps.next(), steps.next()) {
            (Some("grossSalaries"), at) => {
                let at = at.map_or(Some(0), |at| at.parse().ok())?;
                month_column(*months.get(at)?).column.property
            }
            (property, _) => property.unwrap_or_default(),
        };
        Some(format!("/lines/{row}/{property}"))
    }
}

impl CellMapper for SalarySheet {
    fn map_to_cells(&self, found: Findings) -> Findings {
        let explains = |pointer: &str| self.on_sheet(pointer).is_some_and(|there| self.sheet.explains(&there));
        let cell = |pointer: &str| {
            if pointer.starts_with('/') { self.sheet.cells.cell(&self.on_sheet(pointer)?) } else { None }
        };
        merge_findings(self.sheet.findings.clone(), found, explains, cell)
    }

    fn cell_of(&self, pointer: &str) -> Option<String> {
        // The cell of a month has its salary, which no finding on the month quotes.
        let there = (!pointer.ends_with("/month")).then(|| self.on_sheet(pointer))??;
        self.sheet.cells.exact(&there)
    }
}

/// The words of a name, folded.
fn words(name: &str) -> impl Iterator<Item = String> {
    name.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()).map(folded)
}

/// The row of a person with the name to be displayed.
#[must_use]
pub fn salary_row(person: &RawPerson, name: Option<&str>) -> SalaryRow {
    let mut row = SalaryRow {
        reference: person.reference.clone(),
        name: name.map_or(Field::Absent, Field::from_text),
        subsidised: person.subsidised.clone(),
        ..SalaryRow::default()
    };
    let salaries = person.salaries.get().into_iter().flat_map(|salaries| &salaries.0).filter_map(Field::get);
    for salary in salaries {
        if let Some(month) = salary.month.get() {
            row.gross[month_index(*month)] = salary.gross.clone();
        }
    }
    row
}
