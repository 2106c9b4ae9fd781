//! Refusals and their texts.

use serde_json::{Value, json};

use super::{at, july};
use crate::harness::app::{CRECHE, FOREIGN, SECOND, each_app};
use crate::harness::call::{JSON, XLSX};
use crate::harness::statement::Sheet;

/// Faults of shape and of rules, and a warning.
fn faulty() -> Value {
    let mut faulty = Value::from(july().child(3, "1:P").without("ssin"));
    faulty["lines"][0]["days"][0]["date"] = "2026-06-30".into();
    faulty["lines"][1]["birthDate"] = "10/01/2025".into();
    faulty["lines"][2]["colour"] = "red".into();
    faulty
}

#[tokio::test]
async fn everything_wrong_is_reported_at_once() {
    each_app(async |app| {
        let refused = app.vendor().put(at("2026-07"), faulty()).await.refused(400, "badRequest");
        let codes = ["attendance.dateOutsideMonth", "input.malformed", "input.unknownProperty"];
        assert_eq!(refused.codes("issues"), codes);
        assert_eq!(refused.codes("warnings"), ["attendance.ssinMissing"]);
        let mut names = refused.each("issues", "name");
        names.sort_by_key(ToString::to_string);
        assert_eq!(names, ["/lines/0/days/0/date", "/lines/1/birthDate", "/lines/2/colour"]);
        app.vendor().get(at("2026-07")).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn a_refusal_is_in_the_requested_language() {
    each_app(async |app| {
        let mut told = Vec::new();
        for (asked, spoken) in [("fr-BE", "fr"), ("nl", "nl"), ("en", "en"), ("de", "en"), ("de, nl;q=0.3", "nl")] {
            let refused = app.vendor().put(at("2026-07"), faulty()).language(asked).await.expect(400);
            assert_eq!(refused.header("content-language"), spoken, "{asked}");
            told.push(format!("{}{:?}", refused["detail"], refused.each("issues", "detail")));
        }
        assert_eq!(told[2], told[3]);
        assert_eq!(told[1], told[4]);
        told.sort();
        told.dedup();
        assert_eq!(told.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn invalid_months_are_refused() {
    each_app(async |app| {
        let future = app.vendor().put(at("2026-11"), Sheet::of("2026-11")).await.refused(400, "badRequest");
        assert_eq!(future.codes("issues"), ["attendance.monthInFuture"]);
        future.has(&serde_json::json!({ "issues/0/in": "path", "issues/0/name": "month" }));
        let current = app.vendor().put(at("2026-10"), Sheet::of("2026-10").child(1, "9:P 13:P")).await;
        assert_eq!(current.refused(400, "badRequest").codes("issues"), ["attendance.presentInFuture"]);
        app.vendor().put(at("2026-10"), Sheet::of("2026-10").child(1, "9:P 13:AJ")).await.expect(201);
        for malformed in ["2026-13", "2026-7", "202607", "july", "1990-13", "2026Q3", "2026-07-01"] {
            for reply in [app.vendor().get(at(malformed)).await, app.vendor().put(at(malformed), july()).await] {
                let refused = reply.refused(400, "badRequest");
                assert_eq!(refused.codes("issues"), ["request.malformedPath"], "{malformed}");
            }
        }
        for outside in ["1990-01", "1999-12", "2100-01"] {
            for reply in [app.vendor().get(at(outside)).await, app.vendor().put(at(outside), july()).await] {
                let refused = reply.refused(400, "badRequest");
                assert_eq!(refused.codes("issues"), ["request.yearOutside"], "{outside}");
                assert!(refused["issues"][0]["detail"].as_str().unwrap().contains("2000 to 2099"), "{}", refused.json);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn creches_of_others_are_not_found_and_those_not_granted_are_forbidden() {
    each_app(async |app| {
        let limited = app.limited_to(&[SECOND]).await;
        for path in [
            "",
            "/closures",
            "/attendanceStatements",
            "/attendanceStatements/2026-07",
            "/summaries/2026Q3",
            "/attendanceStatements/2026-07/revisions",
            "/attendanceStatements/2026-07/revisions/1",
            "/attendanceStatements/2026-07/template",
            "/summaries/2026-07/contributions",
        ] {
            let foreign = app.vendor().get(format!("/creches/{FOREIGN}{path}")).await.refused(404, "resourceNotFound");
            assert_eq!(foreign["issues"][0]["name"], "crecheId", "{path}");
            limited.get(format!("/creches/{CRECHE}{path}")).await.refused(403, "missingPermission");
            for id in ["not-an-id", "019A5C00-0000-7000-8000-000000000011", "019a5c00-0000-7000-8000-00000000ffff"] {
                app.vendor().get(format!("/creches/{id}{path}")).await.refused(404, "resourceNotFound");
            }
        }
        // Neither learns anything of the document.
        for (reply, kind) in [
            (app.vendor().put(format!("/creches/{FOREIGN}/attendanceStatements/2026-07"), faulty()).await, 404),
            (limited.put(at("2026-07"), faulty()).await, 403),
        ] {
            let refused = reply.expect(kind);
            assert!(!refused.codes("issues").iter().any(|code| code.starts_with("attendance")), "{kind}");
        }
        assert_eq!(limited.get("/creches").await.expect(200).each("items", "id"), [SECOND]);
        assert_eq!(limited.get("/caller").await.expect(200).each("creches", "id"), [SECOND]);
        assert!(app.verdicts().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn malformed_requests_are_refused_with_the_reason() {
    each_app(async |app| {
        let vendor = app.vendor();
        let list = format!("/creches/{CRECHE}/attendanceStatements");
        let queries = [
            (format!("{list}?colour=red"), "request.unknownParameter"),
            (format!("{list}?from=2026-13"), "request.malformedParameter"),
            (format!("{list}?status=missing"), "request.unknownParameter"),
            (format!("{list}?from=2026-01&from=2026-02"), "request.repeatedParameter"),
            (format!("{}/template?lines=0", at("2026-07")), "request.malformedParameter"),
            (format!("{}/template?lines=501", at("2026-07")), "request.malformedParameter"),
            (format!("{}/template?prefill=lastYear", at("2026-07")), "request.malformedParameter"),
            (format!("/creches/{CRECHE}/summaries/2026-07/contributions?comparedTo=0"), "request.malformedParameter"),
            (format!("/creches/{CRECHE}/summaries/2026Q3/contributions?comparedTo=1"), "request.malformedParameter"),
            (format!("/creches/{CRECHE}/summaries/2026-13"), "request.malformedPath"),
            ("/summaries/2026Q5".to_owned(), "request.malformedPath"),
            ("/summaries/1990Q4".to_owned(), "request.yearOutside"),
            (format!("{list}?from=1990-01"), "request.yearOutside"),
            ("/caller?verbose=true".to_owned(), "request.unknownParameter"),
        ];
        for (path, code) in queries {
            assert_eq!(vendor.get(&path).await.refused(400, "badRequest").codes("issues"), [code], "{path}");
        }
        let put = || vendor.call(axum::http::Method::PUT, at("2026-07"));
        put().await.refused(415, "unsupportedMediaType");
        put().body("text/csv", "a;b").await.refused(415, "unsupportedMediaType");
        put().body(JSON, "{}").header("content-encoding", "gzip").await.refused(415, "unsupportedMediaType");
        put().body(JSON, "{}").accept("text/html").await.refused(406, "notAcceptable");
        vendor.get(format!("{}/template", at("2026-07"))).accept(JSON).await.refused(406, "notAcceptable");
        assert_eq!(put().body(JSON, "").await.refused(400, "badRequest").codes("issues"), ["json.empty"]);
        assert_eq!(put().body(JSON, "{").await.refused(400, "badRequest").codes("issues"), ["json.malformed"]);
        let list_only = vendor.put(at("2026-07"), json!([])).await.refused(400, "badRequest");
        assert_eq!(list_only.codes("issues"), ["input.notAnObject"]);
        let not_a_workbook = put().body(XLSX, "Bonjour").await.refused(400, "badRequest");
        assert!(not_a_workbook.codes("issues")[0].starts_with("workbook."));
        let tried = put().body(JSON, "{}").header("accept-language", "fr").await.refused(400, "badRequest");
        assert_eq!(tried.codes("issues"), ["input.required"]);
        vendor.put(format!("{}?dryRun=maybe", at("2026-07")), july()).await.refused(400, "badRequest");
        vendor.call(axum::http::Method::DELETE, at("2026-07")).await.refused(405, "methodNotAllowed");
        vendor.get("/nowhere").await.refused(404, "resourceNotFound");
    })
    .await;
}
