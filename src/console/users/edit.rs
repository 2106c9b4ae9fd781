//! One user: read, changed, deactivated, reactivated, deleted.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::view::{Errors, InputField, UserFields};
use super::{PART, author, fields};
use crate::app::users::{self, UserDetails, UserDocument, UserError};
use crate::app::{Precondition, creches};
use crate::console::form::{Fields, PageForm};
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, date_time, render, render_with_status};
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::notice::Notice;
use crate::domain::raw::{Field, Flag};
use crate::domain::rules::document::REQUIRED;
use crate::domain::user::Profile;
use crate::domain::user::raw::RawChange;
use crate::http::extract::Path;
use crate::http::problem::Result;
use crate::ids::UserId;

/// Which user a page is about.
#[derive(Deserialize)]
pub(super) struct UserPath {
    #[serde(rename = "userId")]
    user: UserId,
}

/// What the user of the page may change.
#[derive(PartialEq, Eq)]
enum EditRights {
    /// Everything.
    Whole,
    /// The own account: names and address only.
    Own,
    /// Nothing: an administrator, as read by a user manager.
    None,
}

#[derive(Template)]
#[template(path = "user.html", config = ".config/askama.toml")]
struct UserPage {
    frame: PageFrame,
    href: String,
    name: String,
    reach: EditRights,
    /// Another user changed the user meanwhile.
    stale: bool,
    user: UserFields,
    profile: &'static str,
    works: bool,
    active: bool,
    version: u64,
    consent_at: String,
    consent_by: String,
    created: String,
    deactivated: Option<String>,
    last_login: Option<String>,
}

/// The fields of those who may not change the profile and the rights.
const DETAILS: [&str; 3] = ["givenName", "familyName", "email"];

/// What was sent and refused, to be displayed again.
#[derive(Default)]
struct RefusedEdit {
    typed: Option<Fields>,
    findings: Findings,
    stale: bool,
}

async fn page(visit: &PageContext, id: UserId, refused: &RefusedEdit) -> Result<UserPage> {
    let UserDetails { user, certified_by } = users::find(&visit.app, &author(visit)?, id).await?;
    let creches = creches::list(&visit.app, &visit.acting.as_organiser_caller()).await?;
    let errors = Errors::new(&refused.findings, visit.language);
    let profile = user.mandate.profile;
    let reach = match (id == visit.acting.user, visit.acting.mandate.profile, profile) {
        (true, ..) => EditRights::Own,
        (false, Profile::UserManager, Profile::Administrator) => EditRights::None,
        _ => EditRights::Whole,
    };
    // The fields that are on the page.
    let names = if reach == EditRights::Whole {
        &["givenName", "familyName", "email", "profile", "rights"][..]
    } else {
        &DETAILS
    };
    let mut shown = UserFields::new(&creches, refused.typed.as_ref(), Some(&user), &errors);
    if refused.stale {
        let show_saved =
            |input: &mut InputField, now: &str| input.saved_meanwhile = (input.value != now).then(|| now.to_owned());
        show_saved(&mut shown.given_name, &user.details.given_name);
        show_saved(&mut shown.family_name, &user.details.family_name);
        show_saved(&mut shown.email, user.details.email.expose());
    }
    Ok(UserPage {
        frame: PageFrame::at(PART, visit).refusing(&errors.all(), names).refused_if(refused.stale),
        href: format!("{PART}/{id}"),
        name: user.display_name(),
        stale: refused.stale,
        user: shown,
        profile: profile.label().get(visit.language),
        works: profile == Profile::DataManager,
        active: user.deactivated_at.is_none(),
        version: user.version,
        consent_at: date_time(user.consent.0),
        consent_by: certified_by,
        created: date_time(user.created_at),
        deactivated: user.deactivated_at.map(date_time),
        last_login: user.last_login_at.map(date_time),
        reach,
    })
}

pub(super) async fn see(visit: PageContext, Path(UserPath { user }): Path<UserPath>) -> Result<Response> {
    let page = page(&visit, user, &RefusedEdit::default()).await?;
    Ok(render(&page))
}

/// The version that the page was rendered from.
fn precondition(fields: &Fields) -> Precondition {
    Precondition::Known(fields.get("version").parse().into_iter().collect())
}

/// The page again, when the input can be corrected there.
async fn render_refused(
    visit: &PageContext,
    id: UserId,
    typed: Option<Fields>,
    refusal: UserError,
) -> Result<Response> {
    let (status, refused) = match refusal {
        UserError::Invalid(findings) => (StatusCode::BAD_REQUEST, RefusedEdit { typed, findings, stale: false }),
        UserError::Blocked(_) => {
            (StatusCode::PRECONDITION_FAILED, RefusedEdit { typed, findings: Findings::default(), stale: true })
        }
        refusal => return Err(refusal.into()),
    };
    Ok(render_with_status(status, &page(visit, id, &refused).await?))
}

pub(super) async fn save(
    Path(UserPath { user }): Path<UserPath>,
    PageForm { visit, fields: typed }: PageForm,
) -> Result<Response> {
    let author = author(&visit)?;
    let creches = creches::list(&visit.app, &visit.acting.as_organiser_caller()).await?;
    let document = UserDocument::Fields(fields::change(&typed, &creches));
    match users::change(&visit.app, &author, user, &precondition(&typed), document).await {
        Ok(_) => Ok(visit.done(&format!("{PART}/{user}"), Notice::ChangesSaved).await),
        Err(refusal) => render_refused(&visit, user, Some(typed), refusal).await,
    }
}

pub(super) async fn set_access(
    Path(UserPath { user }): Path<UserPath>,
    PageForm { visit, fields: typed }: PageForm,
) -> Result<Response> {
    let active = match typed.get("active") {
        "true" => true,
        "false" => false,
        _ => {
            let missing = Finding::new(&REQUIRED, FindingPlace::default().field("active"));
            let missing = missing.with("field", Param::Code("active".to_owned()));
            return render_refused(&visit, user, None, UserError::Invalid(Findings::from_iter([missing]))).await;
        }
    };
    let raw = RawChange { active: Field::Present(Flag(active)), ..RawChange::default() };
    match users::change(&visit.app, &author(&visit)?, user, &precondition(&typed), UserDocument::Fields(raw)).await {
        Ok(_) => {
            let notice = if active { Notice::UserReactivated } else { Notice::UserDeactivated };
            Ok(visit.done(&format!("{PART}/{user}"), notice).await)
        }
        Err(refusal) => render_refused(&visit, user, None, refusal).await,
    }
}

#[derive(Template)]
#[template(path = "user_delete.html", config = ".config/askama.toml")]
struct DeletePage {
    frame: PageFrame,
    href: String,
    name: String,
    version: u64,
}

/// Asks for confirmation of a deletion.
pub(super) async fn ask(visit: PageContext, Path(UserPath { user }): Path<UserPath>) -> Result<Response> {
    let UserDetails { user, .. } = users::find(&visit.app, &author(&visit)?, user).await?;
    let (href, name) = (format!("{PART}/{}", user.id), user.display_name());
    Ok(render(&DeletePage { frame: PageFrame::at(PART, &visit), href, name, version: user.version }))
}

pub(super) async fn delete(
    Path(UserPath { user }): Path<UserPath>,
    PageForm { visit, fields: typed }: PageForm,
) -> Result<Response> {
    match users::delete(&visit.app, &author(&visit)?, user, &precondition(&typed)).await {
        Ok(()) => Ok(visit.done(PART, Notice::UserDeleted).await),
        Err(refusal) => render_refused(&visit, user, None, refusal).await,
    }
}
