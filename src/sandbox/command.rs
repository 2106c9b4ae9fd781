//! `passerelle sandbox`: a whole gateway with invented data, on this machine.
//!
//! Its state is a directory: the database (unless another is named), the master key that seals it, and `sandbox.json`, with
//! everything that a script needs to begin. The keys of the invented applications are in that file and nowhere else.

use std::fs::{File, TryLockError};
use std::io::Write as _;
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;
use tempfile::{NamedTempFile, TempDir};

use super::{seed, seeded_communications, tour};
use crate::app::{App, Clocks};
use crate::cli::gateway::OpenedGateway;
use crate::cli::stop_signal::StopSignal;
use crate::cli::{CliError, gateway, print_line};
use crate::clock::{Clock, Fixed, Shifted, System};
use crate::config::Config;
use crate::http::urls::Urls;
use crate::seal::{self, MasterKey, MasterKeys, SealError};
use crate::store::Db;
use crate::telemetry;
use crate::vault::VaultError;

/// The arguments of the sandbox.
#[derive(Debug, clap::Args)]
pub(crate) struct Sandbox {
    /// Where to listen [default: 127.0.0.1:8080; in a tour any free port]. Port 0 takes any free one.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Keep the sandbox's state in this directory; without it, it is gone at the end.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Use this database instead of a file in the directory: `postgres://…` or `sqlite:FILE`.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Play this day (YYYY-MM-DD) in place of today's: time goes on from there.
    #[arg(long, value_name = "DATE", conflicts_with = "tour")]
    date: Option<Date>,
    /// Play a vendor's first day over HTTP and stop.
    #[arg(long)]
    tour: bool,
}

/// The instant at which the tour is played: the third quarter of 2026 is over, its claim is not yet due.
const TOUR_DAY: &str = "2026-10-12T09:00:00+02:00";

impl Sandbox {
    pub(crate) async fn run(self) -> Result<ExitCode, CliError> {
        let signal = StopSignal::register()?;
        let home = SandboxDir::open(&self)?;
        let config = self.config(&home)?;
        telemetry::init_logging(&config.log)?;
        let file = home.path.join("sandbox.json");
        remove_stale(&file)?;
        let opened = open(&config, &home, self.clocks()?).await?;
        let app = opened.app.clone();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let end = async move {
            tokio::select! {
                () = signal.received() => {}
                _ = stopped => {}
            }
        };
        let running = gateway::start(opened, &config, end).await.map_err(address_in_use)?;
        let description = describe(&app, &Urls::new(&running.base_url)).await?;
        write(&file, &description.to_string())?;
        if self.tour {
            let played = tour::run_tour(&description).await;
            let _ = stop.send(());
            running.finish().await?;
            played?;
            return Ok(ExitCode::SUCCESS);
        }
        print_line(&format!("The sandbox listens at {}; begin at {0}/docs/start", running.base_url));
        print_line(&format!("Keys and ids for scripts: {}", file.display()));
        running.finish().await?;
        drop(stop);
        Ok(ExitCode::SUCCESS)
    }

    /// Machine time, and the business time of this sandbox.
    fn clocks(&self) -> Result<Clocks, CliError> {
        let machine = Arc::new(System);
        let business: Arc<dyn Clock> = match self.date {
            Some(date) => Arc::new(Shifted::to(date)),
            None if self.tour => Arc::new(Fixed::at(TOUR_DAY.parse::<Timestamp>()?)),
            None => Arc::new(System),
        };
        Ok(Clocks::with_common_business_time(machine, business))
    }

    /// The shipped defaults and the environment's settings in sections, such as `PASSERELLE_CLAIMS__SECOND_AGENT`, with the
    /// settings of a sandbox. Other variables with the prefix are for clients.
    fn config(&self, home: &SandboxDir) -> Result<Config, CliError> {
        let database = home.path.join("passerelle.db");
        let url = self.database.clone().unwrap_or_else(|| format!("sqlite:{}", database.display()));
        let (quiet, port) = if self.tour { ("error", 0) } else { ("info", 8080) };
        let listen = self.listen.unwrap_or_else(|| ([127, 0, 0, 1], port).into());
        let settings = [
            ("PASSERELLE_DEPLOYMENT", "sandbox".to_owned()),
            ("PASSERELLE_LISTEN", listen.to_string()),
            ("PASSERELLE_DATABASE__URL", url),
            ("PASSERELLE_LOG__FILTER", quiet.to_owned()),
            ("PASSERELLE_WORLDS__DIRECTORY", home.path.join("worlds").display().to_string()),
            // Also where little space is free: on a vendor's machine, in a container.
            ("PASSERELLE_DATABASE__HEADROOM_BYTES", "16000000".to_owned()),
        ];
        let sections = std::env::vars().filter(|(name, _)| name.contains("__"));
        Ok(Config::from_sources(None, sections.chain(settings.map(|(name, value)| (name.to_owned(), value))))?)
    }
}

/// Opens the application on a database that is migrated and has its world.
async fn open(config: &Config, home: &SandboxDir, clocks: Clocks) -> Result<OpenedGateway, CliError> {
    let db = Db::connect(config.database.url.expose()).await?;
    db.migrate().await?;
    db.close().await;
    let opened = match gateway::open(config, MasterKeys::only(home.master_key()?), clocks).await {
        Err(failure)
            if matches!(failure.downcast_ref(), Some(VaultError::Seal(SealError::UnknownMasterKey { .. }))) =>
        {
            return Err(format!("{failure}: start it with the --data directory that it was first started with").into());
        }
        opened => opened?,
    };
    seed::seed_sandbox(&opened.app).await?;
    seed::name_agents(&opened.app).await?;
    seed::issue_agency_key(&opened.app).await?;
    seed::record_payments(&opened.app).await?;
    seeded_communications::publish(&opened.app).await?;
    Ok(opened)
}

/// Adds the repair to the error of an address in use.
fn address_in_use(failure: CliError) -> CliError {
    if failure.to_string().starts_with("cannot listen on") {
        return format!(
            "{failure}: choose another address with --listen, such as --listen 127.0.0.1:0 for any free port"
        )
        .into();
    }
    failure
}

/// The data that a script needs to begin.
async fn describe(app: &App, urls: &Urls) -> Result<serde_json::Value, CliError> {
    let organisers = seed::describe(app).await?;
    let agency = json!({ "keys": [seed::describe_agency_key(app)] });
    Ok(json!({ "baseUrl": urls.base(), "apiUrl": urls.api(""), "organisers": organisers, "agency": agency }))
}

/// The directory of the sandbox's state.
struct SandboxDir {
    path: PathBuf,
    /// Locked while this sandbox runs, where the database is a file in the directory; the system unlocks it however the
    /// process ends. Several sandboxes may use one server's database with the same directory.
    _lock: Option<File>,
    /// Removed at the end.
    _temporary: Option<TempDir>,
}

impl SandboxDir {
    /// The named directory; without one, a temporary one: its own for a database file of its own, and always the same for a
    /// database elsewhere, so that a sandbox finds the key that sealed existing data.
    fn open(sandbox: &Sandbox) -> Result<Self, CliError> {
        let path = match (&sandbox.data, &sandbox.database) {
            (Some(path), _) => path.clone(),
            (None, Some(url)) => {
                let digest = seal::hex(&seal::digest(url)[..8]);
                std::env::temp_dir().join(format!("passerelle-sandbox-{digest}"))
            }
            (None, None) => {
                let temporary = TempDir::with_prefix("passerelle-sandbox-")?;
                return Ok(Self { path: temporary.path().to_owned(), _lock: None, _temporary: Some(temporary) });
            }
        };
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&path)?;
        let own = NamedTempFile::new_in(&path)?.as_file().metadata()?.uid() == std::fs::metadata(&path)?.uid();
        if !own {
            return Err(format!("{} belongs to somebody else: choose another --data directory", path.display()).into());
        }
        let shared = sandbox.database.as_deref().is_some_and(|url| !url.starts_with("sqlite:"));
        let lock = if shared { None } else { Some(lock(&path)?) };
        Ok(Self { path: std::path::absolute(path)?, _lock: lock, _temporary: None })
    }

    /// The master key of this directory, created when there is none.
    fn master_key(&self) -> Result<MasterKey, CliError> {
        let path = self.path.join("master.key");
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(MasterKey::parse(&text)?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let key = MasterKey::generate();
                let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
                writeln!(file, "{}", key.expose())?;
                file.sync_all()?;
                Ok(key)
            }
            Err(error) => Err(format!("cannot read {}: {error}", path.display()).into()),
        }
    }
}

/// Locks the directory for this process, before anything in it is read or written.
fn lock(folder: &Path) -> Result<File, CliError> {
    let path = folder.join("lock");
    let file = std::fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(format!(
            "another sandbox runs with the state in {}: stop it, or start this one with another --data directory and, at \
             the same time, another --listen address, such as --listen 127.0.0.1:0",
            folder.display()
        )
        .into()),
        Err(TryLockError::Error(error)) => Err(format!("cannot lock {}: {error}", path.display()).into()),
    }
}

/// A file of an earlier start would contain a port that is no longer this gateway's.
fn remove_stale(file: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes the file atomically, readable by its owner only.
fn write(file: &Path, text: &str) -> Result<(), CliError> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut new = NamedTempFile::new_in(folder)?;
    writeln!(new, "{text}")?;
    new.as_file().sync_all()?;
    new.persist(file)?;
    Ok(())
}
