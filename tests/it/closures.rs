//! Closures: replaced as a whole, guarded, and felt by the figures.

use serde_json::{Value, json};

use crate::harness::app::{CRECHE, TestApp, UNSUBSIDISED, creche, each_app};
use crate::harness::call::Reply;
use crate::harness::statement::Sheet;

fn at(creche: &str) -> String {
    format!("/creches/{creche}/closures")
}

fn closures(days: &[(&str, &str, &str)]) -> Value {
    let closure =
        |(start, end, reason): &(&str, &str, &str)| json!({ "startDate": start, "endDate": end, "reason": reason });
    json!({ "items": days.iter().map(closure).collect::<Vec<_>>() })
}

async fn summary(app: &TestApp, period: &str) -> Reply {
    app.vendor().get(format!("/creches/{UNSUBSIDISED}/summaries/{period}")).await.expect(200)
}

#[tokio::test]
async fn a_list_replaces_the_former_one_of_the_given_version() {
    each_app(async |app| {
        let none = app.vendor().get(at(UNSUBSIDISED)).await.expect(200);
        assert_eq!(none["items"], json!([]));
        let unsorted =
            closures(&[("2026-12-24", "2026-12-31", "annualClosure"), ("2026-11-02", "2026-11-02", "other")]);
        let first = app.vendor().put(at(UNSUBSIDISED), unsorted.clone()).await.expect(200);
        assert_eq!(first.each("items", "startDate"), ["2026-11-02", "2026-12-24"], "in the order of the calendar");
        assert_eq!(
            (&first["written"], &first["unchanged"], &first["hasWarnings"]),
            (&json!(true), &json!(false), &json!(false))
        );
        let read = app.vendor().get(at(UNSUBSIDISED)).await.expect(200);
        assert_eq!((&read["items"], read.etag()), (&first["items"], first.etag()));
        app.vendor().get(at(UNSUBSIDISED)).if_none_match(&first.etag()).await.expect(304);

        let same = app.vendor().put(at(UNSUBSIDISED), unsorted).await.expect(200);
        assert_eq!((&same["unchanged"], &same["written"], same.etag()), (&json!(true), &json!(false), first.etag()));
        let less = closures(&[("2026-11-02", "2026-11-02", "other")]);
        let put = || app.vendor().put(at(UNSUBSIDISED), less.clone());
        let unguarded = put().await.refused(428, "preconditionRequired");
        assert_eq!(unguarded["currentEtag"], first.etag());
        put().if_match("\"99\"").await.refused(412, "preconditionFailed");
        let second = put().if_match(&first.etag()).await.expect(200);
        assert_ne!(second.etag(), first.etag());
        app.vendor().get(at(UNSUBSIDISED)).if_none_match(&first.etag()).await.expect(200);

        let events: Vec<_> =
            app.events().await.into_iter().map(|(_, event)| (event.kind.to_string(), event.creche)).collect();
        let replaced = ("closures.replaced".to_owned(), Some(creche(UNSUBSIDISED)));
        assert_eq!(events, [replaced.clone(), replaced]);
        assert_eq!(app.audit().await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn faults_are_errors_and_oddities_are_warnings() {
    each_app(async |app| {
        let odd = closures(&[("2026-11-03", "2026-11-03", "publicHoliday")]);
        let warned = app.vendor().put(format!("{}?dryRun=true", at(UNSUBSIDISED)), odd).await.expect(200);
        assert_eq!(warned.codes("warnings"), ["closure.unlistedHoliday"]);
        assert_eq!((&warned["written"], &warned["hasWarnings"]), (&json!(false), &json!(true)));
        assert_eq!(app.vendor().get(at(UNSUBSIDISED)).await.expect(200)["items"], json!([]), "a dry run");

        let mut faulty = closures(&[("2026-11-03", "2026-11-02", "other"), ("2026-11-31", "2026-12-01", "holiday")]);
        faulty["colour"] = "red".into();
        let refused = app.vendor().put(at(UNSUBSIDISED), faulty).await.refused(400, "badRequest");
        assert_eq!(refused.codes("issues"), ["closure.endBeforeStart", "input.malformed", "input.unknownProperty"]);
        let both = closures(&[("2026-07-31", "2026-07-20", "holiday")]);
        let refused = app.vendor().put(at(CRECHE), both).await.refused(400, "badRequest");
        assert_eq!(refused.codes("issues"), ["closure.endBeforeStart", "input.malformed"], "one fault hides no other");
        assert!(app.events().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn closures_change_open_days_rates_and_warnings() {
    each_app(async |app| {
        let month = format!("/creches/{UNSUBSIDISED}/attendanceStatements/2026-09");
        let sheet = Sheet::of("2026-09").child(1, "1:P 2:P 3:P/2");
        assert_eq!(app.vendor().put(&month, &sheet).await.expect(201).codes("warnings"), [""; 0]);
        let before = summary(app, "2026-09").await;
        // 22 working days, 7 places: 5 half days of 308.
        assert_eq!((&before["openDays"], &before["placeDays"]), (&22.into(), &154.into()));
        assert_eq!((&before["presentHalfDays"], &before["presentRate"]), (&5.into(), &162.into()));
        let week = closures(&[("2026-08-31", "2026-09-04", "annualClosure")]);
        app.vendor().put(at(UNSUBSIDISED), week).await.expect(200);
        let after = summary(app, "2026-09").await;
        assert_eq!((&after["openDays"], &after["placeDays"]), (&18.into(), &126.into()));
        assert_eq!(after["presentRate"], 198, "5 of 252");
        assert_ne!(after.etag(), before.etag());
        let more = app.vendor().put(format!("{month}?dryRun=true"), sheet.child(2, "7:P")).await.expect(200);
        assert_eq!(more.codes("warnings"), ["attendance.presenceOnClosure"]);
        assert_eq!(more.each("warnings", "name").len(), 3, "one for each date");
        let all = closures(&[("2026-09-01", "2026-09-30", "other")]);
        app.vendor().put(at(UNSUBSIDISED), all).if_match("*").await.expect(200);
        let closed = summary(app, "2026-09").await;
        assert_eq!((&closed["openDays"], &closed["placeDays"]), (&0.into(), &0.into()));
        assert!(closed["presentRate"].is_null() && closed["presentAndJustifiedRate"].is_null(), "nothing was open");
    })
    .await;
}

#[tokio::test]
async fn the_closures_of_one_creche_leave_the_others_open() {
    each_app(async |app| {
        let before = app.vendor().get(at(CRECHE)).await.expect(200);
        app.vendor().put(at(UNSUBSIDISED), closures(&[("2026-09-01", "2026-09-30", "other")])).await.expect(200);
        let after = app.vendor().get(at(CRECHE)).await.expect(200);
        assert_eq!((&after["items"], after.etag()), (&before["items"], before.etag()));
    })
    .await;
}

#[tokio::test]
async fn the_empty_list_of_a_new_creche_has_a_version_like_any_other() {
    each_app(async |app| {
        let none = app.vendor().get(at(UNSUBSIDISED)).await.expect(200);
        assert_eq!((&none["items"], none.etag()), (&json!([]), "\"0\"".to_owned()));
        let days = closures(&[("2026-11-02", "2026-11-02", "other")]);
        let put = |days: &Value| app.vendor().put(at(UNSUBSIDISED), days.clone());
        put(&days).if_match("\"7\"").await.refused(412, "preconditionFailed");
        let first = put(&days).if_match(&none.etag()).await.expect(200);
        assert_eq!((&first["written"], first.etag()), (&json!(true), "\"1\"".to_owned()));
        put(&closures(&[])).if_match(&none.etag()).await.refused(412, "preconditionFailed");
    })
    .await;
}

#[tokio::test]
async fn a_star_names_the_empty_list_of_a_new_creche_too() {
    each_app(async |app| {
        let days = closures(&[("2026-11-02", "2026-11-02", "other")]);
        let put = app.vendor().put(at(UNSUBSIDISED), days).if_match("*").await.expect(200);
        assert_eq!((&put["written"], put.etag()), (&json!(true), "\"1\"".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_of_the_same_list_says_that_nothing_changes() {
    each_app(async |app| {
        let days = closures(&[("2026-12-24", "2026-12-31", "annualClosure"), ("2026-11-02", "2026-11-02", "other")]);
        let tried = |days: &Value| app.vendor().put(format!("{}?dryRun=true", at(UNSUBSIDISED)), days.clone());
        assert_eq!(tried(&closures(&[])).await.expect(200)["unchanged"], true);
        assert_eq!(tried(&days).await.expect(200)["unchanged"], false);
        app.vendor().put(at(UNSUBSIDISED), days.clone()).await.expect(200);
        let same = tried(&days).await.expect(200);
        assert_eq!((&same["unchanged"], &same["written"]), (&json!(true), &json!(false)));
        assert_eq!(tried(&closures(&[])).await.expect(200)["unchanged"], false);
    })
    .await;
}

#[tokio::test]
async fn dates_years_away_are_refused_and_long_closures_are_warned_of() {
    each_app(async |app| {
        let tried = async |days: &[(&str, &str, &str)]| {
            app.vendor().put(format!("{}?dryRun=true", at(UNSUBSIDISED)), closures(days)).await
        };
        for (start, end, wrong) in [
            ("1900-01-01", "1900-01-02", vec!["/items/0/startDate", "/items/0/endDate"]),
            ("2026-12-25", "2030-01-01", vec!["/items/0/endDate"]),
            ("2029-01-01", "2029-01-01", vec!["/items/0/startDate", "/items/0/endDate"]),
        ] {
            let refused = tried(&[(start, end, "other")]).await.refused(400, "badRequest");
            assert_eq!(refused.codes("issues"), ["closure.dateOutside"], "{start}");
            assert_eq!(refused.each("issues", "name"), wrong);
            assert!(refused["issues"][0]["detail"].as_str().unwrap().contains("31 December 2028"), "{}", refused.json);
        }
        for (start, end) in [("2000-01-01", "2000-01-02"), ("2028-12-31", "2028-12-31")] {
            assert_eq!(tried(&[(start, end, "other")]).await.expect(200).codes("warnings"), [""; 0]);
        }
        let long = tried(&[("2026-07-01", "2026-10-01", "annualClosure")]).await.expect(200);
        assert_eq!(long.codes("warnings"), ["closure.long"]);
        assert!(long["warnings"][0]["detail"].as_str().unwrap().contains("93 days"), "{}", long.json);
    })
    .await;
}

#[tokio::test]
async fn several_days_are_a_public_holiday_only_if_each_of_them_is() {
    each_app(async |app| {
        let tried = async |start: &str, end: &str| {
            let days = closures(&[(start, end, "publicHoliday")]);
            app.vendor().put(format!("{}?dryRun=true", at(UNSUBSIDISED)), days).await.expect(200)
        };
        // Christmas is a Friday: its week-end is no matter, the Monday after it is.
        assert_eq!(tried("2026-12-25", "2026-12-27").await.codes("warnings"), [""; 0]);
        let more = tried("2026-12-25", "2026-12-28").await;
        assert_eq!(more.codes("warnings"), ["closure.unlistedHoliday"]);
        assert!(more["warnings"][0]["detail"].as_str().unwrap().contains("28 December 2026"), "{}", more.json);
    })
    .await;
}
