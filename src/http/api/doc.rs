//! The contract: one hand-written document, served as it is and converted to JSON once.

use std::sync::LazyLock;

use super::published;
use crate::app::contract::{OPENAPI, SUFFIX, TEXTS};
use crate::http::Gateway;
use crate::http::answer::Answer;
use crate::http::extract::{IfNoneMatch, Media};
use crate::http::operations::{Access, Route};
use crate::http::problem::{Problem, Result};

/// The document as it is served. It is kept beside the schemas that it points at; served, they are next door.
static SERVED: LazyLock<String> = LazyLock::new(|| {
    let moved = |line: String, (name, _): &(&str, &str)| {
        let file = format!("{name}{SUFFIX}");
        line.replace(&file, &format!("../schemas/{file}"))
    };
    let line = |line: &str| {
        let beside = line.contains("$ref") && !line.contains("/schemas/");
        if beside { TEXTS.iter().fold(line.to_owned(), moved) } else { line.to_owned() }
    };
    OPENAPI.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
});

/// The same in JSON; why not, should the document not be YAML.
static JSON: LazyLock<Result<Vec<u8>, String>> = LazyLock::new(|| {
    let document: serde_json::Value = serde_saphyr::from_str(&SERVED).map_err(|error| error.to_string())?;
    serde_json::to_vec(&document).map_err(|error| error.to_string())
});

pub(super) fn routes<G: Gateway>() -> Vec<Route<G>> {
    vec![
        // Both forms have an address of their own: whoever asks gets it, whatever it accepts.
        Route::get("/doc/openapi.yaml", "getContractAsYaml", Access::Open, get_contract_as_yaml).produces(&[]),
        Route::get("/doc/openapi.json", "getContractAsJson", Access::Open, get_contract_as_json).produces(&[]),
    ]
}

async fn get_contract_as_yaml(known: IfNoneMatch) -> Answer {
    published(Media::Yaml, SERVED.as_bytes().to_vec(), &known)
}

async fn get_contract_as_json(known: IfNoneMatch) -> Result<Answer> {
    let json = JSON.as_ref().map_err(|error| Problem::internal(error.as_str()))?;
    Ok(published(Media::Json, json.clone(), &known))
}
