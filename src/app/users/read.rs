//! Reading users: every access is recorded before the response.

use std::collections::HashMap;

use super::{User, UserAdministrator, UserError, unseal_details};
use crate::app::App;
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::domain::action::RecordedAction;
use crate::domain::finding::Findings;
use crate::domain::text::folded;
use crate::domain::user::{Profile, policy};
use crate::ids::{OrganiserId, UserId};
use crate::seal::DataKey;
use crate::store::{self, Tx, WritePurpose};

/// A filter. Personal details are sealed: all users are unsealed, then filtered.
#[derive(Debug, Clone, Default)]
pub struct UserSearch {
    /// Words that must occur in the names or the e-mail address, in any order, accents ignored.
    pub words: String,
    /// Only users with this profile.
    pub profile: Option<Profile>,
    /// Only users who may log in, or only those who may not.
    pub active: Option<bool>,
}

impl UserSearch {
    fn finds(&self, user: &User) -> bool {
        let told = folded(&format!("{} {}", user.display_name(), user.details.email.expose()));
        folded(&self.words).split_whitespace().all(|word| told.contains(word))
            && self.profile.is_none_or(|profile| profile == user.mandate.profile)
            && self.active.is_none_or(|active| active == user.deactivated_at.is_none())
    }
}

/// The users found.
#[derive(Debug)]
pub struct UserPage {
    /// Those who match, by name.
    pub users: Vec<User>,
    /// How many users there are in all.
    pub total: usize,
    /// The warning that the organiser has too few administrators.
    pub warnings: Findings,
}

/// The organiser's users.
pub async fn list(app: &App, author: &UserAdministrator, search: &UserSearch) -> Result<UserPage, UserError> {
    let key = app.vault.organiser_key(&app.db, author.organiser).await?;
    let (mut work, _) = author.begin(app, WritePurpose::RecordOnly).await?;
    let mut users = open_users(&mut work, &key, author.organiser).await?;
    work.record(&Record::of(RecordedAction::UsersRead));
    work.commit().await?;
    let (total, administrators) = (users.len(), users.iter().filter(|user| user.standing().administers()).count());
    users.retain(|user| search.finds(user));
    users.sort_by_cached_key(|user| (folded(&user.details.family_name), folded(&user.details.given_name), user.id));
    Ok(UserPage { users, total, warnings: policy::too_few_administrators(administrators) })
}

/// One user, and the name of the certifier of the consent.
#[derive(Debug)]
pub struct UserDetails {
    /// The user.
    pub user: User,
    /// The certifier's name, or what is stored where that is no user.
    pub certified_by: String,
}

/// One user.
pub async fn find(app: &App, author: &UserAdministrator, id: UserId) -> Result<UserDetails, UserError> {
    let key = app.vault.organiser_key(&app.db, author.organiser).await?;
    let (mut work, _) = author.begin(app, WritePurpose::RecordOnly).await?;
    let stored = store::users::find(&mut work, author.organiser, id).await?.ok_or(UserError::NoUser(id))?;
    let rights = store::users::rights(&mut work, author.organiser, id).await?;
    let user = User::of(&key, stored, rights)?;
    let certifier = match user.consent.1.parse() {
        Ok(person) => store::users::find(&mut work, author.organiser, person).await?,
        Err(_) => None,
    };
    let certified_by = match certifier {
        Some(person) => unseal_details(&key, &person)?.name(),
        None => user.consent.1.clone(),
    };
    work.record(&Record::of(RecordedAction::UsersRead).about(id));
    work.commit().await?;
    Ok(UserDetails { user, certified_by })
}

async fn open_users(tx: &mut Tx, key: &DataKey, organiser: OrganiserId) -> Result<Vec<User>, InternalError> {
    let mut rights = store::users::all_rights(tx, organiser).await?;
    let stored = store::users::list(tx, organiser).await?;
    stored
        .into_iter()
        .map(|stored| User::of(key, stored.clone(), rights.remove(&stored.id).unwrap_or_default()))
        .collect()
}

/// The names of the organiser's users. The caller records the access.
pub(in crate::app) async fn display_names(
    tx: &mut Tx,
    key: &DataKey,
    organiser: OrganiserId,
) -> Result<HashMap<UserId, String>, InternalError> {
    let stored = store::users::list(tx, organiser).await?;
    stored.iter().map(|stored| Ok((stored.id, unseal_details(key, stored)?.name()))).collect()
}
