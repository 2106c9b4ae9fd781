//! Payments of subsidies and exceptional premiums to crèches (docs/domain.md, Payments).

mod raw;

use jiff::civil::Date;

pub use self::raw::{OneNumber, PaymentReference, RawPayment, read_type};
use super::codes::codes;
use super::money::SignedCents;
use super::period::Quarter;
use crate::ids::CrecheId;

/// The longest reference of the agency, in characters.
pub const MAX_REFERENCE: usize = 60;
/// The longest reason of a cancellation, in characters.
pub const MAX_REASON: usize = 500;
/// The most payments that are recorded at once: other writes to an SQLite file wait meanwhile.
pub const MAX_PAYMENTS: usize = 500;

codes! {
    /// What a payment is.
    pub enum PaymentType with codes_subsidy {
        /// The subsidy of the quarter, or an instalment of it.
        Subsidy "subsidy";
        /// What is paid or held back afterwards, because the calculation changed.
        Adjustment "adjustment";
        /// What the organiser pays back.
        Recovery "recovery";
        /// A premium that no claim asks for.
        ExceptionalPremium "exceptionalPremium";
    }
}

impl PaymentType {
    /// Whether a payment of this type may have this amount: a recovery is negative, an adjustment has either sign, the
    /// others are positive. None is zero.
    pub const fn accepts(self, amount: SignedCents) -> bool {
        match self {
            Self::Recovery => amount.0 < 0,
            Self::Adjustment => amount.0 != 0,
            Self::Subsidy | Self::ExceptionalPremium => amount.0 > 0,
        }
    }
}

/// A payment that keeps the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPayment {
    /// The quarter that it is for.
    pub quarter: Quarter,
    /// What it is.
    pub payment_type: PaymentType,
    /// When it is paid.
    pub paid_on: Date,
    /// How much; negative for what the organiser pays back.
    pub amount: SignedCents,
    /// What is left of the request.
    pub balance: Option<SignedCents>,
    /// The agency's reference.
    pub reference: String,
}

/// A filter of the payments of an organiser.
#[derive(Debug, Clone, Copy, Default)]
pub struct PaymentFilter<'a> {
    /// To these crèches; to all when it is `None`.
    pub creches: Option<&'a [CrecheId]>,
    /// For this quarter or a later one.
    pub from: Option<Quarter>,
    /// For this quarter or an earlier one.
    pub to: Option<Quarter>,
    /// Of this type.
    pub payment_type: Option<PaymentType>,
}
