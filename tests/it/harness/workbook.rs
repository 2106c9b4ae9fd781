//! A workbook filled in by another program than ours.

use passerelle::ingest::attendance::MODEL;
use passerelle::ingest::workbook::read_xlsx;
use passerelle::ingest::workbook::table::Value;
use rust_xlsxwriter::{Format, Workbook};

/// The workbook with other texts in some cells (`H2`), as if typed; everything but the cells' values is lost.
pub(crate) fn fill(bytes: &[u8], cells: &[(&str, &str)]) -> Vec<u8> {
    let table = read_xlsx(bytes, &MODEL).unwrap_or_else(|finding| panic!("{}", finding.rule.code));
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(&table.sheet).unwrap();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    for cell in table.cells() {
        let (row, column) = (cell.row, cell.column);
        match table.value(cell) {
            Value::Text(text) | Value::Error(text) => sheet.write_string(row, column, text).unwrap(),
            Value::Number(number) => sheet.write_number(row, column, number).unwrap(),
            Value::Moment(days) => sheet.write_number_with_format(row, column, days, &date).unwrap(),
            Value::Bool(truth) => sheet.write_boolean(row, column, truth).unwrap(),
        };
    }
    for (address, text) in cells {
        let (column, row) = address.split_at(1);
        let column = u16::from(column.as_bytes()[0] - b'A');
        sheet.write_string(row.parse::<u32>().unwrap() - 1, column, *text).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}
