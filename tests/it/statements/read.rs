//! Statements read back: both forms, every revision, and the reads that are spared.

use axum::http::Method;

use super::{at, deposit, july};
use crate::harness::app::{CRECHE, each_app};
use crate::harness::call::XLSX;

#[tokio::test]
async fn every_form_has_a_tag_for_conditional_reads() {
    each_app(async |app| {
        deposit(app, "2026-07", &july()).await;
        for (form, tag) in [("application/json", "\"1\""), (XLSX, "\"1-xlsx\"")] {
            for address in [at("2026-07"), format!("{}/revisions/1", at("2026-07"))] {
                let read = app.vendor().get(&address).accept(form).await.expect(200);
                assert_eq!((read.header("content-type"), read.etag().as_str()), (form, tag));
                for known in [tag.to_owned(), format!("W/{tag}"), format!("\"9\", {tag}"), "*".to_owned()] {
                    let spared = app.vendor().get(&address).accept(form).if_none_match(&known).await.expect(304);
                    assert_eq!(spared.etag(), tag);
                }
                for other in ["\"2\"", if tag == "\"1\"" { "\"1-xlsx\"" } else { "\"1\"" }] {
                    app.vendor().get(&address).accept(form).if_none_match(other).await.expect(200);
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_revision_never_changes() {
    each_app(async |app| {
        deposit(app, "2026-07", &july()).await;
        let first = app.vendor().get(at("2026-07")).await.expect(200);
        app.vendor().put(at("2026-07"), july().child(3, "6:P")).if_match("\"1\"").await.expect(200);
        let revision = |number: u32| format!("{}/revisions/{number}", at("2026-07"));
        let kept = app.vendor().get(revision(1)).await.expect(200);
        assert_eq!((&kept["lines"], &kept["totals"]), (&first["lines"], &first["totals"]));
        assert!(kept["self"].as_str().is_some_and(|address| address.ends_with(&revision(1))), "{}", kept["self"]);
        assert_eq!((&kept["revision"], kept.etag()), (&1.into(), "\"1\"".to_owned()));
        let second = app.vendor().get(revision(2)).await.expect(200);
        assert_eq!(second["lines"], app.vendor().get(at("2026-07")).await.expect(200)["lines"]);
        for unknown in ["3", "0"] {
            let address = format!("{}/revisions/{unknown}", at("2026-07"));
            let refused = app.vendor().get(address).await.refused(404, "resourceNotFound");
            assert_eq!(refused["issues"][0]["name"], "revision");
        }
        for malformed in ["x", "-1", "99999999999"] {
            let refused = app.vendor().get(format!("{}/revisions/{malformed}", at("2026-07"))).await;
            assert_eq!(refused.refused(400, "badRequest").codes("issues"), ["request.malformedPath"]);
        }
    })
    .await;
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    each_app(async |app| {
        deposit(app, "2026-07", &july()).await;
        let creche = format!("/creches/{CRECHE}");
        let summary = format!("{creche}/summaries/2026-07");
        for path in ["/health".to_owned(), "/caller".to_owned(), creche, at("2026-07"), summary] {
            let head = app.vendor().call(Method::HEAD, &path).await.expect(200);
            let get = app.vendor().get(&path).await.expect(200);
            assert_eq!((head.etag(), head.header("content-type")), (get.etag(), get.header("content-type")), "{path}");
        }
        app.vendor().call(Method::HEAD, at("2026-08")).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn warnings_are_stored_with_the_revision_and_returned_in_every_language() {
    each_app(async |app| {
        let accepted = deposit(app, "2026-07", &july().without("ssin")).await;
        assert_eq!(accepted["hasWarnings"], true);
        let mut details = Vec::new();
        for language in ["fr", "nl-BE", "en"] {
            let read = app.vendor().get(at("2026-07")).language(language).await.expect(200);
            assert_eq!(read.codes("warnings"), ["attendance.ssinMissing"]);
            assert_eq!(read.header("content-language"), &language[..2]);
            details.push(read["warnings"][0]["detail"].clone());
        }
        assert_eq!(details[2], accepted["warnings"][0]["detail"], "English when nothing is asked");
        details.dedup();
        assert_eq!(details.len(), 3);
    })
    .await;
}
