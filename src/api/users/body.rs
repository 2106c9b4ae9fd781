//! Response bodies of users. The SSIN is never returned: only whether a valid one is stored.

use jiff::Timestamp;
use serde::Serialize;

use crate::app::users::{User, UserPage, UserSearch};
use crate::domain::key::Scope;
use crate::domain::rule::Severity;
use crate::domain::user::Profile;
use crate::http::finding::FindingBody;
use crate::http::urls::Urls;
use crate::ids::{CrecheId, UserId};
use crate::words::Language;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UsersBody<'a> {
    #[serde(rename = "self")]
    this: String,
    items: Vec<UserBody<'a>>,
    has_warnings: bool,
    warnings: Vec<FindingBody>,
}

/// One user.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserBody<'a> {
    #[serde(rename = "self", skip_serializing_if = "Option::is_none")]
    this: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    href: Option<String>,
    id: UserId,
    given_name: &'a str,
    family_name: &'a str,
    email: &'a str,
    ssin_present: bool,
    profile: Profile,
    rights: Vec<RightBody>,
    active: bool,
    consent: ConsentBody<'a>,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    deactivated_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_login_at: Option<Timestamp>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RightBody {
    creche_id: CrecheId,
    scopes: Vec<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConsentBody<'a> {
    certified_at: Timestamp,
    certified_by: &'a str,
}

impl<'a> UsersBody<'a> {
    pub(super) fn new(found: &'a UserPage, search: &UserSearch, language: Language, urls: &Urls) -> Self {
        let profile = search.profile.map(|profile| format!("profile={profile}"));
        let active = search.active.map(|active| format!("active={active}"));
        let warnings = FindingBody::of(&found.warnings, Severity::Warning, language, urls);
        Self {
            this: urls.api_list("/users", profile.into_iter().chain(active)),
            items: found.users.iter().map(|user| UserBody::item(user, urls)).collect(),
            has_warnings: !warnings.is_empty(),
            warnings,
        }
    }
}

impl<'a> UserBody<'a> {
    /// A user alone.
    pub(super) fn with_address(user: &'a User, urls: &Urls) -> Self {
        Self { this: Some(address(user.id, urls)), ..Self::of(user) }
    }

    /// A user among others.
    fn item(user: &'a User, urls: &Urls) -> Self {
        Self { href: Some(address(user.id, urls)), ..Self::of(user) }
    }

    /// Adds its address, for a user alone.
    pub(super) fn address(&self) -> &str {
        self.this.as_deref().unwrap_or_default()
    }

    fn of(user: &'a User) -> Self {
        let rights = user.mandate.rights.iter();
        let (certified_at, certified_by) = (user.consent.0, user.consent.1.as_str());
        Self {
            this: None,
            href: None,
            id: user.id,
            given_name: &user.details.given_name,
            family_name: &user.details.family_name,
            email: user.details.email.expose(),
            ssin_present: true,
            profile: user.mandate.profile,
            rights: rights
                .map(|(creche, scopes)| RightBody {
                    creche_id: *creche,
                    scopes: scopes.iter().map(Scope::code).collect(),
                })
                .collect(),
            active: user.deactivated_at.is_none(),
            consent: ConsentBody { certified_at, certified_by },
            created_at: user.created_at,
            deactivated_at: user.deactivated_at,
            last_login_at: user.last_login_at,
        }
    }
}

fn address(id: UserId, urls: &Urls) -> String {
    urls.api(format_args!("/users/{id}"))
}
