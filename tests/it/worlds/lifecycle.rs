//! A world from its making to its end.

use std::io::{Cursor, Read as _};
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use super::{MadeWorld, WorldClient, autumn, started};
use crate::cli::{Operator, poll_until};
use crate::harness::database::Database;
use crate::harness::process::{Caller, answer};

#[tokio::test]
async fn a_world_has_what_its_shape_says_and_the_same_for_the_same_seed() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    let shapes = [
        ("oneCreche", vec![1]),
        ("fiveCreches", vec![5]),
        ("unsubsidised", vec![1]),
        ("severalOrganisers", vec![1, 2, 3]),
    ];
    for (shape, creches) in shapes {
        let world = client.make(json!({ "shape": shape, "seed": 7, "startDate": "2026-10-12" })).await;
        let organisers = world.0["organisers"].as_array().unwrap();
        let counts: Vec<_> = organisers.iter().map(|one| one["creches"].as_array().unwrap().len()).collect();
        assert_eq!(counts, creches, "{shape}");
        assert!(world.text("/now").starts_with("2026-10-1"), "{}", world.text("/now"));
        let (status, caller) = world.vendor().read("/caller").await;
        assert_eq!((status, caller["scopes"].as_array().unwrap().len() > 10), (200, true), "{caller}");
        for creche in organisers[0]["creches"].as_array().unwrap() {
            let children = world.0["children"][creche["id"].as_str().unwrap()].as_array().unwrap();
            let sequence = |child: &Value| child["ssin"].as_str().unwrap()[6..9].parse::<u32>().unwrap();
            assert!(children.len() == 6 && children.iter().all(|child| (951..=998).contains(&sequence(child))));
        }
        let (status, deposited) = world.deposit("2026-09").await;
        assert_eq!(status, 201, "{deposited}");
        let agency = Caller::new(world.text("/apiUrl"), world.text("/agency/key"));
        assert_eq!(agency.read("/agency/claims").await.0, 200);
        for path in ["/doctors", "/staffMembers", "/communications"] {
            assert_eq!(world.vendor().read(path).await.0, 200, "{path}");
        }
        let again = client.make(json!({ "shape": shape, "seed": 7, "startDate": "2026-10-12" })).await;
        assert_eq!(again.0["children"], world.0["children"]);
        assert_eq!(again.0["personas"], world.0["personas"]);
        assert_ne!(again.0["secret"], world.0["secret"]);
    }
    for key in client.make(autumn(1)).await.0["organisers"][0]["applications"][0]["keys"].as_array().unwrap() {
        let scopes = key["scopes"].as_array().unwrap();
        assert!(
            scopes.len() == 1 || ["everything", "trial", "expired"].iter().any(|name| key["name"] == *name),
            "{key}"
        );
    }
}

#[tokio::test]
async fn a_wish_that_cannot_be_read_is_refused_with_all_its_faults() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    let wrong = json!({ "shape": "castle", "seed": -1, "startDate": "2023-01-01", "name": "x" });
    let (status, problem) = answer(client.request(Method::POST, "/sandbox/worlds").json(&wrong)).await.unwrap();
    assert_eq!((status, problem["issues"].as_array().unwrap().len()), (400, 4), "{problem}");
    let (status, made) = answer(client.request(Method::POST, "/sandbox/worlds")).await.unwrap();
    assert_eq!((status, &made["shape"]), (201, &json!("oneCreche")), "an empty body asks for the defaults: {made}");
}

#[tokio::test]
async fn a_reset_takes_less_than_two_seconds_and_keeps_the_keys() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    let world = client.make(json!({ "shape": "severalOrganisers", "seed": 1, "startDate": "2026-10-12" })).await;
    assert_eq!(world.deposit("2026-09").await.0, 201);
    let begun = Instant::now();
    let (status, after) = client.call(Method::POST, &world.path("/reset"), world.secret()).await;
    let took = begun.elapsed();
    assert_eq!((status, &after["organisers"]), (200, &world.0["organisers"]));
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert_eq!(world.vendor().read(&world.attendance("2026-09")).await.0, 404);
    assert_eq!(world.deposit("2026-09").await.0, 201);
}

#[tokio::test]
async fn a_world_outlives_the_sandbox_and_goes_on_in_another_by_its_export() {
    let home = tempfile::tempdir().unwrap();
    let first = started(home.path());
    let client = WorldClient::of(&first);
    let world = client.make(autumn(1)).await;
    assert_eq!(world.deposit("2026-09").await.0, 201);
    let exported =
        client.request(Method::GET, &world.path("/export")).bearer_auth(world.secret()).send().await.unwrap();
    assert_eq!(exported.headers()["content-type"], "application/zip");
    let archive = exported.bytes().await.unwrap();
    assert_eq!(first.process.stop().status, Some(0));
    let elsewhere = tempfile::tempdir().unwrap();
    unpack(&archive, &elsewhere.path().join("worlds"));
    for data in [home.path(), elsewhere.path()] {
        let second = started(data);
        let client = WorldClient::of(&second);
        let (status, shown) = client.call(Method::GET, &world.path(""), world.secret()).await;
        assert_eq!((status, &shown["children"]), (200, &world.0["children"]));
        let world = MadeWorld(shown);
        let (status, statement) = world.vendor().read(&world.attendance("2026-09")).await;
        assert_eq!((status, &statement["revision"]), (200, &json!(1)));
        assert!(world.text("/now").starts_with("2026-10-1"));
    }
}

fn unpack(archive: &[u8], into: &std::path::Path) {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let path = into.join(file.name().unwrap().as_ref());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

#[tokio::test]
async fn a_deleted_world_is_gone_with_all_its_files() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    let world = client.make(autumn(1)).await;
    let directory = home.path().join("worlds").join(world.text("/id"));
    assert!(directory.join("passerelle.db").exists());
    assert_eq!(client.call(Method::DELETE, &world.path(""), world.secret()).await.0, 204);
    assert!(!directory.exists());
    assert_eq!(client.call(Method::GET, &world.path(""), world.secret()).await.0, 404);
    assert_eq!(world.vendor().read("/caller").await.0, 404);
}

#[tokio::test]
async fn a_world_whose_time_is_over_is_deleted() {
    let home = tempfile::tempdir().unwrap();
    let first = started(home.path());
    let client = WorldClient::of(&first);
    let (old, young) = (client.make(autumn(1)).await, client.make(autumn(2)).await);
    assert_eq!(first.process.stop().status, Some(0));
    let directory = |world: &MadeWorld| home.path().join("worlds").join(world.text("/id"));
    let file = directory(&old).join("world.json");
    let mut record: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    record["expiresAt"] = json!("2020-01-01T00:00:00Z");
    std::fs::write(&file, record.to_string()).unwrap();
    let _second = started(home.path());
    poll_until(async || !directory(&old).exists()).await;
    assert!(directory(&young).exists());
}

#[tokio::test]
async fn caps_hold_for_addresses_worlds_and_bytes() {
    let operator = Operator::at(&Database::sqlite().await);
    let directory = operator.path("worlds").display().to_string();
    let serve = async |caps: &str| {
        operator.configure("sqlite:hosted.db", "deployment = \"sandbox\"");
        operator.configure_more(&format!("[worlds]\ndirectory = \"{directory}\"\n{caps}"));
        operator.run(&["migrate"]).expect_success();
        let serving = operator.serve();
        let client = WorldClient::at(&format!("http://{}", serving.address()));
        (serving, client)
    };
    let make = async |client: &WorldClient| {
        answer(client.request(Method::POST, "/sandbox/worlds").json(&autumn(1))).await.unwrap()
    };
    let (serving, client) = serve("perAddressPerHour = 2\n").await;
    let world = MadeWorld(make(&client).await.1);
    assert_eq!(make(&client).await.0, 201);
    let (status, refused) = make(&client).await;
    assert!(status == 429 && refused["retryAfterSec"].as_u64().is_some_and(|seconds| seconds <= 1800), "{refused}");
    assert_eq!(serving.stop(), Some(0));
    let (serving, client) = serve("most = 2\n").await;
    let (status, problem) = make(&client).await;
    assert_eq!((status, &problem["type"]), (503, &json!("urn:problem-type:belgif:serviceUnavailable")), "{problem}");
    assert_eq!(serving.stop(), Some(0));
    let (_serving, client) = serve("bytesEach = 1000\n").await;
    let shown = client.call(Method::GET, &world.path(""), world.secret()).await.1;
    let (status, problem) = MadeWorld(shown).deposit("2026-09").await;
    assert_eq!(
        (status, &problem["type"]),
        (507, &json!("urn:problem-type:passerelle:insufficientStorage")),
        "{problem}"
    );
}
