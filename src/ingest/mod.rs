//! Bytes into raw values with their place, and back.

pub mod json;
pub mod schema;
pub mod workbook;
