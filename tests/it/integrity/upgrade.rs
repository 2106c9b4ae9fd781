//! A database of a version without codes gets them once; afterwards a missing code is a break.

use std::sync::Arc;

use passerelle::app::audit::CREATED;
use passerelle::app::integrity::{AcceptedRows, Forgery, accept, authenticate_once, verify_rows};
use passerelle::app::{App, audit};
use passerelle::clock::Fixed;
use passerelle::domain::key::Deployment;
use passerelle::store;
use passerelle::store::audit::{Actor, AuditChain, AuditEntry};
use passerelle::vault::{MasterKey, MasterKeys, Vault};

use crate::harness::app::application;
use crate::harness::database::{Database, each_engine};
use crate::store::{key, noon, world, write};

/// The application on a database in which everything was written without codes.
async fn former(database: &Database) -> App {
    let master = MasterKey::generate();
    let vault = Vault::open(&database.db, MasterKeys::only(master.clone())).await.unwrap();
    let world = world(&database.db).await;
    let mut tx = write(&database.db).await;
    let key = key(world.organiser, world.application);
    assert!(store::keys::insert(&mut tx, world.organiser, &key).await.unwrap());
    for organiser in [world.organiser, world.stranger] {
        let entry = AuditEntry::new(&Actor::system("tests"), CREATED, noon());
        audit::record(&mut tx, vault.index(), AuditChain::Organiser(organiser), entry).await.unwrap();
    }
    tx.commit().await.unwrap();
    application(database, master, Deployment::Production, Arc::new(Fixed::at(noon()))).await
}

async fn forgeries(app: &App) -> Vec<Forgery> {
    verify_rows(&app.db, app.vault.index()).await.unwrap().findings.into_iter().map(|found| found.forgery).collect()
}

#[tokio::test]
async fn rows_from_before_get_their_codes_once_and_never_again() {
    each_engine(async |database| {
        let app = former(database).await;
        let actor = Actor::system("upgrade");
        assert!(forgeries(&app).await.iter().all(|forgery| *forgery == Forgery::NoCode));
        assert_eq!(authenticate_once(app.acting_as(&actor)).await.unwrap(), AcceptedRows::Rows(8));
        assert_eq!(forgeries(&app).await, []);
        assert_eq!(authenticate_once(app.acting_as(&actor)).await.unwrap(), AcceptedRows::Nothing);
        let verdicts = audit::verify_all(&app.db, app.vault.index()).await.unwrap();
        assert!(verdicts.iter().all(|(_, verdict)| verdict.is_ok()), "{verdicts:?}");

        // Somebody forges a row and takes the codes away, to have new ones computed.
        database.tamper("update api_key set scopes = 'staff:write', mac = null").await;
        database.tamper("update organiser set mac = null").await;
        assert_eq!(authenticate_once(app.acting_as(&actor)).await.unwrap(), AcceptedRows::Refused);
        assert_eq!(forgeries(&app).await, [Forgery::NoCode; 3]);
        // The same after the entries that tell of codes were taken away as well.
        database.tamper("delete from audit_entry where changes is not null").await;
        assert_eq!(authenticate_once(app.acting_as(&actor)).await.unwrap(), AcceptedRows::Refused);
    })
    .await;
}

#[tokio::test]
async fn what_the_operator_has_looked_at_and_stands_for_is_accepted() {
    each_engine(async |database| {
        let app = former(database).await;
        let actor = Actor::operator("Anne de la Cellule");
        authenticate_once(app.acting_as(&actor)).await.unwrap();
        database.tamper("update api_key set scopes = 'attendance:read'").await;
        assert_eq!(forgeries(&app).await, [Forgery::Altered]);
        assert_eq!(accept(app.acting_as(&actor)).await.unwrap(), 8);
        assert_eq!(forgeries(&app).await, []);
    })
    .await;
}
