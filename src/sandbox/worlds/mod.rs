//! Disposable worlds: each a whole gateway of invented organisers and an agency of its own, with its own file, inside the one
//! process. Requests find their world by the beginning of their path, or pages by a cookie.

mod access;
pub mod agency;
mod agency_background;
mod agency_routes;
mod caps;
pub mod certification;
mod certification_routes;
mod clock_routes;
pub mod content;
mod create;
mod description;
mod error;
mod export;
mod front;
mod generator;
mod open_world;
mod page;
mod record;
mod registry;
mod routes;
mod scenario_routes;
mod secret;
mod shared;
pub mod time;
mod world;
pub mod world_request;

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use tokio::sync::watch;

use self::certification::{IssuedCertificates, Issuer};
use self::create::Builder;
use self::front::Front;
use self::registry::Registry;
use self::routes::CreationLimit;
use self::shared::SharedParts;
use super::parts::SandboxExtension;
use crate::app::{App, Clocks};
use crate::cli::CliError;
use crate::config::Config;
use crate::http::HttpConfig;

/// How often worlds are looked after: closed, deleted, counted.
const MAINTENANCE: Duration = Duration::from_secs(30);

/// The worlds of a sandbox. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Worlds {
    registry: Arc<Registry>,
    builder: Arc<Builder>,
    limit: Arc<CreationLimit>,
    /// Signs certificates, once the gateway is assembled.
    issuer: Arc<OnceLock<Issuer>>,
    issued: Arc<IssuedCertificates>,
}

impl Worlds {
    /// The worlds in the directory that the configuration names; `None` without one.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub(crate) fn of_config(config: &Config, clocks: &Clocks) -> Result<Option<Self>, CliError> {
        let Some(directory) = config.worlds.directory.clone() else { return Ok(None) };
        let directory = std::path::absolute(directory)?;
        let issued = Arc::new(IssuedCertificates::beside(&directory));
        let shared = SharedParts::new(config, directory, clocks)?;
        let registry = Arc::new(Registry::read(shared)?);
        let limit = Arc::new(CreationLimit::new(config.worlds.per_address_per_hour));
        Ok(Some(Self { registry, builder: Arc::default(), limit, issuer: Arc::default(), issued }))
    }
}

impl SandboxExtension for Worlds {
    fn share(&self, around: &HttpConfig) {
        self.registry.shared.share(around);
    }

    fn routes(&self, app: &App, base_url: &str) -> Router<App> {
        let _ = self.issuer.set(Issuer::of(app.clone()));
        self.registry.shared.is_known_at(base_url);
        let of_worlds = [routes::routes(), clock_routes::routes(), agency_routes::routes(), scenario_routes::routes()];
        let parts = of_worlds.into_iter().chain([certification_routes::routes(), page::routes()]);
        parts.fold(Router::new(), Router::merge).with_state(self.clone())
    }

    fn in_front_of(&self, router: Router) -> Router {
        let front = Front { registry: Arc::clone(&self.registry), root: router.clone() };
        router.layer(from_fn_with_state(front, front::route))
    }

    fn run(&self, mut done: watch::Receiver<()>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let registry = Arc::clone(&self.registry);
        Box::pin(async move {
            let mut interval = tokio::time::interval(MAINTENANCE);
            loop {
                tokio::select! {
                    _ = interval.tick() => registry.maintain().await,
                    _ = done.changed() => break,
                }
            }
            registry.close_all().await;
        })
    }
}
