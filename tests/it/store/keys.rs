//! Keys: stored, listed, revoked, used.

use std::sync::Arc;

use jiff::SignedDuration;
use passerelle::app::Clocks;
use passerelle::app::keys::{KeyCache, KeyRefusal, NewKey, issue, issue_with, seeded};
use passerelle::app::operator::{OperatorContext, OperatorError};
use passerelle::clock::{Clock as _, Fixed};
use passerelle::domain::actor::Actor;
use passerelle::domain::application::ApplicationState;
use passerelle::domain::audit::AuditChain;
use passerelle::domain::key::{Deployment, KeyKind, KeyText, Scope};
use passerelle::domain::kinds::attendance;
use passerelle::seal::{MasterKey, MasterKeys};
use passerelle::store::{Db, applications, audit, keys};
use passerelle::vault::Vault;

use super::{World, key, noon, world, write};
use crate::harness::database::each_engine;

struct KeyFixture {
    world: World,
    vault: Vault,
    clock: Arc<Fixed>,
    clocks: Clocks,
    actor: Actor,
}

impl KeyFixture {
    async fn new(db: &Db) -> Self {
        let world = world(db).await;
        let vault = Vault::open(db, MasterKeys::only(MasterKey::generate())).await.unwrap();
        let clock = Arc::new(Fixed::at(noon()));
        let clocks = Clocks::same_for_all(clock.clone());
        Self { world, vault, clock, clocks, actor: Actor::operator("root") }
    }

    fn act<'a>(&'a self, db: &'a Db) -> OperatorContext<'a> {
        OperatorContext { db, vault: &self.vault, clocks: &self.clocks, actor: &self.actor, caps: None }
    }

    fn new_key(&self, kind: KeyKind) -> NewKey {
        NewKey {
            organiser: self.world.organiser,
            application: self.world.application,
            kind,
            scopes: [Scope::StatementsRead(attendance::KIND)].into_iter().collect(),
            creches: Some(vec![self.world.creche]),
            expires_at: Some(noon() + SignedDuration::from_hours(24)),
        }
    }
}

#[tokio::test]
async fn a_key_is_stored_found_listed_and_revoked_once() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        let mut tx = write(&database.db).await;
        let mut new = key(world.organiser, world.application);
        new.creches = Some(vec![world.creche]);
        new.expires_at = Some(noon());
        assert!(keys::insert(&mut tx, world.organiser, &new).await.unwrap());
        assert!(!keys::insert(&mut tx, world.organiser, &new).await.unwrap());
        let stolen = key(world.stranger, world.application);
        assert!(!keys::insert(&mut tx, world.stranger, &stolen).await.unwrap());
        assert_eq!(keys::find(&mut tx, new.id).await.unwrap(), Some(new.clone()));
        assert_eq!(keys::find(&mut tx, stolen.id).await.unwrap(), None);
        assert_eq!(keys::list(&mut tx, world.organiser).await.unwrap(), [new.clone()]);
        assert!(keys::list(&mut tx, world.stranger).await.unwrap().is_empty());

        let later = noon() + SignedDuration::from_secs(1);
        assert!(keys::record_use(&mut tx, world.organiser, new.id, later).await.unwrap());
        assert!(!keys::record_use(&mut tx, world.organiser, new.id, noon()).await.unwrap());
        assert!(!keys::revoke(&mut tx, world.stranger, new.id, noon()).await.unwrap());
        assert!(keys::revoke(&mut tx, world.organiser, new.id, noon()).await.unwrap());
        assert!(!keys::revoke(&mut tx, world.organiser, new.id, later).await.unwrap());
        let found = keys::find(&mut tx, new.id).await.unwrap().unwrap();
        assert_eq!((found.last_used_at, found.revoked_at), (Some(later), Some(noon())));
    })
    .await;
}

#[tokio::test]
async fn a_caller_is_authenticated_by_its_key() {
    each_engine(async |database| {
        let fixture = KeyFixture::new(&database.db).await;
        let new = fixture.new_key(KeyKind::Live);
        let text = issue(fixture.act(&database.db), Deployment::Production, &new).await.unwrap();
        let ring = KeyCache::new(Deployment::Production);
        let caller = ring.authenticate(&database.db, &fixture.clocks, text.expose()).await.unwrap();
        let shown = caller.verified_key().unwrap();
        assert_eq!((caller.organiser, shown.application), (new.organiser, new.application));
        assert_eq!((shown.key, shown.kind, shown.scopes), (text.id(), KeyKind::Live, new.scopes));
        assert_eq!((&caller.creches, shown.expires_at), (&new.creches, new.expires_at));

        let chain = AuditChain::Organiser(new.organiser);
        let trail = audit::after(&mut database.db.read().await.unwrap(), chain, 0, 10).await.unwrap();
        assert_eq!(trail[0].entry.action, "key.issued");
        assert!(trail.iter().all(|link| !format!("{link:?}").contains(text.expose())));
        let stranger = NewKey { organiser: fixture.world.stranger, ..new };
        let refused = issue(fixture.act(&database.db), Deployment::Production, &stranger).await;
        assert!(matches!(refused, Err(OperatorError::NoApplication(id)) if id == fixture.world.application));
    })
    .await;
}

#[tokio::test]
async fn an_invalid_key_is_refused_with_its_reason() {
    each_engine(async |database| {
        let (fixture, db) = (KeyFixture::new(&database.db).await, &database.db);
        let ring = KeyCache::new(Deployment::Production);
        let text = issue(fixture.act(db), Deployment::Production, &fixture.new_key(KeyKind::Live)).await.unwrap();
        let forged = KeyText::new(KeyKind::Live, text.id(), passerelle::random::bytes());
        let other_kind = text.expose().replace("live", "trial");
        let unknown = KeyText::new(KeyKind::Live, key(fixture.world.organiser, fixture.world.application).id, [0; 32]);
        let sandbox = KeyText::new(KeyKind::Test, text.id(), [0; 32]);
        let show = async |text: &str| ring.authenticate(db, &fixture.clocks, text).await;
        assert!(matches!(show("Bearer").await, Err(KeyRefusal::Malformed)));
        assert!(matches!(show(&other_kind).await, Err(KeyRefusal::Malformed)));
        assert!(matches!(show(forged.expose()).await, Err(KeyRefusal::Unknown)));
        assert!(matches!(show(unknown.expose()).await, Err(KeyRefusal::Unknown)));
        assert!(matches!(show(sandbox.expose()).await, Err(KeyRefusal::WrongKind(KeyKind::Test))));
        assert!(show(text.expose()).await.is_ok());
        fixture.clock.advance(SignedDuration::from_hours(24));
        assert!(matches!(show(text.expose()).await, Err(KeyRefusal::Expired(_))));
    })
    .await;
}

#[tokio::test]
async fn a_revoked_key_is_refused_here_at_once_and_elsewhere_within_seconds() {
    each_engine(async |database| {
        let (fixture, db) = (KeyFixture::new(&database.db).await, &database.db);
        let (here, elsewhere) = (KeyCache::new(Deployment::Production), KeyCache::new(Deployment::Production));
        let other = Db::connect(&database.url).await.unwrap();
        let text = issue(fixture.act(db), Deployment::Production, &fixture.new_key(KeyKind::Live)).await.unwrap();
        for (ring, db) in [(&here, db), (&elsewhere, &other)] {
            ring.authenticate(db, &fixture.clocks, text.expose()).await.unwrap();
        }
        assert!(here.revoke(fixture.act(db), fixture.world.organiser, text.id()).await.unwrap());
        assert!(!here.revoke(fixture.act(db), fixture.world.organiser, text.id()).await.unwrap());
        let refused = here.authenticate(db, &fixture.clocks, text.expose()).await;
        assert!(matches!(refused, Err(KeyRefusal::Revoked(at)) if at == noon()));
        assert!(elsewhere.authenticate(&other, &fixture.clocks, text.expose()).await.is_ok());
        fixture.clock.advance(SignedDuration::from_secs(5));
        let refused = elsewhere.authenticate(&other, &fixture.clocks, text.expose()).await;
        assert!(matches!(refused, Err(KeyRefusal::Revoked(_))));
    })
    .await;
}

#[tokio::test]
async fn the_keys_of_a_suspended_application_are_refused() {
    each_engine(async |database| {
        let (fixture, db) = (KeyFixture::new(&database.db).await, &database.db);
        let ring = KeyCache::new(Deployment::Production);
        let text = issue(fixture.act(db), Deployment::Production, &fixture.new_key(KeyKind::Trial)).await.unwrap();
        let mut tx = write(db).await;
        let known = applications::find(&mut tx, fixture.world.organiser, fixture.world.application).await.unwrap();
        let mut application = known.unwrap();
        application.bounds.suspended_at = Some(noon());
        assert!(applications::update(&mut tx, fixture.world.organiser, &application).await.unwrap());
        tx.commit().await.unwrap();
        let refused = ring.authenticate(db, &fixture.clocks, text.expose()).await;
        assert!(matches!(refused, Err(KeyRefusal::Application(ApplicationState::Suspended, at)) if at == noon()));
    })
    .await;
}

#[tokio::test]
async fn the_last_use_is_stored_later() {
    each_engine(async |database| {
        let (fixture, db) = (KeyFixture::new(&database.db).await, &database.db);
        let ring = KeyCache::new(Deployment::Production);
        let text = issue(fixture.act(db), Deployment::Production, &fixture.new_key(KeyKind::Live)).await.unwrap();
        let last_use =
            async || keys::find(&mut db.read().await.unwrap(), text.id()).await.unwrap().unwrap().last_used_at;
        ring.authenticate(db, &fixture.clocks, text.expose()).await.unwrap();
        fixture.clock.advance(SignedDuration::from_secs(7));
        ring.authenticate(db, &fixture.clocks, text.expose()).await.unwrap();
        assert_eq!(last_use().await, None);
        ring.flush_last_use(db).await.unwrap();
        assert_eq!(last_use().await, Some(fixture.clock.now()));
    })
    .await;
}

#[tokio::test]
async fn a_sandbox_key_is_the_same_at_every_start() {
    each_engine(async |database| {
        let (fixture, db) = (KeyFixture::new(&database.db).await, &database.db);
        let text = seeded(&fixture.vault, KeyKind::Test, "Présences+");
        assert_eq!(text, seeded(&fixture.vault, KeyKind::Test, "Présences+"));
        assert_ne!(text, seeded(&fixture.vault, KeyKind::Test, "Agenda"));
        let new = fixture.new_key(KeyKind::Test);
        assert!(issue_with(fixture.act(db), &new, &text).await.unwrap());
        assert!(!issue_with(fixture.act(db), &new, &text).await.unwrap());
        let ring = KeyCache::new(Deployment::Sandbox);
        assert!(ring.authenticate(db, &fixture.clocks, text.expose()).await.is_ok());
    })
    .await;
}
