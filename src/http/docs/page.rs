//! A page of the documentation, and its sections, which are what a search finds.

use std::collections::BTreeMap;

use crate::domain::text::folded;

/// A page.
#[derive(Debug)]
pub(super) struct Page {
    /// The part of its address after `/docs/`; empty for the first page.
    pub(super) slug: &'static str,
    /// Its title.
    pub(super) title: String,
    /// Its content, without the title.
    pub(super) html: String,
    /// Its sections, in their order; the first one is what stands before any heading.
    pub(super) sections: Vec<Section>,
}

/// A section of a page: a heading and what follows up to the next one.
#[derive(Debug, Clone, Default)]
pub(super) struct Section {
    /// The level of the heading, from 1; 0 for an entry of a catalogue.
    pub(super) level: u8,
    /// Its anchor in the page; empty for the beginning of the page.
    pub(super) anchor: String,
    /// Its heading.
    pub(super) title: String,
    /// Its text.
    pub(super) text: String,
}

impl Page {
    /// The address of a page.
    pub(super) fn address(slug: &str) -> String {
        if slug.is_empty() { "/docs".to_owned() } else { format!("/docs/{slug}") }
    }

    /// The sections that the list of contents names.
    pub(super) fn contents(&self) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(|section| section.level == 2)
    }
}

/// Makes anchors of headings, as the code forges do: each once in a page.
#[derive(Debug, Default)]
pub(super) struct Anchors(BTreeMap<String, u32>);

impl Anchors {
    /// The anchor of a heading.
    pub(super) fn of(&mut self, heading: &str) -> String {
        let kept = |letter: char| match letter {
            ' ' => Some('-'),
            '-' | '_' => Some(letter),
            letter => letter.is_alphanumeric().then_some(letter),
        };
        let anchor: String = folded(heading).chars().filter_map(kept).collect();
        let count = self.0.entry(anchor.clone()).or_default();
        *count += 1;
        if *count == 1 { anchor } else { format!("{anchor}-{}", *count - 1) }
    }
}
