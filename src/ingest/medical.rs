//! Importing and exporting consultations: their schema, their workbook model, their sheet.

use rust_xlsxwriter::XlsxError;

use super::workbook::parsed_workbook::{CellMapper, ExpectedHead};
use super::workbook::property::{CellContent, CellFormat, Property, columns, typed};
use super::workbook::sheet::Column;
use super::workbook::template::records::{self as form, RecordForm};
use super::workbook::{Model, RequestedSheet, Table, only, records, values};
use super::{ImportFormat, Sheets, StatementFormat};
use crate::domain::creche::Creche;
use crate::domain::finding::Finding;
use crate::domain::kinds::medical::Statement;
use crate::domain::kinds::medical::raw::{RawLine, RawStatement};
use crate::domain::period::{Month, Period};
use crate::domain::raw::{Field, List};
use crate::domain::statement::MAX_LINES;

/// The name of the schema.
pub const SCHEMA: &str = "medical-statement";

/// The model of consultations (docs/domain.md, Consultations): one row for each.
pub static MODEL: Model = Model {
    code: "medical",
    sheet: "Consultations",
    prefix: "cons",
    anchor: INAMI,
    version: "medical/2",
    former_version: Some("medical/1"),
    columns: || columns(&PROPERTIES),
};

/// The header of the column with the doctor's number.
pub const INAMI: &str = "INAMI";

/// The columns, in the order of the model.
pub static PROPERTIES: [Property<RawLine>; 6] = [
    Property {
        column: Column::required("Date", "date"),
        width: 13.0,
        look: CellFormat::Date,
        note: None,
        read: |line, table, value| line.date = values::date_field(table, value),
        show: |line| CellContent::date(&line.date),
    },
    Property {
        column: Column::required("Arrivée", "arrival"),
        width: 10.0,
        look: CellFormat::Time,
        note: Some("L’heure d’arrivée du médecin, par exemple 13:30."),
        read: |line, _, value| line.arrival = values::time_field(value),
        show: |line| CellContent::time(&line.arrival),
    },
    Property {
        column: Column::required("Départ", "departure"),
        width: 10.0,
        look: CellFormat::Time,
        note: None,
        read: |line, _, value| line.departure = values::time_field(value),
        show: |line| CellContent::time(&line.departure),
    },
    Property {
        column: Column::required(INAMI, "inami"),
        width: 16.0,
        look: CellFormat::Text,
        note: Some("Les onze chiffres du numéro INAMI du médecin, déjà encodé dans votre liste de médecins."),
        read: |line, _, value| line.inami = values::digits_field(value),
        show: |line| CellContent::words(&line.inami, |inami| inami.0.as_str()),
    },
    Property {
        column: Column::required("Honoraires (€)", "feeCents").formerly("Honoraires"),
        width: 14.0,
        look: CellFormat::Amount,
        note: Some("En euros, par exemple 85,50."),
        read: |line, _, value| line.fee = values::amount_field(value),
        show: |line| CellContent::amount(&line.fee),
    },
    Property {
        column: Column::optional("Déplacement (€)", "travelCents").formerly("Déplacement"),
        width: 14.0,
        look: CellFormat::Amount,
        note: Some("En euros ; vide quand il n’y en a pas."),
        read: |line, _, value| line.travel = values::amount_field(value),
        show: |line| CellContent::amount(&line.travel),
    },
];

/// The notes of the legend.
pub const HINTS: [(&str, &str); 4] = [
    ("Lignes", "Une consultation par ligne, au plus 500. Les lignes vides et les colonnes ajoutées ne sont pas lues."),
    ("Heures", "Heures et minutes, par exemple 13:30. Une consultation commence et finit le même jour."),
    ("Montants", "En euros et en cents, par exemple 85,50. Ils sont repris tels quels, sans arrondi."),
    (
        "En-têtes",
        "Ne changez ni le nom de la feuille « Consultations » ni les en-têtes de colonnes ; leur ordre est libre.",
    ),
];

impl ImportFormat for RawStatement {
    const SCHEMA: &'static str = SCHEMA;
    const SHEETS: &'static [RequestedSheet] = &[RequestedSheet::main(&MODEL)];
    type Expected = ExpectedHead;

    fn read(sheets: &Sheets, expected: &ExpectedHead) -> Result<(Self, Box<dyn CellMapper>), Finding> {
        let reading = records::read(only(sheets)?, Some(expected), &MODEL, &PROPERTIES, MAX_LINES)?;
        let document = |lines| Self { lines: Field::Present(List(lines)), ..Self::default() };
        Ok(reading.map(document).into_parts())
    }
}

impl StatementFormat for Statement {
    const SECRET: Option<usize> = None;
    const LINE_PROPERTY: &'static str = "inami";

    fn stated_month(table: &Table) -> Option<Month> {
        records::stated_month(table, &MODEL, &PROPERTIES)
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
            model: &MODEL,
            title: "Relevé des consultations",
            properties: PROPERTIES.iter().collect(),
            creche: (&creche.name, &creche.one_number),
            period: Period::Month(month),
            records: &records,
            rows,
            legend: &[("À savoir", &HINTS)],
        })
    }
}

fn lines(raw: &RawStatement) -> impl Iterator<Item = &RawLine> {
    raw.lines.get().into_iter().flat_map(|lines| &lines.0).filter_map(Field::get)
}
