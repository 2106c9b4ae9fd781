//! Communications of the agency: prepared, published and withdrawn by agents; read by the organisers that they are addressed
//! to, and announced in their feeds. They are not personal: reading them is not recorded.

mod announce;
mod prepare;
mod publish;
mod read;
mod seen;

use jiff::Timestamp;

pub use self::announce::announce_due;
pub use self::prepare::{discard, prepare, seed};
pub use self::publish::{publish, withdraw};
pub use self::read::{
    AgencyCommunication, CommunicationListing, find, find_for_agent, list, list_after, list_for_agents, quarters,
    read_file, read_file_for_agent,
};
pub use self::seen::{latest_unseen, look};
use super::App;
use super::error::{InternalError, fault_conversions};
use super::files::{DataOwner, open_name};
use crate::domain::communication::FieldFault;
use crate::domain::file::{FileName, FileType};
use crate::domain::finding::Finding;
use crate::ids::CommunicationId;
pub use crate::store::communications::{AgentMark, CommunicationRecord, ListPosition, NoticeCounts};
use crate::store::{self, Tx};

/// Why nothing was done to a communication.
#[derive(Debug, thiserror::Error)]
pub enum CommunicationError {
    /// Fields are wrong, or the file is refused.
    #[error("the communication has {} fault(s)", .fields.len() + usize::from(.file.is_some()))]
    Invalid {
        /// What is wrong with the fields.
        fields: Vec<FieldFault>,
        /// The rule that the file breaks.
        file: Option<Box<Finding>>,
    },
    /// There is no such communication, or none that the caller may read.
    #[error("no such communication")]
    Unknown,
    /// It is published already.
    #[error("the communication is published already")]
    Published,
    /// It is withdrawn already, or was never published.
    #[error("the communication is not there to be withdrawn")]
    NotPublished,
    /// A withdrawal needs a reason.
    #[error("a reason is needed")]
    ReasonMissing,
    /// The reason is too long, or has signs that cannot be seen.
    #[error("the reason is too long or not readable")]
    Reason,
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

fault_conversions!(CommunicationError);

/// A communication with its file.
#[derive(Debug, Clone)]
pub struct Communication {
    /// As it is stored.
    pub record: CommunicationRecord,
    /// The name of its file.
    pub file_name: FileName,
    /// The type of its file.
    pub file_type: FileType,
    /// The size of its file, in bytes.
    pub size: u64,
    /// The SHA-256 of its file, in hexadecimal.
    pub sha256: String,
}

impl Communication {
    /// When it was published; `None` for a draft.
    pub fn published_at(&self) -> Option<Timestamp> {
        self.record.published.as_ref().map(|mark| mark.at)
    }

    /// Its place in the lists.
    pub const fn position(&self) -> ListPosition {
        (self.record.content.date, self.record.id)
    }
}

/// These records with their files.
async fn with_files(
    app: &App,
    tx: &mut Tx,
    records: Vec<CommunicationRecord>,
) -> Result<Vec<Communication>, InternalError> {
    let key = app.vault.deployment_key();
    let mut communications = Vec::with_capacity(records.len());
    for record in records {
        let file = store::files::find(tx, DataOwner::Agency, record.file).await?.ok_or(store::Error::Rows(0))?;
        let file_name = open_name(&key, &file)?;
        let (file_type, size) = (file.kind, file.size);
        communications.push(Communication { record, file_name, file_type, size, sha256: file.sha256 });
    }
    Ok(communications)
}

/// Why a write to a communication found no row: there is none, or it is in another state.
async fn refused(app: &App, id: CommunicationId, state: CommunicationError) -> CommunicationError {
    let found = async { Ok::<_, InternalError>(store::communications::find(&mut app.db.read().await?, id).await?) };
    match found.await {
        Ok(Some(_)) => state,
        Ok(None) => CommunicationError::Unknown,
        Err(fault) => fault.into(),
    }
}
