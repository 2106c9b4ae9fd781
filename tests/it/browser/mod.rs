//! The console in a real browser: what people do on both engines, how pages look on one.

mod claim;
mod forms;
mod login;
mod pages;
mod states;
mod story;

use passerelle::store::DbOptions;

use crate::cli::Operator;
use crate::harness::browser::{Browser, Tools};
use crate::harness::database::{Database, each_engine};
use crate::harness::process::{Sandbox, sandbox};

/// A July that a vendor's software would send.
const JULY: &str = include_str!("../../../sandbox/tour/2026-07.json");

/// A July of consultations; one of them on the National Day.
const CONSULTATIONS: &str = r#"{"lines":[
    {"date":"2026-07-06","arrival":"09:00","departure":"10:30","inami":"19006951001","feeCents":9000,"travelCents":1250},
    {"date":"2026-07-21","arrival":"13:00","departure":"15:00","inami":"19006951001","feeCents":12000}]}"#;

/// A sandbox that runs, and a browser in front of it.
pub(crate) struct Stage {
    pub(crate) browser: Browser,
    pub(crate) sandbox: Sandbox,
    /// The operator of the sandbox.
    pub(crate) operator: Operator,
    /// The sandbox's database.
    pub(crate) database: Database,
}

impl Stage {
    /// Opens a page.
    pub(crate) async fn go(&self, path: &str) {
        self.browser.go(&format!("{}{path}", self.sandbox.text("/baseUrl"))).await;
    }

    /// Logs in as a persona of the simulated CSAM, with eID.
    pub(crate) async fn log_in(&self, person: &str) {
        self.go("/console/login").await;
        self.identify(person).await;
        self.browser.shows(person).await;
        self.browser.is_at("/console").await;
    }

    /// Logs in through the page that leads to the log-in.
    pub(crate) async fn identify(&self, person: &str) {
        self.browser.press("Se connecter avec eID ou itsme").await;
        self.browser.tick(person).await;
        self.browser.tick("eID").await;
        self.browser.click("button[value=allow]").await;
    }

    /// Logs in as a person who is none of the personas.
    pub(crate) async fn log_in_as(&self, ssin: &str) {
        self.go("/console/login").await;
        self.browser.press("Se connecter avec eID ou itsme").await;
        self.browser.click("input[value=other]").await;
        for (field, typed) in [("NISS", ssin), ("Prénom", "Ada"), ("Nom", "Agent")] {
            self.browser.fill(field, typed).await;
        }
        self.browser.click("button[value=allow]").await;
        self.browser.shows("Ada Agent").await;
        self.browser.is_at("/console").await;
    }

    /// The first crèche of the first organiser.
    pub(crate) fn creche(&self) -> &str {
        self.sandbox.text("/organisers/0/creches/0/id")
    }

    /// The page contains this text and breaks no rule. A screenshot is stored where configured.
    pub(crate) async fn sound(&self, name: &str, says: &str) {
        self.browser.shows(says).await;
        self.browser.picture(name).await;
        self.browser.is_accessible().await;
    }
}

/// Plays `story` in a window of this width on each engine.
pub(crate) async fn each_stage(width: u32, story: impl AsyncFn(&Stage)) {
    let Some(tools) = Tools::find() else { return };
    each_engine(async |database| play(&tools, database, width, &story).await).await;
}

/// Plays `story` in a window of this width: one that is about how pages look, which no engine changes.
pub(crate) async fn one_stage(width: u32, story: impl AsyncFn(&Stage)) {
    let Some(tools) = Tools::find() else { return };
    play(&tools, &Database::sqlite().await, width, &story).await;
}

async fn play(tools: &Tools, database: &Database, width: u32, story: &impl AsyncFn(&Stage)) {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&mut sandbox(Some(folder.path()), Some(database)));
    let key = std::fs::read_to_string(folder.path().join("master.key")).unwrap().trim().to_owned();
    let operator = Operator::with(&database.url, key);
    operator.configure(&database.url, "deployment = \"sandbox\"");
    let database = database.opened_with(DbOptions::default()).await;
    let stage = Stage { browser: Browser::open(tools, width).await, sandbox, operator, database };
    story(&stage).await;
    stage.browser.close().await;
}
