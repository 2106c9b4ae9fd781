//! Worlds of a sandbox: made, kept apart, reset, exported, deleted; and none of it in production.

mod agency;
mod announced_rules;
mod caps;
mod certification;
mod clock;
mod isolation;
mod lifecycle;
mod page;
mod production;
mod ssins;
mod year;

use std::path::Path;
use std::time::Duration;

use passerelle::outbound::client;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::harness::process::{Caller, Sandbox, answer, sandbox};
use crate::harness::statement::Sheet;

/// A sandbox with its state in a directory.
pub(crate) fn started(data: &Path) -> Sandbox {
    Sandbox::start(&mut sandbox(Some(data), None))
}

/// The client of the tests, and where the sandbox is.
pub(crate) struct WorldClient {
    pub(crate) http: reqwest::Client,
    pub(crate) base: String,
}

/// A world as its maker got it.
pub(crate) struct MadeWorld(pub(crate) Value);

impl WorldClient {
    pub(crate) fn of(sandbox: &Sandbox) -> Self {
        Self::at(sandbox.text("/baseUrl"))
    }

    pub(crate) fn at(base: &str) -> Self {
        // The program that is tested is not optimised, and a move of a clock does weeks of work.
        let http = client::loopback().timeout(Duration::from_mins(2)).build().unwrap();
        Self { http, base: base.to_owned() }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    /// What is answered to a call with a secret.
    pub(crate) async fn call(&self, method: Method, path: &str, secret: &str) -> (u16, Value) {
        answer(self.request(method, path).bearer_auth(secret)).await.unwrap()
    }

    /// Makes a world.
    pub(crate) async fn make(&self, wish: Value) -> MadeWorld {
        let (status, made) = answer(self.request(Method::POST, "/sandbox/worlds").json(&wish)).await.unwrap();
        assert_eq!(status, 201, "{made}");
        MadeWorld(made)
    }
}

impl MadeWorld {
    #[track_caller]
    pub(crate) fn text(&self, pointer: &str) -> &str {
        self.0.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no {pointer} in {}", self.0))
    }

    pub(crate) fn secret(&self) -> &str {
        self.text("/secret")
    }

    /// Its path below the operations on worlds.
    pub(crate) fn path(&self, below: &str) -> String {
        format!("/sandbox/worlds/{}{below}", self.text("/id"))
    }

    /// The software of the first organiser.
    pub(crate) fn vendor(&self) -> Caller {
        Caller::new(self.text("/apiUrl"), self.text("/organisers/0/applications/0/keys/0/key"))
    }

    pub(crate) fn creche(&self) -> &str {
        self.text("/organisers/0/creches/0/id")
    }

    /// The path of the attendance of the first crèche.
    pub(crate) fn attendance(&self, month: &str) -> String {
        format!("/creches/{}/attendanceStatements/{month}", self.creche())
    }

    /// The attendance of a child of the first crèche.
    pub(crate) fn sheet(&self, month: &str) -> String {
        self.sheet_of(month, "1:P 2:P")
    }

    /// The same with other days.
    pub(crate) fn sheet_of(&self, month: &str, days: &str) -> String {
        let mut sheet: Value = Sheet::of(month).child(1, days).into();
        let child = &self.0["children"][self.creche()][0];
        for name in ["reference", "familyName", "givenName", "birthDate", "ssin"] {
            sheet["lines"][0][name] = child[name].clone();
        }
        sheet.to_string()
    }

    /// Deposits it.
    pub(crate) async fn deposit(&self, month: &str) -> (u16, Value) {
        let sheet = self.sheet(month);
        answer(self.vendor().put(&self.attendance(month), "application/json", sheet)).await.unwrap()
    }
}

/// A world of one crèche that begins in the tests' autumn.
pub(crate) fn autumn(seed: u32) -> Value {
    json!({ "shape": "oneCreche", "seed": seed, "startDate": "2026-10-12" })
}
