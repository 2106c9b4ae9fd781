//! The organiser's users: the list with its search. The search form is posted, because addresses end
//! up in logs.

mod edit;
mod fields;
mod new;
mod view;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};

pub(super) use self::view::level_words;
use super::form::{Fields, PageForm, QueryFields};
use super::form_fields::SelectOption;
use super::page_context::PageContext;
use super::page_frame::{PageFrame, date_time, render};
use crate::app::App;
use crate::app::users::{self, User, UserAdministrator, UserPage, UserSearch};
use crate::domain::user::Profile;
use crate::http::problem::Result;
use crate::words::{self, Language, LocalText};

/// The path of this part of the console.
const PART: &str = "/console/users";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(PART, get(list).post(search))
        .route("/console/users/new", get(new::blank).post(new::add))
        .route("/console/users/{userId}", get(edit::see).post(edit::save))
        .route("/console/users/{userId}/access", post(edit::set_access))
        .route("/console/users/{userId}/delete", get(edit::ask).post(edit::delete))
}

/// The author of changes.
fn author(visit: &PageContext) -> Result<UserAdministrator> {
    visit.user_manager()?;
    Ok(UserAdministrator::person(visit.acting.organiser, visit.acting.user))
}

/// A user in the list.
struct UserListRow {
    href: String,
    name: String,
    email: String,
    profile: &'static str,
    /// The number of crèches with rights; none where the profile decides alone.
    creches: Option<usize>,
    active: bool,
    last_login: Option<String>,
}

impl UserListRow {
    fn new(user: &User, language: Language) -> Self {
        let profile = user.mandate.profile;
        Self {
            href: format!("{PART}/{}", user.id),
            name: format!("{} {}", user.details.family_name, user.details.given_name),
            email: user.details.email.clone().into(),
            profile: profile.label().get(language),
            creches: (profile == Profile::DataManager).then_some(user.mandate.rights.len()),
            active: user.deactivated_at.is_none(),
            last_login: user.last_login_at.map(date_time),
        }
    }
}

#[derive(Template)]
#[template(path = "users.html", config = ".config/askama.toml")]
struct UsersPage {
    frame: PageFrame,
    notices: Vec<String>,
    rows: Vec<UserListRow>,
    total: usize,
    words: String,
    profiles: Vec<SelectOption>,
    states: Vec<SelectOption>,
}

/// Those who may log in and those who may not.
const STATES: [(&str, LocalText); 2] = [("active", words::users::ACTIVE), ("deactivated", words::users::DEACTIVATED)];

impl UsersPage {
    fn new(visit: &PageContext, found: &UserPage, fields: &Fields) -> Self {
        let language = visit.language;
        let choice = |name: &'static str, value: &'static str, label: LocalText| {
            SelectOption::new(value, label.get(language), fields.get(name) == value)
        };
        Self {
            frame: PageFrame::at(PART, visit),
            notices: found.warnings.iter().map(|warning| warning.detail_for_people(language)).collect(),
            rows: found.users.iter().map(|user| UserListRow::new(user, language)).collect(),
            total: found.total,
            words: fields.get("words").to_owned(),
            profiles: Profile::ALL.map(|profile| choice("profile", profile.code(), profile.label())).into(),
            states: STATES.map(|(code, label)| choice("state", code, label)).into(),
        }
    }
}

async fn list(visit: PageContext, QueryFields(_asked): QueryFields) -> Result<Response> {
    let found = users::list(&visit.app, &author(&visit)?, &UserSearch::default()).await?;
    let page = UsersPage::new(&visit, &found, &Fields::default());
    Ok(render(&page))
}

async fn search(PageForm { visit, fields }: PageForm) -> Result<Response> {
    let active = STATES.iter().position(|(code, _)| *code == fields.get("state")).map(|state| state == 0);
    let search =
        UserSearch { words: fields.get("words").to_owned(), profile: fields.get("profile").parse().ok(), active };
    let found = users::list(&visit.app, &author(&visit)?, &search).await?;
    Ok(render(&UsersPage::new(&visit, &found, &fields)))
}
