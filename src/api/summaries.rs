//! Figures of a month or a quarter, of one crèche or of all, and what they are made of.

mod body;
mod contributions;

use serde::Serialize;

use self::body::{CrecheSummaryBody, OrganiserSummaryBody};
use self::contributions::ContributionsBody;
use super::call_context::ApiCall;
use crate::app::{App, organisers, statements, summaries};
use crate::domain::finding::Param;
use crate::domain::key::Scope;
use crate::domain::period::Period;
use crate::domain::statement::Statement;
use crate::domain::text::{Language, LocalText};
use crate::domain::{attendance, medical};
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{IfNoneMatch, Media, Parameters, Path, Query, QueryReader};
use crate::http::operations::{Access, Route};
use crate::http::path_parameters::{AtPeriod, PathParams};
use crate::http::problem::{Problem, Result};

pub(super) fn routes() -> Vec<Route<App>> {
    let access = Access::Scope(Scope::SummariesRead);
    let attendance = "/creches/{crecheId}/summaries/{period}/contributions";
    let medical = "/creches/{crecheId}/summaries/{period}/medicalContributions";
    // Figures need the right to figures; the lines that they are made of need the right of their kind.
    let (attendance_lines, medical_lines) = (Access::Scope(Scope::AttendanceRead), Access::Scope(Scope::MedicalRead));
    let (there, consulted) = (get_contributions::<attendance::Statement>, get_contributions::<medical::Statement>);
    vec![
        Route::get("/creches/{crecheId}/summaries/{period}", "getCrecheSummary", access, get_creche_summary),
        Route::get(attendance, "getCrecheSummaryContributions", attendance_lines, there).query(&["comparedTo"]),
        Route::get(medical, "getCrecheSummaryMedicalContributions", medical_lines, consulted).query(&["comparedTo"]),
        Route::get("/summaries/{period}", "getOrganiserSummary", access, get_organiser_summary),
    ]
}

async fn get_creche_summary(
    ApiCall { app, caller, urls, language }: ApiCall,
    Path(AtPeriod { creche, period }): Path<AtPeriod>,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    let summary = summaries::of_creche(&app, &caller, creche, period).await?;
    tagged(&CrecheSummaryBody::of(&summary, app.clock.today(), language, &urls), language, &known)
}

async fn get_organiser_summary(
    ApiCall { app, caller, urls, language }: ApiCall,
    Path(PathParams { period }): Path<PathParams>,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    let organiser = organisers::of(&app, &caller).await?;
    let found = summaries::of_organiser(&app, &caller, period).await?;
    let body = OrganiserSummaryBody::of(organiser, period, &found, app.clock.today(), language, &urls);
    tagged(&body, language, &known)
}

async fn get_contributions<S: Statement>(
    ApiCall { app, caller, urls, language }: ApiCall,
    Path(AtPeriod { creche, period }): Path<AtPeriod>,
    Query(ComparedTo(compared)): Query<ComparedTo>,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    if let (Some(revision), Period::Quarter(_)) = (compared, period) {
        let mut reader = QueryReader::default();
        reader.malformed("comparedTo", &revision.to_string(), Param::Text(MONTH_ONLY));
        return Err(reader.refusal());
    }
    let shares = statements::shares::<S>(&app, &caller, creche, period, compared).await?;
    let shares = shares.ok_or_else(|| Problem::not_found("comparedTo"))?;
    tagged(&ContributionsBody::of::<S>(shares, period, compared, &urls), language, &known)
}

/// An answer whose tag is made of its bytes.
fn tagged(body: &impl Serialize, language: Language, known: &IfNoneMatch) -> Result<ResponseBuilder> {
    let bytes = serde_json::to_vec(body).map_err(Problem::internal)?;
    let tag = super::tag_of(&bytes);
    let answer = if known.has(&tag) {
        ResponseBuilder::not_modified(&tag)
    } else {
        ResponseBuilder::bytes(Media::Json, bytes).etag(&tag)
    };
    Ok(answer.language(language))
}

/// The revision to compare with.
struct ComparedTo(Option<u32>);

/// What may be compared.
const MONTH_ONLY: LocalText = LocalText {
    fr: "la demande sans ce paramètre pour un trimestre, ou pour l’un de ses mois",
    nl: "de vraag zonder deze parameter voor een kwartaal, of voor een van zijn maanden",
    en: "the request without it for a quarter, or for one of its months",
};

impl Parameters for ComparedTo {
    fn read(query: &mut QueryReader) -> Self {
        let revision = query.number("comparedTo", 1..=u64::from(u32::MAX));
        Self(revision.and_then(|revision| u32::try_from(revision).ok()))
    }
}
