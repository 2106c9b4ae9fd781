//! What a simulated agency does, and the body that says so.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::domain::codes::codes;
use crate::domain::finding::Findings;
use crate::domain::raw::{Raw, record};
use crate::http::problem::{Problem, Result};
use crate::ingest::json;
use crate::ingest::schema::Schemas;

/// The schema of the body.
const AGENCY_POLICY: &str = "agency-policy";
/// The most days that an answer is waited for.
const MOST_DAYS: u64 = 400;

static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| {
    Schemas::of(&[(AGENCY_POLICY, include_str!("../../../../schemas/sandbox/agency-policy.schema.json"))])
});

codes! {
    /// How claims are answered.
    pub enum ClaimPolicy {
        /// Accepted.
        Accept "accept";
        /// Accepted with a remark.
        AcceptWithRemarks "acceptWithRemarks";
        /// Returned for correction, and accepted when signed again.
        ReturnOnce "returnOnce";
        /// Refused.
        Refuse "refuse";
    }
}

codes! {
    /// How the agency decides on doctors.
    pub enum DoctorPolicy {
        /// They are validated.
        Validate "validate";
        /// They are refused.
        Refuse "refuse";
    }
}

/// A number of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DayCount(pub u16);

impl Raw for DayCount {
    fn from_integer(value: u64) -> Option<Self> {
        (value <= MOST_DAYS).then(|| u16::try_from(value).ok().map(Self)).flatten()
    }
}

record! {
    /// What a simulated agency is to do.
    pub struct RawAgencyPolicy {
        /// How claims are answered.
        optional claims "claims": ClaimPolicy,
        /// After how many days.
        optional claims_after_days "claimsAfterDays": DayCount,
        /// How it decides on doctors.
        optional doctors "doctors": DoctorPolicy,
        /// After how many days.
        optional doctors_after_days "doctorsAfterDays": DayCount,
        /// How many days after an acceptance it pays.
        optional payments_after_days "paymentsAfterDays": DayCount,
        /// Whether it publishes a table of rates for each quarter.
        optional rate_tables "rateTables": bool,
    }
}

/// What a simulated agency does; nothing that is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgencyPolicy {
    /// How claims are answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<ClaimPolicy>,
    /// After how many days.
    #[serde(default)]
    pub claims_after_days: DayCount,
    /// How it decides on doctors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctors: Option<DoctorPolicy>,
    /// After how many days.
    #[serde(default)]
    pub doctors_after_days: DayCount,
    /// How many days after an acceptance it pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payments_after_days: Option<DayCount>,
    /// Whether it publishes a table of rates for each quarter.
    #[serde(default)]
    pub rate_tables: bool,
}

/// What the body says.
///
/// # Errors
/// With every finding on the body.
pub(in crate::sandbox::worlds) fn read(body: &[u8]) -> Result<AgencyPolicy> {
    let (raw, findings): (Option<RawAgencyPolicy>, Findings) = json::read(body, AGENCY_POLICY, &SCHEMAS);
    if !findings.is_empty() {
        return Err(Problem::bad_request(findings));
    }
    let raw = raw.unwrap_or_default();
    Ok(AgencyPolicy {
        claims: raw.claims.take(),
        claims_after_days: raw.claims_after_days.take().unwrap_or_default(),
        doctors: raw.doctors.take(),
        doctors_after_days: raw.doctors_after_days.take().unwrap_or_default(),
        payments_after_days: raw.payments_after_days.take(),
        rate_tables: raw.rate_tables.take().unwrap_or_default(),
    })
}
