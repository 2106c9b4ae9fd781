//! The staff register before validation, of any channel: a list of members.
//!
//! An absent section stays as it is stored; a present one, be it empty, replaces the stored one.

use jiff::civil::Date;

use super::{AbsenceKind, Category, DocumentKind, Status, TrainingKind};
use crate::domain::person::{Name, SsinText};
use crate::domain::raw::{Field, Label, List, Raw, record};

/// The most members of a register.
pub const MAX_MEMBERS: usize = 2_000;
/// The most records of one section of a member.
pub const MAX_RECORDS: usize = 100;

/// The vendor's own reference of a person or a record.
pub type Reference = Label<64>;

/// Hundredths of a full-time equivalent, 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Hundredths(pub u8);

impl Raw for Hundredths {
    fn from_integer(value: u64) -> Option<Self> {
        u8::try_from(value).ok().filter(|value| *value <= 100).map(Self)
    }
}

record! {
    /// The whole register.
    pub struct RawRegister {
        /// The members, in the sender's order.
        required members "members": List<RawMember, MAX_MEMBERS>,
    }
}

record! {
    /// One person.
    pub struct RawMember {
        /// The vendor's own reference, the key for corrections.
        required reference "reference": Reference,
        /// National number.
        optional ssin "ssin": SsinText,
        /// Whether the stored number stays.
        optional ssin_present "ssinPresent": bool,
        /// Given name.
        required given_name "givenName": Name,
        /// Family name.
        required family_name "familyName": Name,
        /// Birth date; from the national number where there is one.
        optional birth_date "birthDate": Date,
        /// Contracts and other links with the organiser.
        optional contracts "contracts": List<RawContract, MAX_RECORDS>,
        /// Diplomas and certificates.
        optional trainings "trainings": List<RawTraining, MAX_RECORDS>,
        /// Documents stored at the crèche.
        optional documents "documents": List<RawDocument, MAX_RECORDS>,
        /// Absences.
        optional absences "absences": List<RawAbsence, MAX_RECORDS>,
    }
}

record! {
    /// A contract or another link.
    pub struct RawContract {
        /// The vendor's own reference, unique within the member.
        required reference "reference": Reference,
        /// The status.
        required status "status": Status,
        /// First day.
        required start_date "startDate": Date,
        /// Last day, when there is one.
        optional end_date "endDate": Date,
        /// The functions under it: at least one.
        required functions "functions": List<RawFunction, MAX_RECORDS, 1>,
    }
}

record! {
    /// A function in one crèche.
    pub struct RawFunction {
        /// The crèche: its id, or the agency's number for it.
        required creche "crecheId": Label<100>,
        /// The category.
        required category "category": Category,
        /// Working time, in hundredths of a full-time equivalent.
        required fte "fteHundredths": Hundredths,
    }
}

record! {
    /// A diploma or a certificate.
    pub struct RawTraining {
        /// The result.
        required kind "kind": TrainingKind,
        /// The title.
        required title "title": Label<200>,
        /// The date on it.
        required date "date": Date,
    }
}

record! {
    /// The dates of a document; its paper stays at the crèche.
    pub struct RawDocument {
        /// Which document.
        required kind "kind": DocumentKind,
        /// The date on it.
        required date "date": Date,
        /// The last day of its validity, if any.
        optional valid_until "validUntil": Date,
    }
}

record! {
    /// A period of absence.
    pub struct RawAbsence {
        /// What kind.
        required kind "kind": AbsenceKind,
        /// First day.
        required start_date "startDate": Date,
        /// Last day, if set.
        optional end_date "endDate": Date,
    }
}

record! {
    /// A look-up of a number.
    pub struct RawQuery {
        /// The national number.
        required ssin "ssin": SsinText,
        /// The family name, once the agency is found to have the number.
        optional family_name "familyName": Name,
    }
}

/// A year of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Year(pub i16);

impl Raw for Year {
    fn from_integer(value: u64) -> Option<Self> {
        i16::try_from(value).ok().filter(|year| (2000..=2099).contains(year)).map(Self)
    }
}

record! {
    /// A yearly validation.
    pub struct RawValidation {
        /// The year.
        required year "year": Year,
    }
}

impl RawMember {
    /// Applies the change to the stored person.
    pub fn over(self, mut stored: Self) -> Self {
        macro_rules! replace {
            ($($field:ident)+) => { $(if !self.$field.is_absent() { stored.$field = self.$field; })+ };
        }
        if !self.ssin.is_absent() {
            stored.ssin_present = Field::Absent;
        }
        replace!(reference ssin ssin_present given_name family_name birth_date contracts trainings documents absences);
        stored
    }
}
