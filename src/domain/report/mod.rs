//! The quarterly activity report of a crèche (rapport d'activités): the subsidy claim, of which the organiser enters what
//! is not deposited elsewhere (docs/domain.md, Activity report).

mod build;
pub mod completeness;
mod context;
mod facts;
mod figures;
pub mod raw;
pub mod rules;
mod validation;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use self::build::{build, carried_over, ids_of, into_raw, with_staff_of};
pub use self::context::{ContractPeriod, MonthDeposit, RegisterPerson, ReportContext};
pub use self::facts::KIND;
pub use self::figures::{ReportFigures, gross_salaries};
pub use self::validation::{obstacle, validate};
use super::money::Cents;
use super::period::Month;
use super::raw::TimeOfDay;
use crate::ids::StaffMemberId;

/// The most persons of a report.
pub const MAX_PERSONS: usize = 500;
/// The most entries of a list of costs.
pub const MAX_COSTS: usize = 200;

/// A well-formed report: what is stored, sealed. Every part may be absent while it is a draft.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Report {
    /// The paid staff, as far as it was named.
    pub staff: Vec<ClaimedPerson>,
    /// The opening hours from Monday to Friday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opening_hours: Option<OpeningHours>,
    /// The children registered on 15 January; in the first quarter only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub children_on_15_january: Option<u32>,
    /// The costs of medical consultations.
    pub costs: Costs,
}

/// A person of the staff register, and whether a subsidy is claimed for this person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClaimedPerson {
    /// The person.
    pub id: StaffMemberId,
    /// Whether a subsidy is claimed.
    pub subsidised: bool,
    /// The gross salaries paid, by month.
    pub salaries: Vec<Salary>,
}

/// The gross salary that was really paid for a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Salary {
    /// The month.
    pub month: Month,
    /// The amount.
    pub gross_cents: Cents,
}

/// Hours of every weekday. In a draft one of them may be lacking, as each part of an indemnity and of an expense may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningHours {
    /// Opening, local time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<TimeOfDay>,
    /// Closing, local time, after the opening.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<TimeOfDay>,
}

/// The seven kinds of costs (docs/domain.md, Activity report).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Costs {
    /// Indemnity of the clerk at consultations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clerk_indemnity: Option<Indemnity>,
    /// Indemnity for the premises of consultations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub premises_indemnity: Option<Indemnity>,
    /// Supplies for consultations.
    pub supplies: Vec<Expense>,
    /// Travel of social staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub social_staff_travel_cents: Option<Cents>,
    /// Educational sessions.
    pub educational_sessions: Vec<Expense>,
    /// Collective activities for parents.
    pub parent_activities: Vec<Expense>,
    /// Recognised training for doctors.
    pub doctor_trainings: Vec<Expense>,
}

/// A number of times an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Indemnity {
    /// How many times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u32>,
    /// The amount of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_cents: Option<Cents>,
}

/// One expense of a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Expense {
    /// The day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// What it was for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_cents: Option<Cents>,
}

impl Report {
    /// Without the persons of whom it only says that no subsidy is claimed for them, except those of `named`.
    #[must_use]
    pub fn without_unclaimed(mut self, named: &[StaffMemberId]) -> Self {
        self.staff.retain(|person| person.subsidised || !person.salaries.is_empty() || named.contains(&person.id));
        self
    }

    /// The same report in a canonical order: equal content has equal bytes.
    #[must_use]
    pub fn canonical(&self) -> Self {
        let mut report = self.clone();
        for person in &mut report.staff {
            person.salaries.sort_unstable();
        }
        report.staff.sort_unstable();
        let Costs { supplies, educational_sessions, parent_activities, doctor_trainings, .. } = &mut report.costs;
        for list in [supplies, educational_sessions, parent_activities, doctor_trainings] {
            list.sort_unstable();
        }
        report
    }
}
