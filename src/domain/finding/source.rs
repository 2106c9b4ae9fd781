//! The sources of a finding besides the rule: the existing item, and the sender's workbook at the place.

use std::fmt;

use crate::domain::text::LocalText;
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

/// The cell of the only place, or of the first of several.
pub(super) const FOUND: [LocalText; 2] = [
    LocalText { fr: "Trouvé : « {shown} »", nl: "Gevonden: “{shown}”", en: "Found: “{shown}”" },
    LocalText {
        fr: "D’abord trouvé : « {shown} »", nl: "Eerst gevonden: “{shown}”", en: "First found: “{shown}”"
    },
];
/// The line of the only place, or of the first of several.
pub(super) const ABOUT: [LocalText; 2] = [
    LocalText { fr: "Référence : {reference}", nl: "Referentie: {reference}", en: "Reference: {reference}" },
    LocalText {
        fr: "Première référence : {reference}",
        nl: "Eerste referentie: {reference}",
        en: "First reference: {reference}",
    },
];
