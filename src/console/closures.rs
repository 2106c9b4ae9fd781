//! The closures of a year, for one crèche or several at once.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::json;

use super::confirm::{self, Confirmation};
use super::form::{Fields, PageForm, QueryFields};
use super::form_fields::FieldErrors;
use super::page_context::PageContext;
use super::page_frame::{PageFrame, day, render_with_status};
use crate::app::closures::ClosureError;
use crate::app::closures::change::{ClosureOperation, change};
use crate::app::{App, closures, creches};
use crate::domain::closure::{Closure, ClosureReason};
use crate::domain::creche::Creche;
use crate::domain::holidays::public_holiday;
use crate::domain::notice::Notice;
use crate::domain::rule::Rule;
use crate::domain::rules::closure::{LONG, UNLISTED_HOLIDAY};
use crate::http::problem::Result;
use crate::ids::CrecheId;
use crate::words::{self, Language, LocalText};

/// The path of the page.
const PART: &str = "/console/closures";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(PART, get(page))
        .route("/console/closures/add", post(add))
        .route("/console/closures/remove", post(remove))
}

#[derive(Template)]
#[template(path = "closures.html", config = ".config/askama.toml")]
struct ClosuresPage {
    frame: PageFrame,
    year: i16,
    years: Vec<i16>,
    /// The selected crèche; none is all of them.
    chosen: Option<CrecheId>,
    creches: Vec<(CrecheId, String)>,
    /// The crèches whose closures the user may change.
    writable: Vec<CrecheTick>,
    reasons: Vec<(&'static str, &'static str)>,
    rows: Vec<ClosureRow>,
    /// The input that was not accepted.
    filled: ClosureForm,
    faults: FieldErrors,
}

/// A crèche to be ticked.
struct CrecheTick {
    id: CrecheId,
    name: String,
    ticked: bool,
}

/// The values of the form.
#[derive(Default)]
struct ClosureForm {
    start: String,
    end: String,
    reason: String,
    creches: Vec<String>,
}

/// A closure, and the crèches that share it.
struct ClosureRow {
    closure: Closure,
    start: String,
    end: String,
    days: i32,
    reason: &'static str,
    remarks: Vec<String>,
    creches: Vec<(CrecheId, String, bool)>,
    writable: bool,
}

async fn page(visit: PageContext, QueryFields(asked): QueryFields) -> Result<Response> {
    render_closures(&visit, &asked, ClosureForm::default(), FieldErrors::default()).await
}

async fn add(PageForm { visit, fields }: PageForm) -> Result<Response> {
    write(&visit, &fields, ClosureOperation::Add).await
}

async fn remove(PageForm { visit, fields }: PageForm) -> Result<Response> {
    if confirm::is_sure(&fields) || fields.all("creches").next().is_none() {
        return write(&visit, &fields, ClosureOperation::Remove).await;
    }
    visit.caller(closures::WRITE)?;
    Ok(ask_before_removal(&visit, &fields))
}

fn ask_before_removal(visit: &PageContext, fields: &Fields) -> Response {
    let frame = PageFrame::at(PART, visit);
    let button = frame.text(&words::closures::TAKE_THE_CLOSURE_AWAY);
    let days = ["start", "end"].map(|name| fields.get(name).parse().map_or_else(|_| String::new(), day));
    let question = Confirmation {
        action: format!("{PART}/remove"),
        back: format!("{PART}?year={}", fields.get("start").get(..4).unwrap_or_default()),
        title: format!("{button} · {}", days.join(" – ")),
        consequence: frame.text(&words::closures::THESE_DAYS_WILL_COUNT_AS_OPEN),
        button,
    };
    confirm::confirmation_page(frame, fields, question)
}

async fn write(visit: &PageContext, fields: &Fields, what: ClosureOperation) -> Result<Response> {
    let caller = visit.caller(closures::WRITE)?;
    let filled = ClosureForm::of(fields);
    let creches: Vec<CrecheId> = filled.creches.iter().filter_map(|id| id.parse().ok()).collect();
    let faults = filled.missing(creches.is_empty(), visit.language);
    if !faults.0.is_empty() {
        return render_closures(visit, fields, filled, faults).await;
    }
    match change(&visit.app, &caller, &creches, what, &filled.document()).await {
        Ok(_) => {
            let notice = if what == ClosureOperation::Add { Notice::ClosureAdded } else { Notice::ClosureRemoved };
            let year = filled.start.get(..4).unwrap_or_default();
            let chosen = fields.get("creche");
            Ok(visit.done(&format!("{PART}?year={year}&creche={chosen}"), notice).await)
        }
        Err(ClosureError::Invalid(findings)) => {
            let faults = FieldErrors::new(&findings, visit.language).named(field_of);
            render_closures(visit, fields, filled, faults).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

impl ClosureForm {
    fn of(fields: &Fields) -> Self {
        let start = fields.get("start").to_owned();
        let end = Some(fields.get("end")).filter(|end| !end.is_empty()).unwrap_or(&start).to_owned();
        let creches = fields.all("creches").map(str::to_owned).collect();
        Self { end, reason: fields.get("reason").to_owned(), creches, start }
    }

    /// The required fields that are empty; an empty last day means a single day.
    fn missing(&self, nowhere: bool, language: Language) -> FieldErrors {
        let fault = |is: bool, field: &str, sentence: LocalText| {
            is.then(|| (field.to_owned(), sentence.get(language).to_owned()))
        };
        let faults = [fault(self.start.is_empty(), "start", NO_START), fault(nowhere, "creches", NOWHERE)];
        FieldErrors(faults.into_iter().flatten().collect())
    }

    /// As the document of the API.
    fn document(&self) -> Vec<u8> {
        let Self { start, end, reason, .. } = self;
        json!({ "items": [{ "startDate": start, "endDate": end, "reason": reason }] }).to_string().into_bytes()
    }
}

/// The page; `asked` has the selected year and crèche.
async fn render_closures(
    visit: &PageContext,
    asked: &Fields,
    filled: ClosureForm,
    faults: FieldErrors,
) -> Result<Response> {
    let caller = visit.caller(closures::READ)?;
    let found = creches::list(&visit.app, &caller).await?;
    let today = visit.clock().today();
    let years = years(&found, today.year());
    let year = nearest(&years, asked.number("year").unwrap_or(today.year()));
    let chosen = asked.number("creche");
    let may = |id| visit.acting.mandate.may(closures::WRITE, id);
    let tick = |creche: &Creche| {
        let ticked = filled.creches.contains(&creche.id.to_string()) || chosen == Some(creche.id);
        CrecheTick { id: creche.id, name: creche.name.clone(), ticked }
    };
    let status = if faults.0.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let page = ClosuresPage {
        frame: PageFrame::at(PART, visit).refusing(&faults, &["start", "end", "reason", "creches"]),
        year,
        years: years.into_iter().rev().collect(),
        writable: found.iter().filter(|creche| may(creche.id)).map(tick).collect(),
        reasons: ClosureReason::ALL.iter().map(|each| (each.code(), each.label().get(visit.language))).collect(),
        rows: rows(visit, &found, year, chosen, may),
        creches: found.into_iter().map(|creche| (creche.id, creche.name)).collect(),
        chosen,
        filled,
        faults,
    };
    Ok(render_with_status(status, &page))
}

/// The years to choose from: from the first authorisation to the next year, and others in which a closure begins.
fn years(found: &[Creche], this_year: i16) -> BTreeSet<i16> {
    let first = found.iter().map(|creche| creche.authorised_from.year()).fold(this_year, i16::min);
    let closures = found.iter().flat_map(|creche| creche.calendar.closures());
    (first..=this_year + 1).chain(closures.map(|closure| closure.start_date.year())).collect()
}

/// The requested year, or the nearest of those to choose from.
fn nearest(years: &BTreeSet<i16>, asked: i16) -> i16 {
    years.iter().copied().min_by_key(|year| year.abs_diff(asked)).unwrap_or(asked)
}

/// The field of the form for a place of the document.
fn field_of(place: &str) -> String {
    let field = match place.rsplit('/').next() {
        Some("endDate") => "end",
        Some("reason") => "reason",
        _ => "start",
    };
    field.to_owned()
}

/// The closures of a year, each once with the crèches that share it.
fn rows(
    visit: &PageContext,
    found: &[Creche],
    year: i16,
    chosen: Option<CrecheId>,
    may: impl Fn(CrecheId) -> bool,
) -> Vec<ClosureRow> {
    let mut shared = BTreeMap::<Closure, Vec<&Creche>>::new();
    for creche in found.iter().filter(|creche| chosen.is_none_or(|chosen| chosen == creche.id)) {
        for closure in creche.calendar.closures() {
            if (closure.start_date.year()..=closure.end_date.year()).contains(&year) {
                shared.entry(*closure).or_default().push(creche);
            }
        }
    }
    let row = |(closure, creches): (Closure, Vec<&Creche>)| {
        let creches: Vec<_> = creches.iter().map(|creche| (creche.id, creche.name.clone(), may(creche.id))).collect();
        ClosureRow {
            closure,
            start: day(closure.start_date),
            end: day(closure.end_date),
            days: closure.days(),
            reason: closure.reason.label().get(visit.language),
            remarks: remarks(visit, closure),
            writable: creches.iter().any(|(_, _, may)| *may),
            creches,
        }
    };
    shared.into_iter().map(row).collect()
}

/// The warnings.
fn remarks(visit: &PageContext, closure: Closure) -> Vec<String> {
    let mut remarks = Vec::new();
    let words = |rule: &Rule| format!("{} {}", rule.reason.get(visit.language), rule.repair.get(visit.language));
    if let Some(unlisted) = closure.unlisted_holiday() {
        remarks.push(words(&UNLISTED_HOLIDAY).replace("{date}", &day(unlisted)));
    }
    if closure.is_long() {
        remarks.push(words(&LONG).replace("{days}", &closure.days().to_string()));
    }
    if let (true, Some(name)) = (closure.start_date == closure.end_date, public_holiday(closure.start_date)) {
        remarks.push(format!("{} {}", ALREADY.get(visit.language), name.get(visit.language)));
    }
    remarks
}

const NO_START: LocalText = words::closures::NO_START;

const NOWHERE: LocalText = words::closures::NOWHERE;

const ALREADY: LocalText = words::closures::ALREADY;
