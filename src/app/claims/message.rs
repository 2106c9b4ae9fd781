//! Messages of an organiser about what it signed. Those of agents are acts like the others ([`super::answer()`]).

use super::record_act::{NewAct, record_act};
use super::{ClaimError, claim_key};
use crate::app::caller::Caller;
use crate::app::{App, creches};
use crate::domain::claim::{ClaimAct, ClaimRole};
use crate::domain::period::Period;
use crate::ids::CrecheId;
use crate::store::{self, WritePurpose};

/// Writes a message of the organiser, which the agency reads beside the acts.
///
/// # Errors
/// `NotPossible` where nothing is signed.
pub async fn write_message(
    app: &App,
    author: &Caller,
    (creche, period): (CrecheId, Period),
    text: &str,
) -> Result<(), ClaimError> {
    let data_key = app.vault.organiser_key(&app.db, author.organiser).await?;
    let mut work = app.begin(author, WritePurpose::Content).await?;
    creches::find_within_reach(&mut work, author, creche).await?;
    let key = claim_key(author.organiser, (creche, period));
    let before = store::claims::find(&mut work, key).await?.ok_or(ClaimError::NotSigned)?;
    let role = ClaimRole::Organiser;
    let new = NewAct { role, reason: Some(text), ..NewAct::of(key, ClaimAct::Message, author.actor()) };
    record_act(&mut work, app.second_agent, &data_key, Some(&before), new).await?;
    Ok(work.commit().await?)
}
