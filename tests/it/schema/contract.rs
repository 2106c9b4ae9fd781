//! The contract is sound in itself: it points at what exists, names every operation, and its examples are true.

use std::collections::BTreeSet;

use jsonschema::Registry;
use passerelle::domain::key::Scope;
use passerelle::ingest::schema::{EVENTS, OPENAPI, SUFFIX, TEXTS};
use serde_json::{Value, json};

const OPERATIONS: &[&str] = &[
    "actOnAgencyClaim",
    "addActivityReportAttachment",
    "addDoctor",
    "addStaffMember",
    "addUser",
    "cancelAgencySubsidyPayment",
    "changeDoctor",
    "changeStaffMember",
    "changeUser",
    "checkHealth",
    "checkLiveness",
    "checkReceipt",
    "createApiKey",
    "createApplication",
    "createWebhookEndpoint",
    "deleteActivityReportAttachment",
    "deleteUser",
    "deleteWebhookEndpoint",
    "getActivityReport",
    "getActivityReportAttachment",
    "getActivityReportClaim",
    "getActivityReportCompleteness",
    "getActivityReportReceipt",
    "getActivityReportRevision",
    "getActivityReportSalaries",
    "getAgencyClaim",
    "getAgencyClaimAttachment",
    "getAgencySubsidyPayment",
    "getApplication",
    "getAttendanceStatement",
    "getAttendanceStatementRevision",
    "getAttendanceStatementTemplate",
    "getBundledOpenApiJson",
    "getBundledOpenApiYaml",
    "getCaller",
    "getClosures",
    "getCommunication",
    "getCommunicationFile",
    "getCreche",
    "getCrecheSummary",
    "getCrecheSummaryContributions",
    "getCrecheSummaryMedicalContributions",
    "getCrecheSummaryOpenDays",
    "getCrecheSummaryStaffingContributions",
    "getDelivery",
    "getDoctor",
    "getDoctorAgreement",
    "getDoctorValidation",
    "getEventSchema",
    "getMedicalStatement",
    "getMedicalStatementReceipt",
    "getMedicalStatementRevision",
    "getMedicalStatementSignature",
    "getMedicalStatementTemplate",
    "getOpenApiJson",
    "getOpenApiYaml",
    "getOrganiserSummary",
    "getRefDataCode",
    "getRequest",
    "getRuleCases",
    "getSchema",
    "getStaffMember",
    "getStaffRegister",
    "getStaffRegisterRevision",
    "getStaffRegisterTemplate",
    "getSubsidyPayment",
    "getUser",
    "getVendorOpenApiJson",
    "getVendorOpenApiYaml",
    "getVerdict",
    "getWebhookEndpoint",
    "listActivityReportAttachments",
    "listActivityReportRevisions",
    "listActivityReports",
    "listAgencyAttendanceLines",
    "listAgencyChanges",
    "listAgencyClaims",
    "listAgencyConsultationLines",
    "listAgencySubsidyPayments",
    "listApiKeys",
    "listApplications",
    "listAttendanceStatementRevisions",
    "listAttendanceStatements",
    "listAuditEntries",
    "listCommunications",
    "listCreches",
    "listDeliveries",
    "listDoctors",
    "listEvents",
    "listMedicalStatementRevisions",
    "listMedicalStatements",
    "listRefData",
    "listRequests",
    "listStaffMembers",
    "listStaffRegisterRevisions",
    "listStaffValidations",
    "listSubsidyPayments",
    "listUsers",
    "listVerdicts",
    "listWebhookEndpoints",
    "patchApplication",
    "patchWebhookEndpoint",
    "putActivityReport",
    "putActivityReportSalaries",
    "putAttendanceStatement",
    "putClosures",
    "putDoctorAgreement",
    "putDoctorValidation",
    "putMedicalStatement",
    "putStaffRegister",
    "queryStaffMember",
    "recordAgencySubsidyPayments",
    "replayAnnouncedRules",
    "replayDeliveries",
    "replayDelivery",
    "revokeApiKey",
    "rotateWebhookSecret",
    "signActivityReport",
    "signMedicalStatement",
    "testWebhookEndpoint",
    "validateStaff",
    "verifyWebhookEndpoint",
];

/// Who may call an operation that needs no scope.
pub(super) const CALLERS: [&str; 11] = [
    "any",
    "key",
    "keyOrAdministrator",
    "administrator",
    "userManager",
    "agent",
    "claims:read",
    "claims:answer",
    "payments:read",
    "payments:write",
    "claims:read|payments:read",
];

/// The addresses that the documents have beside each other, as in the tree and below the API's root.
const ROOT: &str = "json-schema:///schemas/";

fn contract() -> Value {
    serde_saphyr::from_str(OPENAPI).expect("the contract is YAML")
}

fn operations(contract: &Value) -> Vec<(String, Value)> {
    let paths = contract["paths"].as_object().expect("paths");
    paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().expect("a path item");
            methods.iter().map(move |(method, operation)| (format!("{method} {path}"), operation.clone()))
        })
        .collect()
}

/// The contract and the schemas in one set, so that each can point at the other.
fn documents(contract: &Value) -> Registry<'static> {
    let schemas = TEXTS.into_iter().chain(EVENTS).map(|(name, text)| {
        (format!("{ROOT}{name}{SUFFIX}"), serde_json::from_str::<Value>(text).expect("the schemas are JSON"))
    });
    Registry::new()
        .extend(schemas)
        .and_then(|registry| registry.add(format!("{ROOT}openapi.yaml"), contract.clone()))
        .and_then(jsonschema::RegistryBuilder::prepare)
        .expect("all that is pointed at exists")
}

/// What is wrong with `value` by the contract's schema at `pointer`.
fn faults(registry: &Registry<'_>, pointer: &str, value: &Value) -> Vec<String> {
    let pointer = pointer.replace('{', "%7B").replace('}', "%7D");
    let schema = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": format!("{ROOT}openapi.yaml#{pointer}") });
    let validator = jsonschema::options()
        .with_registry(registry)
        .should_validate_formats(true)
        .build(&schema)
        .unwrap_or_else(|error| panic!("{pointer}: {error}"));
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Every media type of the contract: its pointer and itself.
pub(super) fn media_types(value: &Value, at: &str, found: &mut Vec<(String, Value)>) {
    if let Some(content) = value.get("content").and_then(Value::as_object) {
        for (name, media) in content {
            found.push((format!("{at}/content/{}", escaped(name)), media.clone()));
        }
    }
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(name, value)| media_types(value, &format!("{at}/{}", escaped(name)), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| media_types(item, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

#[test]
fn every_operation_is_there_once_with_its_callers() {
    let contract = contract();
    let operations = operations(&contract);
    let ids: BTreeSet<_> = operations.iter().filter_map(|(_, operation)| operation["operationId"].as_str()).collect();
    assert_eq!(ids, OPERATIONS.iter().copied().collect());
    assert_eq!(operations.len(), OPERATIONS.len());
    for (name, operation) in &operations {
        let open = operation["security"].as_array().is_some_and(Vec::is_empty);
        let scope = operation["x-scope"].as_str();
        let is_known = scope.is_some_and(|scope| CALLERS.contains(&scope) || scope.parse::<Scope>().is_ok());
        assert!(open != is_known, "{name}: security {} and scope {scope:?}", operation["security"]);
        assert_eq!(operation["responses"]["default"]["$ref"], "#/components/responses/Problem", "{name}");
        assert!(operation["summary"].is_string(), "{name}");
        let tags = operation["tags"].as_array().expect("tags");
        let declared = contract["tags"].as_array().expect("tags").iter().any(|tag| tag["name"] == tags[0]);
        assert!(tags.len() == 1 && declared, "{name}");
    }
}

#[test]
fn every_example_is_true() {
    let contract = contract();
    let registry = documents(&contract);
    let mut media = Vec::new();
    media_types(&contract, "", &mut media);
    let mut replayed = 0;
    for (at, media) in media {
        for (name, example) in media["examples"].as_object().into_iter().flatten() {
            let example = match example["$ref"].as_str() {
                Some(target) => contract.pointer(&target[1..]).unwrap_or_else(|| panic!("{target} is not there")),
                None => example,
            };
            assert_eq!(faults(&registry, &format!("{at}/schema"), &example["value"]), [""; 0], "{at} {name}");
            assert!(!faults(&registry, &format!("{at}/schema"), &json!([])).is_empty(), "{at} takes anything");
            replayed += 1;
        }
    }
    assert!(replayed >= 20, "{replayed} examples");
}

#[test]
fn every_answer_in_json_has_an_example() {
    let contract = contract();
    let mut media = Vec::new();
    media_types(&contract, "", &mut media);
    let answers = media.iter().filter(|(at, _)| at.contains("/responses/") && at.ends_with("json"));
    let without: Vec<_> = answers.filter(|(_, media)| media["examples"].is_null()).map(|(at, _)| at).collect();
    assert!(without.is_empty(), "{without:#?}");
}

#[test]
fn every_component_is_used_and_every_reference_resolves() {
    let contract = contract();
    let mut pointed = BTreeSet::new();
    references(&contract, &mut pointed);
    for target in pointed.iter().filter_map(|target| target.strip_prefix('#')) {
        assert!(contract.pointer(target).is_some(), "{target} is not there");
    }
    for target in pointed.iter().filter(|target| !target.starts_with('#')) {
        let (file, inside) = target.split_once('#').unwrap_or((target, ""));
        let name = file.strip_prefix("../schemas/").and_then(|file| file.strip_suffix(SUFFIX));
        let text = TEXTS.iter().chain(&EVENTS).find(|(is_known, _)| Some(*is_known) == name).map(|(_, text)| *text);
        let schema: Value = serde_json::from_str(text.unwrap_or_else(|| panic!("{target}"))).expect("JSON");
        assert!(schema.pointer(inside).is_some(), "{target}");
    }
    for (kind, components) in contract["components"].as_object().expect("components") {
        for name in components.as_object().expect("a map").keys().filter(|_| kind != "securitySchemes") {
            assert!(pointed.contains(&format!("#/components/{kind}/{name}")), "{kind}/{name} is not used");
        }
    }
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    found.extend(value.get("$ref").and_then(Value::as_str).map(str::to_owned));
    match value {
        Value::Object(map) => map.values().for_each(|value| references(value, found)),
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn every_published_schema_is_served() {
    let contract = contract();
    let listed = [("/schemas/{schemaName}", ""), ("/schemas/events/{schemaName}", "events/")];
    let listed = listed.iter().flat_map(|(path, folder)| {
        let names = contract["paths"][path]["get"]["parameters"][0]["schema"]["enum"].as_array().expect("a list");
        names.iter().map(move |name| format!("{folder}{}", name.as_str().expect("a name")))
    });
    let listed: BTreeSet<_> = listed.collect();
    let served = TEXTS.iter().chain(&EVENTS).map(|(name, _)| format!("{name}.schema.json"));
    assert_eq!(listed, served.collect());
}
