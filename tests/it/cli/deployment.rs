//! A database belongs to one kind of deployment, whatever the configuration contains later.

use super::{Operator, each_operator};
use crate::harness::database::each_engine;
use crate::harness::process::{Sandbox, sandbox};

#[tokio::test]
async fn a_production_database_does_not_serve_as_a_sandbox() {
    each_operator(async |operator, database| {
        operator.register_world();
        operator.configure(&database.url, "deployment = \"sandbox\"");
        for words in [&["serve"][..], &["admin", "organiser", "list"]] {
            let refused_output = operator.run(words).refused();
            assert!(
                refused_output.contains("belongs to a production deployment")
                    && refused_output.contains("database.url"),
                "{refused_output}"
            );
        }
        let report = operator.run(&["doctor"]);
        assert!(report.status == 1 && report.out.contains("belongs to a production deployment"), "{}", report.out);
        operator.file("master.key", &operator.master_key);
        let home = operator.config.parent().unwrap();
        let started = sandbox(Some(home), Some(database)).output().unwrap();
        let refused_output = String::from_utf8(started.stderr).unwrap();
        assert!(
            started.status.code() == Some(2) && refused_output.contains("belongs to a production deployment"),
            "{refused_output}"
        );
        operator.configure(&database.url, "");
        operator.run(&["admin", "organiser", "list"]).expect_success();
        assert!(operator.run(&["doctor"]).out.contains("ok       deployment"));
    })
    .await;
}

#[tokio::test]
async fn a_sandbox_database_does_not_serve_in_production() {
    each_engine(async |database| {
        let home = tempfile::tempdir().unwrap();
        Sandbox::start(&mut sandbox(Some(home.path()), Some(database))).process.stop();
        let key = std::fs::read_to_string(home.path().join("master.key")).unwrap();
        let operator = Operator::with(&database.url, key.trim().to_owned());
        let refused = || operator.run(&["serve"]).refused();
        assert!(refused().contains("belongs to a sandbox deployment"));
        database.tamper("update deployment set kind = 'production'").await;
        let refused_output = refused();
        assert!(refused_output.contains("was altered or removed"), "{refused_output}");
        // Without the record, the kind follows from the keys in the database.
        database.tamper("delete from deployment").await;
        assert!(refused().contains("belongs to a sandbox deployment"));
    })
    .await;
}
