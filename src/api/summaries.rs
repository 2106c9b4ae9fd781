//! Figures of a month or a quarter, of one crèche or of all, and the contributions of lines.

mod body;
mod contributions;
mod open_days;
mod staffing;

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Serialize;

use self::body::{CrecheSummaryBody, OrganiserSummaryBody};
use self::contributions::ContributionsBody;
use super::call_context::ApiCall;
use super::statements::StatementOperations;
use crate::app::caller::Caller;
use crate::app::figure_inputs::{AsOf, AsOfError};
use crate::app::statements::ComparedWith;
use crate::app::summaries::RenderedBody;
use crate::app::{App, statements, summaries};
use crate::domain::finding::Param;
use crate::domain::key::Scope;
use crate::domain::kinds::for_each_kind;
use crate::domain::period::Period;
use crate::domain::rules::request::{BEFORE_HISTORY, FUTURE_INSTANT};
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{IfNoneMatch, Media, Parameters, Path, Query, QueryReader};
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::{AtPeriod, PathParams};
use crate::http::problem::{Problem, Result};
use crate::words::{self, Language, LocalText};

macro_rules! contribution_routes {
    ($($kind:ident)*) => {
        [$(contribution_route::<crate::domain::kinds::$kind::Statement>()),*]
    };
}

pub(super) fn routes() -> Vec<Route<App>> {
    let access = Access::Scope(Scope::SummariesRead);
    let creche = Route::get("/creches/{crecheId}/summaries/{period}", "getCrecheSummary", access, get_creche_summary);
    let organiser = Route::get("/summaries/{period}", "getOrganiserSummary", access, get_organiser_summary);
    let figures = [creche, organiser].map(|route| route.query(&["asOf"]));
    let made_of = [open_days::route(), staffing::route()].map(|route| route.query(&["asOf", "comparedAsOf"]));
    figures.into_iter().chain(made_of).chain(for_each_kind!(contribution_routes)).collect()
}

/// Figures need the right to figures; contributions of lines need the right of their kind.
fn contribution_route<S: StatementOperations>() -> Route<App> {
    let (path, id) = S::OPERATIONS.contributions;
    let access = Access::Scope(Scope::StatementsRead(S::KIND));
    Route::get(path, id, access, get_contributions::<S>).query(&["asOf", "comparedTo", "comparedAsOf"])
}

async fn get_creche_summary(
    ApiCall { app, caller, urls, language }: ApiCall,
    Path(AtPeriod { creche, period }): Path<AtPeriod>,
    Query(wanted): Query<Instant>,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    let as_of = wanted.as_of(&app, &caller).await?;
    let summary = summaries::of_creche(&app, &caller, creche, period, as_of).await?;
    let day = as_of.date(&caller.clock);
    let render = || rendered(&CrecheSummaryBody::of(&summary, day, language, &urls));
    Ok(answer(&*summary.rendered.get_or_render((language, day), render)?, language, &known))
}

async fn get_organiser_summary(
    ApiCall { app, caller, urls, language }: ApiCall,
    Path(PathParams { period }): Path<PathParams>,
    Query(wanted): Query<Instant>,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    let as_of = wanted.as_of(&app, &caller).await?;
    let organiser = as_of.organiser(&app, caller.organiser).await?.ok_or_else(|| Problem::not_found("organiser"))?;
    let found = summaries::of_organiser(&app, &caller, period, as_of).await?;
    let body = OrganiserSummaryBody::of(organiser, period, &found, as_of.date(&caller.clock), language, &urls);
    tagged(&body, language, &known)
}

async fn get_contributions<S: StatementOperations>(
    ApiCall { app, caller, urls, language }: ApiCall,
    Path(AtPeriod { creche, period }): Path<AtPeriod>,
    Query(wanted): Query<ContributionQuery>,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    let as_of = wanted.instant.as_of(&app, &caller).await?;
    let compared = wanted.compared_with(&app, &caller, period).await?;
    let found = statements::read_contributions::<S>(&app, &caller, creche, (period, as_of), compared).await?;
    let found = found.ok_or_else(|| Problem::not_found("comparedTo"))?;
    tagged(&ContributionsBody::of::<S>(found, period, compared.is_some(), &urls), language, &known)
}

/// A response whose entity tag is computed from its bytes.
fn tagged(body: &impl Serialize, language: Language, known: &IfNoneMatch) -> Result<ResponseBuilder> {
    Ok(answer(&rendered(body)?, language, known))
}

fn rendered(body: &impl Serialize) -> Result<RenderedBody> {
    let bytes = serde_json::to_vec(body).map_err(Problem::internal)?;
    Ok(RenderedBody { tag: super::tag_of(&bytes), bytes })
}

fn answer(RenderedBody { bytes, tag }: &RenderedBody, language: Language, known: &IfNoneMatch) -> ResponseBuilder {
    super::unless_known(Media::Json, Cow::Borrowed(bytes), tag, known).language(language)
}

/// The instant that figures are of; now by default.
struct Instant {
    /// The name of the parameter.
    name: &'static str,
    at: Option<Timestamp>,
}

/// The format of an instant.
const INSTANT: LocalText = words::api::INSTANT;

impl Parameters for Instant {
    fn read(query: &mut QueryReader) -> Self {
        Self::named(query, "asOf")
    }
}

impl Instant {
    fn named(query: &mut QueryReader, name: &'static str) -> Self {
        Self { name, at: query.optional(name, INSTANT) }
    }

    /// The instant of the organiser's history, or the refusal of one without figures.
    async fn as_of(&self, app: &App, caller: &Caller) -> Result<AsOf> {
        let Some(at) = self.at else { return Ok(AsOf::NOW) };
        let mut reader = QueryReader::default();
        match AsOf::at(app, caller.organiser, at).await? {
            Ok(as_of) => return Ok(as_of),
            Err(AsOfError::Future) => reader.broken(&FUTURE_INSTANT, self.name, |finding| finding),
            Err(AsOfError::BeforeHistory(beginning)) => {
                reader.broken(&BEFORE_HISTORY, self.name, |finding| {
                    finding.with("beginning", Param::Code(beginning.to_string()))
                });
            }
        }
        Err(reader.refusal())
    }
}

/// An instant, and an earlier one to compare with.
struct ComparedInstants {
    instant: Instant,
    earlier: Instant,
}

impl Parameters for ComparedInstants {
    fn read(query: &mut QueryReader) -> Self {
        Self { instant: Instant::read(query), earlier: Instant::named(query, "comparedAsOf") }
    }
}

impl ComparedInstants {
    /// The instant of the figures, and that to compare with, if one was named.
    async fn as_of(&self, app: &App, caller: &Caller) -> Result<(AsOf, Option<AsOf>)> {
        let as_of = self.instant.as_of(app, caller).await?;
        let is_compared = self.earlier.at.is_some();
        Ok((as_of, if is_compared { Some(self.earlier.as_of(app, caller).await?) } else { None }))
    }
}

/// The query of contributions.
struct ContributionQuery {
    instant: Instant,
    /// The revision to compare with.
    revision: Option<u32>,
    /// The instant to compare with.
    earlier: Instant,
}

impl Parameters for ContributionQuery {
    fn read(query: &mut QueryReader) -> Self {
        let revision = query.number("comparedTo", 1..=u64::from(u32::MAX));
        let revision = revision.and_then(|revision| u32::try_from(revision).ok());
        Self { instant: Instant::read(query), revision, earlier: Instant::named(query, "comparedAsOf") }
    }
}

impl ContributionQuery {
    /// What to compare with: a revision, of a month only, or an instant, not both.
    async fn compared_with(&self, app: &App, caller: &Caller, period: Period) -> Result<Option<ComparedWith>> {
        let expected = match (self.revision, self.earlier.at, period) {
            (None, None, _) => return Ok(None),
            (None, Some(_), _) => return Ok(Some(ComparedWith::Instant(self.earlier.as_of(app, caller).await?))),
            (Some(revision), None, Period::Month(_)) => return Ok(Some(ComparedWith::Revision(revision))),
            (Some(_), None, Period::Quarter(_)) => words::api::MONTH_ONLY,
            (Some(_), Some(_), _) => words::api::ONE_COMPARISON,
        };
        let mut reader = QueryReader::default();
        let revision = self.revision.map(|revision| revision.to_string()).unwrap_or_default();
        reader.malformed("comparedTo", &revision, Param::Text(expected));
        Err(reader.refusal())
    }
}
