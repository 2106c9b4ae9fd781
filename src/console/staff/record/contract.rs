//! The form of a contract: the contract itself, and as many functions as it has and one more.

use crate::console::field_labels::{CATEGORY, CRECHE, END, FUNCTION, START, STATUS};
use crate::console::form::Fields;
use crate::console::form_fields::{FieldErrors, TextField, TickBox, text};
use crate::console::staff::form::{EditPage, FieldGroup, Select};
use crate::domain::creche::Creche;
use crate::domain::raw::{Field, Label, List};
use crate::domain::staff::raw::{Hundredths, RawContract, RawFunction};
use crate::domain::staff::{Category, Contract, Status};
use crate::words::{self, Language, LocalText};

/// The fields of each function: its crèche, category and working time.
const FUNCTIONS: [[&str; 3]; 6] = [
    ["creche1", "category1", "time1"],
    ["creche2", "category2", "time2"],
    ["creche3", "category3", "time3"],
    ["creche4", "category4", "time4"],
    ["creche5", "category5", "time5"],
    ["creche6", "category6", "time6"],
];

/// The form's input on a contract. A function with empty fields is none; those of `held` beyond the fields of the form
/// stay.
pub(super) fn parse_contract(fields: &Fields, stored: Option<&Contract>) -> RawContract {
    let function = |[creche, category, time]: [&'static str; 3]| RawFunction {
        creche: text::<Label<100>>(fields, creche),
        category: text(fields, category),
        fte: hundredths(fields.get(time)),
        unknown: false,
    };
    let typed = |names: &[&str; 3]| names.iter().any(|name| !fields.get(name).is_empty());
    let stored = stored.cloned().map(Contract::into_raw).and_then(|stored| stored.functions.take());
    let rest = stored.into_iter().flat_map(|List(functions)| functions).skip(FUNCTIONS.len());
    let said = FUNCTIONS.into_iter().filter(typed).map(|names| Field::Present(function(names)));
    let functions: Vec<_> = said.chain(rest).collect();
    RawContract {
        reference: text(fields, "reference"),
        status: text(fields, "status"),
        start_date: text(fields, "startDate"),
        end_date: text(fields, "endDate"),
        functions: if functions.is_empty() { Field::Absent } else { Field::Present(List(functions)) },
        unknown: false,
    }
}

/// Whether the form has a field with this name.
pub(super) fn has_field(name: &str) -> bool {
    ["reference", "status", "startDate", "endDate"].contains(&name) || FUNCTIONS.as_flattened().contains(&name)
}

/// A percentage of a full time, a whole number.
fn hundredths(typed: &str) -> Field<Hundredths> {
    let plain = typed.trim_end_matches('%').trim();
    match plain.parse().ok().filter(|hundredths| *hundredths <= 100) {
        Some(hundredths) => Field::Present(Hundredths(hundredths)),
        None if plain.is_empty() => Field::Absent,
        None => Field::malformed(plain),
    }
}

/// The name of the field for a place within a contract.
pub(super) fn field_of(place: &str) -> String {
    let Some(rest) = place.strip_prefix("functions/") else { return place.to_owned() };
    let (at, property) = rest.split_once('/').unwrap_or((rest, "crecheId"));
    let names = at.parse::<usize>().ok().and_then(|at| FUNCTIONS.get(at));
    let column = match property {
        "category" => 1,
        "fteHundredths" => 2,
        _ => 0,
    };
    names.map_or_else(|| place.to_owned(), |names| names[column].to_owned())
}

/// A contract as the form's values.
pub(super) fn form_values(contract: Option<&Contract>, version: u64) -> Fields {
    let mut pairs = vec![("version".to_owned(), version.to_string())];
    let mut put = |name: &str, value: String| pairs.push((name.to_owned(), value));
    match contract {
        None => put("reference", "C-1".to_owned()),
        Some(contract) => {
            put("reference", contract.reference.clone());
            put("status", contract.status.code().to_owned());
            put("startDate", contract.start_date.to_string());
            put("endDate", contract.end_date.map(|end| end.to_string()).unwrap_or_default());
            for ([creche, category, time], function) in FUNCTIONS.into_iter().zip(&contract.functions) {
                put(creche, function.creche_id.to_string());
                put(category, function.category.code().to_owned());
                put(time, function.fte_hundredths.0.to_string());
            }
        }
    }
    pairs.into()
}

/// Renders the fields of a contract.
pub(super) fn add_inputs(page: &mut EditPage, from: (&Fields, &FieldErrors), known: &[Creche], language: Language) {
    let (fields, faults) = from;
    let entry = |name, kind, label: LocalText, hint: LocalText, required| {
        TextField::new(name, fields, faults).described(kind, label.get(language), hint.get(language), required)
    };
    let statuses = (Status::ALL, Status::code as fn(_) -> _, Status::label as fn(_) -> _);
    page.selects = vec![Select::of("status", STATUS.get(language), statuses, from, language)];
    page.entries = vec![
        entry("reference", "text", REFERENCE, NOTHING, true),
        entry("startDate", "date", START, NOTHING, true),
        entry("endDate", "date", END, OPEN_END, false),
    ];
    let used = FUNCTIONS.iter().filter(|names| names.iter().any(|name| !fields.get(name).is_empty())).count();
    let shown = (used + 1).min(FUNCTIONS.len());
    let row = |(at, names): (usize, [&'static str; 3])| {
        let [creche, category, time] = names;
        let option = |one: &Creche| TickBox {
            value: one.id.to_string(),
            words: one.name.clone(),
            ticked: fields.get(creche) == one.id.to_string(),
        };
        let creches = Select {
            name: creche,
            label: CRECHE.get(language),
            options: known.iter().map(option).collect(),
            blank: true,
            error: faults.at(creche).map(str::to_owned),
        };
        let categories = (Category::ALL, Category::code as fn(_) -> _, Category::label as fn(_) -> _);
        FieldGroup {
            legend: format!("{} {}", FUNCTION.get(language), at + 1),
            selects: vec![creches, Select::of(category, CATEGORY.get(language), categories, from, language)],
            entries: vec![entry(time, "text", TIME, TIME_HINT, false)],
        }
    };
    page.rows = FUNCTIONS.into_iter().take(shown).enumerate().map(row).collect();
}

const NOTHING: LocalText = LocalText::EMPTY;
const REFERENCE: LocalText = words::staff::REFERENCE_OF_THE_CONTRACT;
const OPEN_END: LocalText = words::staff::OPEN_END;
const TIME: LocalText = words::staff::TIME;
const TIME_HINT: LocalText = words::staff::TIME_HINT;
