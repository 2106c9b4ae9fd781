//! The codes of the audit trail in plain words.

use crate::app::history::{Deed, Kind};
use crate::domain::action;
use crate::domain::text::{Language, Text};
use crate::domain::user::{FILE_LABELS, FILES, Profile};

/// What kind of actor it was.
pub(super) const fn kind(kind: Kind) -> Text {
    match kind {
        Kind::Key => Text { fr: "Application externe", nl: "Externe toepassing", en: "Application" },
        Kind::Person => Text { fr: "Utilisateur", nl: "Gebruiker", en: "User" },
        Kind::Agent => Text { fr: "Agent de l'ONE", nl: "Ambtenaar van ONE", en: "Agent of the agency" },
        Kind::Operator => Text {
            fr: "Gestionnaire de la passerelle",
            nl: "Beheerder van het platform",
            en: "Operator of the gateway",
        },
        Kind::System => Text { fr: "La passerelle elle-même", nl: "Het platform zelf", en: "The gateway itself" },
    }
}

/// What was done.
pub(super) fn action(code: &str, language: Language) -> String {
    action::words(code).map_or_else(|| code.to_owned(), |words| words.get(language).to_owned())
}

/// Somebody, or something, that is not there any more.
pub(super) fn gone(id: &str, language: Language) -> String {
    let words = Text { fr: "supprimé", nl: "verwijderd", en: "deleted" };
    format!("{} ({})", id.rsplit('-').next().unwrap_or(id), words.get(language))
}

/// The user, application or key that it was about.
pub(super) fn subject(deed: &Deed, language: Language) -> Option<String> {
    let id = deed.link.entry.detail.as_deref()?.split(' ').next().filter(|word| is_id(word))?;
    Some(deed.about.clone().unwrap_or_else(|| gone(id, language)))
}

/// Whether a word names something: a user, an application, a key.
fn is_id(word: &str) -> bool {
    word.parse::<crate::ids::UserId>().is_ok() || word.parse::<crate::domain::key::KeyId>().is_ok()
}

/// The other words of an entry's detail.
pub(super) fn more(detail: &str, language: Language) -> String {
    let rest = detail.split(' ').filter(|word| !is_id(word) && !word.is_empty());
    let mut words: Vec<_> = rest.map(|word| said(word, language)).collect();
    if let Some(hidden @ 1..) = words.len().checked_sub(MOST) {
        words.truncate(MOST);
        words.push(format!("+{hidden}"));
    }
    words.join(", ")
}

/// How many words more are shown at most; a key may have more scopes than a row bears.
const MOST: usize = 5;

const DETAILS: [(&str, Text); 3] = [
    ("givenName", Text { fr: "prénom", nl: "voornaam", en: "given name" }),
    ("familyName", Text { fr: "nom", nl: "naam", en: "family name" }),
    ("email", Text { fr: "e-mail", nl: "e-mail", en: "e-mail" }),
];
const READ: Text = Text { fr: "lecture", nl: "lezen", en: "read" };
const WRITE: Text = Text { fr: "écriture", nl: "schrijven", en: "write" };

/// A code in words; what is not known stays.
fn said(word: &str, language: Language) -> String {
    let detail = DETAILS.iter().find(|(code, _)| *code == word).map(|(_, words)| words.get(language).to_owned());
    let profile = || Some(word.parse::<Profile>().ok()?.label().get(language).to_owned());
    detail.or_else(profile).or_else(|| right(word, language)).unwrap_or_else(|| word.to_owned())
}

/// The right to a file.
fn right(word: &str, language: Language) -> Option<String> {
    let scope = word.parse().ok()?;
    let (file, (read, _)) = FILES.iter().enumerate().find(|(_, (read, write))| *read == scope || *write == scope)?;
    let level = if *read == scope { READ } else { WRITE };
    Some(format!("{} ({})", FILE_LABELS[file].get(language), level.get(language)))
}
