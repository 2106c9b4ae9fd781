//! What the agency's own authors are called: agents by their matricules, software by the names of its keys.

use std::collections::HashMap;

use crate::domain::actor::{Actor, ActorKind};
use crate::store::{self, Tx};

/// The names of the agency's keys.
pub(in crate::app) struct AuthorNames(HashMap<String, String>);

impl AuthorNames {
    /// Of every key, revoked ones too.
    pub(in crate::app) async fn read(tx: &mut Tx) -> Result<Self, store::Error> {
        Ok(Self(store::agency_keys::names(tx).await?.into_iter().collect()))
    }

    /// The matricule of an agent, or the name of a key.
    pub(in crate::app) fn of(&self, author: &Actor) -> String {
        let named = (author.kind == ActorKind::AgencyKey).then(|| self.0.get(&author.name)).flatten();
        named.unwrap_or(&author.name).clone()
    }
}
