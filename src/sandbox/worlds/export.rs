//! A world as an archive: unpacked into the directory of worlds of another sandbox, it goes on there.

use std::io::{Cursor, Write as _};

use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::error::WorldError;
use super::open_world::OpenWorld;
use super::world::World;
use crate::cli::CliError;

/// The archive: the database as it is now, and the files beside it.
pub(super) async fn archive(world: &World, open: &OpenWorld) -> Result<Vec<u8>, WorldError> {
    let copies = TempDir::new_in(world.directory().path().parent().unwrap_or(world.directory().path()))?;
    let copy = copies.path().join("passerelle.db");
    open.app.db.backup(&copy).await.map_err(CliError::from)?;
    let mut files = vec![("passerelle.db".to_owned(), std::fs::read(&copy)?)];
    for (name, _) in world.directory().files()? {
        if !name.starts_with("passerelle.db") {
            let bytes = std::fs::read(world.directory().path().join(&name))?;
            files.push((name, bytes));
        }
    }
    let id = world.record.id;
    let packed = tokio::task::spawn_blocking(move || pack(&id.to_string(), &files)).await.map_err(CliError::from)?;
    Ok(packed.map_err(CliError::from)?)
}

fn pack(folder: &str, files: &[(String, Vec<u8>)]) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).unix_permissions(0o600);
    for (name, bytes) in files {
        archive.start_file(format!("{folder}/{name}"), options)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}
