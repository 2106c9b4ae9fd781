//! The parameters of paths, under the names that they have in the contract.

use serde::Deserialize;

use crate::domain::key::KeyId;
use crate::domain::period::{Month, Period, Quarter};
use crate::ids::{
    ApplicationId, CommunicationId, CrecheId, DoctorId, EventId, FileId, OrganiserId, RequestId, StaffMemberId,
    SubsidyPaymentId, UserId, VerdictId, WebhookEndpointId,
};

/// A crèche.
#[derive(Deserialize)]
pub(crate) struct AtCreche {
    #[serde(rename = "crecheId")]
    pub(crate) creche: CrecheId,
}

/// An organiser.
#[derive(Clone, Copy, Deserialize)]
pub(crate) struct AtOrganiser {
    #[serde(rename = "organiserId")]
    pub(crate) organiser: OrganiserId,
}

/// The claim of a quarter or of a month, for the agency.
#[derive(Clone, Copy, Deserialize)]
pub(crate) struct AtClaim {
    #[serde(rename = "organiserId")]
    pub(crate) organiser: OrganiserId,
    #[serde(rename = "crecheId")]
    pub(crate) creche: CrecheId,
    pub(crate) period: Period,
}

impl AtClaim {
    /// The claim.
    pub(crate) const fn key(self) -> (OrganiserId, CrecheId, Period) {
        (self.organiser, self.creche, self.period)
    }

    /// The claim of a quarter; `None` of a month, which has neither staff nor costs.
    pub(crate) const fn of_quarter(self) -> Option<(OrganiserId, CrecheId, Quarter)> {
        match self.period {
            Period::Quarter(quarter) => Some((self.organiser, self.creche, quarter)),
            Period::Month(_) => None,
        }
    }
}

/// A month of a claim, for the agency.
#[derive(Clone, Copy, Deserialize)]
pub(crate) struct AtClaimMonth {
    #[serde(rename = "organiserId")]
    pub(crate) organiser: OrganiserId,
    #[serde(rename = "crecheId")]
    pub(crate) creche: CrecheId,
    pub(crate) period: Period,
    pub(crate) month: Month,
}

/// An attachment of a claim, for the agency.
#[derive(Clone, Copy, Deserialize)]
pub(crate) struct AtClaimAttachment {
    #[serde(rename = "organiserId")]
    pub(crate) organiser: OrganiserId,
    #[serde(rename = "crecheId")]
    pub(crate) creche: CrecheId,
    pub(crate) period: Period,
    #[serde(rename = "attachmentId")]
    pub(crate) attachment: FileId,
}

/// A month of a crèche.
#[derive(Deserialize)]
pub(crate) struct AtMonth {
    #[serde(rename = "crecheId")]
    pub(crate) creche: CrecheId,
    pub(crate) month: Month,
}

/// A revision of a month of a crèche.
#[derive(Deserialize)]
pub(crate) struct AtRevision {
    #[serde(rename = "crecheId")]
    pub(crate) creche: CrecheId,
    pub(crate) month: Month,
    pub(crate) revision: u32,
}

/// A quarter of a crèche.
#[derive(Clone, Copy, Deserialize)]
pub(crate) struct AtQuarter {
    #[serde(rename = "crecheId")]
    pub(crate) creche: CrecheId,
    pub(crate) quarter: Quarter,
}

/// An attachment of the report of a quarter.
#[derive(Clone, Copy, Deserialize)]
pub(crate) struct AtAttachment {
    #[serde(rename = "crecheId")]
    pub(crate) creche: CrecheId,
    pub(crate) quarter: Quarter,
    #[serde(rename = "attachmentId")]
    pub(crate) attachment: FileId,
}

/// A revision of a quarter of a crèche.
#[derive(Deserialize)]
pub(crate) struct AtQuarterRevision {
    #[serde(rename = "crecheId")]
    pub(crate) creche: CrecheId,
    pub(crate) quarter: Quarter,
    pub(crate) revision: u32,
}

/// A revision of the staff register.
#[derive(Deserialize)]
pub(crate) struct AtRegisterRevision {
    pub(crate) revision: u64,
}

/// A period of a crèche.
#[derive(Deserialize)]
pub(crate) struct AtPeriod {
    #[serde(rename = "crecheId")]
    pub(crate) creche: CrecheId,
    pub(crate) period: Period,
}

/// A period of the organiser.
#[derive(Deserialize)]
pub(crate) struct PathParams {
    pub(crate) period: Period,
}

/// A communication of the agency.
#[derive(Clone, Copy, Deserialize)]
pub(crate) struct AtCommunication {
    #[serde(rename = "communicationId")]
    pub(crate) communication: CommunicationId,
}

/// A verdict on a deposit.
#[derive(Clone, Copy, Deserialize)]
pub(crate) struct AtVerdict {
    #[serde(rename = "verdictId")]
    pub(crate) verdict: VerdictId,
}

/// A logged call.
#[derive(Clone, Copy, Deserialize)]
pub(crate) struct AtRequest {
    #[serde(rename = "requestId")]
    pub(crate) request: RequestId,
}

/// A doctor of the organiser.
#[derive(Deserialize)]
pub(crate) struct AtDoctor {
    #[serde(rename = "doctorId")]
    pub(crate) doctor: DoctorId,
}

/// A member of the organiser's staff.
#[derive(Deserialize)]
pub(crate) struct AtStaffMember {
    #[serde(rename = "staffMemberId")]
    pub(crate) member: StaffMemberId,
}

/// A user of the organiser.
#[derive(Deserialize)]
pub(crate) struct AtUser {
    #[serde(rename = "userId")]
    pub(crate) user: UserId,
}

/// An application.
#[derive(Deserialize)]
pub(crate) struct AtApplication {
    #[serde(rename = "applicationId")]
    pub(crate) application: ApplicationId,
}

/// A key of an application.
#[derive(Deserialize)]
pub(crate) struct AtKey {
    #[serde(rename = "applicationId")]
    pub(crate) application: ApplicationId,
    #[serde(rename = "keyId")]
    pub(crate) key: KeyId,
}

/// A payment of a subsidy.
#[derive(Clone, Copy, Deserialize)]
pub(crate) struct AtPayment {
    #[serde(rename = "subsidyPaymentId")]
    pub(crate) payment: SubsidyPaymentId,
}

/// A payment of an organiser, for the agency.
#[derive(Clone, Copy, Deserialize)]
pub(crate) struct AtAgencyPayment {
    #[serde(rename = "organiserId")]
    pub(crate) organiser: OrganiserId,
    #[serde(rename = "subsidyPaymentId")]
    pub(crate) payment: SubsidyPaymentId,
}

impl AtAgencyPayment {
    /// The payment.
    pub(crate) const fn key(self) -> (OrganiserId, SubsidyPaymentId) {
        (self.organiser, self.payment)
    }
}

/// A webhook endpoint.
#[derive(Deserialize)]
pub(crate) struct AtWebhookEndpoint {
    #[serde(rename = "webhookEndpointId")]
    pub(crate) endpoint: WebhookEndpointId,
}

/// A delivery to a webhook endpoint, by the id of its event.
#[derive(Deserialize)]
pub(crate) struct AtDelivery {
    #[serde(rename = "webhookEndpointId")]
    pub(crate) endpoint: WebhookEndpointId,
    #[serde(rename = "deliveryId")]
    pub(crate) delivery: EventId,
}
