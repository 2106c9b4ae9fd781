//! Agents of the agency, who may read every organiser. The operator adds them.

mod acting;
mod author_names;
mod read;

pub use self::acting::{ActingAgent, AgencyCaller};
pub(super) use self::author_names::AuthorNames;
pub use self::read::{FoundOrganiser, OrganiserListing, OrganiserView, organiser, organisers, refresh_search};
use super::error::InternalError;
use super::operator::{OperatorContext, OperatorError};
use super::record::Record;
use super::users::hash_of;
use crate::domain::action::RecordedAction;
use crate::domain::ssin::Ssin;
use crate::store::{self, Db};

/// Makes a person an agent, under a matricule: names of agents are not stored.
pub async fn add(act: OperatorContext<'_>, ssin: &Ssin, name: &str) -> Result<(), OperatorError> {
    let mut work = act.begin_for_operator().await?;
    let at = work.at();
    if !store::sessions::add_agent(&mut work, &hash_of(act.vault.index_key(), ssin), name, at).await? {
        return Err(OperatorError::AgentKnown);
    }
    work.record(&Record::of(RecordedAction::AgentAdded).detail(name));
    Ok(work.commit().await?)
}

/// Revokes the role, and logs the agent out.
pub async fn remove(act: OperatorContext<'_>, name: &str) -> Result<(), OperatorError> {
    let mut work = act.begin_for_operator().await?;
    if store::sessions::remove_agent(&mut work, name).await? == 0 {
        return Err(OperatorError::NoAgent(name.to_owned()));
    }
    let at = work.at();
    store::sessions::end_agent(&mut work, name, at).await?;
    work.record(&Record::of(RecordedAction::AgentRemoved).detail(name));
    Ok(work.commit().await?)
}

/// The matricules of all agents.
pub async fn list(db: &Db) -> Result<Vec<String>, InternalError> {
    Ok(store::sessions::agents(&mut db.read().await?).await?)
}
