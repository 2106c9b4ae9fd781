//! Days of a slot.

use jiff::civil::{Date, Weekday};
use serde_json::{Value, json};

use super::case_deposit::Slot;
use crate::domain::calendar::Calendar;
use crate::sandbox::worlds::content::WorldContent;

/// How many days a document has.
pub(super) const DAYS: usize = 5;
/// The first day of a month that is used: every child is born by then, and holidays of the first half are avoided.
const FIRST_DAY: i8 = 13;

/// Days on which the crèche is open.
pub(super) fn open_days(content: &WorldContent, slot: Slot) -> Vec<Date> {
    let creches = content.world.organisers.iter().flat_map(|organiser| &organiser.creches);
    let closures = creches.filter(|creche| creche.id == slot.creche).flat_map(|creche| creche.closures.clone());
    let calendar = Calendar::new(closures.collect());
    let late = calendar.open_days(slot.month).filter(|date| date.day() >= FIRST_DAY);
    late.take(DAYS).collect()
}

/// A day outside the month.
pub(super) fn day_before(slot: Slot) -> Value {
    json!(slot.month.previous().last_day())
}

/// A day on which no crèche is open.
pub(super) fn saturday(slot: Slot) -> Value {
    json!(slot.month.days().find(|date| date.weekday() == Weekday::Saturday))
}
