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
    /// The caller may not manage users, or not any longer.
    #[error("who asks may not manage users")]
    NotAllowed,
    /// The caller may not manage administrators.
    #[error("only an administrator may change an administrator")]
    Reserved,
    /// The request breaks rules.
    #[error("what was asked for breaks rules")]
    Invalid(Findings),
    /// The precondition names another version of the user.
    #[error(transparent)]
    Blocked(#[from] PreconditionError),
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

fault_conversions!(UserError);
