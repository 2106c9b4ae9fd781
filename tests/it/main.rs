//! The one integration binary.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on fails and shows why")]

mod authz;
mod cli;
mod config;
mod docs;
mod harness;
mod health;
mod http;
mod process;
mod schema;
mod statements;
mod store;
mod workbook;
