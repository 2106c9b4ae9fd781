//! The public keys that the commands check signatures with: of a file, or of the database of the configuration.

use std::path::PathBuf;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde::Deserialize;

use super::{CliError, WithConfig};
use crate::app::claims::{TrustedKey, trusted_keys};
use crate::seal::PublicReceiptKey;
use crate::store::Db;

/// Where the public keys are.
#[derive(Debug, clap::Args)]
pub(super) struct TrustedKeys {
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
const KEYS_MISSING: &str = "there are no public keys to check the signature with: give those of the gateway that made it. \
    Save its /.well-known/jwks.json (curl -o jwks.json https://GATEWAY/.well-known/jwks.json), then add --jwks jwks.json. \
    On a gateway of one's own, --config gives its database:";

impl TrustedKeys {
    /// Reads the keys.
    ///
    /// # Errors
    /// When the file cannot be read, or there is neither a file nor a database.
    pub(super) async fn read(&self) -> Result<Vec<TrustedKey>, CliError> {
        match &self.jwks {
            Some(path) => {
                let text = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
                of_set(&text).map_err(|error| format!("{}: {error}", path.display()).into())
            }
            None => self.of_database().await.map_err(|why| format!("{KEYS_MISSING}\n{why}").into()),
        }
    }

    /// The keys of the database of the configuration, which is not made where there is none.
    async fn of_database(&self) -> Result<Vec<TrustedKey>, CliError> {
        let config = self.config.load()?;
        let url = config.database.url.expose();
        if let Some(file) = Db::file(url)?.filter(|file| !file.exists()) {
            return Err(format!("there is no database at {}", file.display()).into());
        }
        Ok(trusted_keys(&Db::connect(url).await?).await?)
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
