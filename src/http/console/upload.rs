//! The month as a workbook, sent by hand: judged and kept like one that software sends.

use std::sync::Arc;

use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts as _, Multipart, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};

use super::board::PART;
use super::findings::{Said, cell, said};
use super::form::{Fields, stale};
use super::month::{Head, Past, Sum, sums};
use super::shell::{Shell, show_as};
use super::visit::{Visit, see_other};
use crate::app::caller::Caller;
use crate::app::statements::{self, Accepted, Deposit, Form, Refusal, Written};
use crate::app::{App, Guard, creches};
use crate::domain::attendance::{Statement, Totals};
use crate::domain::finding::Findings;
use crate::domain::key::Scope;
use crate::domain::period::Month;
use crate::domain::statement::{Statement as _, Status};
use crate::http::answer::Answer;
use crate::http::api::at::AtMonth;
use crate::http::api::statements::MARKED;
use crate::http::extract::{Media, Path, Received};
use crate::http::metrics::Metrics;
use crate::http::problem::{Kind, Problem, Result};
use crate::http::session::is_ours;
use crate::ids::CrecheId;

pub(super) fn routes() -> Router<App> {
    // The body is measured where it is received.
    let routes = get(page).post(send).layer(DefaultBodyLimit::disable());
    Router::new().route("/console/creches/{crecheId}/attendance/{month}/upload", routes)
}

/// A form with a file, sent from a page of ours.
struct Sent {
    visit: Visit,
    fields: Fields,
    file: Bytes,
    /// The body that the file is part of, and its room.
    _received: Received,
}

impl FromRequest<App> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, app).await?;
        let genuine = is_ours(&parts.headers);
        let whole = Request::from_parts(parts.clone(), body);
        let received = Received::from_request(whole, &()).await.map_err(IntoResponse::into_response)?;
        let whole = Request::from_parts(parts, Body::from(received.bytes.clone()));
        let (fields, file) = take_apart(whole).await.map_err(IntoResponse::into_response)?;
        if !genuine || !visit.visitor.brings(fields.get("csrf")) {
            return Err(stale());
        }
        Ok(Self { visit, fields, file, _received: received })
    }
}

/// The fields of a form and its file, empty when none was chosen.
async fn take_apart(request: Request) -> Result<(Fields, Bytes)> {
    let broken = |_| Problem::new(Kind::BadRequest);
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|_| Problem::new(Kind::BadRequest))?;
    let (mut fields, mut file) = (Fields::default(), Bytes::new());
    while let Some(part) = multipart.next_field().await.map_err(broken)? {
        match part.name().map(str::to_owned) {
            Some(name) if name == "file" => file = part.bytes().await.map_err(broken)?,
            Some(name) => fields.push(&name, part.text().await.map_err(broken)?),
            None => {}
        }
    }
    Ok((fields, file))
}

#[derive(Template)]
#[template(path = "upload.html", config = ".config/askama.toml")]
struct UploadPage {
    shell: Shell,
    head: Head,
    /// The revision that a deposit replaces.
    replaces: Option<Past>,
    state: State,
    findings: Vec<Said>,
    sums: Vec<Sum>,
}

/// What became of what was sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing was sent yet.
    Fresh,
    /// No file was chosen.
    NoFile,
    /// It has errors.
    Refused,
    /// There is a revision that the sender did not agree to replace.
    Blocked,
    /// It was only tried, and could be deposited.
    Good,
}

/// The revision that a deposit would replace, and a refusal where the month is locked.
pub(super) async fn replaces(visit: &Visit, caller: &Caller, creche: CrecheId, month: Month) -> Result<Option<Past>> {
    let last = statements::revisions::<Statement>(&visit.app, caller, creche, month).await?.pop();
    if last.as_ref().is_some_and(|last| last.deposited.status == Status::Locked) {
        return Err(Problem::new(Kind::StatementLocked));
    }
    Ok(last.map(|last| Past::of(last, visit.language)))
}

/// Which revision the sender agrees to replace.
pub(super) fn guard(fields: &Fields) -> Guard {
    fields.number("replace").map_or(Guard::None, |revision| Guard::Known(vec![revision]))
}

/// To the month's page, saying what was done.
pub(super) fn told(head: &Head, accepted: &Accepted<Totals>) -> Response {
    let said = if accepted.written == Written::Unchanged { "unchanged" } else { "deposited" };
    see_other(&format!("{}?said={said}", head.at))
}

async fn page(visit: Visit, Path(AtMonth { creche, month }): Path<AtMonth>) -> Result<Response> {
    let caller = visit.caller(Scope::AttendanceWrite)?;
    shown(&visit, &caller, (creche, month), State::Fresh, &Findings::default(), None).await
}

async fn send(
    Path(AtMonth { creche, month }): Path<AtMonth>,
    Extension(metrics): Extension<Arc<Metrics>>,
    Sent { visit, fields, file, _received }: Sent,
) -> Result<Response> {
    let caller = visit.caller(Scope::AttendanceWrite)?;
    let at = (creche, month);
    if file.is_empty() {
        return shown(&visit, &caller, at, State::NoFile, &Findings::default(), None).await;
    }
    let marked = fields.get("action") == "mark";
    let deposit = Deposit {
        creche,
        month,
        form: Form::Workbook,
        bytes: file.into(),
        guard: guard(&fields),
        dry_run: marked,
        annotate: marked.then_some(visit.language),
    };
    let verdict = statements::deposit::<Statement>(&visit.app, &caller, deposit).await;
    match metrics.counted(Statement::KIND, verdict) {
        Ok(accepted) if marked => {
            shown(&visit, &caller, at, State::Good, &accepted.warnings, Some(&accepted.totals)).await
        }
        Ok(accepted) => Ok(told(&Head::new(accepted.creche.clone(), month, visit.language), &accepted)),
        Err(Refusal::Invalid { annotated: Some(workbook), .. }) => {
            Ok(Answer::file(Media::Xlsx, MARKED, workbook).into_response())
        }
        Err(Refusal::Invalid { findings, .. }) => shown(&visit, &caller, at, State::Refused, &findings, None).await,
        Err(Refusal::Blocked(_)) => shown(&visit, &caller, at, State::Blocked, &Findings::default(), None).await,
        Err(refusal) => Err(refusal.into()),
    }
}

async fn shown(
    visit: &Visit,
    caller: &Caller,
    (creche, month): (CrecheId, Month),
    state: State,
    findings: &Findings,
    totals: Option<&Totals>,
) -> Result<Response> {
    let creche = creches::find(&visit.app, caller, creche).await?;
    let replaces = replaces(visit, caller, creche.id, month).await?;
    let status = match state {
        State::Fresh | State::Good => StatusCode::OK,
        State::NoFile | State::Refused => StatusCode::BAD_REQUEST,
        State::Blocked => StatusCode::CONFLICT,
    };
    let page = UploadPage {
        shell: Shell::at(PART, visit),
        head: Head::new(creche, month, visit.language),
        replaces,
        state,
        findings: said(findings, visit.language, cell),
        sums: totals.map(|totals| sums(totals, visit.language)).unwrap_or_default(),
    };
    Ok(show_as(status, &page))
}
