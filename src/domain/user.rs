//! The users of an organiser: three profiles, and rights by crèche and file (docs/domain.md, Users and rights).

pub mod policy;
pub mod raw;
pub mod validation;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::key::{Scope, Scopes};
use super::statement::StatementKind;
use crate::ids::CrecheId;
use crate::words::{LocalText, rights};

/// The profile of a user (docs/domain.md, Users and rights).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Profile {
    /// Administrateur: everything.
    Administrator,
    /// Gestionnaire des utilisateurs: reads and changes users, and nothing else.
    UserManager,
    /// Gestionnaire des données de l'activité: the rights by crèche and file.
    DataManager,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 3] = [Self::Administrator, Self::UserManager, Self::DataManager];

    /// Its name in the API and the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::UserManager => "userManager",
            Self::DataManager => "dataManager",
        }
    }

    /// Its displayed name.
    pub const fn label(self) -> LocalText {
        match self {
            Self::Administrator => rights::ADMINISTRATOR,
            Self::UserManager => rights::USER_MANAGER,
            Self::DataManager => rights::DATA_MANAGER,
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// No profile has this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a profile: expected administrator, userManager or dataManager")]
pub struct ProfileError;

impl FromStr for Profile {
    type Err = ProfileError;

    fn from_str(text: &str) -> Result<Self, ProfileError> {
        Self::ALL.into_iter().find(|profile| profile.code() == text).ok_or(ProfileError)
    }
}

/// A file that rights are given for, with the scopes of its levels. They concern one crèche each.
#[derive(Debug, Clone, Copy)]
pub struct FileRights {
    /// The right to read.
    pub read: Scope,
    /// The right to read and write.
    pub write: Scope,
    /// The right to read, write and sign.
    pub sign: Option<Scope>,
    /// The displayed name.
    pub label: LocalText,
}

impl FileRights {
    /// The scopes of the levels, the highest first.
    pub fn levels(self) -> impl Iterator<Item = Scope> {
        self.sign.into_iter().chain([self.write, self.read])
    }

    /// The highest level of the file among `scopes`.
    pub fn highest(self, scopes: Scopes) -> Option<Scope> {
        self.levels().find(|level| scopes.contains(*level))
    }

    const fn of_kind(kind: StatementKind) -> Self {
        let sign = if kind.facts().is_quarterly { Some(Scope::ReportsSign) } else { None };
        let (read, write) = (Scope::StatementsRead(kind), Scope::StatementsWrite(kind));
        Self { read, write, sign, label: kind.facts().file }
    }
}

/// The files besides those of the kinds of statement.
const STAFF_FILES: [FileRights; 2] = [
    FileRights { read: Scope::StaffRead, write: Scope::StaffWrite, sign: None, label: rights::STAFF },
    FileRights {
        read: Scope::StaffDocumentsRead,
        write: Scope::StaffDocumentsWrite,
        sign: None,
        label: rights::STAFF_DOCUMENTS,
    },
];

/// The files that rights are given for: those of the kinds of statement, then the others.
pub const FILES: [FileRights; StatementKind::ALL.len() + STAFF_FILES.len()] = {
    let (kinds, mut files, mut at) =
        (StatementKind::ALL, [STAFF_FILES[0]; StatementKind::ALL.len() + STAFF_FILES.len()], 0);
    while at < files.len() {
        files[at] = if at < kinds.len() { FileRights::of_kind(kinds[at]) } else { STAFF_FILES[at - kinds.len()] };
        at += 1;
    }
    files
};

/// The rights of a user by crèche.
pub type Rights = BTreeMap<CrecheId, Scopes>;

/// A profile and, for a [`Profile::DataManager`], rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    /// The profile.
    pub profile: Profile,
    /// The rights by crèche; ignored for the other profiles.
    pub rights: Rights,
}

/// The crèches in which a user has a right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// All of the organiser's, future ones too.
    All,
    /// These.
    Some(Vec<CrecheId>),
    /// None.
    None,
}

impl Mandate {
    /// The crèches in which the user has `scope`. The right to sign includes that to write, and this one that to read; the
    /// right to read a file of a crèche includes that to the figures computed from it.
    pub fn reach(&self, scope: Scope) -> Reach {
        self.reach_of(|scopes| grants(scopes, scope))
    }

    /// The crèches in which the user has any right.
    pub fn anywhere(&self) -> Reach {
        self.reach_of(|scopes| scopes != Scopes::default())
    }

    fn reach_of(&self, enough: impl Fn(Scopes) -> bool) -> Reach {
        match self.profile {
            Profile::Administrator => Reach::All,
            Profile::UserManager => Reach::None,
            Profile::DataManager => {
                let creches: Vec<_> =
                    self.rights.iter().filter(|(_, scopes)| enough(**scopes)).map(|(creche, _)| *creche).collect();
                if creches.is_empty() { Reach::None } else { Reach::Some(creches) }
            }
        }
    }

    /// Whether the user has `scope` in this crèche.
    pub fn may(&self, scope: Scope, creche: CrecheId) -> bool {
        match self.reach(scope) {
            Reach::All => true,
            Reach::Some(creches) => creches.contains(&creche),
            Reach::None => false,
        }
    }

    /// Whether the user may register applications, read keys and the history, and do everything else that concerns
    /// the organiser as a whole.
    pub fn administers(&self) -> bool {
        self.profile == Profile::Administrator
    }

    /// Whether the user may read and change users.
    pub fn manages_users(&self) -> bool {
        matches!(self.profile, Profile::Administrator | Profile::UserManager)
    }
}

fn grants(scopes: Scopes, wanted: Scope) -> bool {
    let is_at_most = |file: &FileRights, scope| {
        file.levels().skip_while(|level| !scopes.contains(*level)).any(|level| level == scope)
    };
    let includes = |scope| FILES.iter().any(|file| is_at_most(file, scope));
    let figures = || StatementKind::MONTHLY.iter().any(|kind| grants(scopes, Scope::StatementsRead(*kind)));
    scopes.contains(wanted) || includes(wanted) || (wanted == Scope::SummariesRead && figures())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::kinds::{attendance, medical};

    const CRECHES: [&str; 2] = ["019a5c00-0000-7000-8000-000000000011", "019a5c00-0000-7000-8000-000000000012"];

    fn mandate(profile: Profile, scopes: &[Scope]) -> (Mandate, [CrecheId; 2]) {
        let creches = CRECHES.map(|id| id.parse().unwrap());
        let rights = Rights::from([(creches[0], scopes.iter().copied().collect())]);
        (Mandate { profile, rights }, creches)
    }

    #[test]
    fn a_data_manager_has_what_was_given_where_it_was_given() {
        let (mandate, [here, there]) = mandate(Profile::DataManager, &[Scope::StatementsWrite(attendance::KIND)]);
        for scope in
            [Scope::StatementsWrite(attendance::KIND), Scope::StatementsRead(attendance::KIND), Scope::SummariesRead]
        {
            assert!(mandate.may(scope, here) && !mandate.may(scope, there), "{scope}");
        }
        for scope in [Scope::StatementsRead(medical::KIND), Scope::StaffRead, Scope::WebhooksManage] {
            assert!(!mandate.may(scope, here), "{scope}");
        }
        assert_eq!(mandate.anywhere(), Reach::Some(vec![here]));
        assert!(!mandate.administers() && !mandate.manages_users());
    }

    #[test]
    fn rights_mean_nothing_for_the_other_profiles() {
        let (administrator, [_, there]) = mandate(Profile::Administrator, &[]);
        assert!(Scope::ALL.iter().all(|scope| administrator.may(*scope, there)));
        let (manager, [here, _]) = mandate(Profile::UserManager, &[Scope::StatementsRead(attendance::KIND)]);
        assert!(Scope::ALL.iter().all(|scope| !manager.may(*scope, here)) && manager.manages_users());
        assert_eq!(manager.anywhere(), Reach::None);
    }
}
