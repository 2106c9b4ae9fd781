//! The codes of the audit trail in plain words.

use crate::app::history::{AuditEntryView, Kind};
use crate::domain::action;
use crate::domain::text::{Language, LocalText};
use crate::domain::user::{FILE_LABELS, FILES, Profile};

/// What kind of actor it was.
pub(super) const fn kind(kind: Kind) -> LocalText {
    match kind {
        Kind::Key => LocalText { fr: "Application externe", nl: "Externe toepassing", en: "Application" },
        Kind::Person => LocalText { fr: "Utilisateur", nl: "Gebruiker", en: "User" },
        Kind::Agent => LocalText { fr: "Agent de l’ONE", nl: "Ambtenaar van ONE", en: "Agent of the agency" },
        Kind::Operator => LocalText {
            fr: "Gestionnaire de la passerelle",
            nl: "Beheerder van het platform",
            en: "Operator of the gateway",
        },
        Kind::System => LocalText { fr: "La passerelle elle-même", nl: "Het platform zelf", en: "The gateway itself" },
    }
}

/// An action of a release that is not this one.
const OTHER: LocalText = LocalText { fr: "Autre action", nl: "Andere handeling", en: "Another action" };

/// What was done.
pub(super) fn action(code: &str, language: Language) -> String {
    action::words(code).unwrap_or(OTHER).get(language).to_owned()
}

/// What the page may show.
pub(super) const ACTS: LocalText = LocalText { fr: "Ce qui a été fait", nl: "Wat gedaan werd", en: "What was done" };
pub(super) const LOOKS: LocalText =
    LocalText { fr: "Ce qui a été consulté", nl: "Wat bekeken werd", en: "What was read" };
pub(super) const EVERYTHING: LocalText = LocalText { fr: "Tout", nl: "Alles", en: "Everything" };

/// Somebody, or something, that is not there any more.
pub(super) fn deleted_words(language: Language) -> String {
    LocalText { fr: "(supprimé)", nl: "(verwijderd)", en: "(deleted)" }.get(language).to_owned()
}

/// The user, application, key, doctor, member of staff or webhook endpoint that it was about.
pub(super) fn subject(deed: &AuditEntryView, language: Language) -> Option<String> {
    deed.link.entry.detail.as_deref()?.split(' ').next().filter(|word| is_id(word))?;
    Some(deed.about.clone().unwrap_or_else(|| deleted_words(language)))
}

/// Whether a word names something: a user, an application, a key.
fn is_id(word: &str) -> bool {
    word.parse::<crate::ids::UserId>().is_ok() || word.parse::<crate::domain::key::KeyId>().is_ok()
}

/// What an entry's detail says besides, in words. What has no words here is left to the API's list of entries.
pub(super) fn more(action: &str, detail: &str, language: Language) -> String {
    let words: Vec<_> = detail.split(' ').filter(|word| !is_id(word)).collect();
    match (action, words.as_slice()) {
        ("creche.placesAuthorised", [places, "from", from]) => {
            let text = LocalText {
                fr: "places\u{a0}: {n}, à partir du {d}",
                nl: "plaatsen: {n}, vanaf {d}",
                en: "places: {n}, from {d}",
            };
            text.get(language).replace("{n}", places).replace("{d}", &date(from))
        }
        ("creche.authorised", ["from", from]) => SINCE.get(language).replace("{from}", &date(from)),
        ("creche.authorised", ["from", from, "to", to]) => {
            BETWEEN.get(language).replace("{from}", &date(from)).replace("{to}", &date(to))
        }
        ("creche.subsidyChanged", words) => {
            if words.contains(&"not") { WITHOUT } else { WITH }.get(language).to_owned()
        }
        ("closures.replaced", ["import:", added, "added,", removed, "removed"]) => {
            IMPORTED.get(language).replace("{added}", added).replace("{removed}", removed)
        }
        (_, words) => listed(words, language),
    }
}

const SINCE: LocalText = LocalText { fr: "à partir du {from}", nl: "vanaf {from}", en: "from {from}" };
const BETWEEN: LocalText =
    LocalText { fr: "du {from} au {to}", nl: "van {from} tot en met {to}", en: "from {from} to {to}" };
const WITH: LocalText = LocalText { fr: "avec subside", nl: "met subsidie", en: "with subsidy" };
const WITHOUT: LocalText = LocalText { fr: "sans subside", nl: "zonder subsidie", en: "without subsidy" };
const IMPORTED: LocalText = LocalText {
    fr: "ajouts\u{a0}: {added}, retraits\u{a0}: {removed}",
    nl: "toegevoegd: {added}, verwijderd: {removed}",
    en: "added: {added}, removed: {removed}",
};

fn date(word: &str) -> String {
    word.parse().map_or_else(|_| word.to_owned(), crate::console::page_frame::day)
}

/// The words that are known, as many as a row bears.
fn listed(words: &[&str], language: Language) -> String {
    let mut words: Vec<_> = words.iter().filter_map(|word| code_words(word, language)).collect();
    if let Some(hidden @ 1..) = words.len().checked_sub(MOST) {
        words.truncate(MOST);
        words.push(format!("+{hidden}"));
    }
    words.join(", ")
}

/// How many words more are shown at most; a key may have more scopes than a row bears.
const MOST: usize = 5;

const WORDS: [(&str, LocalText); 9] = [
    ("givenName", LocalText { fr: "prénom", nl: "voornaam", en: "given name" }),
    ("familyName", LocalText { fr: "nom", nl: "naam", en: "family name" }),
    ("email", LocalText { fr: "e-mail", nl: "e-mail", en: "e-mail" }),
    ("live", LocalText { fr: "clé de production", nl: "productiesleutel", en: "live key" }),
    ("trial", LocalText { fr: "clé d’essai", nl: "proefsleutel", en: "trial key" }),
    ("test", LocalText { fr: "clé de test", nl: "testsleutel", en: "test key" }),
    ("summaries:read", LocalText { fr: "Chiffres (lecture)", nl: "Cijfers (lezen)", en: "Figures (read)" }),
    ("events:read", LocalText { fr: "Événements (lecture)", nl: "Gebeurtenissen (lezen)", en: "Events (read)" }),
    ("webhooks:manage", LocalText { fr: "Notifications (gestion)", nl: "Meldingen (beheer)", en: "Webhooks (manage)" }),
];
const READ: LocalText = LocalText { fr: "lecture", nl: "lezen", en: "read" };
const WRITE: LocalText = LocalText { fr: "écriture", nl: "schrijven", en: "write" };

/// A code in words; `None` where there are none.
fn code_words(word: &str, language: Language) -> Option<String> {
    let known = WORDS.iter().find(|(code, _)| *code == word).map(|(_, words)| words.get(language).to_owned());
    let profile = || Some(word.parse::<Profile>().ok()?.label().get(language).to_owned());
    known.or_else(profile).or_else(|| right(word, language))
}

/// The right to a file.
fn right(word: &str, language: Language) -> Option<String> {
    let scope = word.parse().ok()?;
    let (file, (read, _)) = FILES.iter().enumerate().find(|(_, (read, write))| *read == scope || *write == scope)?;
    let level = if *read == scope { READ } else { WRITE };
    Some(format!("{} ({})", FILE_LABELS[file].get(language), level.get(language)))
}
