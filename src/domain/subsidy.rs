//! Payments of subsidies and exceptional premiums to crèches (docs/domain.md, Payments).

mod document;
mod raw;

use jiff::civil::Date;

pub use self::document::{RawCancellation, RawPayments, RawSentPayment};
pub use self::raw::{OneNumber, PaymentReference, RawPayment, read_type};
use super::codes::codes;
use super::money::SignedCents;
use super::period::{Month, Quarter};
use crate::ids::{CrecheId, OrganiserId};

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

/// The quarters that payments may be for: until the next one, for which an advance may be paid.
pub(super) fn is_payable(quarter: Quarter, today: Date) -> bool {
    quarter <= Month::of(today).quarter().next()
}

/// What distinguishes references: those that differ in case, spaces and hyphens alone are of one payment. Between digits a
/// space or hyphen counts: `1-11` is not `11-1`.
pub fn reference_key(reference: &str) -> String {
    let mut key = String::with_capacity(reference.len());
    let mut is_apart = false;
    for sign in reference.chars().flat_map(char::to_lowercase) {
        if sign.is_whitespace() || matches!(sign, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}') {
            is_apart = true;
            continue;
        }
        if is_apart && sign.is_ascii_digit() && key.ends_with(|before: char| before.is_ascii_digit()) {
            key.push('-');
        }
        is_apart = false;
        key.push(sign);
    }
    key
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

/// What two payments to one crèche rarely have in common: quarter, type, day and amount.
pub type PaymentFacts = (Quarter, PaymentType, Date, SignedCents);

impl NewPayment {
    /// All of it but the balance and the reference.
    pub const fn facts(&self) -> PaymentFacts {
        (self.quarter, self.payment_type, self.paid_on, self.amount)
    }
}

/// A filter of the payments of all organisers.
#[derive(Debug, Clone, Default)]
pub struct AgencyPaymentFilter {
    /// To crèches of this organiser.
    pub organiser: Option<OrganiserId>,
    /// To this crèche.
    pub creche: Option<CrecheId>,
    /// For this quarter or a later one.
    pub from: Option<Quarter>,
    /// For this quarter or an earlier one.
    pub to: Option<Quarter>,
    /// Of this type.
    pub payment_type: Option<PaymentType>,
    /// With this reference of the agency, whatever its case, spaces and hyphens, cancelled ones too.
    pub reference: Option<String>,
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

#[cfg(test)]
mod tests {
    use super::reference_key;

    #[test]
    fn references_that_differ_in_case_spaces_and_hyphens_alone_are_one() {
        for other in ["one-2026-0001", "ONE 2026 0001", "ONE2026-0001", "One\u{2013}2026\u{a0}\u{2013} 0001"] {
            assert_eq!(reference_key(other), reference_key("ONE-2026-0001"), "{other}");
        }
        for (one, other) in [("1-11", "11-1"), ("ONE-1", "ONE-2"), ("ONE 1", "ONE/1"), ("a-1b", "a-1-2")] {
            assert_ne!(reference_key(one), reference_key(other));
        }
    }
}
