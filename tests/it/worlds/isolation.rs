//! Two worlds never see each other, and neither sees the sandbox around it.

use std::collections::BTreeMap;

use passerelle::api;
use passerelle::http::operation_table::Access;
use reqwest::Method;
use serde_json::{Value, json};

use super::{MadeWorld, WorldClient, autumn, started};
use crate::harness::process::answer;

/// A path of the table with the ids of a world.
fn path_in(world: &MadeWorld, path: &str) -> String {
    let known = BTreeMap::from([
        ("organiserId", world.text("/organisers/0/id")),
        ("crecheId", world.creche()),
        ("applicationId", world.text("/organisers/0/applications/0/id")),
        ("month", "2026-09"),
        ("quarter", "2026Q3"),
    ]);
    let segment = |segment: &str| match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
        Some(name) => (*known.get(name).unwrap_or(&"019a5c00-0000-7000-8000-0000000000ff")).to_owned(),
        None => segment.to_owned(),
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn no_operation_of_one_world_accepts_a_key_of_another() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    // With one seed they have the same ids: nothing but the world itself keeps them apart.
    let (one, other) = (client.make(autumn(1)).await, client.make(autumn(1)).await);
    assert_eq!(one.0["organisers"][0]["id"], other.0["organisers"][0]["id"]);
    assert_eq!(one.deposit("2026-09").await.0, 201);
    let strangers = [
        (one.text("/organisers/0/applications/0/keys/0/key"), one.text("/agency/key")),
        (
            sandbox.text("/organisers/0/applications/0/keys/0/key"),
            // The sandbox itself has no key of the agency: that of the other world will do.
            one.text("/agency/key"),
        ),
    ];
    let root = sandbox.text("/apiUrl");
    let mut tried = 0;
    for route in api::routes() {
        let operation = &route.operation;
        if operation.access == Access::Open {
            continue;
        }
        let path = path_in(&one, operation.path);
        let method = Method::from_bytes(operation.method.as_str().as_bytes()).unwrap();
        let is_agency = operation.path.starts_with("/agency");
        let mut attempts: Vec<_> = strangers
            .iter()
            .map(|(key, agency)| (other.text("/apiUrl"), if is_agency { *agency } else { *key }))
            .collect();
        attempts.push((root, if is_agency { strangers[0].1 } else { strangers[0].0 }));
        for (api, key) in attempts {
            let request = client.http.request(method.clone(), format!("{api}{path}")).bearer_auth(key);
            let (status, document) = answer(request).await.unwrap();
            assert_eq!(status, 401, "{method} {path}: {document}");
            tried += 1;
        }
    }
    assert!(tried > 150, "{tried}");
    let read = |world: &MadeWorld| (world.vendor(), world.attendance("2026-09"));
    let (vendor, path) = read(&one);
    assert_eq!(vendor.read(&path).await.0, 200);
    let (vendor, path) = read(&other);
    assert_eq!(vendor.read(&path).await.0, 404);
    for (vendor, knows) in [(one.vendor(), true), (other.vendor(), false), (sandbox.vendor(), false)] {
        let events = vendor.read("/events").await.1.to_string();
        assert_eq!(events.contains("attendanceStatement.deposited"), knows, "{events}");
    }
}

#[tokio::test]
async fn the_secret_of_one_world_opens_no_other() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    let (one, other) = (client.make(autumn(1)).await, client.make(autumn(2)).await);
    let operations = [
        (Method::GET, ""),
        (Method::DELETE, ""),
        (Method::POST, "/reset"),
        (Method::GET, "/export"),
        (Method::POST, "/session"),
    ];
    for (method, below) in operations {
        let (status, _) = client.call(method.clone(), &other.path(below), one.secret()).await;
        assert_eq!(status, 404, "{method} {below}");
        let (status, problem) = answer(client.request(method.clone(), &other.path(below))).await.unwrap();
        assert_eq!(
            (status, &problem["type"]),
            (401, &json!("urn:problem-type:belgif:noAccessToken")),
            "{method} {below}"
        );
    }
    let listed = client.call(Method::GET, "/sandbox/worlds", one.secret()).await.1;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["id"], one.0["id"]);
    // A further world under the same secret.
    let request = client.request(Method::POST, "/sandbox/worlds").bearer_auth(one.secret()).json(&autumn(3));
    assert_eq!(answer(request).await.unwrap().0, 201);
    let listed = client.call(Method::GET, "/sandbox/worlds", one.secret()).await.1;
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
}

/// What is answered to a browser with these cookies: the status, the text, and where it leads.
async fn browse(client: &WorldClient, path: &str, cookies: &str) -> (u16, String, String) {
    let request = client.request(Method::GET, path).header("accept", "text/html").header("cookie", cookies);
    let response = request.send().await.unwrap();
    let header = |name: &str| response.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
    let (status, location) = (response.status().as_u16(), header("location"));
    (status, response.text().await.unwrap(), location)
}

/// The cookie that opens the pages of a world.
async fn opened(client: &WorldClient, world: &MadeWorld) -> String {
    let request = client.request(Method::POST, &world.path("/session")).bearer_auth(world.secret());
    let response = request.send().await.unwrap();
    assert_eq!(response.status().as_u16(), 204);
    response.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn pages_and_the_list_of_persons_open_with_the_secret_alone() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    let (one, other) = (client.make(autumn(1)).await, client.make(autumn(2)).await);
    let (own, foreign) = (opened(&client, &one).await, opened(&client, &other).await);
    let below = |path: &str| format!("/worlds/{}{path}", one.text("/id"));
    for path in ["/console/login", "/csam/authorize", "/login/return", "/sandbox/receiver/", "/sandbox/receiver/a"] {
        for cookie in ["", foreign.as_str(), "passerelle-world=x", "passerelle-world=a.world_b"] {
            let (status, page, _) = browse(&client, &below(path), cookie).await;
            assert_eq!(status, 401, "{path} {cookie}: {page}");
        }
    }
    assert_eq!(browse(&client, &below("/console/login"), &own).await.0, 200);
    // The way to a log-in, as a browser takes it: by the path of the world, or by the cookie alone.
    for begin in [below("/console/login/begin"), "/console/login/begin".to_owned()] {
        let (status, _, location) = browse(&client, &begin, &own).await;
        let csam = location.strip_prefix(&client.base).unwrap();
        assert!(status == 303 && csam.starts_with(&below("/csam/authorize?")), "{status} {location}");
        let (status, page, _) = browse(&client, csam, &own).await;
        let agent = one.0["personas"].as_array().unwrap().last().unwrap()["familyName"].as_str().unwrap();
        assert!(status == 200 && page.contains(agent), "{page}");
        assert_eq!(browse(&client, csam, &foreign).await.0, 401);
    }
    // Without the cookie the pages are those of the sandbox around.
    let (_, _, location) = browse(&client, "/console/login/begin", "").await;
    assert!(location.starts_with(&format!("{}/csam/authorize?", client.base)), "{location}");
}

#[tokio::test]
async fn software_finds_what_it_needs_below_the_path_of_the_world() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    let world = client.make(autumn(1)).await;
    let base = world.text("/baseUrl").to_owned();
    let get = async |path: String| answer(client.http.get(path)).await.unwrap();
    let (status, provider) = get(format!("{base}/csam/.well-known/openid-configuration")).await;
    assert_eq!((status, &provider["issuer"]), (200, &json!(format!("{base}/csam"))));
    assert_eq!(get(provider["jwks_uri"].as_str().unwrap().to_owned()).await.0, 200);
    assert_eq!(get(format!("{base}/creche/v1/health")).await.0, 200);
    let (status, caller) = world.vendor().read("/caller").await;
    assert_eq!((status, &caller["organiser"]["id"]), (200, &world.0["organisers"][0]["id"]));
    for unknown in ["/worlds/019a5c00-0000-7000-8000-000000000001/creche/v1/health", "/worlds/x", "/worlds/"] {
        let (status, problem): (u16, Value) = get(format!("{}{unknown}", client.base)).await;
        assert_eq!(status, 404, "{unknown}: {problem}");
    }
}
