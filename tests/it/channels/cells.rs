//! What programs and people write in a cell: read as what it means, or found at the cell (`sandbox/corpus/cells.json`).

use std::collections::BTreeSet;

use axum::http::Method;
use passerelle::app::check::{CheckedKind, OfflineContext, check};
use passerelle::domain::kinds::attendance;
use passerelle::domain::kinds::medical;
use passerelle::ingest::workbook::xls::XlsReader;
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use serde::Deserialize;
use serde_json::Value;

use super::{Doctor, Given};
use crate::harness::app::{TestApp, each_app};
use crate::harness::call::{Reply, XLSX};

#[derive(Deserialize)]
struct Table {
    cells: Vec<Group>,
}

/// Cells that mean the same, or that the same rule finds.
#[derive(Deserialize)]
struct Group {
    model: String,
    column: String,
    reads: Option<String>,
    finds: Option<String>,
    written: Vec<Written>,
}

/// What is written in one cell.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Number { number: f64, format: Option<String> },
    Truth { bool: bool },
}

impl Written {
    fn put(&self, sheet: &mut Worksheet, row: u32, column: u16) {
        match self {
            Self::Text(text) => sheet.write_string(row, column, text),
            Self::Number { number, format: None } => sheet.write_number(row, column, *number),
            Self::Number { number, format: Some(format) } => {
                sheet.write_number_with_format(row, column, *number, &Format::new().set_num_format(format))
            }
            Self::Truth { bool } => sheet.write_boolean(row, column, *bool),
        }
        .unwrap();
    }
}

const ATTENDANCE: [&str; 7] = ["Référence", "Nom", "Prénom", "Date de naissance", "Entrée", "Sortie", "7"];
const MEDICAL: [&str; 5] = ["Date", "Arrivée", "Départ", "INAMI", "Honoraires (€)"];
const INAMI: &str = "19006951001";

impl Group {
    fn is_medical(&self) -> bool {
        self.model == "medical"
    }

    /// The column of its cells.
    fn at(&self) -> u16 {
        let column = if self.column == "day" { "7" } else { self.column.as_str() };
        let headers = if self.is_medical() { &MEDICAL[..] } else { &ATTENDANCE[..] };
        headers.iter().position(|header| *header == column).unwrap().try_into().unwrap()
    }

    /// A sound sheet with a row for each of its cells.
    fn workbook(&self) -> Vec<u8> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        if self.is_medical() {
            sheet.set_name("Consultations").unwrap().write_row(0, 0, MEDICAL).unwrap();
        } else {
            sheet.set_name("Présences").unwrap().write_row(0, 0, ATTENDANCE).unwrap();
        }
        for (row, cell) in (1..).zip(&self.written) {
            let (day, name) = (format!("2026-09-{row:02}"), format!("Lou{}", "a".repeat(row as usize)));
            let sound = if self.is_medical() {
                [day.as_str(), "09:00", "14:00", INAMI, "45", "", ""]
            } else {
                [name.as_str(), "Dubois", &name, "2024-03-05", "2026-09-01", "", "P"]
            };
            for (column, text) in (0..).zip(sound).filter(|(_, text)| !text.is_empty()) {
                sheet.write_string(row, column, text).unwrap();
            }
            cell.put(sheet, row, self.at());
        }
        workbook.save_to_buffer().unwrap()
    }

    /// A line as the API returns it.
    fn read_back(&self, line: &Value) -> String {
        let property = match self.column.as_str() {
            "Date de naissance" => "birthDate",
            "Entrée" => "startDate",
            "Nom" => "familyName",
            "Arrivée" => "arrival",
            "Honoraires (€)" => "feeCents",
            "INAMI" => "inami",
            "day" => return line["days"].as_array().unwrap().iter().map(day).collect::<Vec<_>>().join(", "),
            other => panic!("{other}"),
        };
        line[property].as_str().map_or_else(|| line[property].to_string(), str::to_owned)
    }

    async fn deposit(&self, app: &TestApp) -> (String, Reply) {
        let kind = if self.is_medical() { "medical" } else { "attendance" };
        let path = september(self.is_medical()).prepare(app, kind).await;
        let reply = app.vendor().call(Method::PUT, &path).body(XLSX, self.workbook()).await;
        (path, reply)
    }
}

/// A day as `reads` writes it.
fn day(day: &Value) -> String {
    let words = [day["status"].as_str().unwrap(), day["duration"].as_str().unwrap()].join(" ");
    match (day["arrival"].as_str(), day["departure"].as_str()) {
        (Some(arrival), Some(departure)) => format!("{words} {arrival}-{departure}"),
        _ => words,
    }
}

fn september(medical: bool) -> Given {
    let doctor = Doctor {
        inami: INAMI.to_owned(),
        state: "validated".to_owned(),
        start_date: "2026-01-01".parse().unwrap(),
        here: true,
    };
    Given {
        month: "2026-09".to_owned(),
        today: "2026-10-05".parse().unwrap(),
        capacity: 100,
        closures: Vec::new(),
        subsidised: true,
        latest: None,
        doctors: medical.then_some(doctor).into_iter().collect(),
        elsewhere: None,
    }
}

fn groups() -> Vec<Group> {
    serde_json::from_str::<Table>(include_str!("../../../sandbox/corpus/cells.json")).unwrap().cells
}

#[tokio::test]
async fn each_spelling_of_a_value_is_read_as_that_value() {
    each_app(async |app| {
        for group in groups().iter().filter(|group| group.column != "header") {
            let Some(reads) = &group.reads else { continue };
            let (path, reply) = group.deposit(app).await;
            reply.expect(201);
            let statement = app.vendor().get(&path).await.expect(200);
            let lines = statement["lines"].as_array().unwrap();
            assert_eq!(lines.len(), group.written.len());
            for (number, line) in lines.iter().enumerate() {
                assert_eq!(group.read_back(line), *reads, "{}: cell {}", group.column, number + 1);
            }
        }
    })
    .await;
}

/// The cells at which a rule is reported.
fn cells_of_rule(reply: &Reply, rule: &str) -> BTreeSet<String> {
    let issues = reply.json["issues"].as_array().into_iter().flatten().filter(|issue| issue["code"] == rule);
    let cells = |issue: &Value| {
        let places = issue["places"].as_array().cloned().unwrap_or_else(|| vec![issue.clone()]);
        places.iter().map(|place| place["cell"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    issues.flat_map(cells).collect()
}

#[tokio::test]
async fn an_invalid_value_is_reported_at_its_cell_only() {
    let xls = XlsReader::new(env!("CARGO_BIN_EXE_passerelle").into());
    each_app(async |app| {
        for group in groups() {
            let Some(finds) = &group.finds else { continue };
            let (_, reply) = group.deposit(app).await;
            let letter = char::from(b'A' + u8::try_from(group.at()).unwrap());
            let sheet = if group.is_medical() { "Consultations" } else { "Présences" };
            let cells: BTreeSet<_> = (2..group.written.len() + 2).map(|row| format!("{sheet}!{letter}{row}")).collect();
            assert_eq!(cells_of_rule(&reply, finds), cells, "{}: {}", group.column, reply.json);
            assert_eq!(reply.codes("issues"), [finds.as_str()], "{}", group.column);
            let kind = if group.is_medical() { medical::KIND } else { attendance::KIND };
            let (document, month) = (CheckedKind::Statement(kind), "2026-09".parse().unwrap());
            let checked =
                check(document, &group.workbook(), Some(month), &OfflineContext::default(), None, &xls).await.unwrap();
            let found = checked.findings.iter().filter(|finding| finding.rule.code == finds.as_str());
            let places = found.flat_map(|finding| finding.places.iter().filter_map(|place| place.cell.clone()));
            assert_eq!(places.collect::<BTreeSet<_>>(), cells, "{} by check", group.column);
        }
    })
    .await;
}

#[tokio::test]
async fn each_spelling_of_a_day_header_is_read_as_that_day() {
    let headers = groups().into_iter().find(|group| group.column == "header").unwrap().written;
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Présences").unwrap();
    sheet.write_row(0, 0, ATTENDANCE[..4].iter().copied()).unwrap();
    sheet.write_row(1, 0, ["K-1", "Dubois", "Lou", "12/03/2024"]).unwrap();
    for (column, header) in (4..).zip(&headers) {
        header.put(sheet, 0, column);
        sheet.write_string(1, column, "P").unwrap();
    }
    let bytes = workbook.save_to_buffer().unwrap();
    each_app(async |app| {
        let path = september(false).prepare(app, "attendance").await;
        app.vendor().call(Method::PUT, &path).body(XLSX, bytes.clone()).await.expect(201);
        let statement = app.vendor().get(&path).await.expect(200);
        let days = statement["lines"][0]["days"].as_array().unwrap();
        let dates: Vec<_> = days.iter().map(|day| day["date"].as_str().unwrap()).collect();
        let expected = [1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18, 21, 22].map(|day| format!("2026-09-{day:02}"));
        assert_eq!(dates, expected);
    })
    .await;
}
