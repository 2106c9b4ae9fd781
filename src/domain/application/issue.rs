//! The request for a key, and whether its application may have such a key.

use jiff::Timestamp;
use jiff::civil::Date;

use super::document::{CrecheChoice, ScopeChoice};
use super::{ApplicationBounds, ApplicationState};
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::key::{Deployment, KeyKind, Scopes};
use crate::domain::raw::{Raw, record};
use crate::domain::rules::application as rules;
use crate::ids::CrecheId;
use crate::words::{self, LocalText};

impl Raw for KeyKind {
    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

record! {
    /// The request for a key.
    pub struct RawKey {
        /// Its kind.
        required kind "kind": KeyKind,
        /// Its scopes; all of its application by default.
        optional scopes "scopes": ScopeChoice,
        /// The crèches that it reaches; all of its application by default.
        optional creches "creches": CrecheChoice,
        /// The last day on which it works.
        optional expires_on "expiresOn": Date,
    }
}

/// A key to be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRequest<'a> {
    /// Its kind.
    pub kind: KeyKind,
    /// Its scopes.
    pub scopes: Scopes,
    /// The crèches that it is limited to; `None` for no limit of its own.
    pub creches: Option<&'a [CrecheId]>,
    /// When it expires.
    pub expires_at: Option<Timestamp>,
}

/// A kind of key within a sentence: “une clé de production”, “een productiesleutel”, “a live key”.
const fn kind_within(kind: KeyKind) -> LocalText {
    match kind {
        KeyKind::Live => words::keys::LIVE_KEY,
        KeyKind::Trial => words::keys::TRIAL_KEY,
        KeyKind::Test => words::keys::TEST_KEY,
    }
}

/// The rules that this key of an application within `bounds` breaks; `known` are the organiser's crèches.
pub fn key_request_findings(
    key: &KeyRequest<'_>,
    bounds: &ApplicationBounds,
    here: Deployment,
    known: &[CrecheId],
    now: Timestamp,
) -> Findings {
    let mut findings = super::document::unknown(key.creches.iter().copied().flatten(), known);
    if matches!(bounds.state(now).0, ApplicationState::Ended | ApplicationState::Revoked) {
        findings.push(Finding::new(&rules::OVER, FindingPlace::default()));
    }
    if !here.admits(key.kind) {
        let place = if here == Deployment::Production { words::keys::IN_PRODUCTION } else { words::keys::IN_A_SANDBOX };
        let finding =
            Finding::new(&rules::WRONG_KIND, FindingPlace::at("/kind")).with("deployment", Param::Text(place));
        findings.push(finding.with("kind", Param::Text(kind_within(key.kind))));
    }
    for (at, scope) in key.scopes.iter().enumerate().filter(|(_, scope)| !bounds.scopes.contains(*scope)) {
        let finding = Finding::new(&rules::SCOPE_NOT_GRANTED, FindingPlace::default().item("scopes", at));
        findings.push(finding.with("scope", Param::Code(scope.to_string())));
    }
    let granted = |creche: &CrecheId| bounds.creches.as_ref().is_none_or(|ours| ours.contains(creche));
    let outside = key.creches.into_iter().flatten().enumerate();
    for (at, _) in outside.filter(|(_, creche)| known.contains(creche) && !granted(creche)) {
        findings.push(Finding::new(&rules::CRECHE_NOT_GRANTED, FindingPlace::default().item("creches", at)));
    }
    if key.expires_at.is_some_and(|at| at <= now) {
        findings.push(Finding::new(&rules::EXPIRED, FindingPlace::at("/expiresOn")));
    }
    findings
}
