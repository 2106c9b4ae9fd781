//! The fields of a doctor's form: rendering, parsing, stored values.

use super::sheet::{EMAIL_LABEL, INAMI_LABEL, MOBILE_LABEL, OFFICE_PHONE_LABEL};
use crate::app::doctors::Doctor;
use crate::console::field_labels::{FAMILY_NAME, GIVEN_NAME};
use crate::console::form::Fields;
use crate::console::form_fields::{FieldErrors, TextField, chosen, digits, text};
use crate::console::page_frame::PageFrame;
use crate::domain::doctor::raw::{Creches, RawDoctor};
use crate::domain::raw::{Choice, Field};
use crate::words::{self, LocalText};

/// The text fields: name, kind, whether it is required, label, hint.
const ENTRIES: [(&str, &str, bool, LocalText, LocalText); 14] = [
    ("inami", "text", true, INAMI_LABEL, words::doctors::ELEVEN_DIGITS_THE_FIRST_IS_1),
    ("givenName", "text", true, GIVEN_NAME, NO_HINT),
    ("familyName", "text", true, FAMILY_NAME, NO_HINT),
    ("street", "text", true, words::doctors::STREET, NO_HINT),
    ("houseNumber", "text", true, words::doctors::HOUSE_NUMBER, NO_HINT),
    ("box", "text", false, words::doctors::BOX_2, NO_HINT),
    ("postcode", "text", true, words::doctors::POSTCODE, POSTCODE_HINT),
    ("town", "text", true, words::doctors::TOWN, NO_HINT),
    ("country", "text", false, words::doctors::COUNTRY, words::doctors::TWO_LETTERS_BE_FOR_BELGIUM),
    ("mobile", "tel", true, MOBILE_LABEL, MOBILE_HINT),
    ("officePhone", "tel", true, OFFICE_PHONE_LABEL, PHONE_HINT),
    ("email", "email", true, EMAIL_LABEL, NO_HINT),
    ("startDate", "date", true, words::doctors::START_OF_THE_COLLABORATION, NO_HINT),
    ("endDate", "date", false, words::doctors::END_OF_THE_COLLABORATION, words::doctors::LEAVE_IT_EMPTY_AS_LONG_AS),
];

const NO_HINT: LocalText = LocalText::EMPTY;
const POSTCODE_HINT: LocalText = words::doctors::POSTCODE_HINT;
const MOBILE_HINT: LocalText = words::doctors::MOBILE_HINT;
const PHONE_HINT: LocalText = words::doctors::PHONE_HINT;

/// The name of a field.
pub(in crate::console) fn label_of(name: &str) -> Option<LocalText> {
    ENTRIES.iter().find(|(known, ..)| *known == name).map(|(.., label, _)| *label)
}

/// The fields with their values.
pub(super) fn text_inputs(frame: &PageFrame, fields: &Fields, faults: &FieldErrors) -> Vec<TextField> {
    let entry = |(name, kind, required, label, hint): (&'static str, &'static str, bool, LocalText, LocalText)| {
        let entry =
            TextField::new(name, fields, faults).described(kind, frame.text(&label), frame.text(&hint), required);
        if name == "inami" { entry.of_digits() } else { entry }
    };
    ENTRIES.into_iter().map(entry).collect()
}

/// The form's input as a raw document.
pub(super) fn parse_form(fields: &Fields) -> RawDoctor {
    let Choice(creches): Creches = chosen(fields, "crecheIds");
    RawDoctor {
        inami: digits(fields.get("inami")),
        given_name: text(fields, "givenName"),
        family_name: text(fields, "familyName"),
        street: text(fields, "street"),
        house_number: text(fields, "houseNumber"),
        bus: text(fields, "box"),
        postcode: text(fields, "postcode"),
        town: text(fields, "town"),
        country: text(fields, "country"),
        mobile: text(fields, "mobile"),
        office_phone: text(fields, "officePhone"),
        email: text(fields, "email"),
        function: text(fields, "function"),
        start_date: text(fields, "startDate"),
        end_date: text(fields, "endDate"),
        creches: if creches.is_empty() { Field::Absent } else { Field::Present(Choice(creches)) },
        unknown: false,
    }
}

/// A doctor's sheet as the form's values.
pub(super) fn fields_of(doctor: &Doctor) -> Fields {
    let sheet = &doctor.sheet;
    let at = &sheet.address;
    let (start, end) = (sheet.start_date.to_string(), sheet.end_date.map(|end| end.to_string()));
    let (number, version) = (sheet.inami.to_string(), doctor.version.to_string());
    let pairs = [
        ("inami", number.as_str()),
        ("givenName", &sheet.given_name),
        ("familyName", &sheet.family_name),
        ("street", &at.street),
        ("houseNumber", &at.house_number),
        ("box", at.bus.as_deref().unwrap_or_default()),
        ("postcode", &at.postcode),
        ("town", &at.town),
        ("country", &at.country),
        ("mobile", &sheet.mobile),
        ("officePhone", &sheet.office_phone),
        ("email", sheet.email.expose()),
        ("function", sheet.function.code()),
        ("startDate", &start),
        ("endDate", end.as_deref().unwrap_or_default()),
        ("version", &version),
    ];
    let own = pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    own.chain(sheet.creche_ids.iter().map(|creche| ("crecheIds".to_owned(), creche.to_string())))
        .collect::<Vec<_>>()
        .into()
}
