//! The typed reader accepts exactly what the published schema accepts, and the validator has findings exactly where it does
//! not: over valid documents that are damaged at random.

use std::fmt::Debug;

use passerelle::domain::application::RawApplication;
use passerelle::domain::doctor::raw::{RawChange, RawDoctor};
use passerelle::domain::kinds::attendance::raw::RawStatement;
use passerelle::domain::kinds::medical;
use passerelle::domain::raw::{Field, Raw, read_plain};
use passerelle::domain::registry::raw::RawRegistry;
use passerelle::domain::report::raw::RawReport;
use passerelle::domain::staff::raw::RawRegister;
use passerelle::domain::subsidy::RawPayments;
use passerelle::ingest::attendance::SCHEMA as ATTENDANCE_STATEMENT;
use passerelle::ingest::json;
use passerelle::ingest::medical::SCHEMA as MEDICAL_STATEMENT;
use passerelle::ingest::schema::{
    ACTIVITY_REPORT, APPLICATION, DOCTOR, DOCTOR_CHANGE, REGISTRY, STAFF_REGISTER, SUBSIDY_PAYMENTS, Schemas,
    TEXTS as TEXTS_OF,
};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use super::{codes_and_places, read};

/// Two children, every property used.
fn sound() -> Value {
    json!({
        "lines": [
            {
                "reference": "K-1", "familyName": "Maes", "givenName": "Élise", "birthDate": "2024-02-17",
                "ssin": "24021795156", "startDate": "2024-09-01", "endDate": "2026-10-30",
                "days": [
                    { "date": "2026-10-05", "status": "present", "duration": "full", "arrival": "07:30", "departure": "17:00" },
                    { "date": "2026-10-06", "status": "justifiedAbsence", "duration": "half", "reason": "hospitalisation" }
                ]
            },
            { "reference": "K-2", "familyName": "De Smet", "givenName": "Tom", "birthDate": "2025-06-30", "ssinPresent": true, "days": [] }
        ],
        "controlTotals": {
            "present": { "fullDays": 1, "halfDays": 0 },
            "justifiedAbsence": { "fullDays": 0, "halfDays": 1 },
            "unjustifiedAbsence": { "fullDays": 0, "halfDays": 0 }
        }
    })
}

/// Texts at the edges of every field's shape.
const TEXTS: &[&str] = &[
    "",
    " ",
    "a",
    " a",
    "a ",
    "\u{a0}a",
    "a\u{3000}",
    "a\u{2028}",
    "\u{feff}a",
    "a\u{feff}",
    "a\u{200b}",
    "\u{85}a",
    "a\u{202e}b",
    "a\u{200e}b",
    "a\u{ad}b",
    "a\u{2028}b",
    "a\u{2066}b",
    "a\u{61c}",
    "a\u{e0041}b",
    "a\tb",
    "a\u{9f}b",
    "a b",
    "a\u{a0}b",
    "\n",
    "a\n",
    "é",
    "e\u{301}",
    "👶",
    "2026-10-05",
    "2026-02-29",
    "2024-02-29",
    "1900-02-29",
    "2000-02-29",
    "2026-02-30",
    "2026-13-01",
    "2026-00-10",
    "2026-10-00",
    "2026-04-31",
    "0000-01-01",
    "0000-02-29",
    "9999-12-31",
    "-001-01-01",
    "+2026-1-1",
    "2026-1-01",
    "2026-10-5",
    " 2026-10-05",
    "2026-10-05 ",
    "2026-10-05T00:00:00Z",
    "20261005",
    "05/10/2026",
    "２０２６-10-05",
    "07:30",
    "7:30",
    "24:00",
    "23:59",
    "00:00",
    "12:60",
    "07:30:00",
    "07.30",
    "-7:30",
    "+7:30",
    "07:30\n",
    "٠٧:30",
    "24021795156",
    "2402179515",
    "240217951566",
    "24.02.17-951.56",
    " 24021795156",
    "2402179515٦",
    "present",
    "Present",
    "present ",
    "justifiedAbsence",
    "unjustifiedAbsence",
    "absent",
    "P",
    "AJ/2",
    "full",
    "half",
    "Half",
    "hospitalisation",
    "forceMajeure",
    "flu",
    "true",
    "false",
    "null",
    "0",
    "1",
    "connu",
];

/// Values that are no texts, as JSON writes them.
const LITERALS: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "-0",
    "1.0",
    "0.0",
    "-0.0",
    "1e2",
    "1E+2",
    "1.5",
    "99999",
    "99999.0",
    "100000",
    "1e5",
    "0.99999e5",
    "1e-1",
    "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775808",
    "1e300",
    "9007199254740993.0",
    "{}",
    "[]",
    "[[]]",
    "[null]",
    "{\"a\":1}",
    "[{}]",
    "{\"fullDays\":1,\"halfDays\":0}",
    "{\"fullDays\":1,\"halfDays\":0.0}",
];

/// Property names, of this schema, of others or of none.
const NAMES: &[&str] = &[
    "lines",
    "controlTotals",
    "reference",
    "familyName",
    "birthDate",
    "birthdate",
    "ssin",
    "ssinPresent",
    "days",
    "date",
    "status",
    "duration",
    "reason",
    "arrival",
    "fullDays",
    "halfDays",
    "present",
    "x",
    "",
    "Emma Maes",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(TEXTS).prop_map(str::to_owned),
        1 => (60_usize..70, select(&["a", "é", "👶", " "][..])).prop_map(|(length, unit)| unit.repeat(length)),
        1 => (98_usize..103, select(&["a", "é", "👶"][..])).prop_map(|(length, unit)| unit.repeat(length)),
        1 => any::<String>(),
        1 => "[0-9]{4}-[0-9]{2}-[0-9]{2}",
        1 => "[0-9]{2}:[0-9]{2}",
        1 => (any::<char>(), any::<char>()).prop_map(|(first, last)| format!("{first}x{last}")),
    ]
}

/// Values as JSON texts, so that `1.0` and `1e2` stay what they are.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => select(LITERALS).prop_map(str::to_owned),
        3 => text().prop_map(|text| Value::from(text).to_string()),
    ]
}

/// One blow to a document.
#[derive(Debug, Clone)]
enum Blow {
    /// A value somewhere becomes another.
    Replace(Index, String),
    /// Removes a property or item.
    Remove(Index),
    /// An object gains a property.
    Add(Index, &'static str, String),
    /// A list gains copies of its first item, or nulls.
    Lengthen(Index, usize),
}

fn blow() -> impl Strategy<Value = Blow> {
    prop_oneof![
        6 => (any::<Index>(), value()).prop_map(|(at, value)| Blow::Replace(at, value)),
        2 => any::<Index>().prop_map(Blow::Remove),
        2 => (any::<Index>(), select(NAMES), value()).prop_map(|(at, name, value)| Blow::Add(at, name, value)),
        1 => (any::<Index>(), prop_oneof![Just(1_usize), 58..64_usize, 497..502_usize]).prop_map(|(at, by)| Blow::Lengthen(at, by)),
    ]
}

/// The pointers of all values within `value`.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, &format!("{at}/{index}"), all);
            }
        }
        Value::Object(map) => {
            for (name, value) in map {
                pointers(value, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), all);
            }
        }
        _ => {}
    }
}

fn those(document: &Value, wanted: impl Fn(&Value) -> bool) -> Vec<String> {
    let mut all = Vec::new();
    pointers(document, "", &mut all);
    all.retain(|pointer| document.pointer(pointer).is_some_and(&wanted));
    all
}

fn strike(document: &mut Value, blow: Blow) {
    match blow {
        Blow::Replace(at, value) => {
            let places = those(document, |_| true);
            let value = serde_json::from_str(&value).expect("the generated values are JSON");
            *document.pointer_mut(at.get::<String>(&places)).expect("just found") = value;
        }
        Blow::Remove(at) => {
            let places = those(document, |_| true);
            let (parent, last) = at.get::<String>(&places).rsplit_once('/').unwrap_or_default();
            match document.pointer_mut(parent) {
                Some(Value::Object(map)) => drop(map.remove(last)),
                Some(Value::Array(items)) => drop(last.parse().ok().map(|index: usize| items.remove(index))),
                _ => {}
            }
        }
        Blow::Add(at, name, value) => {
            let places = those(document, Value::is_object);
            if places.is_empty() {
                return;
            }
            let value = serde_json::from_str(&value).expect("the generated values are JSON");
            document.pointer_mut(at.get::<String>(&places)).expect("just found")[name] = value;
        }
        Blow::Lengthen(at, by) => {
            let places = those(document, Value::is_array);
            if places.is_empty() {
                return;
            }
            let list =
                document.pointer_mut(at.get::<String>(&places)).and_then(Value::as_array_mut).expect("just found");
            let item = list.first().cloned().unwrap_or_default();
            list.extend(std::iter::repeat_n(item, by));
        }
    }
}

fn damaged() -> impl Strategy<Value = Value> {
    prop::collection::vec(blow(), 0..4).prop_map(|blows| {
        let mut document = sound();
        for blow in blows {
            strike(&mut document, blow);
        }
        document
    })
}

/// Compares the typed reader, the schema and the validator.
fn agree(document: &Value) {
    agree_on::<RawStatement>(ATTENDANCE_STATEMENT, document);
}

fn agree_on<R: Raw + Debug + PartialEq>(schema: &str, document: &Value) {
    let text = document.to_string();
    let accepted = Schemas::shared().accepts(schema, document);
    let typed: Field<R> = serde_json::from_str(&text).expect("it is JSON and says nothing twice");
    assert_eq!(typed.is_clean(true), accepted, "{text}");
    if let Some(plain) = read_plain::<R>(&text) {
        assert_eq!(plain, typed, "{text}");
    }
    let (raw, findings) = json::read::<R>(text.as_bytes(), schema, Schemas::shared());
    assert_eq!(findings.is_empty(), accepted, "{text}\n{findings:?}");
    assert_eq!(raw, typed.take());
    for place in findings.iter().map(|finding| &finding.place().pointer) {
        assert!(place.is_empty() || place.starts_with('/'), "{place}");
    }
}

/// Puts every text and literal in the place of every value.
fn strike_everywhere(sound: &Value, texts: &[&str], agree: impl Fn(&Value)) {
    let texts = texts.iter().map(|text| Value::from(*text));
    let literals = LITERALS.iter().map(|text| serde_json::from_str(text).expect("JSON"));
    let values: Vec<Value> = texts.chain(literals).collect();
    for place in those(sound, |_| true) {
        for value in &values {
            let mut document = sound.clone();
            *document.pointer_mut(&place).expect("just found") = value.clone();
            agree(&document);
        }
    }
}

#[test]
fn schema_and_validator_agree_on_every_edge_of_every_field() {
    strike_everywhere(&sound(), TEXTS, agree);
}

/// Texts at the edges of what only the operator's file has.
const ADDRESSES: &[&str] = &[
    "anne@creche.example",
    "a@b.c",
    "a@b",
    "a@b.",
    "a@.b",
    "@b.c",
    "a@-b.c",
    "a@b-.c",
    "a@b.c\n",
    " a@b.c",
    "\u{a0}a@b.c\u{2009}",
    "a@b.c\u{2028}",
    "a@b.c\u{feff}",
    "081 00 00 01",
    " 081 00 00 01\u{a0}",
    "B-5000 ",
    "a b@c.be",
    "é@c.be",
    "a@b@c.be",
    ".p@x.be",
    "p.@x.be",
    "p..q@x.be",
    "p.q@x.be",
    "p@x.123",
    "p@x.1a",
    "p@1.x1",
    "XX",
    "ZW",
    "0566.988.259",
    "012345678901234567890",
];

#[test]
fn schema_and_validator_agree_on_the_registry_file() {
    let sound: Value = serde_json::from_str(include_str!("../../../sandbox/samples/registry.json")).expect("JSON");
    let local = |length| format!("{}@b.be", "a".repeat(length));
    let label = |length| format!("a@{}.be", "b".repeat(length));
    let whole = |length: usize| format!("a@{}be", "b.".repeat(length));
    let name = |length| "é".repeat(length);
    let edges = [
        local(64),
        local(65),
        format!("{}b@b.be", "a.".repeat(63)),
        format!("{}b@b.be", "a.".repeat(64)),
        label(63),
        label(64),
        whole(125),
        whole(126),
        format!(" {}", whole(124)),
        format!(" {}", whole(125)),
        name(100),
        name(101),
        name(200),
        name(201),
    ];
    let texts: Vec<_> = TEXTS.iter().chain(ADDRESSES).copied().chain(edges.iter().map(String::as_str)).collect();
    strike_everywhere(&sound, &texts, |document| agree_on::<RawRegistry>(REGISTRY, document));
}

#[test]
fn schema_and_validator_agree_on_the_staff_register_and_a_consultation() {
    let staff: Value = serde_json::from_str(include_str!("../../../sandbox/samples/staff.json")).expect("JSON");
    let names = |length: usize| "é".repeat(length);
    let edges = [names(64), names(65), names(100), names(101), names(200), names(201)];
    let texts: Vec<_> = TEXTS.iter().copied().chain(edges.iter().map(String::as_str)).collect();
    strike_everywhere(&staff, &texts, |document| agree_on::<RawRegister>(STAFF_REGISTER, document));
    let medical = serde_json::from_str(include_str!("../../../sandbox/samples/consultations.json")).expect("JSON");
    strike_everywhere(&medical, TEXTS, |document| agree_on::<medical::raw::RawStatement>(MEDICAL_STATEMENT, document));
}

#[test]
fn schema_and_validator_agree_on_a_doctor_and_an_application() {
    let example = |name: &str| {
        let (_, text) = TEXTS_OF.into_iter().find(|(known, _)| *known == name).expect("a schema");
        serde_json::from_str::<Value>(text).expect("JSON")["examples"][0].take()
    };
    let names = |length: usize| "é".repeat(length);
    let edges = [names(20), names(21), names(50), names(51), format!(" {} ", names(48)), format!(" {} ", names(49))];
    let texts: Vec<_> = TEXTS.iter().chain(ADDRESSES).copied().chain(edges.iter().map(String::as_str)).collect();
    strike_everywhere(&example(DOCTOR), &texts, |document| agree_on::<RawDoctor>(DOCTOR, document));
    let mut change = example(DOCTOR);
    change["country"] = "BE".into();
    strike_everywhere(&change, &texts, |document| agree_on::<RawChange>(DOCTOR_CHANGE, document));
    for member in change.as_object().expect("a sheet").keys() {
        let nothing = json!({ member: null });
        agree_on::<RawChange>(DOCTOR_CHANGE, &nothing);
        let optional = ["box", "country", "endDate"].contains(&member.as_str());
        assert_eq!(Schemas::shared().accepts(DOCTOR_CHANGE, &nothing), optional, "{member}");
    }
    strike_everywhere(&example(APPLICATION), &texts, |document| agree_on::<RawApplication>(APPLICATION, document));
}

#[test]
fn schema_and_validator_agree_on_an_activity_report() {
    let report = serde_json::from_str(include_str!("../../../sandbox/samples/report.json")).expect("JSON");
    let texts: Vec<_> = TEXTS.iter().copied().chain(["2026-07", "2026-7", "1999-12", "2026-00", "2100-01"]).collect();
    strike_everywhere(&report, &texts, |document| agree_on::<RawReport>(ACTIVITY_REPORT, document));
}

#[test]
fn schema_and_validator_agree_on_payments_of_the_agency() {
    let (_, text) = TEXTS_OF.into_iter().find(|(known, _)| *known == SUBSIDY_PAYMENTS).expect("a schema");
    let payments = serde_json::from_str::<Value>(text).expect("JSON")["examples"][0].take();
    let long = |length: usize| "é".repeat(length);
    let edges = [long(60), long(61), long(200), long(201)];
    let quarters = ["2026Q3", "2026Q5", "2026q3", "1999Q4", "2100Q1"];
    let texts: Vec<_> = TEXTS.iter().copied().chain(quarters).chain(edges.iter().map(String::as_str)).collect();
    strike_everywhere(&payments, &texts, |document| agree_on::<RawPayments>(SUBSIDY_PAYMENTS, document));
    let most = 10_000_000_000_i64;
    let whole = [-most, -most - 1, most, most + 1, -1, 0, i64::MIN, i64::MAX].map(Value::from);
    for cents in whole.into_iter().chain([-2.0, -2.5, -1e300].map(Value::from)) {
        for property in ["amountCents", "balanceCents"] {
            let mut document = payments.clone();
            document["payments"][0][property] = cents.clone();
            agree_on::<RawPayments>(SUBSIDY_PAYMENTS, &document);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_typed_reader_accepts_what_the_schema_accepts(document in damaged()) {
        agree(&document);
    }

    /// The channel of workbooks builds the raw value from texts, which is validated like a document.
    #[test]
    fn a_raw_value_built_from_texts_is_validated_like_the_document(blows in prop::collection::vec((any::<Index>(), text()), 0..4)) {
        let mut document = sound();
        for (at, text) in blows {
            let places = those(&document, Value::is_string);
            *document.pointer_mut(at.get::<String>(&places)).expect("just found") = text.into();
        }
        let (raw, findings) = read(document.to_string());
        let raw = raw.expect("it is an object");
        let again = Schemas::shared().validate(ATTENDANCE_STATEMENT, &json::value_of(&raw));
        prop_assert_eq!(codes_and_places(&again), codes_and_places(&findings));
        prop_assert_eq!(json::value_of(&raw), document);
    }
}

#[test]
fn a_list_one_too_long_is_not_clean_and_one_shorter_is() {
    for (days, lines, clean) in [(62, 500, true), (63, 1, false), (0, 501, false)] {
        let mut document = sound();
        let mut line = document["lines"][0].clone();
        line["days"] = std::iter::repeat_n(line["days"][0].clone(), days).collect();
        document["lines"] = std::iter::repeat_n(line, lines).collect();
        assert_eq!(Schemas::shared().accepts(ATTENDANCE_STATEMENT, &document), clean, "{lines} × {days}");
        assert_eq!(read(document.to_string()).1.is_empty(), clean, "{lines} × {days}");
    }
}
