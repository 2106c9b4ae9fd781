//! The one integration binary.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on fails and shows why")]

mod applications;
mod architecture;
mod authz;
mod browser;
mod cli;
mod closures;
mod config;
mod console;
mod docs;
mod doctors;
mod doors;
mod examples;
mod harness;
mod health;
mod http;
mod login;
mod privacy;
mod problems;
mod process;
mod reach;
mod receiver;
mod refdata;
mod retention;
mod schema;
mod staff;
mod statements;
mod store;
mod summaries;
mod users;
mod webhooks;
mod workbook;
