//! `passerelle admin agent`.

use clap::Subcommand;
use serde::Serialize;

use super::context::AdminContext;
use super::report::CommandReport;
use super::{ssin, value_parsers};
use crate::app::agents;
use crate::cli::CliError;
use crate::domain::ssin::Ssin;

#[derive(Debug, Subcommand)]
pub(super) enum AgentCommand {
    /// Let an agent of the agency look at every organiser. The national number is read from standard input.
    Add {
        /// What the agent is called: a matricule, not a name.
        #[arg(value_parser = value_parsers::name)]
        matricule: String,
    },
    /// List the agents.
    List,
    /// Take the role back; the agent is logged out at once.
    Remove {
        /// The agent's matricule.
        #[arg(value_parser = value_parsers::name)]
        matricule: String,
    },
}

/// An agent, as JSON output.
#[derive(Serialize)]
struct AgentBody {
    matricule: String,
}

impl AgentCommand {
    pub(super) async fn run(self, admin: &AdminContext) -> Result<CommandReport, CliError> {
        match self {
            Self::Add { matricule } => {
                agents::add(admin.act(), &Ssin::parse(&ssin::read()?)?, &matricule).await?;
                let line = format!("Agent {matricule} can log in.");
                Ok(CommandReport::new(&AgentBody { matricule }, line))
            }
            Self::List => {
                let bodies: Vec<_> =
                    agents::list(&admin.app.db).await?.into_iter().map(|matricule| AgentBody { matricule }).collect();
                let row = |body: &AgentBody| [body.matricule.clone()];
                Ok(CommandReport::list(&bodies, ["MATRICULE"], row, "There is no agent yet."))
            }
            Self::Remove { matricule } => {
                agents::remove(admin.act(), &matricule).await?;
                let line = format!("Agent {matricule} can no longer log in.");
                Ok(CommandReport::new(&AgentBody { matricule }, line))
            }
        }
    }
}
