//! One application: its description, its bounds, its keys, its usage.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;

use super::chart::Chart;
use super::{ApplicationPath, ApplicationTag, EndingKey, PART, ending, find_application, href};
use crate::app::applications::{self, Application};
use crate::app::creches;
use crate::app::keys::{self, KeyRecord};
use crate::clock;
use crate::console::form::Fields;
use crate::console::form_fields::{FieldErrors, TickBox, creche_tick};
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, date_time, day, render_with_status};
use crate::domain::application::{
    ApplicationBounds, ApplicationState, BodyLoggingTime, KeyState, key_kind_words, scope_words,
};
use crate::domain::creche::Creche;
use crate::domain::key::{KeyId, KeyKind, Scopes};
use crate::http::extract::Path;
use crate::http::problem::Result;
use crate::ids::CrecheId;
use crate::random;
use crate::words::Language;

/// The fields of the form for a new key, in their order.
const KEY_FIELDS: [&str; 4] = ["kind", "expiresOn", "scopes", "creches"];

/// A key in the table.
struct KeyLine {
    id: String,
    kind: &'static str,
    state: ApplicationTag,
    works: bool,
    scopes: Vec<&'static str>,
    creches: Option<Vec<String>>,
    issued: String,
    ends: Option<String>,
    used: Option<String>,
    revoke: String,
}

/// Whether the content of its calls is kept for a time.
struct BodyLoggingView {
    /// Until when it is.
    until: Option<String>,
    /// For how long it can be.
    times: Vec<(&'static str, &'static str)>,
}

impl BodyLoggingView {
    fn new(bounds: &ApplicationBounds, now: Timestamp, language: Language) -> Self {
        let times = BodyLoggingTime::ALL.iter().map(|time| (time.code(), time.label().get(language)));
        Self { until: bounds.body_logging(now).map(date_time), times: times.collect() }
    }
}

#[derive(Template)]
#[template(path = "applications/application.html", config = ".config/askama.toml")]
struct ApplicationPage {
    frame: PageFrame,
    href: String,
    application: Application,
    state: ApplicationTag,
    active: bool,
    suspended: bool,
    over: bool,
    since: Option<String>,
    ends: Option<String>,
    registered: String,
    scopes: Vec<&'static str>,
    creches: Option<Vec<String>>,
    ending: Vec<EndingKey>,
    keys: Vec<KeyLine>,
    chart: Chart,
    bodies: Option<BodyLoggingView>,
    kinds: Vec<TickBox>,
    scope_ticks: Vec<TickBox>,
    creche_ticks: Vec<TickBox>,
    expires_on: String,
    once: KeyId,
    faults: FieldErrors,
}

pub(super) async fn page(
    visit: PageContext,
    Path(ApplicationPath { application: id }): Path<ApplicationPath>,
) -> Result<Response> {
    let application = find_application(&visit, id).await?;
    let frame = PageFrame::at(PART, &visit);
    render(&visit, frame, application, (StatusCode::OK, Fields::default(), FieldErrors::default())).await
}

/// The page, with the input of the form for a new key and its errors.
pub(super) async fn render(
    visit: &PageContext,
    frame: PageFrame,
    application: Application,
    (status, fields, faults): (StatusCode, Fields, FieldErrors),
) -> Result<Response> {
    let (organiser, id, now) = (visit.acting.organiser, application.stored.id, visit.clock().now());
    let known = creches::list(&visit.app, &visit.acting.as_organiser_caller()).await?;
    let bounds = &application.stored.bounds;
    let (state, since) = bounds.state(now);
    let here = visit.app.deployment;
    let kinds: Vec<_> = KeyKind::ALL.into_iter().filter(|kind| here.admits(*kind)).collect();
    let asked = kinds.iter().find(|kind| kind.name() == fields.get("kind"));
    let chosen = asked.or_else(|| kinds.iter().find(|kind| **kind != KeyKind::Trial)).copied();
    let kind = |kind: &KeyKind| TickBox {
        value: kind.to_string(),
        words: key_kind_words(*kind).get(visit.language).to_owned(),
        ticked: Some(*kind) == chosen,
    };
    let reached: Vec<_> =
        known.iter().filter(|creche| bounds.narrow(Some(vec![creche.id])) != Some(Vec::new())).collect();
    let line = |key: &KeyRecord| key_line(key, &known, visit.language, now);
    let page = ApplicationPage {
        href: href(id),
        state: ApplicationTag::of(state, visit.language),
        active: state == ApplicationState::Active,
        suspended: state == ApplicationState::Suspended,
        over: bounds.revoked_at.is_some(),
        since: since.map(date_time),
        ends: application.ends_on().map(day),
        registered: date_time(application.stored.created_at),
        scopes: words(bounds.scopes, visit.language),
        creches: names(bounds.creches.as_deref(), &known),
        ending: ending(&application, now),
        keys: application.keys.iter().rev().map(line).collect(),
        chart: Chart::new(keys::daily_usage(&visit.app, organiser, id).await?),
        bodies: (!visit.app.logs_all_bodies()).then(|| BodyLoggingView::new(bounds, now, visit.language)),
        kinds: kinds.iter().map(kind).collect(),
        scope_ticks: scope_ticks(bounds.scopes, &fields, visit.language),
        creche_ticks: reached.into_iter().map(|creche| creche_tick("creches", creche, &fields)).collect(),
        expires_on: fields.get("expiresOn").to_owned(),
        once: KeyId::from_random(random::bytes()),
        frame: frame.refusing(&faults, &KEY_FIELDS),
        faults,
        application,
    };
    Ok(render_with_status(status, &page))
}

fn key_line(key: &KeyRecord, known: &[Creche], language: Language, now: Timestamp) -> KeyLine {
    let state = keys::key_state(key, now);
    KeyLine {
        id: key.id.to_string(),
        kind: key_kind_words(key.kind).get(language),
        state: ApplicationTag::of_key(state, language),
        works: matches!(state, KeyState::Active | KeyState::Suspended),
        scopes: words(key.effective_scopes(), language),
        creches: names(key.bounds.narrow(key.creches.clone()).as_deref(), known),
        issued: day(clock::to_brussels(key.created_at).date()),
        ends: key.end().map(|end| day(applications::last_day(end))),
        used: key.last_used_at.map(date_time),
        revoke: format!("{}/keys/{}/revoke", href(key.application), key.id),
    }
}

fn words(scopes: Scopes, language: Language) -> Vec<&'static str> {
    scopes.iter().map(|scope| scope_words(scope).get(language)).collect()
}

/// The names of these crèches; `None` is all.
fn names(chosen: Option<&[CrecheId]>, known: &[Creche]) -> Option<Vec<String>> {
    let chosen = chosen?;
    Some(known.iter().filter(|creche| chosen.contains(&creche.id)).map(|creche| creche.name.clone()).collect())
}

/// A box for each of these scopes.
pub(super) fn scope_ticks(scopes: Scopes, fields: &Fields, language: Language) -> Vec<TickBox> {
    let tick = |scope: crate::domain::key::Scope| TickBox {
        value: scope.to_string(),
        words: scope_words(scope).get(language).to_owned(),
        ticked: fields.all("scopes").any(|chosen| chosen == scope.code()),
    };
    scopes.iter().map(tick).collect()
}
