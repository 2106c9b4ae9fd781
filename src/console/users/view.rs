//! The fields of a user's page: typed or stored values, and their errors.

use crate::app::users::User;
use crate::console::form::Fields;
use crate::console::form_fields::{FieldErrors, SelectOption};
use crate::domain::creche::Creche;
use crate::domain::finding::{Finding, Findings};
use crate::domain::key::Scopes;
use crate::domain::user::{FILES, FileRights, Profile, Rights};
use crate::ids::CrecheId;
use crate::words::{self, Language, LocalText};

/// A field for a text.
#[derive(Default)]
pub(super) struct InputField {
    pub(super) value: String,
    pub(super) error: Option<String>,
    /// The stored value, where another user changed it meanwhile.
    pub(super) saved_meanwhile: Option<String>,
}

/// The errors, beside their fields and listed at the top.
pub(super) struct Errors<'a> {
    findings: &'a Findings,
    language: Language,
}

/// The fields that can have errors, by their names in documents.
pub(super) const FIELDS: [&str; 7] =
    ["givenName", "familyName", "email", "ssin", "profile", "rights", "consentCertified"];

/// The field of a finding.
fn field_of(finding: &Finding) -> Option<&'static str> {
    let first = finding.place().pointer.split('/').nth(1)?;
    FIELDS.into_iter().find(|field| *field == first)
}

impl<'a> Errors<'a> {
    pub(super) const fn new(findings: &'a Findings, language: Language) -> Self {
        Self { findings, language }
    }

    /// The error of a field.
    pub(super) fn of(&self, field: &str) -> Option<String> {
        let mut here = self.findings.iter().filter(|finding| field_of(finding) == Some(field));
        here.next().map(|finding| finding.detail_for_people(self.language))
    }

    /// All errors.
    pub(super) fn all(&self) -> FieldErrors {
        FieldErrors::new(self.findings, self.language)
    }
}

/// The levels of rights to a file in a crèche.
const LEVELS: [(&str, LocalText); 4] = [
    ("", words::common::NONE),
    ("read", words::users::READ),
    ("write", words::users::WRITE),
    ("sign", words::users::SIGN),
];

/// The words of a level in its field.
pub(in crate::console) fn level_words(code: &str) -> Option<LocalText> {
    LEVELS.iter().find(|(level, _)| *level == code).map(|(_, words)| *words)
}

/// The table of rights: crèches down, files across.
pub(super) struct RightsTable {
    pub(super) files: Vec<&'static str>,
    pub(super) rows: Vec<RightsRow>,
    pub(super) error: Option<String>,
}

/// The rights in one crèche.
pub(super) struct RightsRow {
    pub(super) creche: String,
    pub(super) cells: Vec<RightCell>,
}

/// The right to one file in one crèche.
pub(super) struct RightCell {
    pub(super) name: String,
    pub(super) levels: Vec<SelectOption>,
}

impl RightCell {
    /// The level in words.
    pub(super) fn level(&self) -> &'static str {
        self.levels.iter().find(|level| level.chosen).map_or("", |level| level.label)
    }
}

/// The name of the field for a file in a crèche.
pub(super) fn cell_name(creche: CrecheId, file: usize) -> String {
    format!("right.{creche}.{file}")
}

fn level_of(scopes: Scopes, file: FileRights) -> &'static str {
    match file.highest(scopes) {
        level if level.is_some() && level == file.sign => "sign",
        Some(level) if level == file.write => "write",
        Some(_) => "read",
        None => "",
    }
}

impl RightsTable {
    /// The rights as typed, or as stored.
    pub(super) fn new(creches: &[Creche], typed: Option<&Fields>, kept: &Rights, errors: &Errors<'_>) -> Self {
        let cell = |creche: CrecheId, file: usize| {
            let name = cell_name(creche, file);
            let stored = level_of(kept.get(&creche).copied().unwrap_or_default(), FILES[file]);
            let level = typed.map_or(stored, |fields| fields.get(&name));
            let choice = |(value, label): (&'static str, LocalText)| {
                SelectOption::new(value, label.get(errors.language), value == level)
            };
            let exist = |(level, _): &(&str, LocalText)| *level != "sign" || FILES[file].sign.is_some();
            RightCell { levels: LEVELS.into_iter().filter(exist).map(choice).collect(), name }
        };
        let row = |creche: &Creche| RightsRow {
            creche: creche.name.clone(),
            cells: (0..FILES.len()).map(|file| cell(creche.id, file)).collect(),
        };
        Self {
            files: FILES.map(|file| file.label.get(errors.language)).into(),
            rows: creches.iter().map(row).collect(),
            error: errors.of("rights"),
        }
    }
}

/// The fields that the forms for adding and changing share.
pub(super) struct UserFields {
    pub(super) given_name: InputField,
    pub(super) family_name: InputField,
    pub(super) email: InputField,
    pub(super) profiles: Vec<(SelectOption, &'static str)>,
    pub(super) profile_error: Option<String>,
    pub(super) rights: RightsTable,
}

/// A short description of each profile.
const fn profile_words(profile: Profile) -> LocalText {
    match profile {
        Profile::Administrator => words::users::MAY_DO_EVERYTHING_MANAGE_APPLICATIONS_AND,
        Profile::UserManager => words::users::SEES_AND_CHANGES_USERS_NOTHING_ELSE,
        Profile::DataManager => words::users::READS_OR_COMPLETES_WHAT_THE_TABLE,
    }
}

impl UserFields {
    pub(super) fn new(creches: &[Creche], typed: Option<&Fields>, kept: Option<&User>, errors: &Errors<'_>) -> Self {
        let input = |name: &'static str, stored: fn(&User) -> &str| InputField {
            value: typed.map_or_else(|| kept.map(stored).unwrap_or_default().to_owned(), |f| f.get(name).to_owned()),
            error: errors.of(name),
            saved_meanwhile: None,
        };
        let stored = kept.map(|user| user.mandate.profile.code()).unwrap_or_default();
        let chosen = typed.map_or(stored, |fields| fields.get("profile"));
        let choice = |profile: Profile| {
            let label = profile.label().get(errors.language);
            (
                SelectOption::new(profile.code(), label, profile.code() == chosen),
                profile_words(profile).get(errors.language),
            )
        };
        let none = Rights::new();
        Self {
            given_name: input("givenName", |user| &user.details.given_name),
            family_name: input("familyName", |user| &user.details.family_name),
            email: input("email", |user| user.details.email.expose()),
            profiles: Profile::ALL.map(choice).into(),
            profile_error: errors.of("profile"),
            rights: RightsTable::new(creches, typed, kept.map_or(&none, |user| &user.mandate.rights), errors),
        }
    }
}
