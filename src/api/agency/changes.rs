//! The agency's feed: what was done to the claims of all organisers, and what was paid.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::payments::payment_address;
use super::{AgencyCall, address};
use crate::api::poll_context::{PollContext, read_wait};
use crate::app::App;
use crate::app::agency_changes::{self, AgencyChange, ChangeQuery};
use crate::domain::period::{Month, Quarter};
use crate::http::answer::ResponseBuilder;
use crate::http::authenticate;
use crate::http::extract::{Parameters, Query, QueryReader};
use crate::http::operation_table::{Access, Route};
use crate::http::problem::Result;
use crate::http::urls::Urls;
use crate::ids::{CrecheId, OrganiserId};

const PATH: &str = "/agency/changes";
/// The default and the greatest number of entries in a response.
const PAGE: u64 = 100;
const MOST: u64 = 500;

pub(super) fn routes() -> Vec<Route<App>> {
    vec![Route::get(PATH, "listAgencyChanges", Access::AgencyFeed, list).query(&["after", "wait", "pageSize"])]
}

/// The query.
struct ChangesQuery {
    after: u64,
    wait: Duration,
    page_size: u64,
}

impl Parameters for ChangesQuery {
    fn read(query: &mut QueryReader) -> Self {
        let after = query.number("after", 0..=u64::MAX >> 1).unwrap_or(0);
        let wait = read_wait(query);
        Self { after, wait, page_size: query.number("pageSize", 1..=MOST).unwrap_or(PAGE) }
    }
}

impl ChangesQuery {
    /// The same query after another number.
    fn address(&self, after: u64, urls: &Urls) -> String {
        let address = urls.api(format_args!("{PATH}?after={after}"));
        if self.page_size == PAGE { address } else { format!("{address}&pageSize={}", self.page_size) }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangesBody {
    #[serde(rename = "self")]
    this: String,
    items: Vec<ChangeBody>,
    up_to: u64,
    page_size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangeBody {
    number: u64,
    action: &'static str,
    at: Timestamp,
    organiser_id: OrganiserId,
    creche_id: CrecheId,
    quarter: Quarter,
    /// Of the claim of a single month.
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<Month>,
    claim: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subsidy_payment: Option<String>,
}

fn change((number, change): (u64, AgencyChange), urls: &Urls) -> ChangeBody {
    let AgencyChange { organiser, creche, period, payment, action, at } = change;
    ChangeBody {
        number,
        action: action.code(),
        at,
        organiser_id: organiser,
        creche_id: creche,
        quarter: period.quarter(),
        month: period.month(),
        claim: address(urls, (organiser, creche, period)),
        subsidy_payment: payment.map(|payment| payment_address(urls, (organiser, payment))),
    }
}

async fn list(
    AgencyCall { app, caller, urls, .. }: AgencyCall,
    poll: PollContext,
    Query(asked): Query<ChangesQuery>,
) -> Result<ResponseBuilder> {
    let most = u32::try_from(asked.page_size).unwrap_or(u32::MAX);
    let query = ChangeQuery { after: asked.after, most };
    let renew = || authenticate::renew_agency(&app, &caller, poll.visitor(), (poll.address(), Access::AgencyFeed));
    let waiting = poll.waiting((&caller).into(), asked.wait, renew);
    let found = agency_changes::read_feed(&app, caller.clone(), query, waiting).await?;
    Ok(ResponseBuilder::json(&ChangesBody {
        this: asked.address(asked.after, &urls),
        next: found.more.then(|| asked.address(found.up_to, &urls)),
        up_to: found.up_to,
        page_size: asked.page_size,
        items: found.items.into_iter().map(|entry| change(entry, &urls)).collect(),
    }))
}
