//! `passerelle admin agency-key`.

use clap::Subcommand;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::context::AdminContext;
use super::report::CommandReport;
use super::value_parsers;
use crate::app::agency_keys::{self, AgencyKeyRecord, NewAgencyKey};
use crate::app::applications;
use crate::cli::CliError;
use crate::domain::agency_key::{AgencyKeyKind, AgencyKeyText, AgencyScope};
use crate::domain::key::KeyId;

#[derive(Debug, Subcommand)]
pub(super) enum AgencyKeyCommand {
    /// Issue a key to software of the agency. Its text is printed this once and can never be had again.
    Issue(IssueArgs),
    /// List the keys of the agency, the oldest first; never their texts.
    List,
    /// Take a key back for good; every gateway refuses it at once.
    Revoke {
        /// The key's public id, which stands second in its text; the whole text of a leaked key will do.
        #[arg(value_name = "ID", value_parser = key_id)]
        key: KeyId,
    },
}

/// What the new key is for.
#[derive(Debug, clap::Args)]
pub(super) struct IssueArgs {
    /// What organisers read in their history when the key is used, such as "Back-office subsides"; no name of a person.
    #[arg(long)]
    name: String,
    /// One thing it may do: claims:read, claims:answer, payments:read or payments:write; repeat it, or part several by commas.
    #[arg(long, required = true, value_name = "SCOPE", value_delimiter = ',', value_parser = scope)]
    scope: Vec<AgencyScope>,
    /// An address, or a range such as 192.0.2.0/24, that it works from; repeat it, or part several by commas.
    #[arg(long, required = true, value_name = "RANGE", value_delimiter = ',')]
    from: Vec<String>,
    /// The last day on which it works, to its end in Brussels: at most 366 days ahead.
    #[arg(long, value_name = "DATE", value_parser = value_parsers::date)]
    expires: Date,
}

/// A key, as JSON output.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KeyBody {
    id: String,
    name: String,
    kind: &'static str,
    state: &'static str,
    scopes: Vec<&'static str>,
    from: Vec<String>,
    created_at: Timestamp,
    expires_at: Timestamp,
    /// The last day on which it works.
    expires_on: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<Timestamp>,
    /// Only in the output of its issue.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

impl KeyBody {
    fn new(key: AgencyKeyRecord, now: Timestamp) -> Self {
        Self {
            id: key.id.to_string(),
            kind: key.kind.code(),
            state: agency_keys::key_state(&key, now).code(),
            scopes: key.scopes.iter().map(AgencyScope::code).collect(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            expires_on: applications::last_day(key.expires_at),
            revoked_at: key.revoked_at,
            last_used_at: key.last_used_at,
            name: key.name,
            from: key.networks,
            key: None,
        }
    }
}

impl AgencyKeyCommand {
    pub(super) async fn run(self, admin: &AdminContext) -> Result<CommandReport, CliError> {
        let now = admin.app.clocks.machine().now();
        match self {
            Self::Issue(issue) => issue.run(admin, now).await,
            Self::List => {
                let keys = agency_keys::list(&admin.app.db).await?;
                Ok(list(&keys.into_iter().map(|key| KeyBody::new(key, now)).collect::<Vec<_>>()))
            }
            Self::Revoke { key } => {
                let (key, revoked) = agency_keys::revoke(admin.act(), key).await?;
                let line = if revoked {
                    format!("Revoked key {} ({}); every gateway refuses it from now on.", key.id, key.name)
                } else {
                    format!("Nothing to do: key {} ({}) was revoked before.", key.id, key.name)
                };
                Ok(CommandReport::new(&KeyBody::new(key, now), line))
            }
        }
    }
}

impl IssueArgs {
    async fn run(self, admin: &AdminContext, now: Timestamp) -> Result<CommandReport, CliError> {
        let new = NewAgencyKey {
            name: self.name,
            scopes: self.scope.into_iter().collect(),
            networks: self.from,
            last_day: self.expires,
        };
        let kind = AgencyKeyKind::of(admin.app.deployment);
        let (text, key) = agency_keys::issue(admin.act(), kind, new).await?;
        let mut body = KeyBody::new(key, now);
        let scopes = body.scopes.join(", ");
        body.key = Some(text.expose().to_owned());
        Ok(CommandReport::new(&body, text.expose())
            .line(format!("Issued {} key {} ({}): {scopes}, until {}.", body.kind, body.id, body.name, body.expires_on))
            .line("The first line is the key. It is not kept here: hand it over safely, it cannot be shown again."))
    }
}

fn list(bodies: &[KeyBody]) -> CommandReport {
    let row = |body: &KeyBody| {
        let used = body.last_used_at.map_or_else(|| "-".to_owned(), |at| at.to_string());
        let (state, expires) = (body.state.to_owned(), body.expires_on.to_string());
        [body.id.clone(), body.name.clone(), state, expires, used, body.scopes.join(","), body.from.join(",")]
    };
    let headings = ["ID", "NAME", "STATE", "LAST DAY", "LAST USED", "SCOPES", "FROM"];
    CommandReport::list(bodies, headings, row, "There is no key of the agency yet.")
}

fn scope(text: &str) -> Result<AgencyScope, String> {
    text.parse().map_err(|_| "it is no scope: claims:read, claims:answer, payments:read or payments:write".to_owned())
}

fn key_id(text: &str) -> Result<KeyId, String> {
    let whole = AgencyKeyText::parse(text).map(|key| key.id());
    whole.or_else(|_| text.parse()).map_err(|_| "it is neither a key's public id nor a whole key".to_owned())
}
