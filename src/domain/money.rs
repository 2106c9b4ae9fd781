//! Amounts of money: whole euro cents, never a fraction.
//!
//! People read an amount by [`Cents::grouped`] and [`SignedCents::with_currency`] in the form of their language. `Display` is
//! the form of what is typed: fields of forms, cells, tables.

use std::iter::Sum;
use std::ops::Add;

use serde::{Deserialize, Serialize};

use super::raw::Raw;
use crate::words::Language;

/// An amount in euro cents, 0 or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cents(pub u64);

impl Cents {
    /// The largest amount that a document may name: 100 000 euros.
    pub const MAX: Self = Self(10_000_000);

    /// In euros, as spreadsheets store it; exact to the cent.
    #[expect(clippy::cast_precision_loss, reason = "amounts are far below what a double holds exactly")]
    pub fn euros(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// An amount in euros, when that is a whole number of cents within the precision of a double: a millionth of a
    /// cent.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked")]
    pub fn from_euros(euros: f64) -> Option<Self> {
        let cents = (euros * 100.0).round();
        let whole = (euros * 100.0 - cents).abs() <= 1e-6 && (0.0..=1e9).contains(&cents);
        whole.then_some(cents as u64).and_then(Self::from_integer)
    }

    /// The amount as people read it under a header with its currency: `1 234,50`, its thousands apart by a narrow no-break
    /// space; `1,234.50` in English.
    pub fn grouped(self, language: Language) -> String {
        let (group, point) = if language == Language::En { (',', '.') } else { ('\u{202f}', ',') };
        let digits = (self.0 / 100).to_string();
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(group);
            }
            text.push(digit);
        }
        format!("{text}{point}{:02}", self.0 % 100)
    }

    /// The same with its currency: `1 234,50 €`; `€1,234.50` in English.
    pub fn with_currency(self, language: Language) -> String {
        let amount = self.grouped(language);
        if language == Language::En { format!("€{amount}") } else { format!("{amount}\u{a0}€") }
    }

    /// An amount as users write it: `45`, `45,5`, `45.50`, `1 085,50`, `1.085,50`, `12,-`, with `€` or `EUR` before or
    /// after it. A single separator before three digits could mean thousands or thousandths: that is not accepted.
    pub fn parse(text: &str) -> Option<Self> {
        Self::from_integer(Self::parse_any(text)?)
    }

    /// The same of any size, in cents.
    fn parse_any(text: &str) -> Option<u64> {
        let number = without_currency(text.trim());
        let (euros, cents) = match number.rfind([',', '.']) {
            Some(at) => (&number[..at], &number[at + 1..]),
            None => (number, "0"),
        };
        let cents = if matches!(cents, "-" | "--" | "\u{2013}") { "0" } else { cents };
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let euros = ungrouped(euros)?;
        if !digits(&euros) || !digits(cents) || cents.len() > 2 {
            return None;
        }
        let tens = if cents.len() == 1 { 10 } else { 1 };
        euros.parse::<u64>().ok()?.checked_mul(100)?.checked_add(cents.parse::<u64>().ok()? * tens)
    }
}

/// An amount in euro cents that may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SignedCents(pub i64);

impl SignedCents {
    /// The largest amount of a payment, paid or paid back: 100 million euros.
    pub const MAX: i64 = 10_000_000_000;

    /// An amount as [`Cents::parse`] reads it, with a sign before it. Negative ones also as bookkeeping programs write them:
    /// with the sign behind, or in parentheses.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (unsigned, is_negative) = without_sign(text).map_or((text, false), |(rest, negative)| (rest, negative));
        let amount = i64::try_from(Cents::parse_any(unsigned)?).ok()?;
        (amount <= Self::MAX).then_some(Self(if is_negative { -amount } else { amount }))
    }

    /// An amount in euros, when that is a whole number of cents within the precision of a double.
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    pub fn from_euros(euros: f64) -> Option<Self> {
        let cents = (euros * 100.0).round();
        let is_whole = (euros * 100.0 - cents).abs() <= 1e-4;
        Some(cents as i64).filter(|cents| is_whole && cents.abs() <= Self::MAX).map(Self)
    }

    /// The amount as people read it, with its currency: `−1 234,50 €`.
    pub fn with_currency(self, language: Language) -> String {
        let sign = if self.0 < 0 { MINUS } else { "" };
        format!("{sign}{}", Cents(self.0.unsigned_abs()).with_currency(language))
    }
}

/// The sign of negative numbers, as people read it.
pub const MINUS: &str = "\u{2212}";

/// An amount without its sign, and whether it is negative; `None` where it has none.
fn without_sign(text: &str) -> Option<(&str, bool)> {
    let minus = ['-', '\u{2212}'];
    if let Some(rest) = text.strip_prefix('+') {
        return Some((rest, false));
    }
    let negative = text.strip_prefix(minus).or_else(|| text.strip_prefix('(')?.strip_suffix(')'));
    // `12,-` has no cents, and is not negative.
    let behind =
        || text.strip_suffix(minus).filter(|rest| rest.trim_end().ends_with(|sign: char| sign.is_ascii_digit()));
    negative.or_else(behind).map(|rest| (rest, true))
}

impl Sum for SignedCents {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        Self(all.map(|amount| amount.0).sum())
    }
}

/// As it is typed in Belgium: `-1234,50`.
impl std::fmt::Display for SignedCents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", if self.0 < 0 { "-" } else { "" }, Cents(self.0.unsigned_abs()))
    }
}

/// A number without the currency that is written before or after it.
fn without_currency(mut text: &str) -> &str {
    for currency in ["€", "EUROS", "EURO", "EUR"] {
        let ends = |at: &str| at.eq_ignore_ascii_case(currency);
        if text.get(..currency.len()).is_some_and(ends) {
            text = text[currency.len()..].trim_start();
        }
        let from = text.len().saturating_sub(currency.len());
        if text.get(from..).is_some_and(ends) {
            text = text[..from].trim_end();
        }
    }
    text
}

/// The digits of whole euros, whose thousands may be parted by one kind of separator; `None` when they are parted
/// elsewhere.
fn ungrouped(euros: &str) -> Option<String> {
    let Some(separator) = euros.chars().find(|sign| !sign.is_ascii_digit()) else { return Some(euros.to_owned()) };
    let separates = separator.is_whitespace() || matches!(separator, '.' | ',' | '\'' | '\u{2019}');
    let mut groups = euros.split(separator);
    let first = groups.next().unwrap_or_default();
    (separates && (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3))
        .then(|| euros.chars().filter(|sign| *sign != separator).collect())
}

impl Add for Cents {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

impl Raw for Cents {
    fn from_integer(value: u64) -> Option<Self> {
        Some(Self(value)).filter(|amount| *amount <= Self::MAX)
    }
}

impl Raw for SignedCents {
    fn from_integer(value: u64) -> Option<Self> {
        i64::try_from(value).ok().filter(|amount| *amount <= Self::MAX).map(Self)
    }

    fn from_negative(value: i64) -> Option<Self> {
        Some(value).filter(|amount| *amount >= -Self::MAX).map(Self)
    }
}

/// As it is typed in Belgium: `45,00`.
impl std::fmt::Display for Cents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{},{:02}", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_may_have_a_sign() {
        let cases = [("-1.234,56 €", -123_456), ("\u{2212}12", -1200), ("250 000,00", 25_000_000), ("0,05", 5)];
        let of_programs = [("1.234,56-", -123_456), ("(1 234,56)", -123_456), ("+12,5", 1250), ("12,-", 1200)];
        for (text, cents) in cases.into_iter().chain(of_programs) {
            assert_eq!(SignedCents::parse(text), Some(SignedCents(cents)), "{text}");
        }
        for text in ["--1", "-1-", "(-1)", "1.085", "1,085-", "", "-", "()", "+-1", "100000001"] {
            assert_eq!(SignedCents::parse(text), None, "{text}");
        }
        assert_eq!(SignedCents(-5).to_string(), "-0,05");
        assert_eq!(SignedCents::from_euros(-1234.56), Some(SignedCents(-123_456)));
        for euros in [0.005, 100_000_001.0, f64::NAN, f64::INFINITY] {
            assert_eq!(SignedCents::from_euros(euros), None, "{euros}");
        }
    }

    #[test]
    fn amounts_are_shown_as_people_write_them() {
        for (cents, fr, en) in [
            (0, "0,00\u{a0}€", "€0.00"),
            (-5, "\u{2212}0,05\u{a0}€", "\u{2212}€0.05"),
            (99_999, "999,99\u{a0}€", "€999.99"),
            (123_450, "1\u{202f}234,50\u{a0}€", "€1,234.50"),
            (-1_234_567_801, "\u{2212}12\u{202f}345\u{202f}678,01\u{a0}€", "\u{2212}€12,345,678.01"),
        ] {
            let amount = SignedCents(cents);
            let shown = [Language::Fr, Language::Nl, Language::En].map(|language| amount.with_currency(language));
            assert_eq!(shown, [fr, fr, en]);
            assert!(shown[..2].iter().all(|shown| SignedCents::parse(shown) == Some(amount)), "{fr} is read back");
        }
        assert_eq!(Cents(123_450).grouped(Language::Nl), "1\u{202f}234,50");
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        let right = [("45", 4500), ("45,5", 4550), ("45.50", 4550), (" 0,01 € ", 1), ("€ 12", 1200), ("0", 0)];
        let grouped = [
            ("1 085,50 €", 108_550),
            ("1\u{202f}085,50\u{a0}€", 108_550),
            ("1.085,50", 108_550),
            ("1'085.50", 108_550),
            ("1 085", 108_500),
            ("EUR 85,50", 8550),
            ("85,5 eur", 8550),
            ("12,-", 1200),
        ];
        let right = right.into_iter().chain(grouped);
        for (text, cents) in right {
            assert_eq!(Cents::parse(text), Some(Cents(cents)), "{text}");
        }
        for text in [
            "",
            "-1",
            "1,234",
            "1.085",
            "8 5,50",
            "1.08.550",
            "1 085 5",
            "a",
            "EUR",
            "1,",
            ",5",
            "100001",
            "99999999999999999999",
        ] {
            assert_eq!(Cents::parse(text), None, "{text}");
        }
        assert_eq!(Cents(4505).to_string(), "45,05");
    }
}
