//! The feed of events.

use std::time::Duration;

use passerelle::app::missing_statements::MissingStatementNotifier;
use passerelle::app::report_deadlines::ReportDeadlineNotifier;
use passerelle::domain::event::EventType;
use serde_json::{Value, json};

use super::{deposit, numbers};
use crate::claims::{draft, report, send_signature};
use crate::harness::app::{ADMINISTRATOR, CRECHE, SECOND, TestApp, each_app};
use crate::harness::contract::{CONTRACT, faults};
use crate::harness::database::each_engine;
use crate::harness::document::assert_members;
use crate::harness::statement::Sheet;

#[tokio::test]
async fn events_are_read_in_order_and_from_any_number() {
    each_app(async |app| {
        for month in 1..=5 {
            deposit(app, month).await;
        }
        app.vendor()
            .put(format!("/creches/{CRECHE}/attendanceStatements/2026-06"), json!({ "lines": [{}] }))
            .await
            .expect(400);
        let all = app.vendor().get("/events").await.expect(200);
        assert_eq!((numbers(&all["items"]), &all["upTo"]), (vec![1, 2, 3, 4, 5, 6], &json!(6)));
        let first = json!({ "type": "attendanceStatement.deposited", "data/version": 1, "data/period": "2026-01" });
        assert_members(&all["items"][0], &first, "the first event");
        let href = all["items"][0]["data"]["href"].as_str().unwrap().split("/creche/v1").nth(1).unwrap().to_owned();
        app.vendor().get(href).await.expect(200);
        let page = app.vendor().get("/events?after=1&pageSize=2").await.expect(200);
        assert_eq!((numbers(&page["items"]), &page["upTo"]), (vec![2, 3], &json!(3)));
        let next = page["next"].as_str().unwrap().split("/creche/v1").nth(1).unwrap().to_owned();
        assert_eq!(numbers(&app.vendor().get(next).await.expect(200)["items"]), [4, 5]);
        let refused =
            app.vendor().get("/events?type=attendanceStatement.refused&type=doctor.entered").await.expect(200);
        assert_eq!((numbers(&refused["items"]), &refused["upTo"]), (vec![6], &json!(6)));
        let end = app.vendor().get("/events?after=6").await.expect(200);
        end.has(&json!({ "items": [], "upTo": 6, "next": null }));
        assert!(app.other_organiser().get("/events").await.expect(200)["items"].as_array().unwrap().is_empty());
        app.vendor().get("/events?type=child.born").await.refused(400, "badRequest");
        app.vendor().get("/events?wait=31").await.refused(400, "badRequest");
    })
    .await;
}

#[tokio::test]
async fn a_number_beyond_the_feed_is_refused_with_its_end() {
    each_app(async |app| {
        deposit(app, 7).await;
        assert_eq!(app.vendor().get("/events?after=1&type=doctor.entered").await.expect(200)["upTo"], 1);
        for (after, wait) in [(2, 0), (9_000_000_000_000_000_000_u64, 0), (2, 30)] {
            let refused = app.vendor().get(format!("/events?after={after}&wait={wait}")).await;
            assert_eq!(refused["upTo"], 1);
            refused.refused(409, "afterFeedEnd");
        }
        app.other_organiser().get("/events?after=1").await.refused(409, "afterFeedEnd");
    })
    .await;
}

#[tokio::test]
async fn a_key_for_some_creches_reads_of_them_and_of_who_works_in_them() {
    each_app(async |app| {
        deposit(app, 7).await;
        app.vendor()
            .put(format!("/creches/{SECOND}/attendanceStatements/2026-07"), Sheet::of("2026-07"))
            .await
            .expect(201);
        let administrator = app.person(ADMINISTRATOR).await;
        administrator
            .post("/applications", json!({ "name": "A", "vendor": "V", "scopes": ["events:read"] }))
            .await
            .expect(201);
        let change = async |path: &str, change: Value| {
            let call = app.vendor().call(axum::http::Method::PATCH, path).if_match("*");
            call.body(crate::harness::call::JSON, change.to_string()).await.expect(200)
        };
        // A doctor and a person of both, then a person of the second, who leaves it.
        change("/doctors/019a5c00-0000-7000-8000-000000000041", json!({ "town": "Dinant" })).await;
        change("/staffMembers/019a5c00-0000-7000-8000-000000000051", json!({ "givenName": "Nadja" })).await;
        change("/staffMembers/019a5c00-0000-7000-8000-000000000053", json!({ "contracts": [] })).await;
        let read = app.limited_to(&[SECOND]).await.get("/events").await.expect(200);
        assert_eq!((numbers(&read["items"]), &read["upTo"]), (vec![2, 4, 5, 6], &json!(6)));
        let read = app.limited_to(&[CRECHE]).await.get("/events").await.expect(200);
        assert_eq!(numbers(&read["items"]), [1, 4, 5]);
        assert_eq!(app.limited_to(&[]).await.get("/events").await.expect(200)["items"], json!([]));
        assert_eq!(numbers(&administrator.get("/events").await.expect(200)["items"]), [1, 2, 3, 4, 5, 6]);
    })
    .await;
}

#[tokio::test]
async fn a_waiting_request_is_answered_at_once() {
    each_app(async |app| {
        let vendor = app.vendor();
        let waiting = async { vendor.get("/events?type=attendanceStatement.deposited&wait=30").await.expect(200) };
        let meanwhile = async {
            // Another organiser's events, and ones of another type, wake no reader.
            app.other_organiser().get("/creches").await.expect(200);
            app.vendor()
                .put(format!("/creches/{CRECHE}/attendanceStatements/2026-06"), json!({ "lines": [{}] }))
                .await
                .expect(400);
            deposit(app, 7).await;
        };
        let both = async { tokio::join!(waiting, meanwhile).0 };
        let told = tokio::time::timeout(Duration::from_secs(20), both).await.expect("it does not wait to the end");
        assert_eq!(numbers(&told["items"]), [2]);
    })
    .await;
}

#[tokio::test]
async fn waiting_requests_are_answered_when_the_gateway_stops() {
    each_app(async |app| {
        let vendor = app.vendor();
        let waiting = async { vendor.get("/events?wait=30").await.expect(200) };
        let end = async {
            tokio::task::yield_now().await;
            app.app.over.send_replace(true);
        };
        let both = async { tokio::join!(waiting, end).0 };
        let told = tokio::time::timeout(Duration::from_secs(20), both).await.expect("it does not wait to the end");
        assert_eq!(told["items"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn every_type_of_event_is_in_the_catalogue_with_an_example() {
    each_app(async |app| {
        let listed = app.anonymous().get("/refData/eventTypes").await.expect(200);
        let items = listed["items"].as_array().unwrap();
        let codes: Vec<_> = items.iter().map(|item| item["code"].as_str().unwrap()).collect();
        assert_eq!(codes, EventType::all().map(EventType::code).collect::<Vec<_>>());
        let told: Vec<_> = CONTRACT["webhooks"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, webhook)| {
                let schema = &webhook["post"]["requestBody"]["content"]["application/cloudevents+json"]["schema"];
                let pointer = "post/requestBody/content/application~1cloudevents+json/schema";
                (schema["$ref"].as_str().unwrap(), format!("/webhooks/{name}/{pointer}"))
            })
            .collect();
        for item in items {
            assert_eq!(item["event"]["type"], item["code"]);
            let schema = item["schema"].as_str().unwrap().split("/creche/v1").nth(1).unwrap();
            let schema = app.anonymous().get(schema).await.expect(200).json;
            let mut types = schema["properties"]["type"].clone();
            if let Some((file, pointer)) = types["$ref"].as_str().and_then(|target| target[3..].split_once('#')) {
                let pointed = app.anonymous().get(format!("/schemas/{file}")).await.expect(200).json;
                types = pointed.pointer(pointer).unwrap().clone();
            }
            assert!(types["enum"].as_array().unwrap().contains(&item["code"]), "{item}");
            let told = told.iter().filter(|(file, _)| schema["$id"].as_str().is_some_and(|id| file.ends_with(id)));
            let pointers: Vec<_> = told.map(|(_, pointer)| pointer).collect();
            assert_eq!(pointers.len(), 1, "one webhook of the contract tells it: {item}");
            assert_eq!(faults(pointers[0], &item["event"]), [""; 0]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_missing_month_is_notified_once() {
    each_app(async |app| {
        let mut daily = MissingStatementNotifier::new(10);
        app.travel("2026-10-09T09:00:00+02:00");
        assert_eq!(daily.run_if_due(&app.app).await.unwrap(), 0, "there is time until the tenth");
        deposit(app, 9).await;
        app.travel("2026-10-10T09:00:00+02:00");
        let told = daily.run_if_due(&app.app).await.unwrap();
        assert_eq!(
            MissingStatementNotifier::new(10).run_if_due(&app.app).await.unwrap(),
            0,
            "another gateway tells nobody again"
        );
        let events = app.vendor().get("/events?type=attendanceStatement.missing").await.expect(200);
        let items = events["items"].as_array().unwrap();
        assert_eq!(
            (items.len(), &items[0]["data"]["crecheId"], &items[0]["data"]["period"]),
            (1, &json!(SECOND), &json!("2026-09"))
        );
        assert!(told >= 1);
    })
    .await;
}

/// Days left in each notice of the deadline of the third quarter, crèche by crèche.
async fn deadline_notices(app: &TestApp) -> Vec<(String, u64)> {
    let events = app.vendor().get("/events?type=activityReport.due").await.expect(200);
    let notice = |event: &Value| {
        assert_eq!(event["data"]["period"], "2026Q3");
        let creche = event["data"]["crecheId"].as_str().unwrap().to_owned();
        (creche, event["data"]["daysLeft"].as_u64().unwrap())
    };
    events["items"].as_array().unwrap().iter().map(notice).collect()
}

#[tokio::test]
async fn a_deadline_is_announced_once_each_time_over_all_gateways() {
    each_engine(async |database| {
        let (app, other) = (TestApp::start(database).await, TestApp::start(database).await);
        let (mut one, mut two) = (ReportDeadlineNotifier::default(), ReportDeadlineNotifier::default());
        let days = ["11-30", "12-01", "12-02", "12-17", "12-19", "12-24", "12-30", "12-31"];
        let sent = [0, 1, 1, 2, 2, 3, 4, 4];
        for (day, expected) in days.into_iter().zip(sent) {
            for app in [&app, &other] {
                app.travel(&format!("2026-{day}T09:00:00+01:00"));
            }
            let (first, second) = tokio::join!(one.run_if_due(&app.app), two.run_if_due(&other.app));
            let told = (first.unwrap(), second.unwrap());
            assert_eq!(one.run_if_due(&app.app).await.unwrap(), 0, "one check a day");
            assert_eq!(deadline_notices(&app).await.len(), 2 * expected, "{day}: {told:?}");
        }
        let left: Vec<_> = deadline_notices(&app).await.into_iter().map(|(_, left)| left).collect();
        assert_eq!(left, [30, 30, 14, 14, 7, 7, 1, 1]);
    })
    .await;
}

#[tokio::test]
async fn only_the_latest_of_missed_deadline_notices_is_sent_and_none_once_signed() {
    each_app(async |app| {
        for month in [7, 8, 9] {
            deposit(app, month).await;
        }
        app.vendor().put(report(""), draft(312_000)).await.expect(201);
        send_signature(&app.browser(ADMINISTRATOR).await).await.expect(303);
        app.travel("2026-12-26T09:00:00+01:00");
        ReportDeadlineNotifier::default().run_if_due(&app.app).await.unwrap();
        assert_eq!(deadline_notices(app).await, [(SECOND.to_owned(), 5)]);
        app.travel("2027-01-01T09:00:00+01:00");
        ReportDeadlineNotifier::default().run_if_due(&app.app).await.unwrap();
        assert_eq!(deadline_notices(app).await.len(), 1, "the deadline has passed");
    })
    .await;
}
