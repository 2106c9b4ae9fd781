//! Calls to other machines: the guarded client, the log-in of people, and what is told to webhook endpoints. Never inside
//! a transaction.

pub mod client;
pub mod guard;
pub mod oidc;
pub mod transport;
