//! The responses in the contract's examples are those of the gateway, word for word.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{autumn, examples, operations, stories};
use crate::harness::database::Database;

/// What no two answers share.
const CHANCE: [&str; 9] = [
    "/instance",
    "/key/id",
    "/sha256",
    "/jws",
    "/document/code",
    "/document/signedBy",
    "/document/salaries/sha256",
    "/signature/sha256",
    "/body/masked",
];
/// Members that are random or depend on the clock in the stories of `autumn`: only their kind of value is compared.
const MADE: [&str; 17] = [
    "id",
    "href",
    "self",
    "createdAt",
    "verifiedAt",
    "at",
    "url",
    "secret",
    "formerEndsAt",
    "recordedAt",
    "writtenAt",
    "durationMillis",
    "instance",
    "keyId",
    "number",
    "bodyBytes",
    "upTo",
];
/// What those stories begin with.
const AUTUMN: [&str; 32] = [
    "addActivityReportAttachment ",
    "listActivityReportAttachments ",
    "listDoctors ",
    "addDoctor ",
    "getDoctor ",
    "putDoctorAgreement ",
    "changeDoctor ",
    "addStaffMember tried",
    "getStaffMember ",
    "changeStaffMember ",
    "getStaffRegister ",
    "putStaffRegister refused",
    "validateStaff ",
    "listStaffValidations ",
    "createWebhookEndpoint tried",
    "verifyWebhookEndpoint ",
    "getWebhookEndpoint ",
    "patchWebhookEndpoint ",
    "rotateWebhookSecret ",
    "testWebhookEndpoint ",
    "getDelivery ",
    "listDeliveries ",
    "replayDelivery ",
    "replayDeliveries ",
    "listWebhookEndpoints ",
    "getRuleCases ",
    "getSubsidyPayment ",
    "listSubsidyPayments ",
    "listVerdicts ",
    "getRequest ",
    "listRequests ",
    "getVerdict ",
];

/// Whether the value of the member cannot be foreseen.
fn is_made(name: &str, at: &str) -> bool {
    let member = at.rsplit('/').next().unwrap_or_default();
    AUTUMN.iter().any(|autumn| name.starts_with(autumn)) && MADE.contains(&member)
}

/// Whether the example is a part of the response: its members, and its items, are there.
fn holds(given: &Value, shown: &Value) -> bool {
    match (given, shown) {
        (Value::Object(given), Value::Object(shown)) => {
            shown.iter().all(|(name, value)| given.get(name).is_some_and(|given| holds(given, value)))
        }
        (Value::Array(given), Value::Array(shown)) => {
            shown.iter().all(|value| given.iter().any(|given| holds(given, value)))
        }
        _ => given == shown,
    }
}

/// Lists that an example shortens: its items are among those of the response.
const SHORTENED: [&str; 2] = ["listRefData closureReasons", "listCreches two"];

/// Responses by operation, or `Problem` for those that any operation may give, and example.
pub(super) type Given = BTreeMap<&'static str, Value>;

/// Every response of the contract's examples, by the same names.
fn shown() -> BTreeMap<String, Value> {
    let answers = operations().flat_map(|operation| {
        let responses = operation.node.child("responses").expect("operations answer");
        responses.children().map(move |(status, answer)| (operation.id(), status, answer)).collect::<Vec<_>>()
    });
    let mut shown = BTreeMap::new();
    for (id, status, answer) in answers {
        let place = if status == "default" { "Problem" } else { id };
        for (_, name, value) in examples(&answer) {
            let name = format!("{place} {name}");
            let before = shown.insert(name.clone(), value.clone());
            assert!(before.is_none_or(|before| before == value), "{name} stands for two answers");
        }
    }
    shown
}

/// The differences of `given` from `example`; `name` and `at` locate them.
fn differences(name: &str, at: &str, example: &Value, given: &Value) -> Vec<String> {
    match (example, given) {
        _ if name.ends_with(" part") && holds(given, example) => Vec::new(),
        _ if CHANCE.contains(&at) && example.is_string() && given.is_string() => Vec::new(),
        _ if is_made(name, at) && std::mem::discriminant(example) == std::mem::discriminant(given) => Vec::new(),
        (Value::Object(ours), Value::Object(theirs)) => {
            let members: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
            let below = |member| differences(name, &format!("{at}/{member}"), &example[member], &given[member]);
            members.into_iter().flat_map(below).collect()
        }
        (Value::Array(ours), Value::Array(theirs)) if at == "/items" && SHORTENED.contains(&name) => {
            let missing = ours.iter().filter(|item| !theirs.contains(item));
            missing.map(|item| format!("{name} {at}: {item} is not given")).collect()
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            let pairs = ours.iter().zip(theirs).enumerate();
            pairs.flat_map(|(item, (ours, theirs))| differences(name, &format!("{at}/{item}"), ours, theirs)).collect()
        }
        _ if example == given => Vec::new(),
        _ => vec![format!("{name} {at}: shown {example}, given {given}")],
    }
}

#[tokio::test]
async fn every_example_response_is_produced() {
    let (first, second) = (Database::on_each_engine().await, Database::on_each_engine().await);
    for (first, second) in first.iter().zip(&second) {
        println!("on {}", first.db.engine());
        let mut given = Given::new();
        let whole = stories::app(first, 6000, 2000).await;
        stories::read(&whole, &mut given).await;
        stories::close(&whole, &mut given).await;
        stories::deposit(&whole, &mut given).await;
        stories::tell(&whole, &mut given).await;
        stories::consult(&whole, &mut given).await;
        stories::employ(&whole, &mut given).await;
        autumn::publish(&whole, &mut given).await;
        autumn::doctors(&whole, &mut given).await;
        autumn::staff(&whole, &mut given).await;
        autumn::webhooks(&whole, &mut given).await;
        stories::report(&whole, &mut given).await;
        stories::claim(&whole, &mut given).await;
        stories::sign_month(&whole, &mut given).await;
        stories::pay(&whole, &mut given).await;
        stories::communications(&whole, &mut given).await;
        stories::correct(&stories::app(second, 6000, 2000).await, &mut given).await;
        stories::refuse(second, &mut given).await;
        if std::env::var("PASSERELLE_TEST_WRITE").is_ok_and(|what| what == "examples") {
            let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/examples.json");
            std::fs::write(file, serde_json::to_vec_pretty(&given).expect("JSON")).expect("written");
        }
        let shown = shown();
        let names: Vec<_> = shown.keys().map(String::as_str).collect();
        assert_eq!(names, given.keys().copied().collect::<Vec<_>>(), "every example is replayed");
        let differences: Vec<_> =
            shown.iter().flat_map(|(name, example)| differences(name, "", example, &given[name.as_str()])).collect();
        assert!(differences.is_empty(), "{}", differences.join("\n"));
    }
}
