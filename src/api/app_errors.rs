//! What the application's refusals are on the wire.

use crate::app::events::FeedError;
use crate::app::{
    AccessError, InternalError, PreconditionError, closures, doctors, operator, staff, statements, users, webhooks,
};
use crate::domain::finding::Param;
use crate::domain::text::LocalText;
use crate::http::authenticate::NO_RIGHT;
use crate::http::extract::quoted;
use crate::http::problem::{Kind, Problem};

/// How long a caller waits, in seconds, before trying again what the database could not do.
const LATER: u64 = 5;

/// How long, in seconds, where somebody must free space first.
const ONCE_FREED: u64 = 60;

/// Administrators are out of a user manager's reach.
const ADMINISTRATORS_ONLY: LocalText = LocalText {
    fr: "Seul un administrateur peut modifier ou supprimer un administrateur : demandez-le à l’un d’eux.",
    nl: "Enkel een beheerder kan een beheerder wijzigen of verwijderen: vraag het aan een van hen.",
    en: "Only an administrator can change or delete an administrator: ask one of them.",
};

/// The register is the organiser's, not a crèche's.
const WHOLE_REGISTER: LocalText = LocalText {
    fr: "Le registre entier n’est accessible qu’à qui a accès à toutes les crèches de l’organisateur : passez par /staffMembers pour les personnes de vos crèches.",
    nl: "Het hele register is er alleen voor wie toegang heeft tot alle opvanglocaties van de organisator: gebruik /staffMembers voor de personen van uw opvanglocaties.",
    en: "The whole register is for those who reach every crèche of the organiser: use /staffMembers for the persons of your crèches.",
};

/// Numbers are not to be probed.
const TOO_MANY_TRIES: LocalText = LocalText {
    fr: "Trop d’essais sur des numéros nationaux : rien n’a été enregistré. Vérifiez les numéros et les noms avant de réessayer.",
    nl: "Te veel pogingen met rijksregisternummers: er is niets bewaard. Controleer de nummers en de namen voor u het opnieuw probeert.",
    en: "Too many tries at national numbers: nothing was kept. Check numbers and names before you try again.",
};

/// A key that only tries cannot do what cannot be tried.
const ONLY_TRIES: LocalText = LocalText {
    fr: "Une clé d’essai vérifie sans rien faire : créer et changer un point de notification s’essaient avec elle, ceci demande une clé réelle.",
    nl: "Een proefsleutel controleert zonder iets te doen: een meldpunt aanmaken en wijzigen kan ermee geprobeerd worden, hiervoor is een echte sleutel nodig.",
    en: "A trial key checks and does nothing: creating and changing an endpoint can be tried with it, this needs a live key.",
};

/// Tests go to addresses that nobody has asked yet.
const TOO_MANY_TESTS: LocalText = LocalText {
    fr: "Trop d’essais en peu de temps : attendez avant d’en envoyer d’autres.",
    nl: "Te veel tests op korte tijd: wacht voor u er nog verstuurt.",
    en: "Too many tests in a short time: wait before you send more.",
};

/// `If-Match` on something that was never written.
const NOTHING_THERE: LocalText = LocalText {
    fr: "Rien n’est encore enregistré ici : il n’y a rien à remplacer. Renvoyez la même demande sans If-Match.",
    nl: "Hier is nog niets bewaard: er is niets te vervangen. Stuur hetzelfde verzoek opnieuw zonder If-Match.",
    en: "Nothing is kept here yet, so there is nothing to replace. Send the same request again without If-Match.",
};

/// `If-None-Match: *` on something that is there.
const THERE_ALREADY: LocalText = LocalText {
    fr: "Quelque chose est déjà enregistré ici : lisez-le et, pour le remplacer, renvoyez la demande avec son ETag dans If-Match, sans If-None-Match.",
    nl: "Hier is al iets bewaard: lees het en stuur, om het te vervangen, het verzoek opnieuw met zijn ETag in If-Match, zonder If-None-Match.",
    en: "Something is kept here already: read it and, to replace it, send the request again with its ETag in If-Match, without If-None-Match.",
};

/// Something was done too often, which is told with how long to wait.
fn too_often(why: LocalText, seconds: u64) -> Problem {
    let problem = Problem::new(Kind::TooManyFailedRequests).detail(why).member("retryAfterSec", seconds);
    problem.header(axum::http::header::RETRY_AFTER, &seconds.to_string())
}

impl From<InternalError> for Problem {
    fn from(fault: InternalError) -> Self {
        match fault {
            InternalError::Store(error) if error.is_storage_full() => Self::insufficient_storage(ONCE_FREED, error),
            InternalError::Store(error) if error.is_unavailable() => Self::unavailable(LATER, error),
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

impl From<AccessError> for Problem {
    fn from(refusal: AccessError) -> Self {
        match refusal {
            AccessError::Unknown => Self::not_found("crecheId"),
            AccessError::NotGranted => Self::new(Kind::MissingPermission),
            AccessError::Fault(fault) => fault.into(),
        }
    }
}

impl From<PreconditionError> for Problem {
    fn from(blocked: PreconditionError) -> Self {
        match blocked {
            PreconditionError::Unguarded(version) => {
                let etag = quoted(&version.to_string());
                Self::new(Kind::PreconditionRequired)
                    .member("currentEtag", etag.clone())
                    .header(axum::http::header::ETAG, &etag)
            }
            PreconditionError::Stale(current) => {
                Self::precondition_failed(current.map(|version| quoted(&version.to_string())).as_deref())
            }
            PreconditionError::Missing => Self::precondition_failed(None).detail(NOTHING_THERE),
            PreconditionError::Exists(version) => {
                Self::precondition_failed(Some(&quoted(&version.to_string()))).detail(THERE_ALREADY)
            }
        }
    }
}

impl From<statements::DepositError> for Problem {
    fn from(refusal: statements::DepositError) -> Self {
        match refusal {
            statements::DepositError::Creche(refusal) => refusal.into(),
            statements::DepositError::Invalid { findings, .. } => Self::bad_request(findings),
            statements::DepositError::Blocked(blocked) => blocked.into(),
            statements::DepositError::Fault(fault) => fault.into(),
        }
    }
}

impl From<doctors::DoctorError> for Problem {
    fn from(refusal: doctors::DoctorError) -> Self {
        match refusal {
            doctors::DoctorError::NoDoctor(_) => Self::not_found("doctorId"),
            doctors::DoctorError::NoAgreement => Self::not_found("agreement"),
            doctors::DoctorError::Invalid(findings) => Self::bad_request(findings),
            doctors::DoctorError::Blocked(blocked) => blocked.into(),
            doctors::DoctorError::Fault(fault) => fault.into(),
        }
    }
}

impl From<staff::StaffError> for Problem {
    fn from(refusal: staff::StaffError) -> Self {
        match refusal {
            staff::StaffError::NoMember(_) => Self::not_found("staffMemberId"),
            staff::StaffError::NotWhole => Self::new(Kind::MissingPermission).detail(WHOLE_REGISTER),
            staff::StaffError::Creche(refusal) => refusal.into(),
            staff::StaffError::Invalid { findings, .. } => Self::bad_request(findings),
            staff::StaffError::TooOften { seconds } => too_often(TOO_MANY_TRIES, seconds),
            staff::StaffError::Blocked(blocked) => blocked.into(),
            staff::StaffError::Fault(fault) => fault.into(),
        }
    }
}

impl From<closures::ClosureError> for Problem {
    fn from(refusal: closures::ClosureError) -> Self {
        match refusal {
            closures::ClosureError::Creche(refusal) => refusal.into(),
            closures::ClosureError::Invalid(findings) => Self::bad_request(findings),
            closures::ClosureError::Blocked(blocked) => blocked.into(),
            closures::ClosureError::Fault(fault) => fault.into(),
        }
    }
}

impl From<users::UserError> for Problem {
    fn from(refusal: users::UserError) -> Self {
        match refusal {
            users::UserError::NoUser(_) => Self::not_found("userId"),
            users::UserError::NotAllowed => Self::new(Kind::MissingPermission).detail(NO_RIGHT),
            users::UserError::Reserved => Self::new(Kind::MissingPermission).detail(ADMINISTRATORS_ONLY),
            users::UserError::Invalid(findings) => Self::bad_request(findings),
            users::UserError::Blocked(blocked) => blocked.into(),
            users::UserError::Fault(fault) => fault.into(),
        }
    }
}

impl From<webhooks::WebhookError> for Problem {
    fn from(refusal: webhooks::WebhookError) -> Self {
        match refusal {
            webhooks::WebhookError::NoEndpoint(_) => Self::not_found("webhookEndpointId"),
            webhooks::WebhookError::NoDelivery(_) => Self::not_found("deliveryId"),
            webhooks::WebhookError::OnlyTries => Self::new(Kind::MissingPermission).detail(ONLY_TRIES),
            webhooks::WebhookError::TooOften { seconds } => too_often(TOO_MANY_TESTS, seconds),
            webhooks::WebhookError::Invalid(findings) => Self::bad_request(findings),
            webhooks::WebhookError::Fault(fault) => fault.into(),
        }
    }
}

impl From<operator::OperatorError> for Problem {
    fn from(refusal: operator::OperatorError) -> Self {
        match refusal {
            operator::OperatorError::NoApplication(_) => Self::not_found("applicationId"),
            operator::OperatorError::NoKey(_) => Self::not_found("keyId"),
            operator::OperatorError::Invalid(findings) => Self::bad_request(findings),
            operator::OperatorError::Fault(fault) => fault.into(),
            // Acts of the operator, and a random id that was taken.
            other => Self::internal(other),
        }
    }
}
