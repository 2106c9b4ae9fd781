//! The table of operations is the contract's: same methods and paths, same names, same keys, same parameters and forms.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use passerelle::api;
use passerelle::app::contract::OPENAPI;
use passerelle::http::extract::Media;
use passerelle::http::operation_table::{Access, Operation};
use serde_json::Value;

use super::get_with;

/// One operation as a sentence, so that a difference can be read.
fn sentence(
    (method, path): (&str, &str),
    id: &str,
    access: &str,
    (once, end): (bool, Option<String>),
    query: Vec<&str>,
    bodies: Vec<&str>,
) -> String {
    let (mut query, mut bodies) = (query, bodies);
    query.sort_unstable();
    bodies.sort_unstable();
    let once = if once { " once" } else { "" };
    let end = end.map(|day| format!(" until {day}")).unwrap_or_default();
    format!("{method} {path} {id}{once}{end} [{access}] ?{} <{}", query.join("&"), bodies.join(" "))
}

fn ours(operation: &Operation) -> String {
    let access = match operation.access {
        Access::Open => "open",
        Access::KeyOrUser => "any",
        Access::KeyOnly => "key",
        Access::KeyOrAdministrator => "keyOrAdministrator",
        Access::Scope(scope) => scope.code(),
        Access::Administrator => "administrator",
        Access::UserManager => "userManager",
        Access::Agent => "agent",
        Access::Agency(scope) => scope.code(),
        Access::AgencyFeed => "claims:read|payments:read",
        Access::Credential => panic!("{} is for every credential", operation.id),
    };
    let bodies = operation.consumes.iter().map(|media: &Media| media.mime()).collect();
    let method = operation.method.as_str().to_lowercase();
    let end = operation.end.map(|end| end.sunset.to_string());
    sentence((&method, operation.path), operation.id, access, (operation.once, end), operation.query.to_vec(), bodies)
}

fn published() -> BTreeSet<String> {
    let contract: Value = serde_saphyr::from_str(OPENAPI).unwrap();
    let mut sentences = BTreeSet::new();
    for (path, item) in contract["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap().iter().filter(|(name, _)| *name != "parameters") {
            let open = operation["security"].as_array().is_some_and(Vec::is_empty);
            let access = if open { "open" } else { operation["x-scope"].as_str().unwrap_or("any") };
            let listed = [&item["parameters"], &operation["parameters"]];
            let listed = listed.into_iter().filter_map(Value::as_array).flatten();
            let listed: Vec<_> = listed
                .map(|parameter| match parameter["$ref"].as_str() {
                    Some(target) => contract.pointer(target.trim_start_matches('#')).unwrap(),
                    None => parameter,
                })
                .collect();
            let once = listed.iter().any(|parameter| parameter["name"] == "Idempotency-Key");
            let query = listed.into_iter().filter(|parameter| parameter["in"] == "query");
            let query = query.map(|parameter| parameter["name"].as_str().unwrap()).collect();
            let bodies = operation["requestBody"]["content"].as_object();
            let bodies = bodies.map(|content| content.keys().map(String::as_str).collect()).unwrap_or_default();
            let end = (operation["deprecated"] == true).then(|| operation["x-sunset"].as_str().unwrap().to_owned());
            let id = operation["operationId"].as_str().unwrap();
            sentences.insert(sentence((method, path), id, access, (once, end), query, bodies));
        }
    }
    sentences
}

#[test]
fn the_table_is_the_contract() {
    let ours: BTreeSet<_> = api::routes().iter().map(|route| ours(&route.operation)).collect();
    let published = published();
    let missing: Vec<_> = published.difference(&ours).collect();
    let unknown: Vec<_> = ours.difference(&published).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "only published: {missing:#?}\nonly ours: {unknown:#?}");
}

#[tokio::test]
async fn an_operation_with_an_end_says_so_in_every_response_and_no_other_does() {
    let ends = get_with("/ends", &[]).await;
    assert_eq!(ends.status, StatusCode::BAD_REQUEST);
    assert_eq!((ends.header("deprecation"), ends.header("sunset")), ("@1798761600", "Thu, 01 Jul 2027 00:00:00 GMT"));
    assert_eq!(ends.header("link"), "</docs/changelog>; rel=\"deprecation\"; type=\"text/html\"");
    let refused = get_with("/ends?unknown=1", &[]).await;
    assert_eq!((refused.kind(), refused.header("deprecation")), ("urn:problem-type:belgif:badRequest", "@1798761600"));
    let lasts = get_with("/refused", &[]).await;
    assert_eq!((lasts.header("deprecation"), lasts.header("sunset"), lasts.header("link")), ("", "", ""));
}
