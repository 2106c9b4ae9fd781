//! Issuing API keys.

use jiff::Timestamp;

use crate::app::act::{Act, Refusal};
use crate::chance;
use crate::domain::key::{KeyId, KeyKind, KeyText, Scopes};
use crate::ids::{ApplicationId, CrecheId, OrganiserId};
use crate::store::keys::Key;
use crate::store::{self, Tx};
use crate::vault::{self, Vault};

/// What a key shall be able to do, for whom and how long.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Whose data it opens.
    pub organiser: OrganiserId,
    /// The application that gets it.
    pub application: ApplicationId,
    /// Its kind.
    pub kind: KeyKind,
    /// What it may do.
    pub scopes: Scopes,
    /// The crèches it is limited to; `None` for all.
    pub creches: Option<Vec<CrecheId>>,
    /// When it stops working; `None` for never.
    pub expires_at: Option<Timestamp>,
}

/// Issues a key and gives its text, which can never be had again.
pub async fn issue(act: Act<'_>, new: &NewKey) -> Result<KeyText, Refusal> {
    if new.scopes.iter().next().is_none() {
        return Err(Refusal::NoScope);
    }
    if new.creches.as_ref().is_some_and(Vec::is_empty) {
        return Err(Refusal::Nowhere);
    }
    if let Some(past) = new.expires_at.filter(|at| *at <= act.clock.now()) {
        return Err(Refusal::Past(past));
    }
    let text = KeyText::new(new.kind, KeyId::from_random(chance::bytes()), chance::bytes());
    let mut tx = act.begin(new.organiser).await?;
    for creche in new.creches.iter().flatten() {
        store::creches::find(&mut tx, new.organiser, *creche).await?.ok_or(Refusal::NoCreche(*creche))?;
    }
    if keep(act, tx, new, &text).await? { Ok(text) } else { Err(Refusal::NoApplication(new.application)) }
}

/// Issues a key with a text that is already known; `false` when it is issued already, or the organiser has no such
/// application.
pub async fn issue_with(act: Act<'_>, new: &NewKey, text: &KeyText) -> Result<bool, Refusal> {
    keep(act, act.begin(new.organiser).await?, new, text).await
}

async fn keep(act: Act<'_>, mut tx: Tx, new: &NewKey, text: &KeyText) -> Result<bool, Refusal> {
    let key = Key {
        id: text.id(),
        organiser: new.organiser,
        application: new.application,
        kind: text.kind(),
        secret_hash: vault::digest(text.expose()).to_vec(),
        scopes: new.scopes,
        creches: new.creches.clone(),
        created_at: act.clock.now(),
        expires_at: new.expires_at,
        revoked_at: None,
        last_used_at: None,
        suspended_at: None,
    };
    if !store::keys::insert(&mut tx, new.organiser, &key).await? {
        return Ok(false);
    }
    let entry = act.entry("key.issued").detail(format!("{} {} {}", key.id, key.kind, key.scopes));
    act.finish(tx, new.organiser, entry).await?;
    Ok(true)
}

/// The key that this database and a name make: the same at every start, and nobody else can compute it. For the
/// invented world of a sandbox only.
pub fn seeded(vault: &Vault, kind: KeyKind, name: &str) -> KeyText {
    let part = |purpose| vault.index().derive(purpose, &[name.as_bytes()]);
    let id = *part("seeded key id").first_chunk().expect("more bytes than an id has");
    KeyText::new(kind, KeyId::from_random(id), part("seeded key secret"))
}
