//! Webhooks: where an organiser wants to be told what happens, and how often it is tried.

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
        /// HMAC-SHA256 with a secret that both sides hold.
        Hmac "v1";
        /// Ed25519: we hold the private key, the receiver the public one.
        Ed25519 "v1a";
    }
}

codes! {
    /// Where an endpoint stands.
    pub enum EndpointState {
        /// It has not shown yet that it takes what is sent.
        Pending "pending" = "À vérifier", "Te controleren", "To be verified";
        /// It is told what happens.
        Active "active" = "En service", "In gebruik", "In use";
        /// What happens is kept for it until it is resumed.
        Paused "paused" = "En pause", "Gepauzeerd", "Paused";
        /// It is told nothing any more.
        Disabled "disabled" = "Arrêté", "Gestopt", "Disabled";
    }
}

codes! {
    /// Why an endpoint is paused or disabled.
    pub enum Reason {
        /// Somebody wanted it so.
        Person "person" = "à votre demande", "op uw vraag", "because you asked for it";
        /// Nothing could be delivered for five days.
        Failing "failing" = "après cinq jours d’échecs", "na vijf dagen mislukkingen", "after five days of failures";
        /// It answered that it is gone (410).
        Gone "gone" = "l’adresse a répondu qu’elle n’existe plus (410)", "het adres antwoordde dat het niet meer bestaat (410)", "the address answered that it is gone (410)";
    }
}

codes! {
    /// Where a delivery stands.
    pub enum DeliveryProgress {
        /// It is to be tried, for the first time or again.
        Waiting "waiting" = "En attente", "In afwachting", "Waiting";
        /// The endpoint took it.
        Delivered "delivered" = "Remis", "Afgeleverd", "Delivered";
        /// It was given up.
        Failed "failed" = "Échoué", "Mislukt", "Failed";
    }
}

codes! {
    /// Why an attempt counts as failed.
    pub enum DeliveryFailure {
        /// The answer's status is not 2xx.
        Status "status" = "réponse d’erreur", "foutantwoord", "answered with an error";
        /// It answered that it is somewhere else (3xx), which is never followed.
        Redirect "redirect" = "redirection, jamais suivie", "doorverwijzing, nooit gevolgd", "redirected, which is never followed";
        /// It answered that it is gone (410).
        Gone "gone" = "l’adresse n’existe plus", "het adres bestaat niet meer", "gone";
        /// There was no answer in time.
        Timeout "timeout" = "pas de réponse à temps", "geen antwoord op tijd", "no answer in time";
        /// There is no such host, nobody listens there, or the gateway does not call it: an organiser is not to learn which.
        Unreachable "unreachable" = "adresse injoignable", "adres onbereikbaar", "cannot be reached";
        /// No encrypted connection could be made.
        Tls "tls" = "connexion chiffrée impossible", "geen versleutelde verbinding mogelijk", "no encrypted connection";
        /// The answer does not consent to deliveries (CloudEvents handshake).
        NoConsent "noConsent" = "pas d’accord donné", "geen toestemming gegeven", "no consent given";
    }
}

/// Most deliveries in a second that an endpoint may ask for, and what it gets when it asks for nothing.
pub const MAX_RATE: u32 = 1000;
/// The usual rate.
pub const USUAL_RATE: u32 = 100;
/// The most deliveries a minute that an endpoint can consent to.
pub const MAX_CONSENTED_PER_MINUTE: u32 = MAX_RATE * 60;
/// Most tests that an organiser sends in a minute: the receiver was not asked yet.
pub const MOST_TESTS: u64 = 60;

/// Which deliveries are looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct DeliveryFilter {
    /// Those that stand there.
    pub progress: Option<DeliveryProgress>,
    /// Those of this type.
    pub kind: Option<EventType>,
}
