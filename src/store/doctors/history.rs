//! Past states of doctors: sheet, agreement and decision, a revision for each change.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{DoctorRecord, find};
use crate::domain::doctor::Ruling;
use crate::ids::{DoctorId, OrganiserId};
use crate::store::db::Tx;
use crate::store::error::Error;
use crate::store::input_history::{self, InputSubject};
use crate::store::source::RowSource;

/// The content of a revision.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DoctorContent {
    /// The sealed sheet, base64.
    sheet: String,
    /// Whether there is an agreement.
    agreed: bool,
    /// The agency's decision: `validated` or `refused`.
    ruling: Option<String>,
}

/// A doctor at an instant.
#[derive(Debug)]
pub struct DoctorRevision {
    /// The id.
    pub id: DoctorId,
    /// JSON of the sheet, sealed.
    pub sealed: Vec<u8>,
    /// Whether there was an agreement.
    pub is_agreed: bool,
    /// The agency's decision at that instant, if there was one.
    pub ruling: Option<Ruling>,
}

impl From<DoctorRecord> for DoctorRevision {
    fn from(doctor: DoctorRecord) -> Self {
        Self {
            id: doctor.id,
            sealed: doctor.sealed,
            is_agreed: doctor.agreed_at.is_some(),
            ruling: doctor.decided.map(|decided| decided.ruling),
        }
    }
}

/// Records the current state of a doctor as a revision from `at` on.
pub async fn record(tx: &mut Tx, organiser: OrganiserId, id: DoctorId, at: Timestamp) -> Result<(), Error> {
    let Some(doctor) = find(tx, organiser, id).await? else { return Ok(()) };
    let content = DoctorContent {
        sheet: STANDARD.encode(&doctor.sealed),
        agreed: doctor.agreed_at.is_some(),
        ruling: doctor.decided.map(|decided| decided.ruling.code().to_owned()),
    };
    input_history::record(tx, organiser, (InputSubject::Doctor, id.to_string()), &content, at).await
}

/// Every doctor that the organiser had at an instant, the oldest first.
pub async fn list_as_of(tx: &mut Tx, organiser: OrganiserId, at: Timestamp) -> Result<Vec<DoctorRevision>, Error> {
    let found = input_history::as_of::<DoctorContent>(tx, organiser, InputSubject::Doctor, at).await?;
    let read = |revision: input_history::InputRevision<DoctorContent>| {
        let from = RowSource { table: "input_revision", id: &revision.id };
        let DoctorContent { sheet, agreed, ruling } = revision.content;
        Ok(DoctorRevision {
            id: from.text("id", &revision.id)?,
            sealed: STANDARD.decode(sheet).map_err(|_| from.corrupt("content"))?,
            is_agreed: agreed,
            ruling: from.optional("content", ruling.as_deref())?,
        })
    };
    found.into_iter().map(read).collect()
}
