//! Mon Équipe: the list of persons with its filters (docs/domain.md, Staff register), a person's sheet, the
//! register as a workbook, the validation.

mod form;
mod identity;
mod new;
mod record;
mod register;
mod sheet;
mod validations;

use askama::Template;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use axum::routing::get;

use super::form::{Fields, QueryFields};
use super::form_fields::TickBox;
use super::page_context::PageContext;
use super::page_frame::{PageFrame, render};
use crate::app::staff::{self, StaffFilter, StaffPerson};
use crate::app::{App, creches};
use crate::domain::creche::Creche;
use crate::domain::key::Scope;
use crate::domain::staff::{ContractStatus, runs_on};
use crate::http::problem::Result;
use crate::ids::StaffMemberId;
use crate::words::Language;

/// The path of this part of the console.
const PART: &str = "/console/staff";

pub(super) fn routes() -> Router<App> {
    // The handler limits the body itself.
    let register = get(register::page).post(register::send).layer(DefaultBodyLimit::disable());
    Router::new()
        .route(PART, get(list))
        .route("/console/staff/new", get(new::blank).post(new::ask))
        .route("/console/staff/create", axum::routing::post(new::create))
        .route("/console/staff/register", register)
        .route("/console/staff/register/download", get(register::download))
        .route("/console/staff/register/template", get(register::template))
        .route("/console/staff/validations", get(validations::page).post(validations::validate))
        .route("/console/staff/{staffMemberId}", get(sheet::show_person))
        .route("/console/staff/{staffMemberId}/identity", get(identity::filled).post(identity::change))
        .route("/console/staff/{staffMemberId}/{section}/{record}", get(record::filled).post(record::change))
}

/// A person in the list.
struct PersonListRow {
    href: String,
    name: String,
    reference: String,
    standing: StatusTag,
    creches: String,
    categories: String,
    /// Working time today, as a share of a full time.
    time: String,
}

/// A word with a CSS class.
struct StatusTag {
    words: &'static str,
    look: &'static str,
}

impl StatusTag {
    fn of(standing: ContractStatus, language: Language) -> Self {
        let look = match standing {
            ContractStatus::Current => "good",
            ContractStatus::NotStarted | ContractStatus::NoContract => "warn",
            ContractStatus::Ended => "plain",
        };
        Self { words: standing.label().get(language), look }
    }
}

#[derive(Template)]
#[template(path = "staff/list.html", config = ".config/askama.toml")]
struct ListPage {
    frame: PageFrame,
    rows: Vec<PersonListRow>,
    standings: Vec<TickBox>,
    several: bool,
    creches: Vec<TickBox>,
    writes: bool,
    whole: bool,
}

/// The filter in the address: all persons with a contract by default.
fn staff_filter(asked: &Fields) -> StaffFilter {
    StaffFilter {
        standing: asked.all("contractStatus").filter_map(ContractStatus::from_code).collect(),
        several: asked.ticked("severalPlaces"),
        creche: asked.number("crecheId"),
    }
}

async fn list(visit: PageContext, QueryFields(asked): QueryFields) -> Result<Response> {
    let caller = visit.caller(Scope::StaffRead)?;
    let known = creches::list(&visit.app, &caller).await?;
    let wanted = staff_filter(&asked);
    let found = staff::list(&visit.app, &caller, &wanted).await?;
    let shown = if wanted.standing.is_empty() { &ContractStatus::SHOWN[..] } else { &wanted.standing };
    let standing = |standing: &ContractStatus| TickBox {
        value: standing.code().to_owned(),
        words: standing.label().get(visit.language).to_owned(),
        ticked: shown.contains(standing),
    };
    let creche = |creche: &Creche| TickBox {
        value: creche.id.to_string(),
        words: creche.name.clone(),
        ticked: wanted.creche == Some(creche.id),
    };
    let frame = PageFrame::at(PART, &visit);
    Ok(render(&ListPage {
        rows: found.iter().map(|person| row(&visit, &known, person)).collect(),
        standings: ContractStatus::ALL.iter().map(standing).collect(),
        several: wanted.several,
        creches: known.iter().map(creche).collect(),
        writes: visit.acting.caller(Scope::StaffWrite).is_some(),
        whole: caller.creches.is_none(),
        frame,
    }))
}

fn row(visit: &PageContext, known: &[Creche], person: &StaffPerson) -> PersonListRow {
    let (today, member) = (visit.clock().today(), &person.member);
    let running = member.contracts.iter().filter(|contract| runs_on(contract.period(), today));
    let functions: Vec<_> = running.flat_map(|contract| &contract.functions).collect();
    let mut categories: Vec<_> = functions.iter().map(|one| one.category.label().get(visit.language)).collect();
    categories.dedup();
    let hundredths: u32 = functions.iter().map(|one| u32::from(one.fte_hundredths.0)).sum();
    let here = member.creches();
    let names = known.iter().filter(|creche| here.contains(&creche.id)).map(|creche| creche.name.as_str());
    PersonListRow {
        href: href(person.id),
        name: name(person),
        reference: member.reference.clone(),
        standing: StatusTag::of(member.standing(today), visit.language),
        creches: names.collect::<Vec<_>>().join(", "),
        categories: categories.join(", "),
        time: if functions.is_empty() { String::new() } else { percent(hundredths) },
    }
}

/// Hundredths of a full time in the Belgian format.
fn percent(hundredths: u32) -> String {
    format!("{hundredths} %")
}

/// The path of a person's sheet.
fn href(id: StaffMemberId) -> String {
    format!("{PART}/{id}")
}

fn name(person: &StaffPerson) -> String {
    format!("{} {}", person.member.family_name, person.member.given_name)
}
