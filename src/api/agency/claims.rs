//! The signed claims of all organisers with their figures, page by page.

use std::str::FromStr;

use jiff::Timestamp;
use serde::Serialize;

use super::{AgencyCall, address};
use crate::app::App;
use crate::app::claims::{ClaimKey, ClaimPageQuery, KeyPage, MOST_CLAIMS, ReadClaim, WantedAssignment, claim_page};
use crate::domain::agency_key::AgencyScope;
use crate::domain::claim::{AcknowledgedWarning, ClaimDocument, ClaimState, FigureLine, SignedCreche, SignedOrganiser};
use crate::domain::money::Cents;
use crate::domain::period::{Month, Quarter};
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{Parameters, Query, QueryReader};
use crate::http::operation_table::{Access, Route};
use crate::http::problem::Result;
use crate::http::urls::Urls;
use crate::ids::{CrecheId, OrganiserId};
use crate::words;

const PATH: &str = "/agency/claims";
/// The names of the query's parameters.
const NAMES: &[&str] =
    &["state", "quarter", "organiserId", "crecheId", "hasWarnings", "assignedTo", "unchangedDays", "after", "pageSize"];
/// The most days for which a claim is asked to be unchanged.
const MOST_DAYS: u64 = 3_660;

pub(super) fn routes() -> Vec<Route<App>> {
    let read = Access::Agency(AgencyScope::ClaimsRead);
    vec![Route::get(PATH, "listAgencyClaims", read, list).query(NAMES)]
}

/// A signed state.
#[derive(Clone, Copy)]
struct SignedState(ClaimState);

impl FromStr for SignedState {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        ClaimState::from_code(text).filter(|state| state.is_frozen()).map(Self).ok_or(())
    }
}

/// Who took a claim up: the caller, or nobody.
struct Assignment(WantedAssignment);

impl FromStr for Assignment {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "me" => Ok(Self(WantedAssignment::Own)),
            "nobody" => Ok(Self(WantedAssignment::Nobody)),
            _ => Err(()),
        }
    }
}

/// A place in the list: the claim before it.
struct Cursor(ClaimKey);

impl Cursor {
    fn written(ClaimKey { organiser, creche, period }: ClaimKey) -> String {
        format!("{organiser}.{creche}.{period}")
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split('.');
        let mut part = || parts.next().ok_or(());
        let (organiser, creche, period) = (part()?, part()?, part()?);
        if parts.next().is_some() {
            return Err(());
        }
        let (organiser, creche) = (organiser.parse().map_err(drop)?, creche.parse().map_err(drop)?);
        Ok(Self(ClaimKey { organiser, creche, period: period.parse().map_err(drop)? }))
    }
}

/// The query, and its filters as the address of the next page has them.
struct ClaimsQuery {
    query: ClaimPageQuery,
    filters: Vec<String>,
    after: Option<ClaimKey>,
}

impl Parameters for ClaimsQuery {
    fn read(query: &mut QueryReader) -> Self {
        let state = query.optional("state", words::api::SIGNED_STATES).map(|SignedState(state)| state);
        let quarter: Option<Quarter> = query.optional("quarter", words::api::QUARTER);
        let organiser: Option<OrganiserId> = query.optional("organiserId", words::api::ID);
        let creche: Option<CrecheId> = query.optional("crecheId", words::api::ID);
        let with_warnings: Option<bool> = query.optional("hasWarnings", words::common::TRUE_OR_FALSE);
        let assigned = query.optional("assignedTo", words::api::ASSIGNMENTS).map(|Assignment(wanted)| wanted);
        let days = query.number("unchangedDays", 0..=MOST_DAYS);
        let after = query.optional("after", words::api::CURSOR).map(|Cursor(after)| after);
        let most = query.number("pageSize", 1..=MOST_CLAIMS.into());
        let assigned_code = assigned.map(|wanted| if wanted == WantedAssignment::Own { "me" } else { "nobody" });
        let filters = [
            state.map(|state| format!("state={}", state.code())),
            quarter.map(|quarter| format!("quarter={quarter}")),
            organiser.map(|id| format!("organiserId={id}")),
            creche.map(|id| format!("crecheId={id}")),
            with_warnings.map(|warnings| format!("hasWarnings={warnings}")),
            assigned_code.map(|code| format!("assignedTo={code}")),
            days.map(|days| format!("unchangedDays={days}")),
            most.map(|most| format!("pageSize={most}")),
        ];
        let page = KeyPage { organiser, creche, after, most: narrowed(most).unwrap_or(MOST_CLAIMS) };
        let assigned_to = assigned.unwrap_or(WantedAssignment::Any);
        let days = narrowed(days).unwrap_or_default();
        Self {
            query: ClaimPageQuery { state, quarter, days, with_warnings, assigned_to, page },
            filters: filters.into_iter().flatten().collect(),
            after,
        }
    }
}

/// A number that was checked to be small.
fn narrowed<T: TryFrom<u64>>(number: Option<u64>) -> Option<T> {
    number.and_then(|number| number.try_into().ok())
}

impl ClaimsQuery {
    /// The same list, after a claim.
    fn address(&self, after: Option<ClaimKey>, urls: &Urls) -> String {
        let after = after.map(|after| format!("after={}", Cursor::written(after)));
        urls.api_list(PATH, self.filters.iter().cloned().chain(after))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ClaimsBody {
    #[serde(rename = "self")]
    this: String,
    items: Vec<ListedBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListedBody {
    href: String,
    version: u32,
    state: ClaimState,
    updated_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    assigned_to: Option<String>,
    #[serde(flatten)]
    signed: SignedBody,
}

/// What is signed of a claim.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignedBody {
    organiser: SignedOrganiser,
    creche: SignedCreche,
    quarter: Quarter,
    /// Of the claim of a single month.
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<Month>,
    signature: SignatureBody,
    figures: Vec<FigureLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gross_salary_cents: Option<Cents>,
    warnings: Vec<AcknowledgedWarning>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SignatureBody {
    number: u32,
    signed_at: Timestamp,
    sha256: String,
}

impl SignedBody {
    pub(super) fn new(document: ClaimDocument, sha256: String, gross_salary_cents: Option<Cents>) -> Self {
        Self {
            organiser: document.organiser,
            creche: document.creche,
            quarter: document.quarter,
            month: document.month,
            signature: SignatureBody { number: document.signature, signed_at: document.signed_at, sha256 },
            figures: document.figures,
            gross_salary_cents,
            warnings: document.warnings,
        }
    }
}

fn listed(read: ReadClaim, urls: &Urls) -> ListedBody {
    let ReadClaim { listed, document, sha256, gross_salary_cents } = read;
    let key = listed.claim.key;
    ListedBody {
        href: address(urls, (key.organiser, key.creche, key.period)),
        version: listed.claim.acts,
        state: listed.claim.standing.state,
        updated_at: listed.claim.updated_at,
        assigned_to: listed.assigned_to,
        signed: SignedBody::new(document, sha256, gross_salary_cents),
    }
}

async fn list(
    AgencyCall { app, caller, urls, .. }: AgencyCall,
    Query(asked): Query<ClaimsQuery>,
) -> Result<ResponseBuilder> {
    let found = claim_page(&app, &caller, &asked.query).await?;
    Ok(ResponseBuilder::json(&ClaimsBody {
        this: asked.address(asked.after, &urls),
        next: found.next.map(|last| asked.address(Some(last), &urls)),
        items: found.claims.into_iter().map(|claim| listed(claim, &urls)).collect(),
    }))
}
