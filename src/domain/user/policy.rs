//! The permissions for changing users: no user may remove their own access, the last administrator stays,
//! and a user manager may not change administrators.

use super::{Profile, Rights};
use crate::domain::finding::{Finding, FindingPlace, Findings, RequestPart};
use crate::domain::key::{Scope, Scopes};
use crate::domain::rule::Rule;
use crate::domain::rules::user as rules;

/// How many active administrators an organiser should have at least.
pub const ENOUGH_ADMINISTRATORS: usize = 2;

/// The properties of a user that permissions depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserStanding {
    /// The profile.
    pub profile: Profile,
    /// The rights.
    pub rights: Rights,
    /// Whether the person may log in.
    pub active: bool,
}

impl UserStanding {
    /// Whether this is an administrator who may log in.
    pub fn administers(&self) -> bool {
        self.active && self.profile == Profile::Administrator
    }
}

/// The author and the user of a change.
#[derive(Debug, Clone, Copy)]
pub struct ActorAndTarget {
    /// The author's profile; `None` for the operator, who has the permissions of an administrator.
    pub by: Option<Profile>,
    /// Whether the author is the user.
    pub own: bool,
    /// Whether the user is the only active administrator.
    pub last: bool,
}

impl ActorAndTarget {
    /// Whether the author may not change users with this profile at all.
    pub fn is_reserved(self, profile: Profile) -> bool {
        self.by == Some(Profile::UserManager) && profile == Profile::Administrator && !self.own
    }

    /// The rules that changing `before` to `after` breaks.
    pub fn check_change(self, before: &UserStanding, after: &UserStanding) -> Findings {
        let mut findings = Findings::default();
        let mut tell = |rule, field| findings.push(Finding::new(rule, FindingPlace::default().field(field)));
        let (profile, active) = (before.profile != after.profile, before.active != after.active);
        let lost = before.administers() && !after.administers() && self.last;
        if profile {
            self.refuse_profile(lost, after.profile, |rule| tell(rule, "profile"));
        }
        if active && lost {
            tell(&rules::LAST_ADMINISTRATOR, "active");
        } else if active && self.own {
            tell(&rules::OWN_ACCESS, "active");
        }
        if self.own && before.rights != after.rights {
            tell(&rules::OWN_RIGHTS, "rights");
        }
        findings.extend(self.check_signing(&before.rights, &after.rights));
        if profile || before.rights != after.rights {
            findings.extend(check_usable(Some(after.profile), &after.rights));
        }
        findings
    }

    fn refuse_profile(self, lost: bool, wanted: Profile, tell: impl FnOnce(&'static Rule)) {
        if lost {
            tell(&rules::LAST_ADMINISTRATOR);
        } else if self.own {
            tell(&rules::OWN_PROFILE);
        } else if self.is_reserved(wanted) {
            tell(&rules::ADMINISTRATOR_RESERVED);
        }
    }

    /// The rules that adding a user with this profile and these rights breaks.
    pub fn check_new(self, profile: Profile, new: &Rights) -> Findings {
        let reserved = self.is_reserved(profile);
        let finding = || Finding::new(&rules::ADMINISTRATOR_RESERVED, FindingPlace::default().field("profile"));
        let mut findings: Findings = reserved.then(finding).into_iter().collect();
        findings.extend(self.check_signing(&Rights::new(), new));
        findings
    }

    /// The finding that a user manager gives the right to sign in a crèche where the user had none.
    fn check_signing(self, before: &Rights, after: &Rights) -> Findings {
        let signs = |rights: &Rights, creche| {
            rights.get(creche).is_some_and(|scopes: &Scopes| scopes.contains(Scope::ReportsSign))
        };
        let is_given = after.keys().any(|creche| signs(after, creche) && !signs(before, creche));
        let finding = || Finding::new(&rules::SIGNING_RESERVED, FindingPlace::default().field("rights"));
        (self.by == Some(Profile::UserManager) && is_given).then(finding).into_iter().collect()
    }

    /// The rules that deleting the user breaks.
    pub fn check_deletion(self, before: &UserStanding) -> Findings {
        let rule = match (before.administers() && self.last, self.own) {
            (true, _) => &rules::LAST_ADMINISTRATOR,
            (false, true) => &rules::OWN_ACCESS,
            (false, false) => return Findings::default(),
        };
        Findings::from_iter([Finding::new(rule, FindingPlace::at("userId")).in_part(RequestPart::Path)])
    }
}

/// The finding that a data manager has no rights.
pub(super) fn check_usable(profile: Option<Profile>, rights: &Rights) -> Findings {
    let none = profile == Some(Profile::DataManager) && rights.values().all(|scopes| *scopes == Scopes::default());
    let finding = || Finding::new(&rules::NO_RIGHTS, FindingPlace::default().field("rights"));
    none.then(finding).into_iter().collect()
}

/// The warning for an organiser with this many active administrators.
pub fn too_few_administrators(administrators: usize) -> Findings {
    let few = administrators < ENOUGH_ADMINISTRATORS;
    few.then(|| Finding::new(&rules::FEW_ADMINISTRATORS, FindingPlace::default())).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use Profile::{Administrator, DataManager, UserManager};

    use super::*;
    use crate::domain::kinds::attendance;

    fn standing(profile: Profile) -> UserStanding {
        let scopes = [Scope::StatementsRead(attendance::KIND)].into_iter().collect();
        let creche = "019a5c00-0000-7000-8000-000000000011".parse().unwrap();
        UserStanding { profile, rights: Rights::from([(creche, scopes)]), active: true }
    }

    fn codes(findings: &Findings) -> Vec<&'static str> {
        findings.iter().map(|finding| finding.rule.code).collect()
    }

    /// The refusals of every change of profile by every profile.
    #[test]
    fn a_profile_is_changed_by_those_above_it_and_never_by_its_owner() {
        for by in [None, Some(Administrator), Some(UserManager)] {
            for before in Profile::ALL {
                for after in Profile::ALL.into_iter().filter(|after| *after != before) {
                    let validator = |own, last| {
                        let situation = ActorAndTarget { by, own, last };
                        codes(&situation.check_change(&standing(before), &standing(after)))
                    };
                    let reserved = by == Some(UserManager) && after == Administrator;
                    assert_eq!(
                        validator(false, false),
                        if reserved { vec!["user.administratorReserved"] } else { vec![] }
                    );
                    assert_eq!(validator(true, false), ["user.ownProfile"]);
                    let only = if before == Administrator { "user.lastAdministrator" } else { "user.ownProfile" };
                    assert_eq!(validator(true, true), [only]);
                }
            }
        }
    }

    #[test]
    fn an_administrator_who_is_deactivated_already_is_not_the_last() {
        let gone = UserStanding { active: false, ..standing(Administrator) };
        let situation = ActorAndTarget { by: Some(Administrator), own: false, last: true };
        assert!(situation.check_deletion(&gone).is_empty());
        assert_eq!(codes(&situation.check_deletion(&standing(Administrator))), ["user.lastAdministrator"]);
        assert!(situation.check_change(&gone, &standing(Administrator)).is_empty());
    }

    /// A right to sign that is there already stays, and an administrator may give it.
    #[test]
    fn a_user_manager_gives_no_right_to_sign() {
        let signs = UserStanding {
            rights: standing(DataManager)
                .rights
                .into_keys()
                .map(|id| (id, [Scope::ReportsSign].into_iter().collect()))
                .collect(),
            ..standing(DataManager)
        };
        let by = |by| ActorAndTarget { by, own: false, last: false };
        let given = |who| codes(&by(who).check_change(&standing(DataManager), &signs));
        assert_eq!(given(Some(UserManager)), ["user.signingReserved"]);
        assert_eq!(given(Some(Administrator)), [""; 0]);
        assert!(by(Some(UserManager)).check_change(&signs, &signs).is_empty());
        assert_eq!(codes(&by(Some(UserManager)).check_new(DataManager, &signs.rights)), ["user.signingReserved"]);
    }

    #[test]
    fn administrators_are_out_of_a_user_managers_reach() {
        let by = |by| ActorAndTarget { by, own: false, last: false };
        assert!(by(Some(UserManager)).is_reserved(Administrator));
        assert!(!by(Some(UserManager)).is_reserved(DataManager));
        assert!(!by(Some(Administrator)).is_reserved(Administrator) && !by(None).is_reserved(Administrator));
    }
}
