//! Deposits whose statements are sent together: what another process has written meanwhile.

use passerelle::app::audit;
use passerelle::domain::audit::AuditChain;
use passerelle::domain::kinds::attendance;
use passerelle::domain::statement::StatementKey;
use passerelle::seal::{Compressed, SealContext};
use passerelle::store::{self, DbOptions};

use super::{at, deposit, july};
use crate::harness::abandon::abandon;
use crate::harness::app::{CRECHE, TestApp, creche, each_app, organiser};
use crate::harness::database::each_engine;
use crate::harness::statement::Sheet;

#[tokio::test]
async fn entries_of_two_processes_are_one_chain() {
    each_engine(async |database| {
        let second = database.opened_with(DbOptions::default()).await;
        let (one, other) = (TestApp::start(database).await, TestApp::start(&second).await);
        for (turn, month) in ["2026-04", "2026-05", "2026-06", "2026-07"].into_iter().enumerate() {
            let (writer, reader) = if turn % 2 == 0 { (&one, &other) } else { (&other, &one) };
            deposit(writer, month, &Sheet::of(month).child(1, "1:P")).await;
            reader.vendor().get(at(month)).await.expect(200);
        }
        let chain = AuditChain::Organiser(organiser());
        let verdict = audit::verify(&one.app.db, one.app.vault.index_key(), chain).await.unwrap();
        assert!(verdict.is_ok(), "{verdict:?}");
        let numbers: Vec<_> = one.events().await.into_iter().map(|(number, _)| number).collect();
        assert_eq!(numbers, [1, 2, 3, 4]);
        second.db.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_revision_of_another_process_is_not_overwritten() {
    each_engine(async |database| {
        let second = database.opened_with(DbOptions::default()).await;
        let (one, other) = (TestApp::start(database).await, TestApp::start(&second).await);
        deposit(&one, "2026-07", &july()).await;
        let changed = |day: &str| Sheet::of("2026-07").child(1, day);
        let (first, next) = tokio::join!(
            one.vendor().put(at("2026-07"), changed("1:P")).if_match("*").into_future(),
            other.vendor().put(at("2026-07"), changed("2:P")).if_match("*").into_future(),
        );
        let (first, next) = (first.expect(200), next.expect(200));
        let mut revisions = [first["revision"].as_u64().unwrap(), next["revision"].as_u64().unwrap()];
        revisions.sort_unstable();
        assert_eq!(revisions, [2, 3]);
        for (reply, day) in [(first, "2026-07-01"), (next, "2026-07-02")] {
            let path = format!("{}/revisions/{}", at("2026-07"), reply["revision"]);
            assert_eq!(one.vendor().get(path).await.expect(200)["lines"][0]["days"][0]["date"], day);
        }
        second.db.close().await;
    })
    .await;
}

#[tokio::test]
async fn deposits_abandoned_at_any_point_leave_a_gateway_that_writes() {
    each_app(async |app| {
        deposit(app, "2026-07", &july()).await;
        for polls in 1..=24 {
            let changed = Sheet::of("2026-07").child(polls, "1:P");
            abandon(app.vendor().put(at("2026-07"), changed).if_match("*").into_future(), polls).await;
        }
        deposit(app, "2026-06", &Sheet::of("2026-06").child(1, "1:P")).await;
        let revisions = app.vendor().get(format!("{}/revisions", at("2026-07"))).await.expect(200);
        let numbers: Vec<_> = app.events().await.into_iter().map(|(number, _)| number).collect();
        let written = revisions["items"].as_array().unwrap().len() as u64 + 1;
        assert_eq!(numbers, (1..=written).collect::<Vec<_>>());
        let chain = AuditChain::Organiser(organiser());
        let verdict = audit::verify(&app.app.db, app.app.vault.index_key(), chain).await.unwrap();
        assert!(verdict.is_ok(), "{verdict:?}");
    })
    .await;
}

/// Stores the current document of July as versions before the compact text did: its JSON, with a hash of that.
async fn store_as_json(app: &TestApp, statement: &attendance::Statement) {
    let (month, kind) = ("2026-07".parse().unwrap(), attendance::KIND);
    let slot = StatementKey { creche: creche(CRECHE), kind, month };
    let key = app.app.vault.organiser_key(&app.app.db, organiser()).await.unwrap();
    let text = serde_json::to_vec(statement).unwrap();
    let mut tx = app.app.db.write_for(organiser(), store::WritePurpose::Content).await.unwrap();
    let before = store::statements::find(&mut tx, organiser(), slot).await.unwrap().unwrap();
    let mut revision = before.revision.clone();
    revision.revision += 1;
    revision.fingerprint = app.app.vault.index_key().hash("content", &[&text]);
    let path = [organiser().to_string(), CRECHE.to_owned(), kind.name().to_owned(), month.to_string(), "2".to_owned()];
    let context = SealContext::of("revision", &path.each_ref().map(String::as_str));
    let sealed = key.seal(&context, Compressed::new(&text));
    store::statements::insert(&mut tx, organiser(), kind, (&revision, Some(&before)), &sealed, None);
    store::audit::take_changes(&mut tx, AuditChain::Organiser(organiser()));
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_statement_of_an_earlier_version_is_read_and_known_again() {
    each_app(async |app| {
        deposit(app, "2026-07", &july()).await;
        let sent = app.vendor().get(at("2026-07")).await.expect(200);
        let statement = serde_json::from_value(serde_json::Value::from(july())).unwrap();
        store_as_json(app, &statement).await;
        let read = app.vendor().get(at("2026-07")).await.expect(200);
        assert_eq!((&read["revision"], &read["lines"]), (&serde_json::json!(2), &sent["lines"]));
        let again = app.vendor().put(at("2026-07"), july()).if_match("\"2\"").await.expect(200);
        assert_eq!((&again["revision"], &again["unchanged"]), (&serde_json::json!(2), &serde_json::json!(true)));
        let changed = july().child(3, "1:P");
        assert_eq!(app.vendor().put(at("2026-07"), changed).if_match("\"2\"").await.expect(200)["revision"], 3);
    })
    .await;
}
