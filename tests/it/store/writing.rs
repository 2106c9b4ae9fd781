//! Who writes when, and what becomes of a connection whose transaction ended badly.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use passerelle::ids::OrganiserId;
use passerelle::store::{Db, DbOptions, EngineTx, Error, Tx, WritePurpose, organisers};
use tokio::task::JoinHandle;

use super::{organiser, world, write};
use crate::harness::abandon::abandon;
use crate::harness::database::{Database, each_engine};
use crate::harness::space::SimulatedSpace;

/// Lets other tasks run until this many writes wait for another of their organiser.
async fn until_waiting(db: &Db, many: usize) {
    while db.waiting_writes() < many {
        tokio::task::yield_now().await;
    }
}

/// So many writes of an organiser that begin as soon as they may, and a count of those that have.
fn writers(db: &Db, of: OrganiserId, many: usize) -> (Arc<AtomicUsize>, Vec<JoinHandle<()>>) {
    let begun = Arc::new(AtomicUsize::new(0));
    let write = |_| {
        let (db, begun) = (db.clone(), Arc::clone(&begun));
        tokio::spawn(async move {
            let tx = db.write_for(of, WritePurpose::Content).await.unwrap();
            begun.fetch_add(1, Ordering::SeqCst);
            drop(tx);
        })
    };
    let tasks = (0..many).map(write).collect();
    (begun, tasks)
}

#[tokio::test]
async fn many_writes_of_one_organiser_do_not_block_another() {
    each_engine(async |database| {
        let few = DbOptions { connections: 2, ..DbOptions::default() };
        let db = database.opened_with(few).await.db;
        let world = world(&db).await;
        let first = db.write_for(world.organiser, WritePurpose::Content).await.unwrap();
        let (begun, tasks) = writers(&db, world.organiser, 50);
        until_waiting(&db, 50).await;
        let mut other: Pin<Box<dyn Future<Output = Result<Tx, Error>>>> =
            Box::pin(db.write_for(world.stranger, WritePurpose::Content));
        if db.is_a_file() {
            // There is one writer: the other organiser is next, before any of the fifty.
            tokio::select! {
                biased;
                _ = &mut other => panic!("the writer is taken"),
                () = std::future::ready(()) => {}
            }
            drop(first);
            other.await.unwrap();
        } else {
            // The server writes for both at once, and the fifty use no connection.
            other.await.unwrap();
            drop(first);
        }
        assert!(begun.load(Ordering::SeqCst) <= 1, "at most one of the fifty came first");
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!((begun.load(Ordering::SeqCst), db.waiting_writes()), (50, 0));
        db.close().await;
    })
    .await;
}

#[tokio::test]
async fn more_writes_of_an_organiser_than_may_wait_are_refused() {
    each_engine(async |database| {
        let db = database.opened_with(DbOptions { waiting_writes: 2, ..DbOptions::default() }).await.db;
        let world = world(&db).await;
        let first = db.write_for(world.organiser, WritePurpose::Content).await.unwrap();
        let (_, tasks) = writers(&db, world.organiser, 2);
        until_waiting(&db, 2).await;
        let refused = db.write_for(world.organiser, WritePurpose::Content).await.unwrap_err();
        assert!(matches!(refused, Error::Busy) && refused.is_unavailable());
        drop(first);
        for task in tasks {
            task.await.unwrap();
        }
        db.write_for(world.organiser, WritePurpose::Content).await.unwrap();
        let unknown = organiser("Nobody").id;
        assert!(matches!(db.write_for(unknown, WritePurpose::Content).await, Err(Error::Rows(0))));
        db.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_gateway_waits_without_a_connection_for_an_organiser_that_another_one_has_locked() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        let held = database.db.write_for(world.organiser, WritePurpose::Content).await.unwrap();
        let other = database.opened_with(DbOptions { connections: 1, ..DbOptions::default() }).await.db;
        let (begun, tasks) = writers(&other, world.organiser, 1);
        for _ in 0..20 {
            // Its only connection is free time and again.
            assert!(organisers::find(&mut other.read().await.unwrap(), world.stranger).await.unwrap().is_some());
        }
        assert_eq!(begun.load(Ordering::SeqCst), 0);
        held.commit().await.unwrap();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(begun.load(Ordering::SeqCst), 1);
        other.close().await;
    })
    .await;
}

#[tokio::test]
async fn half_of_the_connections_wait_for_organisers_that_another_gateway_has_locked() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        let mut held = vec![database.db.write_for(world.organiser, WritePurpose::Content).await.unwrap()];
        if !database.db.is_a_file() {
            held.push(database.db.write_for(world.stranger, WritePurpose::Content).await.unwrap());
        }
        let other = database.opened_with(DbOptions { connections: 2, ..DbOptions::default() }).await.db;
        let (begun, mut tasks) = writers(&other, world.organiser, 1);
        let (begun_too, more) = writers(&other, world.stranger, 1);
        tasks.extend(more);
        for _ in 0..20 {
            // One of its two connections is free time and again.
            assert!(organisers::find(&mut other.read().await.unwrap(), world.stranger).await.unwrap().is_some());
        }
        assert_eq!(begun.load(Ordering::SeqCst) + begun_too.load(Ordering::SeqCst), 0);
        for tx in held {
            tx.commit().await.unwrap();
        }
        for task in tasks {
            task.await.unwrap();
        }
        other.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_transaction_whose_beginning_was_abandoned_is_not_left_open() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        let db = database.opened_with(DbOptions { connections: 1, ..DbOptions::default() }).await.db;
        for polls in 1..=4 {
            abandon(db.write(), polls).await;
            // A transaction that reads one state cannot begin within one that has read already.
            let mut alone = db.read_once().await.unwrap();
            assert!(organisers::find(&mut alone, world.organiser).await.unwrap().is_some());
            drop(alone);
            drop(db.read().await.unwrap());
        }
        db.close().await;
    })
    .await;
}

/// Ends the transaction behind sqlx's back, as SQLite does when the disk is full.
async fn end_by_itself(tx: &mut Tx) {
    match &mut tx.on {
        EngineTx::Sqlite(tx) => sqlx::query("rollback").execute(&mut **tx).await.map(drop).unwrap(),
        EngineTx::Postgres(tx) => sqlx::query("rollback").execute(&mut **tx).await.map(drop).unwrap(),
        _ => unreachable!("it has begun"),
    }
}

#[tokio::test]
async fn a_transaction_that_the_database_ended_by_itself_leaves_a_writer_that_works() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        for _ in 0..3 {
            let mut tx = write(&database.db).await;
            end_by_itself(&mut tx).await;
            drop(tx);
        }
        let mut tx = write(&database.db).await;
        end_by_itself(&mut tx).await;
        if database.db.is_a_file() {
            assert!(tx.commit().await.is_err(), "there is nothing to commit");
        }
        let mut tx = database.db.write_for(world.organiser, WritePurpose::Content).await.unwrap();
        assert!(organisers::rename(&mut tx, world.organiser, "Les Vers luisants", super::noon()).await.unwrap());
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn content_is_refused_below_the_headroom_and_the_rest_is_not() {
    each_engine(async |database| {
        let space = SimulatedSpace::of(999);
        let options =
            DbOptions { headroom_bytes: 1000, free_space: Some(Arc::new(space.clone())), ..DbOptions::default() };
        let db = database.opened_with(options).await.db;
        let world = world(&db).await;
        let refused = db.write_for(world.organiser, WritePurpose::Content).await.unwrap_err();
        assert!(matches!(refused, Error::NoRoom) && refused.is_storage_full() && refused.is_unavailable());
        assert!(db.writes_failing_for().is_some());
        db.write_for(world.organiser, WritePurpose::RecordOnly).await.unwrap();
        space.set(1000);
        db.write_for(world.organiser, WritePurpose::Content).await.unwrap();
        assert!(db.writes_failing_for().is_none());
        db.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_read_only_or_disconnected_server_is_unavailable_and_recovers() {
    let Some(whole) = Database::postgres().await else { return };
    // One connection, so that it is the one that is changed.
    let database = whole.opened_with(DbOptions { connections: 1, ..DbOptions::default() }).await;
    let world = world(&database.db).await;
    let set = async |mode: &str| {
        let mut tx = write(&database.db).await;
        let EngineTx::Postgres(server) = &mut tx.on else { unreachable!("it is a server") };
        let setting = sqlx::AssertSqlSafe(format!("set session default_transaction_read_only = {mode}"));
        sqlx::query(setting).execute(&mut **server).await.unwrap();
        tx.commit().await.unwrap();
    };
    set("on").await;
    let mut tx = database.db.write().await.unwrap();
    let refused = organisers::rename(&mut tx, world.organiser, "Autre", super::noon()).await.unwrap_err();
    assert!(refused.is_unavailable() && !refused.is_storage_full(), "{refused}");
    drop(tx);
    assert!(database.db.writes_failing_for().is_some());
    let hung_up = "select count(pg_terminate_backend(pid)) from pg_stat_activity \
                   where datname = current_database() and pid <> pg_backend_pid()";
    let other = database.opened_with(DbOptions::default()).await;
    assert!(other.number(hung_up).await >= 1);
    let mut tx = database.db.write_for(world.organiser, WritePurpose::Content).await.unwrap();
    assert!(organisers::rename(&mut tx, world.organiser, "Autre", super::noon()).await.unwrap());
    tx.commit().await.unwrap();
    assert!(database.db.writes_failing_for().is_none());
    other.db.close().await;
    database.db.close().await;
}
