//! Doctors of the sandbox.

use super::agreement::{self, Agreement};
use super::{hash_of, seal};
use crate::app::App;
use crate::app::error::InternalError;
use crate::domain::doctor::{DoctorSheet, Ruling};
use crate::domain::file::FileType;
use crate::ids::{DoctorId, OrganiserId};
use crate::seal::DataKey;
use crate::store::doctors::{DecisionRecord, DoctorRecord};
use crate::store::{self, Tx};

/// A doctor of the sandbox: with an agreement, and validated.
pub async fn seeded(
    app: &App,
    tx: &mut Tx,
    key: &DataKey,
    organiser: OrganiserId,
    id: DoctorId,
    sheet: &DoctorSheet,
) -> Result<(), InternalError> {
    let at = app.clocks.business_clock(organiser).now();
    let decided = Some(DecisionRecord { ruling: Ruling::Validated, at, by: "sandbox".to_owned(), reason: None });
    let row = DoctorRecord {
        id,
        inami_hash: hash_of(app.vault.index_key(), sheet.inami),
        sealed: seal(key, organiser, id, sheet)?,
        decided,
        agreed_at: None,
        created_at: at,
        version: 1,
    };
    store::doctors::insert(tx, organiser, &row).await?;
    let paper = Agreement { kind: FileType::Pdf, bytes: PAPER.to_vec() };
    agreement::store(tx, key, (organiser, id), &paper, at).await?;
    store::doctors::update(tx, organiser, &row, at).await?;
    Ok(())
}

/// An agreement without text.
const PAPER: &[u8] =
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj \
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n";
