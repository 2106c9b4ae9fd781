//! An event in the feed and in webhooks: a CloudEvent 1.0 that names objects without their content.

use jiff::Timestamp;
use serde::Serialize;

use super::{About, Event};
use crate::domain::period::Period;
use crate::ids::{CrecheId, EventId, OrganiserId};

/// The `source` of events: a name in reverse DNS and its major version (BelGIF).
pub const SERVICE: &str = "be.one.passerelle.v1";

/// An event as a CloudEvent in structured mode (`application/cloudevents+json`).
#[derive(Debug, Serialize)]
pub struct CloudEvent<'a> {
    specversion: &'static str,
    id: EventId,
    source: &'a str,
    service: &'static str,
    r#type: &'static str,
    time: Timestamp,
    datacontenttype: &'static str,
    /// The organiser's sequence number, from 1 without gaps; 0 for a test, which is not in the feed.
    number: u64,
    data: CloudEventData<'a>,
}

/// The data of an event.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CloudEventData<'a> {
    organiser_id: OrganiserId,
    #[serde(skip_serializing_if = "Option::is_none")]
    creche_id: Option<CrecheId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<Period>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    days_left: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    href: Option<String>,
}

impl<'a> CloudEvent<'a> {
    /// The organiser's event with this number; `root` is that of the gateway's API.
    pub fn new(root: &'a str, organiser: OrganiserId, number: u64, event: &'a Event) -> Self {
        Self {
            specversion: "1.0",
            id: event.id,
            source: root,
            service: SERVICE,
            r#type: event.kind.code(),
            time: event.at,
            datacontenttype: "application/json",
            number,
            data: CloudEventData {
                organiser_id: organiser,
                creche_id: event.creche,
                period: event.period,
                id: event.subject.as_deref(),
                version: event.revision,
                warnings: event.warnings,
                days_left: event.days_left,
                href: event.path().map(|path| format!("{root}{path}")),
            },
        }
    }
}

impl Event {
    /// The path of the subject, below the root of the API.
    fn path(&self) -> Option<String> {
        let subject = self.subject.as_deref();
        Some(match self.kind.about() {
            About::Statement(statements) => format!("/creches/{}/{statements}/{}", self.creche?, self.period?),
            About::Closures => format!("/creches/{}/closures", self.creche?),
            About::Doctor => format!("/doctors/{}", subject?),
            About::StaffRegister => match subject {
                Some(member) => format!("/staffMembers/{member}"),
                None => "/staffRegister".to_owned(),
            },
            About::SubsidyPayment => format!("/subsidyPayments/{}", subject?),
            About::Communication => format!("/communications/{}", subject?),
            About::Application => format!("/applications/{}", subject?),
            // A key has no address of its own.
            About::Key => return None,
            About::WebhookEndpoint => format!("/webhookEndpoints/{}", subject?),
        })
    }
}
