//! The register read and opened before the transaction that writes it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::app::error::InternalError;
use crate::app::{App, WorkSize, run_blocking};
use crate::domain::staff::staffing::Assignment;
use crate::domain::staff::{Member, StoredPerson};
use crate::ids::{OrganiserId, StaffMemberId};
use crate::seal::{DataKey, SealContext};
use crate::store;
use crate::store::staff::StaffMember as Row;

/// Who of the register is opened.
#[derive(Debug, Clone, Copy)]
pub(super) enum RegisterExtent {
    /// Nobody.
    Nobody,
    /// One person; nobody where there is none with this id.
    One(StaffMemberId),
    /// Everybody.
    Everybody,
}

/// The register as it was read before the transaction that writes.
pub(super) struct OpenedRegister {
    /// Its revision; 0 before anybody was entered.
    pub(super) revision: u64,
    /// The persons as they are kept.
    pub(super) rows: Vec<Row>,
    /// The same persons, opened.
    pub(super) held: Vec<StoredPerson>,
}

impl OpenedRegister {
    /// Reads and opens it, away from the threads that serve requests.
    pub(super) async fn read(
        app: &App,
        organiser: OrganiserId,
        key: &Arc<DataKey>,
        extent: RegisterExtent,
    ) -> Result<Self, InternalError> {
        let mut tx = app.db.read().await?;
        let revision = store::staff::register(&mut tx, organiser).await?.map_or(0, |register| register.revision);
        let rows = match extent {
            RegisterExtent::Nobody => Vec::new(),
            RegisterExtent::One(id) => store::staff::find(&mut tx, organiser, id).await?.into_iter().collect(),
            RegisterExtent::Everybody => store::staff::list(&mut tx, organiser).await?,
        };
        // Opening takes long: nothing of the database is held meanwhile.
        drop(tx);
        let key = Arc::clone(key);
        let open = move || {
            let known = |row: &Row| {
                let text = key.open(&place(organiser, row.id), &row.sealed)?;
                Ok::<_, InternalError>(StoredPerson { id: row.id, member: serde_json::from_slice(&text)? })
            };
            let held = rows.iter().map(known).collect::<Result<_, _>>()?;
            Ok(Self { revision, rows, held })
        };
        if matches!(extent, RegisterExtent::Everybody) {
            run_blocking(organiser, WorkSize::Light, open).await?
        } else {
            open()
        }
    }
}

/// The place of a person: its seal opens nowhere else.
pub(super) fn place(organiser: OrganiserId, id: StaffMemberId) -> SealContext {
    SealContext::of("staff member", &[&organiser.to_string(), &id.to_string()])
}

/// What the organiser's members of staff are called. The caller records the look.
pub(in crate::app) async fn names(
    tx: &mut store::Tx,
    key: &DataKey,
    organiser: OrganiserId,
) -> Result<HashMap<StaffMemberId, String>, InternalError> {
    let name = |row: Row| {
        let member: Member = serde_json::from_slice(&key.open(&place(organiser, row.id), &row.sealed)?)?;
        Ok((row.id, format!("{} {}", member.given_name, member.family_name)))
    };
    store::staff::list(tx, organiser).await?.into_iter().map(name).collect()
}

/// The functions of persons as they lie sealed.
pub(in crate::app) fn assignments_of(
    key: &DataKey,
    organiser: OrganiserId,
    sealed: &[(StaffMemberId, Vec<u8>)],
) -> Result<Vec<Assignment>, InternalError> {
    let mut found = Vec::new();
    for (id, sealed) in sealed {
        let member: Member = serde_json::from_slice(&key.open(&place(organiser, *id), sealed)?)?;
        found.extend(member.posts());
    }
    Ok(found)
}
