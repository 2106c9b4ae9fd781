//! The codes of the audit trail in plain words.

use crate::app::history::AuditEntryView;
use crate::domain::action::Action;
use crate::domain::actor::ActorKind;
use crate::domain::user::{FILES, Profile};
use crate::words::{self, Language, LocalText};

/// The kind of actor.
pub(super) const fn kind(kind: ActorKind) -> LocalText {
    match kind {
        ActorKind::Key => words::history::APPLICATION,
        ActorKind::Person => words::history::USER,
        ActorKind::Agent => words::history::AGENT_OF_THE_AGENCY,
        ActorKind::AgencyKey => words::history::SOFTWARE_OF_THE_AGENCY,
        ActorKind::Operator => words::history::OPERATOR_OF_THE_GATEWAY,
        ActorKind::System => words::history::THE_GATEWAY_ITSELF,
    }
}

/// An action of another release.
const OTHER: LocalText = words::history::OTHER;

/// The action in words.
pub(super) fn action(code: &str, language: Language) -> String {
    Action::from_code(code).map_or(OTHER, Action::label).get(language).to_owned()
}

/// What the page may show.
pub(super) const ACTS: LocalText = words::history::ACTS;
pub(super) const LOOKS: LocalText = words::history::LOOKS;
pub(super) const EVERYTHING: LocalText = words::common::EVERYTHING;

/// An actor or object that no longer exists.
pub(super) fn deleted_words(language: Language) -> String {
    words::history::DELETED.get(language).to_owned()
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

/// An entry's further details in words. Those without words are only in the API's list of entries.
pub(super) fn more(action: &str, detail: &str, language: Language) -> String {
    let words: Vec<_> = detail.split(' ').filter(|word| !is_id(word)).collect();
    match (action, words.as_slice()) {
        ("creche.placesAuthorised", [places, "from", from]) => {
            let text = words::history::PLACES_N_FROM_D;
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
        ("subsidyPayment.recorded", ["import:", count, "payments"]) => PAYMENTS.get(language).replace("{n}", count),
        ("subsidyPayments.read", [count]) => words::history::PAYMENTS_N.get(language).replace("{n}", count),
        ("claims.read", [count]) => words::history::CLAIMS_N.get(language).replace("{n}", count),
        (_, words) => listed(words, language),
    }
}

const SINCE: LocalText = words::history::SINCE;
const BETWEEN: LocalText = words::history::BETWEEN;
const WITH: LocalText = words::history::WITH;
const WITHOUT: LocalText = words::history::WITHOUT;
const IMPORTED: LocalText = words::history::IMPORTED;
const PAYMENTS: LocalText = words::history::PAYMENTS;

fn date(word: &str) -> String {
    word.parse().map_or_else(|_| word.to_owned(), crate::console::page_frame::day)
}

/// The details with words, as many as fit a row.
fn listed(words: &[&str], language: Language) -> String {
    let mut words: Vec<_> = words.iter().filter_map(|word| code_words(word, language)).collect();
    if let Some(hidden @ 1..) = words.len().checked_sub(MOST) {
        words.truncate(MOST);
        words.push(format!("+{hidden}"));
    }
    words.join(", ")
}

/// The most details that are displayed; a key may have more scopes than fit a row.
const MOST: usize = 5;

const WORDS: [(&str, LocalText); 9] = [
    ("givenName", words::history::GIVEN_NAME),
    ("familyName", words::history::FAMILY_NAME),
    ("email", words::history::E_MAIL),
    ("live", words::history::LIVE_KEY),
    ("trial", words::history::TRIAL_KEY),
    ("test", words::history::TEST_KEY),
    ("summaries:read", words::history::FIGURES_READ),
    ("events:read", words::history::EVENTS_READ),
    ("webhooks:manage", words::history::WEBHOOKS_MANAGE),
];
const READ: LocalText = words::history::READ;
const WRITE: LocalText = words::history::WRITE;
const SIGN: LocalText = words::history::SIGN;

/// A code in words; `None` where there are none.
fn code_words(word: &str, language: Language) -> Option<String> {
    let known = WORDS.iter().find(|(code, _)| *code == word).map(|(_, words)| words.get(language).to_owned());
    let profile = || Some(word.parse::<Profile>().ok()?.label().get(language).to_owned());
    known.or_else(profile).or_else(|| right(word, language))
}

/// The right to a file.
fn right(word: &str, language: Language) -> Option<String> {
    let scope = word.parse().ok()?;
    let file = FILES.iter().find(|file| file.levels().any(|level| level == scope))?;
    let level = match scope {
        scope if scope == file.read => READ,
        scope if scope == file.write => WRITE,
        _ => SIGN,
    };
    Some(format!("{} ({})", file.label.get(language), level.get(language)))
}
