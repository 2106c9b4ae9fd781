//! Agents of the agency, who may look at every organiser. The operator names them.

mod read;

pub use self::read::{FoundOrganiser, OrganiserListing, OrganiserView, organiser, organisers, refresh_search};
use super::error::InternalError;
use super::operator::{OperatorContext, OperatorError};
use super::users::hash_of;
use crate::domain::audit::AuditChain;
use crate::domain::ssin::Ssin;
use crate::store::{self, Db};

/// Makes a person an agent, who is called by a matricule: names of agents are not kept.
pub async fn add(act: OperatorContext<'_>, ssin: &Ssin, name: &str) -> Result<(), OperatorError> {
    let mut tx = act.db.write().await?;
    if !store::sessions::add_agent(&mut tx, &hash_of(act.vault.index(), ssin), name, act.clock.now()).await? {
        return Err(OperatorError::AgentKnown);
    }
    act.record(&mut tx, AuditChain::Operator, act.entry("agent.added").detail(name)).await?;
    Ok(tx.commit().await?)
}

/// Takes the role back, and logs the agent out.
pub async fn remove(act: OperatorContext<'_>, name: &str) -> Result<(), OperatorError> {
    let mut tx = act.db.write().await?;
    if store::sessions::remove_agent(&mut tx, name).await? == 0 {
        return Err(OperatorError::NoAgent(name.to_owned()));
    }
    store::sessions::end_agent(&mut tx, name, act.clock.now()).await?;
    act.record(&mut tx, AuditChain::Operator, act.entry("agent.removed").detail(name)).await?;
    Ok(tx.commit().await?)
}

/// The matricules of all agents.
pub async fn list(db: &Db) -> Result<Vec<String>, InternalError> {
    Ok(store::sessions::agents(&mut db.read().await?).await?)
}
