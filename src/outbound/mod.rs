//! Calls to other machines: the guarded client, and the log-in of people. Never inside a transaction.

pub mod client;
pub mod oidc;
