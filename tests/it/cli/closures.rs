//! Closures of many crèches from one file.

use serde_json::{Value, json};

use super::{Operator, World, each_operator, id};
use crate::harness::database::Database;

const TABLE: &str = "creche;startDate;endDate;reason;remarque\n\
                     73/1;24/12/2026;01/01/2027;annualClosure;\"fêtes ; \"\"fin\"\" d’année\"\n\
                     \n\
                     73/1;2026-11-11;2026-11-11;publicHoliday;\n";

/// What the import of a file answers, in this exit status.
#[track_caller]
fn import(operator: &Operator, status: i32, content: impl AsRef<[u8]>, more: &[&str]) -> Value {
    let file = operator.file("closures", content);
    let answer = operator.run(&[&["admin", "closure", "import", &file, "--json"], more].concat());
    assert_eq!(answer.status, status, "{}{}", answer.out, answer.err);
    serde_json::from_str(&answer.out).unwrap()
}

async fn closures(operator: &Operator, world: &World) -> Value {
    let path = format!("/creches/{}/closures", world.creche);
    operator.serve().get(&path, &world.key).await.1["items"].take()
}

fn reason(reason: &str, start: &str, end: &str) -> Value {
    json!({ "startDate": start, "endDate": end, "reason": reason })
}

#[tokio::test]
async fn a_table_is_tried_imported_and_changes_nothing_the_second_time() {
    each_operator(async |operator, _| {
        let world = operator.register_world();
        let report = import(operator, 0, TABLE, &["--dry-run"]);
        assert_eq!((&report["written"], &report["creches"][0]["added"]), (&json!(false), &json!(2)));
        assert_eq!(closures(operator, &world).await, json!([]));
        let report = import(operator, 0, format!("\u{feff}{TABLE}"), &[]);
        assert_eq!((&report["written"], &report["creches"][0]["crecheId"]), (&json!(true), &json!(world.creche)));
        let both = json!([
            reason("publicHoliday", "2026-11-11", "2026-11-11"),
            reason("annualClosure", "2026-12-24", "2027-01-01")
        ]);
        assert_eq!(closures(operator, &world).await, both);
        let trail = operator.admin_json(&["audit", "list", "--organiser", &world.organiser]);
        assert_eq!(
            (&trail["items"][0]["action"], &trail["items"][0]["crecheId"]),
            (&json!("closures.replaced"), &json!(world.creche))
        );

        let again = import(operator, 0, TABLE.replace(';', ","), &[]);
        assert_eq!(
            (&again["creches"][0]["added"], &again["creches"][0]["total"]),
            (&json!(0), &json!(2)),
            "commas: {again}"
        );
        assert_eq!(operator.admin_json(&["audit", "list", "--organiser", &world.organiser]), trail, "nothing was done");
    })
    .await;
}

#[tokio::test]
async fn json_is_imported_by_id_and_may_replace() {
    each_operator(async |operator, _| {
        let world = operator.register_world();
        import(operator, 0, TABLE, &[]);
        let strike = reason("strike", "2026-10-09", "2026-10-09");
        let report = import(operator, 0, json!({ &*world.creche: { "items": [&strike] } }).to_string(), &[]);
        assert_eq!((&report["creches"][0]["added"], &report["creches"][0]["total"]), (&json!(1), &json!(3)));
        let report = import(operator, 0, json!({ "73/1": { "items": [&strike] } }).to_string(), &["--replace"]);
        assert_eq!((&report["creches"][0]["removed"], &report["creches"][0]["total"]), (&json!(2), &json!(1)));
        assert_eq!(closures(operator, &world).await, json!([strike]));
    })
    .await;
}

#[tokio::test]
async fn one_fault_refuses_the_whole_file_and_every_fault_is_reported_with_its_line() {
    each_operator(async |operator, _| {
        let world = operator.register_world();
        let other = id(&operator.admin_json(&["organiser", "add", "De Vuurvliegjes"]));
        let twin = ["creche", "add", "--organiser", &other, "Twin", "--one-number", "73/9", "--places", "9"];
        operator.admin_json(&[&twin[..], &["--from", "2020-01-01"]].concat());
        let twin = ["creche", "add", "--organiser", &world.organiser, "Twin", "--one-number", "73/9", "--places", "9"];
        operator.admin_json(&[&twin[..], &["--from", "2020-01-01"]].concat());
        let faulty = format!(
            "{TABLE}73/1;31/06/2026;;holiday;\n73/1;2026-08-14;2026-08-03;other;\n99/9;2026-07-20;2026-07-31;other;\n\
             73/9;2026-07-20;2026-07-31;other;\n73/1;2026-09-28;2026-09-28;publicHoliday;\n"
        );
        let report = import(operator, 1, &faulty, &[]);
        let found = |code: &str, at: &str| {
            let findings = report["findings"].as_array().unwrap();
            assert!(
                findings.iter().any(|finding| finding["code"] == code && finding["cell"] == at),
                "{code} {at} in {report:#}"
            );
        };
        found("input.malformed", "line 5, startDate");
        found("input.required", "line 5, endDate");
        found("input.malformed", "line 5, reason");
        found("closure.endBeforeStart", "line 6, endDate");
        found("closure.unknownCreche", "line 7");
        found("closure.ambiguousCreche", "line 8");
        found("closure.unlistedHoliday", "line 9");
        assert_eq!(
            (&report["written"], &report["creches"], &report["warnings"]),
            (&json!(false), &json!([]), &json!(1))
        );
        assert_eq!(closures(operator, &world).await, json!([]));
        let output = operator.run(&["admin", "closure", "import", "closures", "--language", "fr"]);
        assert!(
            output.status == 1 && output.out.contains("at line 6, endDate") && output.out.contains("Corrigez la date"),
            "{}",
            output.out
        );
    })
    .await;
}

#[tokio::test]
async fn each_kind_of_unreadable_file_has_its_error() {
    let database = Database::sqlite().await;
    let operator = Operator::at(&database);
    operator.register_world();
    let many: Vec<_> = (0..367).map(|day| format!("73/1;2026-01-01;{:04}-01-01;other", 2027 + day)).collect();
    let cases: [(&[u8], &str, &str); 9] = [
        (b"", "json.empty", ""),
        (b"creche;startDate;reason\n", "input.required", "line 1"),
        (b"creche;startDate;endDate;reason\n;2026-01-01;2026-01-01;other", "input.required", "line 2"),
        (b"creche;startDate;endDate;reason\n\"73/1;2026-01-01", "input.unclosedQuote", "line 2"),
        (b"creche;startDate;endDate;reason\n73/1;2026-01-01;2026-01-01;f\xe9ri\xe9", "json.notUtf8", ""),
        (b"creche;startDate;endDate;reason\n73/1;2026-01-01;2026-01-01;other;;x", "input.tooManyFields", "line 2"),
        (b"{\"73/1\": {\"items\": []}", "json.malformed", ""),
        (b"{\"73/1\": {\"items\": []}, \"73/1\": {\"items\": []}}", "json.duplicateProperty", ""),
        (b"{\"73/1\": []}", "input.notAnObject", ""),
    ];
    for (content, code, at) in cases {
        let report = import(&operator, 1, content, &[]);
        assert_eq!(report["findings"][0]["code"], code, "{report:#}");
        assert_eq!(report["findings"][0]["cell"].as_str().unwrap_or_default(), at, "{report:#}");
    }
    let report = import(&operator, 1, format!("creche;startDate;endDate;reason\n{}", many.join("\n")), &[]);
    assert_eq!(report["findings"][0]["code"], "input.tooMany", "{report:#}");
    assert!(operator.run(&["admin", "closure", "import", "none.csv"]).refused().contains("none.csv"));
}
