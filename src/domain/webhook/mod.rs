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
    pub enum EndpointState {
        /// It has not been verified yet.
        Pending "pending" = "À vérifier", "Te controleren", "To be verified";
        /// Events are delivered to it.
        Active "active" = "En service", "In gebruik", "In use";
        /// Deliveries are queued until it is resumed.
        Paused "paused" = "En pause", "Gepauzeerd", "Paused";
        /// It gets no more deliveries.
        Disabled "disabled" = "Arrêté", "Gestopt", "Disabled";
    }
}

codes! {
    /// Why an endpoint is paused or disabled.
    pub enum Reason {
        /// By request of the organiser.
        Person "person" = "à votre demande", "op uw vraag", "because you asked for it";
        /// Nothing could be delivered for five days.
        Failing "failing" = "après cinq jours d’échecs", "na vijf dagen mislukkingen", "after five days of failures";
        /// It answered that it is gone (410).
        Gone "gone" = "l’adresse a répondu qu’elle n’existe plus (410)", "het adres antwoordde dat het niet meer bestaat (410)", "the address answered that it is gone (410)";
    }
}

codes! {
    /// The state of a delivery.
    pub enum DeliveryProgress {
        /// Its first attempt or a retry is pending.
        Waiting "waiting" = "En attente", "In afwachting", "Waiting";
        /// The endpoint accepted it.
        Delivered "delivered" = "Remis", "Afgeleverd", "Delivered";
        /// It was given up.
        Failed "failed" = "Échoué", "Mislukt", "Failed";
    }
}

codes! {
    /// Why an attempt failed.
    pub enum DeliveryFailure {
        /// The response's status is not 2xx.
        Status "status" = "réponse d’erreur", "foutantwoord", "answered with an error";
        /// A redirect (3xx), which is never followed.
        Redirect "redirect" = "redirection, jamais suivie", "doorverwijzing, nooit gevolgd", "redirected, which is never followed";
        /// The endpoint is gone (410).
        Gone "gone" = "l’adresse n’existe plus", "het adres bestaat niet meer", "gone";
        /// There was no response in time.
        Timeout "timeout" = "pas de réponse à temps", "geen antwoord op tijd", "no answer in time";
        /// Unknown host, refused connection, or an address that is not allowed: the organiser does not get which.
        Unreachable "unreachable" = "adresse injoignable", "adres onbereikbaar", "cannot be reached";
        /// No TLS connection could be made.
        Tls "tls" = "connexion chiffrée impossible", "geen versleutelde verbinding mogelijk", "no encrypted connection";
        /// The response does not consent to deliveries (CloudEvents handshake).
        NoConsent "noConsent" = "pas d’accord donné", "geen toestemming gegeven", "no consent given";
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
