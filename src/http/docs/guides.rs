//! The guides: files of the repository that are published as pages, and where their links lead.

use std::borrow::Cow;

use super::markdown;
use super::page::Page;
use crate::domain::key::Deployment;

/// A published file.
struct Guide {
    slug: &'static str,
    /// Its path in the repository.
    path: &'static str,
    text: &'static str,
}

macro_rules! guides {
    ($($slug:literal $path:literal;)+) => {
        &[$(Guide { slug: $slug, path: $path, text: include_str!(concat!("../../../", $path)) }),+]
    };
}

/// Every guide.
const GUIDES: &[Guide] = guides! {
    "" "docs/vendors/README.md";
    "start" "docs/vendors/start.md";
    "concepts" "docs/vendors/concepts.md";
    "attendance" "docs/vendors/attendance.md";
    "medical" "docs/vendors/medical.md";
    "staff" "docs/vendors/staff.md";
    "reports" "docs/vendors/reports.md";
    "webhooks" "docs/webhooks.md";
    "errors" "docs/vendors/errors.md";
    "requests" "docs/vendors/requests.md";
    "versions" "docs/vendors/versions.md";
    "scenarios" "docs/vendors/scenarios.md";
    "certificate" "docs/vendors/certificate.md";
    "worlds" "docs/worlds.md";
    "test-data" "docs/test-data.md";
    "changelog" "CHANGELOG.md";
};

/// The guides about what only a sandbox has.
const OF_SANDBOX: [&str; 4] = ["scenarios", "certificate", "worlds", "test-data"];

/// Whether a page is there in gateways of this kind.
pub(super) fn is_published(slug: &str, deployment: Deployment) -> bool {
    deployment == Deployment::Sandbox || !OF_SANDBOX.contains(&slug)
}

/// The guides as pages.
pub(super) fn pages(deployment: Deployment) -> impl Iterator<Item = Page> {
    let published = GUIDES.iter().filter(move |guide| is_published(guide.slug, deployment));
    published
        .map(move |guide| markdown::render(guide.slug, guide.text, &|target| address(guide.path, target, deployment)))
}

/// The address of a link in a file: that of the page of another file; what is no file stays as it is.
fn address(from: &str, target: &str, deployment: Deployment) -> Option<String> {
    if target.starts_with(['/', '#']) || target.contains("://") {
        return Some(target.to_owned());
    }
    let (file, anchor) = target.find('#').map_or((target, ""), |at| target.split_at(at));
    let path = resolved(from, file);
    let guide = GUIDES.iter().find(|guide| guide.path == path && is_published(guide.slug, deployment))?;
    Some(Page::address(guide.slug) + anchor)
}

/// The path in the repository of what `target` names in the file `from`.
fn resolved(from: &str, target: &str) -> String {
    let mut steps: Vec<_> = from.split('/').map(Cow::Borrowed).collect();
    steps.pop();
    for step in target.split('/') {
        match step {
            ".." => _ = steps.pop(),
            step => steps.push(Cow::Borrowed(step)),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::{Deployment, address};

    #[test]
    fn links_between_files_are_links_between_pages() {
        let from = "docs/vendors/start.md";
        let leads = |target| address(from, target, Deployment::Sandbox);
        assert_eq!(leads("concepts.md#keys").as_deref(), Some("/docs/concepts#keys"));
        assert_eq!(leads("../worlds.md").as_deref(), Some("/docs/worlds"));
        assert_eq!(leads("../../CHANGELOG.md").as_deref(), Some("/docs/changelog"));
        assert_eq!(leads("README.md").as_deref(), Some("/docs"));
        assert_eq!(leads("/docs/rules").as_deref(), Some("/docs/rules"));
        assert_eq!(leads("https://jqlang.org").as_deref(), Some("https://jqlang.org"));
        assert_eq!(leads("../operations.md"), None);
    }

    #[test]
    fn production_has_no_page_about_worlds() {
        assert_eq!(address("docs/vendors/start.md", "../worlds.md", Deployment::Production), None);
    }
}
