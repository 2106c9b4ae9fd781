//! Payments as a document of the agency's software, before validation.

use jiff::civil::Date;

use super::{MAX_PAYMENTS, MAX_REASON, OneNumber, PaymentReference, PaymentType, RawPayment};
use crate::domain::finding::Findings;
use crate::domain::money::SignedCents;
use crate::domain::period::Quarter;
use crate::domain::raw::{Field, List, Paragraph, record};

record! {
    /// Payments that are sent together.
    pub struct RawPayments {
        /// The payments, in the order in which they are recorded.
        required payments "payments": List<RawSentPayment, MAX_PAYMENTS, 1>,
    }
}

record! {
    /// A payment of a document.
    pub struct RawSentPayment {
        /// The ONE number of the crèche.
        required one_number "oneNumber": OneNumber,
        /// The quarter.
        required quarter "quarter": Quarter,
        /// The type.
        required payment_type "type": PaymentType,
        /// The day.
        required paid_on "paidOn": Date,
        /// The amount, in euro cents.
        required amount "amountCents": SignedCents,
        /// What is left of the request, in euro cents.
        optional balance "balanceCents": SignedCents,
        /// The agency's reference.
        required reference "reference": PaymentReference,
    }
}

record! {
    /// Why a payment is cancelled.
    pub struct RawCancellation {
        /// Why.
        required reason "reason": Paragraph<MAX_REASON>,
    }
}

/// The properties of a document, by those of [`RawPayment`] that have another name.
const PROPERTIES: [(&str, &str); 3] = [("creche", "oneNumber"), ("amount", "amountCents"), ("balance", "balanceCents")];

impl From<RawSentPayment> for RawPayment {
    fn from(sent: RawSentPayment) -> Self {
        let RawSentPayment { one_number, quarter, payment_type, paid_on, amount, balance, reference, unknown: _ } =
            sent;
        Self { one_number, quarter, payment_type, paid_on, amount, balance, reference }
    }
}

impl RawPayments {
    /// The payments; none of a document without a list. What is no payment is one without fields, so that the places of the
    /// others stay.
    pub fn into_payments(self) -> Vec<RawPayment> {
        let sent = self.payments.take().unwrap_or_default().0;
        sent.into_iter().map(|one| Field::take(one).map(RawPayment::from).unwrap_or_default()).collect()
    }

    /// The findings of the rules, at their places in the document: `/payments/0/amountCents` for `/lines/0/amount`.
    pub fn locate(mut found: Findings) -> Findings {
        for finding in &mut found {
            for place in &mut finding.places {
                place.pointer = document_pointer(&place.pointer);
            }
        }
        found
    }
}

fn document_pointer(pointer: &str) -> String {
    let Some(rest) = pointer.strip_prefix("/lines/") else { return pointer.to_owned() };
    let Some((line, property)) = rest.split_once('/') else { return format!("/payments/{rest}") };
    let renamed = PROPERTIES.iter().find(|(name, _)| *name == property).map_or(property, |(_, other)| other);
    format!("/payments/{line}/{renamed}")
}

#[cfg(test)]
mod tests {
    use super::document_pointer;

    #[test]
    fn places_of_the_rules_become_those_of_the_document() {
        for (rule, document) in [
            ("/lines/3/creche", "/payments/3/oneNumber"),
            ("/lines/0/amount", "/payments/0/amountCents"),
            ("/lines/12/reference", "/payments/12/reference"),
            ("/lines/1", "/payments/1"),
            ("", ""),
        ] {
            assert_eq!(document_pointer(rule), document);
        }
    }
}
