//! The published JSON Schemas: the very files that payloads are validated with.

use serde::Deserialize;

use super::published;
use crate::app::contract::Schemas;
use crate::http::Gateway;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{IfNoneMatch, Media, Path};
use crate::http::operation_table::{Access, Route};
use crate::http::problem::{Problem, Result};

pub(super) fn routes<G: Gateway>() -> Vec<Route<G>> {
    let get = Route::get("/schemas/{schemaName}", "getSchema", Access::Open, get_schema);
    let of_event = Route::get("/schemas/events/{schemaName}", "getEventSchema", Access::Open, get_event_schema);
    [get, of_event].map(|route| route.produces(&[Media::Schema, Media::Json])).into()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SchemaPath {
    schema_name: String,
}

async fn get_schema(Path(path): Path<SchemaPath>, known: IfNoneMatch) -> Result<ResponseBuilder> {
    answer(&path.schema_name, &known)
}

async fn get_event_schema(Path(path): Path<SchemaPath>, known: IfNoneMatch) -> Result<ResponseBuilder> {
    answer(&format!("events/{}", path.schema_name), &known)
}

fn answer(file: &str, known: &IfNoneMatch) -> Result<ResponseBuilder> {
    let schema = Schemas::text(file).ok_or_else(|| Problem::not_found("schemaName"))?;
    Ok(published(Media::Schema, schema.into(), known))
}
