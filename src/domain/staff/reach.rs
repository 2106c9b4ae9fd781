//! A person of the register limited to a caller's crèches, and the merge of such a caller's write into the stored
//! person.
//!
//! A function belongs to its crèche. The terms of a contract (status, first and last day) belong to all crèches of its
//! functions. Everything else of the person belongs to all crèches in which the person works: a caller who does not
//! reach them all may add records, but may not change or remove any.

use super::{Contract, Function, Member};
use crate::domain::finding::{Finding, FindingPlace, Findings};
use crate::domain::reach::{CrechePart, CrecheReach, out_of_reach, replace_within_reach, within_reach};
use crate::domain::rules::staff::SHARED_BEYOND_REACH;
use crate::ids::CrecheId;

/// The longest reference of a contract, in characters.
const LONGEST_REFERENCE: usize = 64;

impl CrechePart for Function {
    fn creche(&self) -> CrecheId {
        self.creche_id
    }
}

impl Contract {
    /// The contract with these functions; nothing when there is none.
    fn of_functions(&self, functions: Vec<Function>) -> Option<Self> {
        (!functions.is_empty()).then(|| Self { functions, ..self.clone() })
    }

    fn within_reach(&self, reach: CrecheReach<'_>) -> Option<Self> {
        self.of_functions(within_reach(&self.functions, reach))
    }

    fn out_of_reach(&self, reach: CrecheReach<'_>) -> Option<Self> {
        self.of_functions(out_of_reach(&self.functions, reach))
    }
}

impl Member {
    /// Whether the person is visible to the caller: one who works in a crèche within reach, or in none yet.
    pub fn is_visible_within(&self, reach: CrecheReach<'_>) -> bool {
        let creches = self.creches();
        creches.is_empty() || reach.includes_any(&creches)
    }

    /// Whether the person also works in a crèche out of reach.
    pub fn is_shared_beyond(&self, reach: CrecheReach<'_>) -> bool {
        !reach.includes_all(&self.creches())
    }

    /// The person without what belongs to crèches out of reach.
    #[must_use]
    pub fn within_reach(&self, reach: CrecheReach<'_>) -> Self {
        let contracts = self.contracts.iter().filter_map(|contract| contract.within_reach(reach)).collect();
        Self { contracts, ..self.clone() }
    }

    /// The person after a write by a caller to whom `before` is visible within `reach`, and the findings on the write.
    pub fn written_over(self, before: &Self, reach: CrecheReach<'_>) -> (Self, Findings) {
        let mut findings = Findings::default();
        if before.is_shared_beyond(reach) {
            findings.extend(self.changed_beyond_reach(before));
        }
        let contracts = merged(&before.contracts, self.contracts, reach, &mut findings);
        (Self { contracts, ..self }, findings)
    }

    /// The fields changed or removed that also apply in crèches out of reach.
    fn changed_beyond_reach(&self, before: &Self) -> Findings {
        let kept = [
            ("reference", self.reference == before.reference),
            ("givenName", self.given_name == before.given_name),
            ("birthDate", self.birth_date == before.birth_date),
            ("trainings", holds_all(&self.trainings, &before.trainings)),
            ("documents", holds_all(&self.documents, &before.documents)),
            ("absences", holds_all(&self.absences, &before.absences)),
        ];
        let changed = kept.into_iter().filter(|(_, kept)| !kept);
        changed.map(|(field, _)| Finding::new(&SHARED_BEYOND_REACH, FindingPlace::default().field(field))).collect()
    }

    /// The stored person, out of the caller's reach, with the document of a caller who enters the same person:
    /// contracts and records are added, stored ones stay.
    #[must_use]
    pub fn entered_again(&self, sent: Self, reach: CrecheReach<'_>) -> Self {
        Self {
            contracts: merged(&self.contracts, sent.contracts, reach, &mut Findings::default()),
            trainings: united(&self.trainings, sent.trainings),
            documents: united(&self.documents, sent.documents),
            absences: united(&self.absences, sent.absences),
            ..self.clone()
        }
    }
}

fn holds_all<T: PartialEq>(after: &[T], before: &[T]) -> bool {
    before.iter().all(|one| after.contains(one))
}

/// All stored records, and the sent ones besides.
fn united<T: Clone + PartialEq>(stored: &[T], sent: Vec<T>) -> Vec<T> {
    let mut all = stored.to_vec();
    all.extend(sent.into_iter().filter(|one| !stored.contains(one)));
    all
}

/// The contracts after a write with `sent` in place of those within reach.
fn merged(stored: &[Contract], sent: Vec<Contract>, reach: CrecheReach<'_>, findings: &mut Findings) -> Vec<Contract> {
    let mut contracts = with_free_references(stored, sent, reach);
    for (index, contract) in contracts.iter_mut().enumerate() {
        let Some(former) = stored.iter().find(|former| former.reference == contract.reference) else { continue };
        let shared = former.out_of_reach(reach).is_some();
        let place = FindingPlace::default().item("contracts", index);
        findings.extend(if shared { changed_terms(former, contract, &place) } else { Findings::default() });
        contract.functions = replace_within_reach(&former.functions, &contract.functions, reach);
    }
    for (at, former) in stored.iter().enumerate() {
        let told = contracts.iter().any(|contract| contract.reference == former.reference);
        if let (false, Some(rest)) = (told, former.out_of_reach(reach)) {
            contracts.insert(at.min(contracts.len()), rest);
        }
    }
    contracts
}

/// The finding that terms which also apply in crèches out of reach would change.
fn changed_terms(former: &Contract, contract: &Contract, place: &FindingPlace) -> Findings {
    let terms = [
        ("status", former.status == contract.status),
        ("startDate", former.start_date == contract.start_date),
        ("endDate", former.end_date == contract.end_date),
    ];
    let changed = terms.into_iter().filter(|(_, same)| !same);
    changed.map(|(field, _)| Finding::new(&SHARED_BEYOND_REACH, place.clone().field(field))).collect()
}

/// The sent contracts; one with the reference of a contract that is not visible to the caller gets another, so that the
/// response does not reveal that contract.
fn with_free_references(stored: &[Contract], sent: Vec<Contract>, reach: CrecheReach<'_>) -> Vec<Contract> {
    let unseen = stored.iter().filter(|contract| contract.within_reach(reach).is_none());
    let taken: Vec<&str> = unseen.map(|contract| contract.reference.as_str()).collect();
    let given: Vec<String> = sent.iter().map(|contract| contract.reference.clone()).collect();
    let free = |reference: &str| !taken.contains(&reference) && !given.iter().any(|one| one == reference);
    let rename = |mut contract: Contract| {
        if taken.contains(&contract.reference.as_str()) {
            let base: String = contract.reference.chars().take(LONGEST_REFERENCE - 4).collect();
            let mut names = (2..1000).map(|number| format!("{base}-{number}"));
            contract.reference = names.find(|name| free(name)).unwrap_or(contract.reference);
        }
        contract
    };
    sent.into_iter().map(rename).collect()
}
