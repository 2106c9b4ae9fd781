//! The claim of one month: its consultations, signed alone and not with their quarter.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::creche::Creche;
use crate::domain::doctor::DoctorState;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param, RequestPart};
use crate::domain::kinds::medical;
use crate::domain::period::{Month, Period};
use crate::domain::report;
use crate::domain::report::rules::DOCTORS_NOT_VALIDATED;
use crate::domain::rule::Rule;
use crate::domain::rules::signature::{MONTH_NOT_ENDED, NOT_AUTHORISED, NOT_SUBSIDISED};
use crate::domain::statement::StatementKind;
use crate::ids::DoctorId;

/// A doctor of signed consultations, as the agency had decided at the signature. No name of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignedDoctor {
    /// The doctor.
    pub id: DoctorId,
    /// The revision of the doctor's sheet and decision.
    pub revision: u64,
    /// The doctor's status.
    pub state: DoctorState,
}

/// The kind of statement that is signed for a period: its rights are those of the claim.
pub const fn claimed_kind(period: Period) -> StatementKind {
    match period {
        Period::Quarter(_) => report::KIND,
        Period::Month(_) => medical::KIND,
    }
}

/// What keeps the consultations of a month from being signed alone, on a day.
pub fn month_hindrances(creche: &Creche, month: Month, doctors: &[SignedDoctor], today: Date) -> Findings {
    let (first, last) = (month.first_day(), month.last_day());
    let mut findings = Findings::default();
    let mut find = |rule: &'static Rule, name, value| {
        findings.push(Finding::new(rule, FindingPlace::at("month")).in_part(RequestPart::Path).with(name, value));
    };
    if today <= last {
        find(&MONTH_NOT_ENDED, "date", Param::Date(last));
    }
    if !creche.subsidised {
        find(&NOT_SUBSIDISED, "month", Param::Month(month));
    } else if !creche.is_authorised_within(first, last) {
        find(&NOT_AUTHORISED, "month", Param::Month(month));
    }
    if doctors.iter().any(|doctor| !doctor.state.is_settled()) {
        find(&DOCTORS_NOT_VALIDATED, "month", Param::Month(month));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::{SignedDoctor, month_hindrances};
    use crate::domain::calendar::Calendar;
    use crate::domain::creche::{Capacity, Creche};
    use crate::domain::doctor::DoctorState;

    fn hindrances(subsidised: bool, from: &str, state: DoctorState, today: &str) -> Vec<&'static str> {
        let creche = Creche {
            id: "019a5c00-0000-7000-8000-000000000011".parse().unwrap(),
            name: "Les P'tits Loups".to_owned(),
            one_number: "73/1".to_owned(),
            subsidised,
            authorised_from: from.parse().unwrap(),
            authorised_until: None,
            capacity: Capacity::default(),
            calendar: Calendar::default(),
        };
        let doctor = SignedDoctor { id: "019a5c00-0000-7000-8000-0000000000d1".parse().unwrap(), revision: 2, state };
        let found = month_hindrances(&creche, "2026-09".parse().unwrap(), &[doctor], today.parse().unwrap());
        found.iter().map(|finding| finding.rule.code).collect()
    }

    #[test]
    fn a_month_is_signed_once_it_is_over_and_its_doctors_are_validated() {
        use DoctorState::{AwaitingValidation, Ended, Incomplete, Refused, Validated};
        let none: [&str; 0] = [];
        assert_eq!(hindrances(true, "2026-09-30", Validated, "2026-10-01"), none);
        assert_eq!(hindrances(true, "2020-01-01", Ended, "2027-01-01"), none);
        assert_eq!(hindrances(true, "2020-01-01", Validated, "2026-09-30"), ["signature.monthNotEnded"]);
        assert_eq!(hindrances(false, "2020-01-01", Validated, "2026-10-01"), ["signature.notSubsidised"]);
        assert_eq!(hindrances(true, "2026-10-01", Validated, "2026-10-01"), ["signature.notAuthorised"]);
        for state in [AwaitingValidation, Incomplete, Refused] {
            assert_eq!(hindrances(true, "2020-01-01", state, "2026-10-01"), ["report.doctorsNotValidated"]);
        }
    }
}
