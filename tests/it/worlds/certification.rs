//! Certification by its interface: steps, reports, what is refused, and the public list. The cases with real software, and its
//! defects, are played by `.ci/clients/reference/certify.py`.

use passerelle::seal::MasterKey;
use reqwest::Method;
use serde_json::{Value, json};

use super::{MadeWorld, WorldClient, autumn, started};
use crate::cli::Operator;
use crate::harness::process::{Caller, Sandbox, answer, command};

struct Trial {
    client: WorldClient,
    world: MadeWorld,
}

impl Trial {
    /// In a new world.
    async fn of(sandbox: &Sandbox, seed: u32) -> Self {
        let client = WorldClient::of(sandbox);
        Self { world: client.make(autumn(seed)).await, client }
    }

    async fn call(&self, method: Method, below: &str, body: &Value) -> (u16, Value) {
        let request = self.client.request(method, &self.world.path(&format!("/certification{below}")));
        let request = request.bearer_auth(self.world.secret());
        answer(if body.is_null() { request } else { request.json(body) }).await.unwrap()
    }

    async fn begin(&self, profile: &str, cases: &[&str]) -> Value {
        let mut wish = json!({ "profile": profile, "product": "CrècheSoft", "version": "4.2" });
        if !cases.is_empty() {
            wish["cases"] = json!(cases);
        }
        let (status, run) = self.call(Method::POST, "", &wish).await;
        assert_eq!(status, 201, "{run}");
        run
    }

    async fn report(&self, step: u64, outcome: &str) -> (u16, Value) {
        self.call(Method::POST, "/reports", &json!({ "step": step, "outcome": outcome })).await
    }

    /// Does what a step says.
    async fn deposit(&self, step: &Value) {
        let software = Caller::new(step["apiUrl"].as_str().unwrap(), step["key"].as_str().unwrap());
        let put = software.put(&place_of(step), "application/json", step["document"].to_string());
        // Of these kinds only the register is there before it is first deposited.
        let (put, expected) = if step["kind"] == "staff" { (put.header("if-match", "*"), 200) } else { (put, 201) };
        let (status, deposited) = answer(put).await.unwrap();
        assert_eq!((status, &deposited["written"]), (expected, &json!(true)), "{deposited}");
    }
}

/// Where the document of a step is deposited.
fn place_of(step: &Value) -> String {
    let text = |name: &str| step[name].as_str().unwrap();
    match text("kind") {
        "attendance" => format!("/creches/{}/attendanceStatements/{}", text("crecheId"), text("month")),
        "medical" => format!("/creches/{}/medicalStatements/{}", text("crecheId"), text("month")),
        "staff" => "/staffRegister".to_owned(),
        "report" => format!("/creches/{}/activityReports/{}", text("crecheId"), text("quarter")),
        other => panic!("{other}: {step}"),
    }
}

#[tokio::test]
async fn a_step_is_judged_by_what_is_stored_and_a_report_counts_once() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let trial = Trial::of(&sandbox, 1).await;
    assert_eq!(trial.call(Method::GET, "", &Value::Null).await.0, 404);

    let run = trial.begin("attendance", &[]).await;
    assert_eq!(run["next"]["case"], "attendance.firstDeposit");
    assert_eq!(trial.report(2, "done").await.0, 400, "a step that was not given");
    trial.deposit(&run["next"]).await;
    let (status, judged) = trial.report(1, "done").await;
    assert_eq!((status, &judged["cases"][0]["state"], &judged["next"]["step"]), (200, &json!("passed"), &json!(2)));
    assert_eq!(trial.report(1, "done").await, (200, judged.clone()));
    assert_eq!(trial.call(Method::GET, "", &Value::Null).await, (200, judged));

    let (_, judged) = trial.report(2, "done").await;
    assert_eq!(judged["cases"][1]["failure"]["code"], "notCalled", "{judged}");
    let junit = trial.client.request(Method::GET, &trial.world.path("/certification/junit"));
    let junit = junit.bearer_auth(trial.world.secret()).send().await.unwrap().text().await.unwrap();
    assert!(junit.contains("failures=\"1\" skipped=\"10\"") && junit.contains("type=\"notCalled\""), "{junit}");

    let (status, refused) = trial
        .call(Method::POST, "", &json!({ "profile": "medical", "product": "", "version": 1, "cases": ["x"] }))
        .await;
    let places: Vec<_> = refused["issues"].as_array().unwrap().iter().map(|issue| &issue["name"]).collect();
    assert_eq!((status, places.len()), (400, 3), "{refused}");
    assert_eq!(trial.client.call(Method::POST, &trial.world.path("/reset"), trial.world.secret()).await.0, 200);
    assert_eq!(trial.call(Method::GET, "", &Value::Null).await.0, 404);
}

#[tokio::test]
async fn a_stop_of_the_sandbox_loses_no_step_and_some_cases_earn_no_certificate() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let trial = Trial::of(&sandbox, 2).await;
    let run = trial.begin("attendance", &["attendance.firstDeposit"]).await;
    let [creche, month] = ["crecheId", "month"].map(|name| run["next"][name].as_str().unwrap().to_owned());
    assert_eq!(sandbox.process.stop().status, Some(0));

    let sandbox = started(home.path());
    let trial = Trial { client: WorldClient::of(&sandbox), world: trial.world };
    let (_, run) = trial.call(Method::GET, "", &Value::Null).await;
    assert_eq!([&run["next"]["crecheId"], &run["next"]["month"]], [&json!(creche), &json!(month)]);
    trial.deposit(&run["next"]).await;
    let (_, ended) = trial.report(1, "done").await;
    assert_eq!((&ended["state"], ended.get("certificate"), ended.get("next")), (&json!("passed"), None, None));
}

#[tokio::test]
async fn each_kind_of_document_is_compared_with_what_is_stored() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let trial = Trial::of(&sandbox, 1).await;
    for profile in ["attendance", "medical", "staff", "reports"] {
        let run = trial.begin(profile, &[&format!("{profile}.firstDeposit")]).await;
        trial.deposit(&run["next"]).await;
        let (_, ended) = trial.report(1, "done").await;
        assert_eq!(ended["state"], "passed", "{ended}");
    }
}

#[test]
fn a_driver_that_does_nothing_fails_every_case() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let junit = home.path().join("junit.xml");
    let driver = "while read step; do echo '{\"outcome\": \"unsupported\"}'; done";
    let words = [
        "certify",
        "--api",
        sandbox.text("/baseUrl"),
        "--profile",
        "webhooks",
        "--product",
        "P",
        "--product-version",
        "1",
    ];
    let played = command(words).args(["--driver", driver, "--junit"]).arg(&junit).output().unwrap();
    let told = String::from_utf8_lossy(&played.stdout).into_owned();
    assert_eq!((played.status.code(), told.matches("notCarriedOut").count()), (Some(1), 7), "{told}");
    assert!(std::fs::read_to_string(junit).unwrap().contains("failures=\"7\""));

    let nowhere = command([
        "certify",
        "--api",
        "http://127.0.0.1:9",
        "--profile",
        "all",
        "--product",
        "P",
        "--product-version",
        "1",
    ]);
    assert_eq!({ nowhere }.output().unwrap().status.code(), Some(2));
}

#[tokio::test]
async fn certified_software_is_listed_once_it_was_approved_and_practice_never() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    let [real, practice] = ["1", "2"].map(|digit| digit.repeat(32));
    let folder = home.path().join("certificates");
    std::fs::create_dir(&folder).unwrap();
    for (id, is_practice) in [(&real, false), (&practice, true)] {
        let certified = json!({
            "product": { "name": "Crèche <b>Soft</b>", "version": "4.2", "vendor": "Exemple" }, "profile": "attendance",
            "cases": ["attendance.firstDeposit"], "rules": "2020-01", "gateway": "0.1.0", "issuer": "https://sandbox.example",
            "issuedAt": "2026-10-12T07:00:00Z", "practice": is_practice,
        });
        let stored = json!({ "certified": certified, "jws": "e30.e30.AA" });
        std::fs::write(folder.join(format!("{id}.json")), stored.to_string()).unwrap();
    }
    let page = async |path: &str| client.request(Method::GET, path).send().await.unwrap().text().await.unwrap();
    let database = format!("sqlite:{}", home.path().join("unused.db").display());
    let operator = Operator::with(&database, MasterKey::generate().expose());
    operator.configure_more(&format!("[worlds]\ndirectory = {}\n", json!(home.path().join("worlds"))));
    let refused = |id: &str| operator.run(&["admin", "certificate", "approve", id]).refused();
    assert!(!page("/sandbox/certificates").await.contains(&real));
    let listed = operator.admin_json(&["certificate", "list"]);
    assert_eq!(listed["items"].as_array().unwrap().len(), 2, "{listed}");
    operator.admin_json(&["certificate", "approve", &real]);
    assert!(refused(&practice).contains("practice"));
    assert!(refused(&"3".repeat(32)).contains("no certificate"));
    let public = page("/sandbox/certificates").await;
    assert!(public.contains(&real) && !public.contains(&practice) && !public.contains("<b>Soft"), "{public}");
    for id in [&real, &practice] {
        let (status, shown) =
            answer(client.request(Method::GET, &format!("/sandbox/certificates/{id}"))).await.unwrap();
        assert_eq!((status, &shown["outdated"], &shown["listed"]), (200, &json!(true), &json!(id == &real)));
        assert!(page(&format!("/sandbox/certificates/{id}/page")).await.contains("attendance.firstDeposit"));
    }
    operator.admin_json(&["certificate", "withdraw", &real]);
    assert!(!page("/sandbox/certificates").await.contains(&real));
    for unknown in ["x".to_owned(), "3".repeat(32)] {
        assert_eq!(
            answer(client.request(Method::GET, &format!("/sandbox/certificates/{unknown}"))).await.unwrap().0,
            404
        );
    }
}
