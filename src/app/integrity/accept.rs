//! Giving rows their authentication codes as they are: once, when a database of an earlier version is opened, and again
//! where the operator has looked at what was found and stands for it.

use crate::app::audit::verify_entries;
use crate::app::operator::{OperatorContext, OperatorError};
use crate::app::record::Record;
use crate::app::unit_of_work::UnitOfWork;
use crate::domain::action::TrailAction;
use crate::domain::audit::AuditChain;
use crate::store::integrity::{CHANGES_RECORDED, INPUT_REVISION, REVISION, missing, of_chain, set_mac};
use crate::store::{self, Tx};

/// What became of rows without a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AcceptedRows {
    /// Every row has one already.
    Nothing,
    /// So many rows were given theirs.
    Rows(u64),
    /// The audit trail says that rows have codes, or it is broken: somebody took them away.
    Refused,
}

/// Gives every row its first code when the database comes from a version without codes. Anybody who takes the codes away to
/// have others computed is found: the chains say that there were some, and anybody who shortens a chain breaks it.
pub async fn authenticate_once(act: OperatorContext<'_>) -> Result<AcceptedRows, OperatorError> {
    if missing(&mut act.db.read().await?).await? == 0 {
        return Ok(AcceptedRows::Nothing);
    }
    let mut work = act.begin_for_operator().await?;
    // Gateways that start at once wait here for one another.
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

/// Gives every row a code as it is now, whatever code it had. The operator answers for it.
pub async fn accept(act: OperatorContext<'_>) -> Result<u64, OperatorError> {
    let mut work = act.begin_for_operator().await?;
    store::audit::lock_head(&mut work, AuditChain::Operator).await?;
    let rows = give_codes(&mut work).await?;
    work.commit().await?;
    Ok(rows)
}

async fn all_intact(tx: &mut Tx, act: OperatorContext<'_>) -> Result<bool, store::Error> {
    for chain in store::audit::chains(tx).await? {
        if verify_entries(tx, act.vault.index(), chain, |_| {}).await?.is_err() {
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

/// The rows that a chain tells of, and the entry that says so.
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
    work.record_in(chain, &Record::of(TrailAction::RowsAuthenticated).detail(rows.to_string()));
    Ok(rows)
}
