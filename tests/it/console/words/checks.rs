//! What must not be in a text for people.

use super::text::pieces;
use super::world::ENTERED;

/// Names that are written so by those who bear them.
const NAMES: [&str; 5] = ["CloudEvents", "CrècheSoft", "LibreOffice", "eID", "kB"];
/// Codes of the interface that are words of no language of the pages but English.
const CODES: [&str; 25] = [
    "true",
    "false",
    "null",
    "live",
    "trial",
    "accepted",
    "refused",
    "pending",
    "present",
    "paused",
    "disabled",
    "delivered",
    "failed",
    "unchanged",
    "deposited",
    "validated",
    "incomplete",
    "ended",
    "statutory",
    "contractual",
    "childcare",
    "management",
    "other",
    "strike",
    "undefined",
];
/// Words that the Dutch pages have another word for (`docs/glossary.md`).
const NOT_IN_DUTCH: [&str; 9] = [
    "crèche",
    "crèches",
    "kinderdagverblijf",
    "kinderdagverblijven",
    "maandlijst",
    "lijnen",
    "lijn",
    "rekenprogramma",
    "medewerker",
];
/// How a date format is spelt for software.
const PATTERNS: [&str; 3] = ["AAAA-", "JJJJ-", "YYYY-"];
/// Words that end like a plural and are none, after a 1.
const SINGULAR: [&str; 8] = ["fois", "mois", "temps", "is", "was", "has", "dans", "cas"];
/// Words that follow a number on pages.
const COUNTED: [&str; 22] = [
    "appel",
    "enfant",
    "jour",
    "ligne",
    "consultation",
    "clé",
    "crèche",
    "place",
    "révision",
    "avertissement",
    "erreur",
    "personne",
    "médecin",
    "relevé",
    "minute",
    "heure",
    "essai",
    "envoi",
    "notification",
    "utilisateur",
    "application",
    "adresse",
];

/// All faults in the texts of a page in this language, each with the text.
pub(crate) fn faults(html: &str, language: &str) -> Vec<String> {
    let mut all = Vec::new();
    for piece in pieces(html) {
        let piece = ENTERED.iter().fold(piece, |piece, entered| piece.replace(entered, "‹›"));
        let piece = without_echo(&piece);
        all.extend(codes(&piece, language).into_iter().map(|what| format!("{language} {what}: {piece:?}")));
        all.extend(typography(&piece, language).into_iter().map(|what| format!("{language} {what}: {piece:?}")));
        all.extend(numbers(&piece, language).into_iter().map(|what| format!("{language} {what}: {piece:?}")));
    }
    all
}

/// A piece without what a finding repeats of the sender's own file.
fn without_echo(piece: &str) -> String {
    let begins = ["rouvé\u{a0}: «\u{a0}", "evonden: “", "ound: “"];
    let echo = begins.into_iter().find_map(|begin| piece.split_once(begin));
    let Some((before, echo)) = echo else { return piece.to_owned() };
    let after = echo.split_once(['»', '”']).map_or("", |(_, after)| after);
    format!("{before}{after}")
}

/// The words of a piece without the punctuation around them.
fn words(piece: &str) -> impl Iterator<Item = &str> {
    let edge = |c: char| !c.is_alphanumeric() && c != '‹' && c != '›';
    piece.split(char::is_whitespace).map(move |word| word.trim_matches(edge)).filter(|word| !word.is_empty())
}

/// Whether the word is an address of mail or of a page, or names a file.
fn is_address(word: &str) -> bool {
    word.contains('@') || word.contains("://") || word.contains(".example") || word.starts_with("127.0.0.1")
}

fn is_camel(word: &str) -> bool {
    let mut pairs = word.chars().zip(word.chars().skip(1));
    word.is_ascii() && pairs.any(|(one, two)| one.is_ascii_lowercase() && two.is_ascii_uppercase())
}

/// Whether words are joined by one of these signs, as in `attendance:read`.
fn is_joined(word: &str) -> bool {
    word.split_once([':', '.', '_']).is_some_and(|(before, after)| {
        let is_word = |part: &str| {
            part.len() > 1
                && part.chars().all(|c| c.is_ascii_alphabetic())
                && part.starts_with(|c: char| c.is_lowercase())
        };
        is_word(before) && is_word(after.split([':', '.', '_']).next().unwrap_or_default())
    })
}

fn is_iso(word: &str) -> bool {
    let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    let year = word.get(..4).is_some_and(|year| digits(year, 4));
    let rest = word.get(4..).unwrap_or_default();
    let month = rest.strip_prefix('-').and_then(|rest| rest.get(..2)).is_some_and(|month| digits(month, 2));
    let quarter = rest.trim_start_matches('-').strip_prefix('Q').is_some_and(|number| digits(number, 1));
    year && (month || quarter)
}

fn codes(piece: &str, language: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for word in words(piece).filter(|word| !is_address(word)) {
        if !NAMES.contains(&word) && is_camel(word) {
            found.push("a code with capitals");
        }
        if is_joined(word) {
            found.push("a code of several parts");
        }
        if is_iso(word) || PATTERNS.iter().any(|pattern| word.contains(pattern)) {
            found.push("a date for software");
        }
        if language == "nl" && NOT_IN_DUTCH.contains(&word) {
            found.push("another word than that of the glossary");
        }
        if (language != "en" || ["true", "false", "null"].contains(&word)) && CODES.contains(&word) {
            found.push("a code");
        }
    }
    found
}

fn typography(piece: &str, language: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    let signs: Vec<char> = piece.chars().collect();
    for (at, sign) in signs.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| signs[at]);
        let after = signs.get(at + 1).copied();
        let ends = after.is_none_or(char::is_whitespace);
        let wrong = match (language, sign) {
            ("fr", '\'' | '"') | ("nl" | "en", '«' | '»') => true,
            ("fr", ';' | '?' | '!') => before.is_some_and(|before| before != '\u{202f}') && ends,
            ("fr", ':') => before.is_some_and(|before| before != '\u{a0}') && ends,
            ("fr", '»') => before != Some('\u{a0}'),
            ("fr", '«') => after != Some('\u{a0}'),
            ("nl" | "en", ':' | ';' | '?' | '!') => before.is_some_and(char::is_whitespace),
            _ => false,
        };
        if wrong {
            found.push("typography");
        }
    }
    found
}

fn numbers(piece: &str, language: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let all: Vec<_> = piece.split(char::is_whitespace).filter(|word| !word.is_empty()).collect();
    for (at, pair) in all.windows(2).enumerate() {
        let is_number = is_number(pair[0]) && (at == 0 || !is_number(all[at - 1]));
        let word = pair[1].trim_end_matches(|c: char| !c.is_alphanumeric());
        let plural = match language {
            "fr" => word.ends_with('s') || word.ends_with("aux"),
            "nl" => word.len() > 4 && (word.ends_with("en") || word.ends_with('s')),
            _ => word.len() > 2 && word.ends_with('s'),
        };
        if is_number && pair[0] == "1" && plural && !SINGULAR.contains(&word) {
            found.push("a plural after 1");
        }
        if is_number && language == "fr" && !["0", "1"].contains(&pair[0]) && COUNTED.contains(&word) {
            found.push("a singular after a number");
        }
    }
    for both in ["(s)", "(e)", "(es)", "(en)", "(x)"] {
        if piece.contains(both) {
            found.push("two numbers at once");
        }
    }
    found
}
