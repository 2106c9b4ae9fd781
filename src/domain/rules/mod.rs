//! The tables of rules, a file per family. The code that finds a rule broken lives where the knowledge is; its words
//! live here.

pub mod application;
pub mod attendance;
pub mod closure;
pub mod doctor;
pub mod document;
pub mod medical;
pub mod organiser;
pub mod registry;
pub mod request;
pub mod staff;
pub mod user;
pub mod webhook;
pub mod workbook;

use super::rule::Rule;

/// Every rule of the gateway, family by family.
pub fn catalogue() -> impl Iterator<Item = &'static Rule> {
    let families = [
        request::ALL,
        document::ALL,
        workbook::ALL,
        workbook::cell::ALL,
        attendance::ALL,
        medical::ALL,
        doctor::ALL,
        staff::ALL,
        closure::ALL,
        organiser::ALL,
        registry::ALL,
        user::ALL,
        application::ALL,
        webhook::ALL,
    ];
    families.into_iter().flatten().copied()
}

/// The rule with this code.
pub fn find(code: &str) -> Option<&'static Rule> {
    catalogue().find(|rule| rule.code == code)
}
