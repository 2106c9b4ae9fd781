//! Converts the form's input to the document of the API.

use super::view::cell_name;
use crate::console::form::Fields;
use crate::console::form_fields::{digits, text};
use crate::domain::creche::Creche;
use crate::domain::key::Scope;
use crate::domain::raw::{Field, List};
use crate::domain::user::FILES;
use crate::domain::user::raw::{FileScope, MAX_CRECHES, RawChange, RawRight, RawUser};

/// A user to be added.
pub(super) fn new_user(fields: &Fields, creches: &[Creche]) -> RawUser {
    RawUser {
        given_name: text(fields, "givenName"),
        family_name: text(fields, "familyName"),
        email: text(fields, "email"),
        ssin: digits(fields.get("ssin")),
        profile: text(fields, "profile"),
        rights: rights(fields, creches),
        consent_certified: if fields.ticked("consentCertified") { Field::Present(true) } else { Field::Absent },
        unknown: false,
    }
}

/// The change: what the form does not have stays.
pub(super) fn change(fields: &Fields, creches: &[Creche]) -> RawChange {
    RawChange {
        given_name: Field::from_text(fields.get("givenName")),
        family_name: Field::from_text(fields.get("familyName")),
        email: Field::from_text(fields.get("email")),
        profile: text(fields, "profile"),
        rights: if fields.ticked("rights") { rights(fields, creches) } else { Field::Absent },
        active: Field::Absent,
        unknown: false,
    }
}

fn rights(fields: &Fields, creches: &[Creche]) -> Field<List<RawRight, MAX_CRECHES>> {
    let scope = |creche: &Creche, file: usize| -> Option<Scope> {
        match fields.get(&cell_name(creche.id, file)) {
            "read" => Some(FILES[file].read),
            "write" => Some(FILES[file].write),
            "sign" => FILES[file].sign,
            _ => None,
        }
    };
    let right = |creche: &Creche| {
        let scopes =
            (0..FILES.len()).filter_map(|file| scope(creche, file)).map(|scope| Field::Present(FileScope(scope)));
        let scopes = List(scopes.collect());
        Field::Present(RawRight { creche: Field::Present(creche.id), scopes: Field::Present(scopes), unknown: false })
    };
    Field::Present(List(creches.iter().map(right).collect()))
}
