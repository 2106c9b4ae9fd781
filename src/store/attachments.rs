//! Attachments of reports: which stored files belong to which report.

use jiff::Timestamp;

use super::claims::ClaimKey;
use super::data_owner::DataOwner;
use super::db::{Tx, execute, rows};
use super::error::Error;
use super::files::{self, FileRecord};
use super::integrity::{self, KeyValue, REPORT_ATTACHMENT};
use super::source::RowSource;
use crate::domain::claim::CorrectionReason;
use crate::domain::period::Month;
use crate::ids::{FileId, OrganiserId};

/// An attachment of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentRecord {
    /// The file.
    pub file: FileRecord,
    /// When it was removed; `None` while it belongs to the report.
    pub removed_at: Option<Timestamp>,
}

const INSERT: &str = "insert into report_attachment (organiser_id, creche_id, month, last_month, owner, file_id, added_at, \
                      correction) values ($1, $2, $3, $4, $1, $5, $6, $7)";
const OF_REPORT: &str = "select file_id, removed_at from report_attachment \
                         where organiser_id = $1 and creche_id = $2 and month = $3 order by file_id";
const MARK_REMOVED: &str = "update report_attachment set removed_at = $5, removal_correction = $6 where organiser_id = $1 \
                            and creche_id = $2 and month = $3 and file_id = $4 and removed_at is null";
const DELETE: &str = "delete from report_attachment \
                      where organiser_id = $1 and creche_id = $2 and month = $3 and file_id = $4 returning mac";
const BEFORE: &str = "select creche_id, month, file_id from report_attachment \
                      where organiser_id = $1 and last_month < $2 order by last_month, creche_id, file_id limit $3";

/// Attaches a file, whose row is stored already.
pub async fn insert(
    tx: &mut Tx,
    report: ClaimKey,
    file: FileId,
    (at, correction): (Timestamp, Option<CorrectionReason>),
) -> Result<(), Error> {
    let (organiser, creche, month) = report.columns();
    let (last, file, at) = (Month::of(report.period.last_day()).to_string(), file.to_string(), at.as_millisecond());
    let reason = correction.map(CorrectionReason::code);
    execute!(tx, INSERT, &organiser, &creche, &month, last, &file, at, reason)?.one()?;
    integrity::seal_new(tx, &REPORT_ATTACHMENT, &[&organiser, &creche, &month, &file].map(|text| KeyValue::Text(text)))
        .await
}

/// Every attachment that a report has or had, the first first.
pub async fn list(tx: &mut Tx, report: ClaimKey) -> Result<Vec<AttachmentRecord>, Error> {
    let (organiser, creche, month) = report.columns();
    let found = rows!(tx, (String, Option<i64>), OF_REPORT, &organiser, &creche, &month)?;
    let mut attachments = Vec::new();
    for (id, removed_at) in found {
        let key = [&organiser, &creche, &month, &id].map(|text| KeyValue::Text(text));
        integrity::require(tx, &REPORT_ATTACHMENT, &key).await?;
        let from = RowSource { table: "report_attachment", id: &id };
        let file = files::find(tx, DataOwner::Organiser(report.organiser), from.text("file_id", &id)?).await?;
        let file = file.ok_or_else(|| from.corrupt("file_id"))?;
        attachments.push(AttachmentRecord { file, removed_at: from.maybe_instant("removed_at", removed_at)? });
    }
    Ok(attachments)
}

/// Marks an attachment as removed; its file stays. `false` when the report has none with this id.
pub async fn mark_removed(
    tx: &mut Tx,
    report: ClaimKey,
    file: FileId,
    (at, correction): (Timestamp, Option<CorrectionReason>),
) -> Result<bool, Error> {
    let (organiser, creche, month) = report.columns();
    let file = file.to_string();
    let key = [&organiser, &creche, &month, &file].map(|text| KeyValue::Text(text));
    let before = integrity::authenticated_row(tx, &REPORT_ATTACHMENT, &key).await?;
    let (at, reason) = (at.as_millisecond(), correction.map(CorrectionReason::code));
    if !execute!(tx, MARK_REMOVED, &organiser, &creche, &month, &file, at, reason)?.at_most_one()? {
        return Ok(false);
    }
    integrity::seal(tx, &REPORT_ATTACHMENT, &key, before).await?;
    Ok(true)
}

/// Deletes an attachment with its file; `false` when there is none.
pub async fn delete(tx: &mut Tx, report: ClaimKey, file: FileId) -> Result<bool, Error> {
    let (organiser, creche, month) = report.columns();
    let id = file.to_string();
    let deleted = rows!(tx, (Option<Vec<u8>>,), DELETE, &organiser, &creche, &month, &id)?;
    let Some((mac,)) = deleted.into_iter().next() else { return Ok(false) };
    let row = format!("{creche}/{month}/{id}");
    integrity::removed(tx, &REPORT_ATTACHMENT, &organiser, &row, mac.as_deref());
    files::remove(tx, DataOwner::Organiser(report.organiser), file).await
}

/// Deletes at most `most` attachments of the quarters that end before this month, with their files; returns how many.
pub async fn remove_before(tx: &mut Tx, organiser: OrganiserId, month: Month, most: i64) -> Result<u64, Error> {
    let found = rows!(tx, (String, String, String), BEFORE, organiser.to_string(), month.to_string(), most)?;
    for (creche, month, file) in &found {
        let from = RowSource { table: "report_attachment", id: file };
        let month: Month = from.text("month", month)?;
        let key = ClaimKey::new(organiser, from.text("creche_id", creche)?, month.quarter());
        delete(tx, key, from.text("file_id", file)?).await?;
    }
    Ok(found.len() as u64)
}
