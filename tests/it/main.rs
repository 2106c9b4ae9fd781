//! The one integration binary.

mod harness;
mod schema;
mod store;
