//! The one integration binary.
mod workbook;
