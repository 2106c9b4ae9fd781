//! Internal errors: the gateway's own failures.

use crate::seal::SealError;
use crate::store;
use crate::vault::VaultError;

/// The gateway failed.
#[derive(Debug, thiserror::Error)]
pub enum InternalError {
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Sealing or opening personal data.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A stored document is not what was written.
    #[error("a kept document cannot be read: {0}")]
    Document(#[from] serde_json::Error),
    /// A stored document is in no form that is known.
    #[error("a stored document cannot be read")]
    DocumentForm,
    /// A workbook could not be written.
    #[error("a workbook cannot be written: {0}")]
    Workbook(#[from] crate::ingest::XlsxError),
    /// A PDF could not be written.
    #[error("a PDF cannot be written: {0:?}")]
    Pdf(krilla::error::KrillaError),
    /// A task on another thread panicked or was cancelled.
    #[error("work on another thread ended badly: {0}")]
    Task(#[from] tokio::task::JoinError),
}

impl From<krilla::error::KrillaError> for InternalError {
    fn from(error: krilla::error::KrillaError) -> Self {
        Self::Pdf(error)
    }
}

impl From<VaultError> for InternalError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Seal(error) => Self::Seal(error),
            VaultError::Store(error) => Self::Store(error),
        }
    }
}

/// The caller cannot reach this crèche.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// The organiser has none with this id.
    #[error("no such crèche")]
    Unknown,
    /// The key does not reach this crèche.
    #[error("the key does not reach this crèche")]
    NotGranted,
    /// It could not be looked up.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

/// Converts errors of the database and the vault into the `Fault` of a use case's error.
macro_rules! fault_conversions {
    ($error:ty) => {
        impl From<crate::store::Error> for $error {
            fn from(error: crate::store::Error) -> Self {
                Self::Fault(error.into())
            }
        }

        impl From<crate::vault::VaultError> for $error {
            fn from(error: crate::vault::VaultError) -> Self {
                Self::Fault(error.into())
            }
        }
    };
}
pub(super) use fault_conversions;

fault_conversions!(AccessError);
