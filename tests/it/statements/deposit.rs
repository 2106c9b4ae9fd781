//! What is accepted, and what becomes of it.

use serde_json::{Value, json};

use super::{at, deposit, july};
use crate::harness::app::{CRECHE, SECOND, UNSUBSIDISED, each_app};
use crate::harness::call::XLSX;
use crate::harness::statement::{Sheet, totals};

#[tokio::test]
async fn the_first_deposit_makes_the_first_revision_and_a_later_one_the_next() {
    each_app(async |app| {
        let first = deposit(app, "2026-07", &july()).await;
        assert_eq!((&first["revision"], &first["written"], first.etag().as_str()), (&1.into(), &true.into(), "\"1\""));
        assert_eq!(first["totals"], totals((2, 1), (1, 1), (1, 0)));
        assert_eq!((&first["lines"], first.codes("warnings")), (&2.into(), vec![]));
        assert_eq!(first.header("location"), first["self"]);
        assert_eq!(first["depositedAt"], "2026-10-12T07:00:00Z");
        let second = app.vendor().put(at("2026-07"), july().child(3, "6:P")).if_match("\"1\"").await.expect(200);
        assert_eq!((&second["revision"], second.etag().as_str()), (&2.into(), "\"2\""));
        assert_eq!((&second["written"], &second["unchanged"]), (&true.into(), &false.into()));
        assert_eq!(second.header("location"), "");
    })
    .await;
}

#[tokio::test]
async fn the_same_content_is_the_same_revision_in_any_order_and_with_any_precondition() {
    each_app(async |app| {
        deposit(app, "2026-07", &july()).await;
        for (sheet, known) in [(july(), None), (july().reversed(), Some("\"1\"")), (july(), Some("\"7\""))] {
            let call = app.vendor().put(at("2026-07"), sheet);
            let call = if let Some(known) = known { call.if_match(known) } else { call };
            let again = call.await.expect(200);
            assert_eq!((&again["unchanged"], &again["written"]), (&true.into(), &false.into()), "{known:?}");
            assert_eq!((&again["revision"], again.etag().as_str()), (&1.into(), "\"1\""));
            assert_eq!(again["depositedAt"], "2026-10-12T07:00:00Z");
        }
        let revisions = app.vendor().get(format!("{}/revisions", at("2026-07"))).await.expect(200);
        assert_eq!(revisions.each("items", "revision"), [1]);
        assert_eq!(app.events().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn going_back_to_an_earlier_content_is_a_new_revision() {
    each_app(async |app| {
        deposit(app, "2026-07", &july()).await;
        app.vendor().put(at("2026-07"), july().child(3, "6:P")).if_match("\"1\"").await.expect(200);
        let back = app.vendor().put(at("2026-07"), july()).if_match("\"2\"").await.expect(200);
        assert_eq!((&back["revision"], &back["written"]), (&3.into(), &true.into()));
        let revisions = app.vendor().get(format!("{}/revisions", at("2026-07"))).await.expect(200);
        assert_eq!(revisions.each("items", "revision"), [3, 2, 1], "newest first");
        assert_eq!(revisions.each("items", "lines"), [2, 3, 2]);
        assert_eq!(revisions.each("items", "door"), ["json"; 3]);
        assert_eq!(revisions.each("items", "application/name"), ["CrècheSoft"; 3]);
    })
    .await;
}

#[tokio::test]
async fn an_empty_month_is_a_month() {
    each_app(async |app| {
        let empty = app.vendor().put(at("2026-07"), Sheet::of("2026-07")).await.expect(201);
        assert_eq!((&empty["lines"], &empty["totals"]), (&0.into(), &totals((0, 0), (0, 0), (0, 0))));
        assert_eq!(empty.codes("warnings"), ["attendance.emptyStatement"]);
        let read = app.vendor().get(at("2026-07")).await.expect(200);
        assert_eq!((&read["lines"], &read["status"]), (&json!([]), &"deposited".into()));
        let nothing_happened = app.vendor().put(at("2026-08"), Sheet::of("2026-08").child(1, "")).await.expect(201);
        assert_eq!(nothing_happened.codes("warnings"), ["attendance.allZero"]);
    })
    .await;
}

#[tokio::test]
async fn statements_are_listed_from_month_to_month() {
    each_app(async |app| {
        deposit(app, "2026-07", &july()).await;
        deposit(app, "2026-08", &Sheet::of("2026-08").child(1, "17:P")).await;
        let list = format!("/creches/{CRECHE}/attendanceStatements");
        for (query, months) in [
            ("", vec!["2026-07", "2026-08"]),
            ("?from=2026-08", vec!["2026-08"]),
            ("?to=2026-07", vec!["2026-07"]),
            ("?from=2026-09", vec![]),
        ] {
            let listed = app.vendor().get(format!("{list}{query}")).await.expect(200);
            assert_eq!(listed.each("items", "month"), months, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_largest_statement_is_accepted_and_a_larger_one_is_not() {
    each_app(async |app| {
        let most = Sheet::of("2026-07").children(500, "1:P 2:P 3:P");
        let taken = app.vendor().put(at("2026-07"), &most).await.expect(201);
        assert_eq!((&taken["lines"], &taken["totals"]["present"]["fullDays"]), (&500.into(), &1500.into()));
        assert_eq!(taken.codes("warnings"), ["attendance.capacityExceeded"]);
        let more = app.vendor().put(at("2026-08"), Sheet::of("2026-08").children(501, "17:P")).await;
        assert_eq!(more.refused(400, "badRequest").codes("issues"), ["attendance.tooManyLines"]);
    })
    .await;
}

#[tokio::test]
async fn what_was_read_can_be_edited_and_sent_back_without_losing_a_number() {
    each_app(async |app| {
        deposit(app, "2026-07", &july()).await;
        let read = app.vendor().get(at("2026-07")).await.expect(200);
        assert_eq!(read.each("lines", "ssinPresent"), [true, true]);
        assert_eq!(read.each("lines", "ssin"), [Value::Null, Value::Null]);
        let same = app.vendor().put(at("2026-07"), json!({ "lines": read["lines"] })).await.expect(200);
        assert_eq!((&same["unchanged"], same.codes("warnings")), (&true.into(), vec![]));

        let mut lines = read["lines"].clone();
        lines[0]["days"][0]["status"] = "unjustifiedAbsence".into();
        let edited = json!({ "lines": lines });
        app.vendor().put(at("2026-07"), edited).if_match("\"1\"").await.expect(200);
        // The numbers are still stored: the statement with them is the same as the one without.
        let mut sent = Value::from(july());
        sent["lines"][0]["days"][0]["status"] = "unjustifiedAbsence".into();
        assert_eq!(app.vendor().put(at("2026-07"), sent).await.expect(200)["unchanged"], true);

        // The next month takes them over; a month later none is stored for a child that was absent from it.
        let mut august = Value::from(Sheet::of("2026-08").child(1, "17:P").child(9, "17:P"));
        for line in august["lines"].as_array_mut().unwrap() {
            line.as_object_mut().unwrap().remove("ssin");
            line["ssinPresent"] = true.into();
        }
        let august = app.vendor().put(at("2026-08"), august).await.expect(201);
        assert_eq!(august.codes("warnings"), ["attendance.ssinNotHeld"]);
        assert_eq!(august["warnings"][0]["name"], "/lines/1/ssinPresent");
        let read = app.vendor().get(at("2026-08")).await.expect(200);
        assert_eq!(read.each("lines", "ssinPresent"), [Value::Bool(true), Value::Null]);
    })
    .await;
}

#[tokio::test]
async fn each_creche_and_month_has_a_statement_of_its_own() {
    each_app(async |app| {
        deposit(app, "2026-07", &july()).await;
        for creche in [SECOND, UNSUBSIDISED] {
            let address = format!("/creches/{creche}/attendanceStatements/2026-07");
            app.vendor().get(&address).await.refused(404, "resourceNotFound");
            assert_eq!(app.vendor().put(&address, july()).await.expect(201)["revision"], 1);
        }
        app.vendor().get(at("2026-08")).await.refused(404, "resourceNotFound");
        app.vendor().get(format!("{}/revisions", at("2026-08"))).await.refused(404, "resourceNotFound");
    })
    .await;
}

#[tokio::test]
async fn a_legacy_workbook_is_a_statement_too() {
    each_app(async |app| {
        let bytes = include_bytes!("../../../sandbox/tour/2026-09.xls");
        let put = app.vendor().call(axum::http::Method::PUT, at("2026-09"));
        let reply =
            put.body("application/vnd.ms-excel", bytes.as_slice()).accept(XLSX).accept("application/json").await;
        let reply = reply.expect(201);
        assert_eq!(reply.header("content-type"), "application/json", "accepted, it is told in JSON");
        let revisions = app.vendor().get(format!("{}/revisions", at("2026-09"))).await.expect(200);
        assert_eq!(revisions.each("items", "door"), ["xls"]);
    })
    .await;
}
