//! `passerelle admin application`.

use clap::Subcommand;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::context::AdminContext;
use super::report::CommandReport;
use super::value_parsers;
use crate::app::applications::{self, Application, ApplicationUpdate};
use crate::app::{SubmittedDocument, organisers};
use crate::cli::CliError;
use crate::domain::application::{ApplicationState, RequestedApplication};
use crate::domain::key::Scope;
use crate::ids::{ApplicationId, CrecheId, OrganiserId};
use crate::store::applications::ApplicationRecord;

#[derive(Debug, Subcommand)]
pub(super) enum ApplicationCommand {
    /// Register an application. It can do nothing until a key is issued to it: `admin key issue`.
    Add {
        /// The organiser's id.
        #[arg(long, value_name = "ID")]
        organiser: OrganiserId,
        /// The software's name.
        #[arg(value_parser = value_parsers::name)]
        name: String,
        /// The company that makes it.
        #[arg(long, value_parser = value_parsers::name)]
        vendor: String,
        #[command(flatten)]
        more: Members,
    },
    /// Change the data of an application; what is left out stays. Running gateways apply it within three seconds.
    Change {
        #[command(flatten)]
        one: ApplicationArg,
        /// The software's name.
        #[arg(long, value_parser = value_parsers::name)]
        name: Option<String>,
        /// The company that makes it.
        #[arg(long, value_parser = value_parsers::name)]
        vendor: Option<String>,
        #[command(flatten)]
        more: Members,
    },
    /// List the applications of an organiser, the oldest first.
    List {
        /// The organiser's id.
        #[arg(long, value_name = "ID")]
        organiser: OrganiserId,
    },
    /// Refuse all keys of an application until it is resumed; running gateways do so within three seconds.
    Suspend(ApplicationArg),
    /// Admit the keys of a suspended application again.
    Resume(ApplicationArg),
    /// Refuse all keys of an application for good; running gateways do so within three seconds.
    Revoke(ApplicationArg),
}

/// The data of an application besides its name and vendor.
#[derive(Debug, clap::Args)]
pub(super) struct Members {
    /// What it is used for.
    #[arg(long)]
    purpose: Option<String>,
    /// One thing its keys may do, such as attendance:write; repeat it, or part several by commas. All, when none is given
    /// at its registration.
    #[arg(long = "scopes", value_name = "SCOPE", value_delimiter = ',', value_parser = value_parsers::scope)]
    scopes: Vec<Scope>,
    /// A crèche that its keys may reach; repeat it for several. All of the organiser's, when none is given.
    #[arg(long, value_name = "ID")]
    creche: Vec<CrecheId>,
    /// The last day on which its keys work; `never` takes it away again.
    #[arg(long, value_name = "DATE|never", value_parser = value_parsers::end)]
    ends_on: Option<value_parsers::EndDay>,
    /// The contact at the vendor: a name, with an e-mail address.
    #[arg(long, value_name = "NAME", requires = "contact_email")]
    contact_name: Option<String>,
    /// The contact's e-mail address.
    #[arg(long, value_name = "ADDRESS", requires = "contact_name")]
    contact_email: Option<String>,
    /// The contact's telephone number.
    #[arg(long, value_name = "NUMBER", requires = "contact_name")]
    contact_phone: Option<String>,
}

impl Members {
    /// The given values as members of a document, with name and vendor.
    fn document(self, name: Option<String>, vendor: Option<String>) -> Map<String, Value> {
        let codes: Vec<_> = self.scopes.iter().map(|scope| scope.code()).collect();
        let contact = self.contact_name.map(|name| {
            let given = [("name", Some(name)), ("email", self.contact_email), ("phone", self.contact_phone)];
            given
                .into_iter()
                .filter_map(|(member, text)| Some((member.to_owned(), text?.into())))
                .collect::<Map<_, _>>()
        });
        let ends_on = self.ends_on.map(|value_parsers::EndDay(day)| json!(day));
        let given = [
            ("name", name.map(Value::from)),
            ("vendor", vendor.map(Value::from)),
            ("contact", contact.map(Value::Object)),
            ("purpose", self.purpose.map(Value::from)),
            ("scopes", (!codes.is_empty()).then(|| json!(codes))),
            ("creches", (!self.creche.is_empty()).then(|| json!(self.creche))),
            ("endsOn", ends_on),
        ];
        given.into_iter().filter_map(|(member, value)| Some((member.to_owned(), value?))).collect()
    }
}

/// The application that a command is about.
#[derive(Debug, clap::Args)]
pub(super) struct ApplicationArg {
    /// The organiser's id.
    #[arg(long, value_name = "ID")]
    organiser: OrganiserId,
    /// The application's id.
    #[arg(value_name = "ID")]
    application: ApplicationId,
}

/// An application, as JSON output.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ApplicationBody {
    id: ApplicationId,
    name: String,
    vendor: String,
    state: ApplicationState,
    #[serde(skip_serializing_if = "str::is_empty")]
    purpose: String,
    scopes: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    creches: Option<Vec<CrecheId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_on: Option<Date>,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    suspended_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Timestamp>,
    #[serde(skip)]
    since: Option<Timestamp>,
}

impl ApplicationBody {
    /// The present state of an application.
    pub(super) fn new(application: ApplicationRecord, now: Timestamp) -> Self {
        let ApplicationRecord { id, name, vendor, purpose, bounds, created_at, .. } = application;
        let (state, since) = bounds.state(now);
        Self {
            id,
            name,
            vendor,
            state,
            purpose,
            scopes: bounds.scopes.iter().map(Scope::code).collect(),
            ends_on: bounds.ends_at.map(applications::last_day),
            creches: bounds.creches,
            created_at,
            suspended_at: bounds.suspended_at,
            revoked_at: bounds.revoked_at,
            since,
        }
    }

    fn state(&self) -> String {
        self.since.map_or_else(|| "in use".to_owned(), |at| format!("{} since {at}", self.state))
    }

    pub(super) fn sentence(&self) -> String {
        format!("{} ({}, {}, {})", self.id, self.name, self.vendor, self.state())
    }
}

impl ApplicationCommand {
    pub(super) async fn run(self, admin: &AdminContext) -> Result<CommandReport, CliError> {
        match self {
            Self::Add { organiser, name, vendor, more } => {
                add(admin, organiser, more.document(Some(name), Some(vendor))).await
            }
            Self::Change { one, name, vendor, more } => {
                let patch = Value::Object(more.document(name, vendor)).to_string();
                one.change(admin, ApplicationUpdate::Patch(patch.as_bytes()), "Changed").await
            }
            Self::List { organiser } => {
                let listed = organisers::show(&admin.app.db, organiser).await?.applications;
                let now = admin.app.clocks.machine().now();
                let bodies: Vec<_> = listed.into_iter().map(|listed| ApplicationBody::new(listed, now)).collect();
                let row = |body: &ApplicationBody| {
                    [body.id.to_string(), body.state(), body.vendor.clone(), body.name.clone()]
                };
                let none = "The organiser has no application yet.";
                Ok(CommandReport::list(&bodies, ["ID", "STATE", "VENDOR", "NAME"], row, none))
            }
            Self::Suspend(one) => {
                one.change(admin, ApplicationUpdate::State(RequestedApplication::Suspended), "Suspended").await
            }
            Self::Resume(one) => {
                one.change(admin, ApplicationUpdate::State(RequestedApplication::Active), "Resumed").await
            }
            Self::Revoke(one) => {
                one.change(admin, ApplicationUpdate::State(RequestedApplication::Revoked), "Revoked").await
            }
        }
    }
}

async fn add(
    admin: &AdminContext,
    organiser: OrganiserId,
    mut document: Map<String, Value>,
) -> Result<CommandReport, CliError> {
    let all_scopes = || Scope::ALL.iter().map(|scope| scope.code()).collect::<Vec<_>>().into();
    document.entry("scopes").or_insert_with(all_scopes);
    let document = Value::Object(document).to_string();
    let registered =
        applications::register(&admin.app, &admin.actor, organiser, SubmittedDocument::Json(document.as_bytes()))
            .await?;
    let body = ApplicationBody::new(registered.stored, admin.app.clocks.machine().now());
    let line = format!("Registered application {}.", body.sentence());
    Ok(CommandReport::new(&body, line))
}

impl ApplicationArg {
    async fn change(
        self,
        admin: &AdminContext,
        change: ApplicationUpdate<'_>,
        done: &str,
    ) -> Result<CommandReport, CliError> {
        let changed = applications::change(&admin.app, &admin.actor, self.organiser, self.application, change).await?;
        let (Application { stored, .. }, changed) = changed;
        let body = ApplicationBody::new(stored, admin.app.clocks.machine().now());
        let done = if changed { done } else { "Nothing to do:" };
        let line = format!("{done} application {}.", body.sentence());
        Ok(CommandReport::new(&body, line))
    }
}
