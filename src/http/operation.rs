//! What the table says about one operation.

use axum::http::Method;

use super::media_type::Media;
use crate::domain::key::Scope;

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Open,
    /// Every valid key; never a person.
    Key,
    /// Every valid key, and people who have a right in some crèche.
    AnyKey,
    /// Keys with this scope, and people who have that right.
    Scope(Scope),
    /// People who administer the organiser; never a key.
    Administrator,
    /// People who see and change users; never a key.
    UserManager,
    /// Agents of the agency, whatever else they are; never a key.
    Agent,
}

/// What the table says about one operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The method; GET answers HEAD as well.
    pub method: Method,
    /// The path below the API root, with `{parameters}`.
    pub path: &'static str,
    /// The contract's `operationId`.
    pub id: &'static str,
    /// Who may call.
    pub access: Access,
    /// The query parameters it knows.
    pub query: &'static [&'static str],
    /// The forms of body it takes; none when it takes no body.
    pub consumes: &'static [Media],
    /// The forms it can answer in, the preferred one first.
    pub produces: &'static [Media],
    /// Whether an `Idempotency-Key` has it carried out once.
    pub once: bool,
}
