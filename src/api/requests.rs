//! The log of software's calls: those of the caller's application, or all for an administrator.

mod body;

use std::collections::HashSet;
use std::sync::LazyLock;
use std::time::Duration;

use self::body::{RequestBody, RequestsBody};
use super::call_context::ApiCall;
use super::poll_context::{PollContext, read_wait};
use crate::app::App;
use crate::app::requests::{self, RequestQuery};
use crate::domain::calls::{OperationName, RequestFilter, RequestPlace};
use crate::domain::finding::Param;
use crate::http::answer::ResponseBuilder;
use crate::http::authenticate;
use crate::http::extract::{Parameters, Path, Query, QueryReader};
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtRequest;
use crate::http::problem::{Problem, Result};
use crate::http::urls::Urls;
use crate::words;

const LIST: &str = "/requests";
const ONE: &str = "/requests/{requestId}";
const NAMES: &[&str] = &["status", "operation", "from", "until", "before", "after", "wait", "pageSize"];
const ACCESS: Access = Access::KeyOrAdministrator;

/// The default and the greatest number of calls of a page.
const PAGE: u64 = 50;
const MOST: u64 = 100;

pub(super) fn routes() -> Vec<Route<App>> {
    vec![Route::get(LIST, "listRequests", ACCESS, list).query(NAMES), Route::get(ONE, "getRequest", ACCESS, get)]
}

/// The query.
struct RequestsQuery {
    query: RequestQuery,
    wait: Duration,
    page_size: u64,
}

impl Parameters for RequestsQuery {
    fn read(query: &mut QueryReader) -> Self {
        let filter = RequestFilter {
            status: query.optional("status", words::api::STATUS_CLASS),
            operation: known_operation(query),
            from: query.optional("from", words::api::INSTANT),
            until: query.optional("until", words::api::INSTANT),
            ..RequestFilter::default()
        };
        let (before, after) = (query.number("before", 1..=u64::MAX >> 1), query.number("after", 0..=u64::MAX >> 1));
        if let (Some(before), Some(_)) = (before, after) {
            query.malformed("before", &before.to_string(), Param::Text(words::api::ONE_DIRECTION));
        }
        let page_size = query.number("pageSize", 1..=MOST).unwrap_or(PAGE);
        let most = u32::try_from(page_size).unwrap_or(u32::MAX);
        let place = after.map_or(RequestPlace::Before(before), RequestPlace::After);
        let wait = read_wait(query);
        // What was there before is never waited for.
        let wait = if after.is_some() { wait } else { Duration::ZERO };
        Self { query: RequestQuery { filter, place, most }, wait, page_size }
    }
}

/// The operation that is asked for, when the API has one of that name.
fn known_operation(query: &mut QueryReader) -> Option<OperationName> {
    static KNOWN: LazyLock<HashSet<&'static str>> =
        LazyLock::new(|| super::routes().iter().map(|route| route.operation.id).collect());
    let asked: OperationName = query.optional("operation", words::api::OPERATION)?;
    if !KNOWN.contains(asked.as_str()) {
        query.malformed("operation", asked.as_str(), Param::Text(words::api::OPERATION));
    }
    Some(asked)
}

impl RequestsQuery {
    /// The same list at another place.
    fn address(&self, place: RequestPlace, urls: &Urls) -> String {
        let RequestFilter { status, operation, from, until, .. } = &self.query.filter;
        let place = match place {
            RequestPlace::Before(before) => before.map(|before| format!("before={before}")),
            RequestPlace::After(after) => Some(format!("after={after}")),
        };
        let query = [
            status.map(|class| format!("status={class}")),
            operation.as_ref().map(|operation| format!("operation={operation}")),
            from.map(|at| format!("from={at}")),
            until.map(|at| format!("until={at}")),
            place,
            (self.page_size != PAGE).then(|| format!("pageSize={}", self.page_size)),
        ];
        urls.api_list(LIST, query.into_iter().flatten())
    }
}

async fn list(
    ApiCall { app, caller, urls, .. }: ApiCall,
    poll: PollContext,
    Query(asked): Query<RequestsQuery>,
) -> Result<ResponseBuilder> {
    let renew = || authenticate::renew(&app, &caller, poll.visitor(), ACCESS);
    let waiting = poll.waiting((&caller).into(), asked.wait, renew);
    let page = requests::read_log(&app, caller.clone(), &asked.query, waiting).await?;
    let next = match asked.query.place {
        RequestPlace::After(_) => RequestPlace::After(page.up_to),
        RequestPlace::Before(_) => RequestPlace::Before(page.items.last().map(|last| last.stored.number)),
    };
    Ok(ResponseBuilder::json(&RequestsBody {
        this: asked.address(asked.query.place, &urls),
        items: page.items.iter().map(|view| RequestBody::new(view, &urls)).collect::<Result<_>>()?,
        up_to: page.up_to,
        page_size: asked.page_size,
        next: page.more.then(|| asked.address(next, &urls)),
    }))
}

async fn get(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtRequest { request: id }): Path<AtRequest>,
) -> Result<ResponseBuilder> {
    let found = requests::find(&app, &caller, id).await?;
    let view = found.ok_or_else(|| Problem::not_found("requestId"))?;
    Ok(ResponseBuilder::json(&RequestBody::new(&view, &urls)?))
}
