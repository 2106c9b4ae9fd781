//! The names of months in three languages.

use super::weekday;

/// Month names, folded; the French ones first.
const MONTHS: [(&str, u8); 33] = [
    ("janvier", 1),
    ("fevrier", 2),
    ("mars", 3),
    ("avril", 4),
    ("mai", 5),
    ("juin", 6),
    ("juillet", 7),
    ("aout", 8),
    ("septembre", 9),
    ("octobre", 10),
    ("novembre", 11),
    ("decembre", 12),
    ("januari", 1),
    ("februari", 2),
    ("maart", 3),
    ("mrt", 3),
    ("april", 4),
    ("mei", 5),
    ("juni", 6),
    ("juli", 7),
    ("augustus", 8),
    ("september", 9),
    ("oktober", 10),
    ("november", 11),
    ("december", 12),
    ("january", 1),
    ("february", 2),
    ("march", 3),
    ("may", 5),
    ("june", 6),
    ("july", 7),
    ("august", 8),
    ("october", 10),
];

/// The number of a month by its name in French, Dutch or English, folded, or by a beginning of three letters or more
/// that means no other month.
pub(super) fn month_named(name: &str) -> Option<u8> {
    if let Some((_, number)) = MONTHS.iter().find(|(month, _)| *month == name) {
        return Some(*number);
    }
    let mut begun =
        MONTHS.iter().filter(|(month, _)| name.len() >= 3 && month.starts_with(name)).map(|(_, number)| *number);
    let first = begun.next()?;
    begun.all(|number| number == first).then_some(first)
}

/// The names of months and weekdays, folded.
pub(in crate::ingest) fn calendar_words() -> impl Iterator<Item = &'static str> {
    MONTHS.into_iter().map(|(name, _)| name).chain(weekday::names())
}
