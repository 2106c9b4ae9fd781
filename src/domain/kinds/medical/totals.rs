//! Hours, fees and travel of a month, in all and by doctor.

use std::collections::BTreeMap;
use std::ops::Add;

use serde::{Deserialize, Serialize};

use crate::domain::money::Cents;
use crate::domain::statement;
use crate::ids::DoctorId;

/// Exact sums over consultations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sums {
    /// How many consultations.
    pub consultations: u64,
    /// From arrival to departure, in minutes.
    pub minutes: u64,
    /// Fees, in cents.
    pub fee_cents: Cents,
    /// Travel costs, in cents.
    pub travel_cents: Cents,
}

impl Add for Sums {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            consultations: self.consultations + other.consultations,
            minutes: self.minutes + other.minutes,
            fee_cents: self.fee_cents + other.fee_cents,
            travel_cents: self.travel_cents + other.travel_cents,
        }
    }
}

/// The sums of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Over all consultations.
    #[serde(flatten)]
    pub all: Sums,
    /// Over those of each doctor.
    #[serde(with = "by_doctor")]
    pub by_doctor: BTreeMap<DoctorId, Sums>,
}

/// The sums by doctor as a list: properties of a document have names, not ids.
mod by_doctor {
    use serde::{Deserializer, Serializer};

    use super::{BTreeMap, Deserialize, DoctorId, Serialize, Sums};

    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct OfDoctor {
        doctor_id: DoctorId,
        #[serde(flatten)]
        sums: Sums,
    }

    pub(super) fn serialize<S: Serializer>(all: &BTreeMap<DoctorId, Sums>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(all.iter().map(|(&doctor_id, &sums)| OfDoctor { doctor_id, sums }))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<DoctorId, Sums>, D::Error> {
        let all = Vec::<OfDoctor>::deserialize(deserializer)?;
        Ok(all.into_iter().map(|one| (one.doctor_id, one.sums)).collect())
    }
}

impl Add for Totals {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self.all = self.all + other.all;
        for (doctor, sums) in other.by_doctor {
            let before = self.by_doctor.remove(&doctor).unwrap_or_default();
            self.by_doctor.insert(doctor, before + sums);
        }
        self
    }
}

/// A difference of the sums, with its sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MedicalChange {
    /// Consultations more, or fewer when negative.
    pub consultations: i64,
    /// Minutes.
    pub minutes: i64,
    /// Fees, in cents.
    pub fee_cents: i64,
    /// Travel costs, in cents.
    pub travel_cents: i64,
}

impl statement::Totals for Totals {
    type Change = MedicalChange;

    /// Without those of each doctor.
    fn without_details(self) -> Self {
        Self { by_doctor: BTreeMap::new(), ..self }
    }

    fn since(&self, before: &Self) -> MedicalChange {
        let change = |now: u64, then: u64| now.cast_signed() - then.cast_signed();
        let (now, then) = (self.all, before.all);
        MedicalChange {
            consultations: change(now.consultations, then.consultations),
            minutes: change(now.minutes, then.minutes),
            fee_cents: change(now.fee_cents.0, then.fee_cents.0),
            travel_cents: change(now.travel_cents.0, then.travel_cents.0),
        }
    }
}
