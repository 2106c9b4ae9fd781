//! Opening: the application of a configuration, on a database whose schema is up to date.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::watch;

use crate::app::agency_keys::AgencyKeyUses;
use crate::app::home::HomeSettings;
use crate::app::integrity::{self, AcceptedRows};
use crate::app::keys::KeyCache;
use crate::app::requests::RequestBuffer;
use crate::app::sessions::SessionLifetime;
use crate::app::staff::StaffSettings;
use crate::app::webhook_transport::WebhookTransport;
use crate::app::webhooks::{HostRates, SendingLimits};
use crate::app::{App, AppParts, Clocks, agents, deployment, figure_inputs};
use crate::cli::CliError;
use crate::config::{Config, Home};
use crate::domain::actor::Actor;
use crate::domain::ssin::AcceptedSsins;
use crate::ingest::workbook::xls::XlsReader;
use crate::seal::MasterKeys;
use crate::store::{Db, DbOptions, FreeSpace};
use crate::vault::Vault;

/// What an application gets from its surroundings.
pub(crate) struct Surroundings {
    /// Machine time and business time.
    pub(crate) clocks: Clocks,
    /// Sends requests to webhook endpoints.
    pub(crate) webhook_transport: Arc<dyn WebhookTransport>,
    /// How many bytes the database may still grow by; without it, what the file system has.
    pub(crate) free_space: Option<Arc<dyn FreeSpace>>,
    /// The SSINs that are taken.
    pub(crate) accepted_ssins: AcceptedSsins,
}

/// Opens the application on a database whose schema is up to date and which belongs to this kind of deployment.
pub(crate) async fn opened(config: &Config, masters: MasterKeys, around: Surroundings) -> Result<App, CliError> {
    if let Some(file) = Db::file(config.database.url.expose())?.filter(|file| !file.exists()) {
        return Err(format!("there is no database at {}: run `passerelle migrate` first", file.display()).into());
    }
    let Surroundings { clocks, webhook_transport, free_space, accepted_ssins } = around;
    let db = Db::connect_with(config.database.url.expose(), options(config, free_space)).await?;
    let pending = db.pending_migrations().await?;
    if !pending.is_empty() {
        return Err(format!("the database lacks {} migration(s): run `passerelle migrate` first", pending.len()).into());
    }
    let vault = Vault::open(&db, masters).await?;
    let app = App::new(AppParts {
        db,
        vault,
        clocks,
        xls: XlsReader::new(std::env::current_exe()?),
        deployment: config.deployment,
        half_day_max_minutes: config.rules.half_day_max_minutes.into(),
        accepted_ssins,
        staff: StaffSettings {
            help_desk: config.staff.help_desk.clone(),
            mismatches_per_hour: config.staff.mismatches_per_hour.into(),
            questions_per_hour: config.staff.questions_per_hour.into(),
        },
        home: home_settings(config),
        caps: config.caps,
        failing_writes: Duration::from_secs(config.health.failing_writes_seconds),
        lifetime: SessionLifetime {
            idle: SignedDuration::from_mins(config.sessions.idle_minutes.into()),
            longest: SignedDuration::from_hours(config.sessions.longest_hours.into()),
        },
        sign_within: SignedDuration::from_mins(config.sessions.sign_within_minutes.into()),
        second_agent: config.claims.second_agent,
        keys: KeyCache::new(config.deployment),
        requests: RequestBuffer::default(),
        agency_key_uses: AgencyKeyUses::default(),
        webhook_transport,
        sending: SendingLimits {
            host_per_minute: config.webhooks.host_messages_per_minute,
            unverified_host_per_hour: config.webhooks.unverified_host_messages_per_hour.into(),
        },
        figures: crate::app::summaries::FigureCache::default(),
        host_rates: HostRates::new(config.webhooks.host_messages_per_minute),
        over: watch::Sender::new(false),
    });
    // The addresses that an earlier version stored in clear are sealed first: the codes cover the sealed ones.
    deployment::establish(&app).await?;
    authenticate_rows(&app).await?;
    let begun = figure_inputs::begin_histories(&app).await?;
    if begun > 0 {
        tracing::info!(organisers = begun, "the history of what figures depend on has begun");
    }
    let refreshed = agents::refresh_search(&app).await?;
    if refreshed > 0 {
        tracing::info!(organisers = refreshed, "what organisers are found by was made anew");
    }
    Ok(app)
}

/// The settings of the home page.
fn home_settings(config: &Config) -> HomeSettings {
    let Home { silent_after_days, register_days } = config.home;
    HomeSettings { silent_after_days: silent_after_days.into(), register_days: register_days.into() }
}

/// The options of the database.
fn options(config: &Config, free_space: Option<Arc<dyn FreeSpace>>) -> DbOptions {
    DbOptions {
        headroom_bytes: config.database.headroom_bytes,
        free_space,
        connections: config.database.connections,
        waiting_writes: config.database.waiting_writes_per_organiser,
    }
}

/// Gives the rows of a database from an earlier version their authentication codes, once.
async fn authenticate_rows(app: &App) -> Result<AcceptedRows, CliError> {
    let accepted = integrity::authenticate_once(app.acting_as(&Actor::system("upgrade"))).await?;
    match accepted {
        AcceptedRows::Nothing => {}
        AcceptedRows::Rows(rows) => tracing::info!(rows, "rows were given their authentication codes"),
        AcceptedRows::Refused => tracing::error!(
            "integrity alert: rows have no authentication code although the audit trail says that they had one, or the \
             audit trail is broken; they are refused: run `passerelle doctor --deep`"
        ),
    }
    Ok(accepted)
}
