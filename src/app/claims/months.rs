//! The claim of a month: its consultations, signed alone and not with their quarter.

use std::collections::HashMap;

use super::ClaimError;
use super::assembled::{AssembledClaim, counted_warnings};
use crate::app::caller::Caller;
use crate::app::{App, doctors, statements};
use crate::domain::claim::{ClaimContent, ClaimInput, SignedDoctor, month_hindrances};
use crate::domain::finding::Finding;
use crate::domain::kinds::medical::{self, Statement};
use crate::domain::period::{Month, Period};
use crate::domain::statement::StatementKey;
use crate::ids::{CrecheId, DoctorId, OrganiserId};
use crate::store::{self, Tx};

/// Reads everything that the claim of a month consists of.
///
/// # Errors
/// `Incomplete` where no consultations were deposited.
pub(super) async fn assemble(
    app: &App,
    caller: &Caller,
    (creche, month): (CrecheId, Month),
) -> Result<AssembledClaim, ClaimError> {
    let stored = statements::read_unrecorded::<Statement>(app, caller, (creche, month), None).await?;
    let stored = stored.ok_or(ClaimError::Incomplete)?;
    let mut of_lines: Vec<_> = stored.statement.lines.iter().filter_map(|line| line.doctor).collect();
    of_lines.sort_unstable();
    of_lines.dedup();
    let doctors = signed_doctors(&mut app.db.read().await?, caller.organiser, &of_lines).await?;
    let hindrances = month_hindrances(&stored.creche, month, &doctors, caller.clock.today());
    let is_complete = !hindrances.has_errors();
    let findings: Vec<Finding> = hindrances.into_iter().chain(stored.warnings).collect();
    let content = ClaimContent {
        inputs: vec![input(month, stored.entry.deposited.revision)],
        figures: ClaimContent::figures_of_month(month, &stored.entry.deposited.totals),
        staff: None,
        attachments: Vec::new(),
        doctors,
        warnings: counted_warnings(&findings),
    };
    Ok(AssembledClaim {
        creche: stored.creche,
        period: Period::Month(month),
        content,
        details: None,
        names: HashMap::new(),
        is_complete,
        findings,
    })
}

/// Whether everything that it was made of is as it was.
pub(super) async fn is_current(
    tx: &mut Tx,
    caller: &Caller,
    (creche, month): (CrecheId, Month),
    content: &ClaimContent,
) -> Result<bool, store::Error> {
    let inputs = deposited_inputs(tx, (caller.organiser, creche, month)).await?;
    let ids: Vec<_> = content.doctors.iter().map(|doctor| doctor.id).collect();
    Ok(inputs == content.inputs && signed_doctors(tx, caller.organiser, &ids).await? == content.doctors)
}

/// The current revision of the consultations of a month.
pub(super) async fn deposited_inputs(
    tx: &mut Tx,
    (organiser, creche, month): (OrganiserId, CrecheId, Month),
) -> Result<Vec<ClaimInput>, store::Error> {
    let key = StatementKey { creche, kind: medical::KIND, month };
    let current = store::statements::find(tx, organiser, key).await?;
    Ok(current.iter().map(|current| input(month, current.revision.revision)).collect())
}

fn input(month: Month, revision: u32) -> ClaimInput {
    ClaimInput { resource: medical::KIND.collection().to_owned(), month: Some(month), revision: revision.into() }
}

/// These doctors as they stand with the agency, in the order of their ids.
async fn signed_doctors(
    tx: &mut Tx,
    organiser: OrganiserId,
    ids: &[DoctorId],
) -> Result<Vec<SignedDoctor>, store::Error> {
    let all = doctors::standings(tx, organiser).await?.into_iter();
    let signed = all.map(|(id, revision, state)| SignedDoctor { id, revision, state });
    let mut signed: Vec<_> = signed.filter(|doctor| ids.contains(&doctor.id)).collect();
    signed.sort_unstable_by_key(|doctor| doctor.id);
    Ok(signed)
}
