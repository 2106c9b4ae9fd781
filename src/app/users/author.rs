//! Who acts on users: a person of the organiser, or the operator.

use super::{Refusal, User};
use crate::app::act;
use crate::app::error::Fault;
use crate::app::{App, audit};
use crate::domain::user::Profile;
use crate::domain::user::policy::Situation;
use crate::ids::{OrganiserId, UserId};
use crate::store::audit::{Actor, Chain, Entry};
use crate::store::{self, Growth, Tx};
use crate::vault::DataKey;

/// Who acts on the users of an organiser.
#[derive(Debug, Clone)]
pub struct Author {
    pub(super) organiser: OrganiserId,
    actor: Actor,
    user: Option<UserId>,
}

impl Author {
    /// A user of the organiser.
    pub fn person(organiser: OrganiserId, user: UserId) -> Self {
        Self { organiser, actor: Actor::person(user), user: Some(user) }
    }

    /// The operator, for an organiser that is there.
    pub async fn operator(app: &App, organiser: OrganiserId, actor: &Actor) -> Result<Self, act::Refusal> {
        let known = store::organisers::find(&mut app.db.read().await?, organiser).await?;
        known.ok_or(act::Refusal::NoOrganiser(organiser))?;
        Ok(Self { organiser, actor: actor.clone(), user: None })
    }

    /// As it is written beside a consent: a user's id, or the operator's name.
    pub(super) fn name(&self) -> String {
        self.actor.name.clone()
    }

    /// Whether the user is who acts.
    pub fn is(&self, user: UserId) -> bool {
        self.user == Some(user)
    }

    /// A transaction that holds the organiser, and the profile with which the author acts in it: what was so when the
    /// request came in may not be so any more. The operator has none.
    pub(super) async fn begin(&self, app: &App, growth: Growth) -> Result<(Tx, Option<Profile>), Refusal> {
        let mut tx = app.db.write_for(self.organiser, growth).await?;
        let Some(id) = self.user else { return Ok((tx, None)) };
        let user = store::users::find(&mut tx, self.organiser, id).await?;
        let manages = |profile| matches!(profile, Profile::Administrator | Profile::UserManager);
        let user = user.filter(|user| user.deactivated_at.is_none() && manages(user.profile));
        user.map(|user| (tx, Some(user.profile))).ok_or(Refusal::NotAllowed)
    }

    /// The user with what counts for acting on it.
    pub(super) async fn face(
        &self,
        tx: &mut Tx,
        key: &DataKey,
        by: Option<Profile>,
        id: UserId,
    ) -> Result<(User, store::users::User, Situation), Refusal> {
        let kept = store::users::find(tx, self.organiser, id).await?.ok_or(Refusal::NoUser(id))?;
        let rights = store::users::rights(tx, self.organiser, id).await?;
        let administers =
            |user: &store::users::User| user.deactivated_at.is_none() && user.profile == Profile::Administrator;
        let others = store::users::list(tx, self.organiser).await?.into_iter().filter(|user| user.id != id);
        let last = !others.into_iter().any(|user| administers(&user));
        let situation = Situation { by, own: self.is(id), last };
        if situation.is_reserved(kept.profile) {
            return Err(Refusal::Reserved);
        }
        Ok((User::of(key, kept.clone(), rights)?, kept, situation))
    }

    /// That this was done now.
    pub(super) fn entry(&self, app: &App, action: &str) -> Entry {
        Entry::new(&self.actor, action, app.clock.now())
    }

    /// Records entries in the organiser's chain.
    pub(super) async fn record(&self, app: &App, tx: &mut Tx, entries: Vec<Entry>) -> Result<(), Fault> {
        for entry in entries {
            audit::record(tx, app.vault.index(), Chain::Organiser(self.organiser), entry).await?;
        }
        Ok(())
    }
}
