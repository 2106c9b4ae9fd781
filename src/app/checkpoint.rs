//! Checkpoints: the end of every audit chain at one moment, under a keyed hash, to be stored where no user with write
//! access to the database can change it. A checkpoint detects what a chain cannot: a chain that was erased with its
//! end, and a whole database restored to an earlier copy.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use super::audit::ChainBreak;
use crate::clock::Clock;
use crate::domain::audit::AuditChain;
use crate::seal::IndexKey;
use crate::store::audit;
use crate::store::{self, Db, Tx};

/// The format name of checkpoints.
const VERSION: u8 = 1;

/// The ends of all chains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checkpoint {
    version: u8,
    /// When it was made.
    pub at: Timestamp,
    /// The end of each chain.
    pub chains: Vec<ChainEnd>,
    mac: String,
}

/// The end of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChainEnd {
    /// The chain: an organiser's id, or `operator`.
    pub chain: String,
    /// The number of its last entry.
    pub number: u64,
    /// The hash of that entry.
    pub hash: String,
}

/// Why a text is no checkpoint of this gateway.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// It cannot be read.
    #[error("it is not a checkpoint: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// It was altered, or made by another gateway.
    #[error("it was altered, or belongs to another database or master key")]
    NotOurs,
}

impl Checkpoint {
    /// The present ends of all chains.
    pub async fn read_chain_heads(db: &Db, index: &IndexKey, clock: &dyn Clock) -> Result<Self, store::Error> {
        let tx = &mut db.read().await?;
        let mut chains = Vec::new();
        for chain in audit::chains(tx).await? {
            let head = audit::head(tx, chain).await?.unwrap_or_default();
            chains.push(ChainEnd { chain: chain.name(), number: head.number, hash: head.hash });
        }
        let (at, version) = (clock.now(), VERSION);
        let mac = mac_of(index, at, &chains);
        Ok(Self { version, at, chains, mac })
    }

    /// Parses a checkpoint of this gateway.
    pub fn read(text: &str, index: &IndexKey) -> Result<Self, CheckpointError> {
        let found: Self = serde_json::from_str(text)?;
        let mac = mac_of(index, found.at, &found.chains);
        let ours = found.version == VERSION && bool::from(found.mac.as_bytes().ct_eq(mac.as_bytes()));
        if ours { Ok(found) } else { Err(CheckpointError::NotOurs) }
    }

    /// As a text.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).expect("a checkpoint is a document")
    }

    /// The chains that lack the entries of the checkpoint. Whether the chains are otherwise unbroken is verified
    /// elsewhere.
    pub async fn compare(&self, db: &Db) -> Result<Vec<(String, ChainBreak)>, store::Error> {
        let tx = &mut db.read().await?;
        let mut broken = Vec::new();
        for end in &self.chains {
            if let Some(fault) = end.compare(tx).await? {
                broken.push((end.chain.clone(), fault));
            }
        }
        Ok(broken)
    }
}

impl ChainEnd {
    async fn compare(&self, tx: &mut Tx) -> Result<Option<ChainBreak>, store::Error> {
        if self.number == 0 {
            return Ok(None);
        }
        let Ok(chain) = self.chain.parse::<AuditChain>() else { return Ok(Some(ChainBreak::NoOrganiser)) };
        let found =
            audit::after(tx, chain, self.number - 1, 1).await?.into_iter().find(|link| link.number == self.number);
        Ok(match found {
            None => Some(ChainBreak::BehindCheckpoint(self.number)),
            Some(link) if link.hash != self.hash => Some(ChainBreak::NotOfCheckpoint(self.number)),
            Some(_) => None,
        })
    }
}

fn mac_of(index: &IndexKey, at: Timestamp, chains: &[ChainEnd]) -> String {
    let numbers: Vec<_> = chains.iter().map(|end| end.number.to_string()).collect();
    let at = at.to_string();
    let mut parts = vec![at.as_bytes()];
    for (end, number) in chains.iter().zip(&numbers) {
        parts.extend([end.chain.as_bytes(), number.as_bytes(), end.hash.as_bytes()]);
    }
    index.hash("audit checkpoint", &parts)
}
