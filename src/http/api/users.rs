//! The organiser's users. For people only: no key gets here.

mod body;

use axum::http::{StatusCode, header};

use self::body::{UserBody, UsersBody};
use super::at::AtUser;
use super::call::{Call, Precondition};
use super::once;
use crate::app::users::{self, Search};
use crate::app::{App, users::Document as Said};
use crate::domain::text::Text;
use crate::http::answer::Answer;
use crate::http::extract::{Document, IfNoneMatch, Parameters, Path, Query, Reader};
use crate::http::operations::{Access, Route};
use crate::http::problem::Result;

const LIST: &str = "/users";
const ONE: &str = "/users/{userId}";

pub(super) fn routes() -> Vec<Route<App>> {
    vec![
        Route::get(LIST, "listUsers", Access::UserManager, list_users).query(&["profile", "active"]),
        once::create(LIST, "addUser", Access::UserManager, add_user),
        Route::get(ONE, "getUser", Access::UserManager, get_user),
        Route::patch(ONE, "changeUser", Access::UserManager, change_user),
        Route::delete(ONE, "deleteUser", Access::UserManager, delete_user),
    ]
}

/// What a profile looks like.
const PROFILE: Text = Text {
    fr: "administrator, userManager ou dataManager",
    nl: "administrator, userManager of dataManager",
    en: "administrator, userManager or dataManager",
};
/// What yes or no looks like.
const FLAG: Text = Text { fr: "true ou false", nl: "true of false", en: "true or false" };

impl Parameters for Search {
    fn read(query: &mut Reader) -> Self {
        Self {
            words: String::new(),
            profile: query.optional("profile", PROFILE),
            active: query.optional("active", FLAG),
        }
    }
}

async fn list_users(call: Call, Query(search): Query<Search>) -> Result<Answer> {
    let author = call.author()?;
    let Call { app, urls, language, .. } = call;
    let found = users::list(&app, &author, &search).await?;
    Ok(Answer::json(&UsersBody::new(&found, &search, language, &urls)).language(language))
}

async fn add_user(call: Call, document: Document) -> Result<Answer> {
    let author = call.author()?;
    let user = users::add(&call.app, &author, Said::Json(&document.bytes)).await?;
    let body = UserBody::whole(&user, &call.urls);
    let answer = Answer::json(&body).status(StatusCode::CREATED).header(header::LOCATION, body.address());
    Ok(answer.etag(&user.version.to_string()))
}

async fn get_user(call: Call, Path(AtUser { user }): Path<AtUser>, known: IfNoneMatch) -> Result<Answer> {
    let user = users::find(&call.app, &call.author()?, user).await?.user;
    let tag = user.version.to_string();
    if known.has(&tag) {
        return Ok(Answer::not_modified(&tag));
    }
    Ok(Answer::json(&UserBody::whole(&user, &call.urls)).etag(&tag))
}

async fn change_user(
    call: Call,
    Path(AtUser { user }): Path<AtUser>,
    Precondition(guard): Precondition,
    document: Document,
) -> Result<Answer> {
    let changed = users::change(&call.app, &call.author()?, user, &guard, Said::Json(&document.bytes)).await?;
    let user = changed.user;
    Ok(Answer::json(&UserBody::whole(&user, &call.urls)).etag(&user.version.to_string()))
}

async fn delete_user(
    call: Call,
    Path(AtUser { user }): Path<AtUser>,
    Precondition(guard): Precondition,
) -> Result<Answer> {
    users::delete(&call.app, &call.author()?, user, &guard).await?;
    Ok(Answer::nothing())
}
