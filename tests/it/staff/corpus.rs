//! The table of cases in `sandbox/corpus/staff.json`: every rule of the register broken and met, by every channel.

use std::collections::BTreeSet;

use axum::http::Method;
use jiff::civil::Date;
use passerelle::app::check::{CheckedKind, OfflineContext, check};
use passerelle::domain::key::{Scope, Scopes};
use passerelle::domain::rule_catalogue;
use passerelle::domain::rules::staff;
use passerelle::ingest::workbook::xls::XlsReader;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::channels::places::{differs, fields, reported};
use crate::harness::app::{FOREIGN, TestApp};
use crate::harness::book::register;
use crate::harness::call::{JSON, Persona, Reply, XLSX};
use crate::harness::database::{Database, each_engine};
use crate::harness::legacy::legacy;

const XLS: &str = "application/vnd.ms-excel";

#[derive(Deserialize)]
struct Corpus {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    rule: String,
    title: String,
    context: Context,
    #[serde(default)]
    also: BTreeSet<String>,
    #[serde(rename = "doors")]
    channels: Option<BTreeSet<String>>,
    failing: Value,
    passing: Value,
}

/// The stored data that the document is validated against.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    today: Date,
    #[serde(default)]
    held: Vec<Value>,
    #[serde(default)]
    known_elsewhere: Vec<Value>,
    documents: Option<bool>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str::<Corpus>(include_str!("../../../sandbox/corpus/staff.json")).unwrap().cases
}

impl Context {
    /// Makes it so.
    async fn prepare(&self, app: &TestApp, database: &Database) {
        app.travel(&format!("{}T12:00:00Z", self.today));
        for table in ["staff_post", "staff_member", "staff_register", "staff_revision", "staff_person", "staff_probe"] {
            database.tamper(&format!("delete from {table}")).await;
        }
        if !self.held.is_empty() {
            app.vendor().put("/staffRegister", json!({ "members": self.held })).await.expect(200);
        }
        for (at, person) in self.known_elsewhere.iter().enumerate() {
            let person = json!({ "reference": format!("X-{at}"), "ssin": person["ssin"], "givenName": "Somebody",
                "familyName": person["familyName"], "contracts": [super::contract("C-1", FOREIGN, 50)] });
            app.other_organiser().post("/staffMembers", person).await.expect(201);
        }
    }

    /// Who sends.
    async fn sender<'a>(&self, app: &'a TestApp) -> Persona<'a> {
        if self.documents == Some(false) {
            let without = |scope: &Scope| *scope != Scope::StaffDocumentsWrite;
            return app.with_scopes(Scopes::all().iter().filter(without)).await;
        }
        app.vendor()
    }
}

async fn tried(sender: &Persona<'_>, channel: &str, document: &Value) -> Reply {
    let (media, body) = match channel {
        "json" => (JSON, document.to_string().into_bytes()),
        _ => (XLSX, register(document)),
    };
    sender.call(Method::PUT, "/staffRegister?dryRun=true").body(media, body).await
}

fn found(reply: &Reply) -> BTreeSet<&str> {
    reply.codes("issues").into_iter().chain(reply.codes("warnings")).collect()
}

#[tokio::test]
async fn every_case_has_the_same_findings_by_every_channel() {
    each_engine(async |database| {
        let app = TestApp::start(database).await;
        let mut wrong = Vec::new();
        for case in cases() {
            case.context.prepare(&app, database).await;
            let sender = case.context.sender(&app).await;
            let severity = rule_catalogue::find(&case.rule).expect("a rule").severity.name();
            let expected: BTreeSet<_> = case.also.iter().chain([&case.rule]).map(String::as_str).collect();
            for channel in ["json", "xlsx"] {
                if case.channels.as_ref().is_some_and(|channels| !channels.contains(channel)) {
                    continue;
                }
                let name = format!("{}: {} ({channel})", case.rule, case.title);
                let broken = tried(&sender, channel, &case.failing).await;
                if found(&broken) != expected || broken.status != if severity == "error" { 400 } else { 200 } {
                    wrong.push(format!("{name} is not broken so: {:#}", broken.json));
                }
                let accepted = tried(&sender, channel, &case.passing).await;
                if accepted.status != 200 || found(&accepted).contains(case.rule.as_str()) {
                    wrong.push(format!("{name} is not kept: {:#}", accepted.json));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn a_legacy_workbook_has_the_findings_of_the_other_channels() {
    let cases: Vec<_> = cases()
        .into_iter()
        .filter(|case| case.channels.as_ref().is_none_or(|channels| channels.contains("xlsx")))
        .collect();
    let books: Vec<_> = cases.iter().map(|case| register(&case.failing)).collect();
    let Some(books) = legacy(&books) else { return };
    let database = Database::sqlite().await;
    let app = TestApp::start(&database).await;
    for (case, book) in cases.iter().zip(books) {
        case.context.prepare(&app, &database).await;
        let sender = case.context.sender(&app).await;
        let reply = sender.call(Method::PUT, "/staffRegister?dryRun=true").body(XLS, book).await;
        let expected: BTreeSet<_> = case.also.iter().chain([&case.rule]).map(String::as_str).collect();
        assert_eq!(found(&reply), expected, "{}: {}: {:#}", case.rule, case.title, reply.json);
    }
}

#[tokio::test]
async fn off_line_findings_are_the_same_but_for_those_that_need_stored_data() {
    let xls = XlsReader::new(env!("CARGO_BIN_EXE_passerelle").into());
    for case in cases() {
        let offline_context: OfflineContext = serde_json::from_value(json!({ "today": case.context.today })).unwrap();
        for channel in ["json", "xlsx"] {
            if case.channels.as_ref().is_some_and(|channels| !channels.contains(channel)) {
                continue;
            }
            let bytes = if channel == "json" { case.failing.to_string().into_bytes() } else { register(&case.failing) };
            assert_eq!(CheckedKind::recognised(&bytes, &xls).await, CheckedKind::StaffRegister, "{}", case.title);
            let checked = check(CheckedKind::StaffRegister, &bytes, None, &offline_context, None, &xls).await.unwrap();
            let blind: BTreeSet<_> = checked.not_checked.iter().map(|rule| rule.code).collect();
            let expected: BTreeSet<_> = case.also.iter().chain([&case.rule]).map(String::as_str).collect();
            let reported: BTreeSet<_> = checked.findings.iter().map(|finding| finding.rule.code).collect();
            assert!(reported.is_subset(&expected), "{}: {} ({channel}): {reported:?}", case.rule, case.title);
            let missing: BTreeSet<_> = expected.difference(&reported).copied().collect();
            assert!(missing.is_subset(&blind), "{}: {} ({channel}): {missing:?}", case.rule, case.title);
        }
    }
}

#[tokio::test]
async fn every_channel_has_the_same_findings_at_the_same_places() {
    let reader = XlsReader::new(env!("CARGO_BIN_EXE_passerelle").into());
    let cases = cases();
    let books: Vec<_> = cases.iter().flat_map(|case| [register(&case.failing), register(&case.passing)]).collect();
    let old = legacy(&books);
    let database = Database::sqlite().await;
    let app = TestApp::start(&database).await;
    let mut wrong = Vec::new();
    for (at, case) in cases.iter().enumerate() {
        case.context.prepare(&app, &database).await;
        let sender = case.context.sender(&app).await;
        let by = |channel: &str| case.channels.as_ref().is_none_or(|channels| channels.contains(channel));
        for (turn, document) in [&case.failing, &case.passing].into_iter().enumerate() {
            let book = books[2 * at + turn].clone();
            let mut ways = Vec::new();
            ways.extend(by("json").then(|| ("json", JSON, document.to_string().into_bytes())));
            ways.extend(by("xlsx").then_some(("xlsx", XLSX, book)));
            ways.extend(old.as_ref().filter(|_| by("xlsx")).map(|books| ("xls", XLS, books[2 * at + turn].clone())));
            let (mut first, mut sheet) = (None, None);
            for (way, media, bytes) in ways {
                let name = format!("{}: {} ({turn}, {way})", case.rule, case.title);
                let call = sender.call(Method::PUT, "/staffRegister?dryRun=true");
                let now = reported(&call.body(media, bytes.clone()).await);
                let offline_context: OfflineContext =
                    serde_json::from_value(json!({ "today": case.context.today })).unwrap();
                let checked =
                    check(CheckedKind::StaffRegister, &bytes, None, &offline_context, None, &reader).await.unwrap();
                wrong.extend(differs(&now, &checked).map(|differs| format!("{name}: {differs}")));
                let before = first.get_or_insert_with(|| now.clone());
                if fields(before) != fields(&now) {
                    wrong.push(format!("{name}: {now:?}, not {before:?}"));
                }
                if way != "json" && *sheet.get_or_insert_with(|| now.clone()) != now {
                    wrong.push(format!("{name}: {now:?}, not {sheet:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_rule_of_the_register_has_a_case() {
    let cases = cases();
    let reported: BTreeSet<_> = cases.iter().map(|case| case.rule.as_str()).collect();
    // Cases that need more than a register: a single person, a limited key, an hour's look-ups.
    let elsewhere = [
        &staff::KNOWN,
        &staff::VALIDATION_YEAR,
        &staff::NUMBER_NOT_COMPARED,
        &staff::REFERENCE_TAKEN,
        &staff::SHARED_BEYOND_REACH,
    ];
    let elsewhere = elsewhere.map(|rule| rule.code);
    let all = staff::ALL.iter().map(|rule| rule.code).filter(|code| !elsewhere.contains(code));
    assert_eq!(all.filter(|code| !reported.contains(code)).collect::<Vec<_>>(), [""; 0]);
}
