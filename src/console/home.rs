//! The entry page of the console: what is to be done next, and what awaits an agent of the agency.

mod task;

use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::json;

use self::task::TaskView;
use super::addresses::{AGENCY_CLAIMS, AGENCY_DOCTORS};
use super::form::{Fields, PageForm};
use super::form_fields::FieldErrors;
use super::missing_days::{DayReasons, MissingDaysView, month_page};
use super::page_context::{SessionContext, redirect};
use super::page_frame::{PageFrame, render_with_status};
use crate::app::closures::ClosureError;
use crate::app::closures::change::{ClosureOperation, change};
use crate::app::home::{self, AgencyTasks, Home, Urgency};
use crate::app::sessions::{self, LoggedIn};
use crate::app::{App, closures};
use crate::domain::notice::Notice;
use crate::domain::statement::StatementKind;
use crate::http::problem::{Problem, Result};
use crate::http::urls::CONSOLE_ROOT;
use crate::ids::CrecheId;
use crate::words::{self, Language};

/// Where days are declared closed.
const CLOSED_DAYS: &str = "/console/closed-days";

pub(super) fn routes() -> Router<App> {
    Router::new().route(CONSOLE_ROOT, get(page)).route(CLOSED_DAYS, post(close))
}

#[derive(Template)]
#[template(path = "home.html", config = ".config/askama.toml")]
struct HomePage {
    frame: PageFrame,
    /// Whether the person acts for an organiser.
    acts: bool,
    tasks: Vec<TaskView>,
    notes: Vec<TaskView>,
    left_out: usize,
    missing: Vec<MissingDaysView>,
    missing_left_out: usize,
    unknown: usize,
    reasons: DayReasons,
    /// For agents of the agency.
    agency: Option<Vec<AgencyRow>>,
}

/// How many things await an agent.
struct AgencyRow {
    href: String,
    words: String,
}

async fn page(session: SessionContext) -> Result<Response> {
    let SessionContext { app, visitor, language, .. } = session;
    if visitor.acting.is_none() {
        let is_only_agent = visitor.agent.is_some() && sessions::organiser_choices(&app, &visitor).await?.is_empty();
        if !is_only_agent {
            return Ok(redirect(&format!("{CONSOLE_ROOT}/organisers")));
        }
    }
    render_home((&app, &visitor, language), &FieldErrors::default()).await
}

/// Declares days closed, of which nothing was received.
async fn close(PageForm { visit, fields }: PageForm) -> Result<Response> {
    let caller = visit.caller(closures::WRITE)?;
    let creche: CrecheId = fields.get("creche").parse().map_err(|_| Problem::not_found("creche"))?;
    let [start, end, reason] = ["start", "end", "reason"].map(|name| fields.get(name));
    let context = (&visit.app, &visit.visitor, visit.language);
    if reason.is_empty() {
        let why = words::home::CHOOSE_A_REASON.get(visit.language).to_owned();
        return render_home(context, &FieldErrors(vec![("reason".to_owned(), why)])).await;
    }
    let days = (fields.number("start"), fields.number("end"));
    let (Some(first), Some(last)) = days else { return Err(Problem::not_found("day")) };
    if !home::are_missing(&visit.app, &caller, creche, (first, last)).await? {
        let why = words::home::NOT_MISSING.get(visit.language).to_owned();
        return render_home(context, &FieldErrors(vec![("start".to_owned(), why)])).await;
    }
    let document = json!({ "items": [{ "startDate": start, "endDate": end, "reason": reason }] }).to_string();
    match change(&visit.app, &caller, &[creche], ClosureOperation::Add, document.as_bytes()).await {
        Ok(_) => {
            // The form is on the page of a month, too, which it leads back to.
            let page = month_of(creche, &fields).unwrap_or_else(|| CONSOLE_ROOT.to_owned());
            Ok(visit.done(&page, Notice::ClosureAdded).await)
        }
        Err(ClosureError::Invalid(findings)) => {
            render_home(context, &FieldErrors::new(&findings, visit.language)).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// The page of the month that a form names.
fn month_of(creche: CrecheId, fields: &Fields) -> Option<String> {
    let kind = StatementKind::from_name(fields.get("kind"))?;
    Some(month_page(creche, kind, fields.get("month").parse().ok()?))
}

async fn render_home((app, visitor, language): (&App, &LoggedIn, Language), faults: &FieldErrors) -> Result<Response> {
    let found = match &visitor.acting {
        Some(acting) => home::home(app, acting).await?,
        None => Home::default(),
    };
    let frame = PageFrame::of(CONSOLE_ROOT, visitor, language).refusing(faults, &[]);
    let today = visitor.acting.as_ref().map(|acting| acting.clock.today());
    let view = |task| TaskView::of(&frame, task, today);
    let (notes, tasks): (Vec<_>, Vec<_>) = found.tasks.into_iter().partition(|task| task.urgency == Urgency::Note);
    let agency = match visitor.agent {
        Some(_) => Some(agency_rows(&frame, home::agency(app).await?)),
        None => None,
    };
    let page = HomePage {
        acts: visitor.acting.is_some(),
        tasks: tasks.into_iter().map(view).collect(),
        notes: notes.into_iter().map(view).collect(),
        left_out: found.left_out,
        missing: found.missing_days.rows.into_iter().map(|row| MissingDaysView::of(&frame, row)).collect(),
        missing_left_out: found.missing_days.left_out,
        unknown: found.missing_days.unknown,
        reasons: DayReasons::new(language),
        agency,
        frame,
    };
    let status = if faults.0.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    Ok(render_with_status(status, &page))
}

/// The things that await an agent, of which there are some.
fn agency_rows(frame: &PageFrame, tasks: AgencyTasks) -> Vec<AgencyRow> {
    let AgencyTasks { signed_claims, claims_taken_up, messages, doctors } = tasks;
    let rows = [
        (signed_claims, AGENCY_CLAIMS.to_owned(), &words::home::SIGNED_CLAIMS),
        (claims_taken_up, format!("{AGENCY_CLAIMS}?state=takenUp"), &words::home::CLAIMS_TAKEN_UP),
        (messages, format!("{AGENCY_CLAIMS}?state=any&messages=last"), &words::home::CLAIM_MESSAGES),
        (doctors, AGENCY_DOCTORS.to_owned(), &words::home::DOCTORS_TO_VALIDATE),
    ];
    let row = |(count, href, words): (usize, String, _)| AgencyRow { href, words: frame.counted(&count, words) };
    rows.into_iter().filter(|(count, ..)| *count > 0).map(row).collect()
}
