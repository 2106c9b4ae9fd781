//! The contract: one hand-written document, served as it is and converted to JSON once.

use std::sync::LazyLock;

use super::published;
use crate::app::contract::OPENAPI;
use crate::http::Gateway;
use crate::http::answer::Answer;
use crate::http::extract::{IfNoneMatch, Media};
use crate::http::operations::{Access, Route};
use crate::http::problem::{Problem, Result};

/// The document in JSON; why not, should the document not be YAML.
static JSON: LazyLock<Result<Vec<u8>, String>> = LazyLock::new(|| {
    let document: serde_json::Value = serde_saphyr::from_str(OPENAPI).map_err(|error| error.to_string())?;
    serde_json::to_vec(&document).map_err(|error| error.to_string())
});

pub(super) fn routes<G: Gateway>() -> Vec<Route<G>> {
    vec![
        // Both forms have an address of their own: whoever asks gets it, whatever it accepts.
        Route::get("/doc/openapi.yaml", "getOpenApiYaml", Access::Open, get_open_api_yaml).produces(&[]),
        Route::get("/doc/openapi.json", "getOpenApiJson", Access::Open, get_open_api_json).produces(&[]),
    ]
}

async fn get_open_api_yaml(known: IfNoneMatch) -> Answer {
    published(Media::Yaml, OPENAPI.as_bytes().to_vec(), &known)
}

async fn get_open_api_json(known: IfNoneMatch) -> Result<Answer> {
    let json = JSON.as_ref().map_err(|error| Problem::internal(error.as_str()))?;
    Ok(published(Media::Json, json.clone(), &known))
}
