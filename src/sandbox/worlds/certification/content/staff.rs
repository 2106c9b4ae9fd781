//! The staff register: two persons who are new, then those whom it has at the beginning. The number says the working time of the
//! first, and how many absences the second has.

use serde_json::{Value, json};

use super::case_deposit::{CaseDeposit, Changes, Slot};
use crate::domain::period::Month;
use crate::sandbox::seed::content::SeedOrganiser;
use crate::sandbox::worlds::content::WorldContent;

pub(super) const DEPOSIT: CaseDeposit =
    CaseDeposit { statement: None, write: "putStaffRegister", slots, document, flaws, warnings };

/// There is one register; the new persons work in the first crèche.
fn slots(organiser: &SeedOrganiser, months: &[Month]) -> Vec<Slot> {
    let place = organiser.creches.first().zip(months.first());
    place.map(|(creche, month)| Slot { creche: creche.id, month: *month }).into_iter().collect()
}

/// A contract that ends before it starts, and a crèche that the organiser has not.
fn flaws(_: Slot) -> Changes {
    [
        ("/members/0/contracts/0/endDate", json!("2021-08-31")),
        ("/members/1/contracts/0/functions/0/crecheId", json!("63/99999/99")),
    ]
}

/// More working time than one person has, and an absence before the first contract.
fn warnings(slot: Slot) -> Changes {
    let functions = json!([function(slot, "childcare", 100), function(slot, "logistics", 40)]);
    [
        ("/members/0/contracts/0/functions", functions),
        ("/members/1/absences", json!([{ "kind": "other", "startDate": "2020-02-03", "endDate": "2020-02-07" }])),
    ]
}

fn document(content: &WorldContent, slot: Slot, number: u32) -> Value {
    let staff = content.world.organisers.first().into_iter().flat_map(|organiser| &organiser.staff);
    let new = [part_time(slot, number), with_two_contracts(slot, number)];
    json!({ "members": new.into_iter().chain(staff.map(|person| json!(person.member))).collect::<Vec<_>>() })
}

/// Somebody whose name has signs that are not in every encoding, and whose working time changes.
fn part_time(slot: Slot, number: u32) -> Value {
    json!({
        "reference": "N-1", "ssin": "85031499897", "givenName": "Zoë", "familyName": "D’Hondt-Œuvrard",
        "contracts": [{
            "reference": "C-1", "status": "contractual", "startDate": "2021-09-01",
            "functions": [function(slot, "childcare", 35 + number % 60)],
        }],
        "trainings": [{ "kind": "diploma", "title": "Puériculture", "date": "2006-06-30" }],
        "documents": [],
        "absences": [],
    })
}

/// Somebody whose first contract has ended.
fn with_two_contracts(slot: Slot, number: u32) -> Value {
    let absences = [
        json!({ "kind": "parentalLeave", "startDate": "2022-01-03", "endDate": "2022-03-31" }),
        json!({ "kind": "other", "startDate": "2022-10-03" }),
    ];
    json!({
        "reference": "N-2", "ssin": "91101199772", "givenName": "Aline", "familyName": "Lambrechts",
        "contracts": [
            {
                "reference": "C-1", "status": "contractual", "startDate": "2021-09-01", "endDate": "2022-08-31",
                "functions": [function(slot, "childcare", 50)],
            },
            {
                "reference": "C-2", "status": "statutory", "startDate": "2022-09-01",
                "functions": [function(slot, "management", 25), function(slot, "childcare", 55)],
            },
        ],
        "trainings": [],
        "documents": [{ "kind": "criminalRecordExtract", "date": "2021-08-20" }],
        "absences": absences[usize::from(number.is_multiple_of(2))..],
    })
}

fn function(slot: Slot, category: &str, hundredths: u32) -> Value {
    json!({ "crecheId": slot.creche, "category": category, "fteHundredths": hundredths })
}
