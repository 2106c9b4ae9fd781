//! What the application's refusals are on the wire.

use crate::app::events::FeedError;
use crate::app::{Blocked, Fault, NoCreche, act, closures, doctors, staff, statements, users, webhooks};
use crate::domain::finding::Param;
use crate::domain::text::Text;
use crate::http::authenticate::NO_RIGHT;
use crate::http::extract::quoted;
use crate::http::problem::{Kind, Problem};

/// How long a caller waits, in seconds, before trying again what the database could not do.
const LATER: u64 = 5;

/// How long, in seconds, where somebody must free space first.
const ONCE_FREED: u64 = 60;

/// Administrators are out of a user manager's reach.
const ADMINISTRATORS_ONLY: Text = Text {
    fr: "Seul un administrateur peut modifier ou supprimer un administrateur : demandez-le à l’un d’eux.",
    nl: "Enkel een beheerder kan een beheerder wijzigen of verwijderen: vraag het aan een van hen.",
    en: "Only an administrator can change or delete an administrator: ask one of them.",
};

/// The register is the organiser's, not a crèche's.
const WHOLE_REGISTER: Text = Text {
    fr: "Le registre entier n’est accessible qu’à qui a accès à toutes les crèches de l’organisateur : passez par /staffMembers pour les personnes de vos crèches.",
    nl: "Het hele register is er alleen voor wie toegang heeft tot alle opvanglocaties van de organisator: gebruik /staffMembers voor de personen van uw opvanglocaties.",
    en: "The whole register is for those who reach every crèche of the organiser: use /staffMembers for the persons of your crèches.",
};

/// Numbers are not to be probed.
const TOO_MANY_TRIES: Text = Text {
    fr: "Trop d’essais sur des numéros nationaux : rien n’a été enregistré. Vérifiez les numéros et les noms avant de réessayer.",
    nl: "Te veel pogingen met rijksregisternummers: er is niets bewaard. Controleer de nummers en de namen voor u het opnieuw probeert.",
    en: "Too many tries at national numbers: nothing was kept. Check numbers and names before you try again.",
};

/// A key that only tries cannot do what cannot be tried.
const ONLY_TRIES: Text = Text {
    fr: "Une clé d’essai vérifie sans rien faire : créer et changer un point de notification s’essaient avec elle, ceci demande une clé réelle.",
    nl: "Een proefsleutel controleert zonder iets te doen: een meldpunt aanmaken en wijzigen kan ermee geprobeerd worden, hiervoor is een echte sleutel nodig.",
    en: "A trial key checks and does nothing: creating and changing an endpoint can be tried with it, this needs a live key.",
};

/// Tests go to addresses that nobody has asked yet.
const TOO_MANY_TESTS: Text = Text {
    fr: "Trop d’essais en peu de temps : attendez avant d’en envoyer d’autres.",
    nl: "Te veel tests op korte tijd: wacht voor u er nog verstuurt.",
    en: "Too many tests in a short time: wait before you send more.",
};

/// `If-Match` on something that was never written.
const NOTHING_THERE: Text = Text {
    fr: "Rien n’est encore enregistré ici : il n’y a rien à remplacer. Renvoyez la même demande sans If-Match.",
    nl: "Hier is nog niets bewaard: er is niets te vervangen. Stuur hetzelfde verzoek opnieuw zonder If-Match.",
    en: "Nothing is kept here yet, so there is nothing to replace. Send the same request again without If-Match.",
};

/// `If-None-Match: *` on something that is there.
const THERE_ALREADY: Text = Text {
    fr: "Quelque chose est déjà enregistré ici : lisez-le et, pour le remplacer, renvoyez la demande avec son ETag dans If-Match, sans If-None-Match.",
    nl: "Hier is al iets bewaard: lees het en stuur, om het te vervangen, het verzoek opnieuw met zijn ETag in If-Match, zonder If-None-Match.",
    en: "Something is kept here already: read it and, to replace it, send the request again with its ETag in If-Match, without If-None-Match.",
};

/// Something was done too often, which is told with how long to wait.
fn too_often(why: Text, seconds: u64) -> Problem {
    let problem = Problem::new(Kind::TooManyFailedRequests).detail(why).member("retryAfterSec", seconds);
    problem.header(axum::http::header::RETRY_AFTER, &seconds.to_string())
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Store(error) if error.is_storage_full() => Self::insufficient_storage(ONCE_FREED, error),
            Fault::Store(error) if error.is_unavailable() => Self::unavailable(LATER, error),
            fault => Self::internal(fault),
        }
    }
}

impl From<FeedError> for Problem {
    fn from(error: FeedError) -> Self {
        match error {
            FeedError::AfterEnd { last, after } => Self::new(Kind::AfterFeedEnd)
                .with("last", Param::Count(last))
                .with("after", Param::Count(after))
                .member("upTo", last),
            FeedError::Fault(fault) => fault.into(),
        }
    }
}

impl From<NoCreche> for Problem {
    fn from(refusal: NoCreche) -> Self {
        match refusal {
            NoCreche::Unknown => Self::not_found("crecheId"),
            NoCreche::NotGranted => Self::new(Kind::MissingPermission),
            NoCreche::Fault(fault) => fault.into(),
        }
    }
}

impl From<Blocked> for Problem {
    fn from(blocked: Blocked) -> Self {
        match blocked {
            Blocked::Unguarded(version) => {
                let etag = quoted(&version.to_string());
                Self::new(Kind::PreconditionRequired)
                    .member("currentEtag", etag.clone())
                    .header(axum::http::header::ETAG, &etag)
            }
            Blocked::Stale(current) => {
                Self::precondition_failed(current.map(|version| quoted(&version.to_string())).as_deref())
            }
            Blocked::Missing => Self::precondition_failed(None).detail(NOTHING_THERE),
            Blocked::Exists(version) => {
                Self::precondition_failed(Some(&quoted(&version.to_string()))).detail(THERE_ALREADY)
            }
        }
    }
}

impl From<statements::Refusal> for Problem {
    fn from(refusal: statements::Refusal) -> Self {
        match refusal {
            statements::Refusal::Creche(refusal) => refusal.into(),
            statements::Refusal::Invalid { findings, .. } => Self::bad_request(findings),
            statements::Refusal::Blocked(blocked) => blocked.into(),
            statements::Refusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<doctors::Refusal> for Problem {
    fn from(refusal: doctors::Refusal) -> Self {
        match refusal {
            doctors::Refusal::NoDoctor(_) => Self::not_found("doctorId"),
            doctors::Refusal::NoAgreement => Self::not_found("agreement"),
            doctors::Refusal::Invalid(findings) => Self::bad_request(findings),
            doctors::Refusal::Blocked(blocked) => blocked.into(),
            doctors::Refusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<staff::Refusal> for Problem {
    fn from(refusal: staff::Refusal) -> Self {
        match refusal {
            staff::Refusal::NoMember(_) => Self::not_found("staffMemberId"),
            staff::Refusal::NotWhole => Self::new(Kind::MissingPermission).detail(WHOLE_REGISTER),
            staff::Refusal::Creche(refusal) => refusal.into(),
            staff::Refusal::Invalid { findings, .. } => Self::bad_request(findings),
            staff::Refusal::TooOften { seconds } => too_often(TOO_MANY_TRIES, seconds),
            staff::Refusal::Blocked(blocked) => blocked.into(),
            staff::Refusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<closures::Refusal> for Problem {
    fn from(refusal: closures::Refusal) -> Self {
        match refusal {
            closures::Refusal::Creche(refusal) => refusal.into(),
            closures::Refusal::Invalid(findings) => Self::bad_request(findings),
            closures::Refusal::Blocked(blocked) => blocked.into(),
            closures::Refusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<users::Refusal> for Problem {
    fn from(refusal: users::Refusal) -> Self {
        match refusal {
            users::Refusal::NoUser(_) => Self::not_found("userId"),
            users::Refusal::NotAllowed => Self::new(Kind::MissingPermission).detail(NO_RIGHT),
            users::Refusal::Reserved => Self::new(Kind::MissingPermission).detail(ADMINISTRATORS_ONLY),
            users::Refusal::Invalid(findings) => Self::bad_request(findings),
            users::Refusal::Blocked(blocked) => blocked.into(),
            users::Refusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<webhooks::Refusal> for Problem {
    fn from(refusal: webhooks::Refusal) -> Self {
        match refusal {
            webhooks::Refusal::NoEndpoint(_) => Self::not_found("webhookEndpointId"),
            webhooks::Refusal::NoDelivery(_) => Self::not_found("deliveryId"),
            webhooks::Refusal::OnlyTries => Self::new(Kind::MissingPermission).detail(ONLY_TRIES),
            webhooks::Refusal::TooOften { seconds } => too_often(TOO_MANY_TESTS, seconds),
            webhooks::Refusal::Invalid(findings) => Self::bad_request(findings),
            webhooks::Refusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<act::Refusal> for Problem {
    fn from(refusal: act::Refusal) -> Self {
        match refusal {
            act::Refusal::NoApplication(_) => Self::not_found("applicationId"),
            act::Refusal::NoKey(_) => Self::not_found("keyId"),
            act::Refusal::Invalid(findings) => Self::bad_request(findings),
            act::Refusal::Fault(fault) => fault.into(),
            // Acts of the operator, and a random id that was taken.
            other => Self::internal(other),
        }
    }
}
