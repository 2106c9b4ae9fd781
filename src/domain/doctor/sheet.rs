//! A well-formed doctor's sheet: the type that is stored, sealed, and returned.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Function;
use super::raw::{Creches, RawDoctor};
use crate::domain::country::Country;
use crate::domain::finding::{Finding, FindingPlace, Findings};
use crate::domain::inami::{Inami, InamiText};
use crate::domain::person::{Email, Name};
use crate::domain::phone::{Phone, PhoneText};
use crate::domain::postcode::{BELGIUM, Postcode, PostcodeText};
use crate::domain::raw::{Choice, Field, Label};
use crate::domain::rules::doctor as rules;
use crate::ids::CrecheId;

/// A doctor's address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// Street.
    pub street: String,
    /// House number.
    pub house_number: String,
    /// Box.
    #[serde(rename = "box", skip_serializing_if = "Option::is_none")]
    pub bus: Option<String>,
    /// Postcode. Sheets from before its validation have any text.
    pub postcode: String,
    /// Town.
    pub town: String,
    /// Country (ISO 3166-1, two letters).
    pub country: String,
}

/// The sheet of a doctor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DoctorSheet {
    /// The INAMI number.
    pub inami: Inami,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// The address.
    #[serde(flatten)]
    pub address: Address,
    /// Mobile number. Sheets from before its validation have any text.
    pub mobile: String,
    /// Number of the practice, likewise.
    pub office_phone: String,
    /// E-mail address.
    pub email: Email,
    /// Generalist or paediatrician.
    pub function: Function,
    /// First day of the collaboration.
    pub start_date: Date,
    /// Last day of the collaboration, if set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<Date>,
    /// The crèches, each once, in order.
    pub creche_ids: Vec<CrecheId>,
}

impl RawDoctor {
    /// The sheet, when every field is well-formed, and the findings beyond the shape; `reachable` are the crèches that
    /// the caller may name.
    ///
    /// A change is validated with the whole sheet that results: a telephone number or postcode that was stored before
    /// its validation is found too, and must be corrected with any change.
    pub fn parse(self, reachable: &[CrecheId]) -> (Option<DoctorSheet>, Findings) {
        let mut findings = Findings::default();
        let mut find = |rule, field| findings.push(Finding::new(rule, FindingPlace::default().field(field)));
        let inami = self.inami.take().map(|text| Inami::parse(&text.0));
        let inami = or_found(inami, || find(&rules::INAMI_INVALID, "inami"));
        let country = country(self.country);
        let postcode = country.as_deref().zip(self.postcode.take());
        let postcode = postcode.map(|(country, text)| Postcode::parse(&text.0, country));
        let postcode = or_found(postcode, || find(&rules::POSTCODE_INVALID, "postcode"));
        let phone = |text: PhoneText| text.0.parse::<Phone>();
        let mobile = or_found(self.mobile.take().map(phone), || find(&rules::PHONE_INVALID, "mobile"));
        let office_phone = or_found(self.office_phone.take().map(phone), || find(&rules::PHONE_INVALID, "officePhone"));
        let (start, end) = (self.start_date.take(), self.end_date.take());
        if start.zip(end).is_some_and(|(start, end)| end < start) {
            find(&rules::END_BEFORE_START, "endDate");
        }
        let creches = self.creches.take().map(|creches| creches.0);
        if creches.iter().flatten().any(|creche| !reachable.contains(creche)) {
            find(&rules::UNKNOWN_CRECHE, "crecheIds");
        }
        let whole = || {
            let mut creche_ids = creches?;
            creche_ids.sort_unstable();
            creche_ids.dedup();
            Some(DoctorSheet {
                inami: inami?,
                given_name: self.given_name.take()?.0,
                family_name: self.family_name.take()?.0,
                address: Address {
                    street: self.street.take()?.0,
                    house_number: self.house_number.take()?.0,
                    bus: self.bus.take().map(|bus| bus.0),
                    postcode: postcode?.into(),
                    town: self.town.take()?.0,
                    country: country?,
                },
                mobile: mobile?.into(),
                office_phone: office_phone?.into(),
                email: self.email.take()?,
                function: self.function.take()?,
                start_date: start?,
                end_date: end,
                creche_ids,
            })
        };
        (whole(), findings)
    }
}

/// The value, or nothing after calling `find` for an error.
fn or_found<T, E>(read: Option<Result<T, E>>, find: impl FnOnce()) -> Option<T> {
    read?.map_err(|_| find()).ok()
}

/// The country; Belgium by default.
fn country(raw: Field<Country>) -> Option<String> {
    if raw.is_absent() { Some(BELGIUM.to_owned()) } else { raw.take().map(|country| country.0) }
}

impl DoctorSheet {
    /// As an input document, to be changed.
    pub fn into_raw(self) -> RawDoctor {
        let Address { street, house_number, bus, postcode, town, country } = self.address;
        RawDoctor {
            inami: Field::Present(InamiText(self.inami.to_string())),
            given_name: Field::Present(Name(self.given_name)),
            family_name: Field::Present(Name(self.family_name)),
            street: Field::Present(Label(street)),
            house_number: Field::Present(Label(house_number)),
            bus: bus.map(Label).into(),
            postcode: Field::Present(PostcodeText(postcode)),
            town: Field::Present(Label(town)),
            country: Field::Present(Country(country)),
            mobile: Field::Present(PhoneText(self.mobile)),
            office_phone: Field::Present(PhoneText(self.office_phone)),
            email: Field::Present(self.email),
            function: Field::Present(self.function),
            start_date: Field::Present(self.start_date),
            end_date: self.end_date.into(),
            creches: Field::Present(Choice(self.creche_ids) as Creches),
            unknown: false,
        }
    }

    /// Whether `other` needs a new decision of the agency: the one on `self` does not apply to it.
    pub fn is_somebody_else(&self, other: &Self) -> bool {
        let who = |sheet: &Self| (sheet.inami, sheet.given_name.clone(), sheet.family_name.clone());
        who(self) != who(other)
    }
}
