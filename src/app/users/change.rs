//! Changing, deactivating, reactivating and deleting users.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::add::{organiser_creche_ids, rights_changed, store_rights, user_context};
use super::{User, UserAdministrator, UserDocument, UserError, seal};
use crate::app::record::Record;
use crate::app::{App, Precondition, PreconditionError};
use crate::domain::action::RecordedAction;
use crate::domain::user::raw::RawChange;
use crate::domain::user::validation::UserUpdate;
use crate::ids::UserId;
use crate::ingest::schema::USER_CHANGE;
use crate::store::{self, WritePurpose};

/// A user after a change.
#[derive(Debug)]
pub struct UserChangeOutcome {
    /// As it is now.
    pub user: User,
    /// Whether nothing changed.
    pub unchanged: bool,
}

/// Changes a user. A user who may no longer log in is logged out.
pub async fn change(
    app: &App,
    author: &UserAdministrator,
    id: UserId,
    precondition: &Precondition,
    document: UserDocument<'_, RawChange>,
) -> Result<UserChangeOutcome, UserError> {
    let key = app.vault.organiser_key(&app.db, author.organiser).await?;
    let (mut work, by) = author.begin(app, WritePurpose::RecordOnly).await?;
    let (before, mut stored, situation) = author.authorise_change(&mut work, &key, by, id).await?;
    let creches = organiser_creche_ids(&mut work, author.organiser).await?;
    let (raw, mut findings) = document.read(USER_CHANGE);
    let (change, rules) = raw.parse(user_context(app, author, &creches));
    findings.extend(rules);
    let after = before.clone().changed(change, work.at());
    findings.extend(situation.check_change(&before.standing(), &after.standing()));
    if findings.has_errors() {
        return Err(UserError::Invalid(findings.folded()));
    }
    let records = records(&before, &after);
    if records.is_empty() {
        return Ok(UserChangeOutcome { user: before, unchanged: true });
    }
    precondition.check(Some(before.version))?;
    stored.sealed = seal(&key, author.organiser, id, &after.details)?;
    stored.profile = after.mandate.profile;
    stored.deactivated_at = after.deactivated_at;
    if !store::users::update(&mut work, author.organiser, &stored).await? {
        return Err(PreconditionError::Stale(Some(before.version)).into());
    }
    store_rights(&mut work, author.organiser, id, &after.mandate.rights).await?;
    if after.deactivated_at.is_some() {
        let at = work.at();
        store::sessions::end_all(&mut work, author.organiser, id, at).await?;
    }
    for record in records {
        work.record(&record);
    }
    work.commit().await?;
    app.keys.credentials_changed();
    Ok(UserChangeOutcome { user: User { version: before.version + 1, ..after }, unchanged: false })
}

/// Deletes a user, who is logged out. The user's actions stay in the history, under the id.
pub async fn delete(
    app: &App,
    author: &UserAdministrator,
    id: UserId,
    precondition: &Precondition,
) -> Result<(), UserError> {
    let key = app.vault.organiser_key(&app.db, author.organiser).await?;
    let (mut work, by) = author.begin(app, WritePurpose::RecordOnly).await?;
    let (before, _, situation) = author.authorise_change(&mut work, &key, by, id).await?;
    let findings = situation.check_deletion(&before.standing());
    if findings.has_errors() {
        return Err(UserError::Invalid(findings));
    }
    precondition.check(Some(before.version))?;
    let at = work.at();
    store::sessions::end_all(&mut work, author.organiser, id, at).await?;
    store::users::delete(&mut work, author.organiser, id).await?;
    work.record(&Record::of(RecordedAction::UserDeleted).about(id));
    work.commit().await?;
    app.keys.credentials_changed();
    Ok(())
}

impl User {
    fn changed(mut self, change: UserUpdate, at: Timestamp) -> Self {
        let UserUpdate { given_name, family_name, email, profile, rights, active } = change;
        let details = &mut self.details;
        if let Some(name) = given_name {
            details.given_name = name;
        }
        if let Some(name) = family_name {
            details.family_name = name;
        }
        if let Some(email) = email {
            details.email = email;
        }
        self.mandate.profile = profile.unwrap_or(self.mandate.profile);
        self.mandate.rights = rights.unwrap_or(self.mandate.rights);
        self.deactivated_at = match active {
            Some(true) => None,
            Some(false) => self.deactivated_at.or(Some(at)),
            None => self.deactivated_at,
        };
        self
    }
}

/// What is recorded of a change: the names of the changed fields, not their values.
fn records(before: &User, after: &User) -> Vec<Record> {
    let id = before.id;
    let details = [
        ("givenName", before.details.given_name != after.details.given_name),
        ("familyName", before.details.family_name != after.details.family_name),
        ("email", before.details.email != after.details.email),
    ];
    let mut told: Vec<_> = details.into_iter().filter(|(_, other)| *other).map(|(name, _)| name.to_owned()).collect();
    if before.mandate.profile != after.mandate.profile {
        told.push(after.mandate.profile.to_string());
    }
    let mut records = Vec::new();
    if !told.is_empty() {
        records.push(Record::of(RecordedAction::UserChanged).detail(format!("{id} {}", told.join(" "))));
    }
    let (old, new) = (&before.mandate.rights, &after.mandate.rights);
    let touched: BTreeSet<_> =
        old.keys().chain(new.keys()).filter(|creche| old.get(creche) != new.get(creche)).collect();
    let scopes = |creche| new.get(creche).copied().unwrap_or_default();
    records.extend(touched.into_iter().map(|creche| rights_changed(id, *creche, scopes(creche))));
    let active = |user: &User| user.deactivated_at.is_none();
    if active(before) != active(after) {
        let action = if active(after) { RecordedAction::UserReactivated } else { RecordedAction::UserDeactivated };
        records.push(Record::of(action).about(id));
    }
    records
}
