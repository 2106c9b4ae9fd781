//! Every rule of the gateway.

use super::rule::Rule;
use super::rules::{
    application, closure, doctor, document, file, organiser, payment, registry, request, signature, staff, user,
    webhook, workbook,
};
use super::statement::StatementKind;

/// The version of the rules: the month in which a rule was last added, removed, or changed in its severity. Certificates name it.
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
