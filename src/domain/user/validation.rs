//! Validates the input for a user.

use jiff::civil::Date;

use super::raw::{RawChange, RawRight, RawUser};
use super::{FILES, Profile, Rights, policy};
use crate::domain::finding::{Finding, FindingPlace, Findings};
use crate::domain::key::Scopes;
use crate::domain::person::{Email, PersonDetails};
use crate::domain::raw::{Field, List};
use crate::domain::rules::document::SSIN_NOT_INVENTED;
use crate::domain::rules::user as rules;
use crate::domain::ssin::{AcceptedSsins, Ssin};
use crate::ids::CrecheId;

/// What validation needs besides the document.
#[derive(Debug, Clone, Copy)]
pub struct UserContext<'a> {
    /// Today's date.
    pub today: Date,
    /// The organiser's crèches.
    pub creches: &'a [CrecheId],
    /// The SSINs that are taken.
    pub accepted_ssins: AcceptedSsins,
}

/// A user to be added.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The person's details.
    pub details: PersonDetails,
    /// The profile.
    pub profile: Profile,
    /// The rights by crèche.
    pub rights: Rights,
}

/// A change of a user.
#[derive(Debug, Clone, Default)]
pub struct UserUpdate {
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Professional e-mail address.
    pub email: Option<Email>,
    /// The profile.
    pub profile: Option<Profile>,
    /// The rights by crèche.
    pub rights: Option<Rights>,
    /// Whether the person may log in.
    pub active: Option<bool>,
}

impl RawUser {
    /// The user, when all is present and well-formed, and the findings beyond the shape.
    pub fn parse(self, known: UserContext<'_>) -> (Option<NewUser>, Findings) {
        let mut findings = Findings::default();
        let ssin = self.ssin.take().and_then(|text| ssin(&text.0, known, &mut findings));
        let rights = rights(self.rights, known.creches, &mut findings).unwrap_or_default();
        let profile = self.profile.take();
        findings.extend(policy::check_usable(profile, &rights));
        let whole = || {
            let (given_name, family_name) = (self.given_name.take()?.0, self.family_name.take()?.0);
            let details = PersonDetails { given_name, family_name, email: self.email.take()?, ssin: ssin? };
            Some(NewUser { details, profile: profile?, rights })
        };
        (whole(), findings)
    }
}

impl RawChange {
    /// The change, and the findings beyond the shape.
    pub fn parse(self, known: UserContext<'_>) -> (UserUpdate, Findings) {
        let mut findings = Findings::default();
        let change = UserUpdate {
            rights: rights(self.rights, known.creches, &mut findings),
            given_name: self.given_name.take().map(|name| name.0),
            family_name: self.family_name.take().map(|name| name.0),
            email: self.email.take(),
            profile: self.profile.take(),
            active: self.active.take().map(|flag| flag.0),
        };
        (change, findings)
    }
}

fn ssin(text: &str, known: UserContext<'_>, findings: &mut Findings) -> Option<Ssin> {
    let valid = Ssin::parse(text).ok().filter(|ssin| !ssin.is_birth_year_in_future(known.today));
    let broken = match &valid {
        None => Some(&rules::SSIN_INVALID),
        Some(ssin) => (!known.accepted_ssins.accept(ssin)).then_some(&SSIN_NOT_INVENTED),
    };
    findings.extend(broken.map(|rule| Finding::new(rule, FindingPlace::default().field("ssin"))).into_iter().collect());
    valid
}

/// The rights, crèche by crèche; several entries of one crèche are merged.
fn rights<const MAX: usize>(
    listed: Field<List<RawRight, MAX>>,
    creches: &[CrecheId],
    findings: &mut Findings,
) -> Option<Rights> {
    let mut rights = Rights::new();
    for (index, right) in listed.take()?.0.into_iter().enumerate() {
        let Field::Present(RawRight { creche: Field::Present(creche), scopes, .. }) = right else { continue };
        if !creches.contains(&creche) {
            let place = FindingPlace::default().item("rights", index).field("crecheId");
            findings.push(Finding::new(&rules::UNKNOWN_CRECHE, place));
        }
        let scopes = scopes.take().unwrap_or_default().0.into_iter().filter_map(Field::take).map(|file| file.0);
        let before = rights.get(&creche).copied().unwrap_or_default();
        rights.insert(creche, before.iter().chain(scopes).collect());
    }
    let plain = rights.into_iter().map(|(creche, scopes)| (creche, without_implied(scopes)));
    Some(plain.filter(|(_, scopes)| *scopes != Scopes::default()).collect())
}

/// Each file once: a level includes those below it.
fn without_implied(scopes: Scopes) -> Scopes {
    FILES.into_iter().filter_map(|file| file.highest(scopes)).collect()
}
