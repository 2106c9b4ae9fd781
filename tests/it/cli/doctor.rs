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
    let answer = operator.say(&["doctor", "--json"]);
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
        operator.world();
        let home = tempfile::tempdir().unwrap();
        let provider = Sandbox::start(&mut sandbox(Some(home.path()), None));
        operator
            .configure(&database.url, &format!("{SOUND}\n{}", login(&format!("{}/csam", provider.text("/baseUrl")))));
        let told = look(operator);
        assert_eq!((told.status, &told.body["healthy"]), (0, &json!(true)), "{:#}", told.body);
        let machine = ["disk", "webhooks", "open files", "permissions"];
        let sound = |check: &Value| check["state"] == "ok" || machine.contains(&check["name"].as_str().unwrap());
        assert!(told.checks().len() == 15 && told.checks().iter().all(sound), "{:#}", told.body);
        let said = operator.say(&["doctor"]).fine();
        assert_eq!(said.lines().count(), 15, "one line each: {said}");
        assert!(said.contains("ok       master key      opens all 1 data key(s)"), "{said}");
    })
    .await;
}

#[tokio::test]
async fn what_is_missing_is_told_with_its_repair() {
    each_operator(async |operator, database| {
        operator.world();
        operator.configure(&database.url, "listen = \"127.0.0.1:0\"");
        let told = look(operator);
        assert_eq!((told.status, told.state("publicBaseUrl"), told.state("metrics.listen")), (0, "warning", "warning"));
        assert!(told.body.to_string().contains("https://passerelle.example"), "{:#}", told.body);
        assert_eq!(told.state("login"), "warning");

        operator.configure(&database.url, &login("http://127.0.0.1:1/csam"));
        let told = look(operator);
        assert_eq!((told.status, told.state("login")), (1, "error"), "{:#}", told.body);

        database.tamper("update audit_entry set at = at + 3600000").await;
        let told = look(operator);
        assert_eq!((told.status, told.state("clock")), (1, "error"));

        let told = look(&Operator::at(database));
        assert_eq!((told.status, told.state("master key"), told.state("database")), (1, "error", "ok"));

        database.tamper("delete from _sqlx_migrations").await;
        let told = look(operator);
        assert_eq!((told.status, told.state("database")), (1, "error"));
        assert!(told.body.to_string().contains("run `passerelle migrate`"), "{:#}", told.body);

        operator.configure(&database.url, "listen = 8080");
        let told = look(operator);
        assert_eq!((told.status, told.checks().len(), told.state("configuration")), (1, 1, "error"));
    })
    .await;
}

#[tokio::test]
async fn the_doctor_makes_no_database() {
    let operator = Operator::at(&Database::sqlite().await);
    operator.configure("sqlite:nowhere.db", "");
    let told = look(&operator);
    assert_eq!((told.status, told.state("database")), (1, "error"), "{:#}", told.body);
    assert!(!operator.path("nowhere.db").exists());
}
