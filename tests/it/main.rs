//! The one integration binary.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a test that cannot go on fails and shows why"
)]

mod agency_api;
mod applications;
mod architecture;
mod as_of;
mod authz;
mod browser;
mod calls;
mod caps;
mod channels;
mod claims;
mod cli;
mod clocks;
mod closures;
mod communications;
mod config;
mod console;
mod contact;
mod contract_examples;
mod docs;
mod doctors;
mod figure_contributions;
mod harness;
mod health;
mod hostile_text;
mod http;
mod idempotency;
mod integrity;
mod invisible_characters;
mod login;
mod privacy;
mod problems;
mod process;
mod proxies;
mod reach;
mod receiver;
mod refdata;
mod reports;
mod retention;
mod scenarios;
mod schema;
mod staff;
mod statements;
mod store;
mod subsidies;
mod summaries;
mod users;
mod webhooks;
mod workbook;
mod worlds;
