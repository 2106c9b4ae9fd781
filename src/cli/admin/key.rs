//! `passerelle admin key`.

use clap::{ArgGroup, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::context::AdminContext;
use super::report::CommandReport;
use super::value_parsers;
use crate::app::applications;
use crate::app::keys::{self, NewKey};
use crate::cli::CliError;
use crate::domain::key::{KeyId, KeyKind, KeyText, Scope, Scopes};
use crate::ids::{ApplicationId, CrecheId, OrganiserId};
use crate::store::keys::KeyRecord;

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Issue a key to an application. Its text is printed this once and can never be had again.
    Issue(IssueArgs),
    /// List the keys of an organiser, the oldest first; never their texts.
    List {
        /// The organiser's id.
        #[arg(long, value_name = "ID")]
        organiser: OrganiserId,
    },
    /// Take a key back for good; running gateways refuse it within three seconds.
    Revoke {
        /// The key's public id, which stands second in its text: `crk_live_ID_…`; the whole text of a leaked key will do.
        #[arg(value_name = "ID", value_parser = key_id)]
        key: KeyId,
    },
}

/// The rights of the new key.
#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("rights").required(true).args(["scope", "all_scopes"]))]
pub(super) struct IssueArgs {
    /// The organiser's id.
    #[arg(long, value_name = "ID")]
    organiser: OrganiserId,
    /// The application's id.
    #[arg(long, value_name = "ID")]
    application: ApplicationId,
    /// live: writes. trial: gets the true verdict and never writes. test: works in a sandbox only.
    #[arg(long, value_name = "live|trial|test")]
    kind: KeyKind,
    /// One thing it may do, such as attendance:write; repeat it, or part several by commas.
    #[arg(long, value_name = "SCOPE", value_delimiter = ',', value_parser = value_parsers::scope)]
    scope: Vec<Scope>,
    /// It may do everything that its application may.
    #[arg(long)]
    all_scopes: bool,
    /// A crèche that it is limited to; repeat it for several. Without any it reaches all that its application does.
    #[arg(long, value_name = "ID")]
    creche: Vec<CrecheId>,
    /// The last day on which it works, to its end in Brussels. Without it, it ends with its application.
    #[arg(long, value_name = "DATE", value_parser = value_parsers::date)]
    expires: Option<Date>,
}

/// A key, as JSON output.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KeyBody {
    id: String,
    organiser_id: OrganiserId,
    application_id: ApplicationId,
    kind: &'static str,
    state: &'static str,
    scopes: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    creches: Option<Vec<CrecheId>>,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    /// The last day on which it works.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_on: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<Timestamp>,
    /// Only in the output of its issue.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

impl KeyBody {
    fn new(key: KeyRecord, now: Timestamp) -> Self {
        let state = keys::key_state(&key, now);
        let expires_at = key.end();
        Self {
            id: key.id.to_string(),
            organiser_id: key.organiser,
            application_id: key.application,
            kind: key.kind.name(),
            state: state.code(),
            scopes: key.effective_scopes().iter().map(Scope::code).collect(),
            creches: key.bounds.narrow(key.creches),
            created_at: key.created_at,
            expires_at,
            expires_on: expires_at.map(applications::last_day),
            revoked_at: key.revoked_at,
            last_used_at: key.last_used_at,
            key: None,
        }
    }
}

impl KeyCommand {
    pub(super) async fn run(self, admin: &AdminContext) -> Result<CommandReport, CliError> {
        match self {
            Self::Issue(issue) => issue.run(admin).await,
            Self::List { organiser } => {
                let now = admin.app.clocks.machine().now();
                let keys = keys::list(&admin.app.db, organiser).await?;
                Ok(list(&keys.into_iter().map(|key| KeyBody::new(key, now)).collect::<Vec<_>>()))
            }
            Self::Revoke { key } => revoke(admin, key).await,
        }
    }
}

impl IssueArgs {
    async fn run(self, admin: &AdminContext) -> Result<CommandReport, CliError> {
        let scopes = if self.all_scopes { Scopes::all() } else { self.scope.into_iter().collect() };
        let new_key = NewKey {
            organiser: self.organiser,
            application: self.application,
            kind: self.kind,
            scopes,
            creches: (!self.creche.is_empty()).then_some(self.creche),
            expires_at: self.expires.map(applications::after),
        };
        let text = keys::issue(admin.act(), admin.app.deployment, &new_key).await?;
        let mut body = KeyBody::new(keys::find(&admin.app.db, text.id()).await?, admin.app.clocks.machine().now());
        let scopes = body.scopes.join(", ");
        body.key = Some(text.expose().to_owned());
        Ok(CommandReport::new(&body, text.expose())
            .line(format!("Issued {} key {}: {scopes}.", body.kind, body.id))
            .line("The first line is the key. It is not kept here: hand it over safely, it cannot be shown again."))
    }
}

async fn revoke(admin: &AdminContext, id: KeyId) -> Result<CommandReport, CliError> {
    let organiser = keys::find(&admin.app.db, id).await?.organiser;
    let revoked = admin.app.keys.revoke(admin.act(), organiser, id).await?;
    let body = KeyBody::new(keys::find(&admin.app.db, id).await?, admin.app.clocks.machine().now());
    let line = if revoked {
        format!("Revoked key {id}; running gateways refuse it within three seconds.")
    } else {
        format!("Nothing to do: key {id} was revoked before.")
    };
    Ok(CommandReport::new(&body, line))
}

fn list(bodies: &[KeyBody]) -> CommandReport {
    let instant = |at: Option<Timestamp>| at.map_or_else(|| "-".to_owned(), |at| at.to_string());
    let row = |body: &KeyBody| {
        let creches = body.creches.as_ref().map_or_else(|| "all".to_owned(), |creches| creches.len().to_string());
        let expires = body.expires_on.map_or_else(|| "-".to_owned(), |day| day.to_string());
        let used = instant(body.last_used_at);
        let application = body.application_id.to_string();
        [body.id.clone(), body.kind.to_owned(), body.state.to_owned(), expires, used, creches, application]
    };
    let headings = ["ID", "KIND", "STATE", "LAST DAY", "LAST USED", "CRÈCHES", "APPLICATION"];
    CommandReport::list(bodies, headings, row, "The organiser has no key yet.")
}

fn key_id(text: &str) -> Result<KeyId, String> {
    let whole = KeyText::parse(text).map(|key| key.id());
    whole.or_else(|_| text.parse()).map_err(|_| "it is neither a key's public id nor a whole key".to_owned())
}
