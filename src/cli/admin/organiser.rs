//! `passerelle admin organiser`.

use clap::Subcommand;
use jiff::Timestamp;
use serde::Serialize;

use super::application::ApplicationBody;
use super::context::AdminContext;
use super::creche::CrecheBody;
use super::report::CommandReport;
use super::value_parsers;
use crate::app::organisers;
use crate::cli::CliError;
use crate::domain::enterprise::EnterpriseNumber;
use crate::ids::OrganiserId;
use crate::store::organisers::Organiser;

#[derive(Debug, Subcommand)]
pub(super) enum OrganiserCommand {
    /// Register an organiser. Its id is printed: the other commands ask for it.
    Add {
        /// Its legal name.
        #[arg(value_parser = value_parsers::name)]
        legal_name: String,
        /// Its enterprise number (numéro BCE), ten digits, dots allowed; the check digits are checked.
        #[arg(long, value_name = "NUMBER")]
        enterprise_number: Option<EnterpriseNumber>,
    },
    /// List every organiser, the oldest first.
    List,
    /// Show an organiser with its crèches and applications.
    Show {
        /// The organiser's id.
        #[arg(value_name = "ID")]
        organiser: OrganiserId,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrganiserBody {
    id: OrganiserId,
    legal_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    enterprise_number: Option<EnterpriseNumber>,
    created_at: Timestamp,
}

#[derive(Serialize)]
struct WholeBody {
    #[serde(flatten)]
    organiser: OrganiserBody,
    creches: Vec<CrecheBody>,
    applications: Vec<ApplicationBody>,
}

impl From<Organiser> for OrganiserBody {
    fn from(organiser: Organiser) -> Self {
        let Organiser { id, legal_name, enterprise_number, created_at, .. } = organiser;
        Self { id, legal_name, enterprise_number, created_at }
    }
}

impl OrganiserBody {
    fn number(&self) -> String {
        self.enterprise_number.map_or_else(|| "-".to_owned(), |number| number.to_string())
    }
}

impl OrganiserCommand {
    pub(super) async fn run(self, admin: &AdminContext) -> Result<CommandReport, CliError> {
        match self {
            Self::Add { legal_name, enterprise_number } => {
                let registered = organisers::register(admin.act(), &legal_name, enterprise_number).await?;
                let line = format!("Registered organiser {} ({}).", registered.id, registered.legal_name);
                Ok(CommandReport::new(&OrganiserBody::from(registered), line))
            }
            Self::List => {
                let organisers = organisers::list(&admin.app.db).await?;
                let bodies: Vec<_> = organisers.into_iter().map(OrganiserBody::from).collect();
                let row = |body: &OrganiserBody| [body.id.to_string(), body.number(), body.legal_name.clone()];
                Ok(CommandReport::list(&bodies, ["ID", "ENTERPRISE", "LEGAL NAME"], row, "There is no organiser yet."))
            }
            Self::Show { organiser } => show(admin, organiser).await,
        }
    }
}

async fn show(admin: &AdminContext, id: OrganiserId) -> Result<CommandReport, CliError> {
    let whole = organisers::show(&admin.app.db, id).await?;
    let applications = whole.applications.into_iter();
    let body = WholeBody {
        organiser: whole.organiser.into(),
        creches: whole
            .creches
            .iter()
            .map(|creche| CrecheBody::new(creche, admin.app.clocks.machine().today()))
            .collect(),
        applications: applications
            .map(|application| ApplicationBody::new(application, admin.app.clocks.machine().now()))
            .collect(),
    };
    let organiser = &body.organiser;
    let line = format!("{} ({}), enterprise number {}", organiser.legal_name, organiser.id, organiser.number());
    let mut report = CommandReport::new(&body, line);
    for creche in &body.creches {
        report = report.line(format!("  crèche       {}", creche.sentence()));
    }
    for application in &body.applications {
        report = report.line(format!("  application  {}", application.sentence()));
    }
    Ok(report)
}
