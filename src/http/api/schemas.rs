//! The published JSON Schemas: the very files that payloads are held to.

use serde::Deserialize;

use super::published;
use crate::http::Gateway;
use crate::http::answer::Answer;
use crate::http::extract::{IfNoneMatch, Media, Path};
use crate::http::operations::{Access, Route};
use crate::http::problem::{Problem, Result};

/// Every schema, by the name of its file.
pub(super) const ALL: &[(&str, &str)] = &[
    ("attendance-statement.schema.json", include_str!("../../../schemas/attendance-statement.schema.json")),
    ("closures.schema.json", include_str!("../../../schemas/closures.schema.json")),
    ("finding.schema.json", include_str!("../../../schemas/finding.schema.json")),
    ("problem.schema.json", include_str!("../../../schemas/problem.schema.json")),
];

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
    let named = |name: &str| name == path.schema_name || name.strip_suffix(".schema.json") == Some(&path.schema_name);
    let schema = ALL.iter().find(|(name, _)| named(name)).ok_or_else(|| Problem::not_found("schemaName"))?;
    Ok(published(Media::Schema, schema.1.into(), &known))
}
