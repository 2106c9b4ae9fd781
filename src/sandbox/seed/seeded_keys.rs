//! The keys of the invented applications.

use super::content::SeedOrganiser;
use crate::app::App;
use crate::app::keys::{self, NewKey};
use crate::app::operator::OperatorError;
use crate::domain::actor::Actor;
use crate::domain::key::{KeyKind, KeyText, Scope, Scopes};
use crate::ids::ApplicationId;

/// Which keys an application gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeySet {
    /// One with all rights, one for trials, a limited one and an expired one.
    Usual,
    /// These, and one for each scope alone.
    EachScope,
}

/// The keys of an application, by name: one with all rights, one for trials, one limited to summaries of the first crèche,
/// and one that has expired.
pub(super) fn seeded_keys(
    app: &App,
    seed: &SeedOrganiser,
    application: ApplicationId,
    set: KeySet,
) -> Vec<(&'static str, NewKey)> {
    let everything = NewKey {
        organiser: seed.id,
        application,
        kind: KeyKind::Test,
        scopes: Scopes::all(),
        creches: None,
        expires_at: None,
    };
    let limited = NewKey {
        scopes: [Scope::SummariesRead].into_iter().collect(),
        creches: seed.creches.first().map(|creche| vec![creche.id]),
        ..everything.clone()
    };
    let trial = NewKey { kind: KeyKind::Trial, ..everything.clone() };
    let expired = NewKey { expires_at: Some(app.clocks.business_clock(seed.id).now()), ..everything.clone() };
    let of_scope =
        |scope: &Scope| (scope.code(), NewKey { scopes: [*scope].into_iter().collect(), ..everything.clone() });
    let single: Vec<_> = Scope::ALL.iter().filter(|_| set == KeySet::EachScope).map(of_scope).collect();
    let mut keys = vec![("everything", everything), ("trial", trial), ("limited", limited), ("expired", expired)];
    keys.extend(single);
    keys
}

/// The text of such a key, the same in every sandbox with this vault.
pub(crate) fn key_text(app: &App, name: &str, key: &NewKey) -> KeyText {
    keys::seeded(&app.vault, key.kind, &format!("{} {name}", key.application))
}

/// Issues the keys of an application; those that exist already stay.
pub(super) async fn issue_keys(
    app: &App,
    seed: &SeedOrganiser,
    application: ApplicationId,
    set: KeySet,
) -> Result<(), OperatorError> {
    let actor = Actor::system("sandbox");
    for (name, new) in seeded_keys(app, seed, application, set) {
        keys::issue_with(app.acting_as(&actor), &new, &key_text(app, name, &new)).await?;
    }
    Ok(())
}
