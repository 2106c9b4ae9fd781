//! The tables of rules, a file per family. The code that finds a rule broken lives where the knowledge is; its words
//! live here.

pub mod attendance;
pub mod closure;
pub mod document;
pub mod request;
pub mod workbook;
