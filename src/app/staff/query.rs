//! Whether the agency knows a person, whichever organiser entered it (docs/domain.md, Staff register): known or unknown,
//! nothing else; and whether the family name is the one known.

use super::transaction::{RegisterExtent, RegisterTransaction, hash_of};
use super::{StaffError, invalid};
use crate::app::caller::Caller;
use crate::app::{App, SubmittedDocument};
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::person::Name;
use crate::domain::rules::staff::{FAMILY_NAME_MISMATCH, SSIN_INVALID};
use crate::domain::ssin::Ssin;
use crate::domain::staff::raw::RawQuery;
use crate::ingest::schema::STAFF_QUERY;
use crate::store::{self, WritePurpose};

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberAnswer {
    /// Whether the agency knows the number.
    pub known: bool,
    /// Whether the family name has still to be given, because the number is known.
    pub name_needed: bool,
}

/// Asks. Every question is counted, and so is every name that is wrong.
pub async fn query(
    app: &App,
    caller: &Caller,
    document: SubmittedDocument<'_, RawQuery>,
) -> Result<NumberAnswer, StaffError> {
    let (raw, findings) = document.read(STAFF_QUERY);
    let RawQuery { ssin, family_name, .. } = raw.unwrap_or_default();
    let ssin = match ssin.get().map(|text| Ssin::parse(&text.0)) {
        Some(Ok(ssin)) if !findings.has_errors() => ssin,
        Some(Err(_)) if !findings.has_errors() => {
            return Err(at("ssin", Finding::new(&SSIN_INVALID, FindingPlace::default())));
        }
        _ => return Err(invalid(findings)),
    };
    // Of the register only the person who has the number matters.
    let hash = hash_of(app.vault.index(), &ssin);
    let held = store::staff::with_ssin(&mut app.db.read().await?, caller.organiser, &hash).await?;
    let extent = held.map_or(RegisterExtent::Nobody, RegisterExtent::One);
    let mut register = RegisterTransaction::open(app, caller, extent, WritePurpose::RecordOnly).await?;
    match ask(&mut register, &ssin, family_name.get()).await {
        Err(refusal @ StaffError::Fault(_)) => Err(refusal),
        answer => register.commit(answer).await?,
    }
}

async fn ask(
    register: &mut RegisterTransaction<'_>,
    ssin: &Ssin,
    family_name: Option<&Name>,
) -> Result<NumberAnswer, StaffError> {
    let (known, fits) = register.is_known(ssin, family_name.map(|name| name.0.as_str())).await?;
    if !fits {
        let help = Param::Code(register.app.staff.help_desk.clone());
        return Err(at(
            "familyName",
            Finding::new(&FAMILY_NAME_MISMATCH, FindingPlace::default()).with("helpDesk", help),
        ));
    }
    Ok(NumberAnswer { known, name_needed: known && family_name.is_none() })
}

fn at(field: &str, finding: Finding) -> StaffError {
    let places = vec![FindingPlace::default().field(field)];
    invalid(Findings::from_iter([Finding { places, ..finding }]))
}
