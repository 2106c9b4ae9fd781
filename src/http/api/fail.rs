//! What the application's refusals are on the wire.

use crate::app::{Blocked, Fault, NoCreche, closures, statements};
use crate::http::extract::quoted;
use crate::http::problem::{Kind, Problem};

/// How long a caller waits, in seconds, before trying again what the database could not do.
const LATER: u64 = 5;

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
