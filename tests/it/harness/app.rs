//! The whole application in the test's own process: the real router over seeded data, with a clock that the test moves.

mod callers;

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::Router;
use jiff::{SignedDuration, Timestamp};
use passerelle::api;
use passerelle::app::agency_keys::AgencyKeyUses;
use passerelle::app::keys::KeyCache;
use passerelle::app::requests::RequestBuffer;
use passerelle::app::sessions::SessionLifetime;
use passerelle::app::webhooks::{HostRates, SendingLimits};
use passerelle::app::{App, AppParts, Clocks};
use passerelle::clock::{Clock, Fixed};
use passerelle::console::{self, LogIn};
use passerelle::domain::actor::{Actor, ActorKind};
use passerelle::domain::audit::{AuditChain, AuditEntry};
use passerelle::domain::caps::Caps;
use passerelle::domain::deposit::VerdictFilter;
use passerelle::domain::event::Event;
use passerelle::domain::key::Deployment;
use passerelle::domain::ssin::AcceptedSsins;
use passerelle::http::extract::BodyLimits;
use passerelle::http::limits::{LimitSettings, Limits, RateAllowance};
use passerelle::http::metrics::Metrics;
use passerelle::http::urls::Urls;
use passerelle::http::{self, HttpConfig};
use passerelle::ids::{CrecheId, OrganiserId};
use passerelle::ingest::workbook::xls::XlsReader;
use passerelle::outbound::guard::AddressGuard;
use passerelle::outbound::transport::HttpTransport;
use passerelle::sandbox::seed;
use passerelle::seal::{MasterKey, MasterKeys};
use passerelle::store::audit::ChainLink;
use passerelle::store::verdicts::VerdictRecord;
use passerelle::store::{self, Db, Tx};
use passerelle::vault::Vault;

use super::call;
use super::database::{Database, each_engine};

/// The cookie of a session where [`BASE`] is the gateway's address.
pub(crate) const SESSION_COOKIE: &str = "__Host-passerelle-session";
/// The public address of the tests' gateway.
pub(crate) const BASE: &str = "https://passerelle.example";
/// The present of most tests: the third quarter is over, its claim is not yet due.
const NOW: &str = "2026-10-12T09:00:00+02:00";

/// The organiser of three crèches.
pub(crate) const ORGANISER: &str = "019a5c00-0000-7000-8000-000000000001";
/// Its first crèche: subsidised, 14 places until 2025 and 18 since.
pub(crate) const CRECHE: &str = "019a5c00-0000-7000-8000-000000000011";
/// Its second crèche: subsidised, 28 places, closed in the last days of July.
pub(crate) const SECOND: &str = "019a5c00-0000-7000-8000-000000000012";
/// Its third crèche: without subsidy, 7 places, never closed.
pub(crate) const UNSUBSIDISED: &str = "019a5c00-0000-7000-8000-000000000013";
/// The crèche of the other organiser.
pub(crate) const FOREIGN: &str = "019a5c00-0000-7000-8000-000000000014";

/// The other organiser.
pub(crate) const OTHER: &str = "019a5c00-0000-7000-8000-000000000002";

/// An administrator of our organiser.
pub(crate) const ADMINISTRATOR: &str = "80041295109";
/// Who manages the users of our organiser, and nothing else.
pub(crate) const USER_MANAGER: &str = "91082395234";
/// Who deposits the attendance of our first crèche, and nothing else.
pub(crate) const DATA_MANAGER: &str = "87030595465";
/// An administrator of both organisers.
pub(crate) const OF_BOTH: &str = "75091795675";

/// All gateways of one run share it, so that several can use one database.
static MASTER_KEY: LazyLock<MasterKey> = LazyLock::new(MasterKey::generate);

/// The application, its world, and the way in.
pub(crate) struct TestApp {
    /// The application itself, for checks without a request.
    pub(crate) app: App,
    /// Its present.
    pub(crate) clock: Arc<Fixed>,
    router: Router,
    vendor: String,
    other: String,
}

/// Runs the test against a sandbox on SQLite and, where there is a server, on PostgreSQL.
pub(crate) async fn each_app(test: impl AsyncFn(&TestApp)) {
    each_engine(async |database| test(&TestApp::start(database).await).await).await;
}

impl TestApp {
    /// A sandbox.
    pub(crate) async fn start(database: &Database) -> Self {
        Self::with(database, Deployment::Sandbox, |_| {}).await
    }

    /// A gateway in production.
    pub(crate) async fn production(database: &Database) -> Self {
        Self::with(database, Deployment::Production, |_| {}).await
    }

    /// A gateway in other surroundings.
    pub(crate) async fn with(
        database: &Database,
        deployment: Deployment,
        change: impl FnOnce(&mut HttpConfig),
    ) -> Self {
        Self::built(database, deployment, |_| {}, change).await
    }

    /// A sandbox whose application has other parts.
    pub(crate) async fn of_parts(database: &Database, parts: impl FnOnce(&mut AppParts)) -> Self {
        Self::built(database, Deployment::Sandbox, parts, |_| {}).await
    }

    async fn built(
        database: &Database,
        deployment: Deployment,
        parts: impl FnOnce(&mut AppParts),
        change: impl FnOnce(&mut HttpConfig),
    ) -> Self {
        let clock = Arc::new(Fixed::at(NOW.parse().unwrap()));
        let mut app_parts = parts_of(database, MASTER_KEY.clone(), deployment, clock.clone()).await;
        parts(&mut app_parts);
        let mut around = HttpConfig { deployment, ..surroundings() };
        change(&mut around);
        let app = App::new(app_parts);
        seed::seed_sandbox(&app).await.unwrap();
        let router =
            http::router(app.clone(), api::routes(), api::receipts::with_keys(console::pages(LogIn::closed())), around);
        let router = call::with_default_host(router);
        let (vendor, other) = (String::new(), String::new());
        let mut test_app = Self { app, clock, router, vendor, other };
        let kind = test_app.writing();
        test_app.vendor = test_app.issue(test_app.ours(kind)).await;
        test_app.other = test_app.issue(test_app.theirs(kind)).await;
        test_app
    }

    /// Moves the clock to an instant.
    pub(crate) fn travel(&self, to: &str) {
        let to: Timestamp = to.parse().unwrap();
        self.clock.advance(to.duration_since(self.clock.now()));
    }

    /// Commits what a test wrote of our organiser beside the use cases, recorded as they record it.
    pub(crate) async fn commit(&self, tx: Tx) {
        self.commit_for(organiser(), tx).await;
    }

    /// The same of another organiser.
    pub(crate) async fn commit_for(&self, organiser: OrganiserId, mut tx: Tx) {
        let entry = AuditEntry::new(&Actor::system("tests"), "tests.prepared", self.app.clocks.machine().now());
        let (index, chain) = (self.app.vault.index_key(), AuditChain::Organiser(organiser));
        passerelle::store::records::record_entry(&mut tx, index, chain, entry).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Our organiser's verdicts, the first first.
    pub(crate) async fn verdicts(&self) -> Vec<VerdictRecord> {
        let mut tx = self.db().read().await.unwrap();
        let mut found =
            store::verdicts::list(&mut tx, organiser(), &VerdictFilter::default(), None, 1000).await.unwrap();
        found.reverse();
        found
    }

    /// Our organiser's events with their numbers.
    pub(crate) async fn events(&self) -> Vec<(u64, Event)> {
        store::events::after(&mut self.db().read().await.unwrap(), organiser(), 0, 1000).await.unwrap()
    }

    /// Everything that was recorded of our organiser, the first first.
    pub(crate) async fn all_audit(&self) -> Vec<ChainLink> {
        let chain = AuditChain::Organiser(organiser());
        store::audit::after(&mut self.db().read().await.unwrap(), chain, 0, 1000).await.unwrap()
    }

    /// What was recorded of deeds with keys on our organiser's data, the first first.
    pub(crate) async fn audit(&self) -> Vec<ChainLink> {
        self.all_audit().await.into_iter().filter(|link| link.entry.actor.kind == ActorKind::Key).collect()
    }

    /// The router with this log-in, for a gateway at the public address `base`.
    pub(crate) fn way_in_with(&self, log_in: LogIn, base: &str) -> Router {
        let around = HttpConfig { urls: Urls::new(base), ..surroundings() };
        call::with_default_host(http::router(
            self.app.clone(),
            api::routes(),
            api::receipts::with_keys(console::pages(log_in)),
            around,
        ))
    }

    /// The way in, for requests that no persona makes.
    pub(crate) fn way_in(&self) -> Router {
        self.router.clone()
    }

    fn db(&self) -> &Db {
        &self.app.db
    }
}

/// The application itself on a database that this key opens.
pub(crate) async fn application(
    database: &Database,
    key: MasterKey,
    deployment: Deployment,
    clock: Arc<dyn Clock>,
) -> App {
    App::new(parts_of(database, key, deployment, clock).await)
}

/// What it is made of.
async fn parts_of(database: &Database, key: MasterKey, deployment: Deployment, clock: Arc<dyn Clock>) -> AppParts {
    AppParts {
        db: database.db.clone(),
        vault: Vault::open(&database.db, MasterKeys::only(key)).await.unwrap(),
        clocks: Clocks::same_for_all(clock),
        xls: XlsReader::new(PathBuf::from(env!("CARGO_BIN_EXE_passerelle"))),
        deployment,
        half_day_max_minutes: 300,
        accepted_ssins: AcceptedSsins::Valid,
        staff: passerelle::app::staff::StaffSettings {
            help_desk: "02/542.14.45".to_owned(),
            mismatches_per_hour: 3,
            questions_per_hour: 100,
        },
        home: passerelle::app::home::HomeSettings { silent_after_days: 10, register_days: 120 },
        caps: Caps::default(),
        failing_writes: Duration::from_hours(1),
        lifetime: SessionLifetime { idle: SignedDuration::from_mins(30), longest: SignedDuration::from_hours(10) },
        sign_within: SignedDuration::from_mins(15),
        second_agent: passerelle::domain::claim::SecondAgent::None,
        keys: KeyCache::new(deployment),
        requests: RequestBuffer::default(),
        agency_key_uses: AgencyKeyUses::default(),
        webhook_transport: Arc::new(
            HttpTransport::new(AddressGuard::allowing(vec!["127.0.0.0/8".parse().unwrap()])).unwrap(),
        ),
        sending: SendingLimits { host_per_minute: NonZeroU32::MAX, unverified_host_per_hour: u64::MAX },
        figures: passerelle::app::summaries::FigureCache::default(),
        host_rates: HostRates::new(NonZeroU32::MAX),
        over: tokio::sync::watch::Sender::new(false),
    }
}

/// Our organiser.
pub(crate) fn organiser() -> OrganiserId {
    ORGANISER.parse().unwrap()
}

/// A crèche's id.
pub(crate) fn creche(id: &str) -> CrecheId {
    id.parse().unwrap()
}

/// Wide allowances, so that only the tests of allowances meet them.
fn surroundings() -> HttpConfig {
    let many = NonZeroU32::new(1_000_000).unwrap();
    let allowance = RateAllowance { per_minute: many, burst: many };
    HttpConfig {
        urls: Urls::new(BASE),
        bodies: BodyLimits { duration: Duration::from_secs(30), ..BodyLimits::default() },
        patience: Duration::from_mins(1),
        limits: Arc::new(Limits::new(LimitSettings::uniform(allowance))),
        metrics: Arc::new(Metrics::default()),
        budget: None,
        deployment: Deployment::Sandbox,
        caps: Caps::default(),
        has_worlds: false,
    }
}
