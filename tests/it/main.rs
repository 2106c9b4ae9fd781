//! The one integration binary.

mod schema;
mod workbook;
