//! The signed claims of all organisers with their figures, page by page, as the agency reads them in bulk. What is read is in the
//! history of each organiser before it is returned, one entry for a page.

use std::collections::BTreeMap;

use super::sealed::{open_gross, open_receipt};
use super::work_list::unchanged_since;
use crate::app::App;
use crate::app::agents::AgencyCaller;
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::domain::action::RecordedAction;
use crate::domain::claim::{ClaimDocument, ClaimState};
use crate::domain::money::Cents;
use crate::domain::period::Quarter;
use crate::ids::OrganiserId;
use crate::store;
use crate::store::claims::{AssignedTo, ClaimFilter, ListedClaim};
pub use crate::store::claims::{ClaimKey, KeyPage};

/// The most claims of a page.
pub const MOST_CLAIMS: u32 = 100;

/// Which claims are read.
#[derive(Debug, Clone, Copy)]
pub struct ClaimPageQuery {
    /// In this state; in any where there is none.
    pub state: Option<ClaimState>,
    /// Of this quarter or one of its months; of any where there is none.
    pub quarter: Option<Quarter>,
    /// Unchanged for at least these days.
    pub days: u16,
    /// Whether they were signed with warnings; either where there is none.
    pub with_warnings: Option<bool>,
    /// Taken up by whom.
    pub assigned_to: WantedAssignment,
    /// Of which organiser and crèche, and after which claim; at most [`MOST_CLAIMS`].
    pub page: KeyPage,
}

/// Which claims are read, by who took them up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WantedAssignment {
    /// All.
    Any,
    /// Those that nobody took up.
    Nobody,
    /// Those of the caller.
    Own,
}

/// A claim with what is signed at present.
pub struct ReadClaim {
    /// Where it stands.
    pub listed: ListedClaim,
    /// What was signed last.
    pub document: ClaimDocument,
    /// The SHA-256 of the signed document, in hexadecimal.
    pub sha256: String,
    /// The gross salaries that were signed; `None` of a month, which has none.
    pub gross_salary_cents: Option<Cents>,
}

/// A page of claims.
pub struct ClaimPage {
    /// In the order of their keys: organiser, crèche, period.
    pub claims: Vec<ReadClaim>,
    /// The claim after which the next page begins; `None` on the last.
    pub next: Option<ClaimKey>,
}

/// Reads a page of claims: recorded in the history of each organiser concerned before the result is returned.
pub async fn claim_page(app: &App, reader: &AgencyCaller, query: &ClaimPageQuery) -> Result<ClaimPage, InternalError> {
    let own = reader.actor().name;
    let filter = ClaimFilter {
        state: query.state,
        quarter: query.quarter,
        unchanged_since: unchanged_since(app, query.days),
        with_warnings: query.with_warnings,
        assigned_to: match query.assigned_to {
            WantedAssignment::Any => AssignedTo::Anybody,
            WantedAssignment::Nobody => AssignedTo::Nobody,
            WantedAssignment::Own => AssignedTo::Agent(&own),
        },
        with_message: false,
    };
    let most = query.page.most.min(MOST_CLAIMS);
    let page = KeyPage { most: most + 1, ..query.page };
    let mut found = store::claims::by_key(&mut app.db.read().await?, &filter, page).await?;
    let more = found.len() > most as usize;
    found.truncate(most as usize);
    let next = found.last().filter(|_| more).map(|last| last.claim.key);
    let mut claims = Vec::with_capacity(found.len());
    for listed in found {
        claims.push(read_claim(app, listed).await?);
    }
    record_reading(app, reader, &claims).await?;
    Ok(ClaimPage { claims, next })
}

/// The claim with the signature that its row names.
async fn read_claim(app: &App, listed: ListedClaim) -> Result<ReadClaim, InternalError> {
    let (key, number) = (listed.claim.key, listed.claim.signed_act);
    let data_key = app.vault.organiser_key(&app.db, key.organiser).await?;
    let signature = store::claims::signature(&mut app.db.read_once().await?, key, number).await?;
    let signature = signature.ok_or(store::Error::Rows(0))?;
    let gross_salary_cents = open_gross(&data_key, &signature)?;
    let document = open_receipt(&data_key, &signature)?.document;
    Ok(ReadClaim { listed, document, sha256: signature.sha256, gross_salary_cents })
}

/// One entry for each organiser, with how many of its claims were read.
async fn record_reading(app: &App, reader: &AgencyCaller, claims: &[ReadClaim]) -> Result<(), InternalError> {
    let mut counts: BTreeMap<OrganiserId, usize> = BTreeMap::new();
    for claim in claims {
        *counts.entry(claim.listed.claim.key.organiser).or_default() += 1;
    }
    for (organiser, count) in counts {
        let record = Record::of(RecordedAction::ClaimsRead).detail(count.to_string());
        app.record_access(organiser, &reader.actor(), &record).await?;
    }
    Ok(())
}
