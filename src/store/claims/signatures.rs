//! The signatures of claims, with their receipts.

use jiff::Timestamp;

use super::ClaimKey;
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
    /// The salaries, sealed.
    pub salaries: Vec<u8>,
}

/// The columns of a [`SignatureRow`].
macro_rules! signatures {
    ($where:literal) => {
        concat!(
            "select organiser_id, creche_id, month, number, signature, sha256, code_hash, signed_at, \
             coalesce(warnings, 0) as warnings, receipt, salaries from claim_signature where ",
            $where
        )
    };
}

const INSERT: &str = "insert into claim_signature (organiser_id, creche_id, month, number, signature, sha256, code_hash, \
                      signed_at, warnings, receipt, salaries) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
const LATEST: &str = signatures!("organiser_id = $1 and creche_id = $2 and month = $3 order by number desc limit 1");
const NUMBERED: &str = signatures!("organiser_id = $1 and creche_id = $2 and month = $3 and number = $4");
const OF_CLAIM: &str = signatures!("organiser_id = $1 and creche_id = $2 and month = $3 order by number");
const BY_CODE: &str = signatures!("code_hash = $1");
const OF_ORGANISER: &str = signatures!("organiser_id = $1 order by creche_id, month, number");

/// Stores a signature, whose act is stored already.
pub async fn insert_signature(tx: &mut Tx, new: &SignatureRecord) -> Result<(), Error> {
    let (organiser, creche, month) = new.key.columns();
    let (number, signature, at) = (i64::from(new.number), i64::from(new.signature), new.signed_at.as_millisecond());
    let (hash, code, receipt, salaries) = (&new.sha256, &new.code_hash, &new.receipt, &new.salaries);
    let warnings = i64::try_from(new.warnings).unwrap_or(i64::MAX);
    execute!(tx, INSERT, organiser, creche, month, number, signature, hash, code, at, warnings, receipt, salaries)?
        .one()
}

/// The latest signature of a claim.
pub async fn latest_signature(tx: &mut Tx, key: ClaimKey) -> Result<Option<SignatureRecord>, Error> {
    let (organiser, creche, month) = key.columns();
    optional(row!(tx, SignatureRow, LATEST, organiser, creche, month)?)
}

/// The signature of a claim whose act has this number.
pub async fn signature(tx: &mut Tx, key: ClaimKey, number: u32) -> Result<Option<SignatureRecord>, Error> {
    let (organiser, creche, month) = key.columns();
    optional(row!(tx, SignatureRow, NUMBERED, organiser, creche, month, i64::from(number))?)
}

/// Every signature of a claim, the first first.
pub async fn signatures(tx: &mut Tx, key: ClaimKey) -> Result<Vec<SignatureRecord>, Error> {
    let (organiser, creche, month) = key.columns();
    all(rows!(tx, SignatureRow, OF_CLAIM, organiser, creche, month)?)
}

/// The signature whose receipt has this code, by its hash.
pub async fn find_by_code(tx: &mut Tx, code_hash: &str) -> Result<Option<SignatureRecord>, Error> {
    optional(row!(tx, SignatureRow, BY_CODE, code_hash)?)
}

/// Every signature of an organiser.
pub async fn every_signature(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<SignatureRecord>, Error> {
    all(rows!(tx, SignatureRow, OF_ORGANISER, organiser.to_string())?)
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
    salaries: Vec<u8>,
}

impl TryFrom<SignatureRow> for SignatureRecord {
    type Error = Error;

    fn try_from(row: SignatureRow) -> Result<Self, Error> {
        let from = RowSource { table: "claim_signature", id: &row.month };
        let key = ClaimKey::from_columns(&from, (&row.organiser_id, &row.creche_id, &row.month))?;
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
