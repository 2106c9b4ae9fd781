//! The closures of a crèche.

use serde::Serialize;

use super::DryRun;
use super::call_context::{ApiCall, PreconditionHeader};
use crate::app::{App, closures};
use crate::domain::closure::Closure;
use crate::domain::rule::Severity;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{BodyDocument, IfNoneMatch, Path, Query};
use crate::http::finding::FindingBody;
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtCreche;
use crate::http::problem::Result;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ClosuresBody {
    #[serde(rename = "self")]
    this: String,
    items: Vec<Closure>,
    #[serde(flatten)]
    put: Option<PutBody>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PutBody {
    written: bool,
    unchanged: bool,
    has_warnings: bool,
    warnings: Vec<FindingBody>,
}

const PATH: &str = "/creches/{crecheId}/closures";

pub(super) fn routes() -> Vec<Route<App>> {
    vec![
        Route::get(PATH, "getClosures", Access::Scope(closures::READ), get_closures),
        Route::put(PATH, "putClosures", Access::Scope(closures::WRITE), put_closures).query(&["dryRun"]),
    ]
}

async fn get_closures(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtCreche { creche: id }): Path<AtCreche>,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    let found = closures::read(&app, &caller, id).await?;
    let tag = found.version.to_string();
    if known.has(&tag) {
        return Ok(ResponseBuilder::not_modified(&tag));
    }
    let this = urls.api(format_args!("/creches/{id}/closures"));
    Ok(ResponseBuilder::json(&ClosuresBody { this, items: found.items, put: None }).etag(&tag))
}

async fn put_closures(
    ApiCall { app, caller, urls, language }: ApiCall,
    Path(AtCreche { creche: id }): Path<AtCreche>,
    Query(DryRun(dry_run)): Query<DryRun>,
    PreconditionHeader(precondition): PreconditionHeader,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    let stored = closures::replace(&app, &caller, id, &document.bytes, &precondition, dry_run).await?;
    let warnings = FindingBody::of(&stored.warnings, Severity::Warning, language, &urls);
    let put =
        PutBody { written: stored.written, unchanged: stored.unchanged, has_warnings: !warnings.is_empty(), warnings };
    let this = urls.api(format_args!("/creches/{id}/closures"));
    let body = ClosuresBody { this, items: stored.items, put: Some(put) };
    Ok(ResponseBuilder::json(&body).etag(&stored.version.to_string()).language(language))
}
