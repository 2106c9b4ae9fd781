//! Computing the authentication codes of rows as they are: once, when a database of an earlier version is opened, and
//! again when the operator has checked the findings and accepts them.

use crate::app::audit::verify_entries;
use crate::app::operator::{OperatorContext, OperatorError};
use crate::app::record::Record;
use crate::app::unit_of_work::UnitOfWork;
use crate::domain::action::RecordedAction;
use crate::domain::audit::AuditChain;
use crate::store::integrity::{CHANGES_RECORDED, INPUT_REVISION, REVISION, missing, of_chain, set_mac};
use crate::store::{self, Tx};

/// The result for rows without a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AcceptedRows {
    /// Every row has one already.
    Nothing,
    /// So many rows got a code.
    Rows(u64),
    /// The audit trail records codes, or it is broken: the codes were removed.
    Refused,
}

/// Computes the first code of every row of a database from a version without codes. Removing the codes to have others
/// computed is detected: the chains record that there were some, and a shortened chain is broken.
pub async fn authenticate_once(act: OperatorContext<'_>) -> Result<AcceptedRows, OperatorError> {
    if missing(&mut act.db.read().await?).await? == 0 {
        return Ok(AcceptedRows::Nothing);
    }
    let mut work = act.begin_for_operator().await?;
    // Gateways that start concurrently wait here for one another.
    store::audit::lock_head(&mut work, AuditChain::Operator).await?;
    if missing(&mut work).await? == 0 {
        return Ok(AcceptedRows::Nothing);
    }
    if store::audit::any_changes(&mut work).await? || !all_intact(&mut work, act).await? {
        return Ok(AcceptedRows::Refused);
    }
    let rows = give_codes(&mut work).await?;
    work.commit().await?;
    Ok(AcceptedRows::Rows(rows))
}

/// Replaces the code of every row by that of its present content. The operator has accepted the rows.
pub async fn accept(act: OperatorContext<'_>) -> Result<u64, OperatorError> {
    let mut work = act.begin_for_operator().await?;
    store::audit::lock_head(&mut work, AuditChain::Operator).await?;
    let rows = give_codes(&mut work).await?;
    work.commit().await?;
    Ok(rows)
}

async fn all_intact(tx: &mut Tx, act: OperatorContext<'_>) -> Result<bool, store::Error> {
    for chain in store::audit::chains(tx).await? {
        if verify_entries(tx, act.vault.index_key(), chain, |_| {}).await?.is_err() {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn give_codes(work: &mut UnitOfWork<'_>) -> Result<u64, OperatorError> {
    let organisers = store::organisers::list(work).await?;
    let mut all = 0;
    for organiser in organisers {
        store::organisers::lock(work, organiser.id).await?;
        all += of(work, AuditChain::Organiser(organiser.id)).await?;
    }
    all += of(work, AuditChain::Operator).await?;
    Ok(all)
}

/// The rows that a chain records, and the entry that records them.
async fn of(work: &mut UnitOfWork<'_>, chain: AuditChain) -> Result<u64, OperatorError> {
    let mut rows = 0;
    for table in [&REVISION, &INPUT_REVISION] {
        for row in of_chain(work, table, chain).await? {
            set_mac(work, table, &row).await?;
            rows += 1;
        }
    }
    if let AuditChain::Organiser(organiser) = chain {
        store::statements::take_revision_macs(work, organiser).await?;
    }
    for table in CHANGES_RECORDED {
        for row in of_chain(work, table, chain).await? {
            set_mac(work, table, &row).await?;
            rows += 1;
        }
    }
    work.record_in(chain, &Record::of(RecordedAction::RowsAuthenticated).detail(rows.to_string()));
    Ok(rows)
}
