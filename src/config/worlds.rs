//! The worlds of a sandbox.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use serde::Deserialize;

/// The worlds of a sandbox, and how much they may take.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Worlds {
    /// Where they are stored; without it there are none. Nothing in production, whatever it says.
    pub directory: Option<PathBuf>,
    /// How many there may be.
    pub most: usize,
    /// How many may be open at once.
    pub open_at_once: NonZeroUsize,
    /// How many one address may make in an hour.
    pub per_address_per_hour: NonZeroU32,
    /// After how many days a world is deleted.
    pub days: u16,
    /// Bytes of one world.
    pub bytes_each: u64,
    /// Bytes of all worlds.
    pub bytes_in_all: u64,
    /// Rows of one world.
    pub rows_each: u64,
    /// Rows of all worlds.
    pub rows_in_all: u64,
    /// Messages a day of one world to other machines.
    pub messages_each: u64,
    /// Messages a day of all worlds to other machines.
    pub messages_in_all: u64,
    /// Whether certificates that are earned here are those of the agency; others are for practice.
    pub issues_certificates: bool,
}
