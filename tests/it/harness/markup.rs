//! Access to a page by its tags, and the checks of every page of the gateway.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::header;

use super::page::Page;

/// A tag with its attributes.
#[derive(Debug)]
pub(crate) struct Tag {
    name: String,
    attributes: BTreeMap<String, String>,
    /// What follows it, up to the next tag.
    text: String,
}

impl Tag {
    /// An attribute; empty when it is not there.
    pub(crate) fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }
}

/// A text of a page without entities.
pub(crate) fn decoded(text: &str) -> String {
    let named = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    named.iter().fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

fn attributes(mut rest: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    while let Some(start) = rest.find(|c: char| !c.is_whitespace()) {
        rest = &rest[start..];
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let quoted = after.strip_prefix("=\"").and_then(|after| after.split_once('"'));
        let (value, after) = quoted.unwrap_or(("", after));
        found.insert(name.to_owned(), decoded(value));
        rest = after;
    }
    found
}

impl Page {
    /// Every opening tag with this name, in order.
    pub(crate) fn tags(&self, name: &str) -> Vec<Tag> {
        self.all().into_iter().filter(|tag| tag.name == name).collect()
    }

    fn all(&self) -> Vec<Tag> {
        let pieces = self.text.split('<').skip(1).filter(|piece| piece.starts_with(|c: char| c.is_ascii_lowercase()));
        let tag = |piece: &str| {
            let (inside, text) = piece.split_once('>').unwrap_or((piece, ""));
            let (name, rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
            Tag { name: name.to_owned(), attributes: attributes(rest), text: decoded(text.trim()) }
        };
        pieces.map(tag).collect()
    }

    /// What is read on it, with single spaces.
    pub(crate) fn words(&self) -> String {
        let body = self.text.split_once("<body>").map_or(self.text.as_str(), |(_, body)| body);
        let words = body.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
        decoded(&words.collect::<Vec<_>>().join(" ")).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether this can be read on it.
    pub(crate) fn reads(&self, words: &str) -> bool {
        self.words().contains(words)
    }

    /// The value of a field: its text, the chosen option, or whether it is ticked.
    #[track_caller]
    pub(crate) fn field_value(&self, name: &str) -> String {
        let all = self.all();
        let at = all.iter().position(|tag| tag.attribute("name") == name).unwrap_or_else(|| panic!("no field {name}"));
        let same = all.iter().filter(|tag| tag.attribute("name") == name);
        match (all[at].name.as_str(), all[at].attribute("type")) {
            ("select", _) => {
                let options: Vec<_> = all[at + 1..].iter().take_while(|tag| tag.name == "option").collect();
                let chosen = options.iter().find(|option| option.has("selected")).or(options.first());
                chosen.map_or("", |option| option.attribute("value")).to_owned()
            }
            (_, "radio" | "checkbox") => {
                let mut chosen = same.filter(|tag| tag.has("checked"));
                chosen.next().map_or("", |tag| tag.attribute("value")).to_owned()
            }
            _ => all[at].attribute("value").to_owned(),
        }
    }

    /// The values of its fields of this name, in the order of the page.
    pub(crate) fn input_values(&self, name: &str) -> Vec<String> {
        let named = self.tags("input").into_iter().filter(|tag| tag.attribute("name") == name);
        named.map(|tag| tag.attribute("value").to_owned()).collect()
    }

    /// Whether there is such a field.
    pub(crate) fn has_field(&self, name: &str) -> bool {
        self.all().iter().any(|tag| tag.attribute("name") == name)
    }

    /// The error beside a field.
    pub(crate) fn field_error(&self, field: &str) -> Option<String> {
        let id = format!("{field}-error");
        let all = self.all();
        let error_id = all.iter().find(|tag| tag.attribute("id") == id)?;
        let described = all.iter().any(|tag| tag.attribute("aria-describedby").split(' ').any(|other| other == id));
        assert!(described, "{}: {id} describes nothing", self.asked);
        Some(error_id.text.clone())
    }

    /// What every page must be: one heading, one main part, names for all fields and regions, and nothing inline.
    #[track_caller]
    pub(super) fn assert_well_made(&self) {
        let policy = self.header(header::CONTENT_SECURITY_POLICY.as_str());
        assert!(policy.starts_with("default-src 'none'"), "{}: {policy}", self.asked);
        let (call, all) = (&self.asked, self.all());
        let count = |name: &str| all.iter().filter(|tag| tag.name == name).count();
        assert_eq!((count("h1"), count("main"), count("title")), (1, 1, 1), "{call}");
        assert!(all.iter().all(|tag| !tag.has("style") && !tag.attributes.keys().any(|name| name.starts_with("on"))));
        assert!(all.iter().all(|tag| tag.name != "style" && (tag.name != "script" || tag.has("src"))), "{call}");
        let mut ids = BTreeSet::new();
        for id in all.iter().map(|tag| tag.attribute("id")).filter(|id| !id.is_empty()) {
            assert!(ids.insert(id), "{call}: {id} twice");
        }
        let labels = all
            .iter()
            .filter(|tag| tag.name == "label")
            .map(|tag| tag.attribute("for"))
            .filter(|id| !id.is_empty())
            .collect();
        for tag in &all {
            self.hold_field(tag, &labels);
            for name in ["aria-describedby", "aria-labelledby", "for"] {
                tag.attribute(name).split_whitespace().for_each(|id| assert!(ids.contains(id), "{call}: no {id}"));
            }
            assert!(
                tag.name != "th" || matches!(tag.attribute("scope"), "col" | "row" | "colgroup"),
                "{call}: th without scope"
            );
            let scrolls = tag.attribute("class").split(' ').any(|class| class == "scroll");
            assert!(
                !scrolls || (tag.attribute("tabindex") == "0" && tag.has("aria-label")),
                "{call}: an unnamed region"
            );
        }
        for target in all.iter().filter_map(|tag| tag.attribute("href").strip_prefix('#')) {
            assert!(ids.contains(target), "{call}: #{target} leads nowhere");
        }
        assert!(!self.text.contains("{{") && !self.text.contains("{%"), "{call}");
    }

    #[track_caller]
    fn hold_field(&self, tag: &Tag, labels: &BTreeSet<&str>) {
        let seen = match tag.name.as_str() {
            "input" => tag.attribute("type") != "hidden",
            "select" | "textarea" => true,
            _ => false,
        };
        let labelled = labels.contains(tag.attribute("id"));
        let within = matches!(tag.attribute("type"), "radio" | "checkbox");
        let named = labelled || within || tag.has("aria-label") || tag.has("aria-labelledby");
        assert!(!seen || named, "{}: the field {} has no label", self.asked, tag.attribute("name"));
    }
}
