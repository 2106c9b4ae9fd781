//! Adding users.

use super::{NewUser, User, UserAdministrator, UserDocument, UserError, sealed_row};
use crate::app::App;
use crate::app::record::Record;
use crate::domain::action::RecordedAction;
use crate::domain::caps::CapKind;
use crate::domain::finding::{ExistingItem, Finding, FindingPlace, Findings};
use crate::domain::key::Scopes;
use crate::domain::rules::user as rules;
use crate::domain::user::policy::ActorAndTarget;
use crate::domain::user::raw::RawUser;
use crate::domain::user::validation::{self, UserContext};
use crate::ids::{CrecheId, OrganiserId, UserId};
use crate::ingest::schema::USER;
use crate::store::{self, Tx, WritePurpose};

/// Adds a user.
pub async fn add(
    app: &App,
    author: &UserAdministrator,
    document: UserDocument<'_, RawUser>,
) -> Result<User, UserError> {
    let key = app.vault.organiser_key(&app.db, author.organiser).await?;
    let (mut work, by) = author.begin(app, WritePurpose::Content).await?;
    let creches = organiser_creche_ids(&mut work, author.organiser).await?;
    let (raw, mut findings) = document.read(USER);
    let (new, rules) = raw.parse(user_context(app, author, &creches));
    findings.extend(rules);
    let count = store::counts::count_users(&mut work, author.organiser).await? + 1;
    findings.extend(app.caps.exceeded(CapKind::Users, count).into_iter().collect());
    let situation = ActorAndTarget { by, own: false, last: false };
    findings.extend(new.as_ref().map(|new| situation.check_new(new.profile, &new.rights)).unwrap_or_default());
    let (Some(new), false) = (new, findings.has_errors()) else { return Err(UserError::Invalid(findings.folded())) };

    let validation::NewUser { details, profile, rights } = new;
    let (id, at) = (UserId::new(work.machine()), work.at());
    let row = sealed_row(
        &key,
        app.vault.index_key(),
        author.organiser,
        NewUser { id, details: &details, profile, consented_by: author.name(), at },
    )?;
    if !store::users::insert(&mut work, author.organiser, &row).await? {
        let known = Finding::new(&rules::ALREADY_LET_IN, FindingPlace::default().field("ssin"));
        let persons = store::users::of_person(&mut work, &row.ssin_hash).await?;
        let there = persons.iter().find(|user| user.organiser == author.organiser);
        let known = there.map_or(known.clone(), |user| known.with_existing(ExistingItem::User(user.id)));
        return Err(UserError::Invalid(Findings::from_iter([known])));
    }
    store_rights(&mut work, author.organiser, id, &rights).await?;
    work.record(&Record::of(RecordedAction::UserCreated).detail(format!("{id} {profile}")));
    for (creche, scopes) in &rights {
        work.record(&rights_changed(id, *creche, *scopes));
    }
    work.commit().await?;
    Ok(User::of(&key, row, rights)?)
}

/// What the rules need besides the document.
pub(super) fn user_context<'a>(app: &App, author: &UserAdministrator, creches: &'a [CrecheId]) -> UserContext<'a> {
    let today = app.clocks.business_clock(author.organiser).today();
    UserContext { today, creches, accepted_ssins: app.accepted_ssins }
}

/// The organiser's crèches.
pub(super) async fn organiser_creche_ids(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<CrecheId>, store::Error> {
    Ok(store::creches::list(tx, organiser).await?.iter().map(|creche| creche.id).collect())
}

/// Grants these rights, which are for crèches of the organiser.
pub(super) async fn store_rights(
    tx: &mut Tx,
    organiser: OrganiserId,
    id: UserId,
    rights: &crate::domain::user::Rights,
) -> Result<(), store::Error> {
    let given = store::users::set_rights(tx, organiser, id, rights).await?;
    if given { Ok(()) } else { Err(store::Error::Rows(0)) }
}

/// The record that a user has these rights in a crèche from now on.
pub(super) fn rights_changed(id: UserId, creche: CrecheId, scopes: Scopes) -> Record {
    Record::of(RecordedAction::UserRightsChanged).creche(creche).detail(format!("{id} {scopes}").trim_end())
}
