//! The one integration binary.

mod config;
mod http;
mod schema;
