//! The sentence of a warning with which a claim was signed.

use crate::domain::claim::AcknowledgedWarning;
use crate::domain::rule_catalogue;
use crate::words::Language;

/// The reason of its rule, and how often it was found. The signed document has no values for its placeholders: they are left open.
pub fn warning_sentence(warning: &AcknowledgedWarning, language: Language) -> String {
    let rule = rule_catalogue::find(&warning.rule);
    let sentence = rule.map_or_else(|| warning.rule.clone(), |rule| without_places(rule.reason.get(language)));
    if warning.count > 1 { format!("{sentence} (× {})", warning.count) } else { sentence }
}

/// A sentence whose placeholders are left open.
fn without_places(sentence: &str) -> String {
    let mut parts = sentence.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "…" + part.split_once('}').map_or(part, |(_, rest)| rest))
}
