//! The domain: identifiers, periods, days, statements, rules, findings.
//!
//! Pure: a business analyst could confirm or dispute every line. No async, no I/O, no JSON values, no clock; "today"
//! is an argument.

pub mod action;
pub mod actor;
pub mod application;
pub mod audit;
pub mod base32;
pub mod calendar;
pub mod caps;
pub mod changes;
pub mod claim;
pub mod closure;
pub mod codes;
pub mod country;
pub mod creche;
pub mod current_warnings;
pub mod days;
pub mod deposit;
pub mod doctor;
pub mod email;
pub mod enterprise;
pub mod event;
pub mod finding;
pub mod holidays;
pub mod identity;
pub mod inami;
pub mod key;
pub mod kinds;
pub mod money;
pub mod notice;
pub mod period;
pub mod person;
pub mod phone;
pub mod postcode;
pub mod raw;
pub mod reach;
pub mod registry;
pub mod report;
pub mod retention;
pub mod rule;
pub mod rule_catalogue;
pub mod rules;
pub mod script;
pub mod search;
pub mod ssin;
pub mod staff;
pub mod standing_facts;
pub mod statement;
pub mod subsidy;
pub mod summary;
pub mod text;
pub mod user;
pub mod webhook;
