//! The audit trail, and how tampering is detected.

use passerelle::app::audit::{ChainBreak, verify};
use passerelle::domain::actor::Actor;
use passerelle::domain::audit::{AuditChain, AuditEntry, AuditFilter};
use passerelle::domain::key::KeyId;
use passerelle::seal::{MasterKey, MasterKeys};
use passerelle::store::Db;
use passerelle::store::audit;
use passerelle::store::records::record_entry as record;
use passerelle::vault::Vault;

use super::{World, noon, world, write};
use crate::harness::database::{Database, each_engine};

/// A chain of five entries.
async fn trail(db: &Db) -> (World, Vault, AuditChain) {
    let world = world(db).await;
    let vault = Vault::open(db, MasterKeys::only(MasterKey::generate())).await.unwrap();
    let chain = AuditChain::Organiser(world.organiser);
    for number in 1..=5 {
        let mut tx = write(db).await;
        assert_eq!(record(&mut tx, vault.index_key(), chain, entry(&world, number)).await.unwrap(), number);
        tx.commit().await.unwrap();
    }
    (world, vault, chain)
}

fn entry(world: &World, number: u64) -> AuditEntry {
    let actor = Actor::key(KeyId::from_random([1; 12]));
    let entry = AuditEntry::new(&actor, "statement.read", noon()).creche(world.creche);
    entry.period("2026-10".parse().unwrap()).detail(format!("revision {number}"))
}

async fn verdict(database: &Database, vault: &Vault, chain: AuditChain) -> Result<u64, ChainBreak> {
    verify(&database.db, vault.index_key(), chain).await.unwrap()
}

#[tokio::test]
async fn entries_are_stored_in_order_and_the_chain_is_intact() {
    each_engine(async |database| {
        let (world, vault, chain) = trail(&database.db).await;
        assert_eq!(verdict(database, &vault, chain).await, Ok(5));
        assert_eq!(verdict(database, &vault, AuditChain::Operator).await, Ok(0));
        let mut tx = database.db.read().await.unwrap();
        let found = audit::after(&mut tx, chain, 1, 2).await.unwrap();
        assert_eq!(found.iter().map(|link| link.number).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(found[0].entry, entry(&world, 2));
        let found =
            audit::before(&mut tx, chain, &AuditFilter { before: Some(5), ..AuditFilter::default() }, 2).await.unwrap();
        assert_eq!(found.iter().map(|link| link.number).collect::<Vec<_>>(), [4, 3]);
        assert_eq!(audit::head(&mut tx, chain).await.unwrap().unwrap().number, 5);
        assert_eq!(audit::chains(&mut tx).await.unwrap(), [chain]);
    })
    .await;
}

#[tokio::test]
async fn a_rollback_removes_the_entry() {
    each_engine(async |database| {
        let (world, vault, chain) = trail(&database.db).await;
        record(&mut write(&database.db).await, vault.index_key(), chain, entry(&world, 6)).await.unwrap();
        assert_eq!(verdict(database, &vault, chain).await, Ok(5));
    })
    .await;
}

#[tokio::test]
async fn concurrent_writers_make_one_chain() {
    each_engine(async |database| {
        let (world, vault, chain) = trail(&database.db).await;
        let vault = std::sync::Arc::new(vault);
        let tasks: Vec<_> = (0..8)
            .map(|turn| {
                let (db, vault, entry) = (database.db.clone(), vault.clone(), entry(&world, turn));
                tokio::spawn(async move {
                    let mut tx = write(&db).await;
                    record(&mut tx, vault.index_key(), chain, entry).await.unwrap();
                    tx.commit().await.unwrap();
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(verdict(database, &vault, chain).await, Ok(13));
    })
    .await;
}

#[tokio::test]
async fn any_altered_field_is_found() {
    let changes = [
        "at = at + 1",
        "actor_kind = 'operator'",
        "actor = 'somebody'",
        "action = 'statement.deposit'",
        "creche_id = null",
        "period = '2026-11'",
        "period = null",
        "detail = ''",
        "detail = null",
        "previous_hash = ''",
        "hash = previous_hash",
        "changes = 'agent 00 - 0000000000000000'",
    ];
    each_engine(async |database| {
        let (_, vault, chain) = trail(&database.db).await;
        database.tamper("create table kept as select * from audit_entry").await;
        for change in changes {
            assert_eq!(database.tamper(format!("update audit_entry set {change} where number = 3")).await, 1);
            assert_eq!(verdict(database, &vault, chain).await, Err(ChainBreak::Altered(3)), "{change}");
            database.tamper("delete from audit_entry").await;
            database.tamper("insert into audit_entry select * from kept").await;
        }
        assert_eq!(verdict(database, &vault, chain).await, Ok(5));
    })
    .await;
}

#[tokio::test]
async fn a_removed_entry_is_found_wherever_it_was() {
    each_engine(async |database| {
        for number in [1, 3, 5] {
            let (_, vault, chain) = trail(&database.db).await;
            database.tamper(format!("delete from audit_entry where number = {number}")).await;
            assert_eq!(verdict(database, &vault, chain).await, Err(ChainBreak::Removed(number)));
            database.tamper("delete from audit_entry").await;
            assert_eq!(verdict(database, &vault, chain).await, Err(ChainBreak::Removed(1)));
            database.tamper("delete from audit_head").await;
            database.tamper("delete from data_key").await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_chain_that_is_cut_short_is_found_even_when_its_end_is_moved() {
    each_engine(async |database| {
        let (_, vault, chain) = trail(&database.db).await;
        database.tamper("delete from audit_entry where number = 5").await;
        let fourth = "(select hash from audit_entry where number = 4)";
        database.tamper(format!("update audit_head set number = 4, hash = {fourth}")).await;
        assert_eq!(verdict(database, &vault, chain).await, Err(ChainBreak::End(4)));
        database.tamper("delete from audit_head").await;
        assert!(matches!(verdict(database, &vault, chain).await, Err(ChainBreak::Added(1))));
    })
    .await;
}

#[tokio::test]
async fn reordered_and_invented_entries_are_found() {
    each_engine(async |database| {
        let (_, vault, chain) = trail(&database.db).await;
        for (from, to) in [(2, 99), (3, 2), (99, 3)] {
            database.tamper(format!("update audit_entry set number = {to} where number = {from}")).await;
        }
        assert_eq!(verdict(database, &vault, chain).await, Err(ChainBreak::Altered(2)));
        for (from, to) in [(2, 99), (3, 2), (99, 3)] {
            database.tamper(format!("update audit_entry set number = {to} where number = {from}")).await;
        }
        let columns = "at, actor_kind, actor, action, creche_id, period, detail, hash, hash, changes";
        database
            .tamper(format!("insert into audit_entry select chain, 6, {columns} from audit_entry where number = 5"))
            .await;
        assert_eq!(verdict(database, &vault, chain).await, Err(ChainBreak::Altered(6)));
    })
    .await;
}
