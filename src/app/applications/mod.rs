//! Applications: vendors' software as an organiser registers it.

mod body_logging;
mod change;

use jiff::Timestamp;
use jiff::civil::Date;

pub use self::body_logging::change_body_logging;
pub use self::change::{ApplicationUpdate, change};
use super::error::InternalError;
use super::operator::OperatorError;
use super::record::Record;
use super::{App, SubmittedDocument};
use crate::clock;
use crate::domain::actor::Actor;
use crate::domain::application::{
    ApplicationBounds, Contact, RawApplication, Registration, RequestedApplication, UncheckedBefore,
};
use crate::domain::caps::CapKind;
use crate::domain::event::EventType;
use crate::domain::finding::Findings;
use crate::ids::{ApplicationId, CrecheId, OrganiserId};
use crate::ingest::schema::APPLICATION;
use crate::seal::{Compressed, DataKey, SealContext};
use crate::store::applications::ApplicationRecord;
use crate::store::keys::KeyRecord;
use crate::store::{self, Tx, WritePurpose};

/// An application as returned to its organiser.
#[derive(Debug, Clone)]
pub struct Application {
    /// What is stored unsealed.
    pub stored: ApplicationRecord,
    /// The contact at the vendor's.
    pub contact: Option<Contact>,
    /// Its keys, the oldest first.
    pub keys: Vec<KeyRecord>,
}

impl Application {
    /// The last day on which its keys work.
    pub fn ends_on(&self) -> Option<Date> {
        self.stored.bounds.ends_at.map(last_day)
    }

    /// When any of its keys was last used, with a delay.
    pub fn last_used_at(&self) -> Option<Timestamp> {
        self.keys.iter().filter_map(|key| key.last_used_at).max()
    }
}

/// The first moment after a day.
pub fn after(day: Date) -> Timestamp {
    day.tomorrow().map_or(Timestamp::MAX, clock::brussels_midnight)
}

/// The last day before a moment.
pub fn last_day(end: Timestamp) -> Date {
    clock::to_brussels(end - jiff::SignedDuration::from_nanos(1)).date()
}

/// Every application of the organiser, the oldest first.
pub async fn list(app: &App, organiser: OrganiserId) -> Result<Vec<Application>, InternalError> {
    let key = app.vault.organiser_key(&app.db, organiser).await?;
    let tx = &mut app.db.read().await?;
    let mut keys = store::keys::list(tx, organiser).await?;
    let mut found = Vec::new();
    for stored in store::applications::list(tx, organiser).await? {
        let (own, others) = keys.into_iter().partition(|key| key.application == stored.id);
        keys = others;
        found.push(Application { contact: open(&key, organiser, &stored)?, keys: own, stored });
    }
    Ok(found)
}

/// One application of the organiser; `None` when it has none with this id.
pub async fn find(app: &App, organiser: OrganiserId, id: ApplicationId) -> Result<Option<Application>, InternalError> {
    let key = app.vault.organiser_key(&app.db, organiser).await?;
    let tx = &mut app.db.read().await?;
    let Some(stored) = store::applications::find(tx, organiser, id).await? else { return Ok(None) };
    Ok(Some(open_application(tx, &key, organiser, stored).await?))
}

async fn open_application(
    tx: &mut Tx,
    key: &DataKey,
    organiser: OrganiserId,
    stored: ApplicationRecord,
) -> Result<Application, InternalError> {
    let keys = store::keys::of_application(tx, organiser, stored.id).await?;
    Ok(Application { contact: open(key, organiser, &stored)?, keys, stored })
}

/// Registers an application.
pub async fn register(
    app: &App,
    actor: &Actor,
    organiser: OrganiserId,
    input: SubmittedDocument<'_, RawApplication>,
) -> Result<Application, OperatorError> {
    let (raw, mut findings) = input.read(APPLICATION);
    let known = creches(app, organiser).await?;
    let (wanted, rules) =
        raw.unwrap_or_default().parse(app.clocks.business_clock(organiser).today(), UncheckedBefore::default(), &known);
    findings.extend(rules);
    let Some(wanted) = wanted.filter(|_| !findings.has_errors()) else {
        return Err(OperatorError::Invalid(findings.folded()));
    };
    let act = app.acting_as(actor);
    let id = ApplicationId::new(act.clocks.machine());
    let contact = wanted.contact.clone();
    let sealed = match &contact {
        Some(contact) => Some(seal(&*app.vault.organiser_key(&app.db, organiser).await?, organiser, id, contact)?),
        None => None,
    };
    let bounds = bounds(&wanted, &ApplicationBounds::default(), act.clocks.business_clock(organiser).now());
    let stored = row(id, wanted, sealed, bounds, act.clocks.business_clock(organiser).now());
    let mut work = act.begin(organiser, WritePurpose::Content).await?;
    let count = store::counts::count_applications(&mut work, organiser).await? + 1;
    if let Some(full) = app.caps.exceeded(CapKind::Applications, count) {
        return Err(OperatorError::Invalid(Findings::from_iter([full])));
    }
    store::applications::insert(&mut work, organiser, &stored).await?;
    work.record(&Record::of(EventType::ApplicationRegistered).about(id));
    work.commit().await?;
    Ok(Application { stored, contact, keys: Vec::new() })
}

/// The organiser's crèches.
async fn creches(app: &App, organiser: OrganiserId) -> Result<Vec<CrecheId>, OperatorError> {
    let tx = &mut app.db.read().await?;
    store::organisers::find(tx, organiser).await?.ok_or(OperatorError::NoOrganiser(organiser))?;
    Ok(store::creches::list(tx, organiser).await?.into_iter().map(|creche| creche.id).collect())
}

/// The bounds of an application from now on; `before` are the present ones.
fn bounds(wanted: &Registration, before: &ApplicationBounds, now: Timestamp) -> ApplicationBounds {
    ApplicationBounds {
        scopes: wanted.scopes,
        creches: wanted.creches.clone(),
        suspended_at: match wanted.state {
            RequestedApplication::Active => None,
            RequestedApplication::Suspended => before.suspended_at.or(Some(now)),
            RequestedApplication::Revoked => before.suspended_at,
        },
        ends_at: wanted.ends_on.map(after),
        revoked_at: (wanted.state == RequestedApplication::Revoked).then(|| before.revoked_at.unwrap_or(now)),
        logs_bodies_until: before.logs_bodies_until,
    }
}

/// The row of an application whose contact is sealed.
fn row(
    id: ApplicationId,
    wanted: Registration,
    sealed: Option<Vec<u8>>,
    bounds: ApplicationBounds,
    created_at: Timestamp,
) -> ApplicationRecord {
    let Registration { name, vendor, purpose, .. } = wanted;
    ApplicationRecord { id, name, vendor, sealed, purpose, bounds, created_at }
}

fn seal(key: &DataKey, organiser: OrganiserId, id: ApplicationId, contact: &Contact) -> Result<Vec<u8>, InternalError> {
    Ok(key.seal(&place(organiser, id), Compressed::new(&serde_json::to_vec(contact)?)))
}

fn open(key: &DataKey, organiser: OrganiserId, stored: &ApplicationRecord) -> Result<Option<Contact>, InternalError> {
    let Some(sealed) = &stored.sealed else { return Ok(None) };
    Ok(Some(serde_json::from_slice(&key.open(&place(organiser, stored.id), sealed)?)?))
}

fn place(organiser: OrganiserId, id: ApplicationId) -> SealContext {
    SealContext::of("application", &[&organiser.to_string(), &id.to_string()])
}
