//! The document that is signed. Its canonical JSON (RFC 8785) is in the receipt, its SHA-256 is what the signature covers.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Acknowledgement, ClaimInput, FigureLine, ReceiptCode, SignedDoctor};
use crate::domain::key::Deployment;
use crate::domain::period::{Month, Period, Quarter};
use crate::ids::{CrecheId, OrganiserId, UserId};

/// A claim as it is signed. No salary is in it, and no name of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClaimDocument {
    /// The version of this form.
    pub version: u8,
    /// Where it was signed: a claim of a sandbox claims nothing.
    pub deployment: Deployment,
    /// The code of the receipt.
    pub code: ReceiptCode,
    /// The organiser.
    pub organiser: SignedOrganiser,
    /// The crèche.
    pub creche: SignedCreche,
    /// The quarter.
    pub quarter: Quarter,
    /// The month of that quarter whose consultations are signed alone; absent of the claim of the quarter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<Month>,
    /// 1 for the first signature of the period; the following ones sign what changed since.
    pub signature: u32,
    /// The SHA-256 of the document that was signed before, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// The user who signed.
    pub signed_by: UserId,
    /// The level at which the user was authenticated.
    pub assurance: String,
    /// When the user was authenticated.
    pub authenticated_at: Timestamp,
    /// The revisions that the figures were made of.
    pub inputs: Vec<ClaimInput>,
    /// Every figure but salaries.
    pub figures: Vec<FigureLine>,
    /// The salaries, which only their owner can show; absent of a month, which has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salaries: Option<SalaryCommitment>,
    /// The doctors of the consultations; absent of a quarter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doctors: Vec<SignedDoctor>,
    /// The attachments; absent where there are none, as in documents from before there were any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<SignedAttachment>,
    /// The warnings with which it was signed.
    pub warnings: Vec<AcknowledgedWarning>,
}

impl ClaimDocument {
    /// What is claimed: the quarter, or one month.
    pub fn period(&self) -> Period {
        self.month.map_or(Period::Quarter(self.quarter), Period::Month)
    }
}

/// The organiser of a signed claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignedOrganiser {
    /// Its id.
    pub id: OrganiserId,
    /// Its name.
    pub legal_name: String,
    /// Its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enterprise_number: Option<String>,
}

/// The crèche of a signed claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignedCreche {
    /// Its id.
    pub id: CrecheId,
    /// Its name.
    pub name: String,
    /// Its number with the agency.
    pub one_number: String,
}

/// The salaries of a claim: a salted hash, so that the signature covers them and nobody can guess them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SalaryCommitment {
    /// How many persons are named.
    pub persons: u64,
    /// SHA-256 of the canonical JSON of salt and salaries, in hexadecimal.
    pub sha256: String,
}

/// An attachment of a claim, without its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignedAttachment {
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its media type.
    pub media_type: String,
    /// Its size, in bytes.
    pub size: u64,
}

/// A warning, and why the claim was signed with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AcknowledgedWarning {
    /// The code of the rule.
    pub rule: String,
    /// How often.
    pub count: u64,
    /// Why it is signed nevertheless.
    pub reason: Acknowledgement,
}
