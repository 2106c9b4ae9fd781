//! The form that was submitted after its session had ended: shown to the same person after the log-in, and sent again once.

use axum::http::header;

use crate::harness::app::{ADMINISTRATOR, CRECHE, DATA_MANAGER, OF_BOTH, ORGANISER, OTHER, SECOND, TestApp, each_app};
use crate::harness::page::{Browser, Page};

const ADD: &str = "/console/closures/add";
const PAGE: &str = "/console/typed";
const FORM: [(&str, &str); 4] =
    [("start", "2026-11-12"), ("end", "2026-11-13"), ("reason", "other"), ("creches", SECOND)];

/// The cookie that finds a form again.
#[track_caller]
fn kept(answer: &Page) -> String {
    let cookies = answer.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
    let cookie = cookies.into_iter().find(|cookie| cookie.starts_with("__Host-passerelle-typed=")).expect("a cookie");
    assert!(cookie.contains("; Path=/; Max-Age=1800; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

/// Sends the form with a session that the person has ended on another machine.
async fn sent_too_late(app: &TestApp, ssin: &str) -> Page {
    let (browser, other) = (app.browser(ssin).await, app.browser(ssin).await);
    let sessions = other.page("/console/sessions").await.expect(200);
    for session in sessions.tags("button").iter().filter(|button| button.attribute("name") == "session") {
        other.send("/console/sessions", &[("session", session.attribute("value"))]).await.expect(303);
    }
    let with_token: Vec<_> = FORM.into_iter().chain([("csrf", browser.csrf.as_str())]).collect();
    let answer = browser.send_from_page(ADD, &with_token, "").await.expect(303);
    assert_eq!(answer.location(), "/console/login?to=/console/typed");
    answer
}

/// The fields of the form that resubmits it: the typed text is not in the page itself.
fn resuming<'a>(page: &Page, browser: &'a Browser<'_>) -> [(&'static str, &'a str); 2] {
    let inputs: Vec<_> = page.tags("input").iter().map(|tag| tag.attribute("name").to_owned()).collect();
    assert_eq!(inputs.iter().filter(|name| *name != "csrf").collect::<Vec<_>>(), ["resumeTyped"]);
    [("csrf", &browser.csrf), ("resumeTyped", "yes")]
}

/// The same browser without the cookie of its session.
fn without_cookie<'a>(browser: &Browser<'a>) -> Browser<'a> {
    let mut browser = Browser::clone(browser);
    browser.secret = "0".repeat(64);
    browser
}

async fn closures(app: &TestApp) -> usize {
    let read = app.vendor().get(format!("/creches/{SECOND}/closures")).await.expect(200);
    read["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn what_was_typed_is_shown_after_the_log_in_and_stored_by_a_click() {
    each_app(async |app| {
        let before = closures(app).await;
        let cookie = kept(&sent_too_late(app, ADMINISTRATOR).await);
        let login = app.browser(ADMINISTRATOR).await.page("/console/login?to=/console/typed").await.expect(200);
        login.says(&["gardé pendant une demi-heure"]);
        let browser = app.browser(ADMINISTRATOR).await;
        let page = browser.page_with(PAGE, &cookie).await.expect(200);
        let page = page.says(&["Votre session avait expiré", "Rien n’est encore enregistré."]);
        page.shows(&[
            "<dt>Rubrique</dt><dd>Fermetures</dd>",
            "<dt>Premier jour fermé</dt><dd>12 novembre 2026</dd>",
            "<dt>Dernier jour fermé</dt><dd>13 novembre 2026</dd>",
            "<dt>Motif</dt><dd>Autres</dd>",
            "<dt>Crèches</dt>",
        ]);
        let page = page.keeps_silent(&["2026-11-12", "other", SECOND]);
        assert_eq!(closures(app).await, before, "nothing is stored yet");
        // A reload shows it again: it is removed when it is sent.
        browser.page_with(PAGE, &cookie).await.expect(200);
        let fields = resuming(&page, &browser);
        browser.send_from_page("/console/closures/remove", &fields, &cookie).await.expect(404);
        let done = browser.send_from_page(ADD, &fields, &cookie).await.expect(303);
        browser.follow(&done).await.expect(200).says(&["La fermeture est ajoutée."]);
        assert_eq!(closures(app).await, before + 1);
        browser.send_from_page(ADD, &fields, &cookie).await.expect(404);
        browser.page_with(PAGE, &cookie).await.expect(404).says(&["Cette saisie n’existe pas"]);
    })
    .await;
}

#[tokio::test]
async fn only_the_same_person_finds_it_and_only_in_time() {
    each_app(async |app| {
        let cookie = kept(&sent_too_late(app, ADMINISTRATOR).await);
        app.browser(DATA_MANAGER).await.page_with(PAGE, &cookie).await.expect(404).keeps_silent(&["novembre"]);
        let browser = app.browser(ADMINISTRATOR).await;
        browser.page(PAGE).await.expect(404);
        browser.page_with(PAGE, "__Host-passerelle-typed=00").await.expect(404);
        browser.page_with(PAGE, &cookie).await.expect(200);
        app.travel("2026-10-12T09:31:00+02:00");
        app.browser(ADMINISTRATOR).await.page_with(PAGE, &cookie).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn it_is_discarded_by_a_click() {
    each_app(async |app| {
        let cookie = kept(&sent_too_late(app, ADMINISTRATOR).await);
        let browser = app.browser(ADMINISTRATOR).await;
        let token = [("csrf", browser.csrf.as_str())];
        let given_up = browser.send_from_page("/console/typed/discard", &token, &cookie).await.expect(303);
        assert_eq!(given_up.location(), "/console/closures");
        browser.page_with(PAGE, &cookie).await.expect(404);
    })
    .await;
}

/// A form without a session, as this browser submits it.
async fn keeps(browser: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> bool {
    let answer = browser.send_from_page(path, fields, "").await;
    answer.headers.get_all(header::SET_COOKIE).iter().any(|set| set.to_str().unwrap().contains("passerelle-typed"))
}

#[tokio::test]
async fn foreign_forms_large_forms_and_many_forms_are_not_stored() {
    each_app(async |app| {
        let browser = without_cookie(&app.browser(ADMINISTRATOR).await);
        let form: Vec<_> = FORM.into_iter().chain([("csrf", browser.csrf.as_str())]).collect();
        // The browser does not mark it as sent by a page of ours.
        let unsaid = browser.send(ADD, &FORM).await.expect(303);
        assert_eq!(unsaid.location(), "/console/login?to=/console");
        assert!(unsaid.headers.get(header::SET_COOKIE).is_none());
        let large = "x".repeat(300 << 10);
        assert!(!keeps(&browser, ADD, &[("reason", &large), ("csrf", &browser.csrf)]).await);
        assert!(!keeps(&browser, "/console/logout", &[]).await);
        for number in 0..10 {
            assert!(keeps(&browser, ADD, &form).await, "{number}");
        }
        assert!(!keeps(&browser, ADD, &form).await, "ten of one sender");
        app.travel("2026-10-12T09:31:00+02:00");
        assert!(keeps(&browser, ADD, &form).await, "the others are past their time");
    })
    .await;
}

#[tokio::test]
async fn a_token_of_an_older_session_leads_to_what_was_typed_at_once() {
    each_app(async |app| {
        let (older, browser) = (app.browser(ADMINISTRATOR).await, app.browser(ADMINISTRATOR).await);
        let with_token: Vec<_> = FORM.into_iter().chain([("csrf", older.csrf.as_str())]).collect();
        let answer = browser.send_from_page(ADD, &with_token, "").await.expect(303);
        assert_eq!(answer.location(), PAGE);
        browser.page_with(PAGE, &kept(&answer)).await.expect(200).says(&["12 novembre 2026"]);
        // Without such a mark the form is refused as before.
        browser.send_as_is(ADD, &with_token).await.expect(403);
    })
    .await;
}

#[tokio::test]
async fn it_is_for_the_organiser_that_the_person_acted_for() {
    each_app(async |app| {
        let (browser, other) = (app.browser_at(OF_BOTH, ORGANISER).await, app.browser_at(OF_BOTH, OTHER).await);
        let late = Browser::clone(&browser);
        other.send("/console/logout", &[]).await;
        browser.send("/console/logout", &[]).await.expect(200);
        let with_token: Vec<_> = FORM.into_iter().chain([("csrf", late.csrf.as_str())]).collect();
        let cookie = kept(&late.send_from_page(ADD, &with_token, "").await.expect(303));
        app.browser_at(OF_BOTH, OTHER).await.page_with(PAGE, &cookie).await.expect(404);
        app.browser_at(OF_BOTH, ORGANISER).await.page_with(PAGE, &cookie).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_file_is_not_stored_and_the_log_in_says_so() {
    each_app(async |app| {
        let mut browser = app.browser(ADMINISTRATOR).await;
        browser.secret = "0".repeat(64);
        let path = format!("/console/creches/{CRECHE}/attendance/2026-07/upload");
        let answer = browser.upload(&path, &[], b"book").await.expect(303);
        assert_eq!(answer.location(), "/console/login?to=/console&file=lost");
        browser.page(answer.location()).await.expect(200).says(&["le fichier n’est pas gardé"]);
    })
    .await;
}

#[tokio::test]
async fn it_belongs_to_the_user_of_its_page_even_without_the_cookie() {
    each_app(async |app| {
        let late = without_cookie(&app.browser(ADMINISTRATOR).await);
        let with_token: Vec<_> = FORM.into_iter().chain([("csrf", late.csrf.as_str())]).collect();
        let cookie = kept(&late.send_from_page(ADD, &with_token, "").await.expect(303));
        app.browser(DATA_MANAGER).await.page_with(PAGE, &cookie).await.expect(404).keeps_silent(&["novembre"]);
        app.browser(ADMINISTRATOR).await.page_with(PAGE, &cookie).await.expect(200).says(&["12 novembre 2026"]);
    })
    .await;
}

#[tokio::test]
async fn a_form_without_a_known_user_is_not_stored() {
    each_app(async |app| {
        let browser = without_cookie(&app.browser(ADMINISTRATOR).await);
        let (_, code) = browser.csrf.split_once('.').expect("a token in two parts");
        for token in ["", "made up", "AAAA.0000", code] {
            let with_token: Vec<_> = FORM.into_iter().chain([("csrf", token)]).collect();
            assert!(!keeps(&browser, ADD, &with_token).await, "{token}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_form_from_another_users_page_is_refused_and_not_stored() {
    each_app(async |app| {
        let (anne, sofie) = (app.browser(ADMINISTRATOR).await, app.browser(DATA_MANAGER).await);
        let with_token: Vec<_> = FORM.into_iter().chain([("csrf", anne.csrf.as_str())]).collect();
        let answer = sofie.send_from_page(ADD, &with_token, "").await.expect(403);
        assert!(answer.headers.get(header::SET_COOKIE).is_none());
    })
    .await;
}

#[tokio::test]
async fn national_numbers_are_masked_and_codes_are_shown_as_words() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let shown = async |path: &str, fields: &[(&str, &str)]| {
            let late = without_cookie(&browser);
            let with_token = [fields, &[("csrf", late.csrf.as_str())]].concat();
            let cookie = kept(&late.send_from_page(path, &with_token, "").await.expect(303));
            browser.page_with(PAGE, &cookie).await.expect(200)
        };
        let right = format!("right.{CRECHE}.0");
        let user = [
            ("givenName", "Zoé"),
            ("ssin", "85.03.14-977.21"),
            ("profile", "userManager"),
            ("rights", "table"),
            (right.as_str(), "read"),
        ];
        let page = shown("/console/users/new", &user).await;
        page.shows(&["<dt>Prénom</dt><dd>Zoé</dd>", "<dd>Gestionnaire des utilisateurs</dd>", "<dd>Lecture</dd>"]);
        page.keeps_silent(&["85.03.14", "977.21", "85031497721", "userManager", CRECHE, "<dd>table</dd>"]);
        let application = [
            ("name", "Agenda de 85031497721"),
            ("scopes", "attendance:read"),
            ("reach", "all"),
            ("endsOn", "2027-01-01"),
        ];
        let page = shown("/console/applications", &application).await;
        page.shows(&[
            "Agenda de •••••••••••",
            "<dd>Lire les présences</dd>",
            "<dd>Tout</dd>",
            "<dd>1er janvier 2027</dd>",
        ]);
        page.keeps_silent(&["85031497721", "attendance:read", "<dd>all</dd>", "2027-01-01"]);
        let doctor = [("function", "paediatrician"), ("inami", "19006951001"), ("crecheIds", CRECHE)];
        let page = shown("/console/doctors/new", &doctor).await;
        page.shows(&["<dd>Pédiatre</dd>", "<dd>19006951001</dd>", "<dt>Crèches</dt>"]);
        page.keeps_silent(&["paediatrician", CRECHE]);
        let table = [("rows", "2"), ("c", "Maes"), ("c", "85031497721"), ("c", ""), ("c", "")];
        let page = shown(&format!("/console/creches/{CRECHE}/attendance/2026-07/table"), &table).await;
        page.shows(&["<dt>Lignes remplies</dt><dd>1</dd>"]);
        page.keeps_silent(&["85031497721", "Maes"]);
    })
    .await;
}
