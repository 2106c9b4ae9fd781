//! The signatures of claims, with their receipts.

use jiff::Timestamp;

use super::ClaimKey;
use super::tables::ClaimTables;
use crate::ids::OrganiserId;
use crate::store::db::{Tx, execute, row, rows};
use crate::store::error::Error;
use crate::store::source::{RowSource, all, optional};

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureRecord {
    /// Of which claim.
    pub key: ClaimKey,
    /// The number of its act.
    pub number: u32,
    /// 1 for the first signature of the claim, 2 for the next …
    pub signature: u32,
    /// How many kinds of warning it was signed with.
    pub warnings: u64,
    /// The SHA-256 of the signed document, in hexadecimal.
    pub sha256: String,
    /// Keyed hash of the code of the receipt.
    pub code_hash: String,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// The receipt, sealed.
    pub receipt: Vec<u8>,
    /// The salaries, sealed; `None` of a month, which has none.
    pub salaries: Option<Vec<u8>>,
}

/// Stores a signature, whose act is stored already.
pub async fn insert_signature(tx: &mut Tx, new: &SignatureRecord) -> Result<(), Error> {
    let (organiser, creche, month) = new.key.columns();
    let (number, signature, at) = (i64::from(new.number), i64::from(new.signature), new.signed_at.as_millisecond());
    let (hash, code, receipt, salaries) = (&new.sha256, &new.code_hash, &new.receipt, &new.salaries);
    let warnings = i64::try_from(new.warnings).unwrap_or(i64::MAX);
    let insert = new.key.tables().insert_signature;
    execute!(tx, insert, organiser, creche, month, number, signature, hash, code, at, warnings, receipt, salaries)?
        .one()
}

/// The latest signature of a claim.
pub async fn latest_signature(tx: &mut Tx, key: ClaimKey) -> Result<Option<SignatureRecord>, Error> {
    let (organiser, creche, month) = key.columns();
    optional(row!(tx, SignatureRow, key.tables().latest_signature, organiser, creche, month)?)
}

/// The signature of a claim whose act has this number.
pub async fn signature(tx: &mut Tx, key: ClaimKey, number: u32) -> Result<Option<SignatureRecord>, Error> {
    let (organiser, creche, month) = key.columns();
    optional(row!(tx, SignatureRow, key.tables().signature, organiser, creche, month, i64::from(number))?)
}

/// Every signature of a claim, the first first.
pub async fn signatures(tx: &mut Tx, key: ClaimKey) -> Result<Vec<SignatureRecord>, Error> {
    let (organiser, creche, month) = key.columns();
    all(rows!(tx, SignatureRow, key.tables().signatures, organiser, creche, month)?)
}

/// The signature whose receipt has this code, by its hash.
pub async fn find_by_code(tx: &mut Tx, code_hash: &str) -> Result<Option<SignatureRecord>, Error> {
    for tables in ClaimTables::ALL {
        if let Some(found) = optional(row!(tx, SignatureRow, tables.signature_by_code, code_hash)?)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Every signature of an organiser.
pub async fn every_signature(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<SignatureRecord>, Error> {
    let mut found = Vec::new();
    for tables in ClaimTables::ALL {
        found.extend(all(rows!(tx, SignatureRow, tables.every_signature, organiser.to_string())?)?);
    }
    Ok(found)
}

#[derive(sqlx::FromRow)]
struct SignatureRow {
    organiser_id: String,
    creche_id: String,
    month: String,
    number: i64,
    signature: i64,
    sha256: String,
    code_hash: String,
    signed_at: i64,
    warnings: i64,
    receipt: Vec<u8>,
    salaries: Option<Vec<u8>>,
    is_month: i64,
}

impl TryFrom<SignatureRow> for SignatureRecord {
    type Error = Error;

    fn try_from(row: SignatureRow) -> Result<Self, Error> {
        let from = RowSource { table: "claim_signature", id: &row.month };
        let key = ClaimKey::from_columns(&from, (&row.organiser_id, &row.creche_id, &row.month), row.is_month)?;
        Ok(Self {
            key,
            number: from.number("number", row.number)?,
            signature: from.number("signature", row.signature)?,
            signed_at: from.instant("signed_at", row.signed_at)?,
            warnings: from.number("warnings", row.warnings)?,
            sha256: row.sha256,
            code_hash: row.code_hash,
            receipt: row.receipt,
            salaries: row.salaries,
        })
    }
}
