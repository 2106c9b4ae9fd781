//! The order of things: read, decide, write, record, commit.

pub mod keys;
