//! The agency's feed: what was done to the claims of all organisers.

use jiff::Timestamp;
use serde::Serialize;

use super::{AgencyCall, address};
use crate::app::App;
use crate::app::claim_changes::{self, ClaimChange};
use crate::domain::agency_key::AgencyScope;
use crate::domain::period::Quarter;
use crate::http::answer::ResponseBuilder;
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
    let read = Access::Agency(AgencyScope::ClaimsRead);
    vec![Route::get(PATH, "listAgencyChanges", read, list).query(&["after", "pageSize"])]
}

/// The query.
struct ChangesQuery {
    after: u64,
    page_size: u64,
}

impl Parameters for ChangesQuery {
    fn read(query: &mut QueryReader) -> Self {
        let after = query.number("after", 0..=u64::MAX >> 1).unwrap_or(0);
        Self { after, page_size: query.number("pageSize", 1..=MOST).unwrap_or(PAGE) }
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
    claim: String,
}

fn change((number, change): (u64, ClaimChange), urls: &Urls) -> ChangeBody {
    let ClaimChange { organiser, creche, quarter, action, at } = change;
    let claim = address(urls, (organiser, creche, quarter));
    ChangeBody { number, action: action.code(), at, organiser_id: organiser, creche_id: creche, quarter, claim }
}

async fn list(AgencyCall { app, urls, .. }: AgencyCall, Query(asked): Query<ChangesQuery>) -> Result<ResponseBuilder> {
    let most = u32::try_from(asked.page_size).unwrap_or(u32::MAX);
    let found = claim_changes::read(&app, asked.after, most).await?;
    Ok(ResponseBuilder::json(&ChangesBody {
        this: asked.address(asked.after, &urls),
        next: found.more.then(|| asked.address(found.up_to, &urls)),
        up_to: found.up_to,
        page_size: asked.page_size,
        items: found.items.into_iter().map(|entry| change(entry, &urls)).collect(),
    }))
}
