//! Every page and every form for every kind of user.

use passerelle::domain::key::Scope;
use passerelle::domain::kinds::attendance;
use passerelle::domain::kinds::medical;
use passerelle::domain::user::Rights;
use passerelle::store;

use super::{api, at, july};
use crate::harness::app::{
    ADMINISTRATOR, CRECHE, DATA_MANAGER, FOREIGN, SECOND, TestApp, USER_MANAGER, creche, each_app, organiser,
};

/// The pages of a month.
const PAGES: [&str; 7] = ["", "/download", "/template", "/changes?from=1&to=1", "/upload", "/table", "?revision=1"];
/// The forms of a month.
const FORMS: [&str; 4] = ["/upload", "/table", "/table/begin", "/table/discard"];
/// What concerns no one crèche.
const ELSEWHERE: [&str; 4] =
    ["/console/board", "/console/consultations", "/console/quarters/2026Q3", "/console/closures"];

/// Gives the data manager these rights in our first crèche.
pub(super) async fn grant(app: &TestApp, scope: Scope) {
    let user = "019a5c00-0000-7000-8000-000000000034".parse().unwrap();
    let rights = Rights::from([(creche(CRECHE), [scope].into_iter().collect())]);
    let mut tx = app.app.db.write().await.unwrap();
    assert!(store::users::set_rights(&mut tx, organiser(), user, &rights).await.unwrap());
    app.commit(tx).await;
}

#[tokio::test]
async fn a_foreign_creche_is_unknown_and_one_without_right_refused() {
    each_app(async |app| {
        let browser = app.browser(DATA_MANAGER).await;
        for (other, status) in [(FOREIGN, 404), (SECOND, 403)] {
            let month = at("2026-07").replace(CRECHE, other);
            for page in PAGES {
                browser.page(format!("{month}{page}")).await.expect(status).says(&["<h1>"]);
            }
            for form in &FORMS[1..] {
                browser.send(format!("{month}{form}"), &[("rows", "0")]).await.expect(status);
            }
            browser.upload(format!("{month}/upload"), &[], b"PK").await.expect(status);
        }
        browser.page("/console/creches/nobody/attendance/2026-07").await.expect(404);
        browser.page(format!("/console/creches/{CRECHE}/attendance/juillet")).await.expect(400);
    })
    .await;
}

#[tokio::test]
async fn a_reader_of_consultations_reads_only_these() {
    each_app(async |app| {
        grant(app, Scope::StatementsRead(medical::KIND)).await;
        let browser = app.browser(DATA_MANAGER).await;
        let month = at("2026-07").replace("attendance", "medical");
        browser.page("/console/consultations").await.expect(200).says(&[CRECHE]).keeps_silent(&[SECOND]);
        browser.page(&month).await.expect(200).keeps_silent(&["/upload\"", "/table\""]);
        browser.page("/console/board").await.expect(403);
        for page in ["/upload", "/table"] {
            browser.page(format!("{month}{page}")).await.expect(403);
        }
        for form in &FORMS[1..] {
            browser.send(format!("{month}{form}"), &[("rows", "0")]).await.expect(403);
        }
        for (other, status) in [(FOREIGN, 404), (SECOND, 403)] {
            browser.page(month.replace(CRECHE, other)).await.expect(status);
            browser.page(format!("/console/creches/{other}/quarters/2026Q3")).await.expect(status);
        }
        app.browser(ADMINISTRATOR).await.page(&month).await.expect(200).says(&["/upload\"", "/table\""]);
    })
    .await;
}

#[tokio::test]
async fn a_user_manager_sees_no_statements() {
    each_app(async |app| {
        let browser = app.browser(USER_MANAGER).await;
        for page in ELSEWHERE {
            browser.page(page).await.expect(403);
        }
        for page in PAGES {
            browser.page(format!("{}{page}", at("2026-07"))).await.expect(403);
            browser.page(format!("{}{page}", at("2026-07").replace("attendance", "medical"))).await.expect(403);
        }
        browser.send("/console/closures/add", &[("start", "2026-11-12"), ("creches", CRECHE)]).await.expect(403);
    })
    .await;
}

#[tokio::test]
async fn a_reader_writes_nothing() {
    each_app(async |app| {
        app.vendor().put(api("2026-07"), july()).await.expect(201);
        grant(app, Scope::StatementsRead(attendance::KIND)).await;
        let browser = app.browser(DATA_MANAGER).await;
        let page = browser.page(at("2026-07")).await.expect(200);
        page.says(&["/download"]).keeps_silent(&["/upload\"", "/table\""]);
        browser.page("/console/closures").await.expect(200).keeps_silent(&["closures/add", "closures/remove"]);
        for page in ["/upload", "/table"] {
            browser.page(format!("{}{page}", at("2026-07"))).await.expect(403);
        }
        for form in &FORMS[1..] {
            browser.send(format!("{}{form}", at("2026-07")), &[("rows", "0")]).await.expect(403);
        }
        browser.upload(format!("{}/upload", at("2026-07")), &[], b"PK").await.expect(403);
        let add = [("start", "2026-11-12"), ("reason", "other"), ("creches", CRECHE)];
        browser.send("/console/closures/add", &add).await.expect(403);
        grant(app, Scope::StatementsWrite(medical::KIND)).await;
        browser.page(at("2026-07")).await.expect(403);
        browser
            .page("/console")
            .await
            .expect(200)
            .says(&["/console/consultations\""])
            .keeps_silent(&["/console/board\""]);
        let quarter = browser.page("/console/quarters/2026Q3").await.expect(200);
        quarter.says(&["Consultations"]).keeps_silent(&["Présences"]);
    })
    .await;
}

#[tokio::test]
async fn a_form_that_was_not_made_for_the_session_changes_nothing() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let other = app.browser(ADMINISTRATOR).await.csrf;
        for csrf in ["", "wrong", &other] {
            let fields = [("csrf", csrf), ("start", "2026-11-12"), ("reason", "other"), ("creches", CRECHE)];
            for form in &FORMS[1..] {
                browser.send_as_is(format!("{}{form}", at("2026-07")), &fields).await.expect(403);
            }
            for form in ["add", "remove"] {
                browser.send_as_is(format!("/console/closures/{form}"), &fields).await.expect(403);
            }
            let book = crate::harness::book::book("2026-07", &july().into());
            browser.upload_as_is(format!("{}/upload", at("2026-07")), &[("csrf", csrf)], &book).await.expect(403);
        }
        assert!(app.events().await.is_empty() && app.verdicts().await.is_empty());
        let unknown = app.anonymous().get("/creches").await;
        assert_eq!(unknown.status, 401);
    })
    .await;
}
