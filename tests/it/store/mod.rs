//! Everything that is remembered, on both engines.

mod audit;
mod databases;
mod keys;
mod references;
mod registry;
mod statements;
mod vault;
mod writing;

use jiff::Timestamp;
use jiff::civil::date;
use passerelle::clock::Fixed;
use passerelle::domain::application::ApplicationBounds;
use passerelle::domain::key::{KeyId, KeyKind, Scopes};
use passerelle::ids::{ApplicationId, CrecheId, OrganiserId};
use passerelle::store::applications::{self, ApplicationRecord};
use passerelle::store::creches::{self, CrecheRecord};
use passerelle::store::keys::KeyRecord;
use passerelle::store::organisers::{self, Organiser};
use passerelle::store::{Db, Tx};

/// The instant at which everything happens that has no other time of its own.
pub(crate) fn noon() -> Timestamp {
    "2026-10-05T10:00:00Z".parse().unwrap()
}

pub(crate) fn organiser(name: &str) -> Organiser {
    Organiser {
        id: OrganiserId::new(&Fixed::at(noon())),
        legal_name: name.to_owned(),
        enterprise_number: Some("0566988259".parse().unwrap()),
        created_at: noon(),
        last_event: 0,
    }
}

pub(crate) fn creche(name: &str) -> CrecheRecord {
    CrecheRecord {
        id: CrecheId::new(&Fixed::at(noon())),
        name: name.to_owned(),
        one_number: "73/1".to_owned(),
        subsidised: true,
        authorised_from: date(2020, 1, 1),
        authorised_until: None,
        closures_version: 0,
        created_at: noon(),
    }
}

pub(crate) fn application(name: &str) -> ApplicationRecord {
    ApplicationRecord {
        id: ApplicationId::new(&Fixed::at(noon())),
        name: name.to_owned(),
        vendor: "Logiciels du Sud".to_owned(),
        sealed: None,
        purpose: String::new(),
        bounds: ApplicationBounds::default(),
        created_at: noon(),
    }
}

pub(crate) fn key(organiser: OrganiserId, application: ApplicationId) -> KeyRecord {
    KeyRecord {
        id: KeyId::from_random(passerelle::random::bytes()),
        organiser,
        application,
        kind: KeyKind::Live,
        secret_hash: vec![7; 32],
        scopes: Scopes::all(),
        creches: None,
        created_at: noon(),
        expires_at: None,
        revoked_at: None,
        last_used_at: None,
        bounds: ApplicationBounds::default(),
    }
}

/// An organiser with one crèche and one application, and another organiser who must never see them.
pub(crate) struct World {
    pub(crate) organiser: OrganiserId,
    pub(crate) creche: CrecheId,
    pub(crate) application: ApplicationId,
    pub(crate) stranger: OrganiserId,
}

pub(crate) async fn world(db: &Db) -> World {
    let (mine, other) = (organiser("Les Lucioles"), organiser("De Vuurvliegjes"));
    let (creche, application) = (creche("Le Nid"), application("Présences+"));
    let mut tx = db.write().await.unwrap();
    assert!(organisers::insert(&mut tx, &mine).await.unwrap());
    assert!(organisers::insert(&mut tx, &other).await.unwrap());
    assert!(creches::insert(&mut tx, mine.id, &creche).await.unwrap());
    assert!(applications::insert(&mut tx, mine.id, &application).await.unwrap());
    tx.commit().await.unwrap();
    World { organiser: mine.id, creche: creche.id, application: application.id, stranger: other.id }
}

pub(crate) async fn write(db: &Db) -> Tx {
    db.write().await.unwrap()
}
