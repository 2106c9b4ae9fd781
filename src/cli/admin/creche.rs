//! `passerelle admin creche`.

use clap::Subcommand;
use jiff::civil::Date;
use serde::Serialize;

use super::context::AdminContext;
use super::report::CommandReport;
use super::value_parsers;
use crate::app::creches::{self, CrecheUpdate, NewCreche};
use crate::cli::CliError;
use crate::domain::creche::{Creche, Places};
use crate::ids::{CrecheId, OrganiserId};

#[derive(Debug, Subcommand)]
pub(super) enum CrecheCommand {
    /// Register a crèche. Its id is printed: vendors' software uses it.
    Add {
        #[command(flatten)]
        of: OrganiserArg,
        /// Its name, as on the authorisation.
        #[arg(value_parser = value_parsers::name)]
        name: String,
        /// The number that ONE gave it.
        #[arg(long, value_name = "NUMBER", value_parser = value_parsers::name)]
        one_number: String,
        /// How many children it is authorised for at once.
        #[arg(long, value_name = "COUNT")]
        places: u32,
        /// First day of its authorisation.
        #[arg(long, value_name = "DATE", value_parser = value_parsers::date)]
        from: Date,
        /// Last day of its authorisation, when that is known.
        #[arg(long, value_name = "DATE", value_parser = value_parsers::date)]
        until: Option<Date>,
        /// It claims no subsidies: no deadline, no claim.
        #[arg(long)]
        unsubsidised: bool,
    },
    /// List the crèches of an organiser, the oldest first.
    List {
        #[command(flatten)]
        of: OrganiserArg,
    },
    /// Show a crèche with its places over time and its closures.
    Show {
        #[command(flatten)]
        one: CrecheArg,
    },
    /// Authorise another number of places from a day on; figures of the days before keep the old one.
    Capacity {
        #[command(flatten)]
        one: CrecheArg,
        /// How many children at once.
        #[arg(long, value_name = "COUNT")]
        places: u32,
        /// First day on which that holds.
        #[arg(long, value_name = "DATE", value_parser = value_parsers::date)]
        from: Date,
    },
    /// Set the days of the authorisation; without --until it runs on.
    Authorise {
        #[command(flatten)]
        one: CrecheArg,
        /// First day of the authorisation.
        #[arg(long, value_name = "DATE", value_parser = value_parsers::date)]
        from: Date,
        /// Last day of the authorisation.
        #[arg(long, value_name = "DATE", value_parser = value_parsers::date)]
        until: Option<Date>,
    },
    /// Give a crèche another name.
    Rename {
        #[command(flatten)]
        one: CrecheArg,
        /// The new name.
        #[arg(value_parser = value_parsers::name)]
        name: String,
    },
}

/// The organiser of the crèches.
#[derive(Debug, clap::Args)]
pub(super) struct OrganiserArg {
    /// The organiser's id.
    #[arg(long, value_name = "ID")]
    organiser: OrganiserId,
}

/// The crèche that a command is about.
#[derive(Debug, clap::Args)]
pub(super) struct CrecheArg {
    #[command(flatten)]
    of: OrganiserArg,
    /// The crèche's id.
    #[arg(value_name = "ID")]
    creche: CrecheId,
}

/// A crèche, as JSON output.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CrecheBody {
    id: CrecheId,
    name: String,
    one_number: String,
    subsidised: bool,
    authorised_from: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorised_until: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capacity: Option<u32>,
    capacity_history: Vec<Places>,
    closures: usize,
}

impl CrecheBody {
    pub(super) fn new(creche: &Creche, today: Date) -> Self {
        Self {
            id: creche.id,
            name: creche.name.clone(),
            one_number: creche.one_number.clone(),
            subsidised: creche.subsidised,
            authorised_from: creche.authorised_from,
            authorised_until: creche.authorised_until,
            capacity: creche.capacity.on(today),
            capacity_history: creche.capacity.history().to_vec(),
            closures: creche.calendar.closures().len(),
        }
    }

    fn authorised(&self) -> String {
        let until = self.authorised_until.map(|until| format!(" to {until}")).unwrap_or_default();
        format!("from {}{until}", self.authorised_from)
    }

    fn places(&self) -> String {
        self.capacity.map_or_else(|| "-".to_owned(), |places| places.to_string())
    }

    pub(super) fn sentence(&self) -> String {
        let Self { id, name, one_number, .. } = self;
        let places = self.places();
        format!("{id} ({name}, ONE {one_number}, {places} place(s) today, authorised {})", self.authorised())
    }
}

impl CrecheCommand {
    pub(super) async fn run(self, admin: &AdminContext) -> Result<CommandReport, CliError> {
        match self {
            Self::Add { of, name, one_number, places, from, until, unsubsidised } => {
                let authorised = (from, until);
                let capacity = vec![Places { from, places }];
                let new = NewCreche { name, one_number, subsidised: !unsubsidised, authorised, capacity };
                let creche = creches::register(admin.act(), of.organiser, new).await?;
                Ok(change_report(admin, "Registered crèche", &creche))
            }
            Self::List { of } => {
                let creches = creches::list_all(&admin.app.db, of.organiser).await?;
                Ok(list(&creches, admin.app.clocks.machine().today()))
            }
            Self::Show { one } => {
                let creche = creches::show(&admin.app.db, one.of.organiser, one.creche).await?;
                Ok(creche_report(&creche, admin.app.clocks.machine().today()))
            }
            Self::Capacity { one, places, from } => {
                one.change(admin, CrecheUpdate::Places(Places { from, places })).await
            }
            Self::Authorise { one, from, until } => one.change(admin, CrecheUpdate::Authorised(from, until)).await,
            Self::Rename { one, name } => one.change(admin, CrecheUpdate::Name(name)).await,
        }
    }
}

impl CrecheArg {
    async fn change(self, admin: &AdminContext, change: CrecheUpdate) -> Result<CommandReport, CliError> {
        let changed = creches::change(admin.act(), self.of.organiser, self.creche, &change).await?;
        Ok(change_report(admin, "Changed crèche", &changed))
    }
}

fn change_report(admin: &AdminContext, done: &str, creche: &Creche) -> CommandReport {
    let body = CrecheBody::new(creche, admin.app.clocks.machine().today());
    let line = format!("{done} {}.", body.sentence());
    CommandReport::new(&body, line)
}

fn list(creches: &[Creche], today: Date) -> CommandReport {
    let bodies: Vec<_> = creches.iter().map(|creche| CrecheBody::new(creche, today)).collect();
    let row = |body: &CrecheBody| {
        [body.id.to_string(), body.one_number.clone(), body.places(), body.authorised(), body.name.clone()]
    };
    let headings = ["ID", "ONE NUMBER", "PLACES", "AUTHORISED", "NAME"];
    CommandReport::list(&bodies, headings, row, "The organiser has no crèche yet.")
}

fn creche_report(creche: &Creche, today: Date) -> CommandReport {
    let body = CrecheBody::new(creche, today);
    let mut report = CommandReport::new(&body, body.sentence());
    for Places { from, places } in creche.capacity.history() {
        report = report.line(format!("  {places} place(s) from {from}"));
    }
    for closure in creche.calendar.closures() {
        let (start, end, reason) = (closure.start_date, closure.end_date, closure.reason.code());
        report = report.line(format!("  closed {start} to {end} ({reason})"));
    }
    report
}
