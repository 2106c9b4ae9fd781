//! Every rule of the gateway.

use super::rule::Rule;
use super::rules::{
    application, closure, doctor, document, file, organiser, payment, registry, request, signature, staff, user,
    webhook, workbook,
};
use super::statement::StatementKind;

/// The version of the rules: the month in which a rule was last added, removed, or changed in its severity, or a change of it was
/// announced. Certificates name it.
pub const VERSION: &str = "2026-11";

/// The families before those of the statements.
const BEFORE: [&[&Rule]; 4] = [request::ALL, document::ALL, workbook::ALL, workbook::cell::ALL];
/// The families after them.
const BEHIND: [&[&Rule]; 11] = [
    doctor::ALL,
    staff::ALL,
    closure::ALL,
    organiser::ALL,
    registry::ALL,
    user::ALL,
    application::ALL,
    webhook::ALL,
    file::ALL,
    payment::ALL,
    signature::ALL,
];

/// Every rule, family by family.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let of_statements = StatementKind::ALL.iter().map(|kind| kind.facts().rules);
    BEFORE.into_iter().chain(of_statements).chain(BEHIND).flatten().copied()
}

/// The rule with this code.
pub fn find(code: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code == code)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::announced_rules;
    use super::*;

    /// The version with the fingerprint of what it is the version of.
    const PINNED: (&str, u64) = ("2026-11", 12_720_866_551_345_163_638);

    /// FNV-1a, which stays the same on every machine and with every compiler.
    fn fingerprint(text: &str) -> u64 {
        text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }

    #[test]
    fn whoever_changes_a_severity_raises_the_version() {
        let mut text = String::new();
        for rule in all() {
            let announced = announced_rules::announced(rule);
            let announced = announced.map(|announced| (announced.severity.name(), announced.from));
            writeln!(text, "{} {} {announced:?}", rule.code, rule.severity.name()).unwrap();
        }
        let current = (VERSION, fingerprint(&text));
        assert_eq!(
            current, PINNED,
            "a rule, a severity or an announcement changed: set VERSION to the present month, and PINNED to what is on the left. \
             Software that was certified by the rules before is shown as certified by an earlier version from then on."
        );
    }
}
