//! Preconditions on the current version, so that no update is lost.

/// The sender's precondition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Precondition {
    /// None was sent.
    #[default]
    None,
    /// There must be a current version, whichever (`If-Match: *`).
    Any,
    /// The current version must be one of these (`If-Match`); 0 means that there is none yet.
    Known(Vec<u64>),
    /// There must be no version yet (`If-None-Match: *`).
    New,
}

/// Why the current version may not be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PreconditionError {
    /// There is a current version, and no precondition was sent.
    #[error("version {0} exists and no precondition was sent")]
    Unguarded(u64),
    /// The precondition names another version.
    #[error("the current version is another one")]
    Stale(Option<u64>),
    /// There is none, and the precondition requires one.
    #[error("there is no version and the sender names one")]
    Missing,
    /// There is one, and the precondition requires none.
    #[error("version {0} exists and the sender wants a new one")]
    Exists(u64),
}

impl Precondition {
    /// That of a form that was filled in when `version` was the current one; 0 when there was none.
    pub fn of_form(version: u64) -> Self {
        if version == 0 { Self::New } else { Self::Known(vec![version]) }
    }

    /// Whether the sender may replace `current`.
    pub fn check(&self, current: Option<u64>) -> Result<(), PreconditionError> {
        match (self, current) {
            (Self::None | Self::New, None) | (Self::Any, Some(_)) => Ok(()),
            (Self::Known(known), None) if known.contains(&0) => Ok(()),
            (Self::None, Some(version)) => Err(PreconditionError::Unguarded(version)),
            (Self::Known(known), Some(version)) if known.contains(&version) => Ok(()),
            (Self::Any | Self::Known(_), None) => Err(PreconditionError::Missing),
            (Self::New, Some(version)) => Err(PreconditionError::Exists(version)),
            (Self::Known(_), Some(version)) => Err(PreconditionError::Stale(Some(version))),
        }
    }
}
