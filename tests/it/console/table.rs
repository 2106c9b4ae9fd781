//! The table: begun, saved, checked, deposited; and two users who edit it at once.

use serde_json::json;

use super::{api, at, july};
use crate::harness::app::{ADMINISTRATOR, DATA_MANAGER, TestApp, each_app};
use crate::harness::database::each_engine;
use crate::harness::page::{Browser, Page};
use crate::harness::statement::Sheet;

/// The columns of July: seven and its days.
const WIDTH: usize = 38;

fn table() -> String {
    format!("{}/table", at("2026-07"))
}

/// Begins a table and opens it.
async fn begin(browser: &Browser<'_>, fields: &[(&str, &str)]) -> Page {
    let begun = browser.send(format!("{}/begin", table()), fields).await;
    browser.follow(&begun).await.expect(200)
}

/// Sends a page's form back with other texts in some of its cells, by row and column.
async fn send(browser: &Browser<'_>, page: &Page, cells: &[(usize, usize, &str)], fields: &[(&str, &str)]) -> Page {
    let mut texts = page.input_values("c");
    for (row, column, text) in cells {
        (*text).clone_into(&mut texts[row * WIDTH + column]);
    }
    let own: Vec<_> = ["version", "page", "rows"].map(|name| (name, page.input_values(name)[0].clone())).into();
    let mut all: Vec<(&str, &str)> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
    all.extend(texts.iter().map(|text| ("c", text.as_str())));
    all.extend(fields);
    browser.send(table(), &all).await
}

/// What a child's row begins with.
const CHILD: [(usize, usize, &str); 4] = [(0, 0, "K-1"), (0, 1, "Exemple"), (0, 2, "Lou"), (0, 3, "3.4.2025")];

#[tokio::test]
async fn a_typed_table_is_saved_checked_and_deposited() {
    each_app(async |app| {
        let browser = app.browser(DATA_MANAGER).await;
        browser.page(table()).await.expect(200).says(&["Des lignes vides"]);
        let blank = begin(&browser, &[("start", "blank"), ("lines", "2")]).await;
        assert_eq!(blank.input_values("c").len(), 2 * WIDTH);
        let cells = [&CHILD[..], &[(0, 7, "p"), (0, 8, "P ½ + aj/2"), (0, 9, "X")]].concat();
        let saved = send(&browser, &blank, &cells, &[("action", "save")]).await;
        let checked = browser.follow(&saved).await.expect(200);
        assert_eq!(checked.input_values("c")[8], "P ½ + aj/2", "as it was typed");
        let checked = checked.says(&["id=\"r1c9\" value=\"X\"", "class=\"bad\" aria-describedby=\"m1\"", "#r1c9"]);
        let refused = send(&browser, &checked, &[], &[("action", "deposit")]).await;
        let refused = refused.expect(400).says(&["pas déposé", "id=\"r1c9\" value=\"X\""]);
        app.vendor().get(api("2026-07")).await.expect(404);
        let accepted = send(&browser, &refused, &[(0, 9, "AI")], &[("action", "deposit")]).await;
        let month = browser.follow(&accepted).await.expect(200);
        month.says(&["Le relevé est déposé.", "Sofie Peeters", "tableau saisi"]).keeps_silent(&["Reprendre"]);
        let kept = app.vendor().get(api("2026-07")).await.expect(200);
        let line = &kept["lines"][0];
        assert_eq!((&line["birthDate"], line["days"].as_array().unwrap().len()), (&json!("2025-04-03"), 4));
        assert_eq!(kept["totals"]["unjustifiedAbsence"], json!({ "fullDays": 1, "halfDays": 0 }));
        assert!(kept["warnings"].as_array().unwrap().iter().all(|warning| warning.get("cell").is_none()));
        let channels: Vec<_> = app.verdicts().await.iter().map(|verdict| verdict.channel.code()).collect();
        assert_eq!(channels, ["console", "console"], "what is saved or looked at leaves no verdict");
    })
    .await;
}

#[tokio::test]
async fn a_table_finds_what_the_api_finds() {
    each_app(async |app| {
        let statement = july().child(1, "4:P").with("birthDate", "2035-02-03");
        let refused = app.vendor().put(api("2026-07"), &statement).language("fr").await.expect(400);
        let browser = app.browser(ADMINISTRATOR).await;
        let blank = begin(&browser, &[("start", "blank"), ("lines", "3")]).await;
        let ssin = |number| crate::harness::statement::ssin(number);
        let (one, two) = (ssin(1), ssin(2));
        let cells = [
            (0, 0, "K-0001"),
            (0, 1, "Exemple1"),
            (0, 2, "Lou"),
            (0, 3, "2025-01-02"),
            (0, 4, one.as_str()),
            (0, 7, "P"),
            (0, 8, "P/2+AJ/2"),
            (0, 9, "AI"),
            (0, 27, "P"),
            (1, 0, "K-0002"),
            (1, 1, "Exemple2"),
            (1, 2, "Lou"),
            (1, 3, "2025-01-03"),
            (1, 4, two.as_str()),
            (1, 7, "AJ:medicalCertificate"),
            (1, 8, "P"),
            (2, 0, "K-0001"),
            (2, 1, "Exemple1"),
            (2, 2, "Lou"),
            (2, 3, "2035-02-03"),
            (2, 4, one.as_str()),
            (2, 10, "P"),
        ];
        let saved = send(&browser, &blank, &cells, &[("action", "save")]).await;
        let page = browser.follow(&saved).await.expect(200);
        let errors = page.text.matches("<li class=\"bad\">\n<strong>Erreur</strong>").count();
        let warnings = page.text.matches("<li class=\"warn\">\n<strong>Avertissement</strong>").count();
        let count = |list| refused.each(list, "code").len();
        assert_eq!((errors, warnings), (count("issues"), count("warnings")), "{} {:?}", page.text, refused.json);
    })
    .await;
}

#[tokio::test]
async fn a_table_begins_with_what_is_there() {
    each_app(async |app| {
        app.vendor().put(api("2026-06"), Sheet::of("2026-06").children(2, "1:P")).await.expect(201);
        let browser = app.browser(ADMINISTRATOR).await;
        let last = begin(&browser, &[("start", "previous")]).await;
        let texts = last.input_values("c");
        assert_eq!((texts[0].as_str(), texts[4].as_str(), texts[7].as_str()), ("K-0001", "connu", ""));
        assert_eq!(texts.len(), 5 * WIDTH, "two children and three rows to spare");
        let gone = browser.send(format!("{}/discard", table()), &[("version", "1")]).await;
        browser.follow(&gone).await.says(&["Le brouillon est supprimé."]);
        app.vendor().put(api("2026-07"), july()).await.expect(201);
        let current = begin(&browser, &[("start", "current")]).await;
        assert_eq!(current.input_values("c")[8], "P/2+AJ/2");
        let same = send(&browser, &current, &[], &[("action", "deposit")]).await;
        browser.follow(&same).await.shows(&["Le contenu est le même"]);
    })
    .await;
}

#[tokio::test]
async fn a_draft_persists_and_a_concurrent_save_is_refused() {
    each_app(async |app| {
        let (one, two) = (app.browser(ADMINISTRATOR).await, app.browser(DATA_MANAGER).await);
        let first = begin(&one, &[("start", "blank"), ("lines", "1")]).await;
        let second = two.page(table()).await.expect(200);
        let auto = send(&one, &first, &[(0, 1, "Du premier")], &[("action", "autosave")]).await.expect(200);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&auto.text).unwrap()["version"], 2);
        // The response was lost: the page sends its version again, and more.
        let again = send(&one, &first, &[(0, 1, "Du premier"), (0, 2, "encore")], &[("action", "autosave")]).await;
        assert_eq!(serde_json::from_str::<serde_json::Value>(&again.text).unwrap()["version"], 3);
        let late = send(&two, &second, &[(0, 1, "Du second")], &[("action", "save")]).await.expect(409);
        let late = late.says(&["Anne Dubois", "value=\"Du second\"", "Enregistrer ma version"]);
        two.page(table()).await.says(&["Du premier"]);
        send(&two, &second, &[], &[("action", "deposit")]).await.expect(409);
        send(&two, &late, &[], &[("action", "save")]).await.expect(303);
        one.page(table()).await.says(&["Du second"]).keeps_silent(&["Du premier"]);
        one.send(format!("{}/discard", table()), &[("version", "3")]).await.expect(303);
        one.page(table()).await.says(&["Du second"]);
        one.send(format!("{}/discard", table()), &[("version", "4")]).await.expect(303);
        let gone = send(&two, &late, &[], &[("action", "save")]).await.expect(409);
        gone.says(&["supprimé entre-temps", "value=\"Du second\""]);
        let changed = app.all_audit().await.into_iter().filter(|link| link.entry.action == "attendanceDraft.changed");
        assert_eq!(changed.count(), 3, "begun, then once for each page that saved");
    })
    .await;
}

#[tokio::test]
async fn a_table_replaces_a_revision_only_when_confirmed() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let blank = begin(&browser, &[("start", "blank"), ("lines", "1")]).await;
        app.vendor().put(api("2026-07"), july()).await.expect(201);
        let blocked = send(&browser, &blank, &CHILD, &[("action", "deposit")]).await;
        let blocked = blocked.expect(412).says(&["replace-error", "name=\"replace\" value=\"1\""]);
        let done = send(&browser, &blocked, &[], &[("action", "deposit"), ("replace", "1")]).await;
        browser.follow(&done).await.shows(&["Le relevé est déposé."]);
        assert_eq!(app.vendor().get(api("2026-07")).await.expect(200)["revision"], 2);
    })
    .await;
}

#[tokio::test]
async fn a_typed_number_is_stored_and_not_shown_again() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let blank = begin(&browser, &[("start", "blank"), ("lines", "2")]).await;
        let ssin = crate::harness::statement::ssin(1);
        let cells = [&CHILD[..], &[(0, 3, "02/01/2025"), (0, 4, ssin.as_str()), (0, 7, "P")]].concat();
        let saved = send(&browser, &blank, &cells, &[("action", "save")]).await;
        let shown = browser.follow(&saved).await.expect(200).keeps_silent(&[&ssin]);
        assert_eq!(shown.input_values("c")[4], "saisi");
        let shown = shown.keeps_silent(&["<li class=\"bad\">", "registre national"]);
        // Of another line no number is stored.
        let moved = send(&browser, &shown, &[(0, 0, "K-2")], &[("action", "save")]).await;
        browser.follow(&moved).await.says(&["class=\"bad\" aria-describedby=\"m1\""]);
        let back = send(&browser, &shown, &[(0, 4, &ssin)], &[("action", "save")]).await;
        let shown = browser.follow(&back).await;
        let done = send(&browser, &shown, &[], &[("action", "deposit")]).await;
        browser.follow(&done).await.shows(&["Le relevé est déposé."]);
        let kept = app.vendor().get(api("2026-07")).await.expect(200);
        assert_eq!(kept["lines"][0]["ssinPresent"], true);
    })
    .await;
}

#[tokio::test]
async fn drafts_are_stored_sealed() {
    each_engine(async |database| {
        let app = TestApp::start(database).await;
        let browser = app.browser(ADMINISTRATOR).await;
        let blank = begin(&browser, &[("start", "blank"), ("lines", "1")]).await;
        let cells = [(0, 1, "Vanderquixote"), (0, 2, "Zephyrinelle"), (0, 3, "13/06/2024"), (0, 4, "24061397701")];
        send(&browser, &blank, &cells, &[("action", "save")]).await.expect(303);
        let dump = database.dump().await;
        assert!(dump.iter().any(|(column, _)| column == "draft.sealed"));
        for (column, bytes) in dump {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            for (_, _, word) in cells {
                assert!(!text.contains(word), "{word} is in {column}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn rows_are_added_and_a_form_in_pieces_is_refused() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let blank = begin(&browser, &[("start", "blank"), ("lines", "495")]).await;
        assert_eq!(blank.input_values("c").len(), 495 * WIDTH);
        let more = send(&browser, &blank, &CHILD, &[("action", "more")]).await;
        let more = browser.follow(&more).await.expect(200).says(&["value=\"Exemple\""]);
        assert_eq!(more.input_values("c").len(), 500 * WIDTH, "at most 500");
        let version = ("version", "2");
        browser.send(table(), &[version, ("rows", "2"), ("c", "K-1")]).await.expect(400);
        browser.send(table(), &[version, ("rows", "0")]).await.expect(303);
        let empty = browser.page(table()).await.expect(200);
        assert!(empty.input_values("c").is_empty());
    })
    .await;
}
