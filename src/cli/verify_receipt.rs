//! `passerelle verify-receipt`: the check of a receipt, without the gateway that made it.

use std::path::PathBuf;
use std::process::ExitCode;

use super::trusted_keys::TrustedKeys;
use super::{CliError, print_line};
use crate::app::claims::{ReceiptFault, verify};
use crate::domain::key::Deployment;
use crate::domain::period::Period;

/// Checks the receipt of a signature: the document, its hash, the key, the signature.
///
/// The public keys are those of the file --jwks, as a gateway publishes them at /.well-known/jwks.json; without it, those
/// of the database of the configuration. No network is used.
///
/// Exit status: 0 genuine, 1 not, 2 a file that cannot be read, or no keys.
#[derive(Debug, clap::Args)]
pub(super) struct VerifyReceipt {
    /// The receipt.
    #[arg(value_name = "FILE")]
    receipt: PathBuf,
    #[command(flatten)]
    keys: TrustedKeys,
}

impl VerifyReceipt {
    pub(super) async fn run(self) -> Result<ExitCode, CliError> {
        let path = &self.receipt;
        let receipt = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let keys = self.keys.read().await?;
        match verify(&receipt, &keys) {
            Ok(genuine) => {
                let document = genuine.document;
                let sandbox = match document.deployment {
                    Deployment::Sandbox => " It is a receipt of a sandbox: it claims nothing.",
                    Deployment::Production => "",
                };
                let signed = match document.period() {
                    Period::Quarter(quarter) => format!("the report of {quarter}"),
                    Period::Month(month) => format!("the statement of consultations of {month}"),
                };
                print_line(&format!(
                    "genuine: {signed} for {} was signed at {}; SHA-256 {}.{sandbox}",
                    document.creche.name, document.signed_at, genuine.sha256
                ));
                Ok(ExitCode::SUCCESS)
            }
            Err(fault) => {
                let kind = match fault {
                    ReceiptFault::Unreadable(_) => "unreadable",
                    ReceiptFault::Hash => "hash of the document",
                    ReceiptFault::UnknownKey(_) => "unknown key",
                    ReceiptFault::Signature => "signature",
                };
                print_line(&format!("not genuine ({kind}): {fault}"));
                Ok(ExitCode::from(1))
            }
        }
    }
}
