//! Why nothing was done to a user. Nothing was changed.

use crate::app::PreconditionError;
use crate::app::error::InternalError;
use crate::app::error::fault_conversions;
use crate::domain::finding::Findings;
use crate::ids::UserId;

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// The organiser has no user with this id.
    #[error("the organiser has no user {0}")]
    NoUser(UserId),
    /// Who asks may not manage users, or may not any more.
    #[error("who asks may not manage users")]
    NotAllowed,
    /// Administrators are out of the reach of who asks.
    #[error("only an administrator may change an administrator")]
    Reserved,
    /// What was asked for breaks rules.
    #[error("what was asked for breaks rules")]
    Invalid(Findings),
    /// Who asks does not know the user as it is now.
    #[error(transparent)]
    Blocked(#[from] PreconditionError),
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

fault_conversions!(UserError);
