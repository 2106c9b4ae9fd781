//! The facts that a report is compared with.

use jiff::civil::Date;

use crate::domain::creche::Creche;
use crate::domain::period::{Month, Quarter};
use crate::domain::staff::{Category, overlaps};
use crate::ids::StaffMemberId;

/// A person of the staff register, as far as the report needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterPerson {
    /// The person.
    pub id: StaffMemberId,
    /// The vendor's own reference.
    pub reference: String,
    /// The functions in the crèche of the report during its quarter: category, first and last day of the contract.
    pub functions: Vec<(Category, ContractPeriod)>,
}

/// First and last day of a contract; one without a last day has no end.
pub type ContractPeriod = (Date, Option<Date>);

impl RegisterPerson {
    /// Whether a contract for a function in the crèche runs in the month.
    pub fn works_in(&self, month: Month) -> bool {
        self.functions.iter().any(|(_, period)| overlaps(*period, (month.first_day(), month.last_day())))
    }
}

/// A month's deposits, as far as the report needs them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "facts that do not depend on each other")]
pub struct MonthDeposit {
    /// The month.
    pub month: Month,
    /// Whether the attendance was deposited.
    pub attendance: bool,
    /// Whether the consultations were deposited.
    pub medical: bool,
    /// Whether there are consultations of doctors on whom the agency has not decided.
    pub awaits_doctors: bool,
    /// Whether there are consultations of doctors whose agreement is missing, or whom the agency refused.
    pub lacks_doctors: bool,
}

/// The facts that a report is compared with.
#[derive(Debug, Clone, Copy)]
pub struct ReportContext<'a> {
    /// The quarter.
    pub quarter: Quarter,
    /// The present day in Brussels.
    pub today: Date,
    /// The crèche.
    pub creche: &'a Creche,
    /// The persons of the register, those without a function in the crèche too.
    pub staff: &'a [RegisterPerson],
    /// The persons for whom a report of another crèche of the organiser claims a subsidy in the same quarter.
    pub claimed_elsewhere: &'a [StaffMemberId],
}

impl<'a> ReportContext<'a> {
    /// The person with this reference.
    pub(super) fn person(&self, reference: &str) -> Option<&'a RegisterPerson> {
        self.staff.iter().find(|person| person.reference == reference)
    }

    /// Whether it is the first quarter of a year, for which the children of 15 January are asked for.
    pub(super) const fn is_first_quarter(&self) -> bool {
        self.quarter.number() == 1
    }

    /// The first and the last day of the quarter.
    pub(super) fn days(&self) -> (Date, Date) {
        let [first, _, last] = self.quarter.months();
        (first.first_day(), last.last_day())
    }
}
