//! The same for an organiser's users: stored and logged data identifies no user.

use std::sync::Arc;

use passerelle::app::sessions::{self, VerifiedIdentity};
use passerelle::clock::System;
use passerelle::domain::key::Deployment;
use passerelle::domain::ssin::Ssin;
use passerelle::seal::MasterKey;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use super::{Needle, everything_kept, holds, needles, talkative, tells_nothing};
use crate::cli::{Operator, each_operator};
use crate::harness::app::application;
use crate::harness::database::Database;
use crate::harness::people::ssin;

/// Given name, family name, mailbox.
const PEOPLE: [(&str, &str, &str); 3] = [
    ("Quetzaline", "Vermeulebroucke", "q.vermeulebroucke@lucioles.example"),
    ("Wolfgangelo", "D'Hondtschoote", "wolfgangelo@lucioles.example"),
    ("Xénophonie", "Zwaenepoelaert", "xenophonie@lucioles.example"),
];

/// The number of one of them.
fn number(at: usize) -> String {
    ssin(9_000 + u32::try_from(at).unwrap())
}

/// The number as cards print it.
fn card(number: &str) -> String {
    format!("{}.{}.{}-{}.{}", &number[..2], &number[2..4], &number[4..6], &number[6..9], &number[9..])
}

fn numbers() -> Vec<Needle> {
    (0..3).flat_map(|at| [number(at), card(&number(at))]).flat_map(|text| needles(&text)).collect()
}

/// All personal data, in every encoding in which it could be stored.
fn personal() -> Vec<Needle> {
    let words = PEOPLE.into_iter().flat_map(|(given, family, email)| [given, family, email].map(needles));
    words.flatten().chain(numbers()).collect()
}

/// One of them, as a JSON document for creation.
fn new_user(at: usize) -> Value {
    let (given, family, email) = PEOPLE[at];
    json!({
        "givenName": given, "familyName": family, "email": email, "ssin": number(at), "profile": "userManager",
        "consentCertified": true,
    })
}

/// The first of them in a browser, at a running gateway.
struct Visitor {
    http: Client,
    origin: String,
    cookie: String,
    csrf: String,
}

impl Visitor {
    async fn log_in(operator: &Operator, database: &Database, origin: &str) -> Self {
        let key = MasterKey::parse(&operator.master_key).unwrap();
        let app = application(database, key, Deployment::Production, Arc::new(System)).await;
        let (given_name, family_name) = (PEOPLE[0].0.to_owned(), PEOPLE[0].1.to_owned());
        let identity = VerifiedIdentity { given_name, family_name, id_token: None, authenticated_at: None };
        let begun = sessions::begin(&app, &Ssin::parse(&number(0)).unwrap(), "eid", identity).await.unwrap();
        let csrf = sessions::resume(&app, &begun.secret).await.unwrap().unwrap().csrf;
        let http = passerelle::outbound::client::loopback().build().unwrap();
        Self { http, origin: origin.to_owned(), cookie: format!("passerelle-session={}", begun.secret), csrf }
    }

    fn api(&self, method: &str, path: &str, body: impl Into<reqwest::Body>) -> RequestBuilder {
        let url = format!("{}/creche/v1{path}", self.origin);
        let request = self.http.request(method.parse().unwrap(), url).header("cookie", &self.cookie);
        let request = request.header("passerelle-csrf-token", &self.csrf).header("if-match", "*");
        if method == "GET" { request } else { request.header("content-type", "application/json").body(body) }
    }

    fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let token = [("csrf", self.csrf.as_str())];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(token.iter().chain(fields)).finish();
        let request = self.http.post(format!("{}{path}", self.origin)).header("cookie", &self.cookie);
        request.header("content-type", "application/x-www-form-urlencoded").body(body)
    }
}

/// The body of a response with this status.
async fn got(request: RequestBuilder, status: u16) -> Vec<u8> {
    let response = request.send().await.unwrap();
    assert_eq!(response.status().as_u16(), status, "{}", response.url());
    response.bytes().await.unwrap().to_vec()
}

/// Refused requests, with names and numbers where they must not be repeated.
async fn refused(visitor: &Visitor) -> Vec<Vec<u8>> {
    let (given, family, email) = PEOPLE[2];
    let sound = new_user(2).to_string();
    let bodies = [
        sound[..sound.len() / 2].to_owned(),
        sound.replace("\"email\"", &format!("\"{}\"", PEOPLE[1].1)),
        sound.replace("userManager", family),
        sound.replace("\"ssin\":", &format!("\"ssin\":\"{}\",\"ssin\":", number(1))),
        sound.replace(&number(2), &card(&number(2))),
        sound.replace(email, &number(2)),
        json!({ "rights": [{ "crecheId": given, "scopes": [email] }] }).to_string(),
        new_user(1).to_string(),
    ];
    let mut problems = Vec::new();
    for body in bodies {
        problems.push(got(visitor.api("POST", "/users", body), 400).await);
    }
    problems
}

/// Creates, lists and searches users; returns the bodies that may contain names.
async fn exchange(visitor: &Visitor) -> Vec<Vec<u8>> {
    let new = got(visitor.api("POST", "/users", new_user(1).to_string()), 201).await;
    let id = serde_json::from_slice::<Value>(&new).unwrap()["id"].as_str().unwrap().to_owned();
    let renamed = json!({ "givenName": PEOPLE[2].0 }).to_string();
    vec![
        new,
        got(visitor.api("PATCH", &format!("/users/{id}"), renamed), 200).await,
        got(visitor.api("GET", "/users", ""), 200).await,
        got(visitor.api("GET", "/auditEntries", ""), 200).await,
        got(visitor.form("/console/users", &[("words", PEOPLE[1].1)]), 200).await,
        got(visitor.form(&format!("/console/users/{id}"), &[("familyName", PEOPLE[2].1)]), 400).await,
    ]
}

#[tokio::test]
async fn nothing_of_users_is_stored_or_logged_in_clear() {
    each_operator(async |operator, database| {
        let world = operator.register_world();
        let (given, family, email) = PEOPLE[0];
        let add = ["admin", "user", "add", "--organiser", &world.organiser, "--given-name", given];
        let add = [&add[..], &["--family-name", family, "--email", email, "--certified-consent"]].concat();
        let said = operator.run_with_input(&add, &card(&number(0))).expect_success();
        tells_nothing("the command", said.as_bytes(), &personal());
        let gateway = talkative(operator, "json");
        let origin = gateway.line_after("Passerelle listens on").rsplit(' ').next().unwrap().to_owned();
        let visitor = Visitor::log_in(operator, database, &origin).await;
        let open = exchange(&visitor).await;
        assert!(open.iter().all(|body| holds(body, PEOPLE[2].0) || holds(body, PEOPLE[1].1)), "names come back");
        for body in &open {
            tells_nothing("an answer", body, &numbers());
        }
        for body in refused(&visitor).await {
            tells_nothing("a refusal", &body, &personal());
        }
        // The number, which the sender must type again after a refusal: only the response to its sender contains it.
        let again = got(visitor.form("/console/users/new", &[("ssin", &card(&number(2)))]), 400).await;
        assert!(holds(&again, &card(&number(2))));
        for (name, bytes) in everything_kept(database).await {
            tells_nothing(&name, &bytes, &personal());
        }
        let end = gateway.stop();
        assert!(end.errors.contains("DEBUG") && end.errors.contains("addUser"), "every level is written");
        tells_nothing("the log", end.errors.as_bytes(), &personal());
        tells_nothing("the output", end.out.as_bytes(), &personal());
    })
    .await;
}
