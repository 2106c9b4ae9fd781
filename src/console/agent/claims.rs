//! The list of signed claims, for agents.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::{Agent, PAGE};
use crate::app::App;
use crate::app::claims::{self, AssignedTo, ListedClaim, WorkListQuery};
use crate::console::addresses::AGENCY_CLAIMS;
use crate::console::claim_figures::state_look;
use crate::console::fields::Fields;
use crate::console::form::QueryFields;
use crate::console::form_fields::{FieldErrors, SelectOption};
use crate::console::page_context::SessionContext;
use crate::console::page_frame::{PageFrame, date_time, render};
use crate::domain::claim::{ClaimState, claimed_kind};
use crate::domain::period::Period;
use crate::domain::search::PageBounds;
use crate::domain::written::read_sought_quarter;
use crate::http::problem::Result;
use crate::ids::{CrecheId, OrganiserId};
use crate::words::{self, Language, LocalText};

pub(super) fn routes() -> Router<App> {
    Router::new().route(AGENCY_CLAIMS, get(list))
}

/// The fields of the form by which claims are looked for.
const FILTERS: [&str; 7] = ["state", "quarter", "days", "warnings", "assigned", "messages", "words"];

/// The state of the claims that are listed when none is asked for.
const DEFAULT_STATE: ClaimState = ClaimState::Signed;

/// The value of a filter that leaves nothing out.
const ANY: &str = "any";

/// The value of the filter of claims whose last act is a message of the organiser.
const LAST_MESSAGE: &str = "last";

/// A claim in the list.
struct ClaimListRow {
    href: String,
    creche: String,
    organiser: String,
    /// The quarter, or the month that is signed alone.
    period: String,
    state: &'static str,
    look: &'static str,
    since: String,
    days: i64,
    warnings: String,
    assigned_to: String,
}

#[derive(Template)]
#[template(path = "agent/claims.html", config = ".config/askama.toml")]
struct ListPage {
    frame: PageFrame,
    states: Vec<SelectOption>,
    warnings: Vec<SelectOption>,
    assigned: Vec<SelectOption>,
    messages: Vec<SelectOption>,
    quarter: String,
    /// Why the quarter or the days cannot be read.
    faults: FieldErrors,
    days: String,
    words: String,
    rows: Vec<ClaimListRow>,
    total: u64,
    next: Option<String>,
}

async fn list(Agent { session, matricule, .. }: Agent, QueryFields(asked): QueryFields) -> Result<Response> {
    let number: u64 = asked.number("page").unwrap_or(1).max(1);
    let page = PageBounds { skip: (number - 1).saturating_mul(PAGE), most: PAGE };
    let (quarter, days) = (asked.get("quarter"), asked.get("days"));
    let faults = unreadable(&asked, session.language);
    let found = if faults.0.is_empty() {
        claims::work_list(&session.app, query(&asked, &matricule), page).await?
    } else {
        claims::WorkList::default()
    };
    let next = found.total > page.skip.saturating_add(PAGE);
    let chosen = |name: &str, codes: &[(&'static str, LocalText)]| {
        let option = |(code, label): &(&'static str, LocalText)| {
            SelectOption::new(code, label.get(session.language), asked.get(name) == *code)
        };
        codes.iter().map(option).collect()
    };
    Ok(render(&ListPage {
        frame: PageFrame::of_session(AGENCY_CLAIMS, &session).refusing(&faults, &["quarter", "days"]),
        states: states(&asked, &session),
        warnings: chosen("warnings", WARNINGS),
        assigned: chosen("assigned", ASSIGNED),
        messages: chosen("messages", MESSAGES),
        quarter: quarter.to_owned(),
        faults,
        days: days.to_owned(),
        words: asked.get("words").to_owned(),
        total: found.total,
        next: next.then(|| address(&asked, number + 1)),
        rows: found.claims.into_iter().map(|claim| row(claim, &session)).collect(),
    }))
}

/// The fields that cannot be read.
fn unreadable(asked: &Fields, language: Language) -> FieldErrors {
    let fields = [
        ("quarter", read_sought_quarter(asked.get("quarter")).is_some(), words::agent::QUARTER_UNREADABLE),
        ("days", asked.number::<u16>("days").is_some(), words::agent::DAYS_UNREADABLE),
    ];
    let wrong = fields.into_iter().filter(|(name, is_read, _)| !is_read && !asked.get(name).is_empty());
    FieldErrors(wrong.map(|(name, _, why)| (name.to_owned(), why.get(language).to_owned())).collect())
}

/// With or without warnings.
const WARNINGS: &[(&str, LocalText)] =
    &[(ANY, words::agent::ANY), ("with", words::agent::WITH_WARNINGS), ("without", words::agent::WITHOUT_WARNINGS)];

/// Who has taken it up.
const ASSIGNED: &[(&str, LocalText)] =
    &[(ANY, words::agent::ANY), ("me", words::agent::ASSIGNED_TO_ME), ("nobody", words::agent::ASSIGNED_TO_NOBODY)];

/// All, or those whose last act is a message of the organiser.
const MESSAGES: &[(&str, LocalText)] = &[(ANY, words::agent::ANY), (LAST_MESSAGE, words::agent::WITH_MESSAGE)];

fn query<'a>(asked: &'a Fields, matricule: &'a str) -> WorkListQuery<'a> {
    WorkListQuery {
        state: wanted_state(asked),
        quarter: read_sought_quarter(asked.get("quarter")),
        days: asked.number("days").unwrap_or_default(),
        with_warnings: match asked.get("warnings") {
            "with" => Some(true),
            "without" => Some(false),
            _ => None,
        },
        assigned_to: match asked.get("assigned") {
            "me" => AssignedTo::Agent(matricule),
            "nobody" => AssignedTo::Nobody,
            _ => AssignedTo::Anybody,
        },
        with_message: asked.get("messages") == LAST_MESSAGE,
        words: asked.get("words"),
    }
}

fn wanted_state(asked: &Fields) -> Option<ClaimState> {
    (asked.get("state") != ANY).then(|| ClaimState::from_code(asked.get("state")).unwrap_or(DEFAULT_STATE))
}

fn states(asked: &Fields, session: &SessionContext) -> Vec<SelectOption> {
    let wanted = wanted_state(asked);
    let option = |state: &ClaimState| {
        SelectOption::new(state.code(), state.label().get(session.language), Some(*state) == wanted)
    };
    let any = SelectOption::new(ANY, words::agent::ANY.get(session.language), wanted.is_none());
    let signed = ClaimState::ALL.iter().filter(|one| one.is_frozen());
    std::iter::once(any).chain(signed.map(option)).collect()
}

fn row(listed: ListedClaim, session: &SessionContext) -> ClaimListRow {
    let ListedClaim { claim, organiser, creche, assigned_to, warnings, .. } = listed;
    let state = claim.standing.state;
    let now = session.app.clocks.business_clock(claim.key.organiser).now();
    ClaimListRow {
        href: href((claim.key.organiser, claim.key.creche, claim.key.period)),
        creche,
        organiser,
        period: period_name(claim.key.period, session.language),
        state: state.label().get(session.language),
        look: state_look(state),
        since: date_time(claim.updated_at),
        days: now.duration_since(claim.updated_at).as_hours() / 24,
        warnings: warnings.map(|warnings| warnings.to_string()).unwrap_or_default(),
        assigned_to: assigned_to.unwrap_or_default(),
    }
}

/// A period; a month with what is signed of it.
pub(super) fn period_name(period: Period, language: Language) -> String {
    let name = period.in_words(language);
    match period {
        Period::Quarter(_) => name,
        Period::Month(_) => {
            format!("{name} ({})", claimed_kind(period).facts().title.get(language).to_lowercase())
        }
    }
}

/// The address of a claim.
pub(super) fn href((organiser, creche, period): (OrganiserId, CrecheId, Period)) -> String {
    format!("{AGENCY_CLAIMS}/{organiser}/{creche}/{period}")
}

/// The address of another page of the same list, from 1.
fn address(asked: &Fields, page: u64) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in FILTERS.into_iter().filter(|name| !asked.get(name).is_empty()) {
        query.append_pair(name, asked.get(name));
    }
    format!("{AGENCY_CLAIMS}?{}", query.append_pair("page", &page.to_string()).finish())
}
