//! The names of an organiser's applications, read once for many rows.

use std::collections::HashMap;

use crate::ids::{ApplicationId, OrganiserId};
use crate::store::{self, Tx};

/// The names of an organiser's applications.
pub(in crate::app) struct ApplicationNames(HashMap<ApplicationId, String>);

impl ApplicationNames {
    /// Reads them.
    pub(in crate::app) async fn read(tx: &mut Tx, organiser: OrganiserId) -> Result<Self, store::Error> {
        let found = store::applications::list(tx, organiser).await?;
        Ok(Self(found.into_iter().map(|application| (application.id, application.name)).collect()))
    }

    /// An application with its name.
    pub(in crate::app) fn of(&self, id: ApplicationId) -> Option<(ApplicationId, String)> {
        self.0.get(&id).map(|name| (id, name.clone()))
    }
}
