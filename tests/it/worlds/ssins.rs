//! A world takes no SSIN that may be somebody's, by whichever way it arrives; the sandbox around it takes every valid one.

use axum::http::Method;
use passerelle::app::AppParts;
use passerelle::domain::ssin::AcceptedSsins;
use serde_json::{Value, json};

use super::{WorldClient, autumn, started};
use crate::harness::app::{ADMINISTRATOR, CRECHE, TestApp};
use crate::harness::book::{book, register};
use crate::harness::call::{JSON, XLSX};
use crate::harness::database::each_engine;
use crate::harness::page::Page;
use crate::harness::people::new_user;
use crate::harness::process::{Caller, answer};
use crate::harness::statement::Sheet;

const CODE: &str = "input.ssinNotInvented";

/// The same number with a sequence that a person may have, and the check digits that go with it.
fn possible(invented: &str, born_from_2000: bool) -> String {
    let nine = format!("{}003", &invented[..6]);
    let century = if born_from_2000 { "2" } else { "" };
    format!("{nine}{:02}", 97 - format!("{century}{nine}").parse::<u64>().unwrap() % 97)
}

/// A child with such a number.
fn sheet() -> Value {
    let mut sheet: Value = Sheet::of("2026-09").child(1, "1:P 2:P").into();
    let ssin = possible(sheet["lines"][0]["ssin"].as_str().unwrap(), true);
    sheet["lines"][0]["ssin"] = ssin.into();
    sheet
}

/// A person with such a number.
fn person(creche: &str) -> Value {
    json!({
        "reference": "E-77", "ssin": possible("850314", false), "givenName": "Ysaline", "familyName": "Vandeputte",
        "contracts": [{
            "reference": "C-1", "status": "contractual", "startDate": "2024-09-01",
            "functions": [{ "crecheId": creche, "category": "childcare", "fteHundredths": 50 }],
        }],
    })
}

/// A document: where it is sent, its place of the number, and what is sent.
struct Sent {
    method: Method,
    path: String,
    media: &'static str,
    body: Vec<u8>,
    place: (&'static str, &'static str),
}

/// Every document of software with a number.
fn documents(creche: &str) -> Vec<Sent> {
    let (sheet, person) = (sheet(), person(creche));
    let members = json!({ "members": [person] });
    let ask = json!({ "ssin": person["ssin"], "familyName": "Vandeputte" });
    let attendance = format!("/creches/{creche}/attendanceStatements/2026-09");
    let sent = |method, path: &str, media, body, place| Sent { method, path: path.to_owned(), media, body, place };
    let json = |document: &Value| document.to_string().into_bytes();
    vec![
        sent(Method::PUT, &attendance, JSON, json(&sheet), ("name", "/lines/0/ssin")),
        sent(Method::PUT, &attendance, XLSX, book("2026-09", &sheet), ("cell", "Présences!E2")),
        sent(Method::PUT, "/staffRegister", JSON, json(&members), ("name", "/members/0/ssin")),
        sent(Method::PUT, "/staffRegister", XLSX, register(&members), ("cell", "Personnes!B2")),
        sent(Method::POST, "/staffMembers", JSON, json(&person), ("name", "/ssin")),
        sent(Method::POST, "/staffMembers/query", JSON, json(&ask), ("name", "/ssin")),
    ]
}

impl Sent {
    async fn by(self, caller: &Caller, dry_run: &str) -> (u16, Value) {
        let path = format!("{}{dry_run}", self.path);
        let request = match self.method {
            Method::PUT => caller.put(&path, self.media, self.body),
            _ => caller.post(&path, String::from_utf8(self.body).unwrap()),
        };
        answer(request).await.unwrap()
    }
}

#[tokio::test]
async fn a_world_refuses_at_its_place_what_the_sandbox_takes() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let world = WorldClient::of(&sandbox).make(autumn(1)).await;
    let vendor = world.vendor();
    let before = vendor.read("/staffMembers").await.1;
    for document in documents(world.creche()) {
        let (path, (member, place)) = (document.path.clone(), document.place);
        let (status, problem) = document.by(&vendor, "").await;
        let issue = &problem["issues"][0];
        assert_eq!((status, &issue["code"], &issue[member]), (400, &json!(CODE), &json!(place)), "{path}: {problem}");
        assert_eq!(problem["issues"].as_array().unwrap().len(), 1, "{problem}");
        assert!(issue["detail"].as_str().unwrap().contains("951 to 998"), "{problem}");
        for number in [possible("850314", false), sheet()["lines"][0]["ssin"].as_str().unwrap().to_owned()] {
            assert!(!problem.to_string().contains(&number), "{problem}");
        }
    }
    assert_eq!(vendor.read(&world.attendance("2026-09")).await.0, 404);
    assert_eq!(vendor.read("/staffMembers").await.1, before);
    assert_eq!(world.deposit("2026-09").await.0, 201, "invented numbers are taken");
    for document in documents(sandbox.text("/organisers/0/creches/0/id")) {
        let (path, dry_run) =
            (document.path.clone(), if document.path.ends_with("query") { "" } else { "?dryRun=true" });
        let (status, answered) = document.by(&sandbox.vendor(), dry_run).await;
        assert_eq!(status, 200, "{path}: {answered}");
    }
    let deposit = documents(sandbox.text("/organisers/0/creches/0/id")).remove(0);
    assert_eq!(deposit.by(&sandbox.vendor(), "").await.0, 201);
}

/// The parts of a world.
fn invented_only(parts: &mut AppParts) {
    parts.accepted_ssins = AcceptedSsins::Invented;
}

/// What the shared sandbox and a world answer to one act.
async fn both(act: impl AsyncFn(&TestApp, bool)) {
    each_engine(async |database| act(&TestApp::start(database).await, true).await).await;
    each_engine(async |database| act(&TestApp::of_parts(database, invented_only).await, false).await).await;
}

#[tokio::test]
async fn a_user_is_refused_by_the_api_and_on_the_page() {
    both(async |app, taken| {
        let mut user = new_user(1);
        user["ssin"] = possible(user["ssin"].as_str().unwrap(), false).into();
        let administrator = app.person(ADMINISTRATOR).await;
        if taken {
            administrator.post("/users", user).await.expect(201);
            return;
        }
        let refused = administrator.post("/users", user.clone()).await.expect(400);
        assert_eq!(refused.codes("issues"), [CODE]);
        let text = |name: &str| user[name].as_str().unwrap();
        let names = ["givenName", "familyName", "email", "ssin"];
        let mut fields: Vec<_> = names.map(|name| (name, text(name))).into();
        fields.extend([("profile", "userManager"), ("consentCertified", "true")]);
        let page = app.browser(ADMINISTRATOR).await.send("/console/users/new", &fields).await.expect(400);
        page.says(&["n’est pas inventé", "de 951 à 998"]);
        let users = administrator.get("/users").await.expect(200);
        assert!(!users.json.to_string().contains("Vandeputte"), "{}", users.json);
    })
    .await;
}

#[tokio::test]
async fn a_typed_table_is_neither_saved_nor_deposited() {
    both(async |app, taken| {
        let browser = app.browser(ADMINISTRATOR).await;
        let table = format!("/console/creches/{CRECHE}/attendance/2026-09/table");
        browser.send(format!("{table}/begin"), &[("start", "blank"), ("lines", "1")]).await.expect(303);
        let page = browser.page(&table).await.expect(200);
        let sheet = sheet();
        let texts = cells(&page, &sheet["lines"][0]);
        for (action, status) in [("autosave", 200), ("save", 303), ("deposit", 303)] {
            let own = hidden_fields(&browser.page(&table).await.expect(200));
            let answered = browser.send(&table, &form(&own, &texts, action)).await;
            if taken {
                answered.expect(status);
            } else {
                let refused = answered.expect(400).says(&["n’est pas inventé", "value=\"Exemple1\""]);
                assert_eq!(refused.input_values("c")[4], texts[4]);
                let stored = browser.page(&table).await.expect(200);
                assert!(stored.input_values("c").iter().all(String::is_empty), "the blank one is stored");
            }
        }
        let deposited = app.vendor().get(format!("/creches/{CRECHE}/attendanceStatements/2026-09")).await;
        assert_eq!(deposited.status, if taken { 200 } else { 404 });
    })
    .await;
}

/// The cells of a page with a child in the first row.
fn cells(page: &Page, line: &Value) -> Vec<String> {
    let mut texts = page.input_values("c");
    for (column, name) in ["reference", "familyName", "givenName", "birthDate", "ssin"].into_iter().enumerate() {
        line[name].as_str().unwrap().clone_into(&mut texts[column]);
    }
    "P".clone_into(&mut texts[7]);
    texts
}

/// What else a page of a table sends.
fn hidden_fields(page: &Page) -> [(&'static str, String); 3] {
    ["version", "page", "rows"].map(|name| (name, page.input_values(name)[0].clone()))
}

/// What a page of a table sends.
fn form<'a>(page: &'a [(&'static str, String)], texts: &'a [String], action: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<_> = page.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.extend(texts.iter().map(|text| ("c", text.as_str())));
    fields.push(("action", action));
    fields
}
