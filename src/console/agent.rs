//! The pages of an agent of the agency: every organiser and its crèches, read-only; and the doctors to decide on.

mod claim;
mod claim_attachment;
mod claim_costs;
mod claim_lines;
mod claim_staff;
mod claims;
mod communication;
mod communications;
mod doctors;
mod payment_import;
mod payments;

use askama::Template;
use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use super::addresses::AGENCY_ORGANISERS;
use super::form::QueryFields;
use super::page_context::{SessionContext, forbidden};
use super::page_frame::{PageFrame, day, render};
use crate::app::App;
use crate::app::agents::{self, AgencyCaller, FoundOrganiser, OrganiserView};
use crate::domain::creche::Creche;
use crate::domain::search::PageBounds;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::ids::OrganiserId;

/// How many organisers a page shows.
const PAGE: u64 = 50;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(AGENCY_ORGANISERS, get(list))
        .route("/console/agency/organisers/{organiserId}", get(see))
        .merge(claim::routes())
        .merge(claim_attachment::routes())
        .merge(claim_lines::routes())
        .merge(claim_costs::routes())
        .merge(claim_staff::routes())
        .merge(claims::routes())
        .merge(communication::routes())
        .merge(communications::routes())
        .merge(doctors::routes())
        .merge(payment_import::routes())
        .merge(payments::routes())
}

/// An agent who is logged in.
struct Agent {
    session: SessionContext,
    matricule: String,
    acting: AgencyCaller,
}

impl Agent {
    /// The logged-in person as an agent; refused when the person is none.
    fn of(session: SessionContext) -> Result<Self> {
        let acting = session.visitor.acting_agent().ok_or_else(forbidden)?;
        Ok(Self { session, matricule: acting.matricule.clone(), acting: AgencyCaller::Agent(acting) })
    }
}

impl FromRequestParts<App> for Agent {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let session = SessionContext::from_request_parts(parts, app).await?;
        Self::of(session).map_err(IntoResponse::into_response)
    }
}

/// An organiser in the list.
struct OrganiserListRow {
    href: String,
    name: String,
    number: String,
    creches: u64,
    administrators: u64,
}

impl From<FoundOrganiser> for OrganiserListRow {
    fn from(FoundOrganiser { organiser, creches, users, .. }: FoundOrganiser) -> Self {
        Self {
            href: format!("{AGENCY_ORGANISERS}/{}", organiser.id),
            name: organiser.legal_name,
            number: organiser.enterprise_number.map(|number| number.to_string()).unwrap_or_default(),
            creches,
            administrators: users,
        }
    }
}

#[derive(Template)]
#[template(path = "agency.html", config = ".config/askama.toml")]
struct AgencyPage {
    frame: PageFrame,
    matricule: String,
    words: String,
    rows: Vec<OrganiserListRow>,
    /// How many organisers there are that match.
    total: u64,
    next: Option<String>,
}

async fn list(Agent { session, matricule, .. }: Agent, QueryFields(asked): QueryFields) -> Result<Response> {
    let words = asked.get("words");
    let number: u64 = asked.number("page").unwrap_or(1).max(1);
    let page = PageBounds { skip: (number - 1).saturating_mul(PAGE), most: PAGE };
    let found = agents::organisers(&session.app, words, page).await?;
    let next = (found.total > page.skip.saturating_add(PAGE)).then(|| address(words, number + 1));
    Ok(render(&AgencyPage {
        frame: PageFrame::of_session(AGENCY_ORGANISERS, &session),
        matricule,
        words: words.to_owned(),
        rows: found.organisers.into_iter().map(OrganiserListRow::from).collect(),
        total: found.total,
        next,
    }))
}

/// The number of a page of the list, from 1.
fn address(words: &str, page: u64) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    format!("{AGENCY_ORGANISERS}?{}", query.append_pair("words", words).append_pair("page", &page.to_string()).finish())
}

/// A crèche on an agent's page.
struct CrecheRow {
    name: String,
    one_number: String,
    subsidised: bool,
    from: String,
    until: Option<String>,
    /// Places from a day on, the latest first.
    places: Vec<(String, u32)>,
}

impl From<&Creche> for CrecheRow {
    fn from(creche: &Creche) -> Self {
        Self {
            name: creche.name.clone(),
            one_number: creche.one_number.clone(),
            subsidised: creche.subsidised,
            from: day(creche.authorised_from),
            until: creche.authorised_until.map(day),
            places: creche.capacity.history().iter().rev().map(|entry| (day(entry.from), entry.places)).collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "agency_organiser.html", config = ".config/askama.toml")]
struct OrganiserPage {
    frame: PageFrame,
    name: String,
    number: String,
    administrators: usize,
    alone: bool,
    creches: Vec<CrecheRow>,
    /// Name and vendor of each application.
    applications: Vec<(String, String)>,
}

/// An organiser, by its address.
#[derive(Deserialize)]
struct OrganiserPath {
    #[serde(rename = "organiserId")]
    organiser: OrganiserId,
}

async fn see(
    Agent { session, matricule, .. }: Agent,
    Path(OrganiserPath { organiser: id }): Path<OrganiserPath>,
) -> Result<Response> {
    let found =
        agents::organiser(&session.app, &matricule, id).await?.ok_or_else(|| Problem::not_found("organiserId"))?;
    let alone = found.lacks_administrators();
    let OrganiserView { whole, administrators } = found;
    let number = whole.organiser.enterprise_number.map(|number| number.to_string()).unwrap_or_default();
    Ok(render(&OrganiserPage {
        frame: PageFrame::of_session(AGENCY_ORGANISERS, &session),
        name: whole.organiser.legal_name,
        number,
        administrators,
        alone,
        creches: whole.creches.iter().map(CrecheRow::from).collect(),
        applications: whole.applications.into_iter().map(|one| (one.name, one.vendor)).collect(),
    }))
}
