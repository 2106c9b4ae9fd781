//! What is sealed of a claim: receipts, salaries, reasons.

use serde::{Deserialize, Serialize};

use super::receipt::Receipt;
use crate::app::error::InternalError;
use crate::domain::claim::AnswerDetails;
use crate::domain::money::Cents;
use crate::domain::report::{ClaimedPerson, gross_salaries};
use crate::random;
use crate::seal::{Compressed, DataKey, SealContext, hex};
use crate::store::claims::{ClaimKey, SignatureRecord};

/// What is sealed of a claim.
#[derive(Clone, Copy)]
pub(super) enum SealedPart {
    Receipt,
    Salaries,
    Reason,
    Details,
}

impl SealedPart {
    /// The context of the seal: the act with this number.
    pub(super) fn context(self, ClaimKey { organiser, creche, period }: ClaimKey, number: u32) -> SealContext {
        let part = match self {
            Self::Receipt => "claim receipt",
            Self::Salaries => "claim salaries",
            Self::Reason => "claim reason",
            Self::Details => "claim details",
        };
        SealContext::of(part, &[&organiser.to_string(), &creche.to_string(), &period.to_string(), &number.to_string()])
    }
}

/// The salaries as they are sealed beside the receipt, which has their hash.
#[derive(Serialize, Deserialize)]
pub(super) struct SignedSalaries {
    /// Random: nobody can guess the salaries by their hash.
    salt: String,
    pub(super) staff: Vec<ClaimedPerson>,
}

impl SignedSalaries {
    /// With a new salt.
    pub(super) fn new(staff: Vec<ClaimedPerson>) -> Self {
        Self { salt: hex(&random::bytes::<16>()), staff }
    }

    /// The sum of the gross salaries of those for whom a subsidy is claimed.
    fn gross(&self) -> Cents {
        gross_salaries(&self.staff)
    }
}

/// Seals what the answer with this number says besides its reason.
pub(super) fn sealed_details(
    key: &DataKey,
    (claim, number): (ClaimKey, u32),
    details: &AnswerDetails,
) -> Result<Vec<u8>, InternalError> {
    Ok(key.seal(&SealedPart::Details.context(claim, number), Compressed::new(&serde_json::to_vec(details)?)))
}

/// Unseals what the answer with this number says besides its reason.
pub(super) fn open_details(
    key: &DataKey,
    (claim, number): (ClaimKey, u32),
    sealed: &[u8],
) -> Result<AnswerDetails, InternalError> {
    Ok(serde_json::from_slice(&key.open(&SealedPart::Details.context(claim, number), sealed)?)?)
}

/// Unseals the receipt of a signature.
pub(super) fn open_receipt(key: &DataKey, signature: &SignatureRecord) -> Result<Receipt, InternalError> {
    let context = SealedPart::Receipt.context(signature.key, signature.number);
    Ok(serde_json::from_slice(&key.open(&context, &signature.receipt)?)?)
}

/// Unseals the salaries of a signature; `None` of a month, which has none.
pub(super) fn open_salaries(
    key: &DataKey,
    signature: &SignatureRecord,
) -> Result<Option<SignedSalaries>, InternalError> {
    let context = SealedPart::Salaries.context(signature.key, signature.number);
    let open = |sealed: &Vec<u8>| Ok(serde_json::from_slice(&key.open(&context, sealed)?)?);
    signature.salaries.as_ref().map(open).transpose()
}

/// The sum of the gross salaries of a signature; `None` of a month.
pub(super) fn open_gross(key: &DataKey, signature: &SignatureRecord) -> Result<Option<Cents>, InternalError> {
    Ok(open_salaries(key, signature)?.as_ref().map(SignedSalaries::gross))
}

/// Whether receipt and salaries of a signature open at their place.
pub(in crate::app) fn is_unsealed(key: &DataKey, signature: &SignatureRecord) -> bool {
    open_receipt(key, signature).is_ok() && open_salaries(key, signature).is_ok()
}
