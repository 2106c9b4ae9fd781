//! The author of a change of users: a user of the organiser, or the operator.

use super::{User, UserError};
use crate::app::unit_of_work::UnitOfWork;
use crate::app::{App, operator};
use crate::domain::actor::Actor;
use crate::domain::user::Profile;
use crate::domain::user::policy::ActorAndTarget;
use crate::ids::{OrganiserId, UserId};
use crate::seal::DataKey;
use crate::store::{self, Tx, WritePurpose};

/// The author of a change of an organiser's users.
#[derive(Debug, Clone)]
pub struct UserAdministrator {
    pub(super) organiser: OrganiserId,
    actor: Actor,
    user: Option<UserId>,
}

impl UserAdministrator {
    /// A user of the organiser.
    pub fn person(organiser: OrganiserId, user: UserId) -> Self {
        Self { organiser, actor: Actor::person(user), user: Some(user) }
    }

    /// The operator, for an existing organiser.
    pub async fn operator(app: &App, organiser: OrganiserId, actor: &Actor) -> Result<Self, operator::OperatorError> {
        let known = store::organisers::find(&mut app.db.read().await?, organiser).await?;
        known.ok_or(operator::OperatorError::NoOrganiser(organiser))?;
        Ok(Self { organiser, actor: actor.clone(), user: None })
    }

    /// The certifier of a consent as stored: a user's id, or the operator's name.
    pub(super) fn name(&self) -> String {
        self.actor.name.clone()
    }

    /// Whether `user` is the author.
    pub fn is(&self, user: UserId) -> bool {
        self.user == Some(user)
    }

    /// Begins a write, and returns the author's profile, read in that transaction: it may have changed since the
    /// request came in. The operator has none.
    pub(super) async fn begin<'a>(
        &self,
        app: &'a App,
        purpose: WritePurpose,
    ) -> Result<(UnitOfWork<'a>, Option<Profile>), UserError> {
        let mut work = app.begin_as(self.organiser, &self.actor, purpose).await?;
        let Some(id) = self.user else { return Ok((work, None)) };
        let user = store::users::find(&mut work, self.organiser, id).await?;
        let manages = |profile| matches!(profile, Profile::Administrator | Profile::UserManager);
        let user = user.filter(|user| user.deactivated_at.is_none() && manages(user.profile));
        user.map(|user| (work, Some(user.profile))).ok_or(UserError::NotAllowed)
    }

    /// The properties of the user that permissions depend on.
    pub(super) async fn authorise_change(
        &self,
        tx: &mut Tx,
        key: &DataKey,
        by: Option<Profile>,
        id: UserId,
    ) -> Result<(User, store::users::UserRecord, ActorAndTarget), UserError> {
        let stored = store::users::find(tx, self.organiser, id).await?.ok_or(UserError::NoUser(id))?;
        let rights = store::users::rights(tx, self.organiser, id).await?;
        let administers =
            |user: &store::users::UserRecord| user.deactivated_at.is_none() && user.profile == Profile::Administrator;
        let others = store::users::list(tx, self.organiser).await?.into_iter().filter(|user| user.id != id);
        let last = !others.into_iter().any(|user| administers(&user));
        let situation = ActorAndTarget { by, own: self.is(id), last };
        if situation.is_reserved(stored.profile) {
            return Err(UserError::Reserved);
        }
        Ok((User::of(key, stored.clone(), rights)?, stored, situation))
    }
}
