//! The month as a table to type in: saved as a draft any number of times, validated as it is, deposited in the end.

mod sheet;

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use serde_json::json;

use self::sheet::{TableColumn, TableRow, columns, place_link, rows};
use super::correction::{CORRECTION, correction_choices, correction_reason};
use super::findings::{FindingView, finding_views};
use super::form::{Fields, PageForm};
use super::form_fields::{FieldErrors, SelectOption};
use super::kinds::{StatementPages, month_route};
use super::month::{MonthHead, RevisionRow};
use super::page_context::{PageContext, redirect};
use super::page_frame::{PageFrame, date_time, render, render_with_status};
use super::upload::{precondition, redirect_with_notice, replaces_revision};
use crate::app::caller::Caller;
use crate::app::statements::drafts::{self, SavedTable, TableDraft, TableError, TableSave, TableStart};
use crate::app::statements::{DepositError, DepositOptions, Typed};
use crate::app::{App, creches};
use crate::clock;
use crate::domain::claim::CorrectionReason;
use crate::domain::finding::Findings;
use crate::domain::key::Scope;
use crate::domain::notice::Notice;
use crate::domain::period::Month;
use crate::domain::statement::{MAX_LINES, StatementKey};
use crate::http::answer::ResponseBuilder;
use crate::http::extract::Path;
use crate::http::metrics::Metrics;
use crate::http::path_parameters::AtMonth;
use crate::http::problem::{Problem, ProblemType, Result};
use crate::ids::CrecheId;
use crate::random;
use crate::words::{self, LocalText};

pub(super) fn routes<S: StatementPages>() -> Router<App> {
    Router::new()
        .route(&month_route::<S>("/table"), get(page::<S>).post(send::<S>))
        .route(&month_route::<S>("/table/begin"), post(begin::<S>))
        .route(&month_route::<S>("/table/discard"), post(discard::<S>))
}

/// The default number of rows of a blank table.
const ROWS: usize = 20;
/// Empty rows below the filled ones.
const SPARE: usize = 3;
/// How many rows are added at a time.
const MORE: usize = 10;

#[derive(Template)]
#[template(path = "begin.html", config = ".config/askama.toml")]
struct BeginPage {
    frame: PageFrame,
    head: MonthHead,
    replaces: Option<RevisionRow>,
    rows: usize,
    most: usize,
}

#[derive(Template)]
#[template(path = "table.html", config = ".config/askama.toml")]
struct TablePage {
    frame: PageFrame,
    head: MonthHead,
    replaces: Option<RevisionRow>,
    corrections: Vec<SelectOption>,
    blocked: bool,
    conflict: Option<OtherSave>,
    version: u64,
    page: String,
    saved: String,
    columns: Vec<TableColumn>,
    rows: Vec<TableRow>,
    findings: Vec<FindingView>,
    more: usize,
    room: bool,
}

/// The change of the table by another user meanwhile.
struct OtherSave {
    /// Who saved it and when; none when it was deposited or discarded.
    saved: Option<(String, String)>,
}

/// A table to be displayed.
struct TableView {
    table: Typed,
    /// The same with the values that are masked.
    whole: Typed,
    version: u64,
    saved: String,
    conflict: Option<OtherSave>,
}

async fn page<S: StatementPages>(
    visit: PageContext,
    Path(AtMonth { creche, month }): Path<AtMonth>,
) -> Result<Response> {
    let caller = visit.caller(Scope::StatementsWrite(S::KIND))?;
    stored_table::<S>(&visit, &caller, (creche, month), (StatusCode::OK, None)).await
}

/// The stored table, or the page for beginning one.
async fn stored_table<S: StatementPages>(
    visit: &PageContext,
    caller: &Caller,
    (creche, month): (CrecheId, Month),
    (status, chosen): (StatusCode, Option<CorrectionReason>),
) -> Result<Response> {
    let Some(draft) = drafts::draft::<S>(&visit.app, caller, creche, month).await? else {
        let replaces = replaces_revision::<S>(visit, caller, creche, month).await?;
        let head = head::<S>(visit, caller, creche, month).await?;
        let frame = PageFrame::at(S::WORDS.part(), visit);
        return Ok(render(&BeginPage { frame, head, replaces, rows: ROWS, most: MAX_LINES }));
    };
    let TableDraft { table, version, saved_at, .. } = draft;
    let whole = table.clone();
    let table = table.masked(S::SECRET);
    let shown = TableView { table, whole, version, saved: date_time(saved_at), conflict: None };
    show_table::<S>(visit, caller, (creche, month), shown, (status, chosen)).await
}

async fn head<S: StatementPages>(
    visit: &PageContext,
    caller: &Caller,
    creche: CrecheId,
    month: Month,
) -> Result<MonthHead> {
    Ok(MonthHead::new::<S>(creches::find(&visit.app, caller, creche).await?, month, visit.language))
}

async fn show_table<S: StatementPages>(
    visit: &PageContext,
    caller: &Caller,
    (creche, month): (CrecheId, Month),
    shown: TableView,
    (status, chosen): (StatusCode, Option<CorrectionReason>),
) -> Result<Response> {
    let TableView { table, whole, version, saved, conflict } = shown;
    let replaces = replaces_revision::<S>(visit, caller, creche, month).await?;
    let head = head::<S>(visit, caller, creche, month).await?;
    let findings = if table.is_blank() {
        Findings::default()
    } else {
        drafts::validate_table::<S>(&visit.app, caller, (creche, month), &whole).await?.findings
    };
    let frame = PageFrame::at(S::WORDS.part(), visit);
    let suggestions = S::suggestions(visit, caller, (creche, month)).await?;
    let columns = columns(&frame, (&head.creche, month), &table.headers, suggestions);
    let frame = match status {
        StatusCode::BAD_REQUEST => frame.refusing(&FieldErrors::one("r1c0", REFUSED.get(visit.language)), &["r1c0"]),
        StatusCode::PRECONDITION_FAILED => {
            frame.refusing(&FieldErrors::one("replace", BLOCKED.get(visit.language)), &["replace"])
        }
        StatusCode::CONFLICT if conflict.is_none() => {
            let missing = words::correction::REASON_MISSING.get(visit.language);
            frame.refusing(&FieldErrors::one(CORRECTION, missing), &[CORRECTION])
        }
        _ => frame.refused_if(conflict.is_some()),
    };
    let corrections = correction_choices(visit, caller, StatementKey { creche, kind: S::KIND, month }, chosen).await?;
    let page = TablePage {
        corrections,
        blocked: status == StatusCode::PRECONDITION_FAILED,
        conflict,
        version,
        page: format!("{:016x}", u64::from_be_bytes(random::bytes())),
        saved,
        rows: rows(&frame, &columns, &table, &findings),
        findings: finding_views(&findings, visit.language, |place| place_link(&frame, &columns, place)),
        more: MORE,
        room: table.rows.len() < MAX_LINES,
        columns,
        replaces,
        head,
        frame,
    };
    Ok(render_with_status(status, &page))
}

async fn begin<S: StatementPages>(
    Path(AtMonth { creche, month }): Path<AtMonth>,
    PageForm { visit, fields }: PageForm,
) -> Result<Response> {
    let caller = visit.caller(Scope::StatementsWrite(S::KIND))?;
    let start = match fields.get("start") {
        "previous" => TableStart::Previous,
        "current" => TableStart::Current,
        _ => TableStart::Blank(fields.number("lines").unwrap_or(ROWS).clamp(1, MAX_LINES)),
    };
    let begun = drafts::begin::<S>(&visit.app, &caller, (creche, month), start, (SPARE, MAX_LINES)).await;
    begun.map_err(refusal)?;
    Ok(redirect(&format!("{}/table", head::<S>(&visit, &caller, creche, month).await?.at)))
}

async fn discard<S: StatementPages>(
    Path(AtMonth { creche, month }): Path<AtMonth>,
    PageForm { visit, fields }: PageForm,
) -> Result<Response> {
    let caller = visit.caller(Scope::StatementsWrite(S::KIND))?;
    let version = fields.number("version").unwrap_or_default();
    let gone = drafts::discard::<S>(&visit.app, &caller, (creche, month), version).await?;
    let head = head::<S>(&visit, &caller, creche, month).await?;
    if gone {
        return Ok(visit.done(&head.at, Notice::DraftDiscarded).await);
    }
    Ok(redirect(&format!("{}/table", head.at)))
}

/// Saves; then adds rows, deposits or finishes, depending on the button.
async fn send<S: StatementPages>(
    Path(AtMonth { creche, month }): Path<AtMonth>,
    Extension(metrics): Extension<Arc<Metrics>>,
    PageForm { visit, fields }: PageForm,
) -> Result<Response> {
    let caller = visit.caller(Scope::StatementsWrite(S::KIND))?;
    let head = head::<S>(&visit, &caller, creche, month).await?;
    let mut table = typed::<S>(month, &fields)?;
    if fields.get("action") == "more" {
        let rows = (table.rows.len() + MORE).min(MAX_LINES);
        table.rows.resize(rows, vec![String::new(); table.headers.len()]);
    }
    let (page, known) = (fields.get("page").to_owned(), fields.number("version").unwrap_or_default());
    let save = TableSave { creche, month, table: table.clone(), page, known };
    let saved = match drafts::save_draft::<S>(&visit.app, &caller, save).await {
        Ok(saved) => saved,
        Err(TableError::Stale(other)) => {
            let shown = conflicting_table::<S>(table, *other);
            return show_table::<S>(
                &visit,
                &caller,
                (creche, month),
                shown,
                (StatusCode::CONFLICT, correction_reason(&fields)),
            )
            .await;
        }
        Err(TableError::SsinNotAccepted) => {
            return refused_table::<S>(&visit, &caller, (creche, month), table, correction_reason(&fields)).await;
        }
        Err(conflict) => return Err(refusal(conflict)),
    };
    match fields.get("action") {
        "autosave" => Ok(saved_answer(&saved).into_response()),
        "deposit" => deposit_table::<S>(&visit, &caller, &head, &fields, (saved.version, &saved.table), &metrics).await,
        _ => Ok(redirect(&format!("{}/table", head.at))),
    }
}

async fn deposit_table<S: StatementPages>(
    visit: &PageContext,
    caller: &Caller,
    head: &MonthHead,
    fields: &Fields,
    draft: (u64, &Typed),
    metrics: &Metrics,
) -> Result<Response> {
    let (at, chosen) = ((head.creche.id, head.month), correction_reason(fields));
    let options =
        DepositOptions { precondition: precondition(fields), correction: chosen, ..DepositOptions::default() };
    let verdict = drafts::deposit_table::<S>(&visit.app, caller, at, draft, options).await;
    match metrics.record_deposit(S::KIND, verdict) {
        Ok(accepted) => Ok(redirect_with_notice(visit, head, &accepted).await),
        Err(DepositError::Invalid { .. }) => {
            stored_table::<S>(visit, caller, at, (StatusCode::BAD_REQUEST, chosen)).await
        }
        Err(DepositError::Blocked(_)) => {
            stored_table::<S>(visit, caller, at, (StatusCode::PRECONDITION_FAILED, chosen)).await
        }
        Err(DepositError::Locked) => stored_table::<S>(visit, caller, at, (StatusCode::CONFLICT, chosen)).await,
        Err(refusal) => Err(refusal.into()),
    }
}

/// The table as it was typed, with its findings: it is not saved.
async fn refused_table<S: StatementPages>(
    visit: &PageContext,
    caller: &Caller,
    (creche, month): (CrecheId, Month),
    table: Typed,
    chosen: Option<CorrectionReason>,
) -> Result<Response> {
    let stored = drafts::draft::<S>(&visit.app, caller, creche, month).await?;
    let shown = TableView { conflict: None, ..conflicting_table::<S>(table, stored) };
    show_table::<S>(visit, caller, (creche, month), shown, (StatusCode::BAD_REQUEST, chosen)).await
}

/// The response to a save for the page's script.
fn saved_answer(saved: &SavedTable) -> ResponseBuilder {
    let at = clock::to_brussels(saved.at).strftime("%H:%M:%S").to_string();
    ResponseBuilder::json(&json!({ "version": saved.version, "saved": at }))
}

/// The table typed here, to replace another user's if the user so chooses.
fn conflicting_table<S: StatementPages>(table: Typed, other: Option<TableDraft>) -> TableView {
    let version = other.as_ref().map_or(0, |other| other.version);
    let whole = match &other {
        Some(other) => table.clone().restored(&other.table, S::SECRET),
        None => table.clone(),
    };
    let saved = other.map(|other| (other.saved_by.unwrap_or_default(), date_time(other.saved_at)));
    TableView { table, whole, version, saved: String::new(), conflict: Some(OtherSave { saved }) }
}

/// The table of the form's fields, in their order.
fn typed<S: StatementPages>(month: Month, fields: &Fields) -> Result<Typed> {
    let headers = S::headers(month);
    let texts: Vec<_> = fields.all("c").map(str::to_owned).collect();
    let mut rows: Vec<_> = texts.chunks(headers.len()).map(<[String]>::to_vec).collect();
    // A truncated form, or one that was not rendered here.
    let whole = fields.number("rows") == Some(rows.len()) && texts.len() % headers.len() == 0;
    let is_blank = |row: &Vec<String>| row.iter().all(|text| text.trim().is_empty());
    while rows.len() > MAX_LINES && rows.last().is_some_and(is_blank) {
        rows.pop();
    }
    if whole && rows.len() <= MAX_LINES {
        Ok(Typed { headers, rows })
    } else {
        Err(Problem::new(ProblemType::BadRequest))
    }
}

fn refusal(conflict: TableError) -> Problem {
    match conflict {
        TableError::Creche(refusal) => refusal.into(),
        TableError::Stale(_) | TableError::SsinNotAccepted => Problem::precondition_failed(None),
        TableError::TooMany(full) => Problem::bad_request(Findings::from_iter([*full])),
    }
}

const REFUSED: LocalText = words::table::REFUSED;
const BLOCKED: LocalText = words::table::BLOCKED;
