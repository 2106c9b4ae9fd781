//! What all worlds of a gateway share.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use super::caps::{MessageCounter, SharedSending, TakenInAll};
use crate::app::webhooks::HostRates;
use crate::app::{BusinessClock, Clocks};
use crate::cli::CliError;
use crate::cli::webhook_transport::webhook_transport;
use crate::clock::Clock;
use crate::config::Config;
use crate::http::metrics::Metrics;
use crate::http::{BodyBudget, HttpConfig};
use crate::ids::WorldId;
use crate::outbound::transport::HttpTransport;

/// What all worlds of a gateway share.
pub(super) struct SharedParts {
    /// The configuration of the gateway.
    pub(super) config: Config,
    /// Where the worlds are stored.
    pub(super) directory: PathBuf,
    /// Machine time.
    pub(super) clock: Arc<dyn Clock>,
    /// The business time of the sandbox outside its worlds.
    business: BusinessClock,
    pub(super) network: HttpTransport,
    pub(super) sending: Arc<SharedSending>,
    pub(super) taken: Arc<TakenInAll>,
    http: OnceLock<(Arc<Metrics>, Option<BodyBudget>)>,
    base_url: OnceLock<String>,
}

impl SharedParts {
    pub(super) fn new(config: &Config, directory: PathBuf, clocks: &Clocks) -> Result<Self, CliError> {
        Ok(Self {
            network: webhook_transport(config)?,
            sending: Arc::new(SharedSending {
                in_all: MessageCounter::new(config.worlds.messages_in_all),
                hosts: HostRates::new(config.webhooks.host_messages_per_minute),
            }),
            taken: Arc::default(),
            http: OnceLock::new(),
            base_url: OnceLock::new(),
            config: config.clone(),
            directory,
            clock: clocks.shared_machine(),
            business: clocks.agency_clock(),
        })
    }

    /// The day on which a world begins that names none.
    pub(super) fn today(&self) -> Date {
        self.business.today()
    }

    /// Sets the metrics and the memory for bodies of the gateway.
    pub(super) fn share(&self, around: &HttpConfig) {
        let _ = self.http.set((Arc::clone(&around.metrics), around.budget.clone()));
    }

    /// The metrics and the memory for bodies of the gateway, once it is assembled.
    pub(super) fn http(&self) -> Option<(Arc<Metrics>, Option<BodyBudget>)> {
        self.http.get().cloned()
    }

    /// Sets the public address of the gateway.
    pub(super) fn is_known_at(&self, base_url: &str) {
        let _ = self.base_url.set(base_url.to_owned());
    }

    /// The public address of the gateway.
    pub(super) fn base_url(&self) -> &str {
        self.base_url.get().map_or("", String::as_str)
    }

    /// The public address of a world.
    pub(super) fn world_url(&self, id: WorldId) -> String {
        format!("{}/worlds/{id}", self.base_url())
    }
}
