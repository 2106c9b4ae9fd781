//! External applications: registered, changed, switched off by their organiser, over the API and in the console.

mod api;
mod console;
mod notices;
mod rights;
mod uses;

use passerelle::domain::key::KeyText;
use serde_json::{Value, json};

use crate::harness::app::{ADMINISTRATOR, CRECHE, TestApp};
use crate::harness::call::{Persona, Reply};
use crate::harness::page::Page;

/// A whole description.
fn described() -> Value {
    json!({
        "name": "Agenda", "vendor": "Logiciels du Sud",
        "contact": { "name": "Élise Desk", "email": "desk@sud.example", "phone": "+32 2 555 01 23" },
        "purpose": "Présences", "scopes": ["attendance:read", "attendance:write"], "creches": [CRECHE],
        "endsOn": "2026-12-31",
    })
}

/// An administrator, and an application just registered.
async fn registered(app: &TestApp) -> (Persona<'_>, String) {
    let administrator = app.person(ADMINISTRATOR).await;
    let new = administrator.post("/applications", described()).await.expect(201);
    let path = format!("/applications/{}", new["id"].as_str().unwrap());
    (administrator, path)
}

/// The text of a key just issued.
fn text(reply: &Reply) -> String {
    let text = reply["key"].as_str().unwrap().to_owned();
    assert!(KeyText::parse(&text).is_ok());
    text
}

/// The text of the key on a page.
fn shown(page: &Page) -> String {
    let (_, rest) = page.text.split_once("<code id=\"key\">").unwrap();
    rest.split_once('<').unwrap().0.to_owned()
}

/// The value of a hidden field.
fn hidden(page: &Page, name: &str) -> String {
    let (_, rest) = page.text.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

/// What kinds of event there are, each with what it is about.
async fn event_subjects(app: &TestApp) -> Vec<(String, String)> {
    app.events().await.into_iter().filter_map(|(_, event)| Some((event.kind.to_string(), event.subject?))).collect()
}
