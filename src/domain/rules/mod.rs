//! The tables of rules, a file per family; their words are in `words/<language>/rules_<family>.toml`. Where a rule is
//! checked is up to its subject's validation. Those of a kind of statement are in the folder of the kind
//! (`domain/kinds/`).

pub mod application;
pub mod closure;
pub mod doctor;
pub mod document;
pub mod file;
pub mod organiser;
pub mod payment;
pub mod registry;
pub mod request;
pub mod signature;
pub mod staff;
pub mod user;
pub mod webhook;
pub mod workbook;
