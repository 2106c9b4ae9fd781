//! What figures besides counts are made of: open days, rates, staffing; and what changed between two instants.

mod generated_quarters;

use jiff::SignedDuration;
use passerelle::clock::Clock as _;
use passerelle::domain::closure::{Closure, ClosureReason};
use passerelle::domain::creche::Places;
use passerelle::domain::key::Scope;
use passerelle::store;
use serde_json::{Value, json};

use crate::harness::app::{CRECHE, SECOND, TestApp, creche, each_app, organiser};
use crate::harness::document::assert_members;
use crate::harness::statement::Sheet;

/// The address of a crèche's summary of a period, with what follows it.
fn summary(period: &str, rest: &str) -> String {
    format!("/creches/{CRECHE}/summaries/{period}{rest}")
}

async fn read(app: &TestApp, path: &str) -> Value {
    app.vendor().get(path).await.expect(200).json
}

async fn close(app: &TestApp, from: &str, until: &str) {
    let mut tx = app.app.db.write().await.unwrap();
    let found = store::creches::find(&mut tx, organiser(), creche(CRECHE)).await.unwrap().unwrap();
    let closures = [Closure::new(from.parse().unwrap(), until.parse().unwrap(), ClosureReason::Strike)];
    let (version, at) = (found.closures_version, app.clock.now());
    store::closures::replace(&mut tx, organiser(), found.id, version, &closures, at).await.unwrap().unwrap();
    app.commit(tx).await;
}

async fn set_places(app: &TestApp, from: &str, places: u32) {
    let mut tx = app.app.db.write().await.unwrap();
    let new = Places { from: from.parse().unwrap(), places };
    assert!(store::creches::set_places(&mut tx, organiser(), creche(CRECHE), new, app.clock.now()).await.unwrap());
    app.commit(tx).await;
}

/// The sum of a member over items.
fn sum(items: &[Value], member: &str) -> u64 {
    items.iter().filter_map(|item| item[member].as_u64()).sum()
}

/// The latest revision of the register among contributions.
fn added_last(contributions: &[Value]) -> u64 {
    contributions.iter().filter_map(|one| one["revision"].as_u64()).max().unwrap()
}

/// The days of all months of an answer.
fn days(answer: &Value) -> Vec<Value> {
    let months = answer["months"].as_array().unwrap().iter();
    months.flat_map(|month| month["days"].as_array().unwrap().clone()).collect()
}

#[tokio::test]
async fn open_days_name_every_day_and_add_up() {
    each_app(async |app| {
        app.vendor()
            .put(format!("/creches/{CRECHE}/attendanceStatements/2026-07"), Sheet::of("2026-07").child(1, "1:P 2:P/2"))
            .await
            .expect(201);
        close(app, "2026-07-13", "2026-07-19").await;
        set_places(app, "2026-07-15", 20).await;
        for period in ["2026-07", "2026Q3", "2019Q1"] {
            let (whole, made_of) =
                (read(app, &summary(period, "")).await, read(app, &summary(period, "/openDays")).await);
            for figure in ["openDays", "placeDays", "presentHalfDays", "presentAndJustifiedHalfDays", "presentRate"] {
                assert_eq!(made_of[figure], whole[figure], "{period} {figure}");
            }
            let all = days(&made_of);
            let open: Vec<_> = all.iter().filter(|day| day["open"] == true).cloned().collect();
            assert_eq!(
                (json!(open.len()), json!(sum(&open, "places"))),
                (whole["openDays"].clone(), whole["placeDays"].clone())
            );
            assert!(all.iter().all(|day| day["open"] == day["reason"].is_null()), "{period}: {made_of}");
            assert!(all.iter().all(|day| (day["rule"] == "openDay") == (day["open"] == true)), "{period}: {made_of}");
            assert_eq!(made_of["rateRule"], "occupationRate");
        }
        let july = days(&read(app, &summary("2026-07", "/openDays")).await);
        let day = |day: usize| july[day - 1].clone();
        assert_eq!(july.len(), 31);
        assert_eq!(day(1), json!({ "date": "2026-07-01", "open": true, "rule": "openDay", "places": 18 }));
        assert_eq!(day(31)["places"], 20);
        assert_eq!(
            day(13),
            json!({ "date": "2026-07-13", "open": false, "rule": "dayNotOpen", "reason": "closure",
                "closureReason": "strike" })
        );
        assert_eq!((&day(18)["reason"], &day(21)["reason"]), (&json!("weekend"), &json!("publicHoliday")));
        assert_eq!(days(&read(app, &summary("2019-01", "/openDays")).await)[1]["reason"], "notAuthorised");
    })
    .await;
}

#[tokio::test]
async fn open_days_are_those_of_an_instant() {
    each_app(async |app| {
        let before = app.clock.now();
        app.clock.advance(SignedDuration::from_hours(1));
        close(app, "2026-07-13", "2026-07-17").await;
        let then = read(app, &summary("2026-07", &format!("/openDays?asOf={before}"))).await;
        let now = read(app, &summary("2026-07", "/openDays")).await;
        assert_eq!((&then["openDays"], &now["openDays"]), (&json!(22), &json!(17)));
        assert!(now["comparisons"].is_null(), "not asked for");
        app.vendor()
            .put(format!("/creches/{CRECHE}/attendanceStatements/2026-08"), Sheet::of("2026-08").child(1, "17:P"))
            .await
            .expect(201);
        let compared = read(app, &summary("2026Q3", &format!("/openDays?comparedAsOf={before}"))).await;
        assert_eq!(compared["months"][1]["revision"], 1);
        assert!(compared["months"][1]["href"].as_str().unwrap().ends_with("/2026-08/revisions/1"), "{compared}");
        assert!(compared["months"][0]["revision"].is_null());
        let months = compared["comparisons"].as_array().unwrap();
        let [july, august] = &months[..] else { panic!("{compared}") };
        assert_eq!((&july["before"]["openDays"], &july["after"]["openDays"]), (&json!(22), &json!(17)));
        let changed: Vec<_> = july["days"].as_array().unwrap().iter().map(|day| &day["after"]["date"]).collect();
        assert_eq!(changed, ["2026-07-13", "2026-07-14", "2026-07-15", "2026-07-16", "2026-07-17"]);
        assert_eq!(
            (&july["days"][0]["before"]["open"], &july["days"][0]["after"]["reason"]),
            (&json!(true), &json!("closure"))
        );
        assert_eq!((&august["before"]["presentHalfDays"], &august["after"]["presentHalfDays"]), (&json!(0), &json!(2)));
        // The closure that replaced all others took the place of two weeks in August.
        let reopened = august["days"].as_array().unwrap();
        let is_reopened = |day: &Value| day["before"]["reason"] == "closure" && day["after"]["open"] == true;
        assert!(reopened.len() == 10 && reopened.iter().all(is_reopened), "{august}");
        let same = read(app, &summary("2026-07", &format!("/openDays?comparedAsOf={}", app.clock.now()))).await;
        assert_eq!(same["comparisons"], json!([]));
    })
    .await;
}

/// Changes the working time of the first person, at this path, and compares with what was there before.
async fn a_change_is_named(app: &TestApp, path: &str, made_of: &Value) {
    let contributions = made_of["contributions"].as_array().unwrap();
    app.clock.advance(SignedDuration::from_hours(1));
    let before = app.clock.now();
    app.clock.advance(SignedDuration::from_hours(1));
    let member = app.vendor().get(path).await.expect(200);
    let mut contracts = member["contracts"].clone();
    contracts[0]["functions"][0]["fteHundredths"] = json!(75);
    app.vendor().patch(path, json!({ "contracts": contracts })).if_match("*").await.expect(200);
    let compared = read(app, &summary("2026Q3", &format!("/staffingContributions?comparedAsOf={before}"))).await;
    let comparison = &compared["comparison"];
    assert_eq!(comparison["categories"], made_of["categories"]);
    let pair = (&comparison["removed"][0]["fteHundredths"], &comparison["added"][0]["fteHundredths"]);
    assert_eq!(pair, (&contributions[0]["fteHundredths"], &json!(75)), "{compared}");
    assert_eq!(
        [comparison["removed"].as_array().unwrap().len(), comparison["added"].as_array().unwrap().len()],
        [1, 1]
    );
    let added = &comparison["added"][0];
    let entered = added_last(contributions);
    assert!(added["revision"].as_u64() > Some(entered) && added["application"]["name"] == "CrècheSoft", "{compared}");
    assert!(comparison["removed"][0]["revision"].is_null(), "{compared}");
}

#[tokio::test]
async fn functions_add_up_to_the_average_staffing() {
    each_app(async |app| {
        for (number, (creche, category, hundredths, start, end)) in [
            (CRECHE, "childcare", 100, "2024-09-01", None),
            (CRECHE, "childcare", 79, "2026-08-10", Some("2026-09-02")),
            (CRECHE, "management", 50, "2026-09-30", None),
            (SECOND, "childcare", 100, "2024-09-01", None),
            (CRECHE, "logistics", 80, "2024-01-01", Some("2026-06-30")),
        ]
        .into_iter()
        .enumerate()
        {
            let mut contract = json!({ "reference": "C-1", "status": "contractual", "startDate": start,
                "functions": [{ "crecheId": creche, "category": category, "fteHundredths": hundredths }] });
            if let Some(end) = end {
                contract["endDate"] = end.into();
            }
            let person = json!({ "reference": format!("M-{number}"), "givenName": "Aline",
                "familyName": format!("Exemple {number}"), "birthDate": "1985-03-14", "contracts": [contract] });
            app.vendor().post("/staffMembers", person).await.expect(201);
        }
        let whole = read(app, &summary("2026Q3", "")).await;
        let made_of = read(app, &summary("2026Q3", "/staffingContributions")).await;
        let contributions = made_of["contributions"].as_array().unwrap();
        let added: Vec<_> = contributions.iter().filter(|one| one["days"] != 92).collect();
        let [management, childcare] = added[..] else { panic!("{added:?}") };
        let expected = json!({ "category": "management", "days": 1, "hundredthDays": 50 });
        assert_members(management, &expected, "management");
        let expected = json!({ "from": "2026-08-10", "until": "2026-09-02", "days": 24, "hundredthDays": 24 * 79 });
        assert_members(childcare, &expected, "childcare");
        assert_eq!(made_of["days"], 92);
        assert!(contributions.iter().all(|one| one["rule"] == "functionDays"), "{made_of}");
        for category in made_of["categories"].as_array().unwrap() {
            let of_category: Vec<_> =
                contributions.iter().filter(|one| one["category"] == category["category"]).cloned().collect();
            let sum = sum(&of_category, "hundredthDays");
            assert_eq!((&category["hundredthDays"], &category["rule"]), (&json!(sum), &json!("averageStaffing")));
            assert_eq!(category["averageHundredths"], (sum * 2 + 92) / (2 * 92), "rounded half up");
            let name = category["category"].as_str().unwrap();
            assert_eq!(category["averageHundredths"], whole["staffing"]["averageHundredths"][name]);
        }
        let named = made_of["contributions"][0]["staffMember"]["href"].as_str().unwrap().to_owned();
        let path = named.split("/creche/v1").nth(1).unwrap();
        read(app, path).await;
        assert!(!made_of.to_string().contains("Exemple"), "{made_of}");
        a_change_is_named(app, path, &made_of).await;
        let limited = app.with_scopes([Scope::SummariesRead]).await;
        limited.get(summary("2026Q3", "/staffingContributions")).await.refused(403, "missingScope");
        limited.get(summary("2026Q3", "/openDays")).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn two_instants_are_compared_month_by_month() {
    each_app(async |app| {
        let path = |month: &str| format!("/creches/{CRECHE}/attendanceStatements/{month}");
        let begin = app.clock.now();
        app.clock.advance(SignedDuration::from_mins(1));
        app.vendor().put(path("2026-07"), Sheet::of("2026-07").children(2, "1:P")).await.expect(201);
        app.vendor().put(path("2026-08"), Sheet::of("2026-08").children(2, "3:P")).await.expect(201);
        let then = app.clock.now();
        app.clock.advance(SignedDuration::from_mins(1));
        let corrected = Sheet::of("2026-07").child(1, "1:AJ").child(2, "1:P");
        app.vendor().put(path("2026-07"), corrected).if_match("*").await.expect(200);
        app.vendor().put(path("2026-09"), Sheet::of("2026-09").child(1, "1:P")).await.expect(201);

        let compared = read(app, &summary("2026Q3", &format!("/contributions?comparedAsOf={then}"))).await;
        let comparisons = compared["comparisons"].as_array().unwrap();
        let named: Vec<_> = comparisons.iter().map(|one| (&one["month"], &one["from"], &one["to"])).collect();
        let (july, september) = (json!("2026-07"), json!("2026-09"));
        assert_eq!(named, [(&july, &json!(1), &json!(2)), (&september, &Value::Null, &json!(1))]);
        assert_eq!(comparisons[0]["lines"].as_array().unwrap().len(), 1);
        assert_eq!(comparisons[0]["totals"]["present"]["fullDays"], -1);
        assert_eq!(comparisons[1]["lines"][0]["change"], "added");
        let statement = &compared["statements"][0];
        assert_members(statement, &json!({ "revision": 2, "door": "json" }), "its revision");
        assert!(statement["application"]["name"].is_string() && statement["depositedAt"].is_string());

        let earlier = format!("/contributions?asOf={begin}&comparedAsOf={then}");
        let backwards = read(app, &summary("2026Q3", &earlier)).await;
        let from: Vec<_> = backwards["comparisons"].as_array().unwrap().iter().map(|one| one["from"].clone()).collect();
        assert_eq!(from, [1, 1]);
        assert!(backwards["comparisons"][0]["to"].is_null());
        assert_eq!(
            read(app, &summary("2026-08", &format!("/contributions?comparedAsOf={then}"))).await["comparisons"],
            json!([])
        );

        let both = format!("/contributions?comparedTo=1&comparedAsOf={then}");
        let refused = app.vendor().get(summary("2026-07", &both)).await.refused(400, "badRequest");
        assert_eq!(refused.each("issues", "name"), ["comparedTo"]);
        let future = "/contributions?comparedAsOf=2031-01-01T00:00:00Z";
        let refused = app.vendor().get(summary("2026-07", future)).await.refused(400, "badRequest");
        assert_eq!(refused.each("issues", "name"), ["comparedAsOf"]);
    })
    .await;
}
