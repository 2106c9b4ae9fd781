//! Webhooks: endpoints, deliveries and their limits.

mod mask;
mod raw;
mod schedule;

pub use self::mask::mask_answer;
pub use self::raw::{
    DeliveryRate, EndpointSettings, Header, HeaderName, HeaderValue, RawEndpoint, RawHeader, RequestedEndpoint,
    UrlObjection, address,
};
pub use self::schedule::{FAILING_TOO_LONG, NextStep, SCHEDULE, next_step};
use super::codes::codes;
use super::event::EventType;

codes! {
    /// How deliveries are signed (Standard Webhooks 1.0.0).
    pub enum Signing {
        /// HMAC-SHA256 with a secret that both sides have.
        Hmac "v1";
        /// Ed25519: the gateway has the private key, the receiver the public one.
        Ed25519 "v1a";
    }
}

codes! {
    /// The state of an endpoint.
    pub enum EndpointState with codes_webhook {
        /// It has not been verified yet.
        Pending "pending";
        /// Events are delivered to it.
        Active "active";
        /// Deliveries are queued until it is resumed.
        Paused "paused";
        /// It gets no more deliveries.
        Disabled "disabled";
    }
}

codes! {
    /// Why an endpoint is paused or disabled.
    pub enum Reason with codes_webhook {
        /// By request of the organiser.
        Person "person";
        /// Nothing could be delivered for five days.
        Failing "failing";
        /// It answered that it is gone (410).
        Gone "gone";
    }
}

codes! {
    /// The state of a delivery.
    pub enum DeliveryProgress with codes_webhook {
        /// Its first attempt or a retry is pending.
        Waiting "waiting";
        /// The endpoint accepted it.
        Delivered "delivered";
        /// It was given up.
        Failed "failed";
    }
}

codes! {
    /// Why an attempt failed.
    pub enum DeliveryFailure with codes_webhook {
        /// The response's status is not 2xx.
        Status "status";
        /// A redirect (3xx), which is never followed.
        Redirect "redirect";
        /// The endpoint is gone (410).
        Gone "gone";
        /// There was no response in time.
        Timeout "timeout";
        /// Unknown host, refused connection, or an address that is not allowed: the organiser does not get which.
        Unreachable "unreachable";
        /// No TLS connection could be made.
        Tls "tls";
        /// The response does not consent to deliveries (CloudEvents handshake).
        NoConsent "noConsent";
    }
}

/// The highest number of deliveries per second of an endpoint, and the default.
pub const MAX_RATE: u32 = 1000;
/// The usual rate.
pub const USUAL_RATE: u32 = 100;
/// The most deliveries a minute that an endpoint can consent to.
pub const MAX_CONSENTED_PER_MINUTE: u32 = MAX_RATE * 60;
/// Most tests that an organiser sends in a minute: the receiver has not consented yet.
pub const MOST_TESTS: u64 = 60;

/// A filter of deliveries.
#[derive(Debug, Clone, Copy, Default)]
pub struct DeliveryFilter {
    /// Those in this state.
    pub progress: Option<DeliveryProgress>,
    /// Those of this type.
    pub kind: Option<EventType>,
}
