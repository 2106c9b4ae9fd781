//! A crawl of the pages that a user can reach by links, and of the responses to their forms when empty.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::harness::page::{Browser, Page};

/// How many pages of one kind are seen.
const ALIKE: usize = 4;
/// Where no link leads from the console's pages, or where too many are alike.
const STARTS: [&str; 15] = [
    "/console",
    "/console/creches/019a5c00-0000-7000-8000-000000000011/report/2026Q2/claim",
    "/console/reports/2026Q3/sign",
    "/console/login",
    "/console/nowhere",
    "/console/quarters/2026Q3",
    "/console/users?words=nobody",
    "/console/history?view=reads",
    "/console/history?from=hier&period=x",
    "/console/creches/019a5c00-0000-7000-8000-000000000011/attendance/2026-07/changes?from=1&to=2",
    "/console/creches/019a5c00-0000-7000-8000-000000000011/medical/2026-07/changes?from=1&to=2",
    "/console/creches/019a5c00-0000-7000-8000-000000000011/report/2026Q2/claim.pdf",
    "/console/creches/019a5c00-0000-7000-8000-000000000011/report/2026Q2/attachments",
    "/console/creches/019a5c00-0000-7000-8000-000000000011/medical/2026-08/signature",
    "/console/creches/019a5c00-0000-7000-8000-000000000011/medical/2026-08/signature.pdf",
];

/// Forms that are not sent: they end the session, or change which pages there are.
const SPARED: [&str; 9] =
    ["logout", "language", "organisers", "sessions", "delete", "revoke", "suspend", "discard", "begin"];

/// What was seen so far.
#[derive(Default)]
pub(super) struct Crawl {
    /// Every page.
    pub(super) seen: Vec<Page>,
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}

fn decoded(text: &str) -> String {
    text.replace("&#38;", "&").replace("&#39;", "'").replace("&#34;", "\"")
}

/// Whether a path is one of the route's.
pub(super) fn matches(route: &str, path: &str) -> bool {
    let (route, path): (Vec<_>, Vec<_>) = (route.split('/').collect(), path.split('/').collect());
    route.len() == path.len() && route.iter().zip(path).all(|(part, of)| part.starts_with('{') || *part == of)
}

/// An address without what differs between pages of one kind.
fn kind(address: &str) -> String {
    address
        .split(['/', '&', '?'])
        .map(|part| if part.contains(|c: char| c.is_ascii_digit()) { "#" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

fn links(page: &Page) -> Vec<String> {
    let found = page.text.split("href=\"").skip(1).filter_map(|rest| rest.split_once('"'));
    let links = found.map(|(link, _)| decoded(link.split('#').next().unwrap_or_default()));
    let whole = links.map(|link| match link.strip_prefix('?') {
        Some(query) => format!("{}?{query}", path(page)),
        None => link,
    });
    whole.filter(|link| link.starts_with("/console")).collect()
}

fn path(page: &Page) -> &str {
    let address = page.asked.split(' ').nth(1).unwrap_or_default();
    address.split('?').next().unwrap_or_default()
}

impl Crawl {
    /// Every page that links lead to, a few of each kind.
    pub(super) async fn pages(&mut self, browser: &Browser<'_>) {
        let mut coming: VecDeque<_> = STARTS.map(str::to_owned).into();
        let (mut known, mut kinds) = (BTreeSet::new(), BTreeMap::<_, usize>::new());
        while let Some(address) = coming.pop_front() {
            let alike = kinds.entry(kind(&address)).or_default();
            if *alike == ALIKE || !known.insert(address.clone()) {
                continue;
            }
            *alike += 1;
            let page = browser.page(&address).await;
            assert!(page.status != 500, "{address}: {}", page.text);
            if page.status == 303 {
                coming.push_back(page.location().to_owned());
            }
            coming.extend(links(&page));
            self.seen.push(page);
        }
    }

    /// What the forms of the pages answer when nothing is filled in.
    pub(super) async fn refusals(&mut self, browser: &Browser<'_>) {
        let mut kinds = BTreeSet::new();
        let forms: Vec<_> = self.seen.iter().flat_map(forms).collect();
        for (action, fields) in forms.into_iter().filter(|(action, _)| kinds.insert(kind(action))) {
            let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let page = browser.send(&action, &fields).await;
            assert!(page.status != 500, "{action}: {}", page.text);
            self.seen.push(page);
        }
    }
}

/// The forms of a page that have something to fill in, with what is hidden in them and nothing else.
fn forms(page: &Page) -> Vec<(String, Vec<(String, String)>)> {
    let whole = page.text.split("<form ").skip(1).filter_map(|rest| rest.split_once("</form>"));
    let form = |form: &str| {
        let (head, body) = form.split_once('>')?;
        let action = between(head, "action=\"", "\"").map_or_else(|| path(page).to_owned(), decoded);
        let spared = SPARED.iter().any(|part| action.contains(part)) || form.contains("type=\"file\"");
        let tags: Vec<_> =
            body.split('<').filter(|tag| tag.starts_with("input") || tag.starts_with("textarea")).collect();
        let typed = |tag: &&str| {
            tag.starts_with("textarea")
                || ["text", "date", "email", "url"].iter().any(|kind| tag.contains(&format!("type=\"{kind}\"")))
                || !tag.contains("type=")
        };
        let sent = head.contains("method=\"post\"") && !spared && tags.iter().any(typed);
        let field = |tag: &str| {
            let (name, value) = (between(tag, "name=\"", "\"")?, between(tag, "value=\"", "\"").unwrap_or_default());
            let hidden = tag.contains("type=\"hidden\"");
            (name != "csrf").then(|| (decoded(name), if hidden { decoded(value) } else { String::new() }))
        };
        let blank = |(name, value): &(String, String)| !value.is_empty() || !name.is_empty();
        sent.then(|| (action, tags.into_iter().filter_map(field).filter(blank).collect()))
    };
    whole.filter_map(|(text, _)| form(text)).collect()
}
