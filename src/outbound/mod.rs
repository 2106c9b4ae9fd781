//! Calls to other machines: the guarded client, the log-in provider, and webhook endpoints. Never inside a transaction.

pub mod client;
pub mod guard;
pub mod oidc;
pub mod transport;
