//! The search over all pages: sections that have every word.

use std::cmp::Reverse;

use super::page::{Page, Section};
use crate::domain::text::folded;

/// The most results that are shown.
const MOST: usize = 40;
/// How many words of a section are shown, from a little before the first that is found.
const EXCERPT: usize = 36;
const BEFORE: usize = 6;

/// A section, ready to be searched.
struct Entry {
    slug: &'static str,
    /// The page, and the section in it.
    title: String,
    address: String,
    text: String,
    folded_title: String,
    folded_text: String,
}

/// The sections of all pages.
pub(super) struct Index(Vec<Entry>);

/// A section that was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found<'a> {
    pub(super) title: &'a str,
    pub(super) address: &'a str,
    /// A part of its text.
    pub(super) excerpt: String,
}

impl Entry {
    fn new(page: &Page, section: &Section) -> Self {
        let is_beginning = section.anchor.is_empty();
        let title = if is_beginning { page.title.clone() } else { format!("{} · {}", page.title, section.title) };
        let address = Page::address(page.slug);
        let address = if is_beginning { address } else { format!("{address}#{}", section.anchor) };
        let text = section.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (folded_title, folded_text) = (comparable(&title), comparable(&text));
        Self { slug: page.slug, title, address, text, folded_title, folded_text }
    }

    /// How well it fits: the number of words in its title. `None` where a word is nowhere.
    fn fit(&self, words: &[String]) -> Option<usize> {
        let is_there = |word: &String| self.folded_title.contains(word) || self.folded_text.contains(word);
        let in_title = || words.iter().filter(|word| self.folded_title.contains(*word)).count();
        words.iter().all(is_there).then(in_title)
    }
}

impl Index {
    /// The sections of these pages.
    pub(super) fn of(pages: &[Page]) -> Self {
        let entries = pages.iter().flat_map(|page| page.sections.iter().map(|section| Entry::new(page, section)));
        Self(entries.collect())
    }

    /// The sections that have every word of `query`, the best first; in the page with this address only, where one is given.
    pub(super) fn find<'s>(&'s self, query: &str, within: Option<&str>) -> Vec<Found<'s>> {
        let words: Vec<_> = comparable(query).split_whitespace().map(str::to_owned).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let here = self.0.iter().filter(|entry| within.is_none_or(|slug| slug == entry.slug));
        let mut found: Vec<_> = here.filter_map(|entry| Some((Reverse(entry.fit(&words)?), entry))).collect();
        found.sort_by_key(|(fit, _)| *fit);
        let shown = |(_, entry): (_, &'s Entry)| {
            let excerpt = excerpt(&entry.text, &words);
            Found { title: &entry.title, address: &entry.address, excerpt }
        };
        found.into_iter().take(MOST).map(shown).collect()
    }
}

/// A text as it is compared: whatever its case, accents and apostrophes.
fn comparable(text: &str) -> String {
    folded(text).replace('’', "'")
}

/// The part of a text around the first of the words.
fn excerpt(text: &str, words: &[String]) -> String {
    let all: Vec<_> = text.split(' ').collect();
    let at = all.iter().position(|word| words.iter().any(|wanted| comparable(word).contains(wanted))).unwrap_or(0);
    let from = at.saturating_sub(BEFORE);
    let part = all.get(from..).unwrap_or_default().iter().take(EXCERPT).copied().collect::<Vec<_>>().join(" ");
    let (cut_before, cut_behind) = (from > 0, from + EXCERPT < all.len());
    format!("{}{part}{}", if cut_before { "… " } else { "" }, if cut_behind { " …" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::{Index, Page, Section};

    fn index() -> Index {
        let section = |anchor: &str, title: &str, text: &str| Section {
            level: 2,
            anchor: anchor.to_owned(),
            title: title.to_owned(),
            text: text.to_owned(),
        };
        let sections = vec![
            section("", "", "About the crèche and its ETags."),
            section("etag", "ETag", "What guards a write."),
            section("x", "Others", &format!("{} crèche {}", "before ".repeat(20), "after ".repeat(60))),
        ];
        Index::of(&[Page { slug: "a", title: "Page".to_owned(), html: String::new(), sections }])
    }

    #[test]
    fn words_in_titles_come_first() {
        let index = index();
        let found: Vec<_> = index.find("etag", None).into_iter().map(|found| found.address.to_owned()).collect();
        assert_eq!(found, ["/docs/a#etag", "/docs/a"]);
    }

    #[test]
    fn every_word_must_be_there_whatever_its_accents() {
        let index = index();
        assert_eq!(index.find("creche ETAG", None).len(), 1);
        assert!(index.find("etag nothing", None).is_empty() && index.find(" ", None).is_empty());
        assert!(index.find("etag", Some("b")).is_empty());
    }

    #[test]
    fn an_excerpt_is_about_what_is_found() {
        let index = index();
        let found = index.find("creche", None);
        let long = &found[1].excerpt;
        assert!(long.starts_with("… before") && long.contains("crèche after") && long.ends_with("after …"), "{long}");
    }
}
