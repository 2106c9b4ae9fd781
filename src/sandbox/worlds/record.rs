//! The directory of a world, and what is stored there beside its database.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::content::{Shape, WorldContent};
use crate::ids::WorldId;
use crate::seal::MasterKey;

/// What a world is, beside its database.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct WorldRecord {
    pub(super) id: WorldId,
    /// The SHA-256 of the secret that opens it, in hexadecimal.
    pub(super) secret_hash: String,
    pub(super) shape: Shape,
    /// What its content is repeatable by.
    pub(super) seed: u32,
    /// The day on which it begins.
    pub(super) start_date: Date,
    /// When it was made, in machine time.
    pub(super) created_at: Timestamp,
    /// When it is deleted, in machine time.
    pub(super) expires_at: Timestamp,
    /// The key of the agency's software, once it was issued. It opens nothing but this invented world.
    pub(super) agency_key: Option<String>,
}

impl WorldRecord {
    /// What the world begins with.
    pub(super) fn content(&self) -> WorldContent {
        WorldContent::new(self.shape, self.seed, self.start_date)
    }
}

/// The directory of a world.
#[derive(Debug, Clone)]
pub(super) struct WorldDirectory(PathBuf);

impl WorldDirectory {
    pub(super) const fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Makes the directory, for its owner only.
    pub(super) fn create(path: PathBuf) -> std::io::Result<Self> {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&path)?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// The database.
    pub(super) fn database(&self) -> PathBuf {
        self.0.join("passerelle.db")
    }

    /// The database as it was when the world began.
    pub(super) fn beginning(&self) -> PathBuf {
        self.0.join("beginning.db")
    }

    /// How far its clock is from that of the machine.
    pub(super) fn clock(&self) -> PathBuf {
        self.0.join("clock.json")
    }

    /// What its simulated agency does.
    pub(super) fn agency(&self) -> PathBuf {
        self.0.join("agency.json")
    }

    /// How far the certification of software is.
    pub(super) fn certification(&self) -> PathBuf {
        self.0.join("certification.json")
    }

    fn record(&self) -> PathBuf {
        self.0.join("world.json")
    }

    pub(super) fn read_record(&self) -> std::io::Result<WorldRecord> {
        Ok(serde_json::from_slice(&std::fs::read(self.record())?)?)
    }

    pub(super) fn write_record(&self, record: &WorldRecord) -> std::io::Result<()> {
        self.write(&self.record(), &serde_json::to_vec(record)?)
    }

    /// Writes a file atomically, readable by its owner only.
    pub(super) fn write(&self, file: &Path, bytes: &[u8]) -> std::io::Result<()> {
        let mut new = NamedTempFile::new_in(&self.0)?;
        new.write_all(bytes)?;
        new.as_file().sync_all()?;
        new.persist(file)?;
        Ok(())
    }

    fn master_key_file(&self) -> PathBuf {
        self.0.join("master.key")
    }

    /// Makes the key that seals the data of the world.
    pub(super) fn make_master_key(&self) -> std::io::Result<()> {
        let path = self.master_key_file();
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        writeln!(file, "{}", MasterKey::generate().expose())?;
        file.sync_all()
    }

    /// The key that seals the data of the world.
    pub(super) fn master_key(&self) -> std::io::Result<MasterKey> {
        MasterKey::parse(&std::fs::read_to_string(self.master_key_file())?).map_err(std::io::Error::other)
    }

    /// The files of the world: their names and their sizes in bytes.
    pub(super) fn files(&self) -> std::io::Result<Vec<(String, u64)>> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&self.0)? {
            let entry = entry?;
            // A file may be removed meanwhile: the log of the database, when it is closed.
            let Ok(metadata) = entry.metadata() else { continue };
            files.push((entry.file_name().to_string_lossy().into_owned(), metadata.len()));
        }
        Ok(files)
    }

    /// How many bytes the world takes.
    pub(super) fn bytes(&self) -> u64 {
        self.files().map_or(0, |files| files.iter().map(|(_, bytes)| bytes).sum())
    }
}
