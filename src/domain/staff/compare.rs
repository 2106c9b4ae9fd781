//! The differences between a register and the stored one.

use std::collections::HashSet;

use super::Member;
use crate::ids::StaffMemberId;

/// The differences. References in the order of the document; of persons left out, of the register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegisterChanges {
    /// New persons.
    pub added: Vec<String>,
    /// Changed persons.
    pub changed: Vec<String>,
    /// Contracts that get a last day: the person's reference and the contract's.
    pub ended: Vec<(String, String)>,
    /// Stored persons that the document leaves out. They stay.
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

/// A person of the document with the stored one.
pub type MemberPair<'a> = (&'a Member, Option<(StaffMemberId, &'a Member)>);

/// Compares the persons of a document with the stored ones.
pub fn compare<'a>(
    pairs: impl Iterator<Item = MemberPair<'a>>,
    stored: impl Iterator<Item = (StaffMemberId, &'a Member)>,
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
    changes.left_out =
        stored.filter(|(id, _)| !told.contains(id)).map(|(_, member)| member.reference.clone()).collect();
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
