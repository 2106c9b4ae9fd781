//! The draft of a quarter's claim: a salary of each month, opening hours and costs. The number says the salaries, and how many
//! supplies there are.

use serde_json::{Value, json};

use super::case_deposit::{CaseDeposit, Changes, Slot};
use crate::domain::period::Month;
use crate::domain::report;
use crate::domain::staff::Contract;
use crate::sandbox::seed::content::SeedOrganiser;
use crate::sandbox::worlds::content::WorldContent;

/// A gross monthly salary, in cents, and what documents differ by.
const SALARY: u32 = 312_000;
/// The day of the expenses in the last month of the quarter.
const EXPENSE_DAY: i8 = 14;

pub(super) const DEPOSIT: CaseDeposit =
    CaseDeposit { statement: Some(report::KIND), write: "putActivityReport", slots, document, flaws, warnings };

/// The subsidised crèches, in the quarter that is over.
fn slots(organiser: &SeedOrganiser, months: &[Month]) -> Vec<Slot> {
    let last = months.iter().find(|month| month.next().quarter() != month.quarter());
    let Some(&month) = last else { return Vec::new() };
    let subsidised = organiser.creches.iter().filter(|creche| creche.subsidised);
    subsidised.map(|creche| Slot { creche: creche.id, month }).collect()
}

/// Opening hours that end before they begin, and a salary of another quarter.
fn flaws(slot: Slot) -> Changes {
    [("/openingHours/until", json!("06:00")), ("/staff/0/grossSalaries/0/month", json!(slot.month.next()))]
}

/// Two salaries that are hardly ones: euros in the place of cents, and a digit too many.
fn warnings(_: Slot) -> Changes {
    [
        ("/staff/0/grossSalaries/0/grossCents", json!(SALARY / 100)),
        ("/staff/0/grossSalaries/1/grossCents", json!(SALARY * 10)),
    ]
}

fn document(content: &WorldContent, slot: Slot, number: u32) -> Value {
    let gross = SALARY + number * 10;
    let salary = |month: &Month| json!({ "month": month, "grossCents": gross });
    let salaries = slot.month.quarter().months().iter().map(salary).collect::<Vec<_>>();
    let person = |reference: &str| json!({ "reference": reference, "subsidised": true, "grossSalaries": salaries });
    let supplies = [("Gants – désinfectant", 2_590), ("Thermomètre", 4_100)]
        .map(|(what, cents)| json!({ "date": slot.month.day(EXPENSE_DAY), "description": what, "amountCents": cents }));
    json!({
        "staff": reference(content, slot).map(person).into_iter().collect::<Vec<_>>(),
        "openingHours": { "from": "07:00", "until": "18:00" },
        "costs": {
            "clerkIndemnity": { "quantity": 3, "unitCents": 1_240 },
            "supplies": supplies[usize::from(number.is_multiple_of(2))..],
        },
    })
}

/// The reference of somebody who works in the crèche.
fn reference(content: &WorldContent, slot: Slot) -> Option<&str> {
    let mut staff = content.world.organisers.iter().flat_map(|organiser| &organiser.staff);
    let is_here = |contract: &Contract| contract.functions.iter().any(|function| function.creche_id == slot.creche);
    let person = staff.find(|person| person.member.contracts.iter().any(is_here))?;
    Some(&person.member.reference)
}
