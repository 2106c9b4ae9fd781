//! The audit trail of the operator's acts, and the report about one that was tampered with.

use serde_json::Value;

use super::{each_operator, id};
use crate::harness::process;

fn actions(listed: &Value) -> Vec<&str> {
    listed["items"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn every_act_is_in_the_organisers_chain_under_the_operators_name() {
    each_operator(async |operator, _| {
        let world = operator.register_world();
        operator.admin_json(&["key", "revoke", world.key_id(), "--as", "Anne de la Cellule"]);
        let mut command = operator.command(&["admin", "application", "suspend", "--organiser", &world.organiser]);
        let output = super::answer(command.arg(&world.application).env("PASSERELLE_OPERATOR", "night shift"));
        output.expect_success();
        let listed = operator.admin_json(&["audit", "list", "--organiser", &world.organiser]);
        let expected = [
            "application.suspended",
            "key.revoked",
            "key.issued",
            "application.registered",
            "creche.created",
            "organiser.created",
        ];
        assert_eq!(actions(&listed), expected);
        let by = |index: usize| (&listed["items"][index]["actorKind"], &listed["items"][index]["actor"]);
        assert_eq!(by(0), (&"operator".into(), &"night shift".into()));
        assert_eq!(by(1), (&"operator".into(), &"Anne de la Cellule".into()));
        assert_eq!(by(2), (&"operator".into(), &"operator".into()));
        assert_eq!(listed["items"][4]["crecheId"], *world.creche);
        let page =
            operator.admin_json(&["audit", "list", "--organiser", &world.organiser, "--limit", "2", "--before", "4"]);
        assert_eq!(actions(&page), ["application.registered", "creche.created"]);
    })
    .await;
}

#[tokio::test]
async fn a_chain_is_verified_and_the_broken_entry_named() {
    each_operator(async |operator, database| {
        let world = operator.register_world();
        let other = id(&operator.admin_json(&["organiser", "add", "De Vuurvliegjes"]));
        let verify = |more: &[&str]| operator.run(&[&["admin", "audit", "verify"], more].concat());
        assert!(verify(&[]).expect_success().starts_with("All 3 chain(s) are intact."));
        database
            .tamper(format!("update audit_entry set actor = 'me' where chain = '{}' and number = 2", world.organiser))
            .await;
        let broken = verify(&[]);
        assert_eq!(broken.status, 1);
        let line = format!("broken  {}: entry 2 was altered", world.organiser);
        assert!(broken.out.contains("1 of 3 chain(s) are broken.") && broken.out.contains(&line), "{}", broken.out);
        assert_eq!(verify(&["--organiser", &world.organiser]).status, 1);
        assert!(verify(&["--organiser", &other]).expect_success().contains("intact"));
        let report: Value = serde_json::from_str(&verify(&["--json"]).out).unwrap();
        assert_eq!((&report["intact"], &report["chains"][1]["fault"]), (&false.into(), &"entry 2 was altered".into()));
        verify(&["--organiser", "019a5c00-0000-7000-8000-00000000dead"]).refused();
    })
    .await;
}

#[tokio::test]
async fn a_chain_that_was_erased_as_a_whole_is_noticed() {
    each_operator(async |operator, database| {
        let world = operator.register_world();
        for table in ["audit_entry", "audit_head"] {
            database.tamper(format!("delete from {table} where chain = '{}'", world.organiser)).await;
        }
        let erased = "entry 1 is not the organiser's registration";
        for _ in 0..2 {
            let verdict = operator.run(&["admin", "audit", "verify"]);
            assert!(verdict.status == 1 && verdict.out.contains(erased), "{}", verdict.out);
            // A new entry does not heal it.
            operator.admin_json(&world.issue(&["--kind", "live", "--all-scopes"]));
        }
    })
    .await;
}

#[tokio::test]
async fn the_chains_of_a_seeded_world_are_whole() {
    let home = tempfile::tempdir().unwrap();
    super::answer(process::sandbox(Some(home.path()), None).arg("--tour")).expect_success();
    let master_key = std::fs::read_to_string(home.path().join("master.key")).unwrap();
    let mut verify = process::command(["admin", "audit", "verify"]);
    verify.env("PASSERELLE_SECURITY__MASTER_KEY", master_key.trim()).env("PASSERELLE_DEPLOYMENT", "sandbox");
    verify.env("PASSERELLE_DATABASE__URL", format!("sqlite:{}", home.path().join("passerelle.db").display()));
    let output = super::answer(&mut verify).expect_success();
    assert!(output.starts_with("All 3 chain(s) are intact."), "{output}");
}
