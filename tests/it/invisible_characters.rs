//! Invisible characters are refused in the names and free texts of every document, with their place and the code point, and
//! never with the text.

use axum::http::Method;
use serde_json::{Value, json};

use crate::cli::Operator;
use crate::harness::app::{ADMINISTRATOR, CRECHE, each_app};
use crate::harness::call::{JSON, Persona, Reply};
use crate::harness::database::each_engine;
use crate::harness::people::new_user;
use crate::harness::statement::Sheet;

/// A mark that turns the direction of what follows.
const MARK: char = '\u{202e}';

async fn refused_at(who: &Persona<'_>, method: Method, path: &str, document: &Value, pointers: &[&str]) {
    for pointer in pointers {
        let mut marked = document.clone();
        let text = marked.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}"));
        *text = format!("Secr{MARK}ette").into();
        let sent = who.call(method.clone(), path).if_match("*").body(JSON, marked.to_string()).await;
        let refused = sent.refused(400, "badRequest");
        let found: Vec<_> = found(&refused, pointer);
        assert_eq!(found, ["input.invisibleCharacter"], "{pointer}: {}", refused.json);
        let said = refused.json.to_string();
        assert!(said.contains("U+202E") && !said.contains("ette") && !said.contains(MARK), "{said}");
    }
}

/// The codes of findings at a place.
fn found(reply: &Reply, pointer: &str) -> Vec<String> {
    let issues = reply["issues"].as_array().into_iter().flatten();
    let here = issues.filter(|issue| issue["name"] == pointer).filter_map(|issue| issue["code"].as_str());
    here.map(str::to_owned).collect()
}

#[tokio::test]
async fn children_and_their_references() {
    each_app(async |app| {
        let sheet = Value::from(Sheet::of("2026-07").child(1, "1:P"));
        let path = format!("/creches/{CRECHE}/attendanceStatements/2026-07");
        let names = ["/lines/0/familyName", "/lines/0/givenName", "/lines/0/reference"];
        refused_at(&app.vendor(), Method::PUT, &path, &sheet, &names).await;
    })
    .await;
}

#[tokio::test]
async fn members_of_staff() {
    each_app(async |app| {
        let person = json!({ "reference": "E-9", "givenName": "Aline", "familyName": "Exemple", "birthDate": "1985-03-14",
            "trainings": [{ "kind": "diploma", "title": "Puériculture", "date": "2010-06-30" }] });
        let names = ["/reference", "/givenName", "/familyName", "/trainings/0/title"];
        refused_at(&app.vendor(), Method::POST, "/staffMembers", &person, &names).await;
        let register = json!({ "members": [person] });
        refused_at(&app.vendor(), Method::PUT, "/staffRegister", &register, &["/members/0/familyName"]).await;
    })
    .await;
}

#[tokio::test]
async fn doctors() {
    each_app(async |app| {
        let doctor = json!({ "inami": "17385467004", "givenName": "Youssef", "familyName": "Exemple",
            "street": "Rue des Tilleuls", "houseNumber": "12", "postcode": "5000", "town": "Namur",
            "mobile": "+32 470 00 00 02", "officePhone": "+32 81 00 00 02", "email": "youssef@cabinet.example",
            "function": "paediatrician", "startDate": "2026-09-01", "crecheIds": [CRECHE] });
        let names =
            ["givenName", "familyName", "street", "houseNumber", "town", "mobile"].map(|name| format!("/{name}"));
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        refused_at(&app.vendor(), Method::POST, "/doctors", &doctor, &names).await;
        let entered = app.vendor().post("/doctors", doctor).await.expect(201);
        let path = format!("/doctors/{}", entered["id"].as_str().unwrap());
        let town = json!({ "town": format!("Na{MARK}mur") });
        let refused = app.vendor().patch(&path, town).if_match("*").await.refused(400, "badRequest");
        assert_eq!(refused.codes("issues"), ["input.invisibleCharacter"]);
        let decision = json!({ "decision": "refused", "reason": "Diplôme manquant" });
        refused_at(&app.agent().await, Method::PUT, &format!("{path}/validation"), &decision, &["/reason"]).await;
    })
    .await;
}

#[tokio::test]
async fn applications_users_and_endpoints() {
    each_app(async |app| {
        let administrator = app.person(ADMINISTRATOR).await;
        let application = json!({ "name": "Agenda", "vendor": "Logiciels du Sud", "purpose": "Présences",
            "contact": { "name": "Élise Desk", "email": "desk@sud.example", "phone": "+32 2 555 01 23" },
            "scopes": ["attendance:read"] });
        let names = ["/name", "/vendor", "/purpose", "/contact/name", "/contact/phone"];
        refused_at(&administrator, Method::POST, "/applications", &application, &names).await;
        refused_at(&administrator, Method::POST, "/users", &new_user(1), &["/givenName", "/familyName"]).await;
        let endpoint = json!({ "url": "https://hooks.example/", "description": "Comptabilité" });
        refused_at(&app.vendor(), Method::POST, "/webhookEndpoints", &endpoint, &["/description"]).await;
    })
    .await;
}

#[tokio::test]
async fn every_kind_of_mark_in_three_languages() {
    each_app(async |app| {
        for mark in
            ['\u{202a}', '\u{2066}', '\u{2069}', '\u{200e}', '\u{200f}', '\u{61c}', '\u{ad}', '\u{2060}', '\u{2028}']
        {
            let sheet = Sheet::of("2026-07").child(1, "1:P").with("familyName", format!("Ma{mark}es"));
            for (language, word) in [("fr", "invisible"), ("nl", "onzichtbaar"), ("en", "invisible")] {
                let put = app.vendor().put(format!("/creches/{CRECHE}/attendanceStatements/2026-07"), &sheet);
                let refused = put.language(language).await.refused(400, "badRequest");
                let detail = refused["issues"][0]["detail"].as_str().unwrap();
                assert!(detail.contains(word) && detail.contains(&format!("U+{:04X}", u32::from(mark))), "{detail}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_an_operator_types_or_brings_in() {
    each_engine(async |database| {
        let operator = Operator::at(database);
        let name = format!("ASBL Les {MARK}Loups");
        let refused =
            operator.run(&["admin", "organiser", "add", &name, "--enterprise-number", "0566988259"]).refused();
        assert!(refused.contains("U+202E"), "{refused}");
        let marked =
            include_str!("../../sandbox/samples/registry.csv").replace("Les Marmots;non", "Les Mar\u{ad}mots;non");
        let file = operator.file("registry.csv", marked);
        let answer = operator.run(&["admin", "import", &file, "--certified-consent", "--dry-run", "--json"]);
        assert_eq!(answer.status, 1, "{}{}", answer.out, answer.err);
        assert!(answer.out.contains("input.invisibleCharacter") && answer.out.contains("U+00AD"), "{}", answer.out);
    })
    .await;
}
