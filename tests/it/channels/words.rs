//! The text of every rule on the page of an upload, in every language.

use std::collections::BTreeSet;

use super::{cases, workbook};
use crate::console::words::checks::faults;
use crate::harness::app::{ADMINISTRATOR, TestApp};
use crate::harness::database::Database;

#[tokio::test]
async fn every_finding_has_its_text_on_the_page_of_an_upload() {
    let database = Database::sqlite().await;
    let app = TestApp::start(&database).await;
    let mut wrong = BTreeSet::new();
    let has_failing = |case: &&(&str, super::Case)| case.1.failing.is_some() && case.1.by("xlsx");
    for (kind, case) in cases().iter().filter(has_failing) {
        let path = case.context.prepare(&app, kind).await;
        let (creche, month) = (path.split('/').nth(2).unwrap(), path.rsplit('/').next().unwrap());
        let form = format!("/console/creches/{creche}/{kind}/{month}/upload");
        let file = workbook(kind, month, &case.failing());
        for language in ["fr", "nl", "en"] {
            let browser = app.browser(ADMINISTRATOR).await.speaking(language);
            let page = browser.upload(&form, &[("action", "deposit")], &file).await;
            let page = if page.status == 303 { browser.follow(&page).await } else { page };
            wrong.extend(faults(&page.text, language));
        }
    }
    let wrong: Vec<_> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}
