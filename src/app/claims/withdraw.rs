//! Withdrawing a signature: what was signed is open again, and can be changed and signed anew.

use super::record_act::{NewAct, record_act};
use super::{ClaimError, claim_key};
use crate::app::caller::Caller;
use crate::app::unit_of_work::UnitOfWork;
use crate::app::{App, creches};
use crate::domain::claim::{ClaimAct, ClaimRole};
use crate::domain::period::{Period, Quarter};
use crate::ids::CrecheId;
use crate::store::claims::{ClaimKey, ClaimRecord};
use crate::store::{self, WritePurpose};

/// Withdraws the signature of a person's crèche, unless an agent has taken the claim up.
pub async fn withdraw(
    app: &App,
    signer: &Caller,
    (creche, period): (CrecheId, Period),
    reason: &str,
) -> Result<(), ClaimError> {
    let data_key = app.vault.organiser_key(&app.db, signer.organiser).await?;
    let mut work = app.begin(signer, WritePurpose::Content).await?;
    creches::find_within_reach(&mut work, signer, creche).await?;
    let key = claim_key(signer.organiser, (creche, period));
    let before = store::claims::find(&mut work, key).await?.ok_or(ClaimError::NotSigned)?;
    let role = ClaimRole::Organiser;
    let new = NewAct { role, reason: Some(reason), ..NewAct::of(key, ClaimAct::Withdraw, signer.actor()) };
    record_act(&mut work, app.second_agent, &data_key, Some(&before), new).await?;
    if let Period::Quarter(quarter) = period {
        remove_validations(&mut work, key, quarter).await?;
    }
    Ok(work.commit().await?)
}

/// What the signatures of a quarter validated is not validated any more, unless another signed quarter of the year validates it.
async fn remove_validations(work: &mut UnitOfWork<'_>, key: ClaimKey, quarter: Quarter) -> Result<(), store::Error> {
    let is_of_year = |period: Period| matches!(period, Period::Quarter(other) if other.year() == quarter.year());
    let stands = |claim: &ClaimRecord| {
        claim.key.creche == key.creche && is_of_year(claim.key.period) && claim.standing.state.is_frozen()
    };
    if store::claims::list(work, key.organiser).await?.iter().any(stands) {
        return Ok(());
    }
    for signature in store::claims::signatures(work, key).await? {
        store::staff::remove_validations_of(work, key.organiser, key.creche, signature.signed_at).await?;
    }
    Ok(())
}
