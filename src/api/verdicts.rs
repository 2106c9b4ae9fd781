//! The verdicts on deposits: those of the caller's application, or all for an administrator.

use jiff::Timestamp;
use serde::Serialize;

use super::call_context::ApiCall;
use crate::app::App;
use crate::app::verdicts::{self, VerdictQuery, VerdictRecord};
use crate::domain::deposit::{VerdictFilter, VerdictPlace};
use crate::domain::key::KeyId;
use crate::domain::period::Period;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{Parameters, Path, Query, QueryReader};
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtVerdict;
use crate::http::problem::{Problem, Result};
use crate::http::urls::Urls;
use crate::ids::{ApplicationId, CrecheId, VerdictId};
use crate::words;

const LIST: &str = "/verdicts";
const ONE: &str = "/verdicts/{verdictId}";
const NAMES: &[&str] = &["kind", "outcome", "creche", "period", "application", "from", "until", "before", "pageSize"];

/// The default and the greatest number of verdicts of a page.
const PAGE: u64 = 50;
const MOST: u64 = 100;

pub(super) fn routes() -> Vec<Route<App>> {
    let access = Access::KeyOrAdministrator;
    vec![Route::get(LIST, "listVerdicts", access, list).query(NAMES), Route::get(ONE, "getVerdict", access, get)]
}

/// The query.
struct VerdictsQuery {
    filter: VerdictFilter,
    before: Option<VerdictPlace>,
    page_size: u64,
}

impl Parameters for VerdictsQuery {
    fn read(query: &mut QueryReader) -> Self {
        let filter = VerdictFilter {
            kind: query.optional("kind", words::api::DEPOSIT_KIND),
            outcome: query.optional("outcome", words::api::OUTCOME),
            creche: query.optional("creche", words::api::CRECHE),
            period: query.optional("period", words::api::PERIOD),
            application: query.optional("application", words::api::ID),
            from: query.optional("from", words::api::INSTANT),
            until: query.optional("until", words::api::INSTANT),
            ..VerdictFilter::default()
        };
        let before = query.optional("before", words::api::CURSOR);
        Self { filter, before, page_size: query.number("pageSize", 1..=MOST).unwrap_or(PAGE) }
    }
}

impl VerdictsQuery {
    /// The same list, before another place.
    fn address(&self, before: Option<VerdictPlace>, urls: &Urls) -> String {
        let VerdictFilter { kind, outcome, creche, period, application, from, until, .. } = &self.filter;
        let query = [
            kind.map(|kind| format!("kind={}", kind.name())),
            outcome.map(|outcome| format!("outcome={}", outcome.code())),
            creche.map(|id| format!("creche={id}")),
            period.map(|period| format!("period={period}")),
            application.map(|id| format!("application={id}")),
            from.map(|at| format!("from={at}")),
            until.map(|at| format!("until={at}")),
            before.map(|before| format!("before={before}")),
            (self.page_size != PAGE).then(|| format!("pageSize={}", self.page_size)),
        ];
        urls.api_list(LIST, query.into_iter().flatten())
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VerdictsBody {
    #[serde(rename = "self")]
    this: String,
    items: Vec<VerdictBody>,
    page_size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A verdict: what came of a deposit, without its content.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VerdictBody {
    href: String,
    id: VerdictId,
    at: Timestamp,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    creche_id: Option<CrecheId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<Period>,
    channel: &'static str,
    outcome: &'static str,
    error_count: u32,
    warning_count: u32,
    findings: Vec<FindingCount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_id: Option<ApplicationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<String>,
}

/// How often a rule was broken.
#[derive(Serialize)]
struct FindingCount {
    code: String,
    href: String,
    count: u64,
}

impl VerdictBody {
    /// The body of a verdict.
    pub(super) fn new(verdict: &VerdictRecord, urls: &Urls) -> Result<Self> {
        let counts = verdicts::findings(verdict)?;
        let place = verdict.subject.place();
        Ok(Self {
            href: urls.api(format_args!("{LIST}/{}", verdict.id)),
            id: verdict.id,
            at: verdict.at,
            kind: verdict.subject.kind_name(),
            creche_id: place.map(|(creche, _)| creche),
            period: place.map(|(_, period)| period),
            channel: verdict.channel.code(),
            outcome: verdict.outcome.code(),
            error_count: verdict.errors,
            warning_count: verdict.warnings,
            findings: counts
                .into_iter()
                .map(|(code, count)| FindingCount { href: urls.rule(&code), code, count })
                .collect(),
            revision: verdict.revision,
            application_id: verdict.application,
            key_id: verdict.key.as_ref().map(KeyId::to_string),
        })
    }
}

async fn list(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Query(mut asked): Query<VerdictsQuery>,
) -> Result<ResponseBuilder> {
    asked.filter.reach = caller.call_reach();
    let most = usize::try_from(asked.page_size).unwrap_or(usize::MAX);
    let query = VerdictQuery { filter: &asked.filter, before: asked.before, most };
    let found = verdicts::list(&app, caller.organiser, query, |_| true).await?;
    Ok(ResponseBuilder::json(&VerdictsBody {
        this: asked.address(asked.before, &urls),
        items: found.items.iter().map(|verdict| VerdictBody::new(verdict, &urls)).collect::<Result<_>>()?,
        page_size: asked.page_size,
        next: found.next.map(|place| asked.address(Some(place), &urls)),
    }))
}

async fn get(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtVerdict { verdict: id }): Path<AtVerdict>,
) -> Result<ResponseBuilder> {
    let found = verdicts::find(&app, caller.organiser, &caller.call_reach(), id).await?;
    let verdict = found.ok_or_else(|| Problem::not_found("verdictId"))?;
    Ok(ResponseBuilder::json(&VerdictBody::new(&verdict, &urls)?))
}
