//! Faults of a text or its structure are reported with their place, in helpful words, and never with personal data.

use std::fmt::Write as _;

use passerelle::domain::finding::Param;
use passerelle::words::Language;
use serde_json::json;

use super::{codes_and_places, read};

fn document_with(extra: &str) -> String {
    format!(
        r#"{{"lines":[{{"reference":"K-1","familyName":"Maes","givenName":"Tom","birthDate":"2025-06-30","days":[]{extra}}}]}}"#
    )
}

#[test]
fn syntax_errors_are_reported_by_line_and_column() {
    let deep = format!("{{\"lines\":{}1{}}}", "[".repeat(5000), "]".repeat(5000));
    let many = format!("{{\"lines\":[{}0]}}", "0,".repeat(300_001));
    let cases: &[(&[u8], &str)] = &[
        (b"", "json.empty"),
        (b" \n ", "json.empty"),
        (b"\xEF\xBB\xBF{\"lines\":[]}", "json.byteOrderMark"),
        (b"\xFF\xFE{\0", "json.notUtf8"),
        (b"{\"lines\":[{\"givenName\":\"Zo\xE9\"}]}", "json.notUtf8"),
        (b"{\"lines\":[],}", "json.malformed"),
        (b"{'lines':[]}", "json.malformed"),
        (b"{\"lines\":[", "json.malformed"),
        (b"{\"lines\":[]} {}", "json.malformed"),
        (b"{\"lines\":\"a\nb\"}", "json.malformed"),
        (b"{\"lines\":01}", "json.malformed"),
        (b"{\"lines\":NaN}", "json.malformed"),
        (b"{\"x\":\"\\ud83d\"}", "json.loneSurrogate"),
        (b"{\"x\":\"\\udc00\"}", "json.loneSurrogate"),
        (b"{\"x\":\"\\ud83dx\"}", "json.loneSurrogate"),
        (b"{\"x\":1e999}", "json.numberTooLarge"),
        (deep.as_bytes(), "json.tooDeep"),
        (many.as_bytes(), "json.tooManyValues"),
    ];
    for (text, code) in cases {
        let (_, findings) = read(text);
        let excerpt = String::from_utf8_lossy(&text[..text.len().min(60)]);
        assert_eq!(codes_and_places(&findings), [(*code, String::new())], "{excerpt}");
        let finding = findings.iter().next().expect("one");
        for language in [Language::Fr, Language::Nl, Language::En] {
            assert!(!finding.detail(language).contains(['{', '}']), "{excerpt}: {}", finding.detail(language));
        }
    }
}

#[test]
fn the_place_of_a_syntax_error_is_the_one_an_editor_shows() {
    let (_, findings) = read("{\n  \"lines\": [\n    oops\n  ]\n}");
    let finding = findings.iter().next().expect("one");
    assert!(finding.params.contains(&("line".into(), Param::Count(3))), "{finding:?}");
    let (_, findings) = read(b"{\n \"\xC3\xA9\xE9\": 1}");
    let finding = findings.iter().next().expect("one");
    assert_eq!(finding.params, [("line".into(), Param::Count(2)), ("column".into(), Param::Count(4))]);
}

#[test]
fn every_repeated_property_is_reported_and_the_rest_is_still_read() {
    let (raw, findings) = read(document_with(r#","ssin":"24021795156","ssin":"1","foo":1,"foo":2,"days":[]"#));
    let expected = [
        ("json.duplicateProperty", "/lines/0/ssin"),
        ("json.duplicateProperty", "/lines/0/foo"),
        ("json.duplicateProperty", "/lines/0/days"),
        ("input.unknownProperty", "/lines/0/foo"),
    ];
    assert_eq!(codes_and_places(&findings), expected.map(|(code, place)| (code, place.to_owned())));
    let lines = raw.expect("read all the same").lines.take().expect("a list");
    assert_eq!(lines.0.len(), 1);
}

#[test]
fn every_structural_fault_is_reported_at_once_in_the_order_of_the_document() {
    let document = json!({
        "lines": [
            { "reference": " K", "familyName": null, "birthDate": "30/06/2025", "ssin": "25.06.30-953.04", "days": {}, "first_name": "Tom" },
            7,
            { "reference": "K-3", "familyName": "Maes", "givenName": "Tom", "birthDate": "2025-06-30", "ssinPresent": false, "days": [
                { "date": "2026-02-30", "status": "absent", "duration": "whole", "reason": "flu", "arrival": "7:30" },
                { "date": "2026-10-02", "status": 7, "duration": "full" },
            ] },
        ],
        "controlTotals": { "present": { "fullDays": 1.5, "halfDays": -1 }, "justifiedAbsence": [] },
    });
    let (raw, findings) = read(document.to_string());
    assert!(raw.is_some());
    let expected = [
        ("input.notAnObject", "/controlTotals/justifiedAbsence"),
        ("input.malformed", "/controlTotals/present/fullDays"),
        ("input.malformed", "/controlTotals/present/halfDays"),
        ("input.required", "/controlTotals/unjustifiedAbsence"),
        ("input.malformed", "/lines/0/birthDate"),
        ("input.notAList", "/lines/0/days"),
        ("input.malformed", "/lines/0/familyName"),
        ("input.unknownProperty", "/lines/0/first_name"),
        ("input.required", "/lines/0/givenName"),
        ("input.malformed", "/lines/0/reference"),
        ("input.malformed", "/lines/0/ssin"),
        ("input.notAnObject", "/lines/1"),
        ("input.malformed", "/lines/2/days/0/arrival"),
        ("input.malformed", "/lines/2/days/0/date"),
        ("input.malformed", "/lines/2/days/0/duration"),
        ("attendance.unknownReason", "/lines/2/days/0/reason"),
        ("attendance.unknownStatus", "/lines/2/days/0/status"),
        ("attendance.unknownStatus", "/lines/2/days/1/status"),
        ("input.malformed", "/lines/2/ssinPresent"),
    ];
    assert_eq!(codes_and_places(&findings), expected.map(|(code, place)| (code, place.to_owned())));
}

#[test]
fn a_finding_names_the_field_as_a_person_calls_it() {
    let (_, findings) = read(document_with("").replace("2025-06-30", "30/06/2025"));
    let finding = findings.iter().next().expect("one");
    let said = [Language::Fr, Language::Nl, Language::En].map(|language| finding.detail(language));
    assert_eq!(
        said,
        [
            "Le champ « Date de naissance » n’a pas la forme attendue. Attendu : une date qui existe, JJ/MM/AAAA dans un tableau (API : AAAA-MM-JJ).",
            "Het veld “Geboortedatum” heeft niet de verwachte vorm. Verwacht: een bestaande datum, DD/MM/JJJJ in een tabel (API: JJJJ-MM-DD).",
            "The field “Birth date” does not have the expected form. Expected: a date that exists, DD/MM/YYYY in a table (API: YYYY-MM-DD).",
        ]
    );
}

#[test]
fn no_finding_repeats_personal_data() {
    let document = json!({ "lines": [{
        "reference": " SECRET-A", "familyName": "SECRET-B ", "givenName": 1, "birthDate": "17/02/1924", "ssin": "24.02.17-951.56",
        "Secrette Maes": 1, "24021795156": 2,
        "days": [{ "date": "SECRET-C", "status": "Secrette Maes", "duration": "SECRET-D", "reason": "240217" }],
    }] });
    let twice = document.to_string().replace("{\"lines\"", "{\"Secrette Maes\":1,\"Secrette Maes\":2,\"lines\"");
    let (_, findings) = read(twice);
    let mut said = String::new();
    for finding in &findings {
        write!(said, "{finding:?} {}", finding.detail(Language::En)).expect("writing to a string");
    }
    assert!(said.contains("input.unknownProperty"), "{said}");
    for secret in ["SECRET-A", "SECRET-B", "SECRET-C", "Secrette", "17/02/1924", "951", "240217"] {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
}

#[test]
fn an_unknown_code_is_echoed_and_a_list_too_long_is_counted() {
    let day = |status: &str| format!(r#"{{"date":"2026-10-05","status":"{status}","duration":"full"}}"#);
    let (_, findings) = read(document_with("").replace("[]", &format!("[{}]", day("AX/2"))));
    let values: Vec<_> = findings.iter().map(|finding| (finding.rule.code, finding.value.as_deref())).collect();
    assert_eq!(values, [("attendance.unknownStatus", Some("AX/2"))]);

    let days = vec![day("present"); 70].join(",");
    let (_, findings) = read(document_with("").replace("[]", &format!("[{days}]")));
    let values: Vec<_> = findings.iter().map(|finding| (finding.rule.code, finding.value.as_deref())).collect();
    assert_eq!(values, [("input.tooMany", Some("70"))]);

    let lines = vec!["{}"; 10_000].join(",");
    let (raw, findings) = read(format!("{{\"lines\":[{lines}]}}"));
    let finding = findings.iter().next().expect("some");
    assert_eq!((finding.rule.code, finding.value.as_deref()), ("attendance.tooManyLines", Some("10000")));
    assert_eq!(findings.iter().count(), 1 + 500 * 5, "what is beyond the limit is not judged");
    assert_eq!(raw.and_then(|raw| raw.lines.take()).map(|lines| lines.0.len()), Some(501));
}

#[test]
fn only_an_object_is_a_document() {
    for text in ["[]", "1", "null", "\"lines\""] {
        assert_eq!(codes_and_places(&read(text).1), [("input.notAnObject", String::new())], "{text}");
    }
}
