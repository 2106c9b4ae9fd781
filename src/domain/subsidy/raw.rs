//! A payment to be recorded, before validation.

use jiff::civil::Date;

use super::{MAX_REFERENCE, NewPayment, PaymentType, is_payable};
use crate::domain::finding::{Finding, FindingPlace, Findings};
use crate::domain::money::SignedCents;
use crate::domain::period::Quarter;
use crate::domain::raw::{Field, Label, Raw as _};
use crate::domain::rule::Rule;
use crate::domain::rules::payment as rules;
use crate::domain::text::folded;
use crate::domain::written::{is_outside, read_day, read_quarter};
use crate::words::LocalText;

/// The ONE number of a crèche.
pub type OneNumber = Label<200>;
/// The agency's reference of a payment.
pub type PaymentReference = Label<MAX_REFERENCE>;

/// A payment before validation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RawPayment {
    /// The ONE number of the crèche (`creche`).
    pub one_number: Field<OneNumber>,
    /// The quarter (`quarter`).
    pub quarter: Field<Quarter>,
    /// The type (`type`).
    pub payment_type: Field<PaymentType>,
    /// The day (`paidOn`).
    pub paid_on: Field<Date>,
    /// The amount (`amount`).
    pub amount: Field<SignedCents>,
    /// What is left of the request (`balance`); may be absent.
    pub balance: Field<SignedCents>,
    /// The agency's reference (`reference`).
    pub reference: Field<PaymentReference>,
}

/// A text as a field, read by `read`: absent where there is only white space.
fn field<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Field<T> {
    let text = text.trim();
    if text.is_empty() { Field::Absent } else { read(text).map_or_else(|| Field::malformed(text), Field::Present) }
}

impl RawPayment {
    /// A payment of texts as people write them; `text` has that of each field.
    pub fn written<'a>(text: impl Fn(&'static str) -> &'a str) -> Self {
        Self {
            one_number: field(text("creche"), Label::from_text),
            quarter: field(text("quarter"), read_quarter),
            payment_type: field(text("type"), read_type),
            paid_on: field(text("paidOn"), read_day),
            amount: field(text("amount"), SignedCents::parse),
            balance: field(text("balance"), SignedCents::parse),
            reference: field(text("reference"), Label::from_text),
        }
    }

    /// Applies the rules, but for those on the crèche and on other payments; `place` is that of the payment.
    pub fn validate(&self, place: &FindingPlace, today: Date) -> (Option<NewPayment>, Findings) {
        let mut findings = Findings::default();
        let mut note = |rule: &'static Rule, field| findings.push(Finding::new(rule, place.clone().field(field)));
        match self.quarter.get() {
            None => note(&rules::QUARTER, "quarter"),
            Some(quarter) if !is_payable(*quarter, today) => note(&rules::QUARTER_OUTSIDE, "quarter"),
            Some(_) => {}
        }
        if self.payment_type.get().is_none() {
            note(&rules::TYPE, "type");
        }
        match self.paid_on.get() {
            None => note(&rules::DAY, "paidOn"),
            Some(day) if is_outside(*day, today) => note(&rules::DAY_OUTSIDE, "paidOn"),
            Some(_) => {}
        }
        match (self.amount.get(), self.payment_type.get()) {
            (None, _) => note(&rules::AMOUNT, "amount"),
            (Some(amount), Some(of)) if !of.accepts(*amount) => note(&rules::AMOUNT_SIGN, "amount"),
            _ => {}
        }
        if matches!(self.balance, Field::Malformed(_)) {
            note(&rules::BALANCE, "balance");
        }
        match self.reference {
            Field::Absent => note(&rules::REFERENCE_MISSING, "reference"),
            Field::Malformed(_) => note(&rules::REFERENCE, "reference"),
            Field::Present(_) => {}
        }
        (if findings.is_empty() { self.valid() } else { None }, findings)
    }

    /// The payment of its fields, where all that are required are well-formed.
    fn valid(&self) -> Option<NewPayment> {
        Some(NewPayment {
            quarter: *self.quarter.get()?,
            payment_type: *self.payment_type.get()?,
            paid_on: *self.paid_on.get()?,
            amount: *self.amount.get()?,
            balance: self.balance.get().copied(),
            reference: self.reference.get()?.0.clone(),
        })
    }
}

/// A type, by its code or its name.
pub fn read_type(text: &str) -> Option<PaymentType> {
    let text = folded(text.trim());
    let is_named = |one: &&PaymentType| {
        let LocalText { fr, nl, en } = one.label();
        [one.code(), fr, nl, en].iter().any(|name| folded(name) == text)
    };
    PaymentType::ALL.iter().find(is_named).copied()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// The payment of these texts in place of those of a valid one, with its findings as of 28 November 2026.
    fn read(changed: &[(&str, &str)]) -> (Option<NewPayment>, Vec<(String, &'static str)>) {
        let text = |name| match changed.iter().find(|(field, _)| *field == name) {
            Some((_, text)) => *text,
            None => match name {
                "creche" => "63/25118/01",
                "quarter" => "2021Q4",
                "type" => "subsidy",
                "paidOn" => "17/01/2022",
                "amount" => "1.234,56 €",
                "reference" => " ONE-2022-1 ",
                _ => "",
            },
        };
        let (payment, findings) = RawPayment::written(text).validate(&FindingPlace::default(), date(2026, 11, 28));
        (payment, findings.iter().map(|finding| (finding.place().pointer.clone(), finding.rule.code)).collect())
    }

    #[test]
    fn a_payment_is_read_as_it_is_written() {
        let (payment, findings) = read(&[]);
        let payment = payment.unwrap();
        assert_eq!((payment.paid_on, payment.amount.0, payment.balance), (date(2022, 1, 17), 123_456, None));
        assert_eq!((payment.reference.as_str(), findings.len()), ("ONE-2022-1", 0));
        assert!(read(&[("quarter", "T1 2027")]).0.is_some(), "an advance on the next quarter");
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let nothing = ["quarter", "type", "paidOn", "amount", "reference"].map(|field| (field, " "));
        let (payment, findings) = read(&[&nothing[..], &[("balance", "much")]].concat());
        let places: Vec<_> = findings.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["/quarter", "/type", "/paidOn", "/amount", "/balance", "/reference"]);
        assert!(payment.is_none());
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for (changed, place, rule) in [
            (&[("paidOn", "17/01/2202")][..], "/paidOn", "payment.dayOutside"),
            (&[("paidOn", "31/12/1999")], "/paidOn", "payment.dayOutside"),
            (&[("quarter", "T2 2027")], "/quarter", "payment.quarterOutside"),
            (&[("type", "recovery"), ("amount", "5")], "/amount", "payment.amountSign"),
            (&[("type", "subsidy"), ("amount", "-5")], "/amount", "payment.amountSign"),
            (&[("type", "adjustment"), ("amount", "0")], "/amount", "payment.amountSign"),
            (&[("type", "exceptionalPremium"), ("amount", "0")], "/amount", "payment.amountSign"),
            (&[("amount", "1.085")], "/amount", "payment.amount"),
            (&[("reference", "a\u{0}b")], "/reference", "payment.reference"),
        ] {
            assert_eq!(read(changed), (None, vec![(place.to_owned(), rule)]), "{changed:?}");
        }
    }

    #[test]
    fn a_type_is_read_by_its_code_and_by_its_name_in_each_language() {
        for one in PaymentType::ALL {
            let LocalText { fr, nl, en } = one.label();
            for name in [one.code(), fr, nl, en, &fr.to_uppercase()] {
                assert_eq!(read_type(name), Some(*one), "{name}");
            }
        }
        assert_eq!(read_type("prime"), None);
    }
}
