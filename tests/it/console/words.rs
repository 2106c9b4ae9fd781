//! The words of every page in every language: no codes, French typography, no fault of number.

pub(crate) mod checks;
mod crawl;
mod text;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use passerelle::console::{self, LogIn};
use passerelle::domain::rule_catalogue;
use passerelle::domain::text::without_api_codes;
use passerelle::words::Language;

use self::crawl::{Crawl, matches};
use crate::harness::app::{ADMINISTRATOR, DATA_MANAGER, TestApp, USER_MANAGER};
use crate::harness::database::Database;
use crate::harness::page::Page;
use crate::harness::people::ssin;

/// Routes without a page of their own: redirects, files of the console itself, and the expired form (tested by
/// console::expired_form).
const NO_PAGES: [&str; 6] =
    ["/console/login/begin", "/console/typed", "/login/return", "/console.css", "/console.js", "/console.svg"];

/// The addresses that can be read, as the console's router has them.
fn routes() -> BTreeSet<String> {
    let shown = format!("{:?}", console::pages(LogIn::closed()).router);
    let (own, _) = shown.split_once("fallback_router: ").expect("the router shows its routes");
    let (routes, paths) = own.split_once("paths: {").expect("and their paths");
    let readable = |route: &str| {
        let (id, methods) = route.split_once(')')?;
        (!methods.contains("{ get: None")).then(|| id.to_owned())
    };
    let ids: BTreeSet<_> = routes.split("RouteId(").skip(1).filter_map(readable).collect();
    let path = |entry: &str| {
        let (id, path) = entry.split_once("): \"")?;
        ids.contains(id).then(|| path.split('"').next().unwrap_or_default().to_owned())
    };
    paths.split("RouteId(").filter_map(path).collect()
}

/// Whether a page of each route was seen.
fn missing(seen: &[Page]) -> Vec<String> {
    let path = |page: &Page| page.asked.trim_start_matches("GET ").split('?').next().unwrap_or_default().to_owned();
    let seen: BTreeSet<_> = seen.iter().filter(|page| page.status == 200).map(path).collect();
    let all = routes();
    let best =
        |path: &str| all.iter().filter(|route| matches(route, path)).min_by_key(|route| route.matches('{').count());
    let known: BTreeSet<_> = seen.iter().filter_map(|path| best(path)).collect();
    all.iter().filter(|route| !known.contains(route) && !NO_PAGES.contains(&route.as_str())).cloned().collect()
}

/// What is wrong on the pages, once each, with the first page that has it.
fn wrong(pages: &[Page], language: &'static str, all: &mut BTreeMap<String, String>) {
    for page in pages.iter().filter(|page| page.header("content-type").starts_with("text/html")) {
        for fault in checks::faults(&page.text, language) {
            all.entry(fault).or_insert_with(|| page.asked.clone());
        }
    }
}

#[tokio::test]
async fn every_page_has_plain_words_in_every_language() {
    let database = Database::sqlite().await;
    let app = TestApp::start(&database).await;
    let _receiver = world::fill(&app).await;
    app.appoint(&ssin(7)).await;
    let (mut faults, mut seen) = (BTreeMap::new(), Vec::new());
    for language in ["fr", "nl", "en"] {
        let mut crawl = Crawl::default();
        for person in [ADMINISTRATOR, DATA_MANAGER, USER_MANAGER, &ssin(7)] {
            let browser = app.browser(person).await.speaking(language);
            crawl.pages(&browser).await;
            crawl.refusals(&browser).await;
        }
        wrong(&crawl.seen, language, &mut faults);
        if language == "fr" {
            seen = crawl.seen;
        }
    }
    let told: Vec<_> = faults.iter().map(|(fault, page)| format!("{fault}    ({page})")).collect();
    assert!(told.is_empty(), "{} faults:\n{}", told.len(), told.join("\n"));
    assert!(missing(&seen).is_empty(), "no page was seen of {:#?}", missing(&seen));
}

/// The families of rules whose texts are on pages.
const TOLD: [&str; 12] = [
    "application",
    "attendance",
    "closure",
    "doctor",
    "input",
    "key",
    "medical",
    "signature",
    "staff",
    "user",
    "webhook",
    "workbook",
];
/// Rules of documents that only software sends, and of what only software names.
const FOR_SOFTWARE: [&str; 4] =
    ["input.unknownProperty", "input.notAnObject", "input.notAList", "attendance.controlTotalsDiffer"];

/// A rule's sentence with marks in place of values.
fn without_values(sentence: &str) -> String {
    let mut parts = sentence.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "‹›" + part.split_once('}').map_or("", |(_, rest)| rest))
}

#[test]
fn every_rule_on_pages_has_plain_words() {
    let mut wrong = BTreeSet::new();
    let told = rule_catalogue::all()
        .filter(|rule| rule.code.split_once('.').is_some_and(|(family, _)| TOLD.contains(&family)));
    for rule in told.filter(|rule| !FOR_SOFTWARE.contains(&rule.code)) {
        for (language, code) in [(Language::Fr, "fr"), (Language::Nl, "nl"), (Language::En, "en")] {
            for text in [rule.reason, rule.repair] {
                let text = without_values(&without_api_codes(text.get(language)).replace('<', "&#60;"));
                wrong.extend(checks::faults(&text, code).into_iter().map(|fault| format!("{}: {fault}", rule.code)));
            }
        }
    }
    let wrong: Vec<_> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_routes_of_the_console_are_known() {
    let routes = routes();
    assert!(routes.len() > 45, "{routes:#?}");
    for route in ["/console/users/{userId}", "/console/creches/{crecheId}/attendance/{month}/table"] {
        assert!(routes.contains(route), "{route} is not in {routes:#?}");
    }
    assert!(!routes.contains("/console/closures/add"), "it is only sent to");
}

#[test]
fn every_page_of_the_gateway_names_its_icon() {
    let (mut folders, mut heads) = (vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")], 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "html") {
                let text = std::fs::read_to_string(&entry).unwrap();
                heads += usize::from(text.contains("<head>"));
                assert!(!text.contains("<head>") || text.contains("<link rel=\"icon\""), "{}", entry.display());
            }
        }
    }
    assert!(heads >= 8, "{heads}");
}
