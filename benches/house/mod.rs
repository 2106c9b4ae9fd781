//! A gateway in a process of its own, with a world to measure in; and the handler it is measured against.

pub mod documents;
pub mod figures;
pub mod floor;
pub mod growth;
pub mod postgres;

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::date;
use passerelle::app::Clocks;
use passerelle::app::audit::CREATED;
use passerelle::app::keys::{NewKey, issue};
use passerelle::app::operator::OperatorContext;
use passerelle::clock::{Clock as _, System};
use passerelle::domain::actor::Actor;
use passerelle::domain::application::ApplicationBounds;
use passerelle::domain::audit::{AuditChain, AuditEntry};
use passerelle::domain::creche::Places;
use passerelle::domain::key::{Deployment, KeyKind, Scopes};
use passerelle::ids::{ApplicationId, CrecheId, OrganiserId};
use passerelle::seal::{MasterKey, MasterKeys};
use passerelle::store::applications::ApplicationRecord;
use passerelle::store::creches::CrecheRecord;
use passerelle::store::organisers::Organiser;
use passerelle::store::records::record_entry as record;
use passerelle::store::{self, Db};
use passerelle::vault::Vault;
use tempfile::TempDir;

use self::postgres::PostgresDatabase;

/// One organiser of the world: its key, and its crèches.
pub struct Tenant {
    pub organiser: OrganiserId,
    pub key: String,
    pub creches: Vec<CrecheId>,
}

/// A database with a world in it.
pub struct World {
    pub tenants: Vec<Tenant>,
    master: MasterKey,
    files: TempDir,
    url: String,
    postgres: Option<PostgresDatabase>,
}

impl World {
    /// So many organisers with so many crèches each, in a fresh SQLite file.
    pub async fn new(organisers: usize, creches: usize) -> Self {
        Self::build(None, organisers, creches).await
    }

    /// The same on the engine that `PASSERELLE_BENCH_ENGINE` names: `sqlite` without it.
    pub async fn on_chosen_engine(organisers: usize, creches: usize) -> Self {
        let postgres = match std::env::var("PASSERELLE_BENCH_ENGINE").as_deref() {
            Ok("postgres") => Some(PostgresDatabase::with_a_fresh_database().await),
            Err(_) | Ok("sqlite") => None,
            Ok(other) => panic!("PASSERELLE_BENCH_ENGINE is sqlite or postgres, not {other}"),
        };
        Self::build(postgres, organisers, creches).await
    }

    async fn build(postgres: Option<PostgresDatabase>, organisers: usize, creches: usize) -> Self {
        let (files, master) = (tempfile::tempdir().unwrap(), MasterKey::generate());
        let file = files.path().join("passerelle.db");
        let db = match &postgres {
            Some(postgres) => Db::connect(&postgres.url).await.unwrap(),
            None => Db::open(&file).await.unwrap(),
        };
        db.migrate().await.unwrap();
        let vault = Vault::open(&db, MasterKeys::only(master.clone())).await.unwrap();
        db.authenticate_rows(&vault.row_key());
        let mut tenants = Vec::new();
        for number in 0..organisers {
            tenants.push(tenant(&db, &vault, number, creches).await);
        }
        db.close().await;
        let url =
            postgres.as_ref().map_or_else(|| format!("sqlite:{}", file.display()), |postgres| postgres.url.clone());
        Self { tenants, master, files, url, postgres }
    }

    /// The name of its engine.
    pub const fn engine(&self) -> &'static str {
        if self.postgres.is_some() { "PostgreSQL" } else { "SQLite" }
    }

    /// The URL of a database on a server.
    pub fn server_url(&self) -> Option<String> {
        self.postgres.as_ref().map(|postgres| postgres.url.clone())
    }

    /// Drops a database on a server; a file goes by itself.
    pub async fn remove(self) {
        if let Some(postgres) = self.postgres {
            postgres.drop_database().await;
        }
    }

    /// The database, opened beside or without a gateway, and its keys.
    pub async fn open(&self) -> (Db, Vault) {
        let db = Db::connect(&self.url).await.unwrap();
        let vault = Vault::open(&db, MasterKeys::only(self.master.clone())).await.unwrap();
        db.authenticate_rows(&vault.row_key());
        (db, vault)
    }

    /// Where the database is.
    pub fn folder(&self) -> &Path {
        self.files.path()
    }

    /// Starts the gateway without limits on requests, and tells how long it took until it answered.
    pub fn serve(&self) -> Gateway {
        self.serve_with(&[
            ("PASSERELLE_LIMITS__REQUESTS_PER_MINUTE", "1000000"),
            ("PASSERELLE_LIMITS__BURST", "1000000"),
            ("PASSERELLE_CAPS__REVISIONS_PER_STATEMENT", "1000000000"),
        ])
    }

    /// Starts the gateway with these settings besides the defaults.
    pub fn serve_with(&self, settings: &[(&str, &str)]) -> Gateway {
        let begun = Instant::now();
        let log = File::create(self.folder().join("log")).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_passerelle"))
            .arg("serve")
            .env_clear()
            .env("PASSERELLE_LISTEN", "127.0.0.1:0")
            .env("PASSERELLE_DATABASE__URL", &self.url)
            .env("PASSERELLE_SECURITY__MASTER_KEY", self.master.expose())
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        let url = line.split_whitespace().last().unwrap_or_default().to_owned();
        assert!(url.starts_with("http://"), "the gateway did not start: {line}");
        Gateway { api: format!("{url}/creche/v1"), started_in: begun.elapsed(), child, _said: said }
    }
}

/// Registers one organiser with everything it needs to deposit.
async fn tenant(db: &Db, vault: &Vault, number: usize, creches: usize) -> Tenant {
    let (clock, created_at, clocks) = (System, System.now(), Clocks::same_for_all(Arc::new(System)));
    let id = OrganiserId::new(&clock);
    vault.organiser_key(db, id).await.unwrap();
    let mut tx = db.write().await.unwrap();
    let legal_name = format!("Organisateur {number}");
    let organiser = Organiser { id, legal_name, enterprise_number: None, created_at, last_event: 0 };
    assert!(store::organisers::insert(&mut tx, &organiser).await.unwrap());
    let mut ids = Vec::new();
    for place in 0..creches {
        let creche = CrecheId::new(&clock);
        let record = CrecheRecord {
            id: creche,
            name: format!("Crèche {number}-{place}"),
            one_number: format!("{number}-{place}"),
            subsidised: true,
            authorised_from: date(2020, 1, 1),
            authorised_until: None,
            closures_version: 0,
            created_at,
        };
        assert!(store::creches::insert(&mut tx, id, &record).await.unwrap());
        let places = Places { from: date(2020, 1, 1), places: 500 };
        assert!(store::creches::set_places(&mut tx, id, creche, places, created_at).await.unwrap());
        ids.push(creche);
    }
    let (application, name, vendor) = (ApplicationId::new(&clock), "Banc".to_owned(), "Banc".to_owned());
    let (purpose, bounds) = (String::new(), ApplicationBounds::default());
    let registered = ApplicationRecord { id: application, name, vendor, sealed: None, purpose, bounds, created_at };
    assert!(store::applications::insert(&mut tx, id, &registered).await.unwrap());
    let actor = Actor::system("bench");
    let entry = AuditEntry::new(&actor, CREATED, created_at);
    record(&mut tx, vault.index_key(), AuditChain::Organiser(id), entry).await.unwrap();
    tx.commit().await.unwrap();
    let (kind, scopes) = (KeyKind::Live, Scopes::all());
    let new = NewKey { organiser: id, application, kind, scopes, creches: None, expires_at: None };
    let key =
        issue(OperatorContext { db, vault, clocks: &clocks, actor: &actor, caps: None }, Deployment::Production, &new)
            .await
            .unwrap();
    Tenant { organiser: id, key: key.expose().to_owned(), creches: ids }
}

/// A gateway that serves; it is killed when dropped.
pub struct Gateway {
    /// The address of its API.
    pub api: String,
    /// From the start of the process until it accepted requests.
    pub started_in: Duration,
    child: Child,
    _said: BufReader<ChildStdout>,
}

impl Gateway {
    /// Its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it does nothing: what it does at its start, for every organiser, is no part of a request.
    pub async fn is_idle(&self) {
        let mut before = f64::NEG_INFINITY;
        while figures::processor_ms(self.process()) > before {
            before = figures::processor_ms(self.process());
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    /// Its resident memory in MiB: now, and the most there ever was.
    pub fn memory(&self) -> (f64, f64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let kib = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap()
        };
        (kib("VmRSS:") / 1024.0, kib("VmHWM:") / 1024.0)
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a request, which must succeed.
pub async fn send(request: reqwest::RequestBuilder) {
    let answer = request.send().await.unwrap();
    let status = answer.status();
    let said = answer.text().await.unwrap();
    assert!(status.is_success(), "{said}");
}

/// A client that keeps its connections.
pub fn client() -> reqwest::Client {
    passerelle::outbound::client::loopback().timeout(Duration::from_mins(2)).build().unwrap()
}
