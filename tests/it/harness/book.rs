//! A statement's JSON as the workbook that a user would fill in by hand: values as cell texts, uncorrected.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Workbook, Worksheet};
use serde_json::Value;

/// The columns before the days, and their properties.
pub(crate) const COLUMNS: [(&str, &str); 7] = [
    ("Référence", "reference"),
    ("Nom", "familyName"),
    ("Prénom", "givenName"),
    ("Date de naissance", "birthDate"),
    ("NISS", "ssin"),
    ("Entrée", "startDate"),
    ("Sortie", "endDate"),
];

/// The workbook of a statement for `month`.
pub(crate) fn book(month: &str, statement: &Value) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet().set_name("Présences").unwrap(), month, statement);
    workbook.save_to_buffer().unwrap()
}

/// The columns of consultations, and their properties.
const CONSULTATIONS: [(&str, &str); 6] = [
    ("Date", "date"),
    ("Arrivée", "arrival"),
    ("Départ", "departure"),
    ("INAMI", "inami"),
    ("Honoraires (€)", "feeCents"),
    ("Déplacement (€)", "travelCents"),
];

/// The workbook of a statement of consultations: amounts in euros.
pub(crate) fn consultations(statement: &Value) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Consultations").unwrap();
    sheet.write_row(0, 0, CONSULTATIONS.map(|(header, _)| header)).unwrap();
    for (row, line) in (1..).zip(statement["lines"].as_array().map_or(&[][..], Vec::as_slice)) {
        for (column, (_, property)) in (0..).zip(CONSULTATIONS) {
            let value = &line[property];
            match (value.as_f64(), text(value)) {
                (Some(cents), _) => drop(sheet.write_number(row, column, cents / 100.0).unwrap()),
                (None, Some(text)) => drop(sheet.write_string(row, column, text).unwrap()),
                (None, None) => {}
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn fill(sheet: &mut Worksheet, month: &str, statement: &Value) {
    for (column, (header, _)) in (0..).zip(COLUMNS) {
        sheet.write_string(0, column, header).unwrap();
    }
    let lines = statement["lines"].as_array().map_or(&[][..], Vec::as_slice);
    // The days of the month, and behind them every other date that is named.
    let mut columns: BTreeMap<String, u16> = (1..=31).map(|day| (format!("{month}-{day:02}"), day + 6)).collect();
    let mut width = 38;
    for (date, column) in &columns {
        sheet.write_number(0, *column, date[8..].parse::<u32>().unwrap()).unwrap();
    }
    for (row, line) in (1..).zip(lines) {
        for (column, (_, property)) in (0..).zip(COLUMNS) {
            if let Some(text) = text(&line[property]) {
                sheet.write_string(row, column, text).unwrap();
            }
        }
        if line["ssinPresent"] == true {
            sheet.write_string(row, 4, "connu").unwrap();
        }
        let mut cells: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for day in line["days"].as_array().into_iter().flatten() {
            cells.entry(day["date"].as_str().unwrap()).or_default().push(code(day));
        }
        for (date, codes) in cells {
            let column = *columns.entry(date.to_owned()).or_insert_with(|| {
                sheet.write_string(0, width, date).unwrap();
                width += 1;
                width - 1
            });
            sheet.write_string(row, column, codes.join("+")).unwrap();
        }
    }
}

/// A value as a user would type it.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// A day's code; a status that does not exist as it is.
fn code(day: &Value) -> String {
    let status = match day["status"].as_str().unwrap_or_default() {
        "present" => "P",
        "justifiedAbsence" => "AJ",
        "unjustifiedAbsence" => "AI",
        other => other,
    };
    let half = if day["duration"] == "half" { "/2" } else { "" };
    let reason = day["reason"].as_str().map(|reason| format!(":{reason}")).unwrap_or_default();
    format!("{status}{half}{reason}")
}

/// A sheet of the staff register: its name, and its columns with their properties.
type StaffSheet = (&'static str, &'static [(&'static str, &'static str)]);

const PERSONS: StaffSheet = (
    "Personnes",
    &[
        ("Référence", "reference"),
        ("NISS", "ssin"),
        ("Nom", "familyName"),
        ("Prénom", "givenName"),
        ("Date de naissance", "birthDate"),
    ],
);
const CONTRACTS: StaffSheet = (
    "Contrats",
    &[
        ("Personne", "@person"),
        ("Contrat", "reference"),
        ("Statut", "status"),
        ("Début", "startDate"),
        ("Fin", "endDate"),
    ],
);
const FUNCTIONS: StaffSheet = (
    "Fonctions",
    &[
        ("Personne", "@person"),
        ("Contrat", "@contract"),
        ("Crèche", "crecheId"),
        ("Catégorie", "category"),
        ("ETP", "fteHundredths"),
    ],
);
const SECTIONS: [(&str, StaffSheet); 3] = [
    (
        "trainings",
        ("Formations", &[("Personne", "@person"), ("Type", "kind"), ("Intitulé", "title"), ("Date", "date")]),
    ),
    (
        "documents",
        (
            "Documents",
            &[("Personne", "@person"), ("Type", "kind"), ("Date", "date"), ("Valable jusqu’au", "validUntil")],
        ),
    ),
    (
        "absences",
        ("Absences", &[("Personne", "@person"), ("Type", "kind"), ("Début", "startDate"), ("Fin", "endDate")]),
    ),
];

/// The workbook of a staff register: a sheet for each kind of record, working time as a part of one.
pub(crate) fn register(document: &Value) -> Vec<u8> {
    let persons = list(document, "members");
    let owned = |section: &str| -> Vec<Value> {
        persons
            .iter()
            .flat_map(|person| {
                list(person, section).into_iter().map(|record| with(record, "@person", &person["reference"]))
            })
            .collect()
    };
    let contracts = owned("contracts");
    let functions: Vec<Value> = contracts
        .iter()
        .flat_map(|contract| {
            let person = contract["@person"].clone();
            let of = move |record: Value| {
                let named = record["@contract"].clone();
                let contract = if named.is_null() { &contract["reference"] } else { &named };
                with(with(record, "@person", &person), "@contract", contract)
            };
            list(contract, "functions").into_iter().map(of)
        })
        .collect();
    let mut workbook = Workbook::new();
    sheet(&mut workbook, PERSONS, &persons);
    sheet(&mut workbook, CONTRACTS, &contracts);
    sheet(&mut workbook, FUNCTIONS, &functions);
    for (section, columns) in SECTIONS {
        let records = owned(section);
        if !records.is_empty() {
            sheet(&mut workbook, columns, &records);
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn list(of: &Value, name: &str) -> Vec<Value> {
    of[name].as_array().cloned().unwrap_or_default()
}

fn with(mut record: Value, name: &str, value: &Value) -> Value {
    record[name] = value.clone();
    record
}

fn sheet(workbook: &mut Workbook, (name, columns): StaffSheet, records: &[Value]) {
    let sheet = workbook.add_worksheet().set_name(name).unwrap();
    for (column, (header, property)) in (0..).zip(columns) {
        sheet.write_string(0, column, *header).unwrap();
        for (row, record) in (1..).zip(records) {
            match (&record[property], *property) {
                (Value::Number(hundredths), "fteHundredths") => {
                    sheet.write_number(row, column, hundredths.as_f64().unwrap() / 100.0).unwrap();
                }
                (_, "ssin") if record["ssinPresent"] == true => {
                    sheet.write_string(row, column, "connu").unwrap();
                }
                (value, _) => {
                    if let Some(text) = text(value) {
                        sheet.write_string(row, column, text).unwrap();
                    }
                }
            }
        }
    }
}

/// A row of salaries: reference, person, subsidised, and the amounts of three months.
pub(crate) type SalaryRow<'a> = (&'a str, &'a str, &'a str, [&'a str; 3]);

/// The headers of the salaries of a third quarter.
pub(crate) const SALARY_HEADERS: [&str; 6] =
    ["Référence", "Personne", "Subsidié", "Brut juillet", "Brut août", "Brut septembre"];

/// The salaries of a quarter as a workbook; amounts that are numbers are numbers in it.
pub(crate) fn salaries(quarter: &str, headers: &[&str], rows: &[SalaryRow<'_>]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Salaires").unwrap().write_row(0, 0, ["Trimestre", quarter]).unwrap();
    sheet.write_row(2, 0, headers.iter().copied()).unwrap();
    for (row, (reference, name, subsidised, amounts)) in (3..).zip(rows) {
        sheet.write_row(row, 0, [*reference, *name, *subsidised]).unwrap();
        for (column, amount) in (3..).zip(amounts).filter(|(_, amount)| !amount.is_empty()) {
            match amount.parse::<f64>() {
                Ok(number) => sheet.write(row, column, number).unwrap(),
                Err(_) => sheet.write(row, column, *amount).unwrap(),
            };
        }
    }
    workbook.save_to_buffer().unwrap()
}
