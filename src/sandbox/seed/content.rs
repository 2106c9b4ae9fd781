//! What an invented world is made of, as `sandbox/world.json` has it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use crate::app::users::PersonDetails;
use crate::domain::closure::Closure;
use crate::domain::creche::Places;
use crate::domain::doctor::DoctorSheet;
use crate::domain::enterprise::EnterpriseNumber;
use crate::domain::ssin::Ssin;
use crate::domain::staff::Member;
use crate::domain::user::Profile;
use crate::ids::{ApplicationId, CrecheId, DoctorId, OrganiserId, StaffMemberId, UserId};

const SHIPPED: &str = include_str!("../../../sandbox/world.json");

impl SeedWorld {
    /// The world that every sandbox begins with.
    pub(crate) fn shipped() -> Self {
        serde_json::from_str(SHIPPED).expect("the embedded world is well-formed")
    }
}

/// An invented world: the agency and the organisers.
#[derive(Deserialize)]
pub(crate) struct SeedWorld {
    pub(crate) agents: Vec<SeedAgent>,
    pub(crate) organisers: Vec<SeedOrganiser>,
}

/// An agent of the agency.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SeedAgent {
    pub(crate) matricule: String,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    pub(crate) ssin: Ssin,
}

/// An organiser with all that it has at the beginning.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SeedOrganiser {
    pub(crate) id: OrganiserId,
    pub(crate) legal_name: String,
    pub(crate) enterprise_number: EnterpriseNumber,
    pub(crate) creches: Vec<SeedCreche>,
    pub(crate) users: Vec<SeedUser>,
    #[serde(default)]
    pub(crate) doctors: Vec<SeedDoctor>,
    #[serde(default)]
    pub(crate) staff: Vec<SeedStaff>,
    pub(crate) applications: Vec<SeedApplication>,
}

/// A crèche.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SeedCreche {
    pub(crate) id: CrecheId,
    pub(crate) name: String,
    pub(crate) one_number: String,
    pub(crate) subsidised: bool,
    pub(crate) authorised_from: Date,
    pub(crate) capacity: Vec<Places>,
    pub(crate) closures: Vec<Closure>,
}

/// A doctor.
#[derive(Deserialize)]
pub(crate) struct SeedDoctor {
    pub(crate) id: DoctorId,
    #[serde(flatten)]
    pub(crate) sheet: DoctorSheet,
}

/// A member of staff.
#[derive(Deserialize)]
pub(crate) struct SeedStaff {
    pub(crate) id: StaffMemberId,
    #[serde(flatten)]
    pub(crate) member: Member,
}

/// A registered application.
#[derive(Deserialize)]
pub(crate) struct SeedApplication {
    pub(crate) id: ApplicationId,
    pub(crate) name: String,
    pub(crate) vendor: String,
}

/// A user of an organiser.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SeedUser {
    pub(crate) id: UserId,
    #[serde(flatten)]
    pub(crate) details: PersonDetails,
    pub(crate) profile: Profile,
    #[serde(default)]
    pub(crate) rights: BTreeMap<CrecheId, String>,
}
