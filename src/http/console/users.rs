//! The organiser's users: the list with its search. Names are looked for by a form that is posted, because addresses end
//! up in logs.

mod edit;
mod fields;
mod new;
mod view;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};

use super::form::{Asked, Fields, Form};
use super::shell::{Shell, moment, show};
use super::visit::Visit;
use crate::app::App;
use crate::app::users::{self, Author, Listed, Search, User};
use crate::domain::text::{Language, Text};
use crate::domain::user::Profile;
use crate::http::problem::Result;

/// Where this part of the console begins.
const PART: &str = "/console/users";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(PART, get(list).post(search))
        .route("/console/users/new", get(new::blank).post(new::add))
        .route("/console/users/{userId}", get(edit::see).post(edit::save))
        .route("/console/users/{userId}/access", post(edit::set_access))
        .route("/console/users/{userId}/delete", get(edit::ask).post(edit::delete))
}

/// Who acts.
fn author(visit: &Visit) -> Result<Author> {
    visit.user_manager()?;
    Ok(Author::person(visit.acting.organiser, visit.acting.user))
}

/// A user in the list.
struct Row {
    href: String,
    name: String,
    email: String,
    profile: &'static str,
    /// For how many crèches there are rights; none where the profile says it all.
    creches: Option<usize>,
    active: bool,
    last_login: Option<String>,
}

impl Row {
    fn new(user: &User, language: Language) -> Self {
        let profile = user.mandate.profile;
        Self {
            href: format!("{PART}/{}", user.id),
            name: format!("{} {}", user.details.family_name, user.details.given_name),
            email: user.details.email.clone().into(),
            profile: profile.label().get(language),
            creches: (profile == Profile::DataManager).then_some(user.mandate.rights.len()),
            active: user.deactivated_at.is_none(),
            last_login: user.last_login_at.map(moment),
        }
    }
}

#[derive(Template)]
#[template(path = "users.html", config = ".config/askama.toml")]
struct UsersPage {
    shell: Shell,
    notices: Vec<String>,
    rows: Vec<Row>,
    total: usize,
    words: String,
    profiles: Vec<view::Choice>,
    states: Vec<view::Choice>,
}

/// Those who may log in and those who may not.
const STATES: [(&str, Text); 2] = [
    ("active", Text { fr: "Actifs", nl: "Actief", en: "Active" }),
    ("deactivated", Text { fr: "Désactivés", nl: "Gedeactiveerd", en: "Deactivated" }),
];

impl UsersPage {
    fn new(visit: &Visit, found: &Listed, fields: &Fields) -> Self {
        let language = visit.language;
        let choice = |name: &'static str, value: &'static str, label: Text| {
            view::Choice::new(value, label.get(language), fields.get(name) == value)
        };
        Self {
            shell: Shell::at(PART, visit),
            notices: found.warnings.iter().map(|warning| warning.detail_for_people(language)).collect(),
            rows: found.users.iter().map(|user| Row::new(user, language)).collect(),
            total: found.total,
            words: fields.get("words").to_owned(),
            profiles: Profile::ALL.map(|profile| choice("profile", profile.code(), profile.label())).into(),
            states: STATES.map(|(code, label)| choice("state", code, label)).into(),
        }
    }
}

async fn list(visit: Visit, Asked(_asked): Asked) -> Result<Response> {
    let found = users::list(&visit.app, &author(&visit)?, &Search::default()).await?;
    let page = UsersPage::new(&visit, &found, &Fields::default());
    Ok(show(&page))
}

async fn search(Form { visit, fields }: Form) -> Result<Response> {
    let active = STATES.iter().position(|(code, _)| *code == fields.get("state")).map(|state| state == 0);
    let search = Search { words: fields.get("words").to_owned(), profile: fields.get("profile").parse().ok(), active };
    let found = users::list(&visit.app, &author(&visit)?, &search).await?;
    Ok(show(&UsersPage::new(&visit, &found, &fields)))
}
