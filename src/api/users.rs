//! The organiser's users. For users only: keys are refused.

mod body;

use axum::http::{StatusCode, header};

use self::body::{UserBody, UsersBody};
use super::call_context::{ApiCall, PreconditionHeader};
use super::idempotency_key;
use crate::app::users::{self, UserSearch};
use crate::app::{App, users::UserDocument as Said};
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{BodyDocument, IfNoneMatch, Parameters, Path, Query, QueryReader};
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtUser;
use crate::http::problem::Result;
use crate::words::{self, LocalText};

const LIST: &str = "/users";
const ONE: &str = "/users/{userId}";

pub(super) fn routes() -> Vec<Route<App>> {
    vec![
        Route::get(LIST, "listUsers", Access::UserManager, list_users).query(&["profile", "active"]),
        idempotency_key::create(LIST, "addUser", Access::UserManager, add_user),
        Route::get(ONE, "getUser", Access::UserManager, get_user),
        Route::patch(ONE, "changeUser", Access::UserManager, change_user),
        Route::delete(ONE, "deleteUser", Access::UserManager, delete_user),
    ]
}

/// The format of a profile.
const PROFILE: LocalText = words::api::PROFILE;
/// The format of a boolean.
const FLAG: LocalText = words::common::TRUE_OR_FALSE;

impl Parameters for UserSearch {
    fn read(query: &mut QueryReader) -> Self {
        Self {
            words: String::new(),
            profile: query.optional("profile", PROFILE),
            active: query.optional("active", FLAG),
        }
    }
}

async fn list_users(call: ApiCall, Query(search): Query<UserSearch>) -> Result<ResponseBuilder> {
    let author = call.author()?;
    let ApiCall { app, urls, language, .. } = call;
    let found = users::list(&app, &author, &search).await?;
    Ok(ResponseBuilder::json(&UsersBody::new(&found, &search, language, &urls)).language(language))
}

async fn add_user(call: ApiCall, document: BodyDocument) -> Result<ResponseBuilder> {
    let author = call.author()?;
    let user = users::add(&call.app, &author, Said::Json(&document.bytes)).await?;
    let body = UserBody::with_address(&user, &call.urls);
    let answer = ResponseBuilder::json(&body).status(StatusCode::CREATED).header(header::LOCATION, body.address());
    Ok(answer.etag(&user.version.to_string()))
}

async fn get_user(call: ApiCall, Path(AtUser { user }): Path<AtUser>, known: IfNoneMatch) -> Result<ResponseBuilder> {
    let user = users::find(&call.app, &call.author()?, user).await?.user;
    let tag = user.version.to_string();
    if known.has(&tag) {
        return Ok(ResponseBuilder::not_modified(&tag));
    }
    Ok(ResponseBuilder::json(&UserBody::with_address(&user, &call.urls)).etag(&tag))
}

async fn change_user(
    call: ApiCall,
    Path(AtUser { user }): Path<AtUser>,
    PreconditionHeader(precondition): PreconditionHeader,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    let changed = users::change(&call.app, &call.author()?, user, &precondition, Said::Json(&document.bytes)).await?;
    let user = changed.user;
    Ok(ResponseBuilder::json(&UserBody::with_address(&user, &call.urls)).etag(&user.version.to_string()))
}

async fn delete_user(
    call: ApiCall,
    Path(AtUser { user }): Path<AtUser>,
    PreconditionHeader(precondition): PreconditionHeader,
) -> Result<ResponseBuilder> {
    users::delete(&call.app, &call.author()?, user, &precondition).await?;
    Ok(ResponseBuilder::no_content())
}
