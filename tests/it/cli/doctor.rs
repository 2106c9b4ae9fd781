//! What the doctor finds.

use serde_json::{Value, json};

use super::{Operator, each_operator};
use crate::harness::database::Database;
use crate::harness::process::{Sandbox, sandbox};

/// The output of the doctor.
struct DoctorOutput {
    status: i32,
    body: Value,
}

impl DoctorOutput {
    fn checks(&self) -> &[Value] {
        self.body["checks"].as_array().unwrap()
    }

    /// How the thing with this name is.
    #[track_caller]
    fn state(&self, name: &str) -> &str {
        self.checks().iter().find(|check| check["name"] == name).unwrap()["state"].as_str().unwrap()
    }
}

fn look(operator: &Operator) -> DoctorOutput {
    let answer = operator.run(&["doctor", "--json"]);
    DoctorOutput { status: answer.status, body: serde_json::from_str(&answer.out).unwrap() }
}

const SOUND: &str = "listen = \"127.0.0.1:0\"\npublicBaseUrl = \"https://passerelle.example\"\n\
                     metrics = { listen = \"127.0.0.1:0\" }";

fn login(issuer: &str) -> String {
    format!("[login]\nissuer = \"{issuer}\"\nclientId = \"passerelle\"\nssinClaim = \"ssin\"\nstrong = [\"eid\"]\n")
}

#[tokio::test]
async fn a_sound_gateway_has_nothing_to_repair() {
    each_operator(async |operator, database| {
        operator.register_world();
        let home = tempfile::tempdir().unwrap();
        let provider = Sandbox::start(&mut sandbox(Some(home.path()), None));
        operator
            .configure(&database.url, &format!("{SOUND}\n{}", login(&format!("{}/csam", provider.text("/baseUrl")))));
        let diagnosis = look(operator);
        assert_eq!((diagnosis.status, &diagnosis.body["healthy"]), (0, &json!(true)), "{:#}", diagnosis.body);
        let machine = ["disk", "webhooks", "open files", "permissions"];
        let sound = |check: &Value| check["state"] == "ok" || machine.contains(&check["name"].as_str().unwrap());
        assert!(diagnosis.checks().len() == 15 && diagnosis.checks().iter().all(sound), "{:#}", diagnosis.body);
        let output = operator.run(&["doctor"]).expect_success();
        assert_eq!(output.lines().count(), 15, "one line each: {output}");
        assert!(output.contains("ok       master key      opens all 1 data key(s)"), "{output}");
    })
    .await;
}

#[tokio::test]
async fn what_is_missing_is_reported_with_its_repair() {
    each_operator(async |operator, database| {
        operator.register_world();
        operator.configure(&database.url, "listen = \"127.0.0.1:0\"");
        let diagnosis = look(operator);
        assert_eq!(
            (diagnosis.status, diagnosis.state("publicBaseUrl"), diagnosis.state("metrics.listen")),
            (0, "warning", "warning")
        );
        assert!(diagnosis.body.to_string().contains("https://passerelle.example"), "{:#}", diagnosis.body);
        assert_eq!(diagnosis.state("login"), "warning");

        operator.configure(&database.url, &login("http://127.0.0.1:1/csam"));
        let diagnosis = look(operator);
        assert_eq!((diagnosis.status, diagnosis.state("login")), (1, "error"), "{:#}", diagnosis.body);

        database.tamper("update audit_entry set at = at + 3600000").await;
        let diagnosis = look(operator);
        assert_eq!((diagnosis.status, diagnosis.state("clock")), (1, "error"));

        let diagnosis = look(&Operator::at(database));
        assert_eq!((diagnosis.status, diagnosis.state("master key"), diagnosis.state("database")), (1, "error", "ok"));

        database.tamper("delete from _sqlx_migrations").await;
        let diagnosis = look(operator);
        assert_eq!((diagnosis.status, diagnosis.state("database")), (1, "error"));
        assert!(diagnosis.body.to_string().contains("run `passerelle migrate`"), "{:#}", diagnosis.body);

        operator.configure(&database.url, "listen = 8080");
        let diagnosis = look(operator);
        assert_eq!((diagnosis.status, diagnosis.checks().len(), diagnosis.state("configuration")), (1, 1, "error"));
    })
    .await;
}

#[tokio::test]
async fn the_doctor_makes_no_database() {
    let operator = Operator::at(&Database::sqlite().await);
    operator.configure("sqlite:nowhere.db", "");
    let diagnosis = look(&operator);
    assert_eq!((diagnosis.status, diagnosis.state("database")), (1, "error"), "{:#}", diagnosis.body);
    assert!(!operator.path("nowhere.db").exists());
}
