//! The lines below the figures of a signed claim, of the revisions that the signed document names.

use std::collections::HashMap;

use super::agency::{OpenedSignature, open_signed};
use super::{ClaimError, claim_key};
use crate::app::agents::AgencyCaller;
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::app::{App, doctors, statements};
use crate::domain::action::RecordedAction;
use crate::domain::claim::ClaimDocument;
use crate::domain::kinds::{attendance, medical};
use crate::domain::period::{Month, Period};
use crate::domain::statement::{Statement, StatementKey, StatementKind};
use crate::ids::{CrecheId, DoctorId, OrganiserId};
use crate::seal::DataKey;
use crate::store::Tx;
use crate::store::claims::ClaimKey;

/// The lines of a month.
pub enum SignedLines {
    /// The children.
    Attendance(attendance::Statement),
    /// The consultations, with the names of the organiser's doctors.
    Consultations(medical::Statement, HashMap<DoctorId, String>),
}

/// Reads the lines of a month as they are signed: recorded in the history of the organiser before the result is returned.
/// `None` where the claim names no statement of this kind and month.
///
/// # Errors
/// `NotSigned` where no claim is signed.
pub async fn signed_lines(
    app: &App,
    agent: &AgencyCaller,
    (organiser, creche, period): (OrganiserId, CrecheId, Period),
    (kind, month): (StatementKind, Month),
) -> Result<Option<(ClaimDocument, SignedLines)>, ClaimError> {
    let key = claim_key(organiser, (creche, period));
    let OpenedSignature { document, data_key, .. } = open_signed(app, key).await?.ok_or(ClaimError::NotSigned)?;
    let Some(revision) = revision_of(&document, kind, month) else { return Ok(None) };
    let mut tx = app.db.read().await?;
    let lines = if kind == medical::KIND {
        let statement = open::<medical::Statement>(&mut tx, &data_key, key, (month, revision)).await?;
        SignedLines::Consultations(statement, doctors::display_names(&mut tx, &data_key, organiser).await?)
    } else {
        SignedLines::Attendance(open(&mut tx, &data_key, key, (month, revision)).await?)
    };
    drop(tx);
    let record = Record::of(RecordedAction::ClaimLinesRead).creche(creche).period(Period::Month(month));
    app.record_access(organiser, &agent.actor(), &record.detail(kind.name())).await?;
    Ok(Some((document, lines)))
}

/// The revision of a month that is signed.
fn revision_of(document: &ClaimDocument, kind: StatementKind, month: Month) -> Option<u32> {
    let is_wanted = kind == medical::KIND || kind == attendance::KIND;
    let mut inputs = document.inputs.iter().filter(|_| is_wanted);
    let found = inputs.find(|input| input.resource == kind.collection() && input.month == Some(month))?;
    found.revision.try_into().ok()
}

async fn open<S: Statement>(
    tx: &mut Tx,
    data_key: &DataKey,
    claim: ClaimKey,
    (month, revision): (Month, u32),
) -> Result<S, InternalError> {
    let slot = StatementKey { creche: claim.creche, kind: S::KIND, month };
    statements::open(tx, claim.organiser, data_key, slot, revision).await
}
