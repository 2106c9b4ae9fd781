//! What a register would change of the one that is held.

use std::collections::HashSet;

use super::Member;
use crate::ids::StaffMemberId;

/// What becomes of the persons of a register. References in the order of the document; of those left out, of the register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegisterChanges {
    /// Persons who were not held.
    pub added: Vec<String>,
    /// Persons of whom something is told anew.
    pub changed: Vec<String>,
    /// Contracts that get a last day: the person's reference and the contract's.
    pub ended: Vec<(String, String)>,
    /// Persons who are held and of whom nothing is told. They stay.
    pub left_out: Vec<String>,
    /// How many persons stay exactly as they are.
    pub unchanged: usize,
}

impl RegisterChanges {
    /// Whether nothing changes.
    pub const fn is_nothing(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty()
    }
}

/// A person of the document beside the one that is held.
pub type MemberPair<'a> = (&'a Member, Option<(StaffMemberId, &'a Member)>);

/// Compares the persons of a document with those held.
pub fn compare<'a>(
    pairs: impl Iterator<Item = MemberPair<'a>>,
    held: impl Iterator<Item = (StaffMemberId, &'a Member)>,
) -> RegisterChanges {
    let mut changes = RegisterChanges::default();
    let mut told = HashSet::new();
    for (member, before) in pairs {
        let reference = || member.reference.clone();
        match before {
            None => changes.added.push(reference()),
            Some((id, before)) => {
                told.insert(id);
                if before == member {
                    changes.unchanged += 1;
                } else {
                    changes.changed.push(reference());
                    changes.ended.extend(endings(before, member));
                }
            }
        }
    }
    changes.left_out = held.filter(|(id, _)| !told.contains(id)).map(|(_, member)| member.reference.clone()).collect();
    changes
}

/// The contracts that had no last day and have one now.
fn endings(before: &Member, now: &Member) -> Vec<(String, String)> {
    let open = |reference: &str| {
        before.contracts.iter().any(|contract| contract.reference == reference && contract.end_date.is_none())
    };
    let ended = now.contracts.iter().filter(|contract| contract.end_date.is_some() && open(&contract.reference));
    ended.map(|contract| (now.reference.clone(), contract.reference.clone())).collect()
}
