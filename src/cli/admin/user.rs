//! `passerelle admin user`: the first administrators of an organiser. Everything else about users is done in the console.

use clap::Subcommand;
use jiff::Timestamp;
use serde::Serialize;

use super::context::AdminContext;
use super::report::CommandReport;
use super::{ssin, value_parsers};
use crate::app::Precondition;
use crate::app::users::{self, User, UserAdministrator, UserDocument, UserError, UserSearch};
use crate::cli::{CliError, check};
use crate::domain::raw::{Field, Flag};
use crate::domain::user::Profile;
use crate::domain::user::raw::{RawChange, RawUser};
use crate::ids::{OrganiserId, UserId};
use crate::words::Language;

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Let an administrator in. The national number is read from standard input, and never shown again.
    ///
    /// The person logs in with eID or itsme, and lets colleagues in from the console.
    Add(AddUserArgs),
    /// List the users of an organiser, by name. That you looked is recorded in the organiser's history.
    List {
        /// The organiser's id.
        #[arg(long, value_name = "ID")]
        organiser: OrganiserId,
    },
    /// Keep a user out from now on, and end the sessions. The last active administrator stays.
    Deactivate {
        /// The organiser's id.
        #[arg(long, value_name = "ID")]
        organiser: OrganiserId,
        /// The user's id.
        #[arg(value_name = "ID")]
        user: UserId,
    },
}

/// The user to add.
#[derive(Debug, clap::Args)]
pub(super) struct AddUserArgs {
    /// The organiser's id.
    #[arg(long, value_name = "ID")]
    organiser: OrganiserId,
    /// The given name.
    #[arg(long, value_parser = value_parsers::name)]
    given_name: String,
    /// The family name.
    #[arg(long, value_parser = value_parsers::name)]
    family_name: String,
    /// The professional e-mail address.
    #[arg(long)]
    email: String,
    /// You certify that the person agrees that these data are used to give access.
    #[arg(long, required = true)]
    certified_consent: bool,
}

/// A user, as JSON output.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UserBody {
    id: UserId,
    given_name: String,
    family_name: String,
    email: String,
    profile: Profile,
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_login_at: Option<Timestamp>,
}

impl From<User> for UserBody {
    fn from(user: User) -> Self {
        let details = user.details;
        Self {
            id: user.id,
            given_name: details.given_name,
            family_name: details.family_name,
            email: details.email.into(),
            profile: user.mandate.profile,
            active: user.deactivated_at.is_none(),
            last_login_at: user.last_login_at,
        }
    }
}

impl UserBody {
    const fn state(&self) -> &'static str {
        if self.active { "active" } else { "deactivated" }
    }

    fn row(&self) -> [String; 5] {
        let name = format!("{} {}", self.family_name, self.given_name);
        [self.id.to_string(), self.state().to_owned(), self.profile.to_string(), name, self.email.clone()]
    }
}

impl UserCommand {
    pub(super) async fn run(self, admin: &AdminContext) -> Result<CommandReport, CliError> {
        match self {
            Self::Add(add) => add.run(admin).await,
            Self::List { organiser } => {
                let author = UserAdministrator::operator(&admin.app, organiser, &admin.actor).await?;
                let listed =
                    users::list(&admin.app, &author, &UserSearch::default()).await.map_err(refusal_sentences)?;
                let bodies: Vec<_> = listed.users.into_iter().map(UserBody::from).collect();
                let headings = ["ID", "STATE", "PROFILE", "NAME", "E-MAIL"];
                Ok(CommandReport::list(&bodies, headings, UserBody::row, "The organiser has no user yet."))
            }
            Self::Deactivate { organiser, user } => {
                let author = UserAdministrator::operator(&admin.app, organiser, &admin.actor).await?;
                let raw = RawChange { active: Field::Present(Flag(false)), ..RawChange::default() };
                let result =
                    users::change(&admin.app, &author, user, &Precondition::Any, UserDocument::Fields(raw)).await;
                let result = result.map_err(refusal_sentences)?;
                let body = UserBody::from(result.user);
                let line = if result.unchanged { "Nothing to do: deactivated before:" } else { "Deactivated user" };
                let line = format!("{line} {}.", body.id);
                Ok(CommandReport::new(&body, line))
            }
        }
    }
}

impl AddUserArgs {
    async fn run(self, admin: &AdminContext) -> Result<CommandReport, CliError> {
        let author = UserAdministrator::operator(&admin.app, self.organiser, &admin.actor).await?;
        let raw = RawUser {
            given_name: Field::from_text(&self.given_name),
            family_name: Field::from_text(&self.family_name),
            email: Field::from_text(&self.email),
            ssin: Field::from_text(&ssin::read()?),
            profile: Field::Present(Profile::Administrator),
            rights: Field::Absent,
            consent_certified: if self.certified_consent { Field::Present(true) } else { Field::Absent },
            unknown: false,
        };
        let user = users::add(&admin.app, &author, UserDocument::Fields(raw)).await.map_err(refusal_sentences)?;
        let body = UserBody::from(user);
        let line = format!("Let in user {}, an administrator.", body.id);
        Ok(CommandReport::new(&body, line))
    }
}

/// A refusal as sentences.
fn refusal_sentences(refusal: UserError) -> CliError {
    let UserError::Invalid(findings) = refusal else { return refusal.into() };
    let lines = findings.iter().flat_map(|finding| check::sentences(finding, Language::En));
    lines.collect::<Vec<_>>().join("\n").into()
}
