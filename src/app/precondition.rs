//! What a sender says of the version that is there, so that nobody overwrites what they have not seen.

/// The sender's precondition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Precondition {
    /// Nothing was said.
    #[default]
    None,
    /// There must be one, whichever.
    Any,
    /// It must be one of these.
    Known(Vec<u64>),
    /// There must be none yet.
    New,
}

/// Why a version may not be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PreconditionError {
    /// There is one, and the sender did not say that it is known.
    #[error("version {0} exists and no precondition was sent")]
    Unguarded(u64),
    /// It is not what the sender says.
    #[error("the current version is another one")]
    Stale(Option<u64>),
    /// There is none, and the sender says that there is.
    #[error("there is no version and the sender names one")]
    Missing,
    /// There is one, and the sender says that there is none.
    #[error("version {0} exists and the sender wants a new one")]
    Exists(u64),
}

impl Precondition {
    /// Whether the sender may replace `current`.
    pub fn check(&self, current: Option<u64>) -> Result<(), PreconditionError> {
        match (self, current) {
            (Self::None | Self::New, None) | (Self::Any, Some(_)) => Ok(()),
            (Self::None, Some(version)) => Err(PreconditionError::Unguarded(version)),
            (Self::Known(known), Some(version)) if known.contains(&version) => Ok(()),
            (Self::Any | Self::Known(_), None) => Err(PreconditionError::Missing),
            (Self::New, Some(version)) => Err(PreconditionError::Exists(version)),
            (Self::Known(_), Some(version)) => Err(PreconditionError::Stale(Some(version))),
        }
    }
}
