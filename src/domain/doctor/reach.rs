//! A doctor's sheet limited to a caller's crèches, and the merge of such a caller's write into the stored sheet.
//!
//! A crèche of the sheet is a part of it. Number, names, function and days of the collaboration apply in every crèche
//! of the sheet: statements are validated with them, and the agency decides on them. The other fields are contact
//! details.

use super::DoctorSheet;
use crate::domain::finding::{Finding, FindingPlace, Findings};
use crate::domain::reach::{CrecheReach, replace_within_reach, within_reach};
use crate::domain::rules::doctor::SHARED_BEYOND_REACH;
use crate::ids::CrecheId;

impl DoctorSheet {
    /// Whether the doctor is visible to the caller.
    pub fn is_visible_within(&self, reach: CrecheReach<'_>) -> bool {
        reach.includes_any(&self.creche_ids)
    }

    /// Whether the doctor also works in a crèche out of reach.
    pub fn is_shared_beyond(&self, reach: CrecheReach<'_>) -> bool {
        !reach.includes_all(&self.creche_ids)
    }

    /// The sheet without the crèches out of reach.
    #[must_use]
    pub fn within_reach(&self, reach: CrecheReach<'_>) -> Self {
        Self { creche_ids: within_reach(&self.creche_ids, reach), ..self.clone() }
    }

    /// The sheet after a write by a caller to whom `before` is visible within `reach`, and the findings on the write.
    pub fn written_over(self, before: &Self, reach: CrecheReach<'_>) -> (Self, Findings) {
        let creche_ids = united(&before.creche_ids, &self.creche_ids, reach);
        let changed = before.changed_terms(&self).into_iter().filter(|_| before.is_shared_beyond(reach));
        let finding = |field| Finding::new(&SHARED_BEYOND_REACH, FindingPlace::default().field(field));
        (Self { creche_ids, ..self }, changed.map(finding).collect())
    }

    /// The stored sheet, with the crèches for which the same doctor is entered once more.
    #[must_use]
    pub fn entered_again(&self, sent: &Self, reach: CrecheReach<'_>) -> Self {
        Self { creche_ids: united(&self.creche_ids, &sent.creche_ids, reach), ..self.clone() }
    }

    /// The fields that apply in every crèche of the sheet and that differ.
    fn changed_terms(&self, other: &Self) -> Vec<&'static str> {
        let terms = [
            ("inami", self.inami == other.inami),
            ("givenName", self.given_name == other.given_name),
            ("familyName", self.family_name == other.family_name),
            ("function", self.function == other.function),
            ("startDate", self.start_date == other.start_date),
            ("endDate", self.end_date == other.end_date),
        ];
        terms.into_iter().filter(|(_, same)| !same).map(|(field, _)| field).collect()
    }
}

/// The crèches after a write, in order.
fn united(stored: &[CrecheId], sent: &[CrecheId], reach: CrecheReach<'_>) -> Vec<CrecheId> {
    let mut creches = replace_within_reach(stored, sent, reach);
    creches.sort_unstable();
    creches.dedup();
    creches
}
