//! Every form of the console that can be reached from its pages: each of its fields.

use std::collections::{BTreeSet, VecDeque};

use super::megabyte;
use crate::harness::app::{ADMINISTRATOR, CRECHE, TestApp, each_app};
use crate::harness::page::{Browser, Page};
use crate::harness::people;

/// Where the walks begin.
const STARTS: [&str; 13] = [
    "/console/reports",
    "/console/board",
    "/console/staff",
    "/console/staff/new",
    "/console/staff/register",
    "/console/doctors/new",
    "/console/closures",
    "/console/users/new",
    "/console/applications/new",
    "/console/webhooks/new",
    "/console/history",
    "/console/quarters/2026Q3",
    "/console/consultations",
];
/// How many pages a crawl visits at most.
const PAGES: usize = 70;

/// A form of a page: its method, its address, its fields as the page has them.
#[derive(Debug)]
struct PageForm {
    gets: bool,
    action: String,
    fields: Vec<(String, String)>,
}

/// The text between two texts.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}

fn decoded(text: &str) -> String {
    text.replace("&#38;", "&").replace("&#39;", "'").replace("&#34;", "\"")
}

/// The forms of a page but those that end the session and those that take files.
fn forms(page: &Page) -> Vec<PageForm> {
    let whole = page.text.split("<form ").skip(1).filter_map(|rest| rest.split_once("</form>"));
    let candidates = whole.map(|(form, _)| form).filter(|form| !form.contains("type=\"file\""));
    let form = |form: &str| {
        let head = form.split_once('>')?.0;
        let action = between(head, "action=\"", "\"").map_or_else(|| page.asked.clone(), decoded);
        let action = action.rsplit(' ').next()?.to_owned();
        let named = form.split('<').filter(|tag| {
            tag.starts_with("input")
                || tag.starts_with("textarea")
                || tag.starts_with("select")
                || tag.starts_with("button")
        });
        let field = |tag: &str| {
            let name = between(tag, " name=\"", "\"")?;
            let value = between(tag, " value=\"", "\"").unwrap_or_default();
            (name != "csrf").then(|| (decoded(name), decoded(value)))
        };
        let ends = ["logout", "language", "log-out", "/console/organiser"].iter().any(|end| action.contains(end));
        (!ends).then(|| PageForm {
            gets: !head.contains("method=\"post\""),
            action,
            fields: named.filter_map(field).collect(),
        })
    };
    candidates.filter_map(form).collect()
}

/// The pages that a page leads to.
fn links(page: &Page) -> Vec<String> {
    let found = page.text.split("href=\"").skip(1).filter_map(|rest| rest.split_once('"'));
    found.map(|(link, _)| decoded(link)).filter(|link| link.starts_with("/console/")).collect()
}

/// An address without what differs between pages of one kind.
fn kind(address: &str) -> String {
    let path = address.split('?').next().unwrap_or_default();
    path.split('/')
        .map(|part| if part.contains(|c: char| c.is_ascii_digit()) { "#" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

/// Sends each form of a page with a hostile text in each of its fields; how many times.
async fn try_forms(browser: &Browser<'_>, page: &Page, seen: &mut BTreeSet<String>) -> usize {
    let (megabyte, mut tried) = (megabyte(), 0);
    for form in forms(page) {
        let names: BTreeSet<_> = form.fields.iter().map(|(name, _)| name.clone()).collect();
        for name in names.iter().filter(|name| *name != "once") {
            if !seen.insert(format!("{} {}", kind(&form.action), kind(&name.replace('/', "//")))) {
                continue;
            }
            for (what, hostile) in [("NUL", "a\0b"), ("a megabyte", &*megabyte), ("not UTF-8", "\u{fffd}\u{1}\u{85}")] {
                if form.gets && hostile.len() > 1000 {
                    continue;
                }
                let fields: Vec<_> = form
                    .fields
                    .iter()
                    .map(|(field, value)| (field.as_str(), if field == name { hostile } else { value.as_str() }))
                    .collect();
                let answer = if form.gets {
                    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
                    browser.page(format!("{}?{query}", form.action.split('?').next().unwrap())).await
                } else {
                    browser.send(&form.action, &fields).await
                };
                assert!(answer.status < 500, "{what} in {name} of {}: {}", form.action, answer.status);
                tried += 1;
            }
        }
    }
    tried
}

/// Walks through the console from these pages; how many times a form was sent.
async fn walk(browser: &Browser<'_>, starts: impl IntoIterator<Item = String>) -> usize {
    let (mut coming, mut kinds) = (starts.into_iter().collect::<VecDeque<_>>(), BTreeSet::new());
    let (mut seen, mut pages, mut tried) = (BTreeSet::new(), 0, 0);
    while let Some(address) = coming.pop_front().filter(|_| pages < PAGES) {
        if !kinds.insert(kind(&address)) {
            continue;
        }
        let page = browser.page(&address).await;
        assert!(page.status < 500, "{address}: {}", page.status);
        coming.extend(links(&page));
        pages += 1;
        tried += try_forms(browser, &page, &mut seen).await;
        let mark = if address.contains('?') { '&' } else { '?' };
        for query in ["words=a%00b", "before=%00", "state=%00", "organiser=%00&page=%00", "%00=%00"] {
            let status = browser.page(format!("{address}{mark}{query}")).await.status;
            assert!(status < 500, "{address}{mark}{query}: {status}");
        }
    }
    tried
}

/// Something to see on the pages.
async fn create_world(app: &TestApp) {
    let sheet = crate::harness::statement::Sheet::of("2026-07");
    app.vendor().put(format!("/creches/{CRECHE}/attendanceStatements/2026-07"), sheet).await.expect(201);
    let endpoint = serde_json::json!({ "url": "http://127.0.0.1:9/hook" });
    app.vendor().post("/webhookEndpoints", endpoint).await.expect(201);
}

#[tokio::test]
async fn no_field_of_a_form_makes_the_console_fail() {
    each_app(async |app| {
        create_world(app).await;
        let browser = app.browser(ADMINISTRATOR).await;
        let month = ["attendance", "medical"].map(|kind| format!("/console/creches/{CRECHE}/{kind}/2026-08/table"));
        let tried = walk(&browser, STARTS.map(str::to_owned).into_iter().chain(month)).await;
        assert!(tried > 80, "only {tried} forms were sent");
        app.appoint(&people::ssin(7)).await;
        let agent = app.browser(&people::ssin(7)).await;
        let starts = ["/console/agency/organisers", "/console/agency/claims", "/console/agency/doctors"];
        let starts = starts.map(str::to_owned);
        assert!(walk(&agent, starts).await > 0);
    })
    .await;
}
