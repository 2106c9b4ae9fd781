//! A database of a version without codes gets them once; afterwards a missing code is a break.

use std::sync::Arc;

use passerelle::app::audit::CREATED;
use passerelle::app::integrity::{AcceptedRows, Forgery, accept, authenticate_once, verify_rows};
use passerelle::app::{App, audit};
use passerelle::clock::Fixed;
use passerelle::domain::actor::Actor;
use passerelle::domain::audit::{AuditChain, AuditEntry};
use passerelle::domain::event::{Event, EventType};
use passerelle::domain::key::{Deployment, Scope, Scopes};
use passerelle::domain::kinds::attendance;
use passerelle::domain::report;
use passerelle::ids::{CrecheId, EventId};
use passerelle::seal::{MasterKey, MasterKeys};
use passerelle::store;
use passerelle::store::events;
use passerelle::vault::Vault;

use crate::harness::app::application;
use crate::harness::database::{Database, each_engine};
use crate::store::{key, noon, world, write};

/// The application on a database in which everything was written without codes.
async fn former(database: &Database) -> App {
    let master = MasterKey::generate();
    let vault = Vault::open(&database.db, MasterKeys::only(master.clone())).await.unwrap();
    let world = world(&database.db).await;
    let mut tx = write(&database.db).await;
    let key = key(world.organiser, world.application);
    assert!(store::keys::insert(&mut tx, world.organiser, &key).await.unwrap());
    for organiser in [world.organiser, world.stranger] {
        let entry = AuditEntry::new(&Actor::system("tests"), CREATED, noon());
        store::records::record_entry(&mut tx, vault.index_key(), AuditChain::Organiser(organiser), entry)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    application(database, master, Deployment::Production, Arc::new(Fixed::at(noon()))).await
}

async fn forgeries(app: &App) -> Vec<Forgery> {
    verify_rows(&app.db, app.vault.index_key()).await.unwrap().findings.into_iter().map(|found| found.forgery).collect()
}

#[tokio::test]
async fn rows_from_before_get_their_codes_once_and_never_again() {
    each_engine(async |database| {
        let app = former(database).await;
        let actor = Actor::system("upgrade");
        assert!(forgeries(&app).await.iter().all(|forgery| *forgery == Forgery::NoCode));
        assert_eq!(authenticate_once(app.acting_as(&actor)).await.unwrap(), AcceptedRows::Rows(8));
        assert_eq!(forgeries(&app).await, []);
        assert_eq!(authenticate_once(app.acting_as(&actor)).await.unwrap(), AcceptedRows::Nothing);
        let verdicts = audit::verify_all(&app.db, app.vault.index_key()).await.unwrap();
        assert!(verdicts.iter().all(|(_, verdict)| verdict.is_ok()), "{verdicts:?}");

        // A row is forged and its codes are removed, to have new ones computed.
        database.tamper("update api_key_scope set scope = 'staff:write'").await;
        database.tamper("update api_key set mac = null").await;
        database.tamper("update organiser set mac = null").await;
        assert_eq!(authenticate_once(app.acting_as(&actor)).await.unwrap(), AcceptedRows::Refused);
        assert_eq!(forgeries(&app).await, [Forgery::NoCode; 3]);
        // The same after the entries with codes were removed as well.
        database.tamper("delete from audit_entry where changes is not null").await;
        assert_eq!(authenticate_once(app.acting_as(&actor)).await.unwrap(), AcceptedRows::Refused);
    })
    .await;
}

#[tokio::test]
async fn rows_that_the_operator_accepts_get_valid_codes() {
    each_engine(async |database| {
        let app = former(database).await;
        let actor = Actor::operator("Anne de la Cellule");
        authenticate_once(app.acting_as(&actor)).await.unwrap();
        database.tamper("update api_key_scope set scope = 'attendance:read'").await;
        assert_eq!(forgeries(&app).await, [Forgery::Altered]);
        assert_eq!(accept(app.acting_as(&actor)).await.unwrap(), 8);
        assert_eq!(forgeries(&app).await, []);
    })
    .await;
}

/// The master key of the database in `schema_15.sql`.
const UPGRADE_KEY: &str = "UfgPYOKp8+d65Cuisv/Oyy7ZdRjCZOavuVaRQSA/wfs=";
/// Its organiser and that organiser's crèches.
const LUCIOLES: &str = "01a21d2f-b723-71c0-be94-a7842e7a9e86";
const NEST: &str = "01a21d2f-bb57-7d5f-aaba-7a767ed493cf";
const HIVE: &str = "01a21d2f-bd68-7e15-b918-f769f515e593";
const MEADOW: &str = "01a21d2f-c039-7d79-90bf-db1f41fb90c8";

fn creches(ids: &[&str]) -> Vec<CrecheId> {
    ids.iter().map(|id| id.parse().unwrap()).collect()
}

#[tokio::test]
async fn lists_of_before_are_rows_in_the_same_order_and_their_codes_stay_right() {
    for database in Database::of_schema(15).await {
        database.load(include_str!("schema_15.sql")).await;
        database.db.migrate().await.unwrap();
        let master = MasterKey::parse(UPGRADE_KEY).unwrap();
        let app = application(&database, master, Deployment::Production, Arc::new(Fixed::at(noon()))).await;
        assert_eq!(forgeries(&app).await, []);
        assert_eq!(authenticate_once(app.acting_as(&Actor::system("upgrade"))).await.unwrap(), AcceptedRows::Nothing);

        let (mut tx, organiser) = (app.db.read().await.unwrap(), LUCIOLES.parse().unwrap());
        let applications = store::applications::list(&mut tx, organiser).await.unwrap();
        let bounds: Vec<_> =
            applications.iter().map(|kept| (kept.bounds.scopes, kept.bounds.creches.clone())).collect();
        let limited = Scopes::from_iter([Scope::StatementsRead(attendance::KIND), Scope::WebhooksManage]);
        // The right to reports was stored before any operation required it.
        let writes = [attendance::KIND, report::KIND].map(Scope::StatementsWrite);
        let others: Scopes = writes.into_iter().chain([Scope::StaffRead]).collect();
        assert_eq!(bounds, [(Scopes::all(), None), (limited, Some(creches(&[MEADOW, NEST]))), (others, None)]);

        let reports = [Scope::StatementsRead(report::KIND), Scope::StatementsWrite(report::KIND)];
        let expected = [
            // A key has what it was given, and it was not given the right to reports.
            ("y3awr1hp2e02", Scopes::all().iter().filter(|one| !reports.contains(one)).collect(), None),
            ("x471yfbgf4x0", limited, Some(creches(&[MEADOW, NEST, MEADOW]))),
            ("z7fvret2w8hq", Scopes::from_iter([Scope::StaffRead]), None),
        ];
        for (id, scopes, reach) in expected {
            let key = store::keys::find(&mut tx, id.parse().unwrap()).await.unwrap().unwrap();
            store::keys::require_sound(&mut tx, &key).await.unwrap();
            assert_eq!((key.scopes, &key.creches, key.effective_scopes()), (scopes, &reach, scopes));
        }
        let endpoints = store::webhooks::list(&mut tx, organiser).await.unwrap();
        let wants: Vec<_> = endpoints.iter().map(|kept| (kept.event_types.clone(), kept.creches.clone())).collect();
        let types =
            vec![EventType::ClosuresReplaced, EventType::deposit(attendance::KIND, true), EventType::ClosuresReplaced];
        let some = (Some(types), Some(creches(&[MEADOW, NEST])));
        assert_eq!(wants, [(None, None), some, (None, Some(creches(&[NEST])))]);
        drop(tx);
        let all = vec![creches(&[NEST]), creches(&[HIVE]), creches(&[MEADOW])];
        assert_eq!(deliveries_per_event(&app, &database, EventType::ClosuresReplaced, &all).await, [3, 1, 2]);
        assert_eq!(deliveries_per_event(&app, &database, EventType::DoctorChanged, &all).await, [2, 1, 1]);
    }
}

/// To how many endpoints an event is spread that concerns these crèches, one after the other.
async fn deliveries_per_event(
    app: &App,
    database: &Database,
    kind: EventType,
    concerned: &[Vec<CrecheId>],
) -> Vec<i64> {
    database.tamper("update webhook_endpoint set state = 'active'").await;
    let mut counts = Vec::new();
    for concerned in concerned {
        let id = EventId::new(app.clocks.machine());
        let event = Event { concerned: concerned.clone(), ..Event::new(id, kind, noon()) };
        let mut tx = write(&database.db).await;
        events::append(&mut tx, LUCIOLES.parse().unwrap(), &event, event.at);
        tx.commit().await.unwrap();
        counts.push(database.number(format!("select count(*) from delivery where event_id = '{id}'")).await);
    }
    counts
}
