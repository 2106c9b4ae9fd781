//! The order of things: read, decide, write, record, commit. Owns the transactions; no SQL, no status codes.

mod acting_user;
pub mod agents;
pub mod applications;
pub mod audit;
pub mod backup;
pub mod board;
pub mod caller;
pub mod check;
pub mod checkpoint;
pub mod clocks;
pub mod closures;
pub mod contract;
pub mod creches;
pub mod deployment;
pub mod deposit;
pub mod doctors;
mod error;
pub mod events;
pub mod expired_forms;
pub mod figure_inputs;
pub mod health;
pub mod history;
pub mod idempotency;
mod input;
pub mod integrity;
pub mod keys;
pub mod login_attempts;
mod marked_workbook;
pub mod master_key;
pub mod missing_statements;
pub mod operator;
pub mod organisers;
mod precondition;
mod record;
pub mod registry;
pub mod retention;
mod revision_warnings;
pub mod sessions;
pub mod staff;
pub mod statements;
pub mod summaries;
mod unit_of_work;
pub mod users;
pub mod verdicts;
pub mod webhook_transport;
pub mod webhooks;

use std::ops::Deref;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use tokio::sync::{Semaphore, watch};

pub use self::clocks::{BusinessClock, Clocks};
pub use self::error::{AccessError, InternalError};
pub use self::input::SubmittedDocument;
pub use self::precondition::{Precondition, PreconditionError};
use crate::domain::caps::Caps;
use crate::domain::key::Deployment;
use crate::fair_queue::{FairQueue, LaneLimits};
use crate::ids::OrganiserId;
use crate::ingest::workbook::xls::XlsReader;
use crate::store::{self, Db};
use crate::vault::Vault;

/// The application: everything its verbs need. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<AppParts>);

/// What an [`App`] is made of.
pub struct AppParts {
    /// The database.
    pub db: Db,
    /// The keys that seal what is personal in it.
    pub vault: Vault,
    /// Machine time, and the business time of each organiser.
    pub clocks: Clocks,
    /// Reads legacy workbooks.
    pub xls: XlsReader,
    /// Which kinds of key work here.
    pub deployment: Deployment,
    /// Longest stay, in minutes, that counts as half a day.
    pub half_day_max_minutes: u32,
    /// What the operator settles about the staff register.
    pub staff: staff::StaffSettings,
    /// How much of each thing one organiser may keep.
    pub caps: Caps,
    /// For how long writes may fail before the gateway says that it cannot serve.
    pub failing_writes: Duration,
    /// How long people stay logged in.
    pub lifetime: sessions::SessionLifetime,
    /// API keys seen lately, and when each was last used.
    pub keys: keys::KeyCache,
    /// Takes things to addresses outside.
    pub webhook_transport: Arc<dyn webhook_transport::WebhookTransport>,
    /// What the operator settles about sending.
    pub sending: webhooks::SendingLimits,
    /// How much hosts got lately.
    pub host_rates: webhooks::HostRates,
    /// Says that the gateway is asked to end: requests that only wait are to be answered.
    pub over: watch::Sender<bool>,
}

/// Where work for the processor is done: a few places, so that memory stays bounded and the rest of the gateway does not
/// notice.
static CPU_PERMITS: Semaphore = Semaphore::const_new(WorkSize::Whole as usize);

/// Where the work of one organiser waits before it takes a place: an organiser has half of the places at most, and the
/// work of others comes in between.
static LANES: LazyLock<FairQueue<OrganiserId>> = LazyLock::new(|| FairQueue::new(WORK_LANES));
const WORK_LANES: LaneLimits =
    LaneLimits { at_once: WorkSize::Heavy as u32, waiting: 512, patience: Duration::from_secs(30) };

/// How much of the bench a piece of work takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum WorkSize {
    /// A few megabytes at most.
    Light = 1,
    /// Tens of megabytes, if the sender so wishes.
    Heavy = 4,
    /// As much as any sender can make of it.
    Whole = 8,
}

impl App {
    /// Puts the parts together.
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

/// Runs an organiser's work for the processor where it does not keep other requests waiting, once there is a place for it.
pub(crate) async fn run_blocking<T: Send + 'static>(
    organiser: OrganiserId,
    load: WorkSize,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, InternalError> {
    let _turn = LANES.turn(organiser, load as u32).await.map_err(store::Error::from)?;
    let _places = CPU_PERMITS.acquire_many(load as u32).await.expect("the bench is never closed");
    Ok(tokio::task::spawn_blocking(work).await?)
}
