//! `passerelle verify-receipt`: the check of a receipt, without the gateway that made it.

use std::path::PathBuf;
use std::process::ExitCode;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde::Deserialize;

use super::{CliError, WithConfig, print_line};
use crate::app::claims::{ReceiptFault, TrustedKey, trusted_keys, verify};
use crate::domain::key::Deployment;
use crate::domain::period::Period;
use crate::seal::PublicReceiptKey;
use crate::store::Db;

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
    /// The public keys, as a JSON Web Key Set.
    #[arg(long, value_name = "FILE")]
    jwks: Option<PathBuf>,
    #[command(flatten)]
    config: WithConfig,
}

/// A JSON Web Key Set.
#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Key>,
}

/// A key of a set; others than Ed25519 are passed over.
#[derive(Deserialize)]
struct Key {
    #[serde(default)]
    crv: String,
    #[serde(default)]
    x: String,
}

/// What to do without keys.
const KEYS_MISSING: &str = "there are no public keys to check the receipt with: give those of the gateway that made it. \
    Save its /.well-known/jwks.json (curl -o jwks.json https://GATEWAY/.well-known/jwks.json), then add --jwks jwks.json. \
    On a gateway of one's own, --config gives its database:";

impl VerifyReceipt {
    /// The keys of the database of the configuration, which is not made where there is none.
    async fn keys_of_database(&self) -> Result<Vec<TrustedKey>, CliError> {
        let config = self.config.load()?;
        let url = config.database.url.expose();
        if let Some(file) = Db::file(url)?.filter(|file| !file.exists()) {
            return Err(format!("there is no database at {}", file.display()).into());
        }
        Ok(trusted_keys(&Db::connect(url).await?).await?)
    }

    pub(super) async fn run(self) -> Result<ExitCode, CliError> {
        let read = |path: &PathBuf| std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
        let receipt = read(&self.receipt)?;
        let keys = match &self.jwks {
            Some(path) => of_set(&read(path)?).map_err(|error| format!("{}: {error}", path.display()))?,
            None => self.keys_of_database().await.map_err(|why| format!("{KEYS_MISSING}\n{why}"))?,
        };
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

/// The Ed25519 keys of a set. Their ids are computed, not believed.
fn of_set(text: &[u8]) -> Result<Vec<TrustedKey>, CliError> {
    let KeySet { keys } = serde_json::from_slice(text)?;
    let trusted = |key: Key| {
        let key = PublicReceiptKey(BASE64_URL_SAFE_NO_PAD.decode(key.x)?);
        Ok(TrustedKey { id: key.id(), key })
    };
    keys.into_iter().filter(|key| key.crv == "Ed25519").map(trusted).collect()
}
