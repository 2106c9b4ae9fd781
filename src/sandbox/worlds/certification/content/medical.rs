//! Consultations of the doctor of the first organiser. The number says the fees, and whether the last consultation is there.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::case_deposit::{CaseDeposit, Changes, Slot};
use super::days::{DAYS, day_before, open_days, saturday};
use crate::domain::kinds::medical;
use crate::domain::period::Month;
use crate::sandbox::seed::content::SeedOrganiser;
use crate::sandbox::worlds::content::WorldContent;

/// The fee of a consultation, in cents, and what documents differ by.
const FEE: u32 = 8_550;

pub(super) const DEPOSIT: CaseDeposit =
    CaseDeposit { statement: Some(medical::KIND), write: "putMedicalStatement", slots, document, flaws, warnings };

/// The first crèche, in which the doctor of an organiser works.
fn slots(organiser: &SeedOrganiser, months: &[Month]) -> Vec<Slot> {
    let Some(creche) = organiser.creches.first() else { return Vec::new() };
    months.iter().map(|month| Slot { creche: creche.id, month: *month }).collect()
}

/// A day of the month before, and a departure before the arrival.
fn flaws(slot: Slot) -> Changes {
    [("/lines/0/date", day_before(slot)), ("/lines/1/departure", json!("12:00"))]
}

/// A Saturday, and a long time.
fn warnings(slot: Slot) -> Changes {
    [("/lines/0/date", saturday(slot)), ("/lines/1/departure", json!("18:30"))]
}

fn document(content: &WorldContent, slot: Slot, number: u32) -> Value {
    let doctor = content.world.organisers.first().and_then(|organiser| organiser.doctors.first());
    let inami = doctor.map(|doctor| doctor.sheet.inami.to_string()).unwrap_or_default();
    let line = |(at, date): (u32, &Date)| {
        let fee = FEE + number * 10 + at;
        json!({ "date": date, "arrival": "13:30", "departure": "15:00", "inami": inami, "feeCents": fee })
    };
    let count = if number % 2 == 1 { DAYS - 1 } else { DAYS };
    json!({ "lines": (0..).zip(&open_days(content, slot)).take(count).map(line).collect::<Vec<_>>() })
}
