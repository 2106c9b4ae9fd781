//! The order of things: read, decide, write, record, commit. Owns the transactions; no SQL, no status codes.

pub mod audit;
pub mod contract;
pub mod keys;
