//! `passerelle admin`: what the operator does, one file per noun.
//!
//! Every act is one transaction with its entry in the audit trail, under the name that `--as` gives. Each command says
//! what became of it in a sentence, or with `--json` as one JSON document on standard output.

mod application;
mod audit;
mod creche;
mod desk;
mod key;
mod master_key;
mod organiser;
mod report;
mod words;

use std::process::ExitCode;

use clap::Subcommand;

use self::desk::Desk;
use self::report::Report;
use super::{Failure, WithConfig};

/// Organisers, crèches, applications and keys; the master key, backups and the audit trail.
///
/// Every command acts on the database of the configuration, also while gateways are running. What it changes holds at
/// once; a running gateway refuses a revoked key or a suspended application within three seconds.
///
/// Exit status: 0 done, 1 done and something is wrong (a broken chain, findings in a file), 2 not done.
#[derive(Debug, clap::Args)]
pub(super) struct Admin {
    #[command(flatten)]
    manner: Manner,
    #[command(subcommand)]
    noun: Noun,
}

/// How each command is to act and to answer.
#[derive(Debug, clap::Args)]
pub(super) struct Manner {
    #[command(flatten)]
    config: WithConfig,
    /// Your name in the audit trail.
    #[arg(
        long = "as",
        global = true,
        value_name = "NAME",
        env = "PASSERELLE_OPERATOR",
        default_value = "operator",
        value_parser = words::name
    )]
    operator: String,
    /// Answer with one JSON document on standard output.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Noun {
    /// Organisers (pouvoirs organisateurs): whose data the gateway carries.
    #[command(subcommand)]
    Organiser(organiser::Verb),
    /// Crèches of an organiser, their authorised places and days.
    #[command(subcommand)]
    Creche(creche::Verb),
    /// Applications: the vendors' software that an organiser registered.
    #[command(subcommand)]
    Application(application::Verb),
    /// API keys of applications.
    #[command(subcommand)]
    Key(key::Verb),
    /// The audit trail: who did and who read what.
    #[command(subcommand)]
    Audit(audit::Verb),
    /// Make a master key for security.masterKey and print it, in base64; nothing else is touched.
    GenerateMasterKey,
}

impl Admin {
    pub(super) async fn run(self) -> Result<ExitCode, Failure> {
        let json = self.manner.json;
        Ok(self.noun.run(&self.manner).await?.tell(json))
    }
}

impl Noun {
    async fn run(self, manner: &Manner) -> Result<Report, Failure> {
        match self {
            Self::Organiser(verb) => verb.run(&Desk::open(manner).await?).await,
            Self::Creche(verb) => verb.run(&Desk::open(manner).await?).await,
            Self::Application(verb) => verb.run(&Desk::open(manner).await?).await,
            Self::Key(verb) => verb.run(&Desk::open(manner).await?).await,
            Self::Audit(verb) => verb.run(&Desk::open(manner).await?).await,
            Self::GenerateMasterKey => Ok(master_key::generate()),
        }
    }
}
