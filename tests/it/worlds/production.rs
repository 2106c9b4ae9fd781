//! In production there are neither worlds nor scenarios, in a program that could have them, whatever is set.

use passerelle::sandbox::scenarios::catalogue::Scenario;
use reqwest::Method;
use serde_json::Value;

use super::WorldClient;
use crate::cli::{Operator, attendance_document};
use crate::harness::database::Database;
use crate::harness::process::{Caller, answer};

const CONTRACT: &str = include_str!("../../../schemas/sandbox/sandbox.openapi.yaml");

/// The operations on worlds: method and path.
pub(super) fn operations() -> Vec<(Method, String)> {
    let contract: Value = serde_saphyr::from_str(CONTRACT).unwrap();
    let paths = contract["paths"].as_object().unwrap().iter();
    let methods = ["get", "put", "post", "delete", "patch"];
    let of_path = |(path, item): (&String, &Value)| {
        let here = methods.iter().filter(|method| item.get(**method).is_some());
        here.map(|method| (Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(), path.clone()))
            .collect::<Vec<_>>()
    };
    paths.flat_map(of_path).collect()
}

/// The codes of all scenarios.
fn scenarios() -> Vec<&'static str> {
    Scenario::all().map(Scenario::code).collect()
}

/// What is answered to a call with and without the header that asks for a scenario.
async fn both_ways(caller: &Caller, path: &str, code: &str) -> [(u16, Value, bool); 2] {
    let mut answers = Vec::new();
    for request in [caller.get(path), caller.get(path).header("passerelle-scenario", code)] {
        let response = request.send().await.expect("it is answered");
        let (status, is_named) = (response.status().as_u16(), response.headers().contains_key("passerelle-scenario"));
        let mut document: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default();
        if let Some(document) = document.as_object_mut() {
            document.remove("instance");
        }
        answers.push((status, document, is_named));
    }
    answers.try_into().unwrap()
}

/// A path with an id.
fn filled(path: &str) -> String {
    path.replace("{worldId}", "019a5c00-0000-7000-8000-0000000000ff").replace("{advanceId}", "1")
}

#[tokio::test]
async fn nothing_of_worlds_is_there_in_production() {
    let operator = Operator::at(&Database::sqlite().await);
    let directory = operator.path("worlds");
    let settings = [
        String::new(),
        "[worlds]\nmost = 5\n".to_owned(),
        format!("[worlds]\ndirectory = \"{}\"\n", directory.display()),
        format!("[worlds]\ndirectory = \"{}\"\nperAddressPerHour = 1000\n", directory.display()),
    ];
    let world = "/worlds/019a5c00-0000-7000-8000-0000000000ff";
    let others = [
        "/sandbox",
        "/sandbox/scenarios/",
        "/sandbox/worlds/-/refused",
        "/sandbox/receiver/a",
        "/csam/authorize",
        world,
    ]
    .into_iter()
    .map(str::to_owned)
    .chain(["/creche/v1/caller", "/console", "/csam/jwks"].map(|below| format!("{world}{below}")));
    let others: Vec<_> = others.collect();
    for setting in settings {
        operator.configure("sqlite:production.db", "");
        operator.configure_more(&setting);
        operator.run(&["migrate"]).expect_success();
        let serving = operator.serve();
        let client = WorldClient::at(&format!("http://{}", serving.address()));
        let gets = others.iter().map(|path| (Method::GET, path.clone()));
        let mut tried = 0;
        for (method, path) in operations().into_iter().chain(gets) {
            let secret = format!("world_{}", "a".repeat(43));
            for cookie in ["", "passerelle-world=019a5c00-0000-7000-8000-0000000000ff.x"] {
                let request = client.request(method.clone(), &filled(&path)).header("cookie", cookie);
                let request = request.header("passerelle-scenario", "internalServerError");
                let (status, problem) = answer(request.bearer_auth(&secret)).await.unwrap();
                assert_eq!(status, 404, "{method} {path} with {setting:?}: {problem}");
                tried += 1;
            }
        }
        assert!(tried > 20, "{tried}");
        assert_eq!(serving.stop(), Some(0));
        assert!(!directory.exists(), "nothing is made");
    }
}

#[tokio::test]
async fn no_scenario_has_an_effect_in_production() {
    let operator = Operator::at(&Database::sqlite().await);
    let directory = operator.path("worlds");
    operator.configure("sqlite:production.db", "");
    operator.configure_more(&format!("[worlds]\ndirectory = \"{}\"\n", directory.display()));
    operator.run(&["migrate"]).expect_success();
    let registered = operator.register_world();
    let serving = operator.serve();
    let caller = Caller::new(&format!("http://{}/creche/v1", serving.address()), &registered.key);
    let month = format!("/creches/{}/attendanceStatements/2026-07", registered.creche);
    let mut tried = 0;
    for code in scenarios().into_iter().chain(["unknown", ""]) {
        for (path, due) in [("/caller", 200), (&month, 404), ("/refData/rules", 200), ("/health", 200)] {
            let [without, with] = both_ways(&caller, path, code).await;
            assert_eq!((without.0, without.2), (due, false), "{path}: {}", without.1);
            assert_eq!(with, without, "{path} with {code}");
            tried += 1;
        }
        let put =
            caller.put(&format!("{month}?dryRun=true"), "application/json", attendance_document("2026-07").to_string());
        let (status, accepted) = answer(put.header("passerelle-scenario", code)).await.unwrap();
        assert_eq!(status, 200, "{code}: {accepted}");
    }
    assert!(tried > 150, "{tried}");
    assert_eq!(serving.stop(), Some(0));
}

#[tokio::test]
async fn every_described_operation_is_there_in_a_sandbox() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = super::started(home.path());
    let client = WorldClient::of(&sandbox);
    for (method, path) in operations() {
        let request = client.request(method.clone(), &filled(&path)).body("[]");
        let (status, problem) = answer(request).await.unwrap();
        // There is no certificate; the operation says so itself.
        let is_there = [200, 204, 400, 401].contains(&status) || problem["issues"][0]["name"] == "certificateId";
        assert!(is_there, "{method} {path}: {status} {problem}");
    }
    let served = client.request(Method::GET, "/sandbox/worlds/openapi.yaml").send().await.unwrap();
    assert_eq!(served.text().await.unwrap(), CONTRACT);
    for name in CONTRACT.split('"').filter(|text| text.ends_with(".schema.json")) {
        let (status, schema) = answer(client.request(Method::GET, &format!("/sandbox/worlds/{name}"))).await.unwrap();
        assert!(status == 200 && schema.is_object(), "{name}: {status} {schema}");
    }
}
