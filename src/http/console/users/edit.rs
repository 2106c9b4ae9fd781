//! One user: seen, changed, deactivated, reactivated, deleted.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::view::{Errors, Input, UserFields};
use super::{PART, author, fields};
use crate::app::users::{self, Document, Found, Refusal};
use crate::app::{Guard, creches};
use crate::domain::finding::{Finding, Findings, Param, Place};
use crate::domain::notice::Notice;
use crate::domain::raw::Field;
use crate::domain::rules::document::REQUIRED;
use crate::domain::user::Profile;
use crate::domain::user::raw::{Flag, RawChange};
use crate::http::console::form::{Fields, Form};
use crate::http::console::shell::{Shell, moment, show, show_as};
use crate::http::console::visit::Visit;
use crate::http::extract::Path;
use crate::http::problem::Result;
use crate::ids::UserId;

/// Which user a page is about.
#[derive(Deserialize)]
pub(super) struct At {
    #[serde(rename = "userId")]
    user: UserId,
}

/// What can be done on the page.
#[derive(PartialEq, Eq)]
enum Reach {
    /// Everything.
    Whole,
    /// It is one's own: names and address only.
    Own,
    /// Nothing: an administrator, seen by a user manager.
    None,
}

#[derive(Template)]
#[template(path = "user.html", config = ".config/askama.toml")]
struct UserPage {
    shell: Shell,
    href: String,
    name: String,
    reach: Reach,
    /// Somebody else changed the user meanwhile.
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

/// What was sent and refused, to be shown again.
#[derive(Default)]
struct Refused {
    typed: Option<Fields>,
    findings: Findings,
    stale: bool,
}

async fn page(visit: &Visit, id: UserId, refused: &Refused) -> Result<UserPage> {
    let Found { user, certified_by } = users::find(&visit.app, &author(visit)?, id).await?;
    let creches = creches::list(&visit.app, &visit.acting.whole()).await?;
    let errors = Errors::new(&refused.findings, visit.language);
    let profile = user.mandate.profile;
    let reach = match (id == visit.acting.user, visit.acting.mandate.profile, profile) {
        (true, ..) => Reach::Own,
        (false, Profile::UserManager, Profile::Administrator) => Reach::None,
        _ => Reach::Whole,
    };
    // The fields that are on the page.
    let names =
        if reach == Reach::Whole { &["givenName", "familyName", "email", "profile", "rights"][..] } else { &DETAILS };
    let mut shown = UserFields::new(&creches, refused.typed.as_ref(), Some(&user), &errors);
    if refused.stale {
        let kept = |input: &mut Input, now: &str| input.kept = (input.value != now).then(|| now.to_owned());
        kept(&mut shown.given_name, &user.details.given_name);
        kept(&mut shown.family_name, &user.details.family_name);
        kept(&mut shown.email, user.details.email.expose());
    }
    Ok(UserPage {
        shell: Shell::at(PART, visit).refusing(&errors.all(), names).refused_if(refused.stale),
        href: format!("{PART}/{id}"),
        name: user.name(),
        stale: refused.stale,
        user: shown,
        profile: profile.label().get(visit.language),
        works: profile == Profile::DataManager,
        active: user.deactivated_at.is_none(),
        version: user.version,
        consent_at: moment(user.consent.0),
        consent_by: certified_by,
        created: moment(user.created_at),
        deactivated: user.deactivated_at.map(moment),
        last_login: user.last_login_at.map(moment),
        reach,
    })
}

pub(super) async fn see(visit: Visit, Path(At { user }): Path<At>) -> Result<Response> {
    let page = page(&visit, user, &Refused::default()).await?;
    Ok(show(&page))
}

/// The version that the page was made of.
fn guard(fields: &Fields) -> Guard {
    Guard::Known(fields.get("version").parse().into_iter().collect())
}

/// The page again, when what was sent can be mended there.
async fn again(visit: &Visit, id: UserId, typed: Option<Fields>, refusal: Refusal) -> Result<Response> {
    let (status, refused) = match refusal {
        Refusal::Invalid(findings) => (StatusCode::BAD_REQUEST, Refused { typed, findings, stale: false }),
        Refusal::Blocked(_) => {
            (StatusCode::PRECONDITION_FAILED, Refused { typed, findings: Findings::default(), stale: true })
        }
        refusal => return Err(refusal.into()),
    };
    Ok(show_as(status, &page(visit, id, &refused).await?))
}

pub(super) async fn save(Path(At { user }): Path<At>, Form { visit, fields: typed }: Form) -> Result<Response> {
    let author = author(&visit)?;
    let creches = creches::list(&visit.app, &visit.acting.whole()).await?;
    let document = Document::Fields(fields::change(&typed, &creches));
    match users::change(&visit.app, &author, user, &guard(&typed), document).await {
        Ok(_) => Ok(visit.done(&format!("{PART}/{user}"), Notice::ChangesSaved).await),
        Err(refusal) => again(&visit, user, Some(typed), refusal).await,
    }
}

pub(super) async fn set_access(Path(At { user }): Path<At>, Form { visit, fields: typed }: Form) -> Result<Response> {
    let active = match typed.get("active") {
        "true" => true,
        "false" => false,
        _ => {
            let missing = Finding::new(&REQUIRED, Place::default().field("active"));
            let missing = missing.with("field", Param::Code("active".to_owned()));
            return again(&visit, user, None, Refusal::Invalid(Findings::from_iter([missing]))).await;
        }
    };
    let raw = RawChange { active: Field::Present(Flag(active)), ..RawChange::default() };
    match users::change(&visit.app, &author(&visit)?, user, &guard(&typed), Document::Fields(raw)).await {
        Ok(_) => {
            let notice = if active { Notice::UserReactivated } else { Notice::UserDeactivated };
            Ok(visit.done(&format!("{PART}/{user}"), notice).await)
        }
        Err(refusal) => again(&visit, user, None, refusal).await,
    }
}

#[derive(Template)]
#[template(path = "user_delete.html", config = ".config/askama.toml")]
struct DeletePage {
    shell: Shell,
    href: String,
    name: String,
    version: u64,
}

/// Asks whether the user is really to be deleted.
pub(super) async fn ask(visit: Visit, Path(At { user }): Path<At>) -> Result<Response> {
    let Found { user, .. } = users::find(&visit.app, &author(&visit)?, user).await?;
    let (href, name) = (format!("{PART}/{}", user.id), user.name());
    Ok(show(&DeletePage { shell: Shell::at(PART, &visit), href, name, version: user.version }))
}

pub(super) async fn delete(Path(At { user }): Path<At>, Form { visit, fields: typed }: Form) -> Result<Response> {
    match users::delete(&visit.app, &author(&visit)?, user, &guard(&typed)).await {
        Ok(()) => Ok(visit.done(PART, Notice::UserDeleted).await),
        Err(refusal) => again(&visit, user, None, refusal).await,
    }
}
