//! What an organiser says of an application.

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
    /// What the organiser wants of an application.
    pub enum RequestedApplication {
        /// Its keys are to work.
        Active "active";
        /// Its keys are to be refused until it is resumed.
        Suspended "suspended";
        /// Its keys are to be refused for good.
        Revoked "revoked";
    }
}

impl Raw for Scope {
    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Raw for CrecheId {
    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// Scopes that were chosen.
pub(super) type ScopeChoice = Choice<Scope, 50>;
/// Crèches that were chosen.
pub(in crate::domain) type CrecheChoice = Choice<CrecheId, 1000>;

record! {
    /// An application as it is described.
    pub struct RawApplication {
        /// What the software is called.
        required name "name": Label<200>,
        /// The company behind it.
        required vendor "vendor": Label<200>,
        /// Whom to call there when something fails.
        optional contact "contact": RawContact,
        /// What it is used for.
        optional purpose "purpose": Label<1000>,
        /// The most that its keys may do.
        required scopes "scopes": ScopeChoice,
        /// The crèches that its keys may reach; all when they are left out.
        optional creches "creches": CrecheChoice,
        /// The last day on which its keys work.
        optional ends_on "endsOn": Date,
        /// Whether its keys are to work at all.
        optional state "state": RequestedApplication,
    }
}

record! {
    /// Whom to call at the vendor's.
    pub struct RawContact {
        /// The name.
        required name "name": Label<200>,
        /// The e-mail address.
        required email "email": Email,
        /// The telephone number.
        optional phone "phone": PhoneText,
    }
}

/// Whom to call at the vendor's when something fails.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The telephone number. Contacts of before it was checked have any text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Contact(…)")
    }
}

/// An application as the organiser wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// What the software is called.
    pub name: String,
    /// The company behind it.
    pub vendor: String,
    /// Whom to call there.
    pub contact: Option<Contact>,
    /// What it is used for; empty when nothing was said.
    pub purpose: String,
    /// The most that its keys may do.
    pub scopes: Scopes,
    /// The crèches that its keys may reach; `None` for all.
    pub creches: Option<Vec<CrecheId>>,
    /// The last day on which its keys work.
    pub ends_on: Option<Date>,
    /// Whether its keys are to work at all.
    pub state: RequestedApplication,
}

/// What is said of an application already and is not judged again: whatever else is wrong, its keys can be suspended.
#[derive(Debug, Clone, Copy, Default)]
pub struct UncheckedBefore<'a> {
    /// The last day on which its keys work.
    pub ends_on: Option<Date>,
    /// The contact.
    pub contact: Option<&'a Contact>,
}

impl RawApplication {
    /// What it says, when all that must be there is, and what is wrong with it beyond its shape: crèches that are not
    /// among `known`, and a last day that is past or a telephone number that is none, unless they are `held`.
    pub fn parse(self, today: Date, held: UncheckedBefore<'_>, known: &[CrecheId]) -> (Option<Registration>, Findings) {
        let ends_on = self.ends_on.take();
        let creches = self.creches.take().map(|Choice(creches)| creches);
        let mut findings = unknown(creches.iter().flatten(), known);
        if let Some(day) = ends_on.filter(|day| *day < today && Some(*day) != held.ends_on) {
            findings.push(Finding::new(&rules::ENDED, FindingPlace::at("/endsOn")).with("date", Param::Date(day)));
        }
        let contact = self.contact.take();
        findings.extend(contact.iter().filter_map(|contact| contact.undialled(held.contact)).collect());
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

    /// What is wrong with the telephone number, unless it is the one that is held.
    fn undialled(&self, held: Option<&Contact>) -> Option<Finding> {
        let PhoneText(text) = self.phone.get()?;
        let kept = held.and_then(|held| held.phone.as_deref()) == Some(text.as_str());
        let wrong = !kept && text.parse::<Phone>().is_err();
        wrong.then(|| Finding::new(&rules::PHONE_INVALID, FindingPlace::at("/contact/phone")))
    }
}

/// The crèches that are not among `known`, each in its place.
pub(in crate::domain) fn unknown<'a>(chosen: impl Iterator<Item = &'a CrecheId>, known: &[CrecheId]) -> Findings {
    let strange = chosen.enumerate().filter(|(_, creche)| !known.contains(creche));
    strange.map(|(at, _)| Finding::new(&rules::UNKNOWN_CRECHE, FindingPlace::default().item("creches", at))).collect()
}
