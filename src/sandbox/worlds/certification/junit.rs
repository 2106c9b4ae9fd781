//! A run in the form of JUnit, which systems of continuous integration read.

use std::fmt::Write as _;

use serde_json::Value;

/// The run, as it is published, in XML. Cases that are not over are skipped ones.
pub(in crate::sandbox::worlds) fn junit(run: &Value) -> String {
    let cases = run["cases"].as_array().map_or(&[][..], Vec::as_slice);
    let count =
        |states: &[&str]| cases.iter().filter(|case| states.iter().any(|state| case["state"] == *state)).count();
    let name = format!("passerelle {} {}", text(&run["profile"]), text(&run["product"]["name"]));
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\">\n",
        escaped(&name),
        cases.len(),
        count(&["failed"]),
        count(&["waiting", "running"]),
    );
    for case in cases {
        let (profile, name) = text(&case["id"]).split_once('.').unwrap_or_default();
        // Writing to a text does not fail.
        let _ =
            writeln!(xml, "  <testcase classname=\"passerelle.{profile}\" name=\"{name}\">{}</testcase>", end(case));
    }
    xml + "</testsuite>\n"
}

fn end(case: &Value) -> String {
    let failure = &case["failure"];
    match text(&case["state"]) {
        "failed" => {
            let seen = ["place", "expected", "found"].iter().filter(|name| !failure[**name].is_null());
            let seen: Vec<_> = seen.map(|name| format!("{name}: {}", failure[*name])).collect();
            let message = escaped(text(&failure["text"]["en"]));
            format!(
                "<failure type=\"{}\" message=\"{message}\">{}</failure>",
                text(&failure["code"]),
                escaped(&seen.join("\n"))
            )
        }
        "passed" => String::new(),
        _ => "<skipped/>".to_owned(),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    text.replace(|sign: char| sign.is_control() && sign != '\n', " ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_run_in_xml_counts_its_cases_and_escapes_names() {
        let run = json!({
            "profile": "attendance", "product": { "name": "A&B \"<x>\"" },
            "cases": [
                { "id": "attendance.findings", "state": "passed" },
                { "id": "attendance.sameAgain", "state": "failed",
                  "failure": { "code": "written", "text": { "en": "a < b" }, "found": 2 } },
                { "id": "attendance.lostAnswer", "state": "waiting" },
            ],
        });
        let xml = junit(&run);
        assert!(xml.contains("tests=\"3\" failures=\"1\" skipped=\"1\""), "{xml}");
        assert!(
            xml.contains("A&amp;B &quot;&lt;x&gt;&quot;") && xml.contains("message=\"a &lt; b\">found: 2</failure>")
        );
    }
}
