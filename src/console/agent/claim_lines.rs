//! The lines below the figures of a signed claim, for agents: names, days and amounts, no reason of an absence.

use std::collections::HashMap;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::Agent;
use super::claims::{href, period_name};
use crate::app::App;
use crate::app::claims::{self, ClaimError, SignedLines};
use crate::console::addresses::AGENCY_CLAIMS;
use crate::console::page_frame::{PageFrame, day, render};
use crate::domain::kinds::attendance::{ChildLine, Day, Duration, Status};
use crate::domain::kinds::medical::ConsultationLine;
use crate::domain::period::{Month, Period};
use crate::domain::statement::StatementKind;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::ids::{CrecheId, DoctorId, OrganiserId};
use crate::words::{self, Language};

pub(super) fn routes() -> Router<App> {
    let path = "/console/agency/claims/{organiserId}/{crecheId}/{period}/lines/{kind}/{month}";
    Router::new().route(path, get(see))
}

/// The lines of a month of a claim, by their address.
#[derive(Deserialize)]
struct LinesPath {
    #[serde(rename = "organiserId")]
    organiser: OrganiserId,
    #[serde(rename = "crecheId")]
    creche: CrecheId,
    period: Period,
    kind: String,
    month: Month,
}

#[derive(Template)]
#[template(path = "agent/claim_lines.html", config = ".config/askama.toml")]
struct LinesPage {
    frame: PageFrame,
    claim: String,
    title: String,
    month: String,
    caption: &'static str,
    lines: LineTable,
}

enum LineTable {
    /// The name of each child, and the days of each status.
    Children(Vec<(String, [String; 3])>),
    Consultations(Vec<ConsultationRow>),
}

struct ConsultationRow {
    date: String,
    times: String,
    doctor: String,
    fee: String,
    travel: String,
}

async fn see(Agent { session, acting, .. }: Agent, Path(at): Path<LinesPath>) -> Result<Response> {
    let mut kinds = StatementKind::MONTHLY.iter().copied();
    let kind = kinds.find(|kind| kind.name() == at.kind).ok_or_else(|| Problem::not_found("kind"))?;
    let key = (at.organiser, at.creche, at.period);
    let read = claims::signed_lines(&session.app, &acting, key, (kind, at.month)).await?;
    let (document, lines) = read.ok_or(ClaimError::NotSigned)?;
    let language = session.language;
    let (caption, lines) = match lines {
        SignedLines::Attendance(statement) => {
            (words::agent::CHILDREN_OF, LineTable::Children(statement.lines.iter().map(child).collect()))
        }
        SignedLines::Consultations(statement, names) => {
            let rows = statement.lines.iter().map(|line| consultation(line, &names, language));
            (words::agent::CONSULTATIONS_OF, LineTable::Consultations(rows.collect()))
        }
    };
    Ok(render(&LinesPage {
        frame: PageFrame::of_session(AGENCY_CLAIMS, &session),
        claim: href(key),
        title: format!("{}, {}", document.creche.name, period_name(at.period, language)),
        month: at.month.in_words(language),
        caption: caption.get(language),
        lines,
    }))
}

/// The name of a child, and the days of each status; half days have the sign ½.
fn child(line: &ChildLine) -> (String, [String; 3]) {
    let days = |status: Status| {
        let days = line.days.iter().filter(|day| day.status == status);
        let day = |day: &Day| {
            let half = if day.duration == Duration::Half { "½" } else { "" };
            format!("{}{half}", day.date.day())
        };
        days.map(day).collect::<Vec<_>>().join(", ")
    };
    let name = format!("{} {}", line.family_name, line.given_name);
    (name, [Status::Present, Status::JustifiedAbsence, Status::UnjustifiedAbsence].map(days))
}

fn consultation(line: &ConsultationLine, names: &HashMap<DoctorId, String>, language: Language) -> ConsultationRow {
    ConsultationRow {
        date: day(line.date),
        times: format!("{}–{}", line.arrival.0.strftime("%H:%M"), line.departure.0.strftime("%H:%M")),
        doctor: line.doctor.and_then(|id| names.get(&id).cloned()).unwrap_or_else(|| line.inami.to_string()),
        fee: line.fee_cents.with_currency(language),
        travel: line.travel_cents.with_currency(language),
    }
}
