//! The signed figures, computed anew from the revisions that the receipt names, whatever was deposited since.

use serde_json::{Value, json};

use super::{attendance, claim, report, send_signature, signed};
use crate::harness::app::{CRECHE, TestApp, each_app};
use crate::harness::statement::Sheet;

/// Corrections of a signed quarter: month and the number of present children.
const CORRECTIONS: [(&str, u32); 9] = [
    ("2026-07", 5),
    ("2026-09", 1),
    ("2026-07", 4),
    ("2026-08", 7),
    ("2026-09", 6),
    ("2026-07", 2),
    ("2026-08", 3),
    ("2026-09", 2),
    ("2026-07", 9),
];

/// The present whole and half days of a month, of the revision that the receipt names.
async fn recomputed(app: &TestApp, document: &Value, month: &str) -> [Value; 2] {
    let inputs = document["inputs"].as_array().unwrap().iter();
    let mut of_month = inputs.filter(|input| input["resource"] == "attendanceStatements" && input["month"] == month);
    let revision = &of_month.next().unwrap()["revision"];
    let path = format!("{}/revisions/{revision}", attendance(month));
    let statement = app.vendor().get(path).await.expect(200);
    let days = |duration: &str| {
        let lines = statement["lines"].as_array().unwrap().iter();
        let days = lines.flat_map(|line| line["days"].as_array().unwrap());
        json!(days.filter(|day| day["status"] == "present" && day["duration"] == duration).count())
    };
    [days("full"), days("half")]
}

/// The same as they are signed.
fn as_signed(document: &Value, month: &str) -> [Value; 2] {
    let value = |name: &str| {
        let mut figures = document["figures"].as_array().unwrap().iter();
        figures.find(|line| line["figure"] == name && line["month"] == month).unwrap()["value"].clone()
    };
    [value("presentFullDays"), value("presentHalfDays")]
}

#[tokio::test]
async fn signed_figures_are_those_of_the_revisions_that_they_name() {
    each_app(async |app| {
        let browser = signed(app).await;
        for (number, (month, children)) in CORRECTIONS.into_iter().enumerate() {
            let path = format!("{}?correctionReason=lateInformation", attendance(month));
            let sheet = Sheet::of(month).children(children, "1:P 2:P/2");
            app.vendor().put(path, sheet).if_match("*").await.expect(200);
            if number % 3 == 2 {
                send_signature(&browser).await.expect(303);
            }
            let document = app.vendor().get(report("/receipt")).await.expect(200)["document"].clone();
            for month in ["2026-07", "2026-08", "2026-09"] {
                assert_eq!(recomputed(app, &document, month).await, as_signed(&document, month), "{number} {month}");
            }
        }
        assert_eq!(claim(app).await["signature"]["number"], 4);
    })
    .await;
}

#[tokio::test]
async fn the_difference_names_exactly_what_was_changed() {
    each_app(async |app| {
        signed(app).await;
        for (month, children) in CORRECTIONS {
            let path = format!("{}?correctionReason=other", attendance(month));
            let sheet = Sheet::of(month).children(children, "1:P 2:P/2");
            app.vendor().put(path, sheet).if_match("*").await.expect(200);
        }
        // The last correction of September puts back what was signed.
        let claim = claim(app).await;
        let months = claim["changes"].as_array().unwrap().iter().map(|one| (one["month"].clone(), one["now"].clone()));
        let mut months: Vec<_> = months.collect();
        months.sort_by_key(|(month, _)| month.to_string());
        let (july, august) = ((json!("2026-07"), json!(9)), (json!("2026-08"), json!(3)));
        assert_eq!(months, [july.clone(), july, august.clone(), august]);
        let july = format!("/creches/{CRECHE}/summaries/2026-07");
        let summary = app.vendor().get(july).await.expect(200);
        assert_eq!(summary["totals"]["present"]["fullDays"], 9, "{}", summary.json);
    })
    .await;
}
