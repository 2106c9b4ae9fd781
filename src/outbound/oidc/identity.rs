//! Who somebody is, as the provider tells it.

use std::fmt;

use serde_json::{Map, Value};

use super::bounds;
use super::refusal::LoginError;
use crate::config::Login;
use crate::domain::ssin::Ssin;

/// A person who was strongly authenticated.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The number that the person is known by.
    pub ssin: Ssin,
    /// The given name, where the provider tells it.
    pub given_name: Option<String>,
    /// The family name, where the provider tells it.
    pub family_name: Option<String>,
    /// The level at which the person was authenticated.
    pub assurance: String,
    /// What the provider knows this log-in by when it is asked to end it. It travels in an address, so there is none
    /// when it would tell who the person is.
    pub id_token_hint: Option<String>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(…)")
    }
}

/// What is told about a person, in the words of the configuration.
pub(super) struct Claims<'a> {
    login: &'a Login,
    told: Map<String, Value>,
}

impl<'a> Claims<'a> {
    /// What an ID token tells.
    pub(super) const fn new(login: &'a Login, told: Map<String, Value>) -> Self {
        Self { login, told }
    }

    /// Whether something that matters is not told.
    pub(super) fn is_incomplete(&self) -> bool {
        Self::names(self.login).any(|name| !self.told.contains_key(name))
    }

    /// The names of the claims that matter.
    pub(super) fn names(login: &Login) -> impl Iterator<Item = &str> {
        [&login.ssin_claim, &login.assurance_claim, &login.given_name_claim, &login.family_name_claim]
            .into_iter()
            .map(String::as_str)
    }

    /// With what is told elsewhere; what was told first stays.
    pub(super) fn add(&mut self, more: Map<String, Value>) {
        for (name, value) in more {
            self.told.entry(name).or_insert(value);
        }
    }

    /// The person; `token` is the ID token that tells `signed`.
    pub(super) fn identity(&self, token: &str, signed: &Map<String, Value>) -> Result<Identity, LoginError> {
        let assurance = self.assurance()?;
        let ssin = self.text(&self.login.ssin_claim).ok_or(LoginError::NoSsin)?;
        let ssin = Ssin::parse(ssin).map_err(|_| LoginError::NoSsin)?;
        let given_name = self.text(&self.login.given_name_claim);
        let family_name = self.text(&self.login.family_name_claim);
        let personal = [Some(ssin.expose()), given_name, family_name];
        let tells = signed.values().filter_map(Value::as_str).any(|value| personal.contains(&Some(value)));
        let id_token_hint = (!tells).then(|| token.to_owned());
        let name = |told: Option<&str>| told.map(bounds::of_name).transpose();
        let (given_name, family_name) = (name(given_name)?, name(family_name)?);
        Ok(Identity { ssin, given_name, family_name, assurance, id_token_hint })
    }

    /// The level, if it is one of the strong ones. Some providers tell several.
    fn assurance(&self) -> Result<String, LoginError> {
        let levels: Vec<&str> = match self.told.get(&self.login.assurance_claim) {
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
        self.told.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
    }
}
