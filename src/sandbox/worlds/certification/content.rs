//! The documents that the software is to deposit.

use jiff::civil::{Date, Weekday};
use serde_json::{Value, json};

use super::catalogue::Profile;
use crate::domain::calendar::Calendar;
use crate::domain::period::Month;
use crate::ids::CrecheId;
use crate::sandbox::worlds::content::{Child, WorldContent};

/// How many children a document has.
const CHILDREN: usize = 3;
/// How many days.
const DAYS: usize = 5;
/// The first day of a month that is used: every child is born by then, and holidays of the first half are avoided.
const FIRST_DAY: i8 = 13;
/// The fee of a consultation, in cents, and what documents differ by.
const FEE: u32 = 8_550;

/// A crèche and a month, which one case uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) creche: CrecheId,
    pub(super) month: Month,
}

/// The slots of a profile: every crèche that has what the documents need, in the last three months.
pub(super) fn slots(content: &WorldContent, profile: Profile, today: Date) -> Vec<Slot> {
    let Some(organiser) = content.world.organisers.first() else { return Vec::new() };
    let creches = organiser.creches.iter().map(|creche| creche.id);
    // The doctor of an organiser works in its first crèche.
    let creches: Vec<_> = creches.take(if profile == Profile::Medical { 1 } else { usize::MAX }).collect();
    let months = std::iter::successors(Some(Month::of(today).previous()), |month| Some(month.previous()));
    let open = months.take(3).filter(|month| month.quarter().deadline() >= today);
    open.flat_map(|month| creches.iter().map(move |creche| Slot { creche: *creche, month })).collect()
}

/// A document of a profile, for a slot. Documents with other numbers differ.
pub(super) fn document(content: &WorldContent, profile: Profile, slot: Slot, number: u32) -> Value {
    let days = open_days(content, slot);
    match profile {
        Profile::Medical => consultations(content, &days, number),
        _ => attendance(&children(content, slot.creche), &days, number),
    }
}

/// The same with two errors: a day of the month before, and a member that is missing or too early.
pub(super) fn flawed(content: &WorldContent, profile: Profile, slot: Slot, number: u32) -> Value {
    let outside = json!(slot.month.previous().last_day());
    let changes = match profile {
        Profile::Medical => [("/lines/0/date", outside), ("/lines/1/departure", json!("12:00"))],
        _ => [("/lines/0/days/0/date", outside), ("/lines/1/familyName", Value::Null)],
    };
    changed(document(content, profile, slot, number), changes)
}

/// The same with warnings: a Saturday, and a number that is missing or a long time.
pub(super) fn warned(content: &WorldContent, profile: Profile, slot: Slot, number: u32) -> Value {
    let saturday = json!(slot.month.days().find(|date| date.weekday() == Weekday::Saturday));
    let changes = match profile {
        Profile::Medical => [("/lines/0/date", saturday), ("/lines/1/departure", json!("18:30"))],
        _ => [("/lines/0/days/0/date", saturday), ("/lines/1/ssin", Value::Null)],
    };
    changed(document(content, profile, slot, number), changes)
}

/// The document with other values at these places; without the member where the value is null.
fn changed(mut document: Value, changes: [(&str, Value); 2]) -> Value {
    for (place, value) in changes {
        let (parent, name) = place.rsplit_once('/').unwrap_or_default();
        let Some(members) = document.pointer_mut(parent).and_then(Value::as_object_mut) else { continue };
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.to_owned(), value);
        }
    }
    document
}

/// The oldest children of a crèche.
fn children(content: &WorldContent, creche: CrecheId) -> Vec<&Child> {
    let mut children: Vec<_> = content.children.get(&creche).into_iter().flatten().collect();
    children.sort_by_key(|child| child.birth_date);
    children.truncate(CHILDREN);
    children
}

/// Days on which the crèche is open.
fn open_days(content: &WorldContent, slot: Slot) -> Vec<Date> {
    let creches = content.world.organisers.iter().flat_map(|organiser| &organiser.creches);
    let closures = creches.filter(|creche| creche.id == slot.creche).flat_map(|creche| creche.closures.clone());
    let calendar = Calendar::new(closures.collect());
    let late = calendar.open_days(slot.month).filter(|date| date.day() >= FIRST_DAY);
    late.take(DAYS).collect()
}

/// Attendance: a name with signs that are not in every encoding, whole days, half days of which one is with an absence, and an absence. The number says which day is a half one, and
/// whether the last child is there at all.
fn attendance(children: &[&Child], days: &[Date], number: u32) -> Value {
    let half = number as usize % days.len().max(1);
    let there = children.len() - usize::from(number as usize / days.len().max(1) % 2 == 1 && children.len() > 1);
    let lines = children.iter().take(there).enumerate().map(|(at, child)| {
        let day = |(on, date): (usize, &Date)| match (at, on) {
            (0, on) if on == half => vec![json!({ "date": date, "status": "present", "duration": "half" })],
            (1, 1) => vec![
                json!({ "date": date, "status": "present", "duration": "half" }),
                json!({ "date": date, "status": "justifiedAbsence", "duration": "half", "reason": "familyCircumstance" }),
            ],
            (1, 3) => vec![json!({ "date": date, "status": "unjustifiedAbsence", "duration": "full" })],
            _ => vec![json!({ "date": date, "status": "present", "duration": "full" })],
        };
        let mut line = json!(child);
        if at == 0 {
            line["familyName"] = json!("D’Hondt-Œuvrard");
            line["givenName"] = json!("Zoë");
        }
        line["days"] = days.iter().enumerate().flat_map(day).collect();
        line
    });
    json!({ "lines": lines.collect::<Vec<_>>() })
}

/// Consultations of the doctor of the first organiser.
fn consultations(content: &WorldContent, days: &[Date], number: u32) -> Value {
    let doctor = content.world.organisers.first().and_then(|organiser| organiser.doctors.first());
    let inami = doctor.map(|doctor| doctor.sheet.inami.to_string()).unwrap_or_default();
    let line = |(at, date): (u32, &Date)| json!({ "date": date, "arrival": "13:30", "departure": "15:00", "inami": inami, "feeCents": FEE + number * 10 + at });
    let count = if number % 2 == 1 { DAYS - 1 } else { DAYS };
    json!({ "lines": (0..).zip(days).take(count).map(line).collect::<Vec<_>>() })
}
