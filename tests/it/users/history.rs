//! The history: who did and read what, in names and words.

use std::collections::BTreeSet;

use passerelle::domain::action::Action;
use serde_json::json;

use super::{add, administrator, path};
use crate::harness::app::{BASE, CRECHE, SECOND, TestApp, USER_MANAGER, each_app};
use crate::harness::call::Reply;
use crate::harness::people::new_user;
use crate::harness::statement::Sheet;

fn actions(page: &Reply) -> Vec<String> {
    page.each("items", "action").iter().map(|action| action.as_str().unwrap().to_owned()).collect()
}

/// A deposit in July by software, and a new colleague.
async fn world(app: &TestApp) {
    let statement = format!("/creches/{CRECHE}/attendanceStatements/2026-07");
    app.vendor().put(&statement, Sheet::of("2026-07")).await.expect(201);
    add(&administrator(app).await, new_user(1)).await;
}

#[tokio::test]
async fn entries_have_names_and_reading_them_is_recorded() {
    each_app(async |app| {
        world(app).await;
        let anne = administrator(app).await;
        let page = anne.get("/auditEntries").await.expect(200);
        let expected =
            ["session.begun", "user.rightsChanged", "user.created", "session.begun", "attendanceStatement.deposited"];
        assert_eq!(actions(&page)[..5], expected);
        let (granted, deposited) = (&page["items"][1], &page["items"][4]);
        assert_eq!(
            (&granted["actor"]["name"], &granted["about"]),
            (&json!("Anne Dubois"), &json!("Ysaline Vandeputte-1"))
        );
        assert_eq!(granted["creche"]["name"], "Les P'tits Loups");
        assert_eq!((&deposited["actor"]["kind"], &deposited["actor"]["name"]), (&json!("key"), &json!("CrècheSoft")));
        assert_eq!(deposited["period"], "2026-07");
        assert_eq!(actions(&anne.get("/auditEntries").await.expect(200))[0], "history.read");
        let user = anne.get("/users?profile=dataManager").await.expect(200);
        let gone = user["items"].as_array().unwrap().iter().find(|user| user["givenName"] == "Ysaline").unwrap();
        anne.delete(format!("/users/{}", gone["id"].as_str().unwrap())).if_match("*").await.expect(204);
        let page = anne.get("/auditEntries?pageSize=1").await.expect(200);
        assert!(page["items"][0].get("about").is_none(), "the name went with the person: {}", page.json);
    })
    .await;
}

#[tokio::test]
async fn entries_are_filtered_by_creche_period_and_days() {
    each_app(async |app| {
        world(app).await;
        let anne = administrator(app).await;
        let found = async |query: &str| actions(&anne.get(format!("/auditEntries?{query}")).await.expect(200));
        let here = found(&format!("creche={CRECHE}")).await;
        assert_eq!(here, ["user.rightsChanged", "attendanceStatement.deposited"]);
        assert_eq!(found(&format!("creche={SECOND}")).await, [""; 0]);
        assert_eq!(found("period=2026-07").await, ["attendanceStatement.deposited"]);
        assert_eq!(found("period=2026Q3").await, [""; 0]);
        app.travel("2026-10-13T00:00:00+02:00");
        let anne = administrator(app).await;
        let found = async |query: &str| actions(&anne.get(format!("/auditEntries?{query}")).await.expect(200));
        assert_eq!(found("from=2026-10-13").await, ["session.begun"]);
        let before = anne.get("/auditEntries?until=2026-10-12").await.expect(200).each("items", "at");
        assert!(!before.is_empty() && before.iter().all(|at| *at == "2026-10-12T07:00:00Z"), "{before:?}");
        assert_eq!(found("until=2026-10-11").await, [""; 0]);
        let refusal = anne.get("/auditEntries?before=0&creche=x&period=July&from=1/1&pageSize=101").await;
        assert_eq!(refusal.refused(400, "badRequest")["issues"].as_array().unwrap().len(), 5);
        app.person(USER_MANAGER).await.get("/auditEntries").await.refused(403, "missingPermission");
    })
    .await;
}

#[tokio::test]
async fn pages_have_no_gap_while_entries_are_added() {
    each_app(async |app| {
        let anne = administrator(app).await;
        for number in 1..8 {
            let user = add(&anne, new_user(number)).await;
            anne.delete(path(&user)).if_match("*").await.expect(204);
        }
        let whole = anne.get("/auditEntries?pageSize=100").await.expect(200).each("items", "number");
        let mut next = format!("/auditEntries?pageSize=4&before={}", whole[0].as_u64().unwrap() + 1);
        let mut seen = Vec::new();
        loop {
            let page = anne.get(&next).await.expect(200);
            seen.extend(page.each("items", "number"));
            let Some(more) = page["next"].as_str() else { break };
            next = more.strip_prefix(&format!("{BASE}/creche/v1")).unwrap().to_owned();
        }
        assert_eq!(seen, whole);
    })
    .await;
}

#[test]
fn every_action_has_a_code_of_its_own_and_words_in_three_languages() {
    let codes: BTreeSet<_> = Action::all().map(Action::code).collect();
    assert_eq!(codes.len(), Action::all().count());
    assert!(codes.contains("user.created") && codes.contains("attendanceStatement.refused"), "{codes:?}");
    let empty = |action: &Action| [action.label().fr, action.label().nl, action.label().en].contains(&"");
    assert_eq!(Action::all().find(empty), None);
}
