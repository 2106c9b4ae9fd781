//! All pages of the documentation, in the order in which they are listed.

use std::sync::LazyLock;

use super::page::Page;
use super::search::Index;
use super::{catalogues, guides, limits, operations};
use crate::domain::key::Deployment;

/// Pages that belong together: the part of their address, and their names in the list.
pub(super) struct Group {
    pub(super) title: &'static str,
    pub(super) pages: &'static [(&'static str, &'static str)],
}

/// The list of pages.
const GROUPS: [Group; 5] = [
    Group {
        title: "Begin",
        pages: &[("", "Overview"), ("start", "First call in five minutes"), ("concepts", "Concepts")],
    },
    Group {
        title: "Send",
        pages: &[
            ("attendance", "Attendance"),
            ("medical", "Consultations"),
            ("staff", "Staff"),
            ("reports", "Reports and claims"),
        ],
    },
    Group {
        title: "Follow",
        pages: &[
            ("webhooks", "Feed and webhooks"),
            ("errors", "Refusals and retries"),
            ("requests", "Calls and verdicts"),
        ],
    },
    Group {
        title: "Look up",
        pages: &[
            ("operations", "Operations"),
            ("rules", "Rules"),
            ("problems", "Problem types"),
            ("events", "Events"),
            ("limits", "Limits"),
        ],
    },
    Group {
        title: "Try, keep up",
        pages: &[
            ("worlds", "Worlds of a sandbox"),
            ("scenarios", "Failures on demand"),
            ("certificate", "A certificate"),
            ("test-data", "Test data"),
            ("versions", "Versions"),
            ("changelog", "Changelog"),
        ],
    },
];

/// The pages of a gateway.
pub(super) struct Site {
    deployment: Deployment,
    pages: Vec<Page>,
    pub(super) index: Index,
}

/// The pages never change while the program runs: they are made when they are asked for first.
static SANDBOX: LazyLock<Site> = LazyLock::new(|| Site::new(Deployment::Sandbox));
static PRODUCTION: LazyLock<Site> = LazyLock::new(|| Site::new(Deployment::Production));

impl Site {
    fn new(deployment: Deployment) -> Self {
        let made = [operations::page(), limits::outline()].into_iter().chain(catalogues::pages());
        let pages: Vec<_> = guides::pages(deployment).chain(made).collect();
        let index = Index::of(&pages);
        Self { deployment, pages, index }
    }

    /// The pages of gateways of this kind.
    pub(super) fn of(deployment: Deployment) -> &'static Self {
        match deployment {
            Deployment::Sandbox => &SANDBOX,
            Deployment::Production => &PRODUCTION,
        }
    }

    /// The page with this address.
    pub(super) fn page(&self, slug: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.slug == slug)
    }

    /// The page before, or the one after: its address and name.
    pub(super) fn beside(&self, slug: &str, forward: bool) -> Option<(String, &'static str)> {
        let all: Vec<_> = groups(self.deployment).flat_map(|(_, pages)| pages).collect();
        let at = all.iter().position(|(listed, _)| *listed == slug)?;
        let beside = if forward { at.checked_add(1) } else { at.checked_sub(1) };
        let (slug, name) = all.get(beside?)?;
        Some((Page::address(slug), name))
    }
}

/// The list of the pages of gateways of this kind: each group's title, and the part of the address and the name of its pages.
pub(super) fn groups(
    deployment: Deployment,
) -> impl Iterator<Item = (&'static str, Vec<(&'static str, &'static str)>)> {
    let published = move |pages: &'static [(&'static str, &'static str)]| {
        pages.iter().copied().filter(move |(slug, _)| guides::is_published(slug, deployment)).collect()
    };
    GROUPS.iter().map(move |group| (group.title, published(group.pages)))
}
