//! Consultations as they are imported: their schema, their workbook model, their sheet read and written.

use rust_xlsxwriter::XlsxError;

use super::schema::MEDICAL_STATEMENT;
use super::workbook::medical::{HINTS, PROPERTIES};
use super::workbook::model::MEDICAL;
use super::workbook::parsed_workbook::{CellMapper, ExpectedHead};
use super::workbook::property::typed;
use super::workbook::template::records::{self as form, RecordForm};
use super::workbook::{RequestedSheet, Table, only, records};
use super::{ImportFormat, Sheets, StatementFormat};
use crate::domain::creche::Creche;
use crate::domain::finding::Finding;
use crate::domain::medical::Statement;
use crate::domain::medical::raw::{MAX_LINES, RawLine, RawStatement};
use crate::domain::period::Month;
use crate::domain::raw::{Field, List};

impl ImportFormat for RawStatement {
    const SCHEMA: &'static str = MEDICAL_STATEMENT;
    const SHEETS: &'static [RequestedSheet] = &[RequestedSheet::main(&MEDICAL)];
    type Expected = ExpectedHead;

    fn read(sheets: &Sheets, expected: &ExpectedHead) -> Result<(Self, Box<dyn CellMapper>), Finding> {
        let reading = records::read(only(sheets)?, Some(expected), &MEDICAL, &PROPERTIES, MAX_LINES)?;
        let document = |lines| Self { lines: Field::Present(List(lines)), ..Self::default() };
        Ok(reading.map(document).into_parts())
    }
}

impl StatementFormat for Statement {
    const SECRET: Option<usize> = None;

    fn stated_month(table: &Table) -> Option<Month> {
        records::stated_month(table, &MEDICAL, &PROPERTIES)
    }

    fn headers(_: Month) -> Vec<String> {
        PROPERTIES.iter().map(|property| property.column.header.to_owned()).collect()
    }

    fn rows(raw: &RawStatement, _: Month) -> Vec<Vec<String>> {
        lines(raw).map(|line| typed(&PROPERTIES, line)).collect()
    }

    fn write(raw: &RawStatement, creche: &Creche, month: Month, rows: usize) -> Result<Vec<u8>, XlsxError> {
        let records: Vec<RawLine> = lines(raw).cloned().collect();
        form::write(&RecordForm {
            model: &MEDICAL,
            title: "Relevé des consultations",
            properties: &PROPERTIES,
            creche: (&creche.name, &creche.one_number),
            month,
            records: &records,
            rows,
            legend: &[("À savoir", &HINTS)],
        })
    }
}

fn lines(raw: &RawStatement) -> impl Iterator<Item = &RawLine> {
    raw.lines.get().into_iter().flat_map(|lines| &lines.0).filter_map(Field::get)
}
