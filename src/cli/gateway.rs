//! A running gateway: the application behind its HTTP server, its periodic tasks, and their orderly shutdown.

mod assembled;
mod opened;
mod periodic;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

pub(crate) use self::assembled::assembled;
pub(crate) use self::opened::{Surroundings, opened};
#[cfg(feature = "sandbox")]
pub(crate) use self::periodic::DueWork;
pub(crate) use self::periodic::periodic;
pub(crate) use self::periodic::store_collected;
use super::CliError;
use super::sandbox_parts::{self, SandboxParts};
use super::webhook_transport::webhook_transport;
use crate::app::{App, Clocks};
use crate::config::Config;
use crate::domain::ssin::AcceptedSsins;
use crate::http::metrics::ConnectionFigures;
use crate::http::server::{self, ConnectionSettings, ConnectionThreads};
use crate::http::{HttpConfig, metrics};
use crate::runtime;
use crate::seal::{MasterKey, MasterKeys};

/// How long each step of the shutdown may take once connections are closed: background tasks, calls and uses of keys, the
/// database.
const LAST_STEP: Duration = Duration::from_secs(2);
/// How long after `shutdownSeconds` a process that has still not ended exits.
const GIVE_UP: Duration = Duration::from_secs(10);

/// An application that is ready to be served.
pub(crate) struct OpenedGateway {
    /// The application.
    pub(crate) app: App,
    /// The parts that only a sandbox has.
    sandbox: Option<SandboxParts>,
}

/// Opens the application on a database whose schema is up to date and which belongs to this kind of deployment.
pub(crate) async fn open(config: &Config, masters: MasterKeys, clocks: Clocks) -> Result<OpenedGateway, CliError> {
    let sandbox = sandbox_parts::of_gateway(config, &clocks)?;
    let network = webhook_transport(config)?;
    let webhook_transport = match &sandbox {
        Some(sandbox) => sandbox.wrap_transport(network),
        None => Arc::new(network),
    };
    let accepted_ssins = AcceptedSsins::Valid;
    let around = Surroundings { clocks, webhook_transport, free_space: None, accepted_ssins };
    let app = opened(config, masters, around).await?;
    Ok(OpenedGateway { app, sandbox })
}

/// The master keys of the configuration.
pub(crate) fn master_keys(config: &Config) -> Result<MasterKeys, CliError> {
    let key = |secret: &crate::config::Secret| MasterKey::parse(secret.expose());
    let current = config.security.master_key.as_ref().ok_or("security.masterKey is missing")?;
    let previous = config.security.previous_master_key.as_ref().map(key).transpose()?;
    Ok(MasterKeys { current: key(current)?, previous })
}

/// A gateway that accepts requests.
pub(crate) struct RunningGateway {
    /// The address that it listens on.
    pub(crate) address: SocketAddr,
    /// The origin of the addresses in its responses.
    pub(crate) base_url: String,
    app: App,
    server: JoinHandle<()>,
    tasks: JoinSet<()>,
    /// Requests may leave tasks on them, which go on until the gateway has stopped.
    _threads: Arc<ConnectionThreads>,
}

/// Starts to serve an opened gateway; `stop` ends it.
pub(crate) async fn start(
    OpenedGateway { app, sandbox }: OpenedGateway,
    config: &Config,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<RunningGateway, CliError> {
    let listener =
        server::listen(config.listen).map_err(|error| format!("cannot listen on {}: {error}", config.listen))?;
    let address = listener.local_addr()?;
    let base_url = config.base_url(address);
    let around = HttpConfig::new(config, &base_url).with_shared_budget();
    if let Some(sandbox) = &sandbox {
        sandbox.share(&around);
    }
    let db = app.db.clone();
    around.metrics.count_integrity_alerts(move || db.integrity_alerts());
    if let Some(listen) = config.metrics.listen {
        let figures = TcpListener::bind(listen).await.map_err(|error| format!("cannot listen on {listen}: {error}"))?;
        runtime::spawn(server::serve(
            figures,
            metrics::router(Arc::clone(&around.metrics)),
            ConnectionSettings::new(config, ConnectionFigures::default(), None),
            std::future::pending(),
        ));
    }
    let threads = Arc::new(ConnectionThreads::start()?);
    let connections = ConnectionSettings::new(config, around.metrics.connections(), Some(Arc::clone(&threads)));
    let set_aside = around.metrics.webhook_entries_set_aside();
    let router = assembled(&app, config, &base_url, sandbox.as_ref(), around)?;
    let (stopping, most) = (app.clone(), connections.shutdown_timeout + GIVE_UP);
    let (busy, done) = watch::channel(());
    let stop = async move {
        stop.await;
        stopping.over.send_replace(true);
        // Background tasks end while the last requests are answered.
        drop(busy);
        exit_after(most);
    };
    let server = runtime::spawn(server::serve(listener, router, connections, stop));
    let mut tasks = periodic(&app, config, &base_url, set_aside, done.clone());
    if let Some(sandbox) = &sandbox {
        sandbox.spawn_tasks(&mut tasks, &done);
    }
    tracing::info!(%address, database = app.db.engine(), "the gateway accepts requests");
    Ok(RunningGateway { address, base_url, app, server, tasks, _threads: threads })
}

impl RunningGateway {
    /// Waits for the end: requests in progress are finished, and data that is only in memory is stored. Each step has a
    /// time limit.
    pub(crate) async fn finish(mut self) -> Result<(), CliError> {
        self.server.await?;
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if timeout(LAST_STEP, ended).await.is_err() {
            tracing::warn!(tasks = self.tasks.len(), "background tasks were still at work at shutdown");
            self.tasks.abort_all();
        }
        if let Ok(written) = timeout(LAST_STEP, store_collected(&self.app)).await {
            written?;
        } else {
            tracing::warn!("the last use of keys and the last calls could not be written down at shutdown");
        }
        if timeout(LAST_STEP, self.app.db.close()).await.is_err() {
            tracing::warn!("the database was still in use at shutdown");
        }
        tracing::info!("the gateway has stopped");
        Ok(())
    }
}

/// Ends the process after `most`, if it is still running: in a thread of its own, which no stuck task can delay. Everything
/// that was answered is on disk.
fn exit_after(most: Duration) {
    std::thread::spawn(move || {
        std::thread::sleep(most);
        tracing::error!(waited_s = most.as_secs(), "the gateway did not come to its end and is given up");
        std::process::exit(1);
    });
}
