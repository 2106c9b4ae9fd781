//! The context of every guarded handler.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::app::caller::Caller;
use crate::app::users::UserAdministrator;
use crate::app::{App, Precondition};
use crate::http::extract::{IfMatch, IfNoneMatch};
use crate::http::problem::{Problem, Result};
use crate::http::urls::Urls;
use crate::words::Language;

/// Caller, operation and language, and the root of the response's addresses.
pub(super) struct ApiCall {
    pub(super) app: App,
    pub(super) caller: Caller,
    pub(super) urls: Urls,
    pub(super) language: Language,
}

impl ApiCall {
    /// The calling user as the author of changes of users. The table of operations refuses keys.
    pub(super) fn author(&self) -> Result<UserAdministrator> {
        let person = |user| UserAdministrator::person(self.caller.organiser, user);
        self.caller.person().map(person).ok_or_else(|| Problem::internal("a key where people are asked for"))
    }
}

impl FromRequestParts<App> for ApiCall {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let Ok(urls) = Urls::from_request_parts(parts, app).await;
        let Ok(language) = Language::from_request_parts(parts, app).await;
        Ok(Self { app: app.clone(), caller, urls, language })
    }
}

/// The precondition of a write: `If-Match`, or `If-None-Match: *` where there should be none yet. A
/// version's tag may name a form besides its number (`3-xlsx`): both forms are the same version.
pub(super) struct PreconditionHeader(pub(super) Precondition);

impl FromRequestParts<App> for PreconditionHeader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let known = IfMatch::from_request_parts(parts, app).await?;
        let number = |tag: &str| tag.split('-').next().and_then(|number| number.parse().ok());
        let fresh = IfNoneMatch::from_request_parts(parts, app).await?.is_any();
        Ok(Self(if fresh { Precondition::New } else { known.guard(number) }))
    }
}
