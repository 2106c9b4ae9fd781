//! The feed of events.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::Serialize;

use super::call_context::ApiCall;
use crate::app::App;
use crate::app::caller::Caller;
use crate::app::events::{self, EventQuery, LongPoll};
use crate::app::sessions::LoggedIn;
use crate::domain::event::CloudEvent;
use crate::domain::key::Scope;
use crate::http::address::ClientAddress;
use crate::http::answer::ResponseBuilder;
use crate::http::authenticate;
use crate::http::extract::{Parameters, Query, QueryReader};
use crate::http::long_polls::PollRegistry;
use crate::http::metrics::Metrics;
use crate::http::operation_table::{Access, Route};
use crate::http::problem::{Problem, Result};
use crate::http::urls::Urls;
use crate::words::{self, LocalText};

/// The default and the greatest number of events in a response.
const PAGE: u64 = 100;
const MOST: u64 = 500;
/// The longest wait of a long poll, in seconds.
const LONGEST: u64 = 30;

pub(super) fn routes() -> Vec<Route<App>> {
    let names = &["after", "type", "wait", "pageSize"];
    vec![Route::get("/events", "listEvents", Access::Scope(Scope::EventsRead), list).query(names)]
}

pub(super) const TYPE: LocalText = words::api::TYPE;

/// The query.
struct FeedQuery {
    question: EventQuery,
    wait: u64,
    page_size: u64,
}

impl Parameters for FeedQuery {
    fn read(query: &mut QueryReader) -> Self {
        let after = query.number("after", 0..=u64::MAX >> 1).unwrap_or(0);
        let types = query.many("type", TYPE);
        let page_size = query.number("pageSize", 1..=MOST).unwrap_or(PAGE);
        let most = u32::try_from(page_size).unwrap_or(u32::MAX);
        Self {
            question: EventQuery { after, types, most },
            wait: query.number("wait", 0..=LONGEST).unwrap_or(0),
            page_size,
        }
    }
}

impl FeedQuery {
    /// The same query after another number.
    fn address(&self, after: u64, urls: &Urls) -> String {
        let mut address = urls.api(format_args!("/events?after={after}"));
        address.extend(self.question.types.iter().flat_map(|kind| ["&type=", kind.code()]));
        if self.page_size == PAGE { address } else { format!("{address}&pageSize={}", self.page_size) }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventsBody<'a> {
    #[serde(rename = "self")]
    this: String,
    items: Vec<CloudEvent<'a>>,
    up_to: u64,
    page_size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// What a long poll needs: its place in the limit of long polls, and its credential.
struct PollContext {
    registry: Arc<PollRegistry>,
    metrics: Arc<Metrics>,
    address: ClientAddress,
    visitor: Option<LoggedIn>,
}

impl<S: Sync> FromRequestParts<S> for PollContext {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let parts = &parts.extensions;
        let known = (parts.get::<Arc<PollRegistry>>(), parts.get::<Arc<Metrics>>(), parts.get::<ClientAddress>());
        let (Some(registry), Some(metrics), Some(address)) = known else {
            return Err(Problem::internal("a router without a registry of polls"));
        };
        let (registry, metrics) = (Arc::clone(registry), Arc::clone(metrics));
        Ok(Self { registry, metrics, address: *address, visitor: parts.get().cloned() })
    }
}

impl PollContext {
    /// The response, once there are events or the wait ends.
    async fn feed(&self, app: &App, caller: &Caller, asked: &FeedQuery) -> Result<events::EventPage> {
        let place = (asked.wait > 0).then(|| (self.registry.enter(caller, self.address), self.metrics.poll_started()));
        let recalled = async {
            match &place {
                Some((poll, _)) => poll.recalled().await,
                None => std::future::pending().await,
            }
        };
        let access = Access::Scope(Scope::EventsRead);
        let renew = || authenticate::renew(app, caller, self.visitor.as_ref(), access);
        let waiting = LongPoll { wait: Duration::from_secs(asked.wait), recalled, renew };
        events::read_feed(app, caller.clone(), &asked.question, waiting).await
    }
}

async fn list(
    ApiCall { app, caller, urls, .. }: ApiCall,
    poll: PollContext,
    Query(asked): Query<FeedQuery>,
) -> Result<ResponseBuilder> {
    let part = poll.feed(&app, &caller, &asked).await?;
    let root = urls.api("");
    Ok(ResponseBuilder::json(&EventsBody {
        this: asked.address(asked.question.after, &urls),
        items: part
            .items
            .iter()
            .map(|(number, event)| CloudEvent::new(&root, caller.organiser, *number, event))
            .collect(),
        up_to: part.up_to,
        page_size: asked.page_size,
        next: part.more.then(|| asked.address(part.up_to, &urls)),
    }))
}
