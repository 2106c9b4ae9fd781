//! Payments of subsidies and exceptional premiums to crèches (docs/domain.md, Payments).

use jiff::civil::Date;

use super::codes::codes;
use super::money::SignedCents;
use super::period::Quarter;

/// The longest reference of the agency, in characters.
pub const MAX_REFERENCE: usize = 60;
/// The longest reason of a cancellation, in characters.
pub const MAX_REASON: usize = 500;
/// How many days after today a payment may be dated: an order is recorded before the bank carries it out.
const MOST_DAYS_AHEAD: i64 = 31;

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

/// A payment to be recorded, as it was typed in.
#[derive(Debug, Clone, Default)]
pub struct TypedPayment {
    /// The quarter, `T3 2026`, `2026 T3` or `2026Q3`; Dutch has a `K`.
    pub quarter: String,
    /// The code of the type.
    pub payment_type: String,
    /// The day, `2026-10-31` or `31/10/2026`.
    pub paid_on: String,
    /// The amount in euros.
    pub amount: String,
    /// What is left of the request, in euros; may be empty.
    pub balance: String,
    /// The agency's reference.
    pub reference: String,
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

codes! {
    /// What is wrong with a field of a payment.
    pub enum PaymentFault with codes_subsidy {
        /// No crèche has this number.
        CrecheUnknown "crecheUnknown";
        /// Crèches of several organisers have this number.
        CrecheAmbiguous "crecheAmbiguous";
        /// The quarter cannot be read.
        Quarter "quarter";
        /// No type was chosen.
        Type "type";
        /// The day cannot be read.
        Day "day";
        /// The day is more than a month ahead, or before 2000.
        DayOutside "dayOutside";
        /// The amount cannot be read.
        Amount "amount";
        /// The sign of the amount does not fit the type.
        AmountSign "amountSign";
        /// The balance cannot be read.
        Balance "balance";
        /// There is no reference.
        ReferenceMissing "referenceMissing";
        /// The reference is too long, or has signs that cannot be seen.
        Reference "reference";
    }
}

/// Everything that is wrong with a payment: the field of the form, and what.
pub type PaymentFaults = Vec<(&'static str, PaymentFault)>;

impl TypedPayment {
    /// Reads the fields and applies the rules; fails with everything that is wrong.
    pub fn validate(&self, today: Date) -> Result<NewPayment, PaymentFaults> {
        let mut faults = Vec::new();
        let mut note = |field, fault| faults.push((field, fault));
        let quarter = quarter(&self.quarter);
        if quarter.is_none() {
            note("quarter", PaymentFault::Quarter);
        }
        let payment_type = PaymentType::from_code(self.payment_type.trim());
        if payment_type.is_none() {
            note("type", PaymentFault::Type);
        }
        let paid_on = day(&self.paid_on);
        match paid_on {
            None => note("paidOn", PaymentFault::Day),
            Some(day) if is_outside(day, today) => note("paidOn", PaymentFault::DayOutside),
            Some(_) => {}
        }
        let amount = SignedCents::parse(&self.amount);
        match (amount, payment_type) {
            (None, _) => note("amount", PaymentFault::Amount),
            (Some(amount), Some(of)) if !of.accepts(amount) => note("amount", PaymentFault::AmountSign),
            _ => {}
        }
        let balance = Some(self.balance.trim()).filter(|text| !text.is_empty()).map(SignedCents::parse);
        if balance == Some(None) {
            note("balance", PaymentFault::Balance);
        }
        if let Some(fault) = reference_fault(self.reference.trim()) {
            note("reference", fault);
        }
        match (quarter, payment_type, paid_on, amount) {
            (Some(quarter), Some(payment_type), Some(paid_on), Some(amount)) if faults.is_empty() => Ok(NewPayment {
                quarter,
                payment_type,
                paid_on,
                amount,
                balance: balance.flatten(),
                reference: self.reference.trim().to_owned(),
            }),
            _ => Err(faults),
        }
    }
}

fn reference_fault(reference: &str) -> Option<PaymentFault> {
    let is_hidden = |sign: char| sign.is_control() || super::text::is_invisible(sign);
    match reference {
        "" => Some(PaymentFault::ReferenceMissing),
        text if text.chars().count() > MAX_REFERENCE || text.chars().any(is_hidden) => Some(PaymentFault::Reference),
        _ => None,
    }
}

pub(in crate::domain) fn is_outside(day: Date, today: Date) -> bool {
    let last = today.checked_add(jiff::Span::new().days(MOST_DAYS_AHEAD)).unwrap_or(Date::MAX);
    day.year() < 2000 || day > last
}

/// A quarter as people write it in one of the three languages, the year before or after it.
pub(in crate::domain) fn quarter(text: &str) -> Option<Quarter> {
    let text: String = text.chars().filter(|sign| !sign.is_whitespace() && *sign != '-').collect();
    let text = text.to_uppercase().replace(['T', 'K'], "Q");
    let (number, year) = text.split_at_checked(2)?;
    text.parse().or_else(|_| format!("{year}{number}").parse()).ok()
}

/// A day as `2026-10-31` or day first, with slashes, dots or hyphens; the year has four digits.
pub(in crate::domain) fn day(text: &str) -> Option<Date> {
    let parts: Vec<_> = text.trim().split(['/', '.', '-']).collect();
    let number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<i16>().ok())?;
    let [first, month, last] = parts[..] else { return None };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    let written = year.len() == 4 && (1..=2).contains(&day.len()) && (1..=2).contains(&month.len());
    let (month, day) = (i8::try_from(number(month)?).ok()?, i8::try_from(number(day)?).ok()?);
    if written { Date::new(number(year)?, month, day).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn typed() -> TypedPayment {
        TypedPayment {
            quarter: "2021Q4".into(),
            payment_type: "subsidy".into(),
            paid_on: "17/01/2022".into(),
            amount: "1.234,56 €".into(),
            balance: String::new(),
            reference: " ONE-2022-1 ".into(),
        }
    }

    #[test]
    fn a_payment_is_read_as_it_is_typed() {
        let today = date(2026, 11, 28);
        let read = typed().validate(today).unwrap();
        assert_eq!((read.paid_on, read.amount.0, read.balance), (date(2022, 1, 17), 123_456, None));
        assert_eq!(read.reference, "ONE-2022-1");
        for quarter in ["T4 2021", "2021 T4", "k4 2021", "2021Q4", "Q4-2021"] {
            let read = TypedPayment { quarter: quarter.into(), ..typed() }.validate(today).unwrap();
            assert_eq!(read.quarter.to_string(), "2021Q4", "{quarter}");
        }
        for day in ["2022-01-17", "17.1.2022", "17-01-2022"] {
            let read = TypedPayment { paid_on: day.into(), ..typed() }.validate(today).unwrap();
            assert_eq!(read.paid_on, date(2022, 1, 17), "{day}");
        }
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let wrong = TypedPayment { balance: "much".into(), ..TypedPayment::default() };
        let fields: Vec<_> = wrong.validate(date(2026, 11, 28)).unwrap_err().into_iter().map(|(at, _)| at).collect();
        assert_eq!(fields, ["quarter", "type", "paidOn", "amount", "balance", "reference"]);
    }

    #[test]
    fn days_and_amounts_that_cannot_be_are_refused() {
        let today = date(2026, 11, 28);
        let fault = |wrong: TypedPayment| wrong.validate(today).unwrap_err();
        for day in ["17/01/2202", "31/12/1999"] {
            let faults = fault(TypedPayment { paid_on: day.into(), ..typed() });
            assert_eq!(faults, [("paidOn", PaymentFault::DayOutside)], "{day}");
        }
        for (kind, amount) in [("recovery", "5"), ("subsidy", "-5"), ("adjustment", "0"), ("exceptionalPremium", "0")] {
            let faults = fault(TypedPayment { payment_type: kind.into(), amount: amount.into(), ..typed() });
            assert_eq!(faults, [("amount", PaymentFault::AmountSign)], "{kind}");
        }
    }
}
