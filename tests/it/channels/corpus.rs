//! Every rule of a statement, broken and met, by every channel that can express it.

use super::{cases, found, put};
use crate::harness::app::each_app;
use crate::harness::call::JSON;

#[tokio::test]
async fn a_broken_rule_alone_is_reported_by_both_channels() {
    each_app(async |app| {
        let mut wrong = Vec::new();
        for (kind, case) in cases().iter().filter(|(_, case)| case.failing.is_some()) {
            for channel in ["json", "xlsx"].into_iter().filter(|channel| case.by(channel)) {
                let path = case.context.prepare(app, kind).await;
                let reply = put(app, &path, channel, &case.failing()).await;
                let accepted = reply.codes("issues").is_empty();
                if found(&reply) != case.shows() || reply.status != if accepted { 201 } else { 400 } {
                    wrong.push(format!("{}, {} by {channel}: {}", case.rule, case.title, reply.json));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn a_statement_that_meets_the_rule_is_accepted_by_both_channels() {
    each_app(async |app| {
        for (kind, case) in cases() {
            let mut totals = Vec::new();
            for channel in ["json", "xlsx"].into_iter().filter(|channel| case.by(channel)) {
                let path = case.passing_context().prepare(app, kind).await;
                let reply = put(app, &path, channel, &case.passing()).await.expect(201);
                let is_met = !found(&reply).contains(case.rule.as_str());
                assert!(is_met, "{}, {} by {channel}: {}", case.rule, case.title, reply.json);
                totals.push(reply["totals"].clone());
            }
            assert!(totals.windows(2).all(|pair| pair[0] == pair[1]), "{}: {totals:?}", case.rule);
        }
    })
    .await;
}

#[tokio::test]
async fn a_malformed_document_is_reported_as_in_the_table() {
    each_app(async |app| {
        for (kind, case) in cases() {
            let Some(text) = &case.failing_text else { continue };
            let path = case.context.prepare(app, kind).await;
            let call = app.vendor().call(axum::http::Method::PUT, path).body(JSON, text.clone());
            let reply = call.await.refused(400, "badRequest");
            assert_eq!(found(&reply), case.shows(), "{}", case.rule);
        }
    })
    .await;
}
