//! The sources of a finding besides the rule: the existing item, and the sender's workbook at the place.

use std::fmt;

use crate::ids::{DoctorId, StaffMemberId, UserId};

/// A stored item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExistingItem {
    /// A doctor.
    Doctor(DoctorId),
    /// A person of the staff register.
    StaffMember(StaffMemberId),
    /// A user.
    User(UserId),
}

/// A workbook's content at a place, for the response to its sender alone: it is neither stored nor logged.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CellSource {
    /// The displayed text of the cell, masked where that is personal.
    pub shown: Option<String>,
    /// The sender's own reference of the child or the person.
    pub reference: Option<String>,
    /// The name of the child or the person, for the organiser's own pages.
    pub name: Option<String>,
}

impl fmt::Debug for CellSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Source")
    }
}
