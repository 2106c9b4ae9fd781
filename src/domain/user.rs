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

/// The files besides those of the kinds of statement, with their displayed names.
const STAFF_FILES: [(Scope, Scope, LocalText); 2] = [
    (Scope::StaffRead, Scope::StaffWrite, rights::STAFF),
    (Scope::StaffDocumentsRead, Scope::StaffDocumentsWrite, rights::STAFF_DOCUMENTS),
];

/// How many files there are.
const FILE_COUNT: usize = StatementKind::ALL.len() + STAFF_FILES.len();

/// The file at a place in the lists.
const fn file(at: usize) -> (Scope, Scope, LocalText) {
    let kinds = StatementKind::ALL;
    if at >= kinds.len() {
        return STAFF_FILES[at - kinds.len()];
    }
    (Scope::StatementsRead(kinds[at]), Scope::StatementsWrite(kinds[at]), kinds[at].facts().file)
}

/// The files that rights are given for, each to read or to read and write: scopes that concern one crèche.
pub const FILES: [(Scope, Scope); FILE_COUNT] = {
    let (mut files, mut at) = ([(Scope::StaffRead, Scope::StaffWrite); FILE_COUNT], 0);
    while at < FILE_COUNT {
        let (read, write, _) = file(at);
        files[at] = (read, write);
        at += 1;
    }
    files
};

/// The displayed names of those files, in the same order.
pub const FILE_LABELS: [LocalText; FILE_COUNT] = {
    let (mut labels, mut at) = ([STAFF_FILES[0].2; FILE_COUNT], 0);
    while at < FILE_COUNT {
        labels[at] = file(at).2;
        at += 1;
    }
    labels
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
    /// The crèches in which the user has `scope`. The right to write includes that to read; the right to read a file of
    /// a crèche includes that to the figures computed from it.
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
    let reads = |scope| FILES.iter().any(|(read, write)| *read == scope && scopes.contains(*write));
    let figures = || StatementKind::MONTHLY.iter().any(|kind| grants(scopes, Scope::StatementsRead(*kind)));
    scopes.contains(wanted) || reads(wanted) || (wanted == Scope::SummariesRead && figures())
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
