//! Search by names and numbers: by parts of them, in any order, whatever their case, accents
//! and punctuation.

use std::cmp::Reverse;

use super::enterprise::EnterpriseNumber;
use super::text::folded;

/// The most words that count, the longest.
pub const MAX_WORDS: usize = 8;

/// A query: up to [`MAX_WORDS`] words of small letters without accents, digits, `%` and `_`. The last two are literal,
/// not wildcards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchWords(Vec<String>);

impl SearchWords {
    /// Parses a query. A blank text has no words and finds everything; `None` when it has punctuation
    /// only, which finds nothing.
    pub fn read(text: &str) -> Option<Self> {
        let text = folded(text);
        if let Ok(number) = EnterpriseNumber::parse(&text) {
            return Some(Self(vec![number.to_string()]));
        }
        let mut words: Vec<_> = text.split_whitespace().flat_map(|word| words(&undotted(word))).collect();
        words.sort_by(|a, b| (Reverse(a.len()), a).cmp(&(Reverse(b.len()), b)));
        words.dedup();
        words.truncate(MAX_WORDS);
        (!words.is_empty() || text.trim().is_empty()).then_some(Self(words))
    }

    /// The words.
    pub fn words(&self) -> &[String] {
        &self.0
    }
}

/// The page of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageBounds {
    /// How many come before it.
    pub skip: u64,
    /// How many it has at most.
    pub most: u64,
}

/// The stored search terms of a name: its words, and its words as they are without apostrophes, dots and hyphens, a
/// line each.
pub fn searchable_name(text: &str) -> String {
    let folded = folded(text);
    let joined: Vec<_> = folded.split_whitespace().map(|word| words(word).concat()).collect();
    format!("{}\n{}\n", words(&folded).join(" "), joined.join(" "))
}

/// The stored search terms of a number: its parts, and all of it in one, a line each.
pub fn searchable_number(text: &str) -> String {
    let parts = words(&folded(text));
    format!("{}\n{}\n", parts.join(" "), parts.concat())
}

/// The parts between punctuation.
fn words(folded: &str) -> Vec<String> {
    let parts = folded.split(|sign: char| !sign.is_alphanumeric() && !matches!(sign, '%' | '_'));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// An enterprise number, or a part of one, without its dots; any other word as it is.
fn undotted(word: &str) -> String {
    let plain = word.replace('.', "");
    let digits = plain.strip_prefix("be").unwrap_or(&plain);
    if digits.bytes().all(|digit| digit.is_ascii_digit()) { plain } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether a query finds a stored text.
    fn finds(stored: &str, question: &str) -> bool {
        SearchWords::read(question).is_some_and(|wanted| wanted.words().iter().all(|word| stored.contains(word)))
    }

    #[test]
    fn a_name_is_found_by_parts_of_it_in_any_order_and_spelling() {
        let stored = searchable_name("Crèche de l’Étoile Saint-Josse (A.S.B.L.)");
        for question in ["creche etoile", "ÉTOILE crèche", "toil", "l'etoile", "letoile", "josse", "asbl"] {
            assert!(finds(&stored, question), "{question}");
        }
        for question in ["saint-josse", "saintjosse", "a.s.b.l.", "  "] {
            assert!(finds(&stored, question), "{question}");
        }
        for question in ["etoiles", "creche lune", "%", "_", "\\", "cr%che", "cr_che"] {
            assert!(!finds(&stored, question), "{question}");
        }
    }

    #[test]
    fn an_enterprise_number_is_found_in_every_spelling_and_by_its_parts() {
        let stored = searchable_number("BE0566988259");
        for question in
            ["0566988259", "0566.988.259", "BE 0566 988 259", "be0566.988.259", "0566.98", "988.259", "566 988"]
        {
            assert!(finds(&stored, question), "{question}");
        }
        assert!(!finds(&stored, "0566.988.258") && !finds(&stored, "BE 1999 000 150"));
        assert!(finds(&searchable_number("ONE-12/345"), "12345") && finds(&searchable_number("ONE-12/345"), "one-12"));
        assert!(finds(&searchable_name("100 % Nature_1"), "%") && finds(&searchable_name("100 % Nature_1"), "e_1"));
    }

    #[test]
    fn the_longest_words_count() {
        let wanted = SearchWords::read("a bb ccc dddd eeeee f g h iiiiii jjjjjjj bb").unwrap();
        assert_eq!(wanted.words().len(), MAX_WORDS);
        assert_eq!(wanted.words()[0], "jjjjjjj");
    }

    proptest! {
        #[test]
        fn a_name_is_found_by_itself(text in "\\PC{0,60}") {
            prop_assert!(finds(&searchable_name(&text), &text) || SearchWords::read(&text).is_none());
        }
    }
}
