//! Organisers with their crèches and first administrators before validation.

use jiff::civil::Date;
use serde::Serialize;

use crate::domain::person::{Email, Name, SsinText};
use crate::domain::raw::{Label, List, Raw, record};

/// The most organisers in one file.
pub const MAX_ORGANISERS: usize = 5000;
/// The most crèches of one organiser.
pub const MAX_CRECHES: usize = 500;
/// The most changes of a crèche's places.
pub const MAX_PLACES: usize = 100;
/// The most first administrators of one organiser.
pub const MAX_ADMINISTRATORS: usize = 50;

record! {
    /// A registry file.
    pub struct RawRegistry {
        /// The organisers.
        required organisers "organisers": List<RawOrganiser, MAX_ORGANISERS>,
    }
}

record! {
    /// One organiser.
    pub struct RawOrganiser {
        /// Its legal name.
        required legal_name "legalName": Label<200>,
        /// Its BCE number, as users write it.
        required enterprise_number "enterpriseNumber": Label<20>,
        /// Its crèches.
        optional creches "creches": List<RawCreche, MAX_CRECHES>,
        /// Its first administrators.
        optional administrators "administrators": List<RawAdministrator, MAX_ADMINISTRATORS>,
    }
}

record! {
    /// One crèche.
    pub struct RawCreche {
        /// Its name, as on the authorisation.
        required name "name": Label<200>,
        /// The agency's number for it.
        required one_number "oneNumber": Label<200>,
        /// Whether the agency subsidises it.
        required subsidised "subsidised": YesNo,
        /// First day of its authorisation.
        required authorised_from "authorisedFrom": Date,
        /// Last day of its authorisation.
        optional authorised_until "authorisedUntil": Date,
        /// Its authorised places over time.
        required capacity "capacity": List<RawPlaces, MAX_PLACES>,
    }
}

record! {
    /// A number of places from a day on.
    pub struct RawPlaces {
        /// First day of its validity.
        required from "from": Date,
        /// How many children at once.
        required places "places": u32,
    }
}

record! {
    /// One first administrator.
    pub struct RawAdministrator {
        /// Given name.
        required given_name "givenName": Name,
        /// Family name.
        required family_name "familyName": Name,
        /// The e-mail address.
        required email "email": Email,
        /// National number, eleven digits.
        required ssin "ssin": SsinText,
    }
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct YesNo(pub bool);

impl Raw for YesNo {
    fn from_bool(value: bool) -> Option<Self> {
        Some(Self(value))
    }
}
