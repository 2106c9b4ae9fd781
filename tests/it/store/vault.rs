//! The vault over a database: keys are created once and rotated, and a missing one is named.

use passerelle::domain::kinds::attendance;
use passerelle::domain::statement::{Channel, StatementKey};
use passerelle::seal::{Compressed, MasterKey, MasterKeys, SealContext, SealError};
use passerelle::store::data_keys;
use passerelle::store::statements::{self, StoredRevision};
use passerelle::vault::{Vault, VaultError, rewrap_all};

use super::{noon, world, write};
use crate::harness::database::each_engine;

#[tokio::test]
async fn each_organiser_has_a_key_of_its_own_that_outlives_the_process() {
    each_engine(async |database| {
        let (db, world) = (&database.db, world(&database.db).await);
        let masters = MasterKeys::only(MasterKey::generate());
        let place = SealContext::of("revision", &["here"]);
        let vault = Vault::open(db, masters.clone()).await.unwrap();
        let sealed =
            vault.organiser_key(db, world.organiser).await.unwrap().seal(&place, Compressed::new(b"Zo\xc3\xa9"));
        let hash = vault.index_key().hash("ssin", &[b"85031497721"]);

        let again = Vault::open(db, masters).await.unwrap();
        assert_eq!(
            again.organiser_key(db, world.organiser).await.unwrap().open(&place, &sealed).unwrap(),
            b"Zo\xc3\xa9"
        );
        assert_eq!(again.index_key().hash("ssin", &[b"85031497721"]), hash);
        let stranger = again.organiser_key(db, world.stranger).await.unwrap();
        assert!(matches!(stranger.open(&place, &sealed), Err(SealError::Broken)));
    })
    .await;
}

#[tokio::test]
async fn gateways_that_start_together_agree_on_the_keys() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        let masters = MasterKeys::only(MasterKey::generate());
        let open = || {
            let (db, masters, organiser) = (database.db.clone(), masters.clone(), world.organiser);
            tokio::spawn(async move {
                let vault = Vault::open(&db, masters).await.unwrap();
                let key = vault.organiser_key(&db, organiser).await.unwrap();
                (vault.index_key().hash("x", &[]), key)
            })
        };
        let (one, two) = tokio::join!(open(), open());
        let (one, two) = (one.unwrap(), two.unwrap());
        assert_eq!(one.0, two.0);
        let place = SealContext::of("x", &[]);
        assert_eq!(two.1.open(&place, &one.1.seal(&place, Compressed::new(b"text"))).unwrap(), b"text");
    })
    .await;
}

#[tokio::test]
async fn rotation_wraps_every_key_anew_and_changes_nothing_that_is_sealed() {
    each_engine(async |database| {
        let (db, world) = (&database.db, world(&database.db).await);
        let (old, new) = (MasterKey::generate(), MasterKey::generate());
        let place = SealContext::of("revision", &[]);
        let before = Vault::open(db, MasterKeys::only(old.clone())).await.unwrap();
        let sealed = before.organiser_key(db, world.organiser).await.unwrap().seal(&place, Compressed::new(b"text"));

        let both = MasterKeys { current: new.clone(), previous: Some(old.clone()) };
        let during = Vault::open(db, both).await.unwrap();
        during.organiser_key(db, world.stranger).await.unwrap();
        let mut tx = write(db).await;
        assert_eq!(rewrap_all(&mut tx, &old, &new).await.unwrap(), 2);
        assert_eq!(rewrap_all(&mut tx, &old, &new).await.unwrap(), 0);
        tx.commit().await.unwrap();
        let masters = data_keys::masters(&mut db.read().await.unwrap()).await.unwrap();
        assert_eq!(masters, [(new.id(), 3)]);

        let after = Vault::open(db, MasterKeys::only(new.clone())).await.unwrap();
        assert_eq!(after.index_key().hash("x", &[]), before.index_key().hash("x", &[]));
        assert_eq!(after.organiser_key(db, world.organiser).await.unwrap().open(&place, &sealed).unwrap(), b"text");
        let error = Vault::open(db, MasterKeys::only(old.clone())).await.unwrap_err().to_string();
        assert!(error.contains(&old.id()) && error.contains(&new.id()), "{error}");
    })
    .await;
}

#[tokio::test]
async fn swapped_keys_and_swapped_documents_do_not_open() {
    each_engine(async |database| {
        let (db, world) = (&database.db, world(&database.db).await);
        let masters = MasterKeys::only(MasterKey::generate());
        let vault = Vault::open(db, masters.clone()).await.unwrap();
        let key = vault.organiser_key(db, world.organiser).await.unwrap();
        vault.organiser_key(db, world.stranger).await.unwrap();
        let place = |number: u32| SealContext::of("revision", &["2026-10", &number.to_string()]);
        let mut tx = write(db).await;
        for number in 1..=2 {
            let new = StoredRevision {
                creche: world.creche,
                month: "2026-10".parse().unwrap(),
                revision: number,
                fingerprint: String::new(),
                totals: String::new(),
                lines: 0,
                warnings: String::new(),
                has_warnings: false,
                channel: Channel::Json,
                application: None,
                key: None,
                deposited_at: noon(),
            };
            let sealed = key.seal(&place(number), Compressed::new(b"text"));
            statements::insert(&mut tx, world.organiser, attendance::KIND, (&new, None), &sealed, None);
        }
        tx.commit().await.unwrap();
        let first = "(select document from revision where revision = 1)";
        database.tamper(format!("update revision set document = {first} where revision = 2")).await;
        let slot = StatementKey { creche: world.creche, kind: attendance::KIND, month: "2026-10".parse().unwrap() };
        let mut tx = db.read().await.unwrap();
        let document = statements::document(&mut tx, world.organiser, slot, 2).await.unwrap().unwrap();
        assert!(matches!(key.open(&place(2), &document), Err(SealError::Broken)));
        drop(tx);

        let theirs = format!("(select wrapped from data_key where owner = '{}')", world.stranger);
        database.tamper(format!("update data_key set wrapped = {theirs} where owner = '{}'", world.organiser)).await;
        let fresh = Vault::open(db, masters).await.unwrap();
        assert!(matches!(fresh.organiser_key(db, world.organiser).await, Err(VaultError::Seal(SealError::Broken))));
    })
    .await;
}
