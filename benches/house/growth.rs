//! Fills a database with statements, without the API.

use std::sync::Arc;

use passerelle::clock::{Clock as _, System};
use passerelle::domain::actor::Actor;
use passerelle::domain::audit::{AuditChain, AuditEntry};
use passerelle::domain::deposit::DepositOutcome;
use passerelle::domain::event::{Event, EventType, StatementEvent};
use passerelle::domain::kinds::attendance;
use passerelle::domain::period::{Month, Period};
use passerelle::domain::statement::{Channel, StatementKey};
use passerelle::ids::{EventId, VerdictId};
use passerelle::seal::{Compressed, DataKey, SealContext};
use passerelle::store::records::{Records, commit};
use passerelle::store::statements::StoredRevision;
use passerelle::store::verdicts::VerdictRecord;
use passerelle::store::{self, Db, WritePurpose};
use passerelle::vault::Vault;

use super::{Tenant, World, client, documents, send};

/// Crèches of an organiser.
pub const CRECHES: usize = 4;
/// Statements of an organiser: the months of three years.
pub const PER_ORGANISER: usize = CRECHES * 36;

/// What is written again and again: a statement that the gateway has accepted, opened.
struct Sample {
    revision: StoredRevision,
    text: Vec<u8>,
}

/// Writes at least so many statements of the months of 2023 to 2025; returns how many.
pub async fn fill(world: &World, size: usize) -> usize {
    deposit_sample(world).await;
    let (db, vault) = world.open().await;
    let sample = read_sample(&db, &vault, world).await;
    let mut written = 0;
    for tenant in &world.tenants {
        if written >= size {
            break;
        }
        written += write(&db, &vault, tenant, &sample).await;
    }
    db.close().await;
    written
}

/// The month of the sample, which is neither written nor measured.
const SAMPLE: &str = "2026-10";

async fn deposit_sample(world: &World) {
    let gateway = world.serve();
    let (tenant, body) = (&world.tenants[0], documents::statement(SAMPLE, 40, 21, 0));
    let path = format!("{}/creches/{}/attendanceStatements/{SAMPLE}", gateway.api, tenant.creches[0]);
    let request = client().put(path).bearer_auth(&tenant.key).header("content-type", "application/json");
    send(request.body(body)).await;
}

async fn read_sample(db: &Db, vault: &Vault, world: &World) -> Sample {
    let tenant = &world.tenants[0];
    let (key, tx) = (vault.organiser_key(db, tenant.organiser).await.unwrap(), &mut db.read().await.unwrap());
    let slot = slot(tenant, 0, SAMPLE.parse().unwrap());
    let found = store::statements::find(tx, tenant.organiser, slot).await.unwrap().unwrap();
    let sealed = store::statements::document(tx, tenant.organiser, slot, 1).await.unwrap().unwrap();
    let text = key.open(&context(tenant, slot), &sealed).unwrap();
    Sample { revision: found.revision, text }
}

fn slot(tenant: &Tenant, creche: usize, month: Month) -> StatementKey {
    StatementKey { creche: tenant.creches[creche], kind: attendance::KIND, month }
}

/// Where the first revision of a statement is sealed for.
fn context(tenant: &Tenant, StatementKey { creche, kind, month }: StatementKey) -> SealContext {
    let path =
        [tenant.organiser.to_string(), creche.to_string(), kind.name().to_owned(), month.to_string(), "1".into()];
    SealContext::of("revision", &path.each_ref().map(String::as_str))
}

/// Writes every month of an organiser, each with its verdict, event and audit entry, in one transaction.
async fn write(db: &Db, vault: &Vault, tenant: &Tenant, sample: &Sample) -> usize {
    let (clock, at) = (System, System.now());
    let key: Arc<DataKey> = vault.organiser_key(db, tenant.organiser).await.unwrap();
    let mut tx = db.write_for(tenant.organiser, WritePurpose::Content).await.unwrap();
    let (mut records, actor, mut written) = (Records::default(), Actor::system("bench"), 0);
    for month in (2023..=2025).flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}"))) {
        for creche in 0..CRECHES {
            let slot = slot(tenant, creche, month.parse().unwrap());
            let StatementKey { creche, kind, month } = slot;
            let sealed = key.seal(&context(tenant, slot), Compressed::new(&sample.text));
            let revision = StoredRevision {
                creche,
                month,
                application: None,
                key: None,
                deposited_at: at,
                ..sample.revision.clone()
            };
            store::statements::insert(&mut tx, tenant.organiser, kind, (&revision, None), &sealed, None);
            let event = EventType::Statement(kind, StatementEvent::Deposited);
            let mut entry = AuditEntry::new(&actor, event.code(), at);
            (entry.creche, entry.period) = (Some(creche), Some(Period::Month(month)));
            records.entries.push((AuditChain::Organiser(tenant.organiser), entry));
            let mut event = Event::new(EventId::new(&clock), event, at);
            (event.creche, event.period, event.revision) = (Some(creche), Some(Period::Month(month)), Some(1));
            records.events.push((tenant.organiser, event));
            let verdict = VerdictRecord {
                id: VerdictId::new(&clock),
                subject: slot.into(),
                at,
                application: None,
                key: None,
                channel: Channel::Json,
                outcome: DepositOutcome::Accepted,
                errors: 0,
                warnings: 0,
                counts: "{}".to_owned(),
                revision: Some(1),
            };
            records.verdicts.push((tenant.organiser, verdict));
            written += 1;
        }
    }
    commit(tx, vault.index_key(), records, at).await.unwrap();
    written
}
