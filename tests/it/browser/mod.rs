//! The console in a real browser, on both engines.

mod login;
mod pages;

use std::path::Path;

use serde_json::Value;

use crate::harness::browser::{Browser, Tools};
use crate::harness::database::{Database, each_engine};
use crate::harness::process::{Process, sandbox};

/// A sandbox that runs, and a browser in front of it.
pub(crate) struct Stage {
    pub(crate) browser: Browser,
    pub(crate) base: String,
    /// What `sandbox.json` tells.
    pub(crate) world: Value,
    _process: Process,
}

impl Stage {
    fn start(database: &Database, folder: &Path) -> (Process, Value) {
        let process = Process::start(&mut sandbox(Some(folder), Some(database)), "Keys and ids for scripts: ");
        let file = std::fs::read(process.told("Keys and ids for scripts: ")).unwrap();
        (process, serde_json::from_slice(&file).unwrap())
    }

    /// Goes to a page.
    pub(crate) async fn go(&self, path: &str) {
        self.browser.go(&format!("{}{path}", self.base)).await;
    }

    /// Logs in as a persona of the simulated CSAM, with eID.
    pub(crate) async fn log_in(&self, person: &str) {
        self.go("/console/login").await;
        self.browser.press("Se connecter avec eID ou itsme").await;
        self.browser.tick(person).await;
        self.browser.tick("eID").await;
        self.browser.click("button[value=allow]").await;
        self.browser.shows(person).await;
        self.browser.is_at("/console").await;
    }

    /// The page is sound: it says this, and breaks no rule. Its picture is kept where that is wanted.
    pub(crate) async fn sound(&self, name: &str, says: &str) {
        self.browser.shows(says).await;
        self.browser.picture(name).await;
        self.browser.is_accessible().await;
    }
}

/// Plays `story` in a window of this width on each engine.
pub(crate) async fn each_stage(width: u32, story: impl AsyncFn(&Stage)) {
    let Some(tools) = Tools::find() else { return };
    each_engine(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let (process, world) = Stage::start(database, folder.path());
        let base = world["baseUrl"].as_str().unwrap().to_owned();
        let browser = Browser::open(&tools, width).await;
        let stage = Stage { browser, base, world, _process: process };
        story(&stage).await;
        stage.browser.close().await;
    })
    .await;
}
