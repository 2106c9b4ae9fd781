//! The description of an application before and after validation.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::codes::codes;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::key::{Scope, Scopes};
use crate::domain::person::Email;
use crate::domain::phone::{Phone, PhoneText};
use crate::domain::raw::{Choice, Label, Raw, record};
use crate::domain::rules::application as rules;
use crate::ids::CrecheId;

codes! {
    /// The requested state of an application.
    pub enum RequestedApplication {
        /// Its keys work.
        Active "active";
        /// Its keys are refused until it is resumed.
        Suspended "suspended";
        /// Its keys are refused for good.
        Revoked "revoked";
    }
}

/// A scope that a key may have.
impl Raw for Scope {
    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok().filter(|scope| Self::ALL.contains(scope))
    }
}

impl Raw for CrecheId {
    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// A choice of scopes.
pub(super) type ScopeChoice = Choice<Scope, 50>;
/// A choice of crèches.
pub(in crate::domain) type CrecheChoice = Choice<CrecheId, 1000>;

record! {
    /// The description of an application.
    pub struct RawApplication {
        /// The name of the software.
        required name "name": Label<200>,
        /// The vendor.
        required vendor "vendor": Label<200>,
        /// The contact at the vendor's.
        optional contact "contact": RawContact,
        /// What it is used for.
        optional purpose "purpose": Label<1000>,
        /// The most that its keys may do.
        required scopes "scopes": ScopeChoice,
        /// The crèches that its keys may reach; all by default.
        optional creches "creches": CrecheChoice,
        /// The last day on which its keys work.
        optional ends_on "endsOn": Date,
        /// The requested state.
        optional state "state": RequestedApplication,
    }
}

record! {
    /// The contact at the vendor's.
    pub struct RawContact {
        /// The name.
        required name "name": Label<200>,
        /// The e-mail address.
        required email "email": Email,
        /// The telephone number.
        optional phone "phone": PhoneText,
    }
}

/// The contact at the vendor's for failures.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The telephone number. Contacts from before its validation have any text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Contact(…)")
    }
}

/// The validated description of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// The name of the software.
    pub name: String,
    /// The vendor.
    pub vendor: String,
    /// The contact there.
    pub contact: Option<Contact>,
    /// What it is used for; empty when absent.
    pub purpose: String,
    /// The most that its keys may do.
    pub scopes: Scopes,
    /// The crèches that its keys may reach; `None` for all.
    pub creches: Option<Vec<CrecheId>>,
    /// The last day on which its keys work.
    pub ends_on: Option<Date>,
    /// The requested state.
    pub state: RequestedApplication,
}

/// The stored properties, which are not validated again: whatever else is wrong, its keys can be suspended.
#[derive(Debug, Clone, Copy, Default)]
pub struct UncheckedBefore<'a> {
    /// The last day on which its keys work.
    pub ends_on: Option<Date>,
    /// The contact.
    pub contact: Option<&'a Contact>,
}

impl RawApplication {
    /// The description, when all required fields are present, and the findings beyond the shape: crèches that are not
    /// among `known`, and a last day that is past or an invalid telephone number, unless they are `held`.
    pub fn parse(
        self,
        today: Date,
        stored: UncheckedBefore<'_>,
        known: &[CrecheId],
    ) -> (Option<Registration>, Findings) {
        let ends_on = self.ends_on.take();
        let creches = self.creches.take().map(|Choice(creches)| creches);
        let mut findings = unknown(creches.iter().flatten(), known);
        if let Some(day) = ends_on.filter(|day| *day < today && Some(*day) != stored.ends_on) {
            findings.push(Finding::new(&rules::ENDED, FindingPlace::at("/endsOn")).with("date", Param::Date(day)));
        }
        let contact = self.contact.take();
        findings.extend(contact.iter().filter_map(|contact| contact.undialled(stored.contact)).collect());
        let (Some(Label(name)), Some(Label(vendor)), Some(Choice(scopes))) =
            (self.name.take(), self.vendor.take(), self.scopes.take())
        else {
            return (None, findings);
        };
        let registration = Registration {
            name,
            vendor,
            contact: contact.and_then(RawContact::parse),
            purpose: self.purpose.take().map(|Label(text)| text).unwrap_or_default(),
            scopes: scopes.into_iter().collect(),
            creches,
            ends_on,
            state: self.state.take().unwrap_or(RequestedApplication::Active),
        };
        (Some(registration), findings)
    }
}

impl RawContact {
    fn parse(self) -> Option<Contact> {
        let (Label(name), email) = (self.name.take()?, self.email.take()?);
        Some(Contact { name, email: email.into(), phone: self.phone.take().map(|PhoneText(phone)| phone) })
    }

    /// The finding on the telephone number, unless it is the stored one.
    fn undialled(&self, stored: Option<&Contact>) -> Option<Finding> {
        let PhoneText(text) = self.phone.get()?;
        let kept = stored.and_then(|stored| stored.phone.as_deref()) == Some(text.as_str());
        let wrong = !kept && text.parse::<Phone>().is_err();
        wrong.then(|| Finding::new(&rules::PHONE_INVALID, FindingPlace::at("/contact/phone")))
    }
}

/// The findings on crèches that are not among `known`.
pub(in crate::domain) fn unknown<'a>(chosen: impl Iterator<Item = &'a CrecheId>, known: &[CrecheId]) -> Findings {
    let strange = chosen.enumerate().filter(|(_, creche)| !known.contains(creche));
    strange.map(|(at, _)| Finding::new(&rules::UNKNOWN_CRECHE, FindingPlace::default().item("creches", at))).collect()
}
