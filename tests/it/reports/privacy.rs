//! Salaries are sealed, and whoever reads them is recorded.

use serde_json::json;

use super::{at, third};
use crate::harness::app::{TestApp, each_app};
use crate::harness::database::each_engine;

#[tokio::test]
async fn a_reading_is_recorded_and_a_list_is_not() {
    each_app(async |app| {
        app.vendor().put(at("2026Q3"), third()).await.expect(201);
        app.vendor().get(at("2026Q3").replace("/2026Q3", "")).await.expect(200);
        app.vendor().get(format!("{}/revisions", at("2026Q3"))).await.expect(200);
        app.vendor().get(format!("{}/completeness", at("2026Q3"))).await.expect(200);
        let actions = async || app.audit().await.into_iter().map(|link| link.entry.action).collect::<Vec<_>>();
        assert_eq!(actions().await, ["activityReport.saved"]);
        app.vendor().get(at("2026Q3")).await.expect(200);
        let audit = app.audit().await;
        let last = &audit.last().unwrap().entry;
        assert_eq!(
            (last.action.as_str(), last.period.unwrap().to_string().as_str()),
            ("activityReport.read", "2026Q3")
        );
    })
    .await;
}

#[tokio::test]
async fn no_salary_is_stored_in_clear() {
    each_engine(async |database| {
        let app = TestApp::start(database).await;
        let mut report = third();
        report["staff"][0]["grossSalaries"][0]["grossCents"] = json!(317_717);
        app.vendor().put(at("2026Q3"), report.clone()).await.expect(201);
        report["openingHours"]["until"] = "06:00".into();
        let refused = app.vendor().put(at("2026Q3"), report).if_match("*").await.expect(400);
        assert!(!refused.json.to_string().contains("317717"));
        for (table, bytes) in database.dump().await {
            assert!(!bytes.windows(6).any(|part| part == b"317717"), "{table}");
        }
    })
    .await;
}
