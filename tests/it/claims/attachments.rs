//! Attachments of reports: sent by software and by people, signed, and read by agents.

use axum::http::Method;
use jiff::ToSpan as _;
use passerelle::app::files::{self, DataOwner, SentFile};
use passerelle::app::retention::{self, RemovedCounts};
use passerelle::app::unsealing_check::check_unsealing;
use passerelle::domain::actor::Actor;
use passerelle::domain::retention::Retention;
use serde_json::{Value, json};

use super::{agency, claim, deposit_quarter, keys, page, report, send_signature, signed};
use crate::harness::app::{ADMINISTRATOR, TestApp, each_app, organiser};
use crate::harness::call::{Call, Reply};
use crate::harness::database::{Database, each_engine};
use crate::harness::file::pdf;
use crate::harness::people::ssin;
use passerelle::app::claims::verify;

/// A file of more than one chunk.
fn lease() -> Vec<u8> {
    let lines = (0..60_000_u32).map(|line| format!("{line}\n"));
    pdf(&lines.collect::<String>())
}

fn sent<'a>(app: &'a TestApp, query: &str, name: &str, bytes: &[u8]) -> Call<'a> {
    let call = app.vendor().call(Method::POST, format!("{}{query}", report("/attachments")));
    let named = call.header("content-disposition", &format!("attachment; filename=\"{name}\""));
    named.body("application/octet-stream", bytes.to_vec())
}

async fn attached(app: &TestApp, name: &str, bytes: &[u8]) -> Reply {
    sent(app, "", name, bytes).await.expect(201)
}

fn below(attachment: &Value) -> String {
    report(&format!("/attachments/{}", attachment["id"].as_str().expect("an id")))
}

/// The codes of the actions in the history of our organiser.
async fn actions(app: &TestApp) -> Vec<String> {
    let chain = passerelle::domain::audit::AuditChain::Organiser(organiser());
    let links = passerelle::app::audit::list(&app.app.db, chain, None, 1000).await.unwrap();
    links.into_iter().map(|link| link.entry.action).collect()
}

#[tokio::test]
async fn a_quarter_that_has_no_report_has_no_attachments() {
    each_app(async |app| {
        let path = report("/attachments").replace("2026Q3", "2027Q1");
        let call =
            app.vendor().call(Method::POST, path).header("content-disposition", "attachment; filename=\"a.pdf\"");
        let refused = call.body("application/octet-stream", lease()).await.expect(400);
        assert_eq!(refused.codes("issues"), ["report.quarterInFuture"]);
    })
    .await;
}

#[tokio::test]
async fn a_file_comes_back_as_it_was_sent() {
    each_engine(async |database: &Database| {
        let app = &TestApp::start(database).await;
        let lease = lease();
        let added = attached(app, "Bail.pdf", &lease).await;
        assert_eq!((&added["name"], &added["size"]), (&json!("Bail.pdf"), &json!(lease.len())));
        assert_eq!(added["mediaType"], "application/pdf");
        let listed = app.vendor().get(report("/attachments")).await.expect(200);
        assert_eq!(listed["items"], json!([added.json]));
        let back = app.vendor().get(below(&added.json)).await.expect(200);
        assert_eq!(&back.bytes[..], &lease[..]);
        assert_eq!(back.header("content-type"), "application/pdf");
        assert_eq!(back.header("content-disposition"), "attachment; filename=\"Bail.pdf\"; filename*=UTF-8''Bail.pdf");
        assert_eq!((back.header("x-content-type-options"), back.header("cache-control")), ("nosniff", "no-store"));
        // Neither the name nor the content is readable in the database, and both are unsealed by the deep check.
        let clear = "select count(*) from stored_file where cast(name as text) like '%Bail%'";
        if app.app.db.is_a_file() {
            assert_eq!(database.number(clear).await, 0);
        }
        let checked = check_unsealing(&app.app.db, &app.app.vault).await.unwrap();
        assert_eq!(checked.broken, Vec::<String>::new());
        let actions = actions(app).await;
        for action in ["attachment.added", "attachments.read"] {
            assert!(actions.iter().any(|known| known == action), "{action}");
        }
        // Before any signature nothing of a removed file is left.
        app.vendor().delete(below(&added.json)).await.expect(204);
        app.vendor().get(below(&added.json)).await.refused(404, "resourceNotFound");
        app.vendor().delete(below(&added.json)).await.refused(404, "resourceNotFound");
        let left = "select (select count(*) from stored_file) + (select count(*) from stored_file_chunk) \
                    + (select count(*) from file_upload) + (select count(*) from report_attachment)";
        assert_eq!(database.number(left).await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_must_not_be_stored_is_refused_with_its_reason() {
    each_engine(async |database: &Database| {
        let app = &TestApp::start(database).await;
        for (name, bytes, rule) in [
            ("vide.pdf", &b""[..], "file.empty"),
            ("page.pdf", b"<html>", "file.unknownType"),
            ("secret.pdf", b"%PDF-1.7\ntrailer << /Encrypt 5 0 R >>\nstartxref\n9\n%%EOF", "file.encrypted"),
            ("script.pdf", b"%PDF-1.7\n<</S/JavaScript/JS(1)>>\nstartxref\n9\n%%EOF", "file.activeContent"),
            ("coupe.pdf", b"%PDF-1.7\n1 0 obj", "file.incomplete"),
            ("bail.exe", &pdf("bail"), "file.dangerousName"),
            ("", &pdf("bail"), "file.nameMissing"),
        ] {
            assert_eq!(sent(app, "", name, bytes).await.expect(400).codes("issues"), [rule], "{name}");
        }
        assert_eq!(database.number("select count(*) from stored_file_chunk").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_report_has_a_limited_number_of_attachments() {
    each_app(async |app| {
        for number in 0..20 {
            attached(app, "bail.pdf", &pdf(&number.to_string())).await;
        }
        assert_eq!(sent(app, "", "bail.pdf", &pdf("bail")).await.expect(400).codes("issues"), ["file.tooMany"]);
    })
    .await;
}

#[tokio::test]
async fn a_file_and_all_of_a_report_have_a_largest_size() {
    each_engine(async |database: &Database| {
        let small = |parts: &mut passerelle::app::AppParts| {
            (parts.caps.file_bytes, parts.caps.attachment_bytes_per_report) = (2_000_000, 3_000_000);
        };
        let app = &TestApp::of_parts(database, small).await;
        let of_size = |size: usize| pdf(&"x".repeat(size - pdf("").len()));
        let refused = sent(app, "", "a.pdf", &of_size(2_000_001)).await.expect(400);
        assert_eq!(refused.codes("issues"), ["file.tooLarge"]);
        assert!(refused.json.to_string().contains("larger than 2 MB"), "{}", refused.json);
        attached(app, "a.pdf", &of_size(2_000_000)).await;
        assert_eq!(
            sent(app, "", "b.pdf", &of_size(1_000_001)).await.expect(400).codes("issues"),
            ["file.totalTooLarge"]
        );
        attached(app, "c.pdf", &of_size(1_000_000)).await;
    })
    .await;
}

#[tokio::test]
async fn an_altered_chunk_is_not_handed_out_and_found_by_the_deep_check() {
    each_engine(async |database: &Database| {
        let app = &TestApp::start(database).await;
        let added = attached(app, "Bail.pdf", &lease()).await.json;
        // The chunks are sealed in their places: two of them in each other's place are no file.
        for (from, to) in [(0, -1), (1, 0), (-1, 1)] {
            let moved = format!("update stored_file_chunk set number = {to} where number = {from}");
            assert_eq!(database.tamper(moved).await, 1);
        }
        app.vendor().get(below(&added)).await.expect(500);
        let checked = check_unsealing(&app.app.db, &app.app.vault).await.unwrap();
        assert_eq!(checked.broken.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_director_attaches_and_removes_files_on_a_page() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let path = page("/attachments");
        browser.page(&path).await.expect(200).shows(&["Aucun fichier"]);
        let token = [("csrf", browser.csrf.as_str())];
        browser.upload_called(&path, &token, ("Facture été.pdf", &pdf("facture"))).await.expect(303);
        browser.page(&path).await.expect(200).shows(&["Facture été.pdf"]);
        browser.upload_called(&path, &token, ("programme.exe", b"MZ")).await.expect(400).says(&["PDF, PNG, JPEG"]);
        browser.upload_nothing(&path).await.expect(400);
        let listed = app.vendor().get(report("/attachments")).await.expect(200);
        let id = listed["items"][0]["id"].as_str().expect("an id").to_owned();
        let file = browser.fetch(&page(&format!("/attachments/{id}"))).await.expect(200);
        assert_eq!((&file.bytes[..], file.header("content-type")), (&pdf("facture")[..], "application/pdf"));
        browser.upload_called(&path, &[token[0], ("remove", &id)], ("", b"")).await.expect(303);
        browser.page(&path).await.expect(200).shows(&["Aucun fichier"]);
        browser.page(page("")).await.expect(200).shows(&["Pièces jointes"]);
    })
    .await;
}

#[tokio::test]
async fn attachments_are_signed_and_stay_readable_for_the_agency() {
    each_app(async |app| {
        deposit_quarter(app).await;
        let lease = attached(app, "Bail.pdf", &pdf("bail")).await.json;
        let director = app.browser(ADMINISTRATOR).await;
        send_signature(&director).await.expect(303);
        let receipt = app.vendor().get(report("/receipt")).await.expect(200).json;
        let expected =
            json!([{ "sha256": lease["sha256"], "mediaType": "application/pdf", "size": pdf("bail").len() }]);
        assert_eq!(receipt["document"]["attachments"], expected);
        assert!(!receipt.to_string().contains("Bail"));
        assert!(verify(receipt.to_string().as_bytes(), &keys(app).await).is_ok());
        assert_eq!(claim(app).await["changed"], false);
        // A change needs a reason, and is a difference to be signed.
        app.vendor().delete(below(&lease)).await.refused(409, "statementLocked");
        sent(app, "", "b.pdf", &pdf("b")).await.refused(409, "statementLocked");
        let reason = "?correctionReason=encodingError";
        app.vendor().delete(format!("{}{reason}", below(&lease))).await.expect(204);
        sent(app, reason, "Facture.pdf", &pdf("facture")).await.expect(201);
        let changed = claim(app).await;
        assert_eq!((&changed["changed"], &changed["attachmentsChanged"]), (&json!(true), &json!(true)));
        director.page(page("/claim")).await.expect(200).shows(&["Les pièces jointes ont changé"]);
        // The agency reads what was signed, until the difference is.
        app.appoint(&ssin(7)).await;
        let agent = app.browser(&ssin(7)).await;
        agent.page(agency()).await.expect(200).says(&["Bail.pdf"]).keeps_silent(&["Facture.pdf"]);
        let id = lease["id"].as_str().expect("an id");
        let file = agent.fetch(&format!("{}/attachments/{id}", agency())).await.expect(200);
        assert_eq!(&file.bytes[..], &pdf("bail")[..]);
        send_signature(&director).await.expect(303);
        assert_eq!(claim(app).await["changed"], false);
        agent.page(agency()).await.expect(200).says(&["Facture.pdf"]).keeps_silent(&["Bail.pdf"]);
        agent.fetch(&format!("{}/attachments/{id}", agency())).await.expect(404);
        // Its organiser still has what was signed first.
        app.vendor().get(below(&lease)).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn attachments_that_a_signature_keeps_are_limited_too() {
    each_engine(async |database: &Database| {
        let capped = |parts: &mut passerelle::app::AppParts| parts.caps.kept_attachments_per_report = 2;
        let app = &TestApp::of_parts(database, capped).await;
        deposit_quarter(app).await;
        let lease = attached(app, "Bail.pdf", &pdf("bail")).await.json;
        send_signature(&app.browser(ADMINISTRATOR).await).await.expect(303);
        let reason = "?correctionReason=encodingError";
        app.vendor().delete(format!("{}{reason}", below(&lease))).await.expect(204);
        sent(app, reason, "b.pdf", &pdf("b")).await.expect(201);
        let refused = sent(app, reason, "c.pdf", &pdf("c")).await.expect(400);
        assert_eq!(refused.codes("issues"), ["file.tooManyKept"]);
    })
    .await;
}

#[tokio::test]
async fn a_receipt_without_attachments_has_no_such_member() {
    each_app(async |app| {
        signed(app).await;
        let receipt = app.vendor().get(report("/receipt")).await.expect(200).json;
        assert!(receipt["document"].get("attachments").is_none());
        assert_eq!(claim(app).await["attachmentsChanged"], false);
    })
    .await;
}

/// What is removed today of our organiser.
async fn purge(app: &TestApp) -> RemovedCounts {
    let (actor, periods) =
        (Actor::operator("tests"), Retention { statement_years: 10, staff_years: 5, technical_months: 13 });
    retention::apply(app.app.acting_as(&actor), periods, false).await.unwrap().total()
}

#[tokio::test]
async fn files_are_removed_with_their_quarter_and_when_they_belong_to_nothing() {
    each_engine(async |database: &Database| {
        let app = &TestApp::start(database).await;
        attached(app, "Bail.pdf", &pdf("bail")).await;
        let sent = || SentFile { name: "x.pdf".to_owned(), bytes: pdf("x") };
        for owner in [DataOwner::Organiser(organiser()), DataOwner::Agency] {
            files::upload(&app.app, owner, sent()).await.unwrap();
        }
        let chunks = async || database.number("select count(*) from stored_file_chunk").await;
        assert_eq!((purge(app).await.files, chunks().await), (0, 3));
        let tomorrow = app.app.clocks.machine().now() + 25.hours();
        app.travel(&tomorrow.to_string());
        assert_eq!((purge(app).await.files, chunks().await), (1, 1));
        app.travel("2036-10-02T12:00:00Z");
        assert_eq!((purge(app).await.files, chunks().await), (1, 0));
    })
    .await;
}
