//! The contract: one hand-written document, served as it is and converted to JSON once; and its derived form for
//! client generators.

use std::future::ready;
use std::sync::LazyLock;

use super::published;
use crate::app::contract::{BUNDLED, OPENAPI, VENDOR};
use crate::http::Gateway;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{IfNoneMatch, Media};
use crate::http::operation_table::{Access, Route};
use crate::http::problem::{Problem, Result};

/// A document converted to JSON; the error when it is not YAML.
type Json = LazyLock<Result<Vec<u8>, String>>;

static OPENAPI_JSON: Json = LazyLock::new(|| convert(OPENAPI));
static BUNDLED_JSON: Json = LazyLock::new(|| convert(BUNDLED));
static VENDOR_JSON: Json = LazyLock::new(|| convert(VENDOR));

fn convert(yaml: &str) -> Result<Vec<u8>, String> {
    let document: serde_json::Value = serde_saphyr::from_str(yaml).map_err(|error| error.to_string())?;
    serde_json::to_vec(&document).map_err(|error| error.to_string())
}

/// Every form has an address of its own: it is returned whatever the `Accept` header.
pub(super) fn routes<G: Gateway>() -> Vec<Route<G>> {
    vec![
        yaml("/doc/openapi.yaml", "getOpenApiYaml", OPENAPI),
        json("/doc/openapi.json", "getOpenApiJson", &OPENAPI_JSON),
        yaml("/doc/openapi.bundled.yaml", "getBundledOpenApiYaml", BUNDLED),
        json("/doc/openapi.bundled.json", "getBundledOpenApiJson", &BUNDLED_JSON),
        yaml("/doc/openapi.vendor.yaml", "getVendorOpenApiYaml", VENDOR),
        json("/doc/openapi.vendor.json", "getVendorOpenApiJson", &VENDOR_JSON),
    ]
}

fn yaml<G: Gateway>(path: &'static str, id: &'static str, text: &'static str) -> Route<G> {
    let get = move |known: IfNoneMatch| ready(published(Media::Yaml, text.into(), &known));
    Route::get(path, id, Access::Open, get).produces(&[])
}

fn json<G: Gateway>(path: &'static str, id: &'static str, document: &'static Json) -> Route<G> {
    let get = move |known: IfNoneMatch| ready(get_json(document, &known));
    Route::get(path, id, Access::Open, get).produces(&[])
}

fn get_json(document: &Json, known: &IfNoneMatch) -> Result<ResponseBuilder> {
    let json = document.as_ref().map_err(|error| Problem::internal(error.as_str()))?;
    Ok(published(Media::Json, json.clone(), known))
}
