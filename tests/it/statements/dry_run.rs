//! Dry runs: the same verdict, the effect, nothing written.

use serde_json::json;

use super::{at, deposit, july};
use crate::harness::app::{CRECHE, each_app};
use crate::harness::statement::{Sheet, totals};

#[tokio::test]
async fn a_dry_run_returns_the_outcome_of_the_deposit() {
    each_app(async |app| {
        deposit(app, "2026-08", &Sheet::of("2026-08").child(1, "17:P 18:AI")).await;
        let summary = async |period: &str| {
            app.vendor().get(format!("/creches/{CRECHE}/summaries/{period}")).await.expect(200)["totals"].clone()
        };
        let sheets = [july(), july().child(3, "6:P 7:AJ/2"), Sheet::of("2026-07").child(2, "1:AI")];
        for (sheet, number) in sheets.into_iter().zip(1..) {
            let before = (summary("2026-07").await, summary("2026Q3").await);
            let tried = app.vendor().put(format!("{}?dryRun=true", at("2026-07")), &sheet).await.expect(200);
            // That revision does not exist: it has no time of deposit.
            tried.has(&json!({ "written": false, "unchanged": false, "revision": number, "depositedAt": null }));
            assert_eq!((summary("2026-07").await, summary("2026Q3").await), before, "nothing was written");
            let done = app.vendor().put(at("2026-07"), &sheet).header("if-none-match", "\"none\"");
            let done = if number == 1 { done.await } else { done.if_match("*").await };
            let same = ["revision", "totals", "warnings"].map(|member| (member.to_owned(), tried[member].clone()));
            done.has(&same.into_iter().collect());
            let after = (summary("2026-07").await, summary("2026Q3").await);
            tried.has(&json!({
                "effect/quarter/period": "2026Q3",
                "effect/month/before": before.0, "effect/quarter/before": before.1,
                "effect/month/after": after.0, "effect/quarter/after": after.1,
            }));
        }
        assert_eq!(summary("2026Q3").await, totals((1, 0), (0, 0), (2, 0)));
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_leaves_only_its_verdict() {
    each_app(async |app| {
        let address = format!("{}?dryRun=true", at("2026-07"));
        app.vendor().put(&address, july()).await.expect(200);
        let faulty = july().child(3, "1:P").with("ssin", "25010295100");
        let refused = app.vendor().put(&address, &faulty).await.refused(400, "badRequest");
        assert_eq!(refused.codes("issues"), ["attendance.ssinInvalid"]);
        app.vendor().get(at("2026-07")).await.expect(404);
        assert_eq!(app.verdicts().await.len(), 2);
        assert!(app.events().await.is_empty() && app.audit().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_of_the_same_content_says_that_nothing_would_change() {
    each_app(async |app| {
        deposit(app, "2026-07", &july()).await;
        let tried = app.vendor().put(format!("{}?dryRun=true", at("2026-07")), july().reversed()).await.expect(200);
        tried.has(&json!({ "unchanged": true, "written": false, "revision": 1 }));
        assert_eq!(tried.etag(), "\"1\"");
        assert_eq!(tried["effect"]["month"]["before"], tried["effect"]["month"]["after"]);
    })
    .await;
}
