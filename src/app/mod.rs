//! Use cases: read, decide, write, record, commit. Owns the transactions; no SQL, no status codes.

mod acting_user;
pub mod agency_changes;
pub mod agency_keys;
pub mod agents;
mod application_names;
pub mod applications;
pub mod audit;
pub mod backup;
pub mod board;
pub mod caller;
pub mod check;
pub mod checkpoint;
pub mod claims;
pub mod clocks;
pub mod closures;
pub mod communications;
pub mod compact_jws;
pub mod contract;
pub mod creches;
pub mod deployment;
pub mod deposit;
pub mod doctors;
mod document;
mod error;
pub mod events;
pub mod expired_forms;
pub mod figure_inputs;
pub mod files;
pub mod health;
pub mod history;
pub mod home;
pub mod idempotency;
mod input;
pub mod integrity;
pub mod keys;
pub mod login_attempts;
pub mod long_poll;
pub mod master_key;
pub mod missing_statements;
pub mod operator;
pub mod organisers;
mod precondition;
mod record;
pub mod registry;
pub mod report_deadlines;
pub mod reports;
pub mod requests;
pub mod retention;
mod revision_warnings;
pub mod sessions;
pub mod staff;
pub mod statements;
pub mod subsidies;
pub mod summaries;
mod unit_of_work;
pub mod unsealing_check;
pub mod users;
pub mod verdicts;
pub mod webhook_transport;
pub mod webhooks;

use std::ops::Deref;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::{Semaphore, watch};

pub use self::clocks::{BusinessClock, Clocks};
pub use self::error::{AccessError, InternalError};
pub use self::input::SubmittedDocument;
pub use self::precondition::{Precondition, PreconditionError};
use crate::domain::caps::Caps;
use crate::domain::key::Deployment;
use crate::domain::ssin::AcceptedSsins;
use crate::fair_queue::{FairQueue, LaneLimits};
use crate::ids::OrganiserId;
use crate::ingest::workbook::xls::XlsReader;
use crate::store::{self, Db};
use crate::vault::Vault;

/// The application: the dependencies of all use cases. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<AppParts>);

/// The parts of an [`App`].
pub struct AppParts {
    /// The database.
    pub db: Db,
    /// The keys that seal the personal data in it.
    pub vault: Vault,
    /// Machine time, and the business time of each organiser.
    pub clocks: Clocks,
    /// Reads legacy workbooks.
    pub xls: XlsReader,
    /// The kind of deployment, which decides on the kinds of key that work.
    pub deployment: Deployment,
    /// Longest stay, in minutes, that counts as half a day.
    pub half_day_max_minutes: u32,
    /// The SSINs that are taken: in a world of a sandbox invented ones alone.
    pub accepted_ssins: AcceptedSsins,
    /// The operator's settings for the staff register.
    pub staff: staff::StaffSettings,
    /// The operator's settings for the home page.
    pub home: home::HomeSettings,
    /// How much of each thing one organiser may store.
    pub caps: Caps,
    /// How long writes may fail before the gateway reports that it is unavailable.
    pub failing_writes: Duration,
    /// How long sessions last.
    pub lifetime: sessions::SessionLifetime,
    /// How old the authentication of a person may be who signs.
    pub sign_within: SignedDuration,
    /// Which answers to claims need the confirmation of a second agent.
    pub second_agent: crate::domain::claim::SecondAgent,
    /// The cache of API keys, and the uses not yet stored.
    pub keys: keys::KeyCache,
    /// The calls of software, not yet written to their log.
    pub requests: requests::RequestBuffer,
    /// The uses of the agency's keys, not yet stored.
    pub agency_key_uses: agency_keys::AgencyKeyUses,
    /// Figures of crèches that were read before.
    pub figures: summaries::FigureCache,
    /// Sends requests to webhook endpoints.
    pub webhook_transport: Arc<dyn webhook_transport::WebhookTransport>,
    /// The operator's limits for sending.
    pub sending: webhooks::SendingLimits,
    /// The rate of messages to each host.
    pub host_rates: webhooks::HostRates,
    /// Signals shutdown: long polls are to be answered at once.
    pub over: watch::Sender<bool>,
}

/// Permits for CPU work: a few, so that memory stays bounded and other requests are not delayed.
static CPU_PERMITS: Semaphore = Semaphore::const_new(WorkSize::Whole as usize);

/// The queue by organiser for the permits: one organiser has half of the permits at most, and the
/// work of others is interleaved.
static LANES: LazyLock<FairQueue<OrganiserId>> = LazyLock::new(|| FairQueue::new(WORK_LANES));
const WORK_LANES: LaneLimits =
    LaneLimits { at_once: WorkSize::Heavy as u32, waiting: 512, patience: Duration::from_secs(30) };

/// The memory class of a piece of work.
#[derive(Debug, Clone, Copy)]
pub(crate) enum WorkSize {
    /// A few megabytes at most.
    Light = 1,
    /// Tens of megabytes for the largest input.
    Heavy = 4,
    /// As much as the largest input can cause.
    Whole = 8,
}

impl App {
    /// Wraps the parts.
    pub fn new(parts: AppParts) -> Self {
        parts.db.authenticate_rows(&parts.vault.row_key());
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.0
    }
}

/// Runs an organiser's CPU work outside the threads that serve requests, once there is a permit for it.
pub(crate) async fn run_blocking<T: Send + 'static>(
    organiser: OrganiserId,
    load: WorkSize,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, InternalError> {
    let _turn = LANES.turn(organiser, load as u32).await.map_err(store::Error::from)?;
    let _places = CPU_PERMITS.acquire_many(load as u32).await.expect("the bench is never closed");
    Ok(tokio::task::spawn_blocking(work).await?)
}
