//! A month of a crèche: its sums, its calendar, its warnings, its revisions, and what can be done with it.

use std::collections::HashSet;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::board::{Mark, PART, mark};
use super::findings::{Said, Spot, line_of, said};
use super::form::Asked;
use super::grid::{Code, Day, code, days};
use super::shell::{Shell, day, moment, month_name, show};
use super::visit::Visit;
use crate::app::App;
use crate::app::board::{Stage, stage};
use crate::app::creches;
use crate::app::statements::{self, Document as _, Entry, Held, typing};
use crate::domain::attendance::{Statement, Totals};
use crate::domain::creche::Creche;
use crate::domain::days::Days;
use crate::domain::finding::Place;
use crate::domain::key::Scope;
use crate::domain::period::Month;
use crate::domain::statement::{Door, Statement as _};
use crate::domain::text::{Language, Text};
use crate::http::answer::Answer;
use crate::http::api::at::AtMonth;
use crate::http::extract::{Media, Path};
use crate::http::problem::{Problem, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/console/creches/{crecheId}/attendance/{month}", get(page))
        .route("/console/creches/{crecheId}/attendance/{month}/download", get(download))
        .route("/console/creches/{crecheId}/attendance/{month}/template", get(template))
}

/// What the pages of a month begin with.
pub(super) struct Head {
    pub(super) creche: Creche,
    pub(super) month: Month,
    /// The month as people say it.
    pub(super) name: String,
    /// The address of the month's page.
    pub(super) at: String,
}

impl Head {
    pub(super) fn new(creche: Creche, month: Month, language: Language) -> Self {
        let at = format!("/console/creches/{}/attendance/{month}", creche.id);
        Self { name: month_name(month, language), creche, month, at }
    }
}

/// A sum by its name.
pub(super) struct Sum {
    pub(super) name: &'static str,
    pub(super) days: Days,
}

/// The six counts.
pub(super) fn sums(totals: &Totals, language: Language) -> Vec<Sum> {
    use crate::domain::attendance::Status;
    let sum = |status: &Status| Sum { name: status.label().get(language), days: totals.of(*status) };
    Status::ALL.iter().map(sum).collect()
}

/// A revision in the list.
#[derive(Clone)]
pub(super) struct Past {
    pub(super) number: u32,
    pub(super) at: String,
    pub(super) by: String,
    pub(super) door: &'static str,
    pub(super) lines: u64,
    pub(super) warned: bool,
    /// Whether there is a later one.
    pub(super) old: bool,
}

impl Past {
    pub(super) fn of(entry: Entry<Totals>, language: Language) -> Self {
        let application = entry.application.map(|(_, name)| name);
        Self {
            number: entry.deposited.revision,
            at: moment(entry.deposited_at),
            by: application.or(entry.person).unwrap_or_else(|| SOMEBODY.get(language).to_owned()),
            door: door(entry.door).get(language),
            lines: entry.deposited.lines,
            warned: entry.deposited.has_warnings,
            old: false,
        }
    }
}

const SOMEBODY: Text = Text { fr: "Une personne", nl: "Een persoon", en: "A person" };

const fn door(door: Door) -> Text {
    match door {
        Door::Json => Text { fr: "par l'API", nl: "via de API", en: "by the API" },
        Door::Xlsx => Text { fr: "classeur .xlsx", nl: "werkmap .xlsx", en: "workbook .xlsx" },
        Door::Xls => Text { fr: "classeur .xls", nl: "werkmap .xls", en: "workbook .xls" },
        Door::Console => Text { fr: "tableau saisi", nl: "ingevulde tabel", en: "typed table" },
    }
}

/// A child's month.
struct Child {
    name: String,
    remark: String,
    cells: Vec<Cell>,
}

/// A child's day.
struct Cell {
    code: Code,
    look: &'static str,
    warned: bool,
}

#[derive(Template)]
#[template(path = "month.html", config = ".config/askama.toml")]
struct MonthPage {
    shell: Shell,
    head: Head,
    around: [(Month, &'static str); 2],
    stage: Mark,
    deadline: Option<String>,
    writes: bool,
    locked: bool,
    begun: bool,
    /// The revision that is shown; none when nothing was deposited.
    shown: Option<Past>,
    sums: Vec<Sum>,
    findings: Vec<Said>,
    days: Vec<Day>,
    children: Vec<Child>,
    revisions: Vec<Past>,
}

async fn page(visit: Visit, Path(AtMonth { creche, month }): Path<AtMonth>, Asked(asked): Asked) -> Result<Response> {
    let caller = visit.caller(Scope::AttendanceRead)?;
    let (app, language) = (&visit.app, visit.language);
    let creche = creches::find(app, &caller, creche).await?;
    let wanted = asked.number("revision");
    let held = statements::read::<Statement>(app, &caller, creche.id, month, wanted).await?;
    if held.is_none() && wanted.is_some() {
        return Err(Problem::not_found("revision"));
    }
    let revisions = statements::revisions::<Statement>(app, &caller, creche.id, month).await?;
    let begun = typing::is_begun::<Statement>(app, &caller, creche.id, month).await?;
    let kept = revisions.last().map(|last| (last.deposited.status, last.deposited.has_warnings));
    let stage = stage(&creche, month, kept, app.clock.today());
    let number = held.as_ref().map(|held| held.entry.deposited.revision);
    let revisions: Vec<_> = revisions.into_iter().rev().map(|entry| Past::of(entry, language)).collect();
    let at = revisions.iter().position(|past| Some(past.number) == number);
    let shell = Shell::at(PART, &visit).saying(done(asked.get("said")).map(|text| text.get(language)));
    let shown = at.map(|at| Past { old: at > 0, ..revisions[at].clone() });
    let held = held.map(|held| filled(held, month, language));
    let (sums, findings, children) = held.unwrap_or_default();
    Ok(show(&MonthPage {
        around: [month.previous(), month.next()].map(|month| (month, month.name().get(language))),
        stage: mark(&shell, stage),
        deadline: creche.subsidised.then(|| day(month.quarter().deadline())),
        locked: stage == Stage::Locked,
        writes: visit.acting.mandate.may(Scope::AttendanceWrite, creche.id)
            && !matches!(stage, Stage::Locked | Stage::Ahead),
        begun,
        shown,
        sums,
        findings,
        days: days(&creche, month, language),
        children,
        revisions,
        head: Head::new(creche, month, language),
        shell,
    }))
}

/// What a statement puts on its page.
type Filled = (Vec<Sum>, Vec<Said>, Vec<Child>);

fn filled(held: Held<Statement>, month: Month, language: Language) -> Filled {
    let Held { entry, warnings, statement, .. } = held;
    let sums = sums(&entry.deposited.totals, language);
    let findings = said(&warnings, language, |place| spot(&statement, place));
    let dated = |place: &Place| {
        let (line, item) = line_of(place)?;
        Some((line, statement.lines.get(line)?.days.get(item?)?.date.day()))
    };
    let warned: HashSet<_> = warnings.iter().flat_map(|finding| &finding.places).filter_map(dated).collect();
    let remarks: Vec<_> = statement.lines.iter().map(|line| (name_of(line), remark(line))).collect();
    let fixed = Statement::headers(month).len() - month.days().count();
    let calendar = Statement::rows(&statement.into_raw(), month);
    let child = |(at, ((name, remark), row)): (usize, ((String, String), Vec<String>))| {
        let cell = |(date, text): (jiff::civil::Date, &String)| {
            let code = code(text, language);
            Cell { look: code.look, warned: warned.contains(&(at, date.day())), code }
        };
        Child { name, remark, cells: month.days().zip(&row[fixed..]).map(cell).collect() }
    };
    let children = remarks.into_iter().zip(calendar).enumerate().map(child).collect();
    (sums, findings, children)
}

pub(super) fn name_of(line: &crate::domain::attendance::Line) -> String {
    format!("{} {}", line.family_name, line.given_name)
}

fn remark(line: &crate::domain::attendance::Line) -> String {
    format!("{} · {}", line.reference, day(line.birth_date))
}

/// A place of a statement by the child's name and the day.
fn spot(statement: &Statement, place: &Place) -> Option<Spot> {
    let (line, item) = line_of(place)?;
    let line = statement.lines.get(line)?;
    let date = item.and_then(|item| line.days.get(item)).map(|found| format!(", {}", day(found.date)));
    Some(Spot { words: format!("{}{}", name_of(line), date.unwrap_or_default()), anchor: None })
}

async fn download(visit: Visit, Path(AtMonth { creche, month }): Path<AtMonth>, Asked(asked): Asked) -> Result<Answer> {
    let caller = visit.caller(Scope::AttendanceRead)?;
    let held = statements::read::<Statement>(&visit.app, &caller, creche, month, asked.number("revision")).await?;
    let workbook = statements::as_workbook(held.ok_or_else(|| Problem::not_found("month"))?).await?;
    Ok(Answer::file(Media::Xlsx, &workbook.name, workbook.bytes))
}

async fn template(visit: Visit, Path(AtMonth { creche, month }): Path<AtMonth>, Asked(asked): Asked) -> Result<Answer> {
    let caller = visit.caller(Scope::AttendanceRead)?;
    let prefill = asked.get("prefill") == "previousMonth";
    let book = statements::template::<Statement>(&visit.app, &caller, creche, month, prefill, ROWS).await?;
    Ok(Answer::file(Media::Xlsx, &book.name, book.bytes))
}

/// Rows made ready in a workbook to fill in.
const ROWS: usize = 40;

/// What was just done.
fn done(code: &str) -> Option<Text> {
    Some(match code {
        "deposited" => DEPOSITED,
        "unchanged" => UNCHANGED,
        "discarded" => DISCARDED,
        _ => return None,
    })
}

const DEPOSITED: Text =
    Text { fr: "Le relevé est déposé.", nl: "De staat is ingediend.", en: "The statement is deposited." };
const UNCHANGED: Text = Text {
    fr: "Le contenu est le même que celui de la révision en place : rien n'a changé.",
    nl: "De inhoud is dezelfde als die van de huidige revisie: er is niets veranderd.",
    en: "The content is the same as that of the current revision: nothing has changed.",
};
const DISCARDED: Text =
    Text { fr: "Le brouillon est supprimé.", nl: "Het ontwerp is verwijderd.", en: "The draft is gone." };
