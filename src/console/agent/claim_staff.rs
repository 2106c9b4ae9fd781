//! The staff of a signed claim, for agents: functions, salaries, diplomas, absences.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::Agent;
use super::claims::href;
use crate::app::App;
use crate::app::claims::{self, ClaimError, SignedPerson};
use crate::console::addresses::AGENCY_CLAIMS;
use crate::console::page_frame::{PageFrame, day, render};
use crate::domain::money::Cents;
use crate::domain::period::Quarter;
use crate::http::extract::Path;
use crate::http::path_parameters::AtClaim;
use crate::http::problem::Result;
use crate::words::{self, Language};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/console/agency/claims/{organiserId}/{crecheId}/{period}/staff", get(see))
}

#[derive(Template)]
#[template(path = "agent/claim_staff.html", config = ".config/askama.toml")]
struct StaffPage {
    frame: PageFrame,
    claim: String,
    title: String,
    months: Vec<String>,
    persons: Vec<PersonRow>,
}

struct PersonRow {
    name: String,
    /// One sentence for each.
    functions: Vec<String>,
    is_subsidised: bool,
    /// The salary of each month; empty where there is none.
    salaries: Vec<String>,
    trainings: Vec<String>,
    absences: Vec<String>,
}

async fn see(Agent { session, acting, .. }: Agent, Path(at): Path<AtClaim>) -> Result<Response> {
    let key = at.of_quarter().ok_or(ClaimError::NotSigned)?;
    let quarter = key.2;
    let (document, persons) = claims::signed_staff(&session.app, &acting, key).await?;
    let language = session.language;
    Ok(render(&StaffPage {
        frame: PageFrame::of_session(AGENCY_CLAIMS, &session),
        claim: href(at.key()),
        title: format!("{}, {}", document.creche.name, quarter.in_words(language)),
        months: quarter.months().iter().map(|month| month.in_words(language)).collect(),
        persons: persons.iter().map(|person| PersonRow::new(person, quarter, language)).collect(),
    }))
}

impl PersonRow {
    fn new(person: &SignedPerson, quarter: Quarter, language: Language) -> Self {
        let name = match &person.name {
            Some((given, family)) => format!("{family} {given}"),
            None => words::agent::PERSON_REMOVED.get(language).to_owned(),
        };
        let functions = person.functions.iter().map(|post| {
            let fte = Cents(post.fte.into());
            format!(
                "{}, {fte} {}, {}",
                post.category.label().get(language),
                words::agent::FTE.get(language),
                span(post.period, language)
            )
        });
        let salary = |month| {
            let found = person.salaries.iter().find(|salary| salary.month == month);
            found.map(|salary| salary.gross_cents.with_currency(language)).unwrap_or_default()
        };
        let trainings = person.trainings.iter().map(|one| format!("{} ({})", one.title, day(one.date)));
        let absences = person.absences.iter().map(|one| {
            format!("{}, {}", one.kind.label().get(language), span((one.start_date, one.end_date), language))
        });
        Self {
            name,
            functions: functions.collect(),
            is_subsidised: person.is_subsidised,
            salaries: quarter.months().map(salary).into(),
            trainings: trainings.collect(),
            absences: absences.collect(),
        }
    }
}

/// A period of days, the last of which may be open.
fn span((from, until): (jiff::civil::Date, Option<jiff::civil::Date>), language: Language) -> String {
    match until {
        Some(until) => format!("{} – {}", day(from), day(until)),
        None => format!("{} {}", words::agent::FROM_DAY.get(language), day(from)),
    }
}
