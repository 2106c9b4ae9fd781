//! Parsing of requests, and the findings about malformed ones.

use axum::body::Body;
use axum::http::{Method, Request};

use super::{KEY, LIMIT, Reply, THING, get_with, request, send, shop, surroundings};

fn codes(reply: &Reply) -> Vec<(&str, &str)> {
    let issues = reply.body["issues"].as_array().map(Vec::as_slice).unwrap_or_default();
    issues.iter().map(|issue| (issue["code"].as_str().unwrap(), issue["name"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn parameters_are_read() {
    let reply = get_with("/things?from=2026-07&lines=500&status=present&status=justifiedAbsence&dryRun=true", &[KEY]);
    let expected = serde_json::json!({
        "from": "2026-07", "lines": 500, "statuses": ["present", "justifiedAbsence"], "dryRun": true
    });
    assert_eq!(reply.await.body, expected);
}

#[tokio::test]
async fn every_wrong_parameter_is_reported_at_once() {
    let reply = get_with("/things?form=1&from=07-2026&lines=501&status=gone&dryRun=yes&dryRun=no", &[KEY]).await;
    assert_eq!(reply.status, 400);
    let expected = [
        ("request.unknownParameter", "form"),
        ("request.malformedParameter", "from"),
        ("request.malformedParameter", "lines"),
        ("request.malformedParameter", "status"),
        ("request.repeatedParameter", "dryRun"),
        ("request.malformedParameter", "dryRun"),
    ];
    assert_eq!(codes(&reply), expected);
    let issues = &reply.body["issues"];
    assert_eq!(issues[0]["type"], "urn:problem-type:belgif:input-validation:unknownInput");
    assert_eq!(issues[0]["detail"].as_str().unwrap().matches("from, lines, status, dryRun").count(), 1);
    assert_eq!(issues[1]["value"], "07-2026");
    assert!(issues[1]["detail"].as_str().unwrap().ends_with("Send a month such as 2026-07."));
    assert!(issues[2]["detail"].as_str().unwrap().contains("between 1 and 500"));
    assert!(!reply.body.to_string().contains("{parameter}") && !reply.body.to_string().contains("{known}"));
}

/// The number of issues, the number of faults that they count, and the bytes of the response.
fn weight(reply: &Reply) -> (usize, u64, usize) {
    let issues = reply.body["issues"].as_array().map(Vec::as_slice).unwrap_or_default();
    let faults = issues.iter().map(|issue| issue["count"].as_u64().unwrap_or(1)).sum();
    (issues.len(), faults, reply.body.to_string().len())
}

#[tokio::test]
async fn thousands_of_wrong_parameters_are_counted_and_a_few_are_listed() {
    let names = (0..8300).map(|name| format!("{name:x}")).collect::<Vec<_>>().join("&");
    for (path, headers) in [("/health?", &[][..]), ("/things?", &[KEY])] {
        let reply = get_with(&format!("{path}{names}"), headers).await;
        let (issues, faults, bytes) = weight(&reply);
        assert_eq!((reply.status.as_u16(), issues, faults), (400, 21, 8300), "{path}");
        assert!(bytes < 20_000 && bytes < names.len(), "{path}: {bytes} bytes");
        assert_eq!(reply.body["detail"], "The request has 8300 errors: see the issues.");
        assert_eq!(reply.body["issues"][20]["places"].as_array().unwrap().len(), 20);
    }
    let values = (0..3000).map(|value| format!("status={value:x}")).collect::<Vec<_>>().join("&");
    let (issues, faults, bytes) = weight(&get_with(&format!("/things?{values}"), &[KEY]).await);
    assert_eq!((issues, faults), (21, 3000));
    assert!(bytes < 20_000, "{bytes} bytes");
    let same = "&status=present".repeat(2000);
    let reply = get_with(&format!("/things?{}", &same[1..]), &[KEY]).await;
    assert_eq!(reply.body["statuses"], serde_json::json!(["present"]), "the same again says nothing new");
}

#[tokio::test]
async fn operations_without_parameters_refuse_them_all() {
    let reply = get_with("/refused?key=crk_secret", &[]).await;
    assert_eq!(codes(&reply), [("request.unknownParameter", "key")]);
    assert!(!reply.body.to_string().contains("crk_secret"));
}

#[tokio::test]
async fn a_value_that_may_be_a_persons_number_is_not_echoed() {
    let reply = get_with("/things?from=85031497721", &[KEY]).await;
    assert!(!reply.body.to_string().contains("85031497721"));
}

#[tokio::test]
async fn malformed_ids_are_not_found_and_malformed_months_are_refused() {
    let reply = get_with("/creches/unknown/things/2026-07", &[KEY]).await;
    assert_eq!((reply.status.as_u16(), codes(&reply)), (404, vec![("request.unknownResource", "crecheId")]));
    let reply = get_with(&THING.replace("2026-07", "2026-13"), &[KEY]).await;
    assert_eq!((reply.status.as_u16(), codes(&reply)), (400, vec![("request.malformedPath", "month")]));
}

#[tokio::test]
async fn the_form_of_the_answer_is_negotiated() {
    const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let cases = [
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        (XLSX, XLSX),
        ("application/json;q=0.5, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", XLSX),
        ("text/html, */*;q=0.1", "application/json"),
    ];
    for (accept, expected) in cases {
        assert_eq!(get_with(THING, &[KEY, ("accept", accept)]).await.body["as"], expected, "{accept}");
    }
    for accept in ["text/html", "application/json;q=0", "*/*;q=0"] {
        let reply = get_with(THING, &[KEY, ("accept", accept)]).await;
        let expected = (406, "urn:problem-type:passerelle:notAcceptable");
        assert_eq!((reply.status.as_u16(), reply.kind()), expected, "{accept}");
    }
}

#[tokio::test]
async fn the_form_of_the_body_is_checked_before_it_is_read() {
    let shop = shop(surroundings(50));
    for kind in ["", "text/csv", "application/vnd.ms-excel.sheet.macroenabled.12", "application/json; charset=latin1"] {
        let reply = send(&shop, request(Method::PUT, THING, &[KEY, ("content-type", kind)])).await;
        let expected = (415, "urn:problem-type:passerelle:unsupportedMediaType");
        assert_eq!((reply.status.as_u16(), reply.kind()), expected, "{kind}");
        assert!(reply.header("accept").starts_with("application/json, "), "{kind}");
    }
    for (encoding, shown) in [("gzip", "gzip"), ("identity, BR", "BR"), ("x<y>{z}", "xyz")] {
        let zipped = [KEY, ("content-type", "application/json"), ("content-encoding", encoding)];
        let reply = send(&shop, request(Method::PUT, THING, &zipped)).await;
        let named = format!("Content-Encoding: {shown}, which the gateway does not read: send it as it is");
        assert!(reply.body["detail"].as_str().unwrap().contains(&named), "{}", reply.body);
        assert_eq!((reply.status.as_u16(), reply.header("accept-encoding")), (415, "identity"));
    }
    let latin = [KEY, ("content-type", "application/json; charset=latin1")];
    let reply = send(&shop, request(Method::PUT, THING, &latin)).await;
    assert!(reply.body["detail"].as_str().unwrap().contains("announced as latin1: send JSON in UTF-8"));
    for kind in [
        "application/json",
        "Application/JSON; charset=UTF-8",
        "application/json; charset=utf8",
        "application/json;Charset=\"utf-8\"",
        "application/json; profile=x; charset = UTF8",
        "application/vnd.ms-excel",
    ] {
        let reply = send(&shop, request(Method::PUT, THING, &[KEY, ("content-type", kind)])).await;
        assert_eq!(reply.status, 200, "{kind}");
    }
}

fn put(bytes: usize) -> Request<Body> {
    let (name, value) = KEY;
    Request::put(format!("/creche/v1{THING}"))
        .header(name, value)
        .header("content-type", "application/json")
        .body(Body::from(vec![b' '; bytes]))
        .unwrap()
}

#[tokio::test]
async fn a_body_may_be_as_large_as_the_limit_and_no_larger() {
    let shop = shop(surroundings(50));
    assert_eq!(send(&shop, put(LIMIT)).await.body["bytes"], LIMIT);
    let reply = send(&shop, put(LIMIT + 1)).await;
    assert_eq!((reply.status.as_u16(), reply.kind()), (413, "urn:problem-type:belgif:payloadTooLarge"));
    assert_eq!(reply.body["limit"], LIMIT);
}

#[tokio::test]
async fn tags_condition_writes_and_reads() {
    let shop = shop(surroundings(50));
    for (tag, status) in
        [("\"3\"", 200), ("\"2\", \"3\"", 200), ("*", 200), ("\"2\"", 412), ("W/\"3\"", 400), ("3", 400)]
    {
        let headers = [KEY, ("content-type", "application/json"), ("if-match", tag)];
        let reply = send(&shop, request(Method::PUT, THING, &headers)).await;
        assert_eq!(reply.status, status, "{tag}");
        if status == 412 {
            assert_eq!((reply.body["currentEtag"].as_str(), reply.header("etag")), (Some("\"3\""), "\"3\""));
        }
    }
    for (tag, status) in [("\"3\"", 304), ("W/\"3\"", 304), ("\"2\"", 200)] {
        let reply = send(&shop, request(Method::GET, THING, &[KEY, ("if-none-match", tag)])).await;
        assert_eq!((reply.status.as_u16(), reply.header("etag")), (status, "\"3\""), "{tag}");
    }
}

#[tokio::test]
async fn head_mirrors_get() {
    let shop = shop(surroundings(50));
    let reply = send(&shop, request(Method::HEAD, THING, &[KEY])).await;
    assert_eq!((reply.status.as_u16(), reply.header("etag")), (200, "\"3\""));
    assert_eq!(reply.body, "");
    let reply = send(&shop, request(Method::HEAD, THING, &[])).await;
    assert_eq!((reply.status.as_u16(), reply.body), (401, "".into()));
}
