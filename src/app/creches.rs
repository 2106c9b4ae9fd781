//! The crèches that a caller can reach, and their closures.

use super::App;
use super::error::{Fault, NoCreche};
use super::keys::Caller;
use crate::domain::creche::Creche;
use crate::ids::CrecheId;
use crate::store::{self, Tx};

impl Caller {
    /// Whether the key is for this crèche.
    pub fn reaches(&self, creche: CrecheId) -> bool {
        self.creches.as_ref().is_none_or(|creches| creches.contains(&creche))
    }
}

/// The crèches that the caller can reach, in the order of their registration.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Creche>, Fault> {
    reachable(&mut app.db.read().await?, caller).await
}

/// One crèche.
pub async fn find(app: &App, caller: &Caller, creche: CrecheId) -> Result<Creche, NoCreche> {
    reach(&mut app.db.read().await?, caller, creche).await
}

/// One crèche inside a transaction: the only way by which the other verbs get at it.
pub(super) async fn reach(tx: &mut Tx, caller: &Caller, creche: CrecheId) -> Result<Creche, NoCreche> {
    let found = store::creches::whole(tx, caller.organiser, creche).await?.ok_or(NoCreche::Unknown)?;
    if caller.reaches(creche) { Ok(found) } else { Err(NoCreche::NotGranted) }
}

/// Every crèche that the caller can reach, inside a transaction.
pub(super) async fn reachable(tx: &mut Tx, caller: &Caller) -> Result<Vec<Creche>, Fault> {
    let creches = store::creches::list_whole(tx, caller.organiser).await?;
    Ok(creches.into_iter().filter(|creche| caller.reaches(creche.id)).collect())
}
