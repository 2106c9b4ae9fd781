//! Workbooks as `.xls`, written by a program of others: xlwt. `PASSERELLE_TEST_XLWT` names a Python that has it; without it
//! the tests say that they skip, and where `PASSERELLE_TEST_REQUIRE` has `xlwt` they fail.

use std::io::{Cursor, Write as _};
use std::process::{Command, Stdio};

use calamine::{Data, Reader as _, Xlsx};
use serde_json::{Value, json};

const SCRIPT: &str = r"
import json, sys, xlwt
for path, sheets in json.load(sys.stdin):
    book = xlwt.Workbook()
    for name, rows in sheets:
        sheet = book.add_sheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(at, column, value)
    book.save(path)
";

/// Each of these `.xlsx` as an `.xls`; nothing where there is no xlwt.
pub(crate) fn legacy(books: &[Vec<u8>]) -> Option<Vec<Vec<u8>>> {
    let Some(python) = std::env::var_os("PASSERELLE_TEST_XLWT") else {
        let required = std::env::var("PASSERELLE_TEST_REQUIRE").is_ok_and(|required| required.contains("xlwt"));
        assert!(!required, "xlwt is required: set PASSERELLE_TEST_XLWT");
        let message = "SKIPPED: the corpus as .xls, because PASSERELLE_TEST_XLWT is not set\n";
        std::io::stderr().write_all(message.as_bytes()).expect("standard error can be written");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    let path = |at: usize| folder.path().join(format!("{at}.xls"));
    let tasks: Vec<_> = books.iter().enumerate().map(|(at, book)| json!([path(at), sheets(book)])).collect();
    let mut child = Command::new(python).args(["-c", SCRIPT]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(Value::from(tasks).to_string().as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    Some((0..books.len()).map(|at| std::fs::read(path(at)).unwrap()).collect())
}

/// The cells of a workbook, sheet by sheet.
fn sheets(book: &[u8]) -> Vec<Value> {
    let mut book = Xlsx::new(Cursor::new(book)).unwrap();
    let cell = |cell: &Data| match cell {
        Data::Empty => Value::Null,
        Data::Float(number) => json!(number),
        Data::Int(number) => json!(number),
        other => json!(other.to_string()),
    };
    let row = |row: &[Data]| row.iter().map(cell).collect::<Vec<_>>();
    let names = book.sheet_names();
    let sheet = |name: &String| json!([name, book.worksheet_range(name).unwrap().rows().map(row).collect::<Vec<_>>()]);
    names.iter().map(sheet).collect()
}
