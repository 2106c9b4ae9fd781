//! `passerelle check`: what can be validated on a vendor's machine, and what is listed as not checked.

use serde_json::Value;

use super::answer;
use crate::harness::process;

/// What the program answers about a file of `sandbox/samples`.
fn checked(name: &str, words: &[&str]) -> (i32, Value) {
    let file = format!("{}/sandbox/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut command = process::command(["check", &file, "--format", "json"].iter().chain(words).copied());
    let answer = answer(&mut command);
    let body: Value = serde_json::from_str(&answer.out).unwrap_or_else(|error| panic!("{error}: {}", answer.err));
    (answer.status, body["files"][0].clone())
}

#[test]
fn the_sample_register_has_no_findings_off_line() {
    for name in ["staff.json", "staff.xlsx", "staff.xls"] {
        let (status, file) = checked(name, &[]);
        assert_eq!((status, &file["errors"], &file["findings"]), (0, &0.into(), &Value::Array(Vec::new())), "{name}");
        let not_checked: Vec<_> = file["notChecked"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        for rule in ["staff.birthDateRequired", "staff.ssinMissing", "staff.leftOut", "organiser.capReached"] {
            assert!(not_checked.contains(&rule), "{name}: {rule} is not in {not_checked:?}");
        }
    }
}

#[test]
fn the_creche_named_in_a_workbook_is_not_checked_off_line() {
    let (_, file) = checked("openpyxl.xlsx", &["--month", "2026-10"]);
    assert!(file["notChecked"].as_array().unwrap().contains(&"workbook.crecheMismatch".into()), "{file}");
    let (_, file) = checked("consultations.json", &["--month", "2026-07"]);
    assert!(!file["notChecked"].as_array().unwrap().contains(&"workbook.crecheMismatch".into()), "{file}");
}
