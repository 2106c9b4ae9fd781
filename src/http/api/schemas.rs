//! The published JSON Schemas: the very files that payloads are held to.

use serde::Deserialize;

use super::published;
use crate::app::contract::Schemas;
use crate::http::Gateway;
use crate::http::answer::Answer;
use crate::http::extract::{IfNoneMatch, Media, Path};
use crate::http::operations::{Access, Route};
use crate::http::problem::{Problem, Result};

pub(super) fn routes<G: Gateway>() -> Vec<Route<G>> {
    let get = Route::get("/schemas/{schemaName}", "getSchema", Access::Open, get_schema);
    vec![get.produces(&[Media::Schema, Media::Json])]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SchemaPath {
    schema_name: String,
}

async fn get_schema(Path(path): Path<SchemaPath>, known: IfNoneMatch) -> Result<Answer> {
    let schema = Schemas::text(&path.schema_name).ok_or_else(|| Problem::not_found("schemaName"))?;
    Ok(published(Media::Schema, schema.into(), &known))
}
