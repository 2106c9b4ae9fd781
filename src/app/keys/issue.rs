//! Issuing API keys.

use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;

use crate::app::operator::{OperatorContext, OperatorError};
use crate::app::record::Record;
use crate::app::unit_of_work::UnitOfWork;
use crate::app::{SubmittedDocument, applications};
use crate::domain::application::{self, ApplicationBounds, KeyRequest, RawKey};
use crate::domain::caps::CapKind;
use crate::domain::event::EventType;
use crate::domain::key::{Deployment, KeyId, KeyKind, KeyText, Scopes, TypedKeyText};
use crate::domain::raw::Choice;
use crate::ids::{ApplicationId, CrecheId, OrganiserId};
use crate::ingest::schema::API_KEY;
use crate::random;
use crate::seal;
use crate::store::keys::KeyRecord;
use crate::store::{self, WritePurpose};
use crate::vault::Vault;

/// A key to be issued.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// The organiser.
    pub organiser: OrganiserId,
    /// The application.
    pub application: ApplicationId,
    /// Its kind.
    pub kind: KeyKind,
    /// Its scopes.
    pub scopes: Scopes,
    /// The crèches it is limited to; `None` for all.
    pub creches: Option<Vec<CrecheId>>,
    /// When it expires; `None` for never.
    pub expires_at: Option<Timestamp>,
}

/// The key of a request, with the scopes and crèches of its application by default.
pub fn requested_key(
    organiser: OrganiserId,
    application: ApplicationId,
    input: SubmittedDocument<'_, RawKey>,
) -> Result<NewKey, OperatorError> {
    let (raw, findings) = input.read(API_KEY);
    let raw = raw.unwrap_or_default();
    let Some(kind) = raw.kind.take().filter(|_| !findings.has_errors()) else {
        return Err(OperatorError::Invalid(findings.folded()));
    };
    let scopes = raw.scopes.take().map(|Choice(scopes)| scopes.into_iter().collect());
    let creches = raw.creches.take().map(|Choice(creches)| creches);
    let (scopes, expires_at) = (scopes.unwrap_or_else(Scopes::all), raw.expires_on.take().map(applications::after));
    Ok(NewKey { organiser, application, kind, scopes, creches, expires_at })
}

/// Issues a key and returns its text, which is not stored.
pub async fn issue(act: OperatorContext<'_>, here: Deployment, new: &NewKey) -> Result<KeyText, OperatorError> {
    issue_as(act, here, new, KeyId::from_random(random::bytes())).await
}

/// The same under a given public id, so that a form which is sent twice issues one key.
pub async fn issue_as(
    act: OperatorContext<'_>,
    here: Deployment,
    new: &NewKey,
    id: KeyId,
) -> Result<KeyText, OperatorError> {
    let mut work = act.begin(new.organiser, WritePurpose::Content).await?;
    let application = store::applications::find(&mut work, new.organiser, new.application).await?;
    let bounds = application.ok_or(OperatorError::NoApplication(new.application))?.bounds;
    let known: Vec<_> =
        store::creches::list(&mut work, new.organiser).await?.into_iter().map(|creche| creche.id).collect();
    // All scopes: every scope that the application has.
    let scopes = if new.scopes == Scopes::all() { bounds.scopes } else { new.scopes };
    let (creches, expires_at) = (new.creches.as_deref(), new.expires_at);
    let wanted = KeyRequest { kind: new.kind, scopes, creches, expires_at };
    let mut findings = application::key_request_findings(&wanted, &bounds, here, &known, work.at());
    let count = store::counts::count_keys(&mut work, new.organiser).await? + 1;
    findings.extend(act.caps.and_then(|caps| caps.exceeded(CapKind::Keys, count)).into_iter().collect());
    if findings.has_errors() {
        return Err(OperatorError::Invalid(findings.folded()));
    }
    let text = KeyText::new(new.kind, id, random::bytes());
    let new = NewKey { scopes, ..new.clone() };
    if store_key(work, &new, &text, issued(&new, &text)).await? { Ok(text) } else { Err(OperatorError::KeyTaken(id)) }
}

/// Issues a key with a given text; `false` when it is issued already, or the organiser has no such
/// application.
pub async fn issue_with(act: OperatorContext<'_>, new: &NewKey, text: &KeyText) -> Result<bool, OperatorError> {
    let work = act.begin(new.organiser, WritePurpose::Content).await?;
    store_key(work, new, text, issued(new, text).unannounced()).await
}

/// The record that the key was issued.
fn issued(new: &NewKey, text: &KeyText) -> Record {
    let detail = format!("{} {} {}", text.id(), text.kind(), new.scopes);
    Record::of(EventType::KeyIssued).about(text.id()).detail(detail)
}

async fn store_key(
    mut work: UnitOfWork<'_>,
    new: &NewKey,
    text: &KeyText,
    record: Record,
) -> Result<bool, OperatorError> {
    let key = KeyRecord {
        id: text.id(),
        organiser: new.organiser,
        application: new.application,
        kind: text.kind(),
        secret_hash: seal::digest(text.expose()).to_vec(),
        scopes: new.scopes,
        creches: new.creches.clone(),
        created_at: work.at(),
        expires_at: new.expires_at,
        revoked_at: None,
        last_used_at: None,
        bounds: ApplicationBounds::default(),
    };
    if !store::keys::insert(&mut work, new.organiser, &key).await? {
        return Ok(false);
    }
    work.record(&record);
    work.commit().await?;
    Ok(true)
}

/// The key derived from this database and a name: the same at every start, and it cannot be computed elsewhere. For the
/// sandbox only.
pub fn seeded<K: Copy + Display + FromStr>(vault: &Vault, kind: K, name: &str) -> TypedKeyText<K> {
    let part = |purpose| vault.index_key().derive_secret_v1(purpose, &[name.as_bytes()]);
    let id = *part("seeded key id").first_chunk().expect("more bytes than an id has");
    TypedKeyText::new(kind, KeyId::from_random(id), *part("seeded key secret"))
}
