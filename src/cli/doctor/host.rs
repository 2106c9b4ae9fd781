//! Checks of the host: open files, and permissions of the gateway's files.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rustix::process::{Resource, getrlimit};

use super::{Config, DoctorCheck};
use crate::store::Db;

/// Files besides connections: the database, its log, listeners, children, deliveries.
const OTHER_FILES: u64 = 256;

/// Whether the limit of open files covers every connection.
pub(super) fn open_files(config: &Config) -> DoctorCheck {
    let name = "open files";
    let needed = config.limits.connections as u64 + OTHER_FILES;
    match getrlimit(Resource::Nofile).current {
        Some(most) if most < needed => {
            let detail = format!("the process may open {most}, and limits.connections asks for {needed}");
            DoctorCheck::warning(
                name,
                detail,
                format!("raise it (LimitNOFILE={needed} in the unit, or ulimit -n {needed})"),
            )
        }
        Some(most) => DoctorCheck::ok(name, format!("the process may open {most}")),
        None => DoctorCheck::ok(name, "the process may open as many as it likes"),
    }
}

/// Whether other users of the machine can read the gateway's files.
pub(super) fn permissions(config: &Config, file: Option<&Path>) -> DoctorCheck {
    let database = Db::file(config.database.url.expose()).ok().flatten();
    let secrets = file.filter(|file| std::fs::read_to_string(file).is_ok_and(|text| has_secrets(&text)));
    let open: Vec<_> =
        database.iter().map(std::path::PathBuf::as_path).chain(secrets).filter(|file| is_open(file)).collect();
    let name = "permissions";
    if open.is_empty() {
        return DoctorCheck::ok(name, "only the gateway's user reads the database and the secrets");
    }
    let files = open.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(" ");
    DoctorCheck::warning(name, format!("everybody on this machine may read {files}"), format!("chmod 600 {files}"))
}

fn is_open(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|metadata| metadata.permissions().mode() & 0o007 != 0)
}

/// Whether a configuration file contains secrets.
fn has_secrets(text: &str) -> bool {
    let settings = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let secret = |line: &str| {
        ["masterKey", "previousMasterKey", "clientSecret"].iter().any(|name| line.starts_with(name))
            || (line.starts_with("url") && line.contains('@'))
    };
    settings.into_iter().any(secret)
}
