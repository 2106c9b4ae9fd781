//! Statements as workbooks: sent, read back, begun from a template, handed back with their faults marked.

use serde_json::{Value, json};

use super::{at, deposit, july};
use crate::harness::app::each_app;
use crate::harness::call::{Reply, XLSX};
use crate::harness::statement::Sheet;
use crate::harness::workbook::fill;

#[tokio::test]
async fn a_statement_read_as_a_workbook_and_sent_back_is_the_same_revision() {
    each_app(async |app| {
        let sheet = july().child(3, "6:P/2+AI/2 7:AJ:hospitalisation").without("ssin");
        deposit(app, "2026-07", &sheet.with("startDate", "2025-09-01").with("endDate", "2026-07-24")).await;
        let book = app.vendor().get(at("2026-07")).accept(XLSX).await.expect(200);
        assert!(book.header("content-disposition").starts_with("attachment; filename="));
        assert!(!book.header("content-disposition").contains('\''));
        for (media, written) in [(XLSX, "an .xlsx")] {
            let again = app.vendor().call(axum::http::Method::PUT, at("2026-07")).body(media, book.bytes.clone());
            let again = again.await.expect(200);
            assert_eq!((&again["unchanged"], &again["revision"]), (&true.into(), &1.into()), "{written}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_template_begun_with_last_months_children_is_filled_in_and_sent() {
    each_app(async |app| {
        let gone = july().child(3, "1:P").with("endDate", "2026-07-31");
        deposit(app, "2026-07", &gone).await;
        let template = format!("{}/template?prefill=previousMonth", at("2026-09"));
        let book = app.vendor().get(&template).await.expect(200);
        assert!(book.header("content-disposition").contains("2026-09.xlsx"));
        // Unchanged, it is a month without presences.
        let untouched =
            tried(app.vendor().put_workbook(format!("{}?dryRun=true", at("2026-09")), book.bytes.clone()).await);
        assert_eq!((&untouched["lines"], untouched.codes("warnings")), (&2.into(), vec!["attendance.allZero"]));
        let filled = fill(&book.bytes, &[("H7", "P"), ("I7", "AJ/2+P/2"), ("H8", "AI")]);
        let accepted = app.vendor().put_workbook(at("2026-09"), filled).await.expect(201);
        assert_eq!((&accepted["lines"], accepted.codes("warnings")), (&2.into(), vec![]));
        let read = app.vendor().get(at("2026-09")).await.expect(200);
        assert_eq!(read.each("lines", "reference"), ["K-0001", "K-0002"]);
        assert_eq!(read.each("lines", "ssinPresent"), [true, true]);
        let days = json!([
            { "date": "2026-09-01", "status": "present", "duration": "full" },
            { "date": "2026-09-02", "status": "justifiedAbsence", "duration": "half" },
            { "date": "2026-09-02", "status": "present", "duration": "half" },
        ]);
        assert_eq!(read["lines"][0]["days"], days);
        assert_eq!(read["lines"][1]["days"][0]["status"], "unjustifiedAbsence");
    })
    .await;
}

fn tried(reply: Reply) -> Reply {
    let reply = reply.expect(200);
    assert_eq!(reply["written"], false);
    reply
}

#[tokio::test]
async fn a_template_without_children_is_an_empty_month() {
    each_app(async |app| {
        for query in ["", "?prefill=none", "?lines=500", "?prefill=previousMonth"] {
            let book = app.vendor().get(format!("{}/template{query}", at("2026-09"))).await.expect(200);
            let reply = app.vendor().put_workbook(format!("{}?dryRun=true", at("2026-09")), book.bytes).await;
            assert_eq!(tried(reply)["lines"], 0, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_refused_workbook_is_returned_marked_on_request() {
    each_app(async |app| {
        deposit(app, "2026-07", &july()).await;
        let book = app.vendor().get(at("2026-07")).accept(XLSX).await.expect(200);
        let faulty = fill(&book.bytes, &[("H7", "X"), ("D8", "hier")]);
        let told = app.vendor().put_workbook(at("2026-07"), faulty.clone()).await.refused(400, "badRequest");
        let cells: Vec<Value> = told.each("issues", "cell");
        assert!(cells.contains(&"Présences!H7".into()) && cells.contains(&"Présences!D8".into()), "{cells:?}");
        let marked = app.vendor().put_workbook(at("2026-07"), faulty).accept(XLSX).await.expect(400);
        assert_eq!(marked.header("passerelle-problem-type"), "urn:problem-type:belgif:badRequest");
        assert_eq!(marked.header("passerelle-error-count"), "2");
        assert_eq!(marked.header("cache-control"), "no-store");
        let again = app.vendor().put_workbook(at("2026-07"), marked.bytes.clone()).await.refused(400, "badRequest");
        assert_eq!(again.codes("issues"), told.codes("issues"), "untouched, the same findings");
        let repaired = fill(&marked.bytes, &[("H7", "P"), ("D8", "2025-01-03")]);
        let accepted = app.vendor().put_workbook(at("2026-07"), repaired).if_match("\"1\"").await;
        assert_eq!(accepted.expect(200)["unchanged"], true);
    })
    .await;
}

#[tokio::test]
async fn both_forms_of_one_content_are_one_revision() {
    each_app(async |app| {
        let sheet = Sheet::of("2026-07").child(1, "1:P 2:P/2+AJ/2:medicalCertificate");
        deposit(app, "2026-07", &sheet).await;
        let template = app.vendor().get(format!("{}/template", at("2026-07"))).await.expect(200);
        let ssin = crate::harness::statement::ssin(1);
        let filled = fill(
            &template.bytes,
            &[
                ("A7", "K-0001"),
                ("B7", "Exemple1"),
                ("C7", "Lou"),
                ("D7", "2025-01-02"),
                ("E7", &ssin),
                ("H7", "P"),
                ("I7", "AJ/2:medicalCertificate+P/2"),
            ],
        );
        let same = app.vendor().put_workbook(at("2026-07"), filled).await.expect(200);
        assert_eq!((&same["unchanged"], same.codes("warnings")), (&true.into(), vec![]));
    })
    .await;
}

#[tokio::test]
async fn arrivals_and_departures_survive_the_way_through_a_workbook() {
    each_app(async |app| {
        let day = |date: &str, more: Value| {
            let mut day = json!({ "date": date, "status": "present", "duration": "full" });
            day.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            day
        };
        let days = json!([
            day("2026-07-01", json!({ "arrival": "07:30", "departure": "16:45" })),
            day("2026-07-02", json!({ "duration": "half", "arrival": "08:00", "departure": "12:00" })),
            day("2026-07-02", json!({ "duration": "half", "status": "justifiedAbsence", "reason": "hospitalisation" })),
            day("2026-07-03", json!({ "arrival": "09:05" })),
            day("2026-07-06", json!({ "departure": "17:00" })),
        ]);
        let sheet = Sheet::of("2026-07").child(1, "").with("days", days.clone()).child(2, "1:P");
        let first = deposit(app, "2026-07", &sheet).await;
        let book = app.vendor().get(at("2026-07")).accept(XLSX).await.expect(200);
        let again = app.vendor().put_workbook(at("2026-07"), book.bytes.clone()).if_match(&first.etag()).await;
        assert_eq!(again.expect(200)["unchanged"], true);

        let corrected = fill(&book.bytes, &[("H7", "P 7h45 – 16h45"), ("I8", "P 8:00-17:00")]);
        let etag = app.vendor().get(at("2026-07")).await.expect(200).etag();
        app.vendor().put_workbook(at("2026-07"), corrected).if_match(&etag).await.expect(200);
        let read = app.vendor().get(at("2026-07")).await.expect(200);
        assert_eq!(read["lines"][0]["days"][0]["arrival"], "07:45");
        assert_eq!(read["lines"][0]["days"].as_array().unwrap()[1..], days.as_array().unwrap()[1..]);
        assert_eq!(read["lines"][1]["days"][1]["departure"], "17:00");

        let wrong = fill(&book.bytes, &[("H7", "P 17:00-16:45"), ("I7", "P 25:00-26:00")]);
        let refused = app.vendor().put_workbook(format!("{}?dryRun=true", at("2026-07")), wrong).await;
        let refused = refused.refused(400, "badRequest");
        assert_eq!(refused.codes("issues"), ["attendance.departureNotAfterArrival", "workbook.dayTimes"]);
        assert_eq!(refused.each("issues", "cell"), ["Présences!I7", "Présences!H7"]);
    })
    .await;
}
