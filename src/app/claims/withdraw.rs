//! Withdrawing a signature: the months are open again, and the report can be changed and signed anew.

use super::record_act::{NewAct, record_act};
use super::{ClaimError, claim_key};
use crate::app::caller::Caller;
use crate::app::{App, creches};
use crate::domain::claim::{ClaimAct, ClaimRole};
use crate::domain::period::Quarter;
use crate::ids::CrecheId;
use crate::store::claims::ClaimRecord;
use crate::store::{self, WritePurpose};

/// Withdraws the signature of a person's crèche, unless an agent has taken the claim up.
pub async fn withdraw(
    app: &App,
    signer: &Caller,
    (creche, quarter): (CrecheId, Quarter),
    reason: &str,
) -> Result<(), ClaimError> {
    let data_key = app.vault.organiser_key(&app.db, signer.organiser).await?;
    let mut work = app.begin(signer, WritePurpose::Content).await?;
    creches::find_within_reach(&mut work, signer, creche).await?;
    let key = claim_key(signer.organiser, (creche, quarter));
    let before = store::claims::find(&mut work, key).await?.ok_or(ClaimError::NotSigned)?;
    let role = ClaimRole::Organiser;
    let new = NewAct { role, reason: Some(reason), ..NewAct::of(key, ClaimAct::Withdraw, signer.actor()) };
    record_act(&mut work, app.second_agent, &data_key, Some(&before), new).await?;
    // What the signatures validated is not validated any more, unless another signed quarter of the year validates it.
    let claims = store::claims::list(&mut work, signer.organiser).await?;
    let stands = |claim: &ClaimRecord| {
        claim.key.creche == creche && claim.key.quarter.year() == quarter.year() && claim.standing.state.is_frozen()
    };
    if !claims.iter().any(stands) {
        for signature in store::claims::signatures(&mut work, key).await? {
            store::staff::remove_validations_of(&mut work, signer.organiser, creche, signature.signed_at).await?;
        }
    }
    Ok(work.commit().await?)
}
