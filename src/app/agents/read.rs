//! What agents read: every organiser with its crèches. No data of children, of staff or of statements.

use crate::app::App;
use crate::app::error::InternalError;
use crate::app::organisers::{self, OrganiserDetails};
use crate::app::record::Record;
use crate::domain::action::RecordedAction;
use crate::domain::actor::Actor;
use crate::domain::search::{PageBounds, SearchWords};
use crate::domain::user::Profile;
use crate::domain::user::policy::ENOUGH_ADMINISTRATORS;
use crate::ids::OrganiserId;
pub use crate::store::organisers::FoundOrganiser;
use crate::store::{self, WritePurpose};

/// Organisers in a list.
#[derive(Default)]
pub struct OrganiserListing {
    /// Those of a page, by name; the users of each are its administrators.
    pub organisers: Vec<FoundOrganiser>,
    /// How many there are on all pages; 0 past the last.
    pub total: u64,
}

/// The organisers that have each of these words in their names and numbers or in those of their crèches.
pub async fn organisers(app: &App, words: &str, page: PageBounds) -> Result<OrganiserListing, InternalError> {
    let Some(wanted) = SearchWords::read(words) else { return Ok(OrganiserListing::default()) };
    let tx = &mut app.db.read().await?;
    let organisers = store::organisers::search(tx, &wanted, Profile::Administrator, page).await?;
    Ok(OrganiserListing { total: organisers.first().map_or(0, |found| found.total), organisers })
}

/// Recomputes the search terms of organisers whose names have changed since: after an earlier version of the
/// gateway wrote them. Returns how many there were.
pub async fn refresh_search(app: &App) -> Result<usize, InternalError> {
    if store::organisers::outdated(&mut app.db.read().await?).await?.is_empty() {
        return Ok(0);
    }
    let mut tx = app.db.write().await?;
    let outdated = store::organisers::outdated(&mut tx).await?;
    store::organisers::refresh_all(&mut tx, &outdated).await?;
    tx.commit().await?;
    Ok(outdated.len())
}

/// An organiser as returned to an agent.
pub struct OrganiserView {
    /// The organiser with its crèches and applications.
    pub whole: OrganiserDetails,
    /// How many administrators it has who may log in.
    pub administrators: usize,
}

impl OrganiserView {
    /// Whether it has fewer administrators than recommended.
    pub const fn lacks_administrators(&self) -> bool {
        self.administrators < ENOUGH_ADMINISTRATORS
    }
}

/// One organiser; the access of the agent with this matricule is recorded in its history before the result is returned.
/// `None` when no organiser has this id.
pub async fn organiser(app: &App, matricule: &str, id: OrganiserId) -> Result<Option<OrganiserView>, InternalError> {
    let mut work = match app.begin_as(id, &Actor::agent(matricule), WritePurpose::RecordOnly).await {
        Err(store::Error::Rows(0)) => return Ok(None),
        begun => begun?,
    };
    let Some(whole) = organisers::load_organiser(&mut work, id).await? else { return Ok(None) };
    let users = store::users::list(&mut work, id).await?;
    let administers =
        |user: &&store::users::UserRecord| user.deactivated_at.is_none() && user.profile == Profile::Administrator;
    let administrators = users.iter().filter(administers).count();
    work.record(&Record::of(RecordedAction::OrganiserRead));
    work.commit().await?;
    Ok(Some(OrganiserView { whole, administrators }))
}
