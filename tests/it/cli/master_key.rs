//! The master key: made, missing, wrong, rotated.

use passerelle::seal::MasterKey;

use super::{Operator, attendance_document, each_operator};
use crate::harness::database::Database;
use crate::harness::process;

#[test]
fn a_generated_key_is_all_that_is_printed() {
    let generate = || super::answer(&mut process::command(["admin", "generate-master-key"]));
    let (one, other) = (generate().expect_success(), generate().expect_success());
    assert!(MasterKey::parse(&one).is_ok() && one.lines().count() == 1);
    assert_ne!(one, other);
}

#[tokio::test]
async fn the_master_key_is_rotated_under_a_running_gateway() {
    each_operator(async |operator, database| {
        let world = operator.register_world();
        let path = |month: &str| format!("/creches/{}/attendanceStatements/{month}", world.creche);
        let first = operator.serve();
        assert_eq!(first.put(&path("2026-01"), &world.key, &attendance_document("2026-01")).await.0, 201);
        assert_eq!(first.stop(), Some(0));
        assert!(
            operator.run(&["admin", "rotate-master-key"]).refused().contains("security.previousMasterKey is missing")
        );

        let (old, new) = (operator.master_key.clone(), MasterKey::generate().expose());
        operator.configure_keys(&database.url, &new, Some(&old));
        let gateway = operator.serve();
        let rotated = operator.admin_json(&["rotate-master-key"]);
        assert_eq!(rotated["rewrapped"], 2, "the deployment's and the organiser's: {rotated}");
        assert_eq!(operator.admin_json(&["rotate-master-key"])["rewrapped"], 0);
        let trail = operator.admin_json(&["audit", "list"]);
        assert_eq!(trail["items"].as_array().unwrap().len(), 2, "the organiser's registration and this: {trail}");
        assert_eq!(trail["items"][0]["action"], "masterKey.rotated");
        assert_eq!(gateway.get(&path("2026-01"), &world.key).await.0, 200);
        assert_eq!(gateway.put(&path("2026-02"), &world.key, &attendance_document("2026-02")).await.0, 201);
        assert_eq!(gateway.stop(), Some(0));

        operator.configure_keys(&database.url, &old, None);
        assert!(operator.run(&["serve"]).refused().contains("is sealed under master key"));
        operator.configure_keys(&database.url, &new, None);
        let gateway = operator.serve();
        for month in ["2026-01", "2026-02"] {
            assert_eq!(gateway.get(&path(month), &world.key).await.0, 200, "{month}");
        }
        assert!(operator.run(&["admin", "audit", "verify"]).expect_success().contains("are intact"));
    })
    .await;
}

#[tokio::test]
async fn a_wrong_master_key_rotates_nothing() {
    let database = Database::sqlite().await;
    let operator = Operator::at(&database);
    operator.register_world();
    let key = || MasterKey::generate().expose();
    operator.configure_keys(&database.url, &key(), Some(&key()));
    assert!(operator.run(&["admin", "rotate-master-key"]).refused().contains("is sealed under master key"));
    operator.configure_keys(&database.url, &operator.master_key, None);
    operator.admin_json(&["organiser", "list"]);
}
