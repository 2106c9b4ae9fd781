//! Keys of the agency's software.

use passerelle::app::agency_keys;
use passerelle::domain::actor::Actor;
use passerelle::domain::agency_key::{AgencyKeyText, AgencyScope};
use passerelle::domain::audit::AuditChain;
use passerelle::store;

use super::{HERE, NAME, every_scope, issue, software};
use crate::harness::app::{TestApp, each_app};
use crate::harness::database::each_engine;

#[tokio::test]
async fn a_key_works_from_its_addresses_until_it_is_revoked_or_ends() {
    each_app(async |app| {
        let text = issue(app, NAME, every_scope(), HERE).await;
        let key = app.bearer(&text);
        assert!(text.starts_with("crk_agencytest_"), "the kind is that of a sandbox");
        let far = key.get("/agency/changes").await.expect(200);
        assert_eq!(far.header("passerelle-key-expires"), "", "the end is far");
        app.travel("2026-11-20T09:00:00+01:00");
        let near = key.get("/agency/changes").await.expect(200);
        assert_eq!(near.header("passerelle-key-expires"), "2026-12-11T23:00:00Z");
        let elsewhere = issue(app, "Ailleurs", every_scope(), "192.0.2.0/24").await;
        let refused = app.bearer(&elsewhere).get("/agency/changes").language("fr").await;
        let refused = refused.refused(403, "missingPermission");
        let detail = refused["detail"].as_str().unwrap();
        assert!(detail.contains("adresse") && !detail.contains("192.0.2"), "{detail}");
        let id = AgencyKeyText::parse(&text).unwrap().id();
        let actor = Actor::operator("tests");
        assert!(agency_keys::revoke(app.app.acting_as(&actor), id).await.unwrap().1);
        key.get("/agency/changes").await.refused(401, "invalidAccessToken");
        assert!(!agency_keys::revoke(app.app.acting_as(&actor), id).await.unwrap().1);
        let other = issue(app, "Autre", every_scope(), HERE).await;
        app.travel("2027-01-20T00:00:00+01:00");
        app.bearer(&other).get("/agency/changes").await.refused(401, "expiredAccessToken");
        let chain = AuditChain::Operator;
        let found = store::audit::after(&mut app.app.db.read().await.unwrap(), chain, 0, 100).await.unwrap();
        let actions: Vec<_> = found.iter().map(|link| link.entry.action.as_str()).collect();
        let ours: Vec<_> = actions.into_iter().filter(|action| action.starts_with("agencyKey.")).collect();
        assert_eq!(ours, ["agencyKey.issued", "agencyKey.issued", "agencyKey.revoked", "agencyKey.issued"]);
        assert!(found.iter().all(|link| link.entry.detail.as_ref().is_none_or(|detail| !detail.contains("crk_"))));
    })
    .await;
}

#[tokio::test]
async fn a_key_of_the_other_deployment_is_nothing_and_names_are_not_given_twice() {
    each_engine(async |database| {
        let sandbox = TestApp::start(database).await;
        let text = issue(&sandbox, NAME, every_scope(), HERE).await;
        let production = TestApp::production(database).await;
        let refused = production.bearer(&text).get("/agency/changes").await.refused(401, "wrongKeyKind");
        assert_eq!(refused["keyKind"], "agencytest");
        let live = issue(&production, "Production", every_scope(), HERE).await;
        assert!(live.starts_with("crk_agency_"));
        production.bearer(&live).get("/agency/changes").await.expect(200);
        sandbox.bearer(&live).get("/agency/changes").await.refused(401, "wrongKeyKind");
        let actor = Actor::operator("tests");
        let new = agency_keys::NewAgencyKey {
            name: NAME.to_owned(),
            scopes: every_scope(),
            networks: vec!["nowhere".to_owned()],
            last_day: production.app.clocks.machine().today(),
        };
        let kind = passerelle::domain::agency_key::AgencyKeyKind::Production;
        let issued = agency_keys::issue(production.app.acting_as(&actor), kind, new.clone()).await;
        assert!(matches!(issued, Err(agency_keys::AgencyKeyError::Network(range)) if range == "nowhere"));
        let new = agency_keys::NewAgencyKey { networks: vec![HERE.to_owned()], ..new };
        let issued = agency_keys::issue(production.app.acting_as(&actor), kind, new).await;
        assert!(matches!(issued, Err(agency_keys::AgencyKeyError::NameTaken(name)) if name == NAME));
    })
    .await;
}

#[tokio::test]
async fn the_last_use_is_stored_and_a_forged_row_is_an_unknown_key() {
    each_engine(async |database| {
        let app = TestApp::start(database).await;
        let text = issue(&app, NAME, [AgencyScope::ClaimsRead].into_iter().collect(), HERE).await;
        let key = app.bearer(&text);
        key.get("/agency/changes").await.expect(200);
        app.app.agency_key_uses.flush(&app.app.db).await.unwrap();
        let stored = agency_keys::list(&app.app.db).await.unwrap();
        assert_eq!(stored[0].last_used_at, Some(app.app.clocks.machine().now()));
        key.get("/agency/changes").await.expect(200);
        database.tamper("update agency_key set scopes = 'claims:read claims:answer'").await;
        let before = app.app.db.integrity_alerts();
        key.get("/agency/changes").await.refused(401, "invalidAccessToken");
        assert!(app.app.db.integrity_alerts() > before, "it is counted");
        database.tamper("update agency_key set scopes = 'claims:read'").await;
        key.get("/agency/changes").await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn keys_of_organisers_and_of_the_agency_keep_to_their_sides() {
    each_app(async |app| {
        let said = async |who: &crate::harness::call::Persona<'_>, path: &str| {
            let refused = who.get(path).await.refused(403, "missingPermission");
            refused["detail"].as_str().unwrap().to_owned()
        };
        assert!(said(&app.vendor(), "/agency/claims").await.contains("agents and software of the agency"));
        assert!(said(&software(app).await, "/creches").await.contains("below /agency only"));
    })
    .await;
}
