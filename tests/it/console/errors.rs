//! The summary of errors on every page with a refused form: in the title, at the top and beside the field.

use crate::harness::app::{ADMINISTRATOR, CRECHE, TestApp, each_app};
use crate::harness::page::{Browser, Page};

/// It has a summary that gets the focus and leads to `field`, which is marked and described.
#[track_caller]
fn is_refused(page: &Page, field: &str) {
    let asked = &page.asked;
    assert!(page.text.contains("<title>Erreur\u{a0}: "), "{asked}: {}", page.text);
    let summary: Vec<_> = page.tags("div").into_iter().filter(|tag| tag.attribute("id") == "errors").collect();
    assert_eq!(summary.len(), 1, "{asked}: one summary");
    assert_eq!((summary[0].attribute("tabindex"), summary[0].attribute("role")), ("-1", "alert"), "{asked}");
    assert!(page.text.contains("role=\"alert\" tabindex=\"-1\" autofocus"), "{asked}");
    let (_, from) = page.text.split_once("id=\"errors\"").expect("a summary");
    let (list, _) = from.split_once("</ul>").expect("a list");
    assert!(list.contains(&format!("href=\"#{field}\"")), "{asked}: no link to {field} in {list}");
    let marked = ["input", "select", "textarea"].iter().any(|name| {
        page.tags(name).iter().any(|tag| tag.attribute("id") == field && tag.attribute("aria-invalid") == "true")
    });
    let group = page.tags("fieldset").iter().any(|tag| tag.attribute("id") == field);
    assert!(marked || group, "{asked}: {field} is not marked");
    assert!(page.field_error(field).is_some(), "{asked}: nothing is said beside {field}");
}

async fn sent(browser: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Page {
    let page = browser.send(path, fields).await;
    assert!(matches!(page.status, 400 | 409 | 412), "{path}: {} {}", page.status, page.text);
    page
}

/// Forms with nothing in them but what no form can be sent without.
#[tokio::test]
async fn every_refused_form_has_the_same_summary() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let user = first_link(&browser, "/console/users", "/console/users/0").await;
        let doctor = first_link(&browser, "/console/doctors", "/console/doctors/0").await;
        let member = first_link(&browser, "/console/staff", "/console/staff/0").await;
        for (path, fields, field) in [
            ("/console/closures/add".to_owned(), &[("start", ""), ("creches", CRECHE)][..], "start"),
            ("/console/closures/add".to_owned(), &[("start", "2026-11-12"), ("reason", "other")], "creches"),
            ("/console/users/new".to_owned(), &[], "givenName"),
            (user, &[("email", "x")], "givenName"),
            ("/console/doctors/new".to_owned(), &[], "inami"),
            (format!("{doctor}/edit"), &[("version", "1")], "inami"),
            ("/console/staff/new".to_owned(), &[("ssin", "1")], "ssin"),
            ("/console/staff/create".to_owned(), &[], "familyName"),
            (format!("{member}/identity"), &[("version", "1")], "familyName"),
            (format!("{member}/absences/new"), &[("version", "1")], "kind"),
            (format!("{member}/contracts/new"), &[("version", "1")], "status"),
            ("/console/applications".to_owned(), &[], "name"),
            ("/console/webhooks".to_owned(), &[("once", "019a5c00-0000-7000-8000-00000000beef")], "url"),
        ] {
            is_refused(&sent(&browser, &path, fields).await, field);
        }
    })
    .await;
}

/// The first link on a page that begins so.
async fn first_link(browser: &Browser<'_>, page: &str, begins: &str) -> String {
    let links = browser.page(page).await.expect(200).tags("a");
    let link = links.iter().map(|link| link.attribute("href")).find(|href| href.starts_with(begins));
    link.unwrap_or_else(|| panic!("no {begins} on {page}")).to_owned()
}

#[tokio::test]
async fn a_refused_key_has_the_summary() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let application = first_link(&browser, "/console/applications", "/console/applications/0").await;
        let page = browser.page(&application).await.expect(200);
        let once = page.input_values("once")[0].clone();
        let fields = [("once", once.as_str()), ("kind", "test"), ("expiresOn", "2020-01-01")];
        is_refused(&sent(&browser, &format!("{application}/keys"), &fields).await, "expiresOn");
    })
    .await;
}

#[tokio::test]
async fn a_missing_file_has_the_summary() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let doctor = first_link(&browser, "/console/doctors", "/console/doctors/0").await;
        for path in [
            format!("/console/creches/{CRECHE}/attendance/2026-07/upload"),
            "/console/staff/register".to_owned(),
            format!("{doctor}/agreement"),
        ] {
            is_refused(&browser.upload(&path, &[], b"").await.expect(400), "file");
        }
    })
    .await;
}

#[tokio::test]
async fn the_summary_follows_the_order_of_the_page() {
    each_app(async |app| {
        let page = app.browser(ADMINISTRATOR).await.send("/console/users/new", &[]).await.expect(400);
        let (_, from) = page.text.split_once("id=\"errors\"").expect("a summary");
        let (list, _) = from.split_once("</ul>").expect("a list");
        let at = |field: &str| list.find(&format!("#{field}\"")).unwrap_or_else(|| panic!("no {field} in {list}"));
        let order = ["givenName", "familyName", "email", "ssin", "profile", "consentCertified"].map(at);
        assert!(order.is_sorted(), "{list}");
    })
    .await;
}

#[tokio::test]
async fn a_page_that_is_not_refused_has_no_summary() {
    each_app(async |app: &TestApp| {
        let page = app.browser(ADMINISTRATOR).await.page("/console/users/new").await.expect(200);
        page.keeps_silent(&["Erreur", "id=\"errors\""]);
    })
    .await;
}
