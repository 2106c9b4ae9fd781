//! Why a world cannot be made or used.

use crate::cli::CliError;

/// Why a world cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub(super) enum WorldError {
    /// There is none, or it was deleted.
    #[error("no such world")]
    Unknown,
    /// There are as many as there may be, or they take as much as they may.
    #[error("there is no room for another world")]
    NoRoom,
    /// As many worlds are in use as may be open.
    #[error("as many worlds are in use as may be open at once")]
    TooManyOpen,
    /// The gateway failed.
    #[error("the world failed: {0}")]
    Failed(#[from] CliError),
}

impl From<std::io::Error> for WorldError {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.into())
    }
}
