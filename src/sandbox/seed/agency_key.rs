//! The key of the agency's software in a sandbox: every scope, from everywhere.
//!
//! A key of the agency ends within a year, so that a sandbox that is kept gets another one with each calendar year.

use jiff::ToSpan as _;
use serde::Serialize;

use super::actor;
use crate::app::agency_keys::{self, AgencyKeyError, NewAgencyKey};
use crate::app::{App, keys};
use crate::domain::agency_key::{AgencyKeyKind, AgencyKeyText, AgencyScope, MAX_DAYS};

/// Where the key works from.
const EVERYWHERE: [&str; 2] = ["0.0.0.0/0", "::/0"];

/// The key as a script needs it.
#[derive(Serialize)]
pub struct DescribedAgencyKey {
    /// Which key it is.
    name: &'static str,
    kind: &'static str,
    state: &'static str,
    scopes: Vec<&'static str>,
    /// The ranges of addresses that it works from.
    from: [&'static str; 2],
    key: String,
}

/// What the history calls the key.
fn key_name(app: &App) -> String {
    format!("Back-office ONE {}", app.clocks.agency_clock().today().year())
}

/// The text of the key, the same at every start of a year.
fn key_text(app: &App) -> AgencyKeyText {
    keys::seeded(&app.vault, AgencyKeyKind::of(app.deployment), &key_name(app))
}

/// Issues the key of this year; nothing where it is there.
pub async fn issue_agency_key(app: &App) -> Result<(), AgencyKeyError> {
    let new = NewAgencyKey {
        name: key_name(app),
        scopes: AgencyScope::ALL.iter().copied().collect(),
        networks: EVERYWHERE.map(str::to_owned).to_vec(),
        last_day: app.clocks.agency_clock().today().saturating_add(MAX_DAYS.days()),
    };
    match agency_keys::issue_with(app.acting_as(&actor()), &key_text(app), new).await {
        Ok(_) | Err(AgencyKeyError::NameTaken(_)) => Ok(()),
        Err(refusal) => Err(refusal),
    }
}

/// The key, as it is described beside those of organisers.
pub fn describe_agency_key(app: &App) -> DescribedAgencyKey {
    DescribedAgencyKey {
        name: "everything",
        kind: AgencyKeyKind::of(app.deployment).code(),
        state: "active",
        scopes: AgencyScope::ALL.iter().map(|scope| scope.code()).collect(),
        from: EVERYWHERE,
        key: key_text(app).expose().to_owned(),
    }
}
