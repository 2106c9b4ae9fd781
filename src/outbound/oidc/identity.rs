//! The identity of a person, as the provider states it.

use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::bounds;
use super::login_error::LoginError;
use crate::config::Login;
use crate::domain::ssin::Ssin;

/// A person who was strongly authenticated.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The person's national number.
    pub ssin: Ssin,
    /// The given name, where the provider states it.
    pub given_name: Option<String>,
    /// The family name, where the provider states it.
    pub family_name: Option<String>,
    /// The level at which the person was authenticated.
    pub assurance: String,
    /// When the person was authenticated, where the provider states it.
    pub authenticated_at: Option<Timestamp>,
    /// The ID token, by which the provider identifies this log-in at log-out. It is sent in an address, so it is `None`
    /// when it contains the person's number or name.
    pub id_token_hint: Option<String>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(…)")
    }
}

/// The claims about a person, under the names of the configuration.
pub(super) struct Claims<'a> {
    login: &'a Login,
    claims: Map<String, Value>,
}

impl<'a> Claims<'a> {
    /// The claims of an ID token.
    pub(super) const fn new(login: &'a Login, claims: Map<String, Value>) -> Self {
        Self { login, claims }
    }

    /// Whether a claim that is read is missing.
    pub(super) fn lacks_required(&self) -> bool {
        Self::required_claim_names(self.login).any(|name| !self.claims.contains_key(name))
    }

    /// The names of the claims that are read.
    pub(super) fn required_claim_names(login: &Login) -> impl Iterator<Item = &str> {
        [&login.ssin_claim, &login.assurance_claim, &login.given_name_claim, &login.family_name_claim]
            .into_iter()
            .map(String::as_str)
    }

    /// Adds further claims; existing ones are not replaced.
    pub(super) fn merge_missing(&mut self, more: Map<String, Value>) {
        for (name, value) in more {
            self.claims.entry(name).or_insert(value);
        }
    }

    /// The person; `signed` are the claims of the ID token `token`.
    pub(super) fn to_identity(&self, token: &str, signed: &Map<String, Value>) -> Result<Identity, LoginError> {
        let assurance = self.assurance()?;
        let ssin = self.text(&self.login.ssin_claim).ok_or(LoginError::NoSsin)?;
        let ssin = Ssin::parse(ssin).map_err(|_| LoginError::NoSsin)?;
        let given_name = self.text(&self.login.given_name_claim);
        let family_name = self.text(&self.login.family_name_claim);
        let personal = [Some(ssin.expose()), given_name, family_name];
        let is_personal = signed.values().filter_map(Value::as_str).any(|value| personal.contains(&Some(value)));
        let id_token_hint = (!is_personal).then(|| token.to_owned());
        let name = |text: Option<&str>| text.map(bounds::of_name).transpose();
        let (given_name, family_name) = (name(given_name)?, name(family_name)?);
        let authenticated_at = signed.get("auth_time").and_then(Value::as_i64);
        let authenticated_at = authenticated_at.and_then(|at| Timestamp::from_second(at).ok());
        Ok(Identity { ssin, given_name, family_name, assurance, authenticated_at, id_token_hint })
    }

    /// The level, if it is one of the strong ones. Some providers send several.
    fn assurance(&self) -> Result<String, LoginError> {
        let levels: Vec<&str> = match self.claims.get(&self.login.assurance_claim) {
            Some(Value::String(level)) => vec![level],
            Some(Value::Array(levels)) => levels.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        bounds::of_levels(&levels)?;
        let strong = levels.iter().find(|level| self.login.strong.iter().any(|strong| strong == *level));
        let weak = || LoginError::Weak { given: levels.first().map(|level| (*level).to_owned()) };
        strong.map(|level| (*level).to_owned()).ok_or_else(weak)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
    }
}
