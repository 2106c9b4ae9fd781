//! The forms that scripts help with: a workbook chosen and sent, a table typed in, a page on paper.

use serde_json::{Value, json};

use super::{CONSULTATIONS, JULY, Stage, one_stage};
use crate::harness::book::book;
use crate::harness::process::answer;
use crate::harness::statement::Sheet;

/// Remembers every text of the line of progress.
const WATCH: &str = "window.told = []; const line = document.querySelector('.upload-progress'); \
     new MutationObserver(() => window.told.push(line.innerText)) \
       .observe(line, {subtree: true, childList: true, characterData: true});";
/// How many times the form of this page was sent by its script.
const SENT: &str = "return performance.getEntriesByType('resource') \
     .filter(entry => entry.initiatorType === 'xmlhttprequest').length";

fn month(stage: &Stage, kind: &str, rest: &str) -> String {
    format!("/console/creches/{}/{kind}/{rest}", stage.creche())
}

#[tokio::test]
async fn a_file_over_the_limit_is_refused_before_it_is_sent() {
    one_stage(1280, async |stage| {
        stage.log_in("Anne Dubois").await;
        let folder = tempfile::tempdir().unwrap();
        let large = folder.path().join("large.xlsx");
        std::fs::File::create(&large).unwrap().set_len(9_990_001).unwrap();
        for (page, button) in [
            (month(stage, "attendance", "2026-07/upload"), "Déposer"),
            ("/console/staff/register".to_owned(), "Vérifier"),
        ] {
            stage.go(&page).await;
            stage.browser.shows("de 9,9\u{a0}Mo au plus").await;
            stage.browser.attach("#file", &large).await;
            stage.browser.press(button).await;
            stage.browser.shows("Le fichier dépasse 9,9\u{a0}Mo").await;
            assert_eq!(stage.browser.run("return document.activeElement.id", json!([])).await, "file");
            assert_eq!(stage.browser.run(SENT, json!([])).await, 0, "{page}");
            stage.sound(&format!("upload-large{}", page.len()), "rien n’a été envoyé").await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_workbook_with_errors_is_sent_with_its_progress_and_stays_chosen() {
    one_stage(1280, async |stage| {
        stage.log_in("Anne Dubois").await;
        let folder = tempfile::tempdir().unwrap();
        let mut statement: Value = Sheet::of("2026-07").child(1, "1:P 2:P").into();
        statement["lines"][0]["days"][0]["status"] = "X".into();
        let faulty = folder.path().join("july.xlsx");
        std::fs::write(&faulty, book("2026-07", &statement)).unwrap();
        stage.go(&month(stage, "attendance", "2026-07/upload")).await;
        stage.browser.attach("#file", &faulty).await;
        stage.browser.run(WATCH, json!([])).await;
        stage.browser.press("Déposer").await;
        stage.browser.shows("Le classeur n’est pas déposé").await;
        let told = stage.browser.run("return window.told.join('\\n')", json!([])).await;
        let told = told.as_str().unwrap();
        assert!(told.contains("Vérification en cours") && told.contains('%'), "{told}");
        let state = "const file = document.querySelector('#file'); return [file.files.length, document.title.slice(0, 6), \
                     document.querySelectorAll('button:disabled').length, file.getAttribute('aria-invalid')]";
        assert_eq!(stage.browser.run(state, json!([])).await, json!([1, "Erreur", 0, "true"]));
        stage.sound("upload-refused-by-script", "Trouvé").await;

        std::fs::write(&faulty, book("2026-07", &Sheet::of("2026-07").child(1, "1:P 2:P").into())).unwrap();
        stage.browser.attach("#file", &faulty).await;
        stage.browser.press("Déposer").await;
        stage.browser.shows("Le relevé est déposé.").await;
    })
    .await;
}

#[tokio::test]
async fn a_month_of_500_children_is_corrected_in_the_table() {
    one_stage(1280, async |stage| {
        let all: Value = Sheet::of("2026-07").children(500, "1:P 2:P").into();
        let july = format!("/creches/{}/attendanceStatements/2026-07", stage.creche());
        let sent = stage.sandbox.vendor().put(&july, "application/json", all.to_string());
        let (status, told) = answer(sent).await.unwrap();
        assert_eq!(status, 201, "{told}");
        stage.log_in("Anne Dubois").await;
        let table = month(stage, "attendance", "2026-07/table");
        stage.go(&table).await;
        stage.browser.press("Commencer").await;
        stage.browser.shows("Enregistrer et vérifier").await;
        // The day 3 of the last child, by its position: names, dates and numbers come first.
        let cell = "const [row, column] = arguments; const cell = document.querySelector(`#r${row}c${column}`); \
                    cell.value = 'AI'; cell.dispatchEvent(new Event('input', {bubbles: true})); return cell.value";
        assert_eq!(stage.browser.run(cell, json!([500, 9])).await, "AI");
        stage.browser.shows("Enregistré à").await;
        stage.browser.tick("Remplacer la révision").await;
        stage.browser.press("Déposer").await;
        stage.browser.shows("Le relevé est déposé.").await;
        let (_, read) = answer(stage.sandbox.vendor().get(&july)).await.unwrap();
        let last = read["lines"].as_array().unwrap().last().unwrap();
        assert_eq!((read["revision"].as_u64(), last["days"].as_array().unwrap().len()), (Some(2), 3), "{last}");
    })
    .await;
}

#[tokio::test]
async fn a_consultation_chooses_its_doctor_from_a_list() {
    one_stage(1280, async |stage| {
        stage.log_in("Anne Dubois").await;
        stage.go(&month(stage, "medical", "2026-07/table")).await;
        stage.browser.press("Commencer").await;
        stage.browser.shows("INAMI").await;
        let listed = "const field = document.querySelector('input[list]'); \
                      return [field.id, ...[...field.list.options].map(one => `${one.value} ${one.text}`)]";
        assert_eq!(stage.browser.run(listed, json!([])).await, json!(["r1c3", "19006951001 Claire Maes"]));
    })
    .await;
}

#[tokio::test]
async fn printed_pages_have_their_text_and_no_buttons() {
    one_stage(1280, async |stage| {
        for (kind, body) in [("attendance", JULY), ("medical", CONSULTATIONS)] {
            let path = format!("/creches/{}/{kind}Statements/2026-07", stage.creche());
            let (status, told) = answer(stage.sandbox.vendor().put(&path, "application/json", body)).await.unwrap();
            assert_eq!(status, 201, "{told}");
        }
        stage.log_in("Anne Dubois").await;
        for page in [
            "/console/board".to_owned(),
            month(stage, "attendance", "2026-07"),
            month(stage, "medical", "2026-07"),
            "/console/quarters/2026Q3".to_owned(),
            "/console/staff".to_owned(),
        ] {
            stage.go(&page).await;
            stage.browser.emulate_paper(true).await;
            let shown = "const shown = one => one.checkVisibility(); \
                         const cut = [...document.querySelectorAll('.scroll')].filter(one => getComputedStyle(one).overflow !== 'visible'); \
                         return [[...document.querySelectorAll('button, nav, footer')].filter(shown).length, cut.length, \
                                 [...document.querySelectorAll('h1')].filter(shown).length]";
            assert_eq!(stage.browser.run(shown, json!([])).await, json!([0, 0, 1]), "{page}");
            stage.browser.picture(&format!("paper{}", page.replace('/', "-"))).await;
            stage.browser.emulate_paper(false).await;
        }
    })
    .await;
}
