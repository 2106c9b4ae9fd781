//! The command itself, run as a process: its exit status and its output.

mod backup;
mod check;
mod closures;
mod deployment;
mod doctor;
mod imported;
mod master_key;
mod receipt;
mod registry;
mod retention;
mod serve;
mod trail;
mod users;

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use passerelle::seal::MasterKey;
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::database::{Database, each_engine};
use crate::harness::process::{self, Caller, Process};

/// An operator at the command line, with a configuration file and a migrated database.
pub(crate) struct Operator {
    home: TempDir,
    pub(crate) config: PathBuf,
    pub(crate) master_key: String,
}

/// What a command answered.
pub(crate) struct Answer {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Answer {
    /// What it answered when all went well.
    #[track_caller]
    pub(crate) fn expect_success(self) -> String {
        assert_eq!(self.status, 0, "{}{}", self.out, self.err);
        self.out
    }

    /// The same, as a document.
    #[track_caller]
    pub(crate) fn expect_json(self) -> Value {
        serde_json::from_str(&self.expect_success()).unwrap()
    }

    /// What it complained of when it did nothing.
    #[track_caller]
    pub(crate) fn refused(self) -> String {
        assert_eq!((self.status, self.out.as_str()), (2, ""), "{}", self.err);
        self.err
    }
}

impl Operator {
    /// At a production gateway's database.
    pub(crate) fn at(database: &Database) -> Self {
        Self::with(&database.url, MasterKey::generate().expose())
    }

    /// At the database that this master key opens.
    pub(crate) fn with(url: &str, master_key: String) -> Self {
        let home = tempfile::tempdir().unwrap();
        let operator = Self { config: home.path().join("passerelle.toml"), home, master_key };
        operator.configure(url, "");
        operator
    }

    /// Writes the configuration, with `more` settings before its tables.
    pub(crate) fn configure(&self, url: &str, more: &str) {
        let (url, key) = (Value::from(url), &self.master_key);
        let text = format!("{more}\n[database]\nurl = {url}\n[security]\nmasterKey = \"{key}\"\n");
        self.write(&text);
    }

    /// Writes the configuration, for its owner alone.
    fn write(&self, text: &str) {
        std::fs::write(&self.config, text).unwrap();
        std::fs::set_permissions(&self.config, std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Adds tables to the configuration.
    pub(crate) fn configure_more(&self, tables: &str) {
        let text = std::fs::read_to_string(&self.config).unwrap();
        std::fs::write(&self.config, format!("{text}{tables}")).unwrap();
    }

    /// Writes the configuration with these master keys.
    pub(crate) fn configure_keys(&self, url: &str, current: &str, previous: Option<&str>) {
        let previous = previous.map(|key| format!("previousMasterKey = \"{key}\"\n")).unwrap_or_default();
        let security = format!("[security]\nmasterKey = \"{current}\"\n{previous}");
        self.write(&format!("{security}[database]\nurl = {}\n", Value::from(url)));
    }

    /// A path in a directory that vanishes with the test.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// A file of the operator's.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), content).unwrap();
        name.to_owned()
    }

    /// The program with these words, at the operator's place.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = process::command(words.iter().copied());
        command.arg("--config").arg(&self.config).current_dir(self.home.path());
        command
    }

    /// What the program answers to these words.
    pub(crate) fn run(&self, words: &[&str]) -> Answer {
        answer(&mut self.command(words))
    }

    /// What the program answers to these words when this is typed in.
    pub(crate) fn run_with_input(&self, words: &[&str], typed: &str) -> Answer {
        let file = self.path(&self.file("typed", typed));
        answer(self.command(words).stdin(std::fs::File::open(file).unwrap()))
    }

    /// An act, and what it answers to programs.
    #[track_caller]
    pub(crate) fn admin_json(&self, words: &[&str]) -> Value {
        self.run(&[&["admin"], words, &["--json"]].concat()).expect_json()
    }

    /// A running gateway.
    pub(crate) fn serve(&self) -> Serving {
        let mut command = self.command(&["serve"]);
        command.env("PASSERELLE_LISTEN", "127.0.0.1:0").env("PASSERELLE_LOG__FILTER", "warn");
        let process = Process::start(&mut command, "Passerelle listens on ");
        let api = format!("{}/creche/v1", process.line_after("Passerelle listens on ").rsplit(' ').next().unwrap());
        Serving { process, api }
    }

    /// An organiser with a crèche and an application that has a live key for everything.
    pub(crate) fn register_world(&self) -> World {
        let organiser =
            id(&self.admin_json(&["organiser", "add", "Les Lucioles", "--enterprise-number", "0566.988.259"]));
        let creche = ["creche", "add", "--organiser", &organiser, "Le Nid", "--one-number", "73/1", "--places", "18"];
        let creche = id(&self.admin_json(&[&creche[..], &["--from", "2020-01-01"]].concat()));
        let application =
            ["application", "add", "--organiser", &organiser, "Présences+", "--vendor", "Logiciels du Sud"];
        let application = id(&self.admin_json(&application));
        let world = World { organiser, creche, application, key: String::new() };
        let issued = self.admin_json(&world.issue(&["--kind", "live", "--all-scopes"]));
        World { key: issued["key"].as_str().unwrap().to_owned(), ..world }
    }
}

/// What a test works with, by its ids.
pub(crate) struct World {
    pub(crate) organiser: String,
    pub(crate) creche: String,
    pub(crate) application: String,
    pub(crate) key: String,
}

impl World {
    /// The words that issue a key to the application.
    pub(crate) fn issue<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        let words = ["key", "issue", "--organiser", &self.organiser, "--application", &self.application];
        [&words[..], more].concat()
    }

    /// The public id of the key.
    pub(crate) fn key_id(&self) -> &str {
        self.key.split('_').nth(2).unwrap()
    }
}

pub(crate) fn id(body: &Value) -> String {
    body["id"].as_str().unwrap().to_owned()
}

pub(crate) fn answer(command: &mut Command) -> Answer {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Answer { status: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// A gateway that runs as a process of its own until it is dropped.
pub(crate) struct Serving {
    process: Process,
    api: String,
}

impl Serving {
    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        let url: url::Url = self.api.parse().unwrap();
        url.socket_addrs(|| None).unwrap()[0]
    }

    /// What the gateway answers to a GET below the API root.
    pub(crate) async fn get(&self, path: &str, key: &str) -> (u16, Value) {
        Caller::new(&self.api, key).read(path).await
    }

    /// What it answers to a document.
    pub(crate) async fn put(&self, path: &str, key: &str, body: &Value) -> (u16, Value) {
        let request = Caller::new(&self.api, key).put(path, "application/json", body.to_string());
        process::answer(request).await.unwrap()
    }

    /// Sends SIGTERM and returns the exit status.
    pub(crate) fn stop(self) -> Option<i32> {
        self.process.stop().status
    }
}

/// Polls another process, or its effects, until the condition holds, with a pause between two polls, on which no test
/// depends.
pub(crate) async fn poll_until(so: impl AsyncFn() -> bool) {
    let mut questions = tokio::time::interval(Duration::from_millis(100));
    let becomes_so = async {
        while !so().await {
            questions.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), becomes_so).await.expect("it becomes so");
}

/// A month with one child who was there on its first two days.
pub(crate) fn attendance_document(month: &str) -> Value {
    let day =
        |day: &str| serde_json::json!({"date": format!("{month}-{day}"), "status": "present", "duration": "full"});
    serde_json::json!({"lines": [{
        "reference": "K-001",
        "familyName": "Dubois",
        "givenName": "Léa",
        "birthDate": "2022-11-12",
        "days": [day("01"), day("02")],
    }]})
}

/// Runs the test for an operator at each engine.
pub(crate) async fn each_operator(test: impl AsyncFn(&Operator, &Database)) {
    each_engine(async |database| test(&Operator::at(database), database).await).await;
}
