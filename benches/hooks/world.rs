//! Organisers with endpoints on an SQLite file, and things that happen to them.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use passerelle::app::agency_keys::AgencyKeyUses;
use passerelle::app::caller::{CallOutcome, Caller, Principal};
use passerelle::app::keys::KeyCache;
use passerelle::app::sessions::SessionLifetime;
use passerelle::app::staff::StaffSettings;
use passerelle::app::webhooks::{HostRates, SendingLimits};
use passerelle::app::{App, AppParts, Clocks, SubmittedDocument, webhooks};
use passerelle::clock::{Clock as _, System};
use passerelle::domain::actor::Actor;
use passerelle::domain::audit::{AuditChain, AuditEntry};
use passerelle::domain::caps::Caps;
use passerelle::domain::event::{Event, EventType};
use passerelle::domain::key::{Deployment, Scopes};
use passerelle::domain::webhook::EndpointState;
use passerelle::ids::{EventId, OrganiserId, UserId};
use passerelle::ingest::workbook::xls::XlsReader;
use passerelle::outbound::guard::AddressGuard;
use passerelle::outbound::transport::HttpTransport;
use passerelle::seal::{MasterKey, MasterKeys};
use passerelle::store::organisers::Organiser;
use passerelle::store::records::record_entry as record;
use passerelle::store::{self, Db, Tx};
use passerelle::vault::Vault;
use tempfile::TempDir;

pub struct HooksWorld {
    pub app: App,
    pub organisers: Vec<OrganiserId>,
    _files: TempDir,
}

impl HooksWorld {
    /// So many organisers with so many endpoints each, which are in use.
    pub async fn new(organisers: usize, endpoints: usize, url: &str) -> Self {
        let files = tempfile::tempdir().unwrap();
        let db = Db::open(&files.path().join("passerelle.db")).await.unwrap();
        db.migrate().await.unwrap();
        let app = app(db).await;
        let mut ids = Vec::new();
        for number in 0..organisers {
            let id = OrganiserId::new(&System);
            let (legal_name, created_at) = (format!("Organisateur {number}"), System.now());
            let organiser = Organiser { id, legal_name, enterprise_number: None, created_at, last_event: 0 };
            let mut tx = app.db.write().await.unwrap();
            assert!(store::organisers::insert(&mut tx, &organiser).await.unwrap());
            commit(&app, tx, id).await;
            for at in 0..endpoints {
                endpoint(&app, id, &format!("{url}/{at}")).await;
            }
            ids.push(id);
        }
        Self { app, organisers: ids, _files: files }
    }
}

async fn app(db: Db) -> App {
    let vault = Vault::open(&db, MasterKeys::only(MasterKey::generate())).await.unwrap();
    App::new(AppParts {
        db,
        vault,
        clocks: Clocks::same_for_all(Arc::new(System)),
        xls: XlsReader::new(PathBuf::from(env!("CARGO_BIN_EXE_passerelle"))),
        deployment: Deployment::Sandbox,
        half_day_max_minutes: 300,
        accepted_ssins: passerelle::domain::ssin::AcceptedSsins::Valid,
        staff: StaffSettings { help_desk: String::new(), mismatches_per_hour: 1, questions_per_hour: 1 },
        home: passerelle::app::home::HomeSettings { silent_after_days: 10, register_days: 120 },
        second_agent: passerelle::domain::claim::SecondAgent::None,
        caps: Caps { webhook_endpoints: u32::MAX, ..Caps::default() },
        failing_writes: Duration::from_secs(30),
        lifetime: SessionLifetime { idle: SignedDuration::from_mins(30), longest: SignedDuration::from_hours(10) },
        sign_within: SignedDuration::from_mins(15),
        keys: KeyCache::new(Deployment::Sandbox),
        agency_key_uses: AgencyKeyUses::default(),
        requests: passerelle::app::requests::RequestBuffer::default(),
        webhook_transport: Arc::new(
            HttpTransport::new(AddressGuard::allowing(vec!["127.0.0.0/8".parse().unwrap()])).unwrap(),
        ),
        sending: SendingLimits { host_per_minute: NonZeroU32::MAX, unverified_host_per_hour: u64::MAX },
        figures: passerelle::app::summaries::FigureCache::default(),
        host_rates: HostRates::new(NonZeroU32::MAX),
        over: tokio::sync::watch::Sender::new(false),
    })
}

async fn endpoint(app: &App, organiser: OrganiserId, url: &str) {
    let who = Principal::Person(UserId::new(&System));
    let clock = app.clocks.business_clock(organiser);
    let outcome = CallOutcome::default();
    let caller = Caller { organiser, creches: None, scopes: Scopes::all(), who, clock, outcome };
    let document = format!(r#"{{"url": "{url}", "deliveriesPerSecond": 1000}}"#);
    let made = webhooks::add(app, &caller, SubmittedDocument::Json(document.as_bytes()), false).await.unwrap();
    let mut tx = app.db.write().await.unwrap();
    let active = store::webhooks::EndpointRecord { state: EndpointState::Active, ..made.endpoint.stored };
    store::webhooks::update(&mut tx, organiser, &active).await.unwrap();
    commit(app, tx, organiser).await;
}

/// Commits what was written beside the use cases, recorded as they record it.
async fn commit(app: &App, mut tx: Tx, organiser: OrganiserId) {
    let entry = AuditEntry::new(&Actor::system("bench"), "bench.prepared", System.now());
    record(&mut tx, app.vault.index_key(), AuditChain::Organiser(organiser), entry).await.unwrap();
    tx.commit().await.unwrap();
}

/// So many keys are revoked, a hundred a transaction; the events.
pub async fn happen(db: &Db, organiser: OrganiserId, events: usize) -> Vec<EventId> {
    let mut ids = Vec::new();
    while ids.len() < events {
        let mut tx = db.write().await.unwrap();
        store::organisers::lock(&mut tx, organiser).await.unwrap();
        for _ in 0..100.min(events - ids.len()) {
            let event = Event::new(EventId::new(&System), EventType::KeyRevoked, System.now()).about("0123456789ab");
            store::events::append(&mut tx, organiser, &event, event.at);
            ids.push(event.id);
        }
        tx.commit().await.unwrap();
    }
    ids
}
