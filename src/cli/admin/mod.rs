//! `passerelle admin`: the commands of the operator, one file per noun.
//!
//! Every act is one transaction with its entry in the audit trail, under the name that `--as` gives. Each command prints
//! its outcome as a sentence, or with `--json` as one JSON document on standard output.

mod agency_key;
mod agent;
mod application;
mod audit;
mod backup;
#[cfg(feature = "sandbox")]
mod certificate;
mod closure;
mod context;
mod creche;
mod key;
mod listing;
mod master_key;
mod organiser;
mod receipt_key;
mod registry;
mod report;
mod retention;
mod ssin;
mod user;
mod value_parsers;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use self::context::AdminContext;
use self::report::CommandReport;
use super::{CliError, WithConfig};

/// Organisers, crèches, users, agents, applications and keys; the master key, backups and the audit trail.
///
/// Every command acts on the database of the configuration, also while gateways are running. What it changes holds at
/// once; a running gateway refuses a revoked key or a suspended application within three seconds.
///
/// Exit status: 0 done, 1 done and something is wrong (a broken chain, findings in a file), 2 not done.
#[derive(Debug, clap::Args)]
pub(super) struct Admin {
    #[command(flatten)]
    args: GlobalArgs,
    #[command(subcommand)]
    noun: AdminCommand,
}

/// The arguments of all commands.
#[derive(Debug, clap::Args)]
pub(super) struct GlobalArgs {
    #[command(flatten)]
    config: WithConfig,
    /// Your name in the audit trail.
    #[arg(
        long = "as",
        global = true,
        value_name = "NAME",
        env = "PASSERELLE_OPERATOR",
        default_value = "operator",
        value_parser = value_parsers::name
    )]
    operator: String,
    /// Answer with one JSON document on standard output.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum AdminCommand {
    #[command(flatten)]
    AtDesk(AdminFuture),
    /// Put a backup back as the database of the configuration. Stop every gateway first.
    ///
    /// The backup must be whole, of this version or an earlier one, and open with security.masterKey (or the previous
    /// one). What was recorded after it was made is not in it; events given out since then will be given out anew.
    Restore(backup::BackupSource),
    /// The public list of software that was certified in this sandbox.
    #[cfg(feature = "sandbox")]
    #[command(subcommand)]
    Certificate(certificate::CertificateCommand),
    /// Make a master key for security.masterKey and print it, in base64; nothing else is touched.
    GenerateMasterKey,
}

/// Commands that need the open database.
#[derive(Debug, Subcommand)]
enum AdminFuture {
    /// Bring in organisers, their crèches and first administrators from one file: all of it, or nothing.
    #[command(long_about = registry::IMPORT)]
    Import(registry::ImportArgs),
    /// Organisers (pouvoirs organisateurs), the tenants of the gateway.
    #[command(subcommand)]
    Organiser(organiser::OrganiserCommand),
    /// Crèches of an organiser, their authorised places and days.
    #[command(subcommand)]
    Creche(creche::CrecheCommand),
    /// Users of an organiser; here its first administrators are added.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Agents of the agency, who may look at every organiser.
    #[command(subcommand)]
    Agent(agent::AgentCommand),
    /// Keys of the agency's own software, for the operations below /agency.
    #[command(subcommand)]
    AgencyKey(agency_key::AgencyKeyCommand),
    /// Applications: the vendors' software that an organiser registered.
    #[command(subcommand)]
    Application(application::ApplicationCommand),
    /// API keys of applications.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Closures of crèches.
    #[command(subcommand)]
    Closure(closure::ClosureCommand),
    /// The audit trail: who did and who read what.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Remove what is past its period: statements with all their revisions, verdicts, keys that have ended.
    ///
    /// The periods are retention.statementYears, retention.staffYears and retention.technicalMonths. Every gateway does this by itself when it
    /// starts and once a day. Audit entries and events are kept; what was removed is recorded in the chain of each
    /// organiser, in counts.
    Purge {
        /// Only count what would be removed.
        #[arg(long)]
        dry_run: bool,
    },
    /// Wrap every data key with security.masterKey instead of security.previousMasterKey.
    ///
    /// To rotate: make a new key, put it in security.masterKey and the old one in security.previousMasterKey, restart
    /// every gateway with both, run this, then take the old one away. It may be run again at any time; gateways keep
    /// running, and no sealed data is touched.
    RotateMasterKey,
    /// Make a new key for the receipts of signatures. What the former ones signed stays valid: all of them are published.
    RotateReceiptKey,
    /// Copy the embedded database to FILE while gateways use it.
    ///
    /// The copy is complete up to this moment, checked, and readable by you alone. Nothing is overwritten. PostgreSQL
    /// is backed up with its own tools.
    Backup {
        /// Where to; nothing may be there yet.
        file: PathBuf,
    },
}

impl Admin {
    pub(super) async fn run(self) -> Result<ExitCode, CliError> {
        let json = self.args.json;
        Ok(self.noun.run(&self.args).await?.print(json))
    }
}

impl AdminCommand {
    async fn run(self, args: &GlobalArgs) -> Result<CommandReport, CliError> {
        match self {
            #[cfg(feature = "sandbox")]
            Self::Certificate(verb) => verb.run(args),
            Self::GenerateMasterKey => Ok(master_key::generate()),
            Self::Restore(source) => backup::restore(args, &source).await,
            Self::AtDesk(noun) => {
                let admin = AdminContext::open(args).await?;
                let report = noun.run(&admin).await;
                // Closes the pools in order, so that an SQLite file has no write-ahead log left beside it.
                admin.app.db.close().await;
                report
            }
        }
    }
}

impl AdminFuture {
    async fn run(self, admin: &AdminContext) -> Result<CommandReport, CliError> {
        match self {
            Self::Import(import) => registry::import(admin, import).await,
            Self::Organiser(verb) => verb.run(admin).await,
            Self::Creche(verb) => verb.run(admin).await,
            Self::User(verb) => verb.run(admin).await,
            Self::Agent(verb) => verb.run(admin).await,
            Self::AgencyKey(verb) => verb.run(admin).await,
            Self::Application(verb) => verb.run(admin).await,
            Self::Key(verb) => verb.run(admin).await,
            Self::Closure(verb) => verb.run(admin).await,
            Self::Audit(verb) => verb.run(admin).await,
            Self::Purge { dry_run } => retention::purge(admin, dry_run).await,
            Self::RotateMasterKey => master_key::rotate(admin).await,
            Self::RotateReceiptKey => receipt_key::rotate(admin).await,
            Self::Backup { file } => backup::create(admin, &file).await,
        }
    }
}
