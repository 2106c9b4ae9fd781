//! Whether the agency has a number, whichever organiser entered it (docs/domain.md, Staff register): yes or no,
//! nothing else; and whether the family name matches.

use super::number_questions::ask;
use super::person_changes::ssin_hash;
use super::register_view::{RegisterExtent, RegisterView};
use super::{StaffError, invalid};
use crate::app::caller::Caller;
use crate::app::{App, SubmittedDocument};
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::rules::document::SSIN_NOT_INVENTED;
use crate::domain::rules::staff::{FAMILY_NAME_MISMATCH, SSIN_INVALID};
use crate::domain::ssin::Ssin;
use crate::domain::staff::raw::RawQuery;
use crate::ingest::schema::STAFF_QUERY;
use crate::store;

/// The result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberLookup {
    /// Whether the agency has the number.
    pub known: bool,
    /// Whether the family name is still needed, because the agency has the number.
    pub name_needed: bool,
}

/// Looks a number up. Every look-up is counted, and so is every wrong name.
pub async fn look_up_number(
    app: &App,
    caller: &Caller,
    document: SubmittedDocument<'_, RawQuery>,
) -> Result<NumberLookup, StaffError> {
    let (raw, findings) = document.read(STAFF_QUERY);
    let RawQuery { ssin, family_name, .. } = raw.unwrap_or_default();
    let ssin = match ssin.get().map(|text| Ssin::parse(&text.0)) {
        Some(Ok(ssin)) if !findings.has_errors() && !app.accepted_ssins.accept(&ssin) => {
            return Err(at("ssin", Finding::new(&SSIN_NOT_INVENTED, FindingPlace::default())));
        }
        Some(Ok(ssin)) if !findings.has_errors() => ssin,
        Some(Err(_)) if !findings.has_errors() => {
            return Err(at("ssin", Finding::new(&SSIN_INVALID, FindingPlace::default())));
        }
        _ => return Err(invalid(findings)),
    };
    // Of the register only the person with this number is needed.
    let hash = ssin_hash(app.vault.index_key(), &ssin);
    let stored = store::staff::id_with_ssin(&mut app.db.read().await?, caller.organiser, &hash).await?;
    let extent = stored.map_or(RegisterExtent::Nobody, RegisterExtent::One);
    let register = RegisterView::read(app, caller, extent).await?;
    let name = family_name.get().map(|name| name.0.as_str());
    let (known, fits) = ask(&register, &ssin, name).await?;
    if !fits {
        let desk = Param::Code(app.staff.help_desk.clone());
        return Err(at(
            "familyName",
            Finding::new(&FAMILY_NAME_MISMATCH, FindingPlace::default()).with("helpDesk", desk),
        ));
    }
    Ok(NumberLookup { known, name_needed: known && name.is_none() })
}

fn at(field: &str, finding: Finding) -> StaffError {
    let places = vec![FindingPlace::default().field(field)];
    invalid(Findings::from_iter([Finding { places, ..finding }]))
}
