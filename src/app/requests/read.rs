//! Reading the log, also as a feed: a long poll waits for the next call.

use std::collections::HashMap;
use std::future::Future;

use super::sealed_body;
use crate::app::App;
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::app::long_poll::{FeedError, LongPoll, PolledFeed, read_when_there};
use crate::domain::calls::{CallReach, MaskedBody, RequestFilter, RequestPlace};
use crate::ids::{ApplicationId, OrganiserId, RequestId, VerdictId};
use crate::store::requests::RequestRecord;
use crate::store::verdicts::VerdictRecord;
use crate::store::{self, Tx};

/// A query of the log.
#[derive(Debug, Clone)]
pub struct RequestQuery {
    /// Which calls; those that the caller may not see are left out in any case.
    pub filter: RequestFilter,
    /// Where the page begins.
    pub place: RequestPlace,
    /// At most so many calls.
    pub most: u32,
}

/// A call with the verdict on its deposit.
#[derive(Debug)]
pub struct RequestView {
    /// The call.
    pub stored: RequestRecord,
    /// The verdict, as long as it is stored.
    pub verdict: Option<VerdictRecord>,
    /// The masked body, of a call that was looked up alone.
    pub body: Option<MaskedBody>,
}

/// A part of the log.
#[derive(Debug)]
pub struct RequestPage {
    /// The calls, in the order of the query.
    pub items: Vec<RequestView>,
    /// The number to continue after: no matching call up to it comes later.
    pub up_to: u64,
    /// Whether there were more when this was read.
    pub more: bool,
}

/// The matching calls that the caller may see. A long poll waits for the first.
///
/// # Errors
/// `AfterEnd` where the calls after a number are asked for that is beyond the end of the log, and those of the renewal.
pub async fn read_log<E, R>(
    app: &App,
    caller: Caller,
    query: &RequestQuery,
    waiting: LongPoll<impl Future<Output = ()> + Send, impl Fn() -> R + Send>,
) -> Result<RequestPage, E>
where
    E: From<FeedError>,
    R: Future<Output = Result<Caller, E>> + Send,
{
    read_when_there(app, query, caller, waiting).await
}

impl PolledFeed for RequestQuery {
    type Caller = Caller;
    type Page = RequestPage;

    async fn read(&self, app: &App, caller: &Caller) -> Result<RequestPage, FeedError> {
        read(app, caller, self).await
    }

    fn is_empty(page: &RequestPage) -> bool {
        page.items.is_empty()
    }

    fn is_concerned(caller: &Caller, organiser: OrganiserId) -> bool {
        caller.organiser == organiser
    }
}

/// The matching calls of one application, for who may see all of the organiser: the latest first, those before a number where
/// there is one.
pub async fn of_application(
    app: &App,
    (organiser, application): (OrganiserId, ApplicationId),
    query: &RequestQuery,
) -> Result<RequestPage, InternalError> {
    let tx = &mut app.db.read().await?;
    let last = store::requests::last_number(tx, organiser).await?;
    page(tx, organiser, CallReach::Application(application), query, last).await
}

async fn read(app: &App, caller: &Caller, query: &RequestQuery) -> Result<RequestPage, FeedError> {
    let tx = &mut app.db.read().await?;
    let last = store::requests::last_number(tx, caller.organiser).await?;
    match query.place {
        RequestPlace::After(after) if after > last => return Err(FeedError::AfterEnd { last, after }),
        _ => {}
    }
    Ok(page(tx, caller.organiser, caller.call_reach(), query, last).await?)
}

/// A page of the calls within reach, of a log that ends with the number `last`.
async fn page(
    tx: &mut Tx,
    organiser: OrganiserId,
    reach: CallReach,
    query: &RequestQuery,
    last: u64,
) -> Result<RequestPage, InternalError> {
    let filter = RequestFilter { reach, ..query.filter.clone() };
    let most = query.most.saturating_add(1);
    let mut found = store::requests::list(tx, organiser, &filter, query.place, most).await?;
    let more = found.len() > query.most as usize;
    found.truncate(query.most as usize);
    let up_to = match (query.place, found.last()) {
        (RequestPlace::After(_), Some(latest)) if more => latest.number,
        _ => last,
    };
    Ok(RequestPage { items: with_verdicts(tx, organiser, found).await?, up_to, more })
}

/// The organiser's call with this id, where it is one that the caller may see. Its body is for those who made it: for callers with
/// the same key, and for users.
pub async fn find(app: &App, caller: &Caller, id: RequestId) -> Result<Option<RequestView>, InternalError> {
    let (tx, reach) = (&mut app.db.read().await?, caller.call_reach());
    let found = store::requests::find(tx, caller.organiser, id).await?.filter(|stored| {
        let request = &stored.request;
        reach.includes(Some(request.application), Some(request.key), request.creche)
    });
    let Some(mut view) = with_verdicts(tx, caller.organiser, found.into_iter().collect()).await?.pop() else {
        return Ok(None);
    };
    let is_own = caller.verified_key().is_none_or(|shown| shown.key == view.stored.request.key);
    if let Some(body) = view.stored.body.take().filter(|_| is_own) {
        view.body = Some(sealed_body::open(&app.db, &app.vault, (caller.organiser, id), &body).await?);
    }
    Ok(Some(view))
}

/// The calls with their verdicts.
async fn with_verdicts(
    tx: &mut Tx,
    organiser: OrganiserId,
    found: Vec<RequestRecord>,
) -> Result<Vec<RequestView>, InternalError> {
    let ids: Vec<_> = found.iter().filter_map(|stored| stored.request.verdict).collect();
    let verdicts = store::verdicts::find_all(tx, organiser, &ids).await?;
    let mut verdicts: HashMap<VerdictId, _> = verdicts.into_iter().map(|verdict| (verdict.id, verdict)).collect();
    let view = |stored: RequestRecord| {
        let verdict = stored.request.verdict.and_then(|id| verdicts.remove(&id));
        RequestView { stored, verdict, body: None }
    };
    Ok(found.into_iter().map(view).collect())
}
