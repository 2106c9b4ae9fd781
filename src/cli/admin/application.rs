//! `passerelle admin application`.

use clap::Subcommand;
use jiff::Timestamp;
use serde::Serialize;

use super::desk::Desk;
use super::report::Report;
use super::words;
use crate::app::{applications, organisers};
use crate::cli::Failure;
use crate::ids::{ApplicationId, OrganiserId};
use crate::store::applications::Application;

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Register an application. It can do nothing until a key is issued to it: `admin key issue`.
    Add {
        /// The organiser's id.
        #[arg(long, value_name = "ID")]
        organiser: OrganiserId,
        /// The software's name.
        #[arg(value_parser = words::name)]
        name: String,
        /// The company behind it.
        #[arg(long, value_parser = words::name)]
        vendor: String,
    },
    /// List the applications of an organiser, the oldest first.
    List {
        /// The organiser's id.
        #[arg(long, value_name = "ID")]
        organiser: OrganiserId,
    },
    /// Refuse all keys of an application until it is resumed; running gateways do so within three seconds.
    Suspend(One),
    /// Admit the keys of a suspended application again.
    Resume(One),
}

/// Which application.
#[derive(Debug, clap::Args)]
pub(super) struct One {
    /// The organiser's id.
    #[arg(long, value_name = "ID")]
    organiser: OrganiserId,
    /// The application's id.
    #[arg(value_name = "ID")]
    application: ApplicationId,
}

/// An application as programs read it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ApplicationBody {
    id: ApplicationId,
    name: String,
    vendor: String,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    suspended_at: Option<Timestamp>,
}

impl From<Application> for ApplicationBody {
    fn from(application: Application) -> Self {
        let Application { id, name, vendor, created_at, suspended_at } = application;
        Self { id, name, vendor, created_at, suspended_at }
    }
}

impl ApplicationBody {
    fn state(&self) -> String {
        self.suspended_at.map_or_else(|| "in use".to_owned(), |at| format!("suspended since {at}"))
    }

    pub(super) fn sentence(&self) -> String {
        format!("{} ({}, {}, {})", self.id, self.name, self.vendor, self.state())
    }
}

impl Verb {
    pub(super) async fn run(self, desk: &Desk) -> Result<Report, Failure> {
        match self {
            Self::Add { organiser, name, vendor } => {
                let new = applications::register(desk.act(), organiser, &name, &vendor).await?;
                let body = ApplicationBody::from(new);
                let line = format!("Registered application {}.", body.sentence());
                Ok(Report::new(&body, line))
            }
            Self::List { organiser } => {
                let known = organisers::show(&desk.app.db, organiser).await?.applications;
                let bodies: Vec<_> = known.into_iter().map(ApplicationBody::from).collect();
                let row = |body: &ApplicationBody| {
                    [body.id.to_string(), body.state(), body.vendor.clone(), body.name.clone()]
                };
                let none = "The organiser has no application yet.";
                Ok(Report::list(&bodies, ["ID", "STATE", "VENDOR", "NAME"], row, none))
            }
            Self::Suspend(one) => one.set_suspended(desk, true).await,
            Self::Resume(one) => one.set_suspended(desk, false).await,
        }
    }
}

impl One {
    async fn set_suspended(self, desk: &Desk, suspended: bool) -> Result<Report, Failure> {
        let done =
            applications::set_suspended(&desk.app, &desk.actor, self.organiser, self.application, suspended).await?;
        let (application, changed) = done;
        let body = ApplicationBody::from(application);
        let line = match (changed, suspended) {
            (false, _) => format!("Nothing to do: application {}.", body.sentence()),
            (true, true) => format!("Suspended application {}.", body.sentence()),
            (true, false) => format!("Resumed application {}.", body.sentence()),
        };
        Ok(Report::new(&body, line))
    }
}
