//! A person's sheet in its five sections (docs/domain.md, Staff register).

use askama::Template;
use axum::response::Response;
use jiff::civil::Date;

use super::{PART, StatusTag, href, name, percent};
use crate::app::caller::Caller;
use crate::app::creches;
use crate::app::staff::{self, StaffPerson};
use crate::console::field_labels::{DATE, END, KIND, START, STATUS, TITLE, VALID_UNTIL};
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, day, render};
use crate::domain::creche::Creche;
use crate::domain::key::Scope;
use crate::domain::staff::Contract;
use crate::http::extract::Path;
use crate::http::path_parameters::AtStaffMember;
use crate::http::problem::Result;
use crate::words::{self, Language, LocalText};

/// A section with its records.
struct SheetSection {
    title: &'static str,
    /// The last part of the path of its records; their position in the list follows it.
    at: &'static str,
    headers: Vec<&'static str>,
    lines: Vec<RecordRow>,
    /// The name of a new record.
    add: &'static str,
}

/// A record in a section.
struct RecordRow {
    cells: Vec<String>,
    /// Its number from 1 among the records that the user may change; none when it is out of reach.
    number: Option<usize>,
}

#[derive(Template)]
#[template(path = "staff/sheet.html", config = ".config/askama.toml")]
struct SheetPage {
    frame: PageFrame,
    href: String,
    name: String,
    standing: StatusTag,
    reference: String,
    birth: String,
    number: bool,
    sections: Vec<SheetSection>,
    writes: bool,
}

/// The caller, who may change this person.
pub(super) fn writer(visit: &PageContext, person: &StaffPerson) -> Option<Caller> {
    let here = person.member.creches();
    let may = |caller: &Caller| here.is_empty() || caller.reach().includes_any(&here);
    visit.acting.caller(Scope::StaffWrite).filter(may)
}

pub(super) async fn show_person(
    visit: PageContext,
    Path(AtStaffMember { member }): Path<AtStaffMember>,
) -> Result<Response> {
    let caller = visit.caller(Scope::StaffRead)?;
    let person = staff::find(&visit.app, &caller, member).await?;
    let known = creches::list(&visit.app, &caller).await?;
    let (language, today) = (visit.language, visit.clock().today());
    let writer = writer(&visit, &person);
    Ok(render(&SheetPage {
        frame: PageFrame::at(PART, &visit),
        href: href(person.id),
        name: name(&person),
        standing: StatusTag::of(person.member.standing(today), language),
        reference: person.member.reference.clone(),
        birth: day(person.member.birth_date),
        number: person.member.ssin.is_some(),
        sections: sections(&person, &known, writer.as_ref(), caller.may(Scope::StaffDocumentsRead), language),
        writes: writer.is_some(),
    }))
}

/// The sections below the identification; diplomas and documents for users with the right to them.
fn sections(
    person: &StaffPerson,
    known: &[Creche],
    writer: Option<&Caller>,
    documents: bool,
    language: Language,
) -> Vec<SheetSection> {
    let t = |text: LocalText| text.get(language);
    let member = &person.member;
    let section = |at, title, add, headers: &[LocalText], lines: Vec<Vec<String>>| SheetSection {
        title: t(title),
        at,
        headers: headers.iter().map(|header| header.get(language)).collect(),
        lines: (1..).zip(lines).map(|(number, cells)| RecordRow { cells, number: Some(number) }).collect(),
        add: t(add),
    };
    let contracts = member.contracts.iter().map(|contract| contract_line(contract, known, language)).collect();
    let mut contracts = section("contracts", CONTRACTS, ADD_CONTRACT, &[STATUS, START, END, FUNCTIONS], contracts);
    number_for(writer, &member.contracts, &mut contracts.lines);
    let mut sections = vec![contracts];
    if documents {
        let training = |one: &crate::domain::staff::Training| {
            vec![t(one.kind.label()).to_owned(), one.title.clone(), day(one.date)]
        };
        let trainings = member.trainings.iter().map(training).collect();
        sections.push(section("trainings", TRAININGS, ADD_TRAINING, &[KIND, TITLE, DATE], trainings));
        let document = |one: &crate::domain::staff::Document| {
            vec![t(one.kind.label()).to_owned(), day(one.date), until(one.valid_until)]
        };
        let papers = member.documents.iter().map(document).collect();
        sections.push(section("documents", DOCUMENTS, ADD_DOCUMENT, &[KIND, DATE, VALID_UNTIL], papers));
    }
    let absence = |one: &crate::domain::staff::Absence| {
        vec![t(one.kind.label()).to_owned(), day(one.start_date), until(one.end_date)]
    };
    let absences = member.absences.iter().map(absence).collect();
    sections.push(section("absences", ABSENCES, ADD_ABSENCE, &[KIND, START, END], absences));
    sections
}

/// Numbers contracts as for the caller who may change them, to whom fewer may be visible than to the reader.
fn number_for(writer: Option<&Caller>, contracts: &[Contract], lines: &mut [RecordRow]) {
    let mut numbers = 1..;
    for (contract, line) in contracts.iter().zip(lines) {
        let within = |writer: &Caller| contract.functions.iter().any(|one| writer.reaches(one.creche_id));
        line.number = writer.filter(|writer| within(writer)).and_then(|_| numbers.next());
    }
}

fn contract_line(contract: &Contract, known: &[Creche], language: Language) -> Vec<String> {
    let function = |function: &crate::domain::staff::Function| {
        let creche = known.iter().find(|creche| creche.id == function.creche_id);
        let creche = creche.map_or(ELSEWHERE.get(language), |creche| creche.name.as_str());
        let category = function.category.label().get(language);
        format!("{category}, {}, {creche}", percent(function.fte_hundredths.0.into()))
    };
    let functions: Vec<_> = contract.functions.iter().map(function).collect();
    let status = contract.status.label().get(language);
    vec![status.to_owned(), day(contract.start_date), until(contract.end_date), functions.join(" · ")]
}

fn until(end: Option<Date>) -> String {
    end.map(day).unwrap_or_default()
}

const CONTRACTS: LocalText = words::staff::CONTRACTS;
const TRAININGS: LocalText = words::staff::TRAININGS;
const DOCUMENTS: LocalText = words::staff::DOCUMENTS;
const ABSENCES: LocalText = words::staff::ABSENCES;
const ADD_CONTRACT: LocalText = words::staff::ADD_CONTRACT;
const ADD_TRAINING: LocalText = words::staff::ADD_TRAINING;
const ADD_DOCUMENT: LocalText = words::staff::ADD_DOCUMENT;
const ADD_ABSENCE: LocalText = words::staff::ADD_ABSENCE;
const ELSEWHERE: LocalText = words::staff::ELSEWHERE;
const FUNCTIONS: LocalText = words::staff::FUNCTIONS;
