//! The changelog as a feed (Atom, RFC 4287): an entry for each change.

use askama::Template;
use jiff::Timestamp;
use ring::digest::{SHA256, digest};

use super::markdown;

const CHANGELOG: &str = include_str!("../../../CHANGELOG.md");
/// When the file was changed last before the program was built, in seconds: the time of changes that are in no release yet.
const CHANGED_AT: &str = env!("CHANGELOG_CHANGED_AT");

/// How many words of a change are its title.
const TITLE_WORDS: usize = 12;

#[derive(Template)]
#[template(path = "changelog.xml", config = ".config/askama.toml")]
struct Feed<'a> {
    base: &'a str,
    updated: &'a str,
    changes: &'a [Change],
}

/// A change.
struct Change {
    /// A digest of its text, by which readers of the feed know it again.
    id: String,
    /// The release that brought it, or `Unreleased`.
    release: String,
    /// `Added`, `Changed` and so on.
    kind: String,
    text: String,
    updated: String,
}

impl Change {
    /// The beginning of its text.
    fn title(&self) -> String {
        let words: Vec<_> = self.text.split(' ').take(TITLE_WORDS + 1).collect();
        let (shown, more) = (words.len().min(TITLE_WORDS), words.len() > TITLE_WORDS);
        words[..shown].join(" ") + if more { " …" } else { "" }
    }
}

/// The feed of the gateway with this address.
pub(super) fn feed(base: &str) -> String {
    let changes = changes(CHANGELOG, &unreleased_at());
    let updated = changes.iter().map(|change| change.updated.as_str()).max().unwrap_or_default();
    Feed { base, updated, changes: &changes }.render().expect("a text can be written")
}

fn unreleased_at() -> String {
    let seconds = CHANGED_AT.parse().unwrap_or(0);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

/// The items of the lists in a changelog: below `## [release] - day`, `### kind`.
fn changes(text: &str, unreleased_at: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    for release in text.split("\n## ").skip(1) {
        let (heading, content) = release.split_once('\n').unwrap_or((release, ""));
        let (name, day) = heading.split_once(" - ").unwrap_or((heading, ""));
        let updated = if day.is_empty() { unreleased_at.to_owned() } else { format!("{}T00:00:00Z", day.trim()) };
        for part in content.split("### ").skip(1) {
            let (kind, items) = part.split_once('\n').unwrap_or((part, ""));
            changes.extend(items.split("\n- ").skip(1).map(|item| Change {
                id: id(item),
                release: name.trim_matches(['[', ']']).to_owned(),
                kind: kind.to_owned(),
                text: markdown::plain(item),
                updated: updated.clone(),
            }));
        }
    }
    changes
}

#[expect(clippy::format_collect, reason = "eight bytes")]
fn id(text: &str) -> String {
    let digest = digest(&SHA256, text.trim().as_bytes());
    digest.as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::changes;

    const TEXT: &str = "# Changelog\n\nWhat changed.\n\n## [Unreleased]\n\n### Added\n\n- A *thing*\n  of two lines.\n- Another.\n\n\
                        ### Changed\n\n- Less.\n\n## [1.2.0] - 2027-02-01\n\n### Added\n\n- Old.\n";

    #[test]
    fn every_item_is_a_change_of_its_release() {
        let changes = changes(TEXT, "2027-03-01T00:00:00Z");
        let told: Vec<_> = changes
            .iter()
            .map(|one| (one.release.as_str(), one.kind.as_str(), one.text.as_str(), &one.updated[..10]))
            .collect();
        let expected = [
            ("Unreleased", "Added", "A thing of two lines.", "2027-03-01"),
            ("Unreleased", "Added", "Another.", "2027-03-01"),
            ("Unreleased", "Changed", "Less.", "2027-03-01"),
            ("1.2.0", "Added", "Old.", "2027-02-01"),
        ];
        assert_eq!(told, expected);
        assert!(changes[0].id.len() == 16 && changes[0].id != changes[1].id);
    }
}
