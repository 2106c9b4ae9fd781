//! `passerelle verify-certificate`: the check of a certificate, without the gateway that issued it.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::Value;

use super::trusted_keys::TrustedKeys;
use super::{CliError, print_line};
use crate::app::compact_jws;

/// The type in the header of a certificate.
pub(crate) const CERTIFICATE: &str = "passerelle-certificate";

/// Check the certificate of a vendor's software: the key, the signature, and what it says.
///
/// The public keys are those of the file --jwks, as a gateway publishes them at /.well-known/jwks.json; without it, those
/// of the database of the configuration. No network is used.
///
/// Exit status: 0 genuine, 1 not, 2 a file that cannot be read, or no keys.
#[derive(Debug, clap::Args)]
pub(super) struct VerifyCertificate {
    /// The signed text.
    #[arg(value_name = "FILE")]
    certificate: PathBuf,
    #[command(flatten)]
    keys: TrustedKeys,
}

impl VerifyCertificate {
    pub(super) async fn run(self) -> Result<ExitCode, CliError> {
        let path = &self.certificate;
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let keys = self.keys.read().await?;
        let keys: Vec<_> = keys.iter().map(|trusted| &trusted.key).collect();
        match compact_jws::verify(CERTIFICATE, &text, &keys) {
            Ok(content) => {
                print_line(&described(&serde_json::from_slice(&content)?));
                Ok(ExitCode::SUCCESS)
            }
            Err(fault) => {
                print_line(&format!("not genuine: {fault}"));
                Ok(ExitCode::from(1))
            }
        }
    }
}

/// What the certificate says, in a line.
fn described(certified: &Value) -> String {
    let text = |pointer: &str| certified.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let count = certified["cases"].as_array().map_or(0, Vec::len);
    let kind =
        if certified["practice"] == true { " It is a practice certificate: it proves nothing to anybody." } else { "" };
    format!(
        "genuine: {} {} passed {count} cases of the profile {} at {}, by the rules {}; issued by {}.{kind}",
        text("/product/name"),
        text("/product/version"),
        text("/profile"),
        text("/issuedAt"),
        text("/rules"),
        text("/issuer"),
    )
}
