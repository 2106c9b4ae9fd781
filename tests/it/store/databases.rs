//! The engines themselves: transactions, migrations, backups.

use std::path::Path;
use std::sync::{Arc, Mutex};

use passerelle::clock::Fixed;
use passerelle::domain::event::{Event, EventType};
use passerelle::domain::kinds::attendance;
use passerelle::ids::EventId;
use passerelle::store::events;
use passerelle::store::{Db, Error, RestoreCandidate, RestoreTarget, organisers};

use super::{noon, organiser, world, write};
use crate::harness::database::{Database, each_engine};

#[tokio::test]
async fn an_uncommitted_transaction_is_rolled_back() {
    each_engine(async |database| {
        let mut tx = write(&database.db).await;
        assert!(organisers::insert(&mut tx, &organiser("Éphémère")).await.unwrap());
        drop(tx);
        assert!(organisers::list(&mut database.db.read().await.unwrap()).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_database_itself_refuses_to_write_in_a_read() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        let mut tx = database.db.read().await.unwrap();
        assert!(organisers::lock(&mut tx, world.organiser).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_read_has_a_consistent_snapshot() {
    each_engine(async |database| {
        let mut reader = database.db.read().await.unwrap();
        assert!(organisers::list(&mut reader).await.unwrap().is_empty());
        let world = world(&database.db).await;
        assert!(organisers::list(&mut reader).await.unwrap().is_empty());
        assert!(organisers::find(&mut database.db.read().await.unwrap(), world.organiser).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn writers_of_one_organiser_wait_for_each_other() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        let mut first = write(&database.db).await;
        organisers::lock(&mut first, world.organiser).await.unwrap();
        let (db, organiser) = (database.db.clone(), world.organiser);
        let order = Arc::new(Mutex::new(Vec::new()));
        let entered = Arc::clone(&order);
        let second = tokio::spawn(async move {
            let mut tx = write(&db).await;
            organisers::lock(&mut tx, organiser).await.unwrap();
            entered.lock().unwrap().push("second");
        });
        for _ in 0..100 {
            organisers::find(&mut database.db.read().await.unwrap(), world.organiser).await.unwrap();
        }
        order.lock().unwrap().push("first");
        first.commit().await.unwrap();
        second.await.unwrap();
        assert_eq!(*order.lock().unwrap(), ["first", "second"]);
    })
    .await;
}

#[tokio::test]
async fn events_are_numbered_without_holes_under_many_writers() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        let tasks: Vec<_> = (0..8).map(|_| tokio::spawn(append_events(database.db.clone(), world.organiser))).collect();
        for task in tasks {
            task.await.unwrap();
        }
        let mut tx = database.db.read().await.unwrap();
        let found = events::after(&mut tx, world.organiser, 0, 1000).await.unwrap();
        assert_eq!(found.iter().map(|(number, _)| *number).collect::<Vec<_>>(), (1..=40).collect::<Vec<_>>());
        let page = events::after(&mut tx, world.organiser, 3, 2).await.unwrap();
        assert_eq!(page, found[3..5]);
        assert_eq!(found[0].1.period, Some("2026-10".parse().unwrap()));
        assert!(events::after(&mut tx, world.stranger, 0, 10).await.unwrap().is_empty());
        assert_eq!(organisers::find(&mut tx, world.organiser).await.unwrap().unwrap().last_event, 40);
    })
    .await;
}

/// Ten events, every second one thought better of.
async fn append_events(db: Db, organiser: passerelle::ids::OrganiserId) {
    for turn in 0..10 {
        let mut tx = write(&db).await;
        let event = Event::new(EventId::new(&Fixed::at(noon())), EventType::deposit(attendance::KIND, true), noon());
        let event = Event { period: "2026-10".parse().ok(), revision: Some(turn), ..event };
        events::append(&mut tx, organiser, &event, event.at);
        if turn % 2 == 0 {
            tx.commit().await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_fresh_database_has_every_migration_pending() {
    each_engine(async |database| {
        assert!(database.db.pending_migrations().await.unwrap().is_empty());
        assert!(database.db.ping().await.is_ok());
        database.tamper("delete from _sqlx_migrations").await;
        assert_eq!(database.db.pending_migrations().await.unwrap()[0], "0001 init");
        database.tamper("drop table _sqlx_migrations").await;
        assert_eq!(database.db.pending_migrations().await.unwrap()[0], "0001 init");
    })
    .await;
}

#[tokio::test]
async fn a_database_of_another_gateway_is_refused() {
    each_engine(async |database| {
        database.tamper("update _sqlx_migrations set version = 9999 where version = 1").await;
        assert!(matches!(database.db.pending_migrations().await, Err(Error::Newer(9999))));
        database.tamper("update _sqlx_migrations set version = 1, success = false where version = 9999").await;
        assert!(matches!(database.db.pending_migrations().await, Err(Error::Altered(1))));
    })
    .await;
}

#[tokio::test]
async fn an_invalid_url_is_refused_without_repeating_a_password() {
    for url in ["mysql://localhost/db", "passerelle.db", "sqlite::memory:"] {
        assert!(matches!(Db::connect(url).await, Err(Error::Url(_))), "{url}");
    }
    let error = Db::connect("postgres://me:hush@host:notaport/db").await.unwrap_err();
    assert!(!error.to_string().contains("hush"));
}

async fn restore(backup: &Path, path: &Path) -> Result<(), Error> {
    let berth = RestoreTarget::lock(path)?;
    assert!(!berth.has_database());
    RestoreCandidate::prepare(backup, &berth).await?.install(berth, ".former").map(drop)
}

#[tokio::test]
async fn a_running_database_is_copied_and_restored() {
    let database = Database::sqlite().await;
    let world = world(&database.db).await;
    let folder = tempfile::tempdir().unwrap();
    let (copy, back) = (folder.path().join("copy.db"), folder.path().join("back.db"));
    let mut unfinished = write(&database.db).await;
    organisers::insert(&mut unfinished, &organiser("Pas encore")).await.unwrap();
    database.db.backup(&copy).await.unwrap();
    drop(unfinished);
    assert!(matches!(database.db.backup(&copy).await, Err(Error::Backup(_))));

    restore(&copy, &back).await.unwrap();
    let db = Db::open(&back).await.unwrap();
    let mut tx = db.read().await.unwrap();
    assert_eq!(organisers::list(&mut tx).await.unwrap().len(), 2);
    assert!(organisers::find(&mut tx, world.organiser).await.unwrap().is_some());
}

#[tokio::test]
async fn a_damaged_backup_is_not_restored() {
    let database = Database::sqlite().await;
    world(&database.db).await;
    let folder = tempfile::tempdir().unwrap();
    let (copy, back) = (folder.path().join("copy.db"), folder.path().join("back.db"));
    database.db.backup(&copy).await.unwrap();
    let whole = std::fs::read(&copy).unwrap();
    for damaged in [&whole[..whole.len() / 2], b"not a database", b""] {
        std::fs::write(&copy, damaged).unwrap();
        assert!(matches!(restore(&copy, &back).await, Err(Error::Backup(_))));
        assert!(!back.exists());
    }
    std::fs::write(&copy, &whole).unwrap();
    std::fs::write(folder.path().join("back.db-wal"), b"").unwrap();
    assert!(matches!(restore(&copy, &back).await, Err(Error::Backup(_))));
}

#[tokio::test]
async fn a_server_is_not_copied_by_the_gateway() {
    let Some(database) = Database::postgres().await else { return };
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(database.db.backup(&folder.path().join("copy.db")).await, Err(Error::NotSqlite)));
}
