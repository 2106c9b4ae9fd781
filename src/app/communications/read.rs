//! Reading communications: an organiser those that it may read, an agent all of them.

use super::{Communication, CommunicationError, ListPosition, NoticeCounts, with_files};
use crate::app::App;
use crate::app::error::InternalError;
use crate::app::files::{self, DataOwner, StoredFile};
use crate::app::organisers::Organiser;
use crate::domain::communication::CommunicationFilter;
use crate::domain::period::Quarter;
use crate::domain::search::PageBounds;
use crate::ids::{CommunicationId, FileId, OrganiserId};
use crate::store;

/// A page of communications.
#[derive(Debug)]
pub struct CommunicationListing {
    /// Those of the page, the latest day first.
    pub items: Vec<Communication>,
    /// How many there are on all pages.
    pub total: u64,
}

/// The communications that an organiser may read, of those that the filter does not exclude.
pub async fn list(
    app: &App,
    organiser: OrganiserId,
    filter: CommunicationFilter,
    page: PageBounds,
) -> Result<CommunicationListing, InternalError> {
    let tx = &mut app.db.read().await?;
    let total = store::communications::count_visible(tx, organiser, filter).await?;
    let records = store::communications::list_visible(tx, organiser, filter, page).await?;
    Ok(CommunicationListing { items: with_files(app, tx, records).await?, total })
}

/// At most `most` of them after a place in the list, or from its beginning, and whether there are more.
pub async fn list_after(
    app: &App,
    organiser: OrganiserId,
    filter: CommunicationFilter,
    (after, most): (Option<ListPosition>, u64),
) -> Result<(Vec<Communication>, bool), InternalError> {
    let (tx, one_more) = (&mut app.db.read().await?, most.saturating_add(1));
    let mut records = if let Some(position) = after {
        store::communications::list_visible_after(tx, organiser, filter, position, one_more).await?
    } else {
        let first = PageBounds { skip: 0, most: one_more };
        store::communications::list_visible(tx, organiser, filter, first).await?
    };
    let has_more = records.len() as u64 > most;
    records.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok((with_files(app, tx, records).await?, has_more))
}

/// The quarters of the communications that an organiser may read, the latest first.
pub async fn quarters(app: &App, organiser: OrganiserId) -> Result<Vec<Quarter>, InternalError> {
    Ok(store::communications::quarters(&mut app.db.read().await?, organiser).await?)
}

/// A communication that an organiser may read.
pub async fn find(app: &App, organiser: OrganiserId, id: CommunicationId) -> Result<Communication, CommunicationError> {
    let tx = &mut app.db.read().await?;
    let found = store::communications::find_visible(tx, organiser, id).await?;
    let found = with_files(app, tx, found.into_iter().collect()).await?;
    found.into_iter().next().ok_or(CommunicationError::Unknown)
}

/// Its file.
pub async fn read_file(
    app: &App,
    organiser: OrganiserId,
    id: CommunicationId,
) -> Result<StoredFile, CommunicationError> {
    let found = store::communications::find_visible(&mut app.db.read().await?, organiser, id).await?;
    open_file(app, found.ok_or(CommunicationError::Unknown)?.file, DataOwner::Organiser(organiser)).await
}

async fn open_file(app: &App, file: FileId, reader: DataOwner) -> Result<StoredFile, CommunicationError> {
    let found = files::read_for(&app.db, &app.vault, (DataOwner::Agency, file), reader).await?;
    found.ok_or(CommunicationError::Unknown)
}

/// A communication as agents see it.
#[derive(Debug)]
pub struct AgencyCommunication {
    /// The communication.
    pub communication: Communication,
    /// The chosen organisers, by name; none where it is addressed to all or to the subsidised ones.
    pub organisers: Vec<Organiser>,
    /// To how many organisers it would be addressed now.
    pub addressed: u64,
    /// To how many it was addressed when it was published, and how many of them have the event.
    pub notices: NoticeCounts,
}

/// A page of every communication, drafts too, the latest day first.
pub async fn list_for_agents(app: &App, page: PageBounds) -> Result<CommunicationListing, InternalError> {
    let tx = &mut app.db.read().await?;
    let total = store::communications::count_all(tx).await?;
    let records = store::communications::list_all(tx, page).await?;
    Ok(CommunicationListing { items: with_files(app, tx, records).await?, total })
}

/// A communication, also a draft.
pub async fn find_for_agent(app: &App, id: CommunicationId) -> Result<AgencyCommunication, CommunicationError> {
    let tx = &mut app.db.read().await?;
    let record = store::communications::find(tx, id).await?.ok_or(CommunicationError::Unknown)?;
    let mut organisers = Vec::new();
    for chosen in &record.content.organisers {
        organisers.extend(store::organisers::find(tx, *chosen).await?);
    }
    organisers.sort_by(|one, other| one.legal_name.cmp(&other.legal_name));
    let (addressed, notices) =
        (store::communications::addressed_count(tx, id).await?, store::communications::notice_counts(tx, id).await?);
    let mut found = with_files(app, tx, vec![record]).await?;
    let communication = found.pop().ok_or(CommunicationError::Unknown)?;
    Ok(AgencyCommunication { communication, organisers, addressed, notices })
}

/// Its file.
pub async fn read_file_for_agent(app: &App, id: CommunicationId) -> Result<StoredFile, CommunicationError> {
    let found = store::communications::find(&mut app.db.read().await?, id).await?;
    open_file(app, found.ok_or(CommunicationError::Unknown)?.file, DataOwner::Agency).await
}
