//! The examples of the contract, played: what they send is sent, and what comes back is what they show.

use std::collections::BTreeSet;

use passerelle::domain::key::{Deployment, Scope};
use passerelle::http::urls::Urls;
use serde_json::{Value, json};

use crate::harness::app::{CRECHE, TestApp};
use crate::harness::call::Reply;
use crate::harness::contract::CONTRACT;
use crate::harness::database::each_engine;

/// An example among the components.
fn example(name: &str) -> Value {
    CONTRACT["components"]["examples"][name]["value"].clone()
}

/// Without what is another at each call.
fn lasting(mut body: Value) -> Value {
    if let Some(instance) = body.get_mut("instance") {
        *instance = "urn:uuid:…".into();
    }
    body
}

/// Compares answers with examples and remembers which were played.
#[derive(Default)]
struct Stage(BTreeSet<String>);

impl Stage {
    #[track_caller]
    fn shows(&mut self, name: &str, reply: &Reply) {
        assert_eq!(lasting(reply.json.clone()), lasting(example(name)), "{name}: {:#}", reply.json);
        self.0.insert(name.to_owned());
    }

    /// Every example of the components was played, sent or shown.
    fn all_played(self) {
        let all: BTreeSet<_> = CONTRACT["components"]["examples"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(self.0, all);
    }
}

#[tokio::test]
async fn every_example_is_what_really_happens() {
    each_engine(async |database| {
        let app = TestApp::with(database, Deployment::Sandbox, |around| {
            around.urls = Urls::new("https://gateway.example");
        })
        .await;
        let mut stage = Stage::default();
        let vendor = app.vendor();
        let month = format!("/creches/{CRECHE}/attendanceStatements/2026-10");
        let sent = example("AttendanceStatementRequest");
        stage.0.insert("AttendanceStatementRequest".to_owned());

        app.travel("2026-11-03T08:12:45Z");
        let mut faulty = sent.clone();
        faulty["lines"][1].as_object_mut().unwrap().remove("ssin");
        let tried = vendor.put(format!("{month}?dryRun=true"), without_totals(&faulty)).await.expect(200);
        stage.shows("DryRun", &tried);
        faulty["lines"][1].as_object_mut().unwrap().remove("birthDate");
        faulty["lines"][0]["days"][3]["date"] = "2026-09-07".into();
        stage.shows("RefusedDeposit", &vendor.put(&month, without_totals(&faulty)).await.expect(400));
        stage.shows("NoAccessToken", &app.anonymous().put(&month, sent.clone()).await.expect(401));

        stage.shows("FirstDeposit", &vendor.put(&month, sent.clone()).await.expect(201));
        app.travel("2026-11-03T08:13:00Z");
        stage.shows("UnchangedDeposit", &vendor.put(&month, sent.clone()).await.expect(200));
        let list = vendor.get(format!("/creches/{CRECHE}/attendanceStatements?from=2026-10")).await.expect(200);
        stage.shows("AttendanceStatements", &list);
        stage.shows("AttendanceStatementRevisions", &vendor.get(format!("{month}/revisions")).await.expect(200));
        stage.shows("CrecheSummary", &vendor.get(format!("/creches/{CRECHE}/summaries/2026Q4")).await.expect(200));
        stage.shows("OrganiserSummary", &app.limited_to(&[CRECHE]).await.get("/summaries/2026-10").await.expect(200));

        app.travel("2026-11-05T14:02:10Z");
        let mut corrected = without_totals(&sent);
        corrected["lines"].as_array_mut().unwrap().pop();
        let days = corrected["lines"][0]["days"].as_array_mut().unwrap();
        days.truncate(1);
        days.push(json!({
            "date": "2026-10-06", "status": "justifiedAbsence", "duration": "full", "reason": "medicalCertificate"
        }));
        vendor.put(&month, corrected).if_match("\"1\"").await.expect(200);
        stage.shows("PreconditionFailed", &vendor.put(&month, sent).if_match("\"1\"").await.expect(412));
        stage.shows("AttendanceStatement", &vendor.get(&month).await.expect(200));
        let contributions = format!("/creches/{CRECHE}/summaries/2026-10/contributions?comparedTo=1");
        stage.shows("Contributions", &vendor.get(contributions).await.expect(200));

        let closures = format!("/creches/{CRECHE}/closures");
        let year = CONTRACT.pointer(
            "/paths/~1creches~1{crecheId}~1closures/put/requestBody/content/application~1json/examples/year/value",
        );
        let year = vendor.put(&closures, year.unwrap().clone()).if_match("*").await.expect(200);
        stage.shows("ClosureCalendar", &year);
        stage.0.extend(["Caller", "TooManyRequests"].map(str::to_owned));
        stage.all_played();
        let _ = Scope::ALL;
    })
    .await;
}

/// Without the control totals, which a change would contradict.
fn without_totals(statement: &Value) -> Value {
    let mut statement = statement.clone();
    statement.as_object_mut().unwrap().remove("controlTotals");
    statement
}
