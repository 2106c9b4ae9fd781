//! No revision is overwritten that the caller has not read.

use super::{at, deposit, july};
use crate::harness::app::each_app;

#[tokio::test]
async fn a_known_revision_must_be_named_and_the_current_one() {
    each_app(async |app| {
        deposit(app, "2026-07", &july()).await;
        let changed = july().child(3, "6:P");
        let put = || app.vendor().put(at("2026-07"), &changed);
        let unguarded = put().await.refused(428, "preconditionRequired");
        assert_eq!((&unguarded["currentEtag"], unguarded.etag().as_str()), (&"\"1\"".into(), "\"1\""));
        for stale in ["\"2\"", "\"0\"", "\"x\"", "\"2\", \"3\""] {
            let refused = put().if_match(stale).await.refused(412, "preconditionFailed");
            assert_eq!(refused["currentEtag"], "\"1\"", "{stale}");
        }
        let listed = put().if_match("\"9\", \"1\"").await.expect(200);
        assert_eq!(listed["revision"], 2);
        let whichever = app.vendor().put(at("2026-07"), july()).if_match("*").await.expect(200);
        assert_eq!(whichever["revision"], 3);
        assert_eq!(app.events().await.len(), 3, "what was blocked is no event");
    })
    .await;
}

#[tokio::test]
async fn the_tag_of_the_workbook_names_the_same_revision() {
    each_app(async |app| {
        deposit(app, "2026-07", &july()).await;
        let changed = app.vendor().put(at("2026-07"), july().child(3, "6:P")).if_match("\"1-xlsx\"").await;
        assert_eq!(changed.expect(200)["revision"], 2);
    })
    .await;
}

#[tokio::test]
async fn if_none_match_star_refuses_an_existing_statement() {
    each_app(async |app| {
        for known in ["\"1\"", "*"] {
            let refused = app.vendor().put(at("2026-07"), july()).if_match(known).await;
            let refused = refused.refused(412, "preconditionFailed");
            assert!(refused["detail"].as_str().unwrap().contains("without If-Match"), "{}", refused["detail"]);
            assert!(refused["currentEtag"].is_null(), "{}", refused.json);
        }
        app.vendor().put(at("2026-07"), july()).if_none_match("*").await.expect(201);
        let other = app.vendor().put(at("2026-07"), july().child(3, "6:P")).if_none_match("*").await;
        let other = other.refused(412, "preconditionFailed");
        assert!(other["detail"].as_str().unwrap().contains("already"), "{}", other["detail"]);
        assert_eq!(other["currentEtag"], "\"1\"");
        let same = app.vendor().put(at("2026-07"), july()).if_none_match("*").await.expect(200);
        assert_eq!(same["unchanged"], true);
    })
    .await;
}

#[tokio::test]
async fn only_strong_and_well_formed_tags_are_accepted_for_a_write() {
    each_app(async |app| {
        deposit(app, "2026-07", &july()).await;
        let changed = july().child(3, "6:P");
        for (tag, code) in [
            ("W/\"1\"", "request.weakEntityTag"),
            ("1", "request.malformedEntityTag"),
            ("\"1", "request.malformedEntityTag"),
        ] {
            let refused = app.vendor().put(at("2026-07"), &changed).if_match(tag).await.refused(400, "badRequest");
            assert_eq!(refused.codes("issues"), [code], "{tag}");
            assert_eq!(refused["issues"][0]["in"], "header");
        }
        assert_eq!(app.verdicts().await.len(), 1, "nothing was judged");
    })
    .await;
}
