//! What the application's refusals are on the wire.

use crate::app::{Blocked, Fault, NoCreche, act, closures, doctors, statements, users};
use crate::domain::text::Text;
use crate::http::authenticate::NO_RIGHT;
use crate::http::extract::quoted;
use crate::http::problem::{Kind, Problem};

/// How long a caller waits, in seconds, before trying again what the database could not do.
const LATER: u64 = 5;

/// Administrators are out of a user manager's reach.
const ADMINISTRATORS_ONLY: Text = Text {
    fr: "Seul un administrateur peut modifier ou supprimer un administrateur : demandez-le à l'un d'eux.",
    nl: "Enkel een beheerder kan een beheerder wijzigen of verwijderen: vraag het aan een van hen.",
    en: "Only an administrator can change or delete an administrator: ask one of them.",
};

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Store(error) if error.is_unavailable() => Self::unavailable(LATER, error),
            fault => Self::internal(fault),
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
        }
    }
}

impl From<statements::Refusal> for Problem {
    fn from(refusal: statements::Refusal) -> Self {
        match refusal {
            statements::Refusal::Creche(refusal) => refusal.into(),
            statements::Refusal::Invalid { findings, .. } => Self::bad_request(findings),
            statements::Refusal::Blocked(blocked) => blocked.into(),
            statements::Refusal::Locked => Self::new(Kind::StatementLocked),
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
