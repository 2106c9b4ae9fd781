//! No cell is ignored silently: whatever a sheet has at or below its headers, without it the document or the findings
//! differ.

use passerelle::domain::finding::Findings;
use passerelle::ingest::attendance::sheet::read;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, prop_oneof, proptest};
use proptest::test_runner::Config;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::{HEADERS, expected, table};

/// A value of a cell.
#[derive(Debug, Clone)]
enum Content {
    Text(&'static str),
    Number(f64),
    Date(f64),
    Truth(bool),
}

/// A cell by row and column from 0.
type Filled = (u32, u16, Content);

fn content() -> impl Strategy<Value = Content> {
    prop_oneof![
        6 => proptest::sample::select(vec![
            "P", "AJ", "AI/2", "X", "K-7", "Total", "TOTAL", "Dubois", "Léa", "12/03/2024", "2026-10-05", "Remarque", "7", "1er",
            "lu 5", "Nom", "NISS", "connu", "85031497721", "13:30", "note",
        ]).prop_map(Content::Text),
        2 => (0..40_i32).prop_map(|number| Content::Number(number.into())),
        1 => (45_000..47_000_i32).prop_map(|days| Content::Date(days.into())),
        1 => Just(Content::Date(46_300.9)),
        1 => proptest::bool::ANY.prop_map(Content::Truth),
    ]
}

/// Cells in the rows and columns of a small sheet, also beyond its headers, the first of several at one place.
fn cells() -> impl Strategy<Value = Vec<Filled>> {
    vec((1..6_u32, 0..14_u16, content()), 1..30).prop_map(|mut cells| {
        cells.sort_by_key(|(row, column, _)| (*row, *column));
        cells.dedup_by_key(|(row, column, _)| (*row, *column));
        cells
    })
}

fn write(sheet: &mut Worksheet, (row, column, content): &Filled) {
    let date = Format::new().set_num_format("dd/mm/yyyy");
    match content {
        Content::Text(text) => sheet.write_string(*row, *column, *text),
        Content::Number(number) => sheet.write_number(*row, *column, *number),
        Content::Date(days) => {
            sheet.write_with_format(*row, *column, ExcelDateTime::from_serial_datetime(*days).unwrap(), &date)
        }
        Content::Truth(truth) => sheet.write_boolean(*row, *column, *truth),
    }
    .unwrap();
}

/// All that is made of a sheet with these cells.
fn outcome(cells: &[Filled]) -> String {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Présences").unwrap();
    sheet.write_row(0, 0, HEADERS).unwrap().write_row(0, 7, [1, 2, 5]).unwrap();
    for cell in cells {
        write(sheet, cell);
    }
    match read(&table(&workbook.save_to_buffer().unwrap()), &expected()) {
        Ok(reading) => {
            let document = format!("{:?}", reading.document);
            format!("{document} {:?}", reading.map_findings(Findings::default()))
        }
        Err(finding) => format!("{finding:?}"),
    }
}

/// Whether a cell is in a column that is already named as not read: the column is named once.
fn is_of_a_named_column((_, column, _): &Filled) -> bool {
    usize::from(*column) >= HEADERS.len() + 3
}

/// Whether a cell is in a row that is named as one of totals.
fn is_of_a_totals_row((row, ..): &Filled, cells: &[Filled], outcome: &str) -> bool {
    let label = |content: &Content| matches!(content, Content::Text("Total" | "TOTAL"));
    outcome.contains("workbook.totalsRow") && cells.iter().any(|(other, _, content)| other == row && label(content))
}

proptest! {
    #![proptest_config(Config { cases: 200, failure_persistence: None, ..Config::default() })]
    #[test]
    fn every_filled_cell_matters(cells in cells()) {
        let whole = outcome(&cells);
        for at in 0..cells.len() {
            let mut others = cells.clone();
            let left_out = others.remove(at);
            if is_of_a_named_column(&left_out) {
                // Named with its column: it matters when it is the only one of it.
                others.retain(|(_, column, _)| *column != left_out.1);
            }
            if is_of_a_totals_row(&left_out, &cells, &whole) {
                others.retain(|(row, ..)| *row != left_out.0);
            }
            assert!(outcome(&others) != whole, "{left_out:?} is passed over");
        }
    }
}
