//! How well an application says it is, under faults of its database.

use std::sync::Arc;
use std::time::Duration;

use jiff::civil::date;
use passerelle::app::health::{Health, look};
use passerelle::app::keys::{Keyring, NewKey, issue};
use passerelle::app::{App, Parts, applications, organisers};
use passerelle::clock::{Fixed, midnight};
use passerelle::domain::key::{Deployment, KeyKind, Scopes};
use passerelle::ingest::workbook::xls::XlsReader;
use passerelle::store::audit::Actor;
use passerelle::vault::{MasterKey, MasterKeys, Vault};

use crate::harness::database::{Database, each_engine};

async fn app(database: &Database) -> App {
    let db = database.db.clone();
    App::new(Parts {
        vault: Vault::open(&db, MasterKeys::only(MasterKey::generate())).await.unwrap(),
        db,
        clock: Arc::new(Fixed::at(midnight(date(2026, 10, 5)))),
        xls: XlsReader::new("passerelle".into()),
        deployment: Deployment::Production,
        half_day_max_minutes: 300,
        keys: Keyring::new(Deployment::Production),
    })
}

/// The text of a key that may do everything.
async fn key(app: &App) -> String {
    let actor = Actor::operator("root");
    let organiser = organisers::register(app.act(&actor), "Les Lucioles", None).await.unwrap().id;
    let application = applications::register(app.act(&actor), organiser, "Présences+", "Sud").await.unwrap().id;
    let kind = KeyKind::Live;
    let new = NewKey { organiser, application, kind, scopes: Scopes::all(), creches: None, expires_at: None };
    issue(app.act(&actor), &new).await.unwrap().expose().to_owned()
}

#[tokio::test]
async fn uses_that_cannot_be_written_down_degrade_it_until_they_are() {
    each_engine(async |database| {
        let app = app(database).await;
        app.authenticate(&key(&app).await).await.unwrap();
        let health = async || look(&app, Duration::from_secs(10)).await;
        assert_eq!(health().await, Health::Up);
        database.tamper("alter table api_key rename to hidden").await;
        assert!(app.keys.flush_last_use(&app.db).await.is_err());
        assert_eq!(health().await, Health::Degraded);
        database.tamper("alter table hidden rename to api_key").await;
        app.keys.flush_last_use(&app.db).await.unwrap();
        assert_eq!(health().await, Health::Up);
    })
    .await;
}

#[tokio::test]
async fn a_writer_that_does_not_come_free_degrades_it_and_a_lost_database_is_its_end() {
    each_engine(async |database| {
        let app = app(database).await;
        database.tamper("alter table data_key rename to hidden").await;
        assert_eq!(look(&app, Duration::from_secs(10)).await, Health::Down, "nothing can be read");
        database.tamper("alter table hidden rename to data_key").await;
        assert_eq!(look(&app, Duration::ZERO).await, Health::Degraded, "no write begins in no time");
        app.db.close().await;
        assert_eq!(look(&app, Duration::from_secs(10)).await, Health::Down);
    })
    .await;
}
