//! The places that addresses name, by the names that the contract gives to their parts.

use serde::Deserialize;

use crate::domain::period::{Month, Period};
use crate::ids::CrecheId;

/// A crèche.
#[derive(Deserialize)]
pub(super) struct AtCreche {
    #[serde(rename = "crecheId")]
    pub(super) creche: CrecheId,
}

/// A month of a crèche.
#[derive(Deserialize)]
pub(super) struct AtMonth {
    #[serde(rename = "crecheId")]
    pub(super) creche: CrecheId,
    pub(super) month: Month,
}

/// A revision of a month of a crèche.
#[derive(Deserialize)]
pub(super) struct AtRevision {
    #[serde(rename = "crecheId")]
    pub(super) creche: CrecheId,
    pub(super) month: Month,
    pub(super) revision: u32,
}

/// A period of a crèche.
#[derive(Deserialize)]
pub(super) struct AtPeriod {
    #[serde(rename = "crecheId")]
    pub(super) creche: CrecheId,
    pub(super) period: Period,
}

/// A period of the organiser.
#[derive(Deserialize)]
pub(super) struct In {
    pub(super) period: Period,
}
