//! Those who call the application: keys of every kind, persons with a session, browsers.

use passerelle::app::agents;
use passerelle::app::keys::{self, NewKey};
use passerelle::app::sessions::{self, LoggedIn, VerifiedIdentity};
use passerelle::domain::actor::Actor;
use passerelle::domain::application::ApplicationBounds;
use passerelle::domain::key::{Deployment, KeyId, KeyKind, KeyText, Scope, Scopes};
use passerelle::domain::ssin::Ssin;
use passerelle::ids::ApplicationId;
use passerelle::{random, store};

use super::{ORGANISER, OTHER, TestApp, organiser};
use crate::harness::call::Persona;
use crate::harness::page::Browser;
use crate::harness::people;

impl TestApp {
    /// The kind of key that writes here.
    pub(crate) fn writing(&self) -> KeyKind {
        match self.app.deployment {
            Deployment::Sandbox => KeyKind::Test,
            Deployment::Production => KeyKind::Live,
        }
    }

    /// A key of our organiser with every scope and crèche.
    #[expect(clippy::unused_self, reason = "it is the application's organiser")]
    pub(crate) fn ours(&self, kind: KeyKind) -> NewKey {
        let application: ApplicationId = "019a5c00-0000-7000-8000-000000000021".parse().unwrap();
        let organiser = organiser();
        NewKey { organiser, application, kind, scopes: Scopes::all(), creches: None, expires_at: None }
    }

    pub(crate) fn theirs(&self, kind: KeyKind) -> NewKey {
        let application = "019a5c00-0000-7000-8000-000000000022".parse().unwrap();
        let organiser = OTHER.parse().unwrap();
        NewKey { organiser, application, ..self.ours(kind) }
    }

    /// Issues a key, which may have ended already or be of a kind that is refused here: its text.
    pub(crate) async fn issue(&self, new: NewKey) -> String {
        let text = KeyText::new(new.kind, KeyId::from_random(random::bytes()), random::bytes());
        assert!(keys::issue_with(self.app.acting_as(&Actor::operator("tests")), &new, &text).await.unwrap());
        text.expose().to_owned()
    }

    /// A caller with this key.
    pub(crate) fn bearer(&self, key: &str) -> Persona<'_> {
        Persona::new(&self.router, Some(key))
    }

    /// The software of our organiser: every scope, every crèche, may write.
    pub(crate) fn vendor(&self) -> Persona<'_> {
        self.bearer(&self.vendor)
    }

    /// The text of that software's key.
    pub(crate) fn vendor_key(&self) -> &str {
        &self.vendor
    }

    /// The software of the other organiser, likewise.
    pub(crate) fn other_organiser(&self) -> Persona<'_> {
        self.bearer(&self.other)
    }

    /// A logged-in user of the seeded data.
    pub(crate) async fn person(&self, ssin: &str) -> Persona<'_> {
        let (secret, visitor) = self.log_in(ssin).await;
        Persona::person(&self.router, secret, visitor.csrf)
    }

    /// Makes a person an agent of the agency.
    pub(crate) async fn appoint(&self, ssin: &str) {
        let actor = Actor::operator("tests");
        agents::add(self.app.acting_as(&actor), &Ssin::parse(ssin).unwrap(), "ONE-1207").await.unwrap();
    }

    /// An agent of the agency who is logged in and no user of any organiser.
    pub(crate) async fn agent(&self) -> Persona<'_> {
        self.appoint(&people::ssin(7)).await;
        self.person(&people::ssin(7)).await
    }

    /// The browser of a logged-in person, for our organiser unless it is an agent.
    pub(crate) async fn browser(&self, ssin: &str) -> Browser<'_> {
        let (secret, visitor) = self.log_in(ssin).await;
        if visitor.acting.is_none() && visitor.agent.is_none() {
            return self.browser_at(ssin, ORGANISER).await;
        }
        Browser::new(&self.router, secret, visitor.csrf)
    }

    /// The browser of a logged-in user who acts for this organiser.
    pub(crate) async fn browser_at(&self, ssin: &str, organiser: &str) -> Browser<'_> {
        let (secret, visitor) = self.log_in(ssin).await;
        assert!(sessions::choose_organiser_of_person(&self.app, &visitor, organiser.parse().unwrap()).await.unwrap());
        // As the pages have it from now on.
        let visitor = sessions::resume(&self.app, &secret).await.unwrap().unwrap();
        Browser::new(&self.router, secret, visitor.csrf)
    }

    /// A logged-in user who acts for this organiser.
    pub(crate) async fn person_at(&self, ssin: &str, organiser: &str) -> Persona<'_> {
        let (secret, visitor) = self.log_in(ssin).await;
        assert!(sessions::choose_organiser_of_person(&self.app, &visitor, organiser.parse().unwrap()).await.unwrap());
        Persona::person(&self.router, secret, visitor.csrf)
    }

    /// Starts a session of a person.
    pub(crate) async fn log_in(&self, ssin: &str) -> (String, LoggedIn) {
        let identity = VerifiedIdentity {
            given_name: "Prénom".to_owned(),
            family_name: "Nom".to_owned(),
            id_token: None,
            authenticated_at: Some(self.app.clocks.machine().now()),
        };
        let begun = sessions::begin(&self.app, &Ssin::parse(ssin).unwrap(), "eid", identity).await.unwrap();
        let visitor = sessions::resume(&self.app, &begun.secret).await.unwrap().unwrap();
        (begun.secret, visitor)
    }

    /// A caller without a key.
    pub(crate) fn anonymous(&self) -> Persona<'_> {
        Persona::new(&self.router, None)
    }

    /// A vendor with these scopes only.
    pub(crate) async fn with_scopes(&self, scopes: impl IntoIterator<Item = Scope>) -> Persona<'_> {
        let new = NewKey { scopes: scopes.into_iter().collect(), ..self.ours(self.writing()) };
        self.bearer(&self.issue(new).await)
    }

    /// A vendor who reaches these crèches only.
    pub(crate) async fn limited_to(&self, creches: &[&str]) -> Persona<'_> {
        let creches = Some(creches.iter().map(|id| id.parse().unwrap()).collect());
        self.bearer(&self.issue(NewKey { creches, ..self.ours(self.writing()) }).await)
    }

    /// A vendor whose key has just ended.
    pub(crate) async fn expired(&self) -> Persona<'_> {
        let expires_at = Some(self.app.clocks.machine().now());
        self.bearer(&self.issue(NewKey { expires_at, ..self.ours(self.writing()) }).await)
    }

    /// A vendor whose key was taken back.
    pub(crate) async fn revoked(&self) -> Persona<'_> {
        let key = self.issue(self.ours(self.writing())).await;
        let id = KeyText::parse(&key).unwrap().id();
        let actor = Actor::operator("tests");
        assert!(self.app.keys.revoke(self.app.acting_as(&actor), organiser(), id).await.unwrap());
        self.bearer(&key)
    }

    /// A vendor whose application is suspended.
    pub(crate) async fn suspended(&self) -> Persona<'_> {
        let at = self.app.clocks.machine().now();
        let application = ApplicationId::new(self.app.clocks.machine());
        let mut tx = self.app.db.write().await.unwrap();
        let record = store::applications::ApplicationRecord {
            id: application,
            name: "Suspended".to_owned(),
            vendor: "Exemple".to_owned(),
            sealed: None,
            purpose: String::new(),
            bounds: ApplicationBounds { suspended_at: Some(at), ..ApplicationBounds::default() },
            created_at: at,
        };
        assert!(store::applications::insert(&mut tx, organiser(), &record).await.unwrap());
        self.commit(tx).await;
        self.bearer(&self.issue(NewKey { application, ..self.ours(self.writing()) }).await)
    }

    /// Our vendor with a key of this kind, whether it works here or not.
    pub(crate) async fn of_kind(&self, kind: KeyKind) -> Persona<'_> {
        self.bearer(&self.issue(self.ours(kind)).await)
    }

    /// A vendor with a key for dry runs only.
    pub(crate) async fn trial(&self) -> Persona<'_> {
        self.of_kind(KeyKind::Trial).await
    }

    /// A vendor of the production deployment.
    pub(crate) async fn live(&self) -> Persona<'_> {
        self.of_kind(KeyKind::Live).await
    }
}
