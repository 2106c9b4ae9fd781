//! The announced rules: what they would have refused of what software deposited.

use jiff::Timestamp;
use serde::Serialize;

use super::call_context::ApiCall;
use crate::app::App;
use crate::app::statements::{FieldCount, ReplayQuery, ReplayReport, replay};
use crate::domain::announced_rules;
use crate::domain::statement::RevisionPlace;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{Parameters, Query, QueryReader};
use crate::http::finding::AnnouncedBody;
use crate::http::operation_table::{Access, Route};
use crate::http::problem::Result;
use crate::http::urls::Urls;
use crate::ids::ApplicationId;
use crate::words;

const REPLAY: &str = "/announcedRules/replay";

/// The default and the greatest number of revisions of a page.
const MOST: u32 = 500;

pub(super) fn routes() -> Vec<Route<App>> {
    let route = Route::get(REPLAY, "replayAnnouncedRules", Access::KeyOrAdministrator, get);
    vec![route.query(&["application", "after", "pageSize"])]
}

/// The query.
struct ReplayParameters {
    application: Option<ApplicationId>,
    after: Option<RevisionPlace>,
    page_size: u32,
}

impl Parameters for ReplayParameters {
    fn read(query: &mut QueryReader) -> Self {
        let page_size = query.number("pageSize", 1..=u64::from(MOST)).and_then(|size| u32::try_from(size).ok());
        Self {
            application: query.optional("application", words::api::ID),
            after: query.optional("after", words::api::CURSOR),
            page_size: page_size.unwrap_or(MOST),
        }
    }
}

impl ReplayParameters {
    /// The same replay, after another place.
    fn address(&self, after: Option<RevisionPlace>, urls: &Urls) -> String {
        let query = [
            self.application.map(|id| format!("application={id}")),
            after.map(|after| format!("after={after}")),
            (self.page_size != MOST).then(|| format!("pageSize={}", self.page_size)),
        ];
        urls.api_list(REPLAY, query.into_iter().flatten())
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReplayBody {
    #[serde(rename = "self")]
    this: String,
    since: Timestamp,
    revision_count: u32,
    refused_count: u32,
    findings: Vec<FieldBody>,
    page_size: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// How often a field breaks a rule.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FieldBody {
    code: &'static str,
    href: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    announced: Option<AnnouncedBody>,
    count: u64,
    revision_count: u64,
}

impl FieldBody {
    fn new(name: String, FieldCount { rule, places, revisions }: FieldCount, urls: &Urls) -> Self {
        let announced = announced_rules::announced(rule).map(AnnouncedBody::from);
        Self { code: rule.code, href: urls.rule(rule.code), name, announced, count: places, revision_count: revisions }
    }
}

async fn get(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Query(asked): Query<ReplayParameters>,
) -> Result<ResponseBuilder> {
    let query = ReplayQuery { application: asked.application, after: asked.after, most: asked.page_size };
    let ReplayReport { since, replayed, refused, findings, next } = replay(&app, &caller, query).await?;
    Ok(ResponseBuilder::json(&ReplayBody {
        this: asked.address(asked.after, &urls),
        since,
        revision_count: replayed,
        refused_count: refused,
        findings: findings.into_iter().map(|((_, field), count)| FieldBody::new(field, count, &urls)).collect(),
        page_size: asked.page_size,
        next: next.map(|place| asked.address(Some(place), &urls)),
    }))
}
