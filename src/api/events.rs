//! The feed of events.

use std::time::Duration;

use serde::Serialize;

use super::call_context::ApiCall;
use super::poll_context::{PollContext, read_wait};
use crate::app::App;
use crate::app::events::{self, EventQuery};
use crate::domain::event::CloudEvent;
use crate::domain::key::Scope;
use crate::http::answer::ResponseBuilder;
use crate::http::authenticate;
use crate::http::extract::{Parameters, Query, QueryReader};
use crate::http::operation_table::{Access, Route};
use crate::http::problem::Result;
use crate::http::urls::Urls;
use crate::words::{self, LocalText};

/// The default and the greatest number of events in a response.
const PAGE: u64 = 100;
const MOST: u64 = 500;
const ACCESS: Access = Access::Scope(Scope::EventsRead);

pub(super) fn routes() -> Vec<Route<App>> {
    let names = &["after", "type", "wait", "pageSize"];
    vec![Route::get("/events", "listEvents", ACCESS, list).query(names)]
}

pub(super) const TYPE: LocalText = words::api::TYPE;

/// The query.
struct FeedQuery {
    question: EventQuery,
    wait: Duration,
    page_size: u64,
}

impl Parameters for FeedQuery {
    fn read(query: &mut QueryReader) -> Self {
        let after = query.number("after", 0..=u64::MAX >> 1).unwrap_or(0);
        let types = query.many("type", TYPE);
        let page_size = query.number("pageSize", 1..=MOST).unwrap_or(PAGE);
        let most = u32::try_from(page_size).unwrap_or(u32::MAX);
        Self { question: EventQuery { after, types, most }, wait: read_wait(query), page_size }
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

async fn list(
    ApiCall { app, caller, urls, .. }: ApiCall,
    poll: PollContext,
    Query(asked): Query<FeedQuery>,
) -> Result<ResponseBuilder> {
    let renew = || authenticate::renew(&app, &caller, poll.visitor(), ACCESS);
    let waiting = poll.waiting((&caller).into(), asked.wait, renew);
    let part = events::read_feed(&app, caller.clone(), &asked.question, waiting).await?;
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
