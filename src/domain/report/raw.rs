//! A report before validation. Nothing in it is required: a draft may be incomplete.

use jiff::civil::Date;

use super::{MAX_COSTS, MAX_PERSONS};
use crate::domain::money::Cents;
use crate::domain::period::Month;
use crate::domain::raw::{Field, Flag, Label, List, TimeOfDay, record};
use crate::domain::staff::raw::Reference;

record! {
    /// One crèche, one quarter.
    pub struct RawReport {
        /// The paid staff.
        optional staff "staff": List<RawPerson, MAX_PERSONS>,
        /// Opening hours from Monday to Friday.
        optional opening_hours "openingHours": RawHours,
        /// The children registered on 15 January.
        optional children_on_15_january "childrenOn15January": u32,
        /// The costs of consultations.
        optional costs "costs": RawCosts,
    }
}

record! {
    /// One person.
    pub struct RawPerson {
        /// The reference in the staff register.
        required reference "reference": Reference,
        /// Whether a subsidy is claimed.
        required subsidised "subsidised": Flag,
        /// The gross salaries.
        optional salaries "grossSalaries": List<RawSalary, 3>,
    }
}

record! {
    /// A month's salary.
    pub struct RawSalary {
        /// The month.
        required month "month": Month,
        /// The amount.
        required gross "grossCents": Cents,
    }
}

record! {
    /// Opening hours.
    pub struct RawHours {
        /// Opening.
        optional from "from": TimeOfDay,
        /// Closing.
        optional until "until": TimeOfDay,
    }
}

record! {
    /// The seven kinds of costs.
    pub struct RawCosts {
        /// Indemnity of the clerk.
        optional clerk_indemnity "clerkIndemnity": RawIndemnity,
        /// Indemnity for premises.
        optional premises_indemnity "premisesIndemnity": RawIndemnity,
        /// Supplies.
        optional supplies "supplies": List<RawExpense, MAX_COSTS>,
        /// Travel of social staff.
        optional social_staff_travel "socialStaffTravelCents": Cents,
        /// Educational sessions.
        optional educational_sessions "educationalSessions": List<RawExpense, MAX_COSTS>,
        /// Collective activities for parents.
        optional parent_activities "parentActivities": List<RawExpense, MAX_COSTS>,
        /// Training for doctors.
        optional doctor_trainings "doctorTrainings": List<RawExpense, MAX_COSTS>,
    }
}

record! {
    /// A number of times an amount.
    pub struct RawIndemnity {
        /// How many times.
        optional quantity "quantity": u32,
        /// The amount of each.
        optional unit "unitCents": Cents,
    }
}

record! {
    /// One expense.
    pub struct RawExpense {
        /// The day.
        optional date "date": Date,
        /// What for.
        optional description "description": Label<200>,
        /// The amount.
        optional amount "amountCents": Cents,
    }
}

impl RawCosts {
    /// The lists of expenses with the names of their properties.
    pub(super) const fn lists(&self) -> [(&'static str, &Field<List<RawExpense, MAX_COSTS>>); 4] {
        [
            ("supplies", &self.supplies),
            ("educationalSessions", &self.educational_sessions),
            ("parentActivities", &self.parent_activities),
            ("doctorTrainings", &self.doctor_trainings),
        ]
    }
}

impl RawReport {
    /// The person with a reference.
    pub fn person(&self, reference: &str) -> Option<&RawPerson> {
        let mut persons = self.staff.get().into_iter().flat_map(|list| &list.0).filter_map(Field::get);
        persons.find(|person| person.reference.get().is_some_and(|known| known.0 == reference))
    }

    /// The references of the persons whom it names.
    pub fn references(&self) -> Vec<&str> {
        let persons = self.staff.get().into_iter().flat_map(|list| &list.0).filter_map(Field::get);
        persons.filter_map(|person| Some(person.reference.get()?.0.as_str())).collect()
    }
}
