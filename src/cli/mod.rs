//! The command line: every command parses its arguments, calls the application and prints the outcome.

mod admin;
mod api_client;
mod certify;
mod check;
mod checkpoint;
mod doctor;
pub(crate) mod gateway;
mod hardening;
mod health;
mod listen;
mod log_in;
mod logs;
mod memory;
#[cfg(not(feature = "sandbox"))]
mod no_sandbox;
mod serve;
pub(crate) mod stop_signal;
mod trusted_keys;
pub(crate) mod verify_certificate;
mod verify_receipt;
pub(crate) mod webhook_transport;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

#[cfg(not(feature = "sandbox"))]
use self::no_sandbox as sandbox_parts;
use crate::config::Config;
use crate::ingest;
use crate::ingest::workbook::xls;
#[cfg(feature = "sandbox")]
use crate::sandbox::{command as sandbox, mount as sandbox_parts};
use crate::words::Language;

/// Integration gateway between crèche software and the agency.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[cfg(feature = "sandbox")]
    /// Start a sandbox: a whole gateway with an invented world, for vendors to try their software on.
    Sandbox(sandbox::Sandbox),
    /// Start the gateway.
    Serve(WithConfig),
    /// Forward what happens in a sandbox to an address on this machine, signed as webhooks are.
    Listen(listen::Listen),
    /// Show the calls of your software as a gateway logged them, or follow them as they are made.
    Logs(logs::Logs),
    /// Judge documents off-line, with the gateway's own rules.
    Check(check::Check),
    /// Look whether a gateway could run well here: one line for each thing, with the repair where there is one.
    Doctor(doctor::Doctor),
    /// Ask a gateway whether it can serve: the health check of the container image.
    Health(health::Health),
    /// Try your software in the published cases of a sandbox, and earn a certificate.
    Certify(certify::Certify),
    /// Check the certificate of a vendor's software, without the gateway that issued it.
    VerifyCertificate(verify_certificate::VerifyCertificate),
    /// Check the receipt of a signature, without the gateway that made it.
    VerifyReceipt(verify_receipt::VerifyReceipt),
    /// Bring the database to this version's schema.
    Migrate(WithConfig),
    /// Register organisers, crèches, applications and keys; look after the master key, backups and the audit trail.
    Admin(admin::Admin),
    /// Read one legacy workbook from standard input (used by the gateway itself).
    #[command(name = xls::COMMAND, hide = true)]
    ReadXls {
        /// The codes of the workbook models.
        models: Vec<String>,
    },
}

/// The path of the configuration.
#[derive(Debug, clap::Args)]
struct WithConfig {
    /// A file with the settings that differ from the defaults; the environment (`PASSERELLE_…`) wins over it.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl WithConfig {
    fn load(&self) -> Result<Config, CliError> {
        Ok(Config::load(self.config.as_deref())?)
    }
}

/// The language of output that exists in three.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum CliLanguage {
    Fr,
    Nl,
    En,
}

impl From<CliLanguage> for Language {
    fn from(words: CliLanguage) -> Self {
        match words {
            CliLanguage::Fr => Self::Fr,
            CliLanguage::Nl => Self::Nl,
            CliLanguage::En => Self::En,
        }
    }
}

/// Why a command failed: a sentence for the operator.
pub(crate) type CliError = Box<dyn std::error::Error + Send + Sync>;

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    match Cli::parse().command.run() {
        Ok(code) => code,
        Err(failure) => {
            print_error(&failure.to_string());
            ExitCode::from(2)
        }
    }
}

impl Command {
    /// Whether the command serves a gateway until it is stopped.
    const fn is_gateway(&self) -> bool {
        #[cfg(feature = "sandbox")]
        if matches!(self, Self::Sandbox(_)) {
            return true;
        }
        matches!(self, Self::Serve(_))
    }

    fn run(self) -> Result<ExitCode, CliError> {
        if self.is_gateway() {
            memory::use_allocator_settings();
            hardening::hide_memory()?;
        }
        match self {
            #[cfg(feature = "sandbox")]
            Self::Sandbox(sandbox) => block_on(sandbox.run()),
            Self::Serve(with) => block_on(serve::serve(with.load()?)),
            Self::Listen(listen) => block_on(listen.run()),
            Self::Logs(logs) => block_on(logs.run()),
            Self::Check(check) => block_on(check.run()),
            Self::Doctor(doctor) => block_on(doctor.run()),
            Self::Health(health) => block_on(health.run()),
            Self::Certify(certify) => block_on(certify.run()),
            Self::VerifyCertificate(verify) => block_on(verify.run()),
            Self::VerifyReceipt(verify) => block_on(verify.run()),
            Self::Migrate(with) => block_on(serve::migrate(with.load()?)),
            Self::Admin(admin) => block_on(admin.run()),
            Self::ReadXls { models } => {
                xls::run_child(
                    &models,
                    &ingest::models(),
                    &mut std::io::stdin().lock(),
                    &mut std::io::stdout().lock(),
                )?;
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

fn block_on(work: impl Future<Output = Result<ExitCode, CliError>>) -> Result<ExitCode, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(work);
    // Blocking work cannot be cancelled: it is waited for a moment, and then ends with the process.
    runtime.shutdown_timeout(BLOCKING_TIMEOUT);
    ended
}

/// How long blocking work is waited for at the end.
const BLOCKING_TIMEOUT: Duration = Duration::from_secs(1);

/// Prints a line to standard output; an error, such as a closed pipe, is ignored.
pub(crate) fn print_line(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Prints a line to standard error.
#[expect(clippy::print_stderr, reason = "the command's own complaint")]
fn print_error(line: &str) {
    eprintln!("passerelle: {line}");
}
