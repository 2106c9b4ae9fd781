//! What a claim would be if it were signed now, read anew: that of a quarter, or that of a month.

use super::assembled::AssembledClaim;
use super::{ClaimError, months, quarters};
use crate::app::App;
use crate::app::caller::Caller;
use crate::domain::claim::ClaimInput;
use crate::domain::period::Period;
use crate::ids::CrecheId;
use crate::store::claims::ClaimKey;
use crate::store::{self, Tx};

/// Reads everything that a claim consists of.
///
/// # Errors
/// `Incomplete` where nothing is stored that could be signed.
pub async fn assemble(
    app: &App,
    caller: &Caller,
    (creche, period): (CrecheId, Period),
) -> Result<AssembledClaim, ClaimError> {
    match period {
        Period::Quarter(quarter) => quarters::assemble(app, caller, (creche, quarter)).await,
        Period::Month(month) => months::assemble(app, caller, (creche, month)).await,
    }
}

/// Whether everything that a claim was made of is as it was, within the write that signs it.
pub(super) async fn is_current(tx: &mut Tx, caller: &Caller, claim: &AssembledClaim) -> Result<bool, store::Error> {
    let (creche, content) = (claim.creche.id, &claim.content);
    match claim.period {
        Period::Quarter(quarter) => quarters::is_current(tx, caller, (creche, quarter), content).await,
        Period::Month(month) => months::is_current(tx, caller, (creche, month), content).await,
    }
}

/// The current revisions of the documents of a claim.
pub(super) async fn deposited_inputs(tx: &mut Tx, claim: ClaimKey) -> Result<Vec<ClaimInput>, store::Error> {
    match claim.period {
        Period::Quarter(quarter) => quarters::deposited_inputs(tx, (claim.organiser, claim.creche, quarter)).await,
        Period::Month(month) => months::deposited_inputs(tx, (claim.organiser, claim.creche, month)).await,
    }
}
