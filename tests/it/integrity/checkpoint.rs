//! Checkpoints, and the commands of the operator.

use std::time::Duration;

use passerelle::app::audit::{self, ChainBreak};
use passerelle::app::checkpoint::Checkpoint;
use passerelle::domain::audit::AuditChain;

use super::each_world;
use crate::cli::each_operator;
use crate::harness::app::{TestApp, organiser};

async fn checkpoint(app: &TestApp) -> Checkpoint {
    Checkpoint::read_chain_heads(&app.app.db, app.app.vault.index_key(), app.app.clocks.machine()).await.unwrap()
}

#[tokio::test]
async fn a_checkpoint_is_read_back_and_holds_while_entries_are_added() {
    each_world(async |app, _| {
        let taken = checkpoint(app).await;
        let index = app.app.vault.index_key();
        assert_eq!(Checkpoint::read(&taken.text(), index).unwrap(), taken);
        assert!(Checkpoint::read(&taken.text().replace("operator", "0perator"), index).is_err());
        super::deposit(app, "2026-07", 1).await;
        assert_eq!(taken.compare(&app.app.db).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_database_put_back_to_an_earlier_copy_is_found() {
    each_world(async |app, database| {
        for table in ["audit_entry", "audit_head"] {
            database.tamper(format!("create table former_{table} as select * from {table}")).await;
        }
        super::deposit(app, "2026-07", 1).await;
        let taken = checkpoint(app).await;
        for table in ["audit_entry", "audit_head"] {
            database.tamper(format!("delete from {table}")).await;
            database.tamper(format!("insert into {table} select * from former_{table}")).await;
        }
        let chain = AuditChain::Organiser(organiser());
        assert!(
            audit::verify(&app.app.db, app.app.vault.index_key(), chain).await.unwrap().is_ok(),
            "by itself it holds"
        );
        let lost = taken.compare(&app.app.db).await.unwrap();
        assert!(
            matches!(lost.as_slice(), [(name, ChainBreak::BehindCheckpoint(_))] if *name == chain.name()),
            "{lost:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn the_operators_chain_erased_with_its_end_is_found_with_and_without_a_checkpoint() {
    each_operator(async |operator, database| {
        operator.register_world();
        operator.run(&["admin", "audit", "checkpoint", "--file", "end.json"]).expect_success();
        let verify = || operator.run(&["admin", "audit", "verify", "--checkpoint", "end.json"]);
        assert!(verify().expect_success().contains("Compared with the checkpoint"));
        for table in ["audit_entry", "audit_head"] {
            database.tamper(format!("delete from {table} where chain = 'operator'")).await;
        }
        let plain = operator.run(&["admin", "audit", "verify"]);
        assert!(plain.status == 1 && plain.out.contains("what was recorded before was erased"), "{}", plain.out);
        let compared = verify();
        assert!(compared.status == 1 && compared.out.contains("which the checkpoint names"), "{}", compared.out);
        let refused = operator.run(&["admin", "audit", "checkpoint", "--file", "end.json"]).refused();
        assert!(refused.contains("left as it is"), "{refused}");
        operator.run(&["admin", "audit", "checkpoint", "--file", "end.json", "--replace"]).expect_success();
        let missing = operator.run(&["admin", "audit", "verify", "--checkpoint", "nowhere.json"]).refused();
        assert!(missing.contains("nowhere.json"), "{missing}");
    })
    .await;
}

#[tokio::test]
async fn the_doctor_looks_at_every_row_when_asked_to() {
    each_operator(async |operator, database| {
        let world = operator.register_world();
        operator.configure(&database.url, "audit = { checkpointFile = \"end.json\" }");
        operator.run(&["admin", "audit", "checkpoint"]).expect_success();
        let look = || operator.run(&["doctor", "--deep"]).out;
        let output = look();
        assert!(output.contains("ok       rows ") && output.contains("ok       audit trail "), "{output}");
        assert!(output.contains("ok       checkpoint "), "{output}");
        assert_eq!(output.contains("ok       file "), database.db.is_a_file(), "{output}");
        database.tamper("update application_scope set scope = 'staff:write'").await;
        assert!(!operator.run(&["doctor"]).out.contains("outside the gateway"));
        let report = operator.run(&["doctor", "--deep"]);
        let expected =
            format!("application {} of {} was altered outside the gateway", world.application, world.organiser);
        assert!(report.status == 1 && report.out.contains(&expected), "{}", report.out);
        operator.run(&["admin", "audit", "accept-rows"]).refused();
        operator.run(&["admin", "audit", "accept-rows", "--certified"]).expect_success();
        assert!(look().contains("ok       rows "));
        database.tamper("update organiser set last_event = last_event + 7").await;
        let counted = format!("organiser {} of {} lacks an event", world.organiser, world.organiser);
        assert!(look().contains(&counted), "{}", look());
    })
    .await;
}

#[tokio::test]
async fn a_running_gateway_writes_the_checkpoint() {
    each_operator(async |operator, database| {
        operator.register_world();
        operator.configure(&database.url, "audit = { checkpointFile = \"end.json\" }");
        let serving = operator.serve();
        let file = operator.path("end.json");
        let written = async {
            while !file.exists() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), written).await.expect("it is written at the start");
        drop(serving);
        let verified = operator.run(&["admin", "audit", "verify", "--checkpoint", "end.json"]).expect_success();
        assert!(verified.contains("Compared with the checkpoint"), "{verified}");
    })
    .await;
}
