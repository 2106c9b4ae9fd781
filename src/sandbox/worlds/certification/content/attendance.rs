//! Attendance: a name with signs that are not in every encoding, whole days, half days of which one is with an absence, and an
//! absence. The number says which day is a half one, and whether the last child is there at all.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::case_deposit::{CaseDeposit, Changes, Slot};
use super::days::{day_before, open_days, saturday};
use crate::domain::kinds::attendance;
use crate::domain::period::Month;
use crate::ids::CrecheId;
use crate::sandbox::seed::content::SeedOrganiser;
use crate::sandbox::worlds::content::{Child, WorldContent};

/// How many children a document has.
const CHILDREN: usize = 3;

pub(super) const DEPOSIT: CaseDeposit = CaseDeposit {
    statement: Some(attendance::KIND),
    write: "putAttendanceStatement",
    slots,
    document,
    flaws,
    warnings,
};

/// Every crèche, in the last month first.
fn slots(organiser: &SeedOrganiser, months: &[Month]) -> Vec<Slot> {
    let of = |month: &Month| {
        let month = *month;
        organiser.creches.iter().map(move |creche| Slot { creche: creche.id, month })
    };
    months.iter().flat_map(of).collect()
}

/// A day of the month before, and a name that is missing.
fn flaws(slot: Slot) -> Changes {
    [("/lines/0/days/0/date", day_before(slot)), ("/lines/1/familyName", Value::Null)]
}

/// A Saturday, and a number that is missing.
fn warnings(slot: Slot) -> Changes {
    [("/lines/0/days/0/date", saturday(slot)), ("/lines/1/ssin", Value::Null)]
}

fn document(content: &WorldContent, slot: Slot, number: u32) -> Value {
    let (children, days) = (children(content, slot.creche), open_days(content, slot));
    let number = number as usize;
    let half = number % days.len().max(1);
    let is_fewer = number / days.len().max(1) % 2 == 1 && children.len() > 1;
    let there = children.len() - usize::from(is_fewer);
    let there = children.into_iter().take(there).enumerate();
    json!({ "lines": there.map(|child| line(child, &days, half)).collect::<Vec<_>>() })
}

/// The oldest children of a crèche.
fn children(content: &WorldContent, creche: CrecheId) -> Vec<&Child> {
    let mut children: Vec<_> = content.children.get(&creche).into_iter().flatten().collect();
    children.sort_by_key(|child| child.birth_date);
    children.truncate(CHILDREN);
    children
}

fn line((at, child): (usize, &Child), days: &[Date], half: usize) -> Value {
    let entry =
        |date: &Date, status: &str, duration: &str| json!({ "date": date, "status": status, "duration": duration });
    let day = |(on, date): (usize, &Date)| match (at, on) {
        (0, on) if on == half => vec![entry(date, "present", "half")],
        (1, 1) => {
            let mut absence = entry(date, "justifiedAbsence", "half");
            absence["reason"] = json!("familyCircumstance");
            vec![entry(date, "present", "half"), absence]
        }
        (1, 3) => vec![entry(date, "unjustifiedAbsence", "full")],
        _ => vec![entry(date, "present", "full")],
    };
    let mut line = json!(child);
    if at == 0 {
        line["familyName"] = json!("D’Hondt-Œuvrard");
        line["givenName"] = json!("Zoë");
    }
    line["days"] = days.iter().enumerate().flat_map(day).collect();
    line
}
