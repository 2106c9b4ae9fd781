//! The tables of rules, a file per family. The code that finds a rule broken lives where the knowledge is; its words
//! live here. Those of a kind of statement are in the folder of the kind (`domain/kinds/`).

pub mod application;
pub mod closure;
pub mod doctor;
pub mod document;
pub mod organiser;
pub mod registry;
pub mod request;
pub mod staff;
pub mod user;
pub mod webhook;
pub mod workbook;
