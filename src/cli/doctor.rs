//! `passerelle doctor`: checks of what a gateway needs to run.

mod deep;
mod host;

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use jiff::SignedDuration;
use serde::Serialize;
use serde_json::json;

use super::{CliError, WithConfig, gateway, log_in, print_line};
use crate::app::deployment;
use crate::clock::{Clock as _, System};
use crate::config::Config;
use crate::domain::key::Deployment;
use crate::ingest::workbook::xls::XlsReader;
use crate::outbound::client;
use crate::store::{self, Db};
use crate::vault::{self, Vault};

/// Looks whether a gateway with this configuration could run well, and says what to do where it could not. Changes
/// nothing; may be run beside a running gateway.
///
/// Exit status: 0 when there is no error (there may be warnings), 1 when there is one.
#[derive(Debug, clap::Args)]
pub(super) struct Doctor {
    #[command(flatten)]
    config: WithConfig,
    /// Look also at every chain of the audit trail, every row with an authentication code, the checkpoint and the
    /// structure of an embedded file: takes as long as the database is large.
    #[arg(long)]
    deep: bool,
    /// Answer with one JSON document on standard output.
    #[arg(long)]
    json: bool,
}

/// The result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum CheckState {
    Ok,
    Warning,
    Error,
}

impl CheckState {
    const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A check and its result.
#[derive(Debug, Serialize)]
struct DoctorCheck {
    name: &'static str,
    state: CheckState,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    repair: Option<String>,
}

impl DoctorCheck {
    fn ok(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, state: CheckState::Ok, detail: detail.into(), repair: None }
    }

    fn warning(name: &'static str, detail: impl Into<String>, repair: impl Into<String>) -> Self {
        Self { name, state: CheckState::Warning, detail: detail.into(), repair: Some(repair.into()) }
    }

    fn error(name: &'static str, detail: impl Into<String>, repair: impl Into<String>) -> Self {
        Self { name, state: CheckState::Error, detail: detail.into(), repair: Some(repair.into()) }
    }

    fn sentence(&self) -> String {
        let repair = self.repair.as_ref().map(|repair| format!(" → {repair}")).unwrap_or_default();
        format!("{:<8} {:<15} {}{repair}", self.state.name(), self.name, self.detail)
    }
}

impl Doctor {
    pub(super) async fn run(self) -> Result<ExitCode, CliError> {
        let checks = self.run_checks().await?;
        let healthy = checks.iter().all(|check| check.state != CheckState::Error);
        if self.json {
            print_line(&format!("{:#}", json!({ "healthy": healthy, "checks": checks })));
        } else {
            for check in &checks {
                print_line(&check.sentence());
            }
        }
        Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    async fn run_checks(&self) -> Result<Vec<DoctorCheck>, CliError> {
        let config = match Config::load(self.config.config.as_deref()) {
            Ok(config) => config,
            Err(error) => {
                let fault = |fault: &crate::config::ConfigFault| {
                    DoctorCheck::error("configuration", fault.to_string(), "correct it and run this again")
                };
                return Ok(error.faults().iter().map(fault).collect());
            }
        };
        let mut checks = vec![DoctorCheck::ok("configuration", "it can be read")];
        checks.extend(database(&config, self.deep).await);
        checks.push(disk(&config));
        checks.push(host::permissions(&config, self.config.config.as_deref()));
        checks.push(host::open_files(&config));
        checks.push(xls(&XlsReader::new(std::env::current_exe()?)).await);
        checks.push(address(&config));
        checks.push(login(&config).await);
        checks.push(webhooks());
        checks.push(listen("listen", config.listen));
        checks.push(figures(&config));
        Ok(checks)
    }
}

/// The checks of the database and, if it is usable, of keys, clock and writes.
async fn database(config: &Config, deep: bool) -> Vec<DoctorCheck> {
    let url = config.database.url.expose();
    let error = |error: &store::Error, repair: &str| vec![DoctorCheck::error("database", error.to_string(), repair)];
    match Db::file(url) {
        Err(broken) => return error(&broken, "correct database.url"),
        Ok(Some(file)) if !file.exists() => {
            let detail = format!("there is none at {}", file.display());
            return vec![DoctorCheck::error("database", detail, "run `passerelle migrate`, or correct database.url")];
        }
        Ok(_) => {}
    }
    let db = match Db::connect(url).await {
        Ok(db) => db,
        Err(away) => return error(&away, "see that it runs, that database.url names it and that it lets you in"),
    };
    let schema = match db.pending_migrations().await {
        Err(foreign) => return error(&foreign, "use the version of Passerelle that the database belongs to"),
        Ok(pending) if !pending.is_empty() => {
            let detail = format!("it lacks {} migration(s)", pending.len());
            return vec![DoctorCheck::error("database", detail, "run `passerelle migrate`")];
        }
        Ok(_) => DoctorCheck::ok("database", format!("{} answers, its schema is up to date", db.engine())),
    };
    let mut checks =
        vec![schema, keys(config, &db).await, kind(config, &db).await, writes(&db).await, clock(&db).await];
    if deep && checks[1].state != CheckState::Error {
        checks.extend(deep::run_deep_checks(config, &db).await);
    }
    db.close().await;
    checks
}

async fn keys(config: &Config, db: &Db) -> DoctorCheck {
    let masters = match gateway::master_keys(config) {
        Ok(masters) => masters,
        Err(failure) => return DoctorCheck::error("master key", failure.to_string(), "set security.masterKey"),
    };
    match vault::check_unwraps(db, &masters).await {
        Ok(0) => DoctorCheck::ok("master key", "there is no data key yet"),
        Ok(count) if masters.previous.is_some() => DoctorCheck::warning(
            "master key",
            format!("opens all {count} data key(s), with the help of security.previousMasterKey"),
            "finish the rotation: `passerelle admin rotate-master-key`, then take the previous key away",
        ),
        Ok(count) => DoctorCheck::ok("master key", format!("opens all {count} data key(s)")),
        Err(error) => {
            DoctorCheck::error("master key", error.to_string(), "set security.masterKey to the key of this database")
        }
    }
}

/// Whether the database belongs to the kind of deployment that is configured.
async fn kind(config: &Config, db: &Db) -> DoctorCheck {
    let name = "deployment";
    let recorded = async {
        let Some(record) = store::deployment::find(&mut db.read().await?).await? else { return Ok(None) };
        let vault = Vault::open(db, gateway::master_keys(config)?).await?;
        deployment::compare(vault.index_key(), &record, config.deployment)?;
        Ok::<_, CliError>(Some(record.kind))
    };
    match recorded.await {
        Ok(Some(kind)) => DoctorCheck::ok(name, format!("the database belongs to a {kind} deployment, as configured")),
        Ok(None) => DoctorCheck::ok(name, "the first start records it in the database"),
        Err(failure) => DoctorCheck::error(name, failure.to_string(), "correct deployment or database.url"),
    }
}

/// How long a write may take to begin.
const PATIENCE: Duration = Duration::from_secs(5);

async fn writes(db: &Db) -> DoctorCheck {
    match db.try_write(PATIENCE, Vec::new).await {
        Ok(()) => DoctorCheck::ok("writing", "the database takes writes"),
        Err(error) => {
            DoctorCheck::error("writing", error.to_string(), "see who holds the database, its permissions and its disk")
        }
    }
}

/// How far the clock may be behind the latest record.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(5);

async fn clock(db: &Db) -> DoctorCheck {
    let latest = match db.read().await {
        Ok(mut tx) => store::audit::latest(&mut tx).await,
        Err(error) => Err(error),
    };
    let now = System.now();
    match latest {
        Err(error) => DoctorCheck::error("clock", error.to_string(), "see the database"),
        Ok(Some(at)) if at.duration_since(now) > TOLERANCE => DoctorCheck::error(
            "clock",
            format!("it shows {now:.0}, but something was recorded at {at:.0}"),
            "set this machine's clock, and keep it right (NTP)",
        ),
        Ok(Some(at)) => DoctorCheck::ok("clock", format!("it shows {now:.0}; the latest record is of {at:.0}")),
        Ok(None) => DoctorCheck::ok("clock", format!("it shows {now:.0}; nothing is recorded yet")),
    }
}

/// Less free space than this is little.
const LOW_SPACE: u64 = 1 << 30;

fn disk(config: &Config) -> DoctorCheck {
    let file = Db::file(config.database.url.expose()).ok().flatten();
    let Some(file) = file else { return DoctorCheck::ok("disk", "the database server keeps the data") };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = folder.display();
    if let Err(error) = tempfile::NamedTempFile::new_in(folder) {
        return DoctorCheck::error("disk", format!("{name}: {error}"), "let the gateway's user write there");
    }
    let free = rustix::fs::statvfs(folder).map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize));
    match free {
        Ok(free) if free < LOW_SPACE => {
            let detail = format!("{name} has {} MB left", free >> 20);
            DoctorCheck::warning("disk", detail, "make room: without any, deposits are refused")
        }
        Ok(free) => DoctorCheck::ok("disk", format!("{name} can be written to and has {} GB left", free >> 30)),
        Err(error) => DoctorCheck::warning("disk", format!("{name}: {error}"), "see how much room there is"),
    }
}

async fn xls(reader: &XlsReader) -> DoctorCheck {
    match reader.probe().await {
        Ok(()) if reader.is_confined().await.unwrap_or(false) => DoctorCheck::ok(
            "workbooks",
            "the reader of .xls files can be started, and reaches neither files nor the network",
        ),
        Ok(()) => DoctorCheck::warning(
            "workbooks",
            "the reader of .xls files can be started, but this machine does not keep it from files and the network",
            "use a kernel with seccomp filters on x86_64 or aarch64",
        ),
        Err(error) => DoctorCheck::error(
            "workbooks",
            format!("the reader of .xls files cannot be started: {error}"),
            "let the gateway's user start the program itself, with 512 MB of address space",
        ),
    }
}

fn address(config: &Config) -> DoctorCheck {
    let advice =
        "set it to the origin by which the outside world knows the gateway, such as \"https://passerelle.example\"";
    match (&config.public_base_url, config.deployment) {
        (None, Deployment::Production) => {
            DoctorCheck::warning("publicBaseUrl", "it is not set: answers would name the listen address", advice)
        }
        (Some(url), Deployment::Production) if url.starts_with("http://") => {
            DoctorCheck::warning("publicBaseUrl", format!("{url} is not encrypted"), advice)
        }
        (Some(url), _) => DoctorCheck::ok("publicBaseUrl", url),
        (None, Deployment::Sandbox) => DoctorCheck::ok("publicBaseUrl", "it is not set, as a sandbox may leave it"),
    }
}

/// Whether the log-in provider can be reached.
async fn login(config: &Config) -> DoctorCheck {
    let name = "login";
    match (&config.login, config.deployment) {
        (Some(login), _) => match log_in::probe_provider(login.clone(), &config.base_url(config.listen)).await {
            Ok(()) => DoctorCheck::ok(name, format!("{} tells how people log in", login.issuer)),
            Err(failure) => DoctorCheck::error(
                name,
                failure.to_string(),
                "correct login.issuer, or let this machine reach the provider",
            ),
        },
        (None, Deployment::Production) => {
            DoctorCheck::warning(name, "it is not set: nobody can use the console", "set it as the provider told you")
        }
        (None, Deployment::Sandbox) => DoctorCheck::ok(name, "the sandbox simulates the provider"),
    }
}

/// Whether the address can be listened on; a running gateway may do so already.
/// Whether webhooks can be sent to encrypted addresses: that needs certificate authorities.
fn webhooks() -> DoctorCheck {
    match client::public_client().build() {
        Ok(_) => DoctorCheck::ok("webhooks", "encrypted addresses can be reached"),
        Err(_) => DoctorCheck::warning(
            "webhooks",
            "this machine knows no certificate authorities: webhooks reach no encrypted address",
            "install them (on Debian the package ca-certificates)",
        ),
    }
}

fn listen(name: &'static str, address: SocketAddr) -> DoctorCheck {
    match TcpListener::bind(address) {
        Ok(_) => DoctorCheck::ok(name, format!("{address} is free")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            DoctorCheck::warning(name, format!("{address} is in use"), "nothing, if it is this gateway that runs")
        }
        Err(error) => DoctorCheck::error(name, format!("{address}: {error}"), "choose an address of this machine"),
    }
}

fn figures(config: &Config) -> DoctorCheck {
    let name = "metrics.listen";
    let Some(at) = config.metrics.listen else {
        return DoctorCheck::warning(
            name,
            "it is not set: nothing can be measured",
            "set it, such as \"127.0.0.1:9090\"",
        );
    };
    let check = listen(name, at);
    if check.state == CheckState::Ok && at.ip().is_unspecified() {
        return DoctorCheck::warning(
            name,
            format!("{at} is open to every network"),
            "choose an address of the operator's",
        );
    }
    check
}
