//! The checks whose duration grows with the database: every chain, every row with an authentication code, the file itself.

use super::{Config, DoctorCheck};
use crate::app::checkpoint::Checkpoint;
use crate::app::unsealing_check;
use crate::app::{audit, integrity};
use crate::cli::gateway;
use crate::store::{self, Db};
use crate::vault::Vault;

/// How many findings of one kind are listed individually.
const MOST: usize = 20;

/// Runs all deep checks. The database must be migrated, and its keys must open.
pub(super) async fn run_deep_checks(config: &Config, db: &Db) -> Vec<DoctorCheck> {
    match run_all(config, db).await {
        Ok(checks) => checks,
        Err(failure) => vec![DoctorCheck::error("audit trail", failure.to_string(), "see the database")],
    }
}

async fn run_all(config: &Config, db: &Db) -> Result<Vec<DoctorCheck>, crate::cli::CliError> {
    let vault = Vault::open(db, gateway::master_keys(config)?).await?;
    db.authenticate_rows(&vault.row_key());
    let mut checks = chains(db, &vault).await?;
    checks.extend(checkpoint(config, db, &vault).await?);
    checks.extend(rows(db, &vault).await?);
    checks.extend(documents(db, &vault).await?);
    checks.extend(file(db).await);
    Ok(checks)
}

/// What to do about what somebody else wrote.
const REPAIR: &str = "somebody else wrote to the database: see docs/operations.md, “When something was forged”";

async fn chains(db: &Db, vault: &Vault) -> Result<Vec<DoctorCheck>, store::Error> {
    let name = "audit trail";
    let verdicts = audit::verify_all(db, vault.index_key()).await?;
    let count = verdicts.len();
    let broken = verdicts.into_iter().filter_map(|(chain, verdict)| Some((chain, verdict.err()?)));
    let broken =
        broken.map(|(chain, fault)| DoctorCheck::error(name, format!("chain {}: {fault}", chain.name()), REPAIR));
    Ok(errors_or_success(broken.collect(), || DoctorCheck::ok(name, format!("all {count} chain(s) are intact"))))
}

async fn checkpoint(config: &Config, db: &Db, vault: &Vault) -> Result<Vec<DoctorCheck>, store::Error> {
    let name = "checkpoint";
    let advice = "set audit.checkpointFile to a file that the database's users cannot write";
    let Some(file) = &config.audit.checkpoint_file else {
        return Ok(vec![DoctorCheck::warning(
            name,
            "none is configured: an earlier copy put back goes unnoticed",
            advice,
        )]);
    };
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => {
            return Ok(vec![DoctorCheck::warning(
                name,
                format!("{}: {error}", file.display()),
                "a running gateway writes it",
            )]);
        }
    };
    let checkpoint = match Checkpoint::read(&text, vault.index_key()) {
        Ok(checkpoint) => checkpoint,
        Err(error) => return Ok(vec![DoctorCheck::error(name, format!("{}: {error}", file.display()), REPAIR)]),
    };
    let broken = checkpoint.compare(db).await?.into_iter();
    let broken = broken.map(|(chain, fault)| DoctorCheck::error(name, format!("chain {chain}: {fault}"), REPAIR));
    Ok(errors_or_success(broken.collect(), || {
        DoctorCheck::ok(name, format!("the audit trail has all that it had at {:.0}", checkpoint.at))
    }))
}

async fn rows(db: &Db, vault: &Vault) -> Result<Vec<DoctorCheck>, store::Error> {
    let name = "rows";
    let examined = integrity::verify_rows(db, vault.index_key()).await?;
    let findings = examined.findings.into_iter();
    let errors = findings.map(|finding| {
        let integrity::IntegrityFinding { chain, row, forgery } = finding;
        DoctorCheck::error(name, format!("{row} of {chain} {forgery}"), REPAIR)
    });
    let rows = examined.rows;
    Ok(errors_or_success(errors.collect(), || {
        DoctorCheck::ok(name, format!("all {rows} row(s) are as the gateway wrote them"))
    }))
}

async fn documents(db: &Db, vault: &Vault) -> Result<Vec<DoctorCheck>, crate::cli::CliError> {
    let name = "documents";
    let opened = unsealing_check::check_unsealing(db, vault).await?;
    let broken = opened.broken.into_iter();
    let broken = broken.map(|place| DoctorCheck::error(name, format!("{place} does not open at its place"), REPAIR));
    let documents = opened.documents;
    Ok(errors_or_success(broken.collect(), || {
        DoctorCheck::ok(name, format!("all {documents} kept document(s) open at their places"))
    }))
}

async fn file(db: &Db) -> Option<DoctorCheck> {
    let name = "file";
    Some(match db.quick_check().await? {
        Ok(faults) if faults.is_empty() => DoctorCheck::ok(name, "the database file is sound"),
        Ok(faults) => DoctorCheck::error(name, faults.join("; "), "restore a backup"),
        Err(error) => DoctorCheck::error(name, error.to_string(), "restore a backup"),
    })
}

/// The errors, up to a limit; when there is none, the success.
fn errors_or_success(mut errors: Vec<DoctorCheck>, fine: impl FnOnce() -> DoctorCheck) -> Vec<DoctorCheck> {
    let more = errors.len().saturating_sub(MOST);
    errors.truncate(MOST);
    match (errors.first(), more) {
        (None, _) => return vec![fine()],
        (Some(_), 0) => {}
        (Some(first), _) => {
            let further = DoctorCheck::error(first.name, format!("and {more} more"), REPAIR);
            errors.push(further);
        }
    }
    errors
}
