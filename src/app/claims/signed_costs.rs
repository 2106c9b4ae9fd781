//! The costs of a signed claim one by one, of the revision of the report that the signed document names.

use std::collections::HashMap;

use super::agency::{OpenedSignature, open_signed};
use super::details::ClaimDetails;
use super::{ClaimError, claim_key};
use crate::app::App;
use crate::app::agents::AgencyCaller;
use crate::app::record::Record;
use crate::app::reports::{key, open_report};
use crate::domain::action::RecordedAction;
use crate::domain::claim::ClaimDocument;
use crate::domain::period::{Period, Quarter};
use crate::domain::report::KIND;
use crate::ids::{CrecheId, OrganiserId};
use crate::store;

/// Reads it: recorded in the history of the organiser before the result is returned.
///
/// # Errors
/// `NotSigned` where no claim is signed.
pub async fn signed_costs(
    app: &App,
    agent: &AgencyCaller,
    (organiser, creche, quarter): (OrganiserId, CrecheId, Quarter),
) -> Result<(ClaimDocument, ClaimDetails), ClaimError> {
    let claim = claim_key(organiser, (creche, Period::Quarter(quarter)));
    let OpenedSignature { document, data_key, .. } = open_signed(app, claim).await?.ok_or(ClaimError::NotSigned)?;
    let signed = document.inputs.iter().find(|input| input.resource == KIND.collection());
    let revision = signed.and_then(|input| input.revision.try_into().ok()).ok_or(store::Error::Rows(0))?;
    let tx = &mut app.db.read().await?;
    let report = open_report(tx, organiser, &data_key, key(creche, quarter), revision).await?;
    let record = Record::of(RecordedAction::ClaimLinesRead).creche(creche).period(Period::Quarter(quarter));
    app.record_access(organiser, &agent.actor(), &record.detail("costs")).await?;
    Ok((document, ClaimDetails::of(&report.canonical(), quarter, &HashMap::new())))
}
