//! What every deposit and every reading leaves behind.

use passerelle::app::audit;
use passerelle::domain::audit::AuditChain;
use passerelle::domain::deposit::DepositOutcome;

use super::{at, deposit, july};
use crate::harness::app::{CRECHE, TestApp, creche, each_app, organiser};
use crate::harness::statement::Sheet;

/// Accepts, repeats, tries, tries in vain, refuses, corrects.
async fn play(app: &TestApp) {
    let faulty = july().child(3, "1:P").with("birthDate", "2026-07-03").with("ssin", "25010295100");
    deposit(app, "2026-07", &july().without("ssin")).await;
    app.vendor().put(at("2026-07"), july().without("ssin")).await.expect(200);
    app.vendor().put(format!("{}?dryRun=true", at("2026-07")), july()).await.expect(200);
    app.vendor().put(format!("{}?dryRun=true", at("2026-07")), &faulty).await.expect(400);
    app.vendor().put(at("2026-07"), &faulty).if_match("\"1\"").await.expect(400);
    app.vendor().put(at("2026-07"), july()).await.expect(428);
    app.vendor().put(at("2026-07"), july()).if_match("\"1\"").await.expect(200);
}

#[tokio::test]
async fn every_verdict_leaves_a_row_of_counts() {
    each_app(async |app| {
        play(app).await;
        let verdicts = app.verdicts().await;
        let told: Vec<_> = verdicts.iter().map(|verdict| (verdict.outcome, verdict.errors, verdict.revision)).collect();
        let expected = [
            (DepositOutcome::Accepted, 0, Some(1)),
            (DepositOutcome::Unchanged, 0, Some(1)),
            (DepositOutcome::DryRun, 0, None),
            (DepositOutcome::DryRun, 2, None),
            (DepositOutcome::Refused, 2, None),
            (DepositOutcome::Accepted, 0, Some(2)),
        ];
        let mut sorted = told.clone();
        let key =
            |&(outcome, errors, revision): &(DepositOutcome, u32, Option<u32>)| (outcome.code(), errors, revision);
        sorted.sort_unstable_by_key(key);
        let mut wanted = expected.to_vec();
        wanted.sort_unstable_by_key(key);
        assert_eq!(sorted, wanted);
        let first =
            verdicts.iter().find(|verdict| verdict.outcome == DepositOutcome::Accepted && verdict.warnings == 1);
        assert_eq!(first.unwrap().counts, r#"{"attendance.ssinMissing":1}"#);
        let place = Some((creche(CRECHE), "2026-07".parse().unwrap()));
        assert!(verdicts.iter().all(|verdict| verdict.subject.place() == place && verdict.key.is_some()));
    })
    .await;
}

#[tokio::test]
async fn events_are_numbered_without_gaps_and_only_deposits_make_them() {
    each_app(async |app| {
        play(app).await;
        let events = app.events().await;
        let told: Vec<_> = events.iter().map(|(number, event)| (*number, event.kind.code(), event.revision)).collect();
        let expected = [
            (1, "attendanceStatement.deposited", Some(1)),
            (2, "attendanceStatement.refused", None),
            (3, "attendanceStatement.replaced", Some(2)),
        ];
        assert_eq!(told, expected);
    })
    .await;
}

#[tokio::test]
async fn writes_and_reads_of_lines_are_recorded_and_nothing_else() {
    each_app(async |app| {
        play(app).await;
        let actions = async || -> Vec<String> { app.audit().await.into_iter().map(|link| link.entry.action).collect() };
        let written = ["attendanceStatement.deposited", "attendanceStatement.refused", "attendanceStatement.replaced"];
        assert_eq!(actions().await, written);
        let statements = format!("/creches/{CRECHE}/attendanceStatements");
        let summaries = format!("/creches/{CRECHE}/summaries");
        for unrecorded in [
            statements.clone(),
            format!("{}/revisions", at("2026-07")),
            format!("{}/template", at("2026-08")),
            format!("{summaries}/2026-07"),
            format!("{summaries}/2026Q3"),
            "/summaries/2026Q3".to_owned(),
            "/caller".to_owned(),
            "/creches".to_owned(),
            format!("/creches/{CRECHE}/closures"),
        ] {
            app.vendor().get(&unrecorded).await.expect(200);
            assert_eq!(actions().await.len(), 3, "{unrecorded}");
        }
        app.vendor().get(at("2026-07")).if_none_match("\"2\"").await.expect(304);
        app.vendor().get(at("2026-06")).await.expect(404);
        assert_eq!(actions().await.len(), 3, "no line was read");
        for (recorded, action) in [
            (at("2026-07"), "attendanceStatement.read"),
            (format!("{}/revisions/1", at("2026-07")), "attendanceStatement.read"),
            (format!("{}/template?prefill=previousMonth", at("2026-08")), "attendanceStatement.read"),
            (format!("{summaries}/2026-07/contributions"), "contributions.read"),
        ] {
            app.vendor().get(&recorded).await.expect(200);
            let last = app.audit().await.pop().unwrap().entry;
            assert_eq!((last.action.as_str(), last.creche), (action, Some(creche(CRECHE))), "{recorded}");
            assert_eq!(last.period.unwrap().to_string(), "2026-07", "{recorded}");
        }
        let whole =
            audit::verify(&app.app.db, app.app.vault.index_key(), AuditChain::Organiser(organiser())).await.unwrap();
        assert!(whole.is_ok(), "{whole:?}");
    })
    .await;
}

#[tokio::test]
async fn no_event_and_no_audit_entry_contains_personal_data() {
    each_app(async |app| {
        deposit(app, "2026-07", &Sheet::of("2026-07").child(1, "1:P")).await;
        app.vendor().get(at("2026-07")).await.expect(200);
        let told = format!("{:?} {:?} {:?}", app.events().await, app.audit().await, app.verdicts().await);
        for personal in ["Exemple1", "Lou", "2025-01-02", "K-0001"] {
            assert!(!told.contains(personal), "{personal}");
        }
    })
    .await;
}
