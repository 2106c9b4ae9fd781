//! The places that addresses name, by the names that the contract gives to their parts.

use serde::Deserialize;

use crate::domain::key::KeyId;
use crate::domain::period::{Month, Period};
use crate::ids::{ApplicationId, CrecheId, DoctorId, EventId, StaffMemberId, UserId, WebhookEndpointId};

/// A crèche.
#[derive(Deserialize)]
pub(in crate::http) struct AtCreche {
    #[serde(rename = "crecheId")]
    pub(in crate::http) creche: CrecheId,
}

/// A month of a crèche.
#[derive(Deserialize)]
pub(in crate::http) struct AtMonth {
    #[serde(rename = "crecheId")]
    pub(in crate::http) creche: CrecheId,
    pub(in crate::http) month: Month,
}

/// A revision of a month of a crèche.
#[derive(Deserialize)]
pub(in crate::http) struct AtRevision {
    #[serde(rename = "crecheId")]
    pub(in crate::http) creche: CrecheId,
    pub(in crate::http) month: Month,
    pub(in crate::http) revision: u32,
}

/// A period of a crèche.
#[derive(Deserialize)]
pub(in crate::http) struct AtPeriod {
    #[serde(rename = "crecheId")]
    pub(in crate::http) creche: CrecheId,
    pub(in crate::http) period: Period,
}

/// A period of the organiser.
#[derive(Deserialize)]
pub(in crate::http) struct PathParams {
    pub(in crate::http) period: Period,
}

/// A doctor of the organiser.
#[derive(Deserialize)]
pub(in crate::http) struct AtDoctor {
    #[serde(rename = "doctorId")]
    pub(in crate::http) doctor: DoctorId,
}

/// A member of the organiser's staff.
#[derive(Deserialize)]
pub(in crate::http) struct AtStaffMember {
    #[serde(rename = "staffMemberId")]
    pub(in crate::http) member: StaffMemberId,
}

/// A user of the organiser.
#[derive(Deserialize)]
pub(super) struct AtUser {
    #[serde(rename = "userId")]
    pub(super) user: UserId,
}

/// An application.
#[derive(Deserialize)]
pub(super) struct AtApplication {
    #[serde(rename = "applicationId")]
    pub(super) application: ApplicationId,
}

/// A key of an application.
#[derive(Deserialize)]
pub(super) struct AtKey {
    #[serde(rename = "applicationId")]
    pub(super) application: ApplicationId,
    #[serde(rename = "keyId")]
    pub(super) key: KeyId,
}

/// A webhook endpoint.
#[derive(Deserialize)]
pub(in crate::http) struct AtWebhookEndpoint {
    #[serde(rename = "webhookEndpointId")]
    pub(in crate::http) endpoint: WebhookEndpointId,
}

/// A delivery to a webhook endpoint, by the id of its event.
#[derive(Deserialize)]
pub(in crate::http) struct AtDelivery {
    #[serde(rename = "webhookEndpointId")]
    pub(in crate::http) endpoint: WebhookEndpointId,
    #[serde(rename = "deliveryId")]
    pub(in crate::http) delivery: EventId,
}
